"""Documents as the documents page shows them: rows of its table, structure, how one was cut, two compared.

All are plain data for JSON. Who may see what is decided by the caller.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.documents.splitting import Paragraph, Passage, Section
from assistant.index.records import DocumentRecord, PassageRecord
from assistant.library.corpus_changes import Examined
from assistant.library.versions import Change, Row

SECTIONS_SHOWN = 500
PARAGRAPHS_SHOWN = 40
ROWS_SHOWN = 3000
CHARACTERS_SHOWN = 600_000


@dataclass(frozen=True)
class Cut:
    """A document and its pieces, indexed or not."""

    text: str
    sections: Sequence[Section]
    paragraphs: Sequence[Paragraph]
    passages: Sequence[Passage | PassageRecord]


def cut_of(examined: Examined) -> Cut:
    """Return the pieces of a file that is not indexed."""
    pieces = examined.structure
    return Cut(examined.document.text, pieces.sections, pieces.paragraphs, pieces.passages)


def structure_view(cut: Cut) -> dict[str, Any]:
    """Return what was found in a document: its sections by name and first paragraph, and how many of all."""
    named = [section for section in cut.sections if section.label]
    starts = [paragraph.start for paragraph in cut.paragraphs]
    return {
        "counts": {
            "sections": len(named),
            "paragraphs": len(cut.paragraphs),
            "passages": len(cut.passages),
            "characters": len(cut.text),
        },
        "sections": [
            {"name": name_of(s), "level": s.level, "paragraph": max(1, bisect_right(starts, s.start))}
            for s in named[:SECTIONS_SHOWN]
        ],
    }


def split_view(cut: Cut, first: int) -> dict[str, Any]:
    """Return how the paragraphs from number `first` on were cut into passages, as many as are shown at a time."""
    shown = cut.paragraphs[first - 1 : first - 1 + PARAGRAPHS_SHOWN]
    numbers = {paragraph.number for paragraph in shown}
    passages: dict[int, list[str]] = {}
    for passage in cut.passages:
        if passage.paragraph in numbers:
            passages.setdefault(passage.paragraph, []).append(cut.text[passage.start : passage.end])
    return {
        "total": len(cut.paragraphs),
        "paragraphs": [
            {"number": p.number, "section": cut.sections[p.section].path, "passages": passages.get(p.number, [])}
            for p in shown
        ],
    }


def paragraphs_of(text: str, paragraphs: Sequence[Paragraph]) -> list[str]:
    """Return the texts of the paragraphs of a document."""
    return [text[paragraph.start : paragraph.end] for paragraph in paragraphs]


def comparison_view(rows: Sequence[Row]) -> dict[str, Any]:
    """Return two versions compared; of very long ones only the changes, of those only as many as can be shown."""
    counts = Counter(row.change for row in rows)
    shown = list(rows) if _fits(rows) else [row for row in rows if row.change is not Change.SAME]
    whole = len(shown) == len(rows)
    kept: list[dict[str, Any]] = []
    characters = 0
    for row in shown[:ROWS_SHOWN]:
        characters += sum(len(piece.text) for piece in row.pieces)
        if characters > CHARACTERS_SHOWN and kept:
            break
        pieces = [[piece.kind, piece.text] for piece in row.pieces]
        kept.append({"change": row.change, "old": row.old, "new": row.new, "pieces": pieces})
    return {
        "counts": {change: counts.get(change, 0) for change in Change},
        "rows": kept,
        "whole": whole,
        "left_out": len(shown) - len(kept),
    }


def name_of(section: Section) -> str:
    """Return a section's mark and title."""
    return f"{section.label}　{section.title}".strip("　 ")


def facts_of(record: DocumentRecord) -> dict[str, Any]:
    """Return what names a document: id, title, date, issuer, validity."""
    return {"id": record.id, "title": record.title, "date": record.date, "issuer": record.issuer} | {
        "validity": record.validity
    }


def _fits(rows: Sequence[Row]) -> bool:
    characters = sum(len(piece.text) for row in rows for piece in row.pieces)
    return len(rows) <= ROWS_SHOWN and characters <= CHARACTERS_SHOWN
