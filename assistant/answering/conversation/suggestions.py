"""Suggested questions: what could be asked next, each of which the documents answer.

They are made from sentences and headings near the citations (or near the closest passages, where nothing was
found): 应当具备下列条件 becomes 应当具备哪些条件. Each is really asked, and shown only if its answer cites the
very sentence or section that it was made from.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from assistant.answering.answer import Answer, Citation, Status
from assistant.answering.answerer import Answerer
from assistant.answering.confidence import Strength, strength
from assistant.answering.conversation.follow_ups import Action
from assistant.answering.conversation.query_rewriting import core
from assistant.answering.conversation.state import Conversation, understand
from assistant.answering.conversation.turn import Within
from assistant.answering.sentences.candidates import Candidate, is_heading
from assistant.answering.sentences.structure import HEADING_LEAST, HEADING_MOST
from assistant.base.text import fold
from assistant.documents.splitting import OPENING_LABEL, Section
from assistant.index.records import DocumentRecord
from assistant.language.numerals import chinese, numeral

SHOWN = 3
TRIES = 8  # questions asked at most for `SHOWN` good ones: each costs as much as an answer
PLACES = 3  # citations around which is looked
SENTENCES_BESIDE = 16
PARAGRAPHS_BEHIND, PARAGRAPHS_BEFORE = 5, 2
SECTIONS_BESIDE = 2
QUESTION_LEAST, QUESTION_MOST = 7, 40
TITLE_MOST = 30

_N = "[0-9０-９一二三四五六七八九十百千万零〇两]+(?:分之[0-9一二三四五六七八九十百]+)?"
_UNIT = "个工作日|个月|工作日|日|天|年|月|小时|分钟|万元|元|人|名|次|倍|%|％|周岁|岁|米|公里"
_SUBJECT = r"(?P<subject>[^，。；：、“”（）《》\s]{2,20}?)"
_MARK = re.compile(
    r"^[ \u3000]*(?:第[一二三四五六七八九十百零〇0-9]+[条点]?|[（(]?[一二三四五六七八九十0-9]+[）)、.．]|首先|其次)"
    r"[，,、 \u3000]*"
)
_HANGING = re.compile(
    "^(?:其|它|该|此|这|本(?!市|省|县|区)|上述|前款|前项|前条|对此|同时|并|而|但|且|或|也|还|又|就|都|即|如|凡|以|在|从|由|"
    "因|为|把|将|被|对|不|要|应|须|可|能|会|有|没|是|的|了|着|和|与|及)"
)
_ABOUT = "任务|目的|原则|方针|要求|重点|目标|宗旨|方向|职责|本质|性质|核心|关键|基础|根本|前提|主题|生命线|落脚点|遵循"
_LIST = re.compile(
    r"(?P<lead>[^，。；：]{2,16}[，,]?[^，。；：]{0,16}?)(?:下列|以下)(?P<things>[^，。；：]{1,10}?)(?:之一)?(?:的)?[：:]$"
)
_CASES = re.compile(
    r"^(?P<lead>[^，。；：]{2,16})有(?:下列|以下)(?P<things>[^，。；：]{1,8}?)之一的?[，,](?P<rest>[^，。；：]{2,20})[：:]$"
)
_WITHIN = re.compile(
    rf"^(?P<subject>[^，。；：、“”（）《》\s]{{2,16}}?)(?P<must>应当|必须|可以)(?P<since>自[^，。；：]{{2,16}}?之日起|在[^，。；：]{{0,12}}?|于)?"
    rf"{_N}(?P<unit>个工作日|个月|工作日|日|天|小时|年)(?:以|之)?内(?P<deed>[^，。；：]{{2,16}})$"
)
_IS = re.compile(rf"^{_SUBJECT}(?P<kind>{_ABOUT})(?:主要)?(?:是|在于|为)[^，。；]{{4,}}")
_MEANS = re.compile(r"[“]?(?P<term>[^，。；：、“”（）《》\s]{2,16})[”]?[，,]?(?:是指|系指|指的是)")
_LIMIT = re.compile(
    rf"^{_SUBJECT}(?P<limit>不得?超过|不少于|不得少于|不低于|不得低于|不高于|不得高于|最[多少长高低]|为|共|累计)(?P<figure>{_N})(?P<unit>{_UNIT})"
)
_AGENT = re.compile(
    r"^(?P<subject>[^，。；：、“”（）《》\s]{2,16})由(?P<agent>[^，。；：“”（）《》\s]{2,20}?)(?P<deed>负责|批准|审批|组织|制定|决定|承担)"
)
_PAIRS = (("“", "”"), ("（", "）"), ("《", "》"))


@dataclass(frozen=True)
class Proposal:
    """A question, and the piece of a document, [start, end), that it was made from and that must answer it."""

    question: str
    document: str
    start: int
    end: int


def suggest(
    answerer: Answerer, answer: Answer, conversation: Conversation, asked: Sequence[str], within: Within = None
) -> list[str]:
    """Return up to `SHOWN` questions to ask after `answer`, all of which the documents `within` answer.

    None repeats one that was `asked` or cites what `answer` cites already.
    """
    said = {core(fold(text)) for text in (*asked, answer.question, answer.understood)}
    cited = list(answer.citations)
    shown: list[str] = []
    for proposal in islice(_fresh(_Maker(answerer).proposals(answer), said), TRIES):
        if len(shown) == SHOWN:
            break
        understood = understand(proposal.question, conversation)
        if understood.action is not Action.FRESH:
            continue
        found = answerer.answer(understood.parsed, within)
        if _answers(found, proposal) and not all(_is_known(c, cited) for c in found.citations):
            shown.append(proposal.question)
            cited.extend(found.citations)
    return shown


def _fresh(proposals: Iterator[Proposal], said: set[str]) -> Iterator[Proposal]:
    """Yield the proposals that read like questions and repeat nothing."""
    for proposal in proposals:
        words = core(fold(proposal.question))
        is_whole = all(proposal.question.count(a) == proposal.question.count(b) for a, b in _PAIRS)
        if is_whole and QUESTION_LEAST <= len(proposal.question) <= QUESTION_MOST and words not in said:
            said.add(words)
            yield proposal


def _answers(found: Answer, proposal: Proposal) -> bool:
    """Say whether an answer, sure of itself, cites what its question was made from."""
    sure = strength(found) in (Strength.STRONG, Strength.PLACED)
    return sure and any(
        c.document_id == proposal.document and c.start < proposal.end and proposal.start < c.end
        for c in found.citations
    )


def _is_known(citation: Citation, cited: Sequence[Citation]) -> bool:
    return any(
        c.document_id == citation.document_id and c.start < citation.end and citation.start < c.end for c in cited
    )


class _Maker:
    """Makes questions from the text around an answer's citations."""

    def __init__(self, answerer: Answerer) -> None:
        self._source = answerer.source
        self._records = answerer.retriever.index.records

    def proposals(self, answer: Answer) -> Iterator[Proposal]:
        """Yield questions from sentences and from headings in turn, the nearest first."""
        places = list(self._places(answer))
        sentences = chain.from_iterable(self._of_sentences(*place) for place in places)
        headings = chain.from_iterable(self._of_headings(*place) for place in places)
        for pair in zip_longest(islice(sentences, TRIES), islice(headings, SECTIONS_BESIDE)):
            yield from filter(None, pair)

    def _places(self, answer: Answer) -> Iterator[tuple[DocumentRecord, int]]:
        """Yield the first places of an answer as (document, paragraph): its citations, or else its nearest passages."""
        if answer.status is Status.NOT_FOUND:
            for hit in answer.passages[:PLACES]:
                yield hit.document, hit.passage.paragraph
            return
        numbers = self._records.numbers([c.document_id for c in answer.citations])
        best = sorted(answer.citations, key=lambda c: -c.score)
        for place in list(dict.fromkeys((numbers.get(c.document_id), c.paragraph) for c in best))[:PLACES]:
            if place[0] is not None:
                yield self._records.document(place[0]), place[1]

    def _of_sentences(self, document: DocumentRecord, paragraph: int) -> Iterator[Proposal]:
        """Yield questions made from the sentences of a paragraph and of the ones after and before it."""
        last = len(self._source.paragraphs(document.number))
        behind = range(paragraph, min(paragraph + PARAGRAPHS_BEHIND, last) + 1)
        numbers = [*behind, *range(paragraph - 1, max(paragraph - 1 - PARAGRAPHS_BEFORE, 0), -1)]
        near = [c for n in numbers for c in self._source.paragraph(document.number, n)]
        for candidate in near[:SENTENCES_BESIDE]:
            for question in () if is_heading(candidate) else _questions(candidate.text):
                sentence = candidate.sentence
                yield Proposal(question, document.id, sentence.start, sentence.end)

    def _of_headings(self, document: DocumentRecord, paragraph: int) -> Iterator[Proposal]:
        """Yield questions about the sibling sections of the one around a paragraph, the following ones first."""
        sections = self._source.sections(document)
        here = self._section_at(document, paragraph, sections)
        if here is None or len(document.title) > TITLE_MOST:
            return
        siblings = [s for s in sections if s.parent == here.parent and s.label != OPENING_LABEL]
        behind = [s for s in siblings if s.start > here.start]
        before = [s for s in siblings if s.start < here.start]
        for section in [*behind, *reversed(before)][:SECTIONS_BESIDE]:
            question = self._of_section(document, section)
            if question:
                yield Proposal(question, document.id, section.start, section.end)

    def _section_at(self, document: DocumentRecord, paragraph: int, sections: Sequence[Section]) -> Section | None:
        """Return the outermost numbered or titled section around a paragraph."""
        candidates: list[Candidate] = self._source.paragraph(document.number, paragraph)
        at: int | None = candidates[0].sentence.section if candidates else None
        found = None
        while at is not None:
            found, at = sections[at], sections[at].parent
        return found

    def _of_section(self, document: DocumentRecord, section: Section) -> str:
        """Return a question about a section: by its number where it is a point, by its heading where it has one."""
        point = re.fullmatch("第?([一二三四五六七八九十]+)[、，]?", section.label)
        number = numeral(point.group(1)) if point else None
        if number:
            return f"《{document.title}》第{chinese(number)}点讲了什么？"
        if re.fullmatch("第[一二三四五六七八九十百零]+条", section.label):
            return f"《{document.title}》{section.label}规定了什么？"
        heading = (section.title or "").strip()
        if HEADING_LEAST <= len(heading) <= HEADING_MOST and is_heading(self._source.opening(document, section)):
            return f"《{document.title}》里“{heading}”有哪些规定？" if "“" not in heading else ""
        return ""


def _questions(sentence: str) -> Iterator[str]:
    """Yield the questions that a sentence answers, worded as the sentence is."""
    text = _MARK.sub("", sentence.strip())
    if (found := _CASES.match(text)) and not _HANGING.match(found["lead"]):
        yield f"{found['lead']}有哪些{found['things']}的，{found['rest']}？"
    elif (found := _LIST.search(text)) and not _HANGING.match(found["lead"]):
        yield f"{found['lead'].strip('，, ')}哪些{found['things']}？"
    for clause in re.split("[，；。：]", text):
        yield from _of_clause(clause)
    found = _MEANS.search(text)
    term = re.split("所[称指]的?", found["term"])[-1] if found else ""
    if len(term) > 1 and not _HANGING.match(term):
        yield f"什么是{term}？"


def _of_clause(clause: str) -> Iterator[str]:
    clause = _MARK.sub("", clause)
    if _HANGING.match(clause):
        return
    if found := _IS.match(clause + "。" * 4):
        yield f"{found['subject']}{found['kind']}是什么？"
    if found := _WITHIN.match(clause):
        since = found["since"] or "在"
        yield f"{found['subject']}{found['must']}{since}多少{found['unit']}内{found['deed']}？"
    if found := _LIMIT.match(clause):
        yield f"{found['subject']}{found['limit']}多少{found['unit']}？"
    if found := _AGENT.match(clause):
        rest = clause[found.end("deed") :]
        yield f"{found['subject']}由谁{found['deed']}{rest if len(rest) <= 6 else ''}？"
