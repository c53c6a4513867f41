"""Gradio's page HTML, changed on its way out: ASGI middleware.

Sets the language to Chinese, removes Gradio's advertising from link previews, adds our styles, and shows our
bar at once, until chat-page.js finds that Gradio has drawn the page.
"""

import re
from collections.abc import Callable

from assistant.web.assets import read
from assistant.web.security.request_filter import App, Message, Receive, Send

STYLES = ("base", "reader", "chat", "print")

_BRANDING = re.compile(rb"\s*<meta\s+(property=\"og:|name=\"twitter:)[^>]*>")
_LANGUAGE = re.compile(rb"lang=\"en\"", re.IGNORECASE)
_BODY = re.compile(rb"<body[^>]*>")


class HtmlShell:
    """Changes the page at "/" and no other response."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._head = head().encode()
        self._body = read("shell.html").encode()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http" and scope["path"] == "/" and scope["method"] == "GET":
            plain = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
            scope, send = {**scope, "headers": plain}, _Whole(send, self._changed)
        await self._app(scope, receive, send)

    def _changed(self, page: bytes) -> bytes:
        page = _LANGUAGE.sub(b'lang="zh-CN"', _BRANDING.sub(b"", page), count=1)
        page = page.replace(b"</head>", self._head + b"</head>", 1)
        return _BODY.sub(lambda found: found[0] + self._body, page, count=1)


def head() -> str:
    """Return what is added to the page's <head>, before Gradio's scripts."""
    links = "".join(f'<link rel="stylesheet" href="/page/{name}.css">' for name in STYLES)
    return f'<script src="/page/theme.js"></script>{links}<script type="module" src="/page/chat-page.js"></script>'


class _Whole:
    """Collects a whole page, then sends it on changed by `change`; other responses (a redirect) pass unchanged."""

    def __init__(self, send: Send, change: Callable[[bytes], bytes]) -> None:
        self._send, self._change = send, change
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if self._start is None or message.get("more_body"):
            return
        body = self._change(self._body) if self._start["status"] == 200 else self._body
        headers = [pair for pair in self._start["headers"] if pair[0].lower() != b"content-length"]
        headers.append((b"content-length", str(len(body)).encode()))
        await self._send({**self._start, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})
