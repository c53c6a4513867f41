"""Dense, lexical and fused search over an opened index, to `Hit`.

Fusing adds the dense score, scaled between the best and the worst of its candidates, and the
lexical score divided by its best. The lexical side asks for a question's topics, without its
interrogatives; the dense side for the whole question. Figures: docs/evaluation.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.embedding import Encoder
from assistant.errors import SettingsError
from assistant.glossary import Glossary
from assistant.questions import parse_question
from assistant.records import DocumentRecord, PassageRecord
from assistant.store import Index
from assistant.text import terms

CANDIDATES = 200
VARIANT_WEIGHT = 0.5

Scores = list[tuple[int, float]]


@dataclass(frozen=True)
class Hit:
    """A passage with its scores: `score` fused, `lexical` and `dense` as scaled into it, 0 to 1."""

    document: DocumentRecord
    passage: PassageRecord
    text: str
    score: float
    lexical: float
    dense: float


@dataclass(frozen=True)
class Ranking:
    """Passage numbers with scores, best first, by each way of searching; `lexical` is BM25, `dense` the cosine."""

    lexical: Scores
    dense: Scores
    fused: list[tuple[int, float, float, float]]


class Retriever:
    """Searches one index with one encoder."""

    def __init__(self, index: Index, encoder: Encoder, glossary: Glossary, dense_weight: float = 0.5) -> None:
        self.index, self.encoder, self.glossary = index, encoder, glossary
        self._weight = dense_weight

    def search(self, question: str, k: int = 20, documents: Sequence[str] | None = None, each: int = 0) -> list[Hit]:
        """Return the best `k` passages for `question`, best first, and with them the best `each` of each way.

        `documents` limits the search to these document ids; raises `SettingsError` for an unknown one.
        """
        ranking = self.rank(question, documents)
        wanted = {row[0] for row in [*ranking.fused[:k], *ranking.lexical[:each], *ranking.dense[:each]]}
        fused = [row for row in ranking.fused if row[0] in wanted]
        records = self.index.records
        hits = []
        for passage, (_, score, lexical, dense) in zip(records.passages([f[0] for f in fused]), fused, strict=True):
            text = records.text(passage.document)[passage.start : passage.end]
            hits.append(Hit(records.document(passage.document), passage, text, score, lexical, dense))
        return hits

    def rank(self, question: str, documents: Sequence[str] | None = None, k: int = CANDIDATES) -> Ranking:
        """Return the best `k` passages of each way of searching and of both together."""
        numbers = None if documents is None else self._numbers(documents)
        lexical = self.index.lexical.search(self._terms(question), k, numbers)
        allowed = None
        if numbers is not None:
            allowed = np.array(self.index.records.passage_numbers(numbers), dtype=np.int64)
        dense = self.index.vectors.search(self.vector(question), k, allowed)
        return Ranking(lexical, dense, fuse(lexical, dense, self._weight))

    def vector(self, question: str) -> np.ndarray:
        """Return the unit vector (dimensions,) of a question: the mean over its glossary variants."""
        total = self.encoder.encode_queries(self.glossary.variants(question)).sum(axis=0)
        length = float(np.linalg.norm(total))
        return total / length if length else total

    def _terms(self, question: str) -> Iterable[tuple[str, float]]:
        weights: dict[str, float] = {}
        topics = " ".join(parse_question(question).topics) or question
        for count, variant in enumerate(self.glossary.variants(topics)):
            for term in dict.fromkeys(terms(variant)):
                weights.setdefault(term, VARIANT_WEIGHT if count else 1.0)
        return weights.items()

    def _numbers(self, documents: Sequence[str]) -> list[int]:
        found = self.index.records.numbers(documents)
        missing = [d for d in documents if d not in found]
        if missing:
            raise SettingsError(f"索引里没有编号为 {missing[0]} 的文件：请用 doctor 查看现有文件的编号。")
        return list(found.values())


def fuse(lexical: Scores, dense: Scores, weight: float) -> list[tuple[int, float, float, float]]:
    """Return (passage, fused, lexical share, dense share), best first, ties by passage number.

    Lexical scores are divided by their best; dense ones scaled to 0..1 over the candidates given.
    """
    top = max((score for _, score in lexical), default=0.0)
    low = min((score for _, score in dense), default=0.0)
    high = max((score for _, score in dense), default=0.0)
    span = high - low
    words = {n: score / top if top > 0 else 0.0 for n, score in lexical}
    meaning = {n: (score - low) / span if span > 0 else float(high > 0) for n, score in dense}
    rows = []
    for n in words.keys() | meaning.keys():
        a, b = words.get(n, 0.0), meaning.get(n, 0.0)
        rows.append((n, (1 - weight) * a + weight * b, a, b))
    return sorted(rows, key=lambda row: (-row[1], row[0]))
