"""What may come in and what goes with every answer: an ASGI middleware around the whole page.

Only the routes that the page itself uses are let through. Gradio has many more: they serve files,
fetch foreign addresses, take uploads, or run handlers past the queue. Bodies are small and flat:
Gradio would fetch the address inside a file object, wherever in its input one stands.
"""

import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

BODY_LIMIT = 64_000
PAGE_ROUTES = re.compile(
    r"/(healthz|config/?|theme\.css|favicon\.ico|manifest\.json|robots\.txt|(assets|static|svelte)/.+)?"
)
API = "/gradio_api/"
API_ROUTES = re.compile(
    r"queue/(join|data)|component_server/?|heartbeat/\w+|startup-events|reset/?|cancel|theme\.css|app_id/?"
)
JOIN_ROUTE = API + "queue/join"
CALL_ROUTE = API + "component_server"

# gr.HTML compiles its templates and Gradio writes styles and scripts inline: hence the two "unsafe".
POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ]
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)

_BRANDING = re.compile(rb"\s*<meta\s+(property=\"og:|name=\"twitter:)[^>]*>")
_LANGUAGE = re.compile(rb"lang=\"en\"", re.IGNORECASE)


class Guard:
    """Refuses what the page never asks for and adds the headers of `HEADERS`."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] != "http":
            await self._app(scope, receive, send)
        else:
            await self._request(scope, receive, _with_headers(send))

    async def _request(self, scope: Message, receive: Receive, send: Send) -> None:
        if not allowed(scope["path"]):
            await _refuse(send, 404, "没有这个页面。")
            return
        if scope["method"] == "POST":
            body = await _body(receive)
            problem = "请求太大。" if body is None else "请求不合规定。" if not _harmless(scope["path"], body) else ""
            if body is None or problem:
                await _refuse(send, 413 if body is None else 422, problem)
                return
            receive = _replay(body, receive)
        if scope["path"] == "/":
            scope, send = _uncompressed(scope), _Rewriter(send)
        await self._app(scope, receive, send)


def allowed(path: str) -> bool:
    """Say whether the page itself uses `path`."""
    if path.startswith(API):
        return API_ROUTES.fullmatch(path[len(API) :]) is not None
    return PAGE_ROUTES.fullmatch(path) is not None


def _harmless(path: str, body: bytes) -> bool:
    """Say whether a body holds what the page sends: single values, or one flat object of such."""
    if path.rstrip("/") not in (JOIN_ROUTE, CALL_ROUTE):
        return True
    try:
        data = json.loads(body)["data"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    if path == JOIN_ROUTE:
        return isinstance(data, list) and all(map(_single, data))
    return isinstance(data, dict) and all(map(_single, data.values()))


def _single(value: object) -> bool:
    return value is None or isinstance(value, str | int | float)


async def _body(receive: Receive) -> bytes | None:
    """Return the whole body, or None for one over the limit."""
    found = b""
    while True:
        message = await receive()
        found += message.get("body", b"")
        if len(found) > BODY_LIMIT:
            return None
        if message["type"] != "http.request" or not message.get("more_body"):
            return found


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives `body` first and then what really comes."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            names = {name for name, _ in HEADERS}
            kept = [pair for pair in message.get("headers", []) if pair[0].lower() not in names]
            message = {**message, "headers": [*kept, *HEADERS]}
        await send(message)

    return sending


async def _refuse(send: Send, status: int, message: str) -> None:
    body = json.dumps({"detail": message}, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _uncompressed(scope: Message) -> Message:
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}


class _Rewriter:
    """Sends the page without Gradio's advertisement to link previews, and says that it is Chinese."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if self._start is not None and not message.get("more_body"):
            body = _LANGUAGE.sub(b'lang="zh-CN"', _BRANDING.sub(b"", self._body), count=1)
            headers = [pair for pair in self._start["headers"] if pair[0].lower() != b"content-length"]
            headers.append((b"content-length", str(len(body)).encode()))
            await self._send({**self._start, "headers": headers})
            await self._send({"type": "http.response.body", "body": body})
