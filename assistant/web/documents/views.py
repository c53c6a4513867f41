"""JSON of the documents page: rows of its table, structure, splitting, comparison of two versions.

Who may see what is decided by the caller.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.documents.catalog import VALIDITIES
from assistant.documents.document import document_id
from assistant.documents.splitting import Paragraph, Passage, Section
from assistant.index.records import DocumentRecord, PassageRecord
from assistant.library.corpus_changes import Addition, Examined
from assistant.library.trash import TRASH_DAYS, Removed
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


@dataclass(frozen=True)
class DocumentRow:
    """A row of the table: a document, an unreadable file (`problem`), or a file not indexed yet (`waits`)."""

    id: str
    path: str
    kind: str
    size: int
    title: str
    date: str | None
    issuer: str | None
    validity: str | None
    replaced_by: str | None
    paragraphs: int
    sections: int
    warnings: int
    warning: str
    problem: str
    waits: bool


@dataclass(frozen=True)
class StateView:
    """The progress of indexing and the number of files that wait; `stamp` changes with the index."""

    busy: bool
    stage: str
    done: int
    total: int
    error: str
    waiting: int
    stamp: str


@dataclass(frozen=True, kw_only=True)
class Table:
    """The rows and the page's options; uploads may have up to `max_bytes`."""

    documents: Sequence[DocumentRow]
    folders: Sequence[str]
    validities: Sequence[str] = VALIDITIES
    max_bytes: int
    may_change: bool
    state: StateView


@dataclass(frozen=True)
class Facts:
    """What identifies a document."""

    id: str
    title: str
    date: str | None
    issuer: str | None
    validity: str | None


@dataclass(frozen=True)
class Counts:
    """The number of pieces of a document; `sections` counts those with a name."""

    sections: int
    paragraphs: int
    passages: int
    characters: int


@dataclass(frozen=True)
class SectionRow:
    """A section: its name and its first paragraph."""

    name: str
    level: int
    paragraph: int


@dataclass(frozen=True)
class Details(Facts):
    """What was extracted from a document."""

    path: str
    pages: int
    warnings: Sequence[str]
    counts: Counts
    sections: Sequence[SectionRow]


@dataclass(frozen=True)
class CutParagraph:
    """The passages that a paragraph was split into, and the path of its section."""

    number: int
    section: str
    passages: Sequence[str]


@dataclass(frozen=True)
class Split:
    """Some of a document's `total` paragraphs."""

    total: int
    paragraphs: Sequence[CutParagraph]


@dataclass(frozen=True)
class Preview:
    """What would be extracted from a file, and how its first paragraphs would be split."""

    title: str
    path: str
    warnings: Sequence[str]
    counts: Counts
    sections: Sequence[SectionRow]
    total: int
    paragraphs: Sequence[CutParagraph]


@dataclass(frozen=True)
class ChangedRow:
    """A paragraph in two versions: its number in each, and its pieces as (kind, text) pairs."""

    change: Change
    old: int | None
    new: int | None
    pieces: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Comparison:
    """Two versions compared; `whole`: unchanged rows are included; `left_out` counts rows beyond the most shown."""

    old: Facts
    new: Facts
    counts: Mapping[Change, int]
    rows: Sequence[ChangedRow]
    whole: bool
    left_out: int


@dataclass(frozen=True)
class Added:
    """The result of an upload, and what was extracted; `token` restores the document that it replaced."""

    outcome: str
    id: str
    path: str
    token: str
    sections: int
    paragraphs: int
    warnings: Sequence[str]


@dataclass(frozen=True)
class RemovedRow:
    """A removed document, which its `token` restores."""

    token: str
    path: str
    who: str
    at: float
    replaced: bool


@dataclass(frozen=True)
class RemovedList:
    """The documents that can be restored, and for how many days."""

    removed: Sequence[RemovedRow]
    days: int = TRASH_DAYS


@dataclass(frozen=True)
class Restored:
    """A restored document."""

    id: str
    path: str


def details(record: DocumentRecord, cut: Cut) -> Details:
    """Return what was extracted from an indexed document."""
    return Details(
        **vars(facts(record)),
        path=record.path,
        pages=len(record.pages),
        warnings=record.warnings,
        counts=counts(cut),
        sections=sections(cut),
    )


def preview(examined: Examined) -> Preview:
    """Return what was extracted from a file that is not indexed."""
    document, cut = examined.document, cut_of(examined)
    return Preview(
        title=document.title,
        path=document.path,
        warnings=document.warnings,
        counts=counts(cut),
        sections=sections(cut),
        **vars(split(cut, 1)),
    )


def counts(cut: Cut) -> Counts:
    """Return the number of pieces of a document."""
    named = sum(1 for section in cut.sections if section.label)
    return Counts(named, len(cut.paragraphs), len(cut.passages), len(cut.text))


def sections(cut: Cut) -> list[SectionRow]:
    """Return the first sections that have a name, up to the most that are shown."""
    named = [section for section in cut.sections if section.label]
    starts = [paragraph.start for paragraph in cut.paragraphs]
    return [SectionRow(name_of(s), s.level, max(1, bisect_right(starts, s.start))) for s in named[:SECTIONS_SHOWN]]


def split(cut: Cut, first: int) -> Split:
    """Return the passages of the paragraphs from number `first` on, up to the most shown at a time."""
    shown = cut.paragraphs[first - 1 : first - 1 + PARAGRAPHS_SHOWN]
    numbers = {paragraph.number for paragraph in shown}
    passages: dict[int, list[str]] = {}
    for passage in cut.passages:
        if passage.paragraph in numbers:
            passages.setdefault(passage.paragraph, []).append(cut.text[passage.start : passage.end])
    rows = [CutParagraph(p.number, cut.sections[p.section].path, passages.get(p.number, [])) for p in shown]
    return Split(len(cut.paragraphs), rows)


def paragraphs_of(text: str, paragraphs: Sequence[Paragraph]) -> list[str]:
    """Return the texts of the paragraphs of a document."""
    return [text[paragraph.start : paragraph.end] for paragraph in paragraphs]


def comparison(old: DocumentRecord, new: DocumentRecord, rows: Sequence[Row]) -> Comparison:
    """Return two versions compared; of long documents only changes, up to the most that are shown."""
    counted = Counter(row.change for row in rows)
    shown = list(rows) if _fits(rows) else [row for row in rows if row.change is not Change.SAME]
    kept: list[ChangedRow] = []
    characters = 0
    for row in shown[:ROWS_SHOWN]:
        characters += sum(len(piece.text) for piece in row.pieces)
        if characters > CHARACTERS_SHOWN and kept:
            break
        kept.append(ChangedRow(row.change, row.old, row.new, [(piece.kind, piece.text) for piece in row.pieces]))
    every = {change: counted.get(change, 0) for change in Change}
    return Comparison(facts(old), facts(new), every, kept, len(shown) == len(rows), len(shown) - len(kept))


def added(addition: Addition) -> Added:
    """Return the result of an upload."""
    structure = addition.examined.structure
    return Added(
        outcome=addition.outcome,
        id=document_id(addition.path),
        path=addition.path,
        token=addition.token,
        sections=sum(1 for section in structure.sections if section.label),
        paragraphs=len(structure.paragraphs),
        warnings=addition.examined.document.warnings,
    )


def removed_row(about: Removed) -> RemovedRow:
    """Return a removed document as a row."""
    return RemovedRow(about.token, about.path, about.who, about.at, about.replaced)


def name_of(section: Section) -> str:
    """Return a section's mark and title."""
    return f"{section.label}　{section.title}".strip("　 ")


def facts(record: DocumentRecord) -> Facts:
    """Return what identifies a document."""
    return Facts(record.id, record.title, record.date, record.issuer, record.validity)


def _fits(rows: Sequence[Row]) -> bool:
    characters = sum(len(piece.text) for row in rows for piece in row.pieces)
    return len(rows) <= ROWS_SHOWN and characters <= CHARACTERS_SHOWN
