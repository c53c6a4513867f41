"""The questions that training must never see, and the list of those that it saw.

Held out is the fifth of STARD's questions whose id hashes to 0 modulo 5. A training question that
equals a held-out one, or nearly does, is dropped whatever file it comes from.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from assistant.background import question_key, question_letters
from training.sources import Sources

FOLDS = 5
NEAR = 0.5


def is_heldout(question_id: str) -> bool:
    """Return whether the question with this id belongs to the fixed fifth."""
    return int(hashlib.sha256(question_id.encode()).hexdigest(), 16) % FOLDS == 0


def heldout_ids(sources: Sources) -> list[str]:
    """Return the ids of the held-out questions, sorted."""
    return sorted(filter(is_heldout, sources.law_questions))


def without_heldout(sources: Sources) -> tuple[Sources, dict[str, int]]:
    """Return the sources that may be learned from and how many records each lost to the rule."""
    near = Neighbours(sources.law_questions[name] for name in heldout_ids(sources))
    kept = replace(
        sources,
        law_questions={k: v for k, v in sources.law_questions.items() if not is_heldout(k) and not near.has(v)},
        questions=[pair for pair in sources.questions if not near.has(pair.text)],
        paraphrases=[pair for pair in sources.paraphrases if not (near.has(pair.text) or near.has(pair.same))],
    )
    return kept, _lost(sources, kept)


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


def _lost(before: Sources, after: Sources) -> dict[str, int]:
    heldout = len(heldout_ids(before))
    lost = {"stard held out": heldout}
    lost["stard near a held-out one"] = len(before.law_questions) - heldout - len(after.law_questions)
    for source in dict.fromkeys(pair.source for pair in before.questions):
        lost[source] = sum(p.source == source for p in before.questions) - sum(
            p.source == source for p in after.questions
        )
    lost["text2vec-triples"] = len(before.paraphrases) - len(after.paraphrases)
    return lost
