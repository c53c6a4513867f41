"""A conversation exported: every quote word for word, in footnotes that are real."""

import io
import re
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from assistant.answering.answer import Status
from assistant.answering.conversation.export import (
    NOT_WORDED,
    VERBATIM,
    Entry,
    Record,
    as_docx,
    as_markdown,
    file_name,
    footnote,
)
from assistant.answering.conversation.state import Conversation
from assistant.answering.service import Service
from assistant.base.markdown import escape
from assistant.base.settings import Settings
from support.pages import answer, citation, heading, statement
from support.paths import ROOT

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
QUESTIONS = ("巡视整改要求是什么", "那具体怎么做", "“四个聚焦”是什么？", "火星上有多少只企鹅", "出处在哪")


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    service = Service(Settings(corpus=ROOT / "corpus", index=tmp_path_factory.mktemp("export") / "index"))
    service.ensure()
    talk, entries = Conversation(), []
    for text in QUESTIONS:
        found, talk = service.converse(text, talk)
        entries.append(Entry(text, "全部文件", found))
    return Record("整改/问答", 1_700_000_000, tuple(entries))


def test_markdown_has_each_question_and_each_quote(record: Record) -> None:
    text = as_markdown(record)
    assert text.startswith("# 整改/问答\n") and VERBATIM in text and NOT_WORDED not in text
    notes = dict(re.findall(r"^\[\^(\d+)\]: (.*)$", text, re.M))
    citations = [c for entry in record.entries for c in entry.answer.citations]
    assert list(notes) == [str(n + 1) for n in range(len(citations))]
    for c, note in zip(citations, notes.values(), strict=True):
        assert note == escape(f"“{c.quote}”——《{c.document}》{c.section} 第{c.paragraph}段")
    body = text.split("\n[^1]:")[0]
    assert set(re.findall(r"\[\^(\d+)\]", body)) == set(notes)
    for number, question in enumerate(QUESTIONS, 1):
        assert f"## {number}. {question}\n" in text
    assert "*理解为：巡视整改具体怎么做*" in text and "没有找到" in text


def test_word_has_real_footnotes(record: Record) -> None:
    citations = [c for entry in record.entries for c in entry.answer.citations]
    with zipfile.ZipFile(io.BytesIO(as_docx(record))) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    kinds = parts["[Content_Types].xml"].decode()
    assert 'PartName="/word/footnotes.xml"' in kinds and "wordprocessingml.footnotes+xml" in kinds
    assert "relationships/footnotes" in parts["word/_rels/document.xml.rels"].decode()
    notes = ElementTree.fromstring(parts["word/footnotes.xml"])
    by_id = {n.get(f"{W}id"): "".join(t.text or "" for t in n.iter(f"{W}t")) for n in notes}
    document = ElementTree.fromstring(parts["word/document.xml"])
    referred = [r.get(f"{W}id") for r in document.iter(f"{W}footnoteReference")]
    assert set(by_id) == {"-1", "0", *referred} and len(set(referred)) == len(referred)
    assert {by_id[r or ""].strip() for r in referred} == {footnote(c) for c in citations}
    styles = {s.get(f"{W}styleId") for s in ElementTree.fromstring(parts["word/styles.xml"]).iter(f"{W}style")}
    used = {s.get(f"{W}val") for part in (notes, document) for t in ("pStyle", "rStyle") for s in part.iter(f"{W}{t}")}
    assert used <= styles
    assert (
        'w:eastAsia="仿宋"' in parts["word/styles.xml"].decode() and "FangSong" in parts["word/fontTable.xml"].decode()
    )


def test_word_opens_again_with_every_word(record: Record) -> None:
    from docx import Document

    text = "\n".join(p.text for p in Document(io.BytesIO(as_docx(record))).paragraphs)
    for c in (c for entry in record.entries for c in entry.answer.citations):
        assert c.quote in text
    assert all(question in text for question in QUESTIONS) and VERBATIM in text


def test_a_document_not_in_force_is_marked_behind_its_title() -> None:
    old = replace(citation(1, "最多三十日。", "办法"), validity="已废止", replaced_by="规定", date="2018")
    blocks = [heading(documents="《办法》，已废止，见《规定》"), statement(1, "最多三十日。")]
    given = answer(Status.ANSWERED, blocks, old)
    record = Record("问", 0, (Entry("问", "全部文件", given),))
    assert footnote(old) == "“最多三十日。”——《办法》（已废止，见《规定》）第二 第4段（2018）"
    assert f"[^1]: {footnote(old)}" in as_markdown(record)
    assert "；已找到原文（引自已废止的文件，仅供参考）*" in as_markdown(record)
    with zipfile.ZipFile(io.BytesIO(as_docx(record))) as file:
        assert footnote(old) in "".join(ElementTree.fromstring(file.read("word/footnotes.xml")).itertext())


def test_hostile_words_stay_words() -> None:
    words = "</w:t><script>&[x](http://a.example)**粗**\x00\ud800"
    given = answer(Status.ANSWERED, [heading(words), statement(1, "甲<b>")], citation(1, "甲<b>"))
    record = Record(words, 0, (Entry(words, "全部文件", given),), worded=True)
    with zipfile.ZipFile(io.BytesIO(as_docx(record))) as file:
        text = "".join(ElementTree.fromstring(file.read("word/document.xml")).itertext())
    assert "</w:t><script>&[x](http://a.example)**粗**" in text and NOT_WORDED in text
    assert "\\<script\\>" in as_markdown(record) and "[x](http" not in as_markdown(record)
    assert not re.search(r'[\\/:*?"<>|]', file_name(record, "docx"))


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_a_question_stays_in_its_line(end: str) -> None:
    record = Record("题", 0, (Entry(f"问{end}- 假的一条", "全部文件", answer(Status.NOT_FOUND, "没有")),))
    (heading,) = (line for line in as_markdown(record).split("\n") if line.startswith("## 1. "))
    assert heading.splitlines() == [heading]
    assert heading.endswith("假的一条")


def test_a_quote_keeps_its_spaces() -> None:
    given = answer(Status.ANSWERED, [statement(1, "甲")], citation(1, "第一条　甲  乙"))
    assert "“第一条　甲  乙”" in as_markdown(Record("题", 0, (Entry("问", "全部文件", given),)))
