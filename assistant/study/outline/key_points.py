"""What some sentences say most, as points: series, lists and tables whole, of other sentences the weightiest."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.documents.splitting import Sentence
from assistant.study.outline.enumerations import Mark, begins, mark_of, members
from assistant.study.outline.lines import counts, declares, is_ended, is_item, is_row, is_rule, is_speech
from assistant.study.outline.salience import is_hanging, is_voiced, weightiest
from assistant.study.outline.segments import OPENINGS, Source, paragraphs_of
from assistant.study.outline.shortening import POINT_WIDTH, clauses_of, width

MEASURES_LEAST, MEASURES_MOST = 3, 6
VOICED_MOST = 12
MEASURE_CHARACTERS = 40
MEMBER_MEASURES = 2
LEAD_LEAST = 4
ROWS_LEAST = 2

_BOLD = re.compile(r"\s*(?:[-*+•>]\s+)*(\*\*|__)([^*_\n]+)\1[：:]?\s*(?=\S)")
_OPEN_END = "；;，,"
_MARK_END = " \t\u3000，、,：:．."


@dataclass(frozen=True)
class Draft:
    """A point by its place: a section's mark, the sentence from `start` to `end`, how much it says."""

    label: str
    start: int
    end: int
    weight: float
    children: tuple["Draft", ...] = ()

    def holding(self, more: Sequence["Draft"]) -> "Draft":
        """Return it with further points under it."""
        return replace(self, children=(*self.children, *more))


class Measures:
    """Makes points of the units of a document."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def draft(self, unit: Sentence, children: Sequence[Draft] = ()) -> Draft:
        """Return a unit as a point without its mark; words in bold that open it are the point, what they head below."""
        words, weight = self._source.words(unit), self._source.weight[unit.start]
        bold = _BOLD.match(words)
        if bold and width(bold[2]) <= POINT_WIDTH and not children:
            inner = Draft("", unit.start + bold.end(), unit.end, weight)
            return Draft("", unit.start + bold.start(2), unit.start + bold.end(2), weight, (inner,))
        mark = mark_of(words)
        if mark is None or not mark.label:
            return Draft("", unit.start, unit.end, weight, tuple(children))
        start = unit.start + mark.end
        while start < unit.end and self._source.text.text[start] in _MARK_END:
            start += 1
        return Draft(mark.label, start, unit.end, weight, tuple(children))

    def of(self, units: Sequence[Sentence], most: int | None = MEASURES_MOST) -> list[Draft]:
        """Return the points of some units, `most` of those that are in no series, list or table; None for all."""
        found: list[Draft] = []
        prose: list[Sentence] = []
        for group in [*_runs(self._source, units), []]:
            kind = self._kind(group)
            if kind is None and group:
                prose += group
                continue
            found += self._prose(prose, most) if prose else []
            prose = []
            if kind == "rows":
                found += self._rows(group)
            elif kind == "items":
                found += self._items(group)
        return found

    def paragraph(self, units: Sequence[Sentence], most: int) -> list[Draft]:
        """Return a paragraph as its opening with up to `most` further points under it; a mere series as its members."""
        marks = members([mark_of(self._source.words(unit)) for unit in units])
        if marks[:1] == [0]:
            return self._prose(units, most)
        at = self._topic(units[: marks[0]] if marks else units)
        rest = [unit for n, unit in enumerate(units) if n != at and (marks or not self._announces(unit))]
        made = self.of(rest, most) if rest and (most or marks) else []
        return [self.draft(units[at], made)]

    def _topic(self, units: Sequence[Sentence]) -> int:
        """Return which sentence says what a paragraph is about: one that other paragraphs begin likewise, or the first.

        What leans on others, or only greets, is none.
        """
        words = [self._source.words(unit) for unit in units]
        parallel = next((n for n in range(min(len(words), OPENINGS)) if self._source.recurs(words[n])), None)
        if parallel is not None:
            return parallel
        standing = [n for n, one in enumerate(words) if not (is_hanging(one) or is_speech(one))]
        return next((n for n in standing if self._source.says(units[n])), standing[0] if standing else 0)

    def _kind(self, group: Sequence[Sentence]) -> str | None:
        if not group:
            return None
        lines = [self._source.line(one[0]) for one in paragraphs_of(group)]
        if all(map(is_row, lines)) and len(lines) >= ROWS_LEAST:
            return "rows"
        return "items" if all(map(is_item, lines)) else None

    def _rows(self, units: Sequence[Sentence]) -> list[Draft]:
        """Return a table as its head with the rows under it."""
        head, *rows = [unit for unit in units if not is_rule(self._source.words(unit))] or units[:1]
        return [self.draft(head, [self.draft(row) for row in rows])]

    def _items(self, units: Sequence[Sentence]) -> list[Draft]:
        found = []
        for group in paragraphs_of(units):
            telling = [unit for unit in group if clauses_of(self._source.words(unit))]
            if telling:
                found.append(self.draft(telling[0], self._picked(telling[1:], MEMBER_MEASURES)))
        return found

    def _prose(self, units: Sequence[Sentence], most: int | None) -> list[Draft]:
        """Return what some sentences say most; series (一要……) whole, with what stands under each member."""
        found: list[Draft] = []
        marks = [mark_of(self._source.words(unit)) for unit in units]
        begin = 0
        while at := members(marks, begin):
            end = self._end(units, marks, at)
            found += self._series(units[begin : at[0]], [units[a:b] for a, b in pairwise([*at, end])], most)
            begin = end
        return found + self._picked(units[begin:], most)

    def _end(self, units: Sequence[Sentence], marks: Sequence[Mark | None], at: Sequence[int]) -> int:
        """Return behind which sentence the last member of a series ends: with its paragraph, or before the next series.

        Where the members are clauses of a sentence (……；……。) nothing behind it is part of the last.
        """
        last = at[-1]
        if all(b == a + 1 and self._source.words(units[a])[-1] in _OPEN_END for a, b in pairwise(at)):
            return last + 1
        for n in range(last + 1, len(units)):
            mark, counted = marks[n], marks[last]
            if units[n].paragraph > units[last].paragraph:
                return n
            if mark and counted and mark.kind == counted.kind and begins(marks, n):
                return n - 1 if n - 1 > last and self._leads_in(units[n - 1], units[n]) else n
        return len(units)

    def _series(
        self, before: Sequence[Sentence], series: Sequence[Sequence[Sentence]], most: int | None
    ) -> list[Draft]:
        """Return the members of a series, each with what stands behind it; under what leads them in, if that does."""
        made = [self.draft(head, self._prose(self._own(rest), MEMBER_MEASURES)) for head, *rest in series]
        if not before or not self._leads_in(before[-1], series[0][0]):
            return [*self._before(before, most), *made]
        *before, lead = before
        found = self._before(before, most)
        told = width(self._source.words(lead)) >= LEAD_LEAST
        return [*found, self.draft(lead, made)] if told else [*found, *made]

    def _before(self, units: Sequence[Sentence], most: int | None) -> list[Draft]:
        """Return what stands before a series: of each paragraph a sentence, `most` in all."""
        paragraphs = len({unit.paragraph for unit in units})
        return self._picked(units, None if most is None else min(max(most, 1), max(paragraphs, 1)))

    def _leads_in(self, unit: Sentence, first: Sentence) -> bool:
        """Say whether a sentence leads a series in: open at its end, or with how many points there are."""
        words = self._source.words(unit)
        same = unit.paragraph == first.paragraph
        return not is_ended(words.rstrip("：:")) or (same and (declares(words) or counts(words)))

    def _announces(self, unit: Sentence) -> bool:
        words = self._source.words(unit)
        return words.endswith(("：", ":")) and declares(words)

    def _own(self, units: Sequence[Sentence]) -> list[Sentence]:
        """Return what stands behind a member of a series without what may speak of all (这些问题……)."""
        return [unit for unit in units if not is_hanging(self._source.words(unit))]

    def _picked(self, units: Sequence[Sentence], most: int | None) -> list[Draft]:
        """Return those of some sentences that say most; what a meeting asks for (会议要求……) stays."""
        words = self._source.words
        telling = [unit for unit in units if self._source.says(unit)]
        telling = [unit for unit in telling if is_ended(words(unit))] or telling
        telling = [unit for unit in telling if not self._announces(unit)] or telling
        telling = [unit for unit in telling if not is_hanging(words(unit))] or telling
        if most is None:
            return [self.draft(unit) for unit in telling]
        size = sum(unit.end - unit.start for unit in telling)
        most = min(most, max(MEASURES_LEAST, round(size / MEASURE_CHARACTERS)))
        said = [words(unit) for unit in telling]
        kept = set(weightiest(said, [self._source.weight[unit.start] for unit in telling], most))
        kept |= set([n for n, one in enumerate(said) if is_voiced(one)][:VOICED_MOST])
        return [self.draft(telling[n]) for n in sorted(kept)]


def _runs(source: Source, units: Sequence[Sentence]) -> list[list[Sentence]]:
    """Return units in runs of paragraphs of one kind: rows of a table, items of a list, others."""
    found: list[list[Sentence]] = []
    last: tuple[bool, bool] | None = None
    for group in paragraphs_of(units):
        line = source.line(group[0])
        kind = (is_row(line), is_item(line))
        if kind == last:
            found[-1] += group
        else:
            found.append(list(group))
        last = kind
    return found
