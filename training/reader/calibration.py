"""From a score to a probability: a logistic curve, and how far it can be believed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

BINS = 10
RIDGE = 1e-3


@dataclass(frozen=True)
class Curve:
    """Probability = 1 / (1 + exp(-(slope * score + shift))); 1 / slope is the temperature."""

    slope: float
    shift: float

    def probability(self, scores: ArrayLike) -> NDArray[np.float64]:
        """Return (n,) probabilities of (n,) scores."""
        return np.asarray(1 / (1 + np.exp(-(self.slope * np.asarray(scores, dtype=np.float64) + self.shift))))


def fit(scores: ArrayLike, true: ArrayLike, rounds: int = 50) -> Curve:
    """Return the likeliest curve (Platt 1999, by Newton's method), held a little towards slope 0."""
    x = np.stack([np.asarray(scores, dtype=np.float64), np.ones(len(np.asarray(scores)))], 1)
    y, w = np.asarray(true, dtype=np.float64), np.zeros(2)
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        slope = x.T @ (p - y) + RIDGE * w
        bend = (x * (p * (1 - p))[:, None]).T @ x + RIDGE * np.eye(2)
        w = w - np.linalg.solve(bend, slope)
    return Curve(float(w[0]), float(w[1]))


def left_out(scores: ArrayLike, true: ArrayLike, groups: Sequence[str], folds: int = 5) -> NDArray[np.float64]:
    """Return (n,) probabilities, each from a curve fitted without its group's fold of groups."""
    s, t = np.asarray(scores, dtype=np.float64), np.asarray(true, dtype=np.float64)
    fold = {name: k % folds for k, name in enumerate(sorted(set(groups)))}
    number = np.array([fold[name] for name in groups])
    found = np.zeros(len(s))
    for k in range(folds):
        out = number == k
        curve = fit(s[~out], t[~out]) if (~out).any() else fit(s, t)
        found[out] = curve.probability(s[out])
    return found


@dataclass(frozen=True)
class Bin:
    """A tenth of the answers by probability: how many, what was promised, what came true."""

    count: int
    promised: float
    kept: float


def reliability(probabilities: ArrayLike, true: ArrayLike, bins: int = BINS) -> list[Bin]:
    """Return `bins` bins of like size, by probability."""
    p, t = np.asarray(probabilities, dtype=np.float64), np.asarray(true, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return [Bin(len(part), float(p[part].mean()), float(t[part].mean())) for part in parts]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error: the mean distance of promised and kept, by count (Guo et al. 2017)."""
    return sum(b.count * abs(b.promised - b.kept) for b in bins) / max(1, sum(b.count for b in bins))
