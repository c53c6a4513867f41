"""Quality: retrieval on STARD and CMRC, answers on the speech's gold questions."""

import json
from collections.abc import Iterator
from pathlib import Path

from benchmarks.machine import cost

NAMES = ("R@5", "R@10", "R@100", "MRR@10", "nDCG@10")


def retrieval(data: Path) -> Iterator[str]:
    """Yield the lines of a Markdown table: each way of searching on each collection."""
    yield "| collection | questions | way | " + " | ".join(NAMES) + " |"
    yield "|---|---|---|" + "---|" * len(NAMES)
    for name in ("stard", "cmrc2018-dev"):
        result = json.loads(cost(["assistant", "eval", "--beir", str(data / name), "--json"]).output)
        for way in ("lexical", "dense", "fused"):
            figures = " | ".join(f"{result[way][measure]:.3f}" for measure in NAMES)
            yield f"| {name} | {result['queries']} | {way} | {figures} |"


def answers(data: Path) -> Iterator[str]:
    """Yield the lines of a Markdown table: measures of the answers on the speech."""
    gold = data.parent / "gold" / "speech.jsonl"
    figures = json.loads(cost(["assistant", "eval", "--gold", str(gold), "--json"]).output)
    yield "| " + " | ".join(figures) + " |"
    yield "|" + "---|" * len(figures)
    yield "| " + " | ".join(str(value) for value in figures.values()) + " |"
