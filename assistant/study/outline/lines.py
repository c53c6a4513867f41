"""What a line of a document is: a heading without a mark, an address, a row, an item of a list, a question."""

import re

from assistant.study.outline.salience import says_something
from assistant.study.outline.shortening import width

HEADING_WIDTH = 30
REAL_WIDTH = 4
_ADDRESS_WIDTH = 60

_ENDED = re.compile(r"[。！？!?；;：:.…](?:[”’」』）)]|\*\*)*$")
_CELLS = re.compile(r"[\t|]")
_RULE = re.compile(r"[|:\- \t]+")
_ITEM = re.compile(r"[-*+•·●■◆–—>]\s*(?![-*])(?=\S)")
_FRAMING = re.compile(
    r"(?:(?:\d+\.\s*)?(?:introduction|overview|background|preface|foreword|executive summary|summary|conclusions?|"
    r"closing remarks|references|further information|contact(?:s| us)?|appendix|annex)(?: [a-z0-9])?)|"
    "前言|引言|导言|导语|序言|概述|摘要|结语|结束语|结论|后记|附言|附注|说明",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(
    "^(?:各|全体|尊敬|亲爱|[省市区县]直).*[：:]$|(?:单位|部门|窗口|机构|政府|公司|企业|集团|学校|组织|团体|[局厅部委办院校所站会社处科室队组镇乡县区市省]|同志|朋友|们|先生|女士|领导|来宾|代表|"
    "职工|员工|干部|党员|师生|学生|居民|村民|业主|家长|股东|会员|委员|客户|用户|读者|旅客|同胞|同仁|好)"
    r"(?:[（(][^（）()]*[）)])?[：:]$|^(?:Dear|To)\b.*[：:]$"
)
_ASKED = re.compile("(?:问|Q)[0-9一二三四五六七八九十]{0,3}[：:]|.*[？?]$")
_ANSWERED = re.compile("(?:答|A)[0-9一二三四五六七八九十]{0,3}[：:]")
_SPEAKER = re.compile("(?:[问答QA])[0-9一二三四五六七八九十]{0,3}[：:]\\s*")
_DECLARED = re.compile(
    "(?:讲|谈|提|说|(?<!工)作|强调|部署|通报)[^，。；]{0,12}(?:[一二三四五六七八九十几两][点条项句]|个(?:方面|问题))[^，。；]{0,10}[。：:]?$|"
    "(?:如下|以下[^，。；]{2,12})[。：:]$"
)
_CLOSES = re.compile(
    "同志们|各位|女士们|朋友们|让我们|谢谢|散会|请各|请认真|请结合|以上|特此|此复|此令|妥否|当否|希望(?:大家|各|同志)|望各|望认真|"
    "我相信|最后，?(?:祝|预祝|祝愿|感谢)|祝大家|联系(?:人|电话)|本(?:通知|公告|通告)自|会议还研究|完了"
)

_WISHES = re.compile("[，。！；](?:希望(?:大家|同志们|各|全[市县区镇体])|让我们|请大家)")


_HAS = re.compile("(?:存在|面临|包括|分为|具有|主要有|须|应当?|符合|具备)[^，。；]*(?:如下|以下|下列)")
_DATUM = re.compile(r"[：:](?:\*\*|__)|：.*[0-9]")
_NUMBER = re.compile("[（(]?(?:[一二三四五六七八九十]{1,3}|[0-9]{1,2}|[IVX]{1,4})[）)、.．]?")
_COUNT = re.compile("(?:[两二三四五六七八九十几]|以下|下列|如下)(?:大|个|点|条|项|种|类|步|方面|句话|层|件|关|招)")
_SPOKEN = re.compile(
    "(?:今天|刚才|下面|借此机会|在这里|这里|接下来|首先)[^。]*(?:我|大家|同志们|欢迎|感谢)|(?:很高兴|欢迎|感谢|我[代谨想])|"
    "[“「‘][^”」’]*[”」’][。，！]?$|[^，。：；]{2,24}(?:说|表示|介绍|告诉记者)[。：]?$"
)
_NOTE = re.compile(
    r"[-*+•·\s（(【\[]*(?:(?:责任|牵头|配合|协助|主办|协办|承办|参与|参加|落实|实施|督办|联系|分管|包保|整改|主管|主责)+"
    "(?:单位|部门|领导|人员?|处室|科室|股室|主体|县领导|市领导)|(?:完成|办结|整改|工作)?时限|(?:完成|整改)时间)(?:及[^：:。]{1,8})?"
    r"\**[：:]"
)
_IMPRINT = re.compile(
    r"(?:——|—|–|--).+|[（(【〔\[][^（()）]*[）)】〕\]]|"
    "[^，。；]{0,16}(?:记者|评论员|通讯员|观察员|撰稿人|编辑部|课题组|调研组|宣讲团|作者|"
    "来源|编辑|责编|供稿|供图|审核|签发人?)(?:[ \u3000：:/／].*)?|"
    "(?:文|图)[/／：:].+|[^，。；的]+(?:办公[室厅]|委员会|政府|党[组委]|研究[室院所]|[局厅]|支队|总队|公司|集团|大学|学校|党校|法院|检察院)|"
    "[^，。；]*(?:书记|主任|主席|[部局厅处科院校县市区省乡镇村组社会队所行]长|委员|代表|经理|教授)"
    "[ \u3000]*[\u4e00-\u9fff·]{2,4}|"
    "[\u4e00-\u9fff][ \u3000][\u4e00-\u9fff]|"
    "(?:送审|征求意见|讨论|审议|草|初|修订|试行|摘要|节选)稿?|□.+|[0-9]{4}[-./年].{1,9}"
)


def is_note(words: str) -> bool:
    """Say whether words only say who does something, or by when: 责任单位：……."""
    return _NOTE.match(words) is not None and not is_row(words)


def is_imprint(words: str) -> bool:
    """Say whether an open line below a title names who wrote the document and when, or is a subtitle."""
    return (width(words) >= REAL_WIDTH and is_formal(words)) or _IMPRINT.fullmatch(words) is not None


def is_ended(words: str) -> bool:
    """Say whether words end as a sentence does."""
    return _ENDED.search(words) is not None


def is_row(words: str) -> bool:
    """Say whether a line is a row of a table."""
    return _CELLS.search(words) is not None


def is_rule(words: str) -> bool:
    """Say whether a line is the rule below the head of a table."""
    return _RULE.fullmatch(words) is not None


def is_item(words: str) -> bool:
    """Say whether a line is an item of a list without numbers, or a quotation set apart."""
    return _ITEM.match(words) is not None


def is_open(words: str) -> bool:
    """Say whether a line is short and without an end mark, and neither row nor item."""
    return width(words) <= HEADING_WIDTH and not is_ended(words) and not is_row(words) and not is_item(words)


def is_headline(words: str) -> bool:
    """Say whether a line may head what is behind it: an open one, and no greeting, date or name of an annex."""
    return is_open(words) and not _DATUM.search(words) and (width(words) < REAL_WIDTH or not is_formal(words))


def is_number(words: str) -> bool:
    """Say whether a line is a number alone, above the part of a text that it counts."""
    return _NUMBER.fullmatch(words) is not None


def is_framing(words: str) -> bool:
    """Say whether a line heads what stands around the numbered parts: Introduction, 结束语."""
    return _FRAMING.fullmatch(words.strip("# *：:")) is not None


def is_address(words: str) -> bool:
    """Say whether a line says to whom a document is addressed (各有关单位：)."""
    return width(words) <= _ADDRESS_WIDTH and _ADDRESSED.search(words) is not None and not declares(words)


def is_question(words: str) -> bool:
    """Say whether a line asks what the next one may answer."""
    return _ASKED.match(words) is not None


def is_answer(words: str) -> bool:
    """Say whether a line begins with the mark of an answer."""
    return _ANSWERED.match(words) is not None


def said_at(words: str) -> int:
    """Return where the words behind 问： and 答： begin."""
    found = _SPEAKER.match(words)
    return found.end() if found else 0


def declares(words: str) -> bool:
    """Say whether a sentence announces what follows: 我讲三点意见, 现将有关事项通知如下."""
    return _DECLARED.search(words) is not None


def announces(words: str) -> bool:
    """Say whether a sentence announces all that a document says, not a list of its (存在以下问题)."""
    return declares(words) and _HAS.search(words) is None


def counts(words: str) -> bool:
    """Say whether a sentence says how many points follow (存在两方面困难)."""
    return _COUNT.search(words) is not None


def is_speech(words: str) -> bool:
    """Say whether a sentence speaks to those who listen (今天我和大家交流), or is what somebody says."""
    return _SPOKEN.match(words) is not None


def closes(words: str) -> bool:
    """Say whether a paragraph is a document's last words: by how it begins, or by what it wishes."""
    return _CLOSES.match(words) is not None or _WISHES.search(words) is not None


def is_formal(words: str) -> bool:
    """Say whether a line says nothing by itself: a greeting, a date, a name, those present."""
    return not says_something(words)
