"""An answer: its status, its blocks, its citations and the passages nearest to the question."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from assistant.answering.blocks import Block, markdown
from assistant.index.retriever import Hit


class Status(StrEnum):
    """What an answer claims."""

    ANSWERED = "answered"
    MENTIONED = "mentioned"
    NOT_FOUND = "not_found"


@dataclass(frozen=True)
class Citation:
    """A quote and its place: `document` is the title, `start` and `end` are offsets into the document's text.

    `validity` is the document's as staff entered it in the catalogue, None if they entered nothing;
    `replaced_by` is the title of the document that replaces it.
    """

    marker: int
    document: str
    document_id: str
    date: str | None
    section: str
    paragraph: int
    start: int
    end: int
    quote: str
    score: float
    validity: str | None = None
    replaced_by: str | None = None


@dataclass(frozen=True)
class Answer:
    """An answer; the markers in its `blocks` refer to its `citations`.

    - `understood`: the rewritten question, if it differs from the one that was typed.
    - `generator`: the language model that worded the answer, if one did; `notice`: one line for the reader
      about how that went, or "".
    - `likely`: the probability, 0 to 1, that the best quote answers; None if it was not computed.
    - `placed`: the quotes were found by their place in a document (第二点, 第十二条).
    """

    question: str
    status: Status
    blocks: tuple[Block, ...]
    citations: tuple[Citation, ...]
    passages: tuple[Hit, ...]
    elapsed_ms: float
    generator: str | None = None
    understood: str = ""
    notice: str = ""
    likely: float | None = None
    placed: bool = False

    @property
    def answer(self) -> str:
        """The blocks as Markdown in which each statement carries its markers."""
        return markdown(self.blocks)

    def as_json(self) -> dict[str, Any]:
        """Return the object that `ask --json` prints."""
        said = {name: value for name, value in (("understood", self.understood), ("notice", self.notice)) if value}
        return {
            "question": self.question,
            "status": str(self.status),
            "answer": self.answer,
            "blocks": [block.as_json() for block in self.blocks],
            "citations": [_citation_json(citation) for citation in self.citations],
            "passages": [_passage_json(hit) for hit in self.passages],
            "generator": self.generator,
            "elapsed_ms": round(self.elapsed_ms, 2),
        } | said


def _citation_json(citation: Citation) -> dict[str, Any]:
    """Return a citation's fields, `validity` and `replaced_by` only where something is known of them."""
    known = {name: value for name, value in asdict(citation).items() if value is not None or name == "date"}
    return known | {"score": round(citation.score, 4)}


def _passage_json(hit: Hit) -> dict[str, Any]:
    place = {"document_id": hit.document.id, "paragraph": hit.passage.paragraph, "text": hit.text}
    return place | {name: round(getattr(hit, name), 4) for name in ("score", "lexical", "dense")}


class Way(StrEnum):
    """How the answerer came to its answer, or to having none."""

    NO_PASSAGES = "no_passages"
    STRUCTURE = "structure"
    NO_SUCH_PLACE = "no_such_place"
    NO_WORDS = "no_words"
    SITUATION = "situation"
    SENTENCES = "sentences"
