"""What the page 学习材料 gets as JSON: packs with the state of their quotes, questions, sections, jobs."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from assistant.answering.scope import CHOSEN_MOST
from assistant.base.dates import when
from assistant.base.jobs import Job
from assistant.documents.splitting import Section
from assistant.index.records import DocumentView
from assistant.study.pack import DEFAULT_COUNTS, KIND_NAMES, TOPIC_LIMIT, Brief, Difficulty, Item
from assistant.study.pack_store import TITLE_LIMIT, Kept, PackLine
from assistant.study.paper.editing import STRAYS, clashes, strays
from assistant.study.staleness import State, state_of
from assistant.study.trends import trends
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


def form(formats: Sequence[dict[str, str]]) -> dict[str, Any]:
    """Return what the page needs to ask for a pack and to show one."""
    kinds = [{"key": kind, "name": name, "count": DEFAULT_COUNTS[kind]} for kind, name in KIND_NAMES.items()]
    difficulties = [{"key": key, "name": name} for key, name in DIFFICULTIES.items()]
    limits = {"title": TITLE_LIMIT, "topic": TOPIC_LIMIT, "count": COUNT_MOST, "documents": CHOSEN_MOST}
    names = {"formulations": FORMULATION_KINDS, "remarks": REMARK_KINDS}
    minutes = {"least": MINUTES_LEAST, "most": MINUTES_MOST, "usual": Brief().minutes}
    rest = {"difficulties": difficulties, "limits": limits, "minutes": minutes, "names": names}
    return {"kinds": kinds, "formats": list(formats)} | rest


def line(kept: PackLine, lost: int) -> dict[str, Any]:
    """Return a pack of the list; of one whose documents are not all to be read any more no word of its content."""
    times = {"id": kept.id, "made": when(kept.made), "changed": when(kept.changed)}
    if lost:
        return times | {"title": "", "items": 0, "lost": lost}
    return times | {"title": kept.title, "items": kept.items, "lost": 0}


def job(found: Job) -> dict[str, Any]:
    """Return how far building is."""
    names = ("id", "label", "done", "total", "message")
    said = {name: getattr(found, name) for name in names}
    return said | {"stage": str(found.stage), "over": found.is_over, "results": list(found.results)}


def whole(kept: Kept, views: dict[str, DocumentView]) -> dict[str, Any]:
    """Return a pack to be shown: quotes that are not at their places any more bear their state.

    Readings get the place of their first paragraph.
    """
    pack = _stated(kept.pack.as_json(), views)
    for step in pack["plan"]:
        for reading in step["readings"]:
            reading |= _place(views.get(reading["document_id"]), reading["first"])
    sheet = questions(kept, views)
    return {
        "id": kept.id,
        "made": when(kept.made),
        "pack": {name: value for name, value in pack.items() if name != "items"},
        "trends": asdict(trends(kept.pack)),
        "moved": _count(pack, State.MOVED),
        "gone": _count(pack, State.GONE),
    } | sheet


def questions(kept: Kept, views: dict[str, DocumentView]) -> dict[str, Any]:
    """Return the questions of a pack after a change, those taken out, and the revision to change next."""
    told = clashes(kept.pack.items)
    return {
        "revision": kept.revision,
        "changed": when(kept.changed),
        "title": kept.pack.title,
        "items": [one | {"clashes": told.get(one["id"], ())} for one in items(kept.pack.items, views)],
        "removed": items(kept.removed, views),
    }


def items(found: Sequence[Item], views: dict[str, DocumentView]) -> list[dict[str, Any]]:
    """Return questions to be shown."""
    return [_item(one, views) for one in found]


def sections(view: DocumentView) -> list[dict[str, Any]]:
    """Return the sections of a document as a list in its order, each with its level from 0 and its length."""
    depths = _depths(view.sections)
    return [
        {
            "number": s.number,
            "parent": s.parent,
            "name": f"{s.label}　{s.title}".strip("　 "),
            "depth": depths[s.number],
            "characters": s.end - s.start,
        }
        for s in view.sections[:SECTIONS_MOST]
    ]


def _item(item: Item, views: dict[str, DocumentView]) -> dict[str, Any]:
    from pydantic import TypeAdapter

    shown = _stated(TypeAdapter(Item).dump_python(item, mode="json"), views)
    return shown | {"strays": STRAYS if strays(item) else ""}


def _stated(value: Any, views: dict[str, DocumentView]) -> Any:
    """Return JSON of a pack with `state` in each quote that is not at its place any more."""
    if isinstance(value, list):
        return [_stated(one, views) for one in value]
    if not isinstance(value, dict):
        return value
    if not {"document_id", "start", "end", "text"} <= value.keys():
        return {name: _stated(one, views) for name, one in value.items()}
    view = views.get(value["document_id"])
    state = state_of(view.text, value["start"], value["end"], value["text"]) if view else State.GONE
    return value if state is State.HERE else value | {"state": state}


def _count(value: Any, state: State) -> int:
    """Return how many different quotes in JSON of a pack bear `state`."""
    found: set[tuple[str, int, int]] = set()

    def look(part: Any) -> None:
        if isinstance(part, dict):
            if part.get("state") == state:
                found.add((part["document_id"], part["start"], part["end"]))
            part = list(part.values())
        if isinstance(part, list):
            for one in part:
                look(one)

    look(value)
    return len(found)


def _place(view: DocumentView | None, number: int) -> dict[str, int]:
    if view is None or not 1 <= number <= len(view.paragraphs):
        return {}
    paragraph = view.paragraphs[number - 1]
    return {"start": paragraph.start, "end": paragraph.end}


def _depths(found: Sequence[Section]) -> dict[int, int]:
    depths: dict[int, int] = {}
    for section in found:
        depths[section.number] = depths.get(section.parent, -1) + 1 if section.parent is not None else 0
    return depths
