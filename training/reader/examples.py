"""What is learned from: a question, the places it is put to, and what each of their sentences is to it."""

import random
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate

from training.reader.changes import change
from training.reader.documents import Place, Span
from training.reader.questions import Label

MARKS = ("«", "»")


class Mode(StrEnum):
    """How a place is read: whole, with a score a sentence, or a sentence at a time as a plain cross-encoder."""

    PASSAGE = "passage"
    SENTENCE = "sentence"


@dataclass(frozen=True)
class Choice:
    """A place put to a question: a label for each sentence, and where in `place.text` the few words stand."""

    place: Place
    labels: tuple[Label, ...]
    answer: Span | None = None

    @property
    def right(self) -> bool:
        """Whether any sentence answers."""
        return Label.RIGHT in self.labels


@dataclass(frozen=True)
class Example:
    """A question and all its choices; that none of them is right is an example, too."""

    question: str
    choices: tuple[Choice, ...]


Maker = Callable[[int, int], list[Example]]
"""Gives the examples of the n-th question in an epoch; the same two numbers give the same examples."""


@dataclass(frozen=True)
class Source:
    """Where a stage takes its examples from: `size` questions, made one at a time."""

    name: str
    size: int
    make: Maker


def mixed(sources: Sequence[Source]) -> Source:
    """Return the questions of several sources as one source; a shuffled epoch mixes them."""
    ends = list(accumulate(source.size for source in sources))

    def make(n: int, epoch: int) -> list[Example]:
        k = bisect_right(ends, n)
        return sources[k].make(n - (ends[k] - sources[k].size), epoch)

    return Source("+".join(source.name for source in sources), ends[-1], make)


def answer_in(place: Place, labels: tuple[Label, ...], answers: tuple[Span, ...]) -> Span | None:
    """Return where the few words stand in `place.text`: the first of `answers` inside a right sentence."""
    for k, label in enumerate(labels):
        for span in answers if label is Label.RIGHT else ():
            inside = place.within(k, span)
            if inside:
                return inside
    return None


def all_wrong(place: Place) -> Choice:
    """Return a place none of whose sentences answers."""
    return Choice(place, (Label.WRONG,) * len(place.sentences))


def changed(example: Example, rng: random.Random) -> Example | None:
    """Return the example with a changed question that nothing answers, or None where none can be made.

    Places that name the new thing are left out, for they might answer it.
    """
    right = [choice.place.text for choice in example.choices if choice.right]
    made = change(example.question, right, rng) if right else None
    if made is None:
        return None
    kept = [all_wrong(choice.place) for choice in example.choices if made.new not in choice.place.text]
    return Example(made.question, tuple(kept))


def a_sentence_each(choice: Choice) -> list[Choice]:
    """Return `choice` as one choice a sentence, the sentence marked in its place's text."""
    return [_single(choice, k) for k in range(len(choice.labels))]


def _single(choice: Choice, k: int) -> Choice:
    place, (start, end) = alone(choice.place, k), choice.place.sentences[k]
    moved, inside = place.sentences[0][0] - start, choice.answer
    if inside is None or inside[0] < start or inside[1] > end:
        return Choice(place, (choice.labels[k],))
    return Choice(place, (choice.labels[k],), (inside[0] + moved, inside[1] + moved))


def alone(place: Place, k: int) -> Place:
    """Return `place` with its k-th sentence marked and as the only one scored; of the others those beside it stay."""
    sentences, (start, end) = place.sentences, place.sentences[k]
    first, last = sentences[max(0, k - 1)][0], sentences[min(len(sentences) - 1, k + 1)][1]
    head, tail = place.text[: sentences[0][0]], place.text[sentences[-1][1] :]
    before = head + place.text[first:start] + MARKS[0]
    text = before + place.text[start:end] + MARKS[1] + place.text[end:last] + tail * (k == len(sentences) - 1)
    return replace(place, text=text, sentences=((len(before), len(before) + end - start),), spans=(place.spans[k],))
