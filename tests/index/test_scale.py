import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.chart import Line, Panel, chart
from benchmarks.scale import COLUMNS, PARAGRAPH, report, write_corpus

ARTICLE = "用人单位招用劳动者，应当如实告知工作内容、工作条件和劳动报酬{n}；劳动者有权了解其他情况{n}。"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A small collection in the place of STARD."""
    rows = [{"_id": f"L{n}", "title": f"某某法第{n}条", "text": ARTICLE.format(n=n)} for n in range(1, 40)]
    questions = [{"_id": f"q{n}", "text": f"劳动报酬{n}要告知吗？"} for n in range(5)]
    folder = tmp_path / "stard"
    folder.mkdir()
    for name, objects in (("corpus.jsonl", rows), ("queries.jsonl", questions)):
        lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in objects)
        (folder / name).write_text(lines, encoding="utf-8")
    grades = [f"q{n}\tL{n + 1}\t1" for n in range(5)]
    (folder / "qrels.tsv").write_text("\n".join(["query\tdocument\tgrade", *grades]), encoding="utf-8")
    return tmp_path


def test_made_passages_are_the_same_each_time_and_as_long_as_wanted(data: Path, tmp_path: Path) -> None:
    for name in "ab":
        write_corpus(data, tmp_path / name, 300)
    texts = [[f.read_text(encoding="utf-8") for f in sorted((tmp_path / name).iterdir())] for name in "ab"]
    assert texts[0] == texts[1]
    assert [text.count("\n") for text in texts[0]] == [100, 100, 100]
    assert all(PARAGRAPH[0] <= len(line) <= PARAGRAPH[1] for text in texts[0] for line in text.splitlines())


@pytest.mark.slow
def test_the_report_has_a_row_a_size_and_a_chart(data: Path, tmp_path: Path) -> None:
    lines = list(report(data, (100, 200), tmp_path / "图" / "scale.svg"))
    rows = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines if line.startswith("| ")]
    assert rows[0] == list(COLUMNS)
    assert [(row[0], row[9]) for row in rows[1:]] == [("100", "1.000"), ("200", "1.000")]
    assert "](images/scale.svg)" in "".join(lines)
    ElementTree.parse(tmp_path / "图" / "scale.svg")


def test_chart() -> None:
    lines = [Line("a < b", [1, 1000], [0.05, 20]), Line("c", [10, 100], [1, 1])]
    root = ElementTree.fromstring(chart([Panel("ms", lines), Panel("s", lines[:1])], "n"))
    texts = ["".join(node.itertext()) for node in root.iter() if node.tag.endswith("text")]
    assert {"a < b", "ms", "n", "0.01", "0.1", "1", "10", "100", "1,000"} <= set(texts)
    points = [node.get("points") for node in root.iter() if node.tag.endswith("polyline")]
    assert points[1] == "150.0,135.0 248.0,135.0"
    assert points[0] == points[2]
