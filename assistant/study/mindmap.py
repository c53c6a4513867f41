"""A mind map of the outlines as SVG."""

from collections.abc import Callable, Sequence

from assistant.study.pack import DocumentOutline, Quote


def mindmap(found: Sequence[DocumentOutline], link: Callable[[Quote], str]) -> str:
    """Return an SVG document in which each point is a link, `link` of its first quote."""
    return ""
