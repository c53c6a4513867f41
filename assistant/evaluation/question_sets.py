"""Question sets: a table parsed into questions and the answers expected.

Column headings have several accepted names. An unusable row is reported with its line and what to correct; the
others are used.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.base.errors import ReadingError
from assistant.base.files.spreadsheets import Row, read_rows, write_workbook

QUESTIONS_LIMIT = 1_000
QUESTION_LIMIT = 500
TEXTS_LIMIT = 10
TEXT_LIMIT = 300
HEADING_ROWS = 5

QUESTION, EXPECTED, FILE, ANSWERABLE = "问题", "应引原文", "文件", "应回答"
_NAMES = {
    QUESTION: {"问题", "提问", "题目", "问句", "测试问题", "question", "query"},
    EXPECTED: {"应引原文", "应引", "原文", "标准原文", "参考原文", "答案原文", "依据", "依据原文", "expected"},
    FILE: {"文件", "文件名", "文件名称", "文档", "来源", "来源文件", "file", "document"},
    ANSWERABLE: {"应回答", "是否应回答", "应否回答", "应答", "能回答", "是否能回答", "可回答", "answerable"},
}
_YES = {"是", "应", "能", "可", "有", "对", "y", "yes", "true", "1", "√", "✓"}
_NO = {"否", "不", "不应", "不能", "无", "没有", "不是", "n", "no", "false", "0", "×", "✗"}
_PARTS = re.compile(r"[|｜\n]")
TEMPLATE = [
    [QUESTION, EXPECTED, FILE, ANSWERABLE],
    ["病假最多多少天？", "病假一般不得超过三十日", "考勤办法.docx", "是"],
    ["请假应当具备哪些条件？", "因病需要治疗的|因婚丧需要离岗的", "", "是"],
    ["年终奖怎么发放？", "", "", "否"],
]
HINTS = [
    ["列", "怎么填"],
    [QUESTION, f"必填。一行一个问题，{QUESTION_LIMIT} 字以内，不要重复。"],
    [EXPECTED, "从文件里照抄一小段（一句话以内），回答的引文里要有这段话。几段之间用 | 隔开，或写成几行。"],
    [FILE, "可不填。应引原文在哪份文件里：写文件名或标题；几份之间用 | 隔开。"],
    [ANSWERABLE, "可不填。文件里有答案写“是”，没有答案、应该说没有找到的写“否”。填了应引原文就是“是”。"],
]


@dataclass(frozen=True)
class SetQuestion:
    """A question and what is expected: texts that must be quoted, from which files, whether it can be answered.

    `answerable` is None where nothing is expected. `line` is its row in the table, from 1.
    """

    line: int
    question: str
    expected: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    answerable: bool | None = None


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with a row, and how to correct it."""

    line: int
    message: str


@dataclass(frozen=True)
class ParsedSet:
    """The questions of a table, and the rows that could not be used."""

    questions: tuple[SetQuestion, ...]
    problems: tuple[RowProblem, ...]


def parse_set(name: str, data: bytes) -> ParsedSet:
    """Return the questions of the table file `name`; raises `ReadingError` where none is usable."""
    rows = read_rows(name, data)
    columns, first = _columns(rows)
    questions: dict[str, SetQuestion] = {}
    problems = []
    for row in rows[first:]:
        try:
            found = _question(row.line, {c: row.cells[at] for c, at in columns.items() if at < len(row.cells)})
            if found.question in questions:
                raise ValueError(f"与第 {questions[found.question].line} 行的问题相同：请删去一行。")
            questions[found.question] = found
        except ValueError as error:
            problems.append(RowProblem(row.line, str(error)))
    if len(questions) > QUESTIONS_LIMIT:
        raise ReadingError(f"问题超过 {QUESTIONS_LIMIT} 个：请分成几个文件上传。")
    if not questions:
        mend = f"第 {problems[0].line} 行{problems[0].message}" if problems else "请在标题下面每行写一个问题。"
        raise ReadingError(f"表格里没有可用的问题：{mend}")
    return ParsedSet(tuple(questions.values()), tuple(problems))


def doubts(
    questions: Iterable[SetQuestion], held: Callable[[int, str], bool], known: Callable[[str], bool]
) -> list[RowProblem]:
    """Return expectations that cannot be met: texts that no document contains, files that do not exist.

    `held` says whether a document contains a text expected on a line, `known` whether a file exists.
    """
    found = []
    for q in questions:
        missing = [file for file in q.files if not known(file)]
        found += [RowProblem(q.line, f"现有文件里没有“{file}”：请核对文件名或标题。") for file in missing]
        if not missing:
            absent = [text for text in q.expected if not held(q.line, text)]
            found += [RowProblem(q.line, f"文件里找不到“{_short(t)}”：请从原文照抄，标点也要一样。") for t in absent]
    return found


def template() -> bytes:
    """Return an .xlsx template to fill in, with a sheet of instructions."""
    return write_workbook({"问题": TEMPLATE, "填写说明": HINTS})


def _columns(rows: Sequence[Row]) -> tuple[dict[str, int], int]:
    """Return the index of each known column, and the number of rows up to and including the headings."""
    for count, row in enumerate(rows[:HEADING_ROWS], 1):
        found: dict[str, int] = {}
        for at, cell in enumerate(row.cells):
            words = re.sub(r"[\s*＊：:]|[（(].*?[）)]", "", cell).lower()
            column = next((name for name, names in _NAMES.items() if words in names), None)
            if column in found:
                raise ReadingError(f"有两列都是“{column}”：请只留一列。")
            if column:
                found[column] = at
        if QUESTION in found:
            return found, count
    raise ReadingError(f"找不到“{QUESTION}”这一列：请在第一行写上标题（{'、'.join(_NAMES)}），可先下载模板。")


def _question(line: int, cells: dict[str, str]) -> SetQuestion:
    """Return the question of a row; raises ValueError saying what to correct."""
    question = " ".join(cells.get(QUESTION, "").split())
    if not question:
        raise ValueError("没有写问题：请补上问题，或删去这一行。")
    if len(question) > QUESTION_LIMIT:
        raise ValueError(f"问题太长（{len(question)} 字）：请缩短到 {QUESTION_LIMIT} 字以内。")
    expected, files = _parts(cells.get(EXPECTED, "")), _parts(cells.get(FILE, ""))
    if len(expected) > TEXTS_LIMIT or len(files) > TEXTS_LIMIT:
        raise ValueError(f"应引原文或文件超过 {TEXTS_LIMIT} 个：请减少，或分成几个问题。")
    if any(len(text) > TEXT_LIMIT for text in (*expected, *files)):
        raise ValueError(f"应引原文太长：请只抄最要紧的一句（{TEXT_LIMIT} 字以内）。")
    answerable = _answerable(cells.get(ANSWERABLE, ""))
    if expected and answerable is False:
        raise ValueError("写了应引原文，又写不应回答：请去掉其中一个。")
    return SetQuestion(line, question, expected, files, True if expected else answerable)


def _answerable(said: str) -> bool | None:
    words = said.strip().lower()
    if words in _YES:
        return True
    if words in _NO:
        return False
    if words:
        raise ValueError(f"“{ANSWERABLE}”写的是“{_short(said)}”：请写“是”或“否”，或空着。")
    return None


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in _PARTS.split(cell) if part.strip()))


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:30]}……"
