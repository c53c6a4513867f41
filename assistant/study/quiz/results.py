"""What came of a quiz: each paper's score, and of each question how many had it right and which mistakes were made."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.study.pack import LETTERS, RIGHT, WRONG, Item, ItemKind
from assistant.study.quiz.marking import Mark, Score, blanks_right, folded, is_empty, mark, score
from assistant.study.quiz.quiz import Attempt, Quiz

WORDS_SHOWN = 8
ARROW = " → "


@dataclass(frozen=True)
class Choice:
    """An answer that was given, by how many, and whether it is right (an order's or a blank's: as a whole)."""

    text: str
    count: int
    is_right: bool


@dataclass(frozen=True)
class Tally:
    """What became of a question in the papers handed in that hold it.

    `right` had all of it; `share` is the points got of those to be got, None while all of them are to be marked.
    """

    number: int
    item: Item
    papers: int
    empty: int
    right: int
    share: float | None
    choices: tuple[Choice, ...]


def score_of(quiz: Quiz, attempt: Attempt) -> Score:
    """Return the score of a paper."""
    return score({n: quiz.items[n] for n in attempt.items}, attempt.answers, attempt.marks)


def mark_of(quiz: Quiz, attempt: Attempt, number: int) -> Mark:
    """Return what the answer to a question got."""
    return mark(quiz.items[number], attempt.answers.get(number, ()), attempt.marks.get(number))


def mistakes(quiz: Quiz, attempt: Attempt) -> tuple[int, ...]:
    """Return the numbers of the questions that were not all right, of those that are marked by rule."""
    return tuple(
        n for n in attempt.items if quiz.items[n].kind is not ItemKind.SHORT and not _is_right(quiz, attempt, n)
    )


def tallies(quiz: Quiz, attempts: Sequence[Attempt]) -> list[Tally]:
    """Return what became of each question in the papers handed in."""
    handed = [one for one in attempts if one.handed is not None]
    return [_tally(quiz, number, [one for one in handed if number in one.items]) for number in range(len(quiz.items))]


def words_of(item: Item, given: Sequence[str]) -> list[str]:
    """Return an answer in words: options behind their letters, anything else as it is."""
    if item.kind not in (ItemKind.SINGLE, ItemKind.MULTIPLE, ItemKind.ORDER):
        return list(given)
    return [item.options[LETTERS.index(letter)] for letter in given]


def _is_right(quiz: Quiz, attempt: Attempt, number: int) -> bool:
    return mark_of(quiz, attempt, number).is_right


def _tally(quiz: Quiz, number: int, papers: Sequence[Attempt]) -> Tally:
    item = quiz.items[number]
    marks = [mark_of(quiz, paper, number) for paper in papers]
    known = [one for one in marks if one.points is not None]
    most = sum(one.worth for one in known)
    given = [paper.answers.get(number, ()) for paper in papers]
    return Tally(
        number=number,
        item=item,
        papers=len(papers),
        empty=sum(is_empty(one) for one in given),
        right=sum(one.is_right for one in known),
        share=sum(one.points or 0 for one in known) / most if most else None,
        choices=tuple(_choices(item, [one for one in given if not is_empty(one)])),
    )


def _choices(item: Item, given: Sequence[Sequence[str]]) -> list[Choice]:
    if item.kind is ItemKind.SHORT:
        return []
    if item.kind in (ItemKind.SINGLE, ItemKind.MULTIPLE):
        counted = Counter(letter for one in given for letter in one)
        pairs = zip(LETTERS, item.options, strict=False)
        return [Choice(text, counted[letter], letter in item.answer) for letter, text in pairs]
    if item.kind is ItemKind.JUDGE:
        counted = Counter(one[0] for one in given)
        return [Choice(said, counted[said], (said,) == item.answer) for said in (RIGHT, WRONG)]
    if item.kind is ItemKind.ORDER:
        orders = Counter(tuple(one) for one in given)
        return [Choice(ARROW.join(words_of(item, o)), n, o == item.answer) for o, n in orders.most_common(WORDS_SHOWN)]
    return _words(item, given)


def _words(item: Item, given: Sequence[Sequence[str]]) -> list[Choice]:
    """Return what was filled in, those alike together under the words that came first, the most frequent first."""
    counted: Counter[tuple[str, ...]] = Counter()
    first: dict[tuple[str, ...], Sequence[str]] = {}
    for one in given:
        key = tuple(map(folded, one))
        counted[key] += 1
        first.setdefault(key, one)
    return [
        Choice("；".join(word.strip() or "（空）" for word in first[key]), count, all(blanks_right(item, first[key])))
        for key, count in counted.most_common(WORDS_SHOWN)
    ]


def totals(quiz: Quiz, attempts: Sequence[Attempt]) -> Mapping[str, float]:
    """Return how many papers there are, how many are being written, and what was got on average, 0 to 1."""
    handed = [score_of(quiz, one) for one in attempts if one.handed is not None]
    shares = [one.points / one.most for one in handed if one.most]
    mean = sum(shares) / len(shares) if shares else 0.0
    return {"handed": len(handed), "going": len(attempts) - len(handed), "mean": mean}
