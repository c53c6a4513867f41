"""The outline of documents as their author made it, and a summary of one page."""

from collections.abc import Sequence

from assistant.study.pack import DocumentOutline, Point
from assistant.study.texts import Text


def outlines(texts: Sequence[Text]) -> tuple[DocumentOutline, ...]:
    """Return the structure of each text in the source's words."""
    return ()


def summary(found: Sequence[DocumentOutline]) -> tuple[Point, ...]:
    """Return what fits on one page of the outlines."""
    return ()
