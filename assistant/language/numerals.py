"""Chinese and Arabic numerals, read and written."""

import re

from assistant.base.text import fold

_POWERS = {"十": 10, "百": 100, "千": 1000}
_DIGITS = "零一二三四五六七八九"
_CAPITALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_RUN = re.compile("[零〇一二两三四五六七八九十百千]+")
NUMERALS = {c: n for n, c in enumerate(_DIGITS)} | {"两": 2, "〇": 0}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}


def numeral(text: str) -> int | None:
    """Return the value of a Chinese numeral below ten thousand or an Arabic one, None for anything else."""
    text = fold(text)
    if text.isdecimal():
        return int(text)
    total = digit = 0
    for character in text:
        if character in _POWERS:
            total += (digit or 1) * _POWERS[character]
            digit = 0
        elif character in NUMERALS and (digit == 0 or NUMERALS[character] == 0):
            digit = NUMERALS[character]
        else:
            return None
    return total + digit if text else None


def figure(text: str) -> str:
    """Return, as text, the value of a number in digits or characters: 四 as 4, 百分之十五 as 15%, 三分之二 as 2/3."""
    if text.startswith("百分之"):
        return f"{figure(text.removeprefix('百分之'))}%"
    if text.endswith("%"):
        return f"{figure(text.removesuffix('%'))}%"
    if "分之" in text:
        below, above = text.split("分之")
        return f"{figure(above)}/{figure(below)}"
    number = re.match(r"[0-9.,，]+", text)
    value = _arabic(number.group(), text[number.end() :]) if number else _chinese(text)
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _arabic(number: str, powers: str) -> float:
    value = float(re.sub("[,，]", "", number))
    for power in powers:
        value *= (_POWERS | _MYRIADS)[power]
    return value


def _chinese(text: str) -> float:
    whole, _, part = text.partition("点")
    decimals = sum(NUMERALS[c] * 10.0 ** -(n + 1) for n, c in enumerate(part))
    if len(whole) > 1 and all(c in NUMERALS for c in whole):
        return float("".join(str(NUMERALS[c]) for c in whole)) + decimals
    return _whole(whole) + decimals


def _whole(text: str) -> float:
    """Return the value of a Chinese whole number, as a float, which overflows to infinity instead of failing."""
    for character, power in reversed(_MYRIADS.items()):
        if character in text:
            above, _, below = text.rpartition(character)
            return max(_whole(above), 1.0) * float(power) + _whole(below)
    total = digit = 0.0
    for character in text:
        if character in _POWERS:
            total += (digit or 1) * _POWERS[character]
            digit = 0
        else:
            digit = NUMERALS[character]
    return total + digit


def number_of(words: str) -> float:
    """Return the value of a written number; 0 where it is not one."""
    try:
        return float(figure(words.replace(",", "")))
    except (KeyError, ValueError, IndexError):
        return 0.0


def in_digits(words: str) -> str:
    """Return `words` with their numerals in digits: 三年 and 叁年 both become 3年."""
    return _RUN.sub(lambda found: _in_digits(found.group()), words.translate(_CAPITALS))


def _in_digits(written: str) -> str:
    try:
        return figure(written)
    except (KeyError, ValueError, IndexError):
        return written


def chinese(number: int) -> str:
    """Return a number from 0 to 9999 in Chinese numerals."""
    found = "" if number else _DIGITS[0]
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        found += _DIGITS[digit] + name if digit else "零" * bool(found and number % power and found[-1] != "零")
    return found.removeprefix("一") if found.startswith("一十") else found


def counting(number: int) -> str:
    """Return a number as it stands before what it counts: 两, not 二."""
    return "两" if number == 2 else chinese(number)
