"""The words of a sentence that a question can be asked about.

Terms in quotation marks, numbers, dates, members of a series, what something is said to be, who must do it.

All are found by marks and patterns of the language, so that where a word ends is never guessed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.study.pack import Formulation
from assistant.study.questions.material.figures import amounts, asked_for
from assistant.study.questions.material.series import MEMBER_LONGEST, SPLIT, member_shape, series_of
from assistant.study.questions.material.statements import Clause, Statement
from assistant.study.questions.material.verbs import DOUBTFUL_VERBS, VERBS

TWIN = "twin"


class SpanKind(StrEnum):
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
class AnswerSpan:
    """Words of a statement from `start` to `end`; `shape` is what another of its kind must share."""

    statement: Statement
    kind: SpanKind
    start: int
    end: int
    shape: str = ""

    @property
    def text(self) -> str:
        """The words."""
        return self.statement.text.text[self.start : self.end]


_QUOTED = re.compile("[“「『]([^“”「」『』，。；：？！,;:?!]{2,14})[”」』]")
_COUNTED = re.compile("[一二三四五六七八九十两]{1,2}(?:个|项|条|大|种|不|严|抓|实|化|专|要|新|高|性)")
_PERSON = re.compile("(?:人|手|员|派|户|伙|干部|队|组|班子|老虎|苍蝇)$")
_BLAMED_BEFORE = re.compile(
    "(?:搞|存在|是否|反对|防止|避免|克服|破除|摒弃|遏制|打击|揭示|查处|惩治|纠治|纠正|整治|杜绝|严禁|禁止|不得|不搞|不能|缺乏|清理|消除|所谓|警惕|减少|"
    "防范|抵制|力戒|切忌|严查|查摆|批评|痛恨|不允许|决不|绝不|不要|切勿|揭露|揭示|通报|滋生|出现|仍有|还有|个别|有的|少数)"
    "[^。；]{0,40}$"
)
_BLAMED_BEHIND = re.compile(
    "[”」』]?(?:[、和][^，。；]{1,30}?)?(?:等|之类)?的?(?:各种|突出|不良|一些|这些)?(?:问题|现象|倾向|行为|歪风|乱象|做法|苗头|作风|毛病|弊病|陋习)"
)
ROLE = (
    "(?:根本|重要|基本|主要|首要|核心|关键|最终|直接|最大|最高)?(?:生命线|落脚点|出发点|着力点|切入点|突破口|遵循|方式|途径|手段|任务|前提|基础|关键|核心|"
    "目的|目标|宗旨|保证|保障|方向|原则|重点|难点|主线|主题|灵魂|本质|标志|动力|源泉|要求|标准|依据|底线|红线|抓手|平台|载体|主体|力量|使命|职责|特征|优势|部门|机关|机构)"
)
_DATE = re.compile(r"(?:(?:19|20)[0-9]{2}年)?[0-9]{1,2}月(?:[0-9]{1,2}日)?|(?:19|20)[0-9]{2}年")
_RANGED_BEFORE = re.compile("[至到—~～-](?:次年|当年)?$|[日时分]至[^，。；]{0,4}$")
_RANGED_BEHIND = re.compile("[^，。；年月日]{0,6}[至—~～）-]|到")
_PHRASE = re.compile("[\u4e00-\u9fff]{2}(?![和与及等的了是])(?:(?![的了是和与及等并而或不])[\u4e00-\u9fff]){2,6}")
_TWINS = re.compile("([\u4e00-\u9fff]{3,})、([\u4e00-\u9fff]{3,8})$")
_PAIR = re.compile("(?:[\u4e00-\u9fff]{0,6}要)?([\u4e00-\u9fff]{4})、([\u4e00-\u9fff]{4})")
_PARTED_BEFORE = re.compile("[，。；：、（\\s的和与及或是要把对将以为了在有无]$")
_PARTED_BEHIND = re.compile("[，。；：、）\\s的和与及或]|$")
_SAYING = re.compile("(?:认识|指出|强调|提出|表示|要求|看到|明确)$")
_IS = re.compile("是(?![否不])")
_HEAD = re.compile(rf"的({ROLE})$")
_BEING = re.compile(
    "(?:目的|任务|目标|核心|关键|本质|根本|重点|前提|实质|宗旨|原则)(?:就?是)要?([\u4e00-\u9fff]{4,20})$"
)
_ACTOR_END = (
    "部门|政府|机关|委员会|机构|组织|单位|企业|公司|法院|检察院|局|中心|办公室|学校|医院|工会|负责人|劳动者|经营者|申请人|"
    "当事人|用人单位|党组|专班|街道"
)
_ACTOR = re.compile(
    rf"^([^，。；：、“”（）的当应可不由在对将]{{2,16}}?(?:{_ACTOR_END}))(?=应当|可以|不得|必须|负责(?!人|[^，。；]*的)|有权|要(?![求点])|须|应(?![急用对]))"
)
_BY = re.compile(
    rf"由([^，。；：、“”（）的由和会]{{2,16}}?(?:{_ACTOR_END}))(?=负责(?![^，。；]*的)|牵头|统一|予以|批准|审|组织|依法|给予|决定|审定|公布|制定)"
)


def spans_of(statement: Statement, named: Sequence[Formulation] = ()) -> Iterator[AnswerSpan]:
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
        yield AnswerSpan(statement, SpanKind.MEMBER, start, end, member_shape(statement.text.text[start:end]))
    for start, end in _twin_members(statement):
        if (start, end) not in listed:
            yield AnswerSpan(statement, SpanKind.MEMBER, start, end, TWIN)
    for start, end in dict.fromkeys([*_phrases(statement), *_listed(statement)]):
        if _verbal(statement.text.text[start:end]):
            yield AnswerSpan(statement, SpanKind.VERB, start, start + 2, "verb")


def named_in(statement: Statement, places: Sequence[tuple[int, int]]) -> Iterator[AnswerSpan]:
    """Yield the formulations (at `places`) that marks or small words part from what is around them."""
    text = statement.text.text
    for start, end in places:
        words = text[start:end]
        before = _PARTED_BEFORE.search(text, max(start - 1, 0), start)
        parted = bool(before and _PARTED_BEHIND.match(text, end)) and not _SAYING.search(words)
        if parted and 3 <= len(words) <= MEMBER_LONGEST and not re.search("[“”，。；、：]", words):
            shape = "counted+" if _COUNTED.match(words) else f"named{len(words)}"
            yield AnswerSpan(statement, SpanKind.NAMED, start, end, shape)


def _listed(statement: Statement) -> Iterator[tuple[int, int]]:
    """Yield the members of the series of a statement that are long enough to be asked for."""
    yield from ((a, b) for series in series_of(statement) for a, b in series.members if b - a >= 3)


def _phrases(statement: Statement) -> Iterator[tuple[int, int]]:
    """Yield short clauses side by side that open with verbs: 夯实整改责任，加强成果运用."""
    text, parts = statement.text.text, []
    for clause in statement.clauses:
        begin = clause.start
        for stop in [*(m.start() for m in SPLIT.finditer(text, clause.start, clause.end)), clause.end]:
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
    return len(words) >= 4 and words[:2] in VERBS - DOUBTFUL_VERBS and "是否" not in words


def _twins(one: str, other: str) -> bool:
    """Say whether the end of one part is of the pattern of the other: two characters in the same places."""
    end = one[-len(other) :]
    return len(end) == len(other) and sum(a == b for a, b in zip(end, other, strict=True)) >= 2 and end != other


def _quoted(statement: Statement) -> Iterator[AnswerSpan]:
    for match in _QUOTED.finditer(statement.text.text, statement.start, statement.end):
        words = match.group(1)
        kind = (
            "counted" if _COUNTED.match(words) and len(words) <= 8 else "person" if _PERSON.search(words) else "quoted"
        )
        shape = f"{kind}{'-' if blamed(statement, *match.span(1)) else '+'}"
        yield AnswerSpan(statement, SpanKind.QUOTED, match.start(1), match.end(1), shape)


def blamed(statement: Statement, start: int, end: int) -> bool:
    """Say whether words are said of what is wrong: 搞“拿来主义”, “七个有之”问题."""
    text = statement.text.text
    before = _BLAMED_BEFORE.search(text[statement.start : start])
    return bool(before) or bool(_BLAMED_BEHIND.match(text, end))


def _figures(statement: Statement) -> Iterator[AnswerSpan]:
    text, (start, end) = statement.text.text, (statement.start, statement.end)
    dates = [m.span() for m in _DATE.finditer(text, start, end)]
    for a, b in dates:
        if (
            text[a:b] not in statement.text.record.title
            and not _RANGED_BEFORE.search(text, start, a)
            and not _RANGED_BEHIND.match(text, b, end)
        ):
            shape = re.sub("[0-9]+", "9", text[a:b])
            if shape == "9年" and sum(text[c:d].endswith("年") for c, d in dates) > 1:
                continue  # one year tells the next
            yield AnswerSpan(statement, SpanKind.DATE, a, b, shape)
    titled = amounts(statement.text.record.title)
    for one in asked_for(text, start, end):
        known = titled and amounts(text[one.start : one.end + len(one.unit)]) & titled
        if not known and not any(x <= one.start < y for x, y in dates):
            shape = one.unit if one.unit == "百分之" else f"{_script(text[one.start])}{one.unit}"
            yield AnswerSpan(statement, SpanKind.NUMBER, one.start, one.end, shape)


def _script(number: str) -> str:
    return "9" if number[0].isdigit() else "九"


def _heads(statement: Statement, clause: Clause) -> Iterator[AnswerSpan]:
    """Yield what a thing is said to be: the noun that closes 甲是乙的丙."""
    words = statement.text.text[clause.start : clause.end]
    copula = _IS.search(words)
    found = _HEAD.search(words)
    being = _BEING.search(words)
    ended = statement.text.text[clause.end : clause.end + 1] in "。；;"
    if being and ended and not _IS.search(words, being.start(1)):
        yield AnswerSpan(statement, SpanKind.BEING, clause.start + being.start(1), clause.end, "being")
    if copula and found and copula.end() <= found.start() and len(_IS.findall(words)) == 1:
        yield AnswerSpan(statement, SpanKind.HEAD, clause.start + found.start(1), clause.end, "head")


def _actors(statement: Statement, clause: Clause) -> Iterator[AnswerSpan]:
    words = statement.text.text[clause.start : clause.end]
    for pattern in (_ACTOR, _BY):
        found = pattern.search(words)
        if found:
            shape = "actor" if pattern is _ACTOR else "by"
            yield AnswerSpan(
                statement, SpanKind.ACTOR, clause.start + found.start(1), clause.start + found.end(1), shape
            )


def _fours(statement: Statement, clause: Clause) -> Iterator[AnswerSpan]:
    """Yield phrases of four characters that stand side by side in pairs: 深挖根源、找准病灶."""
    words = statement.text.text[clause.start : clause.end]
    pair = _PAIR.fullmatch(words)
    if pair is None:
        return
    for group in (1, 2):
        start, end = clause.start + pair.start(group), clause.start + pair.end(group)
        sign = "-" if blamed(statement, start, end) else "+"
        yield AnswerSpan(
            statement, SpanKind.FOUR, start, end, f"{'v' if pair.group(group)[:2] in VERBS else 'n'}{sign}"
        )


def _latin(statement: Statement) -> Iterator[AnswerSpan]:
    text = statement.text.text
    for one in asked_for(text, statement.start, statement.end):
        yield AnswerSpan(statement, SpanKind.NUMBER, one.start, one.end, f"en {one.unit}")
    for match in re.finditer(r"[“\"]([^“”\",.]{3,40})[”\"]", text[statement.start : statement.end]):
        at = statement.start + match.start(1)
        yield AnswerSpan(statement, SpanKind.QUOTED, at, at + len(match.group(1)), "en")


SHAPE = "fact"
_HAN = "[\u4e00-\u9fff]"
_DAY = "(?:(?:19|20)[0-9]{2}年)?[0-9]{1,2}月(?:[0-9]{1,2}日)?"
_PHONE = r"(?<![0-9\-])(?:0[0-9]{2,3}-)?[0-9]{5,12}(?![0-9\-])"
_PLAIN = "改正|处罚|配合|协助|支持|说明|答复|[^，。；]*的"  # what is said of nearly anything
_LED_ON = "了|和|或|并|与|健全|完善|相应|有关|严格|统一|[^，。；]{0,8}的"
_NO_DEED = "(?!超过|少于|低于|高于|多于|早于|晚于|大于|小于|以|有下|因|将|把|在|对|向|由)"
_BODY = (
    "(?:部门|政府|机关|委员会|机构|组织|单位|企业|公司|法院|检察院|局|中心|办公室|学校|医院|工会|处|科|所|站"
    "|小组|专班|街道|党组|党委)"
)
_ADVERBS = "(?:依法|及时|书面|如实|提出)"
_SENT = f"{_ADVERBS}{{0,2}}(?:报告|报送|报备|备案|申请|申报|反馈|移送|举报|投诉)"
_ACTS = "责令|汇总|进行|通报|承担|办理|解释|会同|督促|监督|受理|核实|给予|处"
_FORBIDDEN = re.compile(f"(?:一律不得|不得|严禁|一律|禁止){_NO_DEED}((?:(?![的和或及与等]){_HAN}){{3,8}})(?=[，。；])")
# Each with what stands around it; the group is what is left out.
_PATTERNS: tuple[tuple[SpanKind, re.Pattern[str]], ...] = (
    (SpanKind.NUMBER, re.compile(f"(?:电话|热线|拨打|号码|专线|传真)[为是：:]?({_PHONE})")),
    (SpanKind.NUMBER, re.compile(f"({_PHONE})(?={_HAN}{{0,4}}(?:热线|专线|电话|平台))")),
    (SpanKind.DATE, re.compile(f"({_DAY}(?:至|到|—|~){_DAY})")),
    (SpanKind.HEAD, re.compile("每(季度|半年|学期|两年|月|周|年)(?=[^0-9人名户，。；]{2})")),
    (SpanKind.HEAD, re.compile(f"向((?!社会)(?:(?!提[出交起]){_HAN}){{2,12}}?)(?={_SENT})")),
    (SpanKind.HEAD, re.compile(f"(?<=报)((?!告|送|名|批|经|上){_HAN}{{2,12}}?)(?=批准|备案|审批|审核|审定|同意|备查)")),
    (SpanKind.HEAD, re.compile(f"由((?![^，。；]*(?:和|、)){_HAN}{{2,14}}?{_BODY})(?={_ACTS})")),
    (SpanKind.HEAD, re.compile(f"(?:给予|予以|责令)((?!{_PLAIN}){_HAN}{{2,6}})(?=[，。；])")),
    (SpanKind.HEAD, re.compile(f"(?:实行|实施|推行|执行|建立)((?!{_LED_ON}){_HAN}{{2,8}}?)(?=(?:制度|机制)[，。；])")),
    (SpanKind.HEAD, re.compile(f"(?:实行|推行)((?!{_LED_ON}){_HAN}{{2,6}}制)(?=[，。；])")),
    (SpanKind.HEAD, _FORBIDDEN),
    (SpanKind.HEAD, re.compile(f"除({_HAN}{{2,14}}?)(?=(?:以)?外，)")),
    (SpanKind.QUOTED, re.compile("《([^《》（）]{4,24})》")),
)
_LEADING = re.compile(f"({_HAN}{{2,14}}?{_BODY})(?=负责{_HAN}{{4,}}(?:工作|管理|保障|建设|监督|维护|服务)[，。；])")


def facts_of(statement: Statement) -> Iterator[AnswerSpan]:
    """Yield what can be asked for in a statement beside `words_of`."""
    if statement.latin:
        return
    text, title = statement.text.text, statement.text.record.title
    for kind, pattern in _PATTERNS:
        found = list(pattern.finditer(text, statement.start, statement.end))
        if len(found) > 1 and pattern is _FORBIDDEN:
            continue
        for match in found:
            if match.group(1) not in title:
                yield AnswerSpan(statement, kind, *match.span(1), SHAPE)
    for clause in statement.clauses:
        leading = _LEADING.match(text, clause.start, statement.end)
        if leading:
            yield AnswerSpan(statement, SpanKind.ACTOR, *leading.span(1), SHAPE)
