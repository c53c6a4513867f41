"""What the reader gets as JSON: a document at a place, some of its paragraphs, words found in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.web.reader.outline import Entry


@dataclass(frozen=True)
class Piece:
    """A piece of a run."""

    text: str


@dataclass(frozen=True)
class TermPiece(Piece):
    """A word that the glossary explains, by its number."""

    term: int


@dataclass(frozen=True)
class Run:
    """A piece of a paragraph with its offsets; `cited` are the numbers of the places that it is part of."""

    text: str
    start: int
    end: int
    quoted: bool
    cited: Sequence[int]
    page: str


@dataclass(frozen=True)
class ExplainedRun(Run):
    """A run with words that the glossary explains."""

    pieces: Sequence[Piece]


@dataclass(frozen=True)
class ParagraphView:
    """A paragraph: the page it is `on`, that which begins with it, names of sections, and characters of a `mark`."""

    number: int
    start: int
    on: int | None
    headings: Sequence[str]
    heading: bool
    mark: int
    page: str
    runs: Sequence[Run]


@dataclass(frozen=True)
class TermView:
    """What the glossary says of a word and of other words for the same."""

    words: Sequence[str]
    definition: str
    source: str


@dataclass(frozen=True)
class Part:
    """Some paragraphs of `total`; `version` changes whenever the text does."""

    version: str
    total: int
    paragraphs: Sequence[ParagraphView]
    terms: Sequence[TermView]


@dataclass(frozen=True)
class Successor:
    """The document that replaces one."""

    document: str
    title: str


@dataclass(frozen=True)
class SourceView(Part):
    """A document opened at a place, whose paragraph is `number`; `lapsed` says that it is not in force."""

    document: str
    title: str
    facts: Sequence[str]
    lapsed: str
    successor: Successor | None
    note: str
    start: int
    end: int
    number: int
    pages: int
    outline: Sequence[Entry]


@dataclass(frozen=True)
class Found:
    """Where words stand: paragraph, begin and end in its text, counted as browsers do; `count` is of all places."""

    version: str
    count: int
    found: Sequence[tuple[int, int, int]]
