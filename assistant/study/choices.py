"""Questions with options: one right among words of the same kind, or the members of a list among others."""

import random
import re
from collections.abc import Callable, Iterator, Sequence

from assistant.study.fill import CONTEXT_LEAST, asked_with, closed
from assistant.study.listings import Listing
from assistant.study.numbers import is_possible, other_dates, other_numbers
from assistant.study.pack import LETTERS, Difficulty, Item, ItemKind, Quote
from assistant.study.series import Series, member_shape
from assistant.study.slots import TWIN, Slot, Word
from assistant.study.statements import run_around
from assistant.study.stock import Asked, Stock, has_one_answer, identified, letters, value
from assistant.study.vocabulary import GENERAL_VERBS

CHOICE = "（　）"
DISTRACTORS = 3
UNIT_LOOKED_AT = 6
POOL_LOOKED_AT = 60
RIGHT_MOST = 4
MEMBER_SHORTEST = 3
TRIED_FOR_LIST = 120
_TIERS = {Slot.FOUR: 1, Slot.VERB: 1}
_CHOSEN = frozenset(Slot) - {Slot.BEING}


def singles(stock: Stock, word: Word) -> Iterator[tuple[int, Item]]:
    """Yield the question on `word` with one right option, where three others of its kind are wrong."""
    told = stock.patterned(word) or word.shape == TWIN or (word.kind is Slot.NAMED and "counted" not in word.shape)
    asked = asked_with(word) if word.kind in _CHOSEN and not told else None
    if asked is None or not has_one_answer(stock.said, asked):
        return
    rng = random.Random(f"{stock.seed}|single|{word.statement.text.record.id}|{word.start}")
    wrong = distractors(stock, asked, rng)
    if len(wrong) < DISTRACTORS:
        return
    options = [word.text, *wrong[:DISTRACTORS]]
    _mix(options, word.kind, rng)
    text = word.statement.text
    stem = stock.prefix(text) + asked.before + CHOICE + closed(asked.behind, word.statement)
    answer = (LETTERS[options.index(word.text)],)
    level = Difficulty.EASY if word.kind in (Slot.NUMBER, Slot.DATE) else Difficulty.MEDIUM
    tested = ((text.record.id, word.start, word.end),)
    item = Item("", ItemKind.SINGLE, level, stem, answer, word.statement.quote, tuple(options), tested=tested)
    yield 3 if word.shape.startswith("n") and word.kind is Slot.MEMBER else _TIERS.get(word.kind, 0), identified(item)


def distractors(stock: Stock, asked: Asked, rng: random.Random) -> list[str]:
    """Return words of the same kind that are wrong in this place, those of the texts first."""
    word = asked.word
    pool = list(stock.pools[word.kind, word.shape])
    rng.shuffle(pool)
    own = stock.own_words(word)
    pool.sort(key=lambda one: one not in own)
    if word.shape.endswith("-"):
        pool += stock.pools.get((word.kind, word.shape[:-1] + "+"), [])
    if word.kind is Slot.VERB:
        pool = [other for other in pool if other not in GENERAL_VERBS and not _goes_with(stock, other, asked)]
    found: list[str] = []
    made: list[str] = []
    if word.kind is Slot.NUMBER:
        made = other_numbers(word.text, rng)
        pool = pool[:POOL_LOOKED_AT] if len(made) >= DISTRACTORS else pool
        pool = [other for other in pool if _same_size(word.text, other)][:1]
        unit = word.statement.text.text[word.end : word.end + UNIT_LOOKED_AT]
        pool, made = ([other for other in some if is_possible(other, unit)] for some in (pool, made))
    elif word.kind is Slot.DATE:
        made = other_dates(word.text, rng)
        rng.shuffle(made)
        pool = pool[:1]
    if not word.shape.endswith("-"):
        pool.sort(key=lambda one: abs(len(one) - len(word.text)) // 2)
    for other in [*pool[:POOL_LOOKED_AT], *made]:
        if stock.wrong(asked, other) and not any(_one(stock, word, other, known) for known in found):
            found.append(other)
        if len(found) == DISTRACTORS:
            break
    return found


def _one(stock: Stock, word: Word, option: str, other: str) -> bool:
    """Say whether two options are one: the same number, or words of which one holds the other."""
    return value(option) == value(other) if word.kind is Slot.NUMBER else stock.said.same(option, other)


def _goes_with(stock: Stock, verb: str, asked: Asked) -> bool:
    """Say whether the texts say `verb` of something like what the verb asked for is said of."""
    rest = letters(re.split("[，。；：、]", asked.behind)[0])
    pairs = [rest[n : n + 2] for n in range(len(rest) - 1)]
    return any(pair in near for near in stock.said.behind(verb) for pair in pairs)


def _same_size(one: str, other: str) -> bool:
    """Say whether two numbers are written alike, so that neither stands out among options."""
    return len(one) == len(other) and ("." in one) == ("." in other) and one[-1].isdigit() == other[-1].isdigit()


def _mix(options: list[str], kind: Slot, rng: random.Random) -> None:
    """Bring options into their order: numbers ascending, as papers have them, others by chance."""
    if kind is Slot.NUMBER:
        options.sort(key=lambda one: (float(value(one)) if _is_number(value(one)) else 0.0, one))
    else:
        rng.shuffle(options)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def multiples(stock: Stock, series: Series) -> Iterator[tuple[int, Item]]:
    """Yield the question on the members of `series`, among members of other series of the same shape."""
    if not series.whole or any(b - a < MEMBER_SHORTEST for a, b in series.members):
        return
    start, end = series.members[0][0], series.members[-1][1]
    statement = series.statement
    run = run_around(statement, start, end)
    if run is None:
        return
    whole = Asked(Word(statement, Slot.MEMBER, start, end), *run)
    if len(letters(whole.before + whole.behind)) < CONTEXT_LEAST or any(
        m in whole.before + whole.behind for m in series.texts
    ):
        return
    rng = random.Random(f"{stock.seed}|multiple|{statement.text.record.id}|{start}")
    wrong = _others(stock, whole, series, rng)
    stem = f"{stock.prefix(statement.text)}{whole.before}{CHOICE}{closed(whole.behind, statement)}"
    made = _multiple(stem, list(series.members), wrong, statement.quote, rng, statement.text.quote)
    verbal = all(member_shape(words)[0] == "v" for words in series.texts)
    yield from ((1 if series.patterned else 0 if verbal else 2, item) for _, item in made)


def _others(stock: Stock, whole: Asked, series: Series, rng: random.Random) -> list[str]:
    """Return members of other series that are wrong beside what stands before and behind this one."""
    sizes = {len(words) for words in series.texts}
    shapes = {member_shape(words)[0] for words in series.texts}
    pool = [m for m in stock.members if len(m) in sizes and member_shape(m)[0] in shapes]
    rng.shuffle(pool)
    own = stock.own_words(whole.word)
    pool.sort(key=lambda one: one not in own)
    found: list[str] = []
    for other in pool[:TRIED_FOR_LIST]:
        places = [
            Asked(Word(whole.word.statement, Slot.MEMBER, a, b), whole.start, whole.end) for a, b in series.members
        ]
        alike = any(stock.said.same(other, known) for known in found)
        if not alike and all(stock.wrong(place, other) for place in places):
            found.append(other)
        if len(found) == 2:
            break
    return found


def listed(stock: Stock, listing: Listing) -> Iterator[tuple[int, Item]]:
    """Yield the question on the items of a list of an article, among items of other lists."""
    rng = random.Random(f"{stock.seed}|listed|{listing.text.record.id}|{listing.start}")
    wrong: list[str] = []
    others = [one for one in stock.listings if one is not listing and one.cases is listing.cases]
    others = stock.shuffled(others, f"{listing.start}")
    others.sort(key=lambda one: one.text.record.id != listing.text.record.id)
    for other in others[:40]:
        wrong += [words for words in other.plain if _wrong_item(stock, listing, words, wrong)][:1]
        if len(wrong) == 2:
            break
    stem = f"{stock.prefix(listing.text)}{listing.lead}（　）"
    source = listing.text.quote(listing.start, listing.end)
    yield from _multiple(stem, list(listing.items), wrong, source, rng, listing.text.quote)


def _wrong_item(stock: Stock, listing: Listing, words: str, known: Sequence[str]) -> bool:
    own = listing.text.text[listing.start : listing.end]
    alike = any(_alike(words, item) for item in [*listing.words, *known])
    sized = min(map(len, listing.words)) / 2 <= len(words) <= max(map(len, listing.words)) * 1.5
    return sized and words not in own and not alike and not any(stock.said.same(words, item) for item in listing.words)


def _alike(one: str, other: str) -> bool:
    """Say whether two items share so many pairs of characters that they may say the same."""
    pairs = [{words[n : n + 2] for n in range(len(words) - 1)} for words in (one, other)]
    return len(pairs[0] & pairs[1]) > 0.3 * min(map(len, pairs))


def _multiple(
    stem: str,
    right: list[tuple[int, int]],
    wrong: list[str],
    source: Quote,
    rng: random.Random,
    quote: Callable[[int, int], Quote],
) -> Iterator[tuple[int, Item]]:
    """Yield one question of several right options and one wrong one or two, in an order made by chance."""
    if not wrong or len(right) < 2:
        return
    rng.shuffle(right)
    quotes = [quote(a, b) for a, b in sorted(right[: RIGHT_MOST if len(wrong) == 1 else RIGHT_MOST - 1])]
    options = [*(one.text for one in quotes), *wrong]
    rng.shuffle(options)
    rights = {one.text for one in quotes}
    if len(set(options)) < len(options):
        return
    answer = tuple(LETTERS[n] for n, option in enumerate(options) if option in rights)
    level = Difficulty.MEDIUM if len(wrong) == 1 else Difficulty.HARD
    tested = tuple((one.document_id, one.start, one.end) for one in quotes)
    item = Item("", ItemKind.MULTIPLE, level, stem, answer, source, tuple(options), tuple(quotes), tested)
    yield 0, identified(item)
