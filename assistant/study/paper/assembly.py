"""A paper: the count, mix and difficulty asked for, no fact twice, no question giving another away."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.base.errors import SettingsError
from assistant.study.pack import KIND_NAMES, LETTERS, Brief, Difficulty, Item, ItemKind
from assistant.study.paper.conflicts import may_stand_together, shown
from assistant.study.paper.selection import PaperSelection

NO_OTHER = "材料里没有另一道合适的{kind}了：请删去这道题，或换一个题型。"
_LETTERED = {ItemKind.SINGLE, ItemKind.MULTIPLE, ItemKind.ORDER}


def choose(found: Iterable[Item], brief: Brief) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    """Return the questions of a paper, by kind, and notes on what there was too little of."""
    alive: dict[ItemKind, list[Item]] = {kind: [] for kind in ItemKind}
    for item in found:
        alive[item.kind].append(item)
    chosen = PaperSelection(alive, brief).chosen()
    ordered = tuple(_spread([item for kind in ItemKind for item in chosen if item.kind is kind]))
    return ordered, tuple(_notes(ordered, brief))


def swap(items: Sequence[Item], item: Item, found: Iterable[Item]) -> Item:
    """Return another question of the kind of `item` that fits the others of the paper; raises `SettingsError`.

    Called again and again it goes through all that fit and comes back to the first.
    """
    rest = [shown(one) for one in items if one.id != item.id]
    same = [one for one in found if one.kind is item.kind]
    at = next((n for n, one in enumerate(same) if one.id == item.id), -1)
    for other in [*same[at + 1 :], *same[: max(at, 0)]]:
        if other.stem != item.stem and all(may_stand_together(shown(other), one, strict=False) for one in rest):
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


def _spread(items: Sequence[Item]) -> Iterable[Item]:
    """Yield questions, those with one right option so that each letter is right about as often.

    Numbers stay in their order.
    """
    fixed = {
        item.id for item in items if item.kind is ItemKind.SINGLE and all(one[0].isdigit() for one in item.options)
    }
    used = Counter(item.answer[0] for item in items if item.id in fixed)
    for item in items:
        if item.kind is not ItemKind.SINGLE or item.id in fixed:
            yield item
            continue
        letters = LETTERS[: len(item.options)]
        rarest = min(letters, key=lambda letter: (used[letter], letter != item.answer[0]))
        used[rarest] += 1
        yield _right_at(item, letters.index(rarest))


def _right_at(item: Item, place: int) -> Item:
    """Return a question whose right option has changed places with the one at `place`."""
    order = list(range(len(item.options)))
    old = LETTERS.index(item.answer[0])
    order[old], order[place] = order[place], order[old]
    further = tuple(item.further[n] for n in order) if len(item.further) == len(order) else item.further
    return replace(item, options=tuple(item.options[n] for n in order), answer=(LETTERS[place],), further=further)


def _notes(items: Sequence[Item], brief: Brief) -> Iterable[str]:
    made = Counter(item.kind for item in items)
    short = [
        f"{KIND_NAMES[kind]}要 {brief.counts[kind]} 道，" + (f"出了 {made[kind]} 道" if made[kind] else "没有出成")
        for kind in ItemKind
        if made[kind] < brief.counts.get(kind, 0)
    ]
    if short:
        yield f"要的题程序没有出够：{'；'.join(short)}。请少要几道，或者多选文件、放宽主题。"
    others = Counter(item.kind for item in items if item.difficulty is not brief.difficulty)
    del others[ItemKind.DISCUSS]
    if others and brief.difficulty is not Difficulty.MIXED:
        told = "、".join(f"{KIND_NAMES[kind]} {count} 道" for kind, count in others.items())
        yield f"要的难度程序出不了这么多题，这些题是别的难度：{told}。"


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
