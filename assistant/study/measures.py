"""What a stretch of sentences says most, as points: series, lists and tables whole, of other sentences the weightiest."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.splitting import Sentence
from assistant.study.enumerating import mark_of, members
from assistant.study.lines import is_ended, is_item, is_row, is_rule
from assistant.study.shortening import POINT_WIDTH, clauses_of, width
from assistant.study.units import Source, paragraphs_of
from assistant.study.weighing import is_hanging, is_voiced, weightiest

MEASURES_MOST = 6
VOICED_MOST = 12
MEASURE_CHARACTERS = 50
MEMBER_MEASURES = 2
LEAD_LEAST = 6
ROWS_LEAST = 2

_BOLD = re.compile(r"\s*(?:[-*+•>]\s+)*(\*\*|__)([^*_\n]+)\1[：:]?\s*(?=\S)")
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
        at = next((n for n, unit in enumerate(units) if not is_hanging(self._source.words(unit))), 0)
        rest = [unit for n, unit in enumerate(units) if n != at]
        made = self.of(rest, most) if rest and (most or marks) else []
        return [self.draft(units[at], made)]

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
        """Return what some sentences say most; a series (一要……) whole, with what stands under each."""
        at = members([mark_of(self._source.words(unit)) for unit in units])
        if not at:
            return self._picked(units, most)
        last = units[at[-1]].paragraph
        end = next((n for n in range(at[-1] + 1, len(units)) if units[n].paragraph > last), len(units))
        series = [
            self.draft(units[a], self._prose(units[a + 1 : b], MEMBER_MEASURES))
            for a, b in zip(at, [*at[1:], end], strict=True)
        ]
        head, lead = list(units[: at[0]]), None
        if head and not is_ended(self._source.words(head[-1]).rstrip("：:")):
            lead = head.pop()
        found = self._picked(head, None if most is None else 1)
        told = lead is not None and width(self._source.words(lead)) > LEAD_LEAST
        found += [self.draft(lead, series)] if lead is not None and told else series
        return found + (self._prose(units[end:], most) if units[end:] else [])

    def _picked(self, units: Sequence[Sentence], most: int | None) -> list[Draft]:
        """Return those of some sentences that say most; what a meeting asks for (会议要求……) stays."""
        words = self._source.words
        telling = [unit for unit in units if self._source.says(unit)]
        telling = [unit for unit in telling if is_ended(words(unit))] or telling
        telling = [unit for unit in telling if not is_hanging(words(unit))] or telling
        if most is None:
            return [self.draft(unit) for unit in telling]
        size = sum(unit.end - unit.start for unit in telling)
        most = min(most, max(2, round(size / MEASURE_CHARACTERS)))
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
