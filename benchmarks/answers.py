"""Answers on gold questions: the speech, and four national laws together."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from assistant.answering.service import Service
from assistant.base.settings import Settings
from assistant.evaluation.metrics import evaluate_gold, load_gold
from benchmarks.machine import ROOT
from training.answerability import NATIONAL
from training.laws import load_law_gold, read_laws, write_laws

LEARNED = {law for laws in NATIONAL.values() for law in laws}
LAW_GOLD = ROOT / "tests" / "gold" / "laws.jsonl"


def report(data: Path) -> Iterator[str]:
    """Yield the lines of the section."""
    by_law = load_law_gold(LAW_GOLD)
    laws = "、".join(by_law)
    questions = [question for asked in by_law.values() for question in asked]
    unseen = [question for law, asked in by_law.items() if law not in LEARNED for question in asked]
    speech = load_gold(data.parent / "gold" / "speech.jsonl")
    yield f"The bundled speech (../shared/gold/speech.jsonl), and {laws} together (tests/gold/laws.jsonl);"
    yield "the last row: questions on those of which training/questions holds none.\n"
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "laws")
        write_laws(read_laws(data), corpus, by_law)
        ask_laws = open_service(corpus, Path(folder, "laws-index")).ask
        measured = {
            "speech": evaluate_gold(speech, open_service(ROOT / "corpus", Path(folder, "speech-index")).ask),
            "four laws": evaluate_gold(questions, ask_laws),
            "of them two": evaluate_gold(unseen, ask_laws),
        }
    names = list(measured["speech"])
    yield "| corpus | " + " | ".join(names) + " |"
    yield "|---|" + "---|" * len(names)
    for corpus_name, figures in measured.items():
        yield f"| {corpus_name} | " + " | ".join(str(figures[name]) for name in names) + " |"


def open_service(corpus: Path, index: Path) -> Service:
    """Return a service over `corpus`, indexed."""
    service = Service(Settings(corpus=corpus, index=index))
    service.ensure()
    return service
