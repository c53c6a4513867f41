"""What the encoder is worth: law articles found for questions it never saw, and likeness of sentences."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.models.encoder import Encoder
from training.sources import Sources, read_jsonl

DEPTHS = (5, 10, 100)
LIKENESS = ("lcqmc", "bq", "pawsx", "stsb")


def retrieval(encoder: Encoder, sources: Sources, questions: list[str]) -> dict[str, float]:
    """Return mean recall at `DEPTHS` and MRR@10 of the law questions with these ids over all law articles."""
    names = list(sources.laws)
    row = {name: number for number, name in enumerate(names)}
    articles = encoder.encode_documents([sources.laws[name].passage for name in names])
    scores = encoder.encode_queries([sources.law_questions[name] for name in questions]) @ articles.T
    best = np.argsort(-scores, axis=1, kind="stable")[:, : max(DEPTHS)]
    gold = [[row[law] for law in sources.gold[name]] for name in questions]
    return recall_and_rank(best, gold)


def recall_and_rank(best: NDArray[np.int64], gold: list[list[int]]) -> dict[str, float]:
    """Return R@k for each of `DEPTHS` and MRR@10, from ranked rows (n, deepest) and the right rows of each."""
    right = [np.isin(ranked, rows) for ranked, rows in zip(best, gold, strict=True)]
    measured = {
        f"R@{k}": float(np.mean([hit[:k].sum() / len(rows) for hit, rows in zip(right, gold, strict=True)]))
        for k in DEPTHS
    }
    ranks = [float(hit[:10].any() and 1 / (1 + hit[:10].argmax())) for hit in right]
    return {**measured, "MRR@10": float(np.mean(ranks))}


def likeness(encoder: Encoder, data: Path) -> dict[str, float]:
    """Return Spearman's correlation of cosine and label on each set of sentence pairs."""
    return {name: _correlation(encoder, data / f"sts/{name}.jsonl.xz") for name in LIKENESS}


def _correlation(encoder: Encoder, path: Path) -> float:
    from scipy.stats import spearmanr

    rows = read_jsonl(path)
    left, right = (encoder.encode_queries([row[side] for row in rows]) for side in ("a", "b"))
    return float(spearmanr((left * right).sum(1), [row["label"] for row in rows]).statistic)
