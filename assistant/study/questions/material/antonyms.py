"""Words of a sentence that have an opposite which makes it false, and which somebody might still believe.

Each word is bound to what it stands beside: 书面 to 通知, not to 作业; 以上 to an amount, not to 县级; 不得 to a deed
that might be allowed, not to one that everybody knows to be wrong. What stands in a list (自愿、无偿) has none.
"""

import re
from collections.abc import Iterator

from assistant.study.questions.material.figures import AMOUNT, figures
from assistant.study.questions.material.statements import Statement

_BAD = (
    "虚假|误解|误导|免检|擅自|强[行迫制]|变相|泄露|违|侵|[损伤危]害|歧视|骗|[瞒漏迟虚误谎]报|挪用|贪|弄虚|伪|隐|随意|任意|滥|推诿|拖延|拒|破坏|妨碍|干扰|搞|"
    "以权|简单|层层|照抄|无故|乱|向第三方|他人"
)
_CHOICE = "自愿|自主|自行|选择|随时|协商|申请|[^，。；]{0,12}(?:区间|范围|期限|额度)内"
_TELLING = "形式|方式|通知|告知|提出|申请|同意|说明|报告|答复|委托|意见|征得|承诺"
_PRIOR = "通知|告知|报告|审批|审查|公示|征求|报批|申报|备案|书面|征得|向|经"
_REGULAR = "更新|检查|通报|报告|公布|公开|评估|开展|组织|听取|研究|调度|维护|检测|培训|召开|发布|清理|向|对"
_BODY = "(?:(?<=部门|机关|机构|政府|法院|学校)|(?<=委员会|检察院))"
_MEASURED = "(?<!分别)(?:同比|环比|较|(?<![对占别])比(?![例率重照如赛]))[^，。；]{0,10}"
_SOME = "(?![到至为])(?=[^，。；]{0,4}[0-9])"

# Where a word stands (the group), and what takes its place.
_CHANGES = tuple(
    (re.compile(pattern), other)
    for pattern, other in (
        (f"(?<![慢急等缓坐松拖输丢舍了])(不得)(?![已的了而])(?![^，。；]{{0,18}}(?:{_BAD}))", "可以"),
        (f"{_BODY}(可以)(?![^，。；]{{0,10}}(?:{_CHOICE}))", "应当"),
        ("(可以)(?=并处|处以|责令|没收|吊销|暂扣)", "应当"),
        ("(?<!没)(有权)(?![限益力属威利])", "无权"),
        ("(免费)(?=使用)", "有偿"),
        ("(免费)(?=提供|开放|发放|培训|体检|接送|救治|检查)", "收费"),
        (f"(事[前先])(?={_PRIOR})", "事后"),
        (f"(书面)(?={_TELLING})", "口头"),
        (f"{AMOUNT}(以上)", "以下"),
        (f"{AMOUNT}(以下)(?![简称条情])", "以上"),
        ("(?<=[日月年底])(之前)", "之后"),
        ("(?<=[日月年底])(以前)", "以后"),
        (f"(?<!不)(定期)(?={_REGULAR})", "不定期"),
        ("(无偿)(?=提供|使用|转让|划拨)", "有偿"),
        ("(有偿)(?=提供|使用|转让)", "无偿"),
        ("(全程)(?=监督|跟踪|监管)", "事后"),
        ("(常规)(?=巡视|巡察|检查|审计|督查)", "专项"),
        ("(专项)(?=巡视|巡察)", "常规"),
        ("(共同)(?=制定|承担|负责|签署|发布|确定|实施)", "分别"),
        ("(重要)(?=方式|途径|来源|标准|依据|渠道|手段|形式|指标)", "唯一"),
        (f"{_MEASURED}(提高|增加|增长|上升){_SOME}", "下降"),
        (f"{_MEASURED}(下降|减少|降低){_SOME}", "上升"),
    )
)
_LATIN = (
    (re.compile(r"\b(may)\b(?! not| be| lead| result| only)"), "must"),
    (re.compile(r"\b(before)\b"), "after"),
    (re.compile(r"\b(after)\b"), "before"),
)
# Two things that change places, or what is denied and what is said: the groups put together anew.
_TURNED = (
    (re.compile("(上级)([^，。；：、]{0,12}对)(下级)"), (3, 2, 1)),
    (re.compile("(下级)([^，。；：、]{0,12}(?:对|向))(上级)"), (3, 2, 1)),
)
_MUTUAL = re.compile("以([^，。；、]{2})([^，。；、]{2})([^，。；、]{2})、以\\3([^，。；、]{2})\\1")
_NOT_ONLY = re.compile("不(?:只|仅|仅仅|单单)(是[^，。；]{2,20}，而)(是)")
_ORDINAL = re.compile("第([二三四])(?=批|轮|季度|届|期)")
_NEXT = {"二": "三", "三": "四", "四": "三"}
_LISTED = re.compile("[、或和与及者]$")
_LISTED_BEHIND = re.compile("[、或和与及]")
# Turned round, what is aimed at, or forbidden without exception, is nonsense that nobody takes for true; and where
# a sentence knows exceptions, what it forbids may be allowed.
_AIMED = re.compile("力争|确保|达到|不低于|不少于|一律|未经|凡是?|任何|不具备|不合格|患有|决不|绝不")
_EXCEPTED = re.compile("但|除(?![尘雪草])|例外|另有|\\b(?:only|except|unless)\\b")


# What is said of a rise does not go with a fall.
_VALUED = re.compile("成绩|成效|来之不易|好转|喜人|严峻|压力")
# 由87.6%提高到94.3%: the figures themselves say which way it went.
_FROM_TO = re.compile("[由从自][^，。；]{0,16}[0-9][^，。；]{0,12}$")
_LIMIT = re.compile("以[上下]")


def contraries(statement: Statement) -> Iterator[tuple[int, int, str]]:
    """Yield where a word stands that has an opposite, and that opposite."""
    text, span = statement.text.text, (statement.start, statement.end)
    if _EXCEPTED.search(statement.words) or _VALUED.search(statement.words):
        return
    yield from _turned(text, span)
    for pattern, other in _LATIN if statement.latin else _CHANGES:
        for match in pattern.finditer(text, *span):
            start, end = match.span(1)
            listed = _LISTED.search(text[start - 1 : start]) or _LISTED_BEHIND.match(text, end)
            if _LIMIT.match(text, start) and _has_others(text, span, start):
                continue
            if other in ("上升", "下降") and _FROM_TO.search(text, statement.start, start):
                continue
            if not listed and not _AIMED.search(text, statement.start, start):
                yield start, end, other


def _turned(text: str, span: tuple[int, int]) -> Iterator[tuple[int, int, str]]:
    """Yield what is said the other way round: who does it to whom, what it is and is not, which of a row."""
    for pattern, order in _TURNED:
        for match in pattern.finditer(text, *span):
            yield match.start(), match.end(), "".join(map(match.group, order))
    for match in _MUTUAL.finditer(text, *span):
        one, does, other, does_ = match.groups()
        if does != does_:
            yield match.start(), match.end(), f"以{one}{does_}{other}、以{other}{does}{one}"
    for match in _NOT_ONLY.finditer(text, *span):
        yield match.start(), match.end(), f"只{match.group(1)}不{match.group(2)}"
    for match in _ORDINAL.finditer(text, *span):
        yield match.start(1), match.end(1), _NEXT[match.group(1)]


def _has_others(text: str, span: tuple[int, int], at: int) -> bool:
    """Say whether other numbers of the unit of the one before `at` stand in the sentence: limits side by side."""
    found = figures(text, *span)
    unit = next((one.unit for one in reversed(found) if one.start < at), "")
    return sum(one.unit == unit for one in found) > 1
