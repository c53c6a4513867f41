"""True or false: a statement of the source word for word, or with one thing in it changed.

What is changed: a number, a date, a formulation, who must do it, what a thing is said to be, or a word for its
opposite (应当 and 可以, 上级 and 下级). The note of the key says what the source has.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.study.fill import asked_with, closed
from assistant.study.numbers import other_dates, other_numbers
from assistant.study.pack import RIGHT, WRONG, Difficulty, Item, ItemKind
from assistant.study.slots import Slot, Word
from assistant.study.statements import Statement, run_around
from assistant.study.stock import Asked, Stock, identified

_OPPOSITES = (
    ("应当", "可以"),
    ("必须", "可以"),
    ("不得", "可以"),
    ("严禁", "允许"),
    ("可以", "应当"),
    ("有权", "无权"),
    ("不予", "应予"),
    ("免费", "收费"),
    ("上级", "下级"),
    ("重要", "唯一"),
    ("根本", "次要"),
    ("最终", "最初"),
    ("首要", "次要"),
    ("主要", "次要"),
    ("提高", "降低"),
    ("增加", "减少"),
    ("减少", "增加"),
    ("下降", "上升"),
    ("增长", "下降"),
    ("扩大", "缩小"),
    ("促进", "阻碍"),
    ("事前", "事后"),
    ("书面", "口头"),
    ("全部", "部分"),
    ("以上", "以下"),
    ("以下", "以上"),
    ("以前", "以后"),
    ("之前", "之后"),
    ("优先", "最后"),
    ("定期", "不定期"),
    ("公开", "秘密"),
    ("集中", "分散"),
    ("分散", "集中"),
    ("主动", "被动"),
    ("无偿", "有偿"),
    ("有偿", "无偿"),
    ("自愿", "强制"),
    ("直接", "间接"),
    ("独立", "联合"),
)
_FORWARD = {a: b for a, b in _OPPOSITES}
_OPPOSITE = re.compile("|".join(sorted(_FORWARD, key=len, reverse=True)))
_NO_OPPOSITE = re.compile("不可以|不应当|提高认识|主要负责|主要领导|根本遵循|可以看出|公开招标|集中统一|重要性|重要论述|重要讲话|重要指示|主要负责人|最终目标")
_LATIN_OPPOSITES = {"must": "may", "shall": "may", "may": "must", "all": "some", "before": "after", "after": "before"}
_LATIN = re.compile(r"\b(?:must|shall|may|all|before|after)\b(?! be excused)")
_SWAPPED = frozenset({Slot.QUOTED, Slot.NAMED, Slot.ACTOR, Slot.HEAD})
_EASY = {Slot.NUMBER, Slot.DATE}


@dataclass(frozen=True)
class Change:
    """Words asked with their clauses, and what they are changed into."""

    asked: Asked
    other: str
    level: Difficulty


def judged(stock: Stock, word: Word) -> Iterator[tuple[int, Item]]:
    """Yield the false statement that `word` can be changed into, and the true one beside it."""
    asked = asked_with(word) if word.kind in _SWAPPED | _EASY else None
    other = _other(stock, asked) if asked else None
    if asked and other:
        level = Difficulty.EASY if word.kind in _EASY else Difficulty.MEDIUM
        yield from _both(stock, Change(asked, other, level))


def opposed(stock: Stock, statement: Statement) -> Iterator[tuple[int, Item]]:
    """Yield statements in which one word is changed into its opposite, and the true ones beside them."""
    pattern, table = (_LATIN, _LATIN_OPPOSITES) if statement.latin else (_OPPOSITE, _FORWARD)
    text = statement.text.text
    for match in pattern.finditer(text, statement.start, statement.end):
        other = table[match.group()]
        run = run_around(statement, *match.span())
        if run is None:
            continue
        asked = Asked(Word(statement, Slot.MEMBER, *match.span()), *run)
        rest = asked.before + asked.behind
        guarded = _NO_OPPOSITE.search(text, max(match.start() - 3, 0), match.end() + 3)
        if not guarded and match.group() not in rest and other not in rest:
            changed = asked.before + other + asked.behind
            if not stock.said.says(changed):
                yield from _both(stock, Change(asked, other, Difficulty.HARD))
        return


def _other(stock: Stock, asked: Asked) -> str | None:
    """Return what the words are changed into, so that it is said nowhere; None where nothing will do."""
    word = asked.word
    rng = random.Random(f"{stock.seed}|judge|{word.statement.text.record.id}|{word.start}")
    if word.kind in _EASY:
        text = word.statement.text.text
        around = text[max(word.start - 6, asked.start) : min(word.end + 8, asked.end)]
        others = other_numbers(word.text, rng, around) if word.kind is Slot.NUMBER else other_dates(word.text, rng)
        rng.shuffle(others)
    else:
        others = list(stock.pools[word.kind, word.shape])
        rng.shuffle(others)
        others = _siblings(stock, word) + others[:60]
    for other in others:
        if other in _siblings(stock, word):
            if not stock.said.same(word.text, other) and not stock.said.says(asked.before + other + asked.behind):
                return other
        elif stock.wrong(asked, other):
            return other
    return None


def _siblings(stock: Stock, word: Word) -> list[str]:
    """Return what another thing is said to be in the same sentence: 甲是乙，丙是丁."""
    if word.kind is not Slot.HEAD:
        return []
    return [w.text for w in stock.beside(word) if w.kind is Slot.HEAD and w.text != word.text]


def _both(stock: Stock, change: Change) -> Iterator[tuple[int, Item]]:
    asked = change.asked
    word, statement = asked.word, asked.word.statement
    text = statement.text
    quote = text.quote(word.start, word.end)
    tested = ((text.record.id, word.start, word.end),)
    prefix = stock.prefix(text)
    true = prefix + closed(asked.before + word.text + asked.behind)
    false = prefix + closed(asked.before + change.other + asked.behind)
    note = f"原文是“{word.text}”，不是“{change.other}”。"
    judge = ItemKind.JUDGE
    tier = 1 if change.level is Difficulty.HARD else 0
    yield tier, identified(Item("", judge, change.level, false, (WRONG,), statement.quote, (), (quote,), tested, note))
    yield tier, identified(Item("", judge, change.level, true, (RIGHT,), statement.quote, (), (quote,), tested))
