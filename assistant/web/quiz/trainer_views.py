"""JSON of the page 测验 for trainers only: the results of a quiz by paper and by question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.base.dates import when
from assistant.study.pack import KIND_NAMES, Quote
from assistant.study.quiz.marking import Score
from assistant.study.quiz.quiz import Attempt, Quiz, QuizSettings
from assistant.study.quiz.results import Choice, Tally, score_of, tallies, totals, words_of
from assistant.study.quiz.results_workbook import minutes_between
from assistant.study.staleness import stated
from assistant.web.quiz.views import Views


@dataclass(frozen=True)
class Published:
    """A new quiz, and its number of questions."""

    quiz: str
    title: str
    questions: int


@dataclass(frozen=True)
class ResultRow:
    """A paper in the trainer's results."""

    number: int
    name: str
    account: str
    started: str
    handed: str | None


@dataclass(frozen=True)
class HandedResultRow(ResultRow):
    """A paper that was handed in, in the trainer's results."""

    minutes: float | None
    score: Score


@dataclass(frozen=True)
class TallyRow:
    """The results of one question; `number` counts from 1."""

    number: int
    kind: str
    stem: str
    papers: int
    empty: int
    right: int
    share: float | None
    choices: Sequence[Choice]
    answer: Sequence[str]
    source: Quote


@dataclass(frozen=True)
class Results:
    """The results of a quiz."""

    id: str
    title: str
    when: str
    settings: QuizSettings
    questions: int
    totals: Mapping[str, float]
    attempts: Sequence[ResultRow]
    tallies: Sequence[TallyRow]


def results(quiz: Quiz, attempts: Sequence[Attempt], views: Views) -> Results:
    """Return the results of a quiz."""
    return Results(
        id=quiz.id,
        title=quiz.title,
        when=when(quiz.at),
        settings=quiz.settings,
        questions=len(quiz.items),
        totals=totals(quiz, attempts),
        attempts=[_result(quiz, one) for one in attempts],
        tallies=[_tally(one, views) for one in tallies(quiz, attempts)],
    )


def _result(quiz: Quiz, attempt: Attempt) -> ResultRow:
    row = ResultRow(attempt.number, attempt.name, attempt.account, when(attempt.started), handed=None)
    if attempt.handed is None:
        return row
    score, minutes = score_of(quiz, attempt), minutes_between(attempt)
    return HandedResultRow(**vars(row) | {"handed": when(attempt.handed)}, minutes=minutes, score=score)


def _tally(tally: Tally, views: Views) -> TallyRow:
    item = tally.item
    return TallyRow(
        number=tally.number + 1,
        kind=KIND_NAMES[item.kind],
        stem=item.stem,
        papers=tally.papers,
        empty=tally.empty,
        right=tally.right,
        share=tally.share,
        choices=tally.choices,
        answer=words_of(item, item.answer),
        source=stated(item.source, views),
    )
