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
_SHARES = {Difficulty.EASY: 0.35, Difficulty.MEDIUM: 0.45, Difficulty.HARD: 0.2}
_LETTERED = {ItemKind.SINGLE, ItemKind.MULTIPLE, ItemKind.ORDER}
LOOKED_AHEAD = 60
COMPARED = 80
ATTEMPTS = 8


def choose(found: Iterable[Item], brief: Brief) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    """Return the questions of a paper, by kind, and notes on what there was too little of."""
    alive: dict[ItemKind, list[Item]] = {kind: [] for kind in ItemKind}
    for item in found:
        alive[item.kind].append(item)
    rivals = _rivals([item for items in alive.values() for item in items[:COMPARED]], brief)
    chosen: list[Item] = []
    for attempt in range(ATTEMPTS):
        rng = random.Random(f"{brief.seed}|{attempt}")
        costs = {name: 8 * share + rng.random() * attempt / 2 for name, share in rivals.items()}
        chosen = max(chosen, _attempt(alive, brief, costs), key=len)
        if not _missing(chosen, brief):
            break
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


def _attempt(alive: dict[ItemKind, list[Item]], brief: Brief, costs: dict[str, float]) -> list[Item]:
    """Return a paper chosen greedily; `costs` say by id what speaks against a question."""
    chosen: list[Item] = []
    for strict in (True, False):
        left = {kind: [one for one in items if _fits(one, chosen, strict)] for kind, items in alive.items()}
        kind = _scarcest(left, chosen, brief)
        while kind is not None:
            item = _best(left[kind], chosen, brief, costs)
            chosen.append(item)
            left = {kind: [one for one in items if together(one, item, strict)] for kind, items in left.items()}
            kind = _scarcest(left, chosen, brief)
    return chosen


def _missing(chosen: Sequence[Item], brief: Brief) -> dict[ItemKind, int]:
    """Return how many questions of each kind are still wanted."""
    have = Counter(item.kind for item in chosen)
    missing = {kind: brief.counts.get(kind, 0) - have[kind] for kind in ItemKind}
    return {kind: count for kind, count in missing.items() if count > 0}


def _fits(item: Item, chosen: Sequence[Item], strict: bool) -> bool:
    return all(together(item, one, strict) for one in chosen)


def _scarcest(left: dict[ItemKind, list[Item]], chosen: Sequence[Item], brief: Brief) -> ItemKind | None:
    """Return the kind of which the most are still wanted for those that are left; None where none can be added."""
    missing = _missing(chosen, brief)
    wanted = [kind for kind in missing if left[kind]]
    return max(wanted, key=lambda kind: missing[kind] / len(left[kind]), default=None)


def _best(left: Sequence[Item], chosen: Sequence[Item], brief: Brief, costs: dict[str, float]) -> Item:
    """Return what adds most to a paper of those that are left of a kind, keeping out few others."""
    mine = [item for item in chosen if item.kind is left[0].kind]

    def worth(place: int) -> float:
        item = left[place]
        return _worth(item, mine, chosen, brief) - costs.get(item.id, 0) - place / LOOKED_AHEAD

    return left[max(range(min(len(left), LOOKED_AHEAD)), key=worth)]


def _rivals(items: Sequence[Item], brief: Brief) -> dict[str, float]:
    """Return what share of the others each question would keep out of the paper, measured on some of them."""
    some = random.Random(brief.seed).sample(items, min(len(items), COMPARED))
    return {item.id: sum(not together(item, one, False) for one in some) / len(some) for item in items}


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
