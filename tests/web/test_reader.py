"""The source reader: paragraphs cut into runs, quotes marked, words of the glossary explained."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_jsonable_python

from assistant.answering.service import Service
from assistant.base.errors import SettingsError
from assistant.base.settings import Settings
from assistant.documents.splitting import Paragraph
from assistant.language.glossary import Glossary, Term
from assistant.web.reader import marked_runs, places
from assistant.web.reader.requests import PlaceRequest
from assistant.web.requests import checked
from support.paths import ROOT
from support.reader_json import more_paragraphs, open_place

QUESTION = "巡视整改要求是什么"
RARE = "关于数据安全培训的通知\n第一，全体人员每年参加培训，费用按`标准`列支。\n第二，𠮷林省的培训由办公室组织。"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("reader")
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    (folder / "corpus" / "通知.txt").write_text(RARE, encoding="utf-8")
    return Settings(corpus=folder / "corpus", index=folder / "index")


@pytest.fixture(scope="module")
def service(settings: Settings) -> Service:
    service = Service(settings)
    service.ensure()
    return service


def test_the_reader_marks_exactly_the_quotes_of_an_answer(service: Service) -> None:
    found = service.ask(QUESTION)
    assert found.citations
    for c in found.citations:
        source = open_place(service, places.Place(c.document_id, c.start, c.end))
        pieces = [run for paragraph in source["paragraphs"] for run in paragraph["runs"]]
        assert "".join(run["text"] for run in pieces if run["quoted"]) == c.quote
        quoted = [p["number"] for p in source["paragraphs"] if any(run["quoted"] for run in p["runs"])]
        assert quoted == [c.paragraph]
        assert source["title"] == c.document


def test_the_reader_shows_every_character_of_every_paragraph(service: Service) -> None:
    for record in service.documents():
        view = service.document(record.id)
        source = open_place(service, places.Place(record.id, 0, 1))
        shown = ["".join(run["text"] for run in p["runs"]) for p in source["paragraphs"]]
        assert shown == [view.text[p.start : p.end] for p in view.paragraphs]


def test_the_marks_of_markdown_headings_are_told_and_stay_in_the_text(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    lines = [
        "# 年休假管理规定",
        "## 第一章 总则",
        "### 一、范围",
        "本规定由人事处负责。",
        "#标签不是标题",
        "```",
        "# 注释",
        "```",
    ]
    (tmp_path / "corpus" / "规定.md").write_text("\n\n".join(lines), encoding="utf-8")
    service = Service(Settings(corpus=tmp_path / "corpus", index=tmp_path / "index"))
    service.ensure()
    shown = open_place(service, places.Place(service.documents()[0].id, 0, 0))["paragraphs"]
    assert ["".join(run["text"] for run in p["runs"]) for p in shown] == lines
    assert [p["mark"] for p in shown] == [2, 3, 4, 0, 0, 0, 0, 0]
    assert [p["heading"] for p in shown] == [True] * 3 + [False] * 5


def test_a_place_may_span_paragraphs_and_rare_characters(service: Service) -> None:
    record = next(r for r in service.documents() if r.path == "通知.txt")
    text = service.document(record.id).text
    start, end = text.index("费用"), text.index("的培训由")
    source = open_place(service, places.Place(record.id, start, end))
    marked = [run for p in source["paragraphs"] for run in p["runs"] if run["quoted"]]
    assert len(marked) == 2
    assert "\n".join(run["text"] for run in marked) == text[start:end]
    assert marked[1]["text"].endswith("𠮷林省")
    assert (marked[0]["start"], marked[-1]["end"]) == (start, end)


def test_sections_are_named_above_their_paragraphs(service: Service) -> None:
    record = next(r for r in service.documents() if r.title == "市委巡视动员部署会讲话")
    source = open_place(service, places.Place(record.id, 0, 1))
    names = {p["number"]: p["headings"] for p in source["paragraphs"]}
    assert names[3] == ["第一　始终聚焦“两个维护”"]
    assert names[4] == ["第二　紧扣巡视重点任务"]
    assert names[2] == []


def test_a_long_document_is_shown_around_the_place(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    lines = [f"第{n}条　本条规定第{n}项事务。" for n in range(1, 1001)]
    (tmp_path / "corpus" / "长.txt").write_text("\n".join(lines), encoding="utf-8")
    long = Service(Settings(corpus=tmp_path / "corpus", index=tmp_path / "index"))
    long.ensure()
    record = long.documents()[0]
    start = long.document(record.id).text.index("第500条")
    source = open_place(long, places.Place(record.id, start, start + 5))
    assert [p["number"] for p in source["paragraphs"]] == list(range(200, 801))
    assert (source["number"], source["total"], source["note"]) == (500, 1000, "")
    for first, count, expected in ((801, 600, range(801, 1001)), (1, 199, range(1, 200)), (1001, 5, range(0))):
        more = more_paragraphs(long, {"document": record.id, "first": first, "count": count})
        assert [p["number"] for p in more["paragraphs"]] == list(expected)
        assert (more["total"], more["version"]) == (1000, source["version"])


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"document": "d0", "start": 0},
        {"document": 1, "start": 0, "end": 1},
        {"document": "", "start": 0, "end": 1},
        {"document": "x" * 201, "start": 0, "end": 1},
        {"document": "d0", "start": -1, "end": 1},
        {"document": "d0", "start": 5, "end": 5},
        {"document": "d0", "start": 5, "end": 2},
        {"document": "d0", "start": True, "end": 2},
        {"document": "d0", "start": 0.5, "end": 2},
        {"document": "d0", "start": "0", "end": "2"},
        {"document": {"$ne": 1}, "start": 0, "end": 2},
    ],
)
def test_a_place_that_is_none_is_refused(request_: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match="打不开这处出处"):
        checked(PlaceRequest, request_)


# Words of the glossary.

EXPLAINED = Glossary(
    (("纪委", "纪律检查委员会"),), (Term(("𠮷林",), "省名。"), Term(("纪委", "纪律检查委员会"), "机关。", "甲"))
)


def cut(text: str, start: int, end: int, glossary: Glossary = EXPLAINED) -> tuple[list[dict[str, Any]], Any]:
    """Return the runs of a paragraph of which a piece is quoted, and the explained words."""
    explained = marked_runs.Explained(glossary)
    made = marked_runs.runs(text, Paragraph(1, 0, 0, len(text)), places.Place("d", start, end))
    return to_jsonable_python(explained.marked(text, made)), to_jsonable_python(explained.terms())


def test_explained_words_are_pieces_of_a_run_and_numbered_once() -> None:
    text = "由纪委和𠮷林纪律检查委员会、纪委负责。"
    made, terms = cut(text, 4, 15)
    assert [run["text"] for run in made] == ["由纪委和", "𠮷林纪律检查委员会、纪", "委负责。"]
    assert made[0]["pieces"] == [{"text": "由"}, {"text": "纪委", "term": 0}, {"text": "和"}]
    assert made[1]["pieces"] == [{"text": "𠮷林", "term": 1}, {"text": "纪律检查委员会", "term": 0}, {"text": "、纪"}]
    assert "pieces" not in made[2]
    assert terms == [
        {"words": ["纪委", "纪律检查委员会"], "definition": "机关。", "source": "甲"},
        {"words": ["𠮷林"], "definition": "省名。", "source": ""},
    ]


@given(st.lists(st.sampled_from(["纪委", "纪律检查委员会", "𠮷林", "纪", "委", "。", "<b>"]), min_size=1), st.data())
def test_pieces_are_the_text_whatever_is_quoted(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    start = data.draw(st.integers(0, len(text) - 1))
    made, terms = cut(text, start, data.draw(st.integers(start + 1, len(text))))
    assert "".join(run["text"] for run in made) == text
    for run in made:
        pieces = run.get("pieces", [run])
        assert "".join(piece["text"] for piece in pieces) == run["text"]
        numbers = [piece["term"] for piece in pieces if "term" in piece]
        assert len(numbers) == len(set(numbers))
        assert all(piece["text"] in terms[piece["term"]]["words"] for piece in pieces if "term" in piece)


def test_the_reader_explains_and_the_quote_stays_whole(service: Service) -> None:
    c = service.ask(QUESTION).citations[0]
    source = open_place(service, places.Place(c.document_id, c.start, c.end))
    words = [term["words"][0] for term in source["terms"]]
    assert words[:1] == ["巡视"] and "两个维护" in words
    pieces = [run for paragraph in source["paragraphs"] for run in paragraph["runs"]]
    assert [run["text"] for run in pieces if run["quoted"]] == [c.quote]
    definitions = {term["definition"] for term in source["terms"]}
    assert not any(c.quote in definition or definition in c.quote for definition in definitions)


def test_what_the_glossary_says_counts_at_the_next_opening(settings: Settings, service: Service) -> None:
    record = next(r for r in service.documents() if r.path == "通知.txt")
    file, place = settings.corpus / "glossary.toml", places.Place(record.id, 0, 3)
    before = file.read_text(encoding="utf-8")
    assert open_place(service, place)["terms"] == []
    file.write_text(before + '\n[[term]]\nwords = ["培训"]\ndefinition = "讲课。"\n', encoding="utf-8")
    expected = [{"words": ["培训"], "definition": "讲课。", "source": ""}]
    assert open_place(service, place)["terms"] == expected
    file.write_text(before + "\n[[term]]\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="glossary.toml"):
        open_place(service, place)
    file.write_text(before, encoding="utf-8")
    assert open_place(service, place)["terms"] == []
