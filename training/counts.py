"""In how many passages each term, and each piece of the tokenizer, occurs."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.embedding import term_keys
from assistant.text import terms
from training.sources import Sources

if TYPE_CHECKING:
    from tokenizers import Tokenizer


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


def count_pieces(texts: list[str], tokenizer: "Tokenizer") -> NDArray[np.uint32]:
    """Return in how many of `texts` each piece occurs, (pieces,)."""
    found = np.zeros(tokenizer.get_vocab_size(), dtype=np.uint32)
    for first in range(0, len(texts), 4096):
        for encoding in tokenizer.encode_batch_fast(texts[first : first + 4096], add_special_tokens=False):
            found[np.unique(np.array(encoding.ids, dtype=np.int64))] += 1
    return found
