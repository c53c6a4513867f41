"""Stage one: reading comprehension, where the sentence that holds the answer is the right one.

A question is put to the passages of its own paragraph and to look-alike passages of other paragraphs.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from training.reader.documents import Place, Span, Text
from training.reader.examples import Choice, Example, Source, all_wrong, changed
from training.reader.files import read_jsonl
from training.reader.lexical import PairSearch
from training.reader.questions import Label

FILES = ("drcd", "cmrc2018", "xquad-zh")
ALIKE = 3
CHANCE = 1
CHANGED = 0.3
MOST_OWN = 5


@dataclass(frozen=True)
class Asked:
    """A question on the `context`-th paragraph; `span` is where the answer stands in it."""

    context: int
    question: str
    span: Span


class Comprehension:
    """Makes the examples of data/reading."""

    def __init__(self, data: Path, seed: int, files: Sequence[str] = FILES) -> None:
        """Read the files and count the pairs of all paragraphs (some seconds)."""
        rows = [row for name in files for row in read_jsonl(data / "reading" / f"{name}.jsonl.xz")]
        contexts = list(dict.fromkeys(str(row["context"]) for row in rows))
        number = {context: k for k, context in enumerate(contexts)}
        self._texts = [Text(f"reading/{k}.txt", "", context) for k, context in enumerate(contexts)]
        self._search = PairSearch(contexts)
        self._asked = [_asked(row, number) for row in rows]
        self._seed = seed

    def source(self) -> Source:
        """Return these questions as a stage's source."""
        return Source("reading", len(self._asked), self.make)

    def make(self, n: int, epoch: int) -> list[Example]:
        """Return the n-th question with its choices, and sometimes the same question changed."""
        asked, rng = self._asked[n], random.Random(f"{self._seed} {epoch} {n}")
        own = [_choice(place, asked.span) for place in self._texts[asked.context].places]
        wrong = [choice for choice in own if not choice.right]
        rng.shuffle(wrong)
        kept = [choice for choice in own if choice.right] + wrong[: MOST_OWN - 1]
        others = [all_wrong(place) for place in self._others(asked, rng)]
        example = Example(asked.question, tuple(kept + others))
        other = changed(example, rng) if rng.random() < CHANGED else None
        return [example, *([other] if other else [])]

    def _others(self, asked: Asked, rng: random.Random) -> list[Place]:
        alike = [k for k in self._search.best(asked.question, ALIKE + 3) if k != asked.context]
        chosen = [*alike[:ALIKE], *(k for k in rng.sample(range(len(self._texts)), CHANCE) if k != asked.context)]
        answer = self._texts[asked.context].text[slice(*asked.span)]
        found = []
        for k in chosen:
            places = [place for place in self._texts[k].places if answer not in place.text]
            found += [places[j] for j in PairSearch([p.text for p in places]).best(asked.question, 1)] if places else []
        return found


def _asked(row: dict[str, object], number: dict[str, int]) -> Asked:
    start = int(str(row["start"]))
    return Asked(number[str(row["context"])], str(row["question"]), (start, start + len(str(row["answer"]))))


def _choice(place: Place, answer: Span) -> Choice:
    inside = [place.within(k, answer) for k in range(len(place.sentences))]
    touched = [span[0] < answer[1] and answer[0] < span[1] for span in place.spans]
    labels = tuple(
        Label.RIGHT if span else Label.OPEN if part else Label.WRONG for span, part in zip(inside, touched, strict=True)
    )
    return Choice(place, labels, next(filter(None, inside), None))
