"""The questions that training must never see, and the list of those that it saw.

Held out is one fifth of STARD's questions, by their ids' hashes modulo 5: 0 for the encoder that
ships. A training question that equals a held-out one, or nearly does, is dropped whatever file it comes from.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from assistant.models.term_statistics import question_key, question_letters
from training.sources import Sources

FOLDS = 5
SHIPPED_FOLD = 0
NEAR = 0.5


def fold_of(question_id: str) -> int:
    """Return the fold, 0 to 4, of the question with this id."""
    return int(hashlib.sha256(question_id.encode()).hexdigest(), 16) % FOLDS


def heldout_ids(sources: Sources, fold: int) -> list[str]:
    """Return the ids of the questions of a fold, sorted."""
    return sorted(name for name in sources.law_questions if fold_of(name) == fold)


def without_heldout(sources: Sources, held: list[str]) -> tuple[Sources, dict[str, int]]:
    """Return the sources that may be learned from and how many records each lost to the rule."""
    near = Neighbours(sources.law_questions[name] for name in held)
    kept = replace(
        sources,
        law_questions={k: v for k, v in sources.law_questions.items() if k not in held and not near.has(v)},
        questions=[pair for pair in sources.questions if not near.has(pair.text)],
        paraphrases=[pair for pair in sources.paraphrases if not (near.has(pair.text) or near.has(pair.same))],
    )
    return kept, _lost(sources, kept, len(held))


def seen_keys(sources: Sources) -> list[str]:
    """Return the keys (see `question_key`) of all questions in `sources`, sorted."""
    texts = [*sources.law_questions.values(), *(pair.text for pair in sources.questions)]
    return sorted({question_key(text) for text in texts})


class Neighbours:
    """Tells whether a question equals one of a set of questions, or shares half of its character bigrams."""

    def __init__(self, questions: Iterable[str]) -> None:
        self._grams = [_bigrams(question) for question in questions]
        self._holders: dict[str, list[int]] = {}
        for number, grams in enumerate(self._grams):
            for gram in grams:
                self._holders.setdefault(gram, []).append(number)

    def has(self, question: str) -> bool:
        """Return whether a question of the set has a Jaccard similarity of at least `NEAR` with this one."""
        grams = _bigrams(question)
        shared: dict[int, int] = {}
        for gram in grams:
            for number in self._holders.get(gram, []):
                shared[number] = shared.get(number, 0) + 1
        return any(n >= NEAR * (len(grams) + len(self._grams[k]) - n) for k, n in shared.items())


def _bigrams(text: str) -> frozenset[str]:
    letters = question_letters(text)
    return frozenset(letters[i : i + 2] for i in range(max(len(letters) - 1, 1)))


def _lost(before: Sources, after: Sources, heldout: int) -> dict[str, int]:
    lost = {"stard held out": heldout}
    lost["stard near a held-out one"] = len(before.law_questions) - heldout - len(after.law_questions)
    for source in dict.fromkeys(pair.source for pair in before.questions):
        lost[source] = sum(p.source == source for p in before.questions) - sum(
            p.source == source for p in after.questions
        )
    lost["text2vec-triples"] = len(before.paraphrases) - len(after.paraphrases)
    return lost
