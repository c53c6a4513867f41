"""Question analysis from the words alone: the kind of answer expected, the topics, and what must be given.

The patterns are of the language, not of any corpus: interrogatives, measure words, and nouns that name a kind
of answer (要求, 措施, 目的). Which sentences answer is decided in `answering/sentences/scoring.py` and
`answering/answerer.py`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.language.numerals import numeral


class Kind(StrEnum):
    """The expected kind of answer."""

    NUMBER = "number"
    NAME = "name"
    WHO = "who"
    WHEN = "when"
    SITUATION = "situation"
    WHERE = "where"
    WHY = "why"
    HOW = "how"
    MEMBERS = "members"
    OUTLINE = "outline"
    LIST = "list"
    COMPARE = "compare"
    DEFINITION = "definition"
    YESNO = "yesno"
    SAID = "said"
    FACT = "fact"


@dataclass(frozen=True)
class Question:
    """A parsed question.

    - `topics`: its content words in order, without interrogatives; `heading`: the question for the reader.
    - `quoted`: terms in quotation marks. `term`: the slogan whose members are asked for.
    - `count`: the number of members or points asked for ("四个聚焦", "三点意见").
    - `unit`, `counted`: what must follow the number that answers (几个单位).
    - `ordinal`: the point asked for (第二点); `article`: the article asked for (第十二条).
    - `purpose`: it asks why a document was made.
    - `position`: the paragraph it points at, from 1 (第三段; 开头 is 1); -1 for the last (结尾).
    """

    text: str
    kind: Kind
    topics: tuple[str, ...]
    heading: str
    quoted: tuple[str, ...] = ()
    term: str | None = None
    count: int | None = None
    unit: str | None = None
    counted: str | None = None
    ordinal: str | None = None
    article: str | None = None
    exact_date: bool = False
    purpose: bool = False
    position: int | None = None


LISTING = {Kind.LIST, Kind.HOW, Kind.OUTLINE}

_N = "[一二两三四五六七八九十0-9]"
_UNITS = (
    "个|亩|户|所|座|辆|斤|公斤|吨|艘|台|平方米|平方公里|章|条|名|位|人|天|日|年|月|周|"
    "次|轮|点|项|种|元|万元|亿元|块|份|家|件|小时|分钟|公里|米|岁|级|批|届|成|倍|期|门|笔|处|版|页|篇|档|类|间|栋|部|场|"
    "桶|只|头|株|张|袋|台|箱|瓶|支|册|卷|节|遍|字|票|对|股|学时|课时|学分|工作日|星期|学期"
)
_QUOTED = re.compile(r"[“\"「『]([^”\"」』]{1,30})[”\"」』]")
_OUTLINE = re.compile(
    r"(主要内容|讲了(些)?(什么|啥)|讲的(是)?(什么|啥)|说了(些)?什么|(哪|几)[一二两三四五六七八九十几]?(个)?(点|方面)(意见|要求|内容|工作)?|"
    r"(哪|几)(几)?(个|大)?(部分|板块)|结构|提纲|大纲|总结一下|概括|概要|摘要|"
    rf"{_N}(点|条|个方面)(意见|要求|内容|建议)(分别|具体)*(是|有|指)(什么|哪))"
)
_ORDINAL = re.compile(r"第([一二三四五六七八九十0-9]+)(点|条意见|个问题|部分|方面(?!军)|项要求|大点|个方面|条要求)")
_ARTICLE = re.compile(r"第[一二三四五六七八九十百千零〇两0-9]+(条(?!件|例|约)|章|节)")
_NUMBERED = re.compile(
    rf"(?<!哪)(?:几|多少)[十百千万]?\s*({_UNITS})(?!月几)([\u4e00-\u9fff]{{0,4}})|多少(?!条件)|多大比例|比例是|占比|百分之几|多长时间|多久|多长|多高|多大|几倍"
)
_NAME = re.compile(r"叫什么(名字?)?|姓名|名字(是|叫)?什么|姓什么|(谁的名字)")
_WHO = re.compile(r"谁|哪位|什么人(?!员)|(?<!是)哪个(单位|部门|机关|组织|机构)|由哪")
_WHEN = re.compile(r"何时|什么时候|什么时间|啥时候|哪一?[天年月日]|几月|几号|几点钟|日期|时间是|起止时间")
_SITUATION = re.compile(r"背景|形势|时点|(什么|怎样的?|啥)(样的)?(时期|阶段|时刻|环境|局面)")
_EXACT_DATE = re.compile(r"哪一?[天日]|几月|几号|日期|哪一?年|哪一?个?月|几点钟|起止")
_BEGINNING = "开头|开篇|开场|首段"
_END = "结尾|末尾|收尾|最后一?段|最后部分|结束语"
_POSITION = re.compile(f"在?({_BEGINNING}|{_END}|第([一二三四五六七八九十0-9]+)(自然)?段)(部分|的地方)?(中|里面?|处)?")
_MADE = "制[定订]|出台|颁布|订立|印发|立法|出(?=这|个|本|该)"
_MADE_FOR = re.compile(
    rf"(为什么|为何|为啥|为了什么)[^，,]{{0,6}}({_MADE})|({_MADE})[^，,]{{0,20}}(目的|宗旨|初衷|为了什么)"
)
_WHERE = re.compile(r"哪里|哪儿|什么地方|何处|何地|地点|地址|(?<!存)在哪(?![些个几])|到哪(?![些个几])")
_WHY = re.compile(
    r"为什么(?!职务|单位|人员|时候)|为何|为啥|何以|原因|缘由|(?<![管办审处代受治料经总护无当])理由(?!不|拒|而)|怎么会"
)
_HOW = re.compile(r"怎么(样|办|做|能|才能|去)?|怎样|如何|咋样?|用什么(办法|方法|方式)|通过什么")
_COMPARE = re.compile(
    "(有(什么|何|啥|哪些)|的|在哪)?(区别|差别|差异|异同|不同(之处)?)(是什么|在哪里?|吗|呢)?[？?]?$|有(什么|何|啥|哪些)不(同|一样)|"
    "哪(个|种|边|家|类)(更|比较|要)|谁更|相比|比起来|和[^，,]{1,12}比|[和与跟][^，,]{1,12}哪个[^，,]{1,3}[？?]?$"
)
_SAID = re.compile(
    r"(怎么|如何|怎样)(说|讲|提的|提到|表述|论述|规定|描述|评价|看待)|有?(什么|哪些|啥)(样的)?(论述|表述|说法|提法)|说了(些)?什么"
)
_LIST = re.compile(r"哪些|哪几|有什么|有啥|分别(是|指|有)?|包括什么|包含什么|什么样的|(什么|哪种)(情况|情形|条件)")
_DEFINITION = re.compile(
    r"什么是|什么叫|啥叫|何谓|何为|啥是|是什么(意思|含义|概念)?[？?]?$|指的?是?(什么|啥)|(含义|意思|定义|概念)(是什么)?|是个?啥(?!时)|是指|什么意思|怎么回事|是?(干|做)(什么|啥)的|是(个|一种)?(什么样|怎样|啥样)的"
)
_PLAIN_DEFINITION = re.compile("怎么回事|是?(干|做)(什么|啥)的|是个?啥[？?]?$|什么意思|什么叫|啥叫")
_YESNO = re.compile(r"吗[？?]?$|是否|能不能|可不可以|行不行|要不要|会不会|有没有|是不是|该不该|对不对|可否|能否")
_EITHER = re.compile(r"([\u4e00-\u9fff])[不没]\1")
_MEMBERS = re.compile(rf"(?:是|指|有|包括|分别是|具体是|具体指){{0,3}}哪(?:{_N}|几)(?:个|项|点|条|种|大|方面|家|位|名)")
_MEANT = re.compile(
    r"[”\"」』]，?(具体|主要|分别|到底|究竟)*(是|指|包括|包含|有)+(哪些|什么)|指的?是?(哪些|哪几|什么)(人|方面|内容|情形)?[？?]?$"
)
_OFFICES = (
    "书记|主任|[组市省县镇乡区部局处科厅院校队所站会馆社团行董事秘指挥]长|主席|总理|总经理|经理|委员|负责人|领导|"
    "联络员|联系人"
)
_OFFICE_HOLDER = re.compile(f"({_OFFICES})(是|叫)?谁|谁(是|任|担任|当|做)[^，,]*({_OFFICES})[？?]?$")
_NAMED_COUNT = re.compile(rf"{_N}(?:个|家|名|位)[\u4e00-\u9fff]{{1,4}}?(?:分别|具体)?(?:是|有|指)哪些")
_SLOGAN = re.compile(
    r"(?<![一二三四五六七八九十第])[二两三四五六七八九]"
    r"(?:个(?!单位|方面|问题|部门|月|小时|省|市|县|镇|村)|项|条|大|种|不|严|抓|实|化|专|有|要|坚持|性)[\u4e00-\u9fff]{1,4}"
)

_ATTRIBUTES = (
    "具体内容|主要内容|基本内容|内容|要求|措施|举措|做法|办法|方法|方式|经验|规定|情况|方面|特点|意见|重点|目的|目标|任务|意义|"
    "作用|职责|职能|义务|权利|条件|原则|标准|程序|流程|步骤|后果|责任|性质|背景|时点|时间|地点|地址|表现|问题|范围|期限"
)
_LISTED = re.compile(
    "要求|措施|举措|做法|办法|方法|方式|经验|规定|特点|重点|职责|职能|义务|权利|条件|原则|程序|流程|步骤|表现|任务|情形|内容"
)
_WEAK = re.compile(
    "具体内容|主要内容|基本内容|内容|要求|措施|举措|做法|办法|方法|方式|经验|规定|情况|方面|时点|论述|表述|说法|提法|工作|标准|意见|背景|形势|时期|阶段|召开|时间|地点|"
    "最多|最少|最长|最短|最高|最低|至少|至多"
)
_GENERIC = re.compile(
    "[一二两三几这那每各某](个|支|名|种|批|次|份|项|条|位|些|类|家|套)|性质|本质|实质|定位|含义|概念|检查|查看|了解|考虑|采取|"
    "在?(外面|里面|上面|下面)|注意|处理|特点|得到|获得|开始|结束|后果|严重|对象|影响|效果|成效|好处|受益|得益|实惠|帮助|关系|变化|提高|改进|加强|做好|"
    "做到|解决|应对|面对|落实|执行|推动|推进|开展|进行|实现|保证|防止|避免|禁止|允许|规定|说明|外面|里面|之间|当中|一般|通常|"
    "首先|其次|最后|最终|总体|整体|全部|所有|各种|各类|相关|有关|重要|主要|基本|如果|能够|大家|我们|你们|他们|自己|现在|目前|"
    "今天|当前|处于|面临|节点|包含|包括|涉及|属于|多长|多久|怎样|时候|情况下|时间|地方|事情|东西|理解|看待|评价|认识|知道|指出|召开|会议|讲话|文件"
)
_STOP = re.compile(
    r"(本次|这次|此次|该次|今天的?)(会议|大会|讲话|活动)?的?|^(请)?(概括|总结|介绍|列出|列举)(一下|出)?|这[篇份次]|请问|请教|告诉我|我想知道|我想问|想问一下|问一下|介绍一下|说说|谈谈|简述|一下|具体|到底|究竟|关于|对于|应当|应该|需要|必须|可以|进行|"
    r"^(在|按照?|根据)?(这|本|该)?(次|篇|份)?(讲话|文件|文章|文中|材料|原文)稿?(中|里面?|当中|上)?(是|对)?|"
    r"在?(这|本|该)?(次|篇|份)?(讲话|报告|文件|文章|材料|原文)稿?(中|里面?|当中|上)|"
    r"提到|谈到|讲到|说到|提了|讲了|说了"
)
_ASKING = re.compile(
    rf"什么是|什么叫|啥叫|(是|指|有|包括|分别是|具体是|具体指){{0,3}}(什么|哪里|哪儿|谁|啥|(哪些|哪几|哪个|哪位|哪一|哪{_N}?|多少|几)({_UNITS})?)(时候|意思|含义|情况下|地方|原因)?|"
    r"为什么|为何|为啥|怎么(样|办|做|能|才能|去|会|说|讲|提|看)?的?|怎样|如何|咋样?|何时|何谓|何为|何处|多久|多长(时间)?|多高|多大|"
    r"叫什么(名字?)?|能不能|可不可以|行不行|要不要|会不会|有没有|是不是|是否|可否|能否|分别|[吗呢吧呀啊]$|指的?是|是指"
)
_MODAL = re.compile("^(要(?!求|点|素|件)|会(?!议|员|计|见|同)|应(?!急|用|对|聘)|该)")


def parse_question(text: str) -> Question:
    """Return `text` parsed; never fails: where nothing but an interrogative was found, the topics are empty."""
    plain = _plain(text)
    quoted = tuple(_QUOTED.findall(plain))
    kind = _kind(plain)
    topics = _topics(plain)
    term, count = _slogan(plain, kind, quoted)
    if kind is Kind.LIST and _MEANT.search(plain):
        kind = Kind.DEFINITION
    if kind is Kind.LIST and not quoted and _NAMED_COUNT.search(plain):
        kind = Kind.MEMBERS
    if kind is Kind.WHO and _OFFICE_HOLDER.search(plain):
        kind = Kind.NAME
    if kind in (Kind.LIST, Kind.FACT) and re.search("内容(是|有|包括)?(什么|哪些)?[？?]?$", plain):
        kind = Kind.DEFINITION
    if term is not None and kind in (Kind.DEFINITION, Kind.LIST, Kind.FACT, Kind.MEMBERS):
        kind = Kind.MEMBERS
    elif kind in (Kind.DEFINITION, Kind.MEMBERS) and _asks_for_list(plain):
        kind = Kind.LIST if _LISTED.search(plain) else Kind.FACT
    unit, counted = _measure(plain) if kind is Kind.NUMBER else (None, None)
    ordinal = _ORDINAL.search(plain)
    article = _ARTICLE.search(plain)
    return Question(
        text=text,
        kind=Kind.OUTLINE if ordinal or article else kind,
        topics=topics,
        heading=heading_of(text),
        quoted=quoted,
        term=term,
        count=count if count is not None else _asked_count(plain),
        unit=unit,
        counted=counted,
        ordinal=ordinal.group(1) if ordinal else None,
        article=article.group() if article else None,
        exact_date=bool(_EXACT_DATE.search(plain)),
        position=_position(plain),
        purpose=bool(_MADE_FOR.search(plain)) or topics in (("目的",), ("宗旨",)),
    )


def heading_of(text: str) -> str:
    """Return a question as a heading: without its final interrogative and courtesies."""
    heading = re.sub(r"[？?。！!]+$", "", _plain(text))
    heading = re.sub(r"^(请问|请教一下|请教|我想知道|我想问一下|告诉我)[，,]?", "", heading)
    shorter = re.sub(r"(具体)?(分别)?(是|有|指的是|指)?(?<!为)(什么|哪些|啥)$", "", heading)
    return shorter if len(shorter) >= 2 else heading


def weak(topic: str) -> bool:
    """Say whether a word only names the kind of answer (要求, 内容), so that the text need not say it."""
    return bool(_WEAK.fullmatch(topic))


def generic(word: str) -> bool:
    """Say whether a word names an effect, a manner or a way of wording, and no particular thing.

    Documents often word these differently (受益, 严重); any other word that no document says means that the
    question is about something else.
    """
    return bool(_GENERIC.fullmatch(word))


def split_weak(word: str) -> list[str]:
    """Return `word` split around nouns that only name a kind of answer: 整改要求 to 整改, 要求."""
    return [part for part in re.split(f"({_WEAK.pattern})", word) if part]


def _measure(plain: str) -> tuple[str | None, str | None]:
    """Return the measure word asked for and what it counts: 几个单位, 几个月."""
    found = _NUMBERED.search(plain)
    unit, counted = (found.group(1), found.group(2) or None) if found else (None, None)
    time = re.match("月|小时|工作日|星期|季度|学期", counted or "") if unit == "个" else None
    return (time.group(), None) if time else (unit, counted)


def _kind(plain: str) -> Kind:
    order = (
        (Kind.NAME, _NAME),
        (Kind.DEFINITION, _PLAIN_DEFINITION),
        (Kind.COMPARE, _COMPARE),
        (Kind.SAID, _SAID),
        (Kind.WHY, _WHY),
        (Kind.OUTLINE, _OUTLINE),
        (Kind.NUMBER, _NUMBERED),
        (Kind.SITUATION, _SITUATION),
        (Kind.WHEN, _WHEN),
        (Kind.WHERE, _WHERE),
        (Kind.WHO, _WHO),
        (Kind.MEMBERS, _MEMBERS),
        (Kind.HOW, _HOW),
        (Kind.LIST, _LIST),
        (Kind.DEFINITION, _DEFINITION),
        (Kind.YESNO, _YESNO),
        (Kind.YESNO, _EITHER),
    )
    return next((kind for kind, pattern in order if pattern.search(plain)), Kind.FACT)


def _asks_for_list(plain: str) -> bool:
    """Say whether "X是什么" asks for what an attribute of X holds, not for what X means."""
    if re.search("指的?是?(什么|啥)|意思|什么叫|何谓", plain):
        return False
    subject = re.sub(r"(指的?是|是指|具体|主要)?(是)?(什么|啥|哪些)(意思)?[？?。]*$", "", plain)
    if re.search("(性质|本质|实质|定位|含义|概念|内容|遵循|宗旨|方针|核心|关键|生命线|落脚点|出发点|标准)$", subject):
        return False
    return bool(re.search(f"({_ATTRIBUTES})$", subject))


def _slogan(plain: str, kind: Kind, quoted: tuple[str, ...]) -> tuple[str | None, int | None]:
    """Return the slogan whose members are asked for ("四个聚焦"), and how many it has."""
    if kind in (
        Kind.OUTLINE,
        Kind.SAID,
        Kind.WHY,
        Kind.HOW,
        Kind.NUMBER,
        Kind.WHEN,
        Kind.SITUATION,
        Kind.WHERE,
        Kind.WHO,
        Kind.YESNO,
        Kind.COMPARE,
    ):
        return None, None
    for words in (*quoted, "".join(_topics(plain))):
        found = _SLOGAN.search(words)
        asks_members = (
            kind is Kind.MEMBERS or kind is Kind.DEFINITION or re.search("内容|哪些|包括|含义|分别|具体", plain)
        )
        if found and asks_members and (found.start() == 0 or words not in quoted):
            term = words[found.start() :] if words in quoted else found.group()
            return re.sub(f"(的)?({_ATTRIBUTES})$", "", term), numeral(term[0])
    return None, None


def _asked_count(plain: str) -> int | None:
    found = re.search(f"哪({_N})(?:个|项|点|条|种|大|方面|家|位|名)|({_N})(?:点|个方面|条)(?:意见|要求)", plain)
    if not found and re.search("哪几(个|家|位|名|项|种|条)|哪些", plain):
        found = re.search(f"({_N})(?:个|家|位|名|项|种|条)()", plain)
    return numeral(found.group(1) or found.group(2)) if found else None


def _position(plain: str) -> int | None:
    found = _POSITION.search(plain)
    if found is None:
        return None
    return numeral(found.group(2)) if found.group(2) else 1 if re.match(_BEGINNING, found.group(1)) else -1


def _plain(text: str) -> str:
    """Return `text` without blanks, but for those between words of Latin letters."""
    return re.sub(r"(?<![!-~])\s+|\s+(?![!-~])", "", text.strip())


def _topics(plain: str) -> tuple[str, ...]:
    """Return the words between interrogatives, punctuation and 的; quoted words are kept whole."""
    topics = []
    for number, part in enumerate(_QUOTED.split(plain)):
        if number % 2:
            topics.append(part)
            continue
        part = _POSITION.sub("\n", part)
        cut = _EITHER.sub("\n", _STOP.sub("\n", _ASKING.sub("\n", part)))
        topics.extend(re.split(r"[\n，,。；;：:！!？?“”‘’\"「」『』（）()《》、]|(?<!目)的", cut))
    return tuple(topic for topic in (_MODAL.sub("", topic) for topic in topics) if topic)


QUESTION_LIMIT = 500


def check_question(question: object) -> tuple[str, str]:
    """Return (the question without blanks around it, what is wrong with it or "")."""
    text = question.strip() if isinstance(question, str) else ""
    if not text:
        return "", "请先输入问题。"
    if len(text) > QUESTION_LIMIT:
        return text, f"问题太长（{len(text)} 字）：请缩短到 {QUESTION_LIMIT} 字以内，或分成几个问题。"
    return text, ""
