"""Text out of PDFs."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.base.errors import ReadingError
from assistant.documents import pdf as pdf_module
from assistant.documents.pdf import read_pdf
from support.damaged import damage
from support.drawing import drawn
from support.pdfs import FULL, LONG, SECOND, pdf, wrapped


def test_pdf_lines_become_paragraphs() -> None:
    title = (200.0, 800.0, 22.0, "巡视讲话")
    extract = read_pdf(pdf([[title, *wrapped([LONG, SECOND, LONG], top=760)]]))
    assert extract.text.split("\n") == ["巡视讲话", LONG, SECOND, LONG]
    assert (extract.pages, extract.warnings, extract.headings) == ((0,), (), ())


def test_pdf_sentence_end_at_a_full_line() -> None:
    exact = LONG[: FULL - 3] + "。"  # fills the indented first line
    assert len(exact) == FULL - 2
    assert read_pdf(pdf([wrapped([exact, LONG, SECOND])])).text.split("\n") == [exact, LONG, SECOND]
    flush = [LONG[: FULL - 1] + "。", LONG, SECOND]
    assert read_pdf(pdf([wrapped(flush, indent=0)])).text.split("\n") == flush


def test_pdf_short_lines_stay_apart() -> None:
    items = ["一、提高政治站位", "二、突出监督重点", "三、抓好整改落实"]
    assert read_pdf(pdf([wrapped(items, indent=0)])).text.split("\n") == items


def test_pdf_latin_words_are_joined_with_a_blank() -> None:
    full = "the committee " * 4
    lines = [(80.0, 700.0, 16.0, full + "new"), (80.0, 672.0, 16.0, "works on 2024 plans."), (80.0, 644.0, 16.0, "二")]
    assert read_pdf(pdf([lines])).text == full + "new works on 2024 plans.\n二"


def test_pdf_pages_page_numbers_and_running_titles() -> None:
    lines = wrapped([LONG, SECOND, LONG, LONG, SECOND])
    pages = [lines[:2], lines[2:7], lines[7:]]
    marks = ("- 1 -", "2", "第 3 页")
    printed = [
        [
            (60.0, 815.0, 10.0, f"某市人民政府公报 第 {number} 页"),
            *[(left, 760.0 - 28 * row, size, text) for row, (left, _, size, text) in enumerate(page)],
            (280.0, 30.0, 10.0, mark),
        ]
        for number, (page, mark) in enumerate(zip(pages, marks, strict=True), 1)
    ]
    extract = read_pdf(pdf(printed))
    assert extract.text.split("\n") == [LONG, SECOND, LONG, LONG, SECOND]
    assert [extract.text[start : start + 8] for start in extract.pages] == [page[0][3][:8] for page in pages]
    assert extract.text[extract.pages[1] - 1] == LONG[2 * FULL - 3]  # in the middle of a paragraph


@pytest.mark.parametrize(
    ("line", "is_number"),
    [
        ("3", True), ("- 3 -", True), ("— 12 —", True), ("－３－", True), ("第3页", True), ("第 3 页 共 10 页", True),
        ("3/10", True), ("Page 3 of 10", True), ("·3·", True), ("2024", False), ("（3）", False), ("3.", False),
        ("第3条", False), ("3 件", False), ("一", False), ("12345", False),
    ],
)  # fmt: skip
def test_page_numbers(line: str, is_number: bool) -> None:
    assert bool(pdf_module._PAGE_NUMBER.fullmatch(line)) is is_number


def test_pdf_numbers_inside_a_page_stay() -> None:
    lines = [(80.0, 700.0, 16.0, "人数"), (80.0, 672.0, 16.0, "3"), (80.0, 644.0, 16.0, "合计")]
    assert read_pdf(pdf([lines])).text == "人数\n3\n合计"


def test_pdf_empty_and_picture_pages() -> None:
    pages = [wrapped([SECOND]), [], [], wrapped([LONG])]
    extract = read_pdf(pdf(pages, image=frozenset({3})))
    assert extract.text == f"{SECOND}\n{LONG}"
    assert extract.pages == (0, len(SECOND), len(SECOND), len(SECOND) + 1)
    assert extract.warnings == ("第 3 页只有图片，没有文字，需要的话请先做文字识别（OCR）。",)


def test_pdf_radicals_and_compatibility_forms_are_ordinary_characters() -> None:
    text = "\u2f00\u2f64\uf9dd"
    assert pdf_module._RADICAL.sub(lambda m: unicodedata.normalize("NFKC", m.group()), text) == "一用利"


LOCKED = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'1f' * 32}> /U <{'2e' * 32}> >> /ID [<00> <00>]"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (pdf([[]], image=frozenset({1})), "PDF 里没有文字，可能是扫描件，请先做文字识别（OCR）再放入。"),
        (pdf([[(280.0, 30.0, 10.0, "- 1 -")]]), "PDF 里没有文字，可能是扫描件，请先做文字识别（OCR）再放入。"),
        (
            pdf([wrapped([SECOND])], LOCKED),
            "PDF 有密码保护，请取消密码后重新导出。",
        ),
        (b"%PDF-1.7\nnothing", "不是真正的 PDF 文件或文件已损坏，请用原来的程序重新导出为 .pdf。"),
        (
            pdf([[(80.0, 700.0, 16.0, "\ue001\ue002\ue003\ue004讲话")]]),
            "PDF 的字体没有文字对照表，读出来是乱码，请改用它的 Word 原件，或做文字识别（OCR）。",
        ),
    ],
)
def test_pdf_faults(data: bytes, said: str) -> None:
    with pytest.raises(ReadingError) as caught:
        read_pdf(data)
    assert str(caught.value) == said


@drawn(150)
@given(st.integers())
def test_damaged_pdf_raises_nothing_but_reading_errors(seed: int) -> None:
    try:
        extract = read_pdf(damage(PDF_ONCE, seed))
    except ReadingError:
        return
    assert list(extract.pages) == sorted(extract.pages)
    extract.text.encode("utf-8")


PDF_ONCE = pdf([wrapped([LONG]), wrapped([SECOND])])
