"""Assembles the app and serves it: FastAPI, `/healthz`, Gradio at "/", uvicorn."""

import asyncio
import errno
import logging
import os
import socket
import threading
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.accounts.authentication import Logins
from assistant.base.errors import SettingsError
from assistant.base.permalinks import page_address
from assistant.base.settings import Settings
from assistant.models.encoder import BUNDLED
from assistant.web import assets, status
from assistant.web.accounts import login, users
from assistant.web.chat import conversations, export, feedback, scoping, suggestions
from assistant.web.desk import Desk, Stage
from assistant.web.documents import routes as documents
from assistant.web.quiz import routes as quiz
from assistant.web.reader import routes as reader
from assistant.web.routing import BODY_LIMIT, OPEN, UNSTORED, VISITOR, Route, Routes
from assistant.web.security.gradio_routes import GRADIO_ROUTES
from assistant.web.security.gradio_sessions import GradioSessions
from assistant.web.security.html_shell import HtmlShell
from assistant.web.security.login_gate import LoginGate
from assistant.web.security.own_host import OwnHost, is_local
from assistant.web.security.request_filter import RequestFilter
from assistant.web.study import routes as study
from assistant.web.testing import routes as testing

if TYPE_CHECKING:
    from fastapi import FastAPI, Request, Response

AREAS = (
    *(status, login, reader, feedback, conversations, suggestions, scoping, export),
    *(documents, testing, study, quiz, users),
)
BACKLOG = 256
SHUTDOWN_SECONDS = 1
LOCAL = "127.0.0.1,localhost,::1"
NO_ACCOUNTS = "注意：{host} 不只限本机访问，而且没有账号：能连上这台电脑的人都能提问、阅读和改动全部文件。"
REFUSED = (
    "{host} 不只限本机访问，而现在还没有账号：请先添加用户（python -m assistant user add 用户名 --role manager），"
    "或用 --without-accounts 表明谁都可以看全部文件。"
)


def build_app(settings: Settings, desk: Desk | None = None) -> "FastAPI":
    """Return all pages as one FastAPI app; opening the index in the background starts here.

    Takes about 4 s, nearly all of it importing Gradio. `desk` is for tests.
    """
    desk = desk or Desk(settings)
    desk.start()
    _set_environment(settings)
    from fastapi import FastAPI

    from assistant.web.chat.gradio_layout import mount_page

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    routes = Routes(app)
    _add_health(routes, desk)
    assets.add_routes(routes)
    for area in AREAS:
        area.add_routes(routes, desk)
    routes.let_through(*GRADIO_ROUTES)
    events = mount_page(app, desk, BODY_LIMIT)
    app.add_middleware(HtmlShell)
    app.add_middleware(GradioSessions, events=events)
    app.add_middleware(LoginGate, logins=desk.logins, settings=settings, routes=routes)
    app.add_middleware(RequestFilter, routes=routes)  # the outermost: what is added last comes first
    return app


def serve(settings: Settings, open_browser: bool = False) -> None:
    """Serve the pages until stopped; raises `SettingsError` if host or port cannot be listened on."""
    import uvicorn

    has_accounts = check_accounts(settings)
    listener = listen(settings.host, settings.port)
    with listener:
        address = page_address(settings.host, listener.getsockname()[1])
        _announce(settings.host, address, has_accounts)
        if open_browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        options: dict[str, Any] = {"log_level": "warning", "timeout_graceful_shutdown": SHUTDOWN_SECONDS}
        options |= {"server_header": False, "proxy_headers": False}  # client_address.py knows which proxies to believe
        desk = Desk(settings)
        config = uvicorn.Config(OwnHost(build_app(settings, desk), desk.logins, settings), **options)
        logging.getLogger("uvicorn.error").addFilter(_is_no_ended_visit)
        with suppress(KeyboardInterrupt):  # Ctrl+C is how it is meant to end
            uvicorn.Server(config).run(sockets=[listener])


def check_accounts(settings: Settings) -> bool:
    """Return whether people must log in; raises `SettingsError` if others could reach the page without logging in."""
    has_accounts = Logins(settings).in_use
    if not (has_accounts or is_local(settings.host) or settings.without_accounts):
        raise SettingsError(REFUSED.format(host=settings.host))
    return has_accounts


def _is_no_ended_visit(record: logging.LogRecord) -> bool:
    """Log filter: drop the errors about connections that were still open when the page was stopped."""
    cancelled = record.exc_info is not None and isinstance(record.exc_info[1], asyncio.CancelledError)
    return not cancelled and "timeout graceful shutdown exceeded" not in record.getMessage()


def listen(host: str, port: int) -> socket.socket:
    """Return a socket listening on `host` and `port` (0: any free one); raises `SettingsError`.

    Listening before Gradio is imported lets an early browser wait instead of failing.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise SettingsError(_why_not(host, port, error)) from None


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"端口 {port} 已被占用：请关闭占用它的程序，或换一个端口（--port {port % 65535 + 1}）。"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"没有权限使用端口 {port}：请换一个 1024 以上的端口（--port 7860）。"
    return f"不能在 {host} 上提供网页（{error.strerror or error}）：请把 host 改为 127.0.0.1 或本机的地址。"


def _announce(host: str, address: str, has_accounts: bool) -> None:
    import click

    if not (is_local(host) or has_accounts):
        click.echo(NO_ACCOUNTS.format(host=host), err=True)
    click.echo(f"政策问答助手：请用浏览器打开 {address} （按 Ctrl+C 停止）", err=True)


def _set_environment(settings: Settings) -> None:
    """Set environment variables that keep Gradio offline; must run before Gradio is imported."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    local = "" if settings.generator_url else settings.generator
    named = [name for name in (settings.encoder, settings.reranker, local) if name not in ("", BUNDLED)]
    if all(Path(name).is_dir() for name in named):
        os.environ["HF_HUB_OFFLINE"] = "1"
    for name in ("NO_PROXY", "no_proxy"):
        hosts = os.environ.get(name, "")
        if LOCAL not in hosts:
            os.environ[name] = f"{hosts},{LOCAL}".lstrip(",")


def _add_health(routes: Routes, desk: Desk) -> None:
    from fastapi.responses import JSONResponse
    from starlette.concurrency import run_in_threadpool

    async def healthz(request: "Request") -> "Response":
        health = await run_in_threadpool(desk.health)
        shown = ("status", "documents", "passages", "message") if VISITOR in request.scope["state"] else ("status",)
        content = {name: getattr(health, name) for name in shown}
        return JSONResponse(content, 200 if health.status is Stage.READY else 503, UNSTORED)

    routes.add(Route("GET", "/healthz", OPEN), healthz)
