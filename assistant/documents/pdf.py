"""PDF to `Extract`: printed lines joined into paragraphs, with the offset at which each page starts.

PDFium says which characters stand where; what is a line, a paragraph, a page number or a running
title is decided here. Pictures are not read (no OCR), and nothing is known of files and folders.
"""

import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from assistant.base.errors import ReadingError
from assistant.base.text import CLOSING, drop_controls
from assistant.documents.formats import WIDE, Extract, blank_between

_PDFIUM = threading.Lock()  # PDFium is not thread-safe
_SOFT_BLANK, _SOFT_HYPHEN = "\x1f", "\x02"  # a blank that PDFium saw in a gap; a hyphen at a line's end
_NEEDLESS_BLANK = re.compile(f"(?<={WIDE.pattern}){_SOFT_BLANK}|{_SOFT_BLANK}(?={WIDE.pattern})")
_COUNT = r"(?!(?:19|20)\d\d\b)\d{1,4}"
_PAGE = rf"(?:{_COUNT}|第\s*\d+\s*页(?:[,，/\s]*共\s*\d+\s*页)?|\d+\s*[/／]\s*\d+|Page\s*\d+(?:\s*of\s*\d+)?)"
_PAGE_NUMBER = re.compile(rf"[-—–－─·•|\s]*{_PAGE}[-—–－─·•|\s]*", re.IGNORECASE)
_PAGE_NUMBER_BESIDE = re.compile(rf"^{_PAGE}[-—–－─·•|\s]+|[-—–－─·•|\s]+{_PAGE}$", re.IGNORECASE)
_FINAL = re.compile(rf"[。！？!?…；;：:][{re.escape(CLOSING)}]*$")
_RADICAL = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]+")


@dataclass(frozen=True)
class _Line:
    """A printed line: its left and right edge and the width of a full-width character, in points."""

    text: str
    left: float
    right: float
    character: float


@dataclass(frozen=True)
class _Layout:
    """What is usual in a document: left margin, right edge, and whether paragraphs are indented."""

    margin: float
    right: float
    indents: bool


def read_pdf(data: bytes) -> Extract:
    """Read a PDF: printed lines joined into paragraphs, page numbers and running titles left out.

    Raises ReadingError for a password, a damaged file, and pages that are only pictures.
    """
    import pypdfium2

    try:
        with _PDFIUM, pypdfium2.PdfDocument(data) as document:
            width = document.get_page_size(0)[0] if len(document) else 0.0
            pages, pictures = _printed(document)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ReadingError("PDF 有密码保护，请取消密码后重新导出。") from error
        raise ReadingError("不是真正的 PDF 文件或文件已损坏，请用原来的程序重新导出为 .pdf。") from error
    pages = _without_running_lines(pages)
    if not any(pages):
        raise ReadingError("PDF 里没有文字，可能是扫描件，请先做文字识别（OCR）再放入。")
    text, starts = _typeset(pages, width)
    if sum("\ue000" <= character <= "\uf8ff" or character == "\ufffd" for character in text) > len(text) * 0.3:
        raise ReadingError("PDF 的字体没有文字对照表，读出来是乱码，请改用它的 Word 原件，或做文字识别（OCR）。")
    numbers = "、".join(map(str, pictures[:5])) + (" 等" if len(pictures) > 5 else "")
    warning = f"第 {numbers} 页只有图片，没有文字，需要的话请先做文字识别（OCR）。"
    return Extract(text, pages=starts, warnings=(warning,) if pictures else ())


def _printed(document: Any) -> tuple[list[list[_Line]], list[int]]:
    """Return the lines of each page, and the numbers of pages that hold only pictures."""
    import pypdfium2.raw as pdfium

    pages, pictures = [], []
    for number, page in enumerate(document, 1):
        textpage = page.get_textpage()
        pages.append(list(_lines(textpage)))
        if not pages[-1] and any(page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,))):
            pictures.append(number)
        textpage.close()
        page.close()
    return pages, pictures


def _lines(textpage: Any) -> Iterator[_Line]:
    import pypdfium2.raw as pdfium

    start, codes = 0, []
    for index in range(textpage.count_chars()):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        if code == ord(" ") and pdfium.FPDFText_IsGenerated(textpage, index) and not _gap(textpage, index):
            code = ord(_SOFT_BLANK)
        codes.append(code)
        if code == ord("\n"):
            yield from _line(textpage, start, codes)
            start, codes = index + 1, []
    yield from _line(textpage, start, codes)


def _gap(textpage: Any, index: int) -> bool:
    """Say whether the blank at `index`, between its neighbours, is as wide as a table leaves between cells."""
    if not 0 < index < textpage.count_chars() - 1:
        return False
    before, after = textpage.get_charbox(index - 1, loose=True), textpage.get_charbox(index + 1, loose=True)
    return after[0] - before[2] > 0.8 * (before[3] - before[1])


def _line(textpage: Any, start: int, codes: list[int]) -> Iterator[_Line]:
    visible = [n for n, code in enumerate(codes) if chr(code).strip(" \r\n\t\u3000\xa0\x1f\x00")]
    if not visible:
        return
    text = "".join(map(chr, codes)).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _RADICAL.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    text = _NEEDLESS_BLANK.sub("", text.replace("\ufffe", _SOFT_HYPHEN)).replace(_SOFT_BLANK, " ")
    hyphen = _SOFT_HYPHEN if text.rstrip().endswith(_SOFT_HYPHEN) else ""
    text = drop_controls(text.replace(_SOFT_HYPHEN, "" if hyphen else "-")).strip()
    left = textpage.get_charbox(start + visible[0], loose=True)[0]
    right = textpage.get_charbox(start + visible[-1], loose=True)[2]
    width = sum(1.0 if WIDE.match(character) else 0.5 for character in text)
    if text:
        yield _Line(text + hyphen, left, right, (right - left) / width)


def _without_running_lines(pages: list[list[_Line]]) -> list[list[_Line]]:
    """Return `pages` without page numbers and without first and last lines that half the pages share."""
    for _ in range(3):
        pages = [_without_ends(page, _is_page_number) for page in pages]
        ends = Counter(_running(line) for page in pages if page for line in {page[0], page[-1]})
        repeated = {key for key, count in ends.items() if len(key) > 3 and count >= max(3, len(pages) / 2)}
        if not repeated:
            break
        pages = [_without_ends(page, _is_one_of(repeated)) for page in pages]
    return pages


def _is_page_number(line: _Line) -> bool:
    return _PAGE_NUMBER.fullmatch(line.text) is not None


def _is_one_of(repeated: set[str]) -> Callable[[_Line], bool]:
    return lambda line: _running(line) in repeated


def _running(line: _Line) -> str:
    return _PAGE_NUMBER_BESIDE.sub("", line.text)


def _without_ends(page: list[_Line], unwanted: Callable[[_Line], bool]) -> list[_Line]:
    first, last = bool(page) and unwanted(page[0]), len(page) > 1 and unwanted(page[-1])
    return page[first : len(page) - last]


def _typeset(pages: list[list[_Line]], width: float) -> tuple[str, tuple[int, ...]]:
    """Return the text with a paragraph a line, and the offset at which each page starts."""
    layout = _layout([line for page in pages for line in page], width)
    text, length, starts = [], 0, []
    before: _Line | None = None
    for page in pages:
        starts.append(length)
        for number, line in enumerate(page):
            between = _separator(before, line, layout)
            text += [between, line.text.rstrip(_SOFT_HYPHEN)]
            length += len(between) + len(text[-1])
            starts[-1] = length - len(text[-1]) if number == 0 else starts[-1]
            before = line
    return "".join(text), tuple(starts)


def _separator(before: _Line | None, after: _Line, layout: _Layout) -> str:
    if before is None:
        return ""
    if not _continues(before, after, layout):
        return "-\n" if before.text.endswith(_SOFT_HYPHEN) else "\n"
    return "" if before.text.endswith(_SOFT_HYPHEN) else blank_between(before.text, after.text)


def _layout(lines: list[_Line], width: float) -> _Layout:
    """Measure `lines`; on a page `width` points wide, lines shorter than .7 of it are not full."""
    lefts, rights = sorted(line.left for line in lines), sorted(line.right for line in lines)
    margin, right = lefts[len(lefts) // 10], rights[len(rights) * 9 // 10]
    indented = sum(1.5 < (line.left - margin) / line.character < 2.6 for line in lines)
    return _Layout(margin, max(right, width * 0.7), indented >= max(2, len(lines) / 50))


def _continues(before: _Line, after: _Line, layout: _Layout) -> bool:
    """Say whether `after` goes on with the paragraph of `before`.

    It does where `before` is full, both are about one size and `after` is not indented; where
    paragraphs are not indented at all, a full line that ends a sentence ends the paragraph too.
    """
    if after.left > layout.margin + 0.6 * after.character:
        return False
    if not 0.75 < before.character / after.character < 1.33:
        return False
    if layout.right - before.right > 2.2 * before.character:
        return False
    return layout.indents or not _FINAL.search(before.text)
