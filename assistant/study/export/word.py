"""A pack as .docx, set as official documents are (GB/T 9704), the places of its quotes in real footnotes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.base.files.docx_writing import (
    BODY,
    HEADING,
    KAI,
    TITLE,
    Footnotes,
    child,
    indent,
    look,
    number_pages,
    prepare,
    saved,
    say,
)
from assistant.study.export import parts
from assistant.study.export.handout import Look, Piece, abreast, write
from assistant.study.pack import Pack

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

TITLE_POINTS, BODY_POINTS, SMALL_POINTS = 22, 16, 12
TITLE_LINE, BODY_LINE, SMALL_LINE, BRIEF_LINE = 36, 28, 20, 18
CELL_STYLE, HEAD_STYLE, SHEET_STYLE, NAME_STYLE = "表格文字", "表头", "另页标题", "居中"
STYLES = {
    Look.BODY: "Body Text",
    Look.POINT: "Heading 3",
    Look.BRIEF: "Body Text 2",
    Look.SMALL: "Caption",
    Look.LEAD: "Subtitle",
    Look.CENTRED: NAME_STYLE,
}
STUCK = "\xa0"  # a blank at which no line ends; two are as wide as "_"
_LINE_POINTS = 410
_ABOVE_TABLE = 4  # points


def as_docx(pack: Pack, with_key: bool = True) -> bytes:
    """Return the pack as the bytes of a .docx; without the key, the paper alone, with no source or answer."""
    sheet = WordSheet(pack.title)
    write(pack, sheet, with_key)
    return sheet.saved()


class WordSheet:
    """A `Sheet` that is a Word document."""

    def __init__(self, title: str) -> None:
        from docx import Document

        self._document, self._notes = Document(), Footnotes()
        prepare(self._document, title)
        _set_styles(self._document)
        number_pages(self._document)
        self._styles = {str(style.name): style.style_id for style in self._document.styles}

    def title(self, text: str) -> None:
        """Write the title of the whole."""
        say(self._add("Title"), text)

    def page(self, title: str) -> None:
        """Begin a page of its own under a title."""
        say(self._add(SHEET_STYLE), title)

    def heading(self, text: str, level: int, apart: bool = False) -> None:
        """Write a heading."""
        paragraph = self._add(f"Heading {level}")
        say(paragraph, text)
        if apart:
            paragraph.paragraph_format.page_break_before = True

    def words(self, pieces: Sequence[Piece], look: Look = Look.BODY, keep: bool = False, anchor: str = "") -> None:
        """Write a paragraph with a footnote behind each piece that quotes; before a blank no line is stretched."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        paragraph = self._add(STYLES[look])
        if any(piece.blank for piece in pieces):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
        for piece in pieces:
            run = say(paragraph, STUCK * 2 * len(piece.text) if piece.blank else piece.text)
            run.bold, run.underline = piece.bold or None, piece.blank or None
            if piece.quotes:
                self._notes.refer(paragraph, parts.places(piece.quotes))
        if keep:
            paragraph.paragraph_format.keep_with_next = True

    def options(self, options: Sequence[str], characters: int) -> None:
        """Write the options of a question, four, two or one abreast, all on one page."""
        from docx.shared import Pt

        count = abreast(characters)
        for first in range(0, len(options), count):
            paragraph = self._add(STYLES[Look.BODY])
            say(paragraph, "\t".join(options[first : first + count]))
            for column in range(1, count):
                left = 2 * BODY_POINTS + column * _LINE_POINTS / count
                paragraph.paragraph_format.tab_stops.add_tab_stop(Pt(left))
            paragraph.paragraph_format.keep_with_next = first + count < len(options)

    def table(self, columns: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[str]]) -> None:
        """Write a table whose first row comes again on each page."""
        from docx.shared import Mm, Pt

        self._last.paragraph_format.space_after = Pt(_ABOVE_TABLE)
        table = self._document.add_table(rows=0, cols=len(columns), style="Table Grid")
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for cells in (columns, *rows):
            row = table.add_row()
            child(row._tr.get_or_add_trPr(), "cantSplit")
            for cell, text, width in zip(row.cells, cells, widths, strict=True):
                cell.width = Mm(width)
                cell.paragraphs[0]._p.style = self._styles[HEAD_STYLE if cells is columns else CELL_STYLE]
                say(cell.paragraphs[0], text)
        child(table.rows[0]._tr.get_or_add_trPr(), "tblHeader")

    def room(self, lines: int) -> None:
        """Leave lines empty to write on."""
        for _ in range(lines):
            self._add(STYLES[Look.BODY])

    def _add(self, style: str) -> "Paragraph":
        """Add a paragraph; python-docx would look through all styles for each."""
        self._last = self._document.add_paragraph()
        self._last._p.style = self._styles[style]
        return self._last

    def saved(self) -> bytes:
        """Return the bytes of the file."""
        self._notes.attach(self._document)
        return saved(self._document)


def _set_styles(document: "Document") -> None:
    """Set fonts, sizes in points, spacing and the indent of first lines in characters."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    styles = document.styles
    for name, base in (
        (CELL_STYLE, "Normal"),
        (HEAD_STYLE, "Normal"),
        (SHEET_STYLE, "Heading 1"),
        (NAME_STYLE, "Normal"),
    ):
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles[base]
    looks = [
        ("Normal", BODY, BODY_POINTS, BODY_LINE, 0),
        ("Title", TITLE, TITLE_POINTS, TITLE_LINE, 0),
        ("Subtitle", KAI, 14, 24, 0),
        ("Heading 1", HEADING, BODY_POINTS, BODY_LINE, 2),
        ("Heading 2", KAI, BODY_POINTS, BODY_LINE, 2),
        ("Heading 3", KAI, BODY_POINTS, BODY_LINE, 2),
        (STYLES[Look.BODY], BODY, BODY_POINTS, BODY_LINE, 2),
        (STYLES[Look.BRIEF], BODY, SMALL_POINTS, BRIEF_LINE, 2),
        ("Caption", BODY, SMALL_POINTS, SMALL_LINE, 2),
        (CELL_STYLE, BODY, SMALL_POINTS, SMALL_LINE, 0),
        (HEAD_STYLE, HEADING, SMALL_POINTS, SMALL_LINE, 0),
        (SHEET_STYLE, TITLE, TITLE_POINTS, TITLE_LINE, 0),
        (NAME_STYLE, KAI, BODY_POINTS, BODY_LINE, 0),
    ]
    for name, font, points, line, first in looks:
        look(styles[name], font, points, line=Pt(line))
        indent(styles[name], first, points)
        styles[name].paragraph_format.space_before = styles[name].paragraph_format.space_after = Pt(0)
    for name in ("Title", SHEET_STYLE, NAME_STYLE, HEAD_STYLE):
        styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for name in ("Title", "Subtitle", SHEET_STYLE):
        styles[name].paragraph_format.space_after = Pt(14 if name != "Subtitle" else 0)
    styles[SHEET_STYLE].paragraph_format.page_break_before = True
    styles[STYLES[Look.POINT]].paragraph_format.keep_with_next = False
    styles[STYLES[Look.BODY]].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
