"""What answers are worth, and what became of a quiz."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from assistant.study.pack import RIGHT, WRONG, Difficulty, Item, ItemKind, Quote
from assistant.study.quiz.marking import Mark, blanks_right, folded, mark, same, score, worth
from assistant.study.quiz.quiz import Attempt, Quiz, QuizSettings
from assistant.study.quiz.results import Choice, mistakes, score_of, tallies, totals
from assistant.study.quiz.results_workbook import results_workbook

SOURCE = Quote("d", "规定", "第一条", 1, 0, 4, "原文一句")


def item(kind: ItemKind, answer: tuple[str, ...], options: tuple[str, ...] = (), stem: str = "题") -> Item:
    return Item("x", kind, Difficulty.EASY, stem, answer, SOURCE, options)


FILL = item(ItemKind.FILL, ("“两个维护”", "2023年"), stem="____和____")
SINGLE = item(ItemKind.SINGLE, ("B",), ("甲", "乙", "丙"))
MULTIPLE = item(ItemKind.MULTIPLE, ("A", "C"), ("甲", "乙", "丙"))
JUDGE = item(ItemKind.JUDGE, (WRONG,))
ORDER = item(ItemKind.ORDER, ("C", "A", "B"), ("甲", "乙", "丙"))
SHORT = item(ItemKind.SHORT, ("要点一", "要点二", "要点三"))
ITEMS = (FILL, SINGLE, MULTIPLE, JUDGE, ORDER, SHORT)


@pytest.mark.parametrize(
    ("right", "said", "fits"),
    [
        ("“两个维护”", "两个维护", True),
        ("两个维护", "「两个维护」", True),
        ("两个维护", " 两个\u3000维护\t", True),
        ("2023年", "２０２３年", True),
        ("ABC", "ＡＢＣ", True),
        ("ABC", "abc", False),
        ("两个维护", "两个维护。", False),
        ("三十日", "30日", False),
        ("两个维护", "维护", False),
        ("两个维护", "", False),
        ("“”", "", False),
        ("①", "1", False),
    ],
)
def test_words_are_one_but_for_width_blanks_and_quotation_marks(right: str, said: str, fits: bool) -> None:
    assert same(right, said) is fits


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("asked", "answer", "points"),
    [
        (FILL, ("两个维护", "2023 年"), 2),
        (FILL, ("两个维护",), 1),
        (FILL, ("2023年", "两个维护"), 0),
        (FILL, ("", "2023年", "两个维护"), 1),
        (FILL, (), 0),
        (SINGLE, ("B",), 1),
        (SINGLE, ("A",), 0),
        (SINGLE, (), 0),
        (MULTIPLE, ("A", "C"), 2),
        (MULTIPLE, ("C", "A"), 2),
        (MULTIPLE, ("A",), 1),
        (MULTIPLE, ("A", "B"), 0),
        (MULTIPLE, ("A", "B", "C"), 0),
        (MULTIPLE, (), 0),
        (JUDGE, (WRONG,), 1),
        (JUDGE, (RIGHT,), 0),
        (ORDER, ("C", "A", "B"), 2),
        (ORDER, ("C", "B", "A"), 0),
        (ORDER, ("C", "A"), 0),
        (SHORT, ("写了一些",), None),
        (SHORT, ("  ",), 0),
        (SHORT, (), 0),
    ],
)
def test_what_an_answer_gets(asked: Item, answer: tuple[str, ...], points: int | None) -> None:
    assert mark(asked, answer) == Mark(points, worth(asked))


def test_a_short_answer_gets_what_the_trainer_gives() -> None:
    assert mark(SHORT, ("写了",), 2) == Mark(2, 3)
    assert mark(SHORT, ("写了",), 3).is_right and not mark(SHORT, ("写了",)).is_wrong
    assert blanks_right(FILL, ("两个维护", "x")) == [True, False]


def test_a_paper_sums_up() -> None:
    asked = dict(enumerate(ITEMS))
    answers = {0: ("两个维护", "2023年"), 1: ("A",), 2: ("A",), 5: ("写了",)}
    found = score(asked, answers, {})
    assert (found.points, found.most, found.waiting) == (3, 11, 3)
    assert (found.right, found.wrong, found.unmarked) == (1, 4, 1)
    assert score(asked, answers, {5: 3}).points == 6


def attempt(number: int, answers: dict[int, tuple[str, ...]], handed: int | None = 160) -> Attempt:
    whose = ("i", "q", "", f"人{number}", number, False)
    return Attempt(*whose, 100, None, handed, tuple(range(6)), answers, {})


QUIZ = Quiz("q", "", "测验", 0, QuizSettings(), ITEMS, ("d",), "00")
PAPERS = [
    attempt(1, {0: ("两个维护", "2023年"), 1: ("B",), 2: ("A", "C"), 3: (WRONG,), 4: ("C", "A", "B"), 5: ("=1+1",)}),
    attempt(2, {0: ("“两个维护”", "2024年"), 1: ("A",), 2: ("A", "B"), 3: (RIGHT,), 4: ("A", "B", "C")}),
    attempt(3, {0: ("两个维护", "2024 年")}),
    attempt(4, {1: ("A",)}, handed=None),
]


def test_mistakes_are_those_marked_by_rule() -> None:
    assert mistakes(QUIZ, PAPERS[0]) == ()
    assert mistakes(QUIZ, PAPERS[1]) == (0, 1, 2, 3, 4)


def test_of_each_question_who_had_it_right_and_which_mistakes_were_made() -> None:
    fill, single, multiple, judge, order, short = tallies(QUIZ, PAPERS)
    assert (fill.papers, fill.right, fill.empty, fill.share) == (3, 1, 0, 4 / 6)
    assert fill.choices == (Choice("“两个维护”；2024年", 2, False), Choice("两个维护；2023年", 1, True))
    assert single.choices == (Choice("甲", 1, False), Choice("乙", 1, True), Choice("丙", 0, False))
    assert (single.right, single.empty, single.share) == (1, 1, 1 / 3)
    assert [(c.count, c.is_right) for c in multiple.choices] == [(2, True), (1, False), (1, True)]
    assert judge.choices == (Choice(RIGHT, 1, False), Choice(WRONG, 1, True))
    assert order.choices == (Choice("丙 → 甲 → 乙", 1, True), Choice("甲 → 乙 → 丙", 1, False))
    assert (short.papers, short.empty, short.share, short.choices) == (3, 2, 0.0, ())
    assert totals(QUIZ, PAPERS) == {"handed": 3, "going": 1, "mean": (8 / 11 + 1 / 11 + 1 / 11) / 3}


def test_results_as_a_workbook_hold_no_formula(tmp_path: Path) -> None:
    data = results_workbook(QUIZ, [*PAPERS, attempt(5, {})])
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["成绩", "逐题", "答卷"]
    scores = [[cell.value for cell in row] for row in book["成绩"].iter_rows()]
    assert scores[1][:1] + scores[1][4:] == ["人1", 1, 8, 11, 3, round(8 / 11, 3), 5, 0]
    assert scores[4][3] == "还没有交" and score_of(QUIZ, PAPERS[0]).unmarked == 1
    assert [cell.value for cell in book["逐题"][2]][:7] == [1, "填空题", "____和____", "“两个维护”；2023年", 4, 1, 0.5]
    said = [row for row in book["答卷"].iter_rows() if row[4].value == "=1+1"]
    assert len(said) == 1 and said[0][4].data_type == "s" and said[0][5].value == "待批阅"
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
