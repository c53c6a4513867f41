"""What is named by its last word: 钉钉子精神, 首问负责制, 底线思维; the words before it say which one."""

import re
from collections.abc import Iterator

from assistant.study.cutting import GOVERNING, RUN, SHORT_WORDS, Cut, Rarity
from assistant.text import HAN

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


def named(cut: Cut, rarity: Rarity) -> Iterator[tuple[int, int]]:
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


def _is_system(cut: Cut, start: int, end: int) -> bool:
    """Say whether what ends in 制 is a system: 首问负责制, and 田长制 where it is put into practice."""
    short = end - start < 5 and cut.read[start - 2 : start] not in ("实行", "推行", "实施", "落实", "建立")
    return not short and cut.read[end - 2] not in _BOUND


def _start(cut: Cut, head: int) -> int:
    """Return where the words before a head begin, 0 where that is not sure."""
    for at in range(head - 1, max(head - LONGEST - 1, 0), -1):
        before = cut.read[at - 1 : at]
        if cut.read[at] in _BREAKS:
            return 0
        if not RUN.match(before) or before == "以" or cut.read[at - 2 : at] in GOVERNING:
            return at if head - at >= SHORTEST and at in cut.edges else 0
    return 0
