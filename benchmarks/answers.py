"""Answers on gold questions: the speech, and four national laws together."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from assistant.evaluation import evaluate_gold, load_gold
from assistant.service import Service
from assistant.settings import Settings
from benchmarks.machine import ROOT
from training.laws import load_law_gold, read_laws, write_laws

LAW_GOLD = ROOT / "tests" / "gold" / "laws.jsonl"


def report(data: Path) -> Iterator[str]:
    """Yield the lines of the section."""
    laws, questions = load_law_gold(LAW_GOLD)
    speech = load_gold(data.parent / "gold" / "speech.jsonl")
    yield f"The bundled speech (../shared/gold/speech.jsonl), and {'、'.join(laws)} together (tests/gold/laws.jsonl).\n"
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "laws")
        write_laws(read_laws(data), corpus, laws)
        measured = {
            "speech": evaluate_gold(speech, _service(ROOT / "corpus", Path(folder, "speech-index")).ask),
            "four laws": evaluate_gold(questions, _service(corpus, Path(folder, "laws-index")).ask),
        }
    names = list(measured["speech"])
    yield "| corpus | " + " | ".join(names) + " |"
    yield "|---|" + "---|" * len(names)
    for corpus_name, figures in measured.items():
        yield f"| {corpus_name} | " + " | ".join(str(figures[name]) for name in names) + " |"


def _service(corpus: Path, index: Path) -> Service:
    service = Service(Settings(corpus=corpus, index=index))
    service.ensure()
    return service
