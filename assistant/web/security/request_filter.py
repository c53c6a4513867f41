"""Request filter: ASGI middleware that refuses unregistered routes and adds security headers to every response.

Only routes in `routing.Routes` are let through, and no request from a page of another host. Input to Gradio's
queue must be small and flat: Gradio would fetch the address inside a file object anywhere in it.
"""

import json
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from assistant.web.routing import Routes
from assistant.web.security.gradio_routes import JOIN_PATH

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

NO_PAGE = "没有这个页面：请检查网址，或回到首页。"
FOREIGN_SITE = "这个请求来自别的网站，没有执行：请在本程序的页面上操作。"
TOO_LARGE = "请求太大：请缩短后再试。"
BAD = "请求不合规定：请刷新页面后再试。"

POLICY = (
    "default-src 'self'; script-src 'self'{script}; style-src 'self'{style}; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self'"
)
OWN_POLICY = POLICY.format(script="", style="")
# gr.HTML compiles its templates and Gradio writes styles and scripts inline: hence what is "unsafe".
GRADIO_POLICY = POLICY.format(script=" 'unsafe-inline' 'unsafe-eval'", style=" 'unsafe-inline'")
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)


class RequestFilter:
    """Refuses what the page never asks for and adds the headers of `HEADERS`."""

    def __init__(self, app: App, routes: Routes) -> None:
        self._app, self._routes = app, routes

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] != "http":
            await self._app(scope, receive, send)
        else:
            await self._request(scope, receive, _with_headers(send, scope["path"]))

    async def _request(self, scope: Message, receive: Receive, send: Send) -> None:
        method, path = scope["method"], scope["path"]
        route = self._routes.find(method, path)
        if route is None:
            await refuse(send, 404, NO_PAGE)
            return
        if method == "POST" and not _same_host(scope["headers"]):
            await refuse(send, 403, FOREIGN_SITE)
            return
        if method == "POST" and route.limit is not None:
            body = await whole_body(receive, route.limit)
            problem = TOO_LARGE if body is None else BAD if not _harmless(path, body) else ""
            if body is None or problem:
                await refuse(send, 413 if body is None else 422, problem)
                return
            receive = replay(body, receive)
        await self._app(scope, receive, send)


def _same_host(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Say whether a request comes from our own pages; one without such headers comes from no browser and passes."""
    said = {name.lower(): value for name, value in headers}
    site = said.get(b"sec-fetch-site")
    if site is not None:
        return site in (b"same-origin", b"none")
    origin = said.get(b"origin")
    return origin is None or urlsplit(origin).netloc == said.get(b"host")


def _harmless(path: str, body: bytes) -> bool:
    """Say whether a body for Gradio's queue holds only what the page sends: plain values, no objects."""
    if path != JOIN_PATH:
        return True
    try:
        data = json.loads(body)["data"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    return isinstance(data, list) and all(value is None or isinstance(value, str | int | float) for value in data)


async def whole_body(receive: Receive, limit: int) -> bytes | None:
    """Return the whole body, or None if it is over `limit` bytes."""
    found = b""
    while True:
        message = await receive()
        found += message.get("body", b"")
        if len(found) > limit:
            return None
        if message["type"] != "http.request" or not message.get("more_body"):
            return found


def replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that first gives `body` again, then passes on what arrives."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def _with_headers(send: Send, path: str) -> Send:
    policy = GRADIO_POLICY if path == "/" else OWN_POLICY
    added = [(b"content-security-policy", policy.encode()), *HEADERS]
    names = {name for name, _ in added}

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [pair for pair in message.get("headers", []) if pair[0].lower() not in names]
            message = {**message, "headers": [*kept, *added]}
        await send(message)

    return sending


async def refuse(send: Send, status: int, message: str) -> None:
    """Respond with an error line in the JSON fields that our scripts and Gradio read."""
    body = json.dumps({"detail": message}, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
