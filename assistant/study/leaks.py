"""Whether two questions may stand in one paper: not on the same fact or words, and neither tells the other's answer."""

import re
from dataclasses import dataclass

from assistant.study.pack import BLANK, LETTERS, Item, ItemKind, Quote
from assistant.study.proving import CHOICE
from assistant.study.stock import letters, naming

NEAR = 4
_WORDED = {ItemKind.FILL, ItemKind.SINGLE, ItemKind.MULTIPLE}
_NUMBER = re.compile("[0-9.,万亿]+|[一二两三四五六七八九十百千]+")


@dataclass(frozen=True)
class Shown:
    """What a question lets be read before it is answered, and what must not be read elsewhere.

    `stem` and `options`: letters shown. `places`: where in the sources stands what is shown and what must be
    known. `secrets`: the answer's words as (letters, letters beside it on the left, on the right), `worded` those
    of them that are no numbers.
    """

    item: Item
    stem: str
    options: tuple[str, ...]
    places: tuple[tuple[str, int, int], ...]
    secrets: tuple[tuple[str, str, str], ...]
    worded: frozenset[str]


def shown(item: Item) -> Shown:
    """Return what a question shows and hides."""
    stem = item.stem.removeprefix(naming(item.source.document, True))
    options = tuple(letters(option) for option in item.options)
    secrets = tuple(_secrets(item, stem))
    worded = frozenset(word for word, *_ in secrets if not _NUMBER.fullmatch(word))
    return Shown(item, letters(stem), options, (*_spans(item, stem), *item.tested), secrets, worded)


def together(one: Shown, other: Shown, strict: bool = True) -> bool:
    """Say whether two questions may stand in one paper.

    Where not `strict`, two may be on one long sentence if they show different clauses of it, and an answer
    may stand among the options of another, where nothing says to what it belongs.
    """
    if _overlap(one.places, other.places) or (strict and _one_sentence(one.item, other.item)):
        return False
    if _same_answer(one, other):
        return False
    return not _tells(one, other, strict) and not _tells(other, one, strict)


def _one_sentence(one: Item, other: Item) -> bool:
    spoken = (ItemKind.ORDER, ItemKind.SHORT, ItemKind.DISCUSS)
    if one.kind in spoken or other.kind in spoken:
        return False
    return (one.source.document_id, one.source.start) == (other.source.document_id, other.source.start)


def _overlap(some: tuple[tuple[str, int, int], ...], others: tuple[tuple[str, int, int], ...]) -> bool:
    return any(a[0] == b[0] and a[1] < b[2] and b[1] < a[2] for a in some for b in others)


def _same_answer(one: Shown, other: Shown) -> bool:
    """Say whether two questions ask for the same words, numbers aside: 3 may be the answer twice."""
    return not one.worded.isdisjoint(other.worded)


def _tells(teller: Shown, asked: Shown, strict: bool) -> bool:
    """Say whether what one question shows gives away what another asks for."""
    for word, left, right in asked.secrets:
        if _NUMBER.fullmatch(word):
            places = [f"{left[-NEAR:]}{word}{right[:2]}", f"{left[-2:]}{word}{right[:NEAR]}"]
            if any(place in teller.stem for place in places if len(place) > len(word) + 2):
                return True
        elif word in teller.stem:
            return True
        elif strict and asked.item.kind in _WORDED and word in teller.options:
            return True
        elif any(word in option and option != word for option in teller.options):
            return True
    return False


def _spans(item: Item, stem: str) -> tuple[tuple[str, int, int], ...]:
    if item.kind in (ItemKind.FILL, ItemKind.SINGLE, ItemKind.JUDGE) and item.tested:
        before = re.split(f"{BLANK}|{CHOICE}", stem)[0] if item.kind is not ItemKind.JUDGE else ""
        identity, start, end = item.tested[0][0], item.tested[0][1], item.tested[-1][2]
        if item.kind is ItemKind.JUDGE:
            return ((identity, *_judged_span(item, stem)),)
        behind = re.split(f"{BLANK}|{CHOICE}", stem)[-1].rstrip("。.")
        return ((identity, start - len(before), end + len(behind)),)
    if item.kind is ItemKind.MULTIPLE:
        return ((item.source.document_id, item.tested[0][1], item.tested[-1][2]),)
    if item.kind in (ItemKind.ORDER, ItemKind.DISCUSS):
        return tuple(_place(quote) for quote in item.further if item.kind is ItemKind.ORDER or quote.text in stem)
    return ()


def _judged_span(item: Item, stem: str) -> tuple[int, int]:
    """Return the place of the statement that was judged: where the words around the tested ones are its own."""
    source, original = item.source, item.further[0]
    before, behind = source.text[: original.start - source.start], source.text[original.end - source.start :]
    left = next((n for n in range(len(before) + 1) if stem.startswith(before[n:])), len(before))
    plain = stem.rstrip("。.")
    right = next((n for n in range(len(behind), -1, -1) if plain.endswith(behind[:n].rstrip("。."))), 0)
    return source.start + left, original.end + right


def _place(quote: Quote) -> tuple[str, int, int]:
    return quote.document_id, quote.start, quote.end


def _secrets(item: Item, stem: str) -> list[tuple[str, str, str]]:
    if item.kind is ItemKind.FILL:
        parts = [letters(part) for part in stem.split(BLANK)]
        return [(letters(word), parts[n], parts[n + 1]) for n, word in enumerate(item.answer)]
    if item.kind is ItemKind.SINGLE:
        before, behind = (letters(part) for part in stem.split(CHOICE))
        return [(letters(item.options[LETTERS.index(item.answer[0])]), before, behind)]
    if item.kind is ItemKind.MULTIPLE:
        return [(letters(item.options[LETTERS.index(letter)]), "", "") for letter in item.answer]
    if item.kind is ItemKind.JUDGE:
        return [(f"{before}{word}{behind}", "", "") for before, word, behind in _judged_words(item)]
    return [(letters(words), "", "") for words in item.answer] if item.kind is ItemKind.SHORT else []


def _judged_words(item: Item) -> list[tuple[str, str, str]]:
    """Return the true words of a statement with what stands beside them, on either side."""
    source, original = item.source, item.further[0]
    before = letters(source.text[: original.start - source.start])[-NEAR:]
    behind = letters(source.text[original.end - source.start :])[:NEAR]
    word = letters(original.text)
    return [(before, word, "") if len(before) >= 2 else ("", word, behind)]
