"""What the page 测验 gets as JSON: quizzes, papers to be answered, papers marked, results.

A paper to be answered is made here of stems and options alone; answers, sources and notes come only with a
paper that was handed in, to those who may see them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from assistant.base.dates import when
from assistant.index.records import DocumentView
from assistant.study.pack import KIND_NAMES, LETTERS, Item, ItemKind, Quote
from assistant.study.quiz.marking import blanks_right, is_empty, worth
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
from assistant.study.quiz.results import mark_of, mistakes, score_of, tallies, totals, words_of
from assistant.study.quiz.results_workbook import minutes_between
from assistant.study.staleness import State, state_of
from assistant.study.stem_recovery import stem_of

LATER = {
    Shown.CLOSED: "正确答案在测验关闭以后公布。",
    Shown.NEVER: "这份测验不公布答案。",
}

SCORE_LATER = "这份测验可以做几次，分数在测验关闭以后公布。"

Views = Mapping[str, DocumentView]


def settings(found: QuizSettings) -> dict[str, Any]:
    """Return how a quiz is taken."""
    return asdict(found)


def line(found: QuizLine, own: Sequence[tuple[Attempt, Quiz]]) -> dict[str, Any]:
    """Return a quiz of the list with the trainee's own papers."""
    used = sum(not attempt.practice for attempt, _ in own)
    return {
        "id": found.id,
        "title": found.title,
        "when": when(found.at),
        "questions": found.questions,
        "settings": settings(found.settings),
        "used": used,
        "attempts": [attempt_line(quiz, attempt) for attempt, quiz in own],
    }


def attempt_line(quiz: Quiz, attempt: Attempt) -> dict[str, Any]:
    """Return one of the trainee's own papers, with its score once it is handed in."""
    told: dict[str, Any] = {"id": attempt.id, "number": attempt.number, "started": when(attempt.started)}
    told["practice"] = attempt.practice
    if attempt.handed is None:
        return told | {"handed": None}
    return told | {"handed": when(attempt.handed), "score": _score(quiz, attempt)}


def going(quiz: Quiz, attempt: Attempt, now: float) -> dict[str, Any]:
    """Return a paper to be answered: nothing of it tells a right answer."""
    questions = paper(quiz, attempt)
    return _head(quiz, attempt) | {
        "over": False,
        "left": None if attempt.deadline is None else max(0, attempt.deadline - int(now)),
        "questions": [_asked(one) for one in questions],
        "answers": shown_answers(questions, attempt.answers),
    }


def handed(quiz: Quiz, attempt: Attempt, views: Views, as_trainer: bool = False) -> dict[str, Any]:
    """Return a paper that was handed in: its score, and its answers where they may be seen."""
    is_shown = as_trainer or shows_answers(quiz, attempt)
    told = _head(quiz, attempt) | {
        "over": True,
        "handed": when(attempt.handed or 0),
        "minutes": minutes_between(attempt),
        "score": _score(quiz, attempt, as_trainer),
        "later": "" if is_shown else _later(quiz, attempt),
    }
    if not is_shown:
        return told | {"questions": [], "mistakes": 0}
    marked = [_marked(quiz, attempt, one, views) for one in paper(quiz, attempt)]
    return told | {"questions": marked, "mistakes": len(mistakes(quiz, attempt))}


def results(quiz: Quiz, attempts: Sequence[Attempt], views: Views) -> dict[str, Any]:
    """Return what came of a quiz, for its trainer."""
    return {
        "id": quiz.id,
        "title": quiz.title,
        "when": when(quiz.at),
        "settings": settings(quiz.settings),
        "questions": len(quiz.items),
        "totals": dict(totals(quiz, attempts)),
        "attempts": [_result(quiz, one) for one in attempts],
        "tallies": [
            {
                "number": one.number + 1,
                "kind": KIND_NAMES[one.item.kind],
                "stem": one.item.stem,
                "papers": one.papers,
                "empty": one.empty,
                "right": one.right,
                "share": one.share,
                "choices": [asdict(choice) for choice in one.choices],
                "answer": words_of(one.item, one.item.answer),
                "source": _quote(one.item.source, views),
            }
            for one in tallies(quiz, attempts)
        ],
    }


def _head(quiz: Quiz, attempt: Attempt) -> dict[str, Any]:
    told = {"attempt": attempt.id, "quiz": quiz.id, "title": quiz.title, "name": attempt.name}
    return told | {"practice": attempt.practice, "number": attempt.number, "started": when(attempt.started)}


def _score(quiz: Quiz, attempt: Attempt, as_trainer: bool = False) -> dict[str, int] | None:
    """Return the score of a paper, None while it is kept back; how many questions were right only with the answers."""
    if not as_trainer and not shows_score(quiz, attempt):
        return None
    found = asdict(score_of(quiz, attempt))
    is_shown = as_trainer or shows_answers(quiz, attempt)
    return found if is_shown else {name: found[name] for name in ("points", "most", "waiting")}


def _later(quiz: Quiz, attempt: Attempt) -> str:
    """Return in words when answers, and points where these are kept back, will be told."""
    score = "" if shows_score(quiz, attempt) else SCORE_LATER
    return score + LATER[quiz.settings.shown]


def _asked(question: Question) -> dict[str, Any]:
    """Return a question as a trainee gets it before the paper is handed in."""
    item = question.item
    return {
        "id": question.id,
        "kind": item.kind,
        "name": KIND_NAMES[item.kind],
        "stem": item.stem,
        "blanks": stem_of(item).gaps if item.kind is ItemKind.FILL else 0,
        "points": worth(item),
        "options": [{"id": option.id, "text": option.text} for option in question.options],
    }


def _marked(quiz: Quiz, attempt: Attempt, question: Question, views: Views) -> dict[str, Any]:
    """Return a question with what was answered, what is right, and where that stands."""
    item, got = question.item, mark_of(quiz, attempt, question.number)
    given = attempt.answers.get(question.number, ())
    return {
        "number": question.number,
        "kind": item.kind,
        "name": KIND_NAMES[item.kind],
        "stem": item.stem,
        "points": got.points,
        "worth": got.worth,
        "right": got.is_right,
        "empty": is_empty(given),
        "options": [
            {"text": one.text, "letter": letter, "right": one.letter in item.answer, "chosen": one.letter in given}
            for one, letter in zip(question.options, LETTERS, strict=False)
        ],
        "blanks": blanks_right(item, given) if item.kind is ItemKind.FILL else [],
        "given": words_of(item, given),
        "answer": words_of(item, item.answer),
        "note": item.note,
        "source": _quote(item.source, views),
        "further": _further(item, views),
    }


def _further(item: Item, views: Views) -> list[dict[str, Any]]:
    """Return the other quotes of a question that stand outside its source."""
    source = item.source
    others = (
        q for q in dict.fromkeys(item.further)
        if q.document_id != source.document_id or q.start < source.start or q.end > source.end
    )  # fmt: skip
    return [_quote(one, views) for one in others]


def _quote(quote: Quote, views: Views) -> dict[str, Any]:
    """Return a quote; one that is not at its place any more bears its state."""
    view = views.get(quote.document_id)
    state = state_of(view.text, quote.start, quote.end, quote.text) if view else State.GONE
    return asdict(quote) | ({} if state is State.HERE else {"state": state})


def _result(quiz: Quiz, attempt: Attempt) -> dict[str, Any]:
    told = {
        "number": attempt.number,
        "name": attempt.name,
        "account": attempt.account,
        "started": when(attempt.started),
    }
    if attempt.handed is None:
        return told | {"handed": None}
    score = asdict(score_of(quiz, attempt))
    return told | {"handed": when(attempt.handed), "minutes": minutes_between(attempt), "score": score}
