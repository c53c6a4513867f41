"""JSON of the page 命中测试: explanations, sets, runs and jobs, with their labels for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.base.dates import when
from assistant.evaluation.explanation import Explanation, PassageRow, SentenceRow
from assistant.evaluation.question_sets import RowProblem
from assistant.evaluation.run_store import RunLine, StoredRun, StoredSet
from assistant.evaluation.run_workbook import band_names, settings_rows
from assistant.evaluation.runs import KS, RIGHT, STATUSES, VERDICTS, WAY_NAMES, Cited, Outcome, Verdict
from assistant.web.job_view import JobView


@dataclass(frozen=True)
class Now:
    """The visitor's current index digest ("" without an index), and the folders that limit what they see."""

    digest: str
    folders: tuple[str, ...] | None

    def differs(self, run: RunLine) -> bool:
        """Say whether the documents changed since a run; unknown, so False, for a run made with other folders."""
        return bool(self.digest) and self.folders == run.facts.folders and self.digest != run.facts.index


@dataclass(frozen=True)
class Trial:
    """The settings that a question or a set is tried with."""

    dense_weight: float
    answer_threshold: float


@dataclass(frozen=True)
class Named:
    """Something with a `key`, as people call it."""

    key: str
    name: str


@dataclass(frozen=True)
class KeyCount(Named):
    """How often something came out."""

    count: int


@dataclass(frozen=True)
class NameCount:
    """How often something came out."""

    name: str
    count: int


@dataclass(frozen=True)
class WordView:
    """A word looked for, with its share of the weight."""

    word: str
    share: float


@dataclass(frozen=True)
class PassageView:
    """A passage, its rank and score in each way of searching, and whether its sentences were judged (`read`)."""

    title: str
    paragraph: int
    text: str
    ranks: Mapping[str, int | None]
    scores: Mapping[str, float | None]
    read: bool


@dataclass(frozen=True)
class SentenceView:
    """A sentence that was judged, and why it was quoted or not."""

    title: str
    paragraph: int
    text: str
    coverage: float
    worth: float
    closeness: float
    gives: str
    marker: int | None
    reason: str


@dataclass(frozen=True)
class CitationView:
    """What the answer quotes."""

    marker: int
    place: str
    quote: str


@dataclass(frozen=True)
class ExplanationView:
    """One question laid open."""

    status: str
    verdict: str
    asked: str
    kind: str
    words: Sequence[WordView]
    how: str
    likely: float | None
    threshold: float
    ways: Sequence[Named]
    passages: Sequence[PassageView]
    sentences: Sequence[SentenceView]
    judged: int
    citations: Sequence[CitationView]


@dataclass(frozen=True)
class Bands:
    """How many texts are first found at the ranks of each band, by way of searching."""

    names: Sequence[str]
    counts: Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Figures:
    """The figures of a run: `recall` by way for each of `ks`, and how many of those `judged` were as expected."""

    questions: int
    texts: int
    absent: int
    ks: Sequence[int]
    ways: Sequence[Named]
    recall: Mapping[str, Sequence[float]]
    mrr: Mapping[str, float]
    bands: Bands
    statuses: Sequence[NameCount]
    verdicts: Sequence[KeyCount]
    judged: int
    right: int


@dataclass(frozen=True)
class LastRun(Figures):
    """The newest run of a set."""

    when: str


@dataclass(frozen=True)
class RunRow(LastRun):
    """A run; `other_index` says that the documents have changed since."""

    id: str
    dense_weight: float
    answer_threshold: float
    documents: int
    passages: int
    other_index: bool
    index: str


@dataclass(frozen=True)
class SetRow:
    """A set as a line of the list: how many of its questions expect a text, or silence."""

    id: str
    name: str
    when: str
    questions: int
    with_texts: int
    silent: int
    runs: int
    last: LastRun | None


@dataclass(frozen=True)
class SetView(SetRow):
    """A set with its runs, oldest first."""

    history: Sequence[RunRow]


@dataclass(frozen=True)
class SetList:
    """The sets of a visitor, the settings in force, and the job that is not over."""

    settings: Trial
    sets: Sequence[SetRow]
    job: JobView | None


@dataclass(frozen=True)
class Uploaded:
    """A set that was made, the rows that cannot be used, and those that cannot come true."""

    set: SetRow
    problems: Sequence[RowProblem]
    doubts: Sequence[RowProblem]


@dataclass(frozen=True)
class OutcomeView:
    """What came of a question."""

    line: int
    question: str
    expected: Sequence[str]
    status: str
    verdict: str
    kind: str
    right: bool
    judged: bool
    ranks: Mapping[str, Sequence[int | None]]
    quoted: Sequence[bool]
    absent: Sequence[bool]
    likely: float | None
    cited: Sequence[Cited]


@dataclass(frozen=True)
class RunView:
    """A run question by question; `made_with` are rows of a name and a value."""

    set: str
    name: str
    line: RunRow
    made_with: Sequence[Sequence[str]]
    outcomes: Sequence[OutcomeView]


@dataclass(frozen=True)
class Change:
    """A question that came out otherwise in the second of two runs."""

    before: OutcomeView
    after: OutcomeView


@dataclass(frozen=True)
class Comparison:
    """Two runs of a set side by side."""

    name: str
    runs: Sequence[RunRow]
    changed: Sequence[Change]


def explanation(e: Explanation) -> ExplanationView:
    """Return one question laid open."""
    ways = list(e.passages[0].ranks) if e.passages else []
    return ExplanationView(
        status=str(e.answer.status),
        verdict=STATUSES[e.answer.status],
        asked=e.asked,
        kind=e.kind,
        words=[WordView(word, round(share, 3)) for word, share in e.words],
        how=e.how,
        likely=e.likely,
        threshold=e.threshold,
        ways=[Named(way, WAY_NAMES[way]) for way in ways],
        passages=[_passage(row) for row in e.passages],
        sentences=[_sentence(row) for row in e.sentences],
        judged=e.judged,
        citations=[
            CitationView(c.marker, f"《{c.document}》{c.section} 第{c.paragraph}段", c.quote)
            for c in e.answer.citations
        ],
    )


def _passage(row: PassageRow) -> PassageView:
    return PassageView(
        title=row.document.title,
        paragraph=row.paragraph,
        text=row.text,
        ranks=row.ranks,
        scores={way: None if score is None else round(score, 3) for way, score in row.scores.items()},
        read=row.is_read,
    )


def _sentence(row: SentenceRow) -> SentenceView:
    return SentenceView(
        title=row.document.title,
        paragraph=row.paragraph,
        text=row.text,
        coverage=round(row.coverage, 3),
        worth=round(row.worth, 3),
        closeness=round(row.closeness, 3),
        gives=row.gives,
        marker=row.marker,
        reason=row.reason,
    )


def set_row(kept: StoredSet, runs: Sequence[RunLine]) -> SetRow:
    """Return a set as a line of the list."""
    return SetRow(
        id=kept.id,
        name=kept.name,
        when=when(kept.at),
        questions=len(kept.questions),
        with_texts=sum(bool(q.expected) for q in kept.questions),
        silent=sum(q.answerable is False for q in kept.questions),
        runs=len(runs),
        last=LastRun(**vars(_figures(runs[-1].totals)), when=when(runs[-1].at)) if runs else None,
    )


def set_view(kept: StoredSet, runs: Sequence[RunLine], now: Now) -> SetView:
    """Return a set with its runs."""
    return SetView(**vars(set_row(kept, runs)), history=[run_row(run, now) for run in runs])


def run_row(run: RunLine, now: Now) -> RunRow:
    """Return a run with its figures."""
    return RunRow(
        **vars(_figures(run.totals)),
        when=when(run.at),
        id=run.id,
        dense_weight=run.facts.dense_weight,
        answer_threshold=run.facts.answer_threshold,
        documents=run.facts.documents,
        passages=run.facts.passages,
        other_index=now.differs(run),
        index=run.facts.index,
    )


def run_view(run: StoredRun, name: str, now: Now) -> RunView:
    """Return a run question by question."""
    return RunView(
        set=run.line.set_id,
        name=name,
        line=run_row(run.line, now),
        made_with=[[str(cell) for cell in row] for row in settings_rows(run.line.facts)],
        outcomes=[outcome(o) for o in run.outcomes],
    )


def outcome(o: Outcome) -> OutcomeView:
    """Return what came of a question."""
    return OutcomeView(
        line=o.asked.line,
        question=o.asked.question,
        expected=o.asked.expected,
        status=STATUSES[o.status],
        verdict=VERDICTS[o.verdict],
        kind=str(o.verdict),
        right=o.verdict in RIGHT,
        judged=o.verdict is not Verdict.UNJUDGED,
        ranks=o.ranks,
        quoted=o.quoted,
        absent=o.absent,
        likely=None if o.likely is None else round(o.likely, 2),
        cited=o.cited,
    )


def _figures(totals: Mapping[str, Any]) -> Figures:
    """Return the figures of a run as kept, the counts with their names, and how many were as expected."""
    verdicts = totals["verdicts"]
    return Figures(
        questions=totals["questions"],
        texts=totals["texts"],
        absent=totals["absent"],
        ks=KS,
        ways=[Named(way, WAY_NAMES[way]) for way in totals["recall"]],
        recall={way: [row[str(k)] for k in KS] for way, row in totals["recall"].items()},
        mrr=totals["mrr"],
        bands=Bands(band_names(), totals["bands"]),
        statuses=[NameCount(name, totals["statuses"][status]) for status, name in STATUSES.items()],
        verdicts=[KeyCount(v, name, verdicts[v]) for v, name in VERDICTS.items()],
        judged=sum(count for verdict, count in verdicts.items() if verdict != Verdict.UNJUDGED),
        right=sum(verdicts[verdict] for verdict in RIGHT),
    )
