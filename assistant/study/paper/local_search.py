"""Mending a choice of things that keep one another out: what is lacking comes in, what it drives out rests a while."""

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

RESTS = (2, 6)


@dataclass
class Conflicts:
    """Things by number: their `kinds`, their `forms` ("" for none), and as bits which ones each keeps out (`row`).

    `wanted`: how many of a kind; `most`: how many of a kind may have one form.
    """

    kinds: Sequence[str]
    forms: Sequence[str]
    wanted: Mapping[str, int]
    most: Mapping[str, float]
    row: Callable[[int], int]
    _near: dict[int, list[int]] = field(default_factory=dict)

    def near(self, number: int) -> list[int]:
        """Return what cannot stand beside a thing, itself left out."""
        if number not in self._near:
            bits = bin(self.row(number))[:1:-1]
            self._near[number] = [n for n, bit in enumerate(bits) if bit == "1" and n != number]
        return self._near[number]


def repaired(rivals: Conflicts, start: Sequence[int], steps: int, rng: random.Random) -> list[list[int]]:
    """Return choices better and better filled, from `start` on, the last one the best."""
    now, found = set(start), [list(start)]
    against = Counter(near for one in now for near in rivals.near(one))
    rests: dict[int, int] = {}
    by_kind = {kind: [n for n, one in enumerate(rivals.kinds) if one == kind] for kind in rivals.wanted}
    for step in range(steps):
        ready = [n for n in _lacking(rivals, now, by_kind) if rests.get(n, -1) < step]
        if not ready:
            if len(now) == sum(rivals.wanted.values()):
                break
            continue
        one = min(ready, key=lambda n: against[n] + rng.random() / 2)
        for other in sorted(now.intersection(rivals.near(one))):
            now.remove(other)
            against.subtract(rivals.near(other))
            rests[other] = step + rng.randint(*RESTS)
        now.add(one)
        against.update(rivals.near(one))
        if len(now) > len(found[-1]):
            found.append(sorted(now))
    return found


def _lacking(rivals: Conflicts, now: set[int], by_kind: Mapping[str, Sequence[int]]) -> list[int]:
    """Return what is of a kind of which there are too few, and of no form of which there are enough."""
    have = Counter(rivals.kinds[one] for one in now)
    formed = Counter((rivals.kinds[one], rivals.forms[one]) for one in now if rivals.forms[one])
    open_kinds = [kind for kind, wanted in rivals.wanted.items() if have[kind] < wanted]
    full = {(kind, form) for (kind, form), count in formed.items() if count >= rivals.most[kind]}
    return [n for kind in open_kinds for n in by_kind[kind] if n not in now and (kind, rivals.forms[n]) not in full]
