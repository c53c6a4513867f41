"""`Document` to sections, paragraphs, sentences and passages, all as offsets into its text.

Paragraphs are the non-empty lines; sentences tile a paragraph; passages are runs of neighbouring
sentences of one paragraph and of one section. Section marks are described in `section_marks`. What a
piece is worth to a question is decided elsewhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.base.text import CLOSING, OPENING
from assistant.documents.document import Document
from assistant.language.section_marks import POINT_KINDS, Mark, SectionStack, closing_mark, inline_mark, line_mark

PASSAGE_CHARACTERS = 200
SENTENCE_LIMIT = 1000
QUOTE_LIMIT = 300
OPENING_LABEL = "引言"
PATH_JOIN = " · "

_LINE = re.compile(r"[^\n]+")
_END = re.compile(r"[。！？!?；;]+|(?<![0-9a-zA-Z])\.(?=\s|$)|(?<=[a-zA-Z]{2})\.(?=\s|$)|(?<!…)…+$")
_TRAILING = CLOSING + "。！？!?；;…"
_IN_ADDRESS = re.compile("[0-9a-zA-Z/][!?;][a-zA-Z]")
_MARK = re.compile(f'[{re.escape(OPENING + CLOSING)}"]')
_CLAUSE = re.compile(r"[，、,：:\s]")
_OPENED_BY = dict(zip(CLOSING + '"', OPENING + '"', strict=True))


@dataclass(frozen=True)
class Section:
    """A section; `path` joins the labels of the line-level sections around it, itself included.

    `parent` is the number of the enclosing section or None; `end` is exclusive. `label` is the
    mark ("第二", "（一）", "第十二条") or a heading's own words; `title` its opening clause.
    """

    number: int
    label: str
    title: str
    level: int
    parent: int | None
    path: str
    start: int
    end: int


@dataclass(frozen=True)
class Paragraph:
    """The `number`-th non-empty line, counted from 1; `section` is the one that it starts in."""

    number: int
    section: int
    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """A sentence; `number` counts from 0 within its paragraph."""

    paragraph: int
    number: int
    section: int
    start: int
    end: int


@dataclass(frozen=True)
class Passage:
    """Neighbouring sentences `first` to `last` (inclusive) of one paragraph.

    `context` is what a reader of the passage alone would miss: the headings above it and the
    words that lead a list in. It is searched and encoded with the passage, never quoted.
    """

    paragraph: int
    section: int
    first: int
    last: int
    start: int
    end: int
    context: str


@dataclass(frozen=True)
class Structure:
    """All pieces of one document, each list in the order of the text."""

    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]


def split(document: Document) -> Structure:
    """Return the pieces of `document`; a blank text gives none."""
    text, sections = document.text, _Sections(document)
    paragraphs: list[Paragraph] = []
    sentences: list[Sentence] = []
    for number, (start, end) in enumerate(paragraph_spans(text), 1):
        section = sections.enter_line(start, end)
        paragraphs.append(Paragraph(number, section, start, end))
        for index, (a, b) in enumerate(sentence_spans(text, start, end)):
            inner = sections.enter_sentence(a, b) if index else section
            sentences.append(Sentence(number, index, inner, a, b))
        sections.leave_line(end)
    closed = sections.close()
    return Structure(closed, tuple(paragraphs), tuple(sentences), tuple(_passages(text, closed, sentences)))


def paragraph_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each non-blank line, without the blanks around it."""
    for line in _LINE.finditer(text):
        content = line.group()
        stripped = content.strip()
        if stripped:
            start = line.start() + len(content) - len(content.lstrip())
            yield start, start + len(stripped)


def sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of `text[start:end]`; blanks between them belong to none.

    A sentence ends after 。！？； or their ASCII forms, with the closing and end marks that follow;
    the ? in an address is no end. An end inside a pair of quotation marks or brackets counts only
    when the pair closes right behind it or is longer than `QUOTE_LIMIT`. Longer than
    `SENTENCE_LIMIT`, it is cut at a clause.
    """
    begin = start
    for stop in [*_ends(text, start, end), end]:
        while begin < stop and text[begin].isspace():
            begin += 1
        if begin < stop:
            yield from _cut_long(text, begin, stop)
        begin = stop


def _ends(text: str, start: int, end: int) -> Iterator[int]:
    pairs, inside, reached = _closed_pairs(text, start, end)[::-1], list[tuple[int, int]](), start
    for match in _END.finditer(text, start, end):
        if _IN_ADDRESS.match(text, match.start() - 1):
            continue
        stop = match.end()
        _enter(inside, pairs, match.start())
        while inside and stop == inside[-1][1] - 1 and ";" not in match.group() and "；" not in match.group():
            stop = inside.pop()[1]
        if not inside and stop < end:
            stop = max(stop, reached)  # what an earlier one took in is not looked at again
            while stop < end and text[stop] in _TRAILING:
                stop += 1
            yield stop
            reached = stop


def _enter(inside: list[tuple[int, int]], pairs: list[tuple[int, int]], at: int) -> None:
    """Make `inside` the pairs around `at`, the outermost first; `pairs` are those ahead, the next one last."""
    while pairs and pairs[-1][0] < at:
        _leave(inside, pairs[-1][0])
        inside.append(pairs.pop())
    _leave(inside, at)


def _leave(inside: list[tuple[int, int]], at: int) -> None:
    while inside and inside[-1][1] <= at:
        inside.pop()


def _closed_pairs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return (start, end) of marks that open and close within the span and are not too long, by start.

    One lies inside another or beside it. What is opened inside a pair and not closed there is forgotten.
    """
    stack: list[int] = []
    places: dict[str, list[int]] = {mark: [] for mark in _OPENED_BY.values()}
    pairs = []
    for match in _MARK.finditer(text, start, end):
        at, mark = match.start(), match.group()
        same = places.get(_OPENED_BY.get(mark, ""))
        if same and at + 1 - same[-1] <= QUOTE_LIMIT:
            pairs.append((same[-1], at + 1))
            while stack and stack[-1] >= pairs[-1][0]:
                places[text[stack.pop()]].pop()
        elif mark in places:
            stack.append(at)
            places[mark].append(at)
    return sorted(pairs)


def _cut_long(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > SENTENCE_LIMIT:
        breaks = [m.end() for m in _CLAUSE.finditer(text, start + SENTENCE_LIMIT // 2, start + SENTENCE_LIMIT)]
        stop = breaks[-1] if breaks else start + SENTENCE_LIMIT
        kept = len(text[start:stop].rstrip())
        yield start, start + kept
        start = stop
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield start, end


class _Sections:
    """Collects the sections of a document while its lines and sentences go by."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._levels = {h.start: h.level for h in document.headings}
        self._stack = SectionStack()
        self._open: list[int] = []
        self._made: list[Section] = []
        self._points: set[str] = set()
        self._inline: set[str] = set()

    def enter_line(self, start: int, end: int) -> int:
        """Open what the line at `start` marks; return the number of the section it stands in."""
        line = self._text[start:end]
        level = next((self._levels[at] for at in range(start, min(start + 8, end)) if at in self._levels), None)
        mark = line_mark(line, level) or closing_mark(line, self._stack.kinds) or inline_mark(line, self._points)
        if mark is None and not self._open:
            mark = Mark(OPENING_LABEL, "", "opening")
        if mark:
            self._push(replace(mark, inline=False) if mark.inline else mark, start)
            self._points.add(mark.label)
            self._inline = {mark.label}
        return self._open[-1]

    def enter_sentence(self, start: int, end: int) -> int:
        """Open what a sentence inside the line marks; return the section it stands in."""
        mark = inline_mark(self._text[start:end], self._inline)
        if mark:
            self._inline.add(mark.label)
            self._push(self._stack.placed(mark), start)
        return self._open[-1]

    def leave_line(self, end: int) -> None:
        self._inline = set()
        self._close_until(self._stack.leave_inline(), end)

    def close(self) -> tuple[Section, ...]:
        self._close_until(0, len(self._text))
        if len(self._made) == 1 and self._made[0].label == OPENING_LABEL:
            return (replace(self._made[0], label="", path=""),)
        return tuple(self._made)

    def _push(self, mark: Mark, start: int) -> None:
        self._close_until(self._stack.enter(mark), start)
        parent = self._open[-1] if self._open else None
        outer = self._made[parent].path if parent is not None else ""
        path = outer if mark.kind in POINT_KINDS else PATH_JOIN.join(filter(None, [outer, mark.label]))
        number = len(self._made)
        self._made.append(Section(number, mark.label, mark.title, len(self._open) + 1, parent, path, start, start))
        self._open.append(number)

    def _close_until(self, depth: int, end: int) -> None:
        while len(self._open) > depth:
            s = self._made[self._open.pop()]
            kept = s.start + len(self._text[s.start : end].rstrip())
            self._made[s.number] = Section(s.number, s.label, s.title, s.level, s.parent, s.path, s.start, kept)


def _passages(text: str, sections: tuple[Section, ...], sentences: list[Sentence]) -> Iterator[Passage]:
    group: list[Sentence] = []
    for sentence in sentences:
        if group and not _fits(group, sentence):
            yield _passage(group, sections)
            group = []
        group.append(sentence)
    if group:
        yield _passage(group, sections)


def _fits(group: list[Sentence], sentence: Sentence) -> bool:
    first = group[0]
    same = sentence.paragraph == first.paragraph and sentence.section == first.section
    return same and sentence.end - first.start <= PASSAGE_CHARACTERS


def _passage(group: list[Sentence], sections: tuple[Section, ...]) -> Passage:
    first, last = group[0], group[-1]
    titles = []
    at: int | None = first.section
    while at is not None:
        outer = sections[at]
        if outer.start < first.start and outer.label != OPENING_LABEL:
            titles.append(f"{outer.label} {outer.title}".strip())
        at = outer.parent
    context = "\n".join(reversed(titles))
    return Passage(first.paragraph, first.section, first.number, last.number, first.start, last.end, context)
