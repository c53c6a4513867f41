"""What documents themselves say of words: short names, definitions, coined terms in quotation marks.

These are proposals for `glossary.toml`, to be looked at by people. What a document says of a word for
its own purpose only (以下简称“办法”, 前款所称使用) is left out where its form shows it. Each text is
read twice: once for what it says, once to count how often quoted words stand without their marks.
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from assistant.index.records import DocumentRecord, Records
from assistant.language.glossary import DEFINITION_LIMIT, WORD_LIMIT

# A coined term stands in quotation marks at least this share of the times that it is written.
QUOTED_SHARE = 0.5
QUOTED_TIMES = 2
COUNTED_WORDS = 500

_NAME = "[^（）()，。；：、\\s“”‘’《》〈〉]{2,30}"
_CALLED = "(?:以?下)?(?:简称|称|又称|也称|亦称)为?|即|全称为?"
_SHORT = re.compile(
    f"(?:《([^《》\\n]{{2,60}})》|“([^“”\\n]{{2,30}})”|([^（）()，。；：、\\s“”‘’《》]{{2,60}}))"
    f"(?:[（(](?:[^（）()\\n]{{2,40}}[，；])?(?:{_CALLED})[：:]?[“‘《]?({_NAME})[”’》]?[）)]"
    f"|，(?:以下)?简称为?[“‘《]?({_NAME})[”’》]?(?=[，。；]))"
)
# What can stand before a name without being part of it; the end of such a run of characters.
_BEFORE = re.compile(
    "(?:的|和|与|及|或|或者|以及|由|向|对|经|按|按照|根据|依照|依据|为|为了|规范|加强|保护|设立|建立|成立|组建|制定"
    "|编制|推进|开展|实施|使用|申请|取得|投保|从事|属于|作为|包括|称|是|指|在|到|将|等|并|含|该|各|因|办理|通过|推动"
    "|促进|完善|健全|做好|落实|坚持|贯彻|召开|举办|参加|列入|纳入|印发|发布|遵守|执行|违反|适用|所称|报|报请|提请|委托"
    "|授权|会同|管理|提高)$"
)
_STATE = "中华人民共和国|中国人民解放军|中国共产党|中共"
_STATES = re.compile(f"(?:{_STATE})$")
_MODIFIERS = re.compile(f"(?:{_STATE}|中国|全国|国家|国务院|中央)$")
_NO_NAME = re.compile("[的是]|所称|从事|建立|以[上下]|[内外上下时后前]$")
_TAIL, _LEFT_OF_STATE = 4, 3

_DIGITS = "一二三四五六七八九十百零\\d"
_MARK = f"(?:[（(][{_DIGITS}]+[）)]|[{_DIGITS}]+[.．、]|第[{_DIGITS}]+条)[ \\u3000]*"
_DEFINED = re.compile(
    f"(?:^|(?<=[。；;]))[ \\u3000]*(?:{_MARK})?"
    "(?P<lead>[^，。；;：“”\\n]{0,30}?所[称指]的?|所谓的?)?[“]?(?P<word>[^，。；;：、（）()“”《》\\s]{2,20}?)[”]?"
    f"(?:[（(](?:以下)?简称[“]?{_NAME}[”]?[）)])?"
    "(?:[，,：:]?(?:是指|系指|指的是)|[，,]指|(?(lead)[，,]?就是(?![要说以由在用把为])|(?!)))(?![导示定引挥派标控认令]|出)[，,：:]?(?P<text>[^。\\n]{4,})",
    re.MULTILINE,
)
_NEXT_DEFINED = re.compile("[；;](?=[^；;]{0,30}(?:是指|系指|，指))")
_LOCAL = re.compile("[前本上]款|[前本上]条|[前本上]项")
_NOT_ALONE = re.compile(f"下列|如下|以下|上述|前款|前项|前条|本条|本款|附件|附表|第[{_DIGITS}]+[条款项]|[：:]$")
_NO_WORD = re.compile(
    "^(?:这|其|它|该|此|本|上述|前|以上|以下|就|即|也|都|主要|一般|所谓|有|凡|并|但|而|且|或|在|对|是)|的|应当|不得"
)

_NO_COINAGE = re.compile("某|^(?:于|使|未|已|因)|下列|较大")
_HEADING = re.compile("^.{1,40}(?<![。；：，、])$", re.MULTILINE)
_QUOTED = re.compile("“([^“”‘’，。；：、？！《》（）\\s]{2,12})”")
_CITED = re.compile(
    "(?:规定的|规定中的|所称的?|所指的?|认定为|视为|标明|注明|使用|改为|修改为|删去|增加|”、|”和|”或者?|”以及)$"
)
_CITED_AFTER = re.compile("字样|的规定|一词|是指|，是指|（以下|修改为|改为|等字")


@dataclass(frozen=True)
class Source:
    """Where something is said: a paragraph of a document."""

    title: str
    paragraph: int

    def __str__(self) -> str:
        return f"《{self.title}》第{self.paragraph}段"


@dataclass(frozen=True)
class ShortName:
    """A full name and the short one that a document gives it."""

    full: str
    short: str
    source: Source


@dataclass(frozen=True)
class Definition:
    """A word and what a document says that it means, word for word; `also`: who says it in other words."""

    word: str
    text: str
    source: Source
    also: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Quoted:
    """A word in quotation marks: how often, in how many documents, and its first place."""

    word: str
    count: int
    documents: int
    source: Source


@dataclass(frozen=True)
class Proposals:
    """What the documents say, without the words that are listed already; `quoted` has the most widespread first."""

    names: tuple[ShortName, ...] = ()
    definitions: tuple[Definition, ...] = ()
    quoted: tuple[Quoted, ...] = ()


def find_proposals(records: Records, listed: frozenset[str]) -> Proposals:
    """Return what the documents of an index say of words that are not in `listed`."""
    found = _Found()
    for record in records.documents():
        _Reader(records, record).read(found)
    names = _not_wider(records, _agreed(found.names, listed))
    definitions = _first_of_each(found.definitions, listed)
    known = listed | {d.word for d in definitions} | {word for n in names for word in (n.full, n.short)}
    return Proposals(names, definitions, _coined(records, found, known))


def short_names(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield (offset, full name, short name) where `text` says what it calls something for short."""
    for match in _SHORT.finditer(text):
        title, quoted, run, *given = match.groups()
        short = next(filter(None, given))
        if run and len(short) > len(run):
            whole, short = short, run  # 交强险（即机动车交通事故责任强制保险）
        else:
            whole = title or quoted or ""
        full = _extent(run, short) if not whole else whole if _shortens(whole, short) else ""
        if full and full != short and not re.search("[的等]", short):
            yield match.start(), full, short


def _shortens(full: str, short: str) -> bool:
    """Say whether `short` is made of characters of `full` in order, and not just its last or first words."""
    at = _alignment(full, short)
    if at is None:
        return False
    return short not in full or (full.endswith(short) and _STATES.search(full[: -len(short)]) is not None)


def _drops_a_middle(name: "ShortName") -> bool:
    """Say whether only words inside the full name are left out: 突发（公共卫生）事件 is then wider than it."""
    full, short = name.full, name.short
    return any(full.startswith(short[:at]) and full.endswith(short[at:]) for at in range(2, len(short) - 1))


def _alignment(run: str, short: str) -> int | None:
    """Return where in `run` the characters of `short` begin, found from the end; None where one is missing."""
    at = len(run)
    for count, character in enumerate(reversed(short)):
        at = run.rfind(character, 0, at)
        if at < 0 or (not count and at < len(run) - _TAIL):
            return None
    return at


def _extent(run: str, short: str) -> str:
    """Return the full name at the end of `run` that `short` stands for, or "" where its start is unsure."""
    at = _alignment(run, short)
    if at is None or (short in run[at:] and not (len(short) >= _LEFT_OF_STATE and _STATES.search(run[:at]))):
        return ""
    while modifier := _MODIFIERS.search(run[:at]):
        at = modifier.start()
    full = run[at:]
    sure = at == 0 or _BEFORE.search(run[:at])
    return full if sure and not _NO_NAME.search(full) else ""


def definitions(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield (offset, word, meaning) where `text` says what a word means, as in 本办法所称X，是指…."""
    for match in _DEFINED.finditer(text):
        word, meaning = match["word"], _NEXT_DEFINED.split(match["text"])[0].rstrip("；;，, 　") + "。"
        local = match["lead"] and _LOCAL.search(match["lead"]) and len(word) < 4
        if local or _NO_WORD.search(word) or _NOT_ALONE.search(meaning[:-1]) or len(meaning) > DEFINITION_LIMIT:
            continue
        yield match.start("word"), word, meaning


def quoted_words(text: str) -> Iterator[tuple[int, str]]:
    """Yield (offset, word) of what stands in quotation marks, but for wording that is cited."""
    for match in _QUOTED.finditer(text):
        word, before = match[1], text[max(0, match.start() - 4) : match.start()]
        cited = _CITED.search(before) or _CITED_AFTER.match(text[match.end() : match.end() + 4])
        if not (cited or _NO_WORD.search(word) or _NO_COINAGE.search(word)):
            yield match.start(1), word


@dataclass
class _Found:
    """What has been read so far."""

    names: list[ShortName] = field(default_factory=list)
    definitions: list[Definition] = field(default_factory=list)
    quoted: dict[str, list[Source]] = field(default_factory=lambda: defaultdict(list))
    quoted_in: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    headed: set[str] = field(default_factory=set)


class _Reader:
    """Reads one document."""

    def __init__(self, records: Records, record: DocumentRecord) -> None:
        self._records, self._record = records, record
        self._starts: list[int] = []

    def read(self, found: _Found) -> None:
        """Add what the document says to `found`."""
        text = self._records.text(self._record.number)
        for at, full, short in short_names(text):
            found.names.append(ShortName(full, short, self._source(at)))
        for at, word, meaning in definitions(text):
            found.definitions.append(Definition(word, meaning, self._source(at)))
        for at, word in quoted_words(text):
            found.quoted[word].append(self._source(at))
            found.quoted_in[word].add(self._record.number)
        headings = "\n".join([self._record.title, *_HEADING.findall(text)])
        found.headed.update(word for _, word in quoted_words(headings))

    def _source(self, offset: int) -> Source:
        if not self._starts:
            self._starts = [p.start for p in self._records.paragraphs(self._record.number)]
        return Source(self._record.title, max(1, bisect_right(self._starts, offset)))


def _agreed(names: Iterable[ShortName], listed: frozenset[str]) -> tuple[ShortName, ...]:
    """Return the first of each pair, without short names that stand for different things."""
    fulls: dict[str, dict[str, ShortName]] = defaultdict(dict)
    for name in names:
        if len(name.full) <= WORD_LIMIT and not {name.full, name.short} & listed:
            fulls[name.short].setdefault(name.full, name)
    return tuple(name for pairs in fulls.values() for name in pairs.values() if len(pairs) == 1)


def _not_wider(records: Records, names: tuple[ShortName, ...]) -> tuple[ShortName, ...]:
    """Return the names without those whose short form other documents use for something wider."""
    doubtful = {name.short: name.full for name in names if _drops_a_middle(name)}
    wider = set()
    for record in records.documents() if doubtful else ():
        text = records.text(record.number)
        wider |= {short for short, full in doubtful.items() if short in text and full not in text}
    return tuple(name for name in names if name.short not in wider)


def _first_of_each(found: Iterable[Definition], listed: frozenset[str]) -> tuple[Definition, ...]:
    """Return the first definition of each word, with the places of those that differ."""
    wordings: dict[str, dict[str, Definition]] = defaultdict(dict)
    for one in found:
        if one.word not in listed:
            wordings[one.word].setdefault(one.text, one)
    every = (tuple(different.values()) for different in wordings.values())
    return tuple(replace(first, also=tuple(one.source for one in others)) for first, *others in every)


def _coined(records: Records, found: _Found, known: frozenset[str]) -> tuple[Quoted, ...]:
    """Return the quoted words that recur or head a section and are seldom written without the marks."""
    words = [
        Quoted(word, len(sources), len(found.quoted_in[word]), sources[0])
        for word, sources in found.quoted.items()
        if word not in known and (len(sources) >= QUOTED_TIMES or word in found.headed)
    ]
    words = sorted(words, key=lambda w: (-w.documents, -w.count, w.word))[:COUNTED_WORDS]
    written = _written(records, [word.word for word in words])
    return tuple(word for word in words if word.count >= QUOTED_SHARE * written[word.word])


def _written(records: Records, words: list[str]) -> Counter[str]:
    """Return how often each word is written anywhere; of words that overlap the longest counts."""
    pattern = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
    counts: Counter[str] = Counter()
    for record in records.documents() if words else ():
        counts.update(match.group() for match in pattern.finditer(records.text(record.number)))
    return counts
