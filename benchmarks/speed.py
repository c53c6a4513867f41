"""Speed: a cold `ask`, answers inside a running process, building and updating a large index."""

import json
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from assistant.answering.service import Service
from assistant.base.settings import Settings
from assistant.evaluation.beir import load_beir
from benchmarks.machine import ROOT, cost, own_peak
from training.laws import read_laws, write_laws

QUESTION = "巡视整改要求是什么"
RUNS = 5


def report(data: Path) -> Iterator[str]:
    """Yield the lines of the section, a table."""
    yield "| what | measured |\n|---|---|"
    yield from cold()
    yield from warm(data)


def cold() -> Iterator[str]:
    """Yield rows: `ask` in a new process over the standing index of the speech."""
    with tempfile.TemporaryDirectory() as folder:
        index = ["--index", f"{folder}/index"]
        cost(["assistant", "build", *index])
        runs = [cost(["assistant", "ask", *index, QUESTION]) for _ in range(RUNS)]
    yield f"| cold `ask`, speech, median of {RUNS} | {statistics.median(r.seconds for r in runs):.2f} s |"
    yield f"| peak memory of a cold `ask` | {max(r.megabytes for r in runs):.0f} MB |"


def warm(data: Path) -> Iterator[str]:
    """Yield rows: answers inside one process, over the speech and over STARD's laws as files."""
    gold = [json.loads(line)["question"] for line in (data.parent / "gold/speech.jsonl").open(encoding="utf-8")]
    with tempfile.TemporaryDirectory() as folder:
        service = Service(Settings(corpus=ROOT / "corpus", index=Path(folder, "index")))
        service.ensure()
        yield f"| answer, speech, p50 / p95 of {len(gold)} questions | {_quantiles(service, gold)} |"
        yield from _laws(data, Path(folder))


def _laws(data: Path, folder: Path) -> Iterator[str]:
    corpus = folder / "laws"
    files = len(write_laws(read_laws(data), corpus))
    service = Service(Settings(corpus=corpus, index=folder / "laws-index"))
    first = service.refresh()
    yield f"| build, {files} laws, {first.counts['passage']} passages | {first.seconds:.1f} s |"
    changed = next(corpus.iterdir())
    changed.write_text(changed.read_text(encoding="utf-8") + "\n新增一条规定。\n", encoding="utf-8")
    again = service.refresh()
    yield f"| build again, one law changed ({again.encoded} passages encoded) | {again.seconds:.1f} s |"
    size = sum(f.stat().st_size for f in (folder / "laws-index").rglob("*") if f.is_file()) / 2
    yield f"| index size (one generation) | {size / 1e6:.0f} MB |"
    questions = list(load_beir(data / "stard").questions.values())[:300]
    yield f"| answer, laws, p50 / p95 of {len(questions)} questions | {_quantiles(service, questions)} |"
    yield f"| peak memory of this benchmark | {own_peak():.0f} MB |"


def _quantiles(service: Service, questions: list[str]) -> str:
    spent = []
    for question in [questions[0], *questions]:
        started = perf_counter()
        service.ask(question)
        spent.append(1000 * (perf_counter() - started))
    cuts = statistics.quantiles(spent[1:], n=20)
    return f"{cuts[9]:.1f} / {cuts[18]:.1f} ms"
