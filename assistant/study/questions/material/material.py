"""What all kinds of questions are made from: the sentences, the words in them by kind, and what the texts say.

A distractor is provably wrong where the texts say the sentence with it nowhere, not even in other words of
the glossary, and it neither stands beside the sentence nor is part of the right words or holds them.
"""

import hashlib
import random
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import TypeVar

from assistant.documents.splitting import Section
from assistant.language.glossary import Glossary
from assistant.study.pack import Difficulty, Formulation, FormulationKind, Item, ItemKind, Quote, title_prefix
from assistant.study.questions.material.answer_spans import AnswerSpan, SpanKind, named_in, spans_of
from assistant.study.questions.material.lists import Listing, listings
from assistant.study.questions.material.series import Series, series_of
from assistant.study.questions.material.statements import Statement, statements
from assistant.study.source.said import SourceText, pairs
from assistant.study.source.texts import Text
from assistant.study.stem import Piece, Role, Stem

T = TypeVar("T")

SENTENCES_MOST = 1500
_SUPPOSED = re.compile("^(?:又如|[例比譬]如|比方|举例|举个例|设想|试想)|假如|假设|假定|倘若|打个比方")
_CLAUSE_END = re.compile("[，。；：！？]")


class Material:
    """The sentences of texts and the words in them, `seed` deciding what is looked at first."""

    def __init__(self, texts: Sequence[Text], found: Sequence[Formulation], seed: int, glossary: Glossary) -> None:
        """Find the sentences and their words; of a great many sentences, some."""
        self.texts = texts
        self.found = found
        self.seed = seed
        self.said = SourceText(texts, glossary)
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
    def words(self) -> tuple[AnswerSpan, ...]:
        """All words that can be asked about."""
        found: list[AnswerSpan] = []
        for line in self.statements:
            named = self._named.get(line.text.record.id, ())
            inside = [(a, b) for a, b in named if line.start <= a and b <= line.end]
            found += [*spans_of(line), *named_in(line, inside)]
        return tuple(found)

    @cached_property
    def _options(self) -> tuple[AnswerSpan, ...]:
        """The words that may be wrong options: those that can be asked about, and those of the other sentences."""
        return (*self.words, *(word for line in self._beside for word in spans_of(line)))

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

    def patterned(self, word: AnswerSpan) -> bool:
        """Say whether a word is a member of a series of one pattern."""
        return word.kind is SpanKind.MEMBER and (word.statement.text.record.id, word.start) in self._patterned

    @cached_property
    def _patterned(self) -> set[tuple[str, int]]:
        found = (one for one in self.series if one.patterned)
        return {(one.statement.text.record.id, a) for one in found for a, _ in one.members}

    @cached_property
    def pools(self) -> dict[tuple[SpanKind, str], list[str]]:
        """The words of each kind and shape, each once, in an order that the seed decides."""
        pools: dict[tuple[SpanKind, str], dict[str, None]] = defaultdict(dict)
        for word in self._options:
            pools[word.kind, word.shape][word.text] = None
        return {(kind, shape): self.shuffled([*words], _salt(kind, shape)) for (kind, shape), words in pools.items()}

    def own_words(self, word: AnswerSpan) -> frozenset[str]:
        """Return the words of the kind of `word` in its own document."""
        return self._own[word.statement.text.record.id, word.kind]

    @cached_property
    def _own(self) -> dict[tuple[str, SpanKind], frozenset[str]]:
        found: dict[tuple[str, SpanKind], set[str]] = defaultdict(set)
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

    def beside(self, word: AnswerSpan) -> list[AnswerSpan]:
        """Return the other words of the same sentence, in its order."""
        return [other for other in self._by_sentence[id(word.statement)] if other is not word]

    @cached_property
    def _by_sentence(self) -> dict[int, list[AnswerSpan]]:
        words: dict[int, list[AnswerSpan]] = defaultdict(list)
        for word in self.words:
            words[id(word.statement)].append(word)
        return words

    def repeated(self) -> dict[str, list[Quote]]:
        """Return the formulations that stand in several sentences, with their places."""
        coined = [one for one in self.found if one.kind is not FormulationKind.PHRASE]
        places: dict[str, list[Quote]] = {one.text: list(one.places) for one in coined}
        known = set(places)
        for word in self.words:
            if word.kind is SpanKind.QUOTED and word.text not in known:
                places.setdefault(word.text, []).append(word.statement.text.quote(word.start, word.end))
        return {words: quotes for words, quotes in places.items() if len(quotes) > 1}

    def shuffled(self, things: list[T], salt: str) -> list[T]:
        """Return `things` in an order that the seed and `salt` decide."""
        mixed = list(things)
        random.Random(f"{self.seed}|{salt}").shuffle(mixed)
        return mixed

    @cached_property
    def tasks(self) -> dict[str, list[set[str]]]:
        """What each body does, as the pairs of letters behind it."""
        tasks: dict[str, list[set[str]]] = defaultdict(list)
        for word in self.words:
            if word.kind is SpanKind.ACTOR:
                behind = word.statement.text.text[word.end : word.statement.end]
                tasks[word.text].append(pairs(_CLAUSE_END.split(behind)[0]))
        return tasks

    def prefix(self, text: Text) -> tuple[Piece, ...]:
        """Return what names the document before a stem, where there are several."""
        said = title_prefix(text.record.title, len(self.texts) > 1)
        return (Piece(Role.DOCUMENT, said),) if said else ()


def _salt(kind: SpanKind, shape: str) -> str:
    """Return what orders the words of a pool, spelt so that a seed gives the questions that it has always given."""
    return f"(<Slot.{kind.name}: {kind.value!r}>, {shape!r})"


def item_of(
    kind: ItemKind,
    difficulty: Difficulty,
    stem: Stem,
    answer: tuple[str, ...],
    source: Quote,
    options: tuple[str, ...] = (),
    further: tuple[Quote, ...] = (),
    tested: tuple[tuple[str, int, int], ...] = (),
    note: str = "",
) -> Item:
    """Return the question with this stem, under the id that its own words give it."""
    words = stem.text
    parts = [kind, words, *options, *answer, source.document_id, str(source.start)]
    identity = hashlib.blake2b("\n".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()
    return Item(identity, kind, difficulty, words, answer, source, options, further, tested, note=note, structure=stem)


def source_piece(text: Text, start: int, end: int) -> Piece:
    """Return words of a document as a piece of a stem."""
    return Piece(Role.SOURCE, text.text[start:end], start)
