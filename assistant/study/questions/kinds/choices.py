"""Questions with options: one right among words of the same kind, or the members of a list among others."""

import random
import re
from collections.abc import Callable, Iterator, Sequence

from assistant.study.pack import CHOICE, LETTERS, Difficulty, Item, ItemKind, Quote
from assistant.study.questions.kinds.cloze import CONTEXT_LEAST, asked_with, stem_around
from assistant.study.questions.kinds.option_form import stands_out
from assistant.study.questions.material.answer_spans import TWIN, AnswerSpan, SpanKind
from assistant.study.questions.material.distractors import (
    DISTRACTORS,
    Gap,
    _is_number,
    distractors,
    has_one_answer,
    is_wrong,
    value,
)
from assistant.study.questions.material.lists import Listing
from assistant.study.questions.material.material import Material, item_of, source_piece
from assistant.study.questions.material.series import Series, crossed, member_shape
from assistant.study.questions.material.statements import Statement, run_around
from assistant.study.source.said import letters, pairs
from assistant.study.stem import Piece, Role, Stem, StemForm

RIGHT_MOST = 5
MEMBER_SHORTEST = 3
SHARED = 0.25
TRIED_FOR_LIST = 120
_TIERS = {SpanKind.FOUR: 1, SpanKind.VERB: 1}
_CHOSEN = frozenset(SpanKind) - {SpanKind.BEING}
_GAP = Piece(Role.GAP, CHOICE)


def singles(material: Material, word: AnswerSpan) -> Iterator[tuple[int, Item]]:
    """Yield the question on `word` with one right option, where three others of its kind are wrong."""
    told = (
        material.patterned(word) or word.shape == TWIN or (word.kind is SpanKind.NAMED and "counted" not in word.shape)
    )
    asked = asked_with(word) if word.kind in _CHOSEN and not told else None
    if asked is None or not has_one_answer(material.said, asked):
        return
    rng = random.Random(f"{material.seed}|single|{word.statement.text.record.id}|{word.start}")
    wrong = distractors(material, asked, rng)
    if len(wrong) < DISTRACTORS or (
        word.kind not in (SpanKind.NUMBER, SpanKind.DATE) and stands_out([word.text], wrong)
    ):
        return
    options = [word.text, *wrong[:DISTRACTORS]]
    _mix(options, word.kind, rng)
    text = word.statement.text
    stem = stem_around(material, asked, [(word.start, word.end)], _GAP)
    answer = (LETTERS[options.index(word.text)],)
    level = Difficulty.EASY if word.kind in (SpanKind.NUMBER, SpanKind.DATE) else Difficulty.MEDIUM
    tested = ((text.record.id, word.start, word.end),)
    yield (
        3 if word.shape.startswith("n") and word.kind is SpanKind.MEMBER else _TIERS.get(word.kind, 0),
        item_of(ItemKind.SINGLE, level, stem, answer, word.statement.quote, tuple(options), tested=tested),
    )


def _mix(options: list[str], kind: SpanKind, rng: random.Random) -> None:
    """Bring options into their order: numbers ascending, as papers have them, others by chance."""
    if kind is SpanKind.NUMBER:
        options.sort(key=lambda one: (float(value(one)) if _is_number(value(one)) else 0.0, one))
    else:
        rng.shuffle(options)


def multiples(material: Material, series: Series) -> Iterator[tuple[int, Item]]:
    """Yield the question on the members of `series`, among members of other series of the same shape."""
    if not series.whole or series.open or any(b - a < MEMBER_SHORTEST for a, b in series.members):
        return
    start, end = series.members[0][0], series.members[-1][1]
    statement = series.statement
    run = run_around(statement, start, end)
    if run is None:
        return
    whole = Gap(AnswerSpan(statement, SpanKind.MEMBER, start, end), *run)
    if len(letters(whole.before + whole.behind)) < CONTEXT_LEAST or any(
        m in whole.before + whole.behind for m in series.texts
    ):
        return
    rng = random.Random(f"{material.seed}|multiple|{statement.text.record.id}|{start}")
    wrong = _crossed(material, series, rng) or _others(material, whole, series, rng)
    stem = stem_around(material, whole, [(start, end)], _GAP)
    made = _multiple(stem, list(series.members), wrong, statement.quote, rng, statement.text.quote)
    verbal = all(member_shape(words)[0] == "v" for words in series.texts)
    yield from ((1 if series.patterned else 0 if verbal else 2, item) for _, item in made)


def _crossed(material: Material, series: Series, rng: random.Random) -> list[str]:
    """Return two members put together wrongly of those of a series of one frame, which the texts never say."""
    made = [words for words in crossed(series.texts) if not material.said.says(words)]
    return rng.sample(made, min(len(made), 2))


def _others(material: Material, whole: Gap, series: Series, rng: random.Random) -> list[str]:
    """Return members of other series that are wrong beside what stands before and behind this one."""
    sizes = {len(words) for words in series.texts}
    shapes = {member_shape(words)[0] for words in series.texts}
    kindred = _kindred(material, series)
    pool = [m for m in material.members if len(m) in sizes and member_shape(m)[0] in shapes and m not in kindred]
    rng.shuffle(pool)
    own = material.own_words(whole.word)
    pool.sort(key=lambda one: one not in own)
    found: list[str] = []
    for other in pool[:TRIED_FOR_LIST]:
        places = [
            Gap(AnswerSpan(whole.word.statement, SpanKind.MEMBER, a, b), whole.start, whole.end)
            for a, b in series.members
        ]
        near = any(_alike(other, member) for member in series.texts)
        alike = near or any(material.said.same(other, known) for known in found)
        if not alike and all(is_wrong(material, place, other) for place in places):
            found.append(other)
        if len(found) == 2:
            break
    return found


def _kindred(material: Material, series: Series) -> set[str]:
    """Return the members of the series of sentences about the same, or led in or closed alike: they may fit as well."""
    beside = _ends(series)
    return {
        words
        for one in material.series
        if _about_the_same(series.statement, one.statement)
        or any(a and a == b for a, b in zip(_ends(one), beside, strict=True))
        for words in one.texts
    }


def _about_the_same(one: Statement, other: Statement) -> bool:
    """Say whether two sentences stand in one paragraph or share much of their words."""
    if one.text is other.text and one.quote.paragraph == other.quote.paragraph:
        return True
    some, others = pairs(one.words), pairs(other.words)
    return len(some & others) > SHARED * min(len(some), len(others))


def _ends(series: Series) -> tuple[str, str]:
    """Return the two letters before and behind a series."""
    text, clause = series.statement.text.text, series.statement
    start, end = series.members[0][0], series.members[-1][1]
    pair = letters(text[max(start - 2, clause.start) : start]), letters(text[end : min(end + 2, clause.end)])
    return pair[0] if len(pair[0]) == 2 else "", pair[1] if len(pair[1]) == 2 else ""


def listed(material: Material, listing: Listing) -> Iterator[tuple[int, Item]]:
    """Yield the question on the items of a list of an article, among items of other lists."""
    rng = random.Random(f"{material.seed}|listed|{listing.text.record.id}|{listing.start}")
    wrong: list[str] = []
    usual = sum(map(len, listing.words)) / len(listing.words)
    others = [one for one in material.listings if _another(listing, one)]
    others = material.shuffled(others, f"{listing.start}")
    others.sort(key=lambda one: one.text.record.id != listing.text.record.id)
    for other in others[:40]:
        fit = [words for words in other.plain if _wrong_item(material, listing, words, wrong)]
        wrong += sorted(fit, key=lambda words: abs(len(words) - usual))[:1]
        if len(wrong) == 2:
            break
    lead = source_piece(listing.text, listing.start, listing.lead_end)
    stem = Stem(StemForm.GAPS, (*material.prefix(listing.text), lead, _GAP))
    source = listing.text.quote(listing.start, listing.end)
    yield from _multiple(stem, list(listing.items), wrong, source, rng, listing.text.quote)


def _another(listing: Listing, other: Listing) -> bool:
    """Say whether `other` is a list of the same kind of things for another purpose."""
    aims = [letters(re.split("[，；]", one.lead)[-1]) for one in (listing, other)]
    return other is not listing and other.cases is listing.cases and aims[0] != aims[1]


def _wrong_item(material: Material, listing: Listing, words: str, known: Sequence[str]) -> bool:
    own = listing.text.text[listing.start : listing.end]
    alike = any(_alike(words, item) for item in [*listing.words, *known])
    sized = min(map(len, listing.words)) / 2 <= len(words) <= max(map(len, listing.words)) * 1.5
    return (
        sized and words not in own and not alike and not any(material.said.same(words, item) for item in listing.words)
    )


def _alike(one: str, other: str) -> bool:
    """Say whether two items share so many pairs of characters that they may say the same."""
    pairs = [{words[n : n + 2] for n in range(len(words) - 1)} for words in (one, other)]
    return len(pairs[0] & pairs[1]) > 0.3 * min(map(len, pairs))


def _multiple(
    stem: Stem,
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
    if len(set(options)) < len(options) or stands_out([one.text for one in quotes], wrong):
        return
    answer = tuple(LETTERS[n] for n, option in enumerate(options) if option in rights)
    level = Difficulty.MEDIUM if len(wrong) == 1 else Difficulty.HARD
    tested = tuple((one.document_id, one.start, one.end) for one in quotes)
    yield 0, item_of(ItemKind.MULTIPLE, level, stem, answer, source, tuple(options), tuple(quotes), tested)
