"""What a pack says on paper, from the plan to the cards, for any format that is a `Sheet`.

The material comes first, then the paper, the key and the cards, each on pages of its own; without the key it is
the paper alone, to be handed out, with no source or answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from assistant.language.numerals import chinese
from assistant.study.export import parts
from assistant.study.pack import Card, Item, ItemKind, Pack, Point, Quote
from assistant.study.trends import in_words, trend_table, trends

_ROOM_LINES = 3  # to write the answer of an open question
_FORMULATION_WIDTHS = (13, 40, 22, 14, 53, 14)  # millimetres, 156 in all
_FORMULATION_WIDTHS_ALONE = (13, 62, 22, 14, 31, 14)  # of one document, whose title is not repeated
_TREND_WIDTHS, _TREND_COLUMNS = (46, 96, 14), 6  # formulation, columns together, sum
_PLAN_WIDTHS = (20, 34, 102)
_POINTS_MOST = 60  # of an outline in large type
_LINE_CHARACTERS = 25
_SHORT = 300  # characters; a summary or an outline that is longer begins a page


class Look(Enum):
    """How a paragraph is set."""

    BODY = "body"
    POINT = "point"  # of an outline, above others
    BRIEF = "brief"  # of the summary, which is one page; places are short and stand behind it
    SMALL = "small"
    LEAD = "lead"  # below the title
    CENTRED = "centred"


@dataclass(frozen=True)
class Piece:
    """Words of a paragraph and the quotes whose places are given behind them; `link` is an anchor to go to.

    `blank`: a line to write on, as long as its text.
    """

    text: str
    bold: bool = False
    quotes: tuple[Quote, ...] = ()
    link: str = ""
    blank: bool = False


class Sheet(Protocol):
    """Something that can be written on from top to bottom."""

    def title(self, text: str) -> None:
        """Write the title of the whole."""

    def page(self, title: str) -> None:
        """Begin a page of its own under a title."""

    def heading(self, text: str, level: int, apart: bool = False) -> None:
        """Write a heading of level 1 or 2, at the top of a page where it is set apart."""

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
    if pack.items:
        sheet.page(parts.KEY)
        _write_key(pack.items, sheet)
    if pack.cards:
        sheet.page(parts.CARDS)
        _write_cards(pack.cards, sheet)


def abreast(characters: int) -> int:
    """Return how many options of so many characters a line holds: 4, 2 or 1."""
    return next((count for count in (4, 2) if characters * count <= _LINE_CHARACTERS), 1)


def _write_material(pack: Pack, sheet: Sheet) -> None:
    writers: list[tuple[str, Sequence[object], Callable[[Pack, Sheet], None]]] = [
        (parts.PLAN, pack.plan, _write_plan),
        (parts.NOTES, pack.notes, _write_notes),
        (parts.SUMMARY, pack.summary, _write_summary),
        (parts.OUTLINE, pack.outlines, _write_outlines),
        (parts.FORMULATIONS, pack.formulations, _write_formulations),
        (parts.TRENDS, trends(pack).rows, _write_trends),
        (parts.REMARKS, pack.remarks, _write_remarks),
    ]
    present = [(title, writer) for title, content, writer in writers if content]
    points = {parts.SUMMARY: pack.summary, parts.OUTLINE: [point for one in pack.outlines for point in one.points]}
    for number, (title, writer) in enumerate(present, 1):
        characters = sum(len(point.words) for _, point in parts.flat(points.get(title, ())))
        sheet.heading(f"{chinese(number)}、{title}", 1, apart=characters > _SHORT)
        writer(pack, sheet)


def _write_summary(pack: Pack, sheet: Sheet) -> None:
    several = len(pack.documents) > 1
    for _, point in parts.flat(pack.summary):
        title = f"《{point.quotes[0].document}》" if several and point.quotes else ""
        numbers = "、".join(map(str, dict.fromkeys(quote.paragraph for quote in point.quotes)))
        where = f"（{title}第{numbers}段）" if numbers else ""
        sheet.words([Piece(parts.label(point), bold=True), Piece(point.words + where)], Look.BRIEF)


def _write_outlines(pack: Pack, sheet: Sheet) -> None:
    for outline in pack.outlines:
        if len(pack.outlines) > 1:
            sheet.heading(f"《{outline.title}》", 2)
        _write_points(outline.points, sheet)
        if outline.left_out:
            sheet.words([Piece(parts.left_out(outline))])


def _write_points(points: Sequence[Point], sheet: Sheet) -> None:
    """Write points, one a paragraph; where some hold others, those at the top stand out too; very many are small."""
    nested = any(point.children for point in points)
    found = list(parts.flat(points))
    for depth, point in found:
        mark = parts.label(point)
        pieces = [Piece(mark, bold=True)] if mark else []
        large = Look.POINT if point.children or nested and depth == 0 else Look.BODY
        look = Look.BRIEF if len(found) > _POINTS_MOST else large
        words = Piece(point.words, bold=bool(point.children) and look is Look.BRIEF, quotes=point.quotes)
        sheet.words([*pieces, words], look, keep=bool(point.children))


def _write_formulations(pack: Pack, sheet: Sheet) -> None:
    rows = [parts.formulation_row(n, f, pack.documents) for n, f in enumerate(pack.formulations, 1)]
    widths = _FORMULATION_WIDTHS if len(pack.documents) > 1 else _FORMULATION_WIDTHS_ALONE
    sheet.table(parts.FORMULATION_COLUMNS, widths, rows)
    explained = [(f, quotes) for f in pack.formulations if (quotes := parts.explanations(f))]
    if explained:
        sheet.heading(parts.EXPLAINED, 2)
    for found, quotes in explained:
        sheet.words([Piece(f"{found.text}：", bold=True), *_joined(quotes)])


def _write_trends(pack: Pack, sheet: Sheet) -> None:
    """Write a table, by year where the documents are too many for its width, in words where the years are too."""
    found = trends(pack, most_documents=_TREND_COLUMNS)
    found = found if found.rows else trends(pack)
    if len(found.columns) > _TREND_COLUMNS:
        for row in found.rows[: parts.TRENDS_MOST]:
            sheet.words([Piece(in_words(found, row))], Look.BRIEF)
        return
    first, between, last = _TREND_WIDTHS
    head, *rows = [list(map(str, row)) for row in trend_table(found)[: parts.TRENDS_MOST + 1]]
    sheet.table(head, (first, *[between // len(found.columns)] * len(found.columns), last), rows)


def _write_remarks(pack: Pack, sheet: Sheet) -> None:
    sheet.words([Piece(parts.AS_IT_STANDS)])
    for number, remark in enumerate(pack.remarks, 1):
        note = [Piece(f"{remark.note}：")] if remark.note else []
        mark = Piece(f"{number}. {parts.REMARK_WORDS[remark.kind]}：", bold=True)
        sheet.words([mark, *note, *_joined(remark.places)])


def _joined(quotes: Sequence[Quote]) -> list[Piece]:
    """Return quotes with a mark behind each but the last."""
    marks = ["；"] * (len(quotes) - 1) + [""]
    return [Piece(quote.text + mark, quotes=(quote,)) for quote, mark in zip(quotes, marks, strict=True)]


def _write_plan(pack: Pack, sheet: Sheet) -> None:
    sheet.table(parts.PLAN_COLUMNS, _PLAN_WIDTHS, parts.plan_rows(pack))


def _write_notes(pack: Pack, sheet: Sheet) -> None:
    for note in pack.notes:
        sheet.words([Piece(note)])


def _write_cards(cards: Sequence[Card], sheet: Sheet) -> None:
    for number, card in enumerate(cards, 1):
        sheet.words([Piece(f"{number}. {card.front}", bold=True)], Look.BRIEF, keep=True)
        lines = card.back.split("\n")
        whole = [quote.text for quote in card.quotes] == lines
        for at, line in enumerate(lines):
            quotes = card.quotes[at : at + 1] if whole else card.quotes if at + 1 == len(lines) else ()
            sheet.words([Piece(line, quotes=quotes)], Look.BRIEF)


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
            sheet.words([mark, *_asked(item)], keep=bool(item.options), anchor=f"question-{number}")
            if item.options:
                sheet.options(parts.options(item), max(map(len, parts.options(item))))
            if not linked and item.kind in (ItemKind.SHORT, ItemKind.DISCUSS):
                sheet.room(_ROOM_LINES)


def _asked(item: Item) -> list[Piece]:
    """Return the words of a question with its blanks."""
    return [Piece(words, blank=is_blank) for words, is_blank in parts.asked_runs(item)]


def _write_key(items: Sequence[Item], sheet: Sheet) -> None:
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
