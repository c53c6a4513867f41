"""The results of a quiz as a workbook: scores, questions, and every answer."""

from collections.abc import Sequence

from assistant.base.dates import when
from assistant.base.files.spreadsheets import write_workbook
from assistant.study.pack import KIND_NAMES, ItemKind, Quote
from assistant.study.quiz.quiz import Attempt, Quiz
from assistant.study.quiz.results import ARROW, Tally, mark_of, score_of, tallies, words_of

WAITING = "待批阅"


def results_workbook(quiz: Quiz, attempts: Sequence[Attempt]) -> bytes:
    """Return the .xlsx of the papers handed in; those being written are named without their answers."""
    return write_workbook(
        {
            "成绩": _scores(quiz, attempts),
            "逐题": _questions(tallies(quiz, attempts)),
            "答卷": _answers(quiz, [one for one in attempts if one.handed is not None]),
        }
    )


def minutes_between(attempt: Attempt) -> float | None:
    """Return how many minutes a paper took, None while it is being written."""
    return None if attempt.handed is None else round((attempt.handed - attempt.started) / 60, 1)


def said_of(item_kind: ItemKind, words: Sequence[str]) -> str:
    """Return an answer on one line."""
    return (ARROW if item_kind is ItemKind.ORDER else "；").join(words)


def place_of(quote: Quote) -> str:
    """Return where a quote stands, in words."""
    return f"《{quote.document}》{quote.section} 第{quote.paragraph}段"


def _scores(quiz: Quiz, attempts: Sequence[Attempt]) -> list[Sequence[object]]:
    rows: list[Sequence[object]] = [
        ["姓名", "账号", "开始", "交卷", "用时（分）", "得分", "满分", WAITING, "得分率", "全对", "有错"]
    ]
    for one in attempts:
        begun = [one.name, one.account, when(one.started)]
        if one.handed is None:
            rows.append([*begun, "还没有交"])
            continue
        got = score_of(quiz, one)
        share = round(got.points / got.most, 3) if got.most else 0
        rows.append(
            [
                *begun,
                when(one.handed),
                minutes_between(one),
                got.points,
                got.most,
                got.waiting,
                share,
                got.right,
                got.wrong,
            ]
        )
    return rows


def _questions(found: Sequence[Tally]) -> list[Sequence[object]]:
    rows: list[Sequence[object]] = [
        ["题号", "题型", "题目", "正确答案", "答卷", "全对", "得分率", "没有答", "各种答案（人数）", "原文", "出处"]
    ]
    for one in found:
        item = one.item
        given = "\n".join(f"{c.text}：{c.count}" + ("（正确）" if c.is_right else "") for c in one.choices)
        right = said_of(item.kind, words_of(item, item.answer))
        share = "" if one.share is None else round(one.share, 3)
        figures = [one.papers, one.right, share, one.empty]
        head = [one.number + 1, KIND_NAMES[item.kind], item.stem, right]
        rows.append([*head, *figures, given, item.source.text, place_of(item.source)])
    return rows


def _answers(quiz: Quiz, attempts: Sequence[Attempt]) -> list[Sequence[object]]:
    rows: list[Sequence[object]] = [["姓名", "题号", "题型", "题目", "回答", "得分", "满分"]]
    for attempt in attempts:
        for number in attempt.items:
            item, got = quiz.items[number], mark_of(quiz, attempt, number)
            said = said_of(item.kind, words_of(item, attempt.answers.get(number, ())))
            points = WAITING if got.points is None else got.points
            rows.append([attempt.name, number + 1, KIND_NAMES[item.kind], item.stem, said, points, got.worth])
    return rows
