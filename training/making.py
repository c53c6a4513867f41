"""One training run, from the texts that were read to an encoder's folder."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.models.term_statistics import inverse_frequency
from training import cooccurrence, counts, export, heldout, mining, pairs, pieces, vectors
from training.sources import Sources

if TYPE_CHECKING:
    from tokenizers import Tokenizer

LEAST_DOCUMENTS = 5


class Clock:
    """Prints what is done with the seconds since the start."""

    def __init__(self) -> None:
        self._start = time.perf_counter()

    def passed(self) -> float:
        """Return the seconds since the start."""
        return time.perf_counter() - self._start

    def say(self, text: str) -> None:
        """Print `text` behind the seconds."""
        print(f"{self.passed():6.0f} s  {text}", flush=True)


@dataclass(frozen=True)
class Made:
    """What a run left out and learned from: `held` question ids, records `lost` to them, passages, pairs by kind."""

    held: list[str]
    lost: dict[str, int]
    passages: int
    pairs: dict[str, dict[str, int]]


def make(
    everything: Sources, out: Path, recipe: vectors.Recipe, fold: int, clock: Clock, tokenizer: "Tokenizer | None"
) -> Made:
    """Learn an encoder without the questions of `fold` and write it to `out`; without a tokenizer, learn that first."""
    held = heldout.heldout_ids(everything, fold)
    usable, lost = heldout.without_heldout(everything, held)
    clock.say(f"read; left out {lost}")
    if tokenizer is None:
        tokenizer = pieces.learn(pieces.sample(usable, recipe.sample_every), recipe.pieces, recipe.longest)
        clock.say(f"{tokenizer.get_vocab_size()} pieces")
    texts = counts.passages(usable)
    frequencies, start = _start(texts, tokenizer, recipe)
    clock.say(f"first vectors from {len(texts)} passages")
    pool = pairs.Pool(tokenizer)
    kinds = pairs.make(usable, pool, recipe.repeats, recipe.seed)
    clock.say("; ".join(f"{len(kind)} x {kind.repeats} ({kind.name})" for kind in kinds))
    learned = vectors.learn(start, pool.ids(), kinds, recipe, clock.say)
    given = mining.exercises(usable, tokenizer)
    clock.say(f"{len(given.rows)} questions with a right text, {given.passages.shape[0]} passages")
    learned = mining.learn(learned, given, recipe, clock.say)
    learned[tokenizer.token_to_id(pieces.UNKNOWN)] = 0
    export.save_model(learned, tokenizer, out)
    export.save_background(counts.count_terms(texts, LEAST_DOCUMENTS), frequencies, out)
    export.save_seen(heldout.seen_keys(usable), out)
    clock.say(f"saved to {out}")
    counted = {kind.name: {"pairs": len(kind), "times a pass": kind.repeats} for kind in kinds}
    return Made(held, lost, len(texts), counted)


def _start(
    texts: list[str], tokenizer: "Tokenizer", recipe: vectors.Recipe
) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
    """Return the document frequencies of the pieces over `texts`, and the pieces' first vectors."""
    pool = pairs.Pool(tokenizer)
    pool.add(texts)
    ids, owners, size = pool.ids(), pool.owners(), tokenizer.get_vocab_size()
    frequencies = counts.count_pieces(ids, owners, size)
    company = cooccurrence.learn(ids, owners, size, recipe.dimensions, recipe.seed)
    return frequencies, vectors.first_vectors(company, inverse_frequency(frequencies, len(texts)), recipe)
