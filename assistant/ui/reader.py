"""A document as the source reader shows it: paragraphs cut into runs, the quoted ones marked.

All cutting is done here because the browser counts characters in UTF-16; the page only puts texts
into elements. What the browser asks for is checked before anything is looked up. Words that the
glossary explains are pieces of their own inside a run; what it says of them is never part of a text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.access import Visitor
from assistant.errors import SettingsError
from assistant.glossary import Glossary, Mention, Term
from assistant.service import DocumentView, Service
from assistant.splitting import Paragraph, Section
from assistant.ui.api import endpoint

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.ui.desk import Desk

PARAGRAPHS_AROUND = 300
ID_LIMIT = 200
# A section of at least this many characters gets its name above it even where its text begins with it.
NAMED_CHARACTERS = 300
BAD_REQUEST = "打不开这处出处：请重新点击回答里的编号。"
CHANGED = "这份文件已更新，原来的位置不在了：请重新提问。"


@dataclass(frozen=True)
class Place:
    """A piece of a document: the characters from `start` to `end` of its text."""

    document: str
    start: int
    end: int


def add_routes(app: "FastAPI", desk: "Desk") -> None:
    """Add the route of reader.js."""

    def source(_: Visitor, asked: dict[str, Any]) -> dict[str, Any]:
        return open_place(desk.service(), parse_place(asked))

    endpoint(app, "POST", "/api/source", source)


def parse_place(request: dict[str, Any]) -> Place:
    """Return the place that the browser asks for; raises `SettingsError` for anything that is none."""
    document, start, end = (request.get(name) for name in ("document", "start", "end"))
    if not isinstance(document, str) or not 0 < len(document) <= ID_LIMIT:
        raise SettingsError(BAD_REQUEST)
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        raise SettingsError(BAD_REQUEST)
    return Place(document, start, end)


def open_place(service: Service, place: Place) -> dict[str, Any]:
    """Return what the reader shows for `place`; raises `SettingsError` where there is no such place."""
    view = service.document(place.document)
    if place.end > len(view.text):
        raise SettingsError(CHANGED)
    shown, explained = _window(view.paragraphs, place.start), _Explained(service.glossary)
    record = view.record
    facts = [record.issuer, record.date, record.validity]
    return {
        "document": place.document,
        "title": record.title,
        "facts": [fact for fact in facts if fact],
        "note": _note(shown, len(view.paragraphs)),
        "paragraphs": [_paragraph(view, paragraph, place, explained) for paragraph in shown],
        "terms": explained.as_json(),
    }


def _window(paragraphs: Sequence[Paragraph], start: int) -> Sequence[Paragraph]:
    """Return the paragraphs around offset `start`: a long document is not shown whole."""
    at = next((n for n, p in enumerate(paragraphs) if p.end > start), len(paragraphs) - 1)
    return paragraphs[max(0, at - PARAGRAPHS_AROUND) : at + PARAGRAPHS_AROUND + 1]


def _note(shown: Sequence[Paragraph], total: int) -> str:
    if len(shown) == total:
        return ""
    return f"文件较长，这里显示第 {shown[0].number} 至 {shown[-1].number} 段（共 {total} 段）。"


class _Explained:
    """The words of the glossary that the texts shown name, numbered in order of appearance."""

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = glossary
        self._numbers: dict[Term, int] = {}

    def mark(self, text: str, runs: list[dict[str, Any]]) -> None:
        """Give each run of a paragraph that names such words its `pieces`; a word is marked once a run."""
        mentions, begin = list(self._glossary.mentions(text)), 0
        for run in runs:
            end = begin + len(run["text"])
            first = {m.term: m for m in reversed(mentions) if begin <= m.start and m.end <= end}
            if first:
                run["pieces"] = self._pieces(text, begin, end, sorted(first.values(), key=lambda m: m.start))
            begin = end

    def as_json(self) -> list[dict[str, Any]]:
        """Return what the glossary says, by number."""
        return [{"words": term.words, "definition": term.definition, "source": term.source} for term in self._numbers]

    def _pieces(self, text: str, begin: int, end: int, mentions: Sequence[Mention]) -> list[dict[str, Any]]:
        pieces: list[dict[str, Any]] = []
        for mention in mentions:
            number = self._numbers.setdefault(mention.term, len(self._numbers))
            pieces.append({"text": text[begin : mention.start]})
            pieces.append({"text": text[mention.start : mention.end], "term": number})
            begin = mention.end
        return [piece for piece in [*pieces, {"text": text[begin:end]}] if piece["text"]]


def _paragraph(view: DocumentView, paragraph: Paragraph, place: Place, explained: _Explained) -> dict[str, Any]:
    text = view.text[paragraph.start : paragraph.end]
    opened = [s for s in view.sections if paragraph.start <= s.start < paragraph.end and _at_start(view, paragraph, s)]
    is_heading = any(_is_whole(text, section) for section in opened)
    names = [] if is_heading else [_name(s) for s in opened if _wants_name(text, s)]
    runs = _runs(view.text, paragraph, place)
    explained.mark(text, runs)
    return {
        "number": paragraph.number,
        "headings": names,
        "heading": is_heading,
        "runs": runs,
    }


def _runs(text: str, paragraph: Paragraph, place: Place) -> list[dict[str, Any]]:
    """Return the pieces of a paragraph, those inside `place` with their offsets."""
    start = min(max(place.start, paragraph.start), paragraph.end)
    end = min(max(place.end, start), paragraph.end)
    pieces = [(paragraph.start, start, False), (start, end, True), (end, paragraph.end, False)]
    return [{"text": text[a:b], "quoted": quoted, "start": a, "end": b} for a, b, quoted in pieces if a < b]


def _at_start(view: DocumentView, paragraph: Paragraph, section: Section) -> bool:
    return not view.text[paragraph.start : section.start].strip()


def _is_whole(text: str, section: Section) -> bool:
    """Say whether a paragraph is nothing but the heading of `section`."""
    words = re.sub(r"\W", "", text)
    return section.end - section.start > len(text) and words == re.sub(r"\W", "", section.label + section.title)


def _wants_name(text: str, section: Section) -> bool:
    return not text.startswith(section.label) or section.end - section.start >= NAMED_CHARACTERS


def _name(section: Section) -> str:
    return f"{section.label}　{section.title}".strip("　 ")
