"""Behind the log-in: managers manage users, and nobody else does."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from assistant.accounts import passwords
from assistant.accounts.visitor import LOCAL
from assistant.answering.conversation.kept import Asked
from assistant.base.settings import Settings
from assistant.web import server
from assistant.web.accounts.users import ONESELF
from assistant.web.desk import Desk
from assistant.web.security.client_address import COOKIE
from support.corpus import assert_one_line
from support.pages import opened
from support.people import PASSWORD, PEOPLE, as_user, client_of, sent, settings_with_people


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


@pytest.mark.parametrize("name", ["培训员乙", "读者丙", "读者丁"])
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/users"), ("GET", "/api/audit"), ("POST", "/api/users/add"), ("POST", "/api/users/set")]
    + [("POST", f"/api/{path}") for path in ("users/password", "users/remove", "users/unlock", "groups/set")],
)
def test_only_managers_manage_users(client: Any, name: str, method: str, path: str) -> None:
    response = sent(as_user(client, name), method, path)
    assert response.status_code == 403
    assert_one_line(response.json()["error"])


def post(client: Any, path: str, **body: Any) -> Any:
    return client.post(f"/api/{path}", json=body)


def test_a_manager_manages_users(client: Any, desk: Desk) -> None:
    as_user(client, "管理员甲")
    token = client.cookies[COOKIE]
    made = post(client, "users/add", name="新人", role="reader", groups=["人事科"], password=PASSWORD).json()
    (shown,) = [user for user in made["users"] if user["name"] == "新人"]
    expected = {"name": "新人", "role": "reader", "groups": ["人事科"], "password": True, "locked": 0, "oneself": False}
    assert shown == expected
    assert "scrypt" not in json.dumps(made)
    as_user(client, "新人")
    theirs = client.cookies[COOKIE]

    def manage(path: str, **body: Any) -> Any:
        client.cookies.clear()
        client.cookies.set(COOKIE, token)
        return post(client, path, **body)

    def status() -> Any:
        client.cookies.clear()
        client.cookies.set(COOKIE, theirs)
        return client.get("/api/status")

    assert manage("users/set", name="新人", role="trainer", groups=None).status_code == 200
    assert status().json()["role"] == "trainer"
    assert manage("users/password", name="新人", password="夏天的风吹过山谷里的湖").status_code == 200
    assert status().status_code == 401
    assert manage("groups/set", name="新组", folders=["通知/", "人事"]).json()["groups"][-1] == {
        "name": "新组",
        "folders": ["通知", "人事"],
    }
    assert manage("groups/remove", name="新组").status_code == 200
    assert manage("users/unlock", name="新人").status_code == 200
    assert manage("users/remove", name="新人").status_code == 200
    actions = [(n["who"], n["action"], n["subject"]) for n in client.get("/api/audit").json()[:3]]
    assert actions[0] == ("管理员甲", "删除用户", "新人")
    for body in ({"role": "reader", "groups": None}, {"role": "manager", "groups": ["人事科"]}):
        assert manage("users/set", name="管理员甲", **body).json() == {"error": ONESELF}
    assert manage("users/remove", name="管理员甲").json() == {"error": ONESELF}


def test_what_is_kept_under_a_name_goes_with_the_account(client: Any, desk: Desk) -> None:
    as_user(client, "管理员甲")
    kept = desk.conversations
    someone = {"name": "代班", "role": "reader", "groups": None, "password": PASSWORD}
    for name in ("读者丙", "代班"):
        kept.keep(name, "1" * 32, (Asked("病假几天"),))
    assert post(client, "users/add", **someone).status_code == 200
    assert kept.listed("代班") == [] and len(kept.listed("读者丙")) == 1
    kept.keep("代班", "2" * 32, (Asked("事假几天"),))
    assert post(client, "users/add", **someone).status_code == 400
    assert post(client, "users/add", **{**someone, "name": "读者丙"}).status_code == 400
    assert len(kept.listed("代班")) == len(kept.listed("读者丙")) == 1
    assert post(client, "users/remove", name="代班").status_code == 200
    assert kept.listed("代班") == [] and len(kept.listed("读者丙")) == 1
    kept.delete("读者丙", None)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("users/add", {"name": "a b", "role": "reader", "groups": None, "password": PASSWORD}),
        ("users/add", {"name": "<script>", "role": "reader", "groups": None, "password": PASSWORD}),
        ("users/add", {"name": "x", "role": "boss", "groups": None, "password": PASSWORD}),
        ("users/add", {"name": "x", "role": "reader", "password": PASSWORD}),
        ("users/add", {"name": "x", "role": "reader", "groups": "人事科", "password": PASSWORD}),
        ("users/add", {"name": "x", "role": "reader", "groups": ["没有"], "password": PASSWORD}),
        ("users/add", {"name": "x", "role": "reader", "groups": None, "password": ""}),
        ("users/add", {"name": "x", "role": "reader", "groups": None, "password": "短"}),
        ("users/set", {"name": "没有的人", "role": "reader", "groups": None}),
        ("users/remove", {"name": {}}),
        ("groups/set", {"name": "x", "folders": ["../.."]}),
        ("groups/set", {"name": "x", "folders": []}),
        ("groups/set", {"name": "x", "folders": [1]}),
        ("groups/remove", {"name": "人事科"}),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    client: Any, settings: Settings, path: str, body: dict[str, Any]
) -> None:
    as_user(client, "管理员甲")
    before = settings.users.read_bytes()
    response = post(client, path, **body)
    assert response.status_code == 400
    assert "\n" not in response.json()["error"]
    assert settings.users.read_bytes() == before
