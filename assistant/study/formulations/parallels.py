"""Parallel series: members of one pattern side by side (以巡促改、以巡促建、以巡促治).

Members are as long as each other and share characters in the same places, or begin with the same words, or are
three and more of one length that no 和 and no 等 ends: so slogans are put side by side, and not things that are
counted up (公安机关、检察机关和审判机关). A member ends at a mark; only the last one is cut, before words that
take up the whole series (的, 等, 原则, 相结合).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.base.text import HAN
from assistant.study.formulations.parallel_patterns import (
    ABSTRACT,
    CONJUNCTION,
    FOUR,
    FUNCTION,
    RARE,
    RULE,
    Members,
    doubled,
    shared,
    value,
)
from assistant.study.source.word_boundaries import GOVERNING, PARTICLES, RUN, TAIL, TOGETHER, BoundedText, Rarity

SHORTEST, LONGEST, LONGEST_HEADED, MOST = 2, 16, 20, 8
APART = 9.0
_PIECE = re.compile(f"[“”‘’]*[{HAN}][{HAN}“”‘’]*")  # quotation marks alone are no piece: nothing is in them
_DENSE = (  # the length of a member, and members that share characters
    (4, re.compile(f"(?=(([{HAN}])([{HAN}])([{HAN}])[{HAN}](?:\\2\\3\\4[{HAN}])+))")),
    (4, re.compile(f"(?=(([{HAN}])([{HAN}])[{HAN}][{HAN}](?:\\2\\3[{HAN}][{HAN}]){{2,}}))")),
    (3, re.compile(f"(?=(([{HAN}])[{HAN}]([{HAN}])(?:\\2[{HAN}]\\3)+))")),
    (3, re.compile(f"(?=(([{HAN}])([{HAN}])[{HAN}](?:\\2\\3[{HAN}])+))")),
    (3, re.compile(f"(?=([{HAN}]([{HAN}])([{HAN}])(?:[{HAN}]\\2\\3)+))")),
    (3, re.compile(f"(?=([{HAN}]{{2}}(感)(?:[{HAN}]{{2}}\\2)+))")),
    (2, re.compile(f"(?=(([{HAN}])[{HAN}](?:\\2[{HAN}]){{2,}}))")),
    (2, re.compile(f"(?=([{HAN}]([{HAN}])(?:[{HAN}]\\2){{2,}}))")),
)
_COUNTER = re.compile("(?<![^\\s（(])[一二三四五六七八九十]{1,3}、")
_COVERB = re.compile("[对向从为给跟由][^的]{1,2}$")
_EDGES = frozenset("的和与等")
_EDGE = "的了和与或及着过吗呢"
_KINDS = ("、", "，,", "；;")


@dataclass(frozen=True)
class Series:
    """A series: where it stands and its members, (start, end) each."""

    start: int
    end: int
    members: tuple[tuple[int, int], ...]


Span = tuple[int, int]


@dataclass(frozen=True)
class _Chain:
    """Neighbouring pieces with the same kind of mark between them; `closed` where nothing but a mark is outside."""

    pieces: tuple[Span, ...]
    listed: bool


def series(cut: BoundedText, rarity: Rarity) -> Iterator[Series]:
    """Yield the series of a text, from left to right."""
    for chain in _chains(cut):
        at = 0
        while at < len(chain.pieces) - 1:
            found = _best(cut, chain, at, rarity)
            if found:
                yield _series(cut, found)
            whole = bool(found) and found[-1][1] == chain.pieces[at + len(found) - 1][1]
            at += max(len(found) - (not whole), 1)
    for row in quoted_rows(cut):
        yield Series(row[0][0] - 1, row[-1][1] + 1, row)
    for pair in couplets(cut):
        yield Series(pair[0][0], pair[-1][1], pair)
    for dense in _dense(cut, rarity):
        if dense.rare(RARE, rarity):
            yield Series(dense.spans[0][0], dense.spans[-1][1], tuple(dense.spans))


def _chains(cut: BoundedText) -> Iterator[_Chain]:
    """Yield the runs of pieces between which only 、 stands, or only commas; no clause of a run is itself a list."""
    found = [match.span() for match in _PIECE.finditer(cut.read) if not _COUNTER.match(cut.read, match.start())]
    joints = [cut.read[a[1] : b[0]] for a, b in zip(found, found[1:], strict=False)]
    pieces = [_bare(cut, *piece) for piece in found]
    begin = 0
    while begin < len(joints):
        kind = next((kind for kind in _KINDS if joints[begin][:1] in kind), "")
        stop = begin
        while stop < len(joints) and len(joints[stop]) == 1 and joints[stop] in kind:
            stop += 1
        first, last = begin, stop
        if kind != "、":
            first += begin > 0 and joints[begin - 1] == "、"
            last -= stop < len(joints) and joints[stop] == "、"
        if last > first:
            yield _Chain(tuple(pieces[first : last + 1]), kind == "、")
        begin = max(stop, begin + 1)


def _bare(cut: BoundedText, start: int, end: int) -> Span:
    """Return a piece without a quotation mark at an end whose other one stands in another piece."""
    words = cut.read[start:end]
    opens = words[0] in "“‘" and not re.search("[”’]", words)
    closes = words[-1] in "”’" and not re.search("[“‘]", words)
    return start + opens, end - closes


def _series(cut: BoundedText, members: Sequence[Span]) -> Series:
    """Return members as a series, with 相结合 and its like behind them."""
    start, end = members[0][0], members[-1][1]
    together = TOGETHER.match(cut.read, end)
    start -= cut.read[start - 1 : start] == "让" != cut.read[members[1][0]]  # 让守信者处处受益、失信者寸步难行
    return Series(start, together.end() if together else end, tuple(members))


def _best(cut: BoundedText, chain: _Chain, at: int, rarity: Rarity) -> list[Span]:
    """Return the members of the best series that begins in the piece `at`, none where there is no pattern."""
    pieces = chain.pieces[at : at + MOST]
    lengths = {end - start for start, end in pieces[:3]} | set(_anchored(cut, *pieces[:2]))
    lengths |= {tail.start() - pieces[1][0] for tail in TAIL.finditer(cut.read, *pieces[1])}
    found = [_aligned(cut, pieces, length) for length in lengths if SHORTEST <= length <= LONGEST]
    found += [_headed(cut, pieces, length) for length in (4, 3, 2, 1)]
    found.append(_tailed(cut, pieces))
    valued = [(value(_members(cut, chain, at, spans), rarity), spans) for spans in found if len(spans) > 1]
    best, members = max(valued, default=(0.0, []))
    return members if best else []


def _anchored(cut: BoundedText, before: Span, after: Span) -> Iterator[int]:
    """Yield the lengths at which the end of one piece and the beginning of the next begin, or end, with the same."""
    at = cut.read.find(cut.read[after[0]], max(before[0], before[1] - LONGEST), before[1])
    if at >= 0:
        yield before[1] - at
    last = cut.read[before[1] - 2 : before[1]]
    at = cut.read.find(last, after[0], min(after[1], after[0] + LONGEST))
    if at >= 0:
        yield at + 2 - after[0]


def _aligned(cut: BoundedText, pieces: Sequence[Span], length: int) -> list[Span]:
    """Return pieces of one length: the end of the first, whole ones, the beginning of the last."""
    start, end = pieces[0][1] - length, pieces[0][1]
    if not _begins(cut, pieces[0], start) or not _whole_words(cut, pieces[0], (start, end)):
        return []
    members = [(start, end)]
    for piece in pieces[1:]:
        member = piece[0], _stop(cut, piece, length)
        if cut.read[end - 1] == "的" != cut.read[member[1] - 1]:
            break
        if not member[1] or not _whole_words(cut, piece, member) or not _like(cut, members, member):
            break
        members.append(member)
        if member[1] - member[0] > length or member[1] < piece[1]:
            break
    return members


def _begins(cut: BoundedText, piece: Span, start: int) -> bool:
    """Say whether a member may begin at `start`: with its piece, or behind a word that takes up the series."""
    return start == piece[0] or (start > piece[0] and start in cut.edges and cut.behind_word(start))


def _stop(cut: BoundedText, piece: Span, length: int) -> int:
    """Return where a member of `length` ends in its piece: with it where hardly anything is left; 0 for nowhere."""
    start, end = piece
    stop = start + length
    if stop >= end:
        return end if stop == end else 0
    tail = TAIL.match(cut.read, stop, end)
    if tail and (stop in cut.edges or tail.end() == end > stop + 1):
        return 0 if cut.read[stop] == "的" and _COVERB.search(cut.read, start, stop) else stop
    if cut.read[stop - 1] in ABSTRACT and stop in cut.edges:
        return stop
    return end if end - stop <= 2 and length > 2 and not CONJUNCTION.search(cut.read, start, end) else 0


def _whole_words(cut: BoundedText, piece: Span, member: Span) -> bool:
    """Say whether no particle stands where a member was cut from its piece, and quotation marks pair."""
    words = cut.read[slice(*member)]
    begins = member[0] == piece[0] or words[0] not in _EDGE
    ends = member[1] == piece[1] or words[-1] not in _EDGE + "等"
    pairs = words.count("“") == words.count("”") and words.count("‘") == words.count("’")
    return begins and ends and pairs and words[0] not in "”’" and words[-1] not in "“‘"


def _like(cut: BoundedText, members: Sequence[Span], new: Span) -> bool:
    """Say whether one more member keeps the pattern of those before it."""
    words = [cut.read[s:e] for s, e in members]
    added = cut.read[new[0] : new[1]]
    if added in words or len(words) == 1:
        return added not in words
    before, now = shared(words), shared([*words, added])
    beside = shared([words[-1], added])  # 不作为、慢作为
    by_chance = cut.read[members[-1][1]] == "、" and len(before) < 2  # 规范决策、完善政策、堵塞漏洞
    return bool(now or by_chance or doubled([*words, added]) or (beside and len(added) < FOUR + 1))


def _headed(cut: BoundedText, pieces: Sequence[Span], length: int) -> list[Span]:
    """Return whole pieces that begin with the same `length` characters; the first may be led in."""
    head = cut.read[pieces[1][0] : pieces[1][0] + length]
    at = cut.read.find(head, *pieces[0])
    if RULE.match(head) or FUNCTION.match(head) or not RUN.fullmatch(head):
        return []
    if at < 0 or not _begins(cut, pieces[0], at):
        return []
    members = [(at, pieces[0][1])]
    for start, end in pieces[1:]:
        if not cut.read.startswith(head, start) or end - start <= length:
            break
        members.append((start, end))
    lengths = [end - start for start, end in members]
    fits = max(lengths) <= min(LONGEST_HEADED, 2 * min(lengths)) and length < min(lengths)
    return members if fits and all(_whole_words(cut, one, one) for one in members) else []


def _tailed(cut: BoundedText, pieces: Sequence[Span]) -> list[Span]:
    """Return whole pieces that end with the same word of two characters; a verb may stand before the first."""
    first, last = pieces[0]
    tail = cut.read[last - 2 : last]
    start = max((at + 2 for at in range(first, last - 2) if cut.read[at : at + 2] in GOVERNING), default=first)
    members = [(start, last)]
    for begin, end in pieces[1:]:
        if cut.read[end - 2 : end] != tail:
            break
        members.append((begin, end))
    fits = all(2 < end - begin <= LONGEST_HEADED for begin, end in members)
    return members if fits and RUN.fullmatch(tail) and len(members) > 2 else []


def _members(cut: BoundedText, chain: _Chain, at: int, spans: Sequence[Span]) -> Members:
    """Return members that begin in the piece `at` with how they stand in their chain."""
    length, upto = min(end - start for start, end in spans), at + len(spans)
    reached = upto == len(chain.pieces) or spans[-1][1] < chain.pieces[upto - 1][1]
    before, behind = chain.pieces[:at][-1:], chain.pieces[upto:][:1]
    beside = [cut.read[end - length : end] for _, end in before]
    beside += [cut.read[start : start + length] for start, _ in behind]
    uneven = all(abs(end - start - length) > length / 2 for start, end in [*before, *behind])
    words = [cut.read[start:end] for start, end in spans]
    apart = uneven and not any(shared([word, piece]) for piece in beside for word in words)
    whole = at == 0 and reached
    return Members(cut, spans, chain.listed, whole, whole or apart)


def _free(cut: BoundedText, at: int, rarity: Rarity) -> bool:
    """Say whether a mark, a particle, a governing verb, or what never stands there else, stands before `at`."""
    before = cut.read[at - 1 : at]
    apart = at in cut.edges and rarity.of(cut.read[at - 1 : at + 1]) >= [APART]
    return not RUN.match(before) or before in PARTICLES or cut.read[at - 2 : at] in GOVERNING or apart


def _dense(cut: BoundedText, rarity: Rarity) -> Iterator[Members]:
    """Yield series without marks between the members: 以巡促改以巡促建以巡促治."""
    reached = 0
    for start, end in cut.runs():
        for length, pattern in _DENSE:
            for match in pattern.finditer(cut.read, start, end):
                begin, stop = match.span(1)
                blocks = [(at, at + length) for at in range(begin, stop, length)]
                words = [cut.read[s:e] for s, e in blocks]
                inside = length == 2 and not _free(cut, begin, rarity)
                plain = cut.read[begin] in PARTICLES or any(
                    word[at] in "是有" for word in words[:1] for at in shared(words)
                )
                if inside or plain or _EDGES & set(match[1]):
                    continue
                if begin >= reached and len(set(words)) == len(words) and cut.bounded(begin, stop):
                    reached = stop
                    yield Members(cut, blocks, True, True, True)


ROW_LONGEST, LONGEST_CLAUSE = 8, 14
_ROW = re.compile(f"(?:“[{HAN}]{{2,{ROW_LONGEST}}}”、?){{3,}}")
_QUOTED = re.compile("“([^”]+)”")
_CLAUSE = f"[{HAN}]{{2,{LONGEST_CLAUSE}}}"
_COUPLETS = re.compile(f"({_CLAUSE})，({_CLAUSE})；({_CLAUSE})，({_CLAUSE})(?![{HAN}，、])")
_CONTRAST = re.compile("(?:而)?(?:不|绝不|并非|而)?是|(?:不|没)有?")
_RULE = re.compile("应当|可以|不得|按照|依照|给予|处以|情节")


def quoted_rows(cut: BoundedText) -> Iterator[tuple[Span, ...]]:
    """Yield the words of three and more quotation marks side by side that begin, or end, with the same character."""
    for row in _ROW.finditer(cut.read):
        spans = tuple(match.span(1) for match in _QUOTED.finditer(cut.read, *row.span()))
        if any(len({cut.read[pick(span)] for span in spans}) == 1 for pick in (lambda s: s[0], lambda s: s[1] - 1)):
            yield spans


def couplets(cut: BoundedText) -> Iterator[tuple[Span, ...]]:
    """Yield two couplets parted by a semicolon whose clauses have a pattern in common: 是…，不是…；是…，不是…."""
    for match in _COUPLETS.finditer(cut.read):
        first, *others = (match.span(at) for at in range(1, 5))
        start = _led(cut, first, others[1])
        spans = ((start, first[1]), *others)
        words = [cut.read[slice(*span)] for span in spans]
        if start >= 0 and _answers(words) and not _RULE.search(match.group()):
            yield (spans[0][0], spans[1][1]), (spans[2][0], spans[3][1])


def _led(cut: BoundedText, first: Span, model: Span) -> int:
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
