"""Characters and words written twice by mistake (要要提高), not those that Chinese doubles (天天, 一个问题一个问题)."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.base.text import HAN
from assistant.study.proofreading.variants import Missing, Place
from assistant.study.source.texts import Text
from assistant.study.source.word_boundaries import PARTICLES, BoundedText, Rarity

# Particles that are never doubled; a word of two may begin or end with one (目的的, 要要求), which the words show.
_PARTICLE = re.compile("([的了要是和与及或被把将对从向为在等也都还而其该各让使于])\\1")
_WORD = re.compile(f"([{HAN}]{{2,8}}?)\\1")
_WITH_PARTICLES = frozenset(
    (
        "目的 标的 有的 别的 似的 的确 的士 为了 除了 罢了 了解 了结 了却 了断 了然 总和 缓和 饱和 "
        "温和 共和 和平 和谐 和解 和睦 但是 只是 还是 就是 于是 凡是 可是 总是 若是 是否 是非 可以 "
        "植被 意向 其他 其它 其余 其中 在场 在岗 在编 在校 在建 在册 在线 在途 等级 等候 等待 各自 "
        "各类 为民 为人 为首 为期 为主 向上 向下 对外 对内 要领 要件 要害 要务"
    ).split()
)
_MARK = re.compile("([，、；：。])\\1(?!\\1)")
_SINGLE_WORDS = frozenset(
    "的了要是和与及或被把将对从向为在等也都还而其该各让使于以可能会应不有无所上下中内外人前后时日月年个条款项"
)
_LED = frozenset("要须应会能将已正在把被对为从向的了和与并再更着使让")
_COUNTING = re.compile(
    ".*[一二两三四五六七八九十几每各0-9].*|(?:非常|特别|永远|十分|许多|很多|好多|常常|渐渐).*|(.)\\1.*"
)
_TWICE = re.compile(f"([{HAN}])\\1")
_TRIED = re.compile("[再吧呢嘛啊看才就一]")  # 研究研究再说
EVIDENCE, AROUND = 2, 4


def doubled(cuts: Sequence[BoundedText]) -> Iterator[tuple[BoundedText, int, int]]:
    """Yield (text, start, end) of what is doubled: both copies."""
    around = _contexts(cuts)
    for cut in cuts:
        spans = [*_marks(cut), *_particles(cut), *_characters(cut, around), *_words(cut)]
        yield from ((cut, start, end) for start, end in sorted(set(spans)))


def _marks(cut: BoundedText) -> Iterator[tuple[int, int]]:
    for match in _MARK.finditer(cut.read):
        if cut.read[match.start() - 1 : match.start()] != match[1]:
            yield match.span()


def _particles(cut: BoundedText) -> Iterator[tuple[int, int]]:
    """Yield doubled particles, neither of which is a part of a word."""
    for match in _PARTICLE.finditer(cut.read):
        start, end = match.span()
        alone = all(at in cut.edges for at in (start, start + 1, end))
        pairs = {cut.read[start - 1 : start + 1], cut.read[end - 1 : end + 1]}
        if _TWICE.match(cut.read, max(start - 2, 0), start) or _TWICE.match(cut.read, end):
            continue  # 实实在在
        if alone and not pairs & _WITH_PARTICLES and cut.read[start - 1 : start] != match[1]:
            yield start, end


def _contexts(cuts: Sequence[BoundedText]) -> Counter[str]:
    """Return how often the words around doubled characters stand with one of them."""
    wanted = {single for cut in cuts for _, pieces in _doubles(cut) for single, _ in pieces}
    return Counter({words: sum(cut.read.count(words) for cut in cuts) for words in wanted})


def _doubles(cut: BoundedText) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Yield where a character stands twice, with what is around it: with one of them, and as it is."""
    for match in re.finditer(f"([{HAN}])\\1", cut.read):
        start, end = match.span()
        before = re.search(f"[{HAN}]*$", cut.read[max(start - AROUND, 0) : start])
        after = re.match(f"[{HAN}]*", cut.read[end : end + AROUND])
        left, right = before[0] if before else "", after[0] if after else ""
        pieces = []
        for size in range(AROUND // 2, AROUND + 1):
            head, tail = left[len(left) - size :], right[: AROUND - size]
            if len(left) >= size and len(head + tail) == AROUND and (tail or not right):
                pieces.append((head + match[1] + tail, head + match.group() + tail))
        yield start, pieces


def _characters(cut: BoundedText, around: Counter[str]) -> Iterator[tuple[int, int]]:
    """Yield a doubled character where the same documents have the same words with one."""
    for start, pieces in _doubles(cut):
        two_words = start not in cut.edges and start + 1 in cut.edges and start + 2 not in cut.edges
        if cut.read[start] in _SINGLE_WORDS or two_words:
            continue  # 地下水 + 水资源税
        if any(around[single] >= EVIDENCE and cut.read.count(twice) == 1 for single, twice in pieces):
            yield start, start + 2


def _words(cut: BoundedText) -> Iterator[tuple[int, int]]:
    """Yield a word that follows itself, goes on, and stands behind a mark or a particle."""
    for match in _WORD.finditer(cut.read):
        start, end = match.span()
        middle = (start + end) // 2
        led = not re.match(f"[{HAN}]", cut.read[start - 1 : start]) or cut.read[start - 1] in _LED
        goes_on = re.match(f"[{HAN}]", cut.read[end : end + 1]) or len(match[1]) > 2
        goes_on = (goes_on or cut.read[start - 1] == "的") and not _TRIED.match(cut.read, end)
        bounded = all(at in cut.edges for at in (start, middle, end))
        if led and goes_on and bounded and not _COUNTING.fullmatch(match[1]):
            yield start, end


SIZES = ((3, 3), (2, 4), (4, 2))  # characters before and behind the one that is missing
TIMES = 3
APART = 9.0  # the idf of the two characters that now stand side by side
_OFTEN_LEFT_OUT = PARTICLES | frozenset(
    "市县区省镇乡村大小新老各上下中内外前后年月日号一二三四五六七八九十百千万们性化者员家个本此两"
)


def omitted(cuts: Sequence[BoundedText], rarity: Rarity) -> Iterator[Missing]:
    """Yield places that stand once where everywhere else one more character stands, whatever the place has before."""
    seen: set[tuple[int, int]] = set()
    for left, right in SIZES:
        whole = _whole(cuts, left, right)
        short = Counter(piece for cut in cuts for _, piece in _pieces(cut, left + right) if piece in whole)
        for number, cut in enumerate(cuts):
            for start, piece in _pieces(cut, left + right):
                ((character, times), *others) = whole[piece].most_common() if piece in whole else [("", 0)]
                inside = (number, start + left)
                if times < TIMES or others or short[piece] > 1 or inside in seen:
                    continue
                if rarity.of(piece[left - 1 : left + 1])[0] < APART:
                    continue  # 财政部门的规定, 财政部的规定
                seen.add(inside)
                words = piece[:left] + character + piece[left:]
                yield Missing(Place(cut, start, start + left + right), character, words, times)


def _whole(cuts: Sequence[BoundedText], left: int, right: int) -> dict[str, Counter[str]]:
    """Return by what is around it which character stands between, and how often."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for cut in cuts:
        for _, piece in _pieces(cut, left + 1 + right):
            if piece[left] not in _OFTEN_LEFT_OUT and piece[left] not in (piece[left - 1], piece[left + 1]):
                found[piece[:left] + piece[left + 1 :]][piece[left]] += 1
    return {piece: counts for piece, counts in found.items() if max(counts.values()) >= TIMES}


def _pieces(cut: BoundedText, length: int) -> Iterator[tuple[int, str]]:
    for begin, stop in cut.runs():
        for at in range(begin, stop - length + 1):
            yield at, cut.read[at : at + length]


REACH = 10  # a quotation may go on over so many paragraphs
_CLOSED_BY = {
    "“": "”",
    "《": "》",
    "〈": "〉",
    "（": "）",
    "「": "」",
    "『": "』",
    "【": "】",
    "〔": "〕",
    "[": "]",
    "{": "}",
}
_OPENED_BY = {closing: opening for opening, closing in _CLOSED_BY.items()}
_SAME = {"(": "（", ")": "）", "［": "[", "］": "]", "｛": "{", "｝": "}"}
_OTHER = _CLOSED_BY | _OPENED_BY | {"(": ")", ")": "(", "［": "］", "］": "［", "｛": "｝", "｝": "｛"}
_PAIRED_MARK = re.compile(f"[{re.escape(''.join([*_CLOSED_BY, *_OPENED_BY, *_SAME]))}]")
_ITEM = re.compile(r"(?:^|[\s，。；;：:、])[0-9０-９a-zA-Z一二三四五六七八九十]{1,3}$")
_FACE = re.compile("[:;][-']?$")


@dataclass(frozen=True)
class Unpaired:
    """A mark at `at` without the other one of its pair."""

    at: int
    mark: str

    @property
    def other(self) -> str:
        """The mark that is missing."""
        return _OTHER[self.mark]


@dataclass(frozen=True)
class _Opened:
    at: int
    paragraph: int


def unpaired(text: Text) -> Iterator[Unpaired]:
    """Yield the marks of a text that do not pair, in its order; those of list items (1）, a)) are none."""
    opened: dict[str, list[_Opened]] = {mark: [] for mark in _CLOSED_BY}
    lonely: list[int] = []
    for paragraph in text.paragraphs:
        for match in _PAIRED_MARK.finditer(text.text, paragraph.start, paragraph.end):
            mark, here = _SAME.get(match.group(), match.group()), _Opened(match.start(), paragraph.number)
            if mark in _CLOSED_BY:
                opened[mark].append(here)
            elif not _closes(text, opened[_OPENED_BY[mark]], here, paragraph.start):
                lonely.append(here.at)
    lonely += [one.at for mark, left in opened.items() for one in _left(text, mark, left)]
    yield from (Unpaired(at, text.text[at]) for at in sorted(lonely))


def _closes(text: Text, opened: list[_Opened], here: _Opened, start: int) -> bool:
    """Take the last mark opened that is not too far away; say whether there is one, or none is needed."""
    item = _ITEM.search(text.text[max(start, here.at - 5) : here.at])
    if item and not (opened and opened[-1].paragraph == here.paragraph):
        return True
    if opened and here.paragraph - opened[-1].paragraph <= REACH:
        opened.pop()
        return True
    return bool(_FACE.search(text.text[max(start, here.at - 2) : here.at]))


def _left(text: Text, mark: str, left: list[_Opened]) -> Iterator[_Opened]:
    """Yield the marks left open, but for those with which each paragraph of one quotation begins."""
    starts = {paragraph.number: paragraph.start for paragraph in text.paragraphs}
    for one in left:
        following = starts.get(one.paragraph + 1, -1)
        if not (mark in "“「『" and text.text[following : following + 1] == mark):
            yield one
