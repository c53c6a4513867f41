"""What fits on one page: of each document what leads up to its points, the points, what closes it.

In the source's order and words, shared fairly over the documents and over their points.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

from assistant.documents.splitting import Sentence
from assistant.study.outline.enumerations import all_members, mark_of
from assistant.study.outline.lines import declares
from assistant.study.outline.salience import is_hanging, spread, weights
from assistant.study.outline.shortening import shortened, width
from assistant.study.outline.structure import frame_of
from assistant.study.pack import DocumentOutline, Point
from assistant.study.source.texts import Text

PAGE_WIDTH = 700.0
DOCUMENTS_MOST = 15
GIST_WIDTH = 120.0
ANNOUNCED_WIDTH = 40
OPENING_SHARE, CLOSING_SHARE = 0.18, 0.1
TELLING_WIDTH = 14
HEADS_LEAST = 3

_LEAD_IN = re.compile("(?:(?:下列|以下)[^，。；]*|如下|[是为])$")


@dataclass(frozen=True)
class _Placed:
    """A point in the order of its document: its number, that of the one around it (-1 for none), and its level."""

    number: int
    parent: int
    level: int
    point: Point


def summary(found: Sequence[DocumentOutline], texts: Sequence[Text] = ()) -> tuple[Point, ...]:
    """Return a page of the outlines as points without children: of each document the upper levels, as far as they fit.

    With the documents' `texts` also of what stands around their points. Of very many documents some are told, evenly.
    """
    by_id = {text.record.id: text for text in texts}
    filled = [outline for outline in found if outline.points]
    told = [filled[n] for n in spread([0.0] * len(filled), DOCUMENTS_MOST)]
    placed = [list(_placed(_heads(outline.points))) for outline in told]
    room, chosen = PAGE_WIDTH, dict[int, list[Point]]()
    for done, at in enumerate(sorted(range(len(told)), key=lambda n: len(placed[n]))):
        share = room / (len(told) - done)
        around = _around(by_id.get(told[at].document_id), share)
        points = [*around, *_page(placed[at], share - sum(map(_width, around)))]
        chosen[at] = sorted(points, key=lambda point: point.quotes[0].start)
        room -= sum(map(_width, points))
    return tuple(point for at in sorted(chosen) for point in chosen[at])


def _around(text: Text | None, room: float) -> list[Point]:
    """Return what a document's opening and closing say most, as far as there is room beside its points."""
    if text is None or room < GIST_WIDTH:
        return []
    frame = frame_of(text)
    parts = ((frame.opening, OPENING_SHARE), (frame.closing, CLOSING_SHARE))
    return [point for units, share in parts for point in _said(text, units, share * room)]


def _said(text: Text, units: Sequence[Sentence], room: float) -> list[Point]:
    """Return the weightiest of some sentences that fit; those that only announce what follows say nothing."""
    telling = [unit for unit in units if _tells(text.words(unit))]
    weight = weights([text.words(unit) for unit in telling])
    points = [Point("", shortened(text, unit.start, unit.end)) for unit in telling]
    chosen: list[int] = []
    for at in sorted(range(len(points)), key=lambda n: (-weight[n], n)):
        if points[at].quotes and _width(points[at]) <= room:
            chosen.append(at)
            room -= _width(points[at])
    return [points[at] for at in sorted(chosen)]


def _tells(words: str) -> bool:
    return not is_hanging(words) and (not declares(words) or width(words) > ANNOUNCED_WIDTH)


def _heads(points: Sequence[Point]) -> list[Point]:
    """Return the points, of paragraphs that are points themselves without their further sentences."""
    counted = _counted(points)
    if len(points) - len(counted) < HEADS_LEAST:
        return list(points)
    return [point if at in counted else _without_further(point, point) for at, point in enumerate(points)]


def _without_further(point: Point, top: Point) -> Point:
    """Return a point without those of its paragraph below it that are neither counted nor hold any that are."""
    counted = _counted(point.children)
    kept = [
        _without_further(one, top)
        for at, one in enumerate(point.children)
        if at in counted or one.quotes[0].paragraph != top.quotes[0].paragraph or _counted(one.children)
    ]
    return replace(point, children=tuple(kept))


def _counted(points: Sequence[Point]) -> set[int]:
    """Return the places of those with a mark, or with one in their words (一要……, 二要……)."""
    series = all_members([mark_of(point.words) for point in points])
    return series | {at for at, point in enumerate(points) if point.label}


def _placed(points: Sequence[Point]) -> Iterator[_Placed]:
    number, ahead = 0, [(point, -1, 0) for point in reversed(points)]
    while ahead:
        point, parent, level = ahead.pop()
        yield _Placed(number, parent, level, replace(point, children=()))
        ahead += [(child, number, level + 1) for child in reversed(point.children)]
        number += 1


def _page(placed: Sequence[_Placed], room: float) -> list[Point]:
    """Return the points of one document that fit: level by level, of the first that does not fit what says most."""
    weight = _weights(placed)
    if room < GIST_WIDTH:
        return [one.point for one in _gist(placed, weight, room)]
    kept: list[_Placed] = []
    for depth in range(max(one.level for one in placed) + 1):
        level = [one for one in placed if one.level == depth]
        left = room - sum(_width(one.point) for one in kept)
        if sum(_width(one.point) for one in level) > left:
            kept += _fitting(_evenly(level, weight) if depth else _spread(level, weight, left), left)
            break
        kept += level
    return [one.point for one in sorted(kept or placed[:1], key=lambda one: one.number)]


def _gist(placed: Sequence[_Placed], weight: Sequence[float], room: float) -> list[_Placed]:
    """Return the few points that say most of all, where there is no room for a whole level."""
    ordered = sorted(placed, key=lambda one: (-weight[one.number], one.number))
    telling = [one for one in ordered if width(one.point.words) >= TELLING_WIDTH] or ordered
    kept = _fitting(telling, room) or telling[:1]
    return sorted(kept, key=lambda one: one.number)


def _weights(placed: Sequence[_Placed]) -> list[float]:
    """Return what each point weighs by its number; words that only lead a list in (下列条件) weigh little."""
    found = weights([one.point.words for one in placed])
    return [0.1 * one if _LEAD_IN.search(at.point.words) else one for one, at in zip(found, placed, strict=True)]


def _spread(level: Sequence[_Placed], weight: Sequence[float], room: float) -> list[_Placed]:
    """Return as many points from all over a document as the room is likely to hold."""
    mean = sum(_width(one.point) for one in level) / len(level)
    return [level[n] for n in spread([weight[one.number] for one in level], max(1, int(room / mean)))]


def _evenly(level: Sequence[_Placed], weight: Sequence[float]) -> list[_Placed]:
    """Return points so that each one above gets its first, then its second: those that say most first."""
    groups: dict[int, list[_Placed]] = defaultdict(list)
    for one in sorted(level, key=lambda one: -weight[one.number]):
        groups[one.parent].append(one)
    return [one for one in chain.from_iterable(zip_longest(*groups.values())) if one is not None]


def _fitting(wanted: Sequence[_Placed], room: float) -> list[_Placed]:
    kept: list[_Placed] = []
    for one in wanted:
        if _width(one.point) <= room:
            kept.append(one)
            room -= _width(one.point)
    return kept


def _width(point: Point) -> float:
    return width(point.label + point.words)
