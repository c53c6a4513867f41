"""Whether words are what a document turns against: 决不能“躺平”, 坚决整治“文山会海”, “上热下冷”现象."""

import re

from assistant.text import HAN

REACH = 16
_AGAINST = re.compile(
    "(?:(?:决|绝|切)不(?:能|可|允许|容)|不(?:能|可|得|准|许|搞|应|要(?!忘))|切忌|防止|防范|避免|杜绝|遏制|整治|纠治|纠正|狠刹|严查|严禁|禁止|反对|"
    "克服|破除|摒弃|根除|消除|扭转|警惕|惩治|查处|打击|抵制|远离|存在|所谓|陷入|沦为)"
    f"(?:[{HAN}]{{0,6}}|(?:[“”、或和与及]|[{HAN}]){{0,14}}[“、])“?$"
)
_ILL = re.compile(
    "[”’]?(?:[、和与]?“[^”]{1,12}”){0,4}(?:等|的)?(?:不良|突出|歪)?(?:问题|现象|倾向|乱象|行为|陋习|风气|苗头|心态|思想|观念|怪圈|误区|歪风)"
    f"(?!导向|意识)(?:[^{HAN}]|依然|仍|时有|没有|尚未|还|较|的)"
)
_GOOD = re.compile(f"(?:坚持|弘扬|发扬|践行|树立|树牢|牢记|做到|解放|传承)[“{HAN}]{{0,6}}$")


def condemns(read: str, start: int, end: int) -> bool:
    """Say whether the words from `start` to `end` are what is not to be done, or an evil that is named."""
    before = re.split("[，。；：！？\n]", read[max(start - REACH, 0) : start])[-1]
    if _GOOD.search(before):
        return False
    return bool(_AGAINST.search(before) or _ILL.match(read, end))
