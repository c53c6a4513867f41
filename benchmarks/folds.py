"""Five folds over STARD's questions: each asked of an encoder that was trained without them.

The bundled encoder is that of one fold. The others stay in training/work/fold-N and are trained where they are missing
(minutes each), with the bundled encoder's tokenizer: only vectors are learned anew.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from assistant.base.settings import Settings
from assistant.evaluation.beir import load_beir
from assistant.evaluation.metrics import MEASURES, WAYS, BeirResult, evaluate_beir, measure
from assistant.index.folder import file_digest
from assistant.models.encoder import StaticEncoder
from assistant.models.term_statistics import MODEL
from benchmarks.machine import ROOT

STAMP = "made-from.txt"
WORK = ROOT / "training" / "work"


def report(data: Path) -> Iterator[str]:
    """Yield the lines of the section."""
    from training.heldout import FOLDS

    yield "Recall by the fold that was left out, then over all questions.\n"
    yield "| fold | questions | way | " + " | ".join(MEASURES) + " |"
    yield "|---|---|---|" + "---|" * len(MEASURES)
    results = []
    for fold in range(FOLDS):
        result = _measured(data, fold)
        results.append(result)
        for way in WAYS:
            yield _row(str(fold), result.queries, way, result.measures[way])
    grades = load_beir(data / "stard").grades
    for way in WAYS:
        run = {question: found for result in results for question, found in result.runs[way].items()}
        yield _row("all", len(run), way, measure(run, {question: grades[question] for question in run}))


def _measured(data: Path, fold: int) -> BeirResult:
    from training.heldout import SHIPPED_FOLD, fold_of

    folder = MODEL if fold == SHIPPED_FOLD else WORK / f"fold-{fold}"
    if folder != MODEL and not _is_made(data, folder):
        train(data, fold, folder)
    collection = load_beir(data / "stard")
    asked = {name: text for name, text in collection.questions.items() if fold_of(name) == fold}
    encoder = StaticEncoder(folder, f"fold {fold}")
    return evaluate_beir(replace(collection, questions=asked), encoder, Settings().dense_weight)


def _is_made(data: Path, folder: Path) -> bool:
    stamp = folder / STAMP
    return stamp.exists() and stamp.read_text(encoding="utf-8") == _stamp(data)


def _stamp(data: Path) -> str:
    """Return a digest of all that an encoder is made from: code, recipe, tokenizer, data."""
    from training.sources import LICENCES

    files = [*sorted((ROOT / "training").glob("*.py")), MODEL / "tokenizer.json", *(data / name for name in LICENCES)]
    return hashlib.sha256("".join(file_digest(file) for file in files).encode()).hexdigest()


def train(data: Path, fold: int, folder: Path) -> None:
    """Learn vectors without the questions of `fold`, with the bundled encoder's tokenizer."""
    from tokenizers import Tokenizer

    from training import making, sources, vectors

    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    making.make(sources.load(data), folder, vectors.Recipe(), fold, making.Clock(), tokenizer)
    (folder / STAMP).write_text(_stamp(data), encoding="utf-8")


def _row(fold: str, questions: int, way: str, measures: Mapping[str, float]) -> str:
    return f"| {fold} | {questions} | {way} | " + " | ".join(f"{measures[name]:.3f}" for name in MEASURES) + " |"
