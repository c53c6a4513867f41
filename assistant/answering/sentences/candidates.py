"""Candidate sentences: those of the retrieved passages, each with its neighbours and headings."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.base.text import fold
from assistant.documents.splitting import OPENING_LABEL, Paragraph, Section, Sentence
from assistant.index.records import DocumentRecord
from assistant.index.retriever import Hit, Retriever

SENTENCES_KEPT = 20_000
PARAGRAPHS_KEPT = 5_000
DOCUMENTS_KEPT = 200
SENTENCES_OF_A_SECTION = 200
CONCLUDING = ("因此", "所以", "因而", "为此", "由此")
STOPS = "。！？；：，、.!?;:,）)”」"
HEADING_CHARACTERS = 40
BELOW_HEADING = 3
LEAD_ENDS = ("：", ":")


@dataclass(frozen=True)
class Candidate:
    """A sentence that may answer.

    `plain` and `near` (it with the sentences beside it) are in the glossary's form; `canonical`,
    `near_canonical` and `context` (title and headings above) are case-folded as well, for comparing.
    """

    document: DocumentRecord
    sentence: Sentence
    section: Section
    text: str
    plain: str
    canonical: str
    context: str
    near: str
    near_canonical: str

    @property
    def order(self) -> tuple[str, int]:
        """Sort key, and identity in the index: (document path, offset)."""
        return self.document.path, self.sentence.start


class CandidateSource:
    """Makes candidates of hits, and caches those of paragraphs that are asked for again."""

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever
        self._records = retriever.index.records
        self._vectors: dict[str, NDArray[np.float32]] = {}
        self._paragraphs: dict[int, tuple[Paragraph, ...]] = {}
        self._candidates: dict[tuple[int, int], list[Candidate]] = {}

    def candidates(self, hits: Sequence[Hit]) -> list[Candidate]:
        """Return the sentences of the passages in `hits`, each once, in the order of the hits.

        A heading says nothing by itself: it is replaced by the sentences below it.
        """
        found: dict[tuple[str, int], Candidate] = {}
        for hit in hits:
            passage = hit.passage
            for candidate in self.paragraph(passage.document, passage.paragraph)[passage.first : passage.last + 1]:
                below = self.inside(hit.document, candidate.section) if is_heading(candidate) else [candidate]
                for one in [c for c in below if not is_heading(c)][:BELOW_HEADING]:
                    found.setdefault(one.order, one)
        return list(found.values())

    def vectors(self, candidates: Sequence[Candidate]) -> NDArray[np.float32]:
        """Return the unit vectors (n, dimensions) of the candidates' texts."""
        known = self._vectors  # bound once: another thread may start a new table meanwhile
        missing = list(dict.fromkeys(c.text for c in candidates if c.text not in known))
        if len(known) + len(missing) > SENTENCES_KEPT:
            known, missing = {}, list(dict.fromkeys(c.text for c in candidates))
        if missing:
            known.update(zip(missing, self._retriever.encoder.encode_documents(missing), strict=True))
        self._vectors = known
        return np.array([known[c.text] for c in candidates])

    def with_items(self, kept: list[tuple[Candidate, float]], most: int) -> list[tuple[Candidate, float]]:
        """Return `kept` with list items added after a sentence that leads a list in, `most` sentences in all."""
        found = dict.fromkeys(candidate.order for candidate, _ in kept)
        grown = list(kept)
        for candidate, score in kept:
            if leads(candidate):
                for item in self.items(candidate):
                    if item.order not in found and len(grown) < most:
                        found[item.order] = None
                        grown.append((item, score * 0.9))
        return grown

    def left_out(self, kept: list[tuple[Candidate, float]]) -> int:
        """Return how many items of the lists led in by sentences of `kept` are not in `kept`."""
        quoted = {candidate.order for candidate, _ in kept}
        items = {item.order for candidate, _ in kept if leads(candidate) for item in self.items(candidate)}
        return len(items - quoted)

    def with_reasons(self, kept: list[tuple[Candidate, float]]) -> list[tuple[Candidate, float]]:
        """Return `kept` with the preceding sentence, which has the reason, before each that opens with 因此."""
        grown = list(kept)
        for candidate, score in kept:
            number = candidate.sentence.number
            if candidate.text.startswith(CONCLUDING) and number:
                reason = self.paragraph(candidate.document.number, candidate.sentence.paragraph)[number - 1]
                if all(reason.order != other.order for other, _ in grown):
                    grown.append((reason, score))
        return grown

    def items(self, lead: Candidate) -> list[Candidate]:
        """Return the first sentence of each item of the list that `lead`, ending in a colon, leads in.

        Items are the paragraphs right after it with section marks of one kind; the first paragraph of another
        kind, or that leads in a list of its own, ends the list.
        """
        number = lead.document.number
        sections = self._records.sections(number)
        found: list[Candidate] = []
        for paragraph in self.paragraphs(number)[lead.sentence.paragraph :]:
            section = sections[paragraph.section]
            marked = section.start == paragraph.start
            level = sections[found[0].sentence.section].level if found else section.level
            if not marked or section.number == lead.section.number or section.level < level:
                if marked or not found or leads(self.paragraph(number, paragraph.number)[-1]):
                    break
                continue
            if section.level == level:
                found.append(self.paragraph(number, paragraph.number)[0])
        return found

    def title(self, document: DocumentRecord) -> str:
        """Return a document's title, folded and in the glossary's form."""
        return fold(self._retriever.glossary.canonical(document.title))

    def paragraphs(self, document: int) -> tuple[Paragraph, ...]:
        """Return the paragraphs of a document."""
        known = self._paragraphs
        if document not in known:
            if len(known) >= DOCUMENTS_KEPT:
                known = self._paragraphs = {}
            known[document] = tuple(self._records.paragraphs(document))
        return known[document]

    def paragraph(self, document: int, number: int) -> list[Candidate]:
        """Return the sentences of a paragraph as candidates."""
        known, key = self._candidates, (document, number)
        if key not in known:
            if len(known) >= PARAGRAPHS_KEPT:
                known = self._candidates = {}
            known[key] = self._paragraph(document, number)
        return known[key]

    def sections(self, document: DocumentRecord) -> Sequence[Section]:
        """Return the sections of a document."""
        return self._records.sections(document.number)

    def opening(self, document: DocumentRecord, section: Section) -> Candidate:
        """Return the sentence with which a section opens."""
        return self.inside(document, section)[0]

    def inside(self, document: DocumentRecord, section: Section) -> list[Candidate]:
        """Return the sentences of a section in order."""
        found: list[Candidate] = []
        paragraphs = self.paragraphs(document.number)
        first = max(0, bisect_right(paragraphs, section.start, key=lambda p: p.start) - 1)
        for p in paragraphs[first:]:
            if p.start >= section.end or len(found) >= SENTENCES_OF_A_SECTION:
                break
            found.extend(self.paragraph(document.number, p.number))
        return [c for c in found if section.start <= c.sentence.start < section.end]

    def _paragraph(self, document: int, number: int) -> list[Candidate]:
        record, text = self._records.document(document), self._records.text(document)
        sections = self._records.sections(document)
        sentences = self._records.sentences(document, number)
        texts = [text[s.start : s.end] for s in sentences]
        plain = [self._retriever.glossary.canonical(t) for t in texts]
        canonical = [fold(t) for t in plain]
        made = []
        for at, sentence in enumerate(sentences):
            beside = slice(max(0, at - 1), at + 2)
            made.append(
                Candidate(
                    record,
                    sentence,
                    sections[sentence.section],
                    texts[at],
                    plain[at],
                    canonical[at],
                    fold(self._retriever.glossary.canonical(_above(record, sections, sentence))),
                    "".join(plain[beside]),
                    "".join(canonical[beside]),
                )
            )
        return made


def is_heading(candidate: Candidate) -> bool:
    """Say whether a sentence is only a heading or title: a short line of its own without a stop."""
    if candidate.text.startswith("#"):
        return True
    alone = candidate.sentence.number == 0 and candidate.near == candidate.plain
    opens = candidate.section.start == candidate.sentence.start or candidate.sentence.paragraph == 1
    return alone and opens and len(candidate.text) <= HEADING_CHARACTERS and candidate.text[-1] not in STOPS


def leads(candidate: Candidate) -> bool:
    """Say whether a sentence leads in a list."""
    return candidate.text.endswith(LEAD_ENDS)


def _above(document: DocumentRecord, sections: Sequence[Section], sentence: Sentence) -> str:
    """Return the title and the headings above a sentence, outermost first."""
    words = []
    at: int | None = sentence.section
    while at is not None:
        section = sections[at]
        if section.start < sentence.start and section.label != OPENING_LABEL:
            words.append(f"{section.label}{section.title}")
        at = section.parent
    return "\n".join([document.title, *reversed(words)])
