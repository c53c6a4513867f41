"""How much sentences say, by the patterns of the language and by what their document keeps coming back to."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from math import fsum, log, sqrt

from assistant.base.text import HAN, fold

SAME_SHARE = 0.6
LEAST_SHARE = 0.15
REAL_LETTERS = 4

_WORDS = re.compile(f"[{HAN}]+|[^\\W{HAN}_]+")
_DUTY = re.compile(
    "必须|应当|务必|不得|不能|不准|严禁|禁止|确保|坚决|切实|需要|(?<![重主首紧摘纪简扼只次将就])要(?![求素点闻件害塞紧么是])|"
    r"\b(?:must|shall|should|may not)\b"
)
_DEED = re.compile(
    "(?:^|[，；：。要])(?:坚持|加强|强化|深化|严格|严肃|落实|推[进动]|完善|健全|建立|提[高升]|增强|加[快大]|扩大|开展|实施|突出|"
    "紧[盯扣]|聚焦|压实|夯实|把|围绕|统筹|优化|规范|保[障持]|发挥|培育|打造|深入|全面|着力|大力|积极|牢固|持续|带头)"
)
_FIGURE = re.compile("[0-9０-９]+(?:[.．][0-9]+)?[%％]?")
_HANGING = re.compile(
    "这(?:[是也就些种样个为里，]|说明|表明|意味|既|不仅|一(?![年次轮届]))|其(?![他余次实])|它|他们|她们|该|此(?![次外前后])|上述|"
    "是(?![否非])|[二两]者|前者|后者|例如|比如|特别是|尤其是|"
    r"(?:This|That|These|Those)\b(?! (?:policy|document|guid|notice|law|act|regulation|section|report|plan|manual|"
    r"handbook|procedure|agreement|chapter|part))|"
    r"(?:It|They|He|She|Such)\b"
)
_VOICED = re.compile(
    "(?:(?:会议|全会|大会|[^，。；：]{1,8}(?:同志|[书记市县区省局部处院校]长|主任))(?:还|并)?)"
    "(?:指出|强调|要求|明确|认为|议定|决定|提出|同意|原则|审议|通过|确定)"
)
_QUESTION = re.compile(r"[？?][”」』]?$")
_COURTESY = re.compile(
    r"我?(?:今天)?就讲(?:这些|到这)|谢谢|感谢大家|同志们[，,！!：:]?$|各位.{0,12}[：:]$|大家好|"
    "刚才.*(?:发言|讲话|通报|汇报|介绍|传达|宣读)"
)
_FORMAL = re.compile(
    "(?:附件?|(?:出席|列席|参会|与会|参加)(?:人员|单位|领导)?|请假|缺席|记录|主送|抄送|印发)[0-9一二三四五六七八九十]{0,2}[：:]"
)
_ENDED = re.compile(r"[。！？!?；;：:.…][”’」』）)]*$|[\t|]")
_DATE = re.compile(r"[（(]?[0-9０-９〇○零一二三四五六七八九十]{2,4}年[^，。；]{1,8}[日号]?[）)]?")


def weights(sentences: Sequence[str]) -> list[float]:
    """Return the weight of each sentence of a document."""
    pairs = [pairs_of(sentence) for sentence in sentences]
    counts = Counter(pair for one in pairs for pair in one)
    return [_central(one, counts) * _manner(words) for one, words in zip(pairs, sentences, strict=True)]


def pairs_of(words: str) -> frozenset[str]:
    """Return the pairs of neighbouring Chinese characters and the other words of a sentence."""
    found: set[str] = set()
    for run in _WORDS.findall(fold(words)):
        found.update(map("".join, pairwise(run)) if run[0] > "\u2e7f" else [run])
    return frozenset(found)


def says_something(words: str) -> bool:
    """Say whether a sentence is none of greeting, thanks, question, date or mere marks."""
    bare = words.strip()
    if _COURTESY.match(bare) or _FORMAL.match(bare) or _QUESTION.search(bare) or _DATE.fullmatch(bare):
        return False
    return sum(letter.isalnum() for letter in bare) >= REAL_LETTERS


def is_hanging(words: str) -> bool:
    """Say whether a sentence begins with what stands for something before it (这是……, 其……, They ……)."""
    return _HANGING.match(words) is not None


def is_voiced(words: str) -> bool:
    """Say whether a sentence is what a meeting or a leader says there: minutes are made of these (会议要求……)."""
    return _VOICED.match(words) is not None


def weightiest(sentences: Sequence[str], weight: Sequence[float], most: int) -> list[int]:
    """Return the places of up to `most` sentences that say most, in order.

    None says little beside the best, or again what another says.
    """
    chosen: dict[int, frozenset[str]] = {}
    best = max(weight, default=0.0)
    for at in sorted(range(len(sentences)), key=lambda n: (-weight[n], n)):
        if len(chosen) == most or (chosen and weight[at] < LEAST_SHARE * best):
            break
        pairs = pairs_of(sentences[at])
        if not any(_same(pairs, other) for other in chosen.values()):
            chosen[at] = pairs
    return sorted(chosen)


def spread(weight: Sequence[float], most: int) -> list[int]:
    """Return the places of `most` of many, in order: the weightiest of each of as many runs of equal length."""
    if len(weight) <= most:
        return list(range(len(weight)))
    bounds = [round(n * len(weight) / most) for n in range(most + 1)]
    best: Callable[[int], float] = weight.__getitem__
    return [max(range(a, b), key=best) for a, b in pairwise(bounds)]


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) > SAME_SHARE * min(len(one), len(other))


def _central(pairs: frozenset[str], counts: Counter[str]) -> float:
    return (1 + fsum(log(counts[pair]) for pair in pairs)) / sqrt(len(pairs) + 9)


def _manner(words: str) -> float:
    """Return what the way in which a sentence is put adds to its weight or takes from it."""
    duty, deeds, figures = (len(pattern.findall(words)) for pattern in (_DUTY, _DEED, _FIGURE))
    gained = 1 + 0.6 * min(duty, 2) + 0.25 * min(deeds, 3) + 0.2 * min(figures, 2)
    hanging, open_end = is_hanging(words), _ENDED.search(words) is None
    return gained * 0.5 ** (hanging + open_end) * (1.0 if says_something(words) else 0.1)
