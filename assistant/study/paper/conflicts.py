"""Whether two questions may stand in one paper: not on the same fact or words, and neither tells the other's answer."""

import re
from dataclasses import dataclass

from assistant.language.numerals import in_digits
from assistant.study.pack import LETTERS, Item, ItemKind, Quote
from assistant.study.questions.material.figures import amounts
from assistant.study.source.said import letters
from assistant.study.stem import Stem, StemForm
from assistant.study.stem_recovery import stem_of

NEAR = 4
Place = tuple[str, int, int]  # document id, start, end
_SPOKEN = {ItemKind.ORDER, ItemKind.SHORT, ItemKind.DISCUSS}
_WORDED = {ItemKind.FILL, ItemKind.SINGLE, ItemKind.MULTIPLE}
_NUMBER = re.compile("[0-9.,万亿]+|[一二两三四五六七八九十百千]+")


@dataclass(frozen=True)
class Shown:
    """What a question lets be read before it is answered, and what must not be read elsewhere.

    `stem`, `options`: letters shown. `asked`: the stem without what tells one form of a question from another.
    `places`: where in the sources stands what is shown and what must be known. `secrets`: words of the answer that
    are no numbers; `figures`: numbers with their units, or with the letters beside them; `amounts`: all numbers with
    their units that can be read. `tested`: where stands what must be known. `worded`: whether an answer is of words.
    """

    kind: ItemKind
    sentence: tuple[str, int]
    stem: str
    asked: str
    options: tuple[str, ...]
    places: tuple[Place, ...]
    secrets: frozenset[str]
    figures: frozenset[str]
    amounts: frozenset[str]
    tested: tuple[Place, ...] = ()

    @property
    def worded(self) -> bool:
        """Whether words of the source are the answer or its options."""
        return self.kind in _WORDED


def shown(item: Item) -> Shown:
    """Return what a question shows and hides."""
    stem = stem_of(item)
    plain = _plain(stem.words)
    options = tuple(_plain(option) for option in item.options)
    secrets = _secrets(item, stem)
    figures = frozenset(near for secret in secrets if _NUMBER.fullmatch(secret[0]) for near in _beside(*secret))
    said = frozenset(amounts(item.stem).union(*map(amounts, item.options)))
    words = frozenset(word for word, *_ in secrets if not _NUMBER.fullmatch(word))
    sentence = (item.source.document_id, item.source.start)
    spans = _spans(item, stem)
    tested = spans if stem.form is StemForm.STATEMENTS else item.tested
    places = (*spans, *item.tested)
    return Shown(item.kind, sentence, plain, _asked(item, stem, plain), options, places, words, figures, said, tested)


def may_stand_together(one: Shown, other: Shown, strict: bool = True) -> bool:
    """Say whether two questions may stand in one paper.

    Where not `strict`, two may be on one sentence if neither shows what the other asks for, and an answer
    may stand among the options of another, where nothing says to what it belongs.
    """
    if one.asked == other.asked or not one.secrets.isdisjoint(other.secrets):
        return False
    if strict and one.sentence == other.sentence and one.kind not in _SPOKEN and other.kind not in _SPOKEN:
        return False
    if _tells(one, other, strict) or _tells(other, one, strict):
        return False
    if strict:
        return not _overlap(one.places, other.places)
    return not _overlap(one.tested, other.places) and not _overlap(one.places, other.tested)


def _overlap(some: tuple[Place, ...], others: tuple[Place, ...]) -> bool:
    for identity, start, end in some:
        for identity_, start_, end_ in others:
            if start < end_ and start_ < end and identity == identity_:
                return True
    return False


def _tells(teller: Shown, asked: Shown, strict: bool) -> bool:
    """Say whether what one question shows gives away what another asks for."""
    stem = teller.stem
    if not asked.figures.isdisjoint(teller.amounts) or any(near in stem for near in asked.figures):
        return True
    for word in asked.secrets:
        if word in stem:
            return True
        for option in teller.options:
            if word in option and (word != option or (strict and asked.worded)):
                return True
    return False


def _beside(word: str, left: str, right: str) -> list[str]:
    """Return a number with its unit, and with the letters beside it where there are enough to know it again by."""
    places = [f"{left[-NEAR:]}{word}{right[:2]}", f"{left[-2:]}{word}{right[:NEAR]}"]
    return [*amounts(word + right), *(place for place in places if len(place) > len(word) + 2)]


def _plain(words: str) -> str:
    """Return the letters of `words`, their numbers in digits."""
    return letters(in_digits(words))


def _asked(item: Item, stem: Stem, plain: str) -> str:
    """Return the letters of a stem; of one on a section the same, however many options are right."""
    return f"{item.source.document_id}|{stem.section}" if stem.form is StemForm.SECTION and stem.section else plain


def _spans(item: Item, stem: Stem) -> tuple[Place, ...]:
    """Return where stands what a question shows of the sources."""
    if item.kind is ItemKind.ORDER or stem.form in (StemForm.SECTION, StemForm.STATEMENTS):
        return tuple(_place(quote) for quote in item.further)
    if item.kind is ItemKind.SHORT or not item.tested:
        return ()
    places = [*([stem.span] if stem.span else []), *((start, end) for _, start, end in item.tested)]
    return ((item.source.document_id, min(start for start, _ in places), max(end for _, end in places)),)


def _place(quote: Quote) -> tuple[str, int, int]:
    return quote.document_id, quote.start, quote.end


def _secrets(item: Item, stem: Stem) -> list[tuple[str, str, str]]:
    if item.kind is ItemKind.FILL:
        parts = [_plain(part) for part in stem.around]
        return [(_plain(word), parts[n], parts[n + 1]) for n, word in enumerate(item.answer)]
    if item.kind is ItemKind.SINGLE:
        before, behind = (_plain(part) for part in (*stem.around, "")[:2])
        return [(_plain(item.options[LETTERS.index(item.answer[0])]), before, behind)]
    if item.kind is ItemKind.MULTIPLE:
        return [(_plain(item.options[LETTERS.index(letter)]), "", "") for letter in item.answer]
    if item.kind is ItemKind.JUDGE:
        return [(f"{before}{word}{behind}", "", "") for before, word, behind in _judged_words(item)]
    return [(_plain(words), "", "") for words in item.answer] if item.kind is ItemKind.SHORT else []


def _judged_words(item: Item) -> list[tuple[str, str, str]]:
    """Return the true words of a statement with what stands beside them, on either side."""
    source, original = item.source, item.further[0]
    before = _plain(source.text[: original.start - source.start])[-NEAR:]
    behind = _plain(source.text[original.end - source.start :])[:NEAR]
    word = _plain(original.text)
    return [(before, word, "") if len(before) >= 2 else ("", word, behind)]
