"""What tests of study packs share: texts without an index, and the bundled speech."""

from pathlib import Path

from assistant.documents.document import Document
from assistant.documents.splitting import split
from assistant.index.records import DocumentRecord
from assistant.study.source.texts import Text
from support.paths import ROOT

SPEECH = next((ROOT / "corpus").glob("*.txt"))
MADE = sorted((ROOT / "training/questions/made").glob("*.txt"))


def text_of(words: str, title: str = "讲话", date: str | None = None) -> Text:
    """Return `words` as a text whose sentences may all be used; the title is its id, too."""
    size = len(words.encode("utf-8"))
    pieces = split(Document(title, title, date, None, None, f"{title}.txt", words, size, "", None))
    record = DocumentRecord(0, title, f"{title}.txt", title, date, None, None, None, (), ())
    return Text(record, words, pieces.sections, pieces.paragraphs, pieces.sentences)


def text_in(file: Path) -> Text:
    """Return the text of a file."""
    return text_of(file.read_text(encoding="utf-8"), file.stem)
