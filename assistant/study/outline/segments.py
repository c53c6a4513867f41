"""A document as what points are made of: sentences with what completes them, by section, with what they weigh."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import groupby

from assistant.documents.splitting import OPENING_LABEL, Section, Sentence
from assistant.language.section_marks import inline_mark, line_mark
from assistant.study.outline.enumerations import all_members, cuts, mark_of, pieces
from assistant.study.outline.lines import is_answer, is_item, is_note, is_row
from assistant.study.outline.salience import is_voiced, says_something, weights
from assistant.study.source.texts import Text

UNIT_CHARACTERS = 600
BRIEF = 10  # 答：可以。
OPENINGS = 3  # sentences of a paragraph among which is one that others begin like
PARALLEL, PARALLEL_LEAST = 5, 3  # characters in common, paragraphs
NONE = -1  # the number of no section

_MADE_UP = {OPENING_LABEL, "结语", ""}
_FIRST = re.compile(r"第?[（(]?(?:一|1|１|①)(?![0-9０-９十百])|首先")
_HOWEVER = re.compile("但|然而|不过|However|But")


class Source:
    """A document's `units` with their weights, and by section (`own`); `below` are the sections under each.

    What stands in no section is `own[NONE]`.
    """

    def __init__(self, text: Text) -> None:
        self.text = text
        self.own: dict[int, list[Sentence]] = defaultdict(list)
        self.below: dict[int | None, list[Section]] = defaultdict(list)
        dissolved = _dissolved(text)
        for section in text.sections:
            if section.number not in dissolved:
                outer = section.parent
                outer = outer if outer is None else dissolved.get(outer, outer)
                self.below[None if outer == NONE else outer].append(section)
        units = [_moved(unit, dissolved.get(unit.section)) for unit in _units(text)]
        self.units = [unit for unit in units if not is_note(text.words(unit))] or units
        for unit in self.units:
            self.own[unit.section].append(unit)
        self._leave_lists()

    @cached_property
    def weight(self) -> dict[int, float]:
        """What each unit weighs, by its start."""
        found = weights([self.text.words(unit) for unit in self.units])
        return {unit.start: one for unit, one in zip(self.units, found, strict=True)}

    def words(self, unit: Sentence) -> str:
        """Return the words of a unit."""
        return self.text.words(unit)

    def line(self, unit: Sentence) -> str:
        """Return the paragraph that a unit stands in."""
        return self.text.words(self.text.paragraphs[unit.paragraph - 1])

    def recurs(self, words: str) -> bool:
        """Say whether sentences near the head of other paragraphs begin likewise (弘扬……，贵在, 弘扬……，重在)."""
        return not is_voiced(words) and self._begun[words[:PARALLEL]] >= PARALLEL_LEAST

    @cached_property
    def _begun(self) -> Counter[str]:
        """How many paragraphs have a sentence that begins so among their first."""
        found: Counter[str] = Counter()
        for group in paragraphs_of(self.units):
            found.update({self.words(unit)[:PARALLEL] for unit in group[:OPENINGS]})
        return found

    def is_set_apart(self, unit: Sentence) -> bool:
        """Say whether a unit is a row of a table or an item of a list without numbers."""
        line = self.line(unit)
        return is_row(line) or is_item(line)

    def says(self, unit: Sentence) -> bool:
        """Say whether a unit is none of greeting, thanks, question, date or mere marks."""
        return says_something(self.text.words(unit))

    def is_made_up(self, section: Section) -> bool:
        """Say whether a section has its label from the program: 引言 and 结语 that do not stand there."""
        return section.label in _MADE_UP and not (
            section.label and self.text.words(section).lstrip("# \t").startswith(section.label)
        )

    def inside(self, section: Section) -> list[Sentence]:
        """Return the units of a section and of all below it."""
        found = list(self.own[section.number])
        for one in self.below[section.number]:
            found += self.inside(one)
        return sorted(found, key=lambda unit: unit.start)

    @property
    def left(self) -> list[Sentence]:
        """The units that belong to a section."""
        return sorted((unit for units in self.own.values() for unit in units), key=lambda unit: unit.start)

    def take(self, units: Sequence[Sentence]) -> None:
        """Let units belong to no section any more."""
        starts = {unit.start for unit in units}
        for number, own in self.own.items() if starts else ():
            self.own[number] = [unit for unit in own if unit.start not in starts]

    def _leave_lists(self) -> None:
        """Give what stands in paragraphs behind a list's last item to the section around the list.

        A list is led in with a colon, or its items before the last are one paragraph each. A table stands behind any.
        """
        for number, items in self.below.items():
            own = self.own[items[-1].number]
            if number is None or self.below.get(items[-1].number):
                continue
            behind = [unit for unit in own if unit.paragraph > own[0].paragraph]
            if not (self._leads_in(number, items[0]) or self.are_lines(items[:-1]) or self._are_set_apart(behind)):
                continue
            self.own[items[-1].number] = own[: len(own) - len(behind)]
            self.own[number] = sorted(
                [*self.own[number], *(replace(unit, section=number) for unit in behind)], key=lambda unit: unit.start
            )

    def are_lines(self, items: Sequence[Section]) -> bool:
        """Say whether some sections, two or more, are of one paragraph each."""
        ends = [(self.text.paragraph_at(one.start).number, self.text.paragraph_at(one.end - 1).number) for one in items]
        return len(items) >= 2 and all(first == last for first, last in ends)

    def _are_set_apart(self, units: Sequence[Sentence]) -> bool:
        return all(self.is_set_apart(unit) for unit in units)

    def _leads_in(self, number: int, item: Section) -> bool:
        before = [unit for unit in self.own[number] if unit.start < item.start]
        return bool(before) and self.text.words(before[-1]).endswith(("：", ":"))


def paragraphs_of(units: Sequence[Sentence]) -> list[list[Sentence]]:
    """Return units by paragraph."""
    return [list(group) for _, group in groupby(units, key=lambda unit: unit.paragraph)]


def _units(text: Text) -> list[Sentence]:
    found: list[Sentence] = []
    for group in paragraphs_of(text.sentences):
        if is_row(text.words(text.paragraphs[group[0].paragraph - 1])):
            found.append(replace(group[0], end=group[-1].end))
        else:
            found += _split(text, _completed(text, group))
    return found


def _completed(text: Text, paragraph: Sequence[Sentence]) -> list[Sentence]:
    """Return the sentences of a paragraph, those that one with a semicolon or a 但是 goes on in as one."""
    found: list[Sentence] = []
    for sentence in paragraph:
        last, words = (found[-1] if found else None), text.words(sentence)
        if last and last.section == sentence.section and not mark_of(words):
            brief = is_answer(text.words(last)) and last.end - last.start <= BRIEF
            open_end = text.text[last.end - 1] in "；;" or _HOWEVER.match(words) or brief
            short = sentence.end - last.start <= UNIT_CHARACTERS
            if open_end and short and not text.text[last.end : sentence.start].strip():
                found[-1] = replace(last, end=sentence.end)
                continue
        found.append(sentence)
    return found


def _split(text: Text, units: Sequence[Sentence]) -> Iterator[Sentence]:
    """Yield the units of a paragraph, one in which a series begins (……，一是……) parted before its marks."""
    parted = [piece for unit in units for piece in _pieces(text, unit)]
    if len(parted) == len(units):
        return iter(units)
    starts = {parted[at].start for at in all_members([mark_of(text.words(one)) for one in parted])}
    starts |= {unit.start for unit in units}
    found: list[Sentence] = []
    for piece in parted:
        if piece.start in starts:
            found.append(piece)
        else:
            found[-1] = replace(found[-1], end=piece.end)
    return iter(found)


def _pieces(text: Text, unit: Sentence) -> list[Sentence]:
    words = text.words(unit)
    return [replace(unit, start=unit.start + a, end=unit.start + b) for a, b in pieces(words, cuts(words))]


def _moved(unit: Sentence, section: int | None) -> Sentence:
    return unit if section is None else replace(unit, section=section)


def _dissolved(text: Text) -> dict[int, int]:
    """Return the sections that are none, with the section that their sentences belong to, `NONE` for none.

    A 2. without a 1., and outside all sections a 一、 alone and what is counted in words (一是……, 首先……): a series of
    its sentences or paragraphs.
    """
    groups: dict[int | None, list[Section]] = defaultdict(list)
    for section in text.sections:
        groups[section.parent].append(section)
    lines = {paragraph.start for paragraph in text.paragraphs}
    below = [one for root in groups[None] if _is_counted(text, root) for one in groups[root.number]]
    heading = any(one.start in lines and not _is_counted(text, one) for one in below)
    numbered = [root for root in groups[None] if line_mark(root.label)]
    found: dict[int, int] = {}
    for section in text.sections:
        outer = section.parent
        if outer is not None and _is_alone(section, groups) and not _FIRST.match(section.label):
            found[section.number] = found.get(outer, outer)
        elif outer is None or found.get(outer) == NONE:
            counted = _is_counted(text, section) and not (heading and section.start in lines)
            if counted or (numbered == [section] and not groups[section.number] and not _is_of_law(section)):
                found[section.number] = NONE
    return found


def _is_alone(section: Section, groups: Mapping[int | None, Sequence[Section]]) -> bool:
    alone = len(groups[section.parent]) == 1 and not groups[section.number]
    return alone and line_mark(section.label) is not None and not _is_of_law(section)


def _is_of_law(section: Section) -> bool:
    return re.fullmatch("第.+[编章节条].*", section.label) is not None


def _is_counted(text: Text, section: Section) -> bool:
    """Say whether a section is one by a mark in words, which may stand inside a line (一是, 首先; 第二 behind 第一)."""
    words, paragraph = text.words(section), text.paragraph_at(section.start)
    if inline_mark(words, {"第一"}) is None:
        return False
    opening = line_mark(text.words(paragraph))
    goes_on = opening is not None and opening.label[0] == section.label[0] == "第"
    return not goes_on and (paragraph.start < section.start or opening is None)
