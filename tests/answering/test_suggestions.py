"""Questions to ask next: made from the documents, and each of them answered."""

from pathlib import Path

import pytest

from assistant.answering.answer import Status
from assistant.answering.conversation.state import Conversation
from assistant.answering.conversation.suggestions import QUESTION_MOST, SHOWN, _questions, suggest
from assistant.answering.service import Service
from assistant.base.settings import Settings
from support.corpus import write
from support.paths import ROOT


@pytest.mark.parametrize(
    ("sentence", "questions"),
    [
        ("第二条　工作人员请假，应当具备下列条件之一：", ["工作人员请假，应当具备哪些条件？"]),
        ("公务员有下列情形之一的，予以辞退：", ["公务员有哪些情形的，予以辞退？"]),
        ("政治巡察的根本任务是督促被巡察党组织落实部署。", ["政治巡察的根本任务是什么？"]),
        ("第三条　留置时间不得超过三个月。", ["留置时间不得超过多少个月？"]),
        ("食堂由行政科负责管理。", ["食堂由谁负责管理？"]),
        ("本条例所称家庭成员，是指公民的配偶和子女。", ["什么是家庭成员？"]),
        ("行政机关应当自立案之日起九十日内作出处罚决定。", ["行政机关应当自立案之日起多少日内作出处罚决定？"]),
        ("其任务是督促落实各项部署。", []),
        ("要深入群众，掌握方法。", []),
    ],
)
def test_a_sentence_gives_the_questions_that_it_answers(sentence: str, questions: list[str]) -> None:
    assert list(_questions(sentence)) == questions


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    service = Service(Settings(corpus=ROOT / "corpus", index=tmp_path_factory.mktemp("next") / "index"))
    service.ensure()
    return service


@pytest.mark.parametrize("text", ["巡视整改要求是什么", "“四个聚焦”是什么？", "火星上有多少只企鹅", "第二点讲了什么"])
def test_all_that_is_shown_is_answered_and_new(service: Service, text: str) -> None:
    answer, talk = service.converse(text, Conversation())
    shown = suggest(service.answerer, answer, talk, [text])
    assert 0 < len(shown) <= SHOWN and len(set(shown)) == len(shown)
    for question in shown:
        found, _ = service.converse(question, talk)
        assert found.status is Status.ANSWERED and found.understood == ""
        assert not {(c.start, c.end) for c in found.citations} <= {(c.start, c.end) for c in answer.citations}
        assert question != text and len(question) <= QUESTION_MOST and question.endswith("？")


def test_nothing_that_was_asked_is_shown_again(service: Service) -> None:
    answer, talk = service.converse("巡视整改要求是什么", Conversation())
    first = suggest(service.answerer, answer, talk, ["巡视整改要求是什么"])
    again = suggest(service.answerer, answer, talk, ["巡视整改要求是什么", *first])
    assert first and not set(first) & set(again)


def test_nothing_is_suggested_from_outside_the_scope(tmp_path: Path) -> None:
    for name, days in (("甲办法.txt", "三十"), ("乙办法.txt", "四十五")):
        write(tmp_path / "corpus", name, f"第一条　病假一般不得超过{days}日。\n第二条　食堂由行政科负责管理。\n")
    service = Service(Settings(corpus=tmp_path / "corpus", index=tmp_path / "index"))
    service.ensure()
    only = next(r.id for r in service.documents() if r.title == "甲办法")
    answer = service.ask("病假最多多少日？", [only])
    shown = suggest(service.answerer, answer, Conversation(), [answer.question], [only])
    assert shown and not any("乙办法" in question for question in shown)
    assert suggest(service.answerer, service.ask("火星", [only]), Conversation(), [], []) == []
