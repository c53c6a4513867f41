"""Flashcards as .csv: UTF-8 with the mark that spreadsheets want, no cell that one would calculate."""

import csv
import io

from assistant.sheets import FORMULA_STARTS
from assistant.study.export.labels import card_source
from assistant.study.pack import Card, Pack
from assistant.text import drop_controls

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
