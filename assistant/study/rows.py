"""Series that marks of two kinds part: quoted words in a row, and couplets that answer each other.

“改不改”、“改什么”、“改得好不好” begin alike; 道虽迩，不行不至；事虽小，不为不成 go on alike, clause by clause.
"""

import re
from collections.abc import Iterator

from assistant.study.cutting import RUN, Cut
from assistant.text import HAN

Span = tuple[int, int]
LONGEST, LONGEST_CLAUSE = 8, 14
_ROW = re.compile(f"(?:“[{HAN}]{{2,{LONGEST}}}”、?){{3,}}")
_QUOTED = re.compile("“([^”]+)”")
_CLAUSE = f"[{HAN}]{{2,{LONGEST_CLAUSE}}}"
_COUPLETS = re.compile(f"({_CLAUSE})，({_CLAUSE})；({_CLAUSE})，({_CLAUSE})(?![{HAN}，、])")
_CONTRAST = re.compile("(?:而)?(?:不|绝不|并非|而)?是|(?:不|没)有?")
_RULE = re.compile("应当|可以|不得|按照|依照|给予|处以|情节")


def quoted_rows(cut: Cut) -> Iterator[tuple[Span, ...]]:
    """Yield the words of three and more quotation marks side by side that begin, or end, with the same character."""
    for row in _ROW.finditer(cut.read):
        spans = tuple(match.span(1) for match in _QUOTED.finditer(cut.read, *row.span()))
        if any(len({cut.read[pick(span)] for span in spans}) == 1 for pick in (lambda s: s[0], lambda s: s[1] - 1)):
            yield spans


def couplets(cut: Cut) -> Iterator[tuple[Span, ...]]:
    """Yield two couplets parted by a semicolon whose clauses have a pattern in common: 是…，不是…；是…，不是…."""
    for match in _COUPLETS.finditer(cut.read):
        first, *others = (match.span(at) for at in range(1, 5))
        start = _led(cut, first, others[1])
        spans = ((start, first[1]), *others)
        words = [cut.read[slice(*span)] for span in spans]
        if start >= 0 and _answers(words) and not _RULE.search(match.group()):
            yield (spans[0][0], spans[1][1]), (spans[2][0], spans[3][1])


def _led(cut: Cut, first: Span, model: Span) -> int:
    """Return where the first clause begins if like `model` (a subject may lead it in: 减负是减去…), -1 for nowhere."""
    opening = _CONTRAST.match(cut.read, *model)
    if opening:
        return cut.read.find(opening.group(), *first)
    behind = not RUN.match(cut.read[first[0] - 1 : first[0]])
    return first[0] if behind and first[1] - first[0] == model[1] - model[0] else -1


def _answers(words: list[str]) -> bool:
    """Say whether the clauses answer each other: both seconds open alike, and all firsts or are as long."""
    one, other, another, last = words
    openings = [found.group() if (found := _CONTRAST.match(word)) else "" for word in words]
    if all(openings):
        return openings[:2] == openings[2:] and openings[0] != openings[1]
    alike = [any(a == b for a, b in zip(*pair, strict=False)) for pair in ((one, another), (other, last))]
    return all(alike) and len(other) == len(last)
