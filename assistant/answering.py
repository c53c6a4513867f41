"""Question to `Answer`: which sentences answer it, how they are shown, and when to say nothing.

Sentences come from the passages that retrieval finds; `evidence` says how much of the question
each holds, `supply` whether it gives what is asked for, `composing` writes the answer down.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.candidates import Candidate, CandidateSource
from assistant.composing import Quote, compose, quotes_of
from assistant.evidence import Unit, Words, matches, question_units, specific
from assistant.outlining import outline
from assistant.questions import LISTING, Kind, Question, generic, heading_of, parse_question, weak
from assistant.retrieval import Hit, Retriever
from assistant.supply import SITUATION_CUES, Supply, situation_cues, supply
from assistant.text import terms

PASSAGES = 20
EACH_WAY = 8
SHOWN_PASSAGES = 5
CITATIONS = 8
NEIGHBOUR_SHARE = 0.35
COSINE_SHARE = 0.25
LOCAL_DISCOUNT = 0.5
MENTION_COVERAGE = 0.6
SUPPLY_BONUS = {Supply.YES: 0.12, Supply.OPEN: 0.0, Supply.NO: -0.12}
# A further sentence is cited when its score is this share of the best one's: of a list, of anything else.
LIST_SHARE = 0.7
OTHER_SHARE = 0.9
LEAD_SHARE = 0.9  # a sentence that lists ("下列条件：", "包括") this close to the best is the list asked for
OTHER_MOST = 3
ANSWER_COVERAGE = 0.46
UNSAID_PRICE = 0.2
HEAVIEST_PENALTY = 0.1


class Status(StrEnum):
    """What an answer claims."""

    ANSWERED = "answered"
    MENTIONED = "mentioned"
    NOT_FOUND = "not_found"


@dataclass(frozen=True)
class Citation:
    """A quote and its place: `document` is the title, `start`/`end` are offsets into the document's text."""

    marker: int
    document: str
    document_id: str
    date: str | None
    section: str
    paragraph: int
    start: int
    end: int
    quote: str
    score: float


@dataclass(frozen=True)
class Answer:
    """An answer; `answer` is Markdown in which each statement carries its marker.

    `generator` is the language model that worded it, if one did; `notice` one line for the reader about
    how that went, or "".
    """

    question: str
    status: Status
    answer: str
    citations: tuple[Citation, ...]
    passages: tuple[Hit, ...]
    elapsed_ms: float
    generator: str | None = None
    notice: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the object that `ask --json` prints."""
        return {
            "question": self.question,
            "status": str(self.status),
            "answer": self.answer,
            "citations": [asdict(c) | {"score": round(c.score, 4)} for c in self.citations],
            "passages": [_passage_json(hit) for hit in self.passages],
            "generator": self.generator,
            "elapsed_ms": round(self.elapsed_ms, 2),
        } | ({"notice": self.notice} if self.notice else {})


def _passage_json(hit: Hit) -> dict[str, Any]:
    place = {"document_id": hit.document.id, "paragraph": hit.passage.paragraph, "text": hit.text}
    return place | {name: round(getattr(hit, name), 4) for name in ("score", "lexical", "dense")}


@dataclass(frozen=True)
class Decision:
    """What to claim and to quote.

    `left_out` counts items of a quoted list that did not fit; `unsaid` are words of the question
    that no document says.
    """

    status: Status
    quotes: Sequence[Quote] = ()
    left_out: int = 0
    unsaid: Sequence[str] = ()


@dataclass(frozen=True)
class Judged:
    """A candidate with what it is worth: `coverage` of the question's words, `score`, what it supplies."""

    candidate: Candidate
    coverage: float
    score: float
    supply: Supply


class Answerer:
    """Answers from one index without a language model; `threshold` 0.5 is the measured balance."""

    def __init__(self, retriever: Retriever, words: Words, threshold: float = 0.5) -> None:
        self.retriever = retriever
        self._words = words
        self._needed = ANSWER_COVERAGE * 2 * threshold
        self._source = CandidateSource(retriever)

    def answer(self, question: str, documents: Sequence[str] | None = None) -> Answer:
        """Return the answer to `question`, from these document ids alone if given."""
        started = perf_counter()
        canonical = parse_question(self.retriever.glossary.canonical(question))
        parsed = replace(canonical, text=question, heading=heading_of(question))
        hits = self.retriever.search(question, PASSAGES, documents, EACH_WAY) if parsed.text.strip() else []
        decision = self._decide(parsed, hits)
        citations = tuple(_citation(n, quote) for n, quote in enumerate(decision.quotes, 1))
        text = compose(parsed, str(decision.status), decision.quotes, hits[:2], decision.left_out, decision.unsaid)
        spent = 1000 * (perf_counter() - started)
        return Answer(question, decision.status, text, citations, tuple(hits[:SHOWN_PASSAGES]), spent)

    def _decide(self, question: Question, hits: list[Hit]) -> Decision:
        units = question_units(question, self._words)
        if not hits or not units:
            return Decision(Status.NOT_FOUND)
        if question.kind is Kind.OUTLINE:
            documents = list(dict.fromkeys(hit.document for hit in hits))
            found = outline(question, units, documents, self._source)
            if found:
                return Decision(Status.ANSWERED, self._quotes(found, units))
            if found is not None and (question.ordinal or question.article):
                return Decision(Status.NOT_FOUND)
            question = replace(question, kind=Kind.LIST)
        if not question.quoted and not any(len(unit.text) > 1 for unit in units):
            return Decision(Status.NOT_FOUND)
        candidates = self._source.candidates(hits)
        if question.kind is Kind.SITUATION and all(weak(u.text) or generic(u.text) for u in units):
            return self._situation(candidates, units)
        judged = self._judge(question, units, candidates)
        return self._choose(question, units, judged)

    def _situation(self, candidates: list[Candidate], units: list[Unit]) -> Decision:
        """Answer a question of the situation alone with the sentence that says most of the document's own."""
        best = max(candidates, key=lambda c: (situation_cues(c.text), -c.sentence.start))
        if situation_cues(best.text) < SITUATION_CUES:
            return Decision(Status.NOT_FOUND)
        return Decision(Status.ANSWERED, self._quotes([(best, self._needed)], units))

    def _judge(self, question: Question, units: list[Unit], candidates: list[Candidate]) -> list[Judged]:
        """Return the candidates with their worth, best first."""
        said = np.array([matches(units, c.canonical, c.context) for c in candidates])
        said = np.maximum(said, NEIGHBOUR_SHARE * self._beside(units, candidates))
        weights = np.array([unit.weight for unit in units])
        often = np.array([[unit.text in c.canonical for unit in units] for c in candidates]).mean(axis=0)
        ranking = weights * (1 - LOCAL_DISCOUNT * np.sqrt(often))
        coverage = said @ weights / weights.sum()
        closeness = self._source.vectors(candidates) @ self.retriever.vector(question.text)
        base = (1 - COSINE_SHARE) * (said @ ranking / ranking.sum()) + COSINE_SHARE * closeness
        base -= HEAVIEST_PENALTY * (said[:, int(np.argmax(weights))] < NEIGHBOUR_SHARE)
        judged = []
        for candidate, covered, score in zip(candidates, coverage, base, strict=True):
            given = supply(question, candidate.plain, candidate.near)
            judged.append(Judged(candidate, float(covered), float(score) + SUPPLY_BONUS[given], given))
        return sorted(judged, key=lambda j: (-j.score, j.candidate.order))

    def _unsaid(self, units: list[Unit]) -> float:
        """Return the share of the question's weight in words that no passage says."""
        weights = [unit.weight for unit in units]
        unsaid = [unit.weight * (0.5 if unit.loose else 1.0) for unit in units if not self._says(unit.text)]
        return float(sum(unsaid) / sum(weights))

    def _says(self, word: str) -> bool:
        """Say whether each character and pair of neighbours of `word`, or of a word that means the same, occurs."""
        lexical = self.retriever.index.lexical
        return any(all(lexical.frequency(t) for t in terms(w)) for w in self.retriever.glossary.same(word))

    def _beside(self, units: list[Unit], candidates: list[Candidate]) -> NDArray[np.float32]:
        return np.array([matches(units, c.near_canonical) for c in candidates])

    def _choose(self, question: Question, units: list[Unit], judged: list[Judged]) -> Decision:
        unsaid = UNSAID_PRICE * self._unsaid(units)
        needed = {Supply.YES: self._needed, Supply.OPEN: self._needed + unsaid, Supply.NO: np.inf}
        fit = [j for j in judged if j.coverage >= needed[j.supply] and not _elsewhere(units, j.candidate)]
        if question.kind is not Kind.LIST and any(j.supply is Supply.YES for j in fit):
            fit = [j for j in fit if j.supply is Supply.YES]
        if fit:
            kept = self._kept(question, fit)
            foreign = self._foreign(question, units, fit[0])
            quotes = self._quotes(kept[:2] if foreign else kept, units)
            if foreign:
                return Decision(Status.MENTIONED, quotes, unsaid=foreign)
            return Decision(Status.ANSWERED, quotes, self._source.left_out(kept))
        named = [j for j in judged if j.coverage >= MENTION_COVERAGE][:2]
        if named:
            best = [(j.candidate, j.score) for j in named if j.score >= 0.8 * named[0].score]
            return Decision(Status.MENTIONED, self._quotes(best, units))
        return Decision(Status.NOT_FOUND)

    def _foreign(self, question: Question, units: list[Unit], best: Judged) -> list[str]:
        """Return the words of the question that name a thing and that no document says."""
        if question.kind is Kind.MEMBERS and best.supply is Supply.YES:
            return []
        around = best.candidate.near_canonical
        hinted = matches(units, around) > 0
        return [
            unit.text
            for unit, in_part in zip(units, hinted, strict=True)
            if not (in_part or weak(unit.text) or generic(unit.text) or self._says(unit.text))
            and (len(unit.text) > 1 or unit.text.isdecimal())
        ]

    def _quotes(self, found: list[tuple[Candidate, float]], units: list[Unit]) -> list[Quote]:
        return quotes_of(found, units, self.retriever.glossary.canonical)

    def _kept(self, question: Question, fit: list[Judged]) -> list[tuple[Candidate, float]]:
        listing = question.kind in LISTING
        bar = (LIST_SHARE if listing else OTHER_SHARE) * fit[0].score
        listed = [j for j in fit if j.supply is Supply.YES and j.score >= LEAD_SHARE * fit[0].score]
        if question.kind is Kind.LIST and listed:
            fit = listed
        kept = [(j.candidate, j.score) for j in fit if j.score >= bar][: CITATIONS if listing else OTHER_MOST]
        if question.kind is Kind.WHY:
            kept = self._source.with_reasons(kept)
        return self._source.with_items(kept, CITATIONS)


def _elsewhere(units: list[Unit], candidate: Candidate) -> bool:
    """Say whether a sentence lacks a year, figure or place that the question names, so do its headings."""
    around = f"{candidate.near_canonical}\n{candidate.context}"
    return any(specific(unit) and unit.text not in around for unit in units)


def _citation(marker: int, quote: Quote) -> Citation:
    document = quote.document
    place = (document.title, document.id, document.date, quote.section, quote.paragraph, quote.start, quote.end)
    return Citation(marker, *place, quote.text, min(max(quote.score, 0.0), 1.0))
