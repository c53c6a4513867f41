"""The text part of an index: documents and their pieces in one SQLite file.

Numbers are keys inside one index; `DocumentRecord.id` is the stable identifier used outside of it.
"""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from assistant.documents.document import Document
from assistant.documents.splitting import Paragraph, Passage, Section, Sentence, Structure

_SCHEMA = """
CREATE TABLE document (number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, path TEXT, title TEXT, date TEXT,
  issuer TEXT, validity TEXT, encoding TEXT, pages TEXT, warnings TEXT,
  replaced_by TEXT, text TEXT NOT NULL);
CREATE TABLE section (document INTEGER, number INTEGER, label TEXT, title TEXT, level INTEGER, parent INTEGER,
  path TEXT, start INTEGER, end INTEGER, PRIMARY KEY (document, number)) WITHOUT ROWID;
CREATE TABLE paragraph (document INTEGER, number INTEGER, section INTEGER, start INTEGER, end INTEGER,
  PRIMARY KEY (document, number)) WITHOUT ROWID;
CREATE TABLE sentence (document INTEGER, paragraph INTEGER, number INTEGER, section INTEGER, start INTEGER,
  end INTEGER, PRIMARY KEY (document, paragraph, number)) WITHOUT ROWID;
CREATE TABLE passage (number INTEGER PRIMARY KEY, document INTEGER, paragraph INTEGER, section INTEGER,
  first INTEGER, last INTEGER, start INTEGER, end INTEGER, context TEXT, hash BLOB);
CREATE INDEX passage_document ON passage (document);
"""
_TABLES = ("section", "paragraph", "sentence", "passage")

ROWS_AT_ONCE = 10_000

T = TypeVar("T")


@dataclass(frozen=True)
class DocumentRecord:
    """An indexed document without its text; `pages[k - 1]` is the offset at which page k starts.

    `replaced_by` is the path of its successor, which may not exist.
    """

    number: int
    id: str
    path: str
    title: str
    date: str | None
    issuer: str | None
    validity: str | None
    encoding: str | None
    pages: tuple[int, ...]
    warnings: tuple[str, ...]
    replaced_by: str | None = None


@dataclass(frozen=True)
class PassageRecord:
    """A passage's number and place: sentences `first` to `last` (inclusive) of its paragraph."""

    number: int
    document: int
    paragraph: int
    section: int
    first: int
    last: int
    start: int
    end: int


class RecordWriter:
    """Writes documents to the SQLite `file`, made if missing; nothing is valid before `commit`."""

    def __init__(self, file: Path) -> None:
        fresh = not file.exists()
        self._db = sqlite3.connect(file)
        self._db.execute("PRAGMA synchronous = OFF")  # the file is new: the manifest decides whether it counts
        self._db.execute("PRAGMA journal_mode = MEMORY")
        if fresh:
            self._db.executescript(_SCHEMA)
        self._waiting: dict[str, list[tuple[object, ...]]] = {table: [] for table in _TABLES}
        self._next_document = self._highest("document") + 1
        self._next_passage = self._highest("passage") + 1

    def add(self, document: Document, structure: Structure, hashes: Sequence[bytes]) -> tuple[int, range]:
        """Add a document and its pieces; return its number and its passages' numbers.

        `hashes` are the digests of what each passage's vector is made from.
        """
        number = self._next_document
        self._next_document += 1
        numbers = range(self._next_passage, self._next_passage + len(structure.passages))
        self._next_passage = numbers.stop
        row = _document_row(number, document)
        self._db.execute(f"INSERT INTO document VALUES ({_marks(row)})", row)
        self._insert("section", [(number, *_values(s)) for s in structure.sections])
        self._insert("paragraph", [(number, *_values(p)) for p in structure.paragraphs])
        self._insert("sentence", [(number, *_values(s)) for s in structure.sentences])
        rows = zip(numbers, structure.passages, hashes, strict=True)
        self._insert("passage", [(n, number, *_values(passage), digest) for n, passage, digest in rows])
        return number, numbers

    def passages(self, document: int) -> list[tuple[int, bytes]]:
        """Return (passage number, digest of the text its vector was made from) for each passage of a document."""
        return self._execute("SELECT number, hash FROM passage WHERE document = ?", document).fetchall()

    def stored_passages(self) -> Iterator[tuple[int, int, str]]:
        """Yield (passage number, document number, indexed text) of all passages."""
        for number, title, text in self._execute("SELECT number, title, text FROM document").fetchall():
            for row in self._db.execute(
                "SELECT number, context, start, end FROM passage WHERE document = ?", (number,)
            ):
                yield row[0], number, indexed_text(title, row[1], text[row[2] : row[3]])

    def number(self, identity: str) -> int:
        """Return the number of the document with id `identity`."""
        return int(self._db.execute("SELECT number FROM document WHERE id = ?", (identity,)).fetchone()[0])

    def remove(self, document: int) -> None:
        """Delete a document and its pieces."""
        self._execute("DELETE FROM document WHERE number = ?", document)
        for table in _TABLES:
            self._db.execute(f"DELETE FROM {table} WHERE document = ?", (document,))

    def counts(self) -> dict[str, int]:
        """Return the number of rows of each table."""
        return {t: self._execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("document", *_TABLES)}

    def commit(self) -> None:
        """Write everything and close."""
        self._write()
        self._db.commit()
        self._db.close()

    def _highest(self, table: str) -> int:
        return int(self._db.execute(f"SELECT coalesce(max(number), 0) FROM {table}").fetchone()[0])

    def _insert(self, table: str, rows: list[tuple[object, ...]]) -> None:
        self._waiting[table] += rows
        if len(self._waiting[table]) >= ROWS_AT_ONCE:
            self._write()

    def _write(self) -> None:
        """Write the buffered rows; one statement a document and table would be slow."""
        for table, rows in self._waiting.items():
            if rows:
                self._db.executemany(f"INSERT INTO {table} VALUES ({_marks(rows[0])})", rows)
        self._waiting = {table: [] for table in _TABLES}

    def _execute(self, query: str, *values: object) -> sqlite3.Cursor:
        self._write()
        return self._db.execute(query, values)


class Records:
    """Reads the SQLite file of a finished index; safe to use from several threads."""

    def __init__(self, file: Path) -> None:
        uri = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
        self._db = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._lock = threading.Lock()
        self._visible: frozenset[int] | None = None
        self._texts = lru_cache(64)(self._text)
        self._parted = lru_cache(256)(self._sections)
        self._known = lru_cache(1024)(self._document)

    def limited(self, documents: Iterable[int]) -> "Records":
        """Return a view in which only `documents` (numbers) exist; any other number raises `KeyError`."""
        view = copy(self)
        view._visible = frozenset(documents)
        return view

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def count(self, table: str) -> int:
        """Return the number of rows of `table`."""
        if self._visible is None:
            return int(self._rows(f"SELECT count(*) FROM {table}")[0][0])
        key = "number" if table == "document" else "document"
        rows = self._rows(f"SELECT {key}, count(*) FROM {table} GROUP BY {key}")
        return sum(count for document, count in rows if document in self._visible)

    def documents(self) -> tuple[DocumentRecord, ...]:
        """Return all documents in the order of their paths."""
        found = map(_document, self._rows(f"SELECT {_FIELDS} FROM document ORDER BY path"))
        return tuple(record for record in found if self._sees(record.number))

    def document(self, number: int) -> DocumentRecord:
        """Return a document's record."""
        return self._known(self._checked(number))

    def text(self, document: int) -> str:
        """Return the text of a document."""
        return self._texts(self._checked(document))

    def sections(self, document: int) -> tuple[Section, ...]:
        """Return the sections of a document in order."""
        return self._parted(self._checked(document))

    def sizes(self, table: str) -> dict[int, int]:
        """Return the number of rows of `table` by document number."""
        rows = self._rows(f"SELECT document, count(*) FROM {table} GROUP BY document")
        return {document: count for document, count in rows if self._sees(document)}

    def numbers(self, identities: Iterable[str]) -> dict[str, int]:
        """Return, by id, the numbers of the documents with these ids that exist."""
        found: dict[str, int] = {}
        for chunk in _chunks(list(identities), 500):
            marks = ", ".join("?" * len(chunk))
            found.update(self._rows(f"SELECT id, number FROM document WHERE id IN ({marks})", *chunk))
        return {identity: number for identity, number in found.items() if self._sees(number)}

    def _sees(self, document: int) -> bool:
        return self._visible is None or document in self._visible

    def _checked(self, document: int) -> int:
        if not self._sees(document):
            raise KeyError(document)
        return document

    def _document(self, number: int) -> DocumentRecord:
        return _document(self._rows(f"SELECT {_FIELDS} FROM document WHERE number = ?", number)[0])

    def _text(self, document: int) -> str:
        return str(self._rows("SELECT text FROM document WHERE number = ?", document)[0][0])

    def _sections(self, document: int) -> tuple[Section, ...]:
        return tuple(self._pieces(Section, "section WHERE document = ? ORDER BY number", document))

    def paragraphs(self, document: int) -> list[Paragraph]:
        """Return the paragraphs of a document in order."""
        return self._pieces(Paragraph, "paragraph WHERE document = ? ORDER BY number", self._checked(document))

    def sentences(self, document: int, paragraph: int | None = None) -> list[Sentence]:
        """Return the sentences of a document, or of one paragraph of it, in order."""
        where = "document = ?" if paragraph is None else "document = ? AND paragraph = ?"
        keys = (self._checked(document),) if paragraph is None else (self._checked(document), paragraph)
        return self._pieces(Sentence, f"sentence WHERE {where} ORDER BY paragraph, number", *keys)

    def passages(self, numbers: Sequence[int]) -> list[PassageRecord]:
        """Return the passages with these numbers, in the order of `numbers`."""
        names = [field.name for field in fields(PassageRecord)]
        found = self._of_passages(numbers, *names[2:])
        return [PassageRecord(**dict(zip(names, found[n], strict=True))) for n in numbers]

    def owners(self, numbers: Sequence[int]) -> list[int]:
        """Return the document number of each of these passages, in the order of `numbers`."""
        found = self._of_passages(numbers)
        return [found[n][1] for n in numbers]

    def words(self, numbers: Sequence[int]) -> list[str]:
        """Return the indexed text of each of these passages, in the order of `numbers`."""
        rows = self._of_passages(numbers, "context", "start", "end")
        found = []
        for _, document, context, start, end in (rows[n] for n in numbers):
            found.append(indexed_text(self.document(document).title, context, self.text(document)[start:end]))
        return found

    def _of_passages(self, numbers: Sequence[int], *columns: str) -> dict[int, tuple]:
        """Return, by passage number, (number, document, *columns) of these passages."""
        found: dict[int, tuple] = {}
        wanted = ", ".join(("number", "document", *columns))
        for chunk in _chunks(numbers, 500):
            marks = ", ".join("?" * len(chunk))
            rows = self._rows(f"SELECT {wanted} FROM passage WHERE number IN ({marks})", *chunk)
            found.update((row[0], row) for row in rows if self._sees(row[1]))
        return found

    def passage_numbers(self, documents: Sequence[int]) -> list[int]:
        """Return the numbers of all passages of these documents."""
        rows: list[tuple[int]] = []
        for chunk in _chunks(list(filter(self._sees, documents)), 500):
            marks = ", ".join("?" * len(chunk))
            rows += self._rows(f"SELECT number FROM passage WHERE document IN ({marks})", *chunk)
        return sorted(row[0] for row in rows)

    def _pieces(self, kind: type[T], rows: str, *values: object) -> list[T]:
        """Return `rows` of a table as objects of the dataclass `kind`, whose fields are named like the columns."""
        names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
        found = self._rows(f"SELECT {', '.join(names)} FROM {rows}", *values)
        return [kind(**dict(zip(names, row, strict=True))) for row in found]

    def _rows(self, query: str, *values: object) -> list[tuple]:
        with self._lock:
            return self._db.execute(query, values).fetchall()


def indexed_text(title: str, context: str, passage: str) -> str:
    """Return the text under which a passage is indexed: title, headings above it, and the passage."""
    return "\n".join(filter(None, [title, context, passage]))


_FIELDS = "number, id, path, title, date, issuer, validity, encoding, pages, warnings, replaced_by"


def _document(row: tuple) -> DocumentRecord:
    known = dict(zip(_FIELDS.split(", "), row, strict=True))
    lists = {name: tuple(json.loads(known[name])) for name in ("pages", "warnings")}
    return DocumentRecord(**(known | lists))


def _marks(row: tuple[object, ...]) -> str:
    return ", ".join("?" * len(row))


def _document_row(number: int, d: Document) -> tuple[object, ...]:
    lists = (json.dumps(d.pages), json.dumps(d.warnings, ensure_ascii=False))
    known = (d.id, d.path, d.title, d.date, d.issuer, d.validity, d.encoding)
    return (number, *known, *lists, d.replaced_by, d.text)


def _values(piece: Section | Paragraph | Sentence | Passage) -> tuple[object, ...]:
    return tuple(vars(piece).values())


def _chunks(values: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


@dataclass(frozen=True)
class DocumentView:
    """A whole document for reading: its record, text and pieces; offsets are into `text`."""

    record: DocumentRecord
    text: str
    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    sentences: tuple[Sentence, ...]
