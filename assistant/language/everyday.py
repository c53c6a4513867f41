"""Everyday words and what documents say instead: 老百姓 for 公民, 提拔 for 晋升, 工钱 for 劳动报酬.

The list is of the language, not of a corpus (a corpus has its glossary), and one-sided: whoever asks
uses the word on the left, a document any of those on the right. It weighs sentences; nothing is replaced.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from assistant.base.text import cut_at, fold

FILE = Path(__file__).parent / "everyday.txt"


@dataclass(frozen=True)
class Everyday:
    """What documents say for an everyday word, by the word, folded."""

    official: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def cut(self, text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the pieces of folded `text`, everyday words with their official ones, the rest with none."""
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
