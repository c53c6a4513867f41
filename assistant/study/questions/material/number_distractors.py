"""Other numbers and dates like one of a text, for what shall be wrong about it."""

import random
import re
from calendar import monthrange

from assistant.language.numerals import NUMERALS, chinese, counting, number_of
from assistant.study.questions.material.figures import Figure, figures, room

_UPPER = re.compile(
    "不超过|不得超过|不多于|不高于|不大于|以内|以下(?![简称条情几各措])|之内|至多|最多|最长|最高|上限|[日天周月年时钟度]内(?![容部设控外在])"
)
_LOWER = re.compile(
    "不少于|不低于|不得少于|不得低于|不小于|不短于|至少|最少|最低|以上|达到|突破|(?<!不)(?<!不得)超过|力争|(?<![期届不未])满|下限"
)
_LOW = re.compile("(?<!不)(?<!不得)(?:低于|少于|不足|不满|未满|小于)")
_MOST = (
    (re.compile("日(?:前|起|[至到]|之前|以前)"), 28),
    (re.compile("小时[^，。；、]{0,6}(?:在岗|值班|值守|在线|开通|不间断|服务|轮班|运行|营业|响应|监测|开放|受理)"), 24),
    (re.compile("时(?![间段期])"), 23),
    (re.compile("周岁"), 90),
)
_EVERY_MONTH = re.compile("每月|当月|次月|每季度末月")
_ABOVE = ("%以上", "％以上")
_EVERY_DAY = re.compile("每[天日]|全天")
_GROWTH = re.compile("(?:增长|增加|提高|上升|上涨|增幅|涨幅|翻|提升|超过)(?![到至为])")
_BEFORE = re.compile("(?:底|末)?(?:之|以)?前")
_BEHIND = re.compile("(?:底|末)?(?:之|以)?后|起")
_UNTIL = re.compile("[到至]$")
_LATIN_UPPER = re.compile("at most|no more than|up to|within|not exceed|maximum|before|less than", re.I)
_LATIN_LOWER = re.compile("at least|no less than|not less than|minimum|more than|after|over", re.I)
_CASE = re.compile(
    "[^，。；：、]*?的|[^，。；：、]{0,4}以[上下][^，。；：、]{1,12}(?:必须|应当?(?![急用])|须|要|由|可以|不得|一律)"
)
_COMPARED = re.compile("(?:[比较同]|相比|[、及和与])$")
_COMPARED_BEHIND = re.compile("[、及和与]|相比|的")
# Who may do something within a week may do it within six days.
_ALLOWED = re.compile("可以|有权|可(?=[在于自])")
_GIVEN = re.compile("(?:给予|处以?|发放|补[助贴]|奖励|享受|罚款|扣减?)[^，。；]{0,8}$")
_CASE_END = re.compile("[^，。；：、的]*的(?=[，；]|$)")
_SHARES = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.05, 1.1, 1.15, 1.2, 1.25, 1.3, 1.4, 1.5, 1.6, 1.8)
_SMALL, _MIDDLE, _ROUND, _DOZEN = 12, 30, 5, 12


def other_numbers(number: str, rng: random.Random) -> list[str]:
    """Return numbers written like `number`, as round as it is, and not too far from it."""
    found = _arabic(number, rng) if number[0].isdigit() else _chinese(number, rng)
    value = number_of(number)
    return [other for other in dict.fromkeys(found) if number_of(other) != value and number_of(other) > 0]


def possible(text: str, span: tuple[int, int], start: int, others: list[str]) -> list[str]:
    """Return those of `others` that can stand for the number at `start` of the sentence at `span`.

    There is no 38日前, no 110% of a thing, and no range whose beginning is above its end.
    """
    found = figures(text, *span)
    asked = next((one for one in found if one.start == start), None)
    if asked is None:
        return others
    low, high = room(text, span, asked, found)
    least = 2 if asked.unit.strip().isascii() and asked.unit.endswith("s") else 0
    most = _most(text, span, asked)
    return [one for one in others if low < number_of(one) < high and least <= number_of(one) <= most]


def _most(text: str, span: tuple[int, int], asked: Figure) -> float:
    before, behind = text[max(span[0], asked.start - 12) : asked.start], text[asked.end : span[1]]
    value = asked.value(text)
    limits: list[float] = [most for unit, most in _MOST if unit.match(behind)]
    if asked.unit[0] == "日" and _EVERY_MONTH.search(before):
        limits.append(28)
    if asked.unit in ("小时", "个小时") and _EVERY_DAY.search(before):
        limits.append(24)
    if asked.unit in ("%", "％", "百分之") and not _GROWTH.search(before):
        limits.append(99.9 if value < 100 and behind.startswith(_ABOVE) else 100)
    return min((most for most in limits if value <= most), default=float("inf"))


def false_numbers(others: list[str], number: str, around: tuple[str, str]) -> list[str]:
    """Return those of `others` that make a sentence false; `around`: what stands before and behind the number in it.

    A limit that is raised, or a least that is lowered, would be kept by whoever keeps the true one: only stricter
    ones are false. Where the number says when something holds (超过3人的，…), it is the other way round.
    """
    before = re.split("[，。；：]", around[0])[-1]
    if _ALLOWED.search(before):
        return []
    up, low = _direction(before, around[1][:8]), _LOW.search(before[-6:])
    if _CASE.match(around[1]) and not _GIVEN.search(around[0]):
        if not _CASE_END.match(around[1]) or (up is None and not low):
            return []
        up = True if low else not up
    elif low and up is None:
        return []
    value = number_of(number)
    return [other for other in others if up is None or (number_of(other) > value) is up]


def _direction(before: str, behind: str) -> bool | None:
    """Return what `_strict` says of the words beside a number; else of those farther before it in its clause."""
    near = _strict(f"{before[-6:]} {behind}")
    return near if near is not None or _is_limited(f"{before[-6:]} {behind}") else _strict(before)


def _is_limited(words: str) -> bool:
    return bool(_LOWER.search(words) or _UPPER.search(words))


def other_dates(date: str, rng: random.Random, before: str = "", behind: str = "") -> list[str]:
    """Return dates written like `date`, some months, days or years off.

    None where another year is compared with. Earlier ones where 前 stands `behind` it or 到 `before` it, later ones
    where 起 does: who keeps the true one must not keep the other as well.
    """
    if _COMPARED.search(before) or _COMPARED_BEHIND.match(behind):
        return []
    early = _BEFORE.match(behind) or _UNTIL.search(before)
    signs = [-1] if early else [1] if _BEHIND.match(behind) else [-1, 1]
    parts = re.split("([0-9]+)", date)
    numbers = [n for n, part in enumerate(parts) if part.isdecimal()]
    found = []
    for number in numbers:
        unit = parts[number + 1][:1]
        limit = {"年": (1950, 2099), "月": (1, 12), "日": (1, 28)}.get(unit, (1, 28))
        for step in (sign * size for sign in signs for size in rng.sample([1, 2, 3], 3)):
            value = int(parts[number]) + step * (5 if unit == "日" else 1)
            if limit[0] <= value <= limit[1]:
                found.append("".join([*parts[:number], str(value), *parts[number + 1 :]]))
    return [one for one in found if _in_calendar(one)]


def _in_calendar(date: str) -> bool:
    """Say whether there is such a day; without its year, none is the 29th of February."""
    found = re.search("(?:([0-9]{4})年)?([0-9]{1,2})月([0-9]{1,2})日", date)
    if found is None:
        return True
    year, month, day = (int(number or 1) for number in found.groups())
    return 1 <= month <= _DOZEN and 1 <= day <= monthrange(year, month)[1]


def _strict(around: str) -> bool | None:
    """Return whether only greater numbers are wrong beside these words (True), only smaller ones, or either."""
    lower = _LOWER.search(around) or _LATIN_LOWER.search(around)
    upper = _UPPER.search(around) or _LATIN_UPPER.search(around)
    if lower and not upper:
        return True
    return False if upper and not lower else None


def _arabic(number: str, rng: random.Random) -> list[str]:
    found = re.match("[0-9.,]+", number)
    digits, tail = (found.group(), number[found.end() :]) if found else (number, "")
    plain = digits.replace(",", "")
    places = len(plain.partition(".")[2])
    value = float(plain)
    if places == 0 and 1900 < value < 2100 and len(plain) == 4:
        others = [value + step for step in (-2, -1, 1, 2)]
    elif places == 0 and value <= _SMALL:
        others = [value + step for step in (-3, -2, -1, 1, 2, 3, 4)]
    else:
        unit = _unit(plain) if places == 0 else 10.0**-places
        others = [round(value * share / unit) * unit for share in _SHARES]
        others = [other for other in others if places == 0 or round(other / unit) % 10]
    rng.shuffle(others)
    if places == 0 and _SMALL < value <= _MIDDLE:  # last those that are less round
        others += [value + step for step in rng.sample((-5, -4, -3, -2, 2, 3, 4, 5), 8)]
    texts = [f"{other:,.{places}f}" if "," in digits else f"{other:.{places}f}" for other in others if other > 0]
    return [text + tail for text in texts]


def _unit(digits: str) -> float:
    """Return of how round a number is: 3000 is of thousands, 320 of tens, 45 of fives."""
    zeros = len(digits) - len(digits.rstrip("0"))
    if len(digits) - zeros == 1 and zeros and digits[0] in "123":
        zeros -= 1  # 100, 200 and 300 have few others of whole hundreds near
        return 10.0**zeros * _ROUND
    if digits in ("24", "36", "48", "72"):  # hours and months
        return float(_DOZEN)
    if zeros == 0 and int(digits) % _ROUND == 0:
        return float(_ROUND)
    return 10.0**zeros


def _chinese(number: str, rng: random.Random) -> list[str]:
    power = re.search("[百千万亿]$", number)
    if len(number) > 3 or (power and len(number) > 2) or "半" in number:
        return []
    value = int(number_of(number))
    if power:
        head = NUMERALS.get(number[0], 0)
        others = [head + step for step in (-2, -1, 1, 2, 3)]
        texts = [f"{chinese(one)}{power.group()}" for one in others if 1 <= one <= 9]
    elif value <= _SMALL:
        texts = [counting(value + step) for step in (-3, -2, -1, 1, 2, 3) if value + step > 0]
    else:
        step = 10 if value % 10 == 0 else 5 if value % _ROUND == 0 else 2
        texts = [counting(value + k * step) for k in (-3, -2, -1, 1, 2, 3) if 0 < value + k * step < 100]
    rng.shuffle(texts)
    return texts
