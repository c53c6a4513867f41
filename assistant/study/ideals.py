"""What a document holds to: ideas, principles, what shall be borne in mind, and sentences that are sayings."""

import re
from collections.abc import Iterator

from assistant.study.cutting import Cut, Rarity
from assistant.text import HAN

RARE_HELD, RARE_MAXIM = 11.0, 9.5
_IDEAS = "(?:理念|精神|思想|宗旨|作风|信念|原则|观念)"
_IDEALS = (
    re.compile(f"(?:牢记|谨记)([{HAN}]{{5,10}})(?=[，。、；])"),
    re.compile(f"坚持([{HAN}]{{4,12}}?)是[{HAN}]{{0,4}}的[{HAN}]{{0,3}}(?:宗旨|理念|原则|立场|方针)(?![{HAN}])"),
    re.compile(
        f"(?:坚持|树牢|树立|践行|弘扬|发扬|秉持|秉承|传承|遵循|恪守)([{HAN}]{{4,12}}?)(?:的{_IDEAS}|{_IDEAS}(?![{HAN}]))"
    ),
)
_JOINT = "相结合|相统一|相衔接|相协调|相促进|并重|深度融合"
_TWO = re.compile(f"(?:坚持|推动|推进|注重|做到|实现|促进)([{HAN}]{{2,9}}[与和][{HAN}]{{2,9}}(?:{_JOINT}))")
_HELD = re.compile(f"(?:坚持|做到|牢记)([{HAN}]{{4}})(?=[，。；])")
_NO_IDEAL = re.compile("[的了]|(?<!就)是|以下|下列|本|该")
_MAXIM = re.compile(f"(?<=[。！？\n])(?![一二三四五六七八九十]+[要是]|第)([{HAN}]{{5,8}})(?=[。！])")
_SPOKEN = re.compile("[我你他她这那们请谢]|同志|大家|如下|[1-9一二三四五六七八九十]日")
_INNER = re.compile("[的了和与或及被把将其某该]|关于|进行|通过|应当|不得|根据|按照")


def ideals(cut: Cut, rarity: Rarity) -> Iterator[tuple[int, int]]:
    """Yield what is called an idea, a spirit or a principle, and what shall be borne in mind."""
    for pattern in _IDEALS:
        for match in pattern.finditer(cut.read):
            if cut.bounded(*match.span(1)) and not _NO_IDEAL.search(match[1]):
                yield match.span(1)
    for match in _TWO.finditer(cut.read):
        if cut.bounded(*match.span(1)) and not re.search("[的了]", match[1]):
            yield match.span(1)
    for match in _HELD.finditer(cut.read):
        if (
            cut.bounded(*match.span(1))
            and sum(rarity.of(match[1])[::2]) >= RARE_HELD
            and not _NO_IDEAL.search(match[1])
        ):
            yield match.span(1)
    for match in _MAXIM.finditer(cut.read):
        words = match[1]
        if rarity.mean(words) >= RARE_MAXIM and not _INNER.search(words) and not _SPOKEN.search(words):
            yield match.span(1)
