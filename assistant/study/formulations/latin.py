"""Formulations of texts in Latin letters: quoted terms, names that recur, hyphenated rules, parallels of three.

A term has several words; a single one says nothing by itself, and begins others (Record, Records).
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from assistant.study.source.word_boundaries import BoundedText

Span = tuple[int, int]
MOST_WORDS, RECURS, SERIES_LEAST, MEMBER_WORDS = 8, 2, 3, 6
_QUOTED = re.compile(r"“([^“”\n]{2,60})”|\"([^\"\n]{2,60})\"|(?<!\w)‘([^‘’\n]{2,60})’")
_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_NAME = re.compile(
    r"(?<![\w-])[A-Z][a-z]+(?:-[A-Za-z]+)*(?:(?: (?:and|of|for|on|in))* [A-Z][a-z]+(?:-[A-Za-z]+)*)+(?![\w-])"
)
_ARTICLE = re.compile(r"(?:The|An?|This|That|These|Those|Each|Every|Our|Your|Its|Any|All|No|In|On|Under|For|Use|By) ")
_BODY = re.compile(
    r"(?:Agency|Board|Committee|Council|Department|Ministry|Office|University|Commission|Company|Inc|Ltd|Street|Road|"
    r"January|February|March|April|May|June|July|August|September|October|November|December)$|(?:Mr|Ms|Mrs|Dr|Article|Section)\b"
)
_RULE = re.compile(
    r"(?<![\w-])[a-z]+(?:-[a-z]+)+ (?:rule|principle|policy|approach|culture|test|cycle|standard|model)(?![\w-])"
)
_SERIES = re.compile(
    rf"(?<![A-Za-z'-])(?<![A-Za-z'-] )[A-Za-z][A-Za-z' -]*(?:[,;] [A-Za-z][A-Za-z' -]*){{{SERIES_LEAST - 2},}}"
)
_JOINT = re.compile(",? (?:and|or) |[,;] ")
_SMALL = frozenset("a an the of to and or in on for is are be we they".split())


def quoted_terms(cut: BoundedText) -> Iterator[Span]:
    """Yield terms of two to eight words in quotation marks; no sentences."""
    for match in _QUOTED.finditer(cut.read):
        start, end = match.span(match.lastindex or 0)
        words = cut.read[start:end]
        hyphened = "-" in words.strip("-")
        if words.isascii() and words == words.strip() and not re.search(r"[.!?:;]$|\d", words):
            if 2 - hyphened <= len(_WORD.findall(words)) <= MOST_WORDS:
                yield start, end


def names(cuts: Sequence[BoundedText]) -> Iterator[str]:
    """Yield capitalised terms of several words that recur, and named rules with a hyphen; no bodies and no months."""
    counts: Counter[str] = Counter()
    for cut in cuts:
        for match in _NAME.finditer(cut.read):
            words = match.group()
            while article := _ARTICLE.match(words):
                words = words[article.end() :]
            counts[words] += " " in words and not _BODY.search(words)
        yield from (match.group() for match in _RULE.finditer(cut.read))
    common = {word for cut in cuts for word in re.findall(r"\b[a-z]+", cut.read)}
    for words, count in counts.items():
        person = words.count(" ") == 1 and not any(word.lower() in common for word in words.split())
        if count >= RECURS and not person:
            yield words


def triads(cut: BoundedText) -> Iterator[tuple[Span, ...]]:
    """Yield series whose members have a word in common at one place, and as many words."""
    for match in _SERIES.finditer(cut.read):
        members = _members(cut, *match.span())
        words = [cut.read[slice(*member)].split() for member in members]
        if len(members) >= SERIES_LEAST and all(len(one) <= MEMBER_WORDS for one in words) and _alike(words):
            yield members


def _members(cut: BoundedText, start: int, end: int) -> tuple[Span, ...]:
    """Return the parts between commas; what leads the first in is cut where the second has fewer words."""
    marks = [mark.span() for mark in _JOINT.finditer(cut.read, start, end)]
    begins, ends = [start, *(after for _, after in marks)], [*(before for before, _ in marks), end]
    parts = [(begin, stop) for begin, stop in zip(begins, ends, strict=True)]
    size = len(cut.read[slice(*parts[1])].split())
    last = list(_WORD.finditer(cut.read, *parts[0]))[-size:]
    return ((last[0].start() if last else start, parts[0][1]), *parts[1:])


def _alike(words: Sequence[Sequence[str]]) -> bool:
    """Say whether all members have as many words and one in common at the same place."""
    if len({len(one) for one in words}) != 1 or len(words[0]) < 2:
        return False
    columns = [{word.lower() for word in column} for column in zip(*words, strict=True)]
    same = [column for column in columns if len(column) == 1 and not column <= _SMALL]
    return bool(same) and len({tuple(one) for one in words}) == len(words)


def standing(cut: BoundedText, words: str) -> Iterator[int]:
    """Yield where words stand that are no part of longer ones."""
    for match in re.finditer(rf"(?<![\w-]){re.escape(words)}(?![\w-])", cut.read):
        yield match.start()
