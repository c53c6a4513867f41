"""Paragraphs for the reader: cut into runs at quotes and page breaks, a run with glossary words into pieces.

All cutting is done here because browsers count characters in UTF-16; the page only puts texts into elements.
Glossary explanations are never part of a text.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from assistant.documents.splitting import Paragraph
from assistant.index.records import DocumentView
from assistant.language.glossary import Glossary, Mention, Term
from assistant.web.reader.outline import Beginning, beginnings, heading_mark, is_whole, opens, section_name, wants_name
from assistant.web.reader.places import Place
from assistant.web.reader.views import ExplainedRun, ParagraphView, Piece, Run, TermPiece, TermView


class Shown:
    """Converts paragraphs of one document for the browser; `quoted` is the place asked for.

    `cited` are the other places that the same answer cites; runs refer to them by index.
    """

    def __init__(self, view: DocumentView, glossary: Glossary, quoted: Place | None, cited: Sequence[Place]) -> None:
        self._view, self._quoted, self._cited = view, quoted, cited
        self._explained = Explained(glossary)
        self._sections = [section.start for section in view.sections]
        self._pages = beginnings(view)

    def paragraphs(self, shown: Sequence[Paragraph]) -> list[ParagraphView]:
        """Return these paragraphs as they are shown."""
        return [self._paragraph(paragraph) for paragraph in shown]

    def terms(self) -> list[TermView]:
        """Return what the glossary says of words in the paragraphs made so far, by number."""
        return self._explained.terms()

    def _paragraph(self, paragraph: Paragraph) -> ParagraphView:
        text = self._view.text[paragraph.start : paragraph.end]
        near = slice(bisect_left(self._sections, paragraph.start), bisect_left(self._sections, paragraph.end))
        opened = [s for s in self._view.sections[near] if opens(self._view.text, paragraph, s)]
        mark = heading_mark(text, opened)
        is_heading = mark > 0 or any(is_whole(text, section) for section in opened)
        names = [] if is_heading else [section_name(s) for s in opened if wants_name(text, s)]
        pages = self._inside(paragraph)
        made = runs(self._view.text, paragraph, self._quoted, self._cited, pages)
        begins = [page.label for page in pages if page.at == paragraph.start]
        return ParagraphView(
            number=paragraph.number,
            start=paragraph.start,
            on=self._page_at(paragraph.start),
            headings=[name for name in names if name],
            heading=is_heading,
            mark=mark,
            page=begins[0] if begins else "",
            runs=self._explained.marked(text, made),
        )

    def _inside(self, paragraph: Paragraph) -> Sequence[Beginning]:
        first = bisect_left(self._pages, paragraph.start, key=lambda page: page.at)
        return self._pages[first : bisect_left(self._pages, paragraph.end, key=lambda page: page.at)]

    def _page_at(self, offset: int) -> int | None:
        """Return the page number at an offset, None if the document has no pages."""
        at = bisect_right(self._pages, offset, key=lambda page: page.at)
        return self._pages[at - 1].last if at else None


def runs(
    text: str, paragraph: Paragraph, quoted: Place | None, cited: Sequence[Place] = (), pages: Sequence[Beginning] = ()
) -> list[Run]:
    """Return the pieces of a paragraph, cut wherever a place or a page begins or ends, with their offsets."""
    places = [place for place in (quoted, *cited) if place]
    inner = {at for place in places for at in (place.start, place.end)} | {page.at for page in pages}
    bounds = [paragraph.start, *sorted(at for at in inner if paragraph.start < at < paragraph.end), paragraph.end]
    labels = {page.at: page.label for page in pages if page.at > paragraph.start}
    return [
        Run(
            text=text[a:b],
            start=a,
            end=b,
            quoted=quoted is not None and _covers(quoted, a, b),
            cited=[number for number, place in enumerate(cited) if _covers(place, a, b)],
            page=labels.get(a, ""),
        )
        for a, b in zip(bounds, bounds[1:], strict=False)
    ]


def _covers(place: Place, start: int, end: int) -> bool:
    return place.start <= start and end <= place.end


class Explained:
    """The glossary words in the texts shown, numbered in order of appearance."""

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = glossary
        self._numbers: dict[Term, int] = {}

    def marked(self, text: str, runs: Sequence[Run]) -> list[Run]:
        """Return the runs of a paragraph, those that name such words in pieces; a word is marked once a run."""
        mentions, begin, made = list(self._glossary.mentions(text)), 0, []
        for run in runs:
            end = begin + len(run.text)
            first = {m.term: m for m in reversed(mentions) if begin <= m.start and m.end <= end}
            pieces = self._pieces(text, begin, end, sorted(first.values(), key=lambda m: m.start))
            made.append(ExplainedRun(**vars(run), pieces=pieces) if first else run)
            begin = end
        return made

    def terms(self) -> list[TermView]:
        """Return what the glossary says, by number."""
        return [TermView(term.words, term.definition, term.source) for term in self._numbers]

    def _pieces(self, text: str, begin: int, end: int, mentions: Sequence[Mention]) -> list[Piece]:
        pieces: list[Piece] = []
        for mention in mentions:
            number = self._numbers.setdefault(mention.term, len(self._numbers))
            pieces.append(Piece(text[begin : mention.start]))
            pieces.append(TermPiece(text[mention.start : mention.end], number))
            begin = mention.end
        return [piece for piece in [*pieces, Piece(text[begin:end])] if piece.text]
