"""The structure of a stem: its pieces in their order, which joined are the stem; no sentence is taken apart again."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby


class StemForm(StrEnum):
    """What a stem asks."""

    GAPS = "gaps"  # which words are left out of clauses of the source
    STATEMENT = "statement"  # whether a statement is true
    STATEMENTS = "statements"  # which of several statements a document makes
    SECTION = "section"  # which of several demands stand in a section
    TASK = "task"  # to order, to write, to discuss


class Role(StrEnum):
    """What a piece of a stem is."""

    DOCUMENT = "document"  # names the document, where a paper is made from several
    SOURCE = "source"  # words of the document
    GAP = "gap"  # stands for words that are asked for
    JUDGED = "judged"  # the words by which a statement is true or false
    SECTION = "section"  # the words that name a section
    OWN = "own"  # words of the program
    STOP = "stop"  # the full stop behind a stem


@dataclass(frozen=True)
class Piece:
    """Words of a stem; `start` is where those of a document stand in its text, in characters, where that is known."""

    role: Role
    text: str
    start: int | None = None


@dataclass(frozen=True)
class Stem:
    """A stem as it is put together. Around gaps and judged words stand source words, which may be empty."""

    form: StemForm
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The stem."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def words(self) -> str:
        """The stem without the name of its document."""
        return "".join(piece.text for piece in self.pieces if piece.role is not Role.DOCUMENT)

    @property
    def around(self) -> tuple[str, ...]:
        """The words before, between and behind the gaps or the judged words, without document and full stop."""
        parts = [""]
        for piece in self.pieces:
            if piece.role in (Role.GAP, Role.JUDGED):
                parts.append("")
            elif piece.role not in (Role.DOCUMENT, Role.STOP):
                parts[-1] += piece.text
        return tuple(parts)

    @property
    def gaps(self) -> int:
        """How many gaps there are."""
        return sum(piece.role is Role.GAP for piece in self.pieces)

    @property
    def judged(self) -> str:
        """The words by which a statement is true or false."""
        return self._first(Role.JUDGED)

    @property
    def section(self) -> str:
        """The words that name the section asked about, "" where none is."""
        return self._first(Role.SECTION)

    @property
    def span(self) -> tuple[int, int] | None:
        """Where the source words begin and end in their document, in characters; None where none have a place."""
        source = (piece for piece in self.pieces if piece.role is Role.SOURCE and piece.text)
        placed = [(piece.start, piece.start + len(piece.text)) for piece in source if piece.start is not None]
        return (placed[0][0], placed[-1][1]) if placed else None

    @property
    def runs(self) -> tuple[tuple[str, bool], ...]:
        """The stem as words and gaps by turns, each with whether it is a gap."""
        grouped = groupby(self.pieces, key=lambda piece: piece.role is Role.GAP)
        return tuple(("".join(piece.text for piece in several), is_gap) for is_gap, several in grouped)

    def filled(self, answers: Sequence[str]) -> str:
        """Return `words` with the answers in the gaps."""
        left = iter(answers)
        shown = (p for p in self.pieces if p.role is not Role.DOCUMENT)
        return "".join(next(left, p.text) if p.role is Role.GAP else p.text for p in shown)

    def with_gaps(self, mark: str) -> str:
        """Return the stem with `mark` in each gap."""
        return "".join(mark if is_gap else words for words, is_gap in self.runs)

    def _first(self, role: Role) -> str:
        return next((piece.text for piece in self.pieces if piece.role is role), "")
