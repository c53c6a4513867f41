"""A question is taken apart once a turn: by whoever begins the turn, and by nobody to whom it is handed on."""

from pathlib import Path

import pytest

from assistant.answering.answer import Status
from assistant.answering.conversation.state import Conversation
from assistant.answering.conversation.suggestions import suggest
from assistant.answering.sentences.scoring import Fate
from assistant.answering.service import Service
from assistant.base.settings import Settings
from assistant.evaluation.explanation import explain
from assistant.evaluation.question_sets import SetQuestion
from assistant.evaluation.runs import run_set
from assistant.language.question import parse_question
from support.parsing import count_parses
from support.paths import ROOT

LEAVE = """机关考勤办法
第一条　为了严肃工作纪律，制定本办法。
第二条　病假最多三十日，事假最多十日，因为岗位不能长期空缺。
第三条　病假由人事科登记。
"""
SICK = "病假最多多少天"
NAMED = "《机关考勤办法》病假最多多少天"
POINTS = "讲话提了哪三点意见"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """The speech with its glossary, and a document of rules."""
    corpus = tmp_path_factory.mktemp("once")
    for name in ("市委巡视动员部署会讲话.txt", "glossary.toml"):
        (corpus / name).write_text((ROOT / "corpus" / name).read_text(encoding="utf-8"), encoding="utf-8")
    (corpus / "机关考勤办法.txt").write_text(LEAVE, encoding="utf-8")
    made = Service(Settings(corpus=corpus, index=Path(corpus, "index")))
    made.ensure()
    return made


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return count_parses(monkeypatch)


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        (SICK, [SICK]),
        ("巡察整改要求是什么", ["巡察整改要求是什么", "巡视整改要求是什么"]),  # in the glossary's words, too
        (NAMED, [NAMED, SICK]),  # without the document's name, too
        ("什么是政治巡视", ["什么是政治巡视", "所称政治巡视，是指"]),  # as documents define, too
    ],
)
def test_a_plain_question(service: Service, parsed: list[str], question: str, texts: list[str]) -> None:
    assert service.ask(question).status is Status.ANSWERED
    assert parsed == texts


@pytest.mark.parametrize(
    ("before", "text", "texts"),
    [
        ("", SICK, [SICK]),
        (SICK, "那事假呢", ["事假最多多少天"]),
        (SICK, "由谁批准", ["病假由谁批准"]),
        (SICK, "为什么", ["病假最多多少天，为什么"]),
        (SICK, "换个问题，事假最多多少天", ["事假最多多少天"]),
        (NAMED, "由谁审批", ["《机关考勤办法》病假由谁审批", "病假由谁审批"]),  # of those cited, then of all
        (POINTS, "第二点呢", ["《市委巡视动员部署会讲话》第二点讲了什么", "第二点讲了什么"]),
        (POINTS, "展开说说", []),
        (SICK, "展开说说", []),
        (SICK, "还有呢", []),
        (SICK, "出处在哪", []),
        (SICK, "谢谢", []),
    ],
)
def test_a_turn(service: Service, parsed: list[str], before: str, text: str, texts: list[str]) -> None:
    conversation = service.converse(before, Conversation())[1] if before else Conversation()
    parsed.clear()
    service.converse(text, conversation)
    assert parsed == texts


def test_questions_to_ask_next(service: Service, parsed: list[str]) -> None:
    answer, talk = service.converse("巡视整改要求是什么", Conversation())
    parsed.clear()
    assert suggest(service.answerer, answer, talk, [])
    assert len(parsed) == len(set(parsed)) > 1


def test_a_question_that_is_explained_or_of_a_set(service: Service, parsed: list[str]) -> None:
    assert explain(service.answerer, SICK).passages
    assert parsed == [SICK]
    run_set(service.answerer, [SetQuestion(2, SICK, ("病假最多三十日",)), SetQuestion(3, POINTS)], lambda *_: None)
    assert parsed == [SICK, SICK, POINTS]


def test_a_query_is_parsed_once_for_all_choices_of_documents(service: Service, parsed: list[str]) -> None:
    query = service.answerer.query(parse_question("《机关考勤办法》巡察由谁批准"))
    for documents in (None, [], None, *([record.id] for record in service.documents())):
        service.answerer.answer(query, documents)
        service.answerer.shown(query, Status.ANSWERED, [])
    assert sorted(parsed) == ["《机关考勤办法》巡视由谁批准", "巡察由谁批准", "巡视由谁批准"]


def test_what_speaks_against_sentences_is_not_written_into_what_was_weighed(service: Service) -> None:
    answerer, asked = service.answerer.adjusted(0.4, 1.0), parse_question(SICK)
    hits, units = answerer.examine(asked).hits, answerer._judge.units(asked)
    weighed = answerer._weigh(asked, units, list(hits))
    before = dict(weighed.fates)
    decision = answerer._choose(asked, units, weighed, ())
    assert weighed.fates == before
    assert decision.weighed is not None
    assert decision.weighed.fates == before | {j.candidate.order: Fate.UNLIKELY for j in weighed.fit} != before
