"""Named entities in a question: what is said of 天地湿地 does not answer a question about 玄黄湿地.

A name is the words right before a noun that is used in proper names (湿地, 小区, 公司). A sentence that has
that noun with another name, while neither it nor its surroundings have this name, is about another thing,
however well it matches. Words that merely describe (民办学校, 建筑公司) look the same: how much evidence a name
needs depends on the noun.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

RARE_IDF = 8.5  # in 30 or fewer of the background's 142,962 texts: 外卖 is in 33, 阳光 in 23
NAME_MOST = 8
_NOUN = 2

# Things that are told apart by their names alone.
_OWN_HEADS = frozenset(
    (
        "湿地 水库 瀑布 溶洞 峡谷 湖泊 山庄 小区 花园 公寓 大厦 大桥 隧道 立交桥 绿道 公园 森林公园 景区 广场 机场 "
        "车站 火车站 地铁站 码头 港口 口岸 驿站 博物馆 图书馆 纪念馆 展览馆 美术馆 体育馆 体育场 文化馆 剧院 影院 "
        "游乐园 动物园 植物园 古城 古镇 古村 遗址 故居 陵园 公墓 烈士陵园 街道 社区 大学 中学 小学 幼儿园 医院 "
        "卫生院 养老院 敬老院 福利院 银行 酒店 宾馆 饭店 茶馆 书店 商场 超市 夜市 水电站 核电站 电厂 电站 变电站 "
        "水厂 农场 林场 牧场 茶场 果园 煤矿 铁矿 金矿 铜矿 油田 气田 自然保护区 保护区 开发区 高新区 工业园 产业园 "
        "科技园 园区 合作社 农家乐 高速公路 铁路 地铁 渔船 游轮 邮轮 客轮 货轮 灯会 庙会 音乐节 电影节 艺术节 "
        "文化节 马拉松"
    ).split()
)
# Things that are as often told apart by what they are.
_DESCRIBED_HEADS = frozenset(
    (
        "公司 集团 企业 工厂 学校 学院 书院 研究院 研究所 实验室 中心 协会 学会 商会 基金会 基地 训练营 夏令营 项目 "
        "工程 计划 行动 平台 系统 论坛 大会 峰会 博览会 大赛 活动 会议 条例 办法 规定 法案 公约 协定 协议 战略 规划 "
        "纲要 基金 课题 课程 软件 网站 杂志 电视台 品牌 市场 食堂 事件 事故 案件 疫苗 手机 汽车 飞机 镇 奖 教授 "
        "老师 医生 同志 书记 市长 县长 局长 主任 部长 院长 校长 经理"
    ).split()
)
# Things of which one kind is not another, told apart by plain words: 残疾人补贴, 高龄补贴; 病假, 产假.
_KIND_HEADS = frozenset(
    (
        "补贴 补助 津贴 补助金 救助金 补偿金 抚恤金 奖金 奖学金 助学金 押金 保证金 定金 保险 保险费 贷款 公积金 "
        "许可证 资格证 登记证 证书 执照 驾照 培训 考试 体检 职称 假"
    ).split()
)
_HEADS = re.compile("|".join(sorted(_OWN_HEADS | _DESCRIBED_HEADS | _KIND_HEADS, key=len, reverse=True)))
_SHORT_NOUNS = "室车章卡证费款票站馆园厅院所库房楼场机炉册表厂店队班组"
_RUN = re.compile("[\u4e00-\u9fff]+$")
_BOUNDARY = re.compile(
    "[的了在对由与跟及或等从往至为是各该本其每任何某这那将被把让使请问哪几个名位家所座条项并且也都又还应须不无未]"
)
_OPENERS = "去到在从往进住逛给对由向和与及同跟为把被我你他她问想要"
_NO_NAME = re.compile(
    "今年|去年|明年|本年|本年度|全年|每年|近期|目前|现在|当前|一共|总共|国家|全国|中国|我国|国内|国外|国际|世界|中央|地方|"
    "当地|本地|外地|上级|下级|有关|相关|其他|其它|所有|全部|全体|部分|"
    "多数|大型|中型|小型|重点|重大|重要|一般|普通|各级|各类|基层|新建|在建|已建|我们|你们|他们|自己|用人|网上|网络|线上|线下|"
    "电子|同一|两个|三个|社会|休|放|度|虚|作|弄虚作|.*[省市县区州国级类型等]|.*[0-9].*|.*[个家所座条项处]|"
    ".*(进入|保护|管理|建设|开放|参观|位于|办理|申请|领取|发放|享受|参加|组织|开展|缴纳|支付|收取|退还|返还|提供|取得|使用|购买|签订|"
    "举办|召开|设立|成立|责令|要求|通知|决定|制定|制订|属于|涉及|符合|实行|实施|执行|接受|给予|发给|负责|包括|以及|作为|没有|按照|根据)"
)
_NEVER_IN_NAMES = re.compile("[上下只卖买经就再已因时后前里做办收交用会能要可没打说想看给叫拿跟找]")
_LIKE_NAMES = re.compile(
    "[\u4e00-\u9fff]{1,3}[湖江河山海岛湾坡沟岭峰泉溪滩洲门桥坪塘港]|"
    "和平|光明|阳光|胜利|幸福|友谊|团结|前进|解放|红旗|东风|新华|朝阳|长城"
)


@dataclass(frozen=True)
class Name:
    """A particular thing: its `own` words, and the noun (`head`) after them, or the beginning of that."""

    own: str
    head: str


def names_in(topics: Sequence[str]) -> list[Name]:
    """Return the names in the topics of a question; the start of a topic may be one, whatever follows it."""
    found = (name for topic in topics for name in [*_before_heads(topic), *_opening(topic)])
    return list(dict.fromkeys(found))


def described_in(topics: Sequence[str], words: Sequence[str]) -> list[Name]:
    """Return those of `words` that stand right before another of them in a topic: 救护 before 车辆."""
    found = []
    for topic in topics:
        places = sorted((topic.find(word), word) for word in words if word in topic)
        for (start, own), (at, head) in pairwise(places):
            is_noun = len(head) > 1 or head in _SHORT_NOUNS
            if (
                start + len(own) == at
                and is_noun
                and len(own) > 1
                and not _NO_NAME.fullmatch(own)
                and not _NEVER_IN_NAMES.search(own)
            ):
                found.append(Name(own, head))
    return found


def others_of(name: Name, text: str) -> set[str]:
    """Return the names that stand before the noun of `name` in `text`."""
    ends = [at.start() for at in re.finditer(re.escape(name.head), text)]
    found = {_own(text[max(0, end - NAME_MOST) : end], _least(name.head)) for end in ends}
    return found - {""}


def of_another(name: Name, text: str, rare: Callable[[str], bool]) -> bool:
    """Say whether `text` speaks of a thing of the same kind by another name, and never of this one.

    `rare` says whether a word is as rare in a large background corpus as names are.
    """
    if _said(name, text):
        return False
    return any(_names(name.own, other, name.head, rare) for other in others_of(name, text))


def _before_heads(topic: str) -> list[Name]:
    found, end = [], 0
    for head in _HEADS.finditer(topic):
        end = 0 if head.group() in _KIND_HEADS else end
        found.append(Name(_own(topic[end : head.start()], _least(head.group())), head.group()))
        end = head.end()
    return [name for name in found if name.own]


def _opening(topic: str) -> list[Name]:
    """Return the first two and three characters of a topic as names before a noun that begins with the next two."""
    topic = _opened(topic, _NOUN + 2)
    cuts = [(topic[:size], topic[size : size + _NOUN]) for size in (2, 3)]
    return [Name(own, noun) for own, noun in cuts if len(noun) == _NOUN and _own(own) == own]


def _own(before: str, least: int = 2) -> str:
    """Return the words right before a noun that can be its name, "" where they have fewer than `least` characters."""
    run = _RUN.search(before)
    words = _opened(_BOUNDARY.split(run.group())[-1], 2) if run else ""
    return "" if len(words) < least or _NO_NAME.fullmatch(words) else words


def _least(head: str) -> int:
    """Return the least number of characters of a name before `head`: one in 病假, two in 东湖公园."""
    return 1 if len(head) == 1 and head in _KIND_HEADS else 2


def _opened(words: str, least: int) -> str:
    """Return `words` without what can precede a name (去天地湿地), keeping at least `least` characters."""
    while len(words) > least and words[0] in _OPENERS:
        words = words[1:]
    return words


def _said(name: Name, text: str) -> bool:
    """Say whether a name occurs: whole, or by its end where words of the question may precede it."""
    own = name.own
    if name.head in _KIND_HEADS:
        pairs = [own[at : at + 2] for at in range(len(own) - 1)] or [own]
        return own[-1] + name.head in text or any(pair in text for pair in pairs)
    behind = re.search(f"(?<![\u4e00-\u9fff]){re.escape(own[1:])}", text) if len(own) > 2 else None
    return own in text or bool(behind) or (len(own) > 3 and own[-2:] in text)


def _names(own: str, other: str, head: str, rare: Callable[[str], bool]) -> bool:
    """Say whether `own` and `other` are names of different things, not mere descriptions."""
    if head in _OWN_HEADS | _KIND_HEADS:
        return True
    like = [rare(word) or bool(_LIKE_NAMES.fullmatch(word)) for word in (own, other)]
    if head in _DESCRIBED_HEADS:
        return any(like) or all(rare(word[-1] + head[0]) for word in (own, other))
    return all(like) and not any(_NEVER_IN_NAMES.search(word) for word in (own, other))
