"""The points of a document as a tree of places: its sections as the author made them, with what they say most.

Where there are no sections the paragraphs are the points, in a single paragraph its sentences.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.numbering import line_mark
from assistant.splitting import OPENING_LABEL, Section, Sentence
from assistant.study.shortening import clauses_of, parts, spans, width
from assistant.study.texts import Text
from assistant.study.weighing import says_something, weightiest, weights

UNIT_CHARACTERS = 600
MEASURES_MOST = 6
MEASURE_CHARACTERS = 50
PARAGRAPH_MEASURES = 3
FEW_PARAGRAPHS = 12
HEADING_WIDTH = 30

_MADE_UP = {OPENING_LABEL, "结语", ""}
_ARTICLE = re.compile("第.+条(之.+)?")
_FIRST = re.compile(r"第?[（(]?(?:一|1|１|①)(?![0-9０-９十百])|首先")
_COUNTED = re.compile("[一二三四五六七八九十]{1,2}(?:是|要|，)")
_HOWEVER = re.compile("但|然而|不过|However|But")
_CELLS = re.compile(r"[\t|]")
_ENDED = re.compile(r"[。！？!?；;：:.…][”’」』）)]*$")
_ADDRESS_WIDTH = 60
_ADDRESS_PARAGRAPHS = 4
_MARK_END = " \t\u3000，、,：:．."


@dataclass(frozen=True)
class Draft:
    """A point by its place: a section's mark, the sentence from `start` to `end`, how much it says."""

    label: str
    start: int
    end: int
    weight: float
    children: tuple["Draft", ...] = ()


def drafts(text: Text) -> tuple[Draft, ...]:
    """Return the points of what may be used of a document; at least one where there is a sentence."""
    source = _Source(text)
    found = _sectioned(source) or _plain(source, source.units)
    return tuple(found or (source.draft(sentence) for sentence in source.units[:1]))


class _Source:
    """A document's `units` with their weights, and by section; a unit is a sentence with what completes it."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.own: dict[int, list[Sentence]] = defaultdict(list)
        self.below: dict[int | None, list[Section]] = defaultdict(list)
        dissolved = _dissolved(text.sections)
        for section in text.sections:
            if section.number not in dissolved:
                self.below[section.parent].append(section)
        self.units = [_moved(unit, dissolved.get(unit.section)) for unit in _units(text)]
        for unit in self.units:
            self.own[unit.section].append(unit)
        self._leave_lists()

    @cached_property
    def weight(self) -> dict[int, float]:
        """What each unit weighs, by its start."""
        found = weights([self.text.words(unit) for unit in self.units])
        return {unit.start: one for unit, one in zip(self.units, found, strict=True)}

    def draft(self, sentence: Sentence, children: Sequence[Draft] = ()) -> Draft:
        return Draft("", sentence.start, sentence.end, self.weight[sentence.start], tuple(children))

    def says(self, sentence: Sentence) -> bool:
        return says_something(self.text.words(sentence))

    def measures(self, sentences: Sequence[Sentence], most: int = MEASURES_MOST) -> list[Draft]:
        """Return those of some sentences that say most; a series (一要……) whole, with what stands under each."""
        telling = [sentence for sentence in sentences if self.says(sentence)]
        telling = [one for one in telling if _ENDED.search(self.text.words(one))] or telling
        size = sum(sentence.end - sentence.start for sentence in telling)
        most = min(most, max(2, round(size / MEASURE_CHARACTERS)))
        series = [n for n, s in enumerate(telling) if _COUNTED.match(self.text.words(s))]
        if len(series) < 2:
            return [self.draft(sentence) for sentence in self._weightiest(telling, most)]
        before = self._weightiest(telling[: series[0]], 1)
        ends = [*series[1:], len(telling)]
        parts = [(telling[a], self._weightiest(telling[a + 1 : b], 2)) for a, b in zip(series, ends, strict=True)]
        return [*map(self.draft, before), *(self.draft(head, [*map(self.draft, rest)]) for head, rest in parts)]

    def _leave_lists(self) -> None:
        """Give what stands in paragraphs behind a list's last item to the section around the list.

        A list is led in with a colon, and each of its items is one paragraph.
        """
        for number, items in self.below.items():
            own = self.own[items[-1].number]
            if number is None or not self._leads_in(number, items[0]) or self.below.get(items[-1].number):
                continue
            behind = [unit for unit in own if unit.paragraph > own[0].paragraph]
            self.own[items[-1].number] = own[: len(own) - len(behind)]
            self.own[number] = sorted([*self.own[number], *behind], key=lambda unit: unit.start)

    def _leads_in(self, number: int, item: Section) -> bool:
        before = [unit for unit in self.own[number] if unit.start < item.start]
        return bool(before) and self.text.words(before[-1]).endswith(("：", ":"))

    def _weightiest(self, sentences: Sequence[Sentence], most: int) -> list[Sentence]:
        words = [self.text.words(sentence) for sentence in sentences]
        return [sentences[n] for n in weightiest(words, [self.weight[s.start] for s in sentences], most)]


def _units(text: Text) -> list[Sentence]:
    """Return the sentences that may be used, those that one with a semicolon or a 但是 goes on in as one."""
    found: list[Sentence] = []
    for sentence in text.sentences:
        last = found[-1] if found else None
        if last and (last.paragraph, last.section) == (sentence.paragraph, sentence.section):
            between = text.text[last.end : sentence.start]
            open_end = text.text[last.end - 1] in "；;" or _HOWEVER.match(text.words(sentence))
            short = sentence.end - last.start <= UNIT_CHARACTERS
            if open_end and short and not between.strip() and not _COUNTED.match(text.words(sentence)):
                found[-1] = replace(last, end=sentence.end)
                continue
        found.append(sentence)
    return found


def _moved(unit: Sentence, section: int | None) -> Sentence:
    return unit if section is None else replace(unit, section=section)


def _dissolved(sections: Sequence[Section]) -> dict[int, int]:
    """Return the sections that are none, with the section that their sentences belong to: a 2. without a 1."""
    groups: dict[int | None, list[Section]] = defaultdict(list)
    for section in sections:
        groups[section.parent].append(section)
    found: dict[int, int] = {}
    for section in sections:
        alone = len(groups[section.parent]) == 1 and not groups[section.number]
        numbered = line_mark(section.label) and not re.fullmatch("第.+[编章节条].*", section.label)
        if alone and numbered and section.parent is not None and not _FIRST.match(section.label):
            found[section.number] = found.get(section.parent, section.parent)
    return found


def _sectioned(source: _Source) -> list[Draft]:
    """Return the points that the sections make, [] where there are none or most stands before the first."""
    roots = [section for section in source.below[None] if not _is_made_up(section, source.text)]
    before = [unit for s in source.below[None] if _is_made_up(s, source.text) for unit in source.own[s.number]]
    if len(roots) == 1 and source.below[roots[0].number] and not _is_numbered(roots[0]):
        before += source.own[roots[0].number][1:]  # behind the title of the whole document
        roots = source.below[roots[0].number]
    found = [draft for root in roots for draft in _section(source, root)]
    if found and 2 * _size(before) > _size(source.units):
        return sorted([*_plain(source, before), *found], key=lambda draft: draft.start)
    return found


def _section(source: _Source, section: Section) -> list[Draft]:
    """Return a section as a point; where its opening may not be used, what stands under it instead."""
    below, own = source.below[section.number], list(source.own[section.number])
    lead = _lead(source.text, section, own[0]) if own else None
    if lead is not None and not clauses_of(source.text.text[lead.start : lead.end]) and own[1:]:
        own = own[1:]  # a mark on a line of its own
        lead = Draft(lead.label, own[0].start, own[0].end, 0.0)
    children = _below(source, section, below, own[1:] if lead else own)
    if lead is None:
        return children
    if not children and not _is_of_law(source.text, section):
        children = _further(source, lead, source.weight[own[0].start])
    return [Draft(lead.label, lead.start, lead.end, source.weight[own[0].start], tuple(children))]


def _below(source: _Source, section: Section, below: Sequence[Section], rest: Sequence[Sentence]) -> list[Draft]:
    """Return the points under a section: its sections and the measures behind them, or its measures."""
    if not below:
        return [] if _is_of_law(source.text, section) or not rest else source.measures(rest)
    inner = [draft for one in below for draft in _section(source, one)]
    before = [sentence for sentence in rest if sentence.start < below[0].start]
    behind = [sentence for sentence in rest if sentence.start >= below[0].start]
    long = _size(before) > sum(one.end - one.start for one in below)
    inner += source.measures(before) if long and before else []
    inner += source.measures(behind) if behind else []
    return sorted(inner, key=lambda draft: draft.start)


def _further(source: _Source, lead: Draft, weight: float) -> list[Draft]:
    """Return what a section's only sentence says behind its opening, where that is a good deal."""
    words = source.text.text[lead.start : lead.end]
    (_, said), *_ = spans(words) or [(0, 0)]
    if width(words[said:]) <= HEADING_WIDTH:
        return []
    runs = [(a, b) for a, b in parts(words) if a >= said][:PARAGRAPH_MEASURES]
    return [Draft("", lead.start + a, lead.start + b, weight / 2) for a, b in runs]


def _is_of_law(text: Text, section: Section) -> bool:
    """Say whether a section is an article of a law or an item of one: its opening says enough."""
    outer = text.sections[section.parent] if section.parent is not None else section
    return any(_ARTICLE.fullmatch(one.label) for one in (section, outer))


def _lead(text: Text, section: Section, sentence: Sentence) -> Draft | None:
    """Return the sentence that opens a section without its mark, None where that may not be used."""
    if sentence.start > section.start:
        return None
    words = text.words(sentence)
    start = sentence.start + len(words) - len(words.lstrip("# \t"))
    if not _is_numbered(section):
        return Draft("", start, sentence.end, 0.0)
    start += len(section.label) if text.text.startswith(section.label, start) else 0
    while start < sentence.end and text.text[start] in _MARK_END:
        start += 1
    return Draft(section.label, start, sentence.end, 0.0)


def _is_numbered(section: Section) -> bool:
    """Say whether a section's label is a mark, not a heading's own words."""
    return bool(section.title) or line_mark(section.label) is not None


def _is_made_up(section: Section, text: Text) -> bool:
    """Say whether a section has its label from the program: 引言 and 结语 that do not stand there."""
    return section.label in _MADE_UP and not (
        section.label and text.words(section).lstrip("# \t").startswith(section.label)
    )


def _plain(source: _Source, sentences: Sequence[Sentence]) -> list[Draft]:
    """Return the paragraphs of sentences as points, a single paragraph's sentences."""
    groups: dict[int, list[Sentence]] = defaultdict(list)
    for sentence in sentences:
        groups[sentence.paragraph].append(sentence)
    paragraphs = [group for number, group in groups.items() if not _is_address(source.text, number, group)]
    ended = any(_ENDED.search(source.text.words(group[-1])) for group in paragraphs)
    if ended and _is_open(source.text, paragraphs[0]):
        paragraphs = paragraphs[1:]  # the title
    heads = [_is_heading(source.text, paragraphs, at) for at in range(len(paragraphs))]
    kept = (
        group if head else [s for s in group if source.says(s)] for group, head in zip(paragraphs, heads, strict=True)
    )
    telling = [group for group in kept if group]
    if len(telling) == 1:
        return [source.draft(sentence) for sentence in telling[0]]
    return _nested(source, telling)


def _nested(source: _Source, paragraphs: Sequence[Sequence[Sentence]]) -> list[Draft]:
    """Return a point for each paragraph; those behind a heading without a mark stand under it."""
    heads = {group[0].start for at, group in enumerate(paragraphs) if _is_heading(source.text, paragraphs, at)}
    most = PARAGRAPH_MEASURES if len(paragraphs) <= FEW_PARAGRAPHS else 0
    found: list[Draft] = []
    for first, *rest in paragraphs:
        draft = source.draft(first, source.measures(rest, most) if most and rest else ())
        if first.start not in heads and found and found[-1].start in heads:
            found[-1] = replace(found[-1], children=(*found[-1].children, draft))
        else:
            found.append(draft)
    return found


def _is_heading(text: Text, paragraphs: Sequence[Sequence[Sentence]], at: int) -> bool:
    """Say whether a paragraph without a mark is a heading: short, open at its end, before one that is not."""
    if at + 1 >= len(paragraphs) or not _is_open(text, paragraphs[at]):
        return False
    return bool(_ENDED.search(text.words(paragraphs[at + 1][-1])))


def _is_open(text: Text, paragraph: Sequence[Sentence]) -> bool:
    """Say whether a paragraph is short and without an end mark, and no row of a table."""
    words = text.words(paragraph[0])
    short = len(paragraph) == 1 and width(words) <= HEADING_WIDTH
    return short and not _ENDED.search(words) and not _CELLS.search(words)


def _is_address(text: Text, paragraph: int, group: Sequence[Sentence]) -> bool:
    """Say whether a paragraph says to whom a document is addressed (各有关单位：)."""
    words = text.words(group[0])
    short = len(group) == 1 and width(words) <= _ADDRESS_WIDTH and words.endswith(("：", ":"))
    return short and paragraph <= _ADDRESS_PARAGRAPHS


def _size(sentences: Sequence[Sentence]) -> int:
    return sum(sentence.end - sentence.start for sentence in sentences)
