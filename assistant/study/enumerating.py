"""Points counted in running text: 首先……其次……最后……, 一是……二是……, 一要……二要……, 第一点……第二点……."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

LAST = 99

_NUMERALS = "一二三四五六七八九十"
_ORDER = {"首先": 1, "其次": 2, "再次": 3, "再者": 3, "然后": 3, "最后": LAST}
_MARK = re.compile(
    f"(?P<order>{'|'.join(_ORDER)})|"
    rf"第(?P<nth>[{_NUMERALS}])(?:点|个?方面|个问题|条意见)?(?=[，、：,:]|要(?!务)|是)|"
    rf"(?P<is>[{_NUMERALS}]{{1,2}})(?:是|则)|(?P<must>[{_NUMERALS}]{{1,2}})要|其(?P<its>[{_NUMERALS}])(?=[，、：])|"
    rf"(?P<bare>[{_NUMERALS}])(?=，)"
)
_CLAUSE = re.compile(r"(?<=[，；：。,;:])\s*")
_OPENED, _CLOSED = "“‘（(《「『", "”’）)》」』"


@dataclass(frozen=True)
class Mark:
    """A mark that counts: its words ("" where they belong to the sentence: 一要), kind, number and where it ends."""

    label: str
    kind: str
    number: int
    end: int


def mark_of(words: str, at: int = 0) -> Mark | None:
    """Return the mark that words bear at `at`."""
    found = _MARK.match(words, at)
    if not found:
        return None
    kind, said = next((kind, said) for kind, said in found.groupdict().items() if said)
    number = _ORDER.get(said) or _number(said)
    label = "" if kind == "must" else found.group()
    return Mark(label, "order" if kind == "nth" else kind, number, found.end() if label else at)


def members(marks: Sequence[Mark | None]) -> list[int]:
    """Return the places of the marks of the first series in a row of sentences, [] where nothing is counted.

    A series begins with its first member and rises; of 最后 alone nothing is made.
    """
    for at, first in enumerate(marks):
        if first and first.number == 1:
            found = _rising(marks, at)
            if len(found) > 1:
                return found
    return []


def _rising(marks: Sequence[Mark | None], at: int) -> list[int]:
    found, last = [at], marks[at]
    for number in range(at + 1, len(marks)):
        mark = marks[number]
        if mark is None or last is None or mark.kind != last.kind:
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
    if len(said) == 1:
        return _NUMERALS.index(said) + 1
    return 10 + _number(said[1]) if said[0] == "十" else 10 * _number(said[0])
