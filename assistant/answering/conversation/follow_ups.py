"""Follow-up commands: does a text ask for more, for the source, or for a numbered item, from its words alone.

The patterns are of the language. A text with words of its own is no follow-up: nothing of the question before
is ever put into it. `state.py` knows the earlier turns.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.answering.conversation.query_rewriting import NUMERAL, asks, is_light
from assistant.language.numerals import numeral


class Action(StrEnum):
    """What to do with a text; LOST: it refers to an earlier turn that does not exist."""

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
    """A reference to a numbered item: its `number` (-1 the last), or `step`, the distance from the one before.

    `unit` is the measure word; `rest` what is asked about the item, "" where it is only named; `whole`: the
    text is a full sentence (第二点讲了什么).
    """

    number: int | None
    step: int
    unit: str
    rest: str
    whole: bool


_NOUN = "[\u4e00-\u9fff]{0,6}?"
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
_THIS = re.compile("(?:这|那|上面|上述|刚才)(?:个|条|点|项|句|段|些)?的?(?:话|内容)?|[它其]")
_SOURCE = re.compile(
    r"(?:(?:这|那|上面|刚才|以上|前面)(?:一?[句段条点]|些)?(?:话|内容|说法)?的?|它的?)?[是都]?(?:"
    r"(?:出处|来源|原文|原话|原句|(?:文件|政策)?依据)(?:呢|在哪(?:里|儿|一?[段页条]|个文件)?|是(?:什么|哪里?|哪[份个]文件|哪一?段)|怎么说的?)?|"
    r"(?:出自|来自|引自|写在|见于?)哪(?:里|儿|一?[段页条句]|[个份篇](?:文件|材料|讲话))|(?:是|在)?哪(?:里|儿)[说写讲]的|"
    r"(?:是|在)?哪(?:一?[段条页句]|一?[个份篇](?:文件|材料|讲话))(?:里|中|上)?(?:说|写|讲|提到?|规定)?的?|在?第几[段条章页]|"
    r"有(?:什么|没有)?(?:依据|根据|出处)吗?|(?:是?真的|确定|是这样)吗|怎么知道的)"
)
_POINT = re.compile(
    rf"(?:上面|上述|前面|刚才|以上|其中)?(?:说|讲|列|提到)?的?(?:第(?P<number>{NUMERAL})|(?P<last>最后)一?|(?P<next>下)一|(?P<before>上)一)"
    r"(?P<unit>个?(?:方面|部分)|大?点|个|条|项|句|款|章|节|步|种|类)(?:意见|要求|措施|内容|职责|条件|义务|问题)?(?P<rest>.*)"
)
_POLITE = re.compile("(?:谢谢|多谢|感谢|你好|您好|好的?|嗯|明白|知道|了解|收到|清楚|辛苦|再见|了|啦|您|大家)+你?")
_NAMED = re.compile("呢?|吗")
_WHOLE = re.compile(
    r"的?(?:具体)?(?:内容|意思)?(?:是|讲|说|规定|写|指|有)了?的?是?(?:什么|哪些)(?:内容|意思)?|怎么(?:说|规定|讲)的?"
)


def reset_of(text: str) -> str | None:
    """Return the question after 换个问题, "" where none follows, None where the text is no reset."""
    found = _RESET.match(text.strip())
    return found.group(1).strip() if found else None


def command_of(words: str, question: str) -> Action | None:
    """Return the command (MORE, EXPAND or SOURCE) that the `words` (a `core`) give after `question`, or None."""
    more = _MORE.fullmatch(words)
    noun = (more.group("a") or more.group("b") or "") if more else ""
    if more and (noun in ("", "内容", "情况", "规定", "说法") or noun in question):
        return Action.MORE
    if words and _EXPAND.fullmatch(words):
        return Action.EXPAND
    opened = _EXPANDING.match(words)
    if opened and _THIS.fullmatch(words[opened.end() :]):
        return Action.EXPAND
    return Action.SOURCE if _SOURCE.fullmatch(words) else None


def pointing_of(words: str) -> Pointing | None:
    """Return the item that the `words` point at (第二点呢, 最后一条, 下一项), None where they ask something else."""
    opened = _EXPANDING.match(words)
    found = _POINT.fullmatch(words[opened.end() :] if opened else words)
    if found is None:
        return None
    rest = found["rest"]
    whole = bool(_WHOLE.fullmatch(rest))
    if not (whole or _NAMED.fullmatch(rest) or _EXPAND.fullmatch(rest) or (is_light(rest) and asks(rest))):
        return None
    number = numeral(found["number"]) if found["number"] else (-1 if found["last"] else None)
    asked = "" if _NAMED.fullmatch(rest) or _EXPAND.fullmatch(rest) else rest
    return Pointing(number, bool(found["next"]) - bool(found["before"]), found["unit"], asked, whole)


def is_courtesy(text: str) -> bool:
    """Say whether a text only thanks, greets or agrees."""
    return bool(_POLITE.fullmatch(re.sub(r"[\s，。！!~～,.]", "", text)))
