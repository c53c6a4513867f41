"""The same thing written in different ways (巡视, 巡察, 巡查), and phrases that lack a character somewhere.

Two words of two characters that share one are variants where they stand in the same places: among the same
characters on both sides, in several contexts. Words that are named beside each other (代销和包销) are not, nor
are plain words, numbers, opposites, and words that a document keeps in paragraphs of their own.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.base.text import HAN
from assistant.study.source.word_boundaries import BoundedText, Rarity

RARE = 5.5
CONTEXT, CONTEXTS, FURTHER = 4, 3, 0.5
USUAL_SIZE = 5_000  # characters; the more there are, the more contexts are shared by chance
BESIDE_SHARE, MIXED_SHARE = 0.3, 0.5
EACH = 3
PHRASE, TIMES = 5, 4
_OPPOSED = re.compile(
    "[一二三四五六七八九十百千万零〇两几半上下前后内外大小多少有无不未已主次正副男女左右高低新老旧省市县区镇乡村年月日"
    "东西南北甲乙丙丁本其该的各是为在和与或及对向自于把被之以]"
)


_WORDS_THEMSELVES = frozenset("人权省市县区镇乡村事物钱税费法车船地水年月日次项条款")


@dataclass(frozen=True)
class Place:
    """Words from `start` to `end` of a text."""

    cut: BoundedText
    start: int
    end: int

    @property
    def words(self) -> str:
        """What stands there."""
        return self.cut.read[self.start : self.end]


@dataclass(frozen=True)
class Variants:
    """Words that stand for one another: how often each is written, and places where they do, in their contexts."""

    counts: Mapping[str, int]
    places: tuple[Place, ...]


class _Frame(NamedTuple):
    """What stands around a word, with the character that it shares with others, first or second."""

    left: str
    first: str
    second: str
    right: str


_Places = dict[str, list[tuple[int, int]]]
_Frames = dict[_Frame, _Places]


def variants(cuts: Sequence[BoundedText], rarity: Rarity) -> list[Variants]:
    """Return the groups of variants, the most frequent words first."""
    counts, frames = _frames(cuts, rarity)
    pairs: dict[tuple[str, str], set[_Frame]] = defaultdict(set)
    for frame, fillers in frames.items():
        words = sorted(fillers)
        for at, one in enumerate(words):
            for other in words[at + 1 :]:
                pairs[one, other].add(frame)
    least = CONTEXTS + max(math.log2(max(sum(len(cut.read) for cut in cuts), 1) / USUAL_SIZE), 0.0)
    sure = [pair for pair, found in pairs.items() if len(found) >= least and not _two_things(cuts, pair, counts)]
    groups = _groups(sure)
    for group in groups:
        group |= {
            word
            for pair, found in pairs.items()
            if len(found) >= least * FURTHER and set(pair) & group
            for word in pair
        }
    return [_variants(cuts, group, counts, frames) for group in groups]


def _frames(cuts: Sequence[BoundedText], rarity: Rarity) -> tuple[Counter[str], _Frames]:
    """Return how often rare words of two characters occur, and by context and shared character which stand there."""
    counts: Counter[str] = Counter()
    frames: _Frames = defaultdict(lambda: defaultdict(list))
    for number, cut in enumerate(cuts):
        for begin, stop in cut.runs():
            for at in range(begin, stop - 1):
                word = cut.read[at : at + 2]
                if not cut.bounded(at, at + 2) or rarity.of(word)[0] < RARE or _OPPOSED.search(word):
                    continue
                counts[word] += 1
                for left in range(max(1, CONTEXT - (stop - at - 2)), min(CONTEXT - 1, at - begin) + 1):
                    before, after = cut.read[at - left : at], cut.read[at + 2 : at + 2 + CONTEXT - left]
                    frames[_Frame(before, word[0], "", after)][word].append((number, at))
                    frames[_Frame(before, "", word[1], after)][word].append((number, at))
    return counts, {frame: words for frame, words in frames.items() if len(words) > 1}


def _two_things(cuts: Sequence[BoundedText], pair: tuple[str, str], counts: Counter[str]) -> bool:
    """Say whether two words mean two things: often named beside each other, or each in paragraphs of its own."""
    one, other = pair
    joint = f"(?:[{HAN}]{{0,3}}(?:[、和与或及]|或者|以及))?"
    named = re.compile(f"{one}{joint}{other}|{other}{joint}{one}")
    if sum(len(named.findall(cut.read)) for cut in cuts) > BESIDE_SHARE * min(counts[one], counts[other]):
        return True
    where = [[_paragraphs(cut, word) for word in pair] for cut in cuts]
    both = [(first, second) for first, second in where if first and second]
    mixed = sum(len(first & second) for first, second in both)
    return mixed < MIXED_SHARE * sum(min(len(first), len(second)) for first, second in both)


def _paragraphs(cut: BoundedText, word: str) -> set[int]:
    return {cut.text.paragraph_at(at).number for at in cut.finds(word)}


def _groups(pairs: Sequence[tuple[str, str]]) -> list[set[str]]:
    """Return the words of pairs that hang together."""
    groups: list[set[str]] = []
    for pair in pairs:
        joined = [group for group in groups if group & set(pair)]
        groups = [group for group in groups if group not in joined] + [set(pair).union(*joined)]
    return groups


def _variants(cuts: Sequence[BoundedText], group: set[str], counts: Counter[str], frames: _Frames) -> Variants:
    """Return a group with a place of each word in each context that they share, whole words on both sides."""
    spans: list[tuple[int, int, int]] = []
    for frame, words in frames.items():
        shared = group & set(words)
        if len(shared) > 1:
            spans += [_span(cuts, frame, *words[word][0]) for word in shared]
    places = [Place(cuts[number], start, end) for number, start, end in _merged(spans)]
    ordered = sorted(group, key=lambda word: (-counts[word], word))
    return Variants({word: counts[word] for word in ordered}, tuple(_shown(places, ordered)))


def _span(cuts: Sequence[BoundedText], frame: _Frame, number: int, at: int) -> tuple[int, int, int]:
    """Return text, start and end of a word with its frame, widened to whole words."""
    edges, start, end = cuts[number].edges, at - len(frame.left), at + 2 + len(frame.right)
    while start not in edges:
        start -= 1
    while end not in edges:
        end += 1
    return number, start, end


def _merged(spans: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return the spans in order, those that overlap as one."""
    merged: list[tuple[int, int, int]] = []
    for number, start, end in sorted(set(spans)):
        if merged and merged[-1][0] == number and start < merged[-1][2]:
            merged[-1] = number, merged[-1][1], max(end, merged[-1][2])
        else:
            merged.append((number, start, end))
    return merged


def _shown(places: Sequence[Place], words: Sequence[str]) -> list[Place]:
    """Return the first places of each word, in the order of the source."""
    kept = {at for word in words for at in [n for n, place in enumerate(places) if word in place.words][:EACH]}
    return [places[at] for at in sorted(kept)]


@dataclass(frozen=True)
class Missing:
    """A phrase that lacks `character`; elsewhere `whole` is written, so many `times`."""

    place: Place
    character: str
    whole: str
    times: int


def missing(cuts: Sequence[BoundedText], groups: Sequence[Variants]) -> Iterator[Missing]:
    """Yield phrases before a mark that lack the last character of a word, which is there everywhere else.

    Variants count as the same: 被巡查党组 beside 被巡视党组织 and 被巡察党组织.
    """
    same = {word: next(iter(group.counts)) for group in groups for word in group.counts}
    read = [_with(cut, same) for cut in cuts]
    following: dict[str, Counter[str]] = defaultdict(Counter)
    for cut, text in zip(cuts, read, strict=True):
        for start, end in cut.runs():
            for at in range(start + PHRASE, end + 1):
                following[text[at - PHRASE : at]][text[at : at + 1] if at < end else ""] += 1
    for cut, text in zip(cuts, read, strict=True):
        for start, end in cut.runs():
            if cut.read[end : end + 1] == "、" or cut.read[end - 1] in _WORDS_THEMSELVES:
                continue  # 省、自治区; 其他人
            after = following[text[end - PHRASE : end]] if end - start >= PHRASE else Counter()
            ((character, times), *others) = after.most_common() or [("", 0)]
            if character and times >= TIMES and others == [("", 1)]:
                yield from _lacking(cuts, read, Place(cut, end - PHRASE, end), character, times)


def _with(cut: BoundedText, same: Mapping[str, str]) -> str:
    """Return a text with one word for all of its variants, as long as it was."""
    if not same:
        return cut.read
    return re.sub("|".join(map(re.escape, same)), lambda match: same[match.group()], cut.read)


def _lacking(
    cuts: Sequence[BoundedText], read: Sequence[str], place: Place, character: str, times: int
) -> Iterator[Missing]:
    """Yield the place where everywhere else the character ends a word of two: what is left of it is no word."""
    text = read[next(n for n, cut in enumerate(cuts) if cut is place.cut)]
    wanted, whole = text[place.start : place.end] + character, ""
    for cut, same in zip(cuts, read, strict=True):
        at = same.find(wanted)
        while at >= 0:
            last = at + PHRASE - 1
            inside = last in cut.edges and last + 1 not in cut.edges and last + 2 in cut.edges
            if not inside:
                return
            whole = whole or cut.read[at : at + PHRASE + 1]
            at = same.find(wanted, at + 1)
    yield Missing(place, character, whole, times)


_PAIRS = tuple(
    pair.split("/")
    for pair in (
        "账户/帐户 账目/帐目 账簿/帐簿 账号/帐号 账款/帐款 台账/台帐 记账/记帐 对账/对帐 结账/结帐 报账/报帐 查账/查帐 "
        "唯一/惟一 人才/人材 订购/定购 订单/定单 订阅/定阅 连接/联接 部分/部份 成分/成份 分量/份量 分内/份内 本分/本份 "
        "过分/过份 身份/身分 图像/图象 录像/录象 想象/想像 真相/真象 笔画/笔划 刻画/刻划 计划/计画 就座/就坐 坐落/座落 "
        "模仿/摹仿 宏图/鸿图 给予/给与 贯穿/贯串 联结/连结 连贯/联贯 关联/关连 搭档/搭当 担心/耽心 耽搁/担搁 告诫/告戒 "
        "糊涂/胡涂 纪念/记念 驾驭/驾御 交代/交待 角色/脚色 精彩/精采 累赘/累坠 凭借/凭藉 思维/思惟 透彻/透澈 推诿/推委 "
        "喧哗/喧华 序言/叙言 执着/执著 装潢/装璜 姿势/姿式 佐证/左证 申雪/伸雪 直截了当/直捷了当 缘故/原故"
    ).split()
)
SHOWN = 5


def spellings(cuts: Sequence[BoundedText]) -> Iterator[Variants]:
    """Yield the words that are written in both ways, with some places of each."""
    for pair in _PAIRS:
        places = {word: [place for cut in cuts for place in _places(cut, word)] for word in pair}
        if all(places.values()):
            counts = {word: len(found) for word, found in places.items()}
            ordered = dict(sorted(counts.items(), key=lambda one: -one[1]))
            yield Variants(ordered, tuple(place for word in ordered for place in places[word][:SHOWN]))


def _places(cut: BoundedText, word: str) -> Iterator[Place]:
    for at in cut.finds(word):
        if cut.bounded(at, at + len(word)):
            yield Place(cut, at, at + len(word))
