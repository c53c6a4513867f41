"""Scale: what building, asking and updating cost from a thousand passages to a million.

The passages are made: sentences of STARD's articles drawn with a seed and joined to paragraphs of
the real length, a hundred to a document, under the real titles. The questions are STARD's. Building
and asking run in processes of their own, so that their memory is theirs alone.
"""

import json
import re
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from assistant.evaluation.beir import load_beir
from assistant.index.folder import open_index, read_manifest
from assistant.index.retriever import Retriever
from assistant.language.glossary import Glossary
from assistant.language.question import parse_question
from assistant.models.encoder import load_encoder
from benchmarks.chart import Line, Panel, chart
from benchmarks.machine import ROOT, cost

SIZES = (1_000, 10_000, 100_000, 1_000_000)
QUESTIONS = 200
PASSAGES_EACH = 100
PARAGRAPH = (75, 190)  # characters: sentences are added up to the first, none that would go over the second
BEST = 10
COLUMNS = (
    "passages",
    "build",
    "peak of building",
    "index",
    "open",
    "search p50 / p95",
    "of it BM25",
    "of it vectors",
    "peak of searching",
    "recall@10",
    "one document changed",
)
CHART = ROOT / "docs" / "images" / "scale.svg"

_SEED = 7
_SENTENCE = re.compile(r"[^。；\n]+[。；]")
_LABEL = re.compile(r"第[一二三四五六七八九十百千零〇]+条.*")
_SAME = 1e-4


@dataclass(frozen=True)
class Scale:
    """Figures of one size: seconds, megabytes on disk and at the peak, milliseconds a question, recall@10."""

    passages: int
    build: float
    build_memory: float
    size: float
    open: float
    asked: dict[str, list[float]]
    serve_memory: float
    recall: float
    update: float

    def ms(self, part: str, percent: int = 50) -> float:
        """Return a percentile of the milliseconds that a part of asking took: whole, lexical or dense."""
        return float(np.percentile(self.asked[part], percent))


def report(data: Path, sizes: Sequence[int] = SIZES, image: Path = CHART) -> Iterator[str]:
    """Yield the lines of a Markdown table, a row a size, and write the chart."""
    yield "| " + " | ".join(COLUMNS) + " |"
    yield "|---" * len(COLUMNS) + "|"
    done = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            done.append(measured(data, Path(folder), size))
        yield row(done[-1])
    image.parent.mkdir(parents=True, exist_ok=True)
    image.write_text(drawn(done), encoding="utf-8")
    yield f"\n![Cost by number of passages](images/{image.name})\n"
    yield (
        f"Made passages (benchmarks/scale.py), {QUESTIONS} questions of STARD's, p50 where not said; a search is BM25, "
        "vectors, fusion and reading the passages found, without choosing sentences. Peaks are of "
        "memory, mapped files included. Recall@10: how many of the ten passages found by their vectors are as near "
        "as the true ten, by exact comparison."
    )


def row(s: Scale) -> str:
    """Return a row of the table."""
    parts = [
        f"{s.passages:,}",
        f"{s.build:.1f} s",
        f"{s.build_memory:.0f} MB",
        f"{s.size:.0f} MB",
        f"{s.open:.2f} s",
        f"{s.ms('whole'):.1f} / {s.ms('whole', 95):.1f} ms",
        f"{s.ms('lexical'):.1f} ms",
        f"{s.ms('dense'):.1f} ms",
        f"{s.serve_memory:.0f} MB",
        f"{s.recall:.3f}",
        f"{s.update:.1f} s",
    ]
    return "| " + " | ".join(parts) + " |"


def measured(data: Path, folder: Path, passages: int) -> Scale:
    """Make a corpus, build, ask, change one document and build again."""
    corpus, index = folder / "corpus", folder / "index"
    write_corpus(data, corpus, passages)
    build = ["assistant", "build", "--corpus", str(corpus), "--index", str(index)]
    first = cost(build)
    manifest = read_manifest(index)
    size = sum(size for size, _ in manifest.checksums.values()) / 1e6
    serve = cost(["benchmarks.scale", str(data), str(index)])
    asked = json.loads(serve.output)
    recall = exact_recall(data, index, asked.pop("found"))
    changed = sorted(corpus.iterdir())[0]
    changed.write_text(changed.read_text(encoding="utf-8") + "新增一条规定。\n", encoding="utf-8")
    update = cost(build)
    opened = asked.pop("open")
    counted = manifest.counts["passage"]
    return Scale(counted, first.seconds, first.megabytes, size, opened, asked, serve.megabytes, recall, update.seconds)


def write_corpus(data: Path, corpus: Path, passages: int) -> None:
    """Write about `passages` passages to `corpus`, `PASSAGES_EACH` to a file."""
    articles = list(load_beir(data / "stard").documents())
    sentences = [s for article in articles for s in _SENTENCE.findall(article.text) if len(s) <= PARAGRAPH[1]]
    titles = sorted({_LABEL.sub("", article.title) for article in articles})
    rng = np.random.default_rng(_SEED)
    corpus.mkdir()
    for number in range(passages // PASSAGES_EACH):
        lines = [paragraph(sentences, rng) for _ in range(PASSAGES_EACH)]
        name = titles[int(rng.integers(len(titles)))][:40].replace("/", "_")
        (corpus / f"{number:05} {name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def paragraph(sentences: Sequence[str], rng: np.random.Generator) -> str:
    """Return sentences drawn until they are long enough for a paragraph of one passage."""
    low, high = PARAGRAPH
    text = ""
    while len(text) < low:
        sentence = sentences[int(rng.integers(len(sentences)))]
        text += sentence if len(text) + len(sentence) <= high else ""
    return text


def ask(data: Path, folder: Path) -> dict[str, Any]:
    """Open the index, ask each question once, and return milliseconds a part and what the vectors found."""
    encoder = load_encoder()
    started = perf_counter()
    index = open_index(folder, encoder)
    seconds = perf_counter() - started
    spent: dict[str, list[float]] = {"lexical": [], "dense": [], "whole": []}
    found: list[list[tuple[int, float]]] = []
    index.lexical.search = timed(index.lexical.search, spent["lexical"])  # type: ignore[method-assign]
    index.vectors.search = timed(index.vectors.search, spent["dense"], found)  # type: ignore[method-assign]
    search = timed(Retriever(index, encoder, Glossary()).search, spent["whole"])
    for question in questions(data):
        search(parse_question(question))
    return {"open": seconds, **spent, "found": [pairs[:BEST] for pairs in found]}


def timed(function: Callable[..., Any], spent: list[float], results: list[Any] | None = None) -> Callable[..., Any]:
    """Return `function` that notes its milliseconds in `spent` and what it returns in `results`."""

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        started = perf_counter()
        result = function(*args, **kwargs)
        spent.append(1000 * (perf_counter() - started))
        if results is not None:
            results.append(result)
        return result

    return wrapped


def exact_recall(data: Path, folder: Path, found: Sequence[Sequence[tuple[int, float]]]) -> float:
    """Return the share of `found` whose cosine reaches the tenth best of all, by comparing every vector."""
    encoder = load_encoder()
    index = open_index(folder, encoder)
    queries = encoder.encode_queries(questions(data)).T
    best = np.full((queries.shape[1], BEST), -1.0, dtype=np.float32)
    for numbers, _ in index.vectors.rows(np.empty(0, dtype=np.int64)):
        cosines = (index.vectors.vectors(numbers) @ queries).T
        best = np.sort(np.hstack([best, cosines]), axis=1)[:, -BEST:]
    shares = [
        statistics.mean(score >= tenth - _SAME for _, score in pairs)
        for pairs, tenth in zip(found, best[:, 0].tolist(), strict=True)
    ]
    return statistics.mean(shares)


def questions(data: Path) -> list[str]:
    """Return the questions asked."""
    return list(load_beir(data / "stard").questions.values())[:QUESTIONS]


def drawn(done: Sequence[Scale]) -> str:
    """Return the chart as SVG."""
    sizes = [s.passages for s in done]
    asking = [
        Line("p95", sizes, [s.ms("whole", 95) for s in done]),
        Line("p50", sizes, [s.ms("whole") for s in done]),
        Line("BM25, p50", sizes, [s.ms("lexical") for s in done]),
        Line("vectors, p50", sizes, [s.ms("dense") for s in done]),
    ]
    building = [
        Line("from nothing", sizes, [s.build for s in done]),
        Line("one document changed", sizes, [s.update for s in done]),
    ]
    return chart([Panel("milliseconds a search", asking), Panel("seconds to build", building)], "passages")


if __name__ == "__main__":
    print(json.dumps(ask(Path(sys.argv[1]), Path(sys.argv[2]))))
