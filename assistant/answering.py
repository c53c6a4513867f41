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

from assistant.answerability import Signals, load_answerability
from assistant.candidates import Candidate, CandidateSource
from assistant.composing import NO_NOTES, Notes, Quote, compose, quotes_of
from assistant.evidence import Unit, Words, matches, question_units, specific
from assistant.outlining import outline
from assistant.questions import LISTING, Kind, Question, generic, heading_of, parse_question, weak
from assistant.retrieval import Hit, Retriever
from assistant.scope import Names
from assistant.short_answer import short_answer
from assistant.supply import SITUATION_CUES, Supply, situation_cues, supply
from assistant.text import fold, terms

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
SITUATION_SCORE = 0.5
ABOUT_SHARE = 0.3  # of the question's words that the clauses at a short answer must say
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
    """An answer; `answer` is Markdown in which each statement carries its marker."""

    question: str
    status: Status
    answer: str
    citations: tuple[Citation, ...]
    passages: tuple[Hit, ...]
    elapsed_ms: float
    generator: str | None = None

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
        }


def _passage_json(hit: Hit) -> dict[str, Any]:
    place = {"document_id": hit.document.id, "paragraph": hit.passage.paragraph, "text": hit.text}
    return place | {name: round(getattr(hit, name), 4) for name in ("score", "lexical", "dense")}


@dataclass(frozen=True)
class Decision:
    """What to claim, to quote, and to say beside the quotes."""

    status: Status
    quotes: Sequence[Quote] = ()
    notes: Notes = NO_NOTES


@dataclass(frozen=True)
class Judged:
    """A candidate with what it is worth.

    `coverage` of the question's words by weight; `score`, which is `base` and what supplying adds;
    `closeness`, its cosine; `around`, for each word how far it, its neighbours or headings say it, (n,).
    """

    candidate: Candidate
    coverage: float
    score: float
    supply: Supply
    base: float
    closeness: float
    around: NDArray[np.float32]


class Answerer:
    """Answers from one index without a language model.

    `threshold` is the probability from which a sentence is taken for an answer; 0.5 is the measured balance.
    """

    def __init__(self, retriever: Retriever, words: Words, threshold: float = 0.5) -> None:
        self.retriever = retriever
        self._words = words
        self._threshold = threshold
        self._source = CandidateSource(retriever)
        self._names = Names(retriever.index.records.documents())
        self._answerability = load_answerability()

    def answer(self, question: str, documents: Sequence[str] | None = None) -> Answer:
        """Return the answer to `question`, from these document ids alone if given."""
        started = perf_counter()
        asked, documents = self._asked(question, documents)
        parsed = replace(
            parse_question(self.retriever.glossary.canonical(asked)), text=asked, heading=heading_of(question)
        )
        hits = self.retriever.search(asked, PASSAGES, documents, EACH_WAY) if asked.strip() else []
        decision = self._decide(parsed, hits)
        citations = tuple(_citation(n, quote) for n, quote in enumerate(decision.quotes, 1))
        text = compose(parsed, str(decision.status), decision.quotes, hits[:2], decision.notes)
        spent = 1000 * (perf_counter() - started)
        return Answer(question, decision.status, text, citations, tuple(hits[:SHOWN_PASSAGES]), spent)

    def _asked(self, question: str, documents: Sequence[str] | None) -> tuple[str, Sequence[str] | None]:
        """Return what is asked and of which documents: a document's name says where to look, not for what."""
        named, rest = self._names.in_question(question)
        allowed = [n for n in named if documents is None or n in documents]
        if not allowed:
            return question, documents
        return (rest if rest.strip("？?。的") else question), allowed

    def _decide(self, question: Question, hits: list[Hit]) -> Decision:
        units = question_units(question, self._words, self.retriever.glossary.canonical)
        if not hits:
            return Decision(Status.NOT_FOUND)
        if question.kind is Kind.OUTLINE:
            documents = list(dict.fromkeys(hit.document for hit in hits))
            found = outline(question, units, documents, self._source)
            if found:
                return Decision(Status.ANSWERED, self._quotes(found, units))
            if found is not None and (question.ordinal or question.article):
                return Decision(Status.NOT_FOUND)
            question = replace(question, kind=Kind.LIST)
        if not units or (not question.quoted and not any(len(unit.text) > 1 for unit in units)):
            return Decision(Status.NOT_FOUND)
        candidates = self._source.candidates(hits)
        if question.kind is Kind.SITUATION and all(weak(u.text) or generic(u.text) for u in units):
            return self._situation(candidates, units)
        return self._choose(question, units, self._judge(question, units, candidates), hits)

    def _situation(self, candidates: list[Candidate], units: list[Unit]) -> Decision:
        """Answer a question of the situation alone with the sentence that says most of the document's own."""
        best = max(candidates, key=lambda c: (situation_cues(c.text), -c.sentence.start))
        if situation_cues(best.text) < SITUATION_CUES:
            return Decision(Status.NOT_FOUND)
        return Decision(Status.ANSWERED, self._quotes([(best, SITUATION_SCORE)], units))

    def _judge(self, question: Question, units: list[Unit], candidates: list[Candidate]) -> list[Judged]:
        """Return the candidates with their worth, best first."""
        said = np.array([matches(units, c.canonical, c.context) for c in candidates])
        around = np.maximum(said, self._beside(units, candidates))
        said = np.maximum(said, NEIGHBOUR_SHARE * around)
        weights = np.array([unit.weight for unit in units])
        often = np.array([[unit.text in c.canonical for unit in units] for c in candidates]).mean(axis=0)
        ranking = weights * (1 - LOCAL_DISCOUNT * np.sqrt(often))
        closeness = self._source.vectors(candidates) @ self.retriever.vector(question.text)
        base = (1 - COSINE_SHARE) * (said @ ranking / ranking.sum()) + COSINE_SHARE * closeness
        base -= HEAVIEST_PENALTY * (said[:, int(np.argmax(weights))] < NEIGHBOUR_SHARE)
        judged = []
        for at, candidate in enumerate(candidates):
            given = supply(question, candidate.plain, candidate.near)
            share = float(said[at] @ weights / weights.sum())
            score = float(base[at]) + SUPPLY_BONUS[given]
            judged.append(Judged(candidate, share, score, given, float(base[at]), float(closeness[at]), around[at]))
        return sorted(judged, key=lambda j: (-j.score, j.candidate.order))

    def signals(self, question: Question, units: list[Unit], judged: list[Judged], hits: Sequence[Hit]) -> Signals:
        """Return what is known of the best of `judged`, the first that does not lack what is asked."""
        best = next((j for j in judged if j.supply is not Supply.NO), judged[0])
        place = (best.candidate.document.number, best.candidate.sentence.paragraph)
        others = [j.base for j in judged if (j.candidate.document.number, j.candidate.sentence.paragraph) != place]
        weights = np.array([unit.weight for unit in units])
        foreign = sum(u.weight for u in units if u.text in self._foreign(units, best))
        return Signals(
            coverage=best.coverage,
            around=float(best.around @ weights / weights.sum()),
            missing=float((weights * (best.around < NEIGHBOUR_SHARE)).max() / weights.max()),
            unsaid=self._unsaid(units),
            foreign=float(foreign / weights.sum()),
            closeness=best.closeness,
            lexical=max(hit.lexical for hit in hits),
            dense=max(hit.dense for hit in hits),
            fused=max(hit.score for hit in hits),
            margin=best.base - max(others, default=0.0),
            supplied=float(best.supply is Supply.YES),
            lacking=float(best.supply is Supply.NO),
            words=float(np.log(len(units))),
            phrases=self._phrases(question, best.candidate),
            own=float(matches(units, best.candidate.canonical) @ weights / weights.sum()),
            before=self._beside_asking(question, units, best.around)[0],
            behind=self._beside_asking(question, units, best.around)[1],
            given=self._given(question, units, best),
        )

    def _given(self, question, units, best):
        import re

        from assistant.supply import DATE, NUMBER

        weights = np.array([unit.weight for unit in units])
        text = best.candidate.canonical
        pat = {Kind.NUMBER: NUMBER, Kind.WHEN: DATE.pattern}.get(question.kind)
        if pat is None:
            return best.coverage
        cl = [c for c in re.split("[，。；;：:！？]", text)]
        vals = [
            matches(units, "，".join(cl[max(0, n - 1) : n + 1]), best.candidate.context) @ weights / weights.sum()
            for n, c in enumerate(cl)
            if re.search(pat, c)
        ]
        return float(max(vals, default=0.0))

    def _beside_asking(self, question, units, around):
        import re

        plain = fold(self.retriever.glossary.canonical(question.text))
        m = re.search("为什么|为何|为啥|什么|哪|几|多少|多久|多长|谁|怎么|怎样|如何|啥|吗|是否|能不能|要不要|何", plain)
        at, end = (m.start(), m.end()) if m else (len(plain), len(plain))
        left = [(plain.rfind(u.text, 0, at), n) for n, u in enumerate(units)]
        right = [(plain.find(u.text, end), n) for n, u in enumerate(units)]
        left = [x for x in left if x[0] >= 0 and not weak(units[x[1]].text)]
        right = [x for x in right if x[0] >= 0 and not weak(units[x[1]].text)]
        return (float(around[max(left)[1]]) if left else 1.0, float(around[min(right)[1]]) if right else 1.0)

    def _phrases(self, question: Question, candidate: Candidate) -> float:
        """Return the share, by rarity, of the topics' pairs of neighbouring characters that are said around a sentence."""
        pairs = [t for topic in question.topics for t in dict.fromkeys(terms(topic)) if len(t) > 1]
        if not pairs:
            return 0.0
        rarity = self._words.background.idf(pairs)
        around = f"{candidate.near_canonical}\n{candidate.context}"
        return float(rarity @ [pair in around for pair in pairs] / rarity.sum())

    def _unsaid(self, units: list[Unit]) -> float:
        """Return the share of the question's weight in words that no passage says."""
        weights = [unit.weight for unit in units]
        unsaid = [unit.weight * (0.5 if unit.loose else 1.0) for unit in units if not self._says(unit)]
        return float(sum(unsaid) / sum(weights))

    def _says(self, unit: Unit) -> bool:
        """Say whether each character and pair of neighbours of a word, or of one that means the same, occurs."""
        lexical = self.retriever.index.lexical
        same = [*self.retriever.glossary.same(unit.text), *unit.official]
        return any(all(lexical.frequency(t) for t in terms(word)) for word in same)

    def _beside(self, units: list[Unit], candidates: list[Candidate]) -> NDArray[np.float32]:
        return np.array([matches(units, c.near_canonical) for c in candidates])

    def _choose(self, question: Question, units: list[Unit], judged: list[Judged], hits: Sequence[Hit]) -> Decision:
        here = [j for j in judged if not _elsewhere(question, units, j.candidate)]
        fit = [j for j in here if j.supply is not Supply.NO]
        if question.kind is not Kind.LIST and any(j.supply is Supply.YES for j in fit):
            fit = [j for j in fit if j.supply is Supply.YES]
        if fit and self._answerability(self.signals(question, units, here, hits)) >= self._threshold:
            kept = self._kept(question, fit)
            quotes = self._quotes(kept, units)
            notes = Notes(self._short(question, units, quotes), self._source.left_out(kept))
            return Decision(Status.ANSWERED, quotes, notes)
        named = [j for j in judged if _names_it(question, j)][:2]
        if named:
            best = [(j.candidate, j.score) for j in named if j.score >= 0.8 * named[0].score]
            notes = Notes(unsaid=self._foreign(units, named[0]))
            return Decision(Status.MENTIONED, self._quotes(best, units), notes)
        return Decision(Status.NOT_FOUND)

    def _foreign(self, units: list[Unit], best: Judged) -> list[str]:
        """Return the words of the question that name a thing and that no document says."""
        return [
            unit.text
            for unit, in_part in zip(units, best.around, strict=True)
            if not (in_part or weak(unit.text) or generic(unit.text) or self._says(unit))
            and (len(unit.text) > 1 or unit.text.isdecimal())
        ]

    def _short(self, question: Question, units: list[Unit], quotes: Sequence[Quote]) -> dict[int, str]:
        """Return, by marker, the words of each document's quotes that answer by themselves."""
        weights = np.array([unit.weight for unit in units])
        canonical = self.retriever.glossary.canonical

        def about(clause: str) -> bool:
            return bool(matches(units, fold(canonical(clause))) @ weights >= ABOUT_SHARE * weights.sum())

        said = {}
        for document in dict.fromkeys(quote.document.number for quote in quotes):
            markers = [n for n, quote in enumerate(quotes, 1) if quote.document.number == document]
            found = short_answer(question, [quotes[n - 1].text for n in markers], about)
            if found:
                said[markers[found[0]]] = found[1]
        return said

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


def _names_it(question: Question, judged: Judged) -> bool:
    """Say whether a sentence names what is asked about: the quoted term, or most of the question."""
    quoted = any(fold(term) in judged.candidate.canonical for term in question.quoted)
    return quoted or judged.coverage >= MENTION_COVERAGE


def _elsewhere(question: Question, units: list[Unit], candidate: Candidate) -> bool:
    """Say whether a sentence, with what is around it, lacks a year, figure, place or quoted term of the question."""
    around = f"{candidate.near_canonical}\n{candidate.context}"
    slogan = question.kind is Kind.MEMBERS
    if question.quoted and not slogan and not any(fold(term) in around for term in question.quoted):
        return True
    return any(specific(unit) and unit.text not in around for unit in units)


def _citation(marker: int, quote: Quote) -> Citation:
    document = quote.document
    place = (document.title, document.id, document.date, quote.section, quote.paragraph, quote.start, quote.end)
    return Citation(marker, *place, quote.text, min(max(quote.score, 0.0), 1.0))
