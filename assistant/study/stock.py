"""What all kinds of questions are made from: the sentences, the words in them by kind, and what the texts say.

A distractor is provably wrong where the texts say the sentence with it nowhere, not even in other words of
the glossary, and it neither stands beside the sentence nor is part of the right words or holds them.
"""

import hashlib
import random
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import TypeVar

from assistant.glossary import Glossary
from assistant.splitting import Section
from assistant.study.listings import Listing, listings
from assistant.study.pack import Formulation, FormulationKind, Item, Quote
from assistant.study.series import Series, series_of
from assistant.study.slots import Slot, Word, named_in, words_of
from assistant.study.statements import Statement, statements
from assistant.study.texts import Text
from assistant.wording import figure

T = TypeVar("T")

SENTENCES_MOST = 1500
BESIDE = 4
ALIKE = 0.4
FILLING_LONGER = 6
_TOLD_APART = ("部门", "机关", "局", "中心", "公司", "法院", "学校", "医院")
_WIDE = ("机构", "单位", "组织")
_MEN = ("者", "人")
_ANY_BODY = re.compile(
    "有关|各级|各类|相关|上级|本级|地方|县级以上|省级以上|所在|任何|其他|及其|和|、|行政机关|国家机关"
)
_ANY_ONE = re.compile("有关|各级|各类|各有|相关|任何|其他|所有|^各")
_DUTY = re.compile("应当|可以|必须|不得|负责|有权|要|须|应|依法|统一")
_SUPPOSED = re.compile("^(?:又如|[例比譬]如|比方|举例|举个例|设想|试想)|假如|假设|假定|倘若|打个比方")
_CLAUSE_END = re.compile("[，。；：！？]")
_STOPS = "，。；：！？、,;:!?“”（）() \n\u3000"


def letters(words: str) -> str:
    """Return the letters and digits of `words`: how texts are compared."""
    return "".join(c for c in words.lower() if c.isalnum() or c in "%％")


class Said:
    """What texts say, in their own words and in those that a glossary puts first."""

    def __init__(self, texts: Iterable[Text], glossary: Glossary) -> None:
        """Keep the letters of each text."""
        self.glossary = glossary
        self._plain = [letters(text.text) for text in texts]
        self._canonical = [glossary.canonical(text) for text in self._plain]

    def says(self, words: str) -> bool:
        """Say whether a text holds these letters, or the same by the glossary."""
        wanted = letters(words)
        if any(wanted in text for text in self._plain):
            return True
        same = self.glossary.canonical(wanted)
        return any(same in text for text in self._canonical)

    def in_one_form(self, words: str) -> str:
        """Return the letters of `words`, those of the glossary as its first words."""
        return self.glossary.canonical(letters(words))

    def times(self, words: str) -> int:
        """Return how often the texts hold these letters."""
        wanted = letters(words)
        return sum(text.count(wanted) for text in self._plain) if wanted else 0

    def fillings(self, before: str, behind: str, most: int) -> set[str]:
        """Return what stands between these words in the texts, up to `most` letters."""
        first, last = letters(before), letters(behind)
        if not first or not last:
            return set()
        found = set()
        for text in self._plain:
            at = text.find(first)
            while at >= 0:
                start = at + len(first)
                end = text.find(last, start + 1, start + most + len(last))
                if end > 0:
                    found.add(text[start:end])
                at = text.find(first, at + 1)
        return found

    def behind(self, words: str) -> list[str]:
        """Return the few letters behind each place where the texts hold `words`."""
        ends = [(text, m.end()) for text in self._plain for m in re.finditer(re.escape(words), text)]
        return [text[end : end + 8] for text, end in ends[:50]]

    def same(self, one: str, other: str) -> bool:
        """Say whether two words are one by the glossary, or one holds the other."""
        first, second = (self.glossary.canonical(letters(words)) for words in (one, other))
        return first in second or second in first


@dataclass(frozen=True)
class Asked:
    """Words of a statement and the clauses (`start` to `end`) that they are asked with."""

    word: Word
    start: int
    end: int

    @property
    def before(self) -> str:
        """The words of the run before what is asked."""
        return self.word.statement.text.text[self.start : self.word.start]

    @property
    def behind(self) -> str:
        """The words of the run behind what is asked."""
        return self.word.statement.text.text[self.word.end : self.end]


def has_one_answer(said: Said, asked: Asked) -> bool:
    """Say whether the texts fill the gap in one way alone."""
    word = asked.word.text
    return said.fillings(asked.before, asked.behind, len(letters(word)) + FILLING_LONGER) <= {letters(word)}


class Stock:
    """The sentences of texts and the words in them, `seed` deciding what is looked at first."""

    def __init__(self, texts: Sequence[Text], found: Sequence[Formulation], seed: int, glossary: Glossary) -> None:
        """Find the sentences and their words; of a great many sentences, some."""
        self.texts = texts
        self.found = found
        self.seed = seed
        self.said = Said(texts, glossary)
        self._named = self._places(found)
        self.statements = self._some(texts)
        self._beside = self._some([replace(text, sentences=text.others) for text in texts if text.others])

    def _some(self, texts: Sequence[Text]) -> tuple[Statement, ...]:
        """Return the sentences of texts that may be used, of a great many some."""
        lines = [line for text in texts for line in statements(text) if not _SUPPOSED.search(line.words)]
        if len(lines) > SENTENCES_MOST:
            chosen = sorted(random.Random(self.seed).sample(range(len(lines)), SENTENCES_MOST))
            lines = [lines[n] for n in chosen]
        return tuple(lines)

    def _places(self, found: Sequence[Formulation]) -> dict[str, list[tuple[int, int]]]:
        places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for quote in (place for one in found for place in one.places):
            places[quote.document_id].append((quote.start, quote.end))
        return places

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """All words that can be asked about."""
        found: list[Word] = []
        for line in self.statements:
            named = self._named.get(line.text.record.id, ())
            inside = [(a, b) for a, b in named if line.start <= a and b <= line.end]
            found += [*words_of(line), *named_in(line, inside)]
        return tuple(found)

    @cached_property
    def _options(self) -> tuple[Word, ...]:
        """The words that may be wrong options: those that can be asked about, and those of the other sentences."""
        return (*self.words, *(word for line in self._beside for word in words_of(line)))

    @cached_property
    def series(self) -> tuple[Series, ...]:
        """All series of the sentences."""
        return tuple(series for line in self.statements for series in series_of(line))

    @cached_property
    def listings(self) -> tuple[Listing, ...]:
        """All lists with marks."""
        return tuple(one for text in self.texts for one in listings(text))

    @cached_property
    def members(self) -> tuple[str, ...]:
        """The members of all series, each once."""
        beside = (series for line in self._beside for series in series_of(line))
        return tuple(dict.fromkeys(words for series in chain(self.series, beside) for words in series.texts))

    def patterned(self, word: Word) -> bool:
        """Say whether a word is a member of a series of one pattern."""
        return word.kind is Slot.MEMBER and (word.statement.text.record.id, word.start) in self._patterned

    @cached_property
    def _patterned(self) -> set[tuple[str, int]]:
        found = (one for one in self.series if one.patterned)
        return {(one.statement.text.record.id, a) for one in found for a, _ in one.members}

    @cached_property
    def pools(self) -> dict[tuple[Slot, str], list[str]]:
        """The words of each kind and shape, each once, in an order that the seed decides."""
        pools: dict[tuple[Slot, str], dict[str, None]] = defaultdict(dict)
        for word in self._options:
            pools[word.kind, word.shape][word.text] = None
        return {key: self.shuffled(list(words), str(key)) for key, words in pools.items()}

    def own_words(self, word: Word) -> frozenset[str]:
        """Return the words of the kind of `word` in its own document."""
        return self._own[word.statement.text.record.id, word.kind]

    @cached_property
    def _own(self) -> dict[tuple[str, Slot], frozenset[str]]:
        found: dict[tuple[str, Slot], set[str]] = defaultdict(set)
        for word in self._options:
            found[word.statement.text.record.id, word.kind].add(word.text)
        return defaultdict(frozenset, {key: frozenset(words) for key, words in found.items()})

    def text(self, identity: str) -> Text:
        """Return the document of this id."""
        return next(text for text in self.texts if text.record.id == identity)

    def statement_at(self, quote: Quote) -> Statement | None:
        """Return the statement that holds the words of `quote`."""
        lines = self._by_document.get(quote.document_id, [])
        at = bisect_right(lines, quote.start, key=lambda line: line.start) - 1
        return lines[at] if at >= 0 and quote.end <= lines[at].end else None

    def statements_of(self, text: Text, section: Section) -> list[Statement]:
        """Return the statements of a section."""
        lines = self._by_document.get(text.record.id, [])
        first = bisect_left(lines, section.start, key=lambda line: line.start)
        return lines[first : bisect_left(lines, section.end, key=lambda line: line.start)]

    @cached_property
    def _by_document(self) -> dict[str, list[Statement]]:
        lines: dict[str, list[Statement]] = defaultdict(list)
        for line in self.statements:
            lines[line.text.record.id].append(line)
        return lines

    def beside(self, word: Word) -> list[Word]:
        """Return the other words of the same sentence, in its order."""
        return [other for other in self._by_sentence[id(word.statement)] if other is not word]

    @cached_property
    def _by_sentence(self) -> dict[int, list[Word]]:
        words: dict[int, list[Word]] = defaultdict(list)
        for word in self.words:
            words[id(word.statement)].append(word)
        return words

    def repeated(self) -> dict[str, list[Quote]]:
        """Return the formulations that stand in several sentences, with their places."""
        coined = [one for one in self.found if one.kind is not FormulationKind.PHRASE]
        places: dict[str, list[Quote]] = {one.text: list(one.places) for one in coined}
        known = set(places)
        for word in self.words:
            if word.kind is Slot.QUOTED and word.text not in known:
                places.setdefault(word.text, []).append(word.statement.text.quote(word.start, word.end))
        return {words: quotes for words, quotes in places.items() if len(quotes) > 1}

    def shuffled(self, things: list[T], salt: str) -> list[T]:
        """Return `things` in an order that the seed and `salt` decide."""
        mixed = list(things)
        random.Random(f"{self.seed}|{salt}").shuffle(mixed)
        return mixed

    def wrong(self, asked: Asked, other: str) -> bool:
        """Say whether `other` in the place of what is asked is said nowhere, so that it is wrong."""
        word = asked.word
        if word.kind is Slot.NUMBER:
            if _near_number(word, other):
                return False
        elif self.said.same(word.text, other) or _near(word.text, other):
            return False
        if word.kind is Slot.ACTOR and (_kindred(word.text, other) or self._does(other, asked.behind)):
            return False
        if word.kind is not Slot.NUMBER and other in word.statement.neighbourhood:
            return False
        if _echoes(asked.before[-6:] + " " + asked.behind[:6], other) and word.kind not in (Slot.NUMBER, Slot.DATE):
            return False
        if self.said.says(asked.before + other + asked.behind):
            return False
        left, right = _beside(asked.before), _beside(asked.behind[::-1])[::-1]
        return not (left and self.said.says(left + other)) and not (right and self.said.says(other + right))

    def _does(self, body: str, task: str) -> bool:
        """Say whether `body` may do what `task` says: it stands for many, or does something like it elsewhere."""
        wanted = pairs(_CLAUSE_END.split(task)[0])
        alike = (len(wanted & done) > ALIKE * min(len(wanted), len(done)) for done in self._tasks[body] if done)
        return bool(_ANY_ONE.search(body)) or any(alike)

    @cached_property
    def _tasks(self) -> dict[str, list[set[str]]]:
        """What each body does, as the pairs of letters behind it."""
        tasks: dict[str, list[set[str]]] = defaultdict(list)
        for word in self.words:
            if word.kind is Slot.ACTOR:
                behind = word.statement.text.text[word.end : word.statement.end]
                tasks[word.text].append(pairs(_CLAUSE_END.split(behind)[0]))
        return tasks

    def prefix(self, text: Text) -> str:
        """Return what names the document where there are several."""
        return naming(text.record.title, len(self.texts) > 1)


def naming(title: str, several: bool) -> str:
    """Return the words before a question that say which document it is from, where there are several."""
    return f"根据《{title}》，" if several else ""


def identified(item: Item) -> Item:
    """Return `item` with the id that its own words give it."""
    parts = [item.kind, item.stem, *item.options, *item.answer, item.source.document_id, str(item.source.start)]
    return replace(item, id=hashlib.blake2b("\n".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest())


def pairs(words: str) -> set[str]:
    """Return the pairs of neighbouring letters of `words`, duties and the like aside."""
    plain = letters(_DUTY.sub("", words))
    return {plain[n : n + 2] for n in range(len(plain) - 1)}


def _beside(words: str) -> str:
    """Return the last few letters of `words` where no punctuation parts them from what is behind; else none."""
    if not words or words[-1] in "，。；：、,;:":
        return ""
    tail = words.rstrip("“「『（(")
    kept: list[str] = []
    for character in reversed(tail):
        if character in _STOPS or len(kept) == BESIDE:
            break
        kept.append(character)
    return "".join(reversed(kept)) if len(kept) >= 2 else ""


def _kindred(one: str, other: str) -> bool:
    """Say whether one body may be among the other: 劳务派遣单位 is a 用人单位, 有关部门 are any."""
    if one[-2:] != other[-2:]:
        return one.endswith(_WIDE) != other.endswith(_WIDE) and not any(body.endswith(_MEN) for body in (one, other))
    told_apart = one.endswith(_TOLD_APART) and not _ANY_BODY.search(one) and not _ANY_BODY.search(other)
    return not told_apart


def _echoes(beside: str, other: str) -> bool:
    """Say whether two neighbouring characters of `other` stand beside its place too (聚焦“四个聚焦”)."""
    return any(other[n : n + 2] in beside for n in range(len(other) - 1) if not other[n].isdigit())


def _near(one: str, other: str) -> bool:
    """Say whether two words share so many characters that one may pass for the other."""
    if one[0].isdigit() or len(one) < 3:
        return False
    shared = len(set(one) & set(other))
    counted = one[1:2] == other[1:2] and one[1:2] in "个项条大种"
    limit = len(set(one)) - 1 if counted else len(set(one)) / 2
    return shared > limit


def _near_number(word: Word, other: str) -> bool:
    """Say whether `other` is the same number, or one that stands by the sentence with the same unit."""
    text = word.statement.text.text
    unit = text[word.end : word.end + 2]
    return value(other) == value(word.text) or (other + unit[:1]) in word.statement.neighbourhood


def value(number: str) -> str:
    """Return a number in one form; a wording that is none stays as it is."""
    try:
        return figure(number.replace(",", ""))
    except (KeyError, ValueError):
        return number
