"""Runs each system in a process of its own, one after the other, and makes one table of them."""

import json
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.evaluation.beir import Collection, load_beir
from assistant.evaluation.metrics import MEASURES, measure
from assistant.models.term_statistics import MODEL, load_seen_questions
from benchmarks.machine import ROOT, cost

RIVALS = ROOT / ".venv-rivals" / "bin" / "python"
PINS = ROOT / "benchmarks" / "rivals.txt"
COLLECTION = "stard"


@dataclass(frozen=True)
class System:
    """A row's name, the runner in `benchmarks.rivals`, the Python that has it, and the runner's own options."""

    name: str
    runner: str
    python: Path
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figures:
    """What is shown of one way of searching: seconds, MB of memory and of disk, milliseconds, measures by name."""

    name: str
    build: float
    memory: float
    disk: float
    p50: float
    p95: float
    measures: Mapping[str, float]


OURS = System("ours", "ours", Path(sys.executable))
TXTAI = System("txtai", "txtai", RIVALS)
SYSTEMS = (
    OURS,
    TXTAI,
    System("txtai, BM25 on characters and pairs", "txtai", RIVALS, ("--ngrams",)),
    System("LlamaIndex, BM25 on characters", "llamaindex", RIVALS),
)


def report(data: Path, reranker: str = "") -> Iterator[str]:
    """Yield the lines of the table; exits where the rivals are not installed."""
    if not RIVALS.exists():
        sys.exit(f"{RIVALS} is missing: `make rivals` installs {PINS.name} there")
    collection = load_beir(data / COLLECTION)
    known = load_seen_questions()
    asked = {q: text for q, text in collection.questions.items() if not known.has(text)}
    yield f"{COLLECTION}: {len(asked)} questions, 100 documents each. Rivals: {', '.join(versions())}.\n"
    yield from header()
    found: list[Figures] = []
    reranked = System("ours", "ours", OURS.python, ("--reranker", reranker))
    for system in (OURS, reranked, *SYSTEMS[1:]) if reranker else SYSTEMS:
        for figures in run(system, collection, asked):
            found.append(figures)
            yield row(figures)
    yield ""
    yield from against(*(next(f for f in found if f.name == name) for name in ("ours, fused", "txtai, hybrid")))


def run(system: System, collection: Collection, asked: Mapping[str, str]) -> list[Figures]:
    """Run one system in a new process and return the figures of each of its ways."""
    with tempfile.TemporaryDirectory() as folder:
        questions, out = Path(folder, "questions.json"), Path(folder, "outcome.json")
        questions.write_text(json.dumps(asked, ensure_ascii=False), encoding="utf-8")
        files = ("--collection", collection.folder, "--questions", questions, "--out", out, "--model", MODEL)
        command = [f"benchmarks.rivals.{system.runner}", *map(str, files), *system.options]
        memory = cost(command, system.python).megabytes
        outcome = json.loads(out.read_text(encoding="utf-8"))
    return [figures(f"{system.name}, {way}", memory, outcome, collection, way) for way in outcome["ways"]]


def figures(name: str, memory: float, outcome: Mapping[str, Any], collection: Collection, way: str) -> Figures:
    """Return what is shown of one way in a runner's outcome (`race.Outcome` as JSON)."""
    found, spent = outcome["ways"][way]["run"], outcome["ways"][way]["milliseconds"]
    grades = {question: dict(collection.grades[question]) for question in found}
    p50, p95 = percentiles(spent)
    disk = outcome["index_bytes"] / 1e6
    return Figures(name, outcome["build_seconds"], memory, disk, p50, p95, measure(found, grades))


def percentiles(values: Sequence[float]) -> tuple[float, float]:
    """Return the 50th and the 95th percentile of two or more values, between neighbours where none is exact."""
    cuts = statistics.quantiles(values, n=20, method="inclusive")
    return cuts[9], cuts[18]


def header() -> Iterator[str]:
    """Yield the head of the table."""
    yield "| system, way | build s | peak MB | index MB | p50 ms | p95 ms | " + " | ".join(MEASURES) + " |"
    yield "|---|" + "---|" * (5 + len(MEASURES))


def row(f: Figures) -> str:
    """Return one row of the table."""
    measures = " | ".join(f"{f.measures[name]:.3f}" for name in MEASURES)
    return f"| {f.name} | {f.build:.1f} | {f.memory:.0f} | {f.disk:.0f} | {f.p50:.1f} | {f.p95:.1f} | {measures} |"


def against(ours: Figures, theirs: Figures) -> Iterator[str]:
    """Yield a table of what was aimed at against one rival, and what was measured."""
    gain = ours.measures["R@10"] - theirs.measures["R@10"]
    yield f"| {ours.name} against {theirs.name} | aim | measured |"
    yield "|---|---|---|"
    yield f"| p50, share of its | ≤ 0.10 | {ours.p50 / theirs.p50:.2f} |"
    yield f"| build, share of its | ≤ 1.00 | {ours.build / theirs.build:.2f} |"
    yield f"| R@10 above it | ≥ 0.080 | {gain:+.3f} |"


def versions() -> list[str]:
    """Return name and version of the rivals themselves, without what they need, from the pins."""
    pins = (line.partition("==") for line in PINS.read_text(encoding="utf-8").splitlines())
    return [f"{name} {version}" for name, _, version in pins if name in ("txtai", "llama-index-core")]
