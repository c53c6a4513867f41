"""Parallel series: members of one pattern side by side (以巡促改、以巡促建、以巡促治).

Members are as long as each other and share characters in the same places, or begin with the same words, or are
three and more of one length that no 和 and no 等 ends: so slogans are put side by side, and not things that are
counted up (公安机关、检察机关和审判机关). A member ends at a mark; only the last one is cut, before words that
take up the whole series (的, 等, 原则, 相结合).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.study.cutting import RUN, Cut, Rarity
from assistant.text import HAN

SHORTEST, FOUR, LONGEST, LONGEST_HEADED, MOST = 2, 4, 16, 20, 8
LOOSE = 8
RARE, RARE_PAIR, RARE_LISTED, RARE_ABSTRACT, RARE_SAYING, RARE_SHORT = 5.0, 6.5, 6.4, 4.0, 9.5, 8.0
_PIECE = re.compile(f"[{HAN}“”‘’]+")
_DENSE = (
    re.compile(f"(?=(([{HAN}])([{HAN}])([{HAN}])[{HAN}](?:\\2\\3\\4[{HAN}]){{1,}}))"),
    re.compile(f"(?=(([{HAN}])([{HAN}])[{HAN}][{HAN}](?:\\2\\3[{HAN}][{HAN}]){{2,}}))"),
    re.compile(f"(?=(([{HAN}])[{HAN}]([{HAN}])(?:\\2[{HAN}]\\3){{1,}}))"),
    re.compile(f"(?=([{HAN}]([{HAN}])(?:[{HAN}]\\2){{2,}}))"),
    re.compile(f"(?=([{HAN}]{{2}}(感)(?:[{HAN}]{{2}}\\2){{1,}}))"),
)
_PLAIN = re.compile(
    ".*[省市县区镇乡村街路湖局委办厅部院所司处科室队站厂店校会社馆堂员者人物品费款金税证书表册件车船机率量数类期型用户]"
    "|[一二三四五六七八九十0-9百千万]+[个名项条年月日次].*|.*(?:公司|机关|单位|组织|机构|企业|团体|部门|中心|法律|法规|规章|条例|办法|设施)"
)
_RULE = re.compile("不得|应当|禁止|可以|尚未|依法|有关|根据|按照|无法|或者|以及")
_FUNCTION = re.compile("[未经由对其本在因或各及是就但并已将若如]")
_TAIL = re.compile(
    "的|等|之|一体|一起|相互?(?:结合|统一|衔接|协调|适应|促进|融合|贯通)|并[重举存]|贯通|融合|联动|同[步时向]"
    "|(?:问题|原则|机制|制度|体系|格局|要求|工作|活动|精神|作风|能力|水平|目标|理念|方针|优势|责任|行为|模式|方式|"
    "做法|意识|工程|行动|导向|力量|氛围|姿态|劲头|思想|思维|标准|方向|关系|现象|特点|方面|措施|任务|建设|发展|改革|监督|"
    "管理|服务|治理|整治|教育|队伍)|[强高]$"
)
_TOGETHER = re.compile("相互?(?:结合|统一|衔接|协调|适应|促进|融合|贯通)|并[重举存]|一体推进")
_TAKES_UP = re.compile("的|之|"+_TOGETHER.pattern)
_VERBS = "不即靠带促为有到无胜比变得之一更"
_STATES = re.compile("(?:坚持|遵循|秉持|秉承|恪守|弘扬|发扬|践行|牢记|压实|扛牢|做到|倡导|打造|树牢|树立|保持|形成|构建)$")
_STATED = re.compile("的(?:总?方针|.{0,2}原则|.{0,2}理念|.{0,2}精神|.{0,2}格局|.{0,2}思路|.{0,2}要求|.{0,2}目标)")
_COVERB = re.compile("[对向从为给跟由][^的]{1,2}$")
_LEADS = frozenset("从用让把以靠为讲抓不既有敢能一要坚")
_OFFICE = re.compile("[省市县区镇乡村直级属]{2}")
_BEFORE, _BEHIND = tuple("。！？；：\n“") + ("",), tuple("。！？；\n”") + ("",)
_BALANCED = re.compile("(?:结合|统一|并[重举存]|融合|衔接)$")
_CONJUNCTION = re.compile("和(?![谐平睦解善])|(?<!参)与(?![时会共众])|及(?![时早])|或(?!许)|等$")
_ABSTRACT = "性化感力度"
_FEW = re.compile(f"[的等于将被把]|{_CONJUNCTION.pattern}")
_EDGE = "的了和与或及着过吗呢等"
_COMMAS = "，,；;"


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


def series(cut: Cut, rarity: Rarity) -> Iterator[Series]:
    """Yield the series of a text, from left to right."""
    for chain in _chains(cut):
        at = 0
        while at < len(chain.pieces) - 1:
            found = _best(cut, chain, at, rarity)
            if found:
                yield _series(cut, found)
            whole = bool(found) and found[-1][1] == chain.pieces[at + len(found) - 1][1]
            at += max(len(found) - (not whole), 1)
    for dense in _dense(cut):
        if _is_rare([cut.read[s:e] for s, e in dense.members], RARE, rarity):
            yield dense


def _chains(cut: Cut) -> Iterator[_Chain]:
    """Yield the runs of pieces between which only 、 stands, or only commas; no clause of a run is itself a list."""
    found = [match.span() for match in _PIECE.finditer(cut.read)]
    joints = [cut.read[a[1] : b[0]] for a, b in zip(found, found[1:], strict=False)]
    pieces = [_bare(cut, *piece) for piece in found]
    begin = 0
    while begin < len(joints):
        kind = "、" if joints[begin] == "、" else _COMMAS
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


def _bare(cut: Cut, start: int, end: int) -> Span:
    """Return a piece without a quotation mark at an end whose other one stands in another piece."""
    words = cut.read[start:end]
    opens = words[0] in "“‘" and not re.search("[”’]", words)
    closes = words[-1] in "”’" and not re.search("[“‘]", words)
    return start + opens, end - closes


def _series(cut: Cut, members: Sequence[Span]) -> Series:
    """Return members as a series, with 相结合 and its like behind them."""
    end = members[-1][1]
    together = _TOGETHER.match(cut.read, end)
    return Series(members[0][0], together.end() if together else end, tuple(members))


def _best(cut: Cut, chain: _Chain, at: int, rarity: Rarity) -> list[Span]:
    """Return the members of the best series that begins in the piece `at`, none where there is no pattern."""
    pieces = chain.pieces[at : at + MOST]
    lengths = {end - start for start, end in pieces[:3]} | set(_anchored(cut, *pieces[:2]))
    lengths |= {tail.start() - pieces[1][0] for tail in _TAIL.finditer(cut.read, *pieces[1])}
    found = [_aligned(cut, pieces, length) for length in lengths if SHORTEST <= length <= LONGEST]
    found += [_headed(cut, pieces, length) for length in (4, 3, 2, 1)]
    valued = [(_value(cut, chain, at, members, rarity), members) for members in found if len(members) > 1]
    value, members = max(valued, default=(0.0, []))
    return members if value else []


def _anchored(cut: Cut, before: Span, after: Span) -> Iterator[int]:
    """Yield the lengths at which the end of one piece and the beginning of the next begin, or end, with the same."""
    at = cut.read.find(cut.read[after[0]], max(before[0], before[1] - LONGEST), before[1])
    if at >= 0:
        yield before[1] - at
    last = cut.read[before[1] - 2 : before[1]]
    at = cut.read.find(last, after[0], min(after[1], after[0] + LONGEST))
    if at >= 0:
        yield at + 2 - after[0]


def _aligned(cut: Cut, pieces: Sequence[Span], length: int) -> list[Span]:
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


def _begins(cut: Cut, piece: Span, start: int) -> bool:
    """Say whether a member may begin at `start`: with its piece, or behind a word that takes up the series."""
    return start == piece[0] or (start > piece[0] and start in cut.edges and cut.behind_word(start))


def _stop(cut: Cut, piece: Span, length: int) -> int:
    """Return where a member of `length` ends in its piece: with it where hardly anything is left; 0 for nowhere."""
    start, end = piece
    stop = start + length
    if stop >= end:
        return end if stop == end else 0
    if _TAIL.match(cut.read, stop, end) and stop in cut.edges:
        return 0 if cut.read[stop] == "的" and _COVERB.search(cut.read, start, stop) else stop
    if length == 3 and cut.read[stop - 1] in _ABSTRACT and stop in cut.edges:
        return stop
    return end if end - stop <= 2 and length > 2 and not _CONJUNCTION.search(cut.read, start, end) else 0


def _whole_words(cut: Cut, piece: Span, member: Span) -> bool:
    """Say whether no particle stands where a member was cut from its piece, and quotation marks pair."""
    words = cut.read[slice(*member)]
    begins = member[0] == piece[0] or words[0] not in _EDGE
    ends = member[1] == piece[1] or words[-1] not in _EDGE
    pairs = words.count("“") == words.count("”") and words.count("‘") == words.count("’")
    return begins and ends and pairs and words[0] not in "”’" and words[-1] not in "“‘"


def _like(cut: Cut, members: Sequence[Span], new: Span) -> bool:
    """Say whether one more member keeps the pattern of those before it."""
    words = [cut.read[s:e] for s, e in members]
    added = cut.read[new[0] : new[1]]
    if added in words or len(words) == 1:
        return added not in words
    before, now = _shared(words), _shared([*words, added])
    beside = _shared([words[-1], added])  # 不作为、慢作为
    by_chance = cut.read[members[-1][1]] == "、" and len(before) < 2  # 规范决策、完善政策、堵塞漏洞
    return bool(now or by_chance or (beside and len(added) < FOUR + 1))


def _shared(words: Sequence[str]) -> list[int]:
    """Return the places at which all words have the same character."""
    return [at for at, letters in enumerate(zip(*words, strict=False)) if len(set(letters)) == 1]


def _headed(cut: Cut, pieces: Sequence[Span], length: int) -> list[Span]:
    """Return whole pieces that begin with the same `length` characters; the first may be led in."""
    head = cut.read[pieces[1][0] : pieces[1][0] + length]
    at = cut.read.find(head, *pieces[0])
    if _RULE.match(head) or _FUNCTION.match(head) or not RUN.fullmatch(head):
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


def _value(cut: Cut, chain: _Chain, at: int, members: list[Span], rarity: Rarity) -> float:
    """Return how good a series is, 0 for none: members, what they share, their length."""
    words = [cut.read[s:e] for s, e in members]
    shared = _shared(words)
    length = min(map(len, words))
    listing = shared == list(range(length - len(shared), length)) and not _says(words[0], shared)
    listing = listing or bool(_OFFICE.match(words[0][0] * 2))
    if listing and sum(bool(_PLAIN.fullmatch(word)) for word in words) * 2 > len(words):
        return 0.0
    reached = len(members) == len(chain.pieces) or members[-1][1] < chain.pieces[at + len(members) - 1][1]
    whole = at == 0 and reached
    before, behind = chain.pieces[:at][-1:], chain.pieces[at + len(members) :][:1]
    beside = [cut.read[end - length : end] for begin, end in before]
    beside += [cut.read[begin : begin + length] for begin, end in behind]
    uneven = all(abs(end - begin - length) > length / 2 for begin, end in [*before, *behind])
    apart = whole or (uneven and not any(_shared([word, piece]) for piece in beside for word in words))
    holds = _pair if len(words) == 2 else _several if shared or _shared(words[-2:]) else _loose
    found = _Found(cut, members, words, shared, chain.listed, whole, apart)
    if not holds(found, rarity):
        return 0.0
    return len(words) * (1 + 2 * len(shared)) + 2 * found.equal + sum(map(len, words)) / 20


def _says(word: str, shared: Sequence[int]) -> bool:
    """Say whether words share a verb or 不 between their ends: 小事不出村, 垃圾靠风刮."""
    return any(word[at] in _VERBS for at in shared if 0 < at < len(word) - 1)


@dataclass(frozen=True)
class _Found:
    """Members that may be a series: their words, the places where those agree, whether they are a whole chain, or unlike its others."""

    cut: Cut
    members: list[Span]
    words: list[str]
    shared: list[int]
    listed: bool
    whole: bool
    apart: bool

    @property
    def equal(self) -> bool:
        """Whether the members are as long as each other."""
        longer = len(self.words[-1]) - len(self.words[0])
        return len(set(map(len, self.words[:-1]))) == 1 and 0 <= longer <= 2 * (len(self.words) > 2)

    @property
    def ends(self) -> bool:
        """Whether nothing but a mark, 的, or words that take up the series stand behind it."""
        at = self.members[-1][1]
        return not RUN.match(self.cut.read, at) or bool(_TAKES_UP.match(self.cut.read, at))

    @property
    def stated(self) -> bool:
        """Whether a document says that this is held, or calls it a principle."""
        read, start = self.cut.read, self.members[0][0]
        return bool(_STATES.search(read[start - 2 : start]) or _STATED.match(read, self.members[-1][1]))


def _pair(found: _Found, rarity: Rarity) -> bool:
    """Say whether two members are a pattern: what they share is most of them, or both halves of a saying."""
    words, shared, length = found.words, len(found.shared), min(map(len, found.words))
    if length < 3 or _RULE.match(words[0]) or (found.listed and not found.apart):
        return False
    first = found.shared[:1] == [0]
    if not found.equal:
        return found.listed and words[0][0] in _LEADS and shared > 2 and found.shared[2] == 2
    if not found.listed:
        return _couplet(found, rarity)
    tail = shared and found.shared == list(range(length - shared, length))
    if tail and not (_TAKES_UP.search(words[0]) or (length == FOUR and not all(map(_OFFICE.match, words)))):
        return False
    alike = all(word[0] == word[1] for word in words) or all(map(_BALANCED.search, words))
    if alike or (shared and not tail and _is_rare(words, RARE_SAYING - shared, rarity)):
        return True  # 人人讲安全、个个会应急; 严管厚爱结合、激励约束并重
    spread = shared > 1 and found.shared[-1] - found.shared[0] >= shared
    if first or spread or length == FOUR or _TAKES_UP.search(words[0]):
        return (shared > 1 and _is_rare(words, RARE_PAIR - shared / 2, rarity)) or _says(words[0], found.shared)
    return _says(words[0], found.shared)


def _couplet(found: _Found, rarity: Rarity) -> bool:
    """Say whether two clauses are both halves of a saying: a sentence of its own, or with something in common."""
    shared, length = len(found.shared), len(found.words[0])
    start, end = found.members[0][0], found.members[1][1]
    led = start > 0 and RUN.match(found.cut.read, start - 1)
    if shared > 1 and found.shared == list(range(length - shared, length)):
        return False  # 把握巡察重点，聚焦监督重点
    alone = found.cut.read[start - 1 : start] in _BEFORE and found.cut.read[end : end + 1] in _BEHIND
    if found.cut.read[found.members[0][1]] not in "，," or _FUNCTION.match(found.words[0]):
        return False
    if any(_RULE.search(word) for word in found.words) or led:
        return shared > 2 and found.shared[0] == 0 and found.ends
    if length < LOOSE and not RUN.match(found.cut.read, end) and (alone or shared):
        return _is_rare(found.words, RARE_SAYING - shared, rarity)
    return found.shared[:1] == [0] and (2 * shared >= length or shared > 2)


def _several(found: _Found, rarity: Rarity) -> bool:
    """Say whether three and more members that share something are a pattern."""
    length = min(map(len, found.words))
    if length < 3:
        together = bool(_TOGETHER.match(found.cut.read, found.members[-1][1]))
        return together or (found.whole and found.ends and _is_rare(found.words, RARE_SHORT, rarity))
    if _RULE.match(found.words[0]) or not (found.listed or found.shared[:1] == [0] or length < LOOSE):
        return False
    begun = found.shared[:1] == [0]
    if not found.equal and not (begun and found.ends and (not found.listed or found.words[0][0] in _LEADS)):
        return False
    if found.stated and found.equal:
        return True
    abstract = len({word[-1] for word in found.words}) == 1 and found.words[0][-1] in _ABSTRACT
    begun = begun and not (length == FOUR and found.shared == [0, 1] and found.listed)  # 运营主体、运营期限
    return _is_rare(found.words, RARE_ABSTRACT if abstract else RARE if begun else RARE_LISTED, rarity)


def _loose(found: _Found, rarity: Rarity) -> bool:
    """Say whether members that share nothing are a pattern: one length between 、, all that stands there."""
    length = len(found.words[0])
    ends = found.ends or (length > 3 and found.cut.read.startswith("等方面", found.members[-1][1]))
    if not (found.listed and found.whole and found.equal and ends) or length > LOOSE:
        return False
    if length == 2:
        return len(found.words) > 3 and found.cut.read[found.members[-1][1]] == "的"
    if any(_FEW.search(word) for word in found.words):
        return False
    return found.stated or _is_rare(found.words, RARE_LISTED, rarity)


def _is_rare(words: Sequence[str], least: float, rarity: Rarity) -> bool:
    bare = [re.sub("[“”‘’]", "", word) for word in words]
    return sum(map(rarity.mean, bare)) / len(bare) >= least


def _dense(cut: Cut) -> Iterator[Series]:
    """Yield series without marks between the members: 以巡促改以巡促建以巡促治."""
    reached = 0
    for start, end in cut.runs():
        for pattern, length in zip(_DENSE, (4, 4, 3, 2, 3), strict=True):
            for match in pattern.finditer(cut.read, start, end):
                begin, stop = match.span(1)
                blocks = [(at, at + length) for at in range(begin, stop, length)]
                words = [cut.read[s:e] for s, e in blocks]
                if begin >= reached and len(set(words)) == len(words) and cut.bounded(begin, stop):
                    reached = stop
                    yield Series(begin, stop, tuple(blocks))
