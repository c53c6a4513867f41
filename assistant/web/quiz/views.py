"""JSON of the page 测验: quizzes, papers to be answered, marked papers (for results see `trainer_views.py`).

A paper to be answered is built here from stems and options alone; answers, sources and notes are sent only with
a paper that was handed in, to those who may see them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.base.dates import when
from assistant.index.records import DocumentView
from assistant.study.pack import KIND_NAMES, LETTERS, Item, ItemKind, Quote
from assistant.study.quiz.marking import Score, blanks_right, is_empty, worth
from assistant.study.quiz.quiz import (
    Attempt,
    Question,
    Quiz,
    QuizSettings,
    Shown,
    paper,
    shown_answers,
    shows_answers,
    shows_score,
)
from assistant.study.quiz.quiz_store import QuizLine
from assistant.study.quiz.results import mark_of, mistakes, score_of, words_of
from assistant.study.quiz.results_workbook import minutes_between
from assistant.study.staleness import stated
from assistant.study.stem_recovery import stem_of

LATER = {
    Shown.CLOSED: "正确答案在测验关闭以后公布。",
    Shown.NEVER: "这份测验不公布答案。",
}

SCORE_LATER = "这份测验可以做几次，分数在测验关闭以后公布。"

Views = Mapping[str, DocumentView]


@dataclass(frozen=True)
class Points:
    """The score of a paper whose answers are kept back: without the number of right questions."""

    points: int
    most: int
    waiting: int


@dataclass(frozen=True)
class AttemptRow:
    """One of the trainee's own papers."""

    id: str
    number: int
    started: str
    practice: bool
    handed: str | None


@dataclass(frozen=True)
class HandedRow(AttemptRow):
    """One of the trainee's own papers that was handed in; `score` is None while it is kept back."""

    score: Points | Score | None


@dataclass(frozen=True)
class QuizRow:
    """A listed quiz; if `lost` of its documents cannot be read, nothing of its content is sent."""

    id: str
    title: str
    when: str
    lost: int
    mine: bool


@dataclass(frozen=True)
class ReadableRow(QuizRow):
    """A listed quiz with the trainee's own papers, of which `used` count as tries."""

    questions: int
    settings: QuizSettings
    used: int
    attempts: Sequence[AttemptRow]


@dataclass(frozen=True)
class QuizList:
    """The quizzes of a visitor, whether they are a trainer, and whether they have an account (`named`)."""

    trainer: bool
    named: bool
    quizzes: Sequence[QuizRow]


@dataclass(frozen=True)
class Settings:
    """The settings of a quiz after a change."""

    settings: QuizSettings


@dataclass(frozen=True)
class Left:
    """Seconds left for a paper, None without a time limit."""

    left: int | None


@dataclass(frozen=True)
class OptionView:
    """An option of a paper to be answered."""

    id: str
    text: str


@dataclass(frozen=True)
class AskedQuestion:
    """A question as a trainee gets it before the paper is handed in; `blanks` are those to be filled in."""

    id: str
    kind: ItemKind
    name: str
    stem: str
    blanks: int
    points: int
    options: Sequence[OptionView]


@dataclass(frozen=True)
class MarkedOption:
    """An option of a marked paper: whether it is right, and whether it was chosen."""

    text: str
    letter: str
    right: bool
    chosen: bool


@dataclass(frozen=True)
class MarkedQuestion:
    """A question with the answer given, the right answer, and its source."""

    number: int
    kind: ItemKind
    name: str
    stem: str
    points: int | None
    worth: int
    right: bool
    empty: bool
    options: Sequence[MarkedOption]
    blanks: Sequence[bool]
    given: Sequence[str]
    answer: Sequence[str]
    note: str
    source: Quote
    further: Sequence[Quote]


@dataclass(frozen=True)
class Paper:
    """Common fields of a paper: whose it is and of which quiz; `over`: it was handed in."""

    quiz: str
    title: str
    name: str
    practice: bool
    number: int
    started: str
    over: bool


@dataclass(frozen=True)
class OpenPaper(Paper):
    """A paper to be answered, with the answers so far; nothing in it reveals a right answer."""

    attempt: str
    left: int | None
    questions: Sequence[AskedQuestion]
    answers: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class MarkedPaper(Paper):
    """A paper that was handed in; while its questions are kept back, `later` says when they can be seen."""

    handed: str
    minutes: float | None
    score: Points | Score | None
    later: str
    questions: Sequence[MarkedQuestion]
    mistakes: int


@dataclass(frozen=True)
class OwnMarkedPaper(MarkedPaper):
    """A trainee's own marked paper; its id, `attempt`, is sent to nobody else."""

    attempt: str


def lost_row(found: QuizLine, lost: int) -> QuizRow:
    """Return the trainer's own quiz of which `lost` documents cannot be read, as a row."""
    return QuizRow(found.id, "", when(found.at), lost, mine=True)


def readable_row(found: QuizLine, mine: bool, own: Sequence[tuple[Attempt, Quiz]]) -> ReadableRow:
    """Return a quiz with the trainee's own papers, as a row."""
    return ReadableRow(
        id=found.id,
        title=found.title,
        when=when(found.at),
        lost=0,
        mine=mine,
        questions=found.questions,
        settings=found.settings,
        used=sum(not attempt.practice for attempt, _ in own),
        attempts=[_attempt_row(quiz, attempt) for attempt, quiz in own],
    )


def left(attempt: Attempt, now: float) -> int | None:
    """Return the seconds left for a paper, None without a time limit."""
    return None if attempt.deadline is None else max(0, attempt.deadline - int(now))


def going(quiz: Quiz, attempt: Attempt, now: float) -> OpenPaper:
    """Return a paper to be answered; nothing in it reveals a right answer."""
    questions = paper(quiz, attempt)
    return OpenPaper(
        **vars(_paper(quiz, attempt)),
        attempt=attempt.id,
        left=left(attempt, now),
        questions=[_asked(one) for one in questions],
        answers=shown_answers(questions, attempt.answers),
    )


def own_handed(quiz: Quiz, attempt: Attempt, views: Views) -> OwnMarkedPaper:
    """Return a handed-in paper for its trainee: score and answers only where they may be seen."""
    if shows_answers(quiz, attempt):
        return OwnMarkedPaper(**vars(handed(quiz, attempt, views)), attempt=attempt.id)
    return OwnMarkedPaper(
        **vars(_paper(quiz, attempt)),
        handed=when(attempt.handed or 0),
        minutes=minutes_between(attempt),
        score=_score(quiz, attempt),
        later=_later(quiz, attempt),
        questions=(),
        mistakes=0,
        attempt=attempt.id,
    )


def handed(quiz: Quiz, attempt: Attempt, views: Views) -> MarkedPaper:
    """Return a handed-in paper for the trainer: all of it."""
    return MarkedPaper(
        **vars(_paper(quiz, attempt)),
        handed=when(attempt.handed or 0),
        minutes=minutes_between(attempt),
        score=score_of(quiz, attempt),
        later="",
        questions=[_marked(quiz, attempt, one, views) for one in paper(quiz, attempt)],
        mistakes=len(mistakes(quiz, attempt)),
    )


def _attempt_row(quiz: Quiz, attempt: Attempt) -> AttemptRow:
    row = AttemptRow(attempt.id, attempt.number, when(attempt.started), attempt.practice, handed=None)
    if attempt.handed is None:
        return row
    return HandedRow(**vars(row) | {"handed": when(attempt.handed)}, score=_score(quiz, attempt))


def _paper(quiz: Quiz, attempt: Attempt) -> Paper:
    return Paper(
        quiz=quiz.id,
        title=quiz.title,
        name=attempt.name,
        practice=attempt.practice,
        number=attempt.number,
        started=when(attempt.started),
        over=attempt.handed is not None,
    )


def _score(quiz: Quiz, attempt: Attempt) -> Points | Score | None:
    """Return the trainee's score, None while it is kept back; the number right only where answers are shown."""
    if not shows_score(quiz, attempt):
        return None
    found = score_of(quiz, attempt)
    return found if shows_answers(quiz, attempt) else Points(found.points, found.most, found.waiting)


def _later(quiz: Quiz, attempt: Attempt) -> str:
    """Return in words when the answers, and points if kept back, can be seen."""
    score = "" if shows_score(quiz, attempt) else SCORE_LATER
    return score + LATER[quiz.settings.shown]


def _asked(question: Question) -> AskedQuestion:
    """Return a question as sent to a trainee before the paper is handed in."""
    item = question.item
    return AskedQuestion(
        id=question.id,
        kind=item.kind,
        name=KIND_NAMES[item.kind],
        stem=item.stem,
        blanks=stem_of(item).gaps if item.kind is ItemKind.FILL else 0,
        points=worth(item),
        options=[OptionView(option.id, option.text) for option in question.options],
    )


def _marked(quiz: Quiz, attempt: Attempt, question: Question, views: Views) -> MarkedQuestion:
    """Return a question with the answer given, the right answer, and its source."""
    item, got = question.item, mark_of(quiz, attempt, question.number)
    given = attempt.answers.get(question.number, ())
    return MarkedQuestion(
        number=question.number,
        kind=item.kind,
        name=KIND_NAMES[item.kind],
        stem=item.stem,
        points=got.points,
        worth=got.worth,
        right=got.is_right,
        empty=is_empty(given),
        options=[
            MarkedOption(one.text, letter, right=one.letter in item.answer, chosen=one.letter in given)
            for one, letter in zip(question.options, LETTERS, strict=False)
        ],
        blanks=blanks_right(item, given) if item.kind is ItemKind.FILL else (),
        given=words_of(item, given),
        answer=words_of(item, item.answer),
        note=item.note,
        source=stated(item.source, views),
        further=stated(_further(item), views),
    )


def _further(item: Item) -> tuple[Quote, ...]:
    """Return the quotes of a question that are outside its source."""
    source = item.source
    return tuple(
        q for q in dict.fromkeys(item.further)
        if q.document_id != source.document_id or q.start < source.start or q.end > source.end
    )  # fmt: skip
