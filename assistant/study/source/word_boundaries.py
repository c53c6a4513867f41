"""Texts as those look for wording read them: what may be used, where its words begin and end, how rare they are."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.answering.sentences.question_terms import Words
from assistant.base.text import HAN
from assistant.models.encoder import StaticEncoder
from assistant.models.term_statistics import MODEL, Background, load_background
from assistant.study.source.texts import Text

RUN = re.compile(f"[{HAN}]+")
PARTICLES = frozenset(
    "的了和与或及是在对把被将向从由为让使给按这那该其某每各等着也都又还就才已而且但若所之个名第应须可我你我他她们它并于至到要会能以"
)
SHORT_WORDS = "不只再更必好搞抓讲促保做办管建破立练打用求谋干看学说无有防治靠强重严走即住里中上下实清细准"
# What takes up a series or a phrase that stands before it.
_ALIKE = "相互?(?:结合|统一|衔接|协调|适应|促进|融合|贯通)|并[重举存]"
TOGETHER = re.compile(f"{_ALIKE}|一体推进")
TAKES_UP = re.compile(f"的|之|结合|融合|贯通|一体|{_ALIKE}")
TAIL = re.compile(
    f"的|地|等|之|一体|一起|结合|贯通|融合|联动|同[步时向]|{_ALIKE}"
    "|(?:问题|原则|机制|制度|体系|格局|要求|工作|活动|精神|作风|能力|水平|目标|理念|方针|优势|责任|行为|模式|方式|"
    "做法|意识|工程|行动|导向|力量|氛围|姿态|劲头|思想|思维|标准|方向|关系|现象|特点|方面|措施|任务|建设|发展|改革|监督|"
    "管理|服务|治理|整治|教育|队伍|斗争|倾向)"
)
# Verbs and adverbs of official prose behind which a formulation begins: 坚持, 弘扬, 切实.
GOVERNING = frozenset(
    (
        "坚持 弘扬 发扬 践行 树立 树牢 秉持 秉承 恪守 遵循 贯彻 落实 执行 实行 推行 实施 推进 "
        "推动 推广 开展 建立 健全 完善 构建 打造 锻造 形成 实现 做到 确保 坚守 坚定 增强 强化 "
        "深化 聚焦 紧扣 紧盯 围绕 突出 狠抓 压实 扛牢 扛起 牢记 谨记 倡导 营造 克服 破除 摒弃 "
        "杜绝 防止 严防 严禁 纠治 整治 提升 提高 促进 保持 发挥 用好 抓好 做好 办好 打好 走好 "
        "传承 创新 培育 激发 凝聚 涵养 练就 深入 全面 切实 着力 持续 纵深 大力 积极 主动 充分 "
        "奋力 谱写 净化 大兴 加强 加快 严格 规范 学习 引导 敢于 善于 勇于 勤于 锤炼 培养 严查 "
        "严打 惩治 查处 整合 争做 争当 争创 夯实 筑牢 巩固 拓展 优化 统筹 重点 坚决 严肃 扎实 "
        "有效 守牢 守住"
    ).split()
)
UNKNOWN = 13.0  # the idf of pairs that the background does not hold


@dataclass(frozen=True)
class BoundedText:
    """A text for looking at its wording.

    `read` is as long as the text and holds what may be used, and line feeds for the rest; `edges` are the
    offsets where a word of the tokenizer begins or ends.
    """

    text: Text
    read: str
    edges: frozenset[int]

    def bounded(self, start: int, end: int) -> bool:
        """Say whether a piece begins and ends where words do."""
        return start in self.edges and end in self.edges

    def behind_word(self, at: int) -> bool:
        """Say whether a mark, a particle or a word of several characters stands before `at`."""
        if self.read[at - 2 : at] in GOVERNING:
            return True
        before = self.read[at - 1 : at]
        return not RUN.match(before) or before in PARTICLES or before in SHORT_WORDS or at - 1 not in self.edges

    def runs(self) -> Iterator[tuple[int, int]]:
        """Yield the runs of Chinese characters."""
        for match in RUN.finditer(self.read):
            yield match.span()

    def finds(self, words: str) -> Iterator[int]:
        """Yield where `words` stand, from left to right without overlaps."""
        at = self.read.find(words)
        while at >= 0:
            yield at
            at = self.read.find(words, at + len(words))


class Rarity:
    """How rare pairs of characters are in the background, by their inverse document frequency."""

    def __init__(self, cuts: Sequence[BoundedText], background: Background) -> None:
        pairs = sorted({cut.read[a : a + 2] for cut in cuts for s, e in cut.runs() for a in range(s, e - 1)})
        self._idf = dict(zip(pairs, map(float, background.idf(pairs)), strict=True))

    def of(self, words: str) -> list[float]:
        """Return the idf of each pair of neighbours in `words`."""
        return [self._idf.get(words[at : at + 2], UNKNOWN) for at in range(len(words) - 1)]

    def mean(self, words: str) -> float:
        """Return the mean idf of the pairs of `words`."""
        found = self.of(words)
        return sum(found) / len(found) if found else 0.0

    def halves(self, phrase: str) -> float:
        """Return the idf of both halves of four characters."""
        first, _, last = self.of(phrase)
        return first + last


def cut(text: Text, words: Words) -> BoundedText:
    """Return `text` as its wording is looked at."""
    kept, at = [], 0
    for sentence in text.sentences:
        kept.append("\n" * (sentence.start - at) + text.words(sentence))
        at = sentence.end
    read = "".join(kept) + "\n" * (len(text.text) - at)
    return BoundedText(text, read, frozenset(_edges(read, words)))


def _edges(read: str, words: Words) -> Iterable[int]:
    """Yield where a word begins or ends; around marks, and particles that the tokenizer left on a word, too."""
    for run in RUN.finditer(read):
        yield from run.span()
    for match in re.finditer("[^\n]+", read):
        for piece in words.tokenizer.pieces(match.group()):
            start, end = match.start() + piece.start, match.start() + piece.end
            yield start
            yield end
            if end - start > 2 and read[start : start + 2] in GOVERNING:
                yield start + 2  # 遵循自愿
            if end - start > 1 and (read[start] in "的和了是" or read[start + 1 : start + 3] in GOVERNING):
                yield start + 1  # 要围绕
            if end - start > 1 and read[end - 1] in "的和了是":
                yield end - 1


@cache
def bundled_words() -> Words:
    """Return the words that ship with the program, for whoever has no `Service` at hand."""
    return Words(StaticEncoder(MODEL), load_background())
