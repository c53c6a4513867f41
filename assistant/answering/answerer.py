"""Extractive question answering: from a question to an `Answer` made of quotes, or to saying nothing.

`scope.py` says which documents are asked. `sentences/structure.py` answers questions that point at a document's
structure; for others `sentences/scoring.py` ranks the sentences of the passages found, and the best is an
answer if it is likely enough to be one (`sentences/answerability.py`). `composing/` makes the blocks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

from assistant.answering.answer import Answer, Citation, Status, Way
from assistant.answering.composing.compose import NO_NOTES, Notes, compose, short_answers
from assistant.answering.composing.quotes import Quote, quotes_of
from assistant.answering.query import Query, Wording
from assistant.answering.scope import Names
from assistant.answering.sentences.answer_type import SITUATION_CUES, situation_cues
from assistant.answering.sentences.answerability import Signals, load_answerability
from assistant.answering.sentences.candidates import Candidate, CandidateSource
from assistant.answering.sentences.question_terms import Unit, Words
from assistant.answering.sentences.scoring import (
    COVERAGE_SHARE,
    LEAD_SHARE,
    Fate,
    Fates,
    Judge,
    Judged,
    Weighed,
    current_first,
    names_it,
    passed,
    plain,
)
from assistant.answering.sentences.structure import Found, outline, passage_placed, placed, purpose, section_named
from assistant.answering.validity import Validity, validity_of
from assistant.index.retriever import Hit, Retriever
from assistant.language.question import LISTING, Kind, Question, generic, heading_of, weak

PASSAGES = 20
EACH_WAY = 8
SHOWN_PASSAGES = 5
SHOWN_TOGETHER = 200  # characters of neighbouring sentences that are shown as one quote
CITATIONS = 8
NAMED_SHARE = 0.8
DOUBT_SHARE = 0.4  # of the threshold: sentences this likely are shown, as ones that may not answer
# A further sentence is cited when its score is this share of the best one's: of a list, of anything else.
LIST_SHARE = 0.7
OTHER_SHARE = 0.9
# Nor is one cited that says less than this share of what the best one says of the question.
LIST_COVERAGE_SHARE = 0.65
OTHER_MOST = 3
FURTHER_MOST = 200  # sentences among which those beyond the cited ones are sought
SITUATION_SCORE = 0.5
SHORT_COVERAGE = 0.75  # a short answer stands only where this share of the question is said around the best sentence
ABOUT_SHARE = 0.5  # of the question's words that the clauses at a short answer must say


@dataclass(frozen=True)
class Decision:
    """What to claim, what to quote and what to note beside the quotes; `way` says how that was decided.

    `weighed` holds the scored sentences, None where none were scored.
    """

    status: Status
    quotes: Sequence[Quote] = ()
    notes: Notes = NO_NOTES
    way: Way = Way.SENTENCES
    weighed: Weighed | None = None

    @property
    def likely(self) -> float | None:
        """The probability, 0 to 1, that the best quote answers; None where it was not computed."""
        judged = self.status is Status.ANSWERED and self.way is Way.SENTENCES
        return self.weighed.likely if judged and self.weighed else None

    @property
    def placed(self) -> bool:
        """Whether the quotes were found by their place in a document."""
        return self.status is Status.ANSWERED and self.way is Way.STRUCTURE


NOTHING = Decision(Status.NOT_FOUND)


@dataclass(frozen=True)
class Examined:
    """An answer with all that decided it: the question, the documents asked, the passages retrieved.

    `sought` is the question as passages were searched for it, `question` the same in the glossary's form.
    """

    sought: Question
    question: Question
    documents: Sequence[str] | None
    units: Sequence[Unit]
    hits: Sequence[Hit]
    decision: Decision
    answer: Answer


class Answerer:
    """Answers from one index without a language model.

    `threshold` is the least probability, 0 to 1, at which a sentence counts as an answer; 0.5 is the measured
    balance (docs/evaluation.md).
    """

    def __init__(self, retriever: Retriever, words: Words, threshold: float = 0.5) -> None:
        self.retriever = retriever
        self.threshold = threshold
        self.source = CandidateSource(retriever)
        self._words, self._canonical = words, retriever.glossary.canonical
        self._judge = Judge(retriever, words, self.source)
        records = retriever.index.records.documents()
        self._names = Names(records)
        self.successors = Validity(records)
        self._answerability = load_answerability()

    def query(self, question: Question | Query) -> Query:
        """Return `question` prepared for this index; whoever asks it several times should prepare it once."""
        return question if isinstance(question, Query) else Query(question, self._names, self._canonical)

    def answer(
        self, question: Question | Query, documents: Sequence[str] | None = None, without: Sequence[Citation] = ()
    ) -> Answer:
        """Return the answer to `question`, from these document ids alone if given.

        `without` are citations of an earlier answer to it: the answer then quotes further sentences, none of
        these.
        """
        return self.examine(question, documents, without).answer

    def examine(
        self, question: Question | Query, documents: Sequence[str] | None = None, without: Sequence[Citation] = ()
    ) -> Examined:
        """Return the same answer as `answer`, with all that decided it."""
        started, query = perf_counter(), self.query(question)
        wording, documents = query.of(documents)
        asked = wording.asked
        hits, units = self._hits(wording, documents), self._judge.units(asked)
        decision = self._decide(asked, units, hits, without)
        answer = _answer(query.question.text, asked, decision, hits, started)
        return Examined(wording.sought, asked, documents, units, hits, decision, answer)

    def adjusted(self, dense_weight: float, threshold: float) -> "Answerer":
        """Return an answerer over the same index with other settings."""
        old = self.retriever
        retriever = Retriever(old.index, old.encoder, old.glossary, dense_weight, old.reranker)
        return Answerer(retriever, self._words, threshold)

    def shown(
        self, question: Question | Query, status: Status, found: Sequence[tuple[Candidate, float]], behind: str = ""
    ) -> Answer:
        """Return the sentences `found`, whole, as an answer to `question`; adjacent ones become one quote.

        `behind` is appended to the question in the heading.
        """
        started, query = perf_counter(), self.query(question)
        quotes = quotes_of(found, [], self._canonical, self.successors, SHOWN_TOGETHER)
        wording, _ = query.of(None)
        text = query.question.text + behind
        asked = replace(wording.asked, heading=heading_of(text))
        return _answer(text, asked, Decision(status, quotes[:CITATIONS]), [], started)

    def weigh(self, question: Question, documents: Sequence[str] | None = None) -> tuple[Signals, list[Quote]] | None:
        """Return the signals of the best sentence and the quotes it would give; None where no sentence could answer."""
        wording, documents = self.query(question).of(documents)
        asked, hits = wording.asked, self._hits(wording, documents)
        units = self._judge.units(asked)
        weighed = self._weigh(asked, units, hits) if hits and units else None
        if weighed is None or weighed.signals is None:
            return None
        kept, _ = self._kept(asked, weighed, ())
        return weighed.signals, self._quotes(kept, units)

    def _hits(self, wording: Wording, documents: Sequence[str] | None) -> list[Hit]:
        """Return the passages found, then definitions where one is asked for, then hits in replacing documents."""
        sought, search = wording.sought, self.retriever.search
        if not sought.text.strip():
            return []
        hits = search(sought, PASSAGES, documents, EACH_WAY)
        further = search(wording.defining, EACH_WAY, documents) if wording.defining else []
        newer = self.successors.newer((hit.document for hit in hits), documents)
        further += search(sought, EACH_WAY, newer) if newer else []
        found: dict[int, Hit] = {}
        for hit in [*hits, *further]:
            found.setdefault(hit.passage.number, hit)
        return list(found.values())

    def _decide(self, question: Question, units: list[Unit], hits: list[Hit], without: Sequence[Citation]) -> Decision:
        if not hits:
            return replace(NOTHING, way=Way.NO_PASSAGES)
        found = self._structure(question, units, hits)
        if found:
            notes = Notes(left_out=self.source.left_out(found))
            return replace(_answered(self._quotes(_uncited(found, without), units), notes), way=Way.STRUCTURE)
        if found is not None and (question.ordinal or question.article or question.position):
            return replace(NOTHING, way=Way.NO_SUCH_PLACE)
        if question.kind is Kind.OUTLINE:
            question = replace(question, kind=Kind.LIST)
        if not units or not (question.quoted or any(len(unit.text) > 1 for unit in units)):
            return replace(NOTHING, way=Way.NO_WORDS)
        if question.kind is Kind.SITUATION and all(weak(u.text) or generic(u.text) for u in units):
            return replace(self._situation(units, hits, without), way=Way.SITUATION)
        return self._choose(question, units, self._weigh(question, units, hits), without)

    def _structure(self, question: Question, units: list[Unit], hits: list[Hit]) -> Found | None:
        """Return the sentences at the place in a document that a question points at; None where it points at none."""
        documents = self.successors.current_first(hit.document for hit in hits)
        if question.position is not None:
            return passage_placed(question, units, documents, self.source)
        bare = question.kind in (Kind.LIST, Kind.FACT) and bool(units) and all(weak(unit.text) for unit in units)
        if question.kind is Kind.OUTLINE or bare:
            points = outline(question, units, documents, self.source)
            if points is not None:
                return points
        if question.purpose and len(documents) == 1 and (found := purpose(documents[0], self.source)):
            return found
        if question.kind in LISTING:
            return section_named(question, units, documents, self.source) or None
        return None

    def _situation(self, units: list[Unit], hits: list[Hit], without: Sequence[Citation]) -> Decision:
        """Answer a question that asks only about the situation with the sentence that has most words of situation."""
        found = _uncited([(c, SITUATION_SCORE) for c in self.source.candidates(hits)], without)
        best = max(found, key=lambda f: (situation_cues(f[0].text), -f[0].sentence.start), default=None)
        if best is None or situation_cues(best[0].text) < SITUATION_CUES:
            return NOTHING
        return Decision(Status.ANSWERED, self._quotes([best], units))

    def _weigh(self, question: Question, units: list[Unit], hits: list[Hit]) -> Weighed:
        candidates = self.source.candidates(hits)
        if question.position is not None:
            first = self.successors.current_first(hit.document for hit in hits)[0]
            candidates = placed(question.position, first, self.source) or candidates
        judged = self._judge.judge(question, units, candidates)
        here, fit, fates = self._judge.sift(question, units, judged)
        if not fit:
            return Weighed(judged, fit, None, 0.0, fates)

        def led(by: list[Judged]) -> Weighed:
            signals = self._judge.signals(question, units, by[0], here, hits)
            against = fates.keys() - {j.candidate.order for j in by}
            return Weighed(judged, by, signals, self._answerability(signals), {at: fates[at] for at in against})

        found, current = led(fit), current_first(fit, judged, fates, self.successors)
        newer = found if current is fit else led(current)
        return newer if newer.likely >= self.threshold or found.likely < self.threshold else found

    def _choose(self, question: Question, units: list[Unit], weighed: Weighed, without: Sequence[Citation]) -> Decision:
        """Return the decision on the sentences `weighed`, completed with why each of the others was not quoted."""
        likely = weighed.likely
        if weighed.signals and likely >= self.threshold:
            kept, against = self._kept(question, weighed, without)
            quotes = self._quotes(kept, units)
            certain = likely >= (1 + self.threshold) / 2 and weighed.signals.around >= SHORT_COVERAGE
            short = short_answers(question, quotes, self.successors, self._about(units)) if certain else {}
            answered = _answered(quotes, Notes(short, self.source.left_out(kept)))
            return replace(answered, weighed=weighed.with_fates(against))
        weighed = weighed.with_fates({j.candidate.order: Fate.UNLIKELY for j in weighed.fit})
        named = [j for j in weighed.judged if names_it(question, j)][:2]
        if named:
            best = [(j.candidate, j.score) for j in named if j.score >= NAMED_SHARE * named[0].score]
            notes = Notes(unsaid=self._judge.foreign(units, named[0]))
            return Decision(Status.MENTIONED, self._quotes(_uncited(best, without), units), notes, weighed=weighed)
        if weighed.fit and likely >= DOUBT_SHARE * self.threshold:
            kept, against = self._kept(question, weighed, without)
            notes = Notes(unsaid=self._judge.foreign(units, weighed.fit[0]), doubt=True)
            quotes = self._quotes(kept[:OTHER_MOST], units)
            return Decision(Status.MENTIONED, quotes, notes, weighed=weighed.with_fates(against))
        return replace(NOTHING, weighed=weighed)

    def _about(self, units: list[Unit]) -> Callable[[str], bool]:
        """Return a predicate: whether words say enough of the question to be about it."""
        return lambda words: self._judge.about(units, words) >= ABOUT_SHARE

    def _quotes(self, found: list[tuple[Candidate, float]], units: list[Unit]) -> list[Quote]:
        return quotes_of(found, units, self._canonical, self.successors)

    def _kept(
        self, question: Question, weighed: Weighed, without: Sequence[Citation]
    ) -> tuple[list[tuple[Candidate, float]], Fates]:
        """Return the sentences to quote with their scores, and why each of the other fitting ones was dropped."""
        fit, listing = weighed.fit, question.kind in LISTING
        least = (LIST_COVERAGE_SHARE if listing else COVERAGE_SHARE) * fit[0].coverage
        bar = (LIST_SHARE if listing else OTHER_SHARE) * fit[0].score
        fit, less_said = passed(fit, Fate.LESS_SAID, lambda j: j.coverage >= least)
        lead = LEAD_SHARE * fit[0].score
        less_plain: Fates = {}
        if question.kind is Kind.LIST and any(plain(j, lead) for j in fit):
            fit, less_plain = passed(fit, Fate.LESS_PLAIN, lambda j: plain(j, lead))
        most = FURTHER_MOST if without else CITATIONS if listing else OTHER_MOST
        fit, behind = passed(fit, Fate.BEHIND, lambda j: j.score >= bar)
        no_room = {j.candidate.order: Fate.NO_ROOM for j in fit[most:]}
        kept = [(j.candidate, j.score) for j in fit[:most]]
        if question.kind is Kind.WHY:
            kept = self.source.with_reasons(kept)
        grown = _uncited(self.source.with_items(kept, max(most, CITATIONS)), without)[:CITATIONS]
        return grown, {**less_said, **less_plain, **behind, **no_room}


def _uncited(found: Sequence[tuple[Candidate, float]], without: Sequence[Citation]) -> list[tuple[Candidate, float]]:
    """Return `found` without sentences that `without` cites already, at their place or in the same words elsewhere."""

    def cites(citation: Citation, candidate: Candidate) -> bool:
        overlaps = citation.start < candidate.sentence.end and candidate.sentence.start < citation.end
        return (overlaps and citation.document_id == candidate.document.id) or candidate.text in citation.quote

    return [(c, score) for c, score in found if not any(cites(citation, c) for citation in without)]


def _answered(quotes: Sequence[Quote], notes: Notes = NO_NOTES) -> Decision:
    """Return the decision to answer with `quotes`, or `NOTHING` where there are none."""
    return Decision(Status.ANSWERED, quotes, notes) if quotes else NOTHING


def _answer(question: str, parsed: Question, decision: Decision, hits: Sequence[Hit], started: float) -> Answer:
    citations = tuple(_citation(n, quote) for n, quote in enumerate(decision.quotes, 1))
    blocks = compose(parsed, str(decision.status), decision.quotes, hits[:2], decision.notes)
    spent = 1000 * (perf_counter() - started)
    passages = tuple(hits[:SHOWN_PASSAGES])
    answer = Answer(question, decision.status, blocks, citations, passages, spent)
    return replace(answer, likely=decision.likely, placed=decision.placed)


def _citation(marker: int, quote: Quote) -> Citation:
    document = quote.document
    place = (document.title, document.id, document.date, quote.section, quote.paragraph, quote.start, quote.end)
    score = min(max(quote.score, 0.0), 1.0)
    return Citation(marker, *place, quote.text, score, validity_of(document), quote.successor)
