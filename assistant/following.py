"""What a text asks of the question before it, from the words alone: go on, show the place, or a question cut short.

The patterns are of the language. A text with words of its own is no follow-up: nothing of the
question before is ever put into it. What the turns before were is known in `conversation`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.questions import numeral, weak


class Action(StrEnum):
    """What to do with what was said; LOST: it refers to something before it that there is not."""

    FRESH = "fresh"
    ASK = "ask"
    MORE = "more"
    EXPAND = "expand"
    POINT = "point"
    SOURCE = "source"
    RESET = "reset"
    LOST = "lost"


@dataclass(frozen=True)
class Pointing:
    """The numbered thing that a text points at: `number` (-1 the last), or `step` from the one before.

    `unit` is its measure word; `rest` what is asked of it, "" where it is only named; `whole` says
    that the text is a sentence of its own (第二点讲了什么).
    """

    number: int | None
    step: int
    unit: str
    rest: str
    whole: bool


_N = "[一二三四五六七八九十百千零〇两0-9]+"
_NOUN = "[\u4e00-\u9fff]{0,6}?"
_COURTESY = re.compile(r"^(?:嗯+|哦+|好的?|请问|麻烦|请|那么|那就|那(?![些个种样次里儿时位年天边份一几两曲]))[，,、]?")
_ENDING = re.compile(r"(?:[？?。！!~～…，,、\s]|[啊呀哦啦哈吧嘛]|(?<![什怎这那多])么)+$")
_RESET = re.compile(
    r"(?:(?:我们?)?(?:想|要)?换一?个?(?:问题|话题)(?:吧|了)?[，,。：:；;！!、\s]*|"
    r"(?:重新(?:开始|来过?|问)|新的?(?:问题|话题|对话)|(?:再|另外?)?问(?:一?个)?(?:别的|另外的|其他的|新的?)(?:问题|事情?)?|"
    r"另一个问题|说点别的|不说这个)(?:吧|了)?(?:[，,。：:；;！!、\s]+|$))(.*)",
    re.DOTALL,
)
_MORE = re.compile(
    rf"(?:还有(?:没有)?(?:什么|哪些|其他|其它|别|更多|另外)*的?(?P<a>{_NOUN})(?:呢|吗|没有|是什么|有哪些)?|"
    rf"(?:除此之外|除了这些|另外)?[，,]?(?:其他|其它|别|其余|剩下|更多)的?(?P<b>{_NOUN})(?:呢|还?有吗|是什么|有哪些|吗)?|"
    r"(?:继续|接着)(?:说|讲|列|往下说?)?|(?:然后|之后|接下来|接着|下面|后面|再往下)(?:呢|还有呢|还有吗)|"
    r"(?:就|只有|仅有)?(?:这些|这么多)了?吗|没有?(?:别的|其他的?|了|更多的?)了?吗?|"
    r"(?:再|更)?多(?:说|列|给|来)?(?:一?些|几条|几个|点))"
)
_CAN = "(?:你?(?:能不能|可不可以|能否|能|可以|可否))?(?:给我)?再?"
_EXPAND = re.compile(
    rf"{_CAN}(?:(?:展开|详细|具体|仔细|细|深入)[地的]?(?:一?点|一?些|一下)?(?:说明|介绍|解释|说|讲|谈|描述|列)?"
    r"(?:一?[说讲谈]|一?下|一?点|一?些|出来)*(?:吗|呢)?|"
    r"(?:说|讲|写|介绍|解释)[得的]?再?(?:详细|具体|仔细|清楚|细|明白)(?:一?点|一?些)?(?:吗|呢)?|"
    r"(?:上下文|前后文|完整的?(?:原文|内容|段落)|整段话?)(?:呢|是什么)?)"
)
_EXPANDING = re.compile(rf"{_CAN}(?:展开|详细|具体|仔细)[地的]?(?:说明|介绍|解释|[说讲谈])(?:一?[说讲谈下])?")
_SOURCE = re.compile(
    r"(?:(?:这|那|上面|刚才|以上|前面)(?:一?[句段条点]|些)?(?:话|内容|说法)?的?|它的?)?是?(?:"
    r"(?:出处|来源|原文|原话|原句|(?:文件|政策)?依据)(?:呢|在哪(?:里|儿|一?[段页条]|个文件)?|是(?:什么|哪里?|哪[份个]文件|哪一?段)|怎么说的?)?|"
    r"(?:出自|来自|引自|写在|见于?)哪(?:里|儿|一?[段页条句]|[个份篇](?:文件|材料|讲话))|(?:是|在)?哪(?:里|儿)[说写讲]的|"
    r"(?:是|在)?哪(?:一?[段条页句]|一?[个份篇](?:文件|材料|讲话))(?:里|中|上)?(?:说|写|讲|提到?|规定)?的?|在?第几[段条章页]|"
    r"有(?:什么|没有)?(?:依据|根据|出处)吗?|(?:是?真的|确定|是这样)吗|怎么知道的)"
)
_POINT = re.compile(
    rf"(?:上面|上述|前面|刚才|以上|其中)?(?:说|讲|列|提到)?的?(?:第(?P<number>{_N})|(?P<last>最后)一?|(?P<next>下)一|(?P<before>上)一)"
    r"(?P<unit>个?(?:方面|部分)|大?点|个|条|项|句|款|章|节|步|种|类)(?:意见|要求|措施|内容|职责|条件|义务|问题)?(?P<rest>.*)"
)
_NAMED = re.compile("呢?|吗")
_WHOLE = re.compile(r"的?(?:具体)?(?:内容|意思)?(?:是|讲|说|规定|写|指|有)了?的?是?(?:什么|哪些)(?:内容|意思)?|怎么(?:说|规定|讲)的?")

_ASKING = (
    r"为什么|为何|凭什么|什么(?:时候|时间|地方|样的?|意思)?|怎么(?:样|办|才能|能|去)?|怎样|如何|谁|哪(?:里|儿|些|几|一|位|个|天|年|月|日|种)+|"
    r"何时|何处|多(?:少|久|长|高|大)|几|是否|[能可]否|能不能|可不可以|会不会|有没有|是不是|要不要"
)
_ASKS = re.compile(rf"{_ASKING}|吗$")
_WHY = re.compile("为什么|为何|凭什么")
_PLAIN_ENDS = re.compile("(?:都|分别|主要)?(?:有|包括|是|需要)(?:哪些|什么)$")
# Nouns of relation: each needs a thing that it is the 目的, 期限 … of.
_RELATION = (
    "具体内容|主要内容|内容|要求|措施|举措|做法|办法|方法|方式|规定|情况|情形|方面|特点|意见|重点|目的|目标|任务|意义|作用|"
    "职责|职能|义务|权利|条件|原则|标准|程序|流程|步骤|后果|责任|性质|背景|时间|时限|期限|地点|地址|电话|表现|范围|对象|"
    "原因|理由|好处|例外|材料|手续|费用|比例|金额|数量|次数|负责人|联系人|主体|处罚|区别|含义|意思|定义|概念|条款|部门"
)
_ATTRIBUTE = re.compile(f"(?:{_RELATION})")
_LIGHT = re.compile(
    rf"{_ASKING}|{_RELATION}|处理|落实|执行|实施|开展|推进|解决|应对|操作|办理|完成|实现|做到|负责|牵头|承担|批准|审批|决定|施行|生效|"
    "延长|缩短|延期|超过|逾期|注意|接下来|下一步|然后|开始|结束|计算|发放|理解|这样|这么|那样|具体|一般|大概|应该|应当|需要|必须|可以|可能|分别|主要|由|从|到|在|对|把|被|给|"
    "最[多少长短高低晚早]|至[少多]|单位|机构|机关|分钟|小时|[做办弄发算来去要会能得该都还又再就也有是用的了过着呢吗个条次名位项种点人天日年月元不]"
)
_BARE_ASKING = re.compile("什么|吗|呢|是什么|")
_COMPARING = re.compile(r"(?:和|跟|与|同|比)[^，]{1,12}?(?:相比|比较|比起来|比)(?:呢|怎么样|如何|多了|少了|有)?")
_IF = re.compile(r"(?:如果|要是|假如|万一|若)(?:超过了?|逾期|没有?|不|未|违反了?|做不到|完不成|办|做|遵守|按时)+(?:怎么办|呢)?")
_DOCUMENT = "条例|办法|规定|通知|文件|决定|方案|规则|细则|讲话|意见"
_REFERRING = re.compile(
    rf"(?:该|此|上述|这[个份部项])(?P<document>{_DOCUMENT})|"
    rf"(?:这[个项件些]|该|此|上述|以上)(?:工作|事情?|{_RELATION}|制度)|此事|[它他她]们?(?![人说])|其(?![他它中次实余一二三])|"
    r"(?P<bare>(?:这|那)个?)(?=是|怎|如何|由|要|能|有|算|该|意味|可以|应|必须|为什么|谁|什么|具体|的)"
)
_WHICH = re.compile("(?:具体|分别)?(?:是|有)?哪(?:几|些|几?[个家位名项种条])(?:单位|部门|地方|人员?|方面)?")
_NAME = re.compile(f"《[^》]+》|[\u4e00-\u9fff]{{2,16}}?(?:{_DOCUMENT})(?!{_RELATION})")
_LEADING = re.compile(f"(?:对于?|关于|按照?|根据|违反|具体|{_ASKING}|要)*")
_TAIL = re.compile(
    "(?:应当|应该|必须|需要|可以|一般|具备|具有|包括|包含|分为|具体|分别|主要|最[多少长短高低]|至[少多]|[是有由对在从向把被给要能会需的，])$"
)
_HEAD = re.compile("^(?:是|要|应当|应该|必须|可以|负责|管理|的|，)")
_MERE = re.compile(
    "的?(?:具体内容|主要内容|内容|要求|措施|举措|做法|办法|方法|方式|规定|情况|方面|意见|时间|地点|含义|意思|定义|概念|目的|"
    "意义|背景|原因|比例|金额|数量|期限|标准)$"
)
_SEPARATOR = re.compile(
    rf"{_ASKING}|应当|应该|必须|需要|可以|具备|包括|最[多少长短高低]|至[少多]|开展|[，的由对在从向把被给是有吗]|{_RELATION}"
)
_LABEL = re.compile(rf"第{_N}[条章节][\s　]*|(?:第|[（(])?(?P<item>{_N})(?:[)）、.．，]|点[，、：])[\s　]*")
_PREDICATE = re.compile("(?:一般)?(?:不得|应当|应该|必须|可以)")
OPENING_CHARACTERS = 40
THING_CHARACTERS = 14
BARE_CHARACTERS = 6
_CLAUSE = re.compile("[没我你]|已经|可以|是|了(?!解)|[。；！？]")
_QUOTED = re.compile("[“\"「『][^”\"」』]+[”\"」』]")


def core(text: str) -> str:
    """Return `text` without blanks, courtesies, a leading 那 and its final marks, in the usual words for 咋 and 啥."""
    words = re.sub(r"\s+", "", text).replace("咋样", "怎么样").replace("咋", "怎么").replace("为啥", "为什么")
    words = words.replace("啥", "什么")
    before = None
    while before != words:
        before, words = words, _ENDING.sub("", _COURTESY.sub("", words))
    return words


def reset_of(text: str) -> str | None:
    """Return the question behind 换个问题, "" where there is none, or None where the text does not reset."""
    found = _RESET.match(text.strip())
    return found.group(1).strip("？?。！! ") and found.group(1).strip() if found else None


def command_of(words: str, question: str) -> Action | None:
    """Return which of MORE, EXPAND and SOURCE the `words` (a `core`) mean after `question`, or None."""
    more = _MORE.fullmatch(words)
    noun = (more.group("a") or more.group("b") or "") if more else ""
    if more and (not noun or weak(noun) or noun in question):
        return Action.MORE
    if words and _EXPAND.fullmatch(words):
        return Action.EXPAND
    opened = _EXPANDING.match(words)
    if opened and _REFERRING.fullmatch(words[opened.end() :] + "的"[: words.endswith(("这", "那"))]):
        return Action.EXPAND
    return Action.SOURCE if _SOURCE.fullmatch(words) else None


def pointing_of(words: str) -> Pointing | None:
    """Return what the `words` point at (第二点呢, 最后一条, 下一项), or None where they ask of something else."""
    opened = _EXPANDING.match(words)
    found = _POINT.fullmatch(words[opened.end() :] if opened else words)
    if found is None:
        return None
    rest = found["rest"]
    whole = bool(_WHOLE.fullmatch(rest))
    if not (whole or _NAMED.fullmatch(rest) or _EXPAND.fullmatch(rest) or (_is_light(rest) and _ASKS.search(rest))):
        return None
    number = numeral(found["number"]) if found["number"] else (-1 if found["last"] else None)
    asked = "" if _NAMED.fullmatch(rest) or _EXPAND.fullmatch(rest) else rest
    return Pointing(number, bool(found["next"]) - bool(found["before"]), found["unit"], asked, whole)


def is_cut_short(words: str) -> bool:
    """Say whether the `words` cannot stand alone: an interrogative without anything to ask of, or a pronoun first."""
    if _referring(words):
        return True
    return bool(_ASKS.search(words)) and _is_light(words) and not _ATTRIBUTE.search(words)


def completed(words: str, topic: str, question: str, title: str = "") -> str | None:
    """Return the full question that the `words` (a `core`) cut short after `question`; None where they stand alone.

    `topic` is what is talked about, `title` the document that was cited, if one alone was.
    """
    words = words.removesuffix("呢")
    if not topic or _COMPARING.match(words):
        return None
    if _IF.fullmatch(words):
        return f"{topic}，{words.removesuffix('怎么办')}怎么办"
    referring = _referring(words) or _repeated(words, question)
    if referring:
        return words[: referring.start()] + _named(referring, topic, title) + words[referring.end() :]
    counted = re.search("(?:几|多少)([个家位名项种条])", question)
    if counted and _WHICH.fullmatch(words):
        return f"{question[: counted.start()]}哪几{question[counted.end() - 1 :]}"
    if not _ASKS.search(words) or not _is_light(words) or _BARE_ASKING.fullmatch(words):
        return None
    if _WHY.search(words):
        return _reason(topic, question)
    return f"{topic}的{words}" if _ATTRIBUTE.match(words) else f"{topic}{words}"


def _named(referring: re.Match[str], topic: str, title: str) -> str:
    """Return what a pronoun stands for: the document cited, the people of the topic, or the topic."""
    noun = referring.groupdict().get("document")
    if noun and title and (noun in title or noun in ("文件", "讲话")):
        return f"《{title}》"
    return topic.split("的")[0] if referring.group()[0] in "他她" else topic


def substituted(words: str, question: str, is_named: bool) -> str | None:
    """Return `question` with the thing that the `words` name (事假呢) in the place of its like; None where unlike.

    `is_named` says that the text began with 那: it goes on from the question before.
    """
    thing, question = words.removesuffix("呢"), question.removesuffix("，为什么")
    follows = is_named or words.endswith("呢")
    if _COMPARING.match(words) or _ASKS.search(thing) or _CLAUSE.search(thing) or re.search(f"第{_N}[条章节点]", thing):
        return None
    if not 1 < len(thing) <= (THING_CHARACTERS if follows else BARE_CHARACTERS) or thing in question:
        return None
    named = _NAME.match(question)
    if named and _NAME.fullmatch(thing):
        return thing + question[named.end() :]
    thing = re.sub(rf"^(?:具体|主要|其他)(?={_RELATION})", "", thing)
    if re.search(rf".的.|.(?:{_RELATION})$", thing) and not _ATTRIBUTE.fullmatch(thing):
        ending = _PLAIN_ENDS.search(question)
        return thing + ending.group() if follows and ending else None
    slot = _slot(thing, question)
    if slot is None and not follows:
        return None
    if slot is None and _ATTRIBUTE.fullmatch(thing):
        return f"{subject(question)}的{thing}是什么"
    start, end = slot or next(iter(_chunks(question)), (0, 0))
    return question[:start] + thing + question[end:] if end else None


def subject(question: str) -> str:
    """Return what a question is about, without what it asks and the noun that only names a kind of answer."""
    plain = core(question).removesuffix("呢")
    asked = re.search(rf"{_ASKING}|吗$", plain)
    left = _trimmed(plain[: asked.start()]) if asked else _trimmed(plain)
    about = left if len(left) > 1 or not asked else _trimmed(plain[asked.end() :])
    shorter = _MERE.sub("", about)
    return shorter if len(shorter) > 1 else about


def opening(quote: str) -> str:
    """Return what a numbered piece opens with, without its number: 备足抢险物资 of 三、备足抢险物资。"""
    words = re.split("[，。；：！？,;:]", _LABEL.sub("", quote))[0][:OPENING_CHARACTERS]
    found = _PREDICATE.search(words, 2)
    return _trimmed(words[: found.start()] if found else words)


def label_of(quote: str) -> int | None:
    """Return the number that a quote begins with: 2 of 二、, （二）, 第二，; None for an article or no number."""
    found = _LABEL.match(quote)
    return numeral(found["item"]) if found and found["item"] else None


def chinese(number: int) -> str:
    """Return a number from 1 to 9999 in Chinese numerals."""
    digits = "零一二三四五六七八九"
    found = ""
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        found += digits[digit] + name if digit else "零" * bool(found and number % power and found[-1] != "零")
    return found.removeprefix("一") if found.startswith("一十") else found


def refers(words: str) -> bool:
    """Say whether a pronoun or 该条例 stands first."""
    return _referring(words) is not None


def _referring(words: str) -> re.Match[str] | None:
    """Return the pronoun of a text that has nothing before it that it could stand for."""
    found = _REFERRING.search(words)
    if found is None or not _LEADING.fullmatch(words[: found.start()]):
        return None
    return None if found["bare"] and not _is_light(words[found.end() :]) else found


def _repeated(words: str, question: str) -> re.Match[str] | None:
    """Return 这些处分 at the beginning, where the question before has 处分."""
    found = re.match("(?:这[个项件些种]|该|上述|以上)([\u4e00-\u9fff]{2,6}?)(?=由|是|怎|如何|谁|为|什|有|要|能|可|应|必|的|多|$)", words)
    return found if found and found.group(1) in question else None


def _is_light(words: str) -> bool:
    """Say whether nothing in `words` names a thing."""
    return not re.sub(r"[，,]", "", _LIGHT.sub("", words))


def _reason(topic: str, question: str) -> str:
    plain = core(question)
    how = re.match("(?:如何|怎么|怎样)(.+)", plain)
    if how:
        return f"为什么{how.group(1)}"
    return plain if _WHY.search(plain) else f"{plain if _ASKS.search(plain) else topic}，为什么"


def _trimmed(words: str) -> str:
    before = None
    while before != words:
        before, words = words, _HEAD.sub("", _TAIL.sub("", words))
    return words


def _slot(thing: str, question: str) -> tuple[int, int] | None:
    """Return where the like of `thing` stands: a quoted term, a noun of relation, or what ends in the same word."""
    if _QUOTED.fullmatch(thing):
        quoted = _QUOTED.search(question)
        return quoted.span() if quoted else None
    if _ATTRIBUTE.fullmatch(thing):
        return next((m.span() for m in _ATTRIBUTE.finditer(question)), None)
    for length in range(len(thing) - 1, 0, -1):
        for start, end in _chunks(question):
            at = question.find(thing[-length:], start, end)
            if at >= start:
                return start, at + length
    return None


def _chunks(question: str) -> list[tuple[int, int]]:
    """Return the places of the words that name things, in order."""
    spans, start = [], 0
    marks = [*(m.span() for m in _SEPARATOR.finditer(question)), (len(question), len(question))]
    for a, b in marks:
        if a - start > 1:
            spans.append((start, a))
        start = b
    return spans
