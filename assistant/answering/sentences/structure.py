"""Answers from document structure: all points, a numbered one, an article, a section by its heading, the purpose."""

import re
from collections.abc import Sequence

from assistant.answering.sentences.candidates import Candidate, CandidateSource, is_heading
from assistant.answering.sentences.question_terms import Unit
from assistant.base.text import fold
from assistant.documents.splitting import Section
from assistant.index.records import DocumentRecord
from assistant.language.numerals import numeral
from assistant.language.question import Question, weak

POINTS = 8
OPENING_PARAGRAPHS = 3
PURPOSE_PARAGRAPHS = 8
ARTICLES_MOST = 3  # documents with the article asked for, where none is named
REAL_CHARACTERS = 30  # shorter paragraphs are titles, greetings, names and dates
HEADING_LEAST, HEADING_MOST = 3, 20
_UNNUMBERED = {"", "引言", "结语"}
_DIRECTIVE = re.compile("要|应当|必须|坚持|不得|是")
_PURPOSE = re.compile("为了?[^。]{4,}(制[定订]|出台|印发|通知如下|通告如下|公告如下|方案如下|意见如下)")

Found = list[tuple[Candidate, float]]


def outline(
    question: Question, units: Sequence[Unit], documents: Sequence[DocumentRecord], source: CandidateSource
) -> Found | None:
    """Return the opening sentences of the points asked for, with scores; [] where there are no such points.

    `documents` come best first. None if the question is about a topic, not about structure: it has words other
    than the names of points (意见, 方面) and of the document.
    """
    fit = [d for d in documents if not _own_words(units, d, source)]
    if not fit:
        return None
    if question.article is not None:
        return _article(question.article, units, fit, source)
    document = max(fit, key=lambda d: _named(units, d, source))
    sections = source.sections(document)
    group = _group(question, sections)
    if question.ordinal is None:
        return _scored([source.opening(document, s) for s in group[:POINTS]])
    wanted = numeral(question.ordinal)
    point = next((s for s in group if _number(s) == wanted), None)
    return _whole(point, document, sections, source) if point else []


def placed(position: int, document: DocumentRecord, source: CandidateSource) -> list[Candidate]:
    """Return the sentences of the paragraph that a question points at: 第三段, the first or last real one."""
    paragraphs = source.paragraphs(document.number)
    if position > 1:
        return source.paragraph(document.number, position) if position <= len(paragraphs) else []
    real = [p.number for p in paragraphs if p.end - p.start >= REAL_CHARACTERS] or [p.number for p in paragraphs]
    return source.paragraph(document.number, real[0] if position == 1 else real[-1])


def passage_placed(
    question: Question, units: Sequence[Unit], documents: Sequence[DocumentRecord], source: CandidateSource
) -> Found | None:
    """Return the paragraph pointed at by a question with no other words, [] if it does not exist; else None."""
    fit = [d for d in documents if not _own_words(units, d, source)]
    if question.position is None or not fit:
        return None
    document = max(fit, key=lambda d: _named(units, d, source))
    return _scored(placed(question.position, document, source))


def section_named(
    question: Question, units: Sequence[Unit], documents: Sequence[DocumentRecord], source: CandidateSource
) -> Found:
    """Return the content of the section whose heading is asked for (重点任务有哪些); [] where there is none."""
    asked = fold(question.text)
    for document in documents:
        for section in source.sections(document):
            core = _core(section)
            if not HEADING_LEAST <= len(core) <= HEADING_MOST or core not in asked:
                continue
            opening = source.opening(document, section)
            rest = [u for u in _own_words(units, document, source) if u.text not in core]
            if not rest and is_heading(opening):
                found = _whole(section, document, source.sections(document), source)
                return [(c, score) for c, score in found if c.order != opening.order]
    return []


def purpose(document: DocumentRecord, source: CandidateSource) -> Found:
    """Return the sentence that states why a document was made (为了……，制定本办法), [] if there is none."""
    beginning = source.paragraphs(document.number)[:PURPOSE_PARAGRAPHS]
    sentences = (c for p in beginning for c in source.paragraph(document.number, p.number))
    return _scored([c for c in sentences if _PURPOSE.search(c.text)][:1])


def _own_words(units: Sequence[Unit], document: DocumentRecord, source: CandidateSource) -> list[Unit]:
    """Return the words that name neither points nor, in title or opening, the document."""
    said = f"{source.title(document)}\n{_opening(document, source)}"
    return [u for u in units if not weak(u.text) and not _points(u.text) and u.text not in said]


def _opening(document: DocumentRecord, source: CandidateSource) -> str:
    """Return the short lines at the start of a document, which hold speaker, office and date."""
    first = source.paragraphs(document.number)[:OPENING_PARAGRAPHS]
    lines = [c.canonical for p in first for c in source.paragraph(document.number, p.number)]
    return "\n".join(line for line in lines if len(line) <= HEADING_MOST * 2)


def _named(units: Sequence[Unit], document: DocumentRecord, source: CandidateSource) -> float:
    """Return the summed weight of the question's words that name a document."""
    said = f"{source.title(document)}\n{_opening(document, source)}"
    return sum(u.weight for u in units if u.text in said)


def _article(label: str, units: Sequence[Unit], documents: Sequence[DocumentRecord], source: CandidateSource) -> Found:
    """Return the article from the named document; with none named, from each that has it if these are few."""
    best = max(_named(units, d, source) for d in documents)
    having = [
        (document, article)
        for document in documents
        if _named(units, document, source) >= best
        and (article := next((s for s in source.sections(document) if _place(s.label) == _place(label)), None))
    ]
    if len(having) > ARTICLES_MOST:
        return []
    each = max(POINTS // max(len(having), 1), 1)
    return [f for d, article in having for f in _whole(article, d, source.sections(d), source)[:each]]


def _core(section: Section) -> str:
    return re.sub(r"\W", "", fold(section.title or section.label))


def _points(word: str) -> bool:
    """Say whether a word only refers to points or to speaking: 第三, 点, 提."""
    return bool(
        re.fullmatch(
            "第?[一二两三四五六七八九十百千零〇0-9几]*(个|大|项|条|章|节)?(点|方面|部分|内容|问题)?|提|讲|说|写|讲话|主要|结构|提纲|"
            "大纲|概括|概要|摘要|总结|什么|规定|条款",
            word,
        )
    )


def _group(question: Question, sections: Sequence[Section]) -> list[Section]:
    """Return the sibling sections pointed at: with the number or as many as asked for, else the first several."""
    groups: dict[int | None, list[Section]] = {}
    for section in sections:
        if section.label not in _UNNUMBERED:
            groups.setdefault(section.parent, []).append(section)
    if question.ordinal is not None:
        wanted = numeral(question.ordinal)
        return next((g for g in groups.values() if wanted and any(_number(s) == wanted for s in g)), [])
    exact = next((g for g in groups.values() if len(g) == question.count), None)
    return exact or next((g for g in groups.values() if len(g) > 1), [])


def _number(section: Section) -> int | None:
    found = re.match("[第（(]?([一二三四五六七八九十]+|[0-9]+)", section.label)
    return numeral(found.group(1)) if found and len(section.label) <= len(found.group()) + 2 else None


def _place(label: str) -> tuple[int, str] | None:
    """Return (number, kind) of an article's or chapter's label, the same for 第十二条 and 第12条."""
    found = re.fullmatch("第(.+?)(条|章|节)", label)
    value = numeral(found.group(1)) if found else None
    return (value, found.group(2)) if found and value is not None else None


def _whole(point: Section, document: DocumentRecord, sections: Sequence[Section], source: CandidateSource) -> Found:
    """Return the opening of a point and its sub-points or, if it has none, all its sentences."""
    first = source.opening(document, point)
    below = [source.opening(document, s) for s in [c for c in sections if c.parent == point.number][:POINTS]]
    inside = below or [c for c in source.inside(document, point) if _DIRECTIVE.search(c.text)]
    return _scored([first, *(c for c in inside if c.order != first.order)])


def _scored(found: Sequence[Candidate]) -> Found:
    return [(candidate, 1.0 - 0.01 * rank) for rank, candidate in enumerate(found[:POINTS])]
