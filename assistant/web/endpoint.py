"""JSON routes: what our own scripts ask the server for, each on behalf of a visitor.

`endpoint` registers a plain function of a visitor and what the browser sent; its errors become one line for people.
"""

import json
from collections.abc import Callable, MutableMapping
from typing import TYPE_CHECKING, Any

from assistant.accounts.visitor import Visitor
from assistant.base.errors import AccessError, AssistantError, ChangedError, LimitError, MissingError, SettingsError
from assistant.web.requests import BAD_REQUEST

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.responses import JSONResponse


VISITOR = "visitor"
STATUS = {AccessError: 403, MissingError: 404, ChangedError: 409, LimitError: 429}

Handler = Callable[[Visitor, dict[str, Any]], Any]


def endpoint(app: "FastAPI", method: str, path: str, handler: Handler) -> None:
    """Answer `method` (GET or POST) `path` with what `handler` returns, as JSON.

    The handler gets the JSON object of a POST, or the query of a GET; it runs in a thread. `AccessError`
    becomes status 403, `MissingError` 404, `ChangedError` 409, `LimitError` 429, every other
    `AssistantError` 400, all with {"error": line}.
    """
    from fastapi import Request
    from fastapi.responses import JSONResponse
    from starlette.concurrency import run_in_threadpool

    async def handle(request: Request) -> JSONResponse:
        try:
            given = await request.body() if method == "POST" else None
            body = dict(request.query_params) if given is None else parsed(given)
            return as_json(await run_in_threadpool(handler, visitor_of(request.scope), body))
        except AssistantError as error:
            return refusal(error)

    app.add_api_route(path, handle, methods=[method], response_model=None)


def visitor_of(scope: MutableMapping[str, Any]) -> Visitor:
    """Return who sent the request with this ASGI scope; raises `AccessError` where nobody found that out."""
    visitor = scope.get("state", {}).get(VISITOR)
    if not isinstance(visitor, Visitor):
        raise AccessError("请先登录。")
    return visitor


def parsed(body: bytes) -> dict[str, Any]:
    """Return the JSON object in `body`; raises `SettingsError` for anything else, and for half characters in it."""
    try:
        found = json.loads(body)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise SettingsError(BAD_REQUEST) from None
    if not isinstance(found, dict):
        raise SettingsError(BAD_REQUEST)
    return found


def refusal(error: AssistantError) -> "JSONResponse":
    """Return an error as the answer to a request."""
    return as_json({"error": str(error)}, status_of(error))


def status_of(error: AssistantError) -> int:
    """Return the HTTP status of an error."""
    return STATUS.get(type(error), 400)


def as_json(content: object, status: int = 200) -> "JSONResponse":
    """Return `content`, JSON or dataclasses with JSON in them, as the answer to a request, not to be kept."""
    from fastapi.responses import JSONResponse
    from pydantic_core import to_jsonable_python

    return JSONResponse(to_jsonable_python(content), status, {"Cache-Control": "no-store"})
