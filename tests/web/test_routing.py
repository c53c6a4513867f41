"""The walls of all routes, as data; what is not among them is closed."""

import re
from typing import Any

import pytest

from assistant.accounts.visitor import LOCAL, Role, Visitor
from assistant.web import server
from assistant.web.desk import Desk
from assistant.web.routing import OPEN, VISITOR, Route, Routes
from assistant.web.security.gradio_routes import GRADIO_ROUTES
from assistant.web.security.login_gate import LoginGate
from assistant.web.security.request_filter import RequestFilter
from support.pages import settings_in
from support.walls import WALLS, wall_of, written_out


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Any:
    settings = settings_in(tmp_path_factory.mktemp("routes"))
    settings.corpus.mkdir()
    return server.build_app(settings, Desk(settings))


@pytest.fixture(scope="module")
def routes(app: Any) -> Routes:
    """What the filter asks, and the gate too."""
    asked = {layer.cls: layer.kwargs.get("routes") for layer in app.user_middleware}
    assert asked[RequestFilter] is asked[LoginGate] is not None
    found: Routes = asked[RequestFilter]
    return found


def by_path(walls: Any) -> list[Any]:
    return sorted(walls, key=lambda wall: (wall.path, wall.method))


def test_every_route_has_the_wall_that_it_has_to_have(routes: Routes) -> None:
    assert by_path(map(wall_of, routes)) == by_path(WALLS)


def test_every_route_that_the_app_serves_itself_is_registered(app: Any, routes: Routes) -> None:
    served = {(method, route.path) for route in app.routes for method in getattr(route, "methods", None) or ()}
    assert served == {(route.method, route.path) for route in routes} - {(r.method, r.path) for r in GRADIO_ROUTES}


def test_of_what_gradio_serves_only_what_is_listed_is_let_through(app: Any, routes: Routes) -> None:
    (gradio,) = [route.app for route in app.routes if not getattr(route, "methods", None)]
    routers = [route.original_router for route in gradio.routes if hasattr(route, "original_router")]
    served = {
        (method, re.sub(r"\{.*?\}", "x", route.path))
        for route in (*gradio.routes, *(inner for router in routers for inner in router.routes))
        for method in getattr(route, "methods", None) or ()
    }
    assert len(served) > 60 and {("POST", "/gradio_api/queue/join"), ("POST", "/gradio_api/upload")} <= served
    let_through = {(method, path) for method, path in served if method != "HEAD" and routes.find(method, path)}
    assert let_through <= {(route.method, written_out(route.path)) for route in GRADIO_ROUTES}


@pytest.mark.parametrize(
    "path",
    [
        "/page/",
        "/page/a/b",
        "/page/a\n",
        "/page/..%2fx",
        "/assets/",
        "/gradio_api/heartbeat/a-b",
        "/gradio_api/heartbeat/",
    ]
    + ["/login/", "//", "/api/status/", "/API/status", "/api/status\n", "/page/{name}", "", "/healthz/", "/api"],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT"])
def test_what_nobody_registered_is_closed(routes: Routes, method: str, path: str) -> None:
    assert routes.find(method, path) is None


def test_a_head_is_let_through_like_a_get_and_other_methods_are_not(routes: Routes) -> None:
    assert routes.find("HEAD", "/api/status") == routes.find("GET", "/api/status") == Route("GET", "/api/status")
    for wall in WALLS:
        for method in {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get"} - {wall.method}:
            assert routes.find(method, written_out(wall.path)) is None


def test_a_route_is_registered_once() -> None:
    from fastapi import FastAPI

    routes = Routes(FastAPI())
    routes.let_through(Route("GET", "/x"), Route("POST", "/x"))
    with pytest.raises(ValueError, match="GET /x is registered twice"):
        routes.let_through(Route("GET", "/x", OPEN))


@pytest.mark.parametrize(
    ("role", "visitor", "status"),
    [
        (OPEN, None, 200),
        (Role.READER, None, 403),
        (Role.READER, Visitor("a", Role.READER), 200),
        (Role.TRAINER, Visitor("a", Role.READER), 403),
        (Role.MANAGER, Visitor("a", Role.TRAINER), 403),
        (Role.TRAINER, Visitor("a", Role.MANAGER), 200),
        (Role.MANAGER, LOCAL, 200),
    ],
)
@pytest.mark.parametrize("path", ["/api/x", "/x"])
def test_the_role_is_asked_for_wherever_a_route_is(
    path: str, role: Role | None, visitor: Visitor | None, status: int
) -> None:
    from fastapi import FastAPI
    from starlette.responses import PlainTextResponse
    from starlette.testclient import TestClient

    async def handle(_: Any) -> Any:
        return PlainTextResponse("done")

    app = FastAPI()
    Routes(app).add(Route("GET", path, role), handle)

    async def asked(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "state": {VISITOR: visitor} if visitor else {}}, receive, send)

    response = TestClient(asked).get(path)
    assert (response.status_code, response.text == "done") == (status, status == 200)
    if status == 403:
        assert list(response.json()) == ["error"] if path == "/api/x" else response.text.endswith("。")
