"""Other numbers and dates like one of a text, for what shall be wrong about it."""

import math
import random
import re

from assistant.questions import NUMERALS

_ONES = "〇一二三四五六七八九"
_UPPER = re.compile("不超过|不得超过|不多于|不高于|以内|以下|之内|至多|最多|最长|最高")
_LOWER = re.compile(
    "不少于|不低于|不得少于|不得低于|至少|最少|最低|以上|达到|突破|(?<!不)(?<!不得)超过|力争|(?<![期届不未])满"
)
_MOST = (
    (re.compile("日(?:前|起|[至到]|之前|以前)"), 28),
    (re.compile("月(?:[0-9底初中末份]|前|起)"), 12),
    (re.compile("小时(?:在岗|值班|值守|在线|开通|不间断)"), 24),
    (re.compile("[％%]以上的"), 100),
)
_BEFORE = re.compile("(?:底|末)?(?:之|以)?前")
_BEHIND = re.compile("(?:底|末)?(?:之|以)?后|起")
_LATIN_UPPER = re.compile("at most|no more than|up to|within|not exceed|maximum|before|less than", re.I)
_LATIN_LOWER = re.compile("at least|no less than|not less than|minimum|more than|after|over", re.I)


def other_numbers(number: str, rng: random.Random, around: str = "") -> list[str]:
    """Return numbers written like `number` and not too far from it; stricter ones where `around` sets a limit.

    A limit that is raised, or a least that is lowered, would be kept by whoever keeps the true one.
    """
    found = _arabic(number, rng) if number[0].isdigit() else _chinese(number, rng)
    up = _strict(around)
    value = _value(number)
    kept = [other for other in found if up is None or (_value(other) > value) is up]
    return [other for other in dict.fromkeys(kept) if _value(other) != value and _value(other) > 0]


def is_possible(number: str, behind: str) -> bool:
    """Say whether there can be so many of what the words `behind` a number measure: no 38日前, no 48小时在岗."""
    most = next((most for unit, most in _MOST if unit.match(behind)), math.inf)
    return _value(number) <= most


def other_dates(date: str, rng: random.Random, behind: str = "") -> list[str]:
    """Return dates written like `date`, some months, days or years off; earlier ones where 前 stands `behind` it."""
    signs = [-1] if _BEFORE.match(behind) else [1] if _BEHIND.match(behind) else [-1, 1]
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
    return found


def _strict(around: str) -> bool | None:
    """Return whether only greater numbers are wrong beside these words (True), only smaller ones, or either."""
    lower = _LOWER.search(around) or _LATIN_LOWER.search(around)
    upper = _UPPER.search(around) or _LATIN_UPPER.search(around)
    if lower and not upper:
        return True
    return False if upper and not lower else None


def _value(number: str) -> float:
    from assistant.wording import figure

    return float(figure(number.replace(",", "")))


def _arabic(number: str, rng: random.Random) -> list[str]:
    found = re.match("[0-9.,]+", number)
    digits, tail = (found.group(), number[found.end() :]) if found else (number, "")
    plain = digits.replace(",", "")
    places = len(plain.partition(".")[2])
    value = float(plain)
    if places == 0 and 1900 < value < 2100 and len(plain) == 4:
        others = [value + step for step in (-2, -1, 1, 2)]
    elif places == 0 and value <= 20:
        others = [value + step for step in (-3, -2, -1, 1, 2, 3, 5)]
    else:
        unit = 10.0 ** _zeros(plain) if places == 0 else 10.0**-places
        others = [round(value * share / unit) * unit for share in (0.5, 0.75, 0.8, 0.9, 1.1, 1.2, 1.25, 1.5, 2)]
    rng.shuffle(others)
    texts = [f"{other:,.{places}f}" if "," in digits else f"{other:.{places}f}" for other in others if other > 0]
    return [text + tail for text in texts]


def _zeros(digits: str) -> int:
    """Return of how round a number is: 3000 has three zeros, kept in the others."""
    return len(digits) - len(digits.rstrip("0"))


def _chinese(number: str, rng: random.Random) -> list[str]:
    power = re.search("[百千万亿]$", number)
    if len(number) > 3 or (power and len(number) > 2) or "半" in number:
        return []
    value = int(_value(number))
    if power:
        head = NUMERALS.get(number[0], 0)
        others = [head + step for step in (-2, -1, 1, 2, 3)]
        texts = [f"{_ONES[one]}{power.group()}" for one in others if 1 <= one <= 9]
    elif value <= 20:
        texts = [chinese(value + step) for step in (-3, -2, -1, 1, 2, 3) if value + step > 0]
    else:
        step = 10 if value % 10 == 0 else 5
        texts = [chinese(value + k * step) for k in (-2, -1, 1, 2, 3) if 0 < value + k * step < 100]
    rng.shuffle(texts)
    return texts


def chinese(value: int) -> str:
    """Return a number below a hundred in Chinese numerals."""
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_ONES[tens]}十"
    return head + (_ONES[ones] if ones else "") if value else "〇"
