"""A document's frame: what leads up to its points and what closes it, apart from the points themselves."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.numbering import line_mark
from assistant.splitting import Section, Sentence
from assistant.study.enumerating import mark_of
from assistant.study.lines import (
    closes,
    declares,
    is_address,
    is_ended,
    is_formal,
    is_framing,
    is_headline,
    is_open,
    is_row,
)
from assistant.study.units import Source, paragraphs_of

ADDRESS_PARAGRAPHS = 4
OPENING_PARAGRAPHS = 4

Block = Section | list[Sentence]


@dataclass(frozen=True)
class Frame:
    """The opening and closing sentences of a document, and between them its blocks: sections, and units of none."""

    opening: tuple[Sentence, ...]
    blocks: tuple[Block, ...]
    closing: tuple[Sentence, ...]


def framed(source: Source) -> Frame:
    """Return a document taken apart; a block of units is what has no section, or stands under a heading of its own."""
    roots, before, behind = _parts(source)
    if not any(source.inside(root) for root in roots):
        return _plain(source, source.units)
    tail = _headed_tails(source, roots)
    behind = [*_left_over(source, roots), *behind]
    source.take(behind)
    if 2 * _size(before) > _size(source.units):
        plain = _plain(source, before)
        return Frame(
            plain.opening, _ordered([*plain.blocks, *roots, *tail]), (*plain.closing, *_telling(source, behind))
        )
    opening, headed = _headed(source, before)
    return Frame(tuple(_telling(source, opening)), _ordered([*headed, *roots, *tail]), tuple(_telling(source, behind)))


def _left_over(source: Source, roots: Sequence[Section]) -> list[Sentence]:
    """Return what stands behind the last section and is no part of it: all but a paragraph where the others are one."""
    inside = source.inside(roots[-1])
    if source.are_lines(roots[:-1]) and not source.below[roots[-1].number]:
        return [unit for unit in inside if unit.paragraph > inside[0].paragraph]
    return _closing(source, inside)


def _parts(source: Source) -> tuple[list[Section], list[Sentence], list[Sentence]]:
    """Return the outermost sections, and the units before and behind them."""
    roots = [section for section in source.below[None] if not source.is_made_up(section)]
    made = [unit for s in source.below[None] if source.is_made_up(s) for unit in source.own[s.number]]
    if len(roots) == 1 and source.below[roots[0].number] and _is_title(roots[0]):
        title, roots = roots[0], source.below[roots[0].number]  # of the whole document
        made = sorted([*made, *source.own[title.number][1:]], key=lambda unit: unit.start)
    first = roots[0].start if roots else 0
    return roots, [unit for unit in made if unit.start < first], [unit for unit in made if unit.start >= first]


def _is_title(section: Section) -> bool:
    return not section.title and line_mark(section.label) is None


def _headed(source: Source, units: Sequence[Sentence]) -> tuple[list[Sentence], list[Block]]:
    """Part what leads up to the points from what has a heading of its own there."""
    groups = paragraphs_of(units)
    begun = False
    for at, group in enumerate(groups[:-1]):
        words = source.words(group[0])
        alone = len(group) == 1 and is_headline(words) and is_ended(source.line(groups[at + 1][0]))
        if alone and (begun or is_framing(words)):
            return [u for one in groups[:at] for u in one], [[u for one in groups[at:] for u in one]]
        begun = begun or (is_ended(source.line(group[0])) and not is_address(words))
    return list(units), []


def _headed_tails(source: Source, roots: Sequence[Section]) -> list[Block]:
    """Take from the sections what stands under a heading without a number that ends them (Conclusion)."""
    found: list[Block] = []
    starts = [section.start for section in source.text.sections]
    for root in roots:
        inside = source.inside(root)
        for group in paragraphs_of(inside)[1:]:
            unit = group[0]
            if len(group) == 1 and is_open(source.words(unit)) and is_framing(source.words(unit)):
                end = next((start for start in starts if start > unit.start), len(source.text.text))
                taken = [one for one in inside if unit.start <= one.start < end]
                source.take(taken)
                found.append(taken)
    return found


def _plain(source: Source, units: Sequence[Sentence]) -> Frame:
    """Return the frame of sentences outside all sections: all of it one block."""
    groups = paragraphs_of(units)
    groups = [group for at, group in enumerate(groups) if not _is_headline(source, groups, at)] or groups
    body = [unit for group in groups for unit in group]
    closing = _closing(source, body)
    body = body[: len(body) - len(closing)] if closing else body
    at = _declared(source, body)
    opening, body = body[:at], body[at:]
    return Frame(tuple(_telling(source, opening)), (body,) if body else (), tuple(_telling(source, closing)))


def _is_headline(source: Source, groups: Sequence[Sequence[Sentence]], at: int) -> bool:
    """Say whether a paragraph is a document's title, or says to whom it is addressed."""
    words = source.words(groups[at][0])
    if len(groups[at]) > 1 or len(groups) == 1:
        return False
    if groups[at][0].paragraph <= ADDRESS_PARAGRAPHS and is_address(words):
        return True
    later = [source.line(group[0]) for group in groups[1:]]
    return at == 0 and is_open(words) and any(is_ended(line) or is_row(line) for line in later)


def _declared(source: Source, units: Sequence[Sentence]) -> int:
    """Return behind which units the points begin: those up to one that announces them (我讲三点意见)."""
    groups = paragraphs_of(units)
    most = sum(map(len, groups[:OPENING_PARAGRAPHS])) if len(groups) > 1 else len(units) * 2 // 3
    for at in range(min(most, len(units) - 1)):
        ends = units[at + 1].paragraph > units[at].paragraph or mark_of(source.words(units[at + 1])) is not None
        if ends and declares(source.words(units[at])):
            return at + 1
    return 0


def _closing(source: Source, units: Sequence[Sentence]) -> list[Sentence]:
    """Return the last paragraphs that close a document, with names and dates behind them; never all there is."""
    groups = paragraphs_of(units)
    found: list[list[Sentence]] = []
    kept = 0
    for group in reversed(groups[1:]):
        words = source.words(group[0])
        if closes(words):
            kept = len(found) + 1
        elif not (is_formal(words) or (len(group) == 1 and is_open(words))):
            break
        found.append(group)
    return [unit for group in reversed(found[:kept]) for unit in group]


def _telling(source: Source, units: Sequence[Sentence]) -> list[Sentence]:
    return [unit for unit in units if source.says(unit) and is_ended(source.words(unit))]


def _ordered(blocks: Sequence[Block]) -> tuple[Block, ...]:
    return tuple(sorted(blocks, key=lambda block: block.start if isinstance(block, Section) else block[0].start))


def _size(units: Sequence[Sentence]) -> int:
    return sum(unit.end - unit.start for unit in units)
