"""What fits on one page of the outlines: points in the source's order, shared fairly over the documents."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from assistant.study.pack import DocumentOutline, Point
from assistant.study.shortening import width
from assistant.study.weighing import spread, weights

PAGE_WIDTH = 700
DOCUMENTS_MOST = 20


def summary(found: Sequence[DocumentOutline]) -> tuple[Point, ...]:
    """Return a page of the outlines as points without children; of very many documents some."""
    filled = [outline for outline in found if outline.points]
    told = [filled[n] for n in spread([0.0] * len(filled), DOCUMENTS_MOST)]
    room, chosen = float(PAGE_WIDTH), list[tuple[Point, ...]]()
    for done, outline in enumerate(sorted(told, key=_size)):
        ...
    return ()
