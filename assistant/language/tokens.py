"""Tokenizing for comparison: a text as normalised tokens, so that two wordings can be aligned.

Figures become values (四个 and 4个, 百分之十五 and 15%), synonymous words of duty or ban become one, and each
token's kind says how it may be treated when a sentence is shortened. The lists are of the language.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

from assistant.base.text import HAN
from assistant.language.numerals import figure


class Kind(Enum):
    """How a token may be treated when a text is shortened.

    - WORD, LATIN: kept, or left out with what they belong to.
    - FIGURE, KEPT (negation, duty, limits, hedges, causes): never left out.
    - SPARE: may be left out; ADVERB: likewise, except where something is negated; FREE: may also be added.
    - AND: joins the members of a list.
    - COMMA, BREAK, END: separate clauses, halves of a sentence, sentences.
    """

    WORD = 1
    LATIN = 2
    FIGURE = 3
    KEPT = 4
    SPARE = 5
    ADVERB = 6
    FREE = 7
    AND = 8
    COMMA = 9
    BREAK = 10
    END = 11


@dataclass(frozen=True)
class Token:
    """A token: `key` is compared, `text` is what was written."""

    key: str
    kind: Kind
    text: str


PARTING = frozenset({Kind.COMMA, Kind.BREAK, Kind.END})
DUTY = "必须"
DIRECTIVE = "要"  # the duty of speeches, on which no right hangs: what it is said of may be shortened
ROLES = frozenset("被由把将对向给让使受从于以")  # a clause that begins so has its subject before it
NEGATIONS = frozenset(("没有", *"不未没无非勿莫否拒免"))

_CN = "[零〇一二两三四五六七八九十][零〇一二两三四五六七八九十百千万亿]*(?:点[零〇一二三四五六七八九]+)?"
_ARABIC = r"[0-9]{1,3}(?:[,，][0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
_NUMBER = f"(?:(?:{_ARABIC})[百千万亿]*|{_CN})"
_KEPT = (
    (DUTY, "必须|务必|应当|应该|需要"),
    (DUTY, "(?<![适响反相供对回报效])应(?![急用对聘付答邀])|须(?!知)|需(?!求)"),
    (DUTY, "(?<![重主首摘纪只扼概提])要(?![求点素件闻害义塞职紧旨么])"),
    ("不得", "不得|不准|不许|禁止|严禁"),
    ("可以", "可以|可(?![能靠持行见谓观惜信])"),
    ("一般", "一般|通常"),
    ("仍", "仍然|仍旧|仍"),
    ("", "没有|[不未没无非勿莫否拒免]"),
    ("", "停止|暂停|取消|撤销|废止|避免|防止|杜绝|反对|缺乏|所谓|共同|联合|相互|互相|合计|共计|共|组成|构成|分为"),
    ("", "原则上|可能|大约|左右|以上|以下|以内|以外|以前|以后|之前|之后|之内|之外|超过|不足|至少|至多|最"),
    ("", "仅|只|唯一|专门|均|都|全部|所有|一切|任何|一律|每|各自|分别|依次|部分|多数|少数|首次|再|才|方可"),
    ("", "曾|已|尚|将要|即将|拟|计划|预计|力争|争取|能|会(?![议员计见同])|先|也|又|等"),
    ("", "因为|由于|因此|所以|因而|从而|以便|为了|旨在|导致|除|但|如果|若|否则|虽然|尽管|即使|或者|或"),
)
_ADVERBS = "进一步|切实|认真|充分|积极|严格|着力|大力|扎实|首先|其次|最后|此外|另外"
_PATTERNS: tuple[tuple[Kind, str, str], ...] = (
    (Kind.LATIN, "", r"[0-9.]*[a-z][a-z0-9.]*"),
    *((Kind.KEPT, key, pattern) for key, pattern in _KEPT),
    (Kind.FIGURE, "", rf"百分之{_NUMBER}|{_CN}分之{_CN}|{_NUMBER}%?"),
    (Kind.SPARE, "", "(?<!目)的(?!确)|是|还(?!款|贷)|将(?!要|军)|同志"),
    (Kind.ADVERB, "", _ADVERBS),
    (Kind.AND, "、", "、|以及|(?<![共温柔总饱])和(?![谐平睦气解])|(?<![涉普以])及(?![时格其])"),
    (Kind.WORD, "、", "(?<!参)与(?![会其])"),
    (Kind.FREE, "", "(?<=[，,；;])并(?![处购])"),
    (Kind.WORD, "开展", "开展|进行"),
    (Kind.WORD, "达到", "达到|达(?=[0-9])"),
    (Kind.WORD, "按照", "按照|依照|根据|依据"),
    (Kind.COMMA, "", "[，,：:\u3000]"),
    (Kind.BREAK, "", "[；;（）()—…\\-]"),
    (Kind.END, "", "[。！？!?\n]"),
    (Kind.WORD, "", f"[{HAN}]|[^\\W_]|[%.&/·]"),
)
_TOKEN = re.compile("|".join(f"(?P<p{n}>{pattern})" for n, (_, _, pattern) in enumerate(_PATTERNS)))
_LISTED = re.compile(r"(?m)^\s*[一二三四五六七八九十]{1,3}、")


def tokens(text: str) -> list[Token]:
    """Return the tokens of `text`, without quotation marks and blanks; a full-width blank separates clauses."""
    plain = _LISTED.sub("，", re.sub(r"[ \t]+", "", _narrow(text)))
    found: list[Token] = []
    for match in _TOKEN.finditer(plain):
        kind, key, _ = _PATTERNS[int((match.lastgroup or "p0")[1:])]
        said = match.group()
        if kind is Kind.FIGURE:
            key = figure(said)
        if said == "天" and found and found[-1].kind is Kind.FIGURE:
            key = "日"
        found.append(Token(key or said, kind, said))
    return found


def letters(text: str) -> str:
    """Return the letters and digits of `text`, normalised, for comparing quoted words."""
    return "".join(c for c in _narrow(text) if c.isalnum())


def _narrow(text: str) -> str:
    """Return `text` with full-width letters, digits and % made half-width and lower case; punctuation stays."""
    return "".join(unicodedata.normalize("NFKC", c).lower() if c.isalnum() or c == "％" else c for c in text)
