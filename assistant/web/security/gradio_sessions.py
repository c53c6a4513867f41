"""Gradio sessions bound to visitors: ASGI middleware behind the log-in gate.

Gradio gives a session's state and stream to whoever knows its `session_hash`, which the browser chooses. Here
each incoming hash is replaced by an HMAC of it and the visitor with a key of this process: the same hash sent
by somebody else names another session. Only those who queued something in a session can open its stream, and
only those who started an event can cancel it.
"""

import hashlib
import hmac
import json
import re
import secrets
from collections import OrderedDict
from collections.abc import Collection
from typing import Any
from urllib.parse import parse_qs, urlencode

from assistant.accounts.visitor import Visitor
from assistant.web.routing import visitor_of
from assistant.web.security.gradio_routes import JOIN_PATH, STREAM_PATH
from assistant.web.security.request_filter import (
    BAD,
    App,
    Message,
    Receive,
    Send,
    refuse,
    replay,
    whole_body,
)

HEARTBEAT = "/gradio_api/heartbeat/"
STOPPING = ("/gradio_api/cancel", "/gradio_api/reset", "/gradio_api/reset/")
JOIN_KEYS = ("data", "event_data", "fn_index", "trigger_id")
KEPT_MOST = 50_000
BODY_MOST = 64_000

NOT_YOURS = "这不是您的提问：请刷新页面后再试。"

_HASH = re.compile(r"[\w-]{1,64}")


class GradioSessions:
    """Gives each visitor sessions and events of their own."""

    def __init__(self, app: App, events: Collection[int]) -> None:
        """`events`: the numbers of the page's events."""
        self._app = app
        self._events = events
        self._key = secrets.token_bytes(32)
        self._owners: OrderedDict[str, str] = OrderedDict()  # of events, and of sessions by their own hash

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one request."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith("/gradio_api/"):
            await self._app(scope, receive, send)
            return
        visitor = visitor_of(scope)
        if path == STREAM_PATH:
            await self._listen(visitor, scope, receive, send)
        elif path.startswith(HEARTBEAT):
            own = HEARTBEAT + self._own(visitor, path[len(HEARTBEAT) :])
            await self._app({**scope, "path": own, "raw_path": own.encode()}, receive, send)
        elif path == JOIN_PATH or path in STOPPING:
            await self._changed(visitor, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _listen(self, visitor: Visitor, scope: Message, receive: Receive, send: Send) -> None:
        given = parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [])
        if len(given) != 1 or not _HASH.fullmatch(given[0]):
            await refuse(send, 422, BAD)
            return
        own = self._own(visitor, given[0])
        if own not in self._owners:
            await refuse(send, 403, NOT_YOURS)
            return
        query = urlencode({"session_hash": own}).encode()
        await self._app({**scope, "query_string": query}, receive, send)

    async def _changed(self, visitor: Visitor, scope: Message, receive: Receive, send: Send) -> None:
        """Let a question or a cancellation through, under the visitor's own hash."""
        body = _object(await whole_body(receive, BODY_MOST))
        joins = scope["path"] == JOIN_PATH
        given = body.get("session_hash") if body else None
        if body is None or not (isinstance(given, str) and _HASH.fullmatch(given) or not joins and given is None):
            await refuse(send, 422, BAD)
            return
        if joins and (type(body.get("fn_index")) is not int or body["fn_index"] not in self._events):
            await refuse(send, 422, BAD)
            return
        if not joins and self._owners.get(str(body.get("event_id"))) != visitor.name:
            await refuse(send, 403, NOT_YOURS)
            return
        body = {key: body[key] for key in JOIN_KEYS if key in body} if joins else body
        if given is not None:
            body["session_hash"] = self._own(visitor, given)
            self._keep(body["session_hash"], visitor)
        changed = json.dumps(body).encode()
        scope = {**scope, "headers": _with_length(scope["headers"], len(changed))}
        await self._app(scope, replay(changed, receive), self._noting(visitor, send) if joins else send)

    def _own(self, visitor: Visitor, given: str) -> str:
        text = f"{visitor.name}\0{given}".encode()
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()[:32]

    def _keep(self, key: str, visitor: Visitor) -> None:
        """Remember the owner of an event or session."""
        self._owners[key] = visitor.name
        self._owners.move_to_end(key)
        while len(self._owners) > KEPT_MOST:
            self._owners.popitem(last=False)

    def _noting(self, visitor: Visitor, send: Send) -> Send:
        """Return a `send` that remembers the visitor as owner of the event id in the response."""
        said = bytearray()

        async def sending(message: Message) -> None:
            said.extend(message.get("body", b"") if len(said) < BODY_MOST else b"")
            if message["type"] == "http.response.body" and not message.get("more_body"):
                event = (_object(bytes(said)) or {}).get("event_id")
                if isinstance(event, str):
                    self._keep(event, visitor)
            await send(message)

        return sending


def _object(body: bytes | None) -> dict[str, Any] | None:
    try:
        found = json.loads(body or b"")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _with_length(headers: list[tuple[bytes, bytes]], length: int) -> list[tuple[bytes, bytes]]:
    kept = [pair for pair in headers if pair[0] != b"content-length"]
    return [*kept, (b"content-length", str(length).encode())]
