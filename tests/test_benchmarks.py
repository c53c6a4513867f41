import json
from pathlib import Path

import pytest

from assistant.evaluation.beir import load_beir
from assistant.evaluation.metrics import evaluate_beir, measure
from benchmarks import packs
from benchmarks.machine import cost
from benchmarks.rivals import compare, ours, race
from benchmarks.rivals.txtai import keywords
from benchmarks.sections import HEAD, SECTIONS, replaced
from support.corpus import FakeEncoder
from support.paths import ROOT

ARTICLES = {"a": "因病需要治疗的，可以请病假。", "b": "食堂由行政科负责管理。", "c": "巡视组不得泄露线索。"}
QUESTIONS = {"p": "谁管食堂", "q": "什么时候可以请病假"}


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """Three articles and two questions in BEIR form."""
    rows = [json.dumps({"_id": i, "title": f"第{i}条", "text": text}) for i, text in ARTICLES.items()]
    (tmp_path / "corpus.jsonl").write_text("\n".join(rows), encoding="utf-8")
    rows = [json.dumps({"_id": i, "text": text}) for i, text in QUESTIONS.items()]
    (tmp_path / "queries.jsonl").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\np\tb\t1\nq\ta\t1\n", encoding="utf-8")
    return tmp_path


def test_a_section_is_replaced_and_the_others_stay() -> None:
    page = replaced(replaced("", "B", "old b", ["A", "B"]), "A", "a\n\n### below\n", ["A", "B"])
    assert page == f"{HEAD}\n## A\n\na\n\n### below\n\n## B\n\nold b\n"
    assert replaced(page, "B", "new\n", ["A", "B"]) == page.replace("old b", "new")


def test_sections_that_no_command_writes_are_kept_at_the_end() -> None:
    assert replaced("# Page\n\n## By hand\n\nx\n", "A", "a", ["A"]) == "# Page\n\n## A\n\na\n\n## By hand\n\nx\n"


def test_the_page_has_known_sections_alone_and_says_who_wrote_them() -> None:
    page = (ROOT / "docs" / "measured.md").read_text(encoding="utf-8")
    assert page.startswith(HEAD)
    titles = {section.title: section.command for section in SECTIONS}
    for piece in page.split("\n## ")[1:]:
        title, _, first, *_ = piece.splitlines()
        assert first.startswith(f"`python -m benchmarks {titles[title]}` on ")


def test_percentiles_by_hand() -> None:
    assert compare.percentiles([float(n) for n in range(101)]) == (50.0, 95.0)
    assert compare.percentiles([2.0, 1.0]) == (1.5, 1.95)


def test_ranks_keep_the_order_of_ties_and_end_at_the_hundredth() -> None:
    scores = race.by_rank([(f"d{n}", 0.5) for n in range(200)])
    assert sorted(scores, key=scores.__getitem__, reverse=True) == [f"d{n}" for n in range(100)]


def test_the_first_question_is_asked_once_more_and_not_counted() -> None:
    asked: list[str] = []

    def ask(question: str) -> list[tuple[str, float]]:
        asked.append(question)
        return [(question, 1.0)]

    way = race.ask_all(ask, {"p": "甲", "q": "乙"})
    assert asked == ["甲", "甲", "乙"]
    assert way.run == {"p": {"甲": 1.0}, "q": {"乙": 1.0}}
    assert len(way.milliseconds) == 2


def test_rows_begin_with_the_title(collection: Path) -> None:
    assert race.read_rows(collection)[1] == race.Row("b", f"第b条\n{ARTICLES['b']}")


def test_our_ways_find_what_the_evaluation_finds(collection: Path, tmp_path: Path, encoder: FakeEncoder) -> None:
    loaded = load_beir(collection)
    wanted = evaluate_beir(loaded, encoder, 0.5)
    for way, ask in ours.index(loaded.documents(), tmp_path / "index", encoder).items():
        found = race.ask_all(ask, QUESTIONS).run
        assert {q: list(documents) for q, documents in found.items()} == {
            q: list(r) for q, r in wanted.runs[way].items()
        }
        assert measure(found, dict(loaded.grades)) == wanted.measures[way]


def test_a_table_by_hand(collection: Path) -> None:
    outcome = {
        "build_seconds": 2.0,
        "index_bytes": 3_000_000,
        "ways": {"hybrid": {"run": {"p": {"b": 1.0}, "q": {"b": 1.0, "a": 0.5}}, "milliseconds": [1.0, 3.0]}},
    }
    found = compare.figures("x, hybrid", 100.0, outcome, load_beir(collection), "hybrid")
    head, rule = compare.header()
    assert head.startswith("| system, way | build s | peak MB | index MB | p50 ms | p95 ms | ")
    assert head.endswith("| R@1 | R@5 | R@10 | R@100 | MRR@10 | nDCG@10 |")
    assert head.count("|") == rule.count("|")
    measured = "0.500 | 1.000 | 1.000 | 1.000 | 0.750 | 0.815"
    assert compare.row(found) == f"| x, hybrid | 2.0 | 100 | 3 | 2.0 | 2.9 | {measured} |"
    faster = compare.Figures("o", 1.0, 0, 0, 0.2, 0.3, {"R@10": 0.5})
    assert [line.split(" | ")[-1] for line in compare.against(faster, found)][2:] == ["0.10 |", "0.50 |", "-0.500 |"]


def test_rivals_are_pinned_and_the_pins_of_the_assistant_stand() -> None:
    ours_pinned = {line.split("==")[0] for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()}
    lines = [line for line in compare.PINS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert [line for line in lines if ("==" in line) == (line.split("==")[0] in ours_pinned)] == []
    assert [pin.split()[0] for pin in compare.versions()] == ["llama-index-core", "txtai"]


def test_txtai_with_ngrams_differs_from_its_default_in_the_terms_alone() -> None:
    assert keywords(False) == {"hybrid": True}
    scoring = keywords(True)["scoring"]
    assert scoring.pop("tokenizer") == {"ngrams": {"nmin": 1, "nmax": 2}}
    assert scoring == {"method": "bm25", "terms": True, "normalize": True}  # what txtai makes of hybrid=True


def test_cost_is_of_the_command_alone_and_a_failure_says_why() -> None:
    held = bytearray(100_000_000)
    measured = cost(["json.tool", "--help"])
    assert "usage" in measured.output
    assert 0 < measured.megabytes < len(held) / 1e6
    with pytest.raises(Exception, match="returned non-zero") as caught:
        cost(["no_such_module"])
    assert "No module named no_such_module" in caught.value.__notes__[0]


def test_the_long_document_is_made_of_whole_laws_up_to_its_length(monkeypatch: pytest.MonkeyPatch) -> None:
    laws = {f"{n}号法": [(str(n), "第一条　" + "甲" * 20 + "。")] for n in range(5)}
    whole = packs.long_document(laws)
    assert whole.count("# ") == 5 and whole.startswith("# 0号法\n第一条　甲")
    monkeypatch.setattr(packs, "CHARACTERS", 40)
    assert packs.long_document(laws) == whole[:40]
