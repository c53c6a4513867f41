"""What makes a paper varied: places, kinds of knowledge, wordings and answers that not too many questions share."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from assistant.study.pack import LETTERS, Item, ItemKind
from assistant.study.questions.material.verbs import VERBS
from assistant.study.source.said import letters
from assistant.study.stem import Stem
from assistant.study.stem_recovery import stem_of

BESIDE, OPENING = 2, 4
SHARED_MOST, TOO_MANY = 2, 4.0
_WEIGHTS = {
    "document": 0.15,
    "section": 0.15,
    "paragraph": 0.15,
    "knowledge": 0.2,
    "opening": 0.4,
    "frame": 0.7,
    "answer": 0.7,
}
_CAPPED = ("frame", "answer")
_FIGURE = re.compile("[0-9.,]+|[一二两三四五六七八九十百千万]+")
_DAY = re.compile("[0-9]{1,2}月|[0-9]{4}年")

Trait = tuple[str, ...]


def traits(item: Item) -> frozenset[Trait]:
    """Return what a question may share with others of a paper."""
    return frozenset(_traits(item))


class Mix:
    """Counts what the questions of a paper share."""

    def __init__(self, several: Iterable[frozenset[Trait]]) -> None:
        """Count the traits of questions."""
        self._counts = Counter(trait for found in several for trait in found)

    def cost(self, found: frozenset[Trait]) -> float:
        """Return what speaks against one more question of these traits."""
        return sum(self._cost(trait, self._counts[trait]) for trait in found)

    def _cost(self, trait: Trait, count: int) -> float:
        over = TOO_MANY if trait[0] in _CAPPED and count >= SHARED_MOST else 0.0
        return _WEIGHTS[trait[0]] * count + over


def _traits(item: Item) -> Iterator[Trait]:
    document, kind = item.source.document_id, str(item.kind)
    yield "document", document
    yield "section", document, item.source.section
    yield "paragraph", document, str(item.source.paragraph)
    stem = stem_of(item)
    yield "opening", kind, _form(letters(stem.words))[:OPENING]
    for answer in _answers(item):
        yield "answer", kind, answer
        yield "knowledge", kind, _knowledge(stem, answer)
    if stem.gaps:
        before, behind = stem.around[:2]
        left, right = _form(letters(before)), _form(letters(behind))[:BESIDE]
        yield "frame", kind, f"{left[-1:] if right else left[-BESIDE:]}|{right}"


def _answers(item: Item) -> Iterator[str]:
    """Yield the words that a question asks for, where they are few."""
    if item.kind is ItemKind.FILL:
        yield from item.answer
    elif item.kind is ItemKind.SINGLE:
        yield item.options[LETTERS.index(item.answer[0])]
    elif item.kind is ItemKind.JUDGE and item.further:
        yield item.further[0].text


def _form(words: str) -> str:
    return re.sub("[0-9]+", "9", words)


def _knowledge(stem: Stem, answer: str) -> str:
    if _FIGURE.fullmatch(answer):
        return "number"
    if _DAY.search(answer):
        return "date"
    if stem.gaps and not stem.around[0]:
        return "subject"
    return "verb" if answer in VERBS else "words"
