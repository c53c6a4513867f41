"""The points of a document as a tree of places: its sections as the author made them, with what they say most.

Where there are no sections the paragraphs are the points, in a single paragraph its sentences. What leads up to the
points and what closes the document is its frame, no point of it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.documents.splitting import Section, Sentence
from assistant.language.section_marks import line_mark
from assistant.study.outline.enumerations import mark_of, members
from assistant.study.outline.frame import Frame, framed
from assistant.study.outline.key_points import Draft, Measures
from assistant.study.outline.lines import (
    counts,
    is_answer,
    is_ended,
    is_headline,
    is_imprint,
    is_item,
    is_number,
    is_open,
    is_question,
    is_row,
    is_rule,
    said_at,
)
from assistant.study.outline.segments import Source, paragraphs_of
from assistant.study.outline.shortening import clauses_of, parts, spans, width
from assistant.study.source.texts import Text

PARAGRAPH_MEASURES = 3
FEW_PARAGRAPHS = 12
HEADING_WIDTH = 30

_ARTICLE = re.compile("第.+条(之.+)?")
_CONSEQUENCE = re.compile("给予|处以|责令|取消|不予|追究|没收|吊销|暂停|停止")
_MARK_END = " \t\u3000，、,：:．."


def drafts(text: Text) -> tuple[Draft, ...]:
    """Return the points of what may be used of a document; at least one where there is a sentence."""
    source = Source(text)
    tree = _Tree(source)
    frame = framed(source)
    found: list[Draft] = []
    led = False
    for block in frame.blocks:
        is_section = isinstance(block, Section)
        if is_section and led:
            found[-1] = found[-1].holding(tree.of(block))
        else:
            found += tree.of(block)
        led = bool(found) and (led if is_section else tree.leads_in(block))
    return tuple(found or (tree.measures.draft(unit) for unit in source.units[:1]))


def frame_of(text: Text) -> Frame:
    """Return what leads up to the points of a document and what closes it."""
    return framed(Source(text))


class _Tree:
    """Makes drafts of sections and of paragraphs without."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.measures = Measures(source)

    def of(self, block: Section | Sequence[Sentence]) -> list[Draft]:
        """Return the points of a section, or of sentences outside all of them."""
        return self._section(block) if isinstance(block, Section) else self._plain(block)

    def leads_in(self, block: Section | Sequence[Sentence]) -> bool:
        """Say whether sentences outside all sections lead those behind them in, as items of a list."""
        return not isinstance(block, Section) and self._leads(block)

    def _section(self, section: Section) -> list[Draft]:
        """Return a section as a point; where its opening may not be used, what stands under it instead."""
        below, own = self.source.below[section.number], list(self.source.own[section.number])
        lead = self._lead(section, own[0]) if own else None
        behind = own[1:] and not (below and below[0].start < own[1].start)
        if lead is not None and behind and not clauses_of(self.text.text[lead.start : lead.end]):
            own = own[1:]  # a mark on a line of its own
            lead = Draft(lead.label, own[0].start, own[0].end, 0.0)
        own, more = self._counted_on(section, own)
        children = self._below(section, below, own[1:] if lead else own)
        if lead is None:
            return children + more
        weight = self.source.weight[own[0].start]
        if not children and not self._is_of_law(section):
            children = self._further(lead, weight)
        return [Draft(lead.label, lead.start, lead.end, weight, tuple(children)), *more]

    def _counted_on(self, section: Section, own: list[Sentence]) -> tuple[list[Sentence], list[Draft]]:
        """Part a section's paragraphs from those that go on counting without being sections (其次……, then 第三要……)."""
        mark = mark_of(section.label + "，")
        if mark is None or not own:
            return own, []
        for at, unit in enumerate(own):
            next_mark = mark_of(self.text.words(unit))
            goes_on = next_mark and next_mark.kind == mark.kind and next_mark.number > mark.number
            if goes_on and unit.paragraph > own[0].paragraph:
                groups = paragraphs_of(own[at:])
                return own[:at], self._nested(groups, [False] * len(groups))
        return own, []

    def _below(self, section: Section, below: Sequence[Section], rest: Sequence[Sentence]) -> list[Draft]:
        """Return the points under a section: its sections and the measures behind them, or its measures."""
        if self._is_of_law(section):
            rest = self._later_paragraphs(section, rest)
        if not below:
            return self.measures.of(rest) if rest else []
        inner = [draft for one in below for draft in self._section(one)]
        before = [unit for unit in rest if unit.start < below[0].start]
        behind = [unit for unit in rest if unit.start >= below[0].start]
        if not self._is_of_law(section) and _size(before) <= sum(one.end - one.start for one in below):
            before = [unit for unit in before if self._stays(unit, below[0])]
        inner += [*self.measures.of(before), *self.measures.of(behind)]
        return sorted(inner, key=lambda draft: draft.start)

    def _stays(self, unit: Sentence, first: Section) -> bool:
        """Say whether what leads up to sections is told: lists, consequences, paragraphs before a series in another."""
        paragraph = self.text.paragraph_at(first.start)
        apart = paragraph.start < first.start and unit.paragraph < paragraph.number
        return apart or self.source.is_set_apart(unit) or self._rules(unit)

    def _rules(self, unit: Sentence) -> bool:
        """Say whether what leads a list in says what comes of it (有下列情形之一的，给予通报批评：)."""
        words = self.source.words(unit)
        return words.endswith(("：", ":")) and _CONSEQUENCE.search(words) is not None

    def _later_paragraphs(self, section: Section, rest: Sequence[Sentence]) -> list[Sentence]:
        """Return what opens the further paragraphs of an article; of its first, which says enough, what is counted."""
        groups = paragraphs_of(rest)
        first = self.text.paragraph_at(section.start).number
        own = [unit for unit in rest if unit.paragraph == first]
        counted = members([mark_of(self.text.words(unit)) for unit in own])
        return [*(own[counted[0] :] if counted else ()), *(g[0] for g in groups if g[0].paragraph > first)]

    def _further(self, lead: Draft, weight: float) -> list[Draft]:
        """Return what a section's only sentence says behind its opening, where that is a good deal."""
        words = self.text.text[lead.start : lead.end]
        (_, said), *_ = spans(words) or [(0, 0)]
        if width(words[said:]) <= HEADING_WIDTH:
            return []
        runs = [(a, b) for a, b in parts(words) if a >= said][:PARAGRAPH_MEASURES]
        return [Draft("", lead.start + a, lead.start + b, weight / 2) for a, b in runs]

    def _is_of_law(self, section: Section) -> bool:
        """Say whether a section is an article of a law or an item of one: its opening says enough."""
        outer = self.text.sections[section.parent] if section.parent is not None else section
        return any(_ARTICLE.fullmatch(one.label) for one in (section, outer))

    def _lead(self, section: Section, unit: Sentence) -> Draft | None:
        """Return the sentence that opens a section without its mark, None where that may not be used."""
        if unit.start > section.start:
            return None
        words = self.text.words(unit)
        start = unit.start + len(words) - len(words.lstrip("# \t"))
        if not section.title and line_mark(section.label) is None:
            return Draft("", start, unit.end, 0.0)
        start += len(section.label) if self.text.text.startswith(section.label, start) else 0
        while start < unit.end and self.text.text[start] in _MARK_END:
            start += 1
        return Draft(section.label, start, unit.end, 0.0)

    def _plain(self, units: Sequence[Sentence]) -> list[Draft]:
        """Return the paragraphs of sentences as points, a single paragraph's sentences."""
        groups = self._without_imprints(paragraphs_of(units))
        heads = [self._is_heading(groups, at) for at in range(len(groups))]
        kept = [group if head else self._telling(group) for group, head in zip(groups, heads, strict=True)]
        heads = [head for head, group in zip(heads, kept, strict=True) if group]
        groups = [group for group in kept if group]
        if len(groups) == 1:
            return self.measures.of(groups[0], None)
        return self._nested(groups, heads)

    def _telling(self, group: Sequence[Sentence]) -> list[Sentence]:
        return [unit for unit in group if self.source.says(unit) and not is_rule(self.source.line(unit))]

    def _without_imprints(self, groups: Sequence[list[Sentence]]) -> list[list[Sentence]]:
        """Return paragraphs without the names and dates above and below a document inside another."""
        apart = [len(group) == 1 and is_open(self.source.line(group[0])) for group in groups]
        beside = [one or two for one, two in zip([False, *apart], [*apart[1:], True, True], strict=False)]
        kept = [g for g, a, b in zip(groups, apart, beside, strict=False) if not (a and b and self._is_imprint(g))]
        return kept or list(groups)

    def _is_imprint(self, group: Sequence[Sentence]) -> bool:
        return is_imprint(self.source.words(group[0]))

    def _nested(self, groups: Sequence[Sequence[Sentence]], heads: Sequence[bool]) -> list[Draft]:
        """Return a point for each paragraph; under a heading, or what leads a list in, what it stands over."""
        most = PARAGRAPH_MEASURES if len(groups) <= FEW_PARAGRAPHS else 0
        counted = self._led_in(groups)
        found: list[Draft] = []
        headed, number, at = False, "", 0
        while at < len(groups):
            run = self._run(groups, at)
            if heads[at]:
                words = self.source.words(groups[at][0])
                number = words if is_number(words) else ""
                found += [] if number else self._headline(groups[at][0])
                headed, at = not number, at + 1
                continue
            units = [unit for group in groups[at : at + run] for unit in group]
            made = self.measures.of(units, most) if headed and most else self._of_run(units, most)
            made = [replace(made[0], start=self._said_from(units[0], made[0].start)), *made[1:]] if made else made
            if number and made:
                found.append(replace(made[0], label=number).holding(made[1:]))
                headed, number = True, ""
            elif found and (headed or at in counted or (run > 1 and self._leads(groups[at - 1]))):
                found[-1] = found[-1].holding(made)
            else:
                found += made
            at += run
        return found

    def _led_in(self, groups: Sequence[Sequence[Sentence]]) -> set[int]:
        """Return the places of the paragraphs from the first to the last of each series that another leads in."""
        marks = [mark_of(self.source.words(group[0])) for group in groups]
        found: set[int] = set()
        begin = 0
        while at := members(marks, begin):
            last = groups[at[0] - 1][-1] if at[0] else None
            if last is not None and (self._leads(groups[at[0] - 1]) or counts(self.source.words(last))):
                found |= set(range(at[0], at[-1] + 1))
            begin = at[-1] + 1
        return found

    def _leads(self, group: Sequence[Sentence]) -> bool:
        return self.source.words(group[-1]).endswith(("：", ":"))

    def _of_run(self, units: Sequence[Sentence], most: int) -> list[Draft]:
        if self.source.is_set_apart(units[0]):
            return self.measures.of(units)
        return self.measures.paragraph(units, most)

    def _headline(self, unit: Sentence) -> list[Draft]:
        draft = self.measures.draft(unit)
        return [replace(draft, start=self._said_from(unit, draft.start))]

    def _said_from(self, unit: Sentence, start: int) -> int:
        """Return where a point begins behind 问： or 答：."""
        return max(start, unit.start + said_at(self.source.words(unit)))

    def _run(self, groups: Sequence[Sequence[Sentence]], at: int) -> int:
        """Return how many rows of a table, or items of a list, begin at a paragraph; 1 for any other."""
        for kind in (is_row, is_item):
            end = at
            while end < len(groups) and kind(self.source.line(groups[end][0])):
                end += 1
            if end > at:
                return end - at
        return 1

    def _is_heading(self, groups: Sequence[Sequence[Sentence]], at: int) -> bool:
        """Say whether a paragraph without a mark heads the next: short and open at its end, or a question answered."""
        if at + 1 >= len(groups) or len(groups[at]) > 1:
            return False
        words, behind = self.source.words(groups[at][0]), self.source.line(groups[at + 1][0])
        if is_question(words):
            return is_answer(behind) or (is_ended(behind) and not is_question(behind))
        return is_headline(words) and (is_ended(behind) or is_row(behind) or is_item(behind))


def _size(units: Sequence[Sentence]) -> int:
    return sum(unit.end - unit.start for unit in units)
