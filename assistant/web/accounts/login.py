"""Log-in, log-out and changing one's own password; the pages are login.html and account.html."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from assistant.accounts.visitor import ROLE_NAMES, Visitor
from assistant.base.errors import AssistantError, SettingsError
from assistant.web.accounts.requests import LoginRequest, OwnPasswordRequest
from assistant.web.accounts.views import AccountView
from assistant.web.assets import add_page, own_page, read
from assistant.web.endpoint import as_json, endpoint, parsed
from assistant.web.requests import checked
from assistant.web.routing import OPEN, Route, Routes, refusal, visitor_of
from assistant.web.security.client_address import COOKIE, Arrival, arrival_of

if TYPE_CHECKING:
    from fastapi import Request, Response

    from assistant.accounts.authentication import Logins
    from assistant.web.desk import Desk

LOGIN_LIMIT = 4_000
NO_SESSION = "您是经统一登录进来的：请在那里改密码或退出。"
NOT_NEEDED = "现在不用登录：请刷新页面。"

Given = dict[str, Any]
Deed = Callable[[Any, Arrival, Given], str]


def add_routes(routes: Routes, desk: "Desk") -> None:
    """Add the log-in and account pages and their routes."""
    logins = desk.logins
    add_page(routes, Route("GET", "/login", OPEN), read("login.html"))
    add_page(routes, Route("GET", "/account"), own_page("account", "我的账号", "login"))
    endpoint(routes, Route("GET", "/api/account"), lambda visitor, _: _account(logins, visitor))
    login = Route("POST", "/api/login", OPEN, LOGIN_LIMIT)  # counted by address and name, in `Logins`
    _add_deed(routes, login, lambda scope, arrival, given: _log_in(logins, arrival, given))
    logout, password = (Route("POST", path, limit=LOGIN_LIMIT) for path in ("/api/logout", "/api/password"))
    _add_deed(routes, logout, lambda scope, arrival, given: _log_out(logins, arrival))
    _add_deed(routes, password, lambda scope, arrival, given: _password(logins, visitor_of(scope), arrival, given))


def _add_deed(routes: Routes, route: Route, deed: Deed) -> None:
    """Serve `route` by setting the session cookie to the token that `deed` returns; "" deletes the cookie."""
    from starlette.concurrency import run_in_threadpool

    async def handle(request: "Request") -> "Response":
        arrival = arrival_of(request.scope)
        try:
            token = await run_in_threadpool(deed, request.scope, arrival, parsed(await request.body()))
        except AssistantError as error:
            return refusal(error, route)
        answer = as_json({"done": True})
        if token:
            answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=arrival.secure)
        else:
            answer.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=arrival.secure)
        return answer

    routes.add(route, handle)


def _account(logins: "Logins", visitor: Visitor) -> AccountView:
    """Return what a visitor may know of themselves."""
    user = logins.accounts.roster().users.get(visitor.name)
    return AccountView(
        name=visitor.name or "（没有登录）",
        role=ROLE_NAMES[visitor.role],
        folders=visitor.folders,
        password=bool(user and user.password),
    )


def _log_in(logins: "Logins", arrival: Arrival, given: Given) -> str:
    said = checked(LoginRequest, given)
    if not logins.in_use:
        raise SettingsError(NOT_NEEDED)
    token = logins.log_in(said.name, said.password, arrival.address)
    logins.sessions.end(arrival.token)
    return token


def _log_out(logins: "Logins", arrival: Arrival) -> str:
    logins.log_out(arrival.token, arrival.address)
    return ""


def _password(logins: "Logins", visitor: Visitor, arrival: Arrival, given: Given) -> str:
    said = checked(OwnPasswordRequest, given)
    if not visitor.name or arrival.named is not None:
        raise SettingsError(NO_SESSION if visitor.name else NOT_NEEDED)
    return logins.change_password(visitor, said.old, said.new, arrival.address)
