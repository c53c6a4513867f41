"""The route table: each route is registered once with its limits: who may use it, how much is sent, how often.

`Routes` is made with the app. `RequestFilter` and `LoginGate` look up every request in it: a route that is not
registered is closed. Gradio's routes that stay open are data (`security/gradio_routes.py`), for Gradio serves
them itself.
"""

import re
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.accounts.visitor import Role, Visitor
from assistant.base.errors import AccessError, AssistantError, ChangedError, LimitError, MissingError
from assistant.base.settings import Use

if TYPE_CHECKING:
    from fastapi import FastAPI, Request, Response

    Handle = Callable[[Request], Awaitable[Response]]

VISITOR = "visitor"
STATUS = {AccessError: 403, MissingError: 404, ChangedError: 409, LimitError: 429}
OPEN = None  # the role of a route that needs no log-in
BODY_LIMIT = 64_000
UNSTORED = {"Cache-Control": "no-store"}
# What may stand in a path for a name in braces.
PARTS = {"{name}": r"[\w.-]+", "{session}": r"\w+", "{rest}": ".+"}


@dataclass(frozen=True)
class Route:
    """A method and a path with placeholders in braces (`PARTS` has their patterns), and the limits on its use.

    `role` is the least role that may use it; `limit` the most bytes of a POST (None: the route itself counts
    them as they come); `use` the kind of use that each request is counted as.
    """

    method: str
    path: str
    role: Role | None = Role.READER
    limit: int | None = BODY_LIMIT
    use: Use | None = None


class Routes:
    """The routes of one app, and the only way to add one."""

    def __init__(self, app: "FastAPI") -> None:
        self.app = app
        self._exact: dict[tuple[str, str], Route] = {}
        self._patterns: list[tuple[re.Pattern[str], Route]] = []

    def __iter__(self) -> Iterator[Route]:
        yield from self._exact.values()
        yield from (route for _, route in self._patterns)

    def add(self, route: Route, handle: "Handle") -> None:
        """Serve `route` with `handle`, which is called only for visitors with at least the route's role."""
        from fastapi import Request, Response

        async def walled(request: Request) -> Response:
            if route.role is not OPEN:
                try:
                    visitor_of(request.scope).require(route.role)
                except AccessError as error:
                    return refusal(error, route)
            return await handle(request)

        self.let_through(route)
        self.app.add_api_route(route.path, walled, methods=[route.method], response_model=None)

    def let_through(self, *routes: Route) -> None:
        """Register routes that Gradio serves; raises `ValueError` for one that is registered already."""
        for route in routes:
            if any((known.method, known.path) == (route.method, route.path) for known in self):
                raise ValueError(f"{route.method} {route.path} is registered twice")
            if "{" in route.path:
                self._patterns.append((_pattern(route.path), route))
            else:
                self._exact[route.method, route.path] = route

    def find(self, method: str, path: str) -> Route | None:
        """Return the route of a request, None for a closed one; HEAD is treated as GET."""
        asked = "GET" if method == "HEAD" else method
        fitting = (route for pattern, route in self._patterns if route.method == asked and pattern.fullmatch(path))
        return self._exact.get((asked, path)) or next(fitting, None)


def visitor_of(scope: MutableMapping[str, Any]) -> Visitor:
    """Return the visitor of the request with this ASGI scope; raises `AccessError` where the gate has set none."""
    visitor = scope.get("state", {}).get(VISITOR)
    if not isinstance(visitor, Visitor):
        raise AccessError("请先登录。")
    return visitor


def refusal(error: AssistantError, route: Route) -> "Response":
    """Return the response for an error: {"error": line} for our scripts, a line of text for people.

    `AccessError` becomes status 403, `MissingError` 404, `ChangedError` 409, `LimitError` 429, every other 400.
    """
    from fastapi.responses import JSONResponse, PlainTextResponse

    status, line = STATUS.get(type(error), 400), str(error)
    if route.path.startswith("/api/"):
        return JSONResponse({"error": line}, status, UNSTORED)
    return PlainTextResponse(line, status, UNSTORED)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile("".join(PARTS.get(part) or re.escape(part) for part in re.split(r"(\{\w+\})", path)))
