"""Chinese paragraphs for reportlab, which breaks lines before commas: lines begin and end as they may, and fill.

A `Block` is of runs, each with its font; no mark that closes begins a line, none that opens ends one, words of
letters stay whole, and what a line lacks is spread between its characters.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from reportlab.platypus import Flowable

NO_START = frozenset("，。、；：！？）》〉」』】〕”’·％%,.;:!?)]}")
NO_END = frozenset("（《〈「『【〔“‘([{")
_STUCK = "\xa0"
_PAIRED = "…—"  # written twice, never parted
_FILL, _THICK = 0, 2  # PDF's ways to draw letters
_SPREAD = 2.2  # ems that a line may lack and still be spread
_STROKE = 0.4  # points, of thicker letters
_LINK_BELOW, _LINK_ABOVE = 0.25, 0.9  # of the size, what a link covers


@dataclass(frozen=True)
class Run:
    """Words in one look; `link` is an anchor to go to, `bold` draws a font that has no bold face thicker."""

    text: str
    font: str
    points: float
    colour: str = "#000000"
    link: str = ""
    bold: bool = False


@dataclass(frozen=True)
class Setting:
    """How a paragraph is set, in points."""

    leading: float
    first: float = 0
    after: float = 0
    centred: bool = False
    keep: bool = False


@dataclass(frozen=True)
class Sign:
    """A character with its run and width."""

    text: str
    run: Run
    width: float


class Block(Flowable):
    """A paragraph; `anchor` can be linked to, `bookmark` is the level and text of a bookmark."""

    def __init__(
        self, runs: Sequence[Run], setting: Setting, anchor: str = "", bookmark: tuple[int, str] | None = None
    ) -> None:
        super().__init__()
        self._signs = [Sign(sign, run, _width(run.font, sign) * run.points) for run in runs for sign in run.text]
        self._setting, self._anchor, self._bookmark = setting, anchor, bookmark
        self._lines: list[list[Sign]] = []
        self._first, self._goes_on = setting.first, False
        self.keepWithNext = setting.keep

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Break the lines; return what they take of the space."""
        self._lines = list(broken(self._signs, width, self._first))
        self.width, self.height = width, len(self._lines) * self._setting.leading
        return width, self.height

    def split(self, width: float, height: float) -> list["Block"]:
        """Return what fits and the rest, nothing where no line fits."""
        self.wrap(width, height)
        count = int(height / self._setting.leading + 1e-6)
        if count < 1:
            return []
        if count >= len(self._lines):
            return [self]
        return [self._part(self._lines[:count], True), self._part(self._lines[count:], False)]

    def getSpaceAfter(self) -> float:  # noqa: N802
        """Return the room below."""
        return self._setting.after

    def draw(self) -> None:
        """Draw the lines on the canvas, whose origin is the left bottom."""
        if self._anchor:
            self.canv.bookmarkHorizontal(self._anchor, 0, self.height)
        if self._bookmark:
            level, text = self._bookmark
            self.canv.bookmarkHorizontal(f"mark-{id(self)}", 0, self.height)
            self.canv.addOutlineEntry(text, f"mark-{id(self)}", level)
        top = self.height
        for number, line in enumerate(self._lines):
            size = max((sign.run.points for sign in line), default=0)
            base = top - (self._setting.leading + 0.7 * size) / 2
            last = number + 1 == len(self._lines) and not self._goes_on
            self._draw_line(line, self._first if number == 0 else 0, base, last)
            top -= self._setting.leading

    def _draw_line(self, line: Sequence[Sign], left: float, base: float, last: bool) -> None:
        if not line:
            return
        lacking = self.width - left - sum(sign.width for sign in line)
        spread = 0.0
        if self._setting.centred:
            left += lacking / 2
        elif not last and 0 < lacking <= _SPREAD * line[0].run.points and len(line) > 1:
            spread = lacking / (len(line) - 1)
        self.canv.saveState()
        self.canv.setLineWidth(_STROKE)
        drawn = self.canv.beginText(left, base)
        drawn.setCharSpace(spread)
        for run, signs in groupby(line, key=lambda sign: sign.run):
            held = list(signs)
            drawn.setFont(run.font, run.points)
            drawn.setFillColor(run.colour)
            drawn.setStrokeColor(run.colour)
            drawn.setTextRenderMode(_THICK if run.bold else _FILL)
            drawn.textOut("".join(sign.text for sign in held).replace(_STUCK, " "))
            across = sum(sign.width for sign in held) + spread * len(held)
            if run.link:
                box = (left, base - _LINK_BELOW * run.points, left + across, base + _LINK_ABOVE * run.points)
                self.canv.linkRect("", run.link, box, relative=1, thickness=0)
            left += across
        self.canv.drawText(drawn)
        self.canv.restoreState()

    def _part(self, lines: Sequence[Sequence[Sign]], begins: bool) -> "Block":
        """Return a block of some of the lines."""
        made = Block((), self._setting, self._anchor if begins else "", self._bookmark if begins else None)
        made._signs = [sign for line in lines for sign in line]
        made._first = self._first if begins else 0
        made._goes_on = begins or self._goes_on
        return made


def broken(signs: Sequence[Sign], width: float, first: float) -> Iterator[list[Sign]]:
    """Yield lines no wider than `width`, the first narrower by `first`; a line end in the text ends a line."""
    start, used, allowed = 0, first, 0
    for at, sign in enumerate(signs):
        if sign.text == "\n":
            yield list(signs[start:at])
            start, used, allowed = at + 1, 0.0, at + 1
            continue
        if at > start and _may_break(signs[at - 1].text, sign.text):
            allowed = at
        if used + sign.width > width and at > start and sign.text != " ":
            end = allowed if allowed > start else at
            yield list(signs[start:end])
            start, used = end, sum(one.width for one in signs[end:at])
        used += sign.width
    yield list(signs[start:])


def _may_break(before: str, after: str) -> bool:
    """Say whether a line may end between two characters."""
    if _STUCK in (before, after) or before in NO_END or after in NO_START or after == " ":
        return False
    return not (before == after and after in _PAIRED or _in_word(before) and _in_word(after))


def _in_word(sign: str) -> bool:
    """Say whether a character is part of a word that is not broken."""
    return sign.isascii() and not sign.isspace() or sign.isalnum() and sign < "\u2e80"


@lru_cache(maxsize=20_000)
def _width(font: str, sign: str) -> float:
    """Return the width of a character in ems, 0 for a line end."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return 0.0 if sign == "\n" else float(stringWidth(" " if sign == _STUCK else sign, font, 1))
