"""Texts for study packs, split as an index would split them, without an index."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.documents.document import Document
from assistant.documents.formats import markdown_headings
from assistant.documents.splitting import split
from assistant.index.records import DocumentRecord
from assistant.study.pack import DocumentOutline, Point
from assistant.study.source.texts import Text
from support.paths import ROOT

SPEECH = ROOT / "corpus" / "市委巡视动员部署会讲话.txt"
MADE = ROOT / "training" / "questions" / "made"


def text_of(words: str, title: str = "文件", markdown: bool = False) -> Text:
    """Return words as a text of which every sentence may be used."""
    headings = markdown_headings(words) if markdown else ()
    document = Document(title, title, None, None, None, title, words, len(words), "", None, headings)
    record = DocumentRecord(1, title, title, title, None, None, None, None, (), ())
    pieces = split(document)
    return Text(record, words, pieces.sections, pieces.paragraphs, pieces.sentences)


def text_in(file: Path) -> Text:
    """Return a file of plain text as a text."""
    return text_of(file.read_text(encoding="utf-8"), file.stem)


def points_in(outlines: Sequence[DocumentOutline]) -> Iterator[Point]:
    """Yield all points, each before those under it."""
    ahead = [point for outline in reversed(outlines) for point in reversed(outline.points)]
    while ahead:
        point = ahead.pop()
        yield point
        ahead.extend(reversed(point.children))
