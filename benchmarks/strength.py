"""Evidence strength: what share of the answers was right in each band of `assistant.answering.confidence`.

Labelled questions of training/questions, each collection judged by weights learned from the others; lay
questions of STARD of four laws, once with and once without the one that answers (right: of that law); the
gold questions, which were in view while rules were written.
"""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from assistant.answering.answer import Answer, Status
from assistant.answering.confidence import FAIR, STRONG, Strength, strength
from assistant.answering.service import Service
from assistant.evaluation.metrics import GoldQuestion, load_gold
from benchmarks.abstention import asked_lay, few, likely_left_out, open_laws
from benchmarks.answers import LAW_GOLD, open_service
from benchmarks.machine import ROOT
from training.answerability import labelled
from training.laws import load_law_gold, read_laws, write_laws

THRESHOLD = 0.5
SEED = 11
SHOWN = (Strength.STRONG, Strength.FAIR, Strength.WEAK, Strength.PLACED)

Rows = list[tuple[Strength, bool]]


def report(data: Path) -> Iterator[str]:
    """Yield the lines of the section."""
    yield f"In words: {Strength.STRONG} from {STRONG}, {Strength.FAIR} from {FAIR}, {Strength.WEAK} below;"
    yield f"{Strength.PLACED}: found by its place in a document. Each cell: share right (of how many answers).\n"
    yield "| questions | " + " | ".join(SHOWN) + " |\n|---|" + "---|" * len(SHOWN)
    yield _row("labelled, left out (training/questions)", _labelled(data))
    yield _row("lay, of four laws (STARD)", _lay(data))
    yield _row("gold: speech and four laws, seen", _gold(data))


def _row(name: str, rows: Rows) -> str:
    cells = []
    for band in SHOWN:
        right = [is_right for given, is_right in rows if given is band]
        cells.append(f"{np.mean(right):.3f} ({len(right)})" if right else "–")
    return f"| {name} | " + " | ".join(cells) + " |"


def _labelled(data: Path) -> Rows:
    examples = list(labelled(data))
    pairs = zip(likely_left_out(examples), examples, strict=True)
    return [(_band(float(p)), e.right) for p, e in pairs if p >= THRESHOLD]


def _band(likely: float) -> Strength:
    return Strength.STRONG if likely >= STRONG else Strength.FAIR if likely >= FAIR else Strength.WEAK


def _lay(data: Path) -> Rows:
    asked, rows = asked_lay(data), []
    collections = list(few(asked, np.random.default_rng(SEED)))
    with tempfile.TemporaryDirectory() as folder:
        shared = frozenset().union(*(chosen for chosen, _ in collections))
        service, ids = open_laws(read_laws(data), shared, Path(folder))
        for chosen, names in collections:
            for text, wanted in (asked[name] for name in names):
                answer = service.ask(text, [ids[law] for law in chosen])
                right = {ids[law] for law in wanted & ids.keys()}
                rows.extend(_judged(answer, any(c.document_id in right for c in answer.citations)))
    return rows


def _gold(data: Path) -> Rows:
    by_law = load_law_gold(LAW_GOLD)
    with tempfile.TemporaryDirectory() as folder:
        write_laws(read_laws(data), Path(folder, "laws"), by_law)
        speech = open_service(ROOT / "corpus", Path(folder, "speech-index"))
        rows = _answers(speech, load_gold(data.parent / "gold" / "speech.jsonl"))
        laws = open_service(Path(folder, "laws"), Path(folder, "laws-index"))
        return rows + _answers(laws, (question for asked in by_law.values() for question in asked))


def _answers(service: Service, questions: Iterable[GoldQuestion]) -> Rows:
    rows: Rows = []
    for gold in questions:
        answer = service.ask(gold.question)
        evidence = (*gold.must, *gold.may)
        rows.extend(_judged(answer, any(piece in c.quote for piece in evidence for c in answer.citations)))
    return rows


def _judged(answer: Answer, right: bool) -> Rows:
    band = strength(answer)
    return [(band, right)] if answer.status is Status.ANSWERED and band else []
