"""Stage two: the labelled questions, each beside wrong places of every sort.

A question is put to the places that hold its right sentences, those that hold the marked near ones, their
neighbours, look-alikes and random places of the same document, and look-alikes of documents of another kind,
which do not answer it. Sometimes it names the province of its document. Where a program can change the
question so that nothing answers, that is put as well.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.reader.changes import specified
from training.reader.documents import Place, Text, read
from training.reader.examples import Choice, Example, Source, all_wrong, answer_in, changed
from training.reader.questions import Marked, Question, labels, marked, same, text_of


@dataclass(frozen=True)
class Counts:
    """At most how many places of each sort a question gets; `changed` and `specified` are shares of questions."""

    right: int = 5
    near: int = 2
    neighbours: int = 1
    alike: int = 3
    chance: int = 2
    elsewhere: int = 1
    changed: float = 0.9
    specified: float = 0.3


def kind_of(document: str) -> str:
    """Return what sort of document this is, by its path: report, statute, made, or other official one."""
    name = Path(document).stem
    if document.startswith("made/"):
        return "made"
    if name.endswith("工作报告"):
        return "report"
    return "statute" if name.endswith(("法", "条例")) else "official"


class Labelled:
    """Makes the examples of labelled questions."""

    def __init__(self, data: Path, questions: Sequence[Question], counts: Counts, seed: int) -> None:
        """Keep the questions and the documents that they are asked of; nothing is cut yet."""
        self._data, self._questions, self._counts, self._seed = data, questions, counts, seed
        self._documents = sorted({q.document for q in questions})

    def source(self) -> Source:
        """Return these questions as a stage's source."""
        return Source("questions", len(self._questions), self.make)

    def make(self, n: int, epoch: int) -> list[Example]:
        """Return the n-th question with its choices, and sometimes the same question changed."""
        question = self._questions[n]
        rng = random.Random(f"{self._seed} {epoch} {n}")
        text = text_of(self._data, question)
        marks = marked(question, text)
        own = [_choice(place, marks) for place in self._own(question, text, marks, rng)]
        strange = [all_wrong(place) for place in self._elsewhere(question, rng)]
        asked = specified(question.text, text.title) if rng.random() < self._counts.specified else question.text
        example = Example(asked, tuple(own + strange))
        other = changed(example, rng) if rng.random() < self._counts.changed else None
        return [example, *([other] if other else [])]

    def _own(self, question: Question, text: Text, marks: Marked, rng: random.Random) -> list[Place]:
        counts, places = self._counts, text.places
        right = _holding(places, marks.must)
        rng.shuffle(right)
        near = _holding(places, marks.near)
        alike = text.search.best(question.text, counts.alike + counts.right + counts.near)
        beside = [k + step for k in right[:2] for step in (-1, 1)]
        rng.shuffle(beside)
        right_all, chosen = set(right), right[: counts.right]
        wrong = [(near, counts.near), (alike, counts.alike), (beside, counts.neighbours)]
        wrong.append((rng.sample(range(len(places)), min(len(places), 3 * counts.chance)), counts.chance))
        for numbers, most in wrong:
            chosen += _new(numbers, chosen, right_all, len(places))[:most]
        return [places[k] for k in chosen]

    def _elsewhere(self, question: Question, rng: random.Random) -> list[Place]:
        others = [d for d in self._documents if kind_of(d) != kind_of(question.document)]
        if not others or not self._counts.elsewhere:
            return []
        text = read(self._data / "policy", rng.choice(others))
        return [text.places[k] for k in text.search.best(question.text, self._counts.elsewhere)]


def _holding(places: Sequence[Place], spans: Sequence[tuple[int, int]]) -> list[int]:
    return [k for k, place in enumerate(places) if any(same(one, span) for one in place.spans for span in spans)]


def _new(numbers: Iterable[int], chosen: list[int], right: set[int], size: int) -> list[int]:
    return [k for k in dict.fromkeys(numbers) if 0 <= k < size and k not in chosen and k not in right]


def _choice(place: Place, marks: Marked) -> Choice:
    given = labels(place, marks)
    return Choice(place, given, answer_in(place, given, marks.answer))
