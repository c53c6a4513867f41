"""What of the texts is about a topic: sentences that say it, sections headed by it, and what answers it.

The word of the topic that is rarest in these texts must stand in the sentence itself: in a speech on
inspections every sentence is about inspections, so 巡视整改 asks for 整改. The others may stand around it.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from assistant.answering.answer import Status
from assistant.answering.sentences.question_terms import Unit, matches, question_units
from assistant.answering.service import Service
from assistant.base.errors import SettingsError
from assistant.base.text import fold
from assistant.documents.splitting import Section, Sentence
from assistant.index.records import DocumentView
from assistant.language.question import QUESTION_LIMIT, Question, parse_question

SAID, ENOUGH = 0.8, 0.6


def about(service: Service, texts: Sequence[DocumentView], topic: str) -> list[DocumentView]:
    """Return the documents with their sentences about `topic`, in order; raises SettingsError where there are none."""
    topic = topic[:QUESTION_LIMIT]
    asked = parse_question(topic)
    units = question_units(asked, service.words, service.glossary.canonical)
    answered = _answered(service, texts, asked)
    reader = _Reader(service, texts, units)
    kept = [replace(text, sentences=tuple(_kept(reader, text, answered))) for text in texts]
    found = [text for text in kept if text.sentences]
    if not found:
        raise SettingsError(f"所选范围里没有讲“{topic}”的内容：请换一个说法，或改选文件。")
    return found


Spans = dict[str, list[tuple[int, int]]]


def _answered(service: Service, texts: Sequence[DocumentView], topic: Question) -> Spans:
    """Return by document what the assistant answers with, asked for the topic; nothing where it is not sure."""
    answer = service.answerer.answer(topic, [text.record.id for text in texts])
    spans: Spans = {}
    if answer.status is Status.ANSWERED:
        for citation in answer.citations:
            spans.setdefault(citation.document_id, []).append((citation.start, citation.end))
    return spans


def _kept(reader: "_Reader", text: DocumentView, answered: Spans) -> Iterator[Sentence]:
    headed = [section for section in text.sections if reader.is_headed(section)]
    cited = answered.get(text.record.id, [])
    for sentence in text.sentences:
        inside = any(one.start <= sentence.start < one.end for one in headed)
        if inside or reader.is_about(text, sentence) or any(a < sentence.end and sentence.start < b for a, b in cited):
            yield sentence


class _Reader:
    """Says whether sentences are about the words of a topic, weighted by how rare they are here and anywhere."""

    def __init__(self, service: Service, texts: Sequence[DocumentView], units: Sequence[Unit]) -> None:
        self._form = service.glossary.canonical
        self._units = units
        said = {
            (text.record.id, one.start): matches(units, self._plain(text.text[one.start : one.end]))
            for text in texts
            for one in text.sentences
        }
        self._said = said
        often = sum(((found >= SAID).astype(int) for found in said.values()), start=np.zeros(len(units), dtype=int))
        rare = np.array([math.log(1 + len(said) / (1 + n)) for n in often])
        self._weights: NDArray[np.float64] = np.array([unit.weight for unit in units]) * rare

    def is_about(self, text: DocumentView, sentence: Sentence) -> bool:
        """Say whether a sentence says the rarest word, and enough of the others there or around it."""
        if not self._units:
            return False
        said = self._said[text.record.id, sentence.start]
        if said[int(self._weights.argmax())] < SAID:
            return False
        around = matches(self._units, "", self._around(text, sentence))
        return self._share(np.maximum(said, around)) >= ENOUGH

    def is_headed(self, section: Section) -> bool:
        """Say whether a section's heading says all the words."""
        return bool(self._units) and bool((matches(self._units, self._plain(section.title)) >= SAID).all())

    def _share(self, said: NDArray[np.float32]) -> float:
        total = float(self._weights.sum())
        return float(said @ self._weights) / total if total else 0.0

    def _around(self, text: DocumentView, sentence: Sentence) -> str:
        """Return what stands around a sentence: the title, the headings, its paragraph."""
        titles, at = [text.record.title], text.sections[sentence.section]
        while at.parent is not None:
            titles.append(at.title)
            at = text.sections[at.parent]
        paragraph = text.paragraphs[sentence.paragraph - 1]
        return self._plain("\n".join([*titles, at.title, text.text[paragraph.start : paragraph.end]]))

    def _plain(self, words: str) -> str:
        return fold(self._form(words))
