"""Two versions of a text compared paragraph by paragraph, and inside changed paragraphs character by character.

Paragraphs that are the same but for blanks are found first; between them, those that are alike are
taken for one that was changed, in order; what is left came or went, or stands elsewhere now.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from assistant.base.text import HAN

ALIKE = 0.5
BLOCK = 300
# SequenceMatcher looks at each pair of equal units: of texts that repeat themselves there are too many.
MATCHES_MOST = 200_000
LINE_MATCHES_MOST = 5_000_000
# In all, for one comparison: about ten seconds each. What is left then came and went as a whole.
LIKENESS_MOST = 60_000_000
PIECES_MOST = 10_000_000
ISLAND = 2

_UNITS = re.compile(f"[{HAN}]|[^\\W{HAN}_]+|\\s+|.", re.DOTALL)
_CLAUSES = re.compile("[^，。；;：:！!？?]*[，。；;：:！!？?]|[^，。；;：:！!？?]+")


class Change(StrEnum):
    """What became of a paragraph."""

    SAME = "same"
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"
    MOVED = "moved"


class Kind(StrEnum):
    """Which version a piece of a paragraph stands in."""

    BOTH = "both"
    OLD = "old"
    NEW = "new"


@dataclass(frozen=True)
class Piece:
    """Some characters of a paragraph."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Row:
    """A paragraph and what became of it; numbers count from 1, None where a version has it not.

    A moved one stands where the new version has it, with its number in the old one.
    """

    change: Change
    old: int | None
    new: int | None
    pieces: tuple[Piece, ...]


def compare(old: Sequence[str], new: Sequence[str]) -> tuple[Row, ...]:
    """Return what became of the paragraphs `old` in `new`, in the order of `new`.

    The pieces of BOTH and OLD of all rows with an `old` number make `old` again, but for blanks of paragraphs
    that are else the same; those of BOTH and NEW make `new`.
    """
    rows = list(_rows(old, new, _Work(LIKENESS_MOST, PIECES_MOST)))
    moved = _moved(rows, old, new)
    taken = set(moved.values())
    found = []
    for row in rows:
        if row.new in moved and row.change is Change.ADDED:
            found.append(Row(Change.MOVED, moved[row.new], row.new, (Piece(Kind.BOTH, new[row.new - 1]),)))
        elif not (row.change is Change.REMOVED and row.old in taken):
            found.append(row)
    return tuple(found)


def pieces_of(old: str, new: str) -> tuple[Piece, ...]:
    """Return what two paragraphs share and what each has for itself, in order."""
    parts = [_Part(old, new, False)]
    for units in (_UNITS, _CLAUSES):
        before, after = units.findall(old), units.findall(new)
        if _matches(before, after) <= MATCHES_MOST:
            opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
            parts = [_Part("".join(before[a:b]), "".join(after[c:d]), n == "equal") for n, a, b, c, d in opcodes]
            break
    found: list[Piece] = []
    for part in _merged(parts):
        if part.same:
            found.append(Piece(Kind.BOTH, part.old))
        else:
            found += [Piece(kind, text) for kind, text in ((Kind.OLD, part.old), (Kind.NEW, part.new)) if text]
    return tuple(found)


@dataclass(frozen=True)
class _Part:
    """What stands at one place in the old and in the new text."""

    old: str
    new: str
    same: bool

    @property
    def size(self) -> int:
        """The characters of the longer side."""
        return max(len(self.old), len(self.new))


def _merged(parts: Sequence[_Part]) -> list[_Part]:
    """Return the parts without what is shared by chance: a character or two between longer changes are hard to read."""
    found: list[_Part] = []
    for n, part in enumerate(parts):
        after = parts[n + 1] if n + 1 < len(parts) else None
        chance = part.same and found and after and part.size <= ISLAND and part.size < min(found[-1].size, after.size)
        if found and not found[-1].same and (chance or not part.same):
            found[-1] = _Part(found[-1].old + part.old, found[-1].new + part.new, False)
        else:
            found.append(part)
    return found


class _Work:
    """How much looking for what is alike a comparison may still take."""

    def __init__(self, likeness: int, pieces: int) -> None:
        self._likeness, self._pieces = likeness, pieces

    def may_align(self, old: Sequence[str], new: Sequence[str]) -> bool:
        """Say whether the paragraphs may be looked at pair by pair, and take it as done."""
        self._likeness -= min(sum(map(len, old)) * len(new), sum(map(len, new)) * len(old))
        return self._likeness >= 0

    def pieces(self, old: str, new: str) -> tuple[Piece, ...]:
        """Return `pieces_of` two paragraphs, or the two of them whole."""
        self._pieces -= min(_matches(old, new), MATCHES_MOST)
        return pieces_of(old, new) if self._pieces >= 0 else (Piece(Kind.OLD, old), Piece(Kind.NEW, new))


def _rows(old: Sequence[str], new: Sequence[str], work: _Work) -> Iterator[Row]:
    before, after = [_key(text) for text in old], [_key(text) for text in new]
    repetitive = _matches(before, after) > LINE_MATCHES_MOST
    for name, a, b, c, d in SequenceMatcher(None, before, after, autojunk=repetitive).get_opcodes():
        if name == "equal":
            for n in range(b - a):
                yield Row(Change.SAME, a + n + 1, c + n + 1, (Piece(Kind.BOTH, new[c + n]),))
        else:
            yield from _block((old, new), (a, b), (c, d), work)


def _block(
    versions: tuple[Sequence[str], Sequence[str]], before: tuple[int, int], after: tuple[int, int], work: _Work
) -> Iterator[Row]:
    """Yield the rows of paragraphs between two places where both versions agree."""
    (old, new), (a, b), (c, d) = versions, before, after
    for i, j in [*_pairs(old[a:b], new[c:d], work), (b - before[0], d - after[0])]:
        at, to = before[0] + i, after[0] + j
        for n in range(a, at):
            yield Row(Change.REMOVED, n + 1, None, (Piece(Kind.OLD, old[n]),))
        for n in range(c, to):
            yield Row(Change.ADDED, None, n + 1, (Piece(Kind.NEW, new[n]),))
        if at < b and to < d:
            yield Row(Change.CHANGED, at + 1, to + 1, work.pieces(old[at], new[to]))
        a, c = at + 1, to + 1


def _pairs(old: Sequence[str], new: Sequence[str], work: _Work) -> list[tuple[int, int]]:
    """Return which paragraphs are the same one changed, in order; large blocks are cut at about the same places."""
    parts = max(len(old), len(new)) // BLOCK + 1
    cuts = [[len(side) * k // parts for k in range(parts + 1)] for side in (old, new)]
    found = []
    for a, b, c, d in zip(cuts[0], cuts[0][1:], cuts[1], cuts[1][1:], strict=False):
        if work.may_align(old[a:b], new[c:d]):
            found += [(a + i, c + j) for i, j in _aligned(old[a:b], new[c:d])]
    return found


def _aligned(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return the pairs of alike paragraphs, in order, that are most alike in all."""
    mine, others = [_grams(text) for text in old], [_grams(text) for text in new]
    best = [[0.0] * (len(new) + 1)]
    alike: dict[tuple[int, int], float] = {}
    for i, one in enumerate(mine):
        row = [0.0]
        for j, other in enumerate(others):
            likeness = _likeness(one, other)
            if likeness >= ALIKE:
                alike[i, j] = likeness
            row.append(max(best[i][j + 1], row[j], best[i][j] + alike.get((i, j), 0.0)))
        best.append(row)
    return _traced(best, alike)


def _traced(best: list[list[float]], alike: dict[tuple[int, int], float]) -> list[tuple[int, int]]:
    i, j, found = len(best) - 1, len(best[0]) - 1, []
    while i and j:
        likeness = alike.get((i - 1, j - 1), 0.0)
        if likeness and best[i][j] == best[i - 1][j - 1] + likeness:
            i, j = i - 1, j - 1
            found.append((i, j))
        elif best[i][j] == best[i - 1][j]:
            i -= 1
        else:
            j -= 1
    return found[::-1]


def _moved(rows: Sequence[Row], old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Return the old number of each new paragraph that only stands elsewhere."""
    gone: dict[str, list[int]] = {}
    for row in rows:
        if row.change is Change.REMOVED and row.old:
            gone.setdefault(_key(old[row.old - 1]), []).append(row.old)
    moved = {}
    for row in rows:
        if row.change is Change.ADDED and row.new and gone.get(_key(new[row.new - 1])):
            moved[row.new] = gone[_key(new[row.new - 1])].pop(0)
    return moved


def _matches(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many pairs of equal units there are, what SequenceMatcher's time grows with."""
    counts = Counter(new)
    return sum(count * counts[unit] for unit, count in Counter(old).items())


def _key(text: str) -> str:
    return "".join(text.split())


def _grams(text: str) -> frozenset[str]:
    plain = _key(text)
    return frozenset(map("".join, zip(plain, plain[1:], strict=False))) if len(plain) > 1 else frozenset([plain])


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of pairs of characters that two paragraphs have in common (Dice), 0 to 1."""
    return 2 * len(one & other) / (len(one) + len(other))
