"""Abstention: what is answered and what is refused, by `answer_threshold`.

Lay questions of STARD that neither the bundled encoder nor the weights of what makes an answer likely
were learned from, asked of half of the laws, drawn by chance, and of four laws: once with the law that
answers among them, once without. Then the labelled questions of training/questions, each collection
judged by weights learned from the others.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.answering.answer import Status
from assistant.answering.answerer import Answerer
from assistant.answering.service import Service
from assistant.base.settings import Settings
from assistant.evaluation.beir import load_beir
from assistant.language.question import parse_question
from training.answerability import Example, labelled, learn, learned_from
from training.heldout import SHIPPED_FOLD, fold_of
from training.laws import Laws, read_laws, write_laws

THRESHOLDS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
HALVES = 6
FEW = 4
SEED = 11
HEAD = "| threshold | answerable: answered | of them from the right law | unanswerable: refused |\n|---|---|---|---|"

Asked = Mapping[str, tuple[str, frozenset[str]]]
Counts = dict[float, list[int]]


def report(data: Path) -> Iterator[str]:
    """Yield the lines of the section."""
    laws, asked = read_laws(data), asked_lay(data)
    chance = np.random.default_rng(SEED)
    yield f"{len(asked)} lay questions; half of {len(laws)} laws, {HALVES} times:\n"
    yield HEAD
    halves = [frozenset(chance.permutation(sorted(laws))[: len(laws) // 2]) for _ in range(HALVES)]
    yield from _rows([(half, list(asked)) for half in halves], laws, asked)
    yield f"\nThe same questions of {FEW} laws, once with and once without the one that answers:\n"
    yield HEAD
    yield from _rows(list(few(asked, chance)), laws, asked)
    yield "\nLabelled questions (training/questions), weights learned from the other collections:\n"
    yield "| threshold | right answers given | wrong or unanswerable: refused |\n|---|---|---|"
    yield from _labelled(data)


def asked_lay(data: Path) -> Asked:
    """Return the questions measured, with the laws that answer them."""
    law_of = {identity: law for law, articles in read_laws(data).items() for identity, _ in articles}
    collection = load_beir(data / "stard")
    return {
        name: (text, frozenset(law_of[article] for article in collection.grades[name]))
        for name, text in collection.questions.items()
        if fold_of(name) == SHIPPED_FOLD and not learned_from(name)
    }


def few(asked: Asked, chance: np.random.Generator) -> Iterator[tuple[frozenset[str], list[str]]]:
    """Yield small collections of laws that questions are about, each with one question."""
    popular = sorted(set().union(*(wanted for _, wanted in asked.values())))
    for name, (_, wanted) in asked.items():
        others = [law for law in chance.permutation(popular) if law not in wanted]
        yield frozenset([min(wanted), *others[: FEW - 1]]), [name]
        yield frozenset(others[:FEW]), [name]


def _rows(collections: Sequence[tuple[frozenset[str], list[str]]], laws: Laws, asked: Asked) -> Iterator[str]:
    """Yield a row a threshold; large collections get an index of their own, small ones share one."""
    counts: Counts = {threshold: [0, 0, 0, 0, 0] for threshold in THRESHOLDS}
    with tempfile.TemporaryDirectory() as folder:
        shared = None if len(collections) <= HALVES else frozenset().union(*(chosen for chosen, _ in collections))
        opened = open_laws(laws, shared, Path(folder, "shared")) if shared else None
        for number, (chosen, names) in enumerate(collections):
            service, ids = opened or open_laws(laws, chosen, Path(folder, str(number)))
            _count(service, {law: ids[law] for law in chosen}, [asked[name] for name in names], counts)
    for threshold, (inside, answered, right, outside, refused) in counts.items():
        yield f"| {threshold} | {answered / inside:.3f} | {right / max(answered, 1):.3f} | {refused / outside:.3f} |"


def _count(
    service: Service, ids: Mapping[str, str], questions: Sequence[tuple[str, frozenset[str]]], counts: Counts
) -> None:
    """Ask at each threshold of the documents with these ids, by law, and add what came of it to `counts`."""
    documents = list(ids.values()) if len(service.documents()) > len(ids) else None
    for threshold in THRESHOLDS:
        answerer = Answerer(service.answerer.retriever, service.words, threshold)
        for text, wanted in questions:
            answer = answerer.answer(parse_question(text), documents)
            answered = answer.status is Status.ANSWERED
            if wanted & ids.keys():
                right = answered and any(c.document_id == ids.get(law) for c in answer.citations for law in wanted)
                _add(counts[threshold], (1, answered, right, 0, 0))
            else:
                _add(counts[threshold], (0, 0, 0, 1, not answered))


def _add(total: list[int], more: Sequence[int]) -> None:
    total[:] = [a + b for a, b in zip(total, more, strict=True)]


def open_laws(laws: Laws, chosen: frozenset[str], folder: Path) -> tuple[Service, dict[str, str]]:
    """Return a service over these laws, and its documents' ids by law."""
    files = write_laws(laws, folder / "laws", sorted(chosen))
    service = Service(Settings(corpus=folder / "laws", index=folder / "index"))
    service.ensure()
    by_path = {record.path: record.id for record in service.documents()}
    return service, {law: by_path[file.name] for law, file in files.items()}


def _labelled(data: Path) -> Iterator[str]:
    examples = list(labelled(data))
    likely = likely_left_out(examples)
    right = np.array([e.right for e in examples])
    for threshold in THRESHOLDS:
        given, refused = (likely[right] >= threshold).mean(), (likely[~right] < threshold).mean()
        yield f"| {threshold} | {given:.3f} | {refused:.3f} |"


def likely_left_out(examples: Sequence[Example]) -> NDArray[np.float64]:
    """Return the probability of each example by weights learned from the other collections."""
    likely = np.zeros(len(examples))
    for collection in {e.collection for e in examples}:
        bias, weights = learn([e for e in examples if e.collection != collection])
        for at, example in enumerate(examples):
            if example.collection == collection:
                likely[at] = 1 / (1 + np.exp(-bias - np.array(example.row) @ weights))
    return likely
