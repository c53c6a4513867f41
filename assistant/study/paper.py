"""A paper: the count, mix and difficulty asked for, no fact twice, no question giving another away.

A paper is chosen kind by kind, the scarce ones first; of what fits, the question that spreads the paper most over
documents, sections and difficulties is taken. The questions come in an order that the seed decided.
"""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.errors import SettingsError
from assistant.study.leaks import together
from assistant.study.pack import KIND_NAMES, LETTERS, RIGHT, Brief, Difficulty, Item, ItemKind

NO_OTHER = "材料里没有另一道合适的{kind}了：请删去这道题，或换一个题型。"
_SCARCE_FIRST = (
    ItemKind.ORDER,
    ItemKind.SHORT,
    ItemKind.MULTIPLE,
    ItemKind.DISCUSS,
    ItemKind.SINGLE,
    ItemKind.FILL,
    ItemKind.JUDGE,
)
_SHARES = {Difficulty.EASY: 0.35, Difficulty.MEDIUM: 0.45, Difficulty.HARD: 0.2}
_LETTERED = {ItemKind.SINGLE, ItemKind.MULTIPLE, ItemKind.ORDER}
LOOKED_AHEAD = 60


def choose(found: Iterable[Item], brief: Brief) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    """Return the questions of a paper, by kind, and notes on what there was too little of."""
    alive: dict[ItemKind, list[Item]] = {kind: [] for kind in ItemKind}
    for item in found:
        alive[item.kind].append(item)
    chosen: list[Item] = []
    for strict in (True, False):
        for kind in _SCARCE_FIRST:
            _fill(kind, alive[kind], chosen, brief, strict)
    ordered = tuple(item for kind in ItemKind for item in chosen if item.kind is kind)
    return ordered, tuple(_notes(ordered, brief))


def swap(items: Sequence[Item], item: Item, found: Iterable[Item]) -> Item:
    """Return another question of the kind of `item` that fits the others of the paper; raises `SettingsError`.

    Called again and again it goes through all that fit and comes back to the first.
    """
    rest = [one for one in items if one.id != item.id]
    same = [one for one in found if one.kind is item.kind]
    at = next((n for n, one in enumerate(same) if one.id == item.id), -1)
    for strict in (True, False):
        for other in [*same[at + 1 :], *same[: max(at, 0)]]:
            if other.stem != item.stem and all(together(other, one, strict) for one in rest):
                return other
    raise SettingsError(NO_OTHER.format(kind=KIND_NAMES[item.kind]))


def version(items: Sequence[Item], seed: int, letter: str) -> tuple[Item, ...]:
    """Return version `letter` of a paper: A is the paper itself, any other has questions and options in another order.

    Questions stay among their kind; the letters of the answers are those of the options as they stand then.
    """
    if letter == LETTERS[0]:
        return tuple(items)
    rng = random.Random(f"{seed}|{letter}")
    found: list[Item] = []
    for kind in dict.fromkeys(item.kind for item in items):
        found += [_mixed(item, rng) for item in _reordered([item for item in items if item.kind is kind], rng)]
    return tuple(found)


def _fill(kind: ItemKind, alive: list[Item], chosen: list[Item], brief: Brief, strict: bool) -> None:
    """Add questions of `kind` to `chosen` until there are as many as asked for, or none fits any more."""
    wanted = brief.counts.get(kind, 0)
    mine = [item for item in chosen if item.kind is kind]
    left = [item for item in alive if all(together(item, one, strict) for one in chosen)] if len(mine) < wanted else []
    while len(mine) < wanted and left:
        best = max(range(min(len(left), LOOKED_AHEAD)), key=lambda n: (_worth(left[n], mine, chosen, brief), -n))
        item = left.pop(best)
        mine.append(item)
        chosen.append(item)
        left = [one for one in left if together(one, item, strict)]


def _worth(item: Item, mine: Sequence[Item], chosen: Sequence[Item], brief: Brief) -> float:
    """Return how much a question adds: its difficulty, a document, section and kind of fact not yet asked."""
    documents = Counter(one.source.document_id for one in chosen)
    sections = Counter((one.source.document_id, one.source.section) for one in chosen)
    spread = documents[item.source.document_id] + sections[item.source.document_id, item.source.section]
    return 2.0 * _wanted_level(item, mine, brief) - 0.15 * spread + _balance(item, mine)


def _wanted_level(item: Item, mine: Sequence[Item], brief: Brief) -> float:
    if brief.difficulty is not Difficulty.MIXED:
        return 1.0 if item.difficulty is brief.difficulty else 0.0
    have = sum(one.difficulty is item.difficulty for one in mine)
    return 1.0 if have < _SHARES[item.difficulty] * (len(mine) + 1) else 0.0


def _balance(item: Item, mine: Sequence[Item]) -> float:
    """Return what a statement adds that keeps true and false ones about as many; a question with one blank more."""
    if item.kind is ItemKind.JUDGE:
        right = sum(one.answer == (RIGHT,) for one in mine)
        wanted = right * 2 < len(mine) or (right * 2 == len(mine) and len(item.id) > 0 and int(item.id[:2], 16) % 2 == 0)
        return 3.0 if (item.answer == (RIGHT,)) is wanted else 0.0
    return -1.0 if item.kind is ItemKind.FILL and len(item.answer) > 1 else 0.0


def _notes(items: Sequence[Item], brief: Brief) -> Iterable[str]:
    for kind in ItemKind:
        wanted = brief.counts.get(kind, 0)
        have = sum(item.kind is kind for item in items)
        if have < wanted:
            only = f"只够出 {have} 道" if have else "一道也出不了"
            yield f"要 {wanted} 道{KIND_NAMES[kind]}，材料{only}。"


def _reordered(items: list[Item], rng: random.Random) -> list[Item]:
    mixed = list(items)
    rng.shuffle(mixed)
    return [*items[1:], items[0]] if len(items) > 1 and mixed == items else mixed


def _mixed(item: Item, rng: random.Random) -> Item:
    """Return a question with its options in another order and the letters of its answer those of the same options."""
    if item.kind not in _LETTERED:
        return item
    order = list(range(len(item.options)))
    rng.shuffle(order)
    if order == sorted(order):
        order = [*order[1:], order[0]]
    letter = {old: LETTERS[new] for new, old in enumerate(order)}
    answer = [letter[LETTERS.index(one)] for one in item.answer]
    options = tuple(item.options[n] for n in order)
    if item.kind is ItemKind.ORDER:
        further = tuple(item.further[n] for n in order)
        return replace(item, options=options, answer=tuple(answer), further=further)
    return replace(item, options=options, answer=tuple(sorted(answer)))
