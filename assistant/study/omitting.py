"""Phrases that lack a character between others that are the same everywhere else (全面从治党)."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from assistant.study.cutting import PARTICLES, Cut, Rarity
from assistant.study.variants import Missing, Place

SIZES = ((3, 3), (2, 4), (4, 2))  # characters before and behind the one that is missing
TIMES = 3
APART = 9.0  # the idf of the two characters that now stand side by side
_OFTEN_LEFT_OUT = PARTICLES | frozenset(
    "市县区省镇乡村大小新老各上下中内外前后年月日号一二三四五六七八九十百千万们性化者员家个本此两"
)


def omitted(cuts: Sequence[Cut], rarity: Rarity) -> Iterator[Missing]:
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


def _whole(cuts: Sequence[Cut], left: int, right: int) -> dict[str, Counter[str]]:
    """Return by what is around it which character stands between, and how often."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for cut in cuts:
        for _, piece in _pieces(cut, left + 1 + right):
            if piece[left] not in _OFTEN_LEFT_OUT and piece[left] not in (piece[left - 1], piece[left + 1]):
                found[piece[:left] + piece[left + 1 :]][piece[left]] += 1
    return {piece: counts for piece, counts in found.items() if max(counts.values()) >= TIMES}


def _pieces(cut: Cut, length: int) -> Iterator[tuple[int, str]]:
    for begin, stop in cut.runs():
        for at in range(begin, stop - length + 1):
            yield at, cut.read[at : at + length]
