"""The words of a sentence that a question can be asked about.

They are terms in quotation marks, numbers, dates, members of a series, what something is, who must do it.
All are found by marks and patterns of the language, so that where a word ends is never guessed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.study.pack import Formulation
from assistant.study.statements import Clause, Statement

SERIES_LEAST = 3
TWIN = "twin"
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
    BEING = "being"
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

    @property
    def patterned(self) -> bool:
        """Whether the members are of one pattern (以巡促改、以巡促建), which no other word fits."""
        first, *others = self.texts
        return any(_parallel(first, other) for other in others)


VERBS = frozenset(
    (
        "加强 强化 提高 提升 推进 推动 深化 落实 完善 健全 建立 坚持 坚定 增强 聚焦 突出 压实 夯实 凝聚 严明 严格 "
        "规范 堵塞 促进 保障 维护 贯彻 学习 领会 把握 发挥 创新 更新 打造 锻造 锤炼 整合 统筹 优化 扩大 拓展 巩固 "
        "纠治 服务 助推 防范 化解 查处 整治 净化 涵养 培育 弘扬 传承 践行 树立 牢记 守住 筑牢 紧盯 紧扣 围绕 抓好 "
        "抓实 做好 做实 开展 组织 实施 制定 编制 修订 明确 落细 落地 细化 量化 监督 检查 督促 指导 协调 配合 支持 "
        "鼓励 引导 激发 激活 调动 释放 扩展 延伸 畅通 改善 改进 改革 解决 破解 破除 消除 清除 排查 梳理 总结 推广 "
        "宣传 普及 研究 分析 研判 评估 考核 问责 追究 保护 修复 治理 防治 控制 减少 降低 节约 利用 开发 建设 改造 "
        "更换 补齐 填补 补足 构建 形成 汇聚 团结 动员 带动 引领 示范 培养 选拔 配备 配齐 充实 壮大 发展 繁荣 振兴 "
        "稳定 稳住 增加 扩充 满足 回应 关心 关爱 帮扶 救助 扶持 收集 整理 保存 公开 公布 发布 报告 审批 审核 审查 "
        "验收 登记 备案 受理 办理 签订 履行 变更 解除 终止 赔偿 补偿 支付 缴纳 征收 征集 采集 储存 运输 销售 生产 "
        "经营 设立 撤销 任免 选举 批准 决定 讨论 听取 反映 汇报 用好 管好 守好 建好 办好 打好 拓宽 缩小 简化 精简 "
        "压减 放宽 转变 转化 转换 激励 约束 规避 防止 防控 遏制 打击 惩治 挂牌 增进 巡查 走访 调研 谋划 部署"
    ).split()
)
GENERAL_VERBS = frozenset(
    (
        "加强 强化 增强 提高 提升 促进 推动 推进 深化 完善 健全 落实 坚持 抓好 抓实 做好 做实 开展 突出 聚焦 把握 "
        "发挥 创新 优化 巩固 更新 改进 实施 保障 扩大 拓展 建立 组织 维护 贯彻 树立 改善 建设 发展 形成 转变 加快 "
        "用好 管好 建好 办好 研究 分析 引导 促成 助推 统筹"
    ).split()
)
_QUOTED = re.compile("[“「『]([^“”「」『』，。；：？！,;:?!]{2,14})[”」』]")
_COUNTED = re.compile("[一二三四五六七八九十两]{1,2}(?:个|项|条|大|种|不|严|抓|实|化|专|要|新|高|性)")
_PERSON = re.compile("(?:人|手|员|派|户|伙|干部|队|组|班子|老虎|苍蝇)$")
_BLAMED_BEFORE = re.compile(
    "(?:搞|存在|是否|反对|防止|避免|克服|破除|摒弃|遏制|打击|揭示|查处|惩治|纠治|纠正|整治|杜绝|严禁|禁止|不得|不搞|不能|缺乏|清理|消除|所谓|警惕|减少)"
    "[^。；]{0,40}$"
)
_BLAMED_BEHIND = re.compile("[”」』]?(?:等)?(?:问题|现象|倾向|行为|歪风|乱象)")
_ROLE = (
    "(?:根本|重要|基本|主要|首要|核心|关键|最终|直接|最大|最高)?(?:生命线|落脚点|出发点|着力点|切入点|突破口|遵循|方式|途径|手段|任务|前提|基础|关键|核心|"
    "目的|目标|宗旨|保证|保障|方向|原则|重点|难点|主线|主题|灵魂|本质|标志|动力|源泉|要求|标准|依据|底线|红线|抓手|平台|载体|主体|力量|使命|职责|特征|优势|部门|机关|机构)"
)
_DIGITS = r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?[万亿]?"
_CHINESE = "[一二两三四五六七八九十百千][一二两三四五六七八九十百千万]*"
_UNITS = (
    "个工作日|个月|个小时|个百分点|个自然日|个季度|小时|分钟|周岁|工作日|人次|万元|亿元|平方米|平方公里|公里|公斤|毫升|毫克|克|升|"
    "日内|日|天|年|周|岁|元|％|%|倍|名|人|户|件|套|张|家|起|吨|亩|台|座|处|所|米|份|页|例|对|位|门|项|次|个|条|支|辆"
)
_NUMBER = re.compile(
    rf"(?<![第0-9.,０-９一二两三四五六七八九十百千万至到—~～\-/〔])(?:百分之)?({_DIGITS}|{_CHINESE})(余)?\s?({_UNITS})"
)
_LATIN_NUMBER = re.compile(r"(?<![\w.,$-])([0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)(?=%|\s[a-z])")
_PERCENT = re.compile(f"百分之({_CHINESE})")
_DATE = re.compile(r"(?:(?:19|20)[0-9]{2}年)?[0-9]{1,2}月(?:[0-9]{1,2}日)?|(?:19|20)[0-9]{2}年")
_INDEFINITE = re.compile("一(?!个月|个工作日|年|日|天|周|小时|倍)")
_SPLIT = re.compile("、")
_ADJECTIVES = frozenset("明确 规范 严格 稳定 充实 公开 统筹 学习 畅通 集中 监督 服务 发展 开发 利用 改革 实施".split())
_PHRASE = re.compile("[\u4e00-\u9fff]{2}(?![和与及等的了是])(?:(?![的了是和与及等并而或不])[\u4e00-\u9fff]){2,6}")
_TWINS = re.compile("([\u4e00-\u9fff]{3,})、([\u4e00-\u9fff]{3,8})$")
_PAIR = re.compile("(?:[\u4e00-\u9fff]{0,6}要)?([\u4e00-\u9fff]{4})、([\u4e00-\u9fff]{4})")
_LEADS = "在以对把将被向从到于为是有的和与及由要能够须让使"
_PARTED_BEFORE = re.compile("[，。；：、（\\s的和与及或是要把对将以为了在有无]$")
_PARTED_BEHIND = re.compile("[，。；：、）\\s的和与及或]|$")
_SAYING = re.compile("(?:认识|指出|强调|提出|表示|要求|看到|明确)$")
_NO_MEMBER = re.compile("不得|不能|可以|应当|必须|需要|包括|属于|[在对将由应可须并要有为与向以于]")
_ET_CETERA = re.compile("等(?!级|候|待|于|同|额|次)")
_TRAILS = re.compile("等|的|和|及|方面|上|中|作用|工作|问题|制度|体系|机制|之间|强$|与")
_IS = re.compile("是(?![否不])")
_HEAD = re.compile(rf"的({_ROLE})$")
_BEING = re.compile(
    "(?:目的|任务|目标|核心|关键|本质|根本|重点|前提|实质|宗旨|原则)(?:就?是)要?([\u4e00-\u9fff]{4,20})$"
)
_ACTOR_END = (
    "部门|政府|机关|委员会|机构|组织|单位|企业|公司|法院|检察院|局|中心|办公室|学校|医院|工会|"
    "负责人|劳动者|经营者|申请人|当事人|用人单位|党组|专班|街道"
)
_ACTOR = re.compile(
    rf"^([^，。；：、“”（）的当应可不由在对将]{{2,16}}?(?:{_ACTOR_END}))(?=应当|可以|不得|必须|负责(?![^，。；]*的)|有权|要(?![求点])|须|应(?![急用对]))"
)
_BY = re.compile(
    rf"由([^，。；：、“”（）的由和会]{{2,16}}?(?:{_ACTOR_END}))(?=负责(?![^，。；]*的)|牵头|统一|予以|批准|审|组织|依法|给予|决定|审定|公布|制定)"
)


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
    listed = list(dict.fromkeys(_listed(statement)))
    for start, end in listed:
        yield Word(statement, Slot.MEMBER, start, end, _member_shape(statement.text.text[start:end]))
    for start, end in _twin_members(statement):
        if (start, end) not in listed:
            yield Word(statement, Slot.MEMBER, start, end, TWIN)
    for start, end in dict.fromkeys([*_phrases(statement), *_listed(statement)]):
        if _verbal(statement.text.text[start:end]):
            yield Word(statement, Slot.VERB, start, start + 2, "verb")


def named_in(statement: Statement, places: Sequence[tuple[int, int]]) -> Iterator[Word]:
    """Yield the formulations of a statement that marks or small words part from what is around; `places`: theirs."""
    text = statement.text.text
    for start, end in places:
        words = text[start:end]
        before, behind = _PARTED_BEFORE.search(text, max(start - 1, 0), start), _PARTED_BEHIND.match(text, end)
        if (
            before
            and behind
            and not _SAYING.search(words)
            and 3 <= len(words) <= MEMBER_LONGEST
            and not re.search("[“”，。；、：]", words)
        ):
            shape = "counted+" if _COUNTED.match(words) else f"named{len(words)}"
            yield Word(statement, Slot.NAMED, start, end, shape)


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
        if _ET_CETERA.search(text, *parts[-1]):
            break
    else:
        parts.append((begin, clause.end))
    middle = parts[1:-1]
    if len(parts) < SERIES_LEAST or not all(_member(text, a, b) for a, b in middle) or not _alike(text, middle):
        return
    first, last = _first(text, parts[0], middle[0]), _last(text, parts[-1], middle[-1])
    members = [m for m in (first, *middle, last) if m]
    if len(members) >= SERIES_LEAST:
        yield Series(statement, tuple(members), first is not None and last is not None)


def _member(text: str, start: int, end: int) -> bool:
    """Say whether words can be one member of a series."""
    return 2 <= end - start <= MEMBER_LONGEST and not re.search("[“”（）《》和或及与]", text[start:end])


def _alike(text: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Say whether members are of one length, or all open with verbs."""
    sizes = {b - a for a, b in spans}
    return len(sizes) == 1 or (max(sizes) - min(sizes) <= 2 and all(text[a : a + 2] in VERBS for a, _ in spans))


def _first(text: str, part: tuple[int, int], model: tuple[int, int]) -> tuple[int, int] | None:
    """Return where the first member stands in its part, which may begin with what leads the series in."""
    none = _NO_MEMBER.match(text, *part)
    if none and not _parallel(text[slice(*part)], text[slice(*model)]):
        part = (none.end(), part[1])
    cut = part[1] - (model[1] - model[0])
    like = text[slice(*model)]
    if cut >= part[0] and _member(text, cut, part[1]):
        lead, words = text[part[0] : cut], text[cut : part[1]]
        verbs = words[:2] in VERBS and like[:2] in VERBS
        if not lead or verbs or _parallel(words, like) or (lead[-1] in _LEADS and words[0] not in "的等"):
            return cut, part[1]
    whole = _member(text, *part) and text[part[0] : part[0] + 2] in VERBS and like[:2] in VERBS
    return part if whole and abs(part[1] - part[0] - len(like)) <= 2 else None


def _last(text: str, part: tuple[int, int], model: tuple[int, int]) -> tuple[int, int] | None:
    """Return where the last member stands in its part, which may go on behind it."""
    like = text[slice(*model)]
    cut = part[0] + len(like)
    et_cetera = _ET_CETERA.search(text, *part)
    if et_cetera and et_cetera.start() != cut:
        return (
            (part[0], et_cetera.start())
            if abs(et_cetera.start() - cut) <= 1 and _member(text, part[0], et_cetera.start())
            else None
        )
    if cut <= part[1] and _member(text, part[0], cut):
        trail, words = text[cut : part[1]], text[part[0] : cut]
        if not trail or _TRAILS.match(trail) or _parallel(words, like):
            return part[0], cut
    verbs = text[part[0] : part[0] + 2] in VERBS and like[:2] in VERBS
    return part if verbs and _member(text, *part) and abs(part[1] - part[0] - len(like)) <= 2 else None


def turned(one: str, other: str) -> tuple[str, str] | None:
    """Return two members of one pattern with their last differing words exchanged, None where they differ once only.

    透过业务看政治 and 透过现象看本质 give 透过业务看本质 and 透过现象看政治.
    """
    if len(one) != len(other):
        return None
    differ = [n for n in range(len(one)) if one[n] != other[n]]
    cut = next((n for n in reversed(range(1, len(one))) if n in differ and n - 1 not in differ), 0)
    if not differ or not any(n < cut for n in differ) or len(one) - cut < 2:
        return None
    return one[:cut] + other[cut:], other[:cut] + one[cut:]


def _parallel(one: str, other: str) -> bool:
    """Say whether two members of one length are of one pattern: they open or end alike."""
    return len(one) == len(other) and (one[0] == other[0] or one[-1] == other[-1])


def _listed(statement: Statement) -> Iterator[tuple[int, int]]:
    """Yield the members of the series of a statement that are long enough to be asked for."""
    yield from ((a, b) for series in series_of(statement) for a, b in series.members if b - a >= 3)


def _phrases(statement: Statement) -> Iterator[tuple[int, int]]:
    """Yield short clauses side by side that open with verbs: 夯实整改责任，加强成果运用."""
    text, parts = statement.text.text, []
    for clause in statement.clauses:
        begin = clause.start
        for stop in [*(m.start() for m in _SPLIT.finditer(text, clause.start, clause.end)), clause.end]:
            parts.append((begin, stop) if _PHRASE.fullmatch(text, begin, stop) and _verbal(text[begin:stop]) else None)
            begin = stop + 1
    for before, part, behind in zip([None, *parts], parts, [*parts[1:], None], strict=False):
        if part and (before or behind):
            yield part


def _twin_members(statement: Statement) -> Iterator[tuple[int, int]]:
    """Yield the second of two alike: 喊在嘴上、写在纸上."""
    for clause in statement.clauses:
        pair = _TWINS.search(statement.text.text, clause.start, clause.end)
        if pair and _twins(pair.group(1), pair.group(2)):
            yield pair.span(2)


def _verbal(words: str) -> bool:
    """Say whether words are a verb of two characters and what it acts on."""
    return len(words) >= 4 and words[:2] in VERBS - _ADJECTIVES and "是否" not in words


def _twins(one: str, other: str) -> bool:
    """Say whether the end of one part is of the pattern of the other: two characters in the same places."""
    end = one[-len(other) :]
    return len(end) == len(other) and sum(a == b for a, b in zip(end, other, strict=True)) >= 2 and end != other


def member_kind(words: str) -> str:
    """Return the shape of a member of a series: its length, and whether it opens with a verb."""
    return _member_shape(words)


def _member_shape(words: str) -> str:
    kind = "q" if "是否" in words else "p" if words[0] in "以向从由对在为把将不" else "v" if words[:2] in VERBS else "n"
    return f"{kind}{len(words)}"


def _quoted(statement: Statement) -> Iterator[Word]:
    for match in _QUOTED.finditer(statement.text.text, statement.start, statement.end):
        words = match.group(1)
        kind = (
            "counted" if _COUNTED.match(words) and len(words) <= 8 else "person" if _PERSON.search(words) else "quoted"
        )
        shape = f"{kind}{'-' if blamed(statement, *match.span(1)) else '+'}"
        yield Word(statement, Slot.QUOTED, match.start(1), match.end(1), shape)


def blamed(statement: Statement, start: int, end: int) -> bool:
    """Say whether words are said of what is wrong: 搞“拿来主义”, “七个有之”问题."""
    text = statement.text.text
    before = _BLAMED_BEFORE.search(text[statement.start : start])
    return bool(before) or bool(_BLAMED_BEHIND.match(text, end))


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
    copula = _IS.search(words)
    found = _HEAD.search(words)
    being = _BEING.search(words)
    ended = statement.text.text[clause.end : clause.end + 1] in "。；;"
    if being and ended and not _IS.search(words, being.start(1)):
        yield Word(statement, Slot.BEING, clause.start + being.start(1), clause.end, "being")
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
    """Yield phrases of four characters that stand side by side in pairs: 深挖根源、找准病灶."""
    words = statement.text.text[clause.start : clause.end]
    pair = _PAIR.fullmatch(words)
    if pair is None:
        return
    for group in (1, 2):
        start, end = clause.start + pair.start(group), clause.start + pair.end(group)
        sign = "-" if blamed(statement, start, end) else "+"
        yield Word(statement, Slot.FOUR, start, end, f"{'v' if pair.group(group)[:2] in VERBS else 'n'}{sign}")


def _latin(statement: Statement) -> Iterator[Word]:
    text = statement.text.text
    for match in _LATIN_NUMBER.finditer(text, statement.start, statement.end):
        unit = re.match(r"%|\s([a-z]+)", text[match.end() : match.end() + 20])
        yield Word(statement, Slot.NUMBER, match.start(), match.end(), f"en {unit.group() if unit else ''}")
    for match in re.finditer(r"[“\"]([^“”\",.]{3,40})[”\"]", text[statement.start : statement.end]):
        at = statement.start + match.start(1)
        yield Word(statement, Slot.QUOTED, at, at + len(match.group(1)), "en")
