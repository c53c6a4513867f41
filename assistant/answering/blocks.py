"""Answer blocks: pieces of text with the citations behind them, and how they read as text.

`composing/`, `conversation/` and `generation/` make blocks. Markdown, the terminal's text, the page and Word
are renderings of blocks; none of them parses another.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import Any

from assistant.base.markdown import escape

DIFFERING = "各文件所说不同："


class BlockKind(StrEnum):
    """What a block is.

    - HEADING: the question. SHORT_ANSWER: words of a quote that answer by themselves.
    - PLACE: where the statements below it stand. STATEMENT: a quote, or a sentence checked against one.
    - NEAREST: a retrieved passage that does not answer. MESSAGE: the program's words in place of a heading.
    - NOTE: the program's words after the statements.
    """

    HEADING = "heading"
    SHORT_ANSWER = "short_answer"
    PLACE = "place"
    STATEMENT = "statement"
    NEAREST = "nearest"
    MESSAGE = "message"
    NOTE = "note"


@dataclass(frozen=True)
class Span:
    """Words in one line, and the markers of the citations behind them; `strong` words are shown in bold."""

    text: str
    markers: tuple[int, ...] = ()
    strong: bool = False


@dataclass(frozen=True)
class Block:
    """A block of an answer: one span, or several for a model's sentence that cites in its middle.

    `number` counts statements from 1. `documents` names the documents of a heading or a short answer;
    `validity` is that of a short answer's document where it is not in force.
    """

    kind: BlockKind
    spans: tuple[Span, ...]
    number: int | None = None
    documents: str = ""
    validity: str = ""

    @property
    def text(self) -> str:
        """Its words without markers."""
        return "".join(span.text for span in self.spans)

    @property
    def markers(self) -> tuple[int, ...]:
        """The markers of its citations, each once, in their order."""
        return tuple(dict.fromkeys(marker for span in self.spans for marker in span.markers))

    def as_json(self) -> dict[str, Any]:
        """Return what `ask --json` prints of it; `spans` only where there are several."""
        spans = [{"text": span.text, "markers": list(span.markers)} for span in self.spans]
        more = {
            "number": self.number,
            "documents": self.documents,
            "validity": self.validity,
            "spans": spans[1:] and spans,
        }
        table = {"kind": str(self.kind), "text": self.text, "markers": list(self.markers)}
        return table | {name: value for name, value in more.items() if value}


def block(kind: BlockKind, text: str, *markers: int, **more: Any) -> Block:
    """Return a block of one span; `more` are further fields of `Block`."""
    strong = kind in (BlockKind.HEADING, BlockKind.SHORT_ANSWER)
    return Block(kind, (Span(" ".join(text.splitlines()), markers, strong),), **more)


def lines(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks as lines, all their words in spans; short answers that differ share one line."""
    for kind, group in groupby(blocks, key=lambda one: one.kind):
        if kind is BlockKind.SHORT_ANSWER:
            yield _short_line(list(group))
        else:
            for one in group:
                named = (Span(f"（{one.documents}）"),) if one.documents else ()
                yield replace(one, spans=(*one.spans, *named))


def line_text(line: Block, say: Callable[[Span], str]) -> str:
    """Return a line with its number or dash in front; `say` renders a span."""
    words = "".join(map(say, line.spans))
    if line.number is not None:
        return f"{line.number}. {words}"
    return f"- {words}" if line.kind is BlockKind.NEAREST else words


def markdown(blocks: Iterable[Block]) -> str:
    """Return blocks as Markdown in which each statement carries its markers: [1]."""
    return _text(blocks, escape)


def plain(blocks: Iterable[Block]) -> str:
    """Return blocks as text for a terminal: what `markdown` returns, with nothing escaped."""
    return _text(blocks, str)


def _short_line(blocks: Sequence[Block]) -> Block:
    """Return short answers as one line: one with the remark on its document, several each with its document."""
    if len(blocks) == 1:
        (one,) = blocks
        said = (Span(f"（{one.validity}）"),) if one.validity else ()
        return replace(one, spans=(*one.spans, *said))
    before = [DIFFERING, *["；"] * (len(blocks) - 1)]
    spans = [(Span(words + one.documents), *one.spans) for words, one in zip(before, blocks, strict=True)]
    return Block(BlockKind.SHORT_ANSWER, sum(spans, ()))


def _text(blocks: Iterable[Block], say: Callable[[str], str]) -> str:
    def words(span: Span) -> str:
        said = f"**{say(span.text)}**" if span.strong else say(span.text)
        return f"{said} {''.join(f'[{marker}]' for marker in span.markers)}" if span.markers else said

    paragraphs = []
    for kind, group in groupby(lines(blocks), key=lambda line: line.kind):
        between = "\n" if kind is BlockKind.NEAREST else "\n\n"
        paragraphs.append(between.join(line_text(line, words) for line in group))
    return "\n\n".join(paragraphs)
