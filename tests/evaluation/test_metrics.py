import json
from pathlib import Path

import pytest

from assistant.answering.answer import Answer, Citation, Status
from assistant.base.errors import ReadingError
from assistant.evaluation.beir import load_beir
from assistant.evaluation.metrics import BeirResult, GoldQuestion, evaluate_gold, load_gold, measure, trec_lines
from support.paths import ROOT

SHARED = ROOT.parent / "shared"


def test_measures_on_a_run_made_by_hand() -> None:
    grades = {"q": {"a": 1, "b": 1}, "r": {"c": 1}}
    run = {"q": {"x": 3.0, "a": 2.0}, "r": {"c": 1.0}}
    measures = measure(run, grades)
    assert measures["R@5"] == pytest.approx((0.5 + 1) / 2)
    assert measures["MRR@10"] == pytest.approx((0.5 + 1) / 2)
    dcg, ideal = 1 / 1.5849625, 1 + 1 / 1.5849625
    assert measures["nDCG@10"] == pytest.approx((dcg / ideal + 1) / 2)


def test_a_question_without_any_result_counts_as_zero() -> None:
    assert measure({"q": {"a": 1.0}, "r": {}}, {"q": {"a": 1}, "r": {"a": 1}})["R@5"] == pytest.approx(0.5)


def test_trec_lines() -> None:
    run = {"q": {"b": 1.0, "a": 2.5, "c": 1e-8, "d": 1.5e-8}}
    assert list(trec_lines(run, "run")) == [
        "q Q0 a 1 2.5 run",
        "q Q0 b 2 1 run",
        "q Q0 d 3 1.5e-08 run",
        "q Q0 c 4 1e-08 run",
    ]


def answer(status: Status, *quotes: tuple[str, float]) -> Answer:
    citations = tuple(
        Citation(n, "题", "d", None, "", 1, 0, len(quote), quote, score) for n, (quote, score) in enumerate(quotes, 1)
    )
    return Answer("问", status, (), citations, (), 1.0)


def test_gold_measures_by_hand() -> None:
    answers = {
        "一": answer(Status.ANSWERED, ("甲乙", 0.9), ("丙", 0.8)),
        "二": answer(Status.ANSWERED, ("无关", 0.9), ("丁", 0.8)),
        "三": answer(Status.NOT_FOUND),
        "四": answer(Status.NOT_FOUND),
        "五": answer(Status.MENTIONED, ("戊", 0.5)),
        "六": answer(Status.NOT_FOUND),
    }
    gold = [
        GoldQuestion("一", "fact", ("甲", "己"), ("丙",)),
        GoldQuestion("二", "fact", ("丁",), ()),
        GoldQuestion("三", "fact", ("甲",), ()),
        GoldQuestion("四", "none", (), ()),
        GoldQuestion("五", "unexplained", (), ()),
        GoldQuestion("六", "unexplained", (), ()),
    ]
    assert evaluate_gold(gold, answers.__getitem__) == {
        "answerable": 3,
        "hit": 0.667,
        "first": 0.333,
        "recall": 0.5,
        "prec": 0.75,
        "cites": 1.33,
        "unanswerable": 3,
        "abstain": 0.667,
        "false0": 0.333,
    }


@pytest.mark.parametrize("line", ["{", '{"question": "甲"}', "[1]"])
def test_bad_gold_files_say_what_is_wanted(tmp_path: Path, line: str) -> None:
    (tmp_path / "gold.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(ReadingError, match="question、kind、must、may"):
        load_gold(tmp_path / "gold.jsonl")


def test_bad_collections_say_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="queries.jsonl"):
        load_beir(tmp_path)
    (tmp_path / "queries.jsonl").write_text(json.dumps({"_id": "q", "text": "甲"}), encoding="utf-8")
    with pytest.raises(ReadingError, match="qrels.tsv"):
        load_beir(tmp_path)
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq a 1\n", encoding="utf-8")
    with pytest.raises(ReadingError, match="不是"):
        load_beir(tmp_path)


def test_the_best_run_is_the_reranked_one_where_there_is_one() -> None:
    runs = {"lexical": {"q": {"a": 1.0}}, "fused": {"q": {"b": 1.0}}}
    assert BeirResult(1, 0, {}, runs, 2, 0.0, 0.0).best == runs["fused"]
    reranked = {"q": {"c": 1.0}}
    assert BeirResult(1, 0, {}, {**runs, "reranked": reranked}, 2, 0.0, 0.0).best == reranked


@pytest.mark.skipif(not (SHARED / "gold/speech.jsonl").exists(), reason="../shared/gold is not beside the project")
def test_answers_on_the_shared_questions_hold_what_was_promised(tmp_path: Path) -> None:
    from assistant.answering.service import Service
    from assistant.base.settings import Settings

    service = Service(Settings(corpus=ROOT / "corpus", index=tmp_path / "index"))
    service.ensure()
    figures = evaluate_gold(load_gold(SHARED / "gold/speech.jsonl"), service.ask)
    assert figures["hit"] >= 0.96
    assert figures["first"] >= 0.84
    assert figures["prec"] >= 0.55
    assert figures["abstain"] >= 0.75
    assert figures["false0"] <= 0.08
