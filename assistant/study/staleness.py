"""Whether what a pack quotes still stands: documents that can be read, words that are at their places."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from assistant.answering.service import Service
from assistant.base.errors import MissingError
from assistant.index.records import DocumentView
from assistant.study.pack import Pack, Quote

UNREADABLE = "这份材料用到的文件有 {} 份已经移走，或者没有对您开放，所以不能打开：请另选文件重新生成，或联系管理员。"


class State(StrEnum):
    """What has become of a quote."""

    HERE = "here"
    MOVED = "moved"  # the same words stand elsewhere in the document
    GONE = "gone"


@dataclass(frozen=True)
class StrayQuote(Quote):
    """A quote that is not at its place any more."""

    state: State


Part = TypeVar("Part")


def quotes_of(part: Any) -> Iterator[Quote]:
    """Yield every quote in a pack or a part of one."""
    if isinstance(part, Quote):
        yield part
    elif is_dataclass(part):
        for field in fields(part):
            yield from quotes_of(getattr(part, field.name))
    elif isinstance(part, tuple):
        for one in part:
            yield from quotes_of(one)


def documents_of(pack: Pack) -> tuple[str, ...]:
    """Return the ids of all documents that a pack is made from or quotes."""
    quoted = (quote.document_id for quote in quotes_of(pack))
    return tuple(dict.fromkeys((*(line.id for line in pack.documents), *quoted)))


def missing(service: Service, documents: Iterable[str]) -> int:
    """Return how many of the documents cannot be read through `service`."""
    wanted = set(documents)
    return len(wanted - service.index.records.numbers(wanted).keys())


def views_of(service: Service, pack: Pack) -> dict[str, DocumentView]:
    """Return the documents of a pack by id; raises `MissingError` where one of them cannot be read any more."""
    documents = documents_of(pack)
    lost = missing(service, documents)
    if lost:
        raise MissingError(UNREADABLE.format(lost))
    return {identity: service.document(identity) for identity in documents}


def state_of(text: str, start: int, end: int, words: str) -> State:
    """Return how a quote stands in what its document says now."""
    if text[start:end] == words:
        return State.HERE
    return State.MOVED if words in text else State.GONE


def stated(part: Part, views: Mapping[str, DocumentView]) -> Part:
    """Return a pack or a part of one in which each quote that is not at its place any more is a `StrayQuote`."""
    return _stated(part, views)


def _stated(part: Any, views: Mapping[str, DocumentView]) -> Any:
    if isinstance(part, Quote):
        view = views.get(part.document_id)
        state = state_of(view.text, part.start, part.end, part.text) if view else State.GONE
        return part if state is State.HERE else StrayQuote(**vars(part), state=state)
    if is_dataclass(part) and not isinstance(part, type):
        return replace(part, **{field.name: _stated(getattr(part, field.name), views) for field in fields(part)})
    return tuple(_stated(one, views) for one in part) if isinstance(part, tuple) else part


def changed(pack: Pack, views: dict[str, DocumentView]) -> int:
    """Return how many quotes of a pack are not at their places any more."""
    quotes = set(quotes_of(pack))
    return sum(state_of(views[q.document_id].text, q.start, q.end, q.text) is not State.HERE for q in quotes)
