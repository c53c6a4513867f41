"""A pack as a row of blocks, in the order in which it is read; Markdown and the terminal show the same ones.

A block's words are quotes and the program's few labels; what it takes from the sources it names in `quotes`.
The questions come without their sources: these are in the key, behind all questions; so are cards, which tell answers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.base.markdown import escape
from assistant.study.export import parts
from assistant.study.export.labels import DIFFICULTY_NAMES, answer, cited, one_line, places
from assistant.study.pack import LETTERS, Formulation, Item, Pack, Point, Quote
from assistant.study.trends import in_words, trends

EXPLAINED, BACK = "说明", "背面"


class Sort(StrEnum):
    """What a block is: the title, a heading, a line, or a point, which may be below another."""

    TITLE = "title"
    HEADING = "heading"
    LINE = "line"
    POINT = "point"


@dataclass(frozen=True)
class Block:
    """A piece of a pack: `mark` stands before its words (a number, a label), `level` counts from 1."""

    sort: Sort
    text: str
    mark: str = ""
    level: int = 1
    quotes: tuple[Quote, ...] = ()


def blocks(pack: Pack) -> Iterator[Block]:
    """Yield a pack from its title to the cards; parts that have nothing are left out."""
    yield Block(Sort.TITLE, pack.title)
    for line in parts.head(pack):
        yield Block(Sort.LINE, line)
    chapters = [
        (parts.NOTES, [Block(Sort.LINE, note) for note in pack.notes]),
        (parts.SUMMARY, list(_points(pack.summary))),
        (parts.OUTLINE, list(_outlines(pack))),
        (parts.FORMULATIONS, list(_formulations(pack.formulations))),
        (parts.TRENDS, list(_trends(pack))),
        (parts.REMARKS, list(_remarks(pack))),
        (parts.PLAN, list(_plan(pack))),
        (parts.PAPER, list(_questions(pack.items))),
        (parts.KEY, list(_key(pack.items))),
        (parts.CARDS, list(_cards(pack))),
    ]
    for title, found in chapters:
        if found:
            yield Block(Sort.HEADING, title)
            yield from found


def _outlines(pack: Pack) -> Iterator[Block]:
    for outline in pack.outlines:
        if len(pack.outlines) > 1:
            yield Block(Sort.HEADING, f"《{outline.title}》", level=2)
        yield from _points(outline.points)


def _points(points: Sequence[Point]) -> Iterator[Block]:
    for depth, point in parts.flat(points):
        yield Block(Sort.POINT, point.words, parts.label(point).strip(), depth + 1, point.quotes)


def _formulations(found: Sequence[Formulation]) -> Iterator[Block]:
    for number, one in enumerate(found, 1):
        said = f"{one.text}（{parts.KIND_WORDS[one.kind]}，{len(one.places)} 处）"
        yield Block(Sort.POINT, said, f"{number}.", quotes=one.places)
        for quote in parts.explanations(one):
            yield Block(Sort.POINT, quote.text, EXPLAINED if quote == one.explained else "", 2, (quote,))


def _trends(pack: Pack) -> Iterator[Block]:
    found = trends(pack)
    for row in found.rows[: parts.TRENDS_MOST]:
        yield Block(Sort.POINT, in_words(found, row))


def _remarks(pack: Pack) -> Iterator[Block]:
    if pack.remarks:
        yield Block(Sort.LINE, parts.AS_IT_STANDS)
    for number, one in enumerate(pack.remarks, 1):
        yield Block(Sort.POINT, one.note, f"{number}. {parts.REMARK_WORDS[one.kind]}", quotes=one.places)


def _plan(pack: Pack) -> Iterator[Block]:
    numbers = parts.numbered(pack.items)
    for step in pack.plan:
        yield Block(Sort.POINT, step.name, parts.span(step))
        for line in parts.doing(step, numbers):
            yield Block(Sort.POINT, line, level=2)


def _cards(pack: Pack) -> Iterator[Block]:
    for number, card in enumerate(pack.cards, 1):
        yield Block(Sort.POINT, card.front, f"{number}.")
        yield Block(Sort.POINT, card.back, BACK, 2, card.quotes)


def _questions(items: Sequence[Item]) -> Iterator[Block]:
    for group in parts.groups(items):
        yield Block(Sort.HEADING, group.title + group.worth, level=2)
        for number, item in group.items:
            yield Block(Sort.POINT, item.stem, f"{number}.")
            for letter, option in zip(LETTERS, item.options, strict=False):
                yield Block(Sort.POINT, option, f"{letter}.", 2)


def _key(items: Sequence[Item]) -> Iterator[Block]:
    for group in parts.groups(items):
        for number, item in group.items:
            said = f"{answer(item) or parts.OPEN}（{DIFFICULTY_NAMES[item.difficulty]}）"
            yield Block(Sort.POINT, said, f"{number}.", quotes=parts.sources(item))
            if item.note:
                yield Block(Sort.POINT, item.note, level=2)


def as_text(pack: Pack) -> str:
    """Return the whole pack; places in the only document of a pack go without its title."""
    only = f"《{pack.documents[0].title}》" if len(pack.documents) == 1 else ""
    lines: list[str] = []
    for block in blocks(pack):
        if block.sort is Sort.HEADING:
            lines.append("")
        found = places(block.quotes).removeprefix(only)
        lines.append(_line(block) + (f"  〔{found}〕" if found else ""))
    return "\n".join(lines)


def _line(block: Block) -> str:
    indent = "  " * block.level if block.sort is Sort.POINT else ""
    return indent + " ".join(filter(None, [block.mark, one_line(block.text)]))


def as_markdown(pack: Pack) -> str:
    """Return the whole pack, every quote with a footnote that gives its words and its place."""
    notes: dict[str, int] = {}
    lines = [line for block in blocks(pack) for line in _lines(block, notes)]
    footnotes = [f"[^{number}]: {_plain(note)}" for note, number in notes.items()]
    return "\n".join([*lines, "", *footnotes]).strip() + "\n"


def _lines(block: Block, notes: dict[str, int]) -> list[str]:
    words = _plain(block.text)
    if block.sort is Sort.TITLE:
        return [f"# {words}", ""]
    if block.sort is Sort.HEADING:
        return ["", f"{'#' * (block.level + 1)} {words}", ""]
    if block.sort is Sort.LINE:
        return [f"> {words}  "]
    mark = f"**{_plain(block.mark)}** " if block.mark else ""
    references = "".join(f"[^{notes.setdefault(note, len(notes) + 1)}]" for note in cited(block.quotes))
    return [f"{'    ' * (block.level - 1)}- {mark}{words}{references}"]


def _plain(text: str) -> str:
    return escape(one_line(text))
