"""Slides that hold what is put on them: a slide is a title and lines, more slides where the lines need them.

Widths are reckoned for the widest fonts in use (a Chinese character as wide as high, others six tenths), so
that what is said to fit does so with any of them. How they look: `look`; what is on them: `pptx`.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from unicodedata import east_asian_width

from assistant.base.files.docx_writing import PRODUCER, clean
from assistant.study.export.slides.look import (
    BODY_HEIGHT,
    INDENT,
    POINTS,
    TEXT_WIDTH,
    TITLE_POINTS,
    dress,
    leave_bullet,
)
from assistant.study.pack import GAP

TITLE_LINES = 2
LEADING, AFTER = 1.4, 8  # height of a line in its size; points below a paragraph
SCALES = {1.25: 0.85, 1.1: 1.0}  # how much larger, and up to which share of the slide
ON = "（续）"
REST = "另有{}项，见本页备注"
_STEP = 20  # points
_CUTS = re.compile("[，。；：！？、]|[,.;:!?]? ")
_ENDS = re.compile(r"[^，。；：！？,.;:!?]*[，。；：！？,.;:!?”’）]*")


@dataclass(frozen=True)
class Line:
    """A paragraph of a slide; `notes` are what the speaker's notes say of it."""

    text: str
    level: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slide:
    """A slide to be: its title, its lines, what its notes say besides theirs; `scale` enlarges its lines."""

    title: str
    lines: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()
    bullets: bool = True
    scale: float = 1.0


def width_of(text: str) -> float:
    """Return the width of a text in ems, with the room that some leave between Chinese and other letters."""
    wide = [east_asian_width(sign) in "WFA" for sign in text]
    changes = sum(before != after for before, after in zip(wide, wide[1:], strict=False))
    return sum(1.0 if one else 0.6 for one in wide) + 0.25 * changes


def height_of(line: Line, scale: float = 1.0) -> float:
    """Return how many points high a line is when broken to the width of a slide."""
    rows = max(1, -int(-width_of(line.text) // _room(line, scale)))
    return rows * _row(line, scale) + AFTER


def one_row(line: Line) -> bool:
    """Say whether a line is one row."""
    return width_of(line.text) <= _room(line, max(SCALES))


def heading(text: str) -> str:
    """Return a title that fits, without a comma at its end, shortened by leaving out clauses from the end."""
    whole = " ".join(text.split()).rstrip("，、；：")
    room = TITLE_LINES * (TEXT_WIDTH / TITLE_POINTS - 2) - width_of(ON + GAP)
    if width_of(whole) <= room:
        return whole
    kept = ""
    for clause in _ENDS.findall(whole):
        if width_of(kept + clause) > room:
            break
        kept += clause
    return (kept if width_of(kept) > room / 4 else whole[: _fitting(whole, room)]) + GAP


def paged(slide: Slide) -> Iterator[Slide]:
    """Yield the slides that it takes to hold the lines of one, each about as full; each has the notes of its lines.

    What fits well is enlarged; a line goes to the next slide together with the one that it stands under.
    """
    fits = (s for s, share in SCALES.items() if sum(height_of(x, s) for x in slide.lines) <= share * BODY_HEIGHT)
    scale = next(fits, 1.0)
    lines = [piece for line in slide.lines for piece in _cut(line, scale)]
    title = heading(slide.title)
    for number, held in enumerate(_shared(lines, scale)):
        now = replace(slide, title=title + ON if number else title, lines=held, scale=scale)
        yield replace(now, notes=()) if number else now


def limited(slide: Slide, most: int) -> Slide:
    """Return a slide whose lines take at most `most` slides; those that are too many are counted, and in the notes."""
    if pages(slide) <= most:
        return slide
    kept, room = 0, float(most * BODY_HEIGHT)
    while kept < len(slide.lines) and room > 0:
        room -= height_of(slide.lines[kept])
        kept += 1
    while kept > 1 and pages(_without(slide, kept)) > most:
        kept -= 1
    return _without(slide, kept)


def pages(slide: Slide) -> int:
    """Return how many slides the lines of one take."""
    return len(_filled([piece for line in slide.lines for piece in _cut(line, 1.0)], 1.0, BODY_HEIGHT))


def _without(slide: Slide, kept: int) -> Slide:
    """Return a slide with its first lines and one that stands for the others."""
    left = slide.lines[kept:]
    rest = Line(REST.format(len(left)), 1, tuple(note for line in left for note in line.notes))
    return replace(slide, lines=(*slide.lines[:kept], rest))


def _shared(lines: Sequence[Line], scale: float) -> list[tuple[Line, ...]]:
    """Return lines in as few slides as hold them, and of those ways the one whose fullest slide is least full."""
    fewest = _filled(lines, scale, BODY_HEIGHT)
    limit = sum(height_of(line, scale) for line in lines) / len(fewest)
    while limit < BODY_HEIGHT:
        found = _filled(lines, scale, limit)
        if len(found) == len(fewest):
            return found
        limit += _STEP
    return fewest


def _filled(lines: Sequence[Line], scale: float, limit: float) -> list[tuple[Line, ...]]:
    """Return lines in slides filled one after the other, up to so many points."""
    done: list[tuple[Line, ...]] = []
    now: tuple[Line, ...] = ()
    for line in lines:
        if now and sum(height_of(one, scale) for one in (*now, line)) > limit:
            kept = _whole(now, line)
            done.append(now[:kept])
            now = now[kept:]
        now = (*now, line)
    return [*done, now]


def _whole(lines: Sequence[Line], following: Line) -> int:
    """Return how many of the lines stay when one follows on another slide: none that it stands right under."""
    kept = len(lines)
    while kept > 1 and lines[kept - 1].level < following.level:
        kept -= 1
        following = lines[kept]
    return kept if kept > 1 or lines[0].level >= following.level else len(lines)


def _cut(line: Line, scale: float) -> Iterator[Line]:
    """Yield a line, or pieces of one that is too long for a slide: cut behind punctuation where that will do."""
    most = int((BODY_HEIGHT - AFTER) / _row(line, scale)) * _room(line, scale) - 1
    while height_of(line, scale) > BODY_HEIGHT:
        reached = _fitting(line.text, most)
        ends = [found.end() for found in _CUTS.finditer(line.text[:reached])]
        at = ends[-1] if ends else reached
        yield replace(line, text=line.text[:at])
        line = replace(line, text=line.text[at:], notes=())
    yield line


def _row(line: Line, scale: float) -> int:
    """Return the height of a row of a line in points."""
    return round(POINTS[line.level] * scale * LEADING)


def _room(line: Line, scale: float) -> float:
    """Return how many ems a row of a line is sure to hold: one less, for a mark may come down from it."""
    return (TEXT_WIDTH - INDENT * (line.level + 1)) / (POINTS[line.level] * scale) - 1


def _fitting(text: str, room: float) -> int:
    """Return how many characters from the start are no wider than so many ems."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if width_of(text[:middle]) <= room else (low, middle - 1)
    return low


class Deck:
    """A presentation that slides are added to."""

    def __init__(self, title: str) -> None:
        from pptx import Presentation

        self._made = Presentation()
        properties = self._made.core_properties
        properties.author, properties.title = PRODUCER, clean(title)
        self._opening, self._plain = dress(self._made)
        _count_parts(self._made.part.package)

    def open(self, title: str, said: Sequence[str], notes: Sequence[str]) -> None:
        """Add the title slide."""
        slide = self._made.slides.add_slide(self._opening)
        slide.shapes.title.text = clean(heading(title))
        _fill(slide.placeholders[1], Slide(title, tuple(Line(line, 2) for line in said)))
        _note(slide, notes)

    def add(self, slide: Slide) -> None:
        """Add a slide, and more where its lines need them."""
        for one in paged(slide):
            made = self._made.slides.add_slide(self._plain)
            made.shapes.title.text = clean(one.title)
            _fill(made.placeholders[1], one)
            _number(made, self._plain)
            _note(made, [*one.notes, *(note for line in one.lines for note in line.notes)])

    def saved(self) -> bytes:
        """Return the bytes of a .pptx."""
        file = io.BytesIO()
        self._made.save(file)
        return file.getvalue()


def _count_parts(package: Any) -> None:
    """Have the notes numbered as they come: python-pptx would look through all parts for the name of each."""
    from itertools import count

    from pptx.opc.packuri import PackURI

    numbers = count(1)
    package.next_partname = lambda template: PackURI(template % next(numbers))


def _fill(holder: Any, slide: Slide) -> None:
    """Write the lines of a slide into a placeholder, each as high as was reckoned."""
    from pptx.util import Pt

    frame = holder.text_frame
    for number, line in enumerate(slide.lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.text = clean(line.text)
        paragraph.level = line.level
        paragraph.line_spacing = Pt(_row(line, slide.scale))
        paragraph.space_after, paragraph.space_before = Pt(AFTER), Pt(0)
        if slide.scale != 1:
            paragraph.font.size = Pt(POINTS[line.level] * slide.scale)
        if not slide.bullets:
            leave_bullet(paragraph, line.level)


def _number(slide: Any, layout: Any) -> None:
    """Put the number of the slide where the layout has it: python-pptx leaves that out."""
    from copy import deepcopy

    holder = next(shape for shape in layout.placeholders if "sldNum" in shape._element.xml)
    slide.shapes._spTree.append(deepcopy(holder._element))


def _note(slide: Any, notes: Sequence[str]) -> None:
    if notes:
        slide.notes_slide.notes_text_frame.text = clean("\n".join(dict.fromkeys(notes)))
