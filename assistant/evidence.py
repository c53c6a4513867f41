"""How much of a question a sentence holds.

A question's topics are cut into the pieces of the bundled tokenizer, which come close to words,
and weighted by their inverse document frequency in a large background corpus; one speech alone
says too little about which of its words are rare. A piece counts fully where the sentence says
it, in part where it says pieces of it or where only the headings above the sentence do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.embedding import StaticEncoder
from assistant.questions import Question, split_weak, weak
from assistant.text import fold

IDF_CAP = 9.0
WEAK_SHARE = 0.25
SINGLE_SHARE = 0.5
QUOTED_SHARE = 1.5
CONTEXT_SHARE = 0.5
PARTIAL_SHARE = 0.8
_PARTICLES = frozenset("的了是在对把被和与及要会能都也就从到由为让使给向按这那该说提做有上中下里个着过得地之其而或并等最又将于以所吗呢个次后前内不却更很太则且若虽但仍还再先只仅全各某每")


@dataclass(frozen=True)
class Unit:
    """A word of the question: its text, folded and canonical, and its weight."""

    text: str
    weight: float


def question_units(question: Question, words: StaticEncoder) -> list[Unit]:
    """Return the words of the question's topics, folded; particles are left out, repeats count once."""
    found: dict[str, float] = {}
    for topic in map(fold, question.topics):
        pieces = words.pieces(topic)
        idf = np.minimum(words.piece_idf([piece.id for piece in pieces]), IDF_CAP)
        for piece, weight in zip(pieces, idf, strict=True):
            for text in split_weak(topic[piece.start : piece.end].strip("的了是")):
                if text not in _PARTICLES:
                    found[text] = max(found.get(text, 0.0), float(weight) * _share(question, topic, text))
    return [Unit(text, weight) for text, weight in found.items()]


def _share(question: Question, topic: str, text: str) -> float:
    if topic in map(fold, question.quoted):
        return QUOTED_SHARE
    if weak(text):
        return WEAK_SHARE
    return SINGLE_SHARE if len(text) == 1 else 1.0


def matches(units: Sequence[Unit], text: str, context: str = "") -> NDArray[np.float32]:
    """Return for each unit how far `text` says it, 0 to 1; words said only in `context` count half."""
    found = np.zeros(len(units), dtype=np.float32)
    for at, unit in enumerate(units):
        found[at] = _said(unit.text, text)
        if found[at] < CONTEXT_SHARE and context:
            found[at] = max(found[at], CONTEXT_SHARE * _said(unit.text, context))
    return found


def _said(word: str, text: str) -> float:
    if word in text:
        return 1.0
    if len(word) < 3:
        return 0.0
    pairs = [word[at : at + 2] for at in range(len(word) - 1)]
    return PARTIAL_SHARE * sum(pair in text for pair in pairs) / len(pairs)
