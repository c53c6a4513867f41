"""A conversation as a Word document with real footnotes."""

from typing import TYPE_CHECKING

from assistant.exporting import Record, asides, footnote
from assistant.markup import Line, Sort, lines_of
from assistant.word_parts import BODY, HEADING, TITLE, Footnotes, clean, look, prepare, saved, say

if TYPE_CHECKING:
    from docx.document import Document

BODY_POINTS, NOTE_POINTS, TITLE_POINTS = 14, 10.5, 20


def as_docx(record: Record) -> bytes:
    """Return the conversation as the bytes of a .docx."""
    from docx import Document

    document = Document()
    prepare(document, record.title)
    _set_styles(document)
    notes = Footnotes()
    document.add_paragraph(clean(record.title), style="Title")
    for said in record.head:
        say(document.add_paragraph(style="Subtitle"), said)
    for number, entry in enumerate(record.entries, 1):
        question = " ".join(clean(entry.question).split("\n"))
        document.add_paragraph(f"{number}. {question}", style="Heading 1")
        for aside in asides(entry):
            say(document.add_paragraph(style="Caption"), aside)
        quotes = {c.marker: footnote(c) for c in entry.answer.citations}
        for line in lines_of(entry.answer):
            _add_line(document, line, quotes, notes)
    notes.attach(document)
    return saved(document)


def _add_line(document: "Document", line: Line, quotes: dict[int, str], notes: Footnotes) -> None:
    paragraph = document.add_paragraph(style="Heading 2" if line.sort is Sort.PLACE and _is_bare(line) else "Normal")
    if line.count:
        paragraph.add_run(f"{line.count} ")
    for piece in line.pieces:
        if piece.marker is not None:
            notes.refer(paragraph, quotes[piece.marker])
        else:
            say(paragraph, piece.text).bold = piece.bold or None


def _is_bare(line: Line) -> bool:
    """Say whether a line only names a place."""
    return len("".join(piece.text for piece in line.pieces)) <= 60 and all(p.marker is None for p in line.pieces)


def _set_styles(document: "Document") -> None:
    from docx.shared import Pt

    look(document.styles["Normal"], BODY, BODY_POINTS, line=1.5)
    document.styles["Normal"].paragraph_format.space_after = Pt(4)
    look(document.styles["Title"], TITLE, TITLE_POINTS)
    look(document.styles["Subtitle"], BODY, NOTE_POINTS)
    look(document.styles["Caption"], BODY, NOTE_POINTS)
    look(document.styles["Heading 1"], HEADING, 15)
    look(document.styles["Heading 2"], HEADING, 12)
