"""True or false: a statement of the source word for word, or with one thing in it changed.

What is changed: a number, a date, a counted formulation, who must do it, two things that change places, or a word
for its opposite (应当 and 可以, 书面 and 口头). The note of the key says what the source has.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.study.fill import asked_with, closed
from assistant.study.numbers import other_dates, other_numbers
from assistant.study.pack import RIGHT, WRONG, Difficulty, Item, ItemKind
from assistant.study.series import Series, turned
from assistant.study.slots import Slot, Word
from assistant.study.statements import Statement, run_around
from assistant.study.stock import Asked, Stock, identified

_OPPOSITES = (
    ("不得", "可以"),
    ("严禁", "允许"),
    ("可以", "应当"),
    ("有权", "无权"),
    ("不予", "应予"),
    ("免费", "收费"),
    ("事前", "事后"),
    ("事先", "事后"),
    ("书面", "口头"),
    ("全部", "部分"),
    ("以上", "以下"),
    ("以下", "以上"),
    ("以前", "以后"),
    ("之前", "之后"),
    ("定期", "不定期"),
    ("无偿", "有偿"),
    ("有偿", "无偿"),
    ("自愿", "强制"),
    ("共同", "分别"),
    ("分别", "共同"),
)
_CONTRARY = {a: b for a, b in _OPPOSITES}
_WITH_FIGURE = {
    "提高": "降低",
    "增加": "减少",
    "减少": "增加",
    "下降": "上升",
    "增长": "下降",
    "以内": "以外",
}
_WITH_NOUN = {"重要": "唯一"}
_CHANGED = re.compile("|".join(sorted(_CONTRARY, key=len, reverse=True)))
_FIGURED = re.compile(
    "(?:"
    + "|".join(_WITH_FIGURE)
    + ")(?=[^，。；]{0,8}[0-9一二两三四五六七八九十百][^，。；]{0,2}[％%个万亿元日天年月倍成套张人件])"
)
_NOUNED = re.compile("重要(?=方式|途径|来源|标准|依据|渠道|手段|形式|指标)")
_NEVER = re.compile(
    "不可以|不应当|无权|没有权|以上以下|以上职|以上学|第.条以|分别情|共同体|共同富|全部或者部分|部分或者全部|或者分别|自愿原则|事前事|事中事|以上的?罚|省级以|县级以|以下简|以下称|以下条"
)
_LATIN_CONTRARY = {"may": "must", "before": "after", "after": "before"}
_LATIN = re.compile(r"\b(?:may|before|after)\b(?! not)")
# Turned round, what is aimed at, or forbidden without exception, is nonsense that nobody takes for true.
_AIMED = re.compile("力争|确保|达到|达|不低于|不少于|一律|未经|凡是?")
_ALL = re.compile("各|全体|所有|每|任何|一切")  # what holds for all holds for one of them: no lie
_SWAPPED = frozenset({Slot.QUOTED, Slot.NAMED, Slot.ACTOR})
_COINED = {Slot.QUOTED, Slot.NAMED}
_EASY = {Slot.NUMBER, Slot.DATE}
_PAIRED = {Slot.QUOTED, Slot.HEAD}
_FRAGMENT = re.compile("从|把|在|以|通过|随着|对|向|让|使|着眼|不")
POOL_LOOKED_AT = 60


@dataclass(frozen=True)
class Change:
    """Words asked with their clauses, and what they are changed into."""

    asked: Asked
    other: str
    level: Difficulty


def judged(stock: Stock, word: Word) -> Iterator[tuple[int, Item]]:
    """Yield the false statement that `word` can be changed into, and the true one beside it."""
    asked = asked_with(word) if word.kind in _SWAPPED | _EASY else None
    if word.kind is Slot.ACTOR and _ALL.match(word.text):
        return
    other = _other(stock, asked) if asked and (word.kind not in _COINED or "counted" in word.shape) else None
    if asked and other:
        level = Difficulty.EASY if word.kind in _EASY else Difficulty.MEDIUM
        yield from _both(stock, Change(asked, other, level), 0)
    if word.kind in _PAIRED:
        yield from _exchanged(stock, word)


def crossed(stock: Stock, series: Series) -> Iterator[tuple[int, Item]]:
    """Yield the statement in which two members of one pattern have exchanged what they end with."""
    text = series.statement.text.text
    for (a, b), (c, d) in zip(series.members, series.members[1:], strict=False):
        both = turned(text[a:b], text[c:d])
        run = run_around(series.statement, a, d) if both else None
        if both and run:
            asked = Asked(Word(series.statement, Slot.MEMBER, a, d), *run)
            other = text[b:c].join(both)
            if not stock.said.says(asked.before + other + asked.behind) and not any(map(stock.said.says, both)):
                yield from _both(stock, Change(asked, other, Difficulty.HARD), 0)
                return


def plain(stock: Stock, statement: Statement) -> Iterator[tuple[int, Item]]:
    """Yield what a statement says as it stands there: true."""
    clause = statement.clauses[len(statement.clauses) // 2]
    run = run_around(statement, clause.start, clause.end)
    if run is not None and not _FRAGMENT.match(statement.text.text, run[0]):
        text = statement.text
        quote = text.quote(*run)
        stem = stock.prefix(text) + closed(quote.text, statement)
        tested = ((text.record.id, *run),)
        item = Item("", ItemKind.JUDGE, Difficulty.EASY, stem, (RIGHT,), statement.quote, (), (quote,), tested)
        yield 3, identified(item)


def opposed(stock: Stock, statement: Statement) -> Iterator[tuple[int, Item]]:
    """Yield statements in which one word is changed into its opposite, and the true ones beside them."""
    for start, end, other in _contraries(statement):
        run = run_around(statement, start, end)
        if run is None:
            continue
        asked = Asked(Word(statement, Slot.MEMBER, start, end), *run)
        rest = asked.before + asked.behind
        if asked.word.text in rest or other in rest:
            continue
        if not stock.said.says(asked.before + other + asked.behind):
            yield from _both(stock, Change(asked, other, Difficulty.HARD), 1)
            return


def _contraries(statement: Statement) -> Iterator[tuple[int, int, str]]:
    """Yield where a word stands that has an opposite, and that opposite."""
    text, span = statement.text.text, (statement.start, statement.end)
    if statement.latin:
        yield from ((*m.span(), _LATIN_CONTRARY[m.group()]) for m in _LATIN.finditer(text, *span))
        return
    for pattern, table in ((_NOUNED, _WITH_NOUN), (_CHANGED, _CONTRARY), (_FIGURED, _WITH_FIGURE)):
        for match in pattern.finditer(text, *span):
            near = _NEVER.search(text, max(match.start() - 3, 0), match.end() + 3)
            if not near and not _AIMED.search(text, statement.start, match.start()):
                yield match.start(), match.end(), table[match.group()]


def _other(stock: Stock, asked: Asked) -> str | None:
    """Return what the words are changed into, so that it is said nowhere; None where nothing will do."""
    word = asked.word
    rng = random.Random(f"{stock.seed}|judge|{word.statement.text.record.id}|{word.start}")
    if word.kind in _EASY:
        text = word.statement.text.text
        around = text[max(word.start - 6, asked.start) : min(word.end + 8, asked.end)]
        others = (
            other_numbers(word.text, rng, around)
            if word.kind is Slot.NUMBER
            else other_dates(word.text, rng, asked.behind)
        )
    else:
        own = stock.own_words(word)
        others = [one for one in stock.pools[word.kind, word.shape] if word.kind is not Slot.ACTOR or one in own]
    rng.shuffle(others)
    return next((other for other in others[:POOL_LOOKED_AT] if stock.wrong(asked, other)), None)


def _exchanged(stock: Stock, word: Word) -> Iterator[tuple[int, Item]]:
    """Yield the statement in which `word` and the next of its kind change places: 甲是丁，丙是乙."""
    following = (w for w in stock.beside(word) if w.kind is word.kind and w.shape == word.shape and w.start > word.end)
    other = next(following, None)
    run = run_around(word.statement, word.start, other.end) if other else None
    if other is None or run is None:
        return
    text = word.statement.text.text
    between = text[word.end : other.start]
    if len(between.strip("“”")) < 4 or stock.said.same(word.text, other.text) or "和" in between:
        return
    both = Asked(Word(word.statement, word.kind, word.start, other.end), *run)
    rest = both.before + between + both.behind
    turned = other.text + between + word.text
    if word.text not in rest and other.text not in rest and not stock.said.says(both.before + turned + both.behind):
        yield from _both(stock, Change(both, turned, Difficulty.HARD), 0)


def _both(stock: Stock, change: Change, tier: int) -> Iterator[tuple[int, Item]]:
    asked = change.asked
    word, statement = asked.word, asked.word.statement
    text = statement.text
    quote = text.quote(word.start, word.end)
    tested = ((text.record.id, word.start, word.end),)
    prefix = stock.prefix(text)
    true = prefix + closed(asked.before + word.text + asked.behind, statement)
    false = prefix + closed(asked.before + change.other + asked.behind, statement)
    note = f"原文是：{text.text[asked.start : asked.end]}。"
    judge = ItemKind.JUDGE
    yield tier, identified(Item("", judge, change.level, false, (WRONG,), statement.quote, (), (quote,), tested, note))
    yield tier, identified(Item("", judge, change.level, true, (RIGHT,), statement.quote, (), (quote,), tested))
