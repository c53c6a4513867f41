"""Words that may be written with either of two characters (账户, 帐户), where documents have both.

The pairs are from the national list of variant words of 2001 (第一批异形词整理表), those that office prose uses;
the first of each is the recommended one.
"""

from collections.abc import Iterator, Sequence

from assistant.study.cutting import Cut
from assistant.study.variants import Place, Variants

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


def spellings(cuts: Sequence[Cut]) -> Iterator[Variants]:
    """Yield the words that are written in both ways, with some places of each."""
    for pair in _PAIRS:
        places = {word: [place for cut in cuts for place in _places(cut, word)] for word in pair}
        if all(places.values()):
            counts = {word: len(found) for word, found in places.items()}
            ordered = dict(sorted(counts.items(), key=lambda one: -one[1]))
            yield Variants(ordered, tuple(place for word in ordered for place in places[word][:SHOWN]))


def _places(cut: Cut, word: str) -> Iterator[Place]:
    for at in cut.finds(word):
        if cut.bounded(at, at + len(word)):
            yield Place(cut, at, at + len(word))
