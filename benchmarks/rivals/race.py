"""What every runner does alike: read a collection, build, ask one question at a time, write what came of it.

Imports the standard library alone, for it runs in the rivals' environment too. Imports and loading
the encoder are no part of the build; a question counts from its text to document ids, with encoding.
"""

import argparse
import json
import lzma
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

DOCUMENTS = 100

Ask = Callable[[str], list[tuple[str, float]]]
Run = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Row:
    """A document as users of a search library would index it: its id and one text with the title first."""

    id: str
    text: str


@dataclass(frozen=True)
class Way:
    """One way of searching: the documents that it found, as ir-measures reads them, and milliseconds a question."""

    run: Run
    milliseconds: list[float]


@dataclass(frozen=True)
class Outcome:
    """What a runner measured: seconds until the first question could be asked, the index on disk, each way by name."""

    build_seconds: float
    index_bytes: int
    ways: dict[str, Way]


def arguments(description: str | None) -> argparse.ArgumentParser:
    """Return the options that every runner takes."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--collection", type=Path, required=True, help="folder in BEIR form")
    parser.add_argument("--questions", type=Path, required=True, help="JSON object of texts by id")
    parser.add_argument("--out", type=Path, required=True, help="where the outcome is written, as JSON")
    parser.add_argument("--model", type=Path, required=True, help="the encoder, in sentence-transformers form")
    return parser


def read_rows(collection: Path) -> list[Row]:
    """Return the documents of `collection` (corpus.jsonl or corpus.jsonl.xz)."""
    plain = collection / "corpus.jsonl"
    with plain.open("rb") if plain.exists() else lzma.open(collection / "corpus.jsonl.xz") as stream:
        rows = [json.loads(line) for line in stream if line.strip()]
    return [Row(row["_id"], f"{row.get('title', '')}\n{row['text']}".strip()) for row in rows]


def run(build: Callable[[Path], dict[str, Ask]], given: argparse.Namespace) -> None:
    """Let `build` index into an empty folder, ask all questions in each way, write the outcome to `given.out`."""
    questions: dict[str, str] = json.loads(given.questions.read_text(encoding="utf-8"))
    with TemporaryDirectory() as folder:
        started = perf_counter()
        ways = build(Path(folder))
        built = perf_counter() - started
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        outcome = Outcome(built, size, {name: ask_all(ask, questions) for name, ask in ways.items()})
    given.out.write_text(json.dumps(asdict(outcome)), encoding="utf-8")


def ask_all(ask: Ask, questions: dict[str, str]) -> Way:
    """Ask one question after the other; before them, uncounted, the first."""
    found: Run = {}
    spent: list[float] = []
    for text in list(questions.values())[:1]:
        ask(text)
    for question, text in questions.items():
        started = perf_counter()
        documents = ask(text)
        spent.append(1000 * (perf_counter() - started))
        found[question] = by_rank(documents)
    return Way(found, spent)


def by_rank(documents: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Return scores that keep the order of the best `DOCUMENTS` as given, that of ties included."""
    return {document: 1 / rank for rank, (document, _) in enumerate(documents[:DOCUMENTS], 1)}
