"""A hand-made set over three small documents, ranks and figures computed naively beside."""

from collections.abc import Sequence
from pathlib import Path

import ir_measures
import pytest
from openpyxl import load_workbook

from assistant.answering.answer import Status
from assistant.answering.answerer import Answerer
from assistant.answering.sentences.scoring import Fate
from assistant.answering.service import Service
from assistant.base.jobs import Stopped
from assistant.base.settings import Settings
from assistant.evaluation.explanation import explain, ranks
from assistant.evaluation.question_sets import SetQuestion
from assistant.evaluation.run_workbook import run_workbook
from assistant.evaluation.runs import (
    BANDS,
    KS,
    Corpus,
    Outcome,
    RunFacts,
    Verdict,
    changed,
    index_digest,
    run_set,
    totals,
)
from assistant.language.question import parse_question
from support.corpus import LAW, LAW_FILE, NOTE, NOTE_FILE, SPEECH, SPEECH_FILE, write

QUESTIONS = (
    SetQuestion(2, "病假最多多少天？", ("病假一般不得超过三十日",), ("考勤办法",), True),
    SetQuestion(3, "请假应当具备哪些条件？", ("因病需要治疗的", "因婚丧需要离岗的"), (), True),
    SetQuestion(4, "食堂由谁管理？", ("食堂由行政科负责管理", "这句话文件里没有"), (), True),
    SetQuestion(5, "年终奖怎么发放？", (), (), False),
    SetQuestion(6, "食堂每日几点开放？", (), ("考勤办法.txt",), True),
    SetQuestion(7, "本轮巡视有几个单位？", ("十一点半开放",), (), True),
    SetQuestion(8, "食堂什么时候开放？"),
    SetQuestion(9, "第三条规定了什么？", (), (), False),
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    folder = tmp_path_factory.mktemp("命中")
    for name, text in ((SPEECH_FILE, SPEECH), (LAW_FILE, LAW), (NOTE_FILE, NOTE)):
        write(folder / "corpus", name, text)
    made = Service(Settings(corpus=folder / "corpus", index=folder / "index"))
    made.ensure()
    return made


def quiet(label: str, done: int, total: int) -> None:
    """Report to nobody."""


@pytest.fixture(scope="module")
def outcomes(service: Service) -> list[Outcome]:
    return run_set(service.answerer, QUESTIONS, quiet)


def naive_rank(service: Service, question: str, text: str, way: str, file: str = "") -> int | None:
    """Return the rank of the first passage that holds `text` whole, by looking at every passage in turn."""
    retriever, records = service.answerer.retriever, service.index.records
    examined = service.answerer.examine(parse_question(question))
    ranking = retriever.rank(examined.sought, examined.documents)
    for rank, (number, *_) in enumerate(getattr(ranking, way), 1):
        (passage,) = records.passages([number])
        words = records.text(passage.document)[passage.start : passage.end]
        if text in words and file in records.document(passage.document).path:
            return rank
    return None


def test_ranks_are_those_of_a_naive_search(service: Service, outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        for way in ("lexical", "dense", "fused"):
            expected = [naive_rank(service, outcome.asked.question, t, way) for t in outcome.asked.expected]
            assert list(outcome.ranks[way]) == expected, (outcome.asked.question, way)
    found = {o.asked.line: o.ranks["fused"] for o in outcomes}
    assert found[2] == (1,)
    assert found[4][1] is None and found[4][0] is not None


def test_verdicts(outcomes: list[Outcome]) -> None:
    assert {o.asked.line: (o.status, o.verdict) for o in outcomes} == {
        2: (Status.ANSWERED, Verdict.HIT),
        3: (Status.ANSWERED, Verdict.HIT),
        4: (Status.ANSWERED, Verdict.PARTLY),
        5: (Status.NOT_FOUND, Verdict.RIGHT_REFUSAL),
        6: (Status.ANSWERED, Verdict.WRONG_QUOTE),
        7: (Status.MENTIONED, Verdict.WRONG_REFUSAL),
        8: (Status.MENTIONED, Verdict.UNJUDGED),
        9: (Status.ANSWERED, Verdict.WRONG_ANSWER),
    }
    by_line = {o.asked.line: o for o in outcomes}
    assert by_line[4].quoted == (True, False) and by_line[4].absent == (False, True)
    assert by_line[3].quoted == (True, True)
    assert [(c.title, c.path) for c in by_line[2].cited] == [("考勤办法", LAW_FILE)]


def test_totals_are_those_of_ir_measures(service: Service, outcomes: list[Outcome]) -> None:
    figures = totals(outcomes)
    holders = Corpus(service.index.records).holders(QUESTIONS)
    for way in ("lexical", "dense", "fused"):
        grades, run = {}, {}
        for o in outcomes:
            found = ranks(service.answerer.retriever, service.answerer.examine(parse_question(o.asked.question)))[way]
            for text in o.asked.expected:
                key = f"{o.asked.line} {text}"
                grades[key] = {str(n): 1 for n in holders[o.asked.line, text]} or {"nothing": 1}
                run[key] = {str(n): 1 / rank for n, (rank, _) in found.items()}
        wanted = [ir_measures.Success @ k for k in KS]
        measured = ir_measures.calc_aggregate([*wanted, ir_measures.RR], grades, run)
        assert [figures.recall[way][k] for k in KS] == pytest.approx([measured[m] for m in wanted])
        assert figures.mrr[way] == pytest.approx(measured[ir_measures.RR])
        assert 0 < figures.mrr[way] < 1


def outcome(line: int, verdict: Verdict, *fused: int | None) -> Outcome:
    asked = SetQuestion(line, f"问{line}", tuple(f"文{n}" for n, _ in enumerate(fused)))
    all_ways = {"lexical": fused, "dense": (None,) * len(fused), "fused": fused}
    none = (False,) * len(fused)
    return Outcome(asked, Status.ANSWERED, verdict, all_ways, none, none, (), 0.5, 1.0)


def test_totals_by_hand() -> None:
    figures = totals(
        [outcome(2, Verdict.HIT, 1, 4), outcome(3, Verdict.WRONG_QUOTE, None), outcome(4, Verdict.HIT, 300)]
    )
    assert (figures.questions, figures.texts, figures.absent) == (3, 4, 0)
    assert figures.recall["fused"] == {1: 0.25, 3: 0.25, 5: 0.5, 10: 0.5, 20: 0.5}
    assert figures.mrr == {
        "lexical": pytest.approx((1 + 1 / 4 + 1 / 300) / 4),
        "dense": 0.0,
        "fused": pytest.approx((1 + 1 / 4 + 1 / 300) / 4),
    }
    assert figures.bands["fused"] == (1, 0, 1, 0, 0, 0, 2) and figures.bands["dense"] == (0,) * len(BANDS) + (4,)
    assert figures.verdicts == {v: {"hit": 2, "wrong_quote": 1}.get(v, 0) for v in Verdict}
    assert figures.statuses == {"answered": 3, "mentioned": 0, "not_found": 0}


def test_a_run_without_expected_texts_has_no_recall() -> None:
    figures = totals([outcome(2, Verdict.UNJUDGED)])
    assert figures.texts == 0 and figures.mrr["fused"] == 0.0


def test_the_passage_that_holds_most_of_a_text_counts(service: Service) -> None:
    records = service.index.records
    text = LAW[LAW.index("二）因婚丧") : LAW.index("超过三十日") + 5]
    asked = [SetQuestion(2, "甲", (text, "病假")), SetQuestion(3, "乙", ("病假",), (NOTE_FILE,))]
    holders = Corpus(records).holders(asked)
    (document,) = [d for d in records.documents() if d.path == LAW_FILE]
    place = (LAW.index(text), LAW.index(text) + len(text))
    passages = records.passages(records.passage_numbers([document.number]))
    overlaps = {p.number: min(p.end, place[1]) - max(p.start, place[0]) for p in passages}
    assert holders[2, text] == {max(overlaps, key=overlaps.__getitem__)}
    assert len(holders[2, "病假"]) == 1 and holders[3, "病假"] == frozenset()


def test_files_are_known_by_path_name_and_title(service: Service) -> None:
    corpus = Corpus(service.index.records)
    assert all(map(corpus.knows, (NOTE_FILE, "食堂 通知.md", "食堂 通知", "《食堂 通知》", "考勤办法.TXT")))
    assert not corpus.knows("食堂") and not corpus.knows("")


def test_progress_is_reported_and_can_end_the_run(service: Service) -> None:
    steps: list[tuple[str, int, int]] = []

    def report(*step: object) -> None:
        steps.append(step)  # type: ignore[arg-type]
        if step == ("提问", 2, 8):
            raise Stopped

    with pytest.raises(Stopped):
        run_set(service.answerer, QUESTIONS, report)
    assert steps == [("查找应引原文", n, 3) for n in range(3)] + [("提问", n, 8) for n in range(3)]


def test_other_settings_change_what_they_should(service: Service, outcomes: list[Outcome]) -> None:
    same = service.answerer.adjusted(0.4, 0.5)
    assert changed(outcomes, run_set(same, QUESTIONS, quiet)) == []
    silent = run_set(service.answerer.adjusted(0.4, 1.0), QUESTIONS, quiet)
    lines = [b.asked.line for _, b in changed(outcomes, silent)]
    assert lines == [o.asked.line for o, s in zip(outcomes, silent, strict=True) if o.status != s.status] != []
    assert all(o.ranks == s.ranks for o, s in zip(outcomes, silent, strict=True))
    words = run_set(service.answerer.adjusted(0.0, 0.5), QUESTIONS, quiet)
    assert all(o.ranks["lexical"] == w.ranks["lexical"] for o, w in zip(outcomes, words, strict=True))
    held = [(w.ranks["lexical"], w.ranks["fused"]) for w in words if w.asked.line == 2]
    assert held == [((1,), (1,))]


def test_a_limited_service_finds_nothing_elsewhere(service: Service) -> None:
    from assistant.accounts.visitor import Role, Visitor

    limited = service.for_visitor(Visitor("甲", Role.TRAINER, ("通知",)))
    found = run_set(limited.answerer.adjusted(0.4, 0.5), QUESTIONS, quiet)
    assert {c.path for o in found for c in o.cited} == {NOTE_FILE}
    assert found[0].absent == (True,) and found[0].ranks["fused"] == (None,)
    assert found[2].absent == (False, True)
    assert index_digest(limited.index) != index_digest(service.index)


# ---- One question laid open


def fates(answerer: Answerer, question: str) -> dict[str, Fate]:
    examined = answerer.examine(parse_question(question))
    assert examined.decision.weighed is not None
    texts = {j.candidate.order: j.candidate.text for j in examined.decision.weighed.judged}
    return {texts[order]: fate for order, fate in examined.decision.weighed.fates.items()}


def test_an_explanation_shows_what_decided(service: Service) -> None:
    e = explain(service.answerer, "病假最多多少天？")
    answer = service.ask("病假最多多少天？")
    assert (e.answer.status, e.answer.citations) == (Status.ANSWERED, answer.citations)
    first = e.sentences[0]
    assert (first.text, first.marker, first.reason) == ("第三条　病假一般不得超过三十日。", 1, "已引用，见 [1]")
    assert e.likely is not None and e.likely >= 0.5
    assert e.how == f"最好的一句能回答问题的可能性是 {e.likely:.2f}，不低于 0.50，所以作答。"
    others = {row.text: row.reason for row in e.sentences[1:]}
    assert others["食堂每日十一点半开放，午餐每份3.5元。"] == "没有给出具体数字"
    assert [row.worth for row in e.sentences] == sorted((row.worth for row in e.sentences), reverse=True)
    assert all(0 <= row.coverage <= 1 for row in e.sentences)
    assert sum(share for _, share in e.words) == pytest.approx(1)


def test_passages_stand_side_by_side(service: Service) -> None:
    e = explain(service.answerer, "病假最多多少天？")
    retriever = service.answerer.retriever
    ranking = retriever.rank(parse_question("病假最多多少天？"))
    order = {n: rank for rank, (n, *_) in enumerate(ranking.fused, 1)}
    assert [row.ranks["fused"] for row in e.passages] == sorted(r for r in order.values() if r <= len(e.passages))
    for row in e.passages:
        n = next(n for n, rank in order.items() if rank == row.ranks["fused"])
        _, fused, share, cosine = next(found for found in ranking.fused if found[0] == n)
        lexical = [m for m, _ in ranking.lexical]
        assert row.ranks["lexical"] == (lexical.index(n) + 1 if n in lexical else None)
        assert row.ranks["dense"] == [m for m, _ in ranking.dense].index(n) + 1
        assert row.scores == {
            "lexical": share if n in lexical else None,
            "dense": cosine,
            "fused": fused,
        }
    read = {(h.document.id, h.passage.start) for h in service.answerer.examine(parse_question("病假最多多少天？")).hits}
    assert {(row.document.id, row.start) for row in e.passages if row.is_read} <= read


@pytest.mark.parametrize(
    ("question", "threshold", "status", "how"),
    [
        ("第三条规定了什么？", 0.5, Status.ANSWERED, "直接按文件的结构取出原文"),
        ("第九百条是什么？", 0.5, Status.NOT_FOUND, "没有这一处"),
        ("的", 0.5, Status.NOT_FOUND, "没有可以查找的词"),
        ("病假最多多少天？", 1.0, Status.MENTIONED, "低于 1.00，所以不作答；只把提到这件事的原文列出来"),
        ("公积金比例是多少？", 0.5, Status.NOT_FOUND, "没有一句能回答"),
    ],
)
def test_why_there_is_an_answer_or_none(
    service: Service, question: str, threshold: float, status: Status, how: str
) -> None:
    e = explain(service.answerer.adjusted(0.4, threshold), question)
    assert e.answer.status is status and how in e.how


def test_every_reason_is_that_of_its_fate(service: Service) -> None:
    silent = service.answerer.adjusted(0.4, 1.0)
    e = explain(silent, "病假最多多少天？")
    assert e.likely is not None
    told = {row.text: row.reason for row in e.sentences}
    assert told["第三条　病假一般不得超过三十日。"] == "作为相关原文列出，见 [1]；不算回答"
    assert fates(silent, "病假最多多少天？")["第三条　病假一般不得超过三十日。"] is Fate.UNLIKELY
    year = explain(service.answerer, "2022年的病假最多多少天？")
    assert {row.reason for row in year.sentences} == {"没有说到“2022”：说的是别的年份、数目、地方或事情"}
    assert set(fates(service.answerer, "2022年的病假最多多少天？").values()) == {Fate.ELSEWHERE}


@pytest.mark.parametrize("question", [asked.question for asked in QUESTIONS])
def test_examining_is_answering(service: Service, question: str) -> None:
    """Each sentence judged is quoted or has a fate, or was left out for saying the same."""
    examined = service.answerer.examine(parse_question(question))
    answer = service.ask(question)
    assert (examined.answer.status, examined.answer.citations) == (answer.status, answer.citations)
    weighed = examined.decision.weighed
    if weighed is not None:
        shown = explain(service.answerer, question)
        assert shown.judged == len(weighed.judged)
        assert all(row.reason for row in shown.sentences)
        assert {j.candidate.order for j in weighed.judged} >= set(weighed.fates)


# ---- The workbook


FACTS = RunFacts(0.4, 0.5, "bundled", "", "abc", 3, 20, None, 1.25)


def cells(data: bytes, sheet: str, tmp_path: Path) -> list[Sequence[object]]:
    file = tmp_path / "run.xlsx"
    file.write_bytes(data)
    return [list(row) for row in load_workbook(file)[sheet].iter_rows(values_only=True)]


def test_a_run_as_a_workbook(outcomes: list[Outcome], tmp_path: Path) -> None:
    data = run_workbook("测试", 0, FACTS, outcomes)
    head, *rows = cells(data, "逐题结果", tmp_path)
    assert head[:10] == "行 问题 应引原文 文件 应回答 结果 回答 按字词排第几 按意思排第几 合起来排第几".split()
    assert len(rows) == len(QUESTIONS)
    assert rows[0][:7] == [2, "病假最多多少天？", "病假一般不得超过三十日", "考勤办法", "是", "答对", "已回答"]
    assert rows[2][9] == f"{outcomes[2].ranks['fused'][0]}、没找到" and rows[2][10] == "1/2"
    figures, table = totals(outcomes), {row[0]: row[1:] for row in cells(data, "汇总", tmp_path)}
    assert table["召回率@5"] == [round(figures.recall[way][5], 4) for way in ("lexical", "dense", "fused")]
    assert table["MRR"] == [round(figures.mrr[way], 4) for way in ("lexical", "dense", "fused")]
    assert (table["问题数"][0], table["应引原文数"][0], table["其中文件里找不到的"][0]) == (8, 6, 1)
    assert (table["问题集"][0], table["文件夹"][0], table["该答未答"][0]) == ("测试", "全部", 1)


def test_questions_that_look_like_formulas_stay_text(tmp_path: Path) -> None:
    asked = SetQuestion(2, "=HYPERLINK(1)", ("+1",), (), True)
    one = Outcome(asked, Status.NOT_FOUND, Verdict.WRONG_REFUSAL, {"fused": (None,)}, (False,), (True,), (), None, 1.0)
    file = tmp_path / "a.xlsx"
    file.write_bytes(run_workbook("@x", 0, FACTS, [one]))
    book = load_workbook(file)
    for sheet, cell, text in (("逐题结果", "B2", "=HYPERLINK(1)"), ("逐题结果", "C2", "+1")):
        assert (book[sheet][cell].value, book[sheet][cell].data_type, book[sheet][cell].quotePrefix) == (
            text,
            "s",
            True,
        )
    assert [c for row in book["汇总"].iter_rows() for c in row if c.data_type == "f"] == []
