"""What an answer to a question of a quiz is worth: points by rule, and by hand for short answers.

Fill-in: one point a blank whose words are the right ones but for width, blanks and quotation marks. Single choice
and true or false: one point. Multiple choice: two points for all right options and no other, one for some of them
and no other, none as soon as a wrong one is chosen. Order: two points, all or nothing. Short answer: as many
points as its marking list has lines, given by the trainer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.study.pack import Item, ItemKind

BY_HAND = ItemKind.SHORT
MARKED = tuple(kind for kind in ItemKind if kind is not ItemKind.DISCUSS)
_FIXED = {ItemKind.SINGLE: 1, ItemKind.JUDGE: 1, ItemKind.MULTIPLE: 2, ItemKind.ORDER: 2}
_QUOTATION = dict.fromkeys(map(ord, "\"'“”‘’「」『』〝〞"), None)
_WIDTH = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)}

Given = Sequence[str]


@dataclass(frozen=True)
class Mark:
    """What one answer got: `points` of `worth`; None while a person has still to say."""

    points: int | None
    worth: int

    @property
    def is_right(self) -> bool:
        """Whether it got everything."""
        return self.points == self.worth

    @property
    def is_wrong(self) -> bool:
        """Whether it got less, and that is known."""
        return self.points is not None and self.points < self.worth


@dataclass(frozen=True)
class Score:
    """What a whole paper got: `points` of `most`, of which `waiting` points are still to be given by hand."""

    points: int
    most: int
    waiting: int
    right: int
    wrong: int
    unmarked: int


def worth(item: Item) -> int:
    """Return how many points a question is worth."""
    return _FIXED.get(item.kind, len(item.answer))


def mark(item: Item, given: Given, by_hand: int | None = None) -> Mark:
    """Return what an answer gets.

    `given`: the words for the blanks, the letters of the options (in order, for an order), RIGHT or WRONG, or
    one text; () for nothing. `by_hand`: points that a person gave to a short answer. One left empty gets none.
    """
    most = worth(item)
    if item.kind is BY_HAND:
        return Mark(0 if is_empty(given) else by_hand, most)
    if item.kind is ItemKind.FILL:
        return Mark(sum(blanks_right(item, given)), most)
    if item.kind is ItemKind.MULTIPLE:
        return Mark(_several(set(item.answer), set(given)), most)
    return Mark(most if tuple(given) == item.answer else 0, most)


def blanks_right(item: Item, given: Given) -> list[bool]:
    """Say of each blank of a fill-in question whether the right words stand in it."""
    words = [*given, *([""] * len(item.answer))][: len(item.answer)]
    return [same(right, said) for right, said in zip(item.answer, words, strict=True)]


def same(right: str, said: str) -> bool:
    """Say whether two words are one but for width, blanks and quotation marks."""
    return bool(folded(said)) and folded(right) == folded(said)


def folded(text: str) -> str:
    """Return words in the form in which answers are compared."""
    return "".join(text.translate(_WIDTH).translate(_QUOTATION).split())


def is_empty(given: Given) -> bool:
    """Say whether nothing was answered."""
    return not any(one.strip() for one in given)


def score(items: Mapping[int, Item], answers: Mapping[int, Given], by_hand: Mapping[int, int]) -> Score:
    """Return what a paper gets; questions, answers and points given by hand are told by the questions' numbers."""
    marks = [mark(item, answers.get(number, ()), by_hand.get(number)) for number, item in items.items()]
    return Score(
        points=sum(one.points or 0 for one in marks),
        most=sum(one.worth for one in marks),
        waiting=sum(one.worth for one in marks if one.points is None),
        right=sum(one.is_right for one in marks),
        wrong=sum(one.is_wrong for one in marks),
        unmarked=sum(one.points is None for one in marks),
    )


def _several(right: set[str], given: set[str]) -> int:
    most = _FIXED[ItemKind.MULTIPLE]
    if given == right:
        return most
    return most // 2 if given and given < right else 0
