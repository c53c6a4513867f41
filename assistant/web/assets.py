"""Static files of the pages (/page/…), and the HTML of the pages that are not Gradio's."""

from functools import cache
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from assistant.web.routing import OPEN, Route, Routes

if TYPE_CHECKING:
    from fastapi import Request, Response

SERVED = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
LOGIN_FILES = ("lib.js", "login.js", "theme.js", "base.css", "login.css", "icon.svg")  # seen without a log-in
FRESH = {"Cache-Control": "no-cache"}  # asked for again each time, and answered "not modified" where it is not


@cache
def page_files() -> dict[str, Path]:
    """Return the path of each area's page files by name; names are unique over all areas."""
    return {file.name: file for file in Path(__file__).parent.glob("*/page/*")}


def add_routes(routes: Routes) -> None:
    """Serve each script and style as /page/<name>, and no other files."""
    from starlette.responses import FileResponse, PlainTextResponse

    files = {name: file for name, file in page_files().items() if file.suffix in SERVED}

    async def page_file(request: "Request") -> "Response":
        name = request.scope["path"].rpartition("/")[2]
        if name not in files:
            return PlainTextResponse("没有这个文件：请检查网址，或刷新页面后再试。", 404)
        return FileResponse(files[name], media_type=SERVED[files[name].suffix], headers=FRESH)

    for name in LOGIN_FILES:
        routes.add(Route("GET", f"/page/{name}", OPEN), page_file)
    routes.add(Route("GET", "/page/{name}"), page_file)


def add_page(routes: Routes, route: Route, html: str) -> None:
    """Serve an HTML page of our own at `route`."""
    from starlette.responses import HTMLResponse

    async def page(_: "Request") -> "Response":
        return HTMLResponse(html, headers=FRESH)

    routes.add(route, page)


def own_page(name: str, title: str, *styles: str) -> str:
    """Return the page under our bar: <name>.html is its main part, <name>.js its script, `styles` its .css files."""
    links = "\n".join(f'<link rel="stylesheet" href="/page/{style}.css">' for style in styles)
    return Template(read("own.html")).substitute(name=name, title=title, styles=links, main=read(f"{name}.html"))


def read(name: str) -> str:
    """Return the text of assistant/web/<area>/page/<name>."""
    return page_files()[name].read_text(encoding="utf-8")
