"""In how many passages each term, and each piece of the tokenizer, occurs."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.base.text import terms
from assistant.models.term_statistics import term_keys
from training.sources import Sources


@dataclass(frozen=True)
class TermCounts:
    """Sorted 64-bit keys of terms and in how many of `documents` passages each occurs."""

    documents: int
    keys: NDArray[np.uint64]
    frequencies: NDArray[np.uint32]


def passages(sources: Sources) -> list[str]:
    """Return every article and every answer or paragraph once: the documents that are counted over."""
    articles = [article.passage for article in [*sources.laws.values(), *sources.regulations]]
    return list(dict.fromkeys(articles + [pair.passage for pair in sources.questions]))


def count_terms(texts: Iterable[str], least: int) -> TermCounts:
    """Return the document frequencies of the terms that at least `least` of `texts` hold."""
    found: Counter[str] = Counter()
    documents = 0
    for text in texts:
        found.update(set(terms(text)))
        documents += 1
    kept = [term for term, count in found.items() if count >= least]
    keys = term_keys(kept)
    order = np.argsort(keys)
    return TermCounts(documents, keys[order], np.array([found[term] for term in kept], dtype=np.uint32)[order])


def count_pieces(ids: NDArray[np.int32], owners: NDArray[np.int64], pieces: int) -> NDArray[np.uint32]:
    """Return in how many documents each piece occurs, (pieces,); `owners` is the document of each of `ids`."""
    once = np.unique(owners * pieces + ids)
    return np.bincount(once % pieces, minlength=pieces).astype(np.uint32)
