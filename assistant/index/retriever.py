"""Hybrid retrieval: dense and lexical search over an opened index, fused, and reranked if there is a reranker.

The fused score is a weighted sum of the cosine and of BM25 as a share of the highest that the question could
reach. Both say how close a passage is, not only which is closest: a question in a document's own words is
decided by BM25, one in a layman's words by the cosine. The lexical search uses the question's topics, without
interrogatives; the dense search the whole question. Figures: docs/evaluation.md.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from assistant.base.errors import MissingError
from assistant.base.text import fold, terms
from assistant.index.folder import Index
from assistant.index.records import DocumentRecord, PassageRecord
from assistant.language.everyday import load_everyday
from assistant.language.glossary import Glossary
from assistant.language.question import Question
from assistant.models.encoder import Encoder
from assistant.models.reranker import Reranker

CANDIDATES = 200
VARIANT_WEIGHT = 0.5
# Words are searched here while the caller's thread searches vectors: both leave Python for most of their time.
_THREADS = ThreadPoolExecutor(thread_name_prefix="words")

Scores = list[tuple[int, float]]
Fused = list[tuple[int, float, float, float]]


@dataclass(frozen=True)
class Hit:
    """A retrieved passage with its scores, 0 to 1: `score` is the fused or the reranker's.

    `lexical` (BM25 as a share of the highest possible) and `dense` (cosine, at least 0) are what was fused.
    """

    document: DocumentRecord
    passage: PassageRecord
    text: str
    score: float
    lexical: float
    dense: float


@dataclass(frozen=True)
class Ranking:
    """(Passage number, score) pairs, best first, by way of searching; `lexical` is BM25, `dense` the cosine."""

    lexical: Scores
    dense: Scores
    fused: Fused


class Retriever:
    """Searches one index with one encoder and, if given, a reranker."""

    def __init__(
        self,
        index: Index,
        encoder: Encoder,
        glossary: Glossary,
        dense_weight: float = 0.4,
        reranker: Reranker | None = None,
    ) -> None:
        self.index, self.encoder, self.glossary, self.reranker = index, encoder, glossary, reranker
        self._everyday = load_everyday()
        self.weight = dense_weight

    def search(
        self, question: Question, k: int = 20, documents: Sequence[str] | None = None, each: int = 0
    ) -> list[Hit]:
        """Return the best `k` passages for `question`, best first, and in addition the best `each` of each search.

        `documents` limits the search to these document ids; raises `SettingsError` for an unknown one.
        """
        ranking = self.rank(question, documents)
        ordered = self.reranked(question.text, ranking.fused)
        wanted = {row[0] for row in [*ordered[:k], *ranking.lexical[:each], *ranking.dense[:each]]}
        fused = [row for row in ordered if row[0] in wanted]
        records = self.index.records
        hits = []
        for passage, (_, score, lexical, dense) in zip(records.passages([f[0] for f in fused]), fused, strict=True):
            text = records.text(passage.document)[passage.start : passage.end]
            hits.append(Hit(records.document(passage.document), passage, text, score, lexical, dense))
        return hits

    def rank(self, question: Question, documents: Sequence[str] | None = None, k: int = CANDIDATES) -> Ranking:
        """Return the best `k` passages of each search and of the fused ranking."""
        numbers = None if documents is None else self._numbers(documents)
        words = _THREADS.submit(self._lexical, question, k, numbers)
        allowed = None
        if numbers is not None:
            allowed = np.array(self.index.records.passage_numbers(numbers), dtype=np.int64)
        vector = self.vector(question.text)
        dense = self.index.vectors.search(vector, k, allowed)
        lexical, highest = words.result()
        cosines = dict(dense)
        missing = [number for number, _ in lexical if number not in cosines]
        cosines.update(zip(missing, (self.index.vectors.vectors(missing) @ vector).tolist(), strict=True))
        shares = {number: min(score / highest, 1.0) for number, score in lexical}
        floor = min(shares.values(), default=0.0) if len(lexical) == k else 0.0
        return Ranking(lexical, dense, fuse(shares, cosines, floor, self.weight))

    def _lexical(self, question: Question, k: int, documents: Sequence[int] | None) -> tuple[Scores, float]:
        """Return BM25's (passage number, score) pairs, and the score that no passage can exceed."""
        wanted = self.terms(question)
        return self.index.lexical.search(wanted, k, documents), self.index.lexical.highest(wanted)

    def reranked(self, question: str, fused: Fused) -> Fused:
        """Return `fused` with its first passages reordered and rescored by the reranker.

        The passages below keep their order; their scores are scaled by the lowest score above them. Without a
        reranker `fused` is returned unchanged.
        """
        if self.reranker is None or not fused:
            return fused
        best, rest = fused[: self.reranker.candidates], fused[self.reranker.candidates :]
        scores = self.reranker.score(question, self.index.records.words([row[0] for row in best]))
        scored = [(n, float(score), a, b) for (n, _, a, b), score in zip(best, scores, strict=True)]
        lowest = float(scores.min())
        below = [(n, lowest * min(score, 1.0), a, b) for n, score, a, b in rest]
        return sorted(scored, key=lambda row: -row[1]) + below

    def vector(self, question: str) -> np.ndarray:
        """Return the unit vector (dimensions,) of a question: the normalised mean over its glossary variants."""
        total = self.encoder.encode_queries(self.glossary.variants(question)).sum(axis=0)
        length = float(np.linalg.norm(total))
        return total / length if length else total

    def terms(self, question: Question) -> list[tuple[str, float]]:
        """Return (term, weight) pairs of a question's topics; official words for an everyday word weigh less."""
        weights: dict[str, float] = {}
        topics = " ".join(question.topics) or question.text
        for count, variant in enumerate(self.glossary.variants(topics)):
            for term in dict.fromkeys(terms(variant)):
                weights.setdefault(term, VARIANT_WEIGHT if count else 1.0)
        for _, official in self._everyday.cut(fold(topics)):
            for term in dict.fromkeys(pair for word in official for pair in terms(word) if len(pair) > 1):
                weights.setdefault(term, VARIANT_WEIGHT / len(official) ** 0.5)
        return list(weights.items())

    def _numbers(self, documents: Sequence[str]) -> list[int]:
        found = self.index.records.numbers(documents)
        missing = [d for d in documents if d not in found]
        if missing:
            raise MissingError(f"索引里没有编号为 {missing[0]} 的文件：请用 doctor 查看现有文件的编号。")
        return list(found.values())


def fuse(shares: Mapping[int, float], cosines: Mapping[int, float], floor: float, weight: float) -> Fused:
    """Return (passage, fused, lexical share, cosine) of every passage in `cosines`, best first, ties by number.

    Shares and cosines are 0 to 1 (negative cosines become 0), `weight` is that of the cosine. A passage without
    a share gets `floor`, that of the last one that BM25 found: it has at most that.
    """
    numbers = np.fromiter(cosines, dtype=np.int64, count=len(cosines))
    closeness = np.fromiter(cosines.values(), dtype=np.float64, count=len(cosines)).clip(0, 1)
    words = np.array([shares.get(number, floor) for number in cosines], dtype=np.float64)
    fused = (1 - weight) * words + weight * closeness
    best = np.lexsort((numbers, -fused))
    return list(zip(*(values[best].tolist() for values in (numbers, fused, words, closeness)), strict=True))
