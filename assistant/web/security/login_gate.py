"""Log-in gate: ASGI middleware that determines the `Visitor` of a request before anything else sees it.

Without accounts everybody is `LOCAL`. With accounts, those not logged in get the log-in page and its files, and
nothing else, whatever the route. A stream of answers ends soon after its reader's session does.
"""

import asyncio
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

from assistant.accounts.audit import Action
from assistant.accounts.authentication import Logins
from assistant.accounts.visitor import LOCAL, Visitor
from assistant.base.errors import AccessError, AssistantError, LimitError, SettingsError
from assistant.base.settings import Settings, Use
from assistant.web.routing import OPEN, VISITOR, Route, Routes, visitor_of
from assistant.web.security.client_address import ARRIVAL, Arrival, Reception, arrival_of
from assistant.web.security.gradio_routes import STREAM_PATH
from assistant.web.security.request_filter import App, Message, Receive, Send

MACHINES = re.compile(r"/(api|gradio_api)/.*|/(config|theme\.css|manifest\.json)/?")
PUBLIC = re.compile(r"/(assets|static|svelte|page)/")
LOGIN = "/login"
CHECK_SECONDS = 5.0
THREADS = 2
AGAIN_FOR_ONE = 5  # a conversation asked again is in the documents' words alone, and must not use up a minute

LOG_IN = "登录已过期或还没有登录：请重新登录。"
NOT_KNOWN = "账号 {name} 还没有开通：请联系管理员。"
NOT_NAMED = "代理没有说清是哪个账号（名称是空的，或写了两次）：请联系管理员，检查代理的设置。"
STATUS = {AccessError: 403, LimitError: 429, SettingsError: 503}


class LoginGate:
    """Sets the visitor, and how the request came, in the ASGI state of each request that it lets through."""

    def __init__(self, app: App, logins: Logins, settings: Settings, routes: Routes) -> None:
        self._app, self._routes = app, routes
        self._logins = logins
        self._reception = Reception(settings)
        self._pool = ThreadPoolExecutor(THREADS, "gate")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope, arrival = self._reception.receive(scope)
        route = self._routes.find(scope["method"], scope["path"])
        try:
            visitor = await self._in_thread(partial(self._visitor, arrival))
            self._count(route, visitor, arrival)
        except AssistantError as error:
            await self._refused(scope, arrival, send, error)
            return
        state = {**scope.get("state", {}), ARRIVAL: arrival} | ({VISITOR: visitor} if visitor else {})
        scope = {**scope, "state": state}
        if visitor is None and (route is None or route.role is not OPEN):
            await _ask_to_log_in(scope, send, bool(arrival.token))
        elif visitor is not None and scope["path"] == LOGIN:
            await _redirect(send, "/")
        elif visitor is not None and scope["path"] == STREAM_PATH:
            await self._app(scope, self._while_still(visitor, arrival, receive), send)
        else:
            private = visitor is not None and visitor.name and not PUBLIC.match(scope["path"])
            await self._app(scope, receive, _unkept(send) if private else send)

    def _visitor(self, arrival: Arrival) -> Visitor | None:
        """Return the visitor, None if not logged in; raises `AccessError` for a name without an account."""
        if not self._logins.in_use:
            return LOCAL
        if arrival.named is None:
            return self._logins.visitor(arrival.token)
        if not arrival.named:
            raise AccessError(NOT_NAMED)
        visitor = self._logins.proxied(arrival.named)
        if visitor is None:
            raise AccessError(NOT_KNOWN.format(name=arrival.named))
        return visitor

    def _count(self, route: Route | None, visitor: Visitor | None, arrival: Arrival) -> None:
        if route and route.use and visitor:
            take(self._logins, Caller(visitor, arrival), route.use)

    async def _refused(self, scope: Message, arrival: Arrival, send: Send, error: AssistantError) -> None:
        if isinstance(error, AccessError) and scope["path"] == "/":  # once, not with every picture
            self._logins.audit.note(arrival.named or "", Action.REFUSED, "代理给出的账号没有开通", arrival.address)
        await _say(send, STATUS.get(type(error), 503), str(error), not MACHINES.fullmatch(scope["path"]))

    def _while_still(self, visitor: Visitor, arrival: Arrival, receive: Receive) -> Receive:
        """Return a `receive` that reports a disconnect once `visitor` may not read on."""

        def is_still() -> bool:
            try:
                if not self._logins.in_use or arrival.named is not None:
                    return self._visitor(arrival) == visitor
                return self._logins.still(arrival.token, visitor)
            except AssistantError:
                return False

        async def receiving() -> Message:
            coming = asyncio.ensure_future(receive())
            try:
                while not (await asyncio.wait({coming}, timeout=CHECK_SECONDS))[0]:
                    if not await self._in_thread(is_still):
                        return {"type": "http.disconnect"}
                return coming.result()
            finally:
                coming.cancel()

        return receiving

    async def _in_thread(self, call: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._pool, call)


@dataclass(frozen=True)
class Caller:
    """The sender of a request, and how it came."""

    visitor: Visitor
    arrival: Arrival


HERE = Caller(LOCAL, Arrival("127.0.0.1", False, ""))


def caller_of(scope: Message) -> Caller:
    """Return the sender of a request by its ASGI scope; in a Gradio handler that is `request.request.scope`."""
    return Caller(visitor_of(scope), arrival_of(scope))


def take(logins: Logins, caller: Caller, use: Use, count: int = 1) -> None:
    """Count a use by visitor or address; raises `LimitError`.

    Without an account, whoever sits at this computer is not counted.
    """
    if caller.visitor.name or not caller.arrival.is_from_here:
        logins.limits.take(caller.visitor.name or caller.arrival.address, use, count)


def take_again(logins: Logins, caller: Caller, asked: int) -> None:
    """Count a reopened conversation, whose `asked` questions are asked in one go; raises `LimitError`."""
    take(logins, caller, Use.QUESTION, -(-asked // AGAIN_FOR_ONE))


def _unkept(send: Send) -> Send:
    """Return a `send` that forbids caching: after log-out, the browser's "back" must not show what was read."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [pair for pair in message.get("headers", []) if pair[0].lower() != b"cache-control"]
            message = {**message, "headers": [*kept, (b"cache-control", b"no-store")]}
        await send(message)

    return sending


async def _ask_to_log_in(scope: Message, send: Send, again: bool) -> None:
    """Redirect people to the log-in page (and back afterwards); scripts get a line. `again`: a session has ended."""
    if scope["method"] in ("GET", "HEAD") and not MACHINES.fullmatch(scope["path"]) and _wants_page(scope):
        query = scope.get("query_string", b"").decode("latin-1")
        wanted = quote(scope["path"] + ("?" + query if query else ""), safe="/")
        await _redirect(send, f"{LOGIN}?{'expired&' if again else ''}next={wanted}")
        return
    await _say(send, 401, LOG_IN, False)


def _wants_page(scope: Message) -> bool:
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


async def _redirect(send: Send, target: str) -> None:
    headers = [(b"location", target.encode()), (b"content-length", b"0"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _say(send: Send, status: int, line: str, plain: bool) -> None:
    """Respond with a line: as text for people (`plain`), else in the JSON fields that our scripts and Gradio read."""
    body = (line if plain else json.dumps({"error": line, "detail": line}, ensure_ascii=False)).encode()
    kind = b"text/plain; charset=utf-8" if plain else b"application/json; charset=utf-8"
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
