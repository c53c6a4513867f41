"""What the readers of all formats share: the result, true kinds, Markdown's headings, joining lines.

Works on bytes and text in memory. Word documents are for `docx`, PDF for `pdf`, the encodings of
text files for `encodings`; `document` decides which of them a file goes to.
"""

import re
from dataclasses import dataclass

from assistant.base.text import HAN

WIDE = re.compile(f"[{HAN}\u3000-\u303f\uff00-\uff60‘’“”…—·]")


@dataclass(frozen=True)
class Heading:
    """A line that is a heading: its offsets in the document's text and its level (1 is highest)."""

    start: int
    end: int
    level: int


@dataclass(frozen=True)
class Extract:
    """What a file holds: text, and where headings and pages are in it (`pages`: start offsets)."""

    text: str
    headings: tuple[Heading, ...] = ()
    pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]|$)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")


def markdown_headings(text: str) -> tuple[Heading, ...]:
    """Return the `#` headings of `text` outside fenced code; offsets are of the line without blanks around it."""
    headings = []
    fence = ""
    start = 0
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            closes = mark and mark.group(1).startswith(fence) and not mark.group(2).strip()
            fence = "" if closes else fence
        elif mark and not (mark.group(1)[0] == "`" and "`" in mark.group(2)):
            fence = mark.group(1)
        elif (atx := _ATX.match(line)) and line.strip(" \t#"):
            begin = start + atx.start(1)
            headings.append(Heading(begin, begin + len(line.strip()), len(atx.group(1))))
        start += len(line) + 1
    return tuple(headings)


def blank_between(before: str, after: str) -> str:
    """Return what joins two lines that belong together: a blank, but nothing beside a Chinese character."""
    if not before or not after or WIDE.match(before[-1]) or WIDE.match(after[0]):
        return ""
    return " "
