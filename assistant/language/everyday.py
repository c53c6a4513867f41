"""Everyday words and their official counterparts: 老百姓 for 公民, 提拔 for 晋升, 工钱 for 劳动报酬.

The list is of the language, not of a corpus (which has its glossary), and one-directional: people ask with the
word on the left, documents use any of those on the right. It is used in scoring sentences; no text is changed
by it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from assistant.base.text import cut_at, fold

FILE = Path(__file__).parent / "everyday.txt"


@dataclass(frozen=True)
class Everyday:
    """The official words by everyday word, case-folded."""

    official: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def cut(self, text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the pieces of folded `text` as (piece, official words); () for pieces that are no everyday word."""
        for start, end, known in cut_at(text, self.official, self._longest):
            piece = text[start:end]
            yield piece, self.official[piece] if known else ()

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self.official), default=0)


@cache
def load_everyday(file: Path = FILE) -> Everyday:
    """Return the list in `file`: a line is `everyday words | official words`, `#` begins a comment."""
    official: dict[str, tuple[str, ...]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        said, _, written = fold(line.partition("#")[0]).partition("|")
        official.update(dict.fromkeys(said.split(), tuple(written.split())))
    return Everyday(official)
