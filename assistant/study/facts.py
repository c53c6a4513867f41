"""Further words of a sentence that only fill-in questions ask for, where what else would fit is never shown.

Telephone numbers, spans of days, how often, who it goes to or who decides, titles, what is forbidden or follows.
"""

import re
from collections.abc import Iterator

from assistant.study.slots import Slot, Word
from assistant.study.statements import Statement

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
_PATTERNS: tuple[tuple[Slot, re.Pattern[str]], ...] = (
    (Slot.NUMBER, re.compile(f"(?:电话|热线|拨打|号码|专线|传真)[为是：:]?({_PHONE})")),
    (Slot.NUMBER, re.compile(f"({_PHONE})(?={_HAN}{{0,4}}(?:热线|专线|电话|平台))")),
    (Slot.DATE, re.compile(f"({_DAY}(?:至|到|—|~){_DAY})")),
    (Slot.HEAD, re.compile("每(季度|半年|学期|两年|月|周|年)(?=[^0-9人名户，。；]{2})")),
    (Slot.HEAD, re.compile(f"向((?!社会)(?:(?!提[出交起]){_HAN}){{2,12}}?)(?={_SENT})")),
    (Slot.HEAD, re.compile(f"(?<=报)((?!告|送|名|批|经|上){_HAN}{{2,12}}?)(?=批准|备案|审批|审核|审定|同意|备查)")),
    (Slot.HEAD, re.compile(f"由((?![^，。；]*(?:和|、)){_HAN}{{2,14}}?{_BODY})(?={_ACTS})")),
    (Slot.HEAD, re.compile(f"(?:给予|予以|责令)((?!{_PLAIN}){_HAN}{{2,6}})(?=[，。；])")),
    (Slot.HEAD, re.compile(f"(?:实行|实施|推行|执行|建立)((?!{_LED_ON}){_HAN}{{2,8}}?)(?=(?:制度|机制)[，。；])")),
    (Slot.HEAD, re.compile(f"(?:实行|推行)((?!{_LED_ON}){_HAN}{{2,6}}制)(?=[，。；])")),
    (Slot.HEAD, _FORBIDDEN),
    (Slot.HEAD, re.compile(f"除({_HAN}{{2,14}}?)(?=(?:以)?外，)")),
    (Slot.QUOTED, re.compile("《([^《》（）]{4,24})》")),
)
_LEADING = re.compile(f"({_HAN}{{2,14}}?{_BODY})(?=负责{_HAN}{{4,}}(?:工作|管理|保障|建设|监督|维护|服务)[，。；])")


def facts_of(statement: Statement) -> Iterator[Word]:
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
                yield Word(statement, kind, *match.span(1), SHAPE)
    for clause in statement.clauses:
        leading = _LEADING.match(text, clause.start, statement.end)
        if leading:
            yield Word(statement, Slot.ACTOR, *leading.span(1), SHAPE)
