"""One kind of file to text: Markdown's headings, Word documents, PDF.

Works on bytes in memory and knows nothing of folders, catalogues or encodings of text files
(`reading` does). Word documents are read from their XML parts: of python-docx's paragraphs, the
text of tracked insertions, automatic numbers and content controls would be missing.
"""

import io
import re
import threading
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from assistant.errors import ReadingError
from assistant.text import CLOSING, HAN, drop_controls

MAX_UNPACKED = 300_000_000
MAX_PART = 50_000_000
MAX_RATIO = 200
_WIDE = re.compile(f"[{HAN}\u3000-\u303f\uff00-\uff60‘’“”…—·]")
_MARKS = (
    (b"%PDF-", ".pdf"),
    (b"{\\rtf", ".rtf"),
    (b"\x89PNG", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"Rar!", ".rar"),
    (b"7z\xbc\xaf", ".7z"),
)


@dataclass(frozen=True)
class Heading:
    """A line that is a heading: its offsets in the document's text and its level (1 is highest)."""

    start: int
    end: int
    level: int


@dataclass(frozen=True)
class Extract:
    """What a file holds: text, and where headings and pages are in it (`pages`: start offsets)."""

    text: str
    headings: tuple[Heading, ...] = ()
    pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


def true_kind(data: bytes) -> str | None:
    """Return what the first bytes say: .docx, .doc, .pdf, .rtf, .zip, .png, .jpg, "encrypted"; else None."""
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "encrypted" if "EncryptedPackage".encode("utf-16-le") in data else ".doc"
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_zip(data)
    start = data[:1024].lstrip()
    return next((kind for mark, kind in _MARKS if start.startswith(mark)), None)


def _kind_of_zip(data: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        return None
    for folder, kind in (("word/", ".docx"), ("xl/", ".xlsx"), ("ppt/", ".pptx")):
        if any(name.startswith(folder) for name in names):
            return kind
    return ".zip"


# ---- Markdown


_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]|$)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")


def markdown_headings(text: str) -> tuple[Heading, ...]:
    """Return the `#` headings of `text` outside fenced code; offsets are of the line without blanks around it."""
    headings = []
    fence = ""
    start = 0
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            closes = mark and mark.group(1).startswith(fence) and not mark.group(2).strip()
            fence = "" if closes else fence
        elif mark and not (mark.group(1)[0] == "`" and "`" in mark.group(2)):
            fence = mark.group(1)
        elif (atx := _ATX.match(line)) and line.strip(" \t#"):
            begin = start + atx.start(1)
            headings.append(Heading(begin, begin + len(line.strip()), len(atx.group(1))))
        start += len(line) + 1
    return tuple(headings)


# ---- Word documents


_SKIP = frozenset(
    "pPr rPr tblPr tblGrid trPr tcPr sdtPr del moveFrom delText instrText rt "
    "drawing pict object AlternateContent".split()
)
_BREAKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_DAMAGED = (zipfile.BadZipFile, zlib.error, ElementTree.ParseError, EOFError, ValueError, LookupError, RuntimeError)


def read_docx(data: bytes) -> Extract:
    """Read a Word document: paragraphs and table rows in order, one line each.

    Tracked insertions are read, tracked deletions and hidden text are not; automatic numbers are
    written out; the table of contents is left out. Raises ReadingError for a damaged file and,
    before anything is unpacked, for one that would unpack to far more than it is.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_unpacked(archive.infolist())
            parts = {name: _part(archive, name) for name in ("styles", "numbering", "document")}
        body = parts["document"].find("body")
        word = _Word(parts["styles"], _Numbering(parts["numbering"]))
        word.read(parts["document"] if body is None else body)
        return word.extract(parts["document"])
    except _DAMAGED as error:
        raise ReadingError("Word 文件已损坏或缺少正文，请用 Word 或 WPS 打开后重新另存为 .docx。") from error


def _check_unpacked(entries: list[zipfile.ZipInfo]) -> None:
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    largest = max((entry.file_size for entry in entries if entry.filename.endswith(".xml")), default=0)
    bomb = unpacked > 10_000_000 and unpacked > MAX_RATIO * packed
    if bomb or unpacked > MAX_UNPACKED or largest > MAX_PART:
        size = f"{unpacked // 1_000_000} MB"
        raise ReadingError(f"解压后有 {size}，大得不正常，请用 Word 或 WPS 打开，把正文复制到新文件另存。")


def _part(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """Return the root of word/`name`.xml (word/document2.xml in some exports), tags without namespace."""
    named = re.compile(rf"word/{name}\d*\.xml")
    path = next(filter(named.fullmatch, archive.namelist()), None)
    if path is None and name != "document":
        return ElementTree.Element(name)
    content = archive.read(path or "word/document.xml")
    if b"<!DOCTYPE" in content:
        raise ValueError("a Word document declares no document type")
    root = ElementTree.fromstring(content)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        element.attrib = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    return root


def _value(element: ElementTree.Element | None, path: str) -> str | None:
    """Return the `val` of the element at `path`, "" if it stands without one, None if absent."""
    found = None if element is None else element.find(path)
    return None if found is None else found.get("val", "")


def _on(element: ElementTree.Element, path: str) -> bool:
    return _value(element, path) not in (None, "0", "false", "off")


class _Word:
    """The lines of one Word document, with the heading level of each (0: none), as they are read."""

    def __init__(self, styles: ElementTree.Element, numbering: "_Numbering") -> None:
        self.styles = {style.get("styleId", ""): style for style in styles.iter("style")}
        paragraphs = (style for style in styles.iter("style") if style.get("type") == "paragraph")
        self.normal = next((style.get("styleId", "") for style in paragraphs if style.get("default")), "")
        self.numbering = numbering
        self.lines: list[tuple[str, int]] = []
        self.carried = ""
        self.contents = False

    def read(self, blocks: ElementTree.Element) -> None:
        for block in blocks:
            if block.tag == "p":
                self.paragraph(block)
            elif block.tag == "tbl":
                for row in _inside(block, "tr"):
                    self.row(row)
            elif block.tag not in _SKIP:
                self.read(block)

    def paragraph(self, element: ElementTree.Element) -> None:
        properties = element.find("pPr")
        styles = list(self.chain(_value(properties, "pStyle") or self.normal))
        text, self.carried = self.carried + _text(element), ""
        if properties is not None and properties.find("rPr/del") is not None:
            self.carried = text  # the paragraph mark is deleted: the text runs on into the next paragraph
            return
        if any((_value(style, "name") or "").lower().startswith("toc ") for style in styles):
            self.contents = True
            return
        holders = [properties, *(style.find("pPr") for style in styles)]
        number = self.numbering.label([holder for holder in holders if holder is not None], styles)
        if not drop_controls(text).strip():
            return
        level = _level(holders, styles)
        text = _join(text.split("\n")) if level else text
        self.lines.append((number + text.lstrip() if number else text, level))

    def chain(self, style: str) -> Iterator[ElementTree.Element]:
        """Yield the style and those that it is based on."""
        seen: set[str] = set()
        while style in self.styles and style not in seen:
            seen.add(style)
            yield self.styles[style]
            style = _value(self.styles[style], "basedOn") or ""

    def row(self, row: ElementTree.Element) -> None:
        """Read a table row as one line; a row of one cell is a frame around paragraphs."""
        if row.find("trPr/del") is not None:
            return
        cells = list(_inside(row, "tc"))
        if len(cells) == 1:
            self.read(cells[0])
            return
        texts = [self.cell(cell) for cell in cells]
        if any(texts):
            self.lines.append((" | ".join(texts), 0))

    def cell(self, cell: ElementTree.Element) -> str:
        outer, self.lines = self.lines, []
        self.read(cell)
        inner, self.lines = self.lines, outer
        return " ".join(" ".join(text for text, _ in inner).split())

    def extract(self, root: ElementTree.Element) -> Extract:
        """Return what was read; `root` is searched for what was not."""
        if self.carried.strip():
            self.lines.append((self.carried, 0))
        headings, pieces, length = [], [], 0
        for line, level in self.lines:
            line = drop_controls(line)
            if level:
                headings.append(Heading(length, length + len(line), level))
            pieces.append(line)
            length += len(line) + 1
        return Extract("\n".join(pieces), tuple(headings), warnings=tuple(self.warnings(root)))

    def warnings(self, root: ElementTree.Element) -> Iterator[str]:
        if any("".join(box.itertext()).strip() for box in root.iter("txbxContent")):
            yield "文本框里的文字没有收入，需要的话请把它移到正文里。"
        if any(root.find(f".//{tag}") is not None for tag in ("footnoteReference", "endnoteReference")):
            yield "脚注和尾注没有收入，需要的话请把它们移到正文里。"
        if self.contents:
            yield "自动目录没有收入，标题以正文为准。"
        if self.numbering.unknown:
            yield f"自动编号格式 {'、'.join(sorted(self.numbering.unknown))} 已写成阿拉伯数字，请对照原件核对。"


def _inside(element: ElementTree.Element, tag: str) -> Iterator[ElementTree.Element]:
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag not in _SKIP:
            yield from _inside(child, tag)


def _text(element: ElementTree.Element) -> str:
    parts = []
    for child in element:
        if child.tag == "t":
            parts.append(child.text or "")
        elif child.tag in _BREAKS:
            parts.append(_BREAKS[child.tag])
        elif child.tag not in _SKIP and not (child.tag == "r" and _on(child, "rPr/vanish")):
            parts.append(_text(child))
    return "".join(parts)


def _level(holders: list[ElementTree.Element | None], styles: list[ElementTree.Element]) -> int:
    for holder in holders:
        if (outline := _value(holder, "outlineLvl")) is not None:
            return int(outline) + 1 if int(outline) < 9 else 0
    names = (_HEADING_NAME.fullmatch(_value(style, "name") or "") for style in styles)
    return next((int(name.group(1)) for name in names if name), 0)


def _join(lines: list[str]) -> str:
    """Join lines that belong together: with a blank, except beside a Chinese character."""
    joined = ""
    for line in filter(None, map(str.strip, lines)):
        joined += _between(joined, line) + line
    return joined


def _between(before: str, after: str) -> str:
    if not before or not after or _WIDE.match(before[-1]) or _WIDE.match(after[0]):
        return ""
    return " "


# ---- Word's automatic numbers


def _chinese(number: int) -> str:
    written, gap = "", False
    for unit, power in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = number // power % 10
        if digit:
            written += ("零" if gap and written else "") + "零一二三四五六七八九"[digit] + unit
        gap = not digit
    return written[1:] if written.startswith("一十") else written or "零"


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    written = ""
    for value, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1), "m cm d cd c xc l xl x ix v iv i".split(), strict=True
    ):
        written += sign * (number // value)
        number %= value
    return written


def _one_of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if 0 < number <= len(signs) else str(number)


def _digits(zero_to_nine: str) -> Callable[[int], str]:
    table = str.maketrans("0123456789", zero_to_nine)
    return lambda number: str(number).translate(table)


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": "{:02d}".format,
    "decimalFullWidth": _digits("０１２３４５６７８９"),
    "decimalEnclosedCircle": _one_of("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"),
    "ideographDigital": _digits("〇一二三四五六七八九"),
    "ideographTraditional": _one_of("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _one_of("子丑寅卯辰巳午未申酉戌亥"),
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerLetter": _letters,
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerRoman": _roman,
    "none": lambda number: "",
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
}
_FORMATS["decimalEnclosedCircleChinese"] = _FORMATS["decimalEnclosedCircle"]
_FORMATS["japaneseDigitalTenThousand"] = _FORMATS["taiwaneseDigital"] = _FORMATS["ideographDigital"]


def _nearest(settings: list[ElementTree.Element], name: str) -> str | None:
    return next((value for value in (_value(each, name) for each in settings) if value is not None), None)


class _Numbering:
    """Counts the automatically numbered paragraphs of one document (word/numbering.xml)."""

    def __init__(self, root: ElementTree.Element) -> None:
        self.lists = {entry.get("numId", ""): entry for entry in root.iter("num")}
        self.kinds = {kind.get("abstractNumId", ""): kind for kind in root.iter("abstractNum")}
        self.linked = {_value(kind, "styleLink"): key for key, kind in self.kinds.items()}
        self.counts: dict[str, list[int | None]] = {}
        self.begun: set[tuple[str, int]] = set()
        self.unknown: set[str] = set()

    def label(self, holders: list[ElementTree.Element], styles: list[ElementTree.Element]) -> str:
        """Return the number written before the next paragraph, "" for bullets and where there is none.

        `holders` are the properties of the paragraph and of its styles, nearest first.
        """
        settings = [numbering for holder in holders if (numbering := holder.find("numPr")) is not None]
        entry = self.lists.get(_nearest(settings, "numId") or "0")
        kind = self._kind(entry)
        if entry is None or kind is None:
            return ""
        owners = (self.kinds[kind], entry)
        levels = {int(level.get("ilvl", "0")): level for owner in owners for level in owner.iter("lvl")}
        names = {style.get("styleId") for style in styles}
        by_style = next((n for n, level in levels.items() if _value(level, "pStyle") in names), 0)
        level = min(max(int(_nearest(settings, "ilvl") or by_style), 0), 8)
        self._count(kind, entry, level, levels)
        return self._written(self.counts[kind], level, levels)

    def _kind(self, entry: ElementTree.Element | None) -> str | None:
        kind = _value(entry, "abstractNumId") or ""
        link = _value(self.kinds.get(kind), "numStyleLink")
        kind = self.linked.get(link, kind) if link else kind
        return kind if kind in self.kinds else None

    def _count(self, kind: str, entry: ElementTree.Element, level: int, levels: dict[int, ElementTree.Element]) -> None:
        counts = self.counts.setdefault(kind, [None] * 9)
        restarts = {
            int(override.get("ilvl", "0")): int(_value(override, "startOverride") or 0)
            for override in entry.iter("lvlOverride")
            if override.find("startOverride") is not None
        }
        place = (entry.get("numId", ""), level)
        starts = {n: int(_value(each, "start") or 0) for n, each in levels.items()}
        current = counts[level]
        if level in restarts and place not in self.begun:
            counts[level] = restarts[level]
        else:
            counts[level] = starts.get(level, 0) if current is None else current + 1
        self.begun.add(place)
        for higher in range(level):
            counts[higher] = starts.get(higher, 1) if counts[higher] is None else counts[higher]
        counts[level + 1 :] = [None] * (8 - level)

    def _written(self, counts: list[int | None], level: int, levels: dict[int, ElementTree.Element]) -> str:
        this = levels.get(level)
        if this is None or _value(this, "numFmt") == "bullet":
            return ""
        plain = _on(this, "isLgl")

        def number(match: re.Match[str]) -> str:
            n = int(match.group(1)) - 1
            style = "decimal" if plain else _value(levels.get(n), "numFmt") or "decimal"
            count = counts[n] or 0
            if style not in _FORMATS:
                self.unknown.add(style)
            return _FORMATS.get(style, str)(count) if 0 <= count < 10_000 else str(count)

        text = re.sub("%([1-9])", number, _value(this, "lvlText") or "").strip()
        tight = not text or _value(this, "suff") == "nothing" or text[-1] in "、．。，：）】〕〉》」"
        return text if tight else text + " "


# ---- PDF


_PDFIUM = threading.Lock()  # PDFium is not thread-safe
_SOFT_BLANK, _SOFT_HYPHEN = "\x1f", "\x02"  # a blank that PDFium saw in a gap; a hyphen at a line's end
_NEEDLESS_BLANK = re.compile(f"(?<={_WIDE.pattern}){_SOFT_BLANK}|{_SOFT_BLANK}(?={_WIDE.pattern})")
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
    width = sum(1.0 if _WIDE.match(character) else 0.5 for character in text)
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
    return "" if before.text.endswith(_SOFT_HYPHEN) else _between(before.text, after.text)


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
