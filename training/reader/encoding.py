"""Examples as numbers: pieces, which of them make a sentence, what is right; and batches cut by length."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.reader.documents import Place, Span
from training.reader.examples import Choice, Example, Mode, a_sentence_each
from training.reader.questions import Label

PAD = 1
MOST_PIECES = 320
QUESTION_CHARACTERS = 100


@dataclass(frozen=True)
class Encoded:
    """A question and a place as pieces; `sentences` are (first, last exclusive) pieces, empty where cut off."""

    ids: tuple[int, ...]
    sentences: tuple[Span, ...]
    offsets: tuple[Span, ...]


@dataclass(frozen=True)
class Target:
    """One score of a batch: its row, its place among the row's scores, its label, and the few words' pieces."""

    row: int
    at: int
    label: Label
    pieces: Span
    answer: Span | None


@dataclass(frozen=True)
class Batch:
    """What one pass takes: `ids` and `mask` (rows, pieces), `pool` (rows, 1 + sentences, pieces).

    Each line of `pool` averages some pieces: the first takes the first piece alone, as a cross-encoder
    does, the others the pieces of a sentence each.
    """

    ids: NDArray[np.int64]
    mask: NDArray[np.int64]
    pool: NDArray[np.float32]


@dataclass(frozen=True)
class Encoder:
    """Turns questions and places into pieces; `most` is the longest row."""

    tokenizer: Any
    most: int = MOST_PIECES

    @staticmethod
    def load(folder: Path, most: int = MOST_PIECES) -> "Encoder":
        """Read tokenizer.json of `folder`."""
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.enable_truncation(most, strategy="only_second")
        tokenizer.no_padding()
        return Encoder(tokenizer, most)

    def encode(self, question: str, places: Sequence[Place]) -> list[Encoded]:
        """Return one `Encoded` a place; of a very long question the end is cut off."""
        pairs = [(question[:QUESTION_CHARACTERS], place.text) for place in places]
        made = self.tokenizer.encode_batch(pairs)
        return [_encoded(one, place) for one, place in zip(made, places, strict=True)]


def _encoded(made: Any, place: Place) -> Encoded:
    sequence: list[int | None] = made.sequence_ids
    offsets: list[Span] = made.offsets
    second = [k for k, which in enumerate(sequence) if which == 1]
    starts = np.array([offsets[k][0] for k in second] or [0])
    ends = np.array([offsets[k][1] for k in second] or [0])
    spans = []
    for start, end in place.sentences:
        inside = np.flatnonzero((starts < end) & (ends > start))
        spans.append((second[inside[0]], second[inside[-1]] + 1) if second and len(inside) else (0, 0))
    kept = tuple(offsets[k] if which == 1 else (0, 0) for k, which in enumerate(sequence))
    return Encoded(tuple(made.ids), tuple(spans), kept)


def batch_of(rows: Sequence[Encoded]) -> Batch:
    """Return the rows as one batch, padded to the longest."""
    width, deep = max(len(row.ids) for row in rows), 1 + max(len(row.sentences) for row in rows)
    ids = np.full((len(rows), width), PAD, dtype=np.int64)
    mask = np.zeros((len(rows), width), dtype=np.int64)
    pool = np.zeros((len(rows), deep, width), dtype=np.float32)
    pool[:, :, 0] = 1
    for k, row in enumerate(rows):
        ids[k, : len(row.ids)], mask[k, : len(row.ids)] = row.ids, 1
        for at, (first, last) in enumerate(row.sentences, 1):
            if first < last:
                pool[k, at] = 0
                pool[k, at, first:last] = 1 / (last - first)
    return Batch(ids, mask, pool)


def chunks(rows: Sequence[Encoded], pieces: int) -> Iterator[list[int]]:
    """Yield the numbers of rows of like length, at most `pieces` with the padding in each batch, longest first."""
    order = sorted(range(len(rows)), key=lambda k: -len(rows[k].ids))
    while order:
        size = max(1, pieces // len(rows[order[0]].ids))
        yield order[:size]
        order = order[size:]


@dataclass(frozen=True)
class Task:
    """An example as rows and targets; `whole` are targets of whole places, in mode PASSAGE only."""

    rows: tuple[Encoded, ...]
    targets: tuple[Target, ...]
    whole: tuple[Target, ...]

    @property
    def pieces(self) -> int:
        """How many pieces all rows hold, without padding."""
        return sum(len(row.ids) for row in self.rows)


def task_of(example: Example, encoder: Encoder, mode: Mode) -> Task:
    """Return what the network is asked and what it should say."""
    choices = list(example.choices)
    if mode is Mode.SENTENCE:
        choices = [one for choice in choices for one in a_sentence_each(choice)]
    rows = encoder.encode(example.question, [choice.place for choice in choices])
    targets, whole = [], []
    for k, (choice, row) in enumerate(zip(choices, rows, strict=True)):
        targets += _targets(k, choice, row, mode)
        whole.append(Target(k, 0, _label(choice), (0, 1), None))
    return Task(tuple(rows), tuple(targets), tuple(whole) if mode is Mode.PASSAGE else ())


def _targets(k: int, choice: Choice, row: Encoded, mode: Mode) -> list[Target]:
    made = []
    for j, (label, pieces) in enumerate(zip(choice.labels, row.sentences, strict=True)):
        seen = label if pieces[0] < pieces[1] else Label.OPEN
        answer = _answer(choice, row, pieces) if label is Label.RIGHT else None
        made.append(Target(k, 0 if mode is Mode.SENTENCE else j + 1, seen, pieces, answer))
    return made


def _label(choice: Choice) -> Label:
    return Label.RIGHT if choice.right else Label.OPEN if Label.OPEN in choice.labels else Label.WRONG


def _answer(choice: Choice, row: Encoded, pieces: Span) -> Span | None:
    """Return the first and the last piece (inclusive) of the few words, where they lie among `pieces`."""
    if choice.answer is None:
        return None
    start, end = choice.answer
    inside = [k for k in range(*pieces) if row.offsets[k][0] < end and row.offsets[k][1] > start]
    return (inside[0], inside[-1]) if inside else None
