"""Parallel series: members of one pattern side by side (以巡促改、以巡促建、以巡促治).

Members are as long as each other and share characters in the same places, or are three and more of three to
six characters. Lists of plain words (公安机关、检察机关) look like it: their pairs of characters are frequent in
the background.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.study.cutting import Cut, Rarity
from assistant.text import HAN

SHORTEST, LONGEST = 3, 14
LOOSE = 6
RARE, RARE_ABSTRACT, RARE_LOOSE = 6.5, 4.0, 8.0
RARE_BY_LENGTH = {(3, 3): 9.5, (3, 4): 9.0, (4, 3): 7.0, (4, 4): 6.3}
MOST = 8
_PIECE = re.compile(f"[{HAN}“”‘’]+")
_JOINT = re.compile("(?:[、，,；;])$")
_DENSE = (
    re.compile(f"(?=(([{HAN}])([{HAN}])([{HAN}])[{HAN}](?:\\2\\3\\4[{HAN}]){{1,}}))"),
    re.compile(f"(?=(([{HAN}])([{HAN}])[{HAN}][{HAN}](?:\\2\\3[{HAN}][{HAN}]){{2,}}))"),
    re.compile(f"(?=(([{HAN}])[{HAN}]([{HAN}])(?:\\2[{HAN}]\\3){{1,}}))"),
)
_PLAIN = re.compile(
    ".*[省市县区镇乡村局委办厅部院所司处科室队站厂店校会员者人物品费款金税证书表册件车船机率量数]|[一二三四五六七八九十0-9百千万].*"
    "|.*(?:公司|机关|单位|组织|机构|企业|团体|部门|中心|法律|法规|规章|条例|办法)"
)
_BOUND = re.compile("[^\\w]|[的等和与中只要]|$")
_ABSTRACT = "性化感力度"
_FEW = re.compile("[的了和与或及等在于对将被把是]")
_EDGE = "的了和与或及着过吗呢"


@dataclass(frozen=True)
class Series:
    """A series: where it stands and its members, (start, end) each."""

    start: int
    end: int
    members: tuple[tuple[int, int], ...]


def series(cut: Cut, rarity: Rarity) -> Iterator[Series]:
    """Yield the series of a text, from left to right."""
    pieces = [match.span() for match in _PIECE.finditer(cut.read)]
    at = 0
    while at < len(pieces) - 1:
        found = _series_at(cut, pieces, at, rarity)
        if found:
            yield _series(found)
        at += max(len(found) - 1, 1) if found else 1
    for dense in _dense(cut):
        if _is_rare([cut.read[s:e] for s, e in dense.members], 2, rarity):
            yield dense


def _series(members: Sequence[tuple[int, int]]) -> Series:
    return Series(members[0][0], members[-1][1], tuple(members))


def _series_at(cut: Cut, pieces: list[tuple[int, int]], at: int, rarity: Rarity) -> list[tuple[int, int]]:
    """Return the members of the series that begins in the piece `at`, none where there is no pattern."""
    reach = at + 1
    while reach < len(pieces) and reach < at + MOST and _joined(cut, pieces[reach - 1], pieces[reach]):
        reach += 1
    lengths = {end - start for start, end in pieces[at : min(reach, at + 3)]}
    lengths |= set(_anchored(cut, *pieces[at : at + 2])) if reach > at + 1 else set()
    best: list[tuple[int, int]] = []
    for length in sorted(lengths, reverse=True):
        if SHORTEST <= length <= LONGEST:
            members = _members(cut, pieces[at:reach], length)
            best = members if _value(cut, members, rarity) > _value(cut, best, rarity) else best
    return best


def _joined(cut: Cut, before: tuple[int, int], after: tuple[int, int]) -> bool:
    return after[0] - before[1] == 1 and bool(_JOINT.match(cut.read[before[1]]))


def _anchored(cut: Cut, before: tuple[int, int], after: tuple[int, int]) -> Iterator[int]:
    """Yield the lengths at which the end of one piece and the beginning of the next begin, or end, with the same."""
    at = cut.read.find(cut.read[after[0]], max(before[0], before[1] - LONGEST), before[1])
    if at >= 0:
        yield before[1] - at
    last = cut.read[before[1] - 2 : before[1]]
    at = cut.read.find(last, after[0], min(after[1], after[0] + LONGEST))
    if at >= 0:
        yield at + 2 - after[0]


def _members(cut: Cut, pieces: Sequence[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """Return pieces of `length`: the end of the first, whole ones, the beginning of the last."""
    first = (pieces[0][1] - length, pieces[0][1])
    if first[0] < pieces[0][0] or not (_clean(cut, first) and cut.behind_word(first[0])):
        return []
    members = [first]
    for start, end in pieces[1:]:
        member = (start, start + length)
        if member[1] > end or not _clean(cut, member) or not _like(cut, members, member):
            break
        members.append(member)
        if member[1] < end:
            break
    return members if len(members) > 1 else []


def _clean(cut: Cut, member: tuple[int, int]) -> bool:
    return cut.bounded(*member) and _whole_words(cut.read[slice(*member)])


def _whole_words(words: str) -> bool:
    """Say whether no particle stands at an end and quotation marks pair."""
    ends = words[0] in _EDGE + "”’" or words[-1] in _EDGE + "等“‘"
    return not ends and words.count("“") == words.count("”") and words.count("‘") == words.count("’")


def _like(cut: Cut, members: Sequence[tuple[int, int]], new: tuple[int, int]) -> bool:
    """Say whether one more member keeps the pattern of those before it."""
    words = [cut.read[s:e] for s, e in members]
    added, listed = cut.read[new[0] : new[1]], cut.read[members[-1][1]] == "、"
    if added in words or len(words) == 1:
        return added not in words
    before = _shared(words)
    by_chance = listed and len(before) < 2  # 规范决策、完善政策、堵塞漏洞
    return by_chance or (bool(before) and bool(_shared([*words, added])))


def _shared(words: Sequence[str]) -> list[int]:
    """Return the places at which all words have the same character."""
    return [at for at, letters in enumerate(zip(*words, strict=True)) if len(set(letters)) == 1]


def _value(cut: Cut, members: Sequence[tuple[int, int]], rarity: Rarity) -> float:
    """Return how good a series is, 0 for none: members, what they share, their length."""
    if len(members) < 2:
        return 0.0
    words = [cut.read[s:e] for s, e in members]
    shared = _shared(words)
    if not _holds(cut, members, words, shared) or not _is_rare(words, len(shared), rarity):
        return 0.0
    return len(words) * (1 + 2 * len(shared)) + len(words[0]) / 10


def _holds(cut: Cut, members: Sequence[tuple[int, int]], words: Sequence[str], shared: Sequence[int]) -> bool:
    """Say whether members are a pattern: by what they share, or three and more of one length between 、."""
    length, listed = len(words[0]), all(cut.read[end] == "、" for _, end in members[:-1])
    if len(words) > 2:
        return bool(shared) or (listed and length <= LOOSE)
    one_word = len(shared) == 2 and shared[1] - shared[0] == 1
    if len(shared) < 2 or (one_word and (length > 4 or not listed)):
        return False
    if not listed:
        return 2 * len(shared) >= length and not shared[0] and _is_whole(cut, *members[1])
    return len(shared) == length - 1 or any(_is_whole(cut, *member) for member in members)


def _is_whole(cut: Cut, start: int, end: int) -> bool:
    """Say whether a member is all that stands between two marks or particles."""
    return bool(_BOUND.match(cut.read[start - 1 : start]) and _BOUND.match(cut.read[end : end + 1]))


def _is_rare(words: Sequence[str], shared: int, rarity: Rarity) -> bool:
    bare = [re.sub("[“”‘’]", "", word) for word in words]
    if len(bare[0]) <= LOOSE and sum(bool(_PLAIN.fullmatch(word)) for word in bare) * 2 > len(bare):
        return False
    if not shared and any(_FEW.search(word) for word in bare):
        return False
    abstract = len(bare) > 2 and len({word[-1] for word in bare}) == 1 and bare[0][-1] in _ABSTRACT
    begun = len(bare) > 2 and len({word[0] for word in bare}) == 1
    by_length = RARE if begun else RARE_BY_LENGTH.get((len(bare[0]), min(len(bare), 4)), RARE_LOOSE)
    least = RARE_ABSTRACT if abstract else max(RARE + 2 - shared, RARE_ABSTRACT) if shared > 1 else by_length
    return sum(map(rarity.mean, bare)) / len(bare) >= least


def _dense(cut: Cut) -> Iterator[Series]:
    """Yield series without marks between the members: 以巡促改以巡促建以巡促治."""
    reached = 0
    for start, end in cut.runs():
        for pattern, length in zip(_DENSE, (4, 4, 3), strict=True):
            for match in pattern.finditer(cut.read, start, end):
                begin, stop = match.span(1)
                blocks = [(at, at + length) for at in range(begin, stop, length)]
                words = [cut.read[s:e] for s, e in blocks]
                if begin >= reached and len(set(words)) == len(words) and cut.bounded(begin, stop):
                    reached = stop
                    yield _series(blocks)
