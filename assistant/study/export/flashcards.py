"""Flashcards as an Anki package.

The note type has one id for ever; the deck's comes from the pack's title, a note's from its deck and the words
that its card is from. So a pack that is made again and imported again renews the notes that are there.
"""

import csv
import hashlib
import io
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from html import escape
from itertools import count
from time import time
from typing import TYPE_CHECKING

from assistant.base.files.spreadsheets import FORMULA_STARTS
from assistant.base.text import drop_controls
from assistant.study.export.labels import card_source
from assistant.study.pack import Card, Pack

if TYPE_CHECKING:
    from genanki import Model, Package

MODEL = 1_763_874_301  # drawn once; another number would be another note type to Anki
_NAME = "政策学习卡片"
_CSS = """.card { font-family: sans-serif; font-size: 20px; text-align: left; line-height: 1.6; }
.source { color: #777; font-size: 14px; }
"""
_FRONT = "{{正面}}"
_BACK = '{{FrontSide}}<hr id="answer">{{背面}}<p class="source">{{出处}}</p>'


def as_apkg(pack: Pack) -> bytes:
    """Return the cards as a deck of the pack's title, in the order of the pack."""
    from genanki import Deck, Note, Package

    deck = Deck(_number("deck", pack.title), _deck_name(pack.title))
    model = _model()
    for due, (card, identity) in enumerate(zip(pack.cards, _identities(pack), strict=True)):
        fields = [_html(card.front), _html(card.back), _html(card_source(card))]
        deck.add_note(Note(model=model, fields=fields, guid=identity, due=due))
    return _packed(Package(deck))


def _packed(package: "Package") -> bytes:
    """Return the file; genanki's own way leaves a temporary one behind."""
    now, stream = time(), io.BytesIO()
    with closing(sqlite3.connect(":memory:")) as collection:
        package.write_to_db(collection.cursor(), now, count(int(1000 * now)))
        collection.commit()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("collection.anki2", collection.serialize())
            archive.writestr("media", "{}")
    return stream.getvalue()


def _model() -> "Model":
    from genanki import Model

    fields = [{"name": name} for name in ("正面", "背面", "出处")]
    return Model(MODEL, _NAME, fields=fields, templates=[{"name": "卡片", "qfmt": _FRONT, "afmt": _BACK}], css=_CSS)


def _identities(pack: Pack) -> Iterator[str]:
    """Yield what a note of each card is known by: cards from the same words are counted."""
    seen: Counter[tuple[str, ...]] = Counter()
    for card in pack.cards:
        words = _words(card)
        yield _digest(pack.title, *words, str(seen[words]))
        seen[words] += 1


def _words(card: Card) -> tuple[str, ...]:
    return tuple(part for quote in card.quotes for part in (quote.document_id, quote.text))


def _number(*parts: str) -> int:
    """Return a number that Anki takes for an id."""
    return (1 << 30) + int(_digest(*parts), 16) % (1 << 30)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:20]


def _deck_name(title: str) -> str:
    """Return a title as the name of one deck: "::" would make it a deck in a deck."""
    return " ".join(drop_controls(title).replace("::", "：").split()) or _NAME


def _html(text: str) -> str:
    return escape(drop_controls(text)).replace("\n", "<br>")


COLUMNS = ("正面", "背面", "出处")


def as_csv(pack: Pack) -> bytes:
    """Return the cards, one a row."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_row, pack.cards))
    return stream.getvalue().encode("utf-8-sig", "replace")


def _row(card: Card) -> list[str]:
    return [_guarded(cell) for cell in (card.front, card.back, card_source(card))]


def _guarded(text: str) -> str:
    """Return a cell that is text, whatever it begins with; the apostrophe tells spreadsheets so."""
    cell = drop_controls(text)
    return f"'{cell}" if cell.lstrip(" \n").startswith(FORMULA_STARTS) else cell
