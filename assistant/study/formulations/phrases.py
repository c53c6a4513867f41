"""Set phrases: four characters by their shape (照搬照抄, 应保尽保) or rarity (一针见血), ideals, recurring terms."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from assistant.base.text import HAN
from assistant.study.formulations.phrase_patterns import is_plain, named_by_head, principles
from assistant.study.source.word_boundaries import GOVERNING, PARTICLES, RUN, TAIL, TAKES_UP, BoundedText, Rarity

FOUR = 4
RARE_WHOLE, RARE_RECURRING, RARE_SHAPED = 14.0, 12.0, 11.0
RARE_PAIRED, RARE_BESIDE, RARE_INSIDE = 16.0, 21.5, 22.5
KNOWN, APART, UNSEEN = 11.0, 7.5, 12.0
RARE_HALF = 3.0, 6.0  # less is a word of its own: 事项逐项
SET_LEAST, SET_RANGE = 11.0, 0.7
RECURS, RARE_TERM = 3, 8.0
TERM_SHORTEST, TERM_LONGEST = 4, 7

_SHAPED = (
    re.compile(f"(?=(([{HAN}])([{HAN}])\\2(?!\\3)[{HAN}]))"),  # 照搬照抄, 不严不实
    re.compile(f"(?=((?!以)[{HAN}]([{HAN}])(?!\\2|不|没)[{HAN}]\\2))"),  # 应保尽保, 偷倒乱倒
    re.compile(f"(?=(以[{HAN}][代促带保养治][{HAN}]))"),
    re.compile(f"(?=((件|事|人|处|层|时|步|家|户|条|项|个|样|村|岗)\\2[有见能都讲抓管过][{HAN}]{{1,2}}))"),
)
_NUMERALS = re.compile("[一二三四五六七八九十百千万〇零两几]")
_STARTS_NONE = frozenset("让的了和或及是在把被将该本这那等着也都又并且但若我你他她它个谢要由经按凡如")
_NO_SHAPE = frozenset("由则也都的了和与是在对把个年月日第或及被将为级本各这那其")
_OFFICES = frozenset("省市县区镇乡村局厅部院所司处科室队站厂街湖河办")
_PLACE = re.compile(
    f".*(?:[{''.join(sorted(_OFFICES))}]|街道|公司|同志|中心|.委|政府|书记|主任|.长)|[上下本这]次.*|谢谢.*|.*以来|.*期间|.*自己.*|.*百分.*|.*[二两三四五六七八九十]人"
)
_INNER = re.compile("[的了和与或及被把将其某该]|关于|进行|通过|应当|不得|根据|按照")
_ORDINAL = re.compile("[一二三四五六七八九十]是")
_LOOSE = frozenset("了得让把被的比是在以从由向为对将于越则")
_OPENS, _CLOSES = tuple("，。、；：！？（”》\n") + ("",), tuple("，。、；：！？）\n") + ("",)
_FREE = frozenset("，。、；：！？“”（）\n的和与及把是对为")
_ADDING = frozenset("也都就还又再各第")
_ADVERBS = frozenset("深刻 奋力 切实 着力 持续 大力 充分 全面 深入 积极 十分 非常 不断 继续 认真".split())
_OF = re.compile("的")


class _Site(IntEnum):
    """How a phrase was found, the surest first: of those that overlap the surest counts."""

    IDEAL = 0
    SHAPED = 1
    WHOLE = 2
    EDGE = 3
    INSIDE = 4


@dataclass(frozen=True, order=True)
class _Found:
    site: _Site
    start: int
    end: int


def phrases(cuts: Sequence[BoundedText], rarity: Rarity) -> Iterator[str]:
    """Yield the set phrases of the texts and the rare terms that recur in them, repeats included."""
    recurring = Counter(cut.read[start:end] for cut in cuts for start, end in _wholes(cut))
    for cut in cuts:
        taken: set[int] = set()
        for found in sorted(_all(cut, rarity, recurring)):
            if taken.isdisjoint(range(found.start, found.end)):
                taken.update(range(found.start, found.end))
                yield cut.read[found.start : found.end]
        for start, end in (*named_by_head(cut, rarity), *_threes(cut, rarity)):
            yield cut.read[start:end]
    yield from _terms(cuts, rarity)


def is_set(words: str, rarity: Rarity) -> bool:
    """Say whether four characters are a set phrase by shape or rarity."""
    shaped = any((found := pattern.match(words)) and found[1] == words for pattern in _SHAPED)
    return len(words) == FOUR and (shaped or (_sound(words) and _is_rare(words, rarity, RARE_PAIRED)))


def _all(cut: BoundedText, rarity: Rarity, recurring: Counter[str]) -> Iterator[_Found]:
    """Yield the phrases of one text, overlapping ones, too."""
    for start, end in principles(cut, rarity):
        yield _Found(_Site.IDEAL, start, end)
    for start, end in _shaped(cut, rarity):
        yield _Found(_Site.SHAPED, start, end)
    for start, end in _wholes(cut):
        words = cut.read[start:end]
        if words[:2] in _ADVERBS:
            continue
        once = recurring[words] == 1 and cut.read.count(words) == 1
        rare = _is_rare(words, rarity, RARE_WHOLE if once else RARE_RECURRING) and not (
            once and is_plain(cut, start, rarity)
        )
        if _sound(words) and (rare or _is_known(cut, start, rarity)):
            yield _Found(_Site.WHOLE, start, end)
    for found, least in _parts(cut, rarity):
        words = cut.read[found.start : found.end]
        loose = bool(_LOOSE & set(words[1:])) or words[0] in "二两三四五六七八九十" or words[1] == words[2]
        loose = loose or words[0] == words[1] or words[:2] in _ADVERBS
        loose = loose or (len(words) == FOUR and cut.read.count(words) == 1 and is_plain(cut, found.start, rarity))
        known = found.site is not _Site.INSIDE and _is_known(cut, found.start, rarity)
        if _sound(words) and not loose and (known or _is_rare(words, rarity, least)):
            yield found


def _is_rare(words: str, rarity: Rarity, least: float) -> bool:
    """Say whether both halves are rare, or the middle no rarer, as in a set phrase that the background knows."""
    first, *_, last = rarity.of(words)
    return first + last >= least


def _is_known(cut: BoundedText, start: int, rarity: Rarity) -> bool:
    """Say whether four characters are a set phrase that the background knows: the middle no rarer than a half.

    The tokenizer has them whole, or none of their pairs; 安全生产 is no phrase, for its halves are frequent.
    """
    inner = sum(at in cut.edges for at in range(start + 1, start + FOUR))
    first, middle, last = rarity.of(cut.read[start : start + FOUR])
    known = max(first, last)
    return inner in (0, FOUR - 1) and first + last >= SET_LEAST and abs(middle - known) <= SET_RANGE and known < KNOWN


def _sound(words: str) -> bool:
    """Say whether words can be a phrase: no particle in front, no place, no office, no figures."""
    return (
        not (words[0] in _STARTS_NONE or words[-1] in "的等" or _PLACE.fullmatch(words))
        and len(_NUMERALS.findall(words)) < 3
    )


def _wholes(cut: BoundedText) -> Iterator[tuple[int, int]]:
    """Yield four characters between two marks, or between a mark and 的."""
    for start, end in cut.runs():
        start += 2 * bool(_ORDINAL.match(cut.read, start)) if cut.read[start - 1 : start] in _OPENS else 0
        before = cut.read[start - 1 : start]
        if (before in _OPENS or before == "是") and end - start >= FOUR:
            after = cut.read[start + FOUR : start + FOUR + 1]
            if after == "、" and before != "、" and _governs(cut, start):
                continue
            plain = after == "的" and bool(cut.read[start] in PARTICLES or _LOOSE & set(cut.read[start : start + FOUR]))
            if after in _CLOSES or (after == "的" and not plain):
                yield start, start + FOUR


def _governs(cut: BoundedText, start: int) -> bool:
    """Say whether the first of four characters before 、 govern a list: 围绕茶叶、毛竹, 走特色化、品牌化."""
    following = RUN.match(cut.read, start + FOUR + 1)
    short = following is not None and following.end() - following.start() < FOUR
    return short or cut.read[start] in "对为从向由" or cut.read[start : start + 2] in GOVERNING


def _parts(cut: BoundedText, rarity: Rarity) -> Iterator[tuple[_Found, float]]:
    """Yield four characters at an end of longer runs, before 的, or inside where no word of two covers them."""
    for start, end in cut.runs():
        stops = [end] if cut.read[end : end + 1] in _CLOSES else []
        for stop in stops + [match.start() for match in _OF.finditer(cut.read, start, end)]:
            if _stands(cut, start, stop, rarity):
                yield _Found(_Site.EDGE, stop - FOUR, stop), RARE_PAIRED if _paired(cut, stop) else RARE_BESIDE
        if end - start > FOUR + 1 and _opens(cut, start, rarity):
            clause = end - start < 2 * FOUR and cut.read[end : end + 1] in _CLOSES
            yield _Found(_Site.EDGE, start, end if clause else start + FOUR), RARE_INSIDE
        edges = [at for at in range(start, end + 1) if at in cut.edges]
        for at in range(len(edges) - FOUR):
            first, last = edges[at], edges[at + FOUR]
            fits = _between_words(edges, at) and cut.read[first] not in PARTICLES | _OFFICES
            fits = fits and not _NUMERALS.match(cut.read[first - 1 : first])
            fits = fits and (last == end or bool(TAIL.match(cut.read, last, end)))
            if last - first == FOUR < end - start and fits:
                yield _Found(_Site.INSIDE, first, last), RARE_INSIDE


def _paired(cut: BoundedText, stop: int) -> bool:
    """Say whether four more characters, and no others, follow behind 、."""
    after = RUN.match(cut.read, stop + 1)
    return cut.read[stop : stop + 1] == "、" and after is not None and after.end() - after.start() == FOUR


def _built(cut: BoundedText, start: int) -> bool:
    """Say whether four characters are whole words, of which the tokenizer knows no more than one half."""
    inner = [at for at in range(start + 1, start + FOUR) if at in cut.edges]
    return cut.bounded(start, start + FOUR) and (not inner or (start + 2 in inner and len(inner) > 1))


def _opens(cut: BoundedText, start: int, rarity: Rarity) -> bool:
    """Say whether a clause begins with four characters that the background does not know, and a word: 学深悟透."""
    words = cut.read[start : start + FOUR]
    opens = cut.read[start - 1 : start] in _OPENS and all(at in cut.edges for at in range(start, start + FOUR + 1))
    alone = not PARTICLES & set(words) and len(set(words)) == FOUR and not _NUMERALS.search(words)
    word = start + FOUR + 1 not in cut.edges or cut.read[start + FOUR + 1] == "的"
    return opens and alone and word and min(rarity.of(words)) >= UNSEEN


def _stands(cut: BoundedText, start: int, stop: int, rarity: Rarity) -> bool:
    """Say whether the four characters before `stop` are built like a phrase and stand behind a word or a particle."""
    begin = stop - FOUR
    if begin <= start or not _built(cut, begin) or cut.read[begin] in PARTICLES:
        return False
    if cut.read[begin - 2 : begin] in GOVERNING:
        return True
    if cut.read[begin - 1] in PARTICLES - _ADDING or _NUMERALS.match(cut.read[begin - 1]):
        return not _NUMERALS.match(cut.read[begin - 1])
    led = begin - 2 >= start and not set("的了是在和与") & set(cut.read[begin - 2 : begin])
    known = led and rarity.of(cut.read[begin - 2 : begin])[0] < KNOWN
    return rarity.of(cut.read[begin - 1 : begin + 1])[0] >= APART and ((begin - 1) not in cut.edges or known)


def _threes(cut: BoundedText, rarity: Rarity) -> Iterator[tuple[int, int]]:
    """Yield three words of two characters that stand side by side as hardly anywhere: 忠诚干净担当."""
    for start, end in cut.runs():
        for match in re.finditer("的", cut.read[start:end]):
            begin, stop = start + match.start() - 6, start + match.start()
            words = [cut.read[at : at + 2] for at in range(begin, stop, 2)]
            led = cut.read[begin - 2 : begin] in GOVERNING
            plain = [word for word in words if word in GOVERNING or TAKES_UP.match(word) or PARTICLES & set(word)]
            if begin < start or not led or plain:
                continue
            idf = rarity.of(cut.read[begin:stop])
            if max(idf[::2]) < KNOWN <= min(idf[1::2]) and all(at in cut.edges for at in range(begin, stop + 1, 2)):
                yield begin, stop


def _between_words(edges: Sequence[int], at: int) -> bool:
    """Say whether four single characters have words of two and more, or an end, on both sides."""
    before = at == 0 or edges[at] - edges[at - 1] > 1
    after = at + FOUR == len(edges) - 1 or edges[at + FOUR + 1] - edges[at + FOUR] > 1
    return before and after


def _shaped(cut: BoundedText, rarity: Rarity) -> Iterator[tuple[int, int]]:
    """Yield phrases by their shape; of those that overlap the one that stands beside a mark or repeats at once."""
    found: list[tuple[int, int, int]] = []
    for rank, pattern in enumerate(_SHAPED):
        for match in pattern.finditer(cut.read):
            start, end = match.span(1)
            plain = (
                rarity.halves(match[1][:FOUR]) < RARE_SHAPED
                or min(rarity.of(match[1][:FOUR])[::2]) < RARE_HALF[rank > 0]
            )
            beside = cut.read[start - 1 : start], cut.read[end : end + 1]  # 爱党爱国爱社会主义
            goes_on = rank < 2 and beside[1 - rank] == match[2]
            goes_on = goes_on or (rank == 1 and cut.read[end + 1 : end + 2] == match[2])  # 脚力眼力脑力笔力
            if cut.bounded(start, end) and not (plain or goes_on) and _shape_holds(match[1]):
                found.append((rank - _touches(cut, start, end), start, end))
    taken: set[int] = set()
    for _, start, end in sorted(found):
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            yield start, end


def _touches(cut: BoundedText, start: int, end: int) -> int:
    """Return at how many ends a piece stands beside a mark."""
    return sum(not RUN.match(cut.read[at : at + 1]) for at in (start - 1, end))


def _shape_holds(words: str) -> bool:
    if (
        words[:2] in GOVERNING
        or words[0] in _STARTS_NONE
        or _NUMERALS.match(words[1])
        or _PLACE.fullmatch(words)
        or _NO_SHAPE & set(words)
        or re.search("(.)一\\1", words)
    ):
        return False
    return (len(set(words)) < len(words) or words[0] == "以") and len(_NUMERALS.findall(words)) < 2


def _terms(cuts: Sequence[BoundedText], rarity: Rarity) -> Iterator[str]:
    """Yield terms of several words that recur, that the background seldom has, and that stand free at either end."""
    counts: Counter[str] = Counter()
    before: dict[str, set[str]] = defaultdict(set)
    after: dict[str, set[str]] = defaultdict(set)
    for cut in cuts:
        for start, end in _spans(cut):
            words = cut.read[start:end]
            counts[words] += 1
            before[words].add(cut.read[start - 1 : start])
            after[words].add(cut.read[end : end + 1])
    for words, count in counts.items():
        free = _FREE & before[words] and _FREE & after[words] and len(before[words]) > 1 and len(after[words]) > 1
        if count >= RECURS and free and _is_term(words, rarity):
            yield words


def _spans(cut: BoundedText) -> Iterator[tuple[int, int]]:
    for begin, stop in cut.runs():
        edges = [at for at in range(begin, stop + 1) if at in cut.edges]
        for first, start in enumerate(edges):
            for end in edges[first + 1 : first + 1 + TERM_LONGEST]:
                if TERM_SHORTEST <= end - start <= TERM_LONGEST:
                    yield start, end


def _is_term(words: str, rarity: Rarity) -> bool:
    inner = _INNER.search(words) or _NUMERALS.search(words) or _PLACE.fullmatch(words)
    return not (inner or words[0] in PARTICLES or words[-1] in PARTICLES) and rarity.mean(words) >= RARE_TERM
