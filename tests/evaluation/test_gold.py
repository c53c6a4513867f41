import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answering.answer import Citation
from assistant.answering.service import Service
from assistant.base.settings import Settings
from assistant.evaluation.feedback import gold
from assistant.evaluation.feedback.gold import Doubt, doubts_text, gold_lines, gold_questions
from assistant.evaluation.feedback.history import Asked, FileHistory, Judged, Kind, Remark, Source
from assistant.evaluation.metrics import GoldQuestion, evaluate_gold, load_gold
from support.paths import ROOT

QUESTION = "整改要求有哪些？"
USEFUL = Remark(Kind.USEFUL, None, 0, "")
MISSING = Remark(Kind.MISSING, None, 0, "想找时限")


def wrong(marker: int, comment: str = "") -> Remark:
    return Remark(Kind.WRONG_CITATION, marker, 0, comment)


def judged(*remarks: Remark, status: str = "answered", question: str = QUESTION, quotes: str = "甲乙丙") -> Judged:
    """An answer that cites the letters of `quotes`, the later the better."""
    cited = [Citation(n, "题", "d", None, "", 1, n, n + 1, q, n / 10) for n, q in enumerate(quotes, 1)]
    return Judged(Asked("i", 0, question, status, 1.0, "page"), tuple(cited), remarks)


def everything(_: Citation) -> bool:
    return True


def made(*answers: Judged, stands: Callable[[Citation], bool] = everything) -> tuple[list[GoldQuestion], list[Doubt]]:
    return gold_questions(answers, stands)


def test_the_best_quote_of_a_useful_answer_is_must_and_the_others_may() -> None:
    assert made(judged(USEFUL)) == ([GoldQuestion(QUESTION, "list", ("丙",), ("甲", "乙"))], [])


def test_a_quote_that_is_wrong_is_no_evidence() -> None:
    assert made(judged(USEFUL, wrong(3))) == ([GoldQuestion(QUESTION, "list", ("乙",), ("甲",))], [])
    assert made(judged(USEFUL, wrong(1))) == ([GoldQuestion(QUESTION, "list", ("丙",), ("乙",))], [])


@pytest.mark.parametrize("remarks", [(wrong(1, "不对"),), (USEFUL, wrong(1, "不对"))])
def test_where_no_quote_is_left_a_person_has_to_look(remarks: tuple[Remark, ...]) -> None:
    assert made(judged(*remarks, quotes="甲")) == ([], [Doubt(QUESTION, gold.WRONG, ("甲",), ("不对",))])


def test_quotes_that_nobody_confirmed_are_no_evidence() -> None:
    assert made(judged(wrong(1))) == ([], [Doubt(QUESTION, gold.WRONG, ("甲",), ())])


@pytest.mark.parametrize(
    ("question", "kind"),
    [("为什么要整改", "why"), ("讲了哪三点意见", "outline"), ("怎么整改", "list"), ("组长叫什么名字", "fact")],
)
def test_the_kind_is_that_of_the_question(question: str, kind: str) -> None:
    assert [g.kind for g in made(judged(USEFUL, question=question))[0]] == [kind]


def test_rightly_silent_answers_have_no_evidence() -> None:
    assert made(judged(USEFUL, status="not_found", quotes="")) == ([GoldQuestion(QUESTION, "none", (), ())], [])
    assert made(judged(USEFUL, status="mentioned")) == ([GoldQuestion(QUESTION, "unexplained", (), ())], [])


def test_what_is_missing_is_never_guessed() -> None:
    for status, quotes in (("not_found", ""), ("mentioned", "甲"), ("answered", "甲")):
        answer = judged(MISSING, status=status, quotes=quotes)
        assert made(answer) == ([], [Doubt(QUESTION, gold.MISSING, (), ("想找时限",))])


def test_one_question_however_typed_is_one_line() -> None:
    again = judged(USEFUL, question="整改 要求有哪些", quotes="丁丙")
    assert made(judged(USEFUL), again) == ([GoldQuestion(QUESTION, "list", ("丙",), ("甲", "乙", "丁"))], [])


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ((judged(USEFUL), judged(MISSING)), gold.DISAGREED),
        ((judged(USEFUL, MISSING),), gold.DISAGREED),
        ((judged(USEFUL), judged(wrong(2))), gold.QUOTE_DISAGREED),
        ((judged(USEFUL, quotes="丙"), judged(wrong(1), quotes=["前丙后"])), gold.QUOTE_DISAGREED),  # type: ignore[arg-type]
        ((judged(USEFUL), judged(USEFUL, status="not_found", quotes="")), gold.STATUS_DISAGREED),
        ((judged(USEFUL, status="mentioned"), judged(USEFUL, status="not_found", quotes="")), gold.STATUS_DISAGREED),
        ((judged(USEFUL, wrong(1), status="mentioned"),), gold.QUOTE_DISAGREED),
    ],
)
def test_contradictions_are_listed_and_not_written(answers: tuple[Judged, ...], reason: str) -> None:
    questions, doubts = made(*answers)
    assert questions == []
    assert [(doubt.question, doubt.reason) for doubt in doubts] == [(QUESTION, reason)]


def test_evidence_must_still_stand_in_its_document() -> None:
    def without_first(citation: Citation) -> bool:
        return citation.quote != "甲"

    assert made(judged(USEFUL), stands=without_first) == ([], [Doubt(QUESTION, gold.CHANGED, (), ())])
    newer = judged(USEFUL, quotes="乙丙")
    expected = GoldQuestion(QUESTION, "list", ("丙",), ("乙",))
    assert made(judged(USEFUL), newer, stands=without_first) == ([expected], [])


def test_doubts_in_words() -> None:
    doubt = Doubt("整改\n要求", gold.WRONG, ("甲\n句",), ("不\n对",))
    assert doubts_text([doubt]) == f"  整改 要求：{gold.WRONG}。\n    有误的引文：甲 句\n    说明：不 对"


def test_the_lines_can_be_loaded(tmp_path: Path) -> None:
    written = [GoldQuestion("“引号”\\和\n换行😀", "fact", ("甲",), ("乙", "丙")), GoldQuestion("无", "none", (), ())]
    (tmp_path / "gold.jsonl").write_text(gold_lines(written), encoding="utf-8")
    assert load_gold(tmp_path / "gold.jsonl") == written
    assert [list(json.loads(line)) for line in gold_lines(written).splitlines()] == [
        ["question", "kind", "must", "may"]
    ] * 2


def test_from_questions_on_the_speech_to_measures(tmp_path: Path) -> None:
    service = Service(Settings(corpus=ROOT / "corpus", index=tmp_path / "index"))
    service.ensure()
    history = FileHistory(tmp_path / "history.sqlite", 180)
    useful = ["巡视整改要求是什么", "政治巡察的根本任务是什么", "本轮巡视对几个单位开展巡视？", "讲话提了哪三点意见？"]
    silent = {"火星上有多少只企鹅？": "none", "“四个聚焦”是什么？": "unexplained"}
    answers = {question: service.ask(question) for question in [*useful, *silent]}
    identities = {question: history.record(answer, Source.PAGE) for question, answer in answers.items()}
    for identity in identities.values():
        history.feedback(identity, "useful")
    history.feedback(identities[useful[0]], "wrong_citation", 1)
    questions, doubts = gold_questions(history.judged(), service.says)
    history.close()
    assert doubts == []
    assert {g.question: g.kind for g in questions if not g.must} == silent
    removed = answers[useful[0]].citations[0].quote
    assert removed not in next((*g.must, *g.may) for g in questions if g.question == useful[0])
    (tmp_path / "gold.jsonl").write_text(gold_lines(questions), encoding="utf-8")
    figures = evaluate_gold(load_gold(tmp_path / "gold.jsonl"), service.ask)
    cited = sum(len(answers[question].citations) for question in useful)
    assert (figures["answerable"], figures["unanswerable"]) == (4, 2)
    assert (figures["hit"], figures["recall"], figures["abstain"], figures["false0"]) == (1.0, 1.0, 1.0, 0.0)
    assert figures["prec"] == round((cited - 1) / cited, 3)


def test_a_document_that_changed_says_the_quote_no_more(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    file = tmp_path / "corpus" / "食堂.txt"
    file.write_text("食堂由行政科负责管理。", encoding="utf-8")
    service = Service(Settings(corpus=tmp_path / "corpus", index=tmp_path / "index"))
    service.ensure()
    (citation,) = service.ask("食堂由谁管理？").citations
    assert service.says(citation)
    file.write_text("食堂由后勤处负责管理。", encoding="utf-8")
    service.ensure()
    assert not service.says(citation)
    file.unlink()
    service.ensure()
    assert not service.says(citation)
