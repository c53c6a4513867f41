"""JSON of the page 学习材料: packs with the state of their quotes, questions, sections, jobs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.answering.scope import CHOSEN_MOST
from assistant.base.dates import when
from assistant.documents.splitting import Section
from assistant.index.records import DocumentView
from assistant.study.export import FORMATS
from assistant.study.pack import DEFAULT_COUNTS, FORMAT, KIND_NAMES, TOPIC_LIMIT, Brief, Difficulty, Item, Reading
from assistant.study.pack_store import TITLE_LIMIT, Kept, PackLine
from assistant.study.paper.editing import STRAYS, clashes, strays
from assistant.study.staleness import State, StrayQuote, quotes_of, stated
from assistant.study.trends import Trends, trends
from assistant.web.job_view import JobView
from assistant.web.study.requests import COUNT_MOST, MINUTES_LEAST, MINUTES_MOST

SECTIONS_MOST = 2_000
DIFFICULTIES = {
    Difficulty.MIXED: "难易搭配",
    Difficulty.EASY: "容易",
    Difficulty.MEDIUM: "中等",
    Difficulty.HARD: "较难",
}
FORMULATION_KINDS = {"quoted": "引号", "numbered": "数字", "parallel": "排比", "phrase": "常用语"}
REMARK_KINDS = {"variant": "同一事物有几种写法", "doubled": "疑似多字", "missing": "疑似漏字", "unpaired": "标点不成对"}


@dataclass(frozen=True)
class Choice:
    """An option, chosen by its `key`."""

    key: str
    name: str


@dataclass(frozen=True)
class KindChoice(Choice):
    """A kind of question; `count` is the default number of them."""

    count: int


@dataclass(frozen=True)
class Limits:
    """Upper limits: characters of title and topic, questions of one kind, documents."""

    title: int = TITLE_LIMIT
    topic: int = TOPIC_LIMIT
    count: int = COUNT_MOST
    documents: int = CHOSEN_MOST


@dataclass(frozen=True)
class Minutes:
    """Range and default of a session's length, in minutes."""

    least: int = MINUTES_LEAST
    most: int = MINUTES_MOST
    usual: int = Brief.minutes


@dataclass(frozen=True)
class Names:
    """Labels of the kinds of formulations and remarks."""

    formulations: Mapping[str, str]
    remarks: Mapping[str, str]


@dataclass(frozen=True)
class Form:
    """Options, limits and labels with which the page asks for a pack and shows one."""

    kinds: Sequence[KindChoice]
    formats: Sequence[Choice]
    difficulties: Sequence[Choice]
    limits: Limits
    minutes: Minutes
    names: Names


@dataclass(frozen=True)
class PackRow:
    """A listed pack; if `lost` of its documents cannot be read, nothing of its content is sent."""

    id: str
    made: str
    changed: str
    title: str
    items: int
    lost: int


@dataclass(frozen=True)
class DatedPackRow(PackRow):
    """A listed pack; `outdated`: its documents have changed since."""

    outdated: bool


@dataclass(frozen=True)
class PackList:
    """A visitor's packs, the options of a new one, and the unfinished job."""

    packs: Sequence[PackRow]
    form: Form
    job: JobView | None


@dataclass(frozen=True)
class SectionRow:
    """A section of a document, with its level from 0 and its length in characters."""

    number: int
    parent: int | None
    name: str
    depth: int
    characters: int


@dataclass(frozen=True)
class SectionList:
    """The sections of a document in order."""

    sections: Sequence[SectionRow]


@dataclass(frozen=True)
class Title:
    """A pack's title after a change, and the revision to name in the next change."""

    title: str
    revision: int


@dataclass(frozen=True)
class Drawing:
    """The text of an SVG, "" for none."""

    svg: str


@dataclass(frozen=True, kw_only=True)
class ItemView(Item):
    """A question; `strays` warns that its words do not follow from its source."""

    strays: str


@dataclass(frozen=True, kw_only=True)
class SheetItem(ItemView):
    """A question of a sheet; `clashes` are the ids of other questions that give its answer away."""

    clashes: Sequence[str]


@dataclass(frozen=True)
class ItemList:
    """Questions for viewing."""

    items: Sequence[ItemView]


@dataclass(frozen=True)
class PlacedReading(Reading):
    """Paragraphs to read; `start` and `end` are the offsets of the first one in the document."""

    start: int
    end: int


@dataclass(frozen=True)
class Questions:
    """A pack's questions, those taken out, and the revision to name in the next change."""

    revision: int
    changed: str
    title: str
    items: Sequence[SheetItem]
    removed: Sequence[ItemView]


@dataclass(frozen=True)
class PackView(Questions):
    """A whole pack; `pack` is everything but its questions, `moved` and `gone` count quotes not at their places."""

    id: str
    made: str
    pack: Mapping[str, Any]
    trends: Trends
    moved: int
    gone: int


def form() -> Form:
    """Return the options, limits and labels that the page needs."""
    return Form(
        kinds=[KindChoice(kind, name, DEFAULT_COUNTS[kind]) for kind, name in KIND_NAMES.items()],
        formats=[Choice(key, found.what) for key, found in FORMATS.items()],
        difficulties=[Choice(key, name) for key, name in DIFFICULTIES.items()],
        limits=Limits(),
        minutes=Minutes(),
        names=Names(FORMULATION_KINDS, REMARK_KINDS),
    )


def pack_row(kept: PackLine, lost: int) -> PackRow:
    """Return a pack of which `lost` documents cannot be read, as a row."""
    title, items = ("", 0) if lost else (kept.title, kept.items)
    return PackRow(kept.id, when(kept.made), when(kept.changed), title, items, lost)


def whole(kept: Kept, views: Mapping[str, DocumentView]) -> PackView:
    """Return a pack for viewing: quotes no longer at their places carry their state.

    Readings get the offsets of their first paragraph.
    """
    pack = stated(kept.pack, views)
    plan = tuple(replace(step, readings=tuple(_placed(one, views) for one in step.readings)) for step in pack.plan)
    shown = {"format": FORMAT} | vars(replace(pack, plan=plan))
    del shown["items"]
    strayed = {(q.document_id, q.start, q.end): q.state for q in quotes_of(pack) if isinstance(q, StrayQuote)}
    states = list(strayed.values())
    return PackView(
        **vars(questions(kept, views)),
        id=kept.id,
        made=when(kept.made),
        pack=shown,
        trends=trends(kept.pack),
        moved=states.count(State.MOVED),
        gone=states.count(State.GONE),
    )


def questions(kept: Kept, views: Mapping[str, DocumentView]) -> Questions:
    """Return the questions after a change, those taken out, and the revision to name in the next one."""
    told = clashes(kept.pack.items)
    return Questions(
        revision=kept.revision,
        changed=when(kept.changed),
        title=kept.pack.title,
        items=[SheetItem(**vars(one), clashes=told.get(one.id, ())) for one in items(kept.pack.items, views)],
        removed=items(kept.removed, views),
    )


def items(found: Sequence[Item], views: Mapping[str, DocumentView]) -> list[ItemView]:
    """Return questions for viewing."""
    return [ItemView(**vars(stated(one, views)), strays=STRAYS if strays(one) else "") for one in found]


def sections(view: DocumentView) -> SectionList:
    """Return the sections of a document in order."""
    depths = _depths(view.sections)
    return SectionList(
        [
            SectionRow(s.number, s.parent, f"{s.label}　{s.title}".strip("　 "), depths[s.number], s.end - s.start)
            for s in view.sections[:SECTIONS_MOST]
        ]
    )


def _placed(reading: Reading, views: Mapping[str, DocumentView]) -> Reading:
    view = views.get(reading.document_id)
    if view is None or not 1 <= reading.first <= len(view.paragraphs):
        return reading
    paragraph = view.paragraphs[reading.first - 1]
    return PlacedReading(**vars(reading), start=paragraph.start, end=paragraph.end)


def _depths(found: Sequence[Section]) -> dict[int, int]:
    depths: dict[int, int] = {}
    for section in found:
        depths[section.number] = depths.get(section.parent, -1) + 1 if section.parent is not None else 0
    return depths
