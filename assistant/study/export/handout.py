"""What a pack says on paper, from the summary to the key, for any format that is a `Sheet`.

The material comes first, then the paper and the key, each on pages of its own; without the key it is the paper
alone, to be handed out, with no source or answer.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from assistant.study.export import parts
from assistant.study.pack import Item, ItemKind, Pack, Point, Quote

_ROOM_LINES = 3  # to write the answer of an open question
_FORMULATION_WIDTHS = (13, 40, 22, 14, 53, 14)  # millimetres, 156 in all
_PLAN_WIDTHS = (20, 34, 102)


class Look(Enum):
    """How a paragraph is set."""

    BODY = "body"
    POINT = "point"  # of an outline, with others below it
    SMALL = "small"
    LEAD = "lead"  # below the title
    CENTRED = "centred"


@dataclass(frozen=True)
class Piece:
    """Words of a paragraph and the quotes whose places are given behind them; `link` is an anchor to go to."""

    text: str
    bold: bool = False
    quotes: tuple[Quote, ...] = ()
    link: str = ""


class Sheet(Protocol):
    """Something that can be written on from top to bottom."""

    def title(self, text: str) -> None:
        """Write the title of the whole."""

    def page(self, title: str) -> None:
        """Begin a page of its own under a title."""

    def heading(self, text: str, level: int) -> None:
        """Write a heading of level 1 or 2."""

    def words(self, pieces: Sequence[Piece], look: Look = Look.BODY, keep: bool = False, anchor: str = "") -> None:
        """Write a paragraph; `keep` keeps it on the page of the next, `anchor` names its place."""

    def options(self, options: Sequence[str], characters: int) -> None:
        """Write the options of a question, side by side where they are of so few characters that they fit."""

    def table(self, columns: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[str]]) -> None:
        """Write a table with its widths in millimetres."""

    def room(self, lines: int) -> None:
        """Leave lines empty to write on."""


def write(pack: Pack, sheet: Sheet, with_key: bool) -> None:
    """Write a pack; without the key, the paper alone."""
    sheet.title(pack.title)
    if not with_key:
        _write_hand_out(pack.items, sheet)
        return
    for line in parts.head(pack):
        sheet.words([Piece(line)], Look.LEAD)
    _write_material(pack, sheet)
    sheet.page(parts.PAPER)
    _write_paper(pack.items, sheet, linked=True)
    sheet.page(parts.KEY)
    _write_key(pack.items, sheet)


def _write_material(pack: Pack, sheet: Sheet) -> None:
    writers: list[tuple[str, Sequence[object], Callable[[Pack, Sheet], None]]] = [
        (parts.SUMMARY, pack.summary, _write_summary),
        (parts.OUTLINE, pack.outlines, _write_outlines),
        (parts.FORMULATIONS, pack.formulations, _write_formulations),
        (parts.REMARKS, pack.remarks, _write_remarks),
        (parts.PLAN, pack.plan, _write_plan),
        (parts.NOTES, pack.notes, _write_notes),
    ]
    present = [(title, writer) for title, content, writer in writers if content]
    for number, (title, writer) in enumerate(present, 1):
        sheet.heading(f"{parts.numeral(number)}、{title}", 1)
        writer(pack, sheet)


def _write_summary(pack: Pack, sheet: Sheet) -> None:
    _write_points(pack.summary, sheet)


def _write_outlines(pack: Pack, sheet: Sheet) -> None:
    for outline in pack.outlines:
        if len(pack.outlines) > 1:
            sheet.heading(f"《{outline.title}》", 2)
        _write_points(outline.points, sheet)


def _write_points(points: Iterable[Point], sheet: Sheet) -> None:
    for _, point in parts.flat(points):
        mark = parts.label(point)
        pieces = [Piece(mark, bold=True)] if mark else []
        look = Look.POINT if point.children else Look.BODY
        sheet.words([*pieces, Piece(point.words, quotes=point.quotes)], look, keep=bool(point.children))


def _write_formulations(pack: Pack, sheet: Sheet) -> None:
    rows = [parts.formulation_row(n, f, pack.documents) for n, f in enumerate(pack.formulations, 1)]
    sheet.table(parts.FORMULATION_COLUMNS, _FORMULATION_WIDTHS, rows)
    explained = [(f, quotes) for f in pack.formulations if (quotes := parts.explanations(f))]
    if explained:
        sheet.heading(parts.EXPLAINED, 2)
    for found, quotes in explained:
        sheet.words([Piece(f"{found.text}：", bold=True), *_joined(quotes)])


def _write_remarks(pack: Pack, sheet: Sheet) -> None:
    sheet.words([Piece(parts.AS_IT_STANDS)])
    for number, remark in enumerate(pack.remarks, 1):
        note = [Piece(f"{remark.note}：")] if remark.note else []
        mark = Piece(f"{number}. {parts.REMARK_WORDS[remark.kind]}：", bold=True)
        sheet.words([mark, *note, *_joined(remark.places)])


def _joined(quotes: Sequence[Quote]) -> list[Piece]:
    """Return quotes with a mark between them."""
    return [Piece(f"{'；' if number else ''}{quote.text}", quotes=(quote,)) for number, quote in enumerate(quotes)]


def _write_plan(pack: Pack, sheet: Sheet) -> None:
    numbers = parts.numbered(pack.items)
    rows = [(step.name, parts.span(step), "\n".join(parts.doing(step, numbers))) for step in pack.plan]
    sheet.table(parts.PLAN_COLUMNS, _PLAN_WIDTHS, rows)


def _write_notes(pack: Pack, sheet: Sheet) -> None:
    for note in pack.notes:
        sheet.words([Piece(note)])


def _write_hand_out(items: Sequence[Item], sheet: Sheet) -> None:
    sheet.words([Piece(f"{parts.PAPER}（{parts.total(items)}）")], Look.CENTRED)
    sheet.words([Piece(parts.NAME_LINE)], Look.CENTRED)
    _write_paper(items, sheet)


def _write_paper(items: Sequence[Item], sheet: Sheet, linked: bool = False) -> None:
    """Write the questions; `linked` to the key, else with room to answer."""
    if not items:
        sheet.words([Piece(parts.NO_ITEMS)])
    for group in parts.groups(items):
        sheet.heading(group.title + group.worth, 1)
        for number, item in group.items:
            mark = Piece(f"{number}. ", link=f"key-{number}" if linked else "")
            sheet.words([mark, Piece(parts.asked(item))], keep=bool(item.options), anchor=f"question-{number}")
            if item.options:
                sheet.options(parts.options(item), max(map(len, parts.options(item))))
            if not linked and item.kind in (ItemKind.SHORT, ItemKind.DISCUSS):
                sheet.room(_ROOM_LINES)


def _write_key(items: Sequence[Item], sheet: Sheet) -> None:
    if not items:
        sheet.words([Piece(parts.NO_ITEMS)])
    for group in parts.groups(items):
        sheet.heading(group.title, 1)
        for number, item in group.items:
            first, *more = parts.answers(item) or [parts.OPEN]
            mark = Piece(f"{number}. ", bold=True, link=f"question-{number}")
            sheet.words([mark, Piece(first, bold=True)], keep=True, anchor=f"key-{number}")
            for line in more:
                sheet.words([Piece(line, bold=True)], keep=True)
            if item.note:
                sheet.words([Piece(item.note)], Look.SMALL, keep=True)
            for quote in parts.sources(item):
                sheet.words([Piece(parts.SOURCE + parts.cited(quote))], Look.SMALL)
