"""Short answers: the few words of the quotes that answer by themselves: 4个单位, 不得超过三个月, 2023年10月8日.

Only where they are beyond doubt: a document's quotes hold exactly one such piece, in a clause about the
question. A limit or hedge beside a number (一般不得超过, 以内) is part of it; where the limit stands apart from
the number, or the question asks for two things, there is none.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from assistant.answering.sentences.answer_type import NUMBER, SAME_UNIT, TIME_UNITS, name_beside
from assistant.base.text import CLAUSE_ENDS
from assistant.language.question import Kind, Question

_LIMIT = "超过|超出|少于|低于|高于|多于|早于|晚于|迟于"
_HEDGE = "一般|原则上|通常|累计|合计|共计|每年|每月|每次"
_BEFORE = (
    f"(?:{_HEDGE})*(?:不得|不能|不应|不|应当|可以)?(?:{_LIMIT}|满|足)?|"
    "提前|至少|至多|最多|最少|最长|最短|最高|最低|不足|未满|大约|近|约|每"
)
_BEHIND = "(?:以上|以下|以内|之内|内|以前|之前|前|以后|之后|后|左右|余)?"
_PERIOD = "(?:个工作日|个月|个季度|个小时|个星期|小时|分钟|周年|年|月|日|天|周|星期)"
_MEASURES = (
    (re.compile("多久|多长|几时"), _PERIOD),
    (re.compile("多少钱|多少元|价格|金额|费用|票价|预算"), "(?:[万亿]?元)"),
    (re.compile("比例|百分|占比|率"), "(?:％|%|成)"),
)
_DIGIT = "[0-9０-９一二三四五六七八九十〇零]"
_WHOLE_DATE = re.compile(
    f"{_DIGIT}{{4}}年(?:{_DIGIT}{{1,3}}月(?:{_DIGIT}{{1,3}}[日号])?)?|(?<!{_DIGIT}){_DIGIT}{{1,3}}月{_DIGIT}{{1,3}}[日号]"
)
_PLANNED = re.compile("力争|目标|计划|预计|争取")
_ASKED = re.compile("几|多少|多久|多长|什么时候|哪[天年月日]|谁")


def short_answer(question: Question, quotes: Sequence[str], about: Callable[[str], bool]) -> tuple[int, str] | None:
    """Return (index of the quote, from 0; its piece that answers), None where that is not certain.

    `quotes` are of one document; `about` says whether words are about the question.
    """
    found = {Kind.NUMBER: _numbers, Kind.WHEN: _dates, Kind.NAME: _names}.get(question.kind)
    if found is None or len(_ASKED.findall(question.text)) > 1:
        return None
    pieces = {piece: at for at, quote in reversed(list(enumerate(quotes))) for piece in found(question, quote)}
    if len(pieces) != 1:
        return None
    [(piece, at)] = pieces.items()
    clause, before = _around(quotes[at], piece)
    apart = re.search(_LIMIT, clause.replace(piece, ""))
    planned = _PLANNED.search(clause) and not _PLANNED.search(question.text)
    return (at, piece) if not apart and not planned and about(f"{before}，{clause}") else None


def _around(quote: str, piece: str) -> tuple[str, str]:
    """Return the clause of `quote` that holds `piece`, and the clause before it."""
    clauses = ["", *(clause for clause in CLAUSE_ENDS.split(quote) if clause)]
    at = next((n for n, clause in enumerate(clauses) if piece in clause), len(clauses) - 1)
    return clauses[at], clauses[at - 1]


def _numbers(question: Question, quote: str) -> Iterator[str]:
    """Yield the numbers with the measure word asked for, together with the noun where something is counted."""
    unit, counted = question.unit, question.counted or ""
    measure = next((given for asked, given in _MEASURES if asked.search(question.text)), "")
    if unit and not measure:
        measure = f"(?:{SAME_UNIT.get(unit, re.escape(unit))})"
    if not measure:
        return
    counts = unit and unit not in TIME_UNITS and len(counted) > 1
    noun = re.escape(counted if len(counted) == 3 else counted[:2]) if counts else ""
    share = "|百分之[一二三四五六七八九十百零点]+" if "%" in measure else ""
    for match in re.finditer(f"(?:{_BEFORE})(?:{NUMBER}\\s*余?{measure}{share}){_BEHIND}{noun}", quote):
        yield match.group()


def _dates(question: Question, quote: str) -> Iterator[str]:
    for match in _WHOLE_DATE.finditer(quote):
        yield match.group()


def _names(question: Question, quote: str) -> Iterator[str]:
    found = name_beside(question, quote)
    if found:
        yield found
