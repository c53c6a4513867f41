"""What may come in and what goes with every answer: an ASGI middleware around the whole page.

Only the routes of `ROUTES` are let through. Gradio has many more: they serve files, fetch foreign
addresses, take uploads, or run handlers past the queue. What the queue takes is small and flat: Gradio
would fetch the address inside a file object, wherever in its input one stands. Nothing is done for a
page of another host.
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

BODY_LIMIT = 64_000
# Method, path, and how many bytes may be sent; None where the route itself counts them as they come.
ROUTES: tuple[tuple[str, str, int | None], ...] = (
    ("GET", r"/(healthz|config/?|theme\.css|favicon\.ico|manifest\.json|robots\.txt)?", 0),
    ("GET", r"/(assets|static|svelte)/.+", 0),
    ("GET", r"/gradio_api/(queue/data|heartbeat/\w+|startup-events|theme\.css|app_id/?)", 0),
    ("POST", r"/gradio_api/(queue/join|reset/?|cancel)", BODY_LIMIT),
    ("GET", r"/page/[\w.-]+", 0),
    ("GET", r"/api/status", 0),
    ("POST", r"/api/(source(/paragraphs|/search)?|feedback)", BODY_LIMIT),
    ("GET", r"/documents", 0),
    ("GET", r"/api/documents/(table|state|details|split|compare|removed)", 0),
    ("POST", r"/api/documents/(describe|remove|restore|reindex)", BODY_LIMIT),
    ("POST", r"/api/documents/(add|preview)", None),
    ("GET", r"/testing(/(template|result)\.xlsx)?", 0),
    ("GET", r"/api/testing/(sets?|job|result|compare)", 0),
    ("POST", r"/api/testing/(explain|run|stop|remove)", BODY_LIMIT),
    ("POST", r"/api/testing/upload", 3_000_000),
    ("GET", r"/study(/export)?", 0),
    ("GET", r"/api/study/(packs?|sections|job|map|version)", 0),
    ("POST", r"/api/study/(build|again|stop|change|rename|remove|restore)", BODY_LIMIT),
    ("GET", r"/quiz(/results\.xlsx)?", 0),
    ("GET", r"/api/quiz/(results|paper)", 0),
    ("POST", r"/api/quiz/(listed|start|attempt|again|publish|change|remove|mark)", BODY_LIMIT),
    ("POST", r"/api/quiz/(save|hand)", 500_000),
    ("GET", r"/(login|account|users)", 0),
    ("GET", r"/api/(account|users|audit)", 0),
    ("POST", r"/api/(login|logout|password)", 4_000),
    ("POST", r"/api/(users/(add|set|password|unlock|remove)|groups/(set|remove))", BODY_LIMIT),
    ("GET", r"/api/(scope|examples|conversations|conversation)", 0),
    ("POST", r"/api/(export|next|conversation/(rename|delete))", BODY_LIMIT),
)
JOIN_ROUTE = "/gradio_api/queue/join"
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

    def __init__(self, app: App) -> None:
        self._app = app

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
        if not allowed(method, path):
            await refuse(send, 404, NO_PAGE)
            return
        if method == "POST" and not _same_host(scope["headers"]):
            await refuse(send, 403, FOREIGN_SITE)
            return
        limit = limit_of(method, path)
        if method == "POST" and limit is not None:
            body = await whole_body(receive, limit)
            problem = TOO_LARGE if body is None else BAD if not _harmless(path, body) else ""
            if body is None or problem:
                await refuse(send, 413 if body is None else 422, problem)
                return
            receive = replay(body, receive)
        await self._app(scope, receive, send)


def allowed(method: str, path: str) -> bool:
    """Say whether the page itself uses `path` with `method`."""
    return _route(method, path) is not None


def limit_of(method: str, path: str) -> int | None:
    """Return how many bytes may be sent to an allowed route, None where the route itself counts them."""
    found = _route(method, path)
    return found[2] if found else 0


def _route(method: str, path: str) -> tuple[str, str, int | None] | None:
    asked = "GET" if method == "HEAD" else method
    return next((route for route in ROUTES if route[0] == asked and re.fullmatch(route[1], path)), None)


def _same_host(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Say whether a request comes from a page of ours; one that no browser sent says nothing of where from."""
    said = {name.lower(): value for name, value in headers}
    site = said.get(b"sec-fetch-site")
    if site is not None:
        return site in (b"same-origin", b"none")
    origin = said.get(b"origin")
    return origin is None or urlsplit(origin).netloc == said.get(b"host")


def _harmless(path: str, body: bytes) -> bool:
    """Say whether a body for the queue holds what the page sends it: single values."""
    if path != JOIN_ROUTE:
        return True
    try:
        data = json.loads(body)["data"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    return isinstance(data, list) and all(value is None or isinstance(value, str | int | float) for value in data)


async def whole_body(receive: Receive, limit: int) -> bytes | None:
    """Return the whole body, or None for one over the limit."""
    found = b""
    while True:
        message = await receive()
        found += message.get("body", b"")
        if len(found) > limit:
            return None
        if message["type"] != "http.request" or not message.get("more_body"):
            return found


def replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives `body` first and then what really comes."""
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
    """Answer with a line, where our scripts and Gradio look for it."""
    body = json.dumps({"detail": message}, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
