"""Word documents (.docx) to `Extract`: paragraphs and table rows in order, a line each, with headings.

python-docx opens the package and finds its parts. Their XML is walked here, because python-docx's
own paragraph text leaves out tracked insertions, automatic numbers and content controls. How
numbers are counted is in `docx_numbering`; files and folders are for `document`.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assistant.base.errors import ReadingError
from assistant.base.text import drop_controls
from assistant.documents.docx_numbering import Numbering, is_on, value_of
from assistant.documents.formats import Extract, Heading, blank_between

if TYPE_CHECKING:
    from docx.opc.packuri import PackURI
    from lxml.etree import _Element as Element

MAX_UNPACKED = 300_000_000
MAX_PART = 50_000_000
MAX_RATIO = 200
_SKIP = frozenset(
    "pPr rPr tblPr tblGrid trPr tcPr sdtPr del moveFrom delText instrText rt "
    "drawing pict object AlternateContent".split()
)
_BREAKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, LookupError, ValueError, RuntimeError,
    SyntaxError,  # the family of lxml's errors of XML syntax
)  # fmt: skip
_TEXT_PARTS = ("officeDocument", "styles", "numbering")
_TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def read_docx(data: bytes) -> Extract:
    """Read a Word document: paragraphs and table rows in order, one line each.

    Tracked insertions are read, tracked deletions and hidden text are not; automatic numbers are
    written out; the table of contents is left out. Raises ReadingError for a damaged file and,
    before anything is unpacked, for one that would unpack to far more than it is.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_unpacked(archive.infolist())
        main = _main_part(data)
        document = _plain(main.element)
        word = _Word(_related(main, "styles"), Numbering(_related(main, "numbering")))
        body = document.find("body")
        word.read(document if body is None else body)
        return word.extract(document)
    except _DAMAGED as error:
        raise ReadingError("Word 文件已损坏或缺少正文，请用 Word 或 WPS 打开后重新另存为 .docx。") from error


# ---- the package


def _check_unpacked(entries: list[zipfile.ZipInfo]) -> None:
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    largest = max((entry.file_size for entry in entries if entry.filename.endswith((".xml", ".rels"))), default=0)
    bomb = unpacked > 10_000_000 and unpacked > MAX_RATIO * packed
    if bomb or unpacked > MAX_UNPACKED or largest > MAX_PART:
        size = f"{unpacked // 1_000_000} MB"
        raise ReadingError(f"解压后有 {size}，大得不正常，请用 Word 或 WPS 打开，把正文复制到新文件另存。")


def _main_part(data: bytes) -> Any:
    """Return the `docx.parts.document.DocumentPart` of the package.

    Where python-docx stops, it gets a second package with only what the text needs: it loads
    whatever is related, and a lost picture or the relationship names of Strict OOXML end it.
    """
    try:
        return _opened(data)
    except ValueError:
        return _opened(_text_parts_only(data))


def _opened(data: bytes) -> Any:
    import docx

    try:
        return docx.Document(io.BytesIO(data)).part
    except (*_DAMAGED, AttributeError, TypeError) as error:  # the last two where an element is not what it expects
        raise ValueError("python-docx cannot open the package") from error


def _text_parts_only(data: bytes) -> bytes:
    """Return the package with only the parts that hold text, styles and numbers."""
    from docx.opc.oxml import parse_xml
    from docx.opc.packuri import CONTENT_TYPES_URI, PACKAGE_URI
    from lxml import etree

    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        names = set(old.namelist())
        parts = [PACKAGE_URI]
        for part in parts:  # grows as relationships are followed
            name = CONTENT_TYPES_URI.membername if part == PACKAGE_URI else part.membername
            new.writestr(name, old.read(name))
            if (name := part.rels_uri.membername) in names:
                relationships = parse_xml(old.read(name))  # type: ignore[arg-type]
                targets = _keep_text_parts(relationships, part.baseURI, names)
                new.writestr(name, etree.tostring(relationships))
                parts.extend(target for target in targets if target not in parts)
    return buffer.getvalue()


def _keep_text_parts(relationships: Element, base: str, names: set[str]) -> dict[PackURI, None]:
    """Keep of `relationships` those to text parts in `names`, under their Transitional names; return these parts."""
    from docx.opc.packuri import PackURI

    kept: dict[PackURI, None] = {}
    for relationship in list(relationships.iterchildren("{*}*")):
        kind = relationship.get("Type", "").rpartition("/")[2]
        target = PackURI.from_rel_ref(base, relationship.get("Target", ""))
        if kind in _TEXT_PARTS and target.membername in names:
            relationship.set("Type", _TRANSITIONAL + kind)
            kept[target] = None
        else:
            relationships.remove(relationship)
    return kept


def _related(main: Any, kind: str) -> Element:
    """Return the root of the part that `main` names as its `kind`, an empty element if there is none.

    Not `document.styles` and `numbering_part`: where the part is missing, the first makes up
    styles that the document does not have, and the second raises NotImplementedError.
    """
    from docx.opc.part import XmlPart
    from docx.oxml import parse_xml
    from lxml import etree

    try:
        part = main.part_related_by(_TRANSITIONAL + kind)
    except KeyError:
        return etree.Element(kind)
    return _plain(part.element if isinstance(part, XmlPart) else parse_xml(part.blob))


def _plain(root: Element) -> Element:
    """Return `root` with names without namespace (Strict OOXML has others) and text undivided by comments.

    python-docx's parser reads no outside entities and libxml2 stops where entities multiply.
    """
    from lxml import etree

    if root.getroottree().docinfo.doctype:
        raise ValueError("a Word document declares no document type")
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    for element in root.iter():
        element.tag = etree.QName(element).localname
        for key in [key for key in element.attrib if "}" in key]:
            element.set(etree.QName(key).localname, element.attrib.pop(key))
    return root


# ---- the text


class _Word:
    """The lines of one Word document, with the heading level of each (0: none), as they are read."""

    def __init__(self, styles: Element, numbering: Numbering) -> None:
        self.styles = {style.get("styleId", ""): style for style in styles.iter("style")}
        paragraphs = (style for style in styles.iter("style") if style.get("type") == "paragraph")
        self.normal = next((style.get("styleId", "") for style in paragraphs if style.get("default")), "")
        self.numbering = numbering
        self.lines: list[tuple[str, int]] = []
        self.carried = ""
        self.contents = False

    def read(self, blocks: Element) -> None:
        for block in blocks:
            if block.tag == "p":
                self.paragraph(block)
            elif block.tag == "tbl":
                for row in _inside(block, "tr"):
                    self.row(row)
            elif block.tag not in _SKIP:
                self.read(block)

    def paragraph(self, element: Element) -> None:
        properties = element.find("pPr")
        styles = list(self.chain(value_of(properties, "pStyle") or self.normal))
        text, self.carried = self.carried + _text(element), ""
        if properties is not None and properties.find("rPr/del") is not None:
            self.carried = text  # the paragraph mark is deleted: the text runs on into the next paragraph
            return
        if any((value_of(style, "name") or "").lower().startswith("toc ") for style in styles):
            self.contents = True
            return
        holders = [properties, *(style.find("pPr") for style in styles)]
        number = self.numbering.label([holder for holder in holders if holder is not None], styles)
        if not drop_controls(text).strip():
            return
        level = _level(holders, styles)
        text = _join(text.split("\n")) if level else text
        self.lines.append((number + text.lstrip() if number else text, level))

    def chain(self, style: str) -> Iterator[Element]:
        """Yield the style and those that it is based on."""
        seen: set[str] = set()
        while style in self.styles and style not in seen:
            seen.add(style)
            yield self.styles[style]
            style = value_of(self.styles[style], "basedOn") or ""

    def row(self, row: Element) -> None:
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

    def cell(self, cell: Element) -> str:
        outer, self.lines = self.lines, []
        self.read(cell)
        inner, self.lines = self.lines, outer
        return " ".join(" ".join(text for text, _ in inner).split())

    def extract(self, root: Element) -> Extract:
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

    def warnings(self, root: Element) -> Iterator[str]:
        if any("".join(box.itertext()).strip() for box in root.iter("txbxContent")):
            yield "文本框里的文字没有收入，需要的话请把它移到正文里。"
        if any(root.find(f".//{tag}") is not None for tag in ("footnoteReference", "endnoteReference")):
            yield "脚注和尾注没有收入，需要的话请把它们移到正文里。"
        if self.contents:
            yield "自动目录没有收入，标题以正文为准。"
        if self.numbering.unknown:
            yield f"自动编号格式 {'、'.join(sorted(self.numbering.unknown))} 已写成阿拉伯数字，请对照原件核对。"


def _inside(element: Element, tag: str) -> Iterator[Element]:
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag not in _SKIP:
            yield from _inside(child, tag)


def _text(element: Element) -> str:
    parts = []
    for child in element:
        if child.tag == "t":
            parts.append(child.text or "")
        elif child.tag in _BREAKS:
            parts.append(_BREAKS[child.tag])
        elif child.tag not in _SKIP and not (child.tag == "r" and is_on(child, "rPr/vanish")):
            parts.append(_text(child))
    return "".join(parts)


def _level(holders: list[Element | None], styles: list[Element]) -> int:
    for holder in holders:
        if (outline := value_of(holder, "outlineLvl")) is not None:
            return int(outline) + 1 if int(outline) < 9 else 0
    names = (_HEADING_NAME.fullmatch(value_of(style, "name") or "") for style in styles)
    return next((int(name.group(1)) for name in names if name), 0)


def _join(lines: list[str]) -> str:
    """Join lines that belong together: with a blank, except beside a Chinese character."""
    joined = ""
    for line in filter(None, map(str.strip, lines)):
        joined += blank_between(joined, line) + line
    return joined
