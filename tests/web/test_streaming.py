"""Answers that a language model writes while the page shows them: what is shown, kept, recorded and ended."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.generation.writer import SILENT, Writer
from assistant.answering.service import Service
from assistant.base.errors import GenerationError
from assistant.base.settings import Settings
from assistant.models.generator import Message
from assistant.web import streaming
from assistant.web.chat import html as chat_html
from assistant.web.chat.asking import Page
from assistant.web.chat.talk import Talk
from assistant.web.desk import Desk
from assistant.web.streaming import streamed
from support.corpus import write
from support.pages import Shown, opened, settings_in, steps, wait_for

LAW = """第一条　病假一般不得超过三十日，由行政科批准。
第二条　病假期满需要延长的，应当提交医院的证明，最长可以延长至九十日。
第三条　病假期间工资按照百分之八十发放。
"""
QUESTION = "病假有什么规定？"
SENTENCES = ["病假期间工资按照80%发放[3]。", "病假可以休一百天[2]。", "病假一般不得超过30日[1]。"]


class Talker:
    """A language model that says its pieces, then, if `endless`, nothing for ever; at None it waits for `go`."""

    name = "模型甲"

    def __init__(self, *pieces: str | None, endless: bool = False) -> None:
        self.pieces, self.endless = pieces, endless
        self.go, self.closed = threading.Event(), threading.Event()
        self.asked: list[list[Message]] = []

    def stream(self, messages: list[Message]) -> Iterator[str]:
        self.asked.append(messages)
        try:
            for piece in self.pieces:
                if piece is None:
                    assert self.go.wait(60)
                else:
                    yield piece
            while self.endless:
                time.sleep(0.01)
                yield ""
        finally:
            self.closed.set()


class Failing(Talker):
    """Says its pieces, and then that it failed."""

    def stream(self, messages: list[Message]) -> Iterator[str]:
        yield from super().stream(messages)
        raise GenerationError("语言模型坏了：请换一个。")


Office = Callable[[Talker | None], Page]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("streaming")
    write(folder / "corpus", "考勤办法.txt", LAW)
    return settings_in(folder)


@pytest.fixture
def office(settings: Settings, tmp_path: Path) -> Office:
    """Returns a maker of pages whose answers a language model words."""

    def made(talker: Talker | None) -> Page:
        def open_service(given: Settings) -> Service:
            service = Service(given)
            service._writer = Writer(talker, 30) if talker else None
            return service

        return Page(opened(Desk(replace(settings, history=tmp_path / "history.sqlite"), open_service)))

    return made


def contents(found: list[Any]) -> list[str]:
    """What the chat shows last at each step, without repetitions."""
    last = [step[0][-1]["content"] for step in found]
    return [html for at, html in enumerate(last) if at == 0 or html != last[at - 1]]


def statements(html: str) -> list[str]:
    return [Shown(part.split("</p>")[0]).text for part in html.split('<p class="point">')[1:]]


def test_an_answer_grows_by_checked_sentences_and_is_recorded_and_kept_once_whole(office: Office) -> None:
    page = office(talker := Talker(*SENTENCES))
    found = steps(page, QUESTION)
    question, waiting, *growing, whole = contents(found)
    assert question == f'<div class="question">病假有什么规定？</div>{chat_html.EDIT}'
    assert waiting == chat_html.WRITING_HTML
    said = [
        "1.病假期间工资按照80%发放。[1]",
        "2.第二条　病假期满需要延长的，应当提交医院的证明，最长可以延长至九十日。[2]",
    ]
    said.append("3.病假一般不得超过30日。[3]")
    assert [statements(html) for html in growing] == [said[:1], said[:2], said, said]  # at last with its notice
    assert all('class="answer answered growing"' in html and "feedback" not in html for html in growing)
    assert statements(whole) == statements(growing[-1])
    assert "（有 1 句未能与原文核对一致，已换成原文。）" in whole and "feedback" in whole and "growing" not in whole
    assert [step[1].conversation.turns for step in found[:-1]] == [()] * (len(found) - 1)
    assert {len(step[1].messages) for step in found[:-1]} == {1}
    assert [step[2] for step in found] == ["", *[None] * (len(found) - 1)]
    (turn,) = found[-1][1].conversation.turns
    assert (turn.answer.generator, turn.answer.passages) == ("模型甲", ())
    assert [c.quote[:3] for c in turn.answer.citations] == ["第三条", "第二条", "第一条"]
    (record,) = page.desk.history.asked()
    assert record.question == QUESTION
    assert len(talker.asked) == 1 and talker.closed.is_set()


def test_what_goes_on_from_a_worded_answer_goes_on_from_what_was_shown(office: Office) -> None:
    page = office(talker := Talker(*SENTENCES))
    talk = steps(page, QUESTION)[-1][1]
    place = contents(steps(page, "出处在哪", talk))
    item = contents(steps(page, "第一条呢", talk))
    assert len(place) == len(item) == 2  # commands are not worded
    assert [text[:8] for text in statements(place[-1])] == ["1.第三条　病假", "2.第二条　病假", "3.第一条　病假"]
    assert [text[:8] for text in statements(item[-1])] == ["1.第三条　病假"]
    assert len(talker.asked) == 1


def test_a_follow_up_is_worded_as_the_question_that_it_is(office: Office) -> None:
    page = office(talker := Talker(*SENTENCES))
    steps(page, "那病假呢", steps(page, "产假最多多少日？")[-1][1])
    assert "问题：病假最多多少日\n" in talker.asked[-1][1]["content"]


def test_a_failing_model_leaves_the_extract_with_a_notice(office: Office) -> None:
    extract = statements(contents(steps(office(None), QUESTION))[-1])
    _, _, growing, whole = contents(steps(office(Failing(SENTENCES[0], "病假")), QUESTION))
    assert statements(growing) == ["1.病假期间工资按照80%发放。[1]"]
    assert statements(whole) == extract != []
    assert f'<p class="note">{SILENT}</p>' in whole and chat_html.WORDED not in whole and "feedback" in whole


def test_without_a_model_there_is_one_step_and_one_thread(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    page, hops = office(None), []
    to_thread = asyncio.to_thread

    async def counted(*arguments: Any) -> Any:
        hops.append(arguments[0])
        return await to_thread(*arguments)

    monkeypatch.setattr(asyncio, "to_thread", counted)
    monkeypatch.setattr(streaming, "streamed", None)
    assert len(steps(page, QUESTION)) == 2
    assert len(hops) == 1


async def until(steps_: Any, wanted: Callable[[str], bool]) -> list[Any]:
    found = []
    async for step in steps_:
        found.append(step)
        if wanted(step[0][-1]["content"]):
            break
    return found


@pytest.mark.parametrize("cancelled", [False, True], ids=["closed", "cancelled"])
def test_who_leaves_ends_the_call_and_nothing_is_kept(office: Office, cancelled: bool) -> None:
    page = office(talker := Talker(SENTENCES[0], "病", None, endless=True))
    before = threading.active_count()

    async def leave() -> list[Any]:
        async with aclosing(page.ask(QUESTION, Talk())) as asked:
            return await until(asked, lambda html: "growing" in html)

    async def be_cancelled() -> None:
        shown = asyncio.Event()

        async def read() -> None:
            async for step in page.ask(QUESTION, Talk()):
                if "growing" in step[0][-1]["content"]:
                    shown.set()

        task = asyncio.create_task(read())
        await shown.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    if cancelled:
        asyncio.run(be_cancelled())
    else:
        assert {len(step[1].messages) for step in asyncio.run(leave())} == {1}
    assert not talker.closed.is_set()
    talker.go.set()
    wait_for(talker.closed.is_set, 5)
    wait_for(lambda: threading.active_count() <= before, 5)
    assert page.desk.history.asked() == []


def test_who_leaves_a_silent_model_is_noticed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "BEAT_SECONDS", 0.01)
    page = office(talker := Talker(None, endless=True))

    async def leave() -> int:
        async with aclosing(page.ask(QUESTION, Talk())) as asked:
            seen = 0
            async for step in asked:
                seen += step[0][-1]["content"] == chat_html.WRITING_HTML
                if seen == 5:
                    return seen
        return seen

    assert asyncio.run(leave()) == 5
    talker.go.set()
    wait_for(talker.closed.is_set, 5)


def test_answers_being_written_hold_up_nobody(office: Office) -> None:
    page = office(talker := Talker(None, *SENTENCES))
    plain = office(None)

    async def ask(count: int) -> list[str]:
        waiting = [
            asyncio.create_task(until(page.ask(QUESTION, Talk()), lambda html: "feedback" in html))
            for _ in range(count)
        ]
        while len(talker.asked) < count:
            await asyncio.sleep(0.01)
        answered = await asyncio.wait_for(until(plain.ask(QUESTION, Talk()), lambda html: "feedback" in html), 10)
        talker.go.set()
        return [found[-1][0][-1]["content"] for found in (answered, *await asyncio.gather(*waiting))]

    found = asyncio.run(ask(40))
    assert len(found) == 41
    assert len({tuple(statements(html)) for html in found[1:]}) == 1


def test_streamed_hands_on_what_comes_and_what_goes_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    async def read(make: Callable[[threading.Event], Iterator[int]]) -> list[int | None]:
        return [item async for item in streamed(make)]

    def pausing(left: threading.Event) -> Iterator[int]:
        yield 1
        left.wait(0.2)
        yield 2

    assert asyncio.run(read(lambda _: iter(range(1000)))) == list(range(1000))
    assert asyncio.run(read(lambda _: iter([]))) == []
    with pytest.raises(ZeroDivisionError):
        asyncio.run(read(lambda _: (1 // n for n in (1, 0))))
    monkeypatch.setattr(streaming, "BEAT_SECONDS", 0.03)
    first, *beats, last = asyncio.run(read(pausing))
    assert (first, last) == (1, 2) and set(beats) == {None}
