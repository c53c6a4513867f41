"""Quality: retrieval on STARD and CMRC, likeness of sentences."""

import json
from collections.abc import Iterator
from pathlib import Path

from assistant.evaluation.metrics import MEASURES, WAYS
from assistant.models.encoder import load_encoder
from benchmarks.machine import cost

PUBLISHED = {
    "word2vec": [59.46, 31.49, 2.57, 55.78],
    "text2vec-base-chinese": [70.16, 42.67, 17.21, 79.30],
}


def report(data: Path) -> Iterator[str]:
    """Yield the lines of the section."""
    yield "Questions that training saw are left out.\n"
    yield from retrieval(data)
    yield "\nSpearman's correlation (x 100) of cosine and label; other encoders as published by text2vec:\n"
    yield from likeness(data)


def retrieval(data: Path) -> Iterator[str]:
    """Yield the lines of a Markdown table: each way of searching on each collection."""
    yield "| collection | questions | way | " + " | ".join(MEASURES) + " |"
    yield "|---|---|---|" + "---|" * len(MEASURES)
    for name in ("stard", "cmrc2018-dev"):
        result = json.loads(cost(["assistant", "eval", "--beir", str(data / name), "--json"]).output)
        for way in WAYS:
            figures = " | ".join(f"{result[way][measure]:.3f}" for measure in MEASURES)
            yield f"| {name} | {result['queries']} | {way} | {figures} |"


def likeness(data: Path) -> Iterator[str]:
    """Yield the lines of a Markdown table: likeness of sentence pairs, beside published figures."""
    from training.measures import LIKENESS, likeness

    ours = likeness(load_encoder(), data)
    yield "| encoder | " + " | ".join(LIKENESS) + " |"
    yield "|---|" + "---|" * len(LIKENESS)
    for name, figures in {"bundled": [100 * ours[name] for name in LIKENESS], **PUBLISHED}.items():
        yield f"| {name} | " + " | ".join(f"{figure:.2f}" for figure in figures) + " |"
