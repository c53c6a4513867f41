"""What is named by its last word: 钉钉子精神, 首问负责制, 底线思维; the words before it say which one."""

import re
from collections.abc import Iterator

from assistant.base.text import HAN
from assistant.language.surnames import SURNAMES
from assistant.study.source.word_boundaries import GOVERNING, RUN, SHORT_WORDS, BoundedText, Rarity

_HEADS = {
    "精神 思想 思维 理念 作风 之风 导向 红线 现代化 共同体 政绩观 权力观 事业观 制 工作法 路线": 5.8,
    "行动 监管": 5.6,
    "机制 体制 体系 格局 模式 工程 战略 经验 效应 品牌 生态 文化 风尚 计划 制度": 7.3,
}
_LEAST = {head: least for heads, least in _HEADS.items() for head in heads.split()}
_HEAD = re.compile(
    f"({'|'.join(sorted(_LEAST, key=len, reverse=True))})(?=[^{HAN}”’]|[的和与等及为新]|$)|精神(?=[{HAN}])"
)
_BUILT = re.compile(
    "高(?:质量|水平|品质|效能|标准|效率)(?:发展|开放|治理|安全|生活|建设|供给|就业)"  # 高质量发展, 高水平开放
    f"|全面(?:从严|依法|深化)[{HAN}]{{2}}"  # 全面依法治国
)
_LISTED = re.compile("[^一二三四五六七八九十]、")
_BREAKS = "“”‘’的等和与及了是为"
_BOUND = frozenset("体机管限控编研强抑复缔绘仿调录配改建法税学币公克压印监军特自遏牵定炮专精创")
_EMPTY = re.compile(
    "[二两三四五六七八九十]|一(?:[个项种类条名位次些定级]|.[一二两三四双])|[对从向由把本该各其此有相某]|第|这|那|以下|上述|上级"
    "|全[市县省区国]|[我你他]|[的了和与]"
)
SHORTEST, LONGEST, LONGEST_LOOSE = 2, 8, 5
RARE_LOOSE = 8.5  # where nothing governs it


def named_by_head(cut: BoundedText, rarity: Rarity) -> Iterator[tuple[int, int]]:
    """Yield what is named by a head, from a mark or a verb that governs it to the head, and what is built like one."""
    for match in _BUILT.finditer(cut.read):
        if cut.bounded(*match.span()):
            yield match.span()
    for match in _HEAD.finditer(cut.read):
        head, end = match.span()
        start = _start(cut, head)
        words = cut.read[start:end]
        if match[1] is None and cut.read[start - 1 : start] != "以":
            continue  # 以钉钉子精神抓落实
        if not start or _EMPTY.match(words) or (end - head == 1 and not _is_system(cut, start, end)):
            continue
        if words[0] in SHORT_WORDS and start + 1 in cut.edges:
            continue  # 搞盆景工程
        governed = cut.read[start - 2 : start] in GOVERNING or bool(_LISTED.match(cut.read, start - 2))
        least = _LEAST[match.group()] if governed else RARE_LOOSE
        if rarity.mean(words) >= least and (governed or head - start <= LONGEST_LOOSE):
            yield start, end


def _is_system(cut: BoundedText, start: int, end: int) -> bool:
    """Say whether what ends in 制 is a system: 首问负责制, and 田长制 where it is put into practice."""
    short = end - start < 5 and cut.read[start - 2 : start] not in ("实行", "推行", "实施", "落实", "建立")
    return not short and cut.read[end - 2] not in _BOUND


def _start(cut: BoundedText, head: int) -> int:
    """Return where the words before a head begin, 0 where that is not sure."""
    for at in range(head - 1, max(head - LONGEST - 1, 0), -1):
        before = cut.read[at - 1 : at]
        if cut.read[at] in _BREAKS:
            return 0
        if not RUN.match(before) or before == "以" or cut.read[at - 2 : at] in GOVERNING:
            return at if head - at >= SHORTEST and at in cut.edges else 0
    return 0


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


def is_plain(cut: BoundedText, start: int, rarity: Rarity) -> bool:
    """Say whether four characters are words put together here: with a word of two, with function words, a stage."""
    words, end = cut.read[start : start + FOUR], start + FOUR
    inner = [at for at in range(start + 1, end) if at in cut.edges]
    bound = len(inner) == 2 and start + 2 in inner  # 推诿扯皮: one half is a rare word
    whole = len(inner) in (0, FOUR - 1) or (bound and _half(words, inner[0] - start, rarity) >= RARE_WORD)
    beside = cut.read[start - 2 : start] in _STATING or _beside(cut, start)
    united = whole or (beside and words[:2] not in GOVERNING)
    named_by_head = _TITLED.match(words) and words[2 - (words[1] in SURNAMES)] in SURNAMES
    return not united or bool(named_by_head or _LOOSELY.match(words) or _STAGE.match(cut.read, end))


def _half(words: str, first: int, rarity: Rarity) -> float:
    """Return how rare the half is that is a word; `first`: where the first word ends."""
    return rarity.of(words)[0 if first == 2 else 2]


def _beside(cut: BoundedText, start: int) -> bool:
    """Say whether four characters stand beside four others, a comma or 、 between."""
    near = cut.read[max(start - FOUR - 2, 0) : start], cut.read[start + FOUR : start + 2 * FOUR + 2]
    return bool(_BEFORE.search(near[0]) or _BEHIND.match(near[1]))


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


def principles(cut: BoundedText, rarity: Rarity) -> Iterator[tuple[int, int]]:
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
