"""What can be asked of a document: its sentences cut into clauses, and the runs of clauses understood alone.

A run goes from punctuation to punctuation of one sentence. It is understood alone where nothing in it points
outside (这, 上述, 该), it opens with no word that goes on from before (但, 并) and its marks pair.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from assistant.base.text import CLOSING, HAN, OPENING
from assistant.language.numerals import numeral
from assistant.study.pack import Quote
from assistant.study.questions.material.verbs import VERBS
from assistant.study.source.texts import Text

SHORTEST, WANTED, LONGEST = 12, 28, 100
SHORTEST_FIGURE = 9  # of words that hold a figure
LATIN_LONGEST = 320
LATIN_SHORTEST = 30

_STOP = re.compile(r"[，。；：！？]|——|(?<![0-9])[,;:!?]|[,;:!?](?![0-9])|(?<![0-9])\.(?=\s|$)")
_NUMERAL = "[一二三四五六七八九十百千零〇0-9０-９]"
_LABEL = re.compile(
    rf"\s*(?:第{_NUMERAL}{{1,8}}[编章节条](?:之{_NUMERAL}+)?[\s　]*|[（(]{_NUMERAL}{{1,4}}[）)]\s*"
    rf"|{_NUMERAL}{{1,4}}[、.．](?![0-9])\s*|[\u2460-\u2473]\s*|#+\s*|[-*•]\s+"
    r"|(?:[问答注]|备注|说明|附注|注释|提示|解读|[QA])(?:[0-9]{0,2}|[一二三四五六七八九十]{0,2})[:：]\s*)+"
)
_ITEM = re.compile("(?<=[：:；;。\n])\\s*(?:（([一二三四五六七八九十]{1,3})）|([0-9]{1,2})[.．、](?![0-9]))\\s*")
_ITEM_END = re.compile("[。\n]")
_FIGURE = re.compile("[0-9]")
_HAN = re.compile(f"[{HAN}]")
_ENDED = re.compile("[。；！？;!?.][”’」』）)]*$")
_POINTING = re.compile(
    "这|那[些个种么]|上述|前述|前款|前条|前项|前两款|前者|后者|本款|本条|下列|下述|如下|下面|同上|刚才|今天|他们|她们|它|此[类种项时处]|对此|为此|"
    "与此|据此|由此|从此|其(?![他它中次余实])|(?<![应活不])该(?!当)|我(?!国|省)|(?<!其)[他她](?!人)|大家|谁|什么|怎么|多少|哪|以下(?=[：:]|[一二三四五六七八九十几]|条件|情形|材料|措施)|"
    "同志们|各位|朋友们|女士们|本(?:法|条例|办法|规定|方案|通知|意见|细则|解释|规则)第|依照第|同时符合|款规定|项规定"
)
_LATIN_POINTING = re.compile(
    r"\b(?:this|that|these|those|it|its|they|them|their|he|she|his|her|such|above|below|following|former|latter|we|our|you|your|I)\b",
    re.I,
)
_GOES_ON = re.compile(
    "但|并(?!网|购|联|轨)|而|且|又|也|还|则|就(?!业|医|诊|近|地)|才(?!能)|从而|同时|以及|以便|因此|因而|所以|于是|然而|否则|"
    "甚至|反而|尤其|特别|其中|其|此外|另外|再|却|均|都|和|或|及|与此|的|是|地(?=[^方区域])|等|之|得|才|即|例如|比如|包括|"
    "首先|其次|再次|最后|第[一二三四五六七八九十]|[一二三四五六七八九十]+[是要]|因为|由于|如果|若|只有|只要|虽然|尽管|无论|不论|即使|"
    "那么|那就|使得|视为|上|下|中|内|后|时|逾期|未经|未(?=[^成来])|经"
)
_NEEDS_SUBJECT = re.compile(
    "应当?(?![急用对])|可以?(?![持能])|不得|不予|不能|须|必须|有权|负责|予以|给予|处(?!理|置)|责令|由|自|超过|一般|按|依|报|参加|"
    "[0-9]|事关|务必|把|被|让|使|从|向|带动|形成|助推|通过|将|已|无|有|没有|达到|比|占|为(?!了)|共|达|低于|高于|约"
)
_HALF = re.compile(
    "不仅|不但|不只|不是|不能只|不要|既|只有|虽然|尽管|如果|若|只要|除|一方面|无论|不论|即使|与其|宁可|一旦|因为|由于|为了?(?!期)|对|对于|针对|根据|按照|"
    "依照|当|没有.{1,8}$|着眼|随着|面对|鉴于|立足|站在|(?:在|自|从|于).*(?:时|后|中|前|下|上|来|起|内|间|里|方面|基础|期间)$"
)
_ANSWERS = re.compile("就(?!业|医|诊|近|地)|才|则|便|却|而是|而要|而不|反而|还要|也要")
_MANNER = re.compile("(?:按照|依照|根据|依据|本着|自)[^，]*(?:原则|标准|规定|要求|程序|方式|办法|约定|之日起)$")
_WAITING = ("时", "后", "期间", "之日起", "情况下", "过程中")
# Clauses that end before what is done is said: 力争到2025年底, 结合本市实际.
_UNDONE = re.compile(
    "(?:到|至|截至)[^，]*[年月日底前]$|^(?:结合|围绕|根据|按照|针对|本着)[^，]*(?:实际|情况|特点|形势|要求|精神)$"
)
_TIME_ONLY = re.compile(
    "[0-9一二三四五六七八九十今明后本去上下半每年月日季度周底末初旬中至到—点时分、]+(?:之?前|以前|后|之?内|起|以来|期间|底|末|初)"
)
_AMONG = re.compile("[0-9一二三四五六七八九十两]|有|占|共|其中")  # 26个问题中，有4个…
_SUPPOSED = re.compile("假如|假设|假定|设想|譬如|举(?:个)?例|以[^，。]{1,16}为例")  # cases that are made up, not facts
MARKUP = re.compile(r"\*\*|\]\(|`|~~|\t|^#")
_DONE = re.compile("进行|实行|开展|作出|予以|给予|负责|必须|应当|不得|可以|要")
_DOUBLED = re.compile("([的要是在和对把将与及为了])\\1")
_FOLLOWS = re.compile(
    "拒不|对直接负责|直接负责的|给[^，]{1,12}造成|逾期不|逾期未|情节|构成犯罪|有违法所得|没有违法所得|违法所得|造成[^，]{0,12}的，|法律、法规未|未作规定|有异议的|属于|(?:[一二两三四五六七八九十]+|[0-9]{1,2})(?:个月|年|个工作日|日|天)"
)
# What a sentence cannot open with when it stands alone: it goes on from the one before, or who acts is said there.
_HANGING = re.compile(
    "以后|此后|之后|随后|事后|届时|当时|其后|期间|期满|到期|相应|同样|仍|确需|确因|确有|另|违者|违反的|违反规定的|"
    "(?:对)?(?:不)?符合(?:条件|要求|规定|资格|标准)的|经[^，。；]{0,12}的，|由(?!于)|"
    "可以?(?![持能见])|应当?(?![急用对聘届])|负责(?!人)|有权|予以|给予|处以|责令|主要职责"
)
_JOINTLY = re.compile("会同[^，]*(?:部门|机构|单位|机关|政府|等)$")
_MEANS = re.compile("运用|采取|采用|利用|借助|依托")
# Headings that end like sentences: 动员部署阶段（5月20日至5月31日）。
_NO_PREDICATE = re.compile("[^，。；：（]{0,24}（[^（）]*）[。；]|[0-9年月日至到时分点—~、：:.\\s-]+[。；]")
_PREDICATE = re.compile("[是应须得要有为由将把被可能会到成了不无]|" + "|".join(sorted(VERBS)))
_ADDS = re.compile("也|还|亦|同样")
_PURPOSE = re.compile("为(?!期|人|首|主|民|何|[0-9])")
_EXCEPTING = re.compile("但|除|然而|例外|另有|不过")
_DUTY = re.compile("应当|不得|有权|责令|可以")
_SPOKEN = re.compile(
    "第[一二三四五六七八九十]$|首先$|其次$|再次$|最后$|[一二三四五六七八九十]是$|同志们$|同时$|此外$|另外$|因此$|下面$|总之$"
)


@dataclass(frozen=True)
class Clause:
    """Words from `start` to `end`, without the punctuation behind them."""

    start: int
    end: int


@dataclass(frozen=True)
class Statement:
    """A sentence of a document without its label, cut into clauses; offsets are the document's."""

    text: Text
    start: int
    end: int
    around: tuple[int, int]
    clauses: tuple[Clause, ...]

    @cached_property
    def words(self) -> str:
        """The sentence."""
        return self.text.text[self.start : self.end]

    @cached_property
    def neighbourhood(self) -> str:
        """The sentence with those beside it."""
        return self.text.text[self.around[0] : self.around[1]]

    @cached_property
    def latin(self) -> bool:
        """Whether it is written in Latin letters."""
        return not _HAN.search(self.words)

    @property
    def quote(self) -> Quote:
        """The sentence with its place."""
        return self.text.quote(self.start, self.end)

    def clause_of(self, start: int, end: int) -> tuple[int, int]:
        """Return the numbers of the first and the last clause that hold the words from `start` to `end`."""
        first = next(n for n, clause in enumerate(self.clauses) if start < clause.end)
        last = next(n for n, clause in enumerate(self.clauses) if end <= clause.end)
        return first, last


def statements(text: Text) -> Iterator[Statement]:
    """Yield the sentences of `text` that may be used and are whole ones: no headings, no rows of a table."""
    pieces = text.sentences
    lists = list(item_spans(text.text))
    for number, sentence in enumerate(pieces):
        words = text.words(sentence)
        label = _LABEL.match(words)
        start = sentence.start + (label.end() if label else 0)
        odd = not _ENDED.search(words) or re.search(r"[\t|\n…]| {3}", words) or _SUPPOSED.match(text.text, start)
        if odd or sentence.end - start < SHORTEST_FIGURE or _NO_PREDICATE.fullmatch(text.text, start, sentence.end):
            continue
        before, behind = pieces[max(number - 1, 0)], pieces[min(number + 1, len(pieces) - 1)]
        around = (min(before.start, sentence.start), max(behind.end, sentence.end))
        found = tuple(_clauses(text.text, start, sentence.end))
        if found and not _hangs_on(text.text, start, found[0]) and not _listed(lists, start):
            yield Statement(text, start, sentence.end, around, found)


def item_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the items of lists stand that a colon leads in: they are no sentences of their own."""
    for run in marked_runs(text):
        stop = _ITEM_END.search(text, run[-1].end())
        yield run[0].start(), stop.start() if stop else len(text)


def marked_runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Yield the marks of the items of each list behind a colon, counted from one on ((一), (二) or 1., 2.)."""
    run: list[re.Match[str]] = []
    for mark in _ITEM.finditer(text):
        number = numeral(mark.group(1) or mark.group(2))
        same_kind = bool(run) and (run[-1].group(1) is None) == (mark.group(1) is None)
        if same_kind and number == len(run) + 1:
            run.append(mark)
            continue
        if len(run) > 1:
            yield run
        opens = number == 1 and text[max(mark.start() - 3, 0) : mark.start()].rstrip()[-1:] in ("：", ":")
        run = [mark] if opens else []
    if len(run) > 1:
        yield run


def _listed(spans: list[tuple[int, int]], start: int) -> bool:
    at = bisect_right(spans, start, key=lambda span: span[0]) - 1
    return at >= 0 and start < spans[at][1]


def _hangs_on(text: str, start: int, first: Clause) -> bool:
    """Say whether a sentence goes on with the case of the one before it (；拒不改正的，处…)."""
    words = text[first.start : first.end]
    parted = text[max(start - 3, 0) : start].rstrip()[-1:] in ("；", ";")
    return follows(text, first.start) or (parted and words.endswith("的"))


def follows(text: str, start: int) -> bool:
    """Say whether what begins at `start` is a case of something said before (情节严重的，…)."""
    return bool(_FOLLOWS.match(text, start))


def run_around(statement: Statement, start: int, end: int, whole: bool = False) -> tuple[int, int] | None:
    """Return start and end of the clauses around some words that are best asked with them; None where none do.

    `whole`: from the start of the sentence on, where its subject is. Otherwise something stands before the words.
    """
    try:
        first, last = statement.clause_of(start, end)
    except StopIteration:
        return None
    best: tuple[int, int, int] | None = None
    for a in range(first, max(first - 6, -1), -1):
        for b in range(last, min(last + 6, len(statement.clauses))):
            run = (statement.clauses[a].start, statement.clauses[b].end)
            cost = abs(run[1] - run[0] - WANTED - max(end - start - 8, 0)) + (0 if a == 0 else 6)
            if (whole and not _begins(statement, a)) or (not whole and run[0] == start):
                continue
            if (best is None or cost < best[0]) and understood(statement, a, b):
                best = (cost, *run)
    return best[1:] if best else None


def understood(statement: Statement, first: int, last: int) -> bool:
    """Say whether the clauses from `first` to `last` are understood alone and say nothing else than with the rest."""
    text, clauses = statement.text.text, statement.clauses
    words = text[clauses[first].start : clauses[last].end]
    if statement.latin:
        whole = first == 0 and last == len(clauses) - 1 and words[:1].isupper()
        return whole and LATIN_SHORTEST <= len(words) <= LATIN_LONGEST and not _LATIN_POINTING.search(words)
    return (
        (SHORTEST_FIGURE if _FIGURE.search(words) else SHORTEST) <= len(words) <= LONGEST
        and balanced(words)
        and not _POINTING.search(words)
        and not _DOUBLED.search(words)
        and not MARKUP.search(words)
        and not any(text[clauses[n].end] in "。！？" for n in range(first, last))
        and not (text[statement.end - 1] in "；;" and any(text[clauses[n].end] in "：:" for n in range(first, last)))
        and _opens(statement, first)
        and _closes(statement, first, last)
        and not _adds(statement, first, last)
        and (first == 0 or not any(_ANSWERS.match(text, clauses[n].start) for n in range(first + 1, last + 1)))
    )


def balanced(words: str) -> bool:
    """Say whether brackets and quotation marks in `words` pair, in order."""
    inside: list[str] = []
    for mark in words:
        if mark in OPENING:
            inside.append(CLOSING[OPENING.index(mark)])
        elif mark in CLOSING and (not inside or inside.pop() != mark):
            return False
    return not inside and words.count('"') % 2 == 0


def _opens(statement: Statement, first: int) -> bool:
    text, clause = statement.text.text, statement.clauses[first]
    words = text[clause.start : clause.end]
    if _GOES_ON.match(words) and not (first == 0 and re.match("如果|由于|因为|未|经|逾期|为", words)):
        return False
    if _HANGING.match(text, statement.clauses[0].start):
        return False
    if _begins(statement, first):
        return True
    legal = bool(_DUTY.search(statement.words))
    return not legal and not _NEEDS_SUBJECT.match(words) and not _open_condition(statement, first)


def _begins(statement: Statement, first: int) -> bool:
    """Say whether a clause is the first of its sentence, 第一 and the like aside."""
    label = statement.clauses[0]
    return first == 0 or (first == 1 and bool(_SPOKEN.match(statement.text.text, label.start, label.end)))


def _open_condition(statement: Statement, first: int) -> bool:
    """Say whether the clause before `first` is one that what follows hangs on (对…的, 在…中, X：)."""
    text, before = statement.text.text, statement.clauses[first - 1]
    stop = text[before.end : before.end + 1]
    words = text[before.start : before.end]
    return stop in "：:" and not words.endswith(("指出", "强调")) or words.endswith("的") or _half(words)


def _closes(statement: Statement, first: int, last: int) -> bool:
    text, clauses = statement.text.text, statement.clauses
    words = text[clauses[last].start : clauses[last].end]
    ended = last == len(clauses) - 1
    undone = words.endswith("的是") or _UNDONE.search(words) or _TIME_ONLY.fullmatch(words)
    if undone or (_half(words) and ended and first == last):
        return False
    if not ended and _PURPOSE.match(text, clauses[first].start) and _only_aims(statement, first, last):
        return False
    if ended:
        return text[clauses[last].end : statement.end][:1] not in ("：", ":", "？", "?")
    if text[clauses[last].end] in "：:？?" or words.endswith("的") or _half(words):
        return False
    if _MANNER.search(words) or _MEANS.match(words) or _JOINTLY.search(words):
        return False
    if last == first and (re.search("的[^，的]{1,6}$", words) or ("的" in words and not _PREDICATE.search(words))):
        return False
    if words.endswith(_WAITING) or (last == first and words.endswith(("中", "前", "下", "来"))):
        return False
    rest = text[clauses[last + 1].start : statement.end]
    if words.endswith("中") and _AMONG.match(rest):
        return False
    if text[clauses[last + 1].start : clauses[last + 1].end].endswith("的"):
        return False
    return not _EXCEPTING.search(rest) and not re.match("而|才|就|则|也|还|的|都|反而|并非|是|比", rest)


def _adds(statement: Statement, first: int, last: int) -> bool:
    """Say whether what a condition leads to adds to something said before, as its subject is: 期满后，也可以…."""
    text, case = statement.text.text, statement.clauses[first]
    waits = text[case.start : case.end].endswith(("的", "前", "中", *_WAITING))
    return waits and first < last and bool(_ADDS.match(text, statement.clauses[first + 1].start))


def _only_aims(statement: Statement, first: int, last: int) -> bool:
    """Say whether clauses behind 为了… go on with what is aimed at, so that what is done is not said yet."""
    text = statement.text.text
    starts = (statement.clauses[n].start for n in range(first + 1, last + 1))
    return all(text[at : at + 2] in VERBS or _HALF.match(text, at) for at in starts)


def _half(words: str) -> bool:
    """Say whether a clause waits for another: 对…的问题, 不仅…, and so on."""
    found = _HALF.match(words)
    return found is not None and not (found.group() in ("对", "对于", "为") and bool(_DONE.search(words)))


def _clauses(text: str, start: int, end: int) -> Iterator[Clause]:
    begin = start
    for stop in _STOP.finditer(text, start, end):
        yield from _trimmed(text, begin, stop.start())
        begin = stop.end()
    yield from _trimmed(text, begin, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Clause]:
    while start < end and (text[start].isspace() or text[start] in CLOSING + "。；"):
        start += 1
    if start < end and text[start] in OPENING and CLOSING[OPENING.index(text[start])] not in text[start:end]:
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Clause(start, end)
