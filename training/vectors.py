"""One vector a piece, learned from pairs by multiple-negatives ranking in both directions.

A text is the sum of its pieces' vectors, normalised. In a batch of one kind each left side must
find its right side among all right sides, and the other way round (Henderson et al. 2017), by
softmax over `scale` times the cosine. Kinds with questions, which are passed over several times, lose
some pieces each time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.pairs import Pairs, Spans


@dataclass(frozen=True)
class Recipe:
    """Everything that a training run depends on but the data."""

    pieces: int = 32_000
    longest: int = 4
    sample_every: int = 5
    dimensions: int = 256
    batch: int = 2048
    passes: int = 3
    repeats: int = 6
    rate: float = 5e-3
    warmup: float = 0.1
    scale: float = 20.0
    length: float = 4.8
    question_dropout: float = 0.4
    passage_dropout: float = 0.2
    mined_rounds: int = 6
    mined_every: int = 3
    mined_depth: int = 100
    mined_negatives: int = 8
    mined_batch: int = 256
    mined_rate: float = 3e-3
    seed: int = 20240
    threads: int = 2


def first_vectors(directions: NDArray[np.float32], idf: NDArray[np.float32], recipe: Recipe) -> NDArray[np.float32]:
    """Return `directions` (pieces, dimensions), of length 1 or 0, with lengths in proportion to `idf`.

    A direction of length 0 becomes a random one.
    """
    rng = np.random.default_rng(recipe.seed)
    chance = rng.standard_normal(directions.shape, dtype=np.float32) / recipe.dimensions**0.5
    known = np.linalg.norm(directions, axis=1, keepdims=True) > 0
    return np.where(known, directions, chance) * (recipe.length * idf / idf.mean())[:, None]


def learn(
    start: NDArray[np.float32], ids: NDArray[np.int32], kinds: list[Pairs], recipe: Recipe, say: Callable[[str], None]
) -> NDArray[np.float32]:
    """Return the vectors (pieces, dimensions) after all passes over `kinds`; `ids` is the pool they point into."""
    import torch
    from scipy.sparse import vstack

    torch.set_num_threads(recipe.threads)
    vectors, rng = start.copy(), np.random.default_rng(recipe.seed)
    optimizer = LazyAdam(vectors)
    plan = list(batches(kinds, recipe))
    warm = max(1, int(recipe.warmup * len(plan)))
    for step, (kind, rows) in enumerate(plan):
        sides = [bag_matrix(ids, side[rows], len(vectors)) for side in (kinds[kind].left, kinds[kind].right)]
        if kinds[kind].repeats > 1:
            sides = [thinned(sides[0], recipe.question_dropout, rng), thinned(sides[1], recipe.passage_dropout, rng)]
        bags = vstack(sides, format="csr")
        loss, slope = loss_and_slope(bags @ vectors, same_side(kinds[kind], rows), recipe.scale)
        rate = recipe.rate * min((step + 1) / warm, (len(plan) - step) / (len(plan) - warm + 1))
        optimizer.step(np.unique(bags.indices), bags.T @ slope, rate)
        if step % 50 == 0 or step + 1 == len(plan):
            say(f"step {step + 1} of {len(plan)}: loss {loss:.3f} ({kinds[kind].name})")
    return vectors


class LazyAdam:
    """Adam (Kingma & Ba 2015) on the rows that a batch touches, as torch's SparseAdam, without its sorting."""

    def __init__(self, vectors: NDArray[np.float32], betas: tuple[float, float] = (0.9, 0.999)) -> None:
        """Will change `vectors` in place."""
        self._vectors = vectors
        self._first, self._second = np.zeros_like(vectors), np.zeros_like(vectors)
        self._betas, self._steps = betas, 0

    def step(self, rows: NDArray[np.int32], slope: NDArray[np.float32], rate: float) -> None:
        """Move `rows` against their `slope` (pieces, dimensions)."""
        self._steps += 1
        now, (beta, gamma) = slope[rows], self._betas
        self._first[rows] = first = beta * self._first[rows] + (1 - beta) * now
        self._second[rows] = second = gamma * self._second[rows] + (1 - gamma) * now * now
        rate *= (1 - gamma**self._steps) ** 0.5 / (1 - beta**self._steps)
        self._vectors[rows] -= rate * first / (np.sqrt(second) + 1e-8)


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
    """Return the ids in `spans` (n, k, 2), one side after the other, and where each starts (n + 1,)."""
    starts, lengths = spans[..., 0].ravel(), (spans[..., 1] - spans[..., 0]).ravel()
    ends = np.cumsum(lengths)
    places = np.arange(ends[-1]) + np.repeat(starts - ends + lengths, lengths)
    return ids[places], np.append(0, ends[spans.shape[1] - 1 :: spans.shape[1]])


def bag_matrix(ids: NDArray[np.int32], spans: Spans, pieces: int) -> Any:
    """Return how often each piece occurs in each text of `spans` (n, k, 2): scipy CSR, (n, pieces)."""
    from scipy.sparse import csr_matrix

    found, starts = gather(ids, spans)
    return csr_matrix((np.ones(len(found), np.float32), found, starts), shape=(len(spans), pieces))


def thinned(bags: Any, share: float, rng: np.random.Generator) -> Any:
    """Return `bags` (CSR) with about `share` of the pieces left out, so that no single one is relied on."""
    kept = bags.copy()
    kept.data = kept.data * (rng.random(kept.nnz, dtype=np.float32) >= share)
    return kept


def loss_and_slope(
    sums: NDArray[np.float32], same: NDArray[np.bool_], scale: float
) -> tuple[float, NDArray[np.float32]]:
    """Return the ranking loss of `sums` (2 n, dimensions), left sides above right ones, and its slope in `sums`."""
    import torch
    from torch.nn.functional import cross_entropy, normalize

    texts = torch.from_numpy(sums).requires_grad_()
    left, right = normalize(texts).chunk(2)
    scores = (scale * left @ right.T).masked_fill(torch.from_numpy(same), float("-inf"))
    target = torch.arange(len(same))
    loss = (cross_entropy(scores, target) + cross_entropy(scores.T, target)) / 2
    loss.backward()
    assert texts.grad is not None
    return loss.item(), texts.grad.numpy()


def same_side(pairs: Pairs, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which cells off the diagonal are no negatives, as they share a side, (batch, batch)."""
    left, right = pairs.left_key[rows], pairs.right_key[rows]
    same = (left[:, None] == left) | (right[:, None] == right)
    np.fill_diagonal(same, False)
    return same
