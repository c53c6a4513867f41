"""Runs of question sets: what was found, at which rank, what was answered, and the totals.

An expected text counts as found in a passage that contains most of it. Ranks are those of the answerer's own
search; Recall@k and MRR are computed from them, not from the answers' words.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from assistant.answering.answer import Answer, Citation, Status
from assistant.answering.answerer import Answerer
from assistant.base.text import fold
from assistant.evaluation.explanation import ranks
from assistant.evaluation.metrics import RERANKED, WAYS, holds
from assistant.evaluation.question_sets import SetQuestion
from assistant.index.folder import Index
from assistant.index.records import DocumentRecord, PassageRecord, Records
from assistant.language.question import parse_question

KS = (1, 3, 5, 10, 20)
BANDS = ((1, 1), (2, 3), (4, 5), (6, 10), (11, 20), (21, 200))

Report = Callable[[str, int, int], None]
Ranks = tuple[int | None, ...]


class Verdict(StrEnum):
    """Whether an answer is the expected one."""

    HIT = "hit"
    PARTLY = "partly"
    WRONG_QUOTE = "wrong_quote"
    WRONG_REFUSAL = "wrong_refusal"
    RIGHT_REFUSAL = "right_refusal"
    WRONG_ANSWER = "wrong_answer"
    UNJUDGED = "unjudged"


RIGHT = {Verdict.HIT, Verdict.RIGHT_REFUSAL}
VERDICTS = {
    Verdict.HIT: "答对",
    Verdict.PARTLY: "只引了一部分",
    Verdict.WRONG_QUOTE: "引文不对",
    Verdict.WRONG_REFUSAL: "该答未答",
    Verdict.RIGHT_REFUSAL: "正确地没有回答",
    Verdict.WRONG_ANSWER: "不该答却答了",
    Verdict.UNJUDGED: "没有写明期望",
}
STATUSES = {Status.ANSWERED: "已回答", Status.MENTIONED: "只有相关原文", Status.NOT_FOUND: "没有找到"}
WAY_NAMES = {"lexical": "按字词", "dense": "按意思", "fused": "合起来", RERANKED: "重排后"}


@dataclass(frozen=True)
class Cited:
    """What an answer quoted, and where."""

    title: str
    path: str
    paragraph: int
    quote: str


@dataclass(frozen=True)
class Outcome:
    """The outcome of one question of a set.

    - `ranks`: by way of searching, the rank (from 1) of the first passage with each expected text.
    - `quoted`, `absent`: for each expected text, whether a citation contains it, whether no document does.
    """

    asked: SetQuestion
    status: Status
    verdict: Verdict
    ranks: Mapping[str, Ranks]
    quoted: tuple[bool, ...]
    absent: tuple[bool, ...]
    cited: tuple[Cited, ...]
    likely: float | None
    elapsed_ms: float


@dataclass(frozen=True)
class Totals:
    """Figures of a run over its expected texts: `recall` by way of searching and k, `mrr` by way, 0 to 1, and counts.

    `bands`: by way, the number of expected texts first found at the ranks of each of `BANDS`; the last counts
    those not found.
    """

    questions: int
    texts: int
    absent: int
    recall: Mapping[str, Mapping[int, float]]
    mrr: Mapping[str, float]
    bands: Mapping[str, tuple[int, ...]]
    statuses: Mapping[str, int]
    verdicts: Mapping[str, int]


@dataclass(frozen=True)
class RunFacts:
    """What a run was made with: settings, models, and the digest `index`, which changes with the index.

    `folders` are those that whoever ran it may read, None for all.
    """

    dense_weight: float
    answer_threshold: float
    encoder: str
    reranker: str
    index: str
    documents: int
    passages: int
    folders: tuple[str, ...] | None
    seconds: float


def index_digest(index: Index) -> str:
    """Return a digest of an index's state: its files, their catalogue entries and its encoder."""
    files = [(f.path, f.sha256, f.entry) for f in index.manifest.files]
    said = json.dumps([sorted(files), index.manifest.fingerprint, index.manifest.splitting])
    return hashlib.sha256(said.encode()).hexdigest()[:12]


class Corpus:
    """The documents that a set is run on: which contain a text, and in which passages."""

    def __init__(self, records: Records) -> None:
        self._records, self._documents = records, records.documents()

    def knows(self, file: str) -> bool:
        """Say whether a document has this file name or title."""
        return any(_is_called(d, file) for d in self._documents)

    def holders(
        self, questions: Iterable[SetQuestion], report: Report | None = None
    ) -> dict[tuple[int, str], frozenset[int]]:
        """Return the numbers of the passages that contain each expected text, keyed by (line of its question, text)."""
        wanted = [(q.line, text, q.files) for q in questions for text in q.expected]
        found: dict[tuple[int, str], set[int]] = {(line, text): set() for line, text, _ in wanted}
        for count, document in enumerate(self._documents if wanted else ()):
            if report:
                report("查找应引原文", count, len(self._documents))
            whole = self._records.text(document.number)
            here = [w for w in wanted if w[1] in whole and (not w[2] or any(_is_called(document, f) for f in w[2]))]
            passages = self._records.passages(self._records.passage_numbers([document.number])) if here else []
            for line, text, _ in here:
                found[line, text].update(_holding(passages, whole, text))
        return {key: frozenset(numbers) for key, numbers in found.items()}


def run_set(answerer: Answerer, questions: Sequence[SetQuestion], report: Report) -> list[Outcome]:
    """Ask every question and return the outcomes; an exception raised by `report` ends the run."""
    holders = Corpus(answerer.retriever.index.records).holders(questions, report)
    outcomes = []
    for count, asked in enumerate(questions):
        report("提问", count, len(questions))
        wanted = [holders[asked.line, text] for text in asked.expected]
        outcomes.append(_outcome(answerer, asked, wanted))
    return outcomes


def totals(outcomes: Sequence[Outcome]) -> Totals:
    """Return the figures of a run."""
    ways = list(outcomes[0].ranks) if outcomes else list(WAYS)
    found = {way: [rank for o in outcomes for rank in o.ranks[way]] for way in ways}
    statuses, verdicts = Counter(o.status for o in outcomes), Counter(o.verdict for o in outcomes)
    return Totals(
        questions=len(outcomes),
        texts=sum(len(o.asked.expected) for o in outcomes),
        absent=sum(sum(o.absent) for o in outcomes),
        recall={way: {k: _mean([r is not None and r <= k for r in all_]) for k in KS} for way, all_ in found.items()},
        mrr={way: _mean([1 / rank if rank else 0.0 for rank in all_]) for way, all_ in found.items()},
        bands={way: _bands(all_) for way, all_ in found.items()},
        statuses={str(status): statuses[status] for status in Status},
        verdicts={str(verdict): verdicts[verdict] for verdict in Verdict},
    )


def changed(first: Sequence[Outcome], second: Sequence[Outcome]) -> list[tuple[Outcome, Outcome]]:
    """Return the pairs of outcomes that differ between two runs: in status, verdict, what is quoted, or a rank."""
    before = {o.asked.question: o for o in first}
    pairs = [(before[o.asked.question], o) for o in second if o.asked.question in before]
    return [(a, b) for a, b in pairs if _seen(a) != _seen(b)]


def _seen(outcome: Outcome) -> tuple[object, ...]:
    return outcome.status, outcome.verdict, outcome.cited, dict(outcome.ranks)


def _outcome(answerer: Answerer, asked: SetQuestion, wanted: Sequence[frozenset[int]]) -> Outcome:
    examined = answerer.examine(parse_question(asked.question))
    answer, weighed = examined.answer, examined.decision.weighed
    found = ranks(answerer.retriever, examined) if wanted else {way: {} for way in _ways(answerer)}
    records = {hit.document.id: hit.document for hit in examined.hits}
    places = [_cited(c, records) for c in answer.citations]
    from_files = [c for c in places if not asked.files or any(_goes_by(c.path, c.title, f) for f in asked.files)]
    quoted = tuple(any(holds(c.quote, [text]) for c in from_files) for text in asked.expected)
    return Outcome(
        asked=asked,
        status=answer.status,
        verdict=_verdict(asked, answer, quoted, bool(from_files)),
        ranks={way: tuple(_first(by_number, numbers) for numbers in wanted) for way, by_number in found.items()},
        quoted=quoted,
        absent=tuple(not numbers for numbers in wanted),
        cited=tuple(places),
        likely=weighed.likely if weighed and weighed.signals else None,
        elapsed_ms=answer.elapsed_ms,
    )


def _verdict(asked: SetQuestion, answer: Answer, quoted: Sequence[bool], from_files: bool) -> Verdict:
    answered = answer.status is Status.ANSWERED
    if asked.answerable is None:
        return Verdict.UNJUDGED
    if not asked.answerable:
        return Verdict.WRONG_ANSWER if answered else Verdict.RIGHT_REFUSAL
    if not answered:
        return Verdict.WRONG_REFUSAL
    if all(quoted) and from_files:
        return Verdict.HIT
    return Verdict.PARTLY if any(quoted) else Verdict.WRONG_QUOTE


def _ways(answerer: Answerer) -> Sequence[str]:
    return WAYS if answerer.retriever.reranker is None else (*WAYS, RERANKED)


def _cited(citation: Citation, records: Mapping[str, DocumentRecord]) -> Cited:
    document = records.get(citation.document_id)
    return Cited(citation.document, document.path if document else "", citation.paragraph, citation.quote)


def _first(by_number: Mapping[int, tuple[int, float]], numbers: frozenset[int]) -> int | None:
    return min((by_number[n][0] for n in numbers if n in by_number), default=None)


def _holding(passages: Sequence[PassageRecord], whole: str, text: str) -> Iterable[int]:
    """Yield, for each occurrence of `text` in the document, the number of the passage with most of it."""
    start = whole.find(text)
    while start >= 0:
        end = start + len(text)
        yield max(passages, key=lambda p: (min(p.end, end) - max(p.start, start), -p.start)).number
        start = whole.find(text, end)


def _is_called(document: DocumentRecord, file: str) -> bool:
    return _goes_by(document.path, document.title, file)


def _goes_by(path: str, title: str, file: str) -> bool:
    pure = PurePosixPath(path)
    return fold(file.strip("《》")) in {fold(name) for name in (path, pure.name, pure.stem, title)}


def _bands(found: Sequence[int | None]) -> tuple[int, ...]:
    ranked = [rank for rank in found if rank is not None]
    within = [sum(low <= rank <= high for rank in ranked) for low, high in BANDS]
    return (*within, len(found) - sum(within))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
