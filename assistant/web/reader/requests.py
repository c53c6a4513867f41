"""What the reader asks for, checked: a document, places of it, more of it, words in it."""

from typing import Annotated, ClassVar

from pydantic import Field, StrictInt, model_validator

from assistant.web.reader.places import BAD_REQUEST, CITED_MOST, DIGEST, QUOTED_CHARACTERS, Place
from assistant.web.requests import Id, RequestModel, refused_with

PARAGRAPHS_MOST = 600
WORDS_LIMIT = 100
NO_WORDS = "请输入要查找的文字（最多 100 字）。"

Digest = Annotated[str, Field(pattern=f"^{DIGEST}$")]
Offset = Annotated[StrictInt, Field(ge=0)]
Number = Annotated[StrictInt, Field(ge=1)]
Words = Annotated[str, Field(max_length=WORDS_LIMIT, pattern=r"\S"), refused_with(NO_WORDS)]


class SpanRequest(RequestModel):
    """A piece of a document; `digest` says which words stood there."""

    start: Offset
    end: Offset
    digest: Digest | None = None

    @model_validator(mode="after")
    def _holds_something(self) -> "SpanRequest":
        if self.start >= self.end:
            raise ValueError("an empty piece")
        return self

    def place(self, document: str) -> Place:
        """Return the piece as one of `document`."""
        return Place(document, self.start, self.end, self.digest or "")


class DocumentRequest(RequestModel):
    """Names a document, and other places of it that the same answer cites."""

    problem: ClassVar[str] = BAD_REQUEST
    document: Id
    cited: Annotated[tuple[SpanRequest, ...], Field(max_length=CITED_MOST)] = ()

    @model_validator(mode="after")
    def _cites_quotes(self) -> "DocumentRequest":
        if any(span.digest and span.end - span.start > QUOTED_CHARACTERS for span in self.cited):
            raise ValueError("longer than a quote")
        return self

    @property
    def places(self) -> tuple[Place, ...]:
        """What the answer cites."""
        return tuple(span.place(self.document) for span in self.cited)


class PlaceRequest(DocumentRequest):
    """Asks for a place; a document alone stands for its beginning."""

    start: Offset | None = None
    end: Offset | None = None
    digest: Digest | None = None

    @model_validator(mode="after")
    def _is_a_piece(self) -> "PlaceRequest":
        if {"start", "end"} & self.model_fields_set and (self.start is None or not self.start < (self.end or 0)):
            raise ValueError("a piece has a beginning and an end behind it")
        return self

    @property
    def place(self) -> Place:
        """The place that is asked for."""
        if self.start is None or self.end is None:
            return Place(self.document, 0, 0)
        return Place(self.document, self.start, self.end, self.digest or "")


class PartRequest(DocumentRequest):
    """Asks for `count` paragraphs from number `first` on or, where that is not sent, up to number `last`."""

    count: Annotated[StrictInt, Field(gt=0, le=PARAGRAPHS_MOST)]
    first: Number | None = None
    last: Number | None = None

    @model_validator(mode="after")
    def _has_an_edge(self) -> "PartRequest":
        if self.first is None and self.last is None:
            raise ValueError("from where on?")
        return self


class SearchRequest(DocumentRequest):
    """Asks where a document says some words."""

    words: Words = Field(default="", validate_default=True)
