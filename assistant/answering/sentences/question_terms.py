"""Question terms and coverage: how much of a question a sentence says.

A question's topics are cut into the pieces of the bundled tokenizer, which come close to words, and weighted by
inverse document frequency in a large background corpus; one speech alone says too little about which of its
words are rare. A piece counts fully where the sentence says it, in part where the sentence says pieces of it or
only the headings above the sentence do.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from assistant.base.text import fold
from assistant.language.everyday import Everyday
from assistant.language.question import Question, generic, split_weak, weak
from assistant.models.encoder import StaticEncoder
from assistant.models.term_statistics import Background

IDF_CAP = 9.0
WEAK_SHARE = 0.25
GENERIC_SHARE = 0.6
SINGLE_SHARE = 0.5
QUOTED_SHARE = 1.5
CONTEXT_SHARE = 0.5
PARTIAL_SHARE = 0.8
OFFICIAL_SHARE = 0.9
LOOSE_SHARE = 0.5
LOOSE_WEIGHT = 0.75
_PARTICLES = frozenset(
    "的了是在对把被和与及要会能都也就从到由为让使给向按这那该说提做有上中下里个着过得地之其而或并等最又将于以所吗呢个次后前内不却更很太则且若虽但仍还再先只仅全各某每"
)


@dataclass(frozen=True)
class Unit:
    """A question term: its text, case-folded and in the glossary's form, and its weight.

    A `loose` one was put together from single characters, for the tokenizer does not know it: its characters
    count in part where the whole is not said. `official` are the words that documents use for an everyday word.
    """

    text: str
    weight: float
    loose: bool = False
    official: tuple[str, ...] = ()


_NUMBERED_OR_PLACE = re.compile(r".*[0-9].*|[^省市县区镇乡村州国]{2,}[省市县区镇乡村州国]")


def specific(unit: Unit) -> bool:
    """Say whether a term must be said: a year, a figure, a place; a sentence without it is about something else."""
    return bool(_NUMBERED_OR_PLACE.fullmatch(unit.text))


@dataclass(frozen=True)
class Words:
    """Word resources: the tokenizer, background term statistics, and the list of everyday words."""

    tokenizer: StaticEncoder
    background: Background
    everyday: Everyday = field(default_factory=Everyday)


def question_units(question: Question, words: Words, canonical: Callable[[str], str] = str) -> list[Unit]:
    """Return the terms of the question's topics, without particles, each once.

    `canonical` puts words into the glossary's form, in which sentences are compared.
    """
    found: dict[str, Unit] = {}
    for topic in map(fold, question.topics):
        for unit in _units(topic, words):
            weight = unit.weight * _share(question, topic, unit.text)
            known = found.get(unit.text)
            official = tuple(fold(canonical(word)) for word in unit.official)
            found[unit.text] = replace(unit, weight=max(weight, known.weight if known else 0.0), official=official)
    return list(found.values())


def _units(topic: str, words: Words) -> list[Unit]:
    """Return the terms of a topic: everyday words, and the tokenizer's words between them."""
    found = []
    for piece, official in words.everyday.cut(topic):
        units = _words(piece, words)
        if official:
            weight = max((unit.weight for unit in units), default=SINGLE_SHARE * IDF_CAP)
            found.append(Unit(piece, weight, any(unit.loose for unit in units), official))
        else:
            found.extend(units)
    return found


def _words(topic: str, words: Words) -> list[Unit]:
    """Return the tokenizer's words of a topic; adjacent single characters are joined."""
    pieces = words.tokenizer.pieces(topic)
    idf = np.minimum(words.tokenizer.piece_idf([piece.id for piece in pieces]), IDF_CAP)
    found: list[Unit] = []
    end = -1
    for piece, weight in zip(pieces, map(float, idf), strict=True):
        text = _bare(topic[piece.start : piece.end])
        if not text or text in _PARTICLES:
            end = -1
            continue
        if len(text) == 1 and end == piece.start:
            joined = found.pop().text + text
            rarity = float(words.background.idf([joined])[0])
            found.append(Unit(joined, LOOSE_WEIGHT * min(rarity, IDF_CAP), True))
        else:
            share = SINGLE_SHARE if len(text) == 1 else 1.0
            found.extend(Unit(part, share * weight) for part in split_weak(text))
        end = piece.end if len(text) == 1 else -1
    return found


def _bare(piece: str) -> str:
    """Return a piece without a particle left on it by the tokenizer: 工作的 to 工作, but 目的 whole."""
    return piece if piece.endswith("目的") else piece.strip("的了是")


def _share(question: Question, topic: str, text: str) -> float:
    if topic in map(fold, question.quoted):
        return QUOTED_SHARE
    return WEAK_SHARE if weak(text) else GENERIC_SHARE if generic(text) else 1.0


def matches(units: Sequence[Unit], text: str, context: str = "") -> NDArray[np.float32]:
    """Return how far `text` says each unit, (units,), 0 to 1; words said only in `context` count half."""
    found = np.zeros(len(units), dtype=np.float32)
    for at, unit in enumerate(units):
        found[at] = _said(unit, text)
        if found[at] < CONTEXT_SHARE and context:
            found[at] = max(found[at], CONTEXT_SHARE * _said(unit, context))
    return found


def _said(unit: Unit, text: str) -> float:
    """Return how far, 0 to 1, `text` says a term or one of its official words."""
    itself = _says(unit, text)
    if itself < OFFICIAL_SHARE and any(word in text for word in unit.official):
        return OFFICIAL_SHARE
    return itself


def _says(unit: Unit, text: str) -> float:
    word = unit.text
    if word in text and not (word.isascii() and not re.search(rf"(?<![0-9a-z]){re.escape(word)}(?![0-9a-z])", text)):
        return 1.0
    if unit.loose and len(word) == 2:
        return LOOSE_SHARE * sum(character in text for character in word) / 2
    if len(word) < 3:
        return 0.0
    pairs = [word[at : at + 2] for at in range(len(word) - 1)]
    return PARTIAL_SHARE * sum(pair in text for pair in pairs) / len(pairs)
