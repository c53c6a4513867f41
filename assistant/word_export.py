"""A conversation as a Word document with real footnotes.

python-docx has no footnotes: their part is written here, with its relation, its content type, the two
separators that Word expects and the styles that its references need.
"""

import io
from typing import TYPE_CHECKING, Any

from assistant.exporting import Record, asides, footnote
from assistant.markup import Line, Sort, lines_of
from assistant.models import printable
from assistant.text import drop_controls

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

PRODUCER = "政策问答助手"
LATIN, BODY, HEADING, TITLE = "Times New Roman", "仿宋", "黑体", "方正小标宋简体"
# What a computer without a font may take for it, in this order.
INSTEAD = {
    BODY: "FangSong,仿宋_GB2312,FangSong_GB2312,STFangsong,华文仿宋",
    HEADING: "SimHei,STHeiti,华文黑体,Microsoft YaHei,Noto Sans CJK SC",
    TITLE: "宋体,SimSun,STSong,华文中宋,Noto Serif CJK SC",
}
BODY_POINTS, NOTE_POINTS, TITLE_POINTS = 14, 10.5, 20
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_REFERENCE, _NOTE = "footnote reference", "footnote text"  # the names by which Word knows these styles


def as_docx(record: Record) -> bytes:
    """Return the conversation as the bytes of a .docx."""
    from docx import Document

    document = Document()
    _prepare(document, record)
    notes = _Footnotes()
    document.add_paragraph(_clean(record.title), style="Title")
    for said in record.head:
        document.add_paragraph(_clean(said), style="Subtitle")
    for number, entry in enumerate(record.entries, 1):
        question = " ".join(_clean(entry.question).split("\n"))
        document.add_paragraph(f"{number}. {question}", style="Heading 1")
        for aside in asides(entry):
            document.add_paragraph(_clean(aside), style="Caption")
        quotes = {c.marker: footnote(c) for c in entry.answer.citations}
        for line in lines_of(entry.answer):
            _add_line(document, line, quotes, notes)
    notes.attach(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


class _Footnotes:
    """Collects footnotes in the order of their references; the part is made when all are there."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def refer(self, paragraph: "Paragraph", text: str) -> None:
        """Put a reference at the end of `paragraph` to a new footnote that says `text`."""
        from docx.oxml import OxmlElement

        self._texts.append(text)
        run = paragraph.add_run(style=_REFERENCE)
        reference = OxmlElement("w:footnoteReference")
        reference.set(f"{{{_W}}}id", str(len(self._texts)))
        run._r.append(reference)

    def attach(self, document: "Document") -> None:
        """Add the part to the document's package."""
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part

        part = Part(PackURI("/word/footnotes.xml"), _KIND, self._xml(), document.part.package)
        document.part.relate_to(part, _RELATION)

    def _xml(self) -> bytes:
        from lxml import etree

        root = etree.Element(f"{{{_W}}}footnotes", nsmap={"w": _W})
        for identity, kind in ((-1, "separator"), (0, "continuationSeparator")):
            note = _child(root, "footnote", type=kind, id=str(identity))
            _child(_child(_child(note, "p"), "r"), kind)
        for identity, text in enumerate(self._texts, 1):
            paragraph = _child(_child(root, "footnote", id=str(identity)), "p")
            _child(_child(paragraph, "pPr"), "pStyle", val=_NOTE.replace(" ", ""))
            mark = _child(paragraph, "r")
            _child(_child(mark, "rPr"), "rStyle", val=_REFERENCE.replace(" ", ""))
            _child(mark, "footnoteRef")
            words = _child(_child(paragraph, "r"), "t")
            words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            words.text = f" {text}"
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _add_line(document: "Document", line: Line, quotes: dict[int, str], notes: _Footnotes) -> None:
    paragraph = document.add_paragraph(style="Heading 2" if line.sort is Sort.PLACE and _is_bare(line) else "Normal")
    if line.count:
        paragraph.add_run(f"{line.count} ")
    for piece in line.pieces:
        if piece.marker is not None:
            notes.refer(paragraph, _clean(quotes[piece.marker]))
        else:
            paragraph.add_run(_clean(piece.text)).bold = piece.bold or None


def _is_bare(line: Line) -> bool:
    """Say whether a line only names a place."""
    return len("".join(piece.text for piece in line.pieces)) <= 60 and all(p.marker is None for p in line.pieces)


def _prepare(document: "Document", record: Record) -> None:
    """Set paper, fonts and who made the document."""
    from docx.shared import Mm

    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    properties = document.core_properties
    properties.author, properties.title, properties.comments = PRODUCER, _clean(record.title), ""
    _add_styles(document)
    _look(document.styles["Normal"], BODY, BODY_POINTS, line_spacing=1.5)
    _look(document.styles["Title"], TITLE, TITLE_POINTS)
    for border in document.styles["Title"].element.pPr.findall(f"{{{_W}}}pBdr"):
        document.styles["Title"].element.pPr.remove(border)
    _look(document.styles["Subtitle"], BODY, NOTE_POINTS)
    _look(document.styles["Caption"], BODY, NOTE_POINTS)
    _look(document.styles["Heading 1"], HEADING, 15)
    _look(document.styles["Heading 2"], HEADING, 12)
    _look(document.styles[_NOTE], BODY, 9)
    _name_substitutes(document)


def _add_styles(document: "Document") -> None:
    from docx.enum.style import WD_STYLE_TYPE

    note = document.styles.add_style(_NOTE, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    note.base_style = document.styles["Normal"]
    note.paragraph_format.line_spacing = 1.0
    reference = document.styles.add_style(_REFERENCE, WD_STYLE_TYPE.CHARACTER, builtin=True)
    reference.font.superscript = True


def _look(style: Any, font: str, points: float, line_spacing: float | None = None) -> None:
    """Give a style its fonts, plain and black: the template's are blue and in italics."""
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size = LATIN, Pt(points)
    style.font.bold = style.font.italic = False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.rPr.rFonts
    for name in list(fonts.attrib):
        if name.endswith("Theme"):
            del fonts.attrib[name]
    fonts.set(f"{{{_W}}}eastAsia", font)
    if line_spacing:
        style.paragraph_format.line_spacing = line_spacing
        style.paragraph_format.space_after = Pt(4)


def _name_substitutes(document: "Document") -> None:
    """Say in the font table what may stand for a font that is not there."""
    from lxml import etree

    table = next(p for p in document.part.package.iter_parts() if str(p.partname) == "/word/fontTable.xml")
    root = etree.fromstring(table.blob)
    for name, others in INSTEAD.items():
        font = _child(root, "font", name=name)
        _child(font, "altName", val=others)
        _child(font, "family", val="auto")
    table._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _child(parent: Any, tag: str, **attributes: str) -> Any:
    from lxml import etree

    child = etree.SubElement(parent, f"{{{_W}}}{tag}")
    for name, value in attributes.items():
        child.set(f"{{{_W}}}{name}", value)
    return child


def _clean(text: str) -> str:
    """Return `text` as XML can hold it."""
    return printable(drop_controls(text))
