"""A document's frame: what leads up to its points and what closes it, apart from the points themselves."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.documents.splitting import Section, Sentence
from assistant.language.section_marks import line_mark
from assistant.study.outline.enumerations import mark_of, members
from assistant.study.outline.lines import (
    announces,
    closes,
    is_address,
    is_ended,
    is_formal,
    is_framing,
    is_headline,
    is_imprint,
    is_open,
    is_row,
)
from assistant.study.outline.segments import NONE, Source, paragraphs_of

ADDRESS_PARAGRAPHS = 4
OPENING_PARAGRAPHS = 4
OPENING_SHARE, REST_SHARE = 2, 4  # how many times as long as what is around it the one series of a document is

_TOLD = re.compile("[：:].*[\\w]")

Block = Section | list[Sentence]


@dataclass(frozen=True)
class Frame:
    """The opening and closing sentences of a document, and between them its blocks: sections, and units of none."""

    opening: tuple[Sentence, ...]
    blocks: tuple[Block, ...]
    closing: tuple[Sentence, ...]


def framed(source: Source) -> Frame:
    """Return a document taken apart; a block of units is what has no section, or stands under a heading of its own."""
    source.take(_signature(source))
    roots, before, behind = _parts(source)
    if not any(source.inside(root) for root in roots):
        return _plain(source, source.left)
    tail = _headed_tails(source, roots)
    left = _left_over(source, roots)
    source.take([*left, *behind])
    told = _told(source, left)
    tail += [told] if told else []
    behind = [*left[len(told) :], *behind]
    beside = max(2 * _size(before), REST_SHARE * _size(told)) > _size(source.units)
    if beside or _series_end(source, before):
        plain = _plain(source, before)
        return Frame(
            plain.opening, _ordered([*plain.blocks, *roots, *tail]), (*plain.closing, *_telling(source, behind))
        )
    opening, headed = _headed(source, before)
    return Frame(tuple(_telling(source, opening)), _ordered([*headed, *roots, *tail]), tuple(_telling(source, behind)))


def _signature(source: Source) -> list[Sentence]:
    """Return the names and the date that a document ends with."""
    found: list[list[Sentence]] = []
    starts = {section.start for section in source.text.sections[1:]}
    for group in reversed(paragraphs_of(source.units)[1:]):
        words = source.words(group[0])
        if len(group) > 1 or group[0].start in starts or not (is_formal(words) or is_open(words)):
            break
        found.append(group)
    dated = any(is_formal(words) or is_imprint(words) for words in (source.words(group[0]) for group in found))
    return [group[0] for group in found] if dated else []


def _left_over(source: Source, roots: Sequence[Section]) -> list[Sentence]:
    """Return what stands behind the last section and is no part of it: all but a paragraph where the others are one."""
    inside = source.inside(roots[-1])
    if source.are_lines(roots[:-1]) and not source.below[roots[-1].number]:
        return [unit for unit in inside if unit.paragraph > inside[0].paragraph]
    return _closing(source, inside)


def _told(source: Source, units: Sequence[Sentence]) -> list[Sentence]:
    """Return of what stands behind the last section what comes before the first paragraph that closes."""
    groups = paragraphs_of(units)
    at = next((n for n, group in enumerate(groups) if closes(source.line(group[0]))), len(groups))
    return [unit for group in groups[:at] for unit in group]


def _parts(source: Source) -> tuple[list[Section], list[Sentence], list[Sentence]]:
    """Return the outermost sections, and the units before and behind them."""
    roots = [section for section in source.below[None] if not source.is_made_up(section)]
    outside = [NONE, *(section.number for section in source.below[None] if source.is_made_up(section))]
    made = sorted((unit for number in outside for unit in source.own[number]), key=lambda unit: unit.start)
    if len(roots) == 1 and source.below[roots[0].number] and _is_title(roots[0]):
        title, roots = roots[0], source.below[roots[0].number]  # of the whole document
        made = sorted([*made, *source.own[title.number][1:]], key=lambda unit: unit.start)
    elif len(roots) == 1 and _is_title(roots[0]) and not made and len(source.own[roots[0].number]) > 1:
        source.take(source.own[roots[0].number][:1])
        roots = []
    first = roots[0].start if roots else 0
    return roots, [unit for unit in made if unit.start < first], [unit for unit in made if unit.start >= first]


def _is_title(section: Section) -> bool:
    return not section.title and line_mark(section.label) is None


def _headed(source: Source, units: Sequence[Sentence]) -> tuple[list[Sentence], Sequence[Block]]:
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
    groups = groups[_head(source, groups) :]
    groups = [group for at, group in enumerate(groups) if not _is_addressed(source, groups, at)] or groups
    body = [unit for group in groups for unit in group]
    closing = _closing(source, body)
    body = body[: len(body) - len(closing)] if closing else body
    at = _declared(source, body)
    opening, body = body[:at], body[at:]
    return Frame(tuple(_telling(source, opening)), (body,) if body else (), tuple(_telling(source, closing)))


def _head(source: Source, groups: Sequence[Sequence[Sentence]]) -> int:
    """Return how many paragraphs a document begins with are its title, a subtitle, who wrote it and when.

    The last of them heads what follows where it may, and others do so later on.
    """
    words = [source.words(group[0]) for group in groups]
    heads = [len(groups[n]) == 1 and _is_set_above(one, groups[n][0].paragraph == 1) for n, one in enumerate(words)]
    count = heads.index(False) if False in heads else 0
    if count < 2 or is_imprint(words[count - 1]):
        return count
    later = any(one and not two for one, two in pairwise(heads[count:]))
    return count - 1 if later or is_framing(words[count - 1]) else count


def _is_set_above(words: str, first: bool) -> bool:
    """Say whether a line is what a document begins with above its text; 报到时间：9月1日 tells something."""
    telling = not first and _TOLD.search(words) is not None
    return (is_open(words) and not telling) or (is_imprint(words) and not is_ended(words) and not is_row(words))


def _is_addressed(source: Source, groups: Sequence[Sequence[Sentence]], at: int) -> bool:
    """Say whether a paragraph says to whom a document is addressed."""
    alone = len(groups[at]) == 1 and len(groups) > 1 and groups[at][0].paragraph <= ADDRESS_PARAGRAPHS
    return alone and is_address(source.words(groups[at][0]))


def _declared(source: Source, units: Sequence[Sentence]) -> int:
    """Return behind which units the points begin: those up to one that announces them (我讲三点意见).

    What leads up to them is not more than they are, and counts no points of its own.
    """
    groups = paragraphs_of(units)
    most = sum(map(len, groups[:OPENING_PARAGRAPHS])) if len(groups) > 1 else len(units) * 2 // 3
    for at in range(min(most, len(units) - 1)):
        ends = units[at + 1].paragraph > units[at].paragraph or mark_of(source.words(units[at + 1])) is not None
        if ends and announces(source.words(units[at])):
            return at + 1 if _leads_up(source, units[: at + 1], units[at + 1 :]) else 0
    return 0


def _leads_up(source: Source, before: Sequence[Sentence], behind: Sequence[Sentence]) -> bool:
    """Say whether what is behind an announcement is what is announced: one series and next to nothing else."""
    if _series_end(source, before):
        return False
    end = _series_end(source, behind)
    if not end:
        return _size(before) <= _size(behind)
    series, rest = _size(behind[:end]), _size(behind[end:])
    return OPENING_SHARE * _size(before) <= series and REST_SHARE * rest <= series


def _series_end(source: Source, units: Sequence[Sentence]) -> int:
    """Return behind which of some sentences the paragraph of the first series' last member ends, 0 without one."""
    found = members([mark_of(source.words(unit)) for unit in units])
    last = units[found[-1]].paragraph if found else 0
    return sum(unit.paragraph <= last for unit in units)


def _closing(source: Source, units: Sequence[Sentence]) -> list[Sentence]:
    """Return the last paragraphs that close a document, with names and dates behind them; never all there is."""
    groups = paragraphs_of(units)
    found: list[list[Sentence]] = []
    kept = 0
    for group in reversed(groups[1:]):
        words = source.words(group[0])
        if closes(source.line(group[0])):
            kept = len(found) + 1
        elif not (is_formal(words) or (len(group) == 1 and is_open(words))):
            break
        found.append(group)
    return [unit for group in reversed(found[:kept]) for unit in group]


def _telling(source: Source, units: Sequence[Sentence]) -> list[Sentence]:
    said = [unit for unit in units if source.says(unit) and is_ended(source.words(unit))]
    return [unit for unit in said if not is_address(source.words(unit))]


def _ordered(blocks: Sequence[Block]) -> tuple[Block, ...]:
    return tuple(sorted(blocks, key=lambda block: block.start if isinstance(block, Section) else block[0].start))


def _size(units: Sequence[Sentence]) -> int:
    return sum(unit.end - unit.start for unit in units)
