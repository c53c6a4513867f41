"""Word documents that are damaged, hostile or odd: read as far as they can be, or refused in one line."""

import io
import random
import re
import zipfile
from collections.abc import Callable

import pytest
from docx.oxml.ns import nsdecls
from hypothesis import given
from hypothesis import strategies as st

from assistant.base.errors import ReadingError
from assistant.documents import docx as word_module
from assistant.documents.docx import read_docx
from assistant.documents.formats import Heading
from support.damaged import damage
from support.docx_files import Word
from support.drawing import drawn
from support.work import MEGABYTE, peak_bytes


def reason(data: bytes) -> str:
    with pytest.raises(ReadingError) as caught:
        read_docx(data)
    return str(caught.value)


def rezip(data: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return buffer.getvalue()


def simple_docx() -> bytes:
    word = Word()
    word.document.add_heading("总则", 1)
    word.add("内容")
    return word.data()


def with_part(data: bytes, part: str, content: bytes | None) -> bytes:
    return rezip(data, lambda name, old: content if name == part else old)


DAMAGED = "Word 文件已损坏或缺少正文，请用 Word 或 WPS 打开后重新另存为 .docx。"
BODY_PART = "word/document.xml"


def test_docx_bombs(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "解压后有 40 MB，大得不正常，请用 Word 或 WPS 打开，把正文复制到新文件另存。"
    assert reason(with_part(simple_docx(), BODY_PART, b" " * 40_000_000)) == said
    monkeypatch.setattr(word_module, "MAX_PART", 1000)
    assert reason(simple_docx()).startswith("解压后有 0 MB")


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
        b"<x><body>" + b"<p>" * 100_000 + b"</p>" * 100_000 + b"</body></x>",
        b"<x>",
        b"",
        None,
    ],
)
def test_docx_whose_xml_is_no_document(content: bytes | None) -> None:
    assert reason(with_part(simple_docx(), BODY_PART, content)) == DAMAGED


LAUGHS = '<!ENTITY a0 "aaaaaaaaaa">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11))
LONG_ENTITY = f'<!ENTITY a10 "{"a" * 100_000}">'
OUTSIDE = '<!ENTITY a10 SYSTEM "file:///etc/hostname">'


@pytest.mark.parametrize("part", [BODY_PART, "word/styles.xml", "[Content_Types].xml", "_rels/.rels"])
@pytest.mark.parametrize(
    ("entities", "inner"),
    [
        (LAUGHS, "<w:p><w:r><w:t>&a10;</w:t></w:r></w:p>"),
        (LAUGHS, '<w:p w:x="&a10;"/>'),
        (LONG_ENTITY, f'<w:p w:x="{"&a10;" * 20_000}"/>'),
        (f'{LAUGHS}<!ATTLIST w:p x CDATA "&a10;">', "<w:p/>"),
        (OUTSIDE, "<w:p><w:r><w:t>&a10;</w:t></w:r></w:p>"),
        ("<!ENTITY % a10 SYSTEM 'file:///etc/hostname'>%a10;", "<w:p/>"),
    ],
)
def test_docx_entities_are_refused_at_once(part: str, entities: str, inner: str) -> None:
    content = f"<!DOCTYPE x [{entities}]><w:document {nsdecls('w')}><w:body>{inner}</w:body></w:document>"
    data = with_part(simple_docx(), part, content.encode())
    assert peak_bytes(lambda: reason(data)) < 100 * MEGABYTE  # spelt out they are gigabytes
    assert reason(data) == DAMAGED


def test_docx_parts() -> None:
    data = simple_docx()
    assert read_docx(with_part(data, "word/styles.xml", None)).text == "总则\n内容"
    assert read_docx(with_part(data, "word/styles.xml", None)).headings == ()
    assert read_docx(with_part(data, "word/numbering.xml", None)).text == "总则\n内容"
    transitional = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    strict = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
    changed = rezip(data, lambda name, content: content.replace(transitional, strict))
    assert read_docx(changed).headings == (Heading(0, 2, 1),)


def test_docx_in_strict_ooxml() -> None:
    word = Word()
    word.number([("chineseCounting", "第%1条")])
    word.document.add_heading("总则", 1)
    word.numbered("内容")
    data = word.data()
    for kind in (b"wordprocessingml/2006/main", b"officeDocument/2006/relationships"):
        strict = b"http://purl.oclc.org/ooxml/" + kind.replace(b"/2006", b"")
        data = replaced(data, b"http://schemas.openxmlformats.org/" + kind, strict)
    assert b"schemas.openxmlformats.org/officeDocument" not in zipfile.ZipFile(io.BytesIO(data)).read("_rels/.rels")
    extract = read_docx(data)
    assert (extract.text, extract.headings) == ("总则\n第一条 内容", (Heading(0, 2, 1),))


def replaced(data: bytes, old: bytes, new: bytes) -> bytes:
    return rezip(data, lambda name, content: content.replace(old, new))


def test_docx_whose_main_part_has_another_name() -> None:
    data = replaced(simple_docx(), b"word/document.xml", b"word/document2.xml")
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name.replace("document.xml", "document2.xml"), old.read(name))
    assert read_docx(buffer.getvalue()).headings == (Heading(0, 2, 1),)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("word/_rels/document.xml.rels", b"theme/theme1.xml", b"NULL"),
        ("word/settings.xml", b"", b"<"),
        ("[Content_Types].xml", b'Extension="jpeg"', b'Extension="gif"'),
    ],
)
def test_docx_faults_in_parts_that_hold_no_text_do_no_harm(part: str, old: bytes, new: bytes) -> None:
    data = rezip(simple_docx(), lambda name, content: content.replace(old, new, 1) if name == part else content)
    assert data != simple_docx()
    assert read_docx(data).headings == (Heading(0, 2, 1),)


def test_docx_without_styles_and_numbering() -> None:
    drop = re.compile(rb'<Relationship [^>]*(styles|numbering)"[^>]*>')
    name = "word/_rels/document.xml.rels"
    data = rezip(simple_docx(), lambda part, content: drop.sub(b"", content) if part == name else content)
    extract = read_docx(data)
    assert (extract.text, extract.headings) == ("总则\n内容", ())


def test_docx_comments_in_the_xml_do_not_cut_text() -> None:
    word = Word()
    word.add(xml="<w:r><w:t>甲<!-- 注 -->乙<?x y?>丙</w:t><!-- 注 --><w:t> </w:t><w:t>丁</w:t></w:r>")
    assert word.lines() == ["甲乙丙 丁"]


def test_docx_with_macros_under_a_false_name() -> None:
    plain = b"openxmlformats-officedocument.wordprocessingml.document.main+xml"
    assert reason(replaced(simple_docx(), plain, b"ms-word.document.macroEnabled.main+xml")) == DAMAGED


@drawn(150)
@given(st.integers())
def test_damaged_docx_raises_nothing_but_reading_errors(seed: int) -> None:
    try:
        read_docx(damage(simple_docx_once, seed))
    except ReadingError:
        pass


XML_PARTS = [
    BODY_PART, "word/styles.xml", "word/numbering.xml", "word/_rels/document.xml.rels", "_rels/.rels",
    "[Content_Types].xml",
]  # fmt: skip


@pytest.mark.slow
@drawn(150)
@given(st.integers())
def test_damaged_xml_raises_nothing_but_reading_errors(seed: int) -> None:
    part = random.Random(seed).choice(XML_PARTS)
    try:
        read_docx(rezip(simple_docx_once, lambda name, content: damage(content, seed) if name == part else content))
    except ReadingError:
        pass


simple_docx_once = simple_docx()
