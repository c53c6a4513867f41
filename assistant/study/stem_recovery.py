"""The structure of any question's stem: as its kind made it, else recovered from the words alone.

Recovered are the stems of packs from before stems kept their structure, and those that somebody has worded anew.
"""

import re
from collections.abc import Iterator

from assistant.study.pack import BLANK, STATED, Item, ItemKind, title_prefix
from assistant.study.stem import Piece, Role, Stem, StemForm

_BRACKET = r"[（(]\s*[）)]"
_SECTION = re.compile("(.*?》[“「])(.+)([”」]部分.*)", re.S)
_FORMS = {ItemKind.FILL: StemForm.GAPS, ItemKind.JUDGE: StemForm.STATEMENT}
_CHOICES = (ItemKind.SINGLE, ItemKind.MULTIPLE)
_BRACKETED = (*_CHOICES, ItemKind.JUDGE, ItemKind.ORDER)


def stem_of(item: Item) -> Stem:
    """Return how the stem of a question is put together."""
    made = item.structure
    return made if made is not None and made.text == item.stem else _recovered(item)


def _recovered(item: Item) -> Stem:
    prefix = title_prefix(item.source.document, True)
    named = (Piece(Role.DOCUMENT, prefix),) if item.stem.startswith(prefix) else ()
    words = item.stem.removeprefix(prefix)
    form = _form(item, words)
    parts = re.split(f"({_BRACKET if item.kind in _BRACKETED else BLANK})", words)
    gapped = len(parts) > 1
    stop = words[-1:] if words.endswith(("。", ".")) and (gapped or form is StemForm.STATEMENT) else ""
    parts[-1] = parts[-1].removesuffix(stop)
    if gapped:
        pieces = tuple(_gapped(item, form, parts))
    elif form is StemForm.STATEMENT and item.further:
        pieces = tuple(_judged(item, parts[0]))
    else:
        pieces = _stating(item, parts[0])
    return Stem(form, (*named, *pieces, *((Piece(Role.STOP, stop),) if stop else ())))


def _form(item: Item, words: str) -> StemForm:
    if item.kind in _CHOICES and item.options and len(item.further) == len(item.options):
        return StemForm.STATEMENTS if words.startswith(STATED) else StemForm.SECTION
    return StemForm.GAPS if item.kind in _CHOICES else _FORMS.get(item.kind, StemForm.TASK)


def _gapped(item: Item, form: StemForm, parts: list[str]) -> Iterator[Piece]:
    """Yield words and gaps by turns; the words get their place where it is told by what the question tests."""
    ends = [end for _, _, end in item.tested]
    whole, start = item.source.text, item.tested[0][1] - len(parts[0]) if item.tested else None
    starts = [start, *ends]
    if item.kind is ItemKind.MULTIPLE:
        found = whole.find(parts[0]), whole.rfind(parts[-1]) if parts[-1] else -1
        starts = [item.source.start + at if at >= 0 else None for at in found]
    for number, words in enumerate(parts):
        if number % 2:
            yield Piece(Role.GAP, words)
        elif form is StemForm.GAPS:
            yield Piece(Role.SOURCE, words, starts[number // 2] if number // 2 < len(starts) else None)
        else:
            yield from _naming(words)


def _naming(words: str) -> Iterator[Piece]:
    """Yield words of the program with the name of a section in them."""
    found = _SECTION.fullmatch(words)
    roles = (Role.OWN, Role.SECTION, Role.OWN)
    yield from map(Piece, roles, found.groups()) if found else (Piece(Role.OWN, words),)


def _judged(item: Item, words: str) -> Iterator[Piece]:
    """Yield a statement as the source's words around those that it tests, as many as it shares with the source."""
    source, original = item.source, item.further[0]
    before, behind = source.text[: original.start - source.start], source.text[original.end - source.start :]
    left = next(before[n:] for n in range(len(before) + 1) if words.startswith(before[n:]))
    rest = words[len(left) :]
    right = next(behind[:n] for n in range(len(behind), -1, -1) if rest.endswith(behind[:n]))
    yield Piece(Role.SOURCE, left, original.start - len(left))
    yield Piece(Role.JUDGED, rest[: len(rest) - len(right)])
    yield Piece(Role.SOURCE, right, original.end)


def _stating(item: Item, words: str) -> tuple[Piece, ...]:
    """Return a stem without gaps; of a discussion with the place of the words to be discussed."""
    said = item.further[0] if item.kind is ItemKind.DISCUSS and item.further else None
    if said is None or said.text not in words:
        return (Piece(Role.JUDGED if item.kind is ItemKind.JUDGE else Role.OWN, words),)
    before, _, behind = words.partition(said.text)
    return Piece(Role.OWN, before), Piece(Role.SOURCE, said.text, said.start), Piece(Role.OWN, behind)
