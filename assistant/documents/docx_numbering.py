"""Word's automatic numbers: what Word writes before a numbered paragraph (第一条, 一、, （一）, 1.).

python-docx gives the definitions as XML but neither counts nor writes. This counts the paragraphs of
one document in order, with Word's rules for levels, restarts and styles; `docx` decides which
paragraphs there are. Elements are lxml's, with names without namespace.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.language.numerals import chinese

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def value_of(element: Element | None, path: str) -> str | None:
    """Return the `val` of the element at `path`, "" if it stands without one, None if absent."""
    found = None if element is None else element.find(path)
    return None if found is None else found.get("val", "")


def is_on(element: Element, path: str) -> bool:
    """Say whether the switch at `path` is there and not set to off."""
    return value_of(element, path) not in (None, "0", "false", "off")


def _chinese(number: int) -> str:
    return chinese(number % 10_000)


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    written = ""
    for value, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1), "m cm d cd c xc l xl x ix v iv i".split(), strict=True
    ):
        written += sign * (number // value)
        number %= value
    return written


def _one_of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if 0 < number <= len(signs) else str(number)


def _digits(zero_to_nine: str) -> Callable[[int], str]:
    table = str.maketrans("0123456789", zero_to_nine)
    return lambda number: str(number).translate(table)


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": "{:02d}".format,
    "decimalFullWidth": _digits("０１２３４５６７８９"),
    "decimalEnclosedCircle": _one_of("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"),
    "ideographDigital": _digits("〇一二三四五六七八九"),
    "ideographTraditional": _one_of("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _one_of("子丑寅卯辰巳午未申酉戌亥"),
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerLetter": _letters,
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerRoman": _roman,
    "none": lambda number: "",
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
}
_FORMATS["decimalEnclosedCircleChinese"] = _FORMATS["decimalEnclosedCircle"]
_FORMATS["japaneseDigitalTenThousand"] = _FORMATS["taiwaneseDigital"] = _FORMATS["ideographDigital"]


def _nearest(settings: list[Element], name: str) -> str | None:
    return next((value for value in (value_of(each, name) for each in settings) if value is not None), None)


class Numbering:
    """Counts the automatically numbered paragraphs of one document (word/numbering.xml)."""

    def __init__(self, root: Element) -> None:
        self.lists = {entry.get("numId", ""): entry for entry in root.iter("num")}
        self.kinds = {kind.get("abstractNumId", ""): kind for kind in root.iter("abstractNum")}
        self.linked = {value_of(kind, "styleLink"): key for key, kind in self.kinds.items()}
        self.counts: dict[str, list[int | None]] = {}
        self.begun: set[tuple[str, int]] = set()
        self.unknown: set[str] = set()

    def label(self, holders: list[Element], styles: list[Element]) -> str:
        """Return the number written before the next paragraph, "" for bullets and where there is none.

        `holders` are the properties of the paragraph and of its styles, nearest first.
        """
        settings = [numbering for holder in holders if (numbering := holder.find("numPr")) is not None]
        entry = self.lists.get(_nearest(settings, "numId") or "0")
        kind = self._kind(entry)
        if entry is None or kind is None:
            return ""
        owners = (self.kinds[kind], entry)
        levels = {int(level.get("ilvl", "0")): level for owner in owners for level in owner.iter("lvl")}
        names = {style.get("styleId") for style in styles}
        by_style = next((n for n, level in levels.items() if value_of(level, "pStyle") in names), 0)
        level = min(max(int(_nearest(settings, "ilvl") or by_style), 0), 8)
        self._count(kind, entry, level, levels)
        return self._written(self.counts[kind], level, levels)

    def _kind(self, entry: Element | None) -> str | None:
        kind = value_of(entry, "abstractNumId") or ""
        link = value_of(self.kinds.get(kind), "numStyleLink")
        kind = self.linked.get(link, kind) if link else kind
        return kind if kind in self.kinds else None

    def _count(self, kind: str, entry: Element, level: int, levels: dict[int, Element]) -> None:
        counts = self.counts.setdefault(kind, [None] * 9)
        restarts = {
            int(override.get("ilvl", "0")): int(value_of(override, "startOverride") or 0)
            for override in entry.iter("lvlOverride")
            if override.find("startOverride") is not None
        }
        place = (entry.get("numId", ""), level)
        starts = {n: int(value_of(each, "start") or 0) for n, each in levels.items()}
        current = counts[level]
        if level in restarts and place not in self.begun:
            counts[level] = restarts[level]
        else:
            counts[level] = starts.get(level, 0) if current is None else current + 1
        self.begun.add(place)
        for higher in range(level):
            counts[higher] = starts.get(higher, 1) if counts[higher] is None else counts[higher]
        counts[level + 1 :] = [None] * (8 - level)

    def _written(self, counts: list[int | None], level: int, levels: dict[int, Element]) -> str:
        this = levels.get(level)
        if this is None or value_of(this, "numFmt") == "bullet":
            return ""
        plain = is_on(this, "isLgl")

        def number(match: re.Match[str]) -> str:
            n = int(match.group(1)) - 1
            style = "decimal" if plain else value_of(levels.get(n), "numFmt") or "decimal"
            count = counts[n] or 0
            if style not in _FORMATS:
                self.unknown.add(style)
            return _FORMATS.get(style, str)(count) if 0 <= count < 10_000 else str(count)

        text = re.sub("%([1-9])", number, value_of(this, "lvlText") or "").strip()
        tight = not text or value_of(this, "suff") == "nothing" or text[-1] in "、．。，：）】〕〉》」"
        return text if tight else text + " "
