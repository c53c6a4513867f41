"""Series in a sentence: members side by side in one clause, parted by 、, and where the first and the last of them end.

A member's end is known by its length, by a pattern that all share (以巡促改、以巡促建), or by verbs that all open with.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.study.questions.material.statements import Clause, Statement
from assistant.study.questions.material.verbs import VERBS

SERIES_LEAST = 3
MEMBER_LONGEST = 14
FRAME_LEAST = 2
SPLIT = re.compile("、")
_LEADS = "在以对把将被向从到于为是有的和与及由要能够须让使"
_TRAILS = re.compile("等|的|和|及|方面|上|中|作用|工作|问题|制度|体系|机制|之间|强$|与")
_ET_CETERA = re.compile("等(?!级|候|待|于|同|额|次)")
_NO_MEMBER = re.compile("不得|不能|可以|应当|必须|需要|包括|属于|[在对将由应可须并要有为与向以于]")


@dataclass(frozen=True)
class Series:
    """Members of a list side by side in one clause, and whether they are all of it."""

    statement: Statement
    members: tuple[tuple[int, int], ...]
    whole: bool

    @property
    def texts(self) -> list[str]:
        """The words of each member."""
        return [self.statement.text.text[a:b] for a, b in self.members]

    @property
    def open(self) -> bool:
        """Whether 等 says that there are more members."""
        return bool(_ET_CETERA.match(self.statement.text.text, self.members[-1][1]))

    @property
    def patterned(self) -> bool:
        """Whether the members are of one pattern (以巡促改、以巡促建), which no other word fits."""
        first, *others = self.texts
        return any(_parallel(first, other) for other in others)


def series_of(statement: Statement) -> Iterator[Series]:
    """Yield the series of a statement: parts of one clause parted by 、, three or more."""
    if not statement.latin:
        for clause in statement.clauses:
            yield from _series(statement, clause)


def _series(statement: Statement, clause: Clause) -> Iterator[Series]:
    text = statement.text.text
    parts, begin = [], clause.start
    for mark in SPLIT.finditer(text, clause.start, clause.end):
        parts.append((begin, mark.start()))
        begin = mark.end()
        if _ET_CETERA.search(text, *parts[-1]):
            break
    else:
        parts.append((begin, clause.end))
    middle = parts[1:-1]
    if len(parts) < SERIES_LEAST or not all(_member(text, a, b) for a, b in middle) or not _alike(text, middle):
        return
    first, last = _first(text, parts[0], middle[0]), _last(text, parts[-1], middle[-1])
    members = [m for m in (first, *middle, last) if m]
    if len(members) >= SERIES_LEAST:
        yield Series(statement, tuple(members), first is not None and last is not None)


def _member(text: str, start: int, end: int) -> bool:
    """Say whether words can be one member of a series."""
    return 2 <= end - start <= MEMBER_LONGEST and not re.search("[“”（）《》和或及与]", text[start:end])


def _alike(text: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Say whether members are of one length, or all open with verbs."""
    sizes = {b - a for a, b in spans}
    return len(sizes) == 1 or (max(sizes) - min(sizes) <= 2 and all(text[a : a + 2] in VERBS for a, _ in spans))


def _first(text: str, part: tuple[int, int], model: tuple[int, int]) -> tuple[int, int] | None:
    """Return where the first member stands in its part, which may begin with what leads the series in."""
    opening = _NO_MEMBER.match(text, *part)
    if opening and not _parallel(text[slice(*part)], text[slice(*model)]):
        part = (opening.end(), part[1])
    cut = part[1] - (model[1] - model[0])
    like = text[slice(*model)]
    if cut >= part[0] and _member(text, cut, part[1]):
        lead, words = text[part[0] : cut], text[cut : part[1]]
        verbs = words[:2] in VERBS and like[:2] in VERBS
        if not lead or verbs or _parallel(words, like) or (lead[-1] in _LEADS and words[0] not in "的等了着过"):
            return cut, part[1]
    whole = _member(text, *part) and text[part[0] : part[0] + 2] in VERBS and like[:2] in VERBS
    return part if whole and abs(part[1] - part[0] - len(like)) <= 2 else None


def _last(text: str, part: tuple[int, int], model: tuple[int, int]) -> tuple[int, int] | None:
    """Return where the last member stands in its part, which may go on behind it."""
    like = text[slice(*model)]
    cut = part[0] + len(like)
    et_cetera = _ET_CETERA.search(text, *part)
    if et_cetera and et_cetera.start() != cut:
        return (
            (part[0], et_cetera.start())
            if abs(et_cetera.start() - cut) <= 1 and _member(text, part[0], et_cetera.start())
            else None
        )
    if cut <= part[1] and _member(text, part[0], cut):
        trail, words = text[cut : part[1]], text[part[0] : cut]
        if not trail or _TRAILS.match(trail) or _parallel(words, like):
            return part[0], cut
    verbs = text[part[0] : part[0] + 2] in VERBS and like[:2] in VERBS
    return part if verbs and _member(text, *part) and abs(part[1] - part[0] - len(like)) <= 2 else None


def _parallel(one: str, other: str) -> bool:
    """Say whether two members of one length are of one pattern: they open or end alike."""
    return len(one) == len(other) and (one[0] == other[0] or one[-1] == other[-1])


def crossed(texts: Sequence[str]) -> list[str]:
    """Return members put together of the first part of one and the last of another: 透过业务看政治, 透过问题看责任.

    None where they are not of one frame with two places to fill, each with two characters at least.
    """
    if len(set(map(len, texts))) > 1:
        return []
    frame = "".join("=" if len(set(several)) == 1 else "x" for several in zip(*texts, strict=True))
    places = list(re.finditer("x{2,}", frame))
    if len(places) < 2 or frame.count("=") < FRAME_LEAST or "是否" in texts[0]:
        return []
    cut = places[-1].start()
    return [one[:cut] + other[cut:] for one in texts for other in texts if one[cut:] != other[cut:]]


def member_shape(words: str) -> str:
    """Return the shape of a member of a series: what it opens with, and its length."""
    kind = "q" if "是否" in words else "p" if words[0] in "以向从由对在为把将不" else "v" if words[:2] in VERBS else "n"
    return f"{kind}{len(words)}"
