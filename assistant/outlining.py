"""Answers from a document's structure: its points, or what one numbered point or article says."""

import re
from collections.abc import Sequence

from assistant.candidates import Candidate, CandidateSource
from assistant.evidence import Unit
from assistant.questions import Question, numeral, weak
from assistant.records import DocumentRecord
from assistant.splitting import Section

POINTS = 8
_UNNUMBERED = {"", "引言", "结语"}
_DIRECTIVE = re.compile("要|应当|必须|坚持|不得|是")


def outline(
    question: Question, units: Sequence[Unit], documents: Sequence[DocumentRecord], source: CandidateSource
) -> list[tuple[Candidate, float]] | None:
    """Return the sentences that open the points asked for, each with its score; [] if there are no such points.

    `documents` are in the order of their fitness. A question with words of its own beside the
    title and the names of points (意见, 方面) is about a topic, not about the structure: None.
    """
    document = max(documents, key=lambda d: sum(u.weight for u in units if u.text in source.title(d)))
    title = source.title(document)
    rest = [u for u in units if not weak(u.text) and u.text not in title and not _points(u.text)]
    if rest:
        return None
    sections = source.sections(document)
    if question.article is not None:
        place = _place(question.article)
        article = next((s for s in sections if _place(s.label) == place), None)
        return _whole(article, document, sections, source) if article else []
    group = _group(question, sections)
    if question.ordinal is None:
        return _scored([source.opening(document, s) for s in group[:POINTS]])
    wanted = numeral(question.ordinal)
    point = next((s for s in group if _number(s) == wanted), None)
    return _whole(point, document, sections, source) if point else []


def _points(word: str) -> bool:
    """Say whether a word only names points or speaking: 第三, 点, 提."""
    return bool(
        re.fullmatch(
            "第?[一二两三四五六七八九十百千零〇0-9几]*(个|大|项|条|章|节)?(点|方面|部分|内容|问题)?|提|讲|说|讲话|主要|结构|提纲|"
            "大纲|概括|概要|摘要|总结|什么|规定|条款",
            word,
        )
    )


def _group(question: Question, sections: Sequence[Section]) -> list[Section]:
    """Return the sibling sections that a question points at: as many as it says, else the outermost."""
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
    """Return number and kind of an article or chapter: 第十二条 and 第12条 are the same."""
    found = re.fullmatch("第(.+?)(条|章|节)", label)
    value = numeral(found.group(1)) if found else None
    return (value, found.group(2)) if found and value is not None else None


def _whole(
    point: Section, document: DocumentRecord, sections: Sequence[Section], source: CandidateSource
) -> list[tuple[Candidate, float]]:
    """Return a point's opening and its sub-points, or, where it has none, its sentences."""
    first = source.opening(document, point)
    below = [source.opening(document, s) for s in [c for c in sections if c.parent == point.number][:POINTS]]
    inside = below or [c for c in source.inside(document, point) if _DIRECTIVE.search(c.text)]
    return _scored([first, *(c for c in inside if c.order != first.order)])


def _scored(found: Sequence[Candidate]) -> list[tuple[Candidate, float]]:
    return [(candidate, 1.0 - 0.01 * rank) for rank, candidate in enumerate(found[:POINTS])]
