"""Documents as the reader sees them: passages in their place.

The only file here that knows the program's own splitter, so that training and answering cut alike.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path

from assistant.documents.document import Document, document_id
from assistant.documents.splitting import Passage, Sentence, Structure, split
from training.reader.files import ReaderTrainingError
from training.reader.lexical import PairSearch

NEIGHBOUR_CHARACTERS = 80
HEADING_CHARACTERS = 120

Span = tuple[int, int]


@dataclass(frozen=True)
class Place:
    """What the model reads in one pass: title, headings above, the line before, the passage, the line behind.

    `sentences` are (start, end) in `text`, `spans` the same sentences in the document's text. `number`
    counts the passages of the document from 0.
    """

    document: str
    number: int
    text: str
    sentences: tuple[Span, ...]
    spans: tuple[Span, ...]

    @property
    def passage(self) -> str:
        """The passage alone, as it is searched."""
        return self.text[self.sentences[0][0] : self.sentences[-1][1]]

    def sentence(self, k: int) -> str:
        """Return the k-th sentence's own words."""
        return self.text[slice(*self.sentences[k])]

    def within(self, k: int, span: Span) -> Span | None:
        """Return `span` of the document's text as offsets into `text`, where the k-th sentence holds it whole."""
        (start, _), (first, last) = self.sentences[k], self.spans[k]
        return (span[0] - first + start, span[1] - first + start) if first <= span[0] and span[1] <= last else None


class Text:
    """A document's text and all its places, cut when first asked for."""

    def __init__(self, name: str, title: str, text: str) -> None:
        """Keep what is given; `name` is the document's path."""
        self.name, self.title, self.text = name, title, text

    @cached_property
    def structure(self) -> Structure:
        """The program's own pieces of the text."""
        digest = sha256(self.text.encode("utf-8")).hexdigest()
        identity = document_id(self.name)
        size = len(self.text)
        return split(Document(identity, self.title, None, None, None, self.name, self.text, size, digest, "utf-8"))

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """One place a passage, in the order of the text."""
        at = {(s.paragraph, s.number): k for k, s in enumerate(self.structure.sentences)}
        made = []
        for number, passage in enumerate(self.structure.passages):
            first, last = at[passage.paragraph, passage.first], at[passage.paragraph, passage.last]
            made.append(self._place(number, passage, first, last))
        return tuple(made)

    @cached_property
    def search(self) -> PairSearch:
        """BM25 over the places, in their order."""
        return PairSearch([place.text for place in self.places])

    def find(self, words: str) -> list[Span]:
        """Return every (start, end) at which `words` stand in the text."""
        found, at = [], self.text.find(words)
        while at >= 0 and words:
            found.append((at, at + len(words)))
            at = self.text.find(words, at + 1)
        return found

    def _place(self, number: int, passage: Passage, first: int, last: int) -> Place:
        sentences = self.structure.sentences
        head = "\n".join(filter(None, [self.title, _short(passage.context), self._before(passage, first)]))
        opened = head + "\n" if head else ""
        start = sentences[first].start
        inner = self.text[start : sentences[last].end]
        text = opened + inner + self._behind(last)
        chosen = sentences[first : last + 1]
        shifted = tuple((s.start - start + len(opened), s.end - start + len(opened)) for s in chosen)
        return Place(self.name, number, text, shifted, tuple((s.start, s.end) for s in chosen))

    def _words(self, sentence: Sentence) -> str:
        return self.text[sentence.start : sentence.end]

    def _before(self, passage: Passage, first: int) -> str:
        before = self._words(self.structure.sentences[first - 1]) if first else ""
        above = "".join((self.title + passage.context).split())
        return "" if "".join(before.split()) in above else before[-NEIGHBOUR_CHARACTERS:]

    def _behind(self, last: int) -> str:
        after = self.structure.sentences[last + 1 : last + 2]
        return "".join("\n" + self._words(s)[:NEIGHBOUR_CHARACTERS] for s in after)


def _short(context: str) -> str:
    return " · ".join(line[:HEADING_CHARACTERS] for line in context.splitlines())[-2 * HEADING_CHARACTERS :]


@cache
def read(folder: Path, name: str) -> Text:
    """Return the document `name` below `folder`; raises ReaderTrainingError where it is missing."""
    try:
        text = (folder / name).read_text(encoding="utf-8")
    except OSError as error:
        raise ReaderTrainingError(f"读不到文件 {folder / name}：请用 --data 指出 shared/data 所在的文件夹。") from error
    return Text(name, Path(name).stem, text)
