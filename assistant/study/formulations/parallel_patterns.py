"""Whether words side by side are a pattern that its writer made, and how good a one.

Slogans are put side by side without 和 or 等 and begin, or go on, with the same words; things that are counted up
(公安机关、检察机关和审判机关) have only their last word in common. What a document calls a principle, or says is
held to (坚持惩前毖后、治病救人), needs no rare words to be one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.language.surnames import SURNAMES
from assistant.study.source.word_boundaries import GOVERNING, RUN, TAKES_UP, TOGETHER, BoundedText, Rarity

FOUR, LOOSE, MANY = 4, 8, 4
RARE, RARE_PAIR, RARE_LISTED, RARE_ABSTRACT = 5.0, 6.5, 6.4, 4.0
RARE_SAYING, RARE_SHORT, RARE_PROVERB, RARE_WHOLE = 9.5, 8.0, 10.5, 14.0
ABSTRACT = "性化感力度"
_ADVERBS = frozenset("同步 自我 共同 相互 互相 主动 及时 提前 全程 分类 分级 精准 一体".split())
CONJUNCTION = re.compile("和(?![谐平睦解善])|(?<!参)与(?![时会共众])|及(?![时早])|或(?!许)|等$")
RULE = re.compile("不得|擅自|应当|禁止|可以|尚未|依法|有关|根据|按照|无法|或者|以及")
FUNCTION = re.compile("[未经由对其本在因或各及是就但并已将若如]")
_PLAIN = re.compile(
    ".*[省市县区镇乡村街路湖局委办厅部院所司处科室队站厂店校会社馆堂员者人物品费款金税证书表册件车船机率量数类期型用户]"
    "|[一二三四五六七八九十0-9百千万]+[个名项条年月日次].*"
    "|.*(?:公司|机关|单位|组织|机构|企业|团体|部门|中心|法律|法规|规章|条例|办法|设施)"
)
_OFFICE = re.compile("[省市县区镇乡村直级属]{2}")
_VERBS = "不即靠带促为有到无胜比变得之一更着"
_LEADS = frozenset("从用让把以靠为讲抓不既有敢能一要坚")
_LED = re.compile(".[在到从用让以向为]|..[在到从用让以向为]")
_STATES = re.compile(
    "(?:坚持|遵循|实现|秉持|秉承|恪守|弘扬|发扬|践行|牢记|压实|扛牢|做到|倡导|反对|纠治|整治|狠刹|破除|摒弃|打造|树牢|树立|保持|形成|构建)$"
)
_STATED = re.compile(
    "的?(?:总?方针|.{0,2}原则|.{0,2}理念|.{0,2}精神|.{0,2}格局|.{0,2}思路|.{0,2}要求|.{0,2}目标|.{0,2}机制|制度|模式|工作法|.{0,2}作风|姿态|劲头|风气|习惯)"
)
_PREDICATE = re.compile("(?:^|[，；。：）\n]|[一二三四五六七八九十]、)[要就须能]?$")
_ABOUT = re.compile(
    "的.{0,6}(?:氛围|环境|秩序|社会|局面|形象|风气|队伍|作风|态度|生活|家园|原则|关系|县城|城市|乡村|新村|校园|社区|家(?!具|电|禽|畜))"
)
_GROUPS = re.compile("有的|有些|个别|一些|少数|其中")
_ORDINAL = re.compile("[一二三四五六七八九十]+[是要]")
_BALANCED = re.compile("(?:结合|统一|并[重举存]|融合|衔接|贯通|联动)$")
_BEFORE, _BEHIND = (*"。！？；：\n“", ""), (*"。！？；\n”", "")
_FEW = re.compile(f"[的等将被把]|[关对由]于|{CONJUNCTION.pattern}")


def shared(words: Sequence[str]) -> list[int]:
    """Return the places at which all words have the same character."""
    columns = enumerate(zip(*words, strict=False))
    return [at for at, letters in columns if len(set(letters)) == 1 and letters[0] not in "“”‘’"]


def doubled(words: Sequence[str]) -> bool:
    """Say whether all words begin with a character twice: 人人肩上有指标、事事都要讲效益."""
    return all(word[:1] == word[1:2] for word in words)


@dataclass(frozen=True)
class Members:
    """Members that may be a pattern: where they stand, and how they stand among others between the same marks.

    `listed`: 、 is between them; `whole`: nothing else is between such marks; `apart`: or nothing that is like them.
    """

    cut: BoundedText
    spans: Sequence[tuple[int, int]]
    listed: bool
    whole: bool
    apart: bool

    @cached_property
    def words(self) -> list[str]:
        """What the members are."""
        return [self.cut.read[start:end] for start, end in self.spans]

    @cached_property
    def shared(self) -> list[int]:
        """The places at which all have the same character."""
        return shared(self.words)

    @cached_property
    def length(self) -> int:
        """The characters of the shortest."""
        return min(map(len, self.words))

    @cached_property
    def equal(self) -> bool:
        """Whether they are as long as each other; of three and more the last may be a little longer."""
        longer = len(self.words[-1]) - len(self.words[0])
        return len(set(map(len, self.words[:-1]))) == 1 and 0 <= longer <= 2 * (len(self.words) > 2)

    @cached_property
    def begun(self) -> bool:
        """Whether they begin with the same character."""
        return self.shared[:1] == [0]

    @cached_property
    def tailed(self) -> bool:
        """Whether they have their last characters in common, and no others."""
        return self.shared == list(range(self.length - len(self.shared), self.length))

    @cached_property
    def last(self) -> int:
        """How many characters they have in common at their ends."""
        columns = enumerate(zip(*(word[::-1] for word in self.words), strict=False))
        return next((at for at, letters in columns if len(set(letters)) > 1), self.length)

    @cached_property
    def says(self) -> bool:
        """Whether they share a verb or 不 between their ends: 小事不出村, 垃圾靠风刮."""
        word = self.words[0]
        return any(word[at] in _VERBS for at in self.shared if 0 < at < len(word) - 1)

    @cached_property
    def behind(self) -> str:
        """What stands behind the last one."""
        return self.cut.read[self.spans[-1][1] : self.spans[-1][1] + 8]

    @cached_property
    def ends(self) -> bool:
        """Whether nothing but a mark, 的, or words that take up the series stand behind it."""
        return not RUN.match(self.behind) or bool(TAKES_UP.match(self.behind) or _STATED.match(self.behind))

    @cached_property
    def stated(self) -> bool:
        """Whether a document says that this is held to, or calls it a principle."""
        start = self.spans[0][0]
        return bool(_STATES.search(self.cut.read[start - 2 : start]) or _STATED.match(self.behind))

    @cached_property
    def predicate(self) -> bool:
        """Whether they are all that a clause says: behind a mark or a modal verb, before a mark or 地."""
        start = self.spans[0][0]
        led = _PREDICATE.search(self.cut.read[max(start - 3, 0) : start])
        return bool(led) and (not RUN.match(self.behind) or self.behind[0] == "地")

    @cached_property
    def governed(self) -> bool:
        """Whether a verb stands in front of them of which they are the object."""
        return self.cut.read[self.spans[0][0] - 2 : self.spans[0][0]] in GOVERNING

    @cached_property
    def bidden(self) -> bool:
        """Whether a modal verb stands in front of them."""
        return self.cut.read[self.spans[0][0] - 1 : self.spans[0][0]] in {"要", "须", "能"}

    @cached_property
    def named(self) -> bool:
        """Whether they look like names of persons: surnames in front and nothing in common."""
        return not self.shared and self.length < FOUR and all(word[0] in SURNAMES for word in self.words)

    def rare(self, least: float, rarity: Rarity) -> bool:
        """Say whether the words are rare on the average."""
        bare = [re.sub("[“”‘’]", "", word) for word in self.words]
        return sum(map(rarity.mean, bare)) / len(bare) >= least


def value(found: Members, rarity: Rarity) -> float:
    """Return how good a pattern is, 0 for none: members, what they share, their length."""
    words = found.words
    tailed = found.tailed or (found.last > 1 and not found.equal and not found.begun)
    if found.named or _GROUPS.match(words[0]):
        return 0.0
    listing = (tailed and not (found.says or found.stated or found.bidden)) or bool(_OFFICE.match(words[0][0] * 2))
    if listing and sum(bool(_PLAIN.fullmatch(word)) for word in words) * 2 > len(words):
        return 0.0
    holds = _pair if len(words) == 2 else _several if found.shared or shared(words[-2:]) or found.last > 1 else _loose
    if len(words) < 2 or _ORDINAL.match(words[1]) or not holds(found, rarity):
        return 0.0
    exact = len(set(map(len, words))) == 1
    return len(words) * (1 + 2 * max(len(found.shared), found.last)) + found.equal + exact + sum(map(len, words)) / 20


def _pair(found: Members, rarity: Rarity) -> bool:
    """Say whether two members are a pattern: what they share is most of them, or both halves of a saying."""
    words, length = found.words, found.length
    if length < 3 or (found.listed and not found.apart):
        return False
    if RULE.match(words[0]) and not (length == FOUR and words[0].startswith("依法")):
        return False
    if found.begun and found.behind[:1] in "，、；" and found.behind[1:2] == words[0][0]:
        return False  # a third one follows
    if not found.equal:
        leads = words[0][0] in _LEADS or _LED.match(words[0])
        return found.listed and bool(leads) and found.shared[:3] == [0, 1, 2]
    return _beside(found, rarity) if found.listed else _couplet(found, rarity)


def _beside(found: Members, rarity: Rarity) -> bool:
    """Say whether two members with 、 between them are a pattern."""
    words, count, length = found.words, len(found.shared), found.length
    if found.shared and found.tailed and not TAKES_UP.search(words[0]):
        if length != FOUR or all(map(_OFFICE.match, words)):
            return False
    joined = any(map(CONJUNCTION.search, words)) and not TAKES_UP.search(words[0])
    if joined:
        return False
    few = any(map(_FEW.search, words))
    held = found.stated and found.ends and not few
    if held and (length in (FOUR - 1, FOUR) or (count and length < LOOSE)) and found.rare(RARE, rarity):
        return True  # 坚持惩前毖后、治病救人
    orders = all(word[:2] in GOVERNING for word in words)  # 完善制度、加强管理
    sets = sum(rarity.halves(word) >= RARE_WHOLE for word in words) if length == FOUR else 0
    fits = sets != 1  # what is a phrase by itself is listed by itself
    if found.predicate and length == FOUR - 1 and not few and found.rare(RARE_LISTED, rarity):
        return True  # 抓前端、治未病
    if sets == len(words) and found.governed and found.ends:
        return True  # 严打假冒伪劣、坑农害农
    if found.predicate and length == FOUR and not few and not orders and fits and found.rare(RARE_ABSTRACT, rarity):
        return True  # 要围绕中心、服务大局
    chained = words[0][-2:] == words[1][:2] and length < FOUR + 2 and not few  # 能动司法、司法为民
    if chained or doubled(words) or all(map(_BALANCED.search, words)):
        return True  # 人人讲安全、个个会应急; 严管厚爱结合、激励约束并重
    if count > (length > FOUR + 1) and not found.tailed and found.rare(RARE_SAYING - count, rarity):
        return True
    spread = count > 1 and found.shared[-1] - found.shared[0] >= count
    patterned = found.begun or spread or length == FOUR or TAKES_UP.search(words[0])
    return found.says or (bool(patterned) and count > 1 and found.rare(RARE_PAIR - count / 2, rarity))


def _couplet(found: Members, rarity: Rarity) -> bool:
    """Say whether two clauses are both halves of a saying: a sentence of its own, or with something in common."""
    read, count, length = found.cut.read, len(found.shared), found.length
    start, between = found.spans[0]
    if (count > 1 and found.tailed) or read[between] not in "，," or FUNCTION.match(found.words[0]):
        return False  # 把握巡察重点，聚焦监督重点
    if re.search("[“”‘’]", "".join(found.words)) or (not count and found.words[0][0] in "要应须会能可"):
        return False
    led = start > 0 and RUN.match(read, start - 1)
    if led or any(RULE.search(word) for word in found.words if len(word) > FOUR):
        return count > 2 and found.begun and found.ends
    alone = read[start - 1 : start] in _BEFORE and found.behind[:1] in _BEHIND
    if length < LOOSE and not RUN.match(found.behind) and (alone or count):
        return found.rare(RARE_SAYING - count, rarity)
    if length == FOUR and found.behind[:1] in _BEHIND and found.rare(RARE_PROVERB, rarity):
        return True  # 星星之火，可以燎原
    answers = alone and 3 * count >= length and not found.tailed  # 公正是司法的灵魂，效率是司法的生命
    return answers or (found.begun and (2 * count >= length or count > 2))


def _several(found: Members, rarity: Rarity) -> bool:
    """Say whether three and more members that share something are a pattern."""
    words, length = found.words, found.length
    if length < 3:
        least = RARE_LISTED if len(found.words) > 3 else RARE_SHORT
        return bool(TOGETHER.match(found.behind)) or (found.whole and found.ends and found.rare(least, rarity))
    if RULE.match(words[0]) or not (found.listed or found.begun or length < LOOSE):
        return False
    if not found.equal and not found.begun:
        return found.listed and found.whole and found.last > 1 and (found.stated or found.rare(RARE_LISTED, rarity))
    if not found.equal:
        return found.begun and found.ends and (not found.listed or words[0][0] in _LEADS) and found.rare(RARE, rarity)
    if found.stated or doubled(words):
        return True
    abstract = len({word[-1] for word in words}) == 1 and words[0][-1] in ABSTRACT
    adverbs = words[0][:2] in _ADVERBS
    compounds = length == FOUR and found.shared == [0, 1] and found.listed and not adverbs  # 运营主体、运营期限
    least = (
        RARE_ABSTRACT
        if abstract or len(words) > MANY
        else RARE_ABSTRACT
        if adverbs
        else RARE
        if found.begun and not compounds
        else RARE_LISTED
    )
    return found.rare(least, rarity)


def _loose(found: Members, rarity: Rarity) -> bool:
    """Say whether members that share nothing are a pattern: one length between 、, all that stands there."""
    ends = found.ends or (found.length > 3 and found.behind.startswith("等方面"))
    if not (found.listed and found.whole and found.equal and ends) or found.length > LOOSE:
        return False
    if found.length == 2:
        about = found.stated or (len(found.words) > 2 and _ABOUT.match(found.behind))
        return bool(about) or (len(found.words) > 3 and found.behind[:1] == "的")
    return not any(map(_FEW.search, found.words)) and (found.stated or found.rare(RARE_LISTED, rarity))
