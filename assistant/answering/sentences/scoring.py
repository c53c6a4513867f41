"""Sentence scoring: rank candidates for a question, reject those that cannot answer, collect the best one's signals.

Words weigh by their rarity in a large background corpus (`question_terms.py`); in ranking, those that most
candidates hold weigh less. Whether a sentence gives what is asked for (`answer_type.py`) raises or lowers its
score.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from assistant.answering.sentences.answer_type import DATE, NUMBER, Supply, supply
from assistant.answering.sentences.answerability import Signals
from assistant.answering.sentences.candidates import Candidate, CandidateSource
from assistant.answering.sentences.question_terms import Unit, Words, matches, question_units, specific
from assistant.answering.validity import Validity
from assistant.base.text import CLAUSE_ENDS, fold, terms
from assistant.index.retriever import Hit, Retriever
from assistant.language.entities import RARE_IDF, Name, described_in, names_in, of_another, others_of
from assistant.language.question import Kind, Question, generic, weak

NEIGHBOUR_SHARE = 0.35
COSINE_SHARE = 0.25
LOCAL_DISCOUNT = 0.5
HEAVIEST_PENALTY = 0.1
SUPPLY_BONUS = {Supply.YES: 0.12, Supply.OPEN: 0.0, Supply.NO: -0.12}
LOOSE_UNSAID = 0.5
LEAD_SHARE = 0.9  # a sentence that plainly gives what is asked (lists, names) is preferred if this close to the best
COVERAGE_SHARE = 0.8  # of what the best sentence says of the question; one that says less is not beside it
SUCCESSOR_SHARE = 0.8  # of a replaced document's score, from which its successor's sentence goes before it
MENTION_COVERAGE = 0.6
HEAVY_SHARE = 0.6  # of the heaviest word's weight
DESCRIBED_SAID = 0.3  # a word before a noun counts as said from this on: half of its pairs, or both its characters
_PARTICULAR = {Kind.NUMBER, Kind.WHEN, Kind.WHO, Kind.WHERE, Kind.NAME}  # kinds that ask for one thing's particulars
_ASKED_FOR = re.compile("(?:哪[个家些一种类]?|什么)([\u4e00-\u9fff]{1,6})")
_WHICH = re.compile("哪|凭什么")
_YEARS = re.compile("今年|去年|上年|明年")
_PIECES = {Kind.NUMBER: re.compile(NUMBER), Kind.WHEN: DATE}


class Fate(StrEnum):
    """Why a sentence was not quoted."""

    ELSEWHERE = "elsewhere"  # the year, figure, place or quoted term of the question is not said here
    NOT_GIVEN = "not_given"
    OTHER_THING = "other_thing"
    ANOTHERS = "anothers"
    LESS_PLAIN = "less_plain"
    LESS_SAID = "less_said"
    BEHIND = "behind"
    NO_ROOM = "no_room"
    UNLIKELY = "unlikely"


Fates = Mapping[tuple[str, int], Fate]  # by `Candidate.order`


@dataclass(frozen=True)
class Judged:
    """A candidate with its scores.

    - `coverage`: share, 0 to 1, of the question's words that it says, by weight.
    - `base`: score without, `score`: with the bonus for giving what is asked.
    - `closeness`: its cosine with the question.
    - `around`: how far it, its neighbours or headings say each word, (units,), 0 to 1.
    """

    candidate: Candidate
    coverage: float
    base: float
    score: float
    supply: Supply
    closeness: float
    around: NDArray[np.float32]

    @property
    def place(self) -> tuple[int, int]:
        """(Document number, paragraph number)."""
        return self.candidate.document.number, self.candidate.sentence.paragraph


@dataclass(frozen=True)
class Weighed:
    """The evidence for an answer: all sentences judged, those fit to answer, and the signals of the best one.

    `likely` is the probability, 0 to 1, that the best one answers; `fates` says why each of the others was
    rejected.
    """

    judged: list[Judged]
    fit: list[Judged]
    signals: Signals | None
    likely: float
    fates: Fates

    def with_fates(self, further: Fates) -> "Weighed":
        """Return a copy with `further` fates added; they replace earlier ones of the same sentence."""
        return replace(self, fates={**self.fates, **further})


class Judge:
    """Scores the sentences of one index."""

    def __init__(self, retriever: Retriever, words: Words, source: CandidateSource) -> None:
        self._retriever, self._words, self._source = retriever, words, source

    def units(self, question: Question) -> list[Unit]:
        """Return the question's words with their weights."""
        return question_units(question, self._words, self._retriever.glossary.canonical)

    def judge(self, question: Question, units: list[Unit], candidates: list[Candidate]) -> list[Judged]:
        """Return the candidates with their scores, best first."""
        if not candidates:
            return []
        own = np.array([matches(units, c.canonical, c.context) for c in candidates])
        around = np.maximum(own, [matches(units, c.near_canonical) for c in candidates])
        said = np.maximum(own, NEIGHBOUR_SHARE * around)
        weights = _weights(units)
        often = np.array([[unit.text in c.canonical for unit in units] for c in candidates]).mean(axis=0)
        ranking = weights * (1 - LOCAL_DISCOUNT * np.sqrt(often))
        closeness = self._source.vectors(candidates) @ self._retriever.vector(question.text)
        base = (1 - COSINE_SHARE) * (said @ ranking / ranking.sum()) + COSINE_SHARE * closeness
        base -= HEAVIEST_PENALTY * (said[:, int(np.argmax(weights))] < NEIGHBOUR_SHARE)
        coverage = said @ weights / weights.sum()
        judged = []
        for at, c in enumerate(candidates):
            given = supply(question, c.plain, c.near)
            score = float(base[at]) + SUPPLY_BONUS[given]
            judged.append(
                Judged(c, float(coverage[at]), float(base[at]), score, given, float(closeness[at]), around[at])
            )
        return sorted(judged, key=lambda j: (-j.score, j.candidate.order))

    def signals(
        self, question: Question, units: list[Unit], best: Judged, judged: list[Judged], hits: Sequence[Hit]
    ) -> Signals:
        """Return the signals of `best` among `judged`."""
        others = max((j.base for j in judged if j.place != best.place), default=0.0)
        weights = _weights(units)
        named = self.foreign(units, best)
        foreign = sum(unit.weight for unit in units if unit.text in named)
        return Signals(
            coverage=best.coverage,
            around=float(best.around @ weights / weights.sum()),
            given=_given(question, units, best),
            unsaid=self._unsaid(units),
            foreign=float(foreign / weights.sum()),
            closeness=best.closeness,
            fused=max(hit.score for hit in hits),
            behind=max(others - best.base, 0.0),
            supplied=float(best.supply is Supply.YES),
            words=float(np.log(len(units))),
        )

    def about(self, units: list[Unit], words: str) -> float:
        """Return the share, 0 to 1, of the question's weight that `words` say."""
        weights = _weights(units)
        return float(matches(units, fold(self._retriever.glossary.canonical(words))) @ weights / weights.sum())

    def foreign(self, units: list[Unit], best: Judged) -> list[str]:
        """Return the question's words that name a thing and that no document says, nor `best` in part."""
        return [
            unit.text
            for unit, in_part in zip(units, best.around, strict=True)
            if not (in_part or weak(unit.text) or generic(unit.text) or self._says(unit))
            and (len(unit.text) > 1 or unit.text.isdecimal())
        ]

    def sift(
        self, question: Question, units: list[Unit], judged: list[Judged]
    ) -> tuple[list[Judged], list[Judged], Fates]:
        """Return the sentences about the same year, place and thing; those of them fit to answer; the others' fates."""
        here, elsewhere = passed(judged, Fate.ELSEWHERE, lambda j: not lacking(question, units, j.candidate))
        of_other = self._of_other_thing(question, units)
        here, other = passed(here, Fate.OTHER_THING, lambda j: not of_other(j.candidate))
        fit, missing = passed(here, Fate.NOT_GIVEN, lambda j: j.supply is not Supply.NO)
        fit, anothers = passed(fit, Fate.ANOTHERS, lambda j: not _of_another(question, units, j))
        fates = {**elsewhere, **other, **missing, **anothers}
        least = 0.0 if question.kind is Kind.WHY else LEAD_SHARE * fit[0].score if fit else 0.0
        if question.kind is Kind.LIST or not any(plain(j, least) for j in fit):
            return here, fit, fates
        fit, less_plain = passed(fit, Fate.LESS_PLAIN, lambda j: plain(j, least))
        return here, fit, {**fates, **less_plain}

    def _of_other_thing(self, question: Question, units: list[Unit]) -> Callable[[Candidate], bool]:
        """Return a predicate: whether a sentence is about another thing of the same kind as the one asked about."""
        asked = fold(question.text)
        topics = [fold(topic) for topic in question.topics if topic not in question.quoted]
        names = names_in(topics)
        words = _own_words(units, asked) if question.kind in _PARTICULAR or _WHICH.search(asked) else {}
        described = described_in(topics, list(words))

        def of_other_kind(name: Name, candidate: Candidate, around: str) -> bool:
            if name.head not in candidate.canonical or matches([words[name.own]], around)[0] >= DESCRIBED_SAID:
                return False
            return any(other[-2:] not in asked for other in others_of(name, around))

        def speaks_of_another(candidate: Candidate) -> bool:
            around = f"{candidate.near_canonical}\n{candidate.context}"
            return any(of_another(name, around, self._rare) for name in names) or any(
                of_other_kind(name, candidate, around) for name in described
            )

        return speaks_of_another

    def _rare(self, word: str) -> bool:
        """Say whether a word is as rare in the background as names are, by its first and last two characters."""
        return float(self._words.background.idf([word[:2], word[-2:]]).min()) >= RARE_IDF

    def _unsaid(self, units: list[Unit]) -> float:
        """Return the share of the question's weight in words that no passage says."""
        unsaid = [unit.weight * (LOOSE_UNSAID if unit.loose else 1.0) for unit in units if not self._says(unit)]
        return float(sum(unsaid) / _weights(units).sum())

    def _says(self, unit: Unit) -> bool:
        """Say whether the corpus has each character and character pair of a word, or of one of its synonyms."""
        lexical = self._retriever.index.lexical
        same = [*self._retriever.glossary.same(unit.text), *unit.official]
        return any(all(lexical.frequency(t) for t in terms(word)) for word in same)


def plain(judged: Judged, least: float) -> bool:
    """Say whether a sentence plainly gives what is asked and is worth at least `least`."""
    return judged.supply is Supply.YES and judged.score >= least


def passed(judged: Sequence[Judged], fate: Fate, fits: Callable[[Judged], bool]) -> tuple[list[Judged], Fates]:
    """Return the sentences that satisfy `fits`, and `fate` for each of the others."""
    fitting = [fits(j) for j in judged]
    against = {j.candidate.order: fate for j, fine in zip(judged, fitting, strict=True) if not fine}
    return [j for j, fine in zip(judged, fitting, strict=True) if fine], against


def names_it(question: Question, judged: Judged) -> bool:
    """Say whether a sentence names what is asked about: the quoted term, or most of the question."""
    quoted = any(fold(term) in judged.candidate.canonical for term in question.quoted)
    return quoted or judged.coverage >= MENTION_COVERAGE


def current_first(fit: list[Judged], judged: list[Judged], fates: Fates, successors: Validity) -> list[Judged]:
    """Return `fit` with the sentences from a successor of the best one's document moved to the front.

    Only those that say about as much as the best one; without any, `fit` is returned unchanged.
    """
    best = fit[0]
    open_ = [j for j in judged if fates.get(j.candidate.order, Fate.LESS_PLAIN) is Fate.LESS_PLAIN]
    for later in reversed(successors.after(best.candidate.document)):
        said = [j for j in open_ if j.candidate.document == later and _as_well(j, best)]
        if said:
            orders = {j.candidate.order for j in said}
            rest = [j for j in fit if j.candidate.order not in orders]
            return [*said, *sorted(rest, key=lambda j: later in successors.after(j.candidate.document))]
    return fit


def _as_well(judged: Judged, best: Judged) -> bool:
    """Say whether a sentence says about as much of the question as `best`, and gives what is asked if `best` does."""
    as_much = judged.coverage >= COVERAGE_SHARE * best.coverage and judged.score >= SUCCESSOR_SHARE * best.score
    return as_much and (judged.supply is Supply.YES or best.supply is not Supply.YES)


def lacking(question: Question, units: list[Unit], candidate: Candidate) -> list[str]:
    """Return the years, figures, places and quoted terms of the question that a sentence and its surroundings lack.

    Ages are not counted: rules state limits (不满十四周岁), questions one's own age.
    """
    around = f"{candidate.near_canonical}\n{candidate.context}"
    slogan = question.kind is Kind.MEMBERS
    if question.quoted and not slogan and not any(fold(term) in around for term in question.quoted):
        return list(question.quoted)
    asked = fold(question.text)
    years = [y for y in ("今年", "去年") if y in asked and y not in candidate.text and _YEARS.search(candidate.text)]
    return years or [u.text for u in units if specific(u) and u.text not in around and f"{u.text}岁" not in asked]


def _of_another(question: Question, units: list[Unit], judged: Judged) -> bool:
    """Say whether the name given is of another office's holder: 教育局局长 asked, 住建局局长 given."""
    if question.kind is not Kind.NAME:
        return False
    heavy = HEAVY_SHARE * max(unit.weight for unit in units)
    return any(u.weight >= heavy and said < 0.5 for u, said in zip(units, judged.around, strict=True))


def _own_words(units: Sequence[Unit], asked: str) -> dict[str, Unit]:
    """Return the words that say what a question is about, without those for what it asks (哪个科室)."""
    asked_for = _ASKED_FOR.findall(asked)
    own = [unit for unit in units if not weak(unit.text) and not generic(unit.text)]
    return {unit.text: unit for unit in own if not any(words.startswith(unit.text) for words in asked_for)}


def _weights(units: Sequence[Unit]) -> NDArray[np.float64]:
    return np.array([unit.weight for unit in units])


def _given(question: Question, units: list[Unit], best: Judged) -> float:
    """Return the largest share of the question said by a clause with a number or date and the clause before it."""
    piece = _PIECES.get(question.kind)
    if piece is None:
        return best.coverage
    weights = _weights(units)
    clauses = CLAUSE_ENDS.split(best.candidate.canonical)
    said = [
        matches(units, "，".join(clauses[max(0, n - 1) : n + 1]), best.candidate.context) @ weights
        for n, clause in enumerate(clauses)
        if piece.search(clause)
    ]
    return float(max(said, default=0.0) / weights.sum())
