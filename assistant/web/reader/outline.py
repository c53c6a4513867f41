"""Table of contents of a document: its sections and pages by paragraph."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.documents.splitting import Paragraph, Section
from assistant.index.records import DocumentView

ENTRIES_MOST = 1500
NAME_CHARACTERS = 60
# A section of at least this many characters gets its name above it even where its text begins with it.
NAMED_CHARACTERS = 300

_HASHES = re.compile(r"#{1,6}[ \t\u3000]+")


@dataclass(frozen=True)
class Entry:
    """A section in the table of contents, from paragraph `first` to `last`, both counted from 1."""

    name: str
    level: int
    first: int
    last: int


@dataclass(frozen=True)
class Beginning:
    """The offset, inside a paragraph or at its start, where pages begin.

    Several pages can share one: all but the `last` have no text.
    """

    at: int
    first: int
    last: int

    @property
    def label(self) -> str:
        """The page number or numbers as shown."""
        return f"第 {self.last} 页" if self.first == self.last else f"第 {self.first} 至 {self.last} 页"


def outline(view: DocumentView) -> list[Entry]:
    """Return the sections that begin with a paragraph; with too many, the deepest levels are left out."""
    starts = [paragraph.start for paragraph in view.paragraphs]
    found = []
    for section in view.sections:
        at = bisect_right(starts, section.start) - 1
        if section_name(section) and at >= 0 and opens(view.text, view.paragraphs[at], section):
            last = max(bisect_left(starts, section.end), at + 1)
            found.append(Entry(_short(section_name(section)), section.level, at + 1, last))
    while len(found) > ENTRIES_MOST and len({entry.level for entry in found}) > 1:
        deepest = max(entry.level for entry in found)
        found = [entry for entry in found if entry.level < deepest]
    return found


def beginnings(view: DocumentView) -> list[Beginning]:
    """Return where the pages of a PDF begin; pages without text are joined to the next one that has some."""
    starts = [paragraph.start for paragraph in view.paragraphs]
    placed = [(_first_shown(view.paragraphs, starts, offset), page) for page, offset in enumerate(view.record.pages, 1)]
    return [
        Beginning(at, pages[0], pages[-1])
        for at, group in groupby([pair for pair in placed if pair[0] >= 0], key=lambda pair: pair[0])
        for pages in [[page for _, page in group]]
    ]


def opens(text: str, paragraph: Paragraph, section: Section) -> bool:
    """Say whether `section` begins with `paragraph`."""
    return paragraph.start <= section.start < paragraph.end and not text[paragraph.start : section.start].strip()


def is_whole(text: str, section: Section) -> bool:
    """Say whether a paragraph with this text is only the heading of `section`."""
    words = re.sub(r"\W", "", text)
    return section.end - section.start > len(text) and words == re.sub(r"\W", "", section.label + section.title)


def heading_mark(text: str, opened: Sequence[Section]) -> int:
    """Return the length of a paragraph's Markdown heading mark (# and blanks), 0 where it has none.

    `opened` are the sections that begin with the paragraph: a line with # that is no heading opens none of its
    name.
    """
    found = _HASHES.match(text)
    named = found and any(section.label and text[found.end() :].startswith(section.label) for section in opened)
    return found.end() if found and named else 0


def wants_name(text: str, section: Section) -> bool:
    """Say whether the name of a section is shown above its first paragraph, which has this text."""
    return not text.startswith(section.label) or section.end - section.start >= NAMED_CHARACTERS


def section_name(section: Section) -> str:
    """Return a section's mark and title, "" where it has none."""
    return f"{section.label}　{section.title}".strip("　 ")


def _short(name: str) -> str:
    return name if len(name) <= NAME_CHARACTERS else f"{name[: NAME_CHARACTERS - 1]}…"


def _first_shown(paragraphs: Sequence[Paragraph], starts: list[int], offset: int) -> int:
    """Return the first offset at or after `offset` that is inside a paragraph, -1 if there is none."""
    at = bisect_right(starts, offset) - 1
    if at >= 0 and offset < paragraphs[at].end:
        return offset
    return starts[at + 1] if at + 1 < len(starts) else -1
