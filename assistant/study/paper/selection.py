"""Choosing the questions of a paper: greedily, then some exchanged for others as long as that makes it better.

Of what fits, the question is taken that is of the difficulty asked for, spreads the paper most (`variety`) and keeps
out few others. Where a kind lacks some, those that stand in their way go out and others come in (`_repaired`). The
seed of the brief decides where several are as good.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_

from assistant.study.pack import RIGHT, Brief, Difficulty, Item, ItemKind
from assistant.study.paper.conflicts import may_stand_together, shown
from assistant.study.paper.local_search import Conflicts, repaired
from assistant.study.paper.variety import Mix, traits
from assistant.study.stem import StemForm
from assistant.study.stem_recovery import stem_of

LOOKED_AHEAD = 120
COMPARED = 80
SMALL, MIDDLE = 500, 1000
ATTEMPTS, ATTEMPTS_LARGE = 12, 4
STEPS, STEPS_LARGE = 600, 100
RESTARTS = 8
LEFT_OUT = (4, 16)
PLENTY = 12
MENDED_MOST = 400
MOST_OF_ONE_FORM = 0.6
REPLACED_MOST = 5
ALIKE_LEAST = 2
LEVEL, ASKED_LEVEL = 2.0, 20.0
_SHARES = {Difficulty.EASY: 0.35, Difficulty.MEDIUM: 0.45, Difficulty.HARD: 0.2}

Kinds = Mapping[ItemKind, Sequence[Item]]


class PaperSelection:
    """Chooses of `found` (by kind, the best first) what `brief` asks for."""

    def __init__(self, found: Kinds, brief: Brief) -> None:
        """Measure on some of the questions how many others each one keeps out."""
        self._found = {kind: _asked_first(items, brief) for kind, items in found.items() if brief.counts.get(kind)}
        self._brief = brief
        self._items = [item for items in self._found.values() for item in items]
        self._numbers = {item.id: number for number, item in enumerate(self._items)}
        self._shown = [shown(item) for item in self._items]
        self._traits = {item.id: traits(item) for item in self._items}
        self._forms = {item.id: _form(item) for item in self._items}
        self._rows: dict[tuple[int, bool], int] = {}
        near = [self._numbers[item.id] for items in self._found.values() for item in items[:COMPARED]]
        some = random.Random(brief.seed).sample(near, min(len(near), COMPARED))
        self._kept_out = {self._items[n].id: self._share(n, some) for n in near}

    def _share(self, number: int, some: Sequence[int]) -> float:
        """Return what share of some questions a question keeps out."""
        mine = self._shown[number]
        return sum(n != number and not may_stand_together(mine, self._shown[n], strict=False) for n in some) / len(some)

    def chosen(self) -> list[Item]:
        """Return a paper: chosen greedily, then some of it left out and chosen again as long as it is not full."""
        rng = random.Random(f"{self._brief.seed}|chosen")
        costs = {name: 8 * share + rng.random() for name, share in self._kept_out.items()}
        best = self._mended(self._filled([], costs))
        for attempt in range(ATTEMPTS if len(self._items) <= SMALL else ATTEMPTS_LARGE):
            if not self._can_be_fuller(best):
                break
            plenty = [one for one in best if len(self._found[one.kind]) > PLENTY or attempt % 2]
            out = rng.sample(plenty, min(rng.randint(*LEFT_OUT), len(plenty))) if attempt else best
            others = {name: cost + rng.random() for name, cost in costs.items()}
            evenly = attempt % 3 != 1
            again = self._mended(self._filled([one for one in best if one not in out], others, evenly))
            best = max(again, best, key=self._worth)
        return evened(self._repaired(best) if missing(best, self._brief) else best)

    def _repaired(self, chosen: list[Item]) -> list[Item]:
        """Return a fuller paper where one is found by exchanging many."""
        wanted: dict[str, int] = {kind: count for kind, count in self._brief.counts.items() if self._found.get(kind)}
        rivals = Conflicts(
            [item.kind for item in self._items],
            [self._forms[item.id] for item in self._items],
            wanted,
            {kind: _most(count) for kind, count in wanted.items()},
            lambda number: self._row(self._items[number], False),
        )
        steps = STEPS if len(self._items) <= MIDDLE else STEPS_LARGE
        rng = random.Random(f"{self._brief.seed}|repaired")
        best = chosen
        for start in (chosen, *([],) * RESTARTS):
            found = repaired(rivals, [self._numbers[item.id] for item in start], steps, rng)
            best = max([best, *([self._items[n] for n in one] for one in found)], key=self._worth)
            if not missing(best, self._brief):
                break
        return best

    def _can_be_fuller(self, chosen: Sequence[Item]) -> bool:
        """Say whether another choice might have more questions, or more of the difficulty asked for."""
        have = Counter(item.kind for item in chosen)
        level = self._brief.difficulty
        easier = (item.kind for item in chosen if level not in (Difficulty.MIXED, item.difficulty))
        others = {
            kind: any(one.difficulty is level and one not in chosen for one in self._found[kind]) for kind in easier
        }
        return any(len(self._found[kind]) > have[kind] for kind in missing(chosen, self._brief)) or any(others.values())

    def _worth(self, chosen: Sequence[Item]) -> float:
        """Return how much of what is asked for a paper has; the first questions of a kind count more than the last."""
        have = Counter(item.kind for item in chosen)
        level = sum(item.difficulty is self._brief.difficulty for item in chosen)
        return sum(_worth(wanted, have[kind]) for kind, wanted in self._brief.counts.items()) + level / 50

    def _row(self, item: Item, strict: bool) -> int:
        """Return the numbers of the questions that cannot stand beside `item`, its own among them, as bits."""
        number = self._numbers[item.id]
        if (number, strict) not in self._rows:
            bits = 1 << number
            for n in range(len(self._shown)):
                bits |= self._against(number, n, strict) << n
            self._rows[number, strict] = bits
        return self._rows[number, strict]

    def _against(self, number: int, other: int, strict: bool) -> bool:
        known = self._rows.get((other, strict))
        if known is not None:
            return bool(known >> number & 1)
        return not may_stand_together(self._shown[number], self._shown[other], strict)

    def _kept(self, items: Sequence[Item], chosen: Sequence[Item], strict: bool) -> list[Item]:
        """Return those of `items` that may stand beside all of `chosen`."""
        against = reduce(or_, (self._row(one, strict) for one in chosen), 0)
        return [item for item in items if not against >> self._numbers[item.id] & 1]

    def _filled(self, begun: Sequence[Item], costs: Mapping[str, float], evenly: bool = False) -> list[Item]:
        """Return a paper that has `begun`, filled; `costs` say by id what speaks against a question.

        The scarcest kinds come first, or, where `evenly`, what adds more than it keeps out.
        """
        chosen = list(begun)
        for strict in (True, False):
            fit = {kind: self._kept(items, chosen, strict) for kind, items in self._found.items()}
            left = {kind: [one for one in items if not self._too_many(one, chosen)] for kind, items in fit.items()}
            item = self._next(left, chosen, costs, evenly)
            while item is not None:
                chosen.append(item)
                left = {k: self._kept(items, [item], strict) for k, items in left.items()}
                left[item.kind] = [one for one in left[item.kind] if not self._too_many(one, chosen)]
                item = self._next(left, chosen, costs, evenly)
        return chosen

    def _next(self, left: Kinds, chosen: Sequence[Item], costs: Mapping[str, float], evenly: bool) -> Item | None:
        """Return the question to take next of those left; None where none can be added."""
        wanted = missing(chosen, self._brief)
        open_kinds = [kind for kind in wanted if left.get(kind)]
        if not open_kinds:
            return None
        if not evenly or len(self._items) > SMALL:
            scarcest = max(open_kinds, key=lambda kind: wanted[kind] / len(left[kind]))
            return self._best(left[scarcest], chosen, costs, ())
        gains = {kind: _gain(self._brief.counts[kind], wanted[kind]) for kind in open_kinds}
        near = [(gains[kind] * min(wanted[kind] / len(left[kind]), 1.0), self._bits(left[kind])) for kind in open_kinds]
        best = [self._best(left[kind], chosen, costs, near) for kind in open_kinds]
        return max(best, key=lambda item: gains[item.kind] - self._lost(item, near))

    def _bits(self, items: Sequence[Item]) -> int:
        return sum(1 << self._numbers[item.id] for item in items)

    def _lost(self, item: Item, near: Sequence[tuple[float, int]]) -> float:
        """Return what of those left (`near`: what one of a kind is worth, and which they are) `item` keeps out."""
        row = self._row(item, False) if near else 0
        return sum(rate * (row & mask).bit_count() for rate, mask in near)

    def _too_many(self, item: Item, chosen: Sequence[Item]) -> bool:
        """Say whether there are enough of the form of `item`: about half of the statements are true."""
        form = self._forms[item.id]
        alike = sum(one.kind is item.kind and self._forms[one.id] == form for one in chosen) if form else 0
        return bool(form) and alike >= _most(self._brief.counts.get(item.kind, 0))

    def _best(
        self,
        left: Sequence[Item],
        chosen: Sequence[Item],
        costs: Mapping[str, float],
        near: Sequence[tuple[float, int]],
    ) -> Item:
        """Return what adds most to a paper of those that are left of a kind; `near`: see `_lost`."""
        mine = [item for item in chosen if item.kind is left[0].kind]
        mix = Mix(self._traits[item.id] for item in chosen)
        ahead = LOOKED_AHEAD if left[0].kind is not ItemKind.ORDER else 1

        def worth(place: int) -> float:
            item = left[place]
            value = _wanted_level(item, mine, self._brief) + _balance(item, mine) - mix.cost(self._traits[item.id])
            return value - costs.get(item.id, 0) - 2 * self._lost(item, near) - place / ahead

        return left[max(range(min(len(left), LOOKED_AHEAD)), key=worth)]

    def _mended(self, chosen: list[Item]) -> list[Item]:
        """Add what is missing by exchanging a question that stands in the way for another of its kind."""
        for kind in list(missing(chosen, self._brief)):
            for item in self._found[kind][:MENDED_MOST]:
                if kind not in missing(chosen, self._brief):
                    break
                chosen = self._taken_in(item, chosen)
        return chosen

    def _taken_in(self, item: Item, chosen: list[Item]) -> list[Item]:
        """Return the paper with `item` where what stands in its way is little and can be replaced."""
        bit = 1 << self._numbers[item.id]
        against = [one for one in chosen if self._row(one, False) & bit]
        kept = [one for one in chosen if one not in against]
        if len(against) > REPLACED_MOST or item in chosen or self._too_many(item, kept):
            return chosen
        kept.append(item)
        for out in against:
            others = self._kept(self._found[out.kind], kept, False)
            other = next((one for one in others if one.id != out.id and self._replaces(out, one)), None)
            if other is None:
                return chosen
            kept.append(other)
        return kept

    def _replaces(self, item: Item, other: Item) -> bool:
        """Say whether `other` may stand for `item`: a true statement for a true one, and no level is lost."""
        wanted = self._brief.difficulty
        kept = other.difficulty is item.difficulty or wanted in (Difficulty.MIXED, other.difficulty)
        return kept and (item.kind is not ItemKind.JUDGE or item.answer == other.answer)


def evened(chosen: Sequence[Item]) -> list[Item]:
    """Return the questions without those true statements, or false ones, of which there are too many for the others."""
    judged = [item for item in chosen if item.kind is ItemKind.JUDGE]
    right = [item for item in judged if item.answer == (RIGHT,)]
    wrong = [item for item in judged if item.answer != (RIGHT,)]
    many, few = (right, wrong) if len(right) > len(wrong) else (wrong, right)
    most = max(ALIKE_LEAST, int(len(few) * MOST_OF_ONE_FORM / (1 - MOST_OF_ONE_FORM) + 1e-9), len(few) + 1)
    return [item for item in chosen if item not in many[most:]]


def missing(chosen: Sequence[Item], brief: Brief) -> dict[ItemKind, int]:
    """Return how many questions of each kind are still wanted."""
    have = Counter(item.kind for item in chosen)
    left = {kind: brief.counts.get(kind, 0) - have[kind] for kind in ItemKind}
    return {kind: count for kind, count in left.items() if count > 0}


def _worth(wanted: int, have: int) -> float:
    """Return what so many questions of a kind are worth; the first count more than the last, and all a little more."""
    return have * (5 - max(have - 1, 0) / wanted) / 4 + (have == wanted) / 100 if wanted else 0.0


def _gain(wanted: int, lacking: int) -> float:
    """Return what one more question of a kind is worth."""
    return _worth(wanted, wanted - lacking + 1) - _worth(wanted, wanted - lacking)


def _most(wanted: int) -> float:
    """Return how many questions of one form there may be of so many of a kind."""
    return max(wanted * MOST_OF_ONE_FORM, 1)


def _form(item: Item) -> str:
    """Return of what form a question is of which a paper has only some: true, false, or on a part of a document."""
    if item.kind is ItemKind.JUDGE:
        return item.answer[0]
    form = stem_of(item).form
    return form if form in (StemForm.SECTION, StemForm.STATEMENTS) else ""


def _asked_first(items: Sequence[Item], brief: Brief) -> list[Item]:
    """Return `items`, those of the difficulty asked for first."""
    return sorted(items, key=lambda item: brief.difficulty not in (Difficulty.MIXED, item.difficulty))


def _wanted_level(item: Item, mine: Sequence[Item], brief: Brief) -> float:
    if brief.difficulty is not Difficulty.MIXED:
        return ASKED_LEVEL if item.difficulty is brief.difficulty else 0.0
    have = sum(one.difficulty is item.difficulty for one in mine)
    return LEVEL if have < _SHARES[item.difficulty] * (len(mine) + 1) else 0.0


def _balance(item: Item, mine: Sequence[Item]) -> float:
    """Return what keeps true and false statements about as many."""
    if item.kind is ItemKind.JUDGE:
        right = sum(one.answer == (RIGHT,) for one in mine)
        return 3.0 if (item.answer == (RIGHT,)) is (right * 2 < len(mine)) else 0.0
    return -1.0 if item.kind is ItemKind.FILL and len(item.answer) > 1 else 0.0
