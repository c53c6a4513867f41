"""Answer type matching: does a sentence give what the question asks for: number, date, name, members, reason.

A sentence may hold every word of a question and still not answer it; then the corpus only mentions the thing.
The patterns are of the language: numerals and measure words, dates, copulas.
"""

import re
from enum import Enum

from assistant.language.question import Kind, Question, weak
from assistant.language.surnames import COMMON


class Supply(Enum):
    """Whether a sentence gives what a question asks for: it does, it does not, or its kind cannot tell."""

    YES = 1
    OPEN = 0
    NO = -1


SITUATION_CUES = 2
_DIGITS = "[0-9０-９]+(?:[.．][0-9０-９]+)?[万亿]?"
_CHINESE = "[一二两三四五六七八九十百千半][一二两三四五六七八九十百千万亿半]*"
NUMBER = rf"(?<![第0-9０-９一二两三四五六七八九十百千])(?:{_DIGITS}|{_CHINESE})"
_DURATION = "(?:个工作日|个月|小时|分钟|年|月|日|天|周)"
_MEASURES = (
    f"{_DURATION}|万|亿|元|名|人|位|个|条|项|次|份|家|件|倍|岁|户|张|座|间|台|辆|艘|头|只|株|袋|箱|桶|瓶|支|册|卷|页|字|秒|遍|场|节|"
    "届|期|级|班|学时|米|公里|里|毫米|厘米|吨|公斤|千克|克|升|亩|公顷|平方|立方|千瓦|兆|度|分贝|成|％|%"
)
_PEOPLE = {"人", "人家", "人员"}
_OFTEN = re.compile(
    "(多久|多长时间|几[天年]|几个月)[^，。？?]{0,8}[一]?[次回]|(多久|多长时间)[^，。？?]{2,6}[一]次|隔(多久|多长时间|几)"
)
_EVERY = re.compile(rf"每(?:半|隔?{_CHINESE}个?|隔?[0-9]+个?)?(?:{_DURATION}|季度?|旬|学期)")
_MEASURED = re.compile(rf"{NUMBER}\s*余?(?:{_MEASURES})|百分之{_CHINESE}|[0-9]+[%％]")
_INDEFINITE = re.compile(r"(?<![0-9十百])一(个(?!月|小时|工作日|季度|年|星期)|次|条|项|件|名|人|家|份|些|种)")
_SLOGANS = re.compile("“[^”]{1,12}”")
_BLANKS = re.compile(r"(?<=[^a-zA-Z])\s+(?=[^a-zA-Z])")
_SPECIAL = (
    (re.compile("号码|电话|热线|邮编|传真|账号"), re.compile("[0-9０-９][0-9０-９-]{4,}")),
    (
        re.compile(
            "多少钱|费用?是|费(标准)?是?多少|价格|金额|工资标准|薪酬|票价|预算|多少元|([罚交缴补赔奖发]|补偿|赔偿|奖励|投资|补贴|收入|产值|经费|资金|费用|工资|价|金)(金额|标准|额)?(是|为|要|有|达|到|达到)?多少(?!人|个|次|家|户)|"
            "(多少|几)[\u4e00-\u9fff]{0,6}(费|钱|款|补助|补贴|津贴|奖金|工资)"
        ),
        re.compile(f"{NUMBER}\\s*[万亿]?元|百分之|[0-9]+[%％]"),
    ),
    (re.compile("多大(年纪|岁数|年龄)?|年龄|年纪|岁数"), re.compile(f"{NUMBER}\\s*周?岁")),
    (re.compile("比例|百分|占比|率是"), re.compile("百分之|[0-9]+[%％]|分之|[一二三四五六七八九十]成")),
)
_SITUATION = re.compile("当前|目前|当下|眼下|正值|正处|之际|时刻|时期|阶段|关口|形势|背景|以来")
TIME_UNITS = {"天", "日", "年", "月", "周", "小时", "分钟", "工作日", "星期", "季度", "学期"}
SAME_UNIT = {
    "家": "(?:家|个)",
    "户": "(?:户|家)",
    "位": "(?:位|名|个?人)",
    "天": "(?:日|天|个工作日)",
    "日": "(?:日|天|个工作日)",
    "人": "(?:个?人|名|位)",
    "名": "(?:个?人|名|位)",
    "月": "(?:个月|月)",
    "小时": "(?:个小时|小时)",
    "工作日": "个工作日",
    "星期": "(?:个星期|星期|周)",
    "季度": "(?:个季度|季度)",
}
DATE = re.compile(
    r"[0-9０-９]{2,4}年|[0-9０-９]{1,2}月([0-9０-９]{1,2}日)?|[一二三四五六七八九〇零]{4}年|[一二三四五六七八九十]+月[一二三四五六七八九十]+日"
)
_DAY = re.compile(r"月[0-9０-９一二三四五六七八九十]+[日号]|之日|当[日天]|即日")
_TIME = re.compile(
    r"当场|随时|即时|立即|[前后][一两二三四五六七八九十0-9]+个?[日天周月年]|[日天周月年][之以]?[前后内]|之日起|日内|月内|年内|届满|期满|时起|当前|目前|今年|去年|近年来|近期|正值|时刻|之际|期间|以前|之前|之后|以后|每年|每季|季度|上半年|下半年|年底|月底"
)
_PLACE = re.compile(
    r"(在|于|到|向|至|由|送|入|往|交)[^，。；]{1,20}(科|处|所|部|局|办|账户|平台|网站|市|县|区|镇|乡|村|路|街|道|楼|厅|室|中心|礼堂|机关|部门|单位|场所|窗口|法院|机构|"
    r"社区|小区|广场|大厦|公园|园区|学校|馆|站|号)|所在地|地址|地点"
)
_ADDRESS = re.compile(r"[\u4e00-\u9fff]+(路|街|大道|巷)[0-9０-９一二三四五六七八九十]+号|地址[:：为是]")
_REASON = re.compile(
    r"原因[是为]|因为|由于|因此|所以|因而|为了|目的|旨在|以便|从而|才能|才会|否则|不然|根本|关键|意义|有利于|有助于|事关|关系到|确保|"
    r"保障|是[^，。；]*(需要|要求|前提|基础|根源|原因|遵循)|导致|造成|使得"
)
_NATURE = re.compile("(具体|主要|基本)?内容|性质|本质|实质|定位|含义|概念|意思|定义")
_NO_NAME = "任[组主副命何务职期]|余[下款额]|方[案面法式]|万[元人亩吨]|程[序度]|高[级度等]|文[件化明]|田[间地]"
_OFFICE = re.compile(
    "机关|机构|单位|政府|中心|法院|公司|企业|[局委厅部院办处科股室组会站所队校区县市省镇乡村长记员]|领导|人员"
)
_ASKS_OFFICE = re.compile("哪个|哪家|哪些|哪几|什么(部门|单位|机关|机构)|归谁|由谁|谁来|谁负责")
_EACH = re.compile("每[人月亩户年日次个件]")
_DEED = re.compile("(?<![同向对找给与和跟为被把是])谁来?([\u4e00-\u9fff]{2,6}?)(的|呢|啊|呀|了|吗)?[？?]?$")
_CONTRAST = re.compile(
    "区别|不同|差别|差异|高于|低于|多于|少于|大于|小于|优于|相比|比[^，。；]{1,16}(更|多|少|高|低|大|小|快|慢|增|减)|[，；]而|分别"
)
_LISTING = re.compile("包括|分为|下列|如下|以下[^，。；]*[：:]|由[^，。；]*组成|[：:]$")
_ACTOR = re.compile(
    "由[^，。；]{1,20}(负责|牵头|组织|承担|管理|选举|任命|批准|决定|产生)|(负责人|联系人|牵头单位)[：:是为]"
)
_MODAL = re.compile(r"不得|不能|不准|不可|禁止|严禁|可以|应当|必须|有权|无权|不予|不属于|属于|要|须")


def supply(question: Question, text: str, near: str = "") -> Supply:
    """Return whether the sentence `text` gives what is asked; `near` is it with the sentences beside it."""
    judges = {
        Kind.NUMBER: _number,
        Kind.WHEN: _when,
        Kind.SITUATION: _situation,
        Kind.WHERE: _where,
        Kind.NAME: _name,
        Kind.MEMBERS: _members,
        Kind.DEFINITION: _definition,
        Kind.COMPARE: _contrast,
        Kind.WHO: _who,
    }
    signs = {Kind.LIST: _LISTING, Kind.YESNO: _MODAL}
    if question.kind in judges:
        return judges[question.kind](question, text)
    if question.kind in signs:
        return Supply.YES if signs[question.kind].search(text) else Supply.OPEN
    if question.kind is Kind.WHY and not _REASON.search(text):
        return Supply.OPEN if _REASON.search(near) else Supply.NO
    return Supply.YES if question.kind is Kind.WHY else Supply.OPEN


def situation_cues(text: str) -> int:
    """Return how many words of `text` describe a situation: 当前, 正值, 关键时期."""
    return len(set(_SITUATION.findall(text)))


def _yes(pattern: re.Pattern[str], text: str) -> Supply:
    return Supply.YES if pattern.search(text) else Supply.NO


def _number(question: Question, text: str) -> Supply:
    text = _BLANKS.sub("", _SLOGANS.sub("", text))
    each = _EACH.findall(question.text.replace("天", "日"))
    if each and not any(one in text.replace("天", "日") for one in each):
        return Supply.NO
    for asked, given in _SPECIAL:
        if asked.search(question.text):
            return _yes(given, text)
    unit, counted = question.unit, None if question.counted in _PEOPLE else question.counted
    unit = "人" if unit == "个" and question.counted in _PEOPLE else unit
    if unit is None:
        if _OFTEN.search(question.text) and _EVERY.search(text):
            return Supply.YES
        pattern = rf"{NUMBER}\s*{_DURATION}" if re.search("多久|多长时间", question.text) else _MEASURED.pattern
        return _yes(re.compile(pattern), _INDEFINITE.sub("", text))
    measured = rf"{NUMBER}\s*余?{SAME_UNIT.get(unit, re.escape(unit))}"
    definite = text if unit in "年月日天" else _INDEFINITE.sub("", text)
    if counted and unit not in TIME_UNITS:
        noun = re.escape(counted[:2])
        behind = rf"{NUMBER}\s*余?(?:{_MEASURES})" if unit == "个" else measured  # 几个名额: 名额为12人
        measured = rf"{measured}[^，。；]{{0,4}}{noun}|{noun}[^，。；]{{0,8}}{behind}"
    return _yes(re.compile(measured), definite)


def _when(question: Question, text: str) -> Supply:
    text = _BLANKS.sub("", text)
    if re.search("哪一?[天日]|几号", question.text):
        return _yes(_DAY, text)
    if DATE.search(text):
        return Supply.YES
    if question.exact_date:
        return Supply.NO
    return Supply.OPEN if _TIME.search(text) else Supply.NO


def _situation(question: Question, text: str) -> Supply:
    return Supply.YES if situation_cues(text) >= SITUATION_CUES else Supply.NO


def _where(question: Question, text: str) -> Supply:
    return _yes(_ADDRESS if "址" in question.text else _PLACE, text)


def _who(question: Question, text: str) -> Supply:
    """Look for an actor: 由……负责, or an office or 由 before the action asked for."""
    asked = _DEED.search(question.text)
    deed = re.escape(asked.group(1)[-2:]) if asked else ""
    acts = rf"由[^，。；]{{1,20}}{deed}|({_OFFICE.pattern})[^，。；]{{0,4}}{deed}"
    if _ACTOR.search(text) or (deed and re.search(acts, text)):
        return Supply.YES
    without = _ASKS_OFFICE.search(question.text) and not _OFFICE.search(text)
    return Supply.NO if without or deed else Supply.OPEN


def _contrast(question: Question, text: str) -> Supply:
    """Look for a word of contrast in a sentence that names both sides."""
    sides = [side for topic in question.topics for side in re.split("[和与跟同]|还是", topic) if len(side) > 1][:2]
    both = all(any(pair in text for pair in (side[:2], side[-2:])) for side in sides)
    return _yes(_CONTRAST, text) if both else Supply.NO


def _name(question: Question, text: str) -> Supply:
    role = _role(question)
    loose = rf"{role}(是|为|：|:|由)?\s*(?!{_NO_NAME})[{COMMON}][\u4e00-\u9fff]"
    return Supply.YES if role and (name_beside(question, text) or re.search(loose, text)) else Supply.NO


def name_beside(question: Question, text: str) -> str:
    """Return the name right beside the office asked for, "" where there is none or its end is uncertain.

    Found in 组长张三， and 张三同志任组长; in 组长张三在 it is uncertain whether 在 belongs to the name.
    """
    role = _role(question)
    given = rf"(?P<name>(?!{_NO_NAME})[{COMMON}][\u4e00-\u9fff]{{1,2}})"
    before = rf"{role}(是|为|：|:|由)?{given}(同志|担任|[，。；、是：:（(\s]|$)"
    behind = rf"{given}(同志)?(任|担任|为)[^，。；]{{0,12}}{role}"
    found = (re.search(before, text) or re.search(behind, text)) if role else None
    return found.group("name") if found else ""


def _role(question: Question) -> str:
    """Return a pattern for the office asked for, by its last two characters; a deputy's is another one."""
    words = question.topics[-1] if question.topics else ""
    deputy = re.search("副[\u4e00-\u9fff]{1,4}$", words)
    end = re.escape(words[-2:])
    return (f"副[\u4e00-\u9fff]{{0,3}}{end}" if deputy else f"(?<!副)(?<!副.)(?<!副..){end}") if end else ""


def _members(question: Question, text: str) -> Supply:
    """Look for the members of a slogan after it, or for that many parallel phrases that repeat its noun."""
    count = question.count or 2
    term = question.term or ""
    after = text.split(term, 1)[1] if term and term in text else ("" if term else text)
    listed = re.search(r"[”」]?(包括|分别是|是指|指的?是|就是|即|是|：|:)(.+)", after)
    if (
        listed
        and after[: listed.start()].strip("”」』的") == ""
        and len(re.split("[、；，,;]", listed.group(2))) >= count
    ):
        return Supply.YES
    noun = re.sub(r"^[一二两三四五六七八九十0-9]+(个|项|条|大|种)?", "", term)
    plain = re.sub(rf"[“「『]?{re.escape(term)}[”」』]?", "", text) if term else text
    if noun and len(noun) >= 2:
        return Supply.YES if plain.count(noun) >= count else Supply.NO
    listed = re.search(r"(分别是|分别为|包括|即|：|:|（)([^。；]+)", plain)
    return Supply.YES if not term and listed and len(re.split("[、；，]", listed.group(2))) >= count else Supply.NO


def defined(question: Question) -> str:
    """Return the term whose definition is asked for, "" where that cannot be told."""
    named = [t for t in question.topics if not weak(t) and not _NATURE.fullmatch(t)]
    return "".join(question.quoted[:1]) or "".join(named[-1:])


def _definition(question: Question, text: str) -> Supply:
    """Look for a copula in the clause that names the term, or for words that characterise it as 的“X”."""
    subject = defined(question)
    if not subject or (question.quoted and subject not in text):
        return Supply.NO
    for term in question.quoted:
        if re.search(rf"[\u4e00-\u9fff]{{2,}}的[“「『]{re.escape(term)}[”」』]", text):
            return Supply.YES
    marks = "".join(re.escape(q) for q in "“”「」『』")
    stem = re.escape(subject)
    patterns = (
        rf"{stem}[{marks}]?[^，。；、]{{0,6}}(是(?!否)|指(?!导|示|定|出)|(?<![立随当])即(?!将|可)|就是|称为|包括|载明)",
        rf"(是(?!否)|(?<![立随当])即(?!将|可)|称为|简称)[^，。；]{{0,24}}{stem}[{marks}]?[）。；，]",
        rf"{stem}[{marks}]?，?(是指|指的是|指(?!导|示|定|出)|(?<![立随当])即(?!将|可)|：|:)",
        rf"所称[^，。；]{{0,10}}{stem}",
    )
    return Supply.YES if any(re.search(pattern, text) for pattern in patterns) else Supply.NO
