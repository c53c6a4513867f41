"""A study pack as data: frozen, whole as JSON, and every quoted word with its offsets.

A `Quote` is a piece of a document, word for word: `text` is the document's text from `start` to `end`.
Whatever else stands in a pack (labels, stems made of quotes, notes) is made by the program from quotes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from assistant.base.errors import SettingsError
from assistant.study.stem import Stem

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FORMAT = 1
GAP = "……"
BAD_PACK = "看不懂这份学习材料：文件已损坏，或是别的版本的程序写的，请重新生成。"


class ItemKind(StrEnum):
    """The kinds of questions."""

    FILL = "fill"
    SINGLE = "single"
    MULTIPLE = "multiple"
    JUDGE = "judge"
    ORDER = "order"
    SHORT = "short"
    DISCUSS = "discuss"


KIND_NAMES = {
    ItemKind.FILL: "填空题",
    ItemKind.SINGLE: "单项选择题",
    ItemKind.MULTIPLE: "多项选择题",
    ItemKind.JUDGE: "判断题",
    ItemKind.ORDER: "排序题",
    ItemKind.SHORT: "简答题",
    ItemKind.DISCUSS: "讨论题",
}
LETTERS = "ABCDEFGH"
BLANK = "____"
RIGHT, WRONG = "对", "错"


class FormulationKind(StrEnum):
    """How a formulation was recognised."""

    QUOTED = "quoted"  # in quotation marks: “后半篇文章”
    NUMBERED = "numbered"  # counted: 两个维护, 四个聚焦
    PARALLEL = "parallel"  # members of one pattern: 以巡促改、以巡促建、以巡促治
    PHRASE = "phrase"  # four characters and the like that recur: 标本兼治


class Difficulty(StrEnum):
    """How hard the questions of a paper are."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"
    MIXED = "mixed"


@dataclass(frozen=True)
class Quote:
    """A piece of a document: `text` stands there from `start` to `end`; `document` is the title.

    `section` names the sections around it, `paragraph` counts from 1.
    """

    document_id: str
    document: str
    section: str
    paragraph: int
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Point:
    """A point of an outline: its section's mark (第一, 首先, "" for none) and pieces of one sentence or more.

    Read, its pieces are joined by "……" where clauses were left out between them (`words`).
    """

    label: str
    quotes: tuple[Quote, ...]
    children: tuple["Point", ...] = ()

    @property
    def words(self) -> str:
        """The pieces in the order of the source, "……" between those that do not touch."""
        parts = []
        for before, quote in zip((None, *self.quotes), self.quotes, strict=False):
            touching = before is None or (before.document_id == quote.document_id and before.end == quote.start)
            parts.append(quote.text if touching else GAP + quote.text)
        return "".join(parts)


@dataclass(frozen=True)
class DocumentOutline:
    """The structure of one document as its author made it; `left_out` of its points are too many to stand here."""

    document_id: str
    title: str
    date: str | None
    points: tuple[Point, ...]
    left_out: int = 0


@dataclass(frozen=True)
class Formulation:
    """A key formulation: its words, where they stand (each quote is these words), and what explains it, if anything.

    `members` are the parts of a parallel or numbered one where the documents list them.
    """

    text: str
    kind: FormulationKind
    places: tuple[Quote, ...]
    explained: Quote | None = None
    members: tuple[Quote, ...] = ()


class RemarkKind(StrEnum):
    """What a reader of the source may stumble over."""

    VARIANT = "variant"  # the same thing written in different ways
    DOUBLED = "doubled"
    MISSING = "missing"
    UNPAIRED = "unpaired"


@dataclass(frozen=True)
class Remark:
    """Something in the wording of a source that stands out: its places, and in words what; no source is changed."""

    kind: RemarkKind
    note: str
    places: tuple[Quote, ...]


@dataclass(frozen=True)
class Item:
    """A question of a paper with its answer and where that stands.

    `stem`: what is asked; of a fill-in question with `BLANK` for each word left out. `options`: without
    letters. `answer`: the words for the blanks, the letters of the right options, `RIGHT` or `WRONG`, the
    letters in the right order, or what a good answer holds (short: a quote's words a mark). `source`: the
    sentence that it is from; `further`: other quotes used (marks, the options' places, a changed word's
    place). `tested`: (document id, start, end) of the words that one must know, by which two items on one fact are
    told. `note`: what the key says beside the answer (原文是……). `edited`: somebody has worded it anew since.
    `structure`: what the stem is put together from; None where it was worded anew, and in older packs
    (`stem_recovery.stem_of` returns one for every item).
    """

    id: str
    kind: ItemKind
    difficulty: Difficulty
    stem: str
    answer: tuple[str, ...]
    source: Quote
    options: tuple[str, ...] = ()
    further: tuple[Quote, ...] = ()
    tested: tuple[tuple[str, int, int], ...] = ()
    note: str = ""
    edited: bool = False
    structure: Stem | None = None


@dataclass(frozen=True)
class Card:
    """A flashcard; the back is of quotes."""

    front: str
    back: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Reading:
    """Paragraphs `first` to `last` of a document, to be read closely; `characters` say how long they are."""

    document_id: str
    document: str
    section: str
    first: int
    last: int
    characters: int


@dataclass(frozen=True)
class Step:
    """A part of a session: 导入, 精读, 讨论 or 测验, in minutes from its `start`."""

    name: str
    start: int
    minutes: int
    what: str
    readings: tuple[Reading, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Brief:
    """What a trainer asks for.

    `documents`: ids, () for all. `sections`: (document id, number of a section) to limit those documents to.
    `topic`: words that what is used must be about, "" for everything. `minutes`: of the session.
    `counts`: how many questions of each kind. `seed` makes the same pack again.
    """

    documents: tuple[str, ...] = ()
    sections: tuple[tuple[str, int], ...] = ()
    topic: str = ""
    title: str = ""
    audience: str = ""
    minutes: int = 90
    counts: Mapping[ItemKind, int] = field(default_factory=lambda: dict(DEFAULT_COUNTS))
    difficulty: Difficulty = Difficulty.MIXED
    seed: int = 1


DEFAULT_COUNTS: Mapping[ItemKind, int] = {
    ItemKind.FILL: 10,
    ItemKind.SINGLE: 10,
    ItemKind.MULTIPLE: 5,
    ItemKind.JUDGE: 10,
    ItemKind.ORDER: 1,
    ItemKind.SHORT: 2,
    ItemKind.DISCUSS: 2,
}


@dataclass(frozen=True)
class DocumentLine:
    """A document that the pack is made from."""

    id: str
    title: str
    date: str | None
    issuer: str | None
    validity: str | None
    paragraphs: int
    characters: int


@dataclass(frozen=True)
class Pack:
    """A whole study pack; `notes` tell the trainer what could not be made and why."""

    title: str
    brief: Brief
    documents: tuple[DocumentLine, ...]
    outlines: tuple[DocumentOutline, ...] = ()
    summary: tuple[Point, ...] = ()
    formulations: tuple[Formulation, ...] = ()
    remarks: tuple[Remark, ...] = ()
    items: tuple[Item, ...] = ()
    cards: tuple[Card, ...] = ()
    plan: tuple[Step, ...] = ()
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it as what JSON can hold; `pack_of` reads it again."""
        return {"format": FORMAT} | _adapter().dump_python(self, mode="json")


def pack_of(data: Any) -> Pack:
    """Return the pack that `as_json` made; raises `SettingsError` for anything else."""
    from pydantic import ValidationError

    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise SettingsError(BAD_PACK)
    try:
        return _adapter().validate_python({name: value for name, value in data.items() if name != "format"})
    except ValidationError as error:
        raise SettingsError(BAD_PACK) from error


@cache
def _adapter() -> "TypeAdapter[Pack]":
    from pydantic import TypeAdapter

    return TypeAdapter(Pack)


def title_prefix(title: str, several: bool) -> str:
    """Return the words before a question that say which document it is from, where there are several."""
    return f"根据《{title}》，" if several else ""


CHOICE = "（　）"
STATED = "下列说法"


TOPIC_LIMIT = 100
