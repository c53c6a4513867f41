"""What happens on the page: edited, asked again, stopped, reopened, suggested; and the routes around it."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from assistant.accounts.visitor import LOCAL, Role, Visitor
from assistant.answering.conversation.kept import QUESTIONS_MOST, Asked
from assistant.answering.service import Service
from assistant.base.errors import SettingsError
from assistant.web import server
from assistant.web.chat.asking import STOPPED, Page, Step
from assistant.web.chat.requests import parse_how
from assistant.web.chat.talk import NO_SUCH_QUESTION, Exchange, Talk
from assistant.web.desk import Desk
from assistant.web.requests import BAD_REQUEST
from assistant.web.routing import VISITOR, Routes
from assistant.web.security.client_address import ARRIVAL
from assistant.web.security.login_gate import HERE
from support.pages import QUESTION, Shown, opened, settings_in, steps
from support.parsing import count_parses
from support.paths import ROOT

ONE = "1" * 32
OTHER = "政治巡察的根本任务是什么"
ZHANG, LI = Visitor("张三", Role.READER), Visitor("李四", Role.READER)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("asking")
    return opened(Desk(settings_in(folder, corpus=ROOT / "corpus")))


def acted(page: Page, how: Any, talk: Talk | None = None, visitor: Visitor = LOCAL) -> list[Step]:
    async def collect() -> list[Step]:
        return [step async for step in page.act(json.dumps(how), talk, replace(HERE, visitor=visitor))]

    return asyncio.run(collect())


def texts(talk: Talk) -> list[str]:
    return [asked.text for asked in talk.asked]


def talk_of(page: Page, *questions: str) -> Talk:
    talk = Talk()
    for question in questions:
        talk = steps(page, question, talk)[-1].talk
    return talk


def test_a_changed_question_replaces_what_came_after(desk: Desk) -> None:
    page = Page(desk)
    talk = talk_of(page, QUESTION, OTHER, "还有呢")

    async def collect() -> list[Step]:
        return [step async for step in page.ask("那具体怎么做", talk, json.dumps({"at": 1}))]

    changed = asyncio.run(collect())[-1].talk
    assert texts(changed) == [QUESTION, "那具体怎么做"] and changed.identity == talk.identity
    assert [turn.asked for turn in changed.conversation.turns] == [QUESTION, "那具体怎么做"]
    assert changed.serial > talk.serial


def test_asking_again_gives_the_same_question_and_leaves_the_box_alone(desk: Desk) -> None:
    page = Page(desk)
    talk = talk_of(page, QUESTION, OTHER)
    again = acted(page, {"do": "again", "at": 1}, talk)
    assert {step.box for step in again} == {None}
    assert texts(again[-1].talk) == [QUESTION, OTHER]
    assert json.loads(again[-1].told)["busy"] is False and json.loads(again[0].told)["busy"] is True


@pytest.mark.parametrize(
    "how",
    ["{", "[]", '"x"', "1", {"do": "drop"}, {"do": "again"}, {"at": "1"}, {"at": True}, {"scope": []},
     {"do": "open"}, {"do": "open", "id": ONE, "questions": []},
     {"do": "open", "id": "x", "questions": [{"text": "问"}]},
     {"do": "open", "id": ONE, "questions": [{"text": "问"}] * (QUESTIONS_MOST + 1)}, "[" * 5000,
     {"scope": {"documents": ["\ud800"]}}, {"do": "again", "at": 0, "text": "\udfff"}],
)  # fmt: skip
def test_what_the_scripts_never_send_is_refused(desk: Desk, how: Any) -> None:
    said = how if isinstance(how, str) else json.dumps(how)
    with pytest.raises(SettingsError, match="。$"):
        parse_how(said)

    async def collect() -> list[Step]:
        return [step async for step in Page(desk).act(said, talk_of(Page(desk)))]

    (refused,) = asyncio.run(collect())
    assert "notice" in refused.messages[-1]["content"] and refused.talk == Talk()


@pytest.mark.parametrize("at", [-1, 1, 10**9])
def test_a_question_that_is_not_there_is_refused(desk: Desk, at: int) -> None:
    talk = talk_of(Page(desk), QUESTION)
    (refused,) = acted(Page(desk), {"do": "again", "at": at}, talk)
    assert NO_SUCH_QUESTION in refused.messages[-1]["content"] and refused.talk == talk
    with pytest.raises(SettingsError, match=BAD_REQUEST):
        parse_how("x" * 64_001)


def test_a_kept_conversation_is_asked_again_of_today_s_documents(desk: Desk) -> None:
    page, questions = Page(desk), [{"text": QUESTION}, {"text": "那具体怎么做"}, {"text": "<b>出处在哪"}]
    recorded = len(desk.history.asked())
    found = acted(page, {"do": "open", "id": ONE, "questions": questions})
    talk = found[-1].talk
    assert (talk.identity, texts(talk)) == (ONE, [QUESTION, "那具体怎么做", "<b>出处在哪"])
    assert Shown(found[-1].messages[0]["content"]).text == "以下回答已按现有文件重新查找。"
    assert "理解为：巡视整改具体怎么做" in Shown(talk.exchanges[1].question).text
    assert "<b>" not in talk.exchanges[2].question
    service = desk.service()
    assert talk.exchanges[0].found and talk.exchanges[0].found.citations == service.ask(QUESTION).citations
    assert len(desk.history.asked()) == recorded


def test_a_conversation_that_is_opened_again_counts_a_question_for_each_five(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    monkeypatch.setattr(desk.logins.limits, "take", lambda who, use, count=1: taken.append(count))
    questions = [{"text": QUESTION}] * 11
    acted(Page(desk), {"do": "open", "id": ONE, "questions": questions}, visitor=ZHANG)
    acted(Page(desk), {"do": "ask", "text": QUESTION}, visitor=ZHANG)
    assert taken == [3, 1]


def test_stopping_answers_in_the_documents_words_or_leaves_out(desk: Desk) -> None:
    page = Page(desk)
    waiting = Exchange(Asked(QUESTION), "问")
    step = asyncio.run(page.stop(Talk((waiting,), ONE, serial=1)))
    assert "已找到原文" in step.messages[-1]["content"] and json.loads(step.told)["busy"] is False
    step = asyncio.run(page.stop(Talk((waiting, waiting), ONE)))
    assert [STOPPED in message["content"] for message in step.messages] == [False, True] * 2
    done = talk_of(page, QUESTION)
    assert asyncio.run(page.stop(done)).talk == done


def test_an_account_s_questions_are_kept_and_nobody_else_s(desk: Desk) -> None:
    async def ask(visitor: Visitor) -> Talk:
        talk = Talk()
        async for step in Page(desk).ask(QUESTION, None, "", replace(HERE, visitor=visitor)):
            talk = step.talk
        return talk

    def kept(name: str) -> set[str]:
        return {one.id for one in desk.conversations.listed(name)}

    before = kept("张三")
    talk = asyncio.run(ask(ZHANG))
    assert desk.conversations.asked("张三", talk.identity) == (Asked(QUESTION),)
    asyncio.run(ask(LOCAL))
    assert kept("张三") - before == {talk.identity} and kept("李四") == set()


class As:
    """Says that somebody is logged in."""

    def __init__(self, app: Any, visitor: Visitor) -> None:
        self.app, self.visitor = app, visitor

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app({**scope, "state": {VISITOR: self.visitor, ARRIVAL: HERE.arrival}}, receive, send)


def app_of(desk: Desk, visitor: Visitor) -> Any:
    from fastapi import FastAPI
    from starlette.testclient import TestClient

    from assistant.web.chat import conversations, export, scoping, suggestions

    routes = Routes(app := FastAPI())
    for area in (conversations, export, scoping, suggestions):
        area.add_routes(routes, desk)
    return TestClient(As(app, visitor))


def test_kept_conversations_over_http(desk: Desk) -> None:
    desk.conversations.keep("张三", ONE, (Asked(QUESTION), Asked("还有呢")))
    zhang, li, nobody = (app_of(desk, visitor) for visitor in (ZHANG, LI, LOCAL))
    assert ONE in [one["id"] for one in zhang.get("/api/conversations", params={"words": "整改"}).json()]
    assert zhang.get("/api/conversation", params={"id": ONE}).json() == {
        "id": ONE, "questions": [{"text": QUESTION}, {"text": "还有呢"}]
    }  # fmt: skip
    for client in (li, nobody):
        for method, path, sent in (
            ("GET", "/api/conversation", {"params": {"id": ONE}}),
            ("POST", "/api/conversation/rename", {"json": {"id": ONE, "title": "我的"}}),
            ("POST", "/api/conversation/delete", {"json": {"id": "../x"}}),
        ):
            response = client.request(method, path, **sent)
            assert response.status_code == 400 and list(response.json()) == ["error"]
    assert li.post("/api/conversation/delete", json={"all": True}).status_code == 200
    assert zhang.post("/api/conversation/rename", json={"id": ONE, "title": "整改"}).status_code == 200
    assert "整改" in [one["title"] for one in zhang.get("/api/conversations").json()]
    assert zhang.post("/api/conversation/delete", json={"id": ONE}).status_code == 200
    assert zhang.get("/api/conversation", params={"id": ONE}).status_code == 400


@pytest.mark.parametrize(
    ("text", "texts", "topic"),
    [
        ("政治巡察的根本任务是什么", ["政治巡察的根本任务是什么", "政治巡视的根本任务是什么"], "政治巡察 根本任务"),
        ("那具体怎么做", ["巡视整改具体怎么做"], "巡视整改"),
        ("换个问题，本轮巡视对几个单位开展巡视", ["本轮巡视对几个单位开展巡视"], "本轮巡视对 单位开展巡视"),
        ("展开说说", [], "巡视整改"),
        ("出处在哪", [], "巡视整改"),
    ],
)
def test_a_question_is_understood_once_from_the_box_to_the_page(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, text: str, texts: list[str], topic: str
) -> None:
    page = Page(desk)
    before = talk_of(page, QUESTION)
    parsed = count_parses(monkeypatch)
    answered = steps(page, text, before)[-1]
    assert parsed == texts
    (href,) = [a["href"] or "" for _, a in Shown(answered.messages[-1]["content"]).tags if a.get("class") == "study"]
    assert parse_qs(urlsplit(href).query)["topic"] == [topic]


def test_a_question_that_is_stopped_is_not_understood_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(desk)
    asked = steps(page, "那具体怎么做", talk_of(page, QUESTION))[0].talk
    parsed = count_parses(monkeypatch)
    stopped = asyncio.run(page.stop(asked))
    assert parsed == [] and stopped.talk.exchanges[-1].found


def test_what_is_next_is_told_to_whom_was_answered(desk: Desk) -> None:
    talk = talk_of(Page(desk), QUESTION)
    said = {"id": talk.identity, "serial": talk.serial}
    nobody, zhang = app_of(desk, LOCAL), app_of(desk, ZHANG)
    found = nobody.post("/api/next", json=said).json()
    assert found and all(desk.service().ask(question).citations for question in found)
    assert zhang.post("/api/next", json=said).json() == []
    for forged in ({}, {"id": talk.identity}, said | {"serial": 99}, said | {"id": [1]}):
        assert nobody.post("/api/next", json=forged).json() == []
    assert len(nobody.get("/api/examples").json()) == 4


def test_export_over_http_asks_the_server_and_nobody_else(desk: Desk) -> None:
    client = app_of(desk, LOCAL)
    said = {"kind": "md", "title": "整改", "questions": [{"text": QUESTION, "answer": "伪造的答案"}]}
    response = client.post("/api/export", json=said)
    assert response.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert "伪造" not in response.text and desk.service().ask(QUESTION).citations[0].quote in response.text
    assert client.post("/api/export", json=said | {"kind": "docx"}).content[:2] == b"PK"
    gone = {"questions": [{"text": QUESTION, "scope": {"documents": ["gone"]}}]}
    for forged in ({"kind": "exe"}, {"kind": ["md"]}, {"questions": "x"}, {"title": ""}, {"title": 1}, gone):
        response = client.post("/api/export", json=said | forged)
        assert response.status_code == 400 and response.json()["error"].endswith("。")


def test_the_documents_to_choose_from(desk: Desk) -> None:
    (row,) = app_of(desk, LOCAL).get("/api/scope").json()["documents"]
    assert row == {"id": desk.service().documents()[0].id, "title": "市委巡视动员部署会讲话", "date": "", "folder": ""}


@pytest.fixture(scope="module")
def client(desk: Desk) -> Iterator[Any]:
    from starlette.testclient import TestClient

    with TestClient(server.build_app(desk.settings, desk)) as client:
        yield client


@pytest.mark.slow
def test_no_event_of_the_page_ends_by_itself(client: Any) -> None:
    """When the last event ends Gradio closes its stream: what is asked in that moment would be swallowed."""
    events = client.get("/config").json()["dependencies"]
    asking = [e for e in events if e["backend_fn"]]
    assert asking and all(how in ("click", "submit") for e in asking for _, how in e["targets"])


def test_the_folder_of_the_page_has_no_conversation_of_the_nameless(desk: Desk, tmp_path: Path) -> None:
    lone = Desk(settings_in(tmp_path, history_days=0), lambda _: desk.service())
    opened(lone)
    talk_of(Page(lone), QUESTION)
    assert list(tmp_path.iterdir()) == []


def test_a_service_is_asked_for_a_visitor(desk: Desk) -> None:
    assert isinstance(desk.service_for(ZHANG), Service)
