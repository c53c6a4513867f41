"""Choosing the questions of a paper: greedily, the scarce kinds first, then one exchanged for another where that helps.

Of what fits, the question is taken that spreads the paper most over documents, sections and difficulties and keeps
out few others. The seed of the brief decides where several are as good.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence

from assistant.study.leaks import shown, together
from assistant.study.pack import BLANK, RIGHT, Brief, Difficulty, Item, ItemKind

LOOKED_AHEAD = 60
COMPARED = 80
ATTEMPTS = 8
MENDED_MOST = 400
_SHARES = {Difficulty.EASY: 0.35, Difficulty.MEDIUM: 0.45, Difficulty.HARD: 0.2}

Kinds = Mapping[ItemKind, Sequence[Item]]


class Chooser:
    """Chooses of `found` (by kind, the best first) what `brief` asks for."""

    def __init__(self, found: Kinds, brief: Brief) -> None:
        """Measure on some of the questions how many others each one keeps out."""
        self._found = found
        self._brief = brief
        self._shown = {item.id: shown(item) for items in found.values() for item in items}
        self._fitting: dict[tuple[str, str, bool], bool] = {}
        near = [item for items in found.values() for item in items[:COMPARED]]
        some = random.Random(brief.seed).sample(near, min(len(near), COMPARED))
        self._kept_out = {item.id: sum(not self._fit(item, one, False) for one in some) / len(some) for item in near}

    def chosen(self) -> list[Item]:
        """Return the fullest paper of a few tries."""
        best: list[Item] = []
        for attempt in range(ATTEMPTS):
            rng = random.Random(f"{self._brief.seed}|{attempt}")
            costs = {name: 8 * share + rng.random() * (1 + attempt) / 2 for name, share in self._kept_out.items()}
            best = max(best, self._mended(self._greedy(costs)), key=len)
            if not missing(best, self._brief):
                break
        return best

    def _fit(self, one: Item, other: Item, strict: bool) -> bool:
        key = (one.id, other.id, strict) if one.id < other.id else (other.id, one.id, strict)
        if key not in self._fitting:
            self._fitting[key] = one.id != other.id and together(self._shown[one.id], self._shown[other.id], strict)
        return self._fitting[key]

    def _greedy(self, costs: Mapping[str, float]) -> list[Item]:
        """Return a paper; `costs` say by id what speaks against a question."""
        chosen: list[Item] = []
        for strict in (True, False):
            left = {kind: [one for one in items if self._fits(one, chosen, strict)] for kind, items in self._found.items()}
            kind = self._scarcest(left, chosen)
            while kind is not None:
                item = self._best(left[kind], chosen, costs)
                chosen.append(item)
                left = {k: [one for one in items if self._fit(one, item, strict)] for k, items in left.items()}
                kind = self._scarcest(left, chosen)
        return chosen

    def _fits(self, item: Item, chosen: Sequence[Item], strict: bool) -> bool:
        return all(self._fit(item, one, strict) for one in chosen)

    def _scarcest(self, left: Kinds, chosen: Sequence[Item]) -> ItemKind | None:
        """Return the kind of which the most are still wanted for those left; None where none can be added."""
        wanted = missing(chosen, self._brief)
        return max((k for k in wanted if left[k]), key=lambda kind: wanted[kind] / len(left[kind]), default=None)

    def _best(self, left: Sequence[Item], chosen: Sequence[Item], costs: Mapping[str, float]) -> Item:
        """Return what adds most to a paper of those that are left of a kind."""
        mine = [item for item in chosen if item.kind is left[0].kind]

        def worth(place: int) -> float:
            item = left[place]
            level = 2.0 * _wanted_level(item, mine, self._brief)
            return level + _spread(item, chosen) + _balance(item, mine) - costs.get(item.id, 0) - place / LOOKED_AHEAD

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
        """Return the paper with `item` where no question, or only one that can be replaced, stands in its way."""
        against = [one for one in chosen if not self._fit(item, one, False)]
        if len(against) > 1 or item in chosen:
            return chosen
        kept = [*(one for one in chosen if one not in against), item]
        if not against:
            return kept
        others = (one for one in self._found[against[0].kind] if one not in chosen and _replaces(against[0], one))
        other = next((one for one in others if one is not item and self._fits(one, kept, False)), None)
        return [*kept, other] if other else chosen


def missing(chosen: Sequence[Item], brief: Brief) -> dict[ItemKind, int]:
    """Return how many questions of each kind are still wanted."""
    have = Counter(item.kind for item in chosen)
    left = {kind: brief.counts.get(kind, 0) - have[kind] for kind in ItemKind}
    return {kind: count for kind, count in left.items() if count > 0}


def _replaces(item: Item, other: Item) -> bool:
    """Say whether `other` may stand for `item`: a true statement for a true one."""
    return item.kind is not ItemKind.JUDGE or item.answer == other.answer


def _spread(item: Item, chosen: Sequence[Item]) -> float:
    document, section = item.source.document_id, item.source.section
    documents = sum(one.source.document_id == document for one in chosen)
    return -0.15 * (documents + sum(one.source.document_id == document and one.source.section == section for one in chosen))


def _wanted_level(item: Item, mine: Sequence[Item], brief: Brief) -> float:
    if brief.difficulty is not Difficulty.MIXED:
        return 1.0 if item.difficulty is brief.difficulty else 0.0
    have = sum(one.difficulty is item.difficulty for one in mine)
    return 1.0 if have < _SHARES[item.difficulty] * (len(mine) + 1) else 0.0


def _balance(item: Item, mine: Sequence[Item]) -> float:
    """Return what keeps true and false statements about as many, and questions of one form few."""
    if item.kind is ItemKind.JUDGE:
        right = sum(one.answer == (RIGHT,) for one in mine)
        wanted = right * 2 < len(mine)
        return 3.0 if (item.answer == (RIGHT,)) is wanted else 0.0
    if item.kind is ItemKind.MULTIPLE:
        return -0.5 * sum(one.stem[:4] == item.stem[:4] for one in mine)
    return -1.0 if item.stem.count(BLANK) > 1 else 0.0
