"""The words of a sentence that a question can be asked about: terms in quotation marks, numbers, dates, members
of a series, what something is, who must do it.

All are found by marks and patterns of the language, so that where a word ends is never guessed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.study.pack import Formulation
from assistant.study.statements import Clause, Statement

SERIES_LEAST = 3
MEMBER_LONGEST = 14


class Slot(StrEnum):
    """What kind of words they are: distractors are taken from the same kind."""

    QUOTED = "quoted"
    NAMED = "named"
    NUMBER = "number"
    DATE = "date"
    MEMBER = "member"
    VERB = "verb"
    FOUR = "four"
    HEAD = "head"
    ACTOR = "actor"


@dataclass(frozen=True)
class Word:
    """Words of a statement from `start` to `end`; `shape` is what another of its kind must share."""

    statement: Statement
    kind: Slot
    start: int
    end: int
    shape: str = ""

    @property
    def text(self) -> str:
        """The words."""
        return self.statement.text.text[self.start : self.end]


@dataclass(frozen=True)
class Series:
    """Members of a list side by side in one clause, and whether they are all of it."""

    statement: Statement
    members: tuple[tuple[int, int], ...]
    whole: bool

    @property
    def texts(self) -> list[str]:
        """The words of each member."""
        return [self.statement.text.text[a:b] for a, b in self.members]


VERBS = frozenset(
    (
        "加强 强化 提高 提升 推进 推动 深化 落实 完善 健全 建立 坚持 坚定 增强 聚焦 突出 压实 夯实 凝聚 严明 严格 规范 堵塞 促进 保障 "
        "维护 贯彻 学习 领会 把握 发挥 创新 更新 打造 锻造 锤炼 整合 统筹 优化 扩大 拓展 巩固 纠治 服务 助推 防范 化解 查处 整治 净化 "
        "涵养 培育 弘扬 传承 践行 树立 牢记 守住 筑牢 紧盯 紧扣 围绕 抓好 抓实 做好 做实 开展 组织 实施 制定 编制 修订 明确 落细 落地 "
        "细化 量化 监督 检查 督促 指导 协调 配合 支持 鼓励 引导 激发 激活 调动 释放 扩展 延伸 畅通 改善 改进 改革 解决 破解 破除 消除 "
        "清除 排查 梳理 总结 推广 宣传 普及 研究 分析 研判 评估 考核 问责 追究 保护 修复 治理 防治 控制 减少 降低 节约 利用 开发 建设 "
        "改造 更换 补齐 填补 补足 构建 形成 汇聚 团结 动员 带动 引领 示范 培养 选拔 配备 配齐 充实 壮大 发展 繁荣 振兴 稳定 稳住 增加 "
        "扩充 满足 回应 关心 关爱 帮扶 救助 扶持 收集 整理 保存 公开 公布 发布 报告 审批 审核 审查 验收 登记 备案 受理 办理 签订 履行 "
        "变更 解除 终止 赔偿 补偿 支付 缴纳 征收 征集 采集 储存 运输 销售 生产 经营 设立 撤销 任免 选举 批准 决定 讨论 听取 反映 汇报 "
        "拓宽 缩小 简化 精简 压减 放宽 转变 转化 转换 激励 约束 规避 防止 防控 遏制 打击 惩治 挂牌 增进 巡查 走访 调研 谋划 部署"
    ).split()
)
_QUOTED = re.compile("[“「『]([^“”「」『』，。；：？！,;:?!]{2,14})[”」』]")
_COUNTED = re.compile("[一二三四五六七八九十两]{1,2}(?:个|项|条|大|种|不|严|抓|实|化|专|有|要|新|高|性)?")
_DIGITS = r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?[万亿]?"
_CHINESE = "[一二两三四五六七八九十百千][一二两三四五六七八九十百千万]*"
_UNITS = (
    "个工作日|个月|个小时|个百分点|个自然日|个季度|小时|分钟|周岁|工作日|人次|万元|亿元|平方米|平方公里|公里|公斤|毫升|毫克|克|升|"
    "日内|日|天|年|周|岁|元|％|%|倍|名|人|户|件|套|张|家|起|吨|亩|台|座|处|所|米|份|页|例|对|位|期|款|门|类|项|次|个|条|批|支|辆"
)
_NUMBER = re.compile(
    rf"(?<![第0-9.,０-９一二两三四五六七八九十百千万至到—~～\-/〔])(?:百分之)?({_DIGITS}|{_CHINESE})(余)?\s?({_UNITS})"
)
_LATIN_NUMBER = re.compile(r"(?<![\w.,$-])([0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)(?=%|\s[a-z])")
_PERCENT = re.compile(f"百分之({_CHINESE})")
_DATE = re.compile(r"(?:(?:19|20)[0-9]{2}年)?[0-9]{1,2}月(?:[0-9]{1,2}日)?|(?:19|20)[0-9]{2}年")
_INDEFINITE = re.compile("一(?!个月|个工作日|年|日|天|周|小时|倍)")
_SPLIT = re.compile("、")
_LEADS = "在以对把将被向从到于为是有的和与及由要能够须让使"
_TRAILS = re.compile("等|的|和|及|方面|上|中|作用|工作|问题|制度|体系|机制|之间|强$|与")
_IS = re.compile("是(?![否不])")
_HEAD = re.compile(r"的([^，。；：、“”（）的是]{2,8})$")
_ACTOR_END = "部门|政府|机关|委员会|机构|组织|单位|企业|公司|法院|检察院|局|中心|办公室|学校|医院|工会|负责人|劳动者|经营者|申请人|当事人|用人单位|党组|专班|街道"
_ACTOR = re.compile(
    rf"^([^，。；：、“”（）的当应可不由在对将]{{2,16}}?(?:{_ACTOR_END}))(?=应当|可以|不得|必须|负责|有权|要(?![求点])|须|应(?![急用对]))"
)
_BY = re.compile(rf"由([^，。；：、“”（）的由和会]{{2,16}}?(?:{_ACTOR_END}))(?=负责|牵头|统一|予以|批准|审|组织|依法|给予|决定|审定|公布|制定)")


def words_of(statement: Statement, named: Sequence[Formulation] = ()) -> Iterator[Word]:
    """Yield what can be asked about in a statement."""
    if statement.latin:
        yield from _latin(statement)
        return
    yield from _quoted(statement)
    yield from _figures(statement)
    for clause in statement.clauses:
        yield from _heads(statement, clause)
        yield from _actors(statement, clause)
        yield from _fours(statement, clause)
    for series in series_of(statement):
        yield from _members(series)


def named_in(statement: Statement, places: Sequence[tuple[int, int]]) -> Iterator[Word]:
    """Yield the formulations of a statement that stand in no quotation marks; `places` are where they stand."""
    text = statement.text.text
    for start, end in places:
        words = text[start:end]
        open_quote = text[start - 1 : start] in ("“", "「", "『")
        if not open_quote and not re.search("[“”，。；、：]", words) and 3 <= len(words) <= MEMBER_LONGEST:
            yield Word(statement, Slot.NAMED, start, end, f"named{len(words)}")


def series_of(statement: Statement) -> Iterator[Series]:
    """Yield the series of a statement: parts of one clause parted by 、, three or more."""
    if not statement.latin:
        for clause in statement.clauses:
            yield from _series(statement, clause)


def _series(statement: Statement, clause: Clause) -> Iterator[Series]:
    text = statement.text.text
    parts, begin = [], clause.start
    for mark in _SPLIT.finditer(text, clause.start, clause.end):
        parts.append((begin, mark.start()))
        begin = mark.end()
    parts.append((begin, clause.end))
    if len(parts) < SERIES_LEAST or any(b - a < 2 for a, b in parts):
        return
    middle = parts[1:-1]
    if any(b - a > MEMBER_LONGEST or re.search("[“”（）《》和或及与]", text[a:b]) for a, b in middle):
        return
    first, last = _first(text, parts[0], middle), _last(text, parts[-1], middle)
    members = [m for m in (first, *middle, last) if m]
    yield Series(statement, tuple(members), first is not None and last is not None)


def _first(text: str, part: tuple[int, int], middle: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Return where the first member stands in its part, which may begin with what leads the series in."""
    size = _common_size(middle)
    if size and part[1] - part[0] >= size:
        cut = part[1] - size
        lead = text[part[0] : cut]
        if not lead or lead[-1] in _LEADS or _parallel(text[cut : part[1]], text[slice(*middle[0])]):
            return _clean(text, cut, part[1])
    elif not size and abs((part[1] - part[0]) - (middle[0][1] - middle[0][0])) <= 1:
        return _clean(text, *part)
    return None


def _last(text: str, part: tuple[int, int], middle: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Return where the last member stands in its part, which may go on behind it."""
    size = _common_size(middle)
    if size and part[1] - part[0] >= size:
        cut = part[0] + size
        trail = text[cut : part[1]]
        if not trail or _TRAILS.match(trail) or _parallel(text[part[0] : cut], text[slice(*middle[0])]):
            return _clean(text, part[0], cut)
    elif not size and abs((part[1] - part[0]) - (middle[0][1] - middle[0][0])) <= 1:
        return _clean(text, *part)
    return None


def _clean(text: str, start: int, end: int) -> tuple[int, int] | None:
    return None if re.search("[“”（）《》和或及与]", text[start:end]) else (start, end)


def _common_size(middle: Sequence[tuple[int, int]]) -> int:
    sizes = {b - a for a, b in middle}
    return sizes.pop() if len(sizes) == 1 else 0


def _parallel(one: str, other: str) -> bool:
    """Say whether two members of one length are of one pattern: a character in the same place of both."""
    return any(a == b for a, b in zip(one, other, strict=True))


def _members(series: Series) -> Iterator[Word]:
    statement = series.statement
    for start, end in series.members:
        words = statement.text.text[start:end]
        if len(words) < 3:
            continue
        yield Word(statement, Slot.MEMBER, start, end, _member_shape(words))
        if words[:2] in VERBS and len(words) >= 4:
            yield Word(statement, Slot.VERB, start, start + 2, "verb")


def member_kind(words: str) -> str:
    """Return the shape of a member of a series: its length, and whether it opens with a verb."""
    return _member_shape(words)


def _member_shape(words: str) -> str:
    return f"{'v' if words[:2] in VERBS else 'n'}{len(words)}"


def _quoted(statement: Statement) -> Iterator[Word]:
    for match in _QUOTED.finditer(statement.text.text, statement.start, statement.end):
        words = match.group(1)
        counted = _COUNTED.match(words)
        shape = "counted" if counted and 3 <= len(words) <= 7 else f"quoted{min(len(words) // 2, 3)}"
        yield Word(statement, Slot.QUOTED, match.start(1), match.end(1), shape)


def _figures(statement: Statement) -> Iterator[Word]:
    text, (start, end) = statement.text.text, (statement.start, statement.end)
    dates = [m.span() for m in _DATE.finditer(text, start, end)]
    quoted = [m.span() for m in _QUOTED.finditer(text, start, end)]
    for a, b in dates:
        if text[a - 1] not in "至到—-~～至0123456789" and text[b : b + 1] not in "至到—-~～）":
            shape = re.sub("[0-9]+", "9", text[a:b])
            yield Word(statement, Slot.DATE, a, b, shape)
    for match in _NUMBER.finditer(text, start, end):
        a, b = match.span(1)
        inside = any(x <= a < y for x, y in (*dates, *quoted))
        ranged = text[match.end() : match.end() + 1] in "至到—-~～" or text[b : b + 1] in "至到—-~～"
        if not inside and not ranged and not _INDEFINITE.match(text[a : b + 3]):
            yield Word(statement, Slot.NUMBER, a, b, f"{_script(match.group(1))}{match.group(3)}")
    for match in _PERCENT.finditer(text, start, end):
        yield Word(statement, Slot.NUMBER, *match.span(1), "百分之")


def _script(number: str) -> str:
    return "9" if number[0].isdigit() else "九"


def _heads(statement: Statement, clause: Clause) -> Iterator[Word]:
    """Yield what a thing is said to be: the noun that closes 甲是乙的丙."""
    words = statement.text.text[clause.start : clause.end]
    copula = _IS.search(words, 1)
    found = _HEAD.search(words)
    if copula and found and copula.end() <= found.start() and len(_IS.findall(words)) == 1:
        yield Word(statement, Slot.HEAD, clause.start + found.start(1), clause.end, "head")


def _actors(statement: Statement, clause: Clause) -> Iterator[Word]:
    words = statement.text.text[clause.start : clause.end]
    for pattern in (_ACTOR, _BY):
        found = pattern.search(words)
        if found:
            shape = "actor" if pattern is _ACTOR else "by"
            yield Word(statement, Slot.ACTOR, clause.start + found.start(1), clause.start + found.end(1), shape)


def _fours(statement: Statement, clause: Clause) -> Iterator[Word]:
    """Yield phrases of four characters that punctuation parts from all else."""
    text, begin = statement.text.text, clause.start
    stops = [m.start() for m in _SPLIT.finditer(text, clause.start, clause.end)]
    for stop in [*stops, clause.end]:
        words = text[begin:stop]
        if len(words) == 4 and re.fullmatch("[\u4e00-\u9fff]{4}", words) and len(stops) <= 1:
            yield Word(statement, Slot.FOUR, begin, stop, "v" if words[:2] in VERBS else "n")
        begin = stop + 1


def _latin(statement: Statement) -> Iterator[Word]:
    text = statement.text.text
    for match in _LATIN_NUMBER.finditer(text, statement.start, statement.end):
        unit = re.match(r"%|\s([a-z]+)", text[match.end() : match.end() + 20])
        yield Word(statement, Slot.NUMBER, match.start(), match.end(), f"en {unit.group() if unit else ''}")
    for match in re.finditer(r"[“\"]([^“”\",.]{3,40})[”\"]", text[statement.start : statement.end]):
        at = statement.start + match.start(1)
        yield Word(statement, Slot.QUOTED, at, at + len(match.group(1)), "en")
