"""Packs as files: every quote stands in them word for word, and they are what other programs take."""

import io
import json
import re
import tempfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from assistant.answering.service import Service
from assistant.base.errors import SettingsError
from assistant.base.settings import Settings
from assistant.study.builder import build_pack
from assistant.study.export import FORMATS, NAMELESS, export
from assistant.study.export.bank import COLUMNS
from assistant.study.export.blocks import as_text
from assistant.study.export.parts import sources
from assistant.study.pack import KIND_NAMES, LETTERS, Brief, ItemKind, Pack, Quote, pack_of
from support.corpus import assert_one_line
from support.handmade_pack import pack_of_speech, speech_service
from support.paths import ROOT, SHARED_DATA
from support.shapes import DOCUMENTS, LONG, long_text
from support.verbatim import (
    CITED,
    QUOTED,
    Checked,
    asked,
    checked,
    invented,
    links_of,
    misplaced,
    misquoted,
    missing,
    notes_of,
    quotes_in,
    raw_notes,
    rows_of,
    sheets_of,
    shown,
    stray_links,
    words_in,
)

LAWS = ("监察法", "公务员法", "行政处罚法", "政府信息公开条例")
CARD_FILES = ("apkg", "csv")
TITLE = "巡视动员讲话学习材料"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return speech_service(tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def pack(service: Service) -> Pack:
    return pack_of_speech(service)


def test_the_handmade_pack_quotes_the_speech_and_has_something_of_every_kind(service: Service, pack: Pack) -> None:
    quotes = list(quotes_in(pack))
    assert len(quotes) >= 30 and misquoted(service, pack) == []
    assert {item.kind for item in pack.items} == set(ItemKind)
    assert pack_of(pack.as_json()) == pack


@pytest.mark.parametrize("name", FORMATS)
def test_every_quote_of_a_format_stands_in_its_file(service: Service, pack: Pack, name: str) -> None:
    data = export(pack, name).data
    assert missing(pack, name, data) == []
    if name in QUOTED:
        assert len(QUOTED[name](data)) >= 3 and invented(service, pack, name, data) == []
    if name == "svg":
        assert len(links_of(data)) >= 3 and stray_links(service, data) == []


def assert_word_for_word(service: Service, pack: Pack) -> dict[str, Checked]:
    """Every quote of a pack stands at its offsets, and in every file made of it, which hold no others."""
    assert misquoted(service, pack) == []
    counts = {}
    for name in FORMATS:
        if name in CARD_FILES and not pack.cards:
            continue
        found = counts[name] = checked(service, pack, name, export(pack, name).data)
        assert found.wrong == (), name
        assert found.shown == sum(map(len, map(tuple, map(quotes_in, shown(pack, name))))), name
        told = bool(pack.items) if name == "pdf" else found.shown > 0  # of a .pdf what proves answers is read alone
        assert (found.given > 0) == (name in QUOTED and told), name
        assert found.cited >= (len(pack.items) if name in CITED else 0), name
    return counts


@pytest.mark.slow
def test_the_pack_of_the_speech_is_word_for_word_in_every_format(service: Service) -> None:
    pack = build_pack(service, Brief())
    counts = assert_word_for_word(service, pack)
    assert min(counts[name].shown for name in FORMATS if name not in ("docx-paper", "svg")) >= 60
    assert min(counts[name].given for name in QUOTED if name != "svg") >= 40 and counts["svg"].given >= 20
    assert min(counts[name].cited for name in CITED) >= 40


@pytest.mark.slow
@pytest.mark.skipif(not SHARED_DATA.is_dir(), reason="../shared/data is not there")
def test_the_pack_of_four_laws_is_word_for_word_in_every_format(tmp_path: Path) -> None:
    from training.laws import read_laws, write_laws

    write_laws(read_laws(SHARED_DATA), tmp_path / "laws", LAWS)
    service = Service(Settings(corpus=tmp_path / "laws", index=tmp_path / "index"))
    service.ensure()
    pack = build_pack(service, Brief())
    assert len(pack.documents) == 4
    assert_word_for_word(service, pack)


@pytest.mark.slow
@pytest.mark.parametrize("name", [*DOCUMENTS, LONG])
def test_documents_of_other_shapes_are_word_for_word_in_every_format(tmp_path: Path, name: str) -> None:
    text = long_text() if name == LONG else DOCUMENTS[name]
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / name).write_text(text, encoding="utf-8")
    service = Service(Settings(corpus=tmp_path / "documents", index=tmp_path / "index"))
    service.ensure()
    pack = build_pack(service, Brief())
    assert pack.outlines[0].points and (pack.items or "没有出成" in pack.notes[0])
    for kind, wanted in pack.brief.counts.items():
        made = sum(item.kind is kind for item in pack.items)
        assert made == wanted or any(f"{KIND_NAMES[kind]}要 {wanted} 道" in note for note in pack.notes)
    assert_word_for_word(service, pack)
    book = load_workbook(io.BytesIO(export(pack, "xlsx").data))
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    for name in CARD_FILES if not pack.cards else ():
        with pytest.raises(SettingsError, match="没有卡片"):
            export(pack, name)


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "docx-paper"])  # which cites nothing
def test_the_check_sees_one_changed_character(service: Service, pack: Pack, name: str) -> None:
    words = "忠诚践行" if name == "svg" else "一针见血" if name in CARD_FILES else "夯实整改"
    changed = replaced(pack, words, f"{words[:-1]}囗")
    assert {quote.document for quote in misquoted(service, changed)} == {pack.documents[0].title}
    data = export(changed, name).data
    assert checked(service, pack, name, export(pack, name).data).wrong == ()
    wrong = checked(service, pack, name, data).wrong
    kinds = {fault.partition(":")[0] for fault in wrong}
    assert {"missing", "invented"} <= kinds and (name not in CITED or "misplaced" in kinds), wrong


@pytest.mark.parametrize("name", CITED)
def test_the_check_sees_a_wrong_paragraph(service: Service, pack: Pack, name: str) -> None:
    source = replace(pack.items[0].source, paragraph=pack.items[0].source.paragraph + 1)
    changed = replace(pack, items=(replace(pack.items[0], source=source), *pack.items[1:]))
    assert misquoted(service, changed) == [source]
    assert [one.words for one in misplaced(service, pack, name, export(changed, name).data)] == [source.text]


def replaced(pack: Pack, old: str, new: str) -> Pack:
    """Return a pack with other words, also in its quotes."""
    return pack_of(json.loads(json.dumps(pack.as_json(), ensure_ascii=False).replace(old, new)))


def test_a_quote_at_other_offsets_is_seen(service: Service, pack: Pack) -> None:
    quote = pack.cards[0].quotes[0]
    for wrong in ({"start": quote.start + 1}, {"paragraph": 3}, {"document": "别的"}, {"text": "", "end": quote.start}):
        assert misquoted(service, (replace(quote, **wrong),)) == [replace(quote, **wrong)]
    assert misquoted(service, (quote,)) == []


def test_names_and_types(pack: Pack) -> None:
    made = {name: export(pack, name) for name in ("md", "xlsx", "apkg", "csv", "json", "svg")}
    assert {name: file.name for name, file in made.items()} == {
        "md": f"{TITLE}.md",
        "xlsx": f"{TITLE} 题库.xlsx",
        "apkg": f"{TITLE} 卡片.apkg",
        "csv": f"{TITLE} 卡片.csv",
        "json": f"{TITLE}.json",
        "svg": f"{TITLE} 思维导图.svg",
    }
    assert made["svg"].media_type == "image/svg+xml"
    assert set(FORMATS) == {*made, "docx", "docx-paper", "pptx", "pdf"}
    for title, wanted in (
        ("甲/乙\\丙:丁", "甲_乙_丙_丁"),
        ("../..", NAMELESS),
        ("", NAMELESS),
        ("长" * 99, "长" * 50),
    ):
        assert export(replace(pack, title=title), "md").name == f"{wanted}.md"


def test_what_cannot_be_made_is_said_in_one_line(pack: Pack) -> None:
    for wrong, name in ((pack, "exe"), (replace(pack, cards=()), "apkg"), (replace(pack, cards=()), "csv")):
        with pytest.raises(SettingsError) as refused:
            export(wrong, name)
        assert_one_line(refused.value)
    with pytest.raises(SettingsError, match="没有提纲"):
        export(replace(pack, outlines=()), "svg")


def test_an_empty_pack_is_still_a_file(pack: Pack) -> None:
    bare = Pack("空", pack.brief, pack.documents)
    assert words_in("md", export(bare, "md").data).startswith("# 空\n")
    assert sheets_of(export(bare, "xlsx").data)["试题"] == [COLUMNS]
    assert as_text(bare).startswith("空\n")


def test_markdown_has_questions_without_and_a_key_with_sources(pack: Pack) -> None:
    text = export(pack, "md").data.decode("utf-8")
    parts = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    assert list(parts) == "说明 内容摘要 内容提纲 重要提法 用语提示 学习安排 测试题 参考答案与出处 学习卡片".split()
    assert "[^" not in parts["测试题"] and "**1.** 完善整改制度机制，\\_\\_\\_\\_整改责任" in parts["测试题"]
    key = re.findall(r"^- \*\*(\d+)\.\*\* (.+?)（[易中难]）((?:\[\^\d+\])+)$", parts["参考答案与出处"], re.MULTILINE)
    assert [(number, said) for number, said, _ in key[:6]] == [
        ("1", "（1）夯实（2）加强"),
        ("2", "B"),
        ("3", "ABC"),
        ("4", "对"),
        ("5", "错"),
        ("6", "BAC"),
    ]
    assert len(key) == len(pack.items)
    used, notes = set(re.findall(r"\[\^(\d+)\](?!:)", text)), re.findall(r"^\[\^(\d+)\]:", text, re.MULTILINE)
    assert used == set(notes) and notes == [str(number + 1) for number in range(len(notes))]
    assert "“两个维护”——《市委巡视动员部署会讲话》第一 第3段\n" in text
    assert "<b>" not in text.replace("\\<b\\>", "")


def test_the_terminal_shows_the_same_with_places_behind(pack: Pack) -> None:
    lines = as_text(pack).split("\n")
    assert lines[0] == TITLE
    assert "    首先要看党的二十大精神的学习贯彻落实情况  〔第一 第3段〕" in lines
    assert "  第三 着力加强政治建设、强化责任担当、严明纪律要求  〔第三 第5段〕" in lines
    plan = lines[lines.index("  60—80分钟 讨论") :]
    assert plan[:6] == [
        "  60—80分钟 讨论",
        "    分组讨论",
        "    题目：第8题",
        "  80—90分钟 测验",
        "    做题",
        "    题目：第1—2题",
    ]


def test_the_bank_has_the_columns_that_exam_systems_know(pack: Pack) -> None:
    sheets = sheets_of(export(pack, "xlsx").data)
    head, *rows = sheets["试题"]
    assert head == ("题型", "题干", *(f"选项{letter}" for letter in LETTERS), *"正确答案 解析 难度 知识点 出处".split())
    keys = [(row[0], row[10], row[12]) for row in rows]
    assert keys[:6] == [
        ("填空题", "夯实|加强", "易"),
        ("单选题", "B", "易"),
        ("多选题", "ABC", "难"),
        ("判断题", "正确", "易"),
        ("判断题", "错误", "易"),
        ("排序题", "BAC", "难"),
    ]
    assert [row[0] for row in rows[6:]] == ["简答题", "论述题"]
    assert rows[1][2:10] == ("3", "4", "5", "", "", "", "", "")
    assert rows[4][11].startswith("原文是“还坏”\n原文：巡视发现问题的目的是解决问题")
    assert rows[0][14] == "《市委巡视动员部署会讲话》引言 第2段" and rows[0][13] == "引言"
    assert list(sheets) == "试题 提法 摘要 提纲 用语提示 卡片 安排 说明".split()
    assert sheets["安排"][1] == ("导入", "0—10分钟", "说明目的") and sheets["说明"][-1] == pack.notes
    assert sheets["提法"][1][:4] == ("两个维护", "数字提法", "2", "1")
    assert sheets["提纲"][2][1:4] == ("2", "首先", "首先要看党的二十大精神的学习贯彻落实情况")


def test_no_cell_is_a_formula(pack: Pack) -> None:
    book = load_workbook(io.BytesIO(export(pack, "xlsx").data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell for cell in cells if cell.data_type == "f"] == []
    (asking,) = (cell for cell in cells if str(cell.value).startswith("=怎样"))
    assert asking.data_type == "s" and asking.quotePrefix
    data = export(pack, "csv").data
    assert data.startswith(b"\xef\xbb\xbf") and data.endswith(b"\r\n")
    fronts = [row[0] for row in rows_of(data)]
    assert fronts == ["正面", "'=“以巡促改”后面是什么？", "反馈问题有什么要求？<b>", "'-问题线索怎么办？"]


def test_a_deck_imported_again_renews_its_notes(pack: Pack) -> None:
    def identities(of: Pack) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]], list[str]]:
        data = export(of, "apkg").data
        decks = [deck for deck in json.loads(asked(data, "SELECT decks FROM col")[0][0]) if deck != "1"]
        return asked(data, "SELECT guid, mid FROM notes ORDER BY id"), asked(data, "SELECT did FROM cards"), decks

    notes, cards, decks = identities(pack)
    assert len(set(notes)) == 3 == len(cards) and {str(one[0]) for one in cards} == set(decks)
    asked_otherwise = replace(pack, cards=tuple(replace(card, front=f"{card.front}？") for card in pack.cards))
    assert identities(asked_otherwise) == (notes, cards, decks)
    moved = replace(pack.cards[0].quotes[0], start=7, end=22)
    assert identities(replace(pack, cards=(replace(pack.cards[0], quotes=(moved,)), *pack.cards[1:])))[0] == notes
    other = identities(replace(pack, title="别的"))
    assert other[2] != decks and not set(other[0]) & set(notes)


def test_words_of_cards_are_no_html(pack: Pack) -> None:
    data = export(pack, "apkg").data
    assert raw_notes(data)[1][0] == "反馈问题有什么要求？&lt;b&gt;"
    assert notes_of(data)[1] == [pack.cards[1].front, pack.cards[1].back, "《市委巡视动员部署会讲话》第二 第4段"]
    named = json.loads(asked(export(replace(pack, title="甲::乙"), "apkg").data, "SELECT decks FROM col")[0][0])
    assert [deck["name"] for deck in named.values() if deck["name"] != "Default"] == ["甲：乙"]


def test_words_that_a_card_is_from_and_does_not_show_are_quoted(service: Service, pack: Pack) -> None:
    card = replace(pack.cards[1], back="一针见血、明确具体")
    data = export(replace(pack, cards=(card,)), "apkg").data
    assert notes_of(data)[0][2] == f"“{card.quotes[0].text}”——《市委巡视动员部署会讲话》第二 第4段"
    assert missing(replace(pack, cards=(card,)), "apkg", data) == []


def test_a_deck_leaves_no_file_behind(pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    export(pack, "apkg")
    assert list(tmp_path.iterdir()) == []


def test_a_pack_as_json_is_read_again(pack: Pack) -> None:
    assert pack_of(json.loads(export(pack, "json").data)) == pack


def test_links_of_the_mind_map_lead_to_the_page(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.study.export import mindmap

    def linked(found: object, link: object) -> str:
        quote: Quote = pack.outlines[0].points[1].quotes[0]
        return f'<svg xmlns="http://www.w3.org/2000/svg"><a href="{link(quote)}"/></svg>'  # type: ignore[operator]

    monkeypatch.setattr(mindmap, "mindmap", linked)
    data = export(pack, "svg", "http://127.0.0.1:7860").data
    quote = pack.outlines[0].points[1].quotes[0]
    (a,) = ElementTree.fromstring(data)
    assert a.get("href") == "http://127.0.0.1:7860/#open-" + "-".join(map(str, links_of(data)[0]))
    assert links_of(data)[0][:3] == (quote.document_id, quote.start, quote.end)


def test_a_stretch_whose_pieces_are_quoted_is_not_quoted_again(service: Service, pack: Pack) -> None:
    item = next(item for item in pack.items if item.kind is ItemKind.ORDER)
    first, last = item.further[1], item.further[2]
    text = service.document(first.document_id).text[first.start : last.end]
    whole = replace(first, end=last.end, text=text)
    assert "\n" in text and sources(replace(item, source=whole)) == item.further
    assert sources(item) == (item.source, item.further[0], item.further[2])
    assert sources(replace(item, further=())) == (item.source,)


def test_the_keys_of_the_json_are_those_of_the_docs(pack: Pack) -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| (.+) \|$", (ROOT / "assistant" / "study" / "README.md").read_text("utf-8"), re.MULTILINE
    )
    said = dict(rows)
    data = pack.as_json()
    assert [key for key, _ in rows[: len(data)]] == list(data)
    for name in ("documents", "outlines", "formulations", "remarks", "items", "cards", "plan"):
        assert [key for key in data[name][0] if f"`{key}`" not in said[name]] == [], name
    assert [key for key in data["brief"] if f"`{key}`" not in said["brief"]] == []
    assert set(data["outlines"][0]["points"][0]) == {"label", "quotes", "children"}
    quote, reading = data["cards"][0]["quotes"][0], data["plan"][1]["readings"][0]
    assert list(quote) == ["document_id", "document", "section", "paragraph", "start", "end", "text"]
    assert list(reading) == ["document_id", "document", "section", "first", "last", "characters"]
