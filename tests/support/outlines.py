"""Outlines in one line each."""

from assistant.study.outline.outline import outlines
from assistant.study.outline.summary import summary
from assistant.study.pack import Point
from support.study_texts import text_of

Tree = list["str | tuple[str, Tree]"]


def _branch(point: Point) -> "str | tuple[str, Tree]":
    said = f"{point.label}|{point.words}" if point.label else point.words
    return (said, [_branch(child) for child in point.children]) if point.children else said


def tree(words: str, markdown: bool = False) -> Tree:
    """Return the points of a document by mark and words, those with others under them with these."""
    (outline,) = outlines([text_of(words, markdown=markdown)])
    return [_branch(point) for point in outline.points]


def page(words: str) -> list[str]:
    text = text_of(words)
    return [point.words for point in summary(outlines([text]), [text])]
