"""Behind the log-in: whose questions, streams and conversations they are, and how much anybody may ask."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.accounts import passwords
from assistant.accounts.visitor import LOCAL, Role
from assistant.base.settings import FIXED_RATES, Settings, Use
from assistant.web import server
from assistant.web.desk import Desk
from assistant.web.routing import Routes
from assistant.web.security import login_gate
from assistant.web.security.client_address import COOKIE
from assistant.web.security.gradio_routes import STREAM_PATH
from assistant.web.security.gradio_sessions import BAD, NOT_YOURS
from support.pages import QUESTION, opened, question_event
from support.people import PASSWORD, PEOPLE, add_people, as_user, client_of, private, settings_with_people


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


def join(client: Any, session: Any, question: str = QUESTION, **more: Any) -> Any:
    event = question_event(client)
    body = {"data": [question, None, ""], "fn_index": event, "session_hash": session, "trigger_id": None}
    return client.post("/gradio_api/queue/join", json=body | more)


def heard(client: Any, session: str) -> str:
    """Return all that the stream of a session says, to its end."""
    return client.get("/gradio_api/queue/data", params={"session_hash": session}).text


def test_a_question_is_answered_to_who_asked(client: Any) -> None:
    as_user(client, "读者丙")
    assert join(client, "own").status_code == 200
    assert "实现以巡促改、以巡促建、以巡促治" in heard(client, "own")


def test_anothers_stream_says_nothing_and_takes_nothing_away(client: Any) -> None:
    as_user(client, "读者丙")
    assert join(client, "stolen").status_code == 200
    mine = client.cookies[COOKIE]
    as_user(client, "培训员乙")
    response = client.get("/gradio_api/queue/data?session_hash=stolen")
    assert (response.status_code, response.json()) == (403, {"detail": NOT_YOURS})
    client.cookies.clear()
    client.cookies.set(COOKIE, mine)
    assert "以巡促改" in heard(client, "stolen")


def test_anothers_conversation_is_not_gone_on_with(client: Any) -> None:
    as_user(client, "读者丙")
    join(client, "talk")
    assert "以巡促改" in heard(client, "talk")
    join(client, "talk", "还有呢")
    assert "理解为" in heard(client, "talk")
    as_user(client, "培训员乙")
    join(client, "talk", "还有呢")
    said = heard(client, "talk")
    assert "process_completed" in said
    assert "以巡促" not in said


def test_anothers_question_cannot_be_cancelled(client: Any) -> None:
    as_user(client, "读者丙")
    event = join(client, "cancel").json()["event_id"]
    mine = client.cookies[COOKIE]
    as_user(client, "培训员乙")
    for path in ("cancel", "reset"):
        body = {"session_hash": "cancel", "fn_index": 0, "event_id": event}
        response = client.post(f"/gradio_api/{path}", json=body)
        assert (response.status_code, response.json()) == (403, {"detail": NOT_YOURS})
    client.cookies.clear()
    client.cookies.set(COOKIE, mine)
    assert "以巡促改" in heard(client, "cancel")
    own = client.post("/gradio_api/cancel", json={"session_hash": "cancel", "fn_index": 0, "event_id": event})
    assert own.json() == {"success": True}


@pytest.mark.parametrize("session", [None, "", "a/b", "a" * 65, 1, ["s"], {"a": 1}, "a\u0000b"])
def test_sessions_that_no_browser_makes_up_are_refused(client: Any, session: Any) -> None:
    response = join(as_user(client, "读者丙"), session)
    assert (response.status_code, response.json()) == (422, {"detail": BAD})


def test_a_stream_of_two_sessions_is_refused(client: Any) -> None:
    as_user(client, "读者丙")
    for query in ("", "?session_hash=a&session_hash=b", "?session_hash=../x"):
        assert client.get(f"/gradio_api/queue/data{query}").status_code == 422


def test_what_is_sent_beside_a_question_is_left_out(client: Any) -> None:
    """An event of another, a batch, a token: Gradio would believe them."""
    as_user(client, "读者丙")
    assert join(client, "beside", event_id="x", batched=True, oauth_token="t", simple_format=True).status_code == 200
    assert '"success":true' in heard(client, "beside")


def test_questions_are_counted_by_visitor(settings: Settings, tmp_path: Path) -> None:
    few = replace(private(settings, tmp_path), questions_per_minute=2)
    add_people(few)
    with client_of(server.build_app(few, opened(Desk(few)))) as client:
        as_user(client, "读者丙")
        said = []
        for n in range(3):
            join(client, f"s{n}")
            said.append(heard(client, f"s{n}"))
        assert ["提问太频繁（每分钟最多 2 次）" in one for one in said] == [False, False, True]
        assert "以巡促改" not in said[2]
        as_user(client, "培训员乙")
        join(client, "s3")
        assert "以巡促改" in heard(client, "s3")


def test_what_is_read_and_exported_is_counted_by_visitor(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FIXED_RATES, Use.READ, 6)
    few = replace(private(settings, tmp_path), questions_per_minute=10)
    add_people(few)
    with client_of(server.build_app(few, opened(Desk(few)))) as client:
        as_user(client, "读者丙")
        paths = ("source", "source/search", "source/paragraphs", "next")
        reads = [client.post(f"/api/{path}", json={}).status_code for path in paths]
        reads += [client.get(f"/api/documents/{path}").status_code for path in ("compare", "details")]
        assert 429 not in reads
        for response in (client.post("/api/source", json={}), client.get("/api/documents/compare")):
            assert response.status_code == 429
            assert response.json()["error"].startswith("打开原文太频繁（每分钟最多 6 次）：请等 ")
        said = {"kind": "md", "title": "整改", "questions": [{"text": QUESTION}] * 26}
        exported = [client.post("/api/export", json=said) for _ in range(2)]
        assert [response.status_code for response in exported] == [200, 429]
        assert "提问太频繁" in exported[1].json()["error"]
        as_user(client, "培训员乙")
        assert client.post("/api/export", json=said).status_code == 200
        assert client.post("/api/source", json={}).status_code == 400


@pytest.mark.parametrize("change", ["password", "role", "logout", "nothing"])
def test_a_stream_ends_when_its_reader_may_not_read_on(
    client: Any, desk: Desk, settings: Settings, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    from fastapi import FastAPI

    monkeypatch.setattr(login_gate, "CHECK_SECONDS", 0.02)
    token = desk.logins.log_in("读者丙", PASSWORD, "10.0.0.1")
    changes = {
        "password": lambda: desk.logins.set_password(LOCAL, "读者丙", PASSWORD),
        "role": lambda: desk.logins.change(LOCAL, "读者丙", role=Role.TRAINER),
        "logout": lambda: desk.logins.log_out(token, "10.0.0.1"),
        "nothing": lambda: None,
    }
    got: list[str] = []

    async def stream(scope: Any, receive: Any, send: Any) -> None:
        changes[change]()
        got.append((await receive())["type"])

    async def nothing_for_half_a_second() -> Any:
        await asyncio.sleep(0.5)
        return {"type": "http.request"}

    headers = [(b"cookie", f"{COOKIE}={token}".encode())]
    scope = {"type": "http", "method": "GET", "path": STREAM_PATH, "client": ("10.0.0.1", 1), "headers": headers}
    gate = login_gate.LoginGate(stream, desk.logins, settings, Routes(FastAPI()))
    asyncio.run(gate(scope, nothing_for_half_a_second, None))  # type: ignore[arg-type]
    assert got == ["http.request" if change == "nothing" else "http.disconnect"]
    desk.logins.change(LOCAL, "读者丙", role=Role.READER)
