"""STARD's questions by lay people on the statutes, for a share of stage two: another wording, another look-alike.

STARD names articles, not sentences: only an article of one sentence is right for certain, those of a right
article of several are left open. Questions that the bundled encoder holds out (heldout.txt) are left out here, too.
"""

import random
from pathlib import Path

from training.reader.documents import Text
from training.reader.examples import Choice, Example, Source
from training.reader.files import read_jsonl
from training.reader.lexical import PairSearch
from training.reader.questions import Label

HELD_OUT = Path(__file__).parents[1] / "heldout.txt"
ALIKE = 5
AMONG = 12


class Laws:
    """Makes the examples of data/stard."""

    def __init__(self, data: Path, seed: int, held_out: Path = HELD_OUT) -> None:
        """Read questions and articles, and count the pairs of all articles (some ten seconds)."""
        articles = {str(row["_id"]): row for row in read_jsonl(data / "stard/corpus.jsonl.xz")}
        held = set(held_out.read_text(encoding="utf-8").split())
        asked = {
            str(r["_id"]): str(r["text"]) for r in read_jsonl(data / "stard/queries.jsonl") if r["_id"] not in held
        }
        self._seed, self._ids = seed, list(articles)
        self._texts = {name: Text(f"stard/{name}", str(r["title"]), str(r["text"])) for name, r in articles.items()}
        gold = _gold(data / "stard/qrels.tsv")
        self._asked = [(text, gold[name]) for name, text in asked.items() if any(map(self._single, gold[name]))]
        self._search = PairSearch([text.title + text.text for text in self._texts.values()])

    def source(self) -> Source:
        """Return these questions as a stage's source."""
        return Source("stard", len(self._asked), self.make)

    def make(self, n: int, epoch: int) -> list[Example]:
        """Return the n-th question with its articles and with look-alikes, another choice of them every epoch."""
        question, right = self._asked[n]
        rng = random.Random(f"{self._seed} {epoch} {n}")
        alike = [name for k in self._search.best(question, AMONG) if (name := self._ids[k]) not in right]
        own = [choice for name in right for choice in self._choices(name, Label.RIGHT)]
        wrong = [choice for name in rng.sample(alike, min(ALIKE, len(alike))) for choice in self._choices(name)[:2]]
        return [Example(question, tuple(own + wrong))]

    def _single(self, name: str) -> bool:
        return len(self._texts[name].structure.sentences) == 1

    def _choices(self, name: str, label: Label = Label.WRONG) -> list[Choice]:
        given = Label.OPEN if label is Label.RIGHT and not self._single(name) else label
        return [Choice(place, (given,) * len(place.sentences)) for place in self._texts[name].places]


def _gold(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        question, article, score = line.split("\t")
        if float(score) > 0:
            found.setdefault(question, []).append(article)
    return found
