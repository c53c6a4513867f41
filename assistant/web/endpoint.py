"""JSON routes and downloads for our own scripts, each handled on behalf of a visitor.

`endpoint` registers a plain function of a visitor and the request's JSON, `download` one that makes a file;
their errors become one line for people.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from assistant.accounts.visitor import Visitor
from assistant.base.errors import AssistantError, SettingsError
from assistant.web.requests import BAD_REQUEST
from assistant.web.routing import UNSTORED, Route, Routes, refusal, visitor_of

if TYPE_CHECKING:
    from fastapi import Request, Response


Handler = Callable[[Visitor, dict[str, Any]], Any]


@dataclass(frozen=True)
class Download:
    """A file to download: its name, media type and bytes."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True)
class Done:
    """A confirmation in words for people."""

    done: str


def endpoint(routes: Routes, route: Route, handler: Handler) -> None:
    """Serve `route` with what `handler` returns, as JSON.

    The handler gets the visitor and the JSON object of a POST or the query of a GET; it runs in a thread. An
    `AssistantError` becomes {"error": line} with the status of `refusal`.
    """
    from starlette.concurrency import run_in_threadpool

    async def handle(request: "Request") -> "Response":
        try:
            body = parsed(await request.body()) if route.method == "POST" else dict(request.query_params)
            return as_json(await run_in_threadpool(handler, visitor_of(request.scope), body))
        except AssistantError as error:
            return refusal(error, route)

    routes.add(route, handle)


def download(routes: Routes, route: Route, make: Callable[["Request"], Download]) -> None:
    """Serve `route` with the file that `make` returns; it runs in a thread. Errors become a line, as by `refusal`."""
    from starlette.concurrency import run_in_threadpool

    async def handle(request: "Request") -> "Response":
        try:
            return saved(await run_in_threadpool(make, request))
        except AssistantError as error:
            return refusal(error, route)

    routes.add(route, handle)


def saved(file: Download) -> "Response":
    """Return a file as the answer to a request, to be saved under its name."""
    from fastapi import Response

    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"} | UNSTORED
    return Response(file.data, media_type=file.media_type, headers=headers)


def parsed(body: bytes) -> dict[str, Any]:
    """Return the JSON object in `body`; raises `SettingsError` for anything else, and for lone surrogates in it."""
    try:
        found = json.loads(body)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise SettingsError(BAD_REQUEST) from None
    if not isinstance(found, dict):
        raise SettingsError(BAD_REQUEST)
    return found


def as_json(content: object, status: int = 200) -> "Response":
    """Return a response that must not be cached with `content`: JSON, or dataclasses with JSON in them."""
    from fastapi.responses import JSONResponse
    from pydantic_core import to_jsonable_python

    return JSONResponse(to_jsonable_python(content), status, UNSTORED)
