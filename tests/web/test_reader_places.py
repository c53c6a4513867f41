"""Places in documents: digests, words that moved, the outline, pages, words found, what a visitor asks for."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.accounts.visitor import Role, Visitor
from assistant.answering.service import Service
from assistant.base import permalinks
from assistant.base.errors import SettingsError
from assistant.base.settings import Settings
from assistant.index.records import DocumentView
from assistant.web.reader import outline, places, routes
from assistant.web.reader.places import Place
from assistant.web.reader.requests import PlaceRequest
from assistant.web.requests import checked
from support.pdfs import LONG, SECOND, pdf, wrapped
from support.reader_json import find_in_document, more_paragraphs, open_place

RARE = "𠮷林省 cafe\u0301 数据\n第二条　\u3000由ＡＢＣ办公室，组织 培训。"


def one(folder: Path, name: str, data: bytes) -> tuple[Service, DocumentView]:
    """Return a service over one document, and that document."""
    (folder / "corpus").mkdir(exist_ok=True)
    (folder / "corpus" / name).write_bytes(data)
    service = Service(Settings(corpus=folder / "corpus", index=folder / "index"))
    service.ensure()
    return service, service.document(service.documents()[0].id)


# Digests and words that moved.


def test_the_digest_is_the_one_that_the_browser_makes() -> None:
    assert permalinks.digest("") == "0_0"
    assert permalinks.digest("a") == "1_61"
    assert permalinks.digest(" a\n\u3000") == "1_61"
    assert permalinks.digest("𠮷林") == f"2_{134071 * 1540483477 + 26519:x}"


@given(st.text(alphabet="纪委𠮷 \n会", max_size=30), st.data())
def test_a_place_is_found_again_wherever_it_went(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, max(0, len(text) - 1)))
    end = data.draw(st.integers(start, len(text)))
    said = permalinks.digest(text[start:end])
    if not text[start:end].strip():
        return
    assert places.resolve(text, Place("d", start, end, said)) == (Place("d", start, end, said), "")
    moved, note = places.resolve("前言。\n" + text, Place("d", start, end, said))
    assert permalinks.digest(("前言。\n" + text)[moved.start : moved.end]) == said
    assert note in (places.MOVED, "")


def test_the_nearest_of_the_same_words_counts_and_other_blanks_do_not_matter() -> None:
    said = permalinks.digest("落实整改")
    text = "落实整改。" + "甲" * 50 + "落实\n 整改。"
    found, note = places.resolve(text, Place("d", 50, 54, said))
    assert (text[found.start : found.end], note) == ("落实\n 整改", places.MOVED)
    assert places.resolve(text, Place("d", 3, 7, said))[0].start == 0


def test_words_that_are_gone_are_said_to_be_gone() -> None:
    gone = Place("d", 2, 6, permalinks.digest("落实整改"))
    assert places.resolve("别的文字在这里", gone) == (Place("d", 2, 2), places.GONE)
    assert places.resolve("短", gone) == (Place("d", 1, 1), places.GONE)
    with pytest.raises(SettingsError, match=places.CHANGED):
        places.resolve("短", Place("d", 2, 6))


@pytest.mark.parametrize(
    "forged",
    [
        {"start": 0, "end": 1, "digest": 5},
        {"start": 0, "end": 1, "digest": "xyz"},
        {"start": 0, "end": 1, "digest": "1_2\n"},
        {"start": 0, "end": 1, "digest": "f" * 60 + "_1"},
    ],
)
def test_forged_digests_are_refused(forged: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match="打不开这处出处"):
        checked(PlaceRequest, {"document": "d", **forged})
    with pytest.raises(SettingsError, match="打不开这处出处"):
        checked(PlaceRequest, {"document": "d", "cited": [forged]})


@pytest.mark.parametrize("cited", [None, "x", [1], [[]], [{"start": 1}], [{"start": 0, "end": 1}] * 201])
def test_forged_lists_of_citations_are_refused(cited: object) -> None:
    with pytest.raises(SettingsError, match="打不开这处出处"):
        checked(PlaceRequest, {"document": "d", "cited": cited})


def test_a_citation_longer_than_a_quotation_is_refused() -> None:
    most = {"start": 7, "end": 7 + places.QUOTED_CHARACTERS, "digest": "1_1"}
    assert checked(PlaceRequest, {"document": "d", "cited": [most]}).places[0].end == most["end"]
    with pytest.raises(SettingsError, match="打不开这处出处"):
        checked(PlaceRequest, {"document": "d", "cited": [most | {"start": 6}]})
    chosen = checked(PlaceRequest, {"document": "d", **most, "start": 6}).place
    assert chosen.start == 6  # a link to what a reader chose may be longer


def test_words_of_another_length_are_not_counted_through(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []

    def number(words: str) -> int:
        counted.append(words)
        return 1

    monkeypatch.setattr(places, "number_of", number)
    assert not places.stands("甲 乙丙", Place("d", 0, 4, "1_1"))
    assert counted == []
    assert places.stands("甲 乙丙", Place("d", 0, 4, "3_1"))
    assert counted == ["甲乙丙"]


def test_a_document_alone_is_its_beginning() -> None:
    assert checked(PlaceRequest, {"document": "d"}).place == Place("d", 0, 0)
    assert checked(PlaceRequest, {"document": "d"}).places == ()


# Words found.


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("办公室", ["办公室"]),
        ("ａｂｃ办", ["ＡＢＣ办"]),
        ("abc 办 公室,", ["ＡＢＣ办公室，"]),
        ("组织培训", ["组织 培训"]),
        ("𠮷林省", ["𠮷林省"]),
        ("CAFÉ", ["cafe\u0301"]),
        ("cafe", ["cafe\u0301"]),
        ("数据第二", []),
        ("没有", []),
        ("  ", []),
    ],
)
def test_words_are_found_whatever_their_blanks_width_and_case(words: str, found: list[str]) -> None:
    lines = RARE.split("\n")
    assert [line[a:b] for line in lines for a, b in routes.find_words(line, words)] == found


@given(st.text(alphabet="aＡａ 甲㎏é\u0301𠮷", max_size=40), st.text(alphabet="aA 甲kgé𠮷", max_size=4))
def test_what_is_found_says_the_words_and_never_overlaps(text: str, words: str) -> None:
    before = 0
    for start, end in routes.find_words(text, words):
        assert before <= start < end <= len(text)
        assert routes.simplified(words) in routes.simplified(text[start:end])
        before = end


@given(st.text(alphabet="甲𠮷 a"), st.sampled_from(["甲", "𠮷", "a", "甲𠮷"]))
def test_offsets_count_on_from_the_last_one(text: str, words: str) -> None:
    spans = list(routes.find_words(text, words))
    counted = [tuple(len(text[:at].encode("utf-16-le")) // 2 for at in span) for span in spans]
    assert list(routes.in_utf16(text, spans)) == counted


def test_a_long_paragraph_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    text, counted = "甲𠮷乙丙" * 3000, 0
    units = routes._units

    def counting(part: str) -> int:
        nonlocal counted
        counted += len(part)
        return units(part)

    monkeypatch.setattr(routes, "_units", counting)
    assert len(list(routes.in_utf16(text, routes.find_words(text, "乙")))) == 3000
    assert counted <= len(text)


def test_offsets_are_those_of_browsers(tmp_path: Path) -> None:
    service, view = one(tmp_path, "稀见.txt", RARE.encode())
    asked = {"document": view.record.id, "words": "数据"}
    assert find_in_document(service, asked)["found"] == [[1, 11, 13]]  # 𠮷 counts twice
    assert find_in_document(service, asked | {"words": "培训"})["found"] == [[2, 16, 18]]
    for words in ("", "  ", None, 5, "长" * 101):
        with pytest.raises(SettingsError, match="请输入要查找的文字"):
            find_in_document(service, asked | {"words": words})


def test_everything_found_is_counted_and_the_first_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "FOUND_MOST", 3)
    service, view = one(tmp_path, "多.txt", "巡视整改。\n巡视巡视。\n巡视。".encode())
    found = find_in_document(service, {"document": view.record.id, "words": "巡视"})
    assert (found["count"], found["found"]) == (4, [[1, 0, 2], [2, 0, 2], [2, 2, 4]])


# Marks, sections and pages.


def test_all_citations_of_an_answer_are_marked_at_once(tmp_path: Path) -> None:
    service, view = one(tmp_path, "稀见.txt", RARE.encode())
    text = view.text
    spans = [(text.index(a), text.index(a) + len(a)) for a in ("𠮷林省 cafe\u0301", "cafe\u0301 数据", "培训")]
    cited = [Place(view.record.id, *span) for span in spans]
    stale = Place(view.record.id, 0, 3, permalinks.digest("旧文字"))
    source = open_place(service, cited[2], [*cited, stale, Place(view.record.id, 0, 10**6)])
    marked = [(run["text"], run["cited"], run["quoted"]) for p in source["paragraphs"] for run in p["runs"]]
    assert [piece for piece in marked if piece[1]] == [
        ("𠮷林省 ", [0], False),
        ("cafe\u0301", [0, 1], False),
        (" 数据", [1], False),
        ("培训", [2], True),
    ]
    more = more_paragraphs(
        service,
        {"document": view.record.id, "first": 2, "count": 1, "cited": [{"start": spans[2][0], "end": spans[2][1]}]},
    )
    assert [run["text"] for run in more["paragraphs"][0]["runs"] if run["cited"] == [0]] == ["培训"]
    assert not any(run["quoted"] for run in more["paragraphs"][0]["runs"])


@pytest.mark.parametrize(
    "forged",
    [
        {"first": 0, "count": 5},
        {"first": 1, "count": 0},
        {"first": 1, "count": 601},
        {"first": True, "count": 5},
        {"first": "1", "count": 5},
        {"first": 1},
        {"last": 0, "count": 5},
        {"count": 5},
        {"first": 1, "count": 5, "cited": "x"},
    ],
)
def test_forged_requests_for_more_are_refused(tmp_path: Path, forged: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match="打不开这处出处"):
        more_paragraphs(Service.__new__(Service), {"document": "d"} | forged)


LAW = "\n".join(
    ["关于考勤的办法", "第一章　总则", "第一条　为了规范考勤，制定本办法。", "第二条　本办法适用于全体人员。", "说明。"]
    + ["第二章　请假", "第三条　病假不超过三十日。"]
)


def test_the_outline_names_sections_by_their_paragraphs(tmp_path: Path) -> None:
    service, view = one(tmp_path, "办法.txt", LAW.encode())
    found = [(entry.name.split("　")[0], entry.level, entry.first, entry.last) for entry in outline.outline(view)]
    assert found[1:] == [
        ("第一章", 1, 2, 5),
        ("第一条", 2, 3, 3),
        ("第二条", 2, 4, 5),
        ("第二章", 1, 6, 7),
        ("第三条", 2, 7, 7),
    ]
    asked = open_place(service, Place(view.record.id, 0, 0))["outline"]
    assert asked[-1]["first"] == 7


def test_where_sections_are_too_many_the_deepest_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outline, "ENTRIES_MOST", 4)
    _, view = one(tmp_path, "办法.txt", LAW.encode())
    assert {entry.level for entry in outline.outline(view)} == {1}


def printed(page: list[tuple[float, float, float, str]]) -> list[tuple[float, float, float, str]]:
    return [(left, 760.0 - 28 * row, size, text) for row, (left, _, size, text) in enumerate(page)]


def test_pages_of_a_pdf_are_numbered_as_in_the_file(tmp_path: Path) -> None:
    lines = wrapped([LONG, SECOND, LONG, LONG, SECOND])
    pages = [printed(lines[:2]), printed(lines[2:7]), [], printed(lines[7:])]
    service, view = one(tmp_path, "公报.pdf", pdf(pages))
    assert len(view.record.pages) == 4
    source = open_place(service, Place(view.record.id, 0, 0))
    text = "".join(run["text"] for p in source["paragraphs"] for run in p["runs"])
    assert text == view.text.replace("\n", "")
    begun = [(p["page"], p["number"]) for p in source["paragraphs"] if p["page"]]
    begun += [(run["page"], run["start"]) for p in source["paragraphs"] for run in p["runs"] if run["page"]]
    offsets = view.record.pages
    assert ("第 1 页", 1) in begun and ("第 2 页", offsets[1]) in begun
    assert view.text[offsets[1]] == lines[2][3][0]
    assert [label for label, _ in begun if "4" in label] == ["第 3 至 4 页"]
    assert source["pages"] == 4


def test_a_text_without_pages_has_none(tmp_path: Path) -> None:
    service, view = one(tmp_path, "办法.txt", LAW.encode())
    source = open_place(service, Place(view.record.id, 0, 0))
    assert (source["pages"], [p["page"] for p in source["paragraphs"]]) == (0, [""] * 7)
    assert not any(run["quoted"] or run["cited"] for p in source["paragraphs"] for run in p["runs"])


def test_a_changed_document_has_another_version(tmp_path: Path) -> None:
    service, view = one(tmp_path, "办法.txt", LAW.encode())
    before = open_place(service, Place(view.record.id, 0, 0))["version"]
    (tmp_path / "corpus" / "办法.txt").write_text("前言。\n" + LAW, encoding="utf-8")
    service.ensure()
    start = view.text.index("病假")
    said = permalinks.digest("病假不超过三十日")
    source = open_place(service, Place(view.record.id, start, start + 8, said))
    assert source["version"] != before
    assert source["note"] == places.MOVED
    assert "".join(r["text"] for p in source["paragraphs"] for r in p["runs"] if r["quoted"]) == "病假不超过三十日"


def test_long_paragraphs_come_in_small_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "CHARACTERS_AROUND", 100)
    service, view = one(tmp_path, "长.txt", "\n".join(f"{n}" + "字" * 60 for n in range(20)).encode())
    at = view.paragraphs[9].start
    source = open_place(service, Place(view.record.id, at, at + 5))
    assert [p["number"] for p in source["paragraphs"]] == [8, 9, 10, 11]
    more = more_paragraphs(service, {"document": view.record.id, "first": 12, "count": 9})
    assert [p["number"] for p in more["paragraphs"]] == [12, 13]
    more = more_paragraphs(service, {"document": view.record.id, "last": 7, "count": 9})
    assert [p["number"] for p in more["paragraphs"]] == [6, 7]


def test_documents_of_other_folders_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "corpus" / "内部").mkdir(parents=True)
    (tmp_path / "corpus" / "内部" / "密.txt").write_text(LAW, encoding="utf-8")
    service, view = one(tmp_path, "公开.txt", RARE.encode())
    hidden = next(record.id for record in service.documents() if record.path.startswith("内部/"))
    limited = service.for_visitor(Visitor("甲", Role.READER, ("公开夹",)))
    for asked in (
        {"document": hidden, "first": 1, "count": 5, "words": "考勤"},
        {"document": "d0", "first": 1, "count": 1, "words": "甲"},
    ):
        for look in (more_paragraphs, find_in_document):
            with pytest.raises(SettingsError, match="已经移走"):
                look(limited, asked)
    with pytest.raises(SettingsError, match="已经移走"):
        open_place(limited, Place(hidden, 0, 5))
    assert open_place(service, Place(hidden, 0, 5))["title"] == "密"


def word_file(lines: list[str]) -> bytes:
    from docx import Document

    made, buffer = Document(), BytesIO()
    for line in lines:
        made.add_paragraph(line)
    made.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("suffix", ["txt", "md", "docx"])
def test_every_kind_of_file_is_shown_whole_with_its_sections(tmp_path: Path, suffix: str) -> None:
    data = word_file(LAW.split("\n")) if suffix == "docx" else LAW.encode()
    service, view = one(tmp_path, f"办法.{suffix}", data)
    start = view.text.index("病假")
    source = open_place(service, Place(view.record.id, start, start + 8))
    assert ["".join(run["text"] for run in p["runs"]) for p in source["paragraphs"]] == LAW.split("\n")
    assert [run["text"] for p in source["paragraphs"] for run in p["runs"] if run["quoted"]] == ["病假不超过三十日"]
    assert [entry["first"] for entry in source["outline"]][-5:] == [2, 3, 4, 6, 7]
