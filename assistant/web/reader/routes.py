"""The source reader's routes: open a document at a place, load more paragraphs, find words in it.

Requests are validated before anything is looked up, and only documents that the visitor may read exist for
them. A document may change between two requests: each response names the version of its text.
"""

import unicodedata
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from assistant.accounts.visitor import Visitor
from assistant.answering.service import Service
from assistant.answering.validity import in_force, validity_of
from assistant.base.errors import MissingError
from assistant.base.settings import Use
from assistant.documents.splitting import Paragraph
from assistant.index.records import DocumentRecord, DocumentView
from assistant.web.endpoint import endpoint
from assistant.web.reader.marked_runs import Shown
from assistant.web.reader.outline import outline
from assistant.web.reader.places import Place, resolve, stands
from assistant.web.reader.requests import PartRequest, PlaceRequest, SearchRequest
from assistant.web.reader.views import Found, Part, SourceView, Successor
from assistant.web.requests import checked
from assistant.web.routing import Route, Routes

if TYPE_CHECKING:
    from assistant.web.desk import Desk

PARAGRAPHS_AROUND = 300
# On each side of a place, and in one answer: some documents have paragraphs of thousands of characters.
CHARACTERS_AROUND = 40_000
FOUND_MOST = 5000
NO_DOCUMENT = "这份文件（编号 {}）已经移走，或者没有对您开放：请重新提问，或联系管理员。"

Body = dict[str, Any]


def add_routes(routes: Routes, desk: "Desk") -> None:
    """Add the routes of reader.js."""

    def source(visitor: Visitor, body: Body) -> SourceView:
        asked = checked(PlaceRequest, body)
        return open_place(desk.service().for_visitor(visitor), asked.place, asked.places)

    def paragraphs(visitor: Visitor, asked: Body) -> Part:
        return more_paragraphs(desk.service().for_visitor(visitor), asked)

    def search(visitor: Visitor, asked: Body) -> Found:
        return find_in_document(desk.service().for_visitor(visitor), asked)

    endpoint(routes, Route("POST", "/api/source", use=Use.READ), source)
    endpoint(routes, Route("POST", "/api/source/paragraphs", use=Use.READ), paragraphs)
    endpoint(routes, Route("POST", "/api/source/search", use=Use.READ), search)


def open_place(service: Service, place: Place, cited: Sequence[Place] = ()) -> SourceView:
    """Return what the reader shows for `place`: the document, its sections, and the paragraphs around.

    Places in `cited` are marked too, if their words still stand. Raises `SettingsError` for a place that does
    not exist.
    """
    view = document_of(service, place.document)
    found, note = resolve(view.text, place)
    shown = Shown(view, service.glossary, found, _standing(view, cited))
    at = max(0, bisect_right(view.paragraphs, found.start, key=lambda p: p.start) - 1)
    record, window = view.record, _window(view.paragraphs, at)
    return SourceView(
        **vars(_part(view, shown, window)),
        document=place.document,
        title=record.title,
        **_facts(service, record),
        note=note,
        start=found.start,
        end=found.end,
        number=view.paragraphs[at].number,
        pages=len(record.pages),
        outline=outline(view),
    )


def more_paragraphs(service: Service, body: Body) -> Part:
    """Return the paragraphs that the browser asks for; where they are long, fewer. Raises `SettingsError`."""
    asked = checked(PartRequest, body)
    view, count = document_of(service, asked.document), asked.count
    shown = Shown(view, service.glossary, None, _standing(view, asked.places))
    if asked.first is not None:
        return _part(view, shown, _few(view.paragraphs[asked.first - 1 : asked.first - 1 + count]))
    last = asked.last or 0
    return _part(view, shown, _few(view.paragraphs[max(0, last - count) : last][::-1])[::-1])


def find_in_document(service: Service, body: Body) -> Found:
    """Return where a document says what the browser looks for; raises `SettingsError`."""
    asked = checked(SearchRequest, body)
    view = document_of(service, asked.document)
    found, count = [], 0
    for paragraph in view.paragraphs:
        text = view.text[paragraph.start : paragraph.end]
        for start, end in in_utf16(text, find_words(text, asked.words)):
            count += 1
            if count <= FOUND_MOST:
                found.append((paragraph.number, start, end))
    return Found(_version(view), count, found)


def document_of(service: Service, identity: str) -> DocumentView:
    """Return a document; raises `MissingError` where it does not exist or the visitor may not read it."""
    try:
        return service.document(identity)
    except MissingError:
        raise MissingError(NO_DOCUMENT.format(identity)) from None


def _facts(service: Service, record: DocumentRecord) -> dict[str, Any]:
    """Return the details shown beside the title; validity and successor of one not in force are separate fields."""
    holds, successor = in_force(record), next(iter(service.answerer.successors.after(record)), None)
    return {
        "facts": [fact for fact in (record.issuer, record.date, record.validity if holds else None) if fact],
        "lapsed": "" if holds else validity_of(record),
        "successor": Successor(successor.id, successor.title) if successor else None,
    }


def _part(view: DocumentView, shown: Shown, window: Sequence[Paragraph]) -> Part:
    paragraphs = shown.paragraphs(window)  # first: they number the terms
    return Part(_version(view), len(view.paragraphs), paragraphs, shown.terms())


def _version(view: DocumentView) -> str:
    """Return a version string that changes whenever the document's text does."""
    return f"{len(view.text):x}-{zlib.crc32(view.text.encode('utf-8', 'surrogatepass')):08x}"


def _standing(view: DocumentView, cited: Sequence[Place]) -> list[Place]:
    """Return `cited` with an empty place for each whose words have changed, so that the numbering stays."""
    return [place if stands(view.text, place) else Place(place.document, 0, 0) for place in cited]


def _window(paragraphs: Sequence[Paragraph], at: int) -> Sequence[Paragraph]:
    """Return the paragraphs around the one at `at`, as many as are shown at once."""
    before = _few(paragraphs[max(0, at - PARAGRAPHS_AROUND) : at][::-1])[::-1]
    return [*before, *_few(paragraphs[at : at + PARAGRAPHS_AROUND + 1])]


def _few(paragraphs: Sequence[Paragraph]) -> Sequence[Paragraph]:
    """Return the first of `paragraphs`: at least one, and about `CHARACTERS_AROUND` characters at most."""
    kept = 0
    for count, paragraph in enumerate(paragraphs, 1):
        kept += paragraph.end - paragraph.start
        if kept > CHARACTERS_AROUND:
            return paragraphs[:count]
    return paragraphs


def simplified(text: str) -> str:
    """Return `text` normalised for search: compatibility decomposition, case-folded, without blanks."""
    return "".join(unicodedata.normalize("NFKD", text).casefold().split())


def find_words(text: str, words: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each occurrence of `words` in `text`, without overlap.

    Matches cover whole characters with the accents that follow them; half of a ligature matches the ligature.
    """
    wanted = simplified(words)
    if not wanted or wanted not in simplified(text):
        return
    forms = [simplified(character) for character in text]
    sources = [at for at, form in enumerate(forms) for _ in form]
    whole, begin = "".join(forms), 0
    while (at := whole.find(wanted, begin)) >= 0:
        end = sources[at + len(wanted) - 1] + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        yield sources[at], end
        begin = at + len(wanted)
        while begin < len(sources) and sources[begin] < end:
            begin += 1


def in_utf16(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield `spans` of `text`, ordered and disjoint, as UTF-16 offsets, which browsers count in."""
    counted = at = 0
    for start, end in spans:
        begin = at + _units(text[counted:start])
        counted, at = end, begin + _units(text[start:end])
        yield begin, at


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
