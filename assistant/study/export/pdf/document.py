"""A pack as PDF, for printing and for readers without an office suite: the same content as the .docx.

Places stand behind what they are of; questions and their key are linked both ways; the headings are bookmarks.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.base.files.docx_writing import PRODUCER, clean
from assistant.study.export import parts
from assistant.study.export.handout import Look, Piece, abreast, write
from assistant.study.export.pdf.fonts import STANDARD, faces
from assistant.study.pack import Pack

if TYPE_CHECKING:
    from assistant.study.export.pdf.typesetting import Block, Run, Setting

MILLIMETRE = 72 / 25.4
WIDTH, HEIGHT = 210 * MILLIMETRE, 297 * MILLIMETRE
TOP, BOTTOM, LEFT, RIGHT = 37 * MILLIMETRE, 35 * MILLIMETRE, 28 * MILLIMETRE, 26 * MILLIMETRE
TITLE, BODY, LEAD, SMALL, PLACE = 22, 16, 14, 12, 10.5
BLACK, GREY, LINK = "#000000", "#595959", "#9B1C1F"
_ACROSS = WIDTH - LEFT - RIGHT
_BARE = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
_PADDING, _ROW = 12, 540  # both sides of a cell; how high a row may be
_POINTS = {Look.SMALL: SMALL, Look.BRIEF: SMALL, Look.LEAD: LEAD}
_LEADING: Mapping[float, int] = {TITLE: 36, BODY: 28, LEAD: 24, SMALL: 20}


def as_pdf(pack: Pack, with_key: bool = True) -> bytes:
    """Return the pack as the bytes of a PDF; without the key, the paper alone, with no source or answer."""
    sheet = PdfSheet(pack.title, several=len(pack.documents) > 1)
    write(pack, sheet, with_key)
    return sheet.saved()


class PdfSheet:
    """A `Sheet` that is a PDF; places name their document where there are `several`."""

    def __init__(self, title: str, several: bool) -> None:
        self._name, self._several, self._faces = title, several, faces()
        self._story: list[Any] = []
        self._inside = 0  # one below a page of its own, where headings are a level lower

    def title(self, text: str) -> None:
        """Write the title of the whole."""
        self._story.append(self._block([Piece(text)], TITLE, _setting(TITLE, centred=True, after=LEAD)))

    def page(self, title: str) -> None:
        """Begin a page of its own under a title."""
        from reportlab.platypus import PageBreak

        setting = _setting(TITLE, centred=True, after=LEAD)
        self._story += [PageBreak(), self._block([Piece(title)], TITLE, setting, bookmark=(0, clean(title)))]
        self._inside = 1

    def heading(self, text: str, level: int, apart: bool = False) -> None:
        """Write a heading, which is a bookmark too."""
        from reportlab.platypus import PageBreak

        if apart:
            self._story.append(PageBreak())
        setting = _setting(BODY, first=2 * BODY, keep=True)
        mark = (level - 1 + self._inside, clean(text))
        self._story.append(self._block([Piece(text, bold=level == 1)], BODY, setting, bookmark=mark))

    def words(self, pieces: Sequence[Piece], look: Look = Look.BODY, keep: bool = False, anchor: str = "") -> None:
        """Write a paragraph, places in grey behind what is quoted."""
        points = _POINTS.get(look, BODY)
        first = 0 if look in (Look.LEAD, Look.CENTRED) else 2 * points
        setting = _setting(points, first=first, centred=look is Look.CENTRED, keep=keep)
        self._story.append(self._block(pieces, points, setting, bold=look is Look.POINT, anchor=anchor))

    def options(self, options: Sequence[str], characters: int) -> None:
        """Write the options of a question, four, two or one abreast, all on one page."""
        from reportlab.platypus import Table

        count = abreast(characters)
        for first in range(0, len(options), count):
            row, keep = options[first : first + count], first + count < len(options)
            if count == 1:
                self._story.append(self._block([Piece(row[0])], BODY, _setting(BODY, first=2 * BODY, keep=keep)))
                continue
            cells = [self._block([Piece(option)], BODY, _setting(BODY)) for option in row]
            across = [2 * BODY, *[(_ACROSS - 2 * BODY) / count] * count]
            made = Table([["", *cells, *[""] * (count - len(row))]], across, style=_BARE)
            made.keepWithNext = keep
            self._story.append(made)

    def table(self, columns: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[str]]) -> None:
        """Write a table whose first row comes again on each page."""
        from reportlab.platypus import Table

        head, cell = _setting(SMALL, centred=True), _setting(SMALL)
        cells = [[self._block([Piece(text, bold=True)], SMALL, head) for text in columns]]
        for row in rows:
            cells += _lower([self._block([Piece(text)], SMALL, cell) for text in row], widths)
        lines = [("GRID", (0, 0), (-1, -1), 0.5, BLACK), ("VALIGN", (0, 0), (-1, -1), "TOP")]
        across = [width * MILLIMETRE for width in widths]
        self._story.append(Table(cells, across, repeatRows=1, style=lines, spaceAfter=SMALL))

    def room(self, lines: int) -> None:
        """Leave lines empty to write on."""
        from reportlab.platypus import Spacer

        self._story.append(Spacer(1, lines * _LEADING[BODY]))

    def saved(self) -> bytes:
        """Return the bytes of the file."""
        file = io.BytesIO()
        _template(file, clean(self._name)).build(self._story)
        return file.getvalue()

    def _block(
        self,
        pieces: Sequence[Piece],
        points: float,
        setting: "Setting",
        bold: bool = False,
        **marks: Any,
    ) -> "Block":
        """Return a paragraph; `bold` is all of it but the places."""
        from assistant.study.export.pdf.typesetting import Block, Run

        runs: list[Run] = []
        for piece in pieces:
            strong, colour = bold or piece.bold, LINK if piece.link else BLACK
            like = Run("", self._faces.heading if strong else self._faces.body, points, colour, piece.link)
            runs += self._runs(piece.text, replace(like, bold=strong and self._faces.heading == self._faces.body))
            if piece.quotes:
                said = f"（{parts.places(piece.quotes, self._several)}）"
                runs += self._runs(said, Run("", self._faces.body, PLACE, GREY))
        return Block(runs, setting, **marks)

    def _runs(self, text: str, like: "Run") -> Iterator["Run"]:
        """Yield words as runs, those characters that the fonts lack in the standard one."""
        for known, words in self._faces.cut(clean(text).replace("\t", " ")):
            yield replace(like, text=words, font=like.font if known else STANDARD)


def _lower(row: list["Block"], widths: Sequence[int]) -> Iterator[list["Block"]]:
    """Yield a row, in pieces where it is higher than a page: reportlab would cut any row at a page's end."""
    from assistant.study.export.pdf.typesetting import Block

    left = row
    while left:
        cut = [cell.split(width * MILLIMETRE - _PADDING, _ROW) for cell, width in zip(left, widths, strict=True)]
        yield [found[0] for found in cut]
        over = any(len(found) > 1 for found in cut)
        left = [found[1] if len(found) > 1 else Block((), _setting(SMALL)) for found in cut] if over else []


def _setting(points: float, first: float = 0, after: float = 0, centred: bool = False, keep: bool = False) -> "Setting":
    from assistant.study.export.pdf.typesetting import Setting

    return Setting(_LEADING[points], first, after, centred, keep)


def _template(file: io.BytesIO, title: str) -> Any:
    """Return what lays a story out on numbered pages."""
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    frame = Frame(LEFT, BOTTOM, _ACROSS, HEIGHT - TOP - BOTTOM, 0, 0, 0, 0)
    made = BaseDocTemplate(file, pagesize=(WIDTH, HEIGHT), title=title, author=PRODUCER, lang="zh-CN")
    made.addPageTemplates(PageTemplate(frames=[frame], onPageEnd=_number_page))
    return made


def _number_page(canvas: Any, template: Any) -> None:
    """Write the number of a page, — 1 —, odd ones at the right, even ones at the left, one character from the edge."""
    words = f"— {canvas.getPageNumber()} —"
    canvas.setFont(STANDARD, LEAD)
    if canvas.getPageNumber() % 2:
        canvas.drawRightString(WIDTH - RIGHT - LEAD, BOTTOM - 7 * MILLIMETRE, words)
    else:
        canvas.drawString(LEFT + LEAD, BOTTOM - 7 * MILLIMETRE, words)
