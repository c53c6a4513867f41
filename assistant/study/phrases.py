"""Set phrases: four characters by their shape (照搬照抄, 应保尽保) or rarity (一针见血), and what recurs."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from assistant.study.cutting import RUN, Cut, Rarity
from assistant.text import HAN

RARE, RARE_RECURRING, RARE_BESIDE = 17.0, 12.0, 20.0
RECURS, RARE_TERM = 3, 8.0
TERM_SHORTEST, TERM_LONGEST, TERM_WORDS = 4, 7, 4

_SHAPED = (
    re.compile(f"(?=(([{HAN}])([{HAN}])\\2(?!\\3)[{HAN}]))"),  # 照搬照抄, 不严不实
    re.compile(f"(?=([{HAN}]([{HAN}])(?!\\2|不|没)[{HAN}]\\2))"),  # 应保尽保, 偷倒乱倒
    re.compile(f"(?=(以[{HAN}][代促带保养促治][{HAN}]))"),
    re.compile("(?=((?:件件|事事|人人|处处|层层|时时|步步|家家|户户|条条|项项|个个|样样)[有见能都讲抓管过][^\\W\\d]{1,2}))"),
)
_STOP = frozenset("的了和与或及是在对把被将向从由为让使给按这那该其某每各等着也都又还就才已而且但若因所之后前中内外上下时个名第应须可不我你他它们并于至到要会能")
_STARTS_NONE = frozenset("的了和或及是在把被将该本这那等着也都又并且但若")
_INNER = re.compile("[的了和与或及被把将其某该]|关于|进行|通过|应当|不得|根据|按照")
_FREE = frozenset("，。、；：！？“”（）\n的和与及把是对为")
_PLACE = re.compile(".*(?:[省市县区镇乡村局厅部院所司处科室队站厂街]|街道|公司|同志|中心|委员|政府|书记|主任|局长|组长|市长)")
_QUOTES = tuple("“”‘’「」『』")
_MAXIM = re.compile(f"(?:牢记|谨记)([{HAN}]{{5,10}})(?=[，。、；])")
_IDEAL = re.compile(
    f"(?:坚持|树牢|树立|践行|弘扬|发扬|秉持|秉承|传承|遵循|恪守)([{HAN}]{{4,12}}?)的?(?:理念|精神|思想|宗旨|作风|信念|原则|观念)(?![{HAN}])"
)
_INNER_OF_IDEAL = re.compile("[的了是]|以下|下列|本|该")
_NUMERALS = re.compile("[一二三四五六七八九十百千万〇零两几]")


def phrases(cuts: Sequence[Cut], rarity: Rarity) -> Iterator[str]:
    """Yield the set phrases of the texts and the rare terms that recur in them, repeats included."""
    recurring = Counter(words for cut in cuts for words in _fours(cut))
    for cut in cuts:
        for start, end, whole in _beside_marks(cut):
            words = cut.read[start:end]
            least = RARE if whole else RARE_BESIDE
            least = RARE_RECURRING if recurring[words] > 1 else least
            if _sound(words) and rarity.halves(words) >= least:
                yield words
        yield from _shaped(cut)
        yield from _ideals(cut)
    yield from _terms(cuts, rarity)


def is_set(words: str, rarity: Rarity) -> bool:
    """Say whether four characters are a set phrase by shape or rarity."""
    shaped = any((found := pattern.match(words)) and found[1] == words for pattern in _SHAPED)
    return len(words) == 4 and (shaped or (_sound(words) and rarity.halves(words) >= RARE))


def _fours(cut: Cut) -> Iterator[str]:
    return (cut.read[start:end] for start, end, _ in _beside_marks(cut))


def _beside_marks(cut: Cut) -> Iterator[tuple[int, int, bool]]:
    """Yield four characters between two marks (whole), and those at the end of a run before a whole one or after it."""
    runs = list(cut.runs())
    for at, (start, end) in enumerate(runs):
        if end - start == 4:
            if cut.read[start - 1 : start] not in _QUOTES and cut.read[end : end + 1] not in _QUOTES:
                yield start, end, True
        elif end - start > 4:
            before = at and cut.read[runs[at - 1][1] : start] == "、" and _four(runs[at - 1])
            after = at + 1 < len(runs) and cut.read[end : runs[at + 1][0]] == "、" and _four(runs[at + 1])
            if after and cut.bounded(end - 4, end):
                yield end - 4, end, False
            if before and cut.bounded(start, start + 4):
                yield start, start + 4, False


def _four(run: tuple[int, int]) -> bool:
    return run[1] - run[0] == 4


def _sound(words: str) -> bool:
    """Say whether four characters can be a phrase: no particle at an end, no place, no office."""
    plain = words[0] in _STARTS_NONE or words[-1] in _STOP or _PLACE.fullmatch(words)
    return not plain and len(_NUMERALS.findall(words)) < 3


def _shaped(cut: Cut) -> Iterator[str]:
    """Yield phrases by their shape; of those that overlap the one that stands beside a mark or repeats at once."""
    found: list[tuple[int, int, int, int]] = []
    for rank, pattern in enumerate(_SHAPED):
        for match in pattern.finditer(cut.read):
            start, end = match.span(1)
            if cut.bounded(start, end) and _shape_holds(cut.read[start:end]):
                found.append((rank - _touches(cut, start, end), start, end, rank))
    taken: set[int] = set()
    for _, start, end, _ in sorted(found):
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            yield cut.read[start:end]


def _touches(cut: Cut, start: int, end: int) -> int:
    """Return at how many ends a piece stands beside a mark."""
    return sum(not RUN.match(cut.read[at : at + 1]) for at in (start - 1, end))


def _ideals(cut: Cut) -> Iterator[str]:
    """Yield what is called an idea, a spirit or a principle, and what shall be borne in mind."""
    for pattern in (_MAXIM, _IDEAL):
        for match in pattern.finditer(cut.read):
            words = match[1]
            if cut.bounded(*match.span(1)) and not _INNER_OF_IDEAL.search(words):
                yield words


def _shape_holds(words: str) -> bool:
    repeated = len(set(words)) < len(words)
    particles = sum(letter in "的了和与是在对把个年月日第或及被将为级本各这那其" for letter in words)
    return repeated and not particles and len(_NUMERALS.findall(words)) < 2


def _terms(cuts: Sequence[Cut], rarity: Rarity) -> Iterator[str]:
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


def _spans(cut: Cut) -> Iterator[tuple[int, int]]:
    for begin, stop in cut.runs():
        edges = [at for at in range(begin, stop + 1) if at in cut.edges]
        for first, start in enumerate(edges):
            for end in edges[first + 1 : first + 1 + TERM_LONGEST]:
                if TERM_SHORTEST <= end - start <= TERM_LONGEST:
                    yield start, end


def _is_term(words: str, rarity: Rarity) -> bool:
    inner = _INNER.search(words) or _NUMERALS.search(words) or _PLACE.fullmatch(words)
    return not (inner or words[0] in _STOP or words[-1] in _STOP) and rarity.mean(words) >= RARE_TERM
