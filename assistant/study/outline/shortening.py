"""A sentence to the clauses that say its point: others are left out at punctuation, nothing is put in.

What a sentence cannot do without stays: a clause that only leads up to the next (如果……, ……的，), a clause
that the next one goes on with (……，应当……), an exception (但……除外).
"""

import re
from collections.abc import Sequence

from assistant.study.pack import Quote
from assistant.study.source.texts import Text

POINT_WIDTH = 60
WIDTH_MOST = 120

Span = tuple[int, int]

_PROTECTED = re.compile(
    r"“[^“”]*”|‘[^‘’]*’|「[^「」]*」|《[^《》]*》|〈[^〈〉]*〉|（[^（）]*）|\([^()]*\)|〔[^〔〕]*〕|【[^【】]*】|\"[^\"]*\""
)
_BREAK = re.compile(r"[，；：。！？]|[,;:](?=\s|[^\x00-\x7f])|\.(?=\s+[A-Z])|[\t|]+")
_BEFORE = re.compile(r"(?:[-*+>•·●■◆\s|]+(?=\S))?")
_MARKED = re.compile(
    r"\*\*(?P<bold>[^*\n]+)\*\*|__(?P<heavy>[^_\n]+)__|`(?P<code>[^`\n]+)`|\[(?P<link>[^\[\]\n]+)\]\([^()\s]+\)|"
    r"(?<![\w*])\*(?P<slanted>[^*\s](?:[^*\n]*[^*\s])?)\*(?!\*)"
)
_EDGES = " \t\u3000，。；：、,.;:"
_TELLING = "：:；;。"
_AFTER = " \t\u3000，。；：、,.;:|"

_CONDITION = (
    r"的(?<![^项题科栏]目的)|时(?<!按时)(?<!及时)|[之以]?[外后前]|之一|情况下|期间|[以之]来|之际|基础上|"
    "[过进]程中|之日起"
)
_SAYS = "认识到?|看到|指出|认为|强调|要求|明确|提出|表示|规定|约定|议定|决定|就是|包括|同意"
_LEADS_END = re.compile(
    f"(?:{_CONDITION}|{_SAYS}|工作中|方面|[日月年时周]内|"
    "从[^，]{1,30}中|(?:以|通过)[^，]{1,40}(?:方式|形式|名义|价格|手段|方法|途径)|在[^，]+(?:前提下|范围内|情况下)|"
    "考虑[^，]+|[持凭][^，]+(?:副本|证明|材料|证件?|文件|证书|执照|申请书)|第[一二三四五六七八九十百]+[条款项]|前[0-9一二三四五六七八九十]+(?:个?月|日|天|年)|以[^，]*标准|"
    "^对[^，]+(?:物品|产品|人员?|单位|行为|机构|企业|部门|个人|组织)|(?:由|向)[^，]*(?:机关|部门|机构|人民政府|委员会|联合会|组织|单位|法院|人员|企业)|"
    "以[^，]+为(?:指导|引领|统领|抓手|契机|主线|目标|遵循|牵引|动力|依据|导向|突破口|切入点)|"
    "(?:根据|按照|依照|依据|按)[^，]{0,40}(?:需要|规定|职责|要求|程序|情况|标准|办法|分工|权限|原则|部署|结果|幅度|条件|期限|范围|比例|约定|规则|规范|惯例|意见|协议|合同|章程|目录|清单|计划|方案|特点|性质?|因素|数额|精神|职权|证据|大小))[：:]?$"
)
_LEADS_START = re.compile(
    "如果|假如|倘若|若|凡|因为|由于|虽然|尽管|即使|只有|只要|无论|不论|不管|随着|鉴于|不仅|不但|不只|不光|既|与其|"
    "为了|根据|按照|依照|依据|遵照|对于|关于|针对|当(?=.*[时后前]$)|同时$|此外$|另外$|特别是|尤其是|其中$|目前$|今后$|下一步$|"
    "未经|利用|结合|立足|着眼|围绕|本着|秉持|借助|依托|通过(?!了)|经(?!济|营|费|常|过了|验)|自.*起$|截至|到.{1,12}[年月日季底末前]$|"
    "(?:力争|确保|争取|预计|计划)?[在到于至从][^，]{1,20}(?:[年月日底末前初]|期间|之[前后]|以[前后内])$|"
    "以.*为[^，]{1,6}$|在.*(?:下|中|上|内|间|同时|之际)$|以便$|目的是?$|主要|重点是$|"
    r"(?:If|When|Where|Because|Although|While|Unless|Since|Before|After|In order|To|For|On|In|At)\b"
)
_TOGETHER = re.compile("(?:会同|联合|协同|商)[^，]*(?:部门|机关|单位|机构|组织|政府|委员会|[委办局厅部院]|等)$")
_GOES_ON = re.compile(
    r"且|而(?!且)|否则|不然|才|就|则|便|都|也|还|更|又|均|仍|再|除|或|以及|和|与|及|甚至|即|是(?!否)|以致|致使|因(?!此)|会同|从而|进而|"
    r"(?:or|nor|which|that|who|whose|as well)\b"
)
_DUTY = "应当|应(?!对|用|急)|必须|须|不得|不能|不准|可以|有权|由(?!于)|予以|给予|处(?!理)|适用|属于|是|指|禁止"
_RULED = re.compile("应当|必须|不得|可以|不予")
_TOPIC_ON = re.compile("其|根据|按照|依照|经|为(?!了)")
_SUBJECT_END = re.compile(
    "(?:机构|部门|机关|人员|单位|组织|企业|地方|条款|货物|物品|产品|车辆|船舶|活动|案件|检查|产地|标准|地区|项目|者)$"
)
_PREDICATED = re.compile(
    "[了是有要须将把被]|应|可以|实行|实施|建立|加强|完善|推进|推动|坚持|开展|制定|成立|设立|举办|组织(?!的|$)"
)
_ALL = re.compile("[都均]|人民法院")
_COVERB = re.compile(
    "不予|不属于|不适用|参照|依[法照]|按照|根据|由(?!于|此)|分别|为[^，]{2,20}之日|在(?!于)|向|从(?!而|严|事)|以(?![及便防免上下来])|对(?![照标接])|包括|既"
)
_DUTY_NEXT = re.compile(f"(?:{_DUTY})|(?:must|shall|should|may)\\b")
_DUTY_SAID = re.compile(
    "应当|应予|必须|不得|不予|责令|给予|处以|可以|(?<!所)有权|适用(?!法律)|属于|负责(?!人)|(?<![重主首紧摘纪简需只])要(?!求)|(?<!判)处[以一二三四五六七八九十]|"
    r"\b(?:must|shall|should|may)\b"
)
_LIST_LEAD = re.compile(
    "(?:以下|下列|如下)[^，。；：]{0,12}[：:]|(?:包括|分为|分别是)[：:]|the following[^.;:]{0,40}[：:]"
)
_ALSO_IF = re.compile("(?:并|且|或者?).*的$")
_MEMBER_END = "；;。"
_ITEM_END = re.compile("[；;]")
_PREDICATE = re.compile("怎么|如何|正是|都是|这是")
_LINK = re.compile(
    "但是?|然而|不过|因此|所以|因而|为此|对此|总之|同时|此外|另外|与此同时|同样|当然|可见|同志们|大家|各位.{0,6}|"
    "(?:However|Therefore|Moreover|Furthermore|In addition|Also|Finally|For example)"
)
_EXCEPTION = re.compile(r"但|可是|然而|不过|除(?=.*外)|(?:but|except|unless|provided)\b|.*除外$")
_PURPOSE = re.compile("为(?!.{0,30}(?:提供|发放|作出|做出|办理))|根据|按照|依照|依据")
_PURPOSE_ON = re.compile("根据|按照|依照|依据|结合|经")
_MAIN = re.compile("(?:现|特|制定|决定|我们|本|各|会议|必须|应当|要)")


def parts(words: str, most: float = POINT_WIDTH) -> list[Span]:
    """Return what a sentence says one after the other: runs of clauses that can stand alone, nothing left out."""
    clauses, found = clauses_of(words), list[Span]()
    while clauses:
        count = _prefix([words[a:b] for a, b in clauses], most)
        found.append((clauses[0][0], clauses[count - 1][1]))
        clauses = clauses[count:]
    return found


def width(words: str) -> float:
    """Return how wide words are: a Chinese character is 1, a Latin letter half."""
    return sum(1.0 if letter > "\u2e7f" or letter in "“”‘’…—" else 0.5 for letter in words)


def shortened(text: Text, start: int, end: int, most: float = POINT_WIDTH) -> tuple[Quote, ...]:
    """Return the pieces of a sentence that say its point, about `most` wide; () for one of no words."""
    words = text.text[start:end]
    found = [piece for a, b in spans(words, most) for piece in _unmarked(words, a, b)]
    return tuple(text.quote(start + a, start + b) for a, b in found)


def _unmarked(words: str, start: int, end: int) -> list[Span]:
    """Return the pieces between the marks of Markdown in some words: **…**, `…`, [words](address)."""
    if not _MARKED.search(words):
        return [(start, end)]
    marks = [span for found in _MARKED.finditer(words) for span in _ends(found)]
    inner = [(max(a, start), min(b, end)) for a, b in marks if a < end and b > start]
    bounds = [start, *(edge for span in inner for edge in span), end]
    pieces = [_bare(words, a, b) for a, b in zip(bounds[::2], bounds[1::2], strict=True)]
    return [(a, b) for a, b in pieces if any(letter.isalnum() for letter in words[a:b])]


def _ends(found: re.Match[str]) -> list[Span]:
    """Return where the marks around marked words stand."""
    kept = found.lastgroup or ""
    return [(found.start(), found.start(kept)), (found.end(kept), found.end())]


def _bare(words: str, start: int, end: int) -> Span:
    while start < end and words[start] in _EDGES:
        start += 1
    while start < end and words[end - 1] in _EDGES:
        end -= 1
    return start, end


def spans(words: str, most: float = POINT_WIDTH) -> list[Span]:
    """Return start and end of the pieces of a sentence to keep, in its order, ends at punctuation."""
    clauses = _without_link(words, clauses_of(words))
    if not clauses:
        return []
    first, last = clauses[0][0], clauses[-1][1]
    if width(words[first:last]) <= most or len(clauses) == 1:
        return [(first, last)]
    if width(words[first:last]) <= WIDTH_MOST and _is_list(words):
        return [(first, last)]
    texts = [words[a:b] + (words[b] if b < last and words[b] in _TELLING else "") for a, b in clauses]
    return [(clauses[a][0], clauses[b - 1][1]) for a, b in _kept(texts, most)]


def _is_list(words: str) -> bool:
    """Say whether a sentence lists what would look complete without its end."""
    return _ITEM_END.search(words[:-1]) is not None or bool(_LIST_LEAD.search(words))


def clauses_of(words: str) -> list[Span]:
    """Return start and end of the clauses of a sentence, without the punctuation between them.

    What stands in quotation marks or brackets is in one clause.
    """
    begin = _BEFORE.match(words).end()  # type: ignore[union-attr]
    end = len(words.rstrip(_AFTER))
    protected = [found.span() for found in _PROTECTED.finditer(words, begin, end)]
    found: list[Span] = []
    for stop in _BREAK.finditer(words, begin, end):
        while protected and protected[0][1] <= stop.start():
            protected.pop(0)
        if not (protected and protected[0][0] < stop.start()):
            _add(found, words, begin, stop.start())
            begin = stop.end()
    _add(found, words, begin, end)
    return found


def _without_link(words: str, clauses: list[Span]) -> list[Span]:
    """Return clauses without a first one that only links a sentence to those before it (同时，……)."""
    return clauses[1:] if clauses[1:] and _LINK.fullmatch(words[slice(*clauses[0])]) else clauses


def _add(found: list[Span], words: str, start: int, end: int) -> None:
    while start < end and words[start].isspace():
        start += 1
    while start < end and words[end - 1].isspace():
        end -= 1
    if start < end:
        found.append((start, end))


def _kept(clauses: Sequence[str], most: float) -> list[Span]:
    """Return the runs of clauses to keep, as (first, behind the last)."""
    main = _main(clauses)
    if main > 1:
        kept = [(0, 1), (main, main + _prefix(clauses[main:], most - width(clauses[0])))]
    else:
        kept = [(0, _prefix(clauses, most))]
    at = kept[-1][1]
    exception = next((n for n in range(at, len(clauses)) if _EXCEPTION.match(clauses[n])), None)
    if exception is None:
        return kept
    behind = exception + _prefix(clauses[exception:], most)
    return [*kept, (exception, behind)] if exception > at else [*kept[:-1], (kept[-1][0], behind)]


def _main(clauses: Sequence[str]) -> int:
    """Return where a sentence that begins with what it is for comes to its point (为了……，……，制定本法); else 0."""
    if not _PURPOSE.match(clauses[0]):
        return 0
    if not clauses[0].startswith("为"):
        return next((n for n in range(1, len(clauses)) if not _PURPOSE_ON.match(clauses[n])), 0)
    main = next((n for n in range(1, len(clauses)) if _MAIN.match(clauses[n])), len(clauses) - 1)
    between = [clause for clause in clauses[1:main] if not _PURPOSE_ON.match(clause)]
    return 0 if any(_LEADS_END.search(clause) for clause in between) else main


def _prefix(clauses: Sequence[str], most: float) -> int:
    """Return how many clauses say the point: as many as fit, else as few as can stand alone."""
    wide, fitting = 0.0, 0
    for count in range(1, len(clauses) + 1):
        wide += width(clauses[count - 1]) + 1
        if not _stands(clauses, count):
            continue
        if wide - 1 > most:
            return fitting or count
        fitting = count
    return fitting or len(clauses)


def _stands(clauses: Sequence[str], count: int) -> bool:
    """Say whether the first `count` clauses say something without the rest."""
    if count == len(clauses):
        return True
    last, following = clauses[count - 1], clauses[count]
    led_in = next((n for n, clause in enumerate(clauses[:count], 1) if _LIST_LEAD.search(clause)), 0)
    if led_in:
        return led_in == count
    if any(clause[-1] in _MEMBER_END for clause in clauses[: count - 1]) and last[-1] not in _MEMBER_END:
        return False
    leads = _LEADS_END.search(last) and not (last.endswith("的") and _PREDICATE.search(last))
    if leads or _LEADS_START.match(last) or _TOGETHER.search(last) or _LINK.fullmatch(last):
        return False
    if _GOES_ON.match(following) or _ALSO_IF.match(following):
        return False
    if count == 1 and _is_subject(last):
        return False
    if last[-1] in _MEMBER_END or _DUTY_SAID.search("，".join(clauses[:count])):
        return True
    return not _is_condition(clauses, count) and not _leads_to(clauses[count:], count)


def _is_condition(clauses: Sequence[str], count: int) -> bool:
    """Say whether the first `count` clauses are part of a condition that a later clause ends (……，……的，)."""
    until = next((n for n in range(count, len(clauses)) if clauses[n][-1] in _MEMBER_END), len(clauses))
    return any(clause.endswith("的") for clause in clauses[count:until])


def _leads_to(following: Sequence[str], count: int) -> bool:
    """Say whether clauses are what those before them, which say nothing to be done, lead up to."""
    first, *rest = following
    if _DUTY_NEXT.match(first) or _RULED.search(first) or _COVERB.match(first):
        return True
    if rest and (_DUTY_NEXT.match(rest[0]) or _ALL.match(rest[0])):
        return True
    return count == 1 and _TOPIC_ON.match(first) is not None


def _is_subject(clause: str) -> bool:
    """Say whether a clause is likely to be but what the next one speaks of (负责管理地震工作的机构，……)."""
    return "的" in clause and _SUBJECT_END.search(clause) is not None and not _PREDICATED.search(clause)
