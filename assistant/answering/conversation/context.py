"""Context of citations: the rest of the paragraph, the section or list a citation opens, the paragraphs beside it.

A citation counts only while the document still has its quote at its place.
"""

from collections.abc import Iterable, Sequence

from assistant.answering.answer import Citation
from assistant.answering.answerer import Answerer
from assistant.answering.sentences.candidates import Candidate, is_heading, leads
from assistant.index.records import DocumentRecord

CHARACTERS = 1200  # shared among the citations
LEAST_CHARACTERS = 160
PARAGRAPHS_BESIDE = 2

Found = list[tuple[Candidate, float]]


class Surroundings:
    """Sentences around citations, from one answerer's index, each with the score of its citation."""

    def __init__(self, answerer: Answerer) -> None:
        self._source = answerer.source
        self._records = answerer.retriever.index.records

    def document(self, citation: Citation) -> DocumentRecord | None:
        """Return the document of `citation`, None where it no longer has the quote at that place."""
        number = self._records.numbers([citation.document_id]).get(citation.document_id)
        if number is None or self._records.text(number)[citation.start : citation.end] != citation.quote:
            return None
        return self._records.document(number)

    def around(self, citations: Sequence[Citation]) -> Found:
        """Return the sentences of `citations` and those around them, each once; [] where there are no further ones."""
        budget = max(CHARACTERS // max(len(citations), 1), LEAST_CHARACTERS)
        found: dict[tuple[str, int], tuple[Candidate, float]] = {}
        for citation in citations:
            document = self.document(citation)
            for candidate in self._window(document, citation, budget) if document else []:
                found.setdefault(candidate.order, (candidate, citation.score))
        return list(found.values()) if any(not _is_whole(citations, c) for c, _ in found.values()) else []

    def sentences(self, citations: Sequence[Citation]) -> Found:
        """Return the sentences of `citations`, whole, each once."""
        found: dict[tuple[str, int], tuple[Candidate, float]] = {}
        for citation in citations:
            document = self.document(citation)
            for candidate in self._source.paragraph(document.number, citation.paragraph) if document else []:
                if _overlaps(citation, candidate):
                    found.setdefault(candidate.order, (candidate, citation.score))
        return list(found.values())

    def opened(self, citation: Citation) -> Found:
        """Return the section that `citation` opens; where it opens none, it and its neighbours in the paragraph."""
        document = self.document(citation)
        if document is None:
            return []
        inside = self._section(document, citation)
        found = _fitting(inside, CHARACTERS) if inside else self._in_paragraph(document, citation, CHARACTERS // 3)
        return [(candidate, citation.score) for candidate in found]

    def rest(self, citations: Sequence[Citation]) -> Found:
        """Return the sentences, cited by none of `citations`, of the section that the first of them opens."""
        document = self.document(citations[0])
        inside = self._section(document, citations[0]) if document else []
        return [(c, citations[0].score) for c in inside if not is_heading(c) and not _is_touched(citations, c)]

    def _section(self, document: DocumentRecord, citation: Citation) -> list[Candidate]:
        """Return the sentences of the section that begins where `citation` does; [] if none does."""
        section = next((s for s in self._source.sections(document) if s.start == citation.start), None)
        return self._source.inside(document, section) if section else []

    def _window(self, document: DocumentRecord, citation: Citation, budget: int) -> list[Candidate]:
        """Return the sentences around the citation in its paragraph; if all of that is cited, of the ones beside it."""
        window = self._in_paragraph(document, citation, budget)
        if not leads(window[-1]) and not all(_overlaps(citation, candidate) for candidate in window):
            return window
        following = _fitting(self._around_paragraph(document, citation.paragraph, 1), budget - _length(window))
        if leads(window[-1]):
            return [*window, *following]
        preceding = self._around_paragraph(document, citation.paragraph, -1)
        return [*reversed(_fitting(preceding, budget - _length([*window, *following]))), *window, *following]

    def _in_paragraph(self, document: DocumentRecord, citation: Citation, budget: int) -> list[Candidate]:
        """Return the sentences of its paragraph that the citation holds or that adjoin it."""
        own = self._source.paragraph(document.number, citation.paragraph)
        cited = [n for n, candidate in enumerate(own) if _overlaps(citation, candidate)]
        kept = own[cited[0] : cited[-1] + 1]
        behind = _fitting(own[cited[-1] + 1 :], budget - _length(kept))
        before = _fitting(own[: cited[0]][::-1], budget - _length([*kept, *behind]))
        return [*reversed(before), *kept, *behind]

    def _around_paragraph(self, document: DocumentRecord, paragraph: int, step: int) -> list[Candidate]:
        """Return the sentences of the paragraphs after one (`step` 1) or before it (-1), nearest first."""
        last = len(self._source.paragraphs(document.number))
        leading = step > 0 and leads(self._source.paragraph(document.number, paragraph)[-1])
        numbers = range(paragraph + step, last + 1 if step > 0 else 0, step)
        found: list[Candidate] = []
        for number in numbers if leading else numbers[:PARAGRAPHS_BESIDE]:
            found.extend(self._source.paragraph(document.number, number)[::step])
            if _length(found) > CHARACTERS:
                break
        return [candidate for candidate in found if not is_heading(candidate)]


def _fitting(candidates: Iterable[Candidate], budget: int) -> list[Candidate]:
    """Return the first of `candidates` that together have at most `budget` characters."""
    found: list[Candidate] = []
    for candidate in candidates:
        if _length([*found, candidate]) > budget:
            break
        found.append(candidate)
    return found


def _length(candidates: Sequence[Candidate]) -> int:
    return sum(len(candidate.text) for candidate in candidates)


def _overlaps(citation: Citation, candidate: Candidate) -> bool:
    return citation.start < candidate.sentence.end and candidate.sentence.start < citation.end


def _is_touched(citations: Sequence[Citation], candidate: Candidate) -> bool:
    own = [c for c in citations if c.document_id == candidate.document.id]
    return any(_overlaps(citation, candidate) for citation in own)


def _is_whole(citations: Sequence[Citation], candidate: Candidate) -> bool:
    """Say whether the sentence is cited from its beginning to its end."""
    own = [c for c in citations if c.document_id == candidate.document.id]
    return any(c.start <= candidate.sentence.start and candidate.sentence.end <= c.end for c in own)
