"""The texts that a pack is made from: whole documents, some of their sections, or what is about a topic."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.answering.service import Service
from assistant.base.errors import SettingsError
from assistant.documents.splitting import Paragraph, Section, Sentence
from assistant.index.records import DocumentRecord, DocumentView
from assistant.study.pack import Brief, DocumentLine, Item, Quote
from assistant.study.source.topic import about

NOTHING_CHOSEN = "没有可用的文件：请先在“文件”页添加文件，或改选范围。"
NO_SECTION = "所选的章节不在这份文件里了：请重新选择章节。"


@dataclass(frozen=True)
class Text:
    """A document with those of its sentences that a pack may use; sections and offsets are the whole document's.

    `others` are its other sentences: only words of wrong options come from them.
    """

    record: DocumentRecord
    text: str
    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    sentences: tuple[Sentence, ...]
    others: tuple[Sentence, ...] = ()

    def quote(self, start: int, end: int) -> Quote:
        """Return the words from `start` to `end` with their place; they begin in one of the paragraphs."""
        paragraph = self.paragraph_at(start)
        section = self.section_at(start)
        path = section.path if section else ""
        place = (path, paragraph.number, start, end)
        return Quote(self.record.id, self.record.title, *place, self.text[start:end])

    def paragraph_at(self, offset: int) -> Paragraph:
        """Return the paragraph that holds an offset, or the last one before it."""
        return self.paragraphs[max(bisect_right(self._starts, offset) - 1, 0)]

    def section_at(self, offset: int) -> Section | None:
        """Return the innermost section that holds an offset, None before the first."""
        at: int | None = bisect_right(self._section_starts, offset) - 1
        while at is not None and at >= 0:
            if offset < self.sections[at].end:
                return self.sections[at]
            at = self.sections[at].parent
        return None

    def words(self, piece: Sentence | Paragraph | Section) -> str:
        """Return the words of a piece."""
        return self.text[piece.start : piece.end]

    @cached_property
    def line(self) -> DocumentLine:
        """What the pack says of the document."""
        r = self.record
        return DocumentLine(r.id, r.title, r.date, r.issuer, r.validity, len(self.paragraphs), len(self.text))

    @cached_property
    def _starts(self) -> list[int]:
        return [paragraph.start for paragraph in self.paragraphs]

    @cached_property
    def _section_starts(self) -> list[int]:
        return [section.start for section in self.sections]


class Used:
    """Says what is made of the chosen sentences alone: of sections or a topic, not of the rest of a document."""

    def __init__(self, texts: Sequence[Text]) -> None:
        """Keep where the sentences stand that may be used."""
        self._spans = {text.record.id: [(s.start, s.end) for s in text.sentences] for text in texts}

    def holds(self, item: Item) -> bool:
        """Say whether all that a question is made of may be used."""
        places = [(q.document_id, q.start, q.end) for q in item.further] + list(item.tested)
        return all(self._inside(*place) for place in places)

    def _inside(self, identity: str, start: int, end: int) -> bool:
        """Say whether words begin and end in sentences that may be used."""
        return all(self._at(identity, at) for at in (start, end - 1))

    def _at(self, identity: str, offset: int) -> bool:
        spans = self._spans.get(identity, [])
        at = bisect_right(spans, offset, key=lambda span: span[0]) - 1
        return at >= 0 and offset < spans[at][1]


def texts_of(service: Service, brief: Brief) -> list[Text]:
    """Return what `brief` chooses of what `service` may read; raises `SettingsError` where that is nothing."""
    ids = brief.documents or tuple(record.id for record in service.documents())
    whole = {identity: service.document(identity) for identity in ids}
    views = [_limited(view, brief) for view in whole.values()]
    if not views:
        raise SettingsError(NOTHING_CHOSEN)
    topic = brief.topic.strip()
    chosen = about(service, views, topic) if topic else views
    return [_text(one, whole[one.record.id]) for one in chosen]


def _text(view: DocumentView, whole: DocumentView) -> Text:
    used = {sentence.start for sentence in view.sentences}
    others = tuple(sentence for sentence in whole.sentences if sentence.start not in used)
    return Text(view.record, view.text, view.sections, view.paragraphs, view.sentences, others)


def _limited(view: DocumentView, brief: Brief) -> DocumentView:
    """Return a document with the sentences of the sections chosen, all where none is."""
    numbers = {number for identity, number in brief.sections if identity == view.record.id}
    sections = [section for section in view.sections if section.number in numbers]
    if len(sections) < len(numbers):
        raise SettingsError(NO_SECTION)
    return replace(view, sentences=_inside(view.sentences, sections)) if numbers else view


def _inside(sentences: Sequence[Sentence], sections: Sequence[Section]) -> tuple[Sentence, ...]:
    return tuple(s for s in sentences if any(one.start <= s.start < one.end for one in sections))
