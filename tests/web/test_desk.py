"""The desk, and what happens on the page."""

import asyncio
import re
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.answer import Status
from assistant.answering.conversation.kept import QUESTIONS_MOST, Asked
from assistant.answering.conversation.state import BEGUN, TURNS_KEPT, Conversation, understand
from assistant.answering.conversation.turn import UNANSWERED
from assistant.answering.service import Service
from assistant.base.errors import AssistantError, SettingsError, StoreError
from assistant.base.settings import Settings
from assistant.documents.catalog import load_catalog
from assistant.web import desk
from assistant.web.chat import html
from assistant.web.chat.asking import Page
from assistant.web.chat.feedback import give_feedback
from assistant.web.chat.suggestions import example_questions
from assistant.web.chat.talk import Exchange, Talk
from assistant.web.desk import Desk, Reply, Stage
from assistant.web.endpoint import Done
from assistant.web.reader import places, routes
from assistant.web.reader.requests import PlaceRequest
from assistant.web.requests import checked
from support.pages import (
    QUESTION,
    Shown,
    anchor_of,
    feedback_id,
    hostile_settings,
    opened,
    settings_in,
    steps,
    wait_for,
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return hostile_settings(tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def service(settings: Settings) -> Service:
    service = Service(settings)
    service.ensure()
    return service


@pytest.fixture(scope="module")
def ready(settings: Settings, service: Service) -> Desk:
    return opened(Desk(settings))


def test_why_a_place_cannot_be_opened(service: Service) -> None:
    known = service.documents()[0].id
    for document in ("d000000000000", "../../etc/passwd", "' OR 1=1 --"):
        with pytest.raises(SettingsError, match=re.escape(routes.NO_DOCUMENT.format(document))):
            routes.open_place(service, checked(PlaceRequest, {"document": document, "start": 0, "end": 5}).place)
    for start, end in ((0, 10**9), (10**30, 10**31)):
        with pytest.raises(SettingsError, match=places.CHANGED):
            routes.open_place(service, checked(PlaceRequest, {"document": known, "start": start, "end": end}).place)


def test_asking_shows_the_question_first_and_keeps_the_conversation(ready: Desk, service: Service) -> None:
    page = Page(ready)
    asked, answered = steps(page, f" {QUESTION} ")
    assert asked[0] == [{"role": "user", "content": f'<div class="question">{QUESTION}</div>{html.EDIT}'}]
    assert (asked.box, answered.box) == ("", None)  # emptied once, then left to whoever types the next question
    assert [m["role"] for m in answered[1].messages] == ["user", "assistant"]
    assert Shown(answered[0][1]["content"]).links().count(anchor_of(service.ask(QUESTION).citations[0])) == 2
    again = steps(page, "<b>粗</b>", answered[1])[-1]
    assert [m["role"] for m in again[0]] == ["user", "assistant"] * 2
    assert again[0][2]["content"] == f'<div class="question">&lt;b&gt;粗&lt;/b&gt;</div>{html.EDIT}'
    assert [turn.asked for turn in again[1].conversation.turns] == [QUESTION, "<b>粗</b>"]


def test_what_a_follow_up_is_understood_as_is_shown_with_the_question(ready: Desk) -> None:
    page = Page(ready)
    first = steps(page, QUESTION)[-1]
    assert "understood" not in first[0][0]["content"]
    asked, answered = steps(page, "那具体怎么做", first[1])
    shown = Shown(asked[0][2]["content"])
    assert shown.text == "那具体怎么做理解为：巡视整改具体怎么做改一改编辑"
    assert ("button", {"class": "mend", "title": html.MEND}) in shown.tags
    assert "已找到原文" in answered[0][3]["content"]
    more = steps(page, "出处在哪", answered[1])[-1]
    assert Shown(more[0][4]["content"]).text == "出处在哪理解为：巡视整改具体怎么做（出处）改一改编辑"
    none = steps(page, "还有呢", steps(page, "火星上有多少只企鹅", more[1])[-1][1])[-1]
    assert none[0][-1]["content"] == html.notice_html(UNANSWERED)
    lost = steps(page, "第九十点呢", more[1])[-1][0][-1]["content"]
    assert lost.startswith('<div class="answer notice">')


def test_a_reset_forgets_and_says_so(ready: Desk) -> None:
    page = Page(ready)
    talk = steps(page, "换个问题", steps(page, QUESTION)[-1][1])[-1][1]
    assert talk.messages[-1]["content"] == html.notice_html(BEGUN)
    assert talk.conversation == Conversation()
    assert "请先说明要问的事" in steps(page, "为什么", talk)[-1][0][-1]["content"]


def test_words_are_explained_once_and_only_under_answers_to_questions(ready: Desk, service: Service) -> None:
    page, (line,) = Page(ready), service.glossary.explained("巡察整改要求是什么")
    first = steps(page, "巡察整改要求是什么")[-1]
    assert f'<p class="quiet">{line}</p>' in first[0][-1]["content"]
    for text in ("出处在哪", "展开说说", QUESTION):
        assert "词表解释" not in steps(page, text, first[1])[-1][0][-1]["content"]
    assert "：巡视：" in steps(page, QUESTION)[-1][0][-1]["content"]
    unanswered = steps(page, "两个维护什么时候写进火星章程")[-1][0][-1]["content"]
    assert "已找到原文" not in unanswered and "词表解释（不是文件原文）：两个维护：" in unanswered


@pytest.mark.parametrize("question", ["", "   ", None, "长" * 501])
def test_a_question_that_cannot_be_asked_is_not_kept(ready: Desk, question: object) -> None:
    before = Talk((Exchange(Asked("x"), "x", "y"),))
    (only,) = steps(Page(ready), question, before)
    assert "notice" in only[0][-1]["content"]
    assert only[1] == before
    assert only[2] == (question.strip() if isinstance(question, str) else "")


def test_a_conversation_does_not_grow_for_ever(ready: Desk) -> None:
    long = Talk((Exchange(Asked("x"), "x", "y"),) * QUESTIONS_MOST)
    for n in range(25):
        long = steps(Page(ready), f"火星上有{n}只企鹅吗", long)[-1][1]
    assert len(long.exchanges) == QUESTIONS_MOST and long.exchanges[0].asked.text == "x"
    assert len(long.messages) == 2 * QUESTIONS_MOST
    assert len(long.conversation.turns) == TURNS_KEPT


def test_feedback_is_kept_with_the_answer_it_is_about(ready: Desk, service: Service) -> None:
    page = Page(ready)
    one, two = feedback_id(page, QUESTION), feedback_id(page, QUESTION)
    assert one != two
    said = {"answer": one, "kind": "wrong_citation", "marker": 2, "comment": "<b>不对</b>"}
    assert give_feedback(ready.history, said) == Done("已记下，谢谢")
    (judged,) = [judged for judged in ready.history.judged() if judged.asked.id in (one, two)]
    assert (judged.asked.id, judged.asked.question, judged.asked.source) == (one, QUESTION, "page")
    assert judged.citations == service.ask(QUESTION).citations
    assert [(r.kind, r.marker, r.comment) for r in judged.remarks] == [("wrong_citation", 2, "<b>不对</b>")]


@pytest.mark.parametrize(
    "forged",
    [
        {},
        {"answer": "0" * 32, "kind": "useful"},
        {"answer": None, "kind": "useful"},
        {"kind": "useful", "marker": 1},
        {"kind": "wrong_citation"},
        {"kind": "wrong_citation", "marker": 99},
        {"kind": "wrong_citation", "marker": "1"},
        {"kind": "drop"},
        {"kind": "useful", "comment": None},
        {"kind": "missing", "comment": "长" * 201},
    ],
)
def test_forged_feedback_is_refused_in_words(ready: Desk, forged: dict[str, Any]) -> None:
    identity = feedback_id(Page(ready), QUESTION)
    with pytest.raises(AssistantError, match="。$"):
        give_feedback(ready.history, {"answer": identity} | forged)
    assert identity not in {judged.asked.id for judged in ready.history.judged()}


def test_where_nothing_is_recorded_nothing_can_be_said(settings: Settings, service: Service, tmp_path: Path) -> None:
    silent = replace(settings, history=tmp_path / "history.sqlite", history_days=0)
    page = Page(opened(Desk(silent)))
    assert 'class="feedback"' not in steps(page, QUESTION)[-1][0][-1]["content"]
    with pytest.raises(SettingsError):
        give_feedback(page.desk.history, {"answer": "0" * 32, "kind": "useful"})
    assert list(tmp_path.iterdir()) == []


def test_a_history_of_no_use_loses_no_answer(settings: Settings, service: Service, tmp_path: Path) -> None:
    (tmp_path / "history.sqlite").write_bytes(b"x" * 5000)
    page = Page(opened(Desk(replace(settings, history=tmp_path / "history.sqlite"))))
    identity = feedback_id(page, QUESTION)
    with pytest.raises(StoreError, match="已损坏"):
        give_feedback(page.desk.history, {"answer": identity, "kind": "useful"})


def replies(asked: Desk, text: str) -> list[Reply]:
    async def collect() -> list[Reply]:
        return [reply async for reply in asked.converse(understand(text, Conversation()), Conversation())]

    return asyncio.run(collect())


class SlowService:
    """Opens only when told to."""

    def __init__(self, service: Service, go: threading.Event) -> None:
        self._service, self._go = service, go

    def ensure(self, report: Any) -> None:
        report("读取文件", 3, 12)
        assert self._go.wait(60)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._service, name)


def test_a_question_asked_while_loading_waits_for_the_index(settings: Settings, service: Service) -> None:
    go = threading.Event()
    slow = Desk(settings, lambda _: SlowService(service, go))  # type: ignore[arg-type,return-value]
    slow.start()
    wait_for(lambda: slow.health().message == "正在读取文件 3/12 …")
    assert slow.health().status is Stage.LOADING
    with pytest.raises(StoreError, match="正在读取文件 3/12 …文件还没有准备好，请稍等片刻再发送一次。"):
        replies(slow, QUESTION)
    threading.Timer(0.3, go.set).start()
    asked, answered = steps(Page(slow), QUESTION)
    assert asked[0][1] == {"role": "assistant", "content": html.WAITING_HTML}
    assert (len(asked[1].messages), len(answered[0])) == (1, 2)
    assert "已找到原文" in answered[0][1]["content"]
    (reply,) = replies(slow, QUESTION)
    assert reply.whole and reply.answer.citations == service.ask(QUESTION).citations
    assert slow.health().message == "可以提问：2 份文件"


def test_opening_is_tried_again_until_it_works(
    settings: Settings, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "RETRY_SECONDS", 0.05)
    mended = threading.Event()

    def open_service(_: Settings) -> Service:
        if not mended.is_set():
            raise StoreError("索引已损坏：请运行 build 重建。")
        return service

    failing = Desk(settings, open_service)
    failing.start()
    wait_for(lambda: failing.health().status is Stage.ERROR)
    assert failing.health().message == "索引已损坏：请运行 build 重建。"
    shown = steps(Page(failing), QUESTION)[-1][0][-1]["content"]
    assert shown == html.notice_html("索引已损坏：请运行 build 重建。")
    mended.set()
    wait_for(lambda: failing.health().status is Stage.READY)


def test_an_unexpected_failure_does_not_load_for_ever(settings: Settings) -> None:
    def open_service(_: Settings) -> Service:
        raise ZeroDivisionError

    broken = Desk(settings, open_service)
    broken.start()
    wait_for(lambda: broken.health().status is Stage.ERROR)
    broken.close()
    assert broken.health().message == desk.UNEXPECTED


def test_an_empty_corpus_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    empty = opened(Desk(settings_in(tmp_path, history_days=0)))
    assert empty.health().documents == 0
    assert empty.health().message.startswith("还没有可以查询的文件：请把文件放进")
    assert example_questions(empty.service()) == []
    assert "没有找到" in steps(Page(empty), QUESTION)[-1][0][-1]["content"]


def test_examples_fit_the_documents(ready: Desk, tmp_path: Path) -> None:
    examples = example_questions(ready.service())
    assert examples == list(load_catalog(ready.service().settings.corpus).examples)
    assert {ready.service().ask(text).status for text in examples} == {Status.ANSWERED}
    (tmp_path / "corpus").mkdir()
    for n in range(6):
        (tmp_path / "corpus" / f"办法{n}.txt").write_text(f"第一条　为规范第{n}项工作，制定本办法。", encoding="utf-8")
    other = opened(Desk(settings_in(tmp_path, history_days=0)))
    assert example_questions(other.service()) == [f"《办法{n}》主要讲了什么？" for n in range(4)]
    wanted = 'examples = ["《办法5》主要讲了什么？", "火星上有没有水"]\n'
    (tmp_path / "corpus" / "catalog.toml").write_text(wanted, encoding="utf-8")
    first, *rest = example_questions(other.service())
    assert first == "《办法5》主要讲了什么？"
    assert rest == [f"《办法{n}》主要讲了什么？" for n in range(3)]
