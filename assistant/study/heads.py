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
    f"({'|'.join(sorted(_LEAST, key=len, reverse=True))})(?=[^{HAN}”’]|[的和与等及为新]|$)"
    f"|(?<=以)[{HAN}]{{2,6}}(精神)(?=[{HAN}])"  # 以钉钉子精神抓落实
)
_BUILT = re.compile(
    "高(?:质量|水平|品质|效能|标准|效率)(?:发展|开放|治理|安全|生活|建设|供给|就业)"  # 高质量发展, 高水平开放
    f"|全面(?:从严|依法|深化)[{HAN}]{{2}}"  # 全面依法治国
)
_LISTED = re.compile("[^一二三四五六七八九十]、")
_BREAKS = "“”‘’的等和与及了是为"
_BOUND = frozenset("体机管限控编研强抑复缔绘仿调录配改建法税学币公克压印监军特自遏牵定炮专精创")
_EMPTY = re.compile(
    "[对从向由把一二两三四五六七八九十本该各其此有相一某两]|第|这|那|以下|上述|上级|全[市县省区国]|[我你他]|[的了和与]"
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
        if not start or _EMPTY.match(words) or (end - head == 1 and (head - start < 4 or words[-2] in _BOUND)):
            continue
        if words[0] in SHORT_WORDS and start + 1 in cut.edges:
            continue  # 搞盆景工程
        governed = cut.read[start - 2 : start] in GOVERNING or bool(_LISTED.match(cut.read, start - 2))
        least = _LEAST[match[1]] if governed else RARE_LOOSE
        if rarity.mean(words) >= least and (governed or head - start <= LONGEST_LOOSE):
            yield start, end


def _start(cut: Cut, head: int) -> int:
    """Return where the words before a head begin, 0 where that is not sure."""
    for at in range(head - 1, max(head - LONGEST - 1, 0), -1):
        before = cut.read[at - 1 : at]
        if cut.read[at] in _BREAKS:
            return 0
        if not RUN.match(before) or before == "以" or cut.read[at - 2 : at] in GOVERNING:
            return at if head - at >= SHORTEST and at in cut.edges else 0
    return 0
