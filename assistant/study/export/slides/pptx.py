"""A pack as .pptx: what is shown is short, and the speaker's notes hold every quote whole, with its place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from assistant.study.export import parts
from assistant.study.export.slides.deck import Deck, Line, Slide, heading, limited, one_row, pages
from assistant.study.pack import DocumentOutline, Item, ItemKind, Pack, Point, Quote

ANSWER, DISCUSSION = "答案：", "讨论"
_DEEPEST = 2
_FORMULATIONS = 23  # on slides
_NAMED = 2  # documents on the title slide
_OUTLINE_SLIDES = 60  # in all, shared by the documents
_SECTION_SLIDES = (9, 2, 1)  # of a section, the first number by which they are few enough


def as_pptx(pack: Pack) -> bytes:
    """Return the pack as the bytes of a .pptx, 16:9, the answers of its questions in the notes."""
    deck = Deck(pack.title)
    deck.open(pack.title, [heading(line) for line in parts.head(pack, _NAMED)], pack.notes)
    for slide in _slides(pack):
        if slide.lines:
            deck.add(slide)
    return deck.saved()


def _slides(pack: Pack) -> Iterator[Slide]:
    yield _agenda(pack)
    yield from _outlines(pack.outlines)
    yield _formulations(pack)
    yield Slide(f"{parts.FORMULATIONS}：{parts.EXPLAINED}", tuple(_explained(pack)))
    yield _remarks(pack)
    yield from _questions(pack.items)


def _agenda(pack: Pack) -> Slide:
    """Return the plan, or what the pack holds where it has none; what is to be read and the summary are notes."""
    numbers = parts.numbered(pack.items)
    lines: list[Line] = []
    for step in pack.plan:
        said = [one.rstrip("。") for one in parts.doing(replace(step, readings=()), numbers)]
        lines.append(Line(f"{step.name}（{parts.span(step)}）", 0, tuple(map(parts.reading, step.readings))))
        lines += [Line("；".join(said), 1)] if said else []
    held = [
        (parts.OUTLINE, pack.outlines),
        (parts.FORMULATIONS, pack.formulations),
        (parts.REMARKS, pack.remarks),
        (parts.PAPER, pack.items),
    ]
    shown = tuple(lines) or tuple(Line(name) for name, content in held if content)
    summary = [note for point in pack.summary for note in _notes(point.quotes)]
    return Slide(parts.PLAN, shown, tuple([f"{parts.SUMMARY}：", *summary] if summary else []))


def _outlines(outlines: Sequence[DocumentOutline]) -> Iterator[Slide]:
    """Yield the slides of the outlines, as much of each section as there is room for: the notes hold the rest."""
    share = max(_OUTLINE_SLIDES // max(len(outlines), 1), 2)
    for outline in outlines:
        sections = list(_sections(outline))
        ways = ([limited(slide, most) for slide in sections] for most in _SECTION_SLIDES)
        all_of_it = Slide(f"《{outline.title}》", tuple(map(_whole, outline.points)))
        *made, last = next((way for way in ways if sum(map(pages, way)) <= share), None) or [limited(all_of_it, share)]
        rest = (Line(parts.left_out(outline), 1),) if outline.left_out else ()
        yield from (*made, replace(last, lines=(*last.lines, *rest)))


def _sections(outline: DocumentOutline) -> Iterator[Slide]:
    """Yield a slide a section: its point as the title, what is below it as lines; points with none below together."""
    for is_section, points in groupby(outline.points, key=lambda point: bool(point.children)):
        held = list(points)
        if not is_section:
            yield Slide(_title(held, outline), tuple(_line(point, 0) for point in held))
        for point in held if is_section else ():
            below = tuple(_line(child, depth) for depth, child in parts.flat(point.children))
            yield Slide(parts.label(point) + point.words, below, tuple(_notes(point.quotes)))


def _title(points: Sequence[Point], outline: DocumentOutline) -> str:
    """Return what points are called together: their marks, or the document where they have none or are all of it."""
    marks = [point.label for point in points]
    if not all(marks) or len(marks) == len(outline.points):
        return f"《{outline.title}》"
    return marks[0] if len(marks) == 1 else f"{marks[0]}至{marks[-1]}"


def _whole(point: Point) -> Line:
    """Return a point as a line, with what is below it as notes."""
    line = _line(point, 0)
    below = (note for _, child in parts.flat(point.children) for note in _notes(child.quotes))
    return replace(line, notes=(*line.notes, *below))


def _line(point: Point, depth: int) -> Line:
    return Line(parts.label(point) + point.words, min(depth, _DEEPEST), tuple(_notes(point.quotes)))


def _notes(quotes: Iterable[Quote]) -> Iterator[str]:
    for quote in quotes:
        yield parts.cited(quote)


def _formulations(pack: Pack) -> Slide:
    """Return the first formulations as lines, the others as notes."""
    lines, notes = [], []
    for number, found in enumerate(pack.formulations):
        said, stands = f"{found.text}（{len(found.places)}次）", parts.where(found.places, pack.documents)
        full = Line(f"{said}　{stands}")
        note = f"{said}：{stands}"
        if number < _FORMULATIONS:
            lines.append(replace(full if one_row(full) else Line(said), notes=(note,)))
        else:
            notes += [note, *_notes(parts.explanations(found))]
    if notes:
        rest = f"另有{len(pack.formulations) - _FORMULATIONS}条，见本页备注"
        lines.append(Line(rest, 1, tuple(notes)))
    return Slide(parts.FORMULATIONS, tuple(lines))


def _explained(pack: Pack) -> Iterator[Line]:
    for found in pack.formulations[:_FORMULATIONS]:
        quotes = parts.explanations(found)
        if quotes:
            said = "；".join(quote.text for quote in quotes)
            yield Line(f"{found.text}：{said}", 0, tuple(_notes(quotes)))


def _remarks(pack: Pack) -> Slide:
    lines = []
    for remark in pack.remarks:
        said = f"{parts.REMARK_WORDS[remark.kind]}：{remark.note or remark.places[0].text}"
        lines.append(Line(said, 0, tuple(_notes(remark.places))))
    return Slide(f"{parts.REMARKS}（原文如此）", tuple(lines))


def _questions(items: tuple[Item, ...]) -> Iterator[Slide]:
    """Yield a slide a question, those to discuss first."""
    made = parts.groups(items)
    for group in sorted(made, key=lambda group: group.kind is not ItemKind.DISCUSS):
        name = DISCUSSION if group.kind is ItemKind.DISCUSS else group.title.split("、")[-1]
        for number, item in group.items:
            yield Slide(f"{name}　第{number}题", tuple(_asked(item)), tuple(_answered(item)), bullets=False)


def _asked(item: Item) -> Iterator[Line]:
    yield Line(parts.asked(item))
    for option in parts.options(item):
        yield Line(option, 1)


def _answered(item: Item) -> Iterator[str]:
    yield ANSWER + ("".join(parts.answers(item)) or parts.OPEN)
    if item.note:
        yield item.note
    yield from _notes(parts.sources(item))
