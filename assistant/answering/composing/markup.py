"""The Markdown of an answer taken apart: lines of a kind, each of plain, bold and cited pieces.

`composing`, `conversing` and `writing` write it; nothing else is read as Markdown.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from assistant.answering.answer import Answer, Status

_POINT = re.compile(r"(\d+\.)\s+(.*)")
_NEAREST = re.compile(r"[-*]\s+(.*)")
_TOKEN = re.compile(r"\\([!-/:-@\[-`{-~])|\*\*|\[(\d{1,3})\]|.", re.DOTALL)
_SPACE_BEFORE_MARKER = re.compile(r"\s+(?=\[\d{1,3}\])")


class Sort(StrEnum):
    """What a line of an answer is: its heading, the name of a place, a statement, a passage near, a short answer."""

    LEAD = "lead"
    PLACE = "place"
    POINT = "point"
    NEAREST = "nearest"
    SHORT = "short"


@dataclass(frozen=True)
class Piece:
    """Words, or the `marker` of a citation."""

    text: str = ""
    bold: bool = False
    marker: int | None = None


@dataclass(frozen=True)
class Line:
    """A line of an answer; `count` is the number before a statement."""

    sort: Sort
    pieces: tuple[Piece, ...]
    count: str = ""


def lines_of(answer: Answer) -> Iterator[Line]:
    """Yield the lines of an answer; markers are those of its citations, all else in brackets is words."""
    markers = {citation.marker for citation in answer.citations}
    lines = [line.strip() for line in answer.answer.splitlines() if line.strip()]
    for number, line in enumerate(lines):
        point, nearest = _POINT.fullmatch(line), _NEAREST.fullmatch(line)
        if point:
            yield Line(Sort.POINT, _pieces(point[2], markers), point[1])
        elif nearest and answer.status is Status.NOT_FOUND:
            yield Line(Sort.NEAREST, _pieces(nearest[1], markers))
        else:
            sort = Sort.LEAD if not number else Sort.SHORT if "**" in line else Sort.PLACE
            yield Line(sort, _pieces(line, markers))


def _pieces(text: str, markers: set[int]) -> tuple[Piece, ...]:
    found: list[Piece] = []
    bold = False
    for token in _TOKEN.finditer(_SPACE_BEFORE_MARKER.sub("", text)):
        marker = int(token[2]) if token[2] else None
        if token[0] == "**":
            bold = not bold
        elif marker in markers:
            found.append(Piece(marker=marker))
        elif found and found[-1].marker is None and found[-1].bold == bold:
            found[-1] = Piece(found[-1].text + (token[1] or token[0]), bold)
        else:
            found.append(Piece(token[1] or token[0], bold))
    return tuple(found)
