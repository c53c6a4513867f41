"""One vector a piece, learned from pairs by multiple-negatives ranking in both directions.

A text is the sum of its pieces' vectors, normalised. In a batch of one kind each left side must
find its right side among all right sides, and the other way round (Henderson et al. 2017), by
softmax over `scale` times the cosine.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from training.pairs import Pairs, Spans

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Recipe:
    """Everything that a training run depends on but the data."""

    pieces: int = 32_000
    longest: int = 4
    sample_every: int = 5
    dimensions: int = 256
    batch: int = 2048
    passes: int = 3
    repeats: int = 3
    rate: float = 2e-2
    warmup: float = 0.1
    scale: float = 20.0
    spread: float = 0.1
    seed: int = 20240
    threads: int = 2


def first_vectors(idf: NDArray[np.float32], recipe: Recipe) -> NDArray[np.float32]:
    """Return random vectors (pieces, dimensions) whose lengths are in proportion to `idf`."""
    rng = np.random.default_rng(recipe.seed)
    start = rng.standard_normal((len(idf), recipe.dimensions), dtype=np.float32)
    return start * (recipe.spread * idf / idf.mean())[:, None]


def learn(
    start: NDArray[np.float32], ids: NDArray[np.int32], kinds: list[Pairs], recipe: Recipe, say: Callable[[str], None]
) -> NDArray[np.float32]:
    """Return the vectors (pieces, dimensions) after all passes over `kinds`; `ids` is the pool they point into."""
    import torch

    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    bag = torch.nn.EmbeddingBag.from_pretrained(torch.from_numpy(start), freeze=False, mode="sum", sparse=True)
    optimizer = torch.optim.SparseAdam(list(bag.parameters()), lr=recipe.rate)
    plan = list(batches(kinds, recipe))
    warm = max(1, int(recipe.warmup * len(plan)))
    rates = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, (len(plan) - step) / (len(plan) - warm + 1))
    )
    for step, (kind, rows) in enumerate(plan):
        loss = _loss(bag, ids, kinds[kind], rows, recipe.scale)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        rates.step()
        if step % 50 == 0 or step + 1 == len(plan):
            say(f"step {step + 1} of {len(plan)}: loss {loss.item():.3f} ({kinds[kind].name})")
    return bag.weight.detach().numpy()


def batches(kinds: list[Pairs], recipe: Recipe) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Yield (kind, rows): in each pass all full batches of all kinds in random order."""
    rng = np.random.default_rng(recipe.seed)
    for _ in range(recipe.passes):
        planned = [(kind, rows) for kind, pairs in enumerate(kinds) for rows in _cut(pairs, recipe.batch, rng)]
        for number in rng.permutation(len(planned)):
            yield planned[number]


def _cut(pairs: Pairs, size: int, rng: np.random.Generator) -> list[NDArray[np.int64]]:
    order = np.concatenate([rng.permutation(len(pairs)) for _ in range(pairs.repeats)])
    return [order[first : first + size] for first in range(0, len(order) - size + 1, size)]


def gather(ids: NDArray[np.int32], spans: Spans) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return the ids in `spans` (n, k, 2), one side after the other, and where each side starts (n,)."""
    starts, lengths = spans[..., 0].ravel(), (spans[..., 1] - spans[..., 0]).ravel()
    before = np.cumsum(lengths) - lengths
    places = np.arange(lengths.sum()) + np.repeat(starts - before, lengths)
    return ids[places], before.reshape(spans.shape[:2])[:, 0]


def _loss(bag: Any, ids: NDArray[np.int32], pairs: Pairs, rows: NDArray[np.int64], scale: float) -> "torch.Tensor":
    import torch
    from torch.nn.functional import cross_entropy, normalize

    left, right = (
        normalize(bag(*map(torch.from_numpy, gather(ids, side[rows])))) for side in (pairs.left, pairs.right)
    )
    scores = scale * left @ right.T
    scores = scores.masked_fill(torch.from_numpy(_same(pairs, rows)), float("-inf"))
    target = torch.arange(len(rows))
    return (cross_entropy(scores, target) + cross_entropy(scores.T, target)) / 2


def _same(pairs: Pairs, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which cells off the diagonal are no negatives, as they share a side, (batch, batch)."""
    left, right = pairs.left_key[rows], pairs.right_key[rows]
    same = (left[:, None] == left) | (right[:, None] == right)
    np.fill_diagonal(same, False)
    return same
