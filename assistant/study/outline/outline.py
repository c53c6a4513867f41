"""The outline of documents as their author made it, in the source's words."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.study.outline.salience import spread
from assistant.study.outline.shortening import shortened
from assistant.study.outline.structure import Draft, drafts
from assistant.study.pack import DocumentOutline, Point
from assistant.study.source.texts import Text

POINTS_MOST = 300
PLAIN_MOST = 60
PACK_MOST = 1500
LEAST = 10
FEW_SHARE = 20


def outlines(texts: Sequence[Text]) -> tuple[DocumentOutline, ...]:
    """Return the structure of each text in the source's words.

    Of a document with more than some 300 points the deeper ones are left out, and `left_out` says how many.
    """
    most = max(LEAST, min(POINTS_MOST, PACK_MOST // max(len(texts), 1)))
    return tuple(_outline(text, most) for text in texts)


def _outline(text: Text, most: int) -> DocumentOutline:
    found = drafts(text)
    kept = limited(found, most if any(draft.label for draft in found) else min(most, PLAIN_MOST))
    record, left_out = text.record, _count(found) - _count(kept)
    points = tuple(point for draft in kept for point in _points(text, draft))
    return DocumentOutline(record.id, record.title, record.date, points, left_out)


def limited(found: Sequence[Draft], most: int) -> tuple[Draft, ...]:
    """Return a tree of up to `most` points: whole levels, and of the next one what says most all over the document.

    Of a numbered list nothing is left out between its items, unless next to nothing would be told; articles of a law
    stand by themselves.
    """
    kept: list[Draft] = []
    level = list(found)
    while level and len(kept) + len(level) <= most:
        kept += level
        level = [child for draft in level for child in draft.children]
    if kept and len(kept) * FEW_SHARE >= most:
        level = [draft for draft in level if not draft.label or "条" in draft.label]
    chosen = spread([draft.weight for draft in level], most - len(kept)) if level and len(kept) < most else []
    return _only(found, {draft.start for draft in kept} | {level[n].start for n in chosen})


def _only(found: Sequence[Draft], starts: set[int]) -> tuple[Draft, ...]:
    return tuple(replace(draft, children=_only(draft.children, starts)) for draft in found if draft.start in starts)


def _count(found: Iterable[Draft]) -> int:
    return sum(1 + _count(draft.children) for draft in found)


def _points(text: Text, draft: Draft) -> tuple[Point, ...]:
    """Return a draft as a point; what stands under one of no words stands in its place."""
    children = tuple(point for child in draft.children for point in _points(text, child))
    quotes = shortened(text, draft.start, draft.end)
    return (Point(draft.label, quotes, children),) if quotes else children
