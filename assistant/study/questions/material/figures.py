"""Which numbers of a sentence are figures that can be asked for, and between what its other numbers keep them.

A numeral of a saying counts nothing (三天打鱼，两天晒网), one in a title or in quotation marks is part of a name,
and one that the sentence lets be counted or reckoned out is no question (优秀、合格、不合格三个等次; 共126家，其中…).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from assistant.language.numerals import number_of

_DIGITS = r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?[万亿]?"
_CHINESE = "[一二两三四五六七八九十百千][一二两三四五六七八九十百千万]*"
_UNITS = (
    "摄氏度|万吨|亿吨|个工作日|个月|个小时|个百分点|个自然日|个季度|小时|分钟|周岁|工作日|人次|万元|亿元|平方米|平方公里|公里|公斤|毫升|毫克|克|升|"
    "日内|日|天|年(?![级度])|周(?!年)|岁|元|％|%|倍|名|人|户|件|套|张|家|起|吨|亩|台|座|处|所|米|份|页|例|对|位|门|项|次|个|条|支|辆|时(?=前)|"
    "(?<=[0-9万亿])(?:字|篇|场|期|轮|批|艘|公顷|立方米|千米|间|栋|幢|笔|宗|课时|学时|学分|册|本|部|种|类|村|级|公斤|千瓦|盏|棵|株|头|只|块|片)|"
    "(?<=[0-9])分(?![钟之别期批类级层步块片组头散])"
)
AMOUNT = f"(?:{_DIGITS}|{_CHINESE})(?:{_UNITS})"
_ANY = re.compile(rf"(?<![0-9.,０-９一二两三四五六七八九十百千万])({_DIGITS}|{_CHINESE})(余?\s?)({_UNITS})")
_ALONE = re.compile(
    "(?<=[0-9一二两三四五六七八九十百千万亿日月年时分％%元岁人个名次天周])[至到]$|[0-9]时$|[第—~～\\-/〔:：]$|[0-9一二三四五六七八九十]、$"
)
_PERCENT = re.compile(f"百分之({_CHINESE})")
_LATIN = re.compile(r"(?<![\w.,$-])([0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)(%|\s[a-z]+)")
_INDEFINITE = re.compile("一(?!个月|个工作日|年|日|天|周|小时|倍)")
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_RANGE = tuple("至到—-~～")
_CN = "一二两三四五六七八九十"
_POWER = re.compile("[百千万亿]+")
_NUMERAL = re.compile(f"[{_CN}]")
_SET_PHRASE = re.compile("之(?![内外间前后日久])|到头|到晚|四季|如一|[又复一](?!次性)")
_PARTS = re.compile("[，、；：。！？\n]")
_STRETCH = re.compile("[，；：。！？（）\n]")
_LINK = re.compile("、|以及|(?<![共温总普涉])[和及与](?![谐平睦气解时])")
_JOINED = re.compile("[至到以及和或的]")
_COUNTED_MOST = 12
_ONE_OF_A_ROW = re.compile("[上下前后每同某另这那]一$")
_SAYING_PART = 6
_MEASURES = re.compile("年|月|日|天|周|时|分|元|米|公里|[％%]|克|升|吨|亩|倍|岁|次|人")
_OPEN, _CLOSE = "“「『《", "”」』》"
_SPAN = re.compile("日(?:[0-9]{1,2}时)?[至—-](?:[0-9]{1,2}月)?[0-9]{1,2}日")
_PARTS_LEAST = 3


@dataclass(frozen=True)
class Figure:
    """A number of a sentence from `start` to `end`, its unit and its value."""

    start: int
    end: int
    unit: str

    def value(self, text: str) -> float:
        """Return the number as a value."""
        return number_of(text[self.start : self.end])


@lru_cache(maxsize=256)
def figures(text: str, start: int, end: int) -> tuple[Figure, ...]:
    """Return the numbers with units of the sentence from `start` to `end`."""
    found = [_figure(m, m.group(3)) for m in _ANY.finditer(text, start, end) if not _dated(text, m)]
    found += [_figure(m, "百分之") for m in _PERCENT.finditer(text, start, end)]
    found += [_figure(m, m.group(2)) for m in _LATIN.finditer(text, start, end)]
    return tuple(sorted(set(found), key=lambda one: one.start))


def _figure(found: re.Match[str], unit: str) -> Figure:
    return Figure(start=found.start(1), end=found.end(1), unit=unit)


def _dated(text: str, found: re.Match[str]) -> bool:
    """Say whether a number is the day or the year of a date."""
    day = found.group(3)[0] == "日" and bool(
        re.match("[0-9一二三四五六七八九十]月", text[max(found.start() - 2, 0) : found.start()])
    )
    return day or (found.group(3) == "年" and bool(_YEAR.fullmatch(found.group(1))))


def asked_for(text: str, start: int, end: int) -> list[Figure]:
    """Return the numbers of a sentence that can be asked for: amounts, no ends of a range, none that the rest tells."""
    found = figures(text, start, end)
    known = told(text, (start, end), found)
    return [
        one
        for one in found
        if one.start not in known
        and not _ALONE.search(text[max(one.start - 2, 0) : one.start])
        and not text[one.end + len(one.unit) : end].startswith(_RANGE)
        and not _INDEFINITE.match(text[one.start : one.end + 3])
        and counts(text, (start, end), one)
    ]


def amounts(words: str) -> set[str]:
    """Return the numbers with their units that `words` hold, each in one form: 3年 of 三年内."""
    found = figures(words, 0, len(words))
    return {f"{one.value(words):g}{one.unit.removeprefix('个').removesuffix('内').strip()}" for one in found}


def counts(text: str, span: tuple[int, int], found: Figure) -> bool:
    """Say whether a number of the sentence at `span` counts something, instead of being part of a saying or a name."""
    number = text[found.start : found.end]
    behind = text[found.end + len(found.unit) : span[1]]
    if _POWER.fullmatch(number) or _SET_PHRASE.match(behind) or _named(text[span[0] : found.start]):
        return False
    if _ONE_OF_A_ROW.search(text[max(found.start - 1, span[0]) : found.end]):  # 下一年
        return False
    return number[0].isdigit() or not (_saying(text, span, found) or _rhymed(text, span, found))


def _named(before: str) -> bool:
    """Say whether quotation marks or those of a title are open behind these words."""
    return any(before.count(a) > before.count(b) for a, b in zip(_OPEN, _CLOSE, strict=True))


def _saying(text: str, span: tuple[int, int], found: Figure) -> bool:
    """Say whether a numeral stands in a phrase that is built like the one beside it, or twice with one unit."""
    first = max((m.end() for m in _PARTS.finditer(text, span[0], found.start)), default=span[0])
    stop = _PARTS.search(text, found.end, span[1])
    last = stop.start() if stop else span[1]
    part, at = text[first:last], found.start - first
    rest = len(part) - at
    for other in _beside(text, span, (first, last)):
        twin = _NUMERAL.match(other, max(len(other) - rest, 0)) if rest >= _PARTS_LEAST else None
        if twin and len(other) >= rest and other[-rest + 2 :] != part[-rest + 2 :]:
            return True
    for mark in _NUMERAL.finditer(part):
        between = part[min(mark.end(), at + 1) : max(mark.start(), at)]
        if mark.start() != at and part[mark.end() : mark.end() + 1] == found.unit[:1] and not _JOINED.search(between):
            return True
    return False


def _rhymed(text: str, span: tuple[int, int], found: Figure) -> bool:
    """Say whether two short parts of one pattern stand before that of a numeral: 春争日，夏争时，一年大事不宜迟."""
    one, other = ["", "", *_PARTS.split(text[span[0] : found.start])[:-1]][-2:]
    sized = len(one) == len(other) and 2 < len(one) <= _SAYING_PART and not _NUMERAL.search(one + other)
    return sized and one != other and any(a == b for a, b in zip(one, other, strict=True))


def _beside(text: str, span: tuple[int, int], part: tuple[int, int]) -> list[str]:
    before = _PARTS.split(text[span[0] : max(part[0] - 1, span[0])])
    behind = _PARTS.split(text[part[1] + 1 : span[1]])
    return [before[-1], behind[0]]


def told(text: str, span: tuple[int, int], found: Sequence[Figure]) -> set[int]:
    """Return where numbers stand that the rest of the sentence at `span` tells: counted, added up, or said twice."""
    sizes = {len(_LINK.findall(stretch)) + 1 for stretch in _STRETCH.split(text[slice(*span)])}
    values = [one.value(text) for one in found]
    starts: set[int] = set()
    for n, one in enumerate(found):
        rest = [values[k] for k, other in enumerate(found) if k != n and other.unit == one.unit]
        counted = not _MEASURES.match(one.unit) and 2 <= values[n] <= _COUNTED_MOST and values[n] in sizes
        spanned = one.unit[0] in "天日" and _SPAN.search(text, *span)
        if counted or spanned or values[n] in rest or _adds_up(values[n], rest, "百分制" in text[slice(*span)]):
            starts.add(one.start)
    return starts | _shares(text, found, values)


def _adds_up(value: float, rest: list[float], of_hundred: bool) -> bool:
    """Say whether a number is the sum of the others, or what they leave of the greatest of them (or of 100)."""
    if len(rest) < _PARTS_LEAST - 1:
        return False
    whole = sum(rest)
    wholes = [(top, whole - top) for top in rest] + [(100.0, whole)] * of_hundred
    return abs(value - whole) < 1e-6 or any(abs(value + parts - top) < 1e-6 for top, parts in wholes)


def _shares(text: str, found: Sequence[Figure], values: Sequence[float]) -> set[int]:
    """Return where a share stands beside the two numbers that it is reckoned from, and where these stand."""
    starts: set[int] = set()
    shares = [n for n, one in enumerate(found) if one.unit in ("%", "％")]
    for a, b in combinations([n for n in range(len(found)) if n not in shares], 2):
        if found[a].unit != found[b].unit or not values[a] or not values[b]:
            continue
        share = 100 * min(values[a], values[b]) / max(values[a], values[b])
        starts |= {found[k].start for n in shares if abs(values[n] - share) < 0.6 for k in (n, a, b)}
    return starts


def room(text: str, span: tuple[int, int], asked: Figure, found: Sequence[Figure]) -> tuple[float, float]:
    """Return what another number must lie between to stand to those of its unit in the sentence as the true one does.

    So no range begins above its end, and no part is greater than its whole.
    """
    value = asked.value(text)
    others = [one.value(text) for one in found if one.start != asked.start and one.unit == asked.unit]
    return max((v for v in others if v < value), default=0.0), min(
        (v for v in others if v > value), default=float("inf")
    )
