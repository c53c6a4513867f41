"""Accounts over HTTP: nothing without a log-in, nothing of others, proxies, forged and hostile requests."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.accounts import passwords
from assistant.accounts.visitor import LOCAL, Role
from assistant.base.errors import SettingsError
from assistant.base.settings import Settings
from assistant.web import server
from assistant.web.accounts.login import NO_SESSION
from assistant.web.desk import Desk
from assistant.web.security import login_gate
from assistant.web.security.client_address import COOKIE
from assistant.web.security.own_host import FOREIGN, OwnHost
from support.corpus import assert_one_line
from support.pages import opened, settings_in, wait_for
from support.people import PASSWORD, PEOPLE, add_people, as_user, client_of, log_in, private, sent, settings_with_people
from support.walls import WALLS, written_out

HTML = {"accept": "text/html"}
OPEN_FILES = ["lib.js", "login.js", "theme.js", "base.css", "login.css", "icon.svg"]


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    before = passwords.COST, passwords.PARALLEL
    passwords.COST, passwords.PARALLEL = 2**14, 1
    yield
    passwords.COST, passwords.PARALLEL = before


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    proxy = {"proxy_user_header": "X-Remote-User", "proxy_addresses": "10.9.9.9"}
    return settings_with_people(tmp_path_factory.mktemp("gate"), questions_per_minute=1000, **proxy)


@pytest.fixture(scope="module")
def desk(settings: Settings) -> Desk:
    return opened(Desk(settings))


@pytest.fixture(scope="module")
def app(settings: Settings, desk: Desk) -> Any:
    return server.build_app(settings, desk)


@pytest.fixture(scope="module")
def running(app: Any) -> Iterator[Any]:
    with client_of(app) as client:
        yield client


@pytest.fixture
def client(running: Any, desk: Desk) -> Any:
    """A visitor who has not logged in, and whom nobody has locked."""
    running.cookies.clear()
    for name in PEOPLE:
        desk.logins.unlock(LOCAL, name)
    with desk.logins.sessions.opened() as base:
        base.execute("DELETE FROM failed")
    return running


IS_OPEN = {"/healthz", "/favicon.ico", "/robots.txt", "/login", "/api/login"} | {f"/page/{name}" for name in OPEN_FILES}
REQUESTS = [(wall.method, written_out(wall.path)) for wall in WALLS if wall.path not in IS_OPEN] + [
    ("GET", "/page/bar.js"),
    ("GET", "/page/users.js"),
    ("GET", "/gradio_api/queue/data?session_hash=s1"),
]


def test_every_route_is_among_those_tried() -> None:
    assert len(REQUESTS) > 60
    assert {("POST", "/api/users/add"), ("GET", "/"), ("POST", "/api/documents/add")} <= set(REQUESTS)


@pytest.mark.parametrize(("method", "path"), REQUESTS)
@pytest.mark.parametrize("cookie", ["", "A" * 43])
def test_every_route_is_closed_without_a_log_in(client: Any, method: str, path: str, cookie: str) -> None:
    headers = {"cookie": f"{COOKIE}={cookie}"} if cookie else {}
    response = sent(client, method, path, headers=headers)
    assert response.status_code == 401
    assert response.json() == {"error": login_gate.LOG_IN, "detail": login_gate.LOG_IN}
    assert response.headers["content-security-policy"]
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize("cookie", ["x", "0" * 5000, "A; assistant_session=B", "\\x00", "../../etc/passwd"])
def test_forged_cookies_open_nothing(client: Any, cookie: str) -> None:
    assert client.get("/api/status", headers={"cookie": f"{COOKIE}={cookie}"}).status_code == 401


@pytest.mark.parametrize("path", ["/", "/users", "/account"])
def test_people_are_sent_to_the_log_in_page(client: Any, path: str) -> None:
    response = client.get(path + "?a=1&b=//evil.example", headers=HTML)
    assert response.status_code == 303
    assert response.headers["location"] == f"/login?next={path}%3Fa%3D1%26b%3D//evil.example"
    assert response.content == b""


def test_the_log_in_page_and_what_it_needs_is_open_and_says_nothing_of_the_documents(client: Any) -> None:
    assert "<title>登录" in client.get("/login").text
    assert [client.get(f"/page/{name}").status_code for name in OPEN_FILES] == [200] * len(OPEN_FILES)
    assert client.get("/healthz").json() == {"status": "ready"}
    assert as_user(client, "读者丙").get("/healthz").json()["documents"] == 2


def test_logging_in_opens_the_page(client: Any) -> None:
    response = log_in(client, "读者丙")
    assert response.json() == {"done": True}
    cookie = response.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie
    assert "Max-Age" not in cookie
    status = client.get("/api/status").json()
    assert (status["name"], status["role"], status["users"]) == ("读者丙", "reader", False)
    page = client.get("/", headers=HTML)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert client.get("/login").headers["location"] == "/"


def test_logging_out_closes_it_and_what_the_cookie_was_is_worth_nothing(client: Any) -> None:
    as_user(client, "读者丙")
    token = client.cookies[COOKIE]
    response = client.post("/api/logout", json={})
    assert f'{COOKIE}=""' in response.headers["set-cookie"]
    client.cookies.set(COOKIE, token)
    assert client.get("/api/status").status_code == 401


def test_a_log_in_replaces_the_session_before(client: Any) -> None:
    """A token that somebody planted is never the token of who logs in after it, and ends with the log-in."""
    as_user(client, "读者丙")
    before = client.cookies[COOKIE]
    log_in(client, "培训员乙")
    assert client.cookies[COOKIE] != before
    client.cookies.clear()
    client.cookies.set(COOKIE, before)
    assert client.get("/api/status").status_code == 401


def test_wrong_names_and_wrong_passwords_are_answered_alike(client: Any) -> None:
    answers = [log_in(client, name, "不是这个密码不是这个") for name in ("读者丙", "没有的人")]
    assert [(a.status_code, a.json()) for a in answers] == [(403, {"error": "用户名或密码不对：请再试一次。"})] * 2
    assert all("set-cookie" not in a.headers for a in answers)


def test_thirty_wrong_passwords_are_no_way_in(client: Any, desk: Desk) -> None:
    said = [log_in(client, "读者丙", f"不是这个密码{n}") for n in range(30)]
    assert [a.status_code for a in said] == [403] * 5 + [429] * 25
    right = log_in(client, "读者丙")
    assert right.status_code == 429
    assert re.match(r"输错的次数太多，暂时不能登录：请等 (1 分钟|\d\d 秒)再试，", right.json()["error"])
    assert client.get("/api/status").status_code == 401
    desk.logins.unlock(LOCAL, "读者丙")
    assert log_in(client, "读者丙").status_code == 200


def test_thirty_wrong_passwords_at_once_are_no_way_in(client: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(30) as pool:
        said = list(pool.map(lambda n: log_in(client, "读者丙", f"不是这个密码{n}").status_code, range(30)))
    assert said.count(403) <= 5
    assert set(said) <= {403, 429}
    assert log_in(client, "读者丙").status_code == 429


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "null"},
    ],
)
@pytest.mark.parametrize("path", ["/api/login", "/api/logout", "/api/password", "/api/users/add"])
def test_another_site_can_neither_log_in_nor_do_anything_else(client: Any, headers: dict[str, str], path: str) -> None:
    as_user(client, "管理员甲")
    body = {"name": "读者丙", "password": PASSWORD}
    response = client.post(path, json=body, headers=headers)
    assert response.status_code == 403
    assert "set-cookie" not in response.headers
    assert client.get("/api/status").json()["name"] == "管理员甲"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"name": 1, "password": "x"}', b'{"name": ["a"], "password": {}}', b"[" * 3000]
)
def test_broken_log_ins_are_refused(client: Any, body: bytes) -> None:
    response = client.post("/api/login", content=body)
    assert response.status_code == 400
    assert_one_line(response.json()["error"])


def test_a_very_long_password_is_refused_before_it_costs_anything(client: Any) -> None:
    assert log_in(client, "读者丙", "长" * 4000).status_code == 413


def test_ones_own_password(client: Any, desk: Desk) -> None:
    as_user(client, "读者丁")
    new = "夏天的风吹过山谷里的湖"
    wrong = client.post("/api/password", json={"old": "不是这个", "new": new})
    assert (wrong.status_code, wrong.json()) == (403, {"error": "原来的密码不对：请再输一次。"})
    elsewhere = client.cookies[COOKIE]
    assert client.post("/api/password", json={"old": PASSWORD, "new": new}).json() == {"done": True}
    assert client.cookies[COOKIE] != elsewhere
    assert client.get("/api/status").json()["name"] == "读者丁"
    client.cookies.clear()
    client.cookies.set(COOKIE, elsewhere)
    assert client.get("/api/status").status_code == 401
    desk.logins.set_password(LOCAL, "读者丁", PASSWORD)


def test_a_proxy_says_who_asks(app: Any) -> None:
    with client_of(app, client=("10.9.9.9", 50000)) as client:
        for name, role in (("读者丙", "reader"), ("管理员甲", "manager")):
            status = client.get("/api/status", headers={"x-remote-user": name.encode()}).json()
            assert (status["name"], status["role"]) == (name, role)
        unknown = client.get("/api/status", headers={"x-remote-user": "nobody"})
        assert (unknown.status_code, unknown.json()["error"]) == (403, "账号 nobody 还没有开通：请联系管理员。")
        twice = client.get("/api/status", headers=[("x-remote-user", "a"), ("x-remote-user", "b")])
        assert (twice.status_code, twice.json()["error"]) == (403, login_gate.NOT_NAMED)
        assert client.get("/api/status").status_code == 401
        own = client.post("/api/password", json={"old": "x", "new": "y"}, headers={"x-remote-user": "读者丙".encode()})
        assert own.json() == {"error": NO_SESSION}


@pytest.mark.parametrize("peer", ["10.9.9.8", "127.0.0.1", "testclient"])
@pytest.mark.parametrize("header", ["x-remote-user", "X-REMOTE-USER"])
def test_nobody_else_says_who_asks(app: Any, peer: str, header: str) -> None:
    with client_of(app, client=(peer, 50000)) as client:
        forged = {header: "管理员甲".encode(), "x-forwarded-for": "10.9.9.9", "x-real-ip": "10.9.9.9"}
        assert client.get("/api/status", headers=forged).status_code == 401


def test_addresses_behind_a_proxy_are_told_apart(app: Any, desk: Desk, settings: Settings) -> None:
    with client_of(app, client=("10.9.9.9", 50000), base_url="http://office.example") as client:
        way = {"x-forwarded-for": "1.1.1.1, 10.0.0.77", "x-forwarded-proto": "https"}
        response = log_in(client, "读者丙", headers=way)
        assert "Secure" in response.headers["set-cookie"]
    last = json.loads(settings.audit.read_text("utf-8").splitlines()[-1])
    assert (last["who"], last["action"], last["from"]) == ("读者丙", "log_in", "10.0.0.77")
    with client_of(app, client=("10.5.5.5", 50000)) as client:
        assert "Secure" not in log_in(client, "读者丙", headers=way).headers["set-cookie"]
    last = json.loads(settings.audit.read_text("utf-8").splitlines()[-1])
    assert last["from"] == "10.5.5.5"


def test_gradio_believes_no_forwarded_host(client: Any) -> None:
    as_user(client, "读者丙")
    config = client.get("/config", headers={"x-forwarded-host": "evil.example", "x-forwarded-proto": "https"})
    assert "evil.example" not in config.text


def test_accounts_count_from_the_first_user_on(tmp_path: Path, settings: Settings) -> None:
    fresh = replace(private(settings, tmp_path), proxy_user_header="", proxy_addresses="")
    with client_of(server.build_app(fresh, opened(Desk(fresh)))) as client:
        assert client.get("/api/status").json()["role"] == "manager"
        assert client.get("/login").headers["location"] == "/"
        assert log_in(client, "x").json() == {"error": "现在不用登录：请刷新页面。"}
        assert client.get("/api/users").json()["error"].startswith("现在还没有账号")
        add_people(fresh)
        assert client.get("/api/status").status_code == 401
        as_user(client, "读者丙")
        fresh.users.write_text("[users", encoding="utf-8")
        broken = client.get("/api/status")
        assert broken.status_code == 503
        assert broken.json()["error"].endswith("请改正这一处，或恢复备份。")
        assert client.get("/", headers=HTML).status_code == 503
        fresh.users.unlink()
        assert client.get("/api/status").status_code == 401


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_listening_elsewhere_without_accounts_is_refused(tmp_path: Path, host: str) -> None:
    settings = settings_in(tmp_path, host=host, port=0)
    with pytest.raises(SettingsError) as error:
        server.serve(settings)
    assert_one_line(error.value)
    assert "python -m assistant user add" in str(error.value)
    assert "--without-accounts" in str(error.value)
    assert server.check_accounts(replace(settings, without_accounts=True)) is False
    add_people(settings)
    assert server.check_accounts(settings) is True


def test_a_damaged_users_file_is_said_at_the_start(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, port=0)
    settings.users.write_text("[users", encoding="utf-8")
    with pytest.raises(SettingsError, match="读不懂"):
        server.serve(settings)


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1:7860", 200), ("localhost", 200), ("[::1]:80", 200), ("evil.example", 421), ("10.0.0.1", 421)]
    + [("127.0.0.1.evil.example", 421), ("", 421), ("[", 421)],
)
def test_a_page_for_this_computer_answers_to_its_own_names_only(tmp_path: Path, host: str, status: int) -> None:
    from starlette.responses import PlainTextResponse
    from starlette.testclient import TestClient

    settings = settings_in(tmp_path)
    desk = Desk(settings)
    client = TestClient(OwnHost(PlainTextResponse("x"), desk.logins, settings))
    response = client.get("/", headers={"host": host})
    assert response.status_code == status
    assert status == 200 or response.json() == {"detail": FOREIGN}
    add_people(settings)
    assert client.get("/", headers={"host": host}).status_code == 200


def test_roles_and_folders_reach_the_handlers(client: Any, desk: Desk) -> None:
    """What a change of rights does, it does to the next request."""
    as_user(client, "读者丙")
    desk.logins.change(LOCAL, "读者丙", role=Role.TRAINER)
    assert client.get("/api/status").json()["role"] == "trainer"
    desk.logins.change(LOCAL, "读者丙", role=Role.READER)
    wait_for(lambda: client.get("/api/status").json()["role"] == "reader", 1)
