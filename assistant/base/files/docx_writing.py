"""What the .docx files that we write share: fonts and what may stand for them, paper, page numbers, footnotes.

python-docx has no footnotes: their part is written here, with its relation, its content type, the two
separators that Word expects and the styles that its references need.
"""

import io
from typing import TYPE_CHECKING, Any

from assistant.base.text import drop_controls, printable

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

PRODUCER = "政策问答助手"
LATIN, BODY, HEADING, KAI, SONG = "Times New Roman", "仿宋", "黑体", "楷体", "宋体"
TITLE = "方正小标宋简体"
# What a computer without a font may take for it, in this order.
INSTEAD = {
    BODY: "仿宋_GB2312,FangSong,FangSong_GB2312,STFangsong,华文仿宋",
    HEADING: "SimHei,STHeiti,华文黑体,Microsoft YaHei,Noto Sans CJK SC",
    KAI: "楷体_GB2312,KaiTi,KaiTi_GB2312,STKaiti,华文楷体",
    SONG: "SimSun,STSong,Noto Serif CJK SC",
    TITLE: "宋体,SimSun,STSong,华文中宋,Noto Serif CJK SC",
}
REFERENCE, NOTE = "footnote reference", "footnote text"  # the names by which Word knows these styles
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_TWIPS = 20  # to a point


class Footnotes:
    """Collects footnotes in the order of their references; the part is made when all are there."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def refer(self, paragraph: "Paragraph", text: str) -> None:
        """Put a reference at the end of `paragraph` to a new footnote that says `text`."""
        from docx.oxml import OxmlElement

        self._texts.append(clean(text))
        run = paragraph.add_run()
        run._r.style = REFERENCE.replace(" ", "")
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
            note = child(root, "footnote", type=kind, id=str(identity))
            child(child(child(note, "p"), "r"), kind)
        for identity, text in enumerate(self._texts, 1):
            paragraph = child(child(root, "footnote", id=str(identity)), "p")
            child(child(paragraph, "pPr"), "pStyle", val=NOTE.replace(" ", ""))
            mark = child(paragraph, "r")
            child(child(mark, "rPr"), "rStyle", val=REFERENCE.replace(" ", ""))
            child(mark, "footnoteRef")
            run = child(paragraph, "r")
            child(child(run, "rPr"), "rFonts", hint="eastAsia")
            words = child(run, "t")
            words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            words.text = f" {text}"
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def say(paragraph: "Paragraph", text: str) -> "Run":
    """Add words to a paragraph; marks that Chinese and English share are set in the Chinese font."""
    run = paragraph.add_run(clean(text))
    run._r.get_or_add_rPr().get_or_add_rFonts().set(f"{{{_W}}}hint", "eastAsia")
    return run


def prepare(document: "Document", title: str) -> None:
    """Set paper, language, what may stand for a font, who made the document, and the styles of footnotes."""
    from docx.shared import Mm

    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    properties = document.core_properties
    properties.author, properties.title, properties.comments = PRODUCER, clean(title), ""
    for language in document.styles.element.iter(f"{{{_W}}}lang"):
        language.set(f"{{{_W}}}eastAsia", "zh-CN")
    _add_note_styles(document)
    _name_substitutes(document)


def look(style: Any, font: str, points: float, line: Any = None) -> None:
    """Give a style its fonts, plain and black: the template's are blue and in italics.

    `line` is the spacing of lines, as a multiple or a length.
    """
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size = LATIN, Pt(points)
    style.font.bold = style.font.italic = False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.rPr.rFonts
    for name in list(fonts.attrib):
        if name.endswith("Theme"):
            del fonts.attrib[name]
    fonts.set(f"{{{_W}}}eastAsia", font)
    for border in style.element.pPr.findall(f"{{{_W}}}pBdr") if style.element.pPr is not None else ():
        style.element.pPr.remove(border)
    if line:
        style.paragraph_format.line_spacing = line


def indent(style: Any, characters: int, points: float) -> None:
    """Indent the first line of a style's paragraphs by so many of its characters of so many points."""
    place = style.element.get_or_add_pPr().get_or_add_ind()
    place.set(f"{{{_W}}}firstLineChars", str(characters * 100))
    place.set(f"{{{_W}}}firstLine", str(round(characters * points * _TWIPS)))


def number_pages(document: "Document", points: float = 14) -> None:
    """Have pages numbered, — 1 —: odd ones at the right, even ones at the left, one character from the edge."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    document.settings.odd_and_even_pages_header_footer = True
    page = document.sections[0]
    page.footer_distance = Mm(25)
    look(document.styles["Footer"], SONG, points)
    odd, even = page.footer.paragraphs[0], page.even_page_footer.paragraphs[0]
    odd.alignment, odd.paragraph_format.right_indent = WD_ALIGN_PARAGRAPH.RIGHT, Pt(points)
    even.alignment, even.paragraph_format.left_indent = WD_ALIGN_PARAGRAPH.LEFT, Pt(points)
    for paragraph in (odd, even):
        say(paragraph, "— ")
        child(child(child(paragraph._p, "fldSimple", instr="PAGE"), "r"), "t").text = "1"
        say(paragraph, " —")


def saved(document: "Document") -> bytes:
    """Return the bytes of a .docx."""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def child(parent: Any, tag: str, **attributes: str) -> Any:
    """Add an element of Word's namespace below another."""
    from lxml import etree

    made = etree.SubElement(parent, f"{{{_W}}}{tag}")
    for name, value in attributes.items():
        made.set(f"{{{_W}}}{name}", value)
    return made


def clean(text: str) -> str:
    """Return `text` as XML can hold it."""
    return printable(drop_controls(text))


def _add_note_styles(document: "Document") -> None:
    from docx.enum.style import WD_STYLE_TYPE

    note = document.styles.add_style(NOTE, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    note.base_style = document.styles["Normal"]
    note.paragraph_format.line_spacing = 1.0
    look(note, BODY, 9)
    reference = document.styles.add_style(REFERENCE, WD_STYLE_TYPE.CHARACTER, builtin=True)
    reference.font.superscript = True


def _name_substitutes(document: "Document") -> None:
    """Say in the font table what may stand for a font that is not there."""
    from lxml import etree

    table = next(p for p in document.part.package.iter_parts() if str(p.partname) == "/word/fontTable.xml")
    root = etree.fromstring(table.blob)
    for name, others in INSTEAD.items():
        font = child(root, "font", name=name)
        child(font, "altName", val=others)
        child(font, "family", val="auto")
    table._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
