"""BM25 over pairs of characters: finds look-alikes for training and candidates for measuring."""

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SATURATION = 1.2
LENGTH = 0.75
_RUN = re.compile(r"[a-z0-9.%]+|[^\W_]", re.IGNORECASE)


def pairs(text: str) -> list[str]:
    """Return the neighbouring characters of `text` as pairs; a run of Latin letters or digits counts as one."""
    found = [run.lower() for run in _RUN.findall(text)]
    numbers = [run for run in found if len(run) > 1]
    return [a + b for a, b in zip(found, found[1:], strict=False)] + numbers


class PairSearch:
    """BM25 (k1 = 1.2, b = .75; Robertson and Zaragoza 2009) over a fixed list of texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Count the pairs of every text."""
        counts = [Counter(pairs(text)) for text in texts]
        lengths = np.array([sum(count.values()) for count in counts], dtype=np.float32)
        self._size = len(counts)
        self._norm = SATURATION * (1 - LENGTH + LENGTH * lengths / max(1.0, float(lengths.mean()) if counts else 1.0))
        listed: dict[str, list[tuple[int, int]]] = {}
        for number, count in enumerate(counts):
            for pair, times in count.items():
                listed.setdefault(pair, []).append((number, times))
        self._listed = {pair: np.array(where, dtype=np.int32) for pair, where in listed.items()}

    def scores(self, question: str) -> NDArray[np.float32]:
        """Return (n,), a score of each text, 0 where no pair is shared."""
        total = np.zeros(self._size, dtype=np.float32)
        for pair in dict.fromkeys(pairs(question)):
            where = self._listed.get(pair)
            if where is not None:
                rarity = math.log(1 + (self._size - len(where) + 0.5) / (len(where) + 0.5))
                at, times = where[:, 0], where[:, 1].astype(np.float32)
                total[at] += rarity * times * (SATURATION + 1) / (times + self._norm[at])
        return total

    def best(self, question: str, most: int) -> list[int]:
        """Return the numbers of the best `most` texts, best first; ties in the order of the list."""
        order = np.argsort(-self.scores(question), kind="stable")[:most]
        return [int(k) for k in order]
