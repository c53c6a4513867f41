"""Points counted in running text: 首先……其次……, 一是……二是……, 一靠……二靠……, 一方面……另一方面……, （一）……；（二）……."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.language.numerals import numeral

LAST = 99
SERIES_LEAST = 3  # members that count by a numeral alone: 一抓……二促……三保……

_NUMERALS = "一二三四五六七八九十"
_RINGED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_ORDER = {"首先": 1, "其次": 2, "再次": 3, "再者": 3, "然后": 3, "最后": LAST}
_ENGLISH = {"First": 1, "Firstly": 1, "Second": 2, "Secondly": 2, "Third": 3, "Thirdly": 3, "Finally": LAST}
_SIDES = {"一方面": 1, "另一方面": 2, "再一方面": 3}
_SAID = _ORDER | _ENGLISH | _SIDES
_KINDS_OF_ORDER = {"nth", "named", "english"}
_SAID_WITH = {"named", "does"}  # the mark is part of what the sentence says
_COUNTED = f"{_NUMERALS}百千万亿两半零〇0-9"
_NOUNS = "季年月日号期级类等线区楼组队批个种次点条项本院中小附路环班师团营连排审读稿孩产道届系把对双位名家套件座台辆"
_ADVERBS = "旦律并经直定般些切样起体致同时面边再概共味向应度生心手带路下会"
_MARK = re.compile(
    f"(?P<order>{'|'.join(_ORDER)})|(?P<english>{'|'.join(_ENGLISH)})(?=, )|(?P<side>另一方面|再一方面|一方面)|"
    rf"第(?P<nth>[{_NUMERALS}])(?:[点步条]|个?方面|个问题|条意见)?(?=[，、：,:]|要(?!务)|是)|"
    rf"第(?P<named>[{_NUMERALS}])(?:[个点步条项类种件道关招层]|方面|阶段|环节)[^，。；：、是]{{0,6}}(?=[，：,:是])|"
    rf"(?P<is>[{_NUMERALS}]{{1,2}})(?:是|则)|其(?P<its>[{_NUMERALS}])(?=[，、：])是?|(?P<bare>[{_NUMERALS}])(?=，)|"
    rf"[（(](?P<round>[{_NUMERALS}]{{1,3}})[）)]|[（(](?P<figure>[0-9]{{1,2}})[）)]|(?P<ringed>[{_RINGED}])|"
    rf"(?P<dotted>[0-9]{{1,2}})(?:[.．](?![0-9])|[、）)])|(?P<listed>[{_NUMERALS}]{{1,3}})、(?![{_NUMERALS}])|"
    rf"(?P<does>[{_NUMERALS}]{{1,2}})(?=[\u4e00-\u9fff])(?![{_COUNTED}{_NOUNS}{_ADVERBS}])"
)
_CLAUSE = re.compile(r"(?<=[，；：。,;:])\s*")
_OPENED, _CLOSED = "“‘（(《「『", "”’）)》」』"


@dataclass(frozen=True)
class Mark:
    """A mark that counts: its words ("" where they belong to the sentence: 一要), kind, number and where it ends.

    `verb` is what a bare numeral stands before: 靠 in 一靠.
    """

    label: str
    kind: str
    number: int
    end: int
    verb: str = ""


def mark_of(words: str, at: int = 0) -> Mark | None:
    """Return the mark that words bear at `at`."""
    found = _MARK.match(words, at)
    if not found:
        return None
    kind, said = next((kind, said) for kind, said in found.groupdict().items() if said)
    number = _SAID.get(said) or _number(said)
    label = "" if kind in _SAID_WITH else found.group()
    verb = words[found.end()] if kind == "does" else ""
    return Mark(label, "order" if kind in _KINDS_OF_ORDER else kind, number, found.end() if label else at, verb)


def members(marks: Sequence[Mark | None], begin: int = 0) -> list[int]:
    """Return the places of the marks of the first series from `begin` on, [] where nothing is counted.

    A series begins with its first member and rises; of 最后 alone nothing is made.
    """
    for at in range(begin, len(marks)):
        first = marks[at]
        if first and first.number == 1 and (found := _rising(marks, at)):
            return found
    return []


def all_members(marks: Sequence[Mark | None]) -> set[int]:
    """Return the places of the marks of all series, those inside a member too."""
    firsts = [at for at, mark in enumerate(marks) if mark and mark.number == 1]
    return {at for first in firsts for at in _rising(marks, first)}


def begins(marks: Sequence[Mark | None], at: int) -> bool:
    """Say whether a series begins at a place."""
    mark = marks[at]
    return mark is not None and mark.number == 1 and bool(_rising(marks, at))


def _rising(marks: Sequence[Mark | None], at: int) -> list[int]:
    """Return the series that the mark at a place begins: before one verb (一要, 二要), or of three and more."""
    same = _run(marks, at, True)
    if len(same) > 1:
        return same
    found = _run(marks, at, False)
    return found if len(found) >= SERIES_LEAST else []


def _run(marks: Sequence[Mark | None], at: int, strict: bool) -> list[int]:
    found, first, last = [at], marks[at], marks[at]
    for number in range(at + 1, len(marks)):
        mark = marks[number]
        if mark is None or first is None or last is None or mark.kind != first.kind:
            continue
        if strict and mark.verb != first.verb:
            continue
        if mark.number == last.number + 1 or (mark.kind == "order" and mark.number > last.number):
            found.append(number)
            last = mark
        elif mark.number == 1:
            break
    return found


def cuts(words: str) -> list[int]:
    """Return where the marks of a series stand inside words, at the beginning of a clause and in no quotation."""
    depth, deep = 0, []
    for letter in words:
        depth += (letter in _OPENED) - (letter in _CLOSED)
        deep.append(depth)
    places = [found.end() for found in _CLAUSE.finditer(words) if deep[found.start() - 1] <= 0]
    return [at for at in places if at < len(words) and mark_of(words, at)]


def pieces(words: str, at: Sequence[int]) -> list[tuple[int, int]]:
    """Return the spans between places, without the blanks around them."""
    found = pairwise([0, *at, len(words)])
    return [(a, a + len(words[a:b].rstrip())) for a, b in found if words[a:b].strip()]


def _number(said: str) -> int:
    """Return the number that a numeral says: 3, ③, 三, 二十一."""
    if said in _RINGED:
        return _RINGED.index(said) + 1
    return numeral(said) or 0
