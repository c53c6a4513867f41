"""Query rewriting: completes an elliptical follow-up (为什么, 那事假呢, 它的期限) from the question before it.

Only the words are used, and the patterns are of the language. A text with words of its own stands alone:
nothing of the question before is ever put into it.
"""

import re

from assistant.language.numerals import numeral

NUMERAL = "[一二三四五六七八九十百千零〇两0-9]+"
OPENING_CHARACTERS = 40
THING_CHARACTERS = 14
BARE_CHARACTERS = 6

_COURTESY = re.compile(
    r"^(?:嗯+|哦+|好的?|请问|麻烦|请(?![假示求愿辞教])|那么|那就|那(?![些个种样次里儿时位年天边份一几两曲]))[，,、]?"
)
_ENDING = re.compile(r"(?:[？?。！!~～…，,、\s]|[啊呀哦啦哈吧嘛]|(?<![什怎这那多])么)+$")
_ASKING = (
    r"为什么|为何|凭什么|什么(?:时候|时间|地方|样的?|意思)?|怎么(?:样|办|才能|能|去)?|怎样|如何|谁|哪(?:里|儿|些|几|一|位|个|天|年|月|日|种)*|"
    r"何时|何处|多(?:少|久|长|高|大)|几|是否|[能可]否|能不能|可不可以|会不会|有没有|是不是|要不要"
)
_ASKS = re.compile(rf"{_ASKING}|吗$")
_WHY = re.compile("为什么|为何|凭什么")
_PLAIN_ENDS = re.compile("(?:都|分别|主要)?(?:有|包括|是|需要)(?:哪些|什么)$")
# Nouns of relation: each needs a thing that it is the 目的, 期限 … of.
_RELATION = (
    "具体内容|主要内容|内容|要求|措施|举措|做法|办法|方法|方式|规定|情况|情形|方面|特点|意见|重点|目的|目标|任务|意义|作用|"
    "职责|职能|义务|权利|条件|原则|标准|程序|流程|步骤|后果|责任|性质|背景|时间|时限|期限|地点|地址|电话|表现|范围|对象|"
    "原因|理由|好处|例外|材料|手续|费用|比例|金额|数量|次数|负责人|联系人|主体|处罚|区别|含义|意思|定义|概念|条款|部门|任期|年限|人数|种类|类型|等次|名称"
)
_ATTRIBUTE = re.compile(f"(?:{_RELATION})")
_LIGHT = re.compile(
    rf"别的|其他的?|(?<=谁)来?(?:监督|管理|检查|审核|考核|组织)|情[况形]下|{_ASKING}|{_RELATION}|处理|落实|执行|实施|开展|推进|解决|应对|操作|办理|完成|实现|做到|负责|牵头|承担|批准|审批|决定|施行|生效|"
    "延长|缩短|延期|超过|逾期|违反了?|以内|之内|注意|接下来|下一步|然后|开始|结束|计算|发放|理解|这样|这么|那样|具体|一般|大概|应该|应当|需要|必须|可以|可能|分别|主要|由|从|到|在|对|把|被|给|"
    "最[多少长短高低晚早]|至[少多]|单位|机构|机关|分钟|小时|[做办弄发算来去要会能得该都还又再就也有是用的了过着呢吗个条次名位项种点人天日年月元内不]"
)
_BARE_ASKING = re.compile("什么|吗|呢|是什么|")
_COMPARING = re.compile(r"(?:和|跟|与|同|比)[^，]{1,12}?(?:相比|比较|比起来|比)(?:呢|怎么样|如何|多了|少了|有)?")
_IF = re.compile(
    r"(?:超过了?|逾期了?|违反了?|做不到|完不成)呢?|(?:如果|要是|假如|万一|若)(?:超过了?|逾期|没有?|不|未|违反了?|做不到|完不成|办|做|遵守|按时)+(?:怎么办|呢)?"
)
_DOCUMENT = "条例|办法|规定|通知|文件|决定|方案|规则|细则|讲话|意见"
_REFERRING = re.compile(
    rf"(?:该|此|上述|这[个份部项])(?P<document>{_DOCUMENT})|"
    rf"(?:这[个项件些]|该|此|上述|以上)(?:工作|事情?|{_RELATION}|制度)|此事|[它他她]们?(?![人说])|其(?![他它中次实余一二三])|"
    r"(?P<bare>(?:这|那)个?)(?=是|怎|如何|由|要|能|有|算|该|意味|可以|应|必须|为什么|谁|什么|具体|的)"
)
_WHICH = re.compile(
    "(?:具体|分别)(?:是|有)什么|(?:具体|分别)?(?:是|有)?哪(?:几|些|几?[个家位名项种条])(?:单位|部门|地方|人员?|方面)?"
)
_NAME = re.compile(f"《[^》]+》|[\u4e00-\u9fff]{{2,16}}?(?:{_DOCUMENT})(?!{_RELATION})")
_WHICH_CASE = re.compile("(?:什么|哪些)(?:情[况形]|条件)")
_LEADING = re.compile(f"(?:对于?|关于|按照?|根据|违反|具体|{_ASKING}|要)*+")
# Words that join what a question is about to what it asks, where they are not part of a noun (理由, 职能, 委员会).
_JOINING = (
    "(?<![理自事])由|(?<![核绝面相针])对|(?<![存现潜])在|(?<!服)从|(?<![方导去])向|(?<!供)给|(?<![所国公共私享拥没])有|"
    "(?<![但国])是|[把被的，]"
)
_TAIL = re.compile(
    "(?:应当|应该|必须|需要|可以|不得|不能|一般|具备|具有|包括|包含|分为|具体|分别|主要|最[多少长短高低]|至[少多]|"
    f"(?<![职功可技性])能|(?<![员大议协委社机])会|(?<![必主纪重概摘需])[要需]|{_JOINING})$"
)
_HEAD = re.compile("^(?:是|要(?![求点件素])|来|应当|应该|必须|可以|负责|管理(?![人员办制机部局规条])|的|，)")
_MERE = re.compile(
    "的?(?:具体内容|主要内容|内容|要求|措施|举措|做法|办法|方法|方式|规定|情况|方面|意见|时间|地点|含义|意思|定义|概念|目的|"
    "意义|背景|原因|比例|金额|数量|期限|标准)$"
)
_SEPARATOR = re.compile(
    rf"{_ASKING}|应当|应该|必须|需要|可以|具备|包括|最[多少长短高低]|至[少多]|开展|吗|{_JOINING}|{_RELATION}"
)
_LABEL = re.compile(rf"第{NUMERAL}[条章节][\s　]*|(?:第|[（(])?(?P<item>{NUMERAL})(?:[)）、.．，]|点[，、：])[\s　]*")
_ABLE = re.compile("可以|能够|能|应当|必须")
_PREDICATE = re.compile("(?:一般)?(?:不得|应当|应该|必须|可以)")
_CLAUSE = re.compile("[没我你]|已经|可以|是|了(?!解)|[。；！？]")
_CIRCUMSTANCE = re.compile("(?:[后前时]|期间|的话)$")
_QUOTED = re.compile('[“"「『][^”"」』]+[”"」』]')


def core(text: str) -> str:
    """Return `text` without blanks, courtesies, a leading 那 and final marks; 咋 and 啥 become standard words."""
    words = re.sub(r"\s+", "", text).replace("咋样", "怎么样").replace("咋", "怎么").replace("为啥", "为什么")
    words = words.replace("啥", "什么")
    before = None
    while before != words:
        before, words = words, _ENDING.sub("", _COURTESY.sub("", words))
    return words


def is_cut_short(words: str) -> bool:
    """Say whether the `words` are elliptical: an interrogative with no topic, or a pronoun first."""
    if _referring(words):
        return True
    return bool(_ASKS.search(words)) and is_light(words) and not _ATTRIBUTE.search(words)


def completed(words: str, topic: str, question: str, title: str = "") -> str | None:
    """Return the full question that the `words` (a `core`) stand for after `question`; None if they stand alone.

    `topic` is what is talked about, `title` the document that was cited, "" if not exactly one was.
    """
    if not topic or _COMPARING.match(words):
        return None
    if _IF.fullmatch(words):
        words = words.removesuffix("呢")
        return f"{topic}，{words.removesuffix('怎么办')}怎么办"
    words = words.removesuffix("呢")
    referring = _referring(words) or _repeated(words, question)
    if referring:
        named = _named(referring, topic, title)
        return words[: referring.start()] + named + words[referring.end() :] if named else None
    counted = re.search("(?:几|多少)([个家位名项种条])", question)
    if counted and _WHICH.fullmatch(words):
        return f"{question[: counted.start()]}哪几{question[counted.end() - 1 :]}"
    if not _ASKS.search(words) or not is_light(words) or _BARE_ASKING.fullmatch(words):
        return None
    if _WHY.search(words):
        return _reason(topic, question)
    return f"{topic}的{words}" if _ATTRIBUTE.match(words) else f"{topic}{words}"


def _named(referring: re.Match[str], topic: str, title: str) -> str:
    """Return what a pronoun refers to: the one document cited ("" if there are several), the people, the topic."""
    noun = referring.groupdict().get("document")
    if noun:
        return f"《{title}》" if title and (noun in title or noun in ("文件", "讲话")) else ""
    return topic.split("的")[0] if referring.group()[0] in "他她" else topic


def substituted(words: str, question: str, is_named: bool) -> str | None:
    """Return `question` with what the `words` name (事假呢) put in place of its counterpart; None if it has none.

    `is_named`: the text began with 那, so it continues the question before.
    """
    thing, question = words.removesuffix("呢"), question.removesuffix("，为什么")
    follows = is_named or words.endswith("呢")
    if (
        _COMPARING.match(words)
        or _ASKS.search(thing)
        or _CLAUSE.search(thing)
        or re.search(f"第{NUMERAL}[条章节点]", thing)
    ):
        return None
    if (
        thing.endswith("的")
        or not 1 < len(thing) <= (THING_CHARACTERS if follows else BARE_CHARACTERS)
        or thing in question
    ):
        return None
    named = _NAME.match(question)
    if named and _NAME.fullmatch(thing):
        return thing + question[named.end() :]
    thing = re.sub(rf"^(?:具体|主要|其他)(?={_RELATION})", "", thing)
    if re.search(rf".的.|.(?:{_RELATION})$", thing) and not _ATTRIBUTE.fullmatch(thing):
        ending = _PLAIN_ENDS.search(question)
        return thing + ending.group() if follows and ending else None
    if _CIRCUMSTANCE.search(thing):
        first = next(iter(_chunks(question)), None)
        return question[: first[1]] + thing + question[first[1] :] if follows and first else None
    slot = _slot(thing, question)
    if slot is None and not follows:
        return None
    if slot is None and _ATTRIBUTE.fullmatch(thing):
        return f"{subject(question)}的{thing}是什么"
    if slot is None and _ASKS.match(question) and not question.startswith("什么是"):
        return thing + question if _WHICH_CASE.match(question) else None
    start, end = slot or next(iter(_chunks(question)), (0, 0))
    return question[:start] + thing + question[end:] if end else None


def subject(question: str) -> str:
    """Return the subject of a question: without its interrogative and a noun that only names a kind of answer."""
    plain = core(question).removesuffix("呢")
    asked = re.search(rf"{_ASKING}|吗$", plain)
    left = _trimmed(plain[: asked.start()] if asked else plain)
    about = left if len(left) > 1 or not asked else _trimmed(plain[asked.end() :], _HEAD)
    able = _ABLE.search(about, 2)
    if able:
        deed = about[able.end() :]
        about = about[: able.start()] + ("" if is_light(deed) else deed)
    shorter = _MERE.sub("", about)
    return shorter if len(shorter) > 1 else about


def opening(quote: str) -> str:
    """Return the opening clause of a numbered item without its number: 备足抢险物资 of 三、备足抢险物资。沙袋."""
    words = re.split("[，。；：！？,;:]", _LABEL.sub("", quote))[0][:OPENING_CHARACTERS]
    found = _PREDICATE.search(words, 2)
    return _trimmed(words[: found.start()] if found else words)


def label_of(quote: str) -> int | None:
    """Return the number that a quote begins with: 2 of 二、, （二）, 第二，; None for an article or no number."""
    found = _LABEL.match(quote)
    return numeral(found["item"]) if found and found["item"] else None


def asks(words: str) -> bool:
    """Say whether there is an interrogative in `words`."""
    return bool(_ASKS.search(words))


def refers(words: str) -> bool:
    """Say whether a pronoun or 该条例 comes first."""
    return _referring(words) is not None


def _referring(words: str) -> re.Match[str] | None:
    """Return the leading pronoun that nothing before it in the text explains, or None."""
    found = _REFERRING.search(words)
    if found is None or not _LEADING.fullmatch(words[: found.start()]):
        return None
    return None if found["bare"] and not is_light(words[found.end() :]) else found


def _repeated(words: str, question: str) -> re.Match[str] | None:
    """Return the match of 这些处分 at the beginning, if the question before has 处分."""
    found = re.match(
        "(?:这[个项件些种]|该|上述|以上)([\u4e00-\u9fff]{2,6}?)(?=由|是|怎|如何|谁|为|什|有|要|能|可|应|必|的|多|$)",
        words,
    )
    return found if found and found.group(1) in question else None


def is_light(words: str) -> bool:
    """Say whether nothing in `words` names a thing of its own."""
    return not re.sub(r"[，,]", "", _LIGHT.sub("", words))


def _reason(topic: str, question: str) -> str:
    plain = core(question)
    how = re.match("(?:如何|怎么|怎样)(.+)", plain)
    if how:
        return f"为什么{how.group(1)}"
    return plain if _WHY.search(plain) else f"{plain if _ASKS.search(plain) else topic}，为什么"


def _trimmed(words: str, head: re.Pattern[str] | None = None) -> str:
    before = None
    while before != words:
        before, words = words, _TAIL.sub("", words)
        words = head.sub("", words) if head else words
    return words


def _slot(thing: str, question: str) -> tuple[int, int] | None:
    """Return (start, end) of the counterpart of `thing`: a quoted term, a relational noun, a word ending alike."""
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
    """Return (start, end) of the words that name things, in order."""
    spans, start = [], 0
    marks = [*(m.span() for m in _SEPARATOR.finditer(question)), (len(question), len(question))]
    for a, b in marks:
        if a - start > 1:
            spans.append((start, a))
        start = b
    return spans
