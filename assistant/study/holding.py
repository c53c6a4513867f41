"""Whether four characters that are said once hold together, or are words put together here (认清形势, 纪要如下)."""

import re

from assistant.study.cutting import GOVERNING, Cut, Rarity
from assistant.study.patterns import SURNAMES
from assistant.text import HAN

FOUR = 4
RARE_WORD = 7.2
_LOOSELY = re.compile(
    ".*(?:[谁很请谢]|如下|下来|一下|谅解|(.)一\\1|[由从向对以把将]$|了$)|.得.*|.[的要].*|..[的要].*|.[不未没].*"
    "|去年|今年|明年|近年|[目当日此]前|各位|下步|力争|务[必求]|看似|逐|敬|几|抓"
)
_BEFORE = re.compile(f"(?:(?<![{HAN}])[{HAN}]{{4}}，|[{HAN}]{{4}}、)$")
_BEHIND = re.compile(f"，[{HAN}]{{4}}(?![{HAN}])|、[{HAN}]{{4}}")
_STATING = frozenset("坚持 做到 实现 秉持 践行 恪守 弘扬 牢记".split())
_TITLED = re.compile(".?[长任记员师生办]")
_STAGE = re.compile("阶段|环节|期间|时期")


def is_plain(cut: Cut, start: int, rarity: Rarity) -> bool:
    """Say whether four characters are words put together here: with a word of two, with function words, a stage."""
    words, end = cut.read[start : start + FOUR], start + FOUR
    inner = [at for at in range(start + 1, end) if at in cut.edges]
    bound = len(inner) == 2 and start + 2 in inner  # 推诿扯皮: one half is a rare word
    whole = len(inner) in (0, FOUR - 1) or (bound and _half(words, inner[0] - start, rarity) >= RARE_WORD)
    beside = cut.read[start - 2 : start] in _STATING or _beside(cut, start)
    united = whole or (beside and words[:2] not in GOVERNING)
    named = _TITLED.match(words) and words[2 - (words[1] in SURNAMES)] in SURNAMES
    return not united or bool(named or _LOOSELY.match(words) or _STAGE.match(cut.read, end))


def _half(words: str, first: int, rarity: Rarity) -> float:
    """Return how rare the half is that is a word; `first`: where the first word ends."""
    return rarity.of(words)[0 if first == 2 else 2]


def _beside(cut: Cut, start: int) -> bool:
    """Say whether four characters stand beside four others, a comma or 、 between."""
    near = cut.read[max(start - FOUR - 2, 0) : start], cut.read[start + FOUR : start + 2 * FOUR + 2]
    return bool(_BEFORE.search(near[0]) or _BEHIND.match(near[1]))
