"""BM25 over pre-split terms with tantivy (k1 1.2, b 0.75, its built-in constants).

Terms come from `terms` in `base/text.py`, joined by blanks for tantivy's whitespace tokenizer. A row is one
passage with its number (the key shared with the vectors) and its document's number.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import log
from pathlib import Path
from shutil import copytree, ignore_patterns
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from assistant.base.text import terms

if TYPE_CHECKING:
    import tantivy

HEAP_BYTES = 64_000_000
TERMS_KEPT = 100_000
LINES_KEPT = 10_000
K1 = 1.2  # tantivy's own
_ROW = "1"  # the one term of the field "row": its frequency counts passages as tantivy's scores do, deleted ones too
# Passages that a question's terms may be in together: 3 ms of reading. Why: docs/architecture.md.
POSTINGS_LIMIT = 500_000


@dataclass(frozen=True)
class LexicalRow:
    """A passage to index: its number, its document's number, its terms."""

    passage: int
    document: int
    terms: list[str]


class LexicalIndex:
    """An open tantivy index, in a folder or in memory; searching is safe from several threads.

    tantivy locks what it reads: a folder without write permission, such as another account's, is read from a
    copy. Raises ValueError where there is no index, OSError where there is no room for the copy.
    """

    def __init__(self, opened: "Path | tantivy.Searcher") -> None:
        self._schema = _schema()
        self._postings: dict[str, int] = {}
        self._counted: dict[str, int] = {}
        self._visible: tantivy.Query | None = None
        self._searcher = self._read(opened) if isinstance(opened, Path) else opened
        self._passages = int(self._searcher.doc_freq("row", _ROW))  # that scores take for all

    def _read(self, folder: Path) -> "tantivy.Searcher":
        try:
            return _searcher(folder)
        except ValueError:
            self._copy = TemporaryDirectory(prefix="assistant-")
            copytree(folder, self._copy.name, ignore=ignore_patterns("*.lock"), dirs_exist_ok=True)
            return _searcher(Path(self._copy.name))

    def limited(self, documents: Sequence[int]) -> "LexicalIndex":
        """Return a view in which only the passages of `documents` (numbers) exist.

        Document frequencies are those of the view; scores too, except that BM25's average length stays the
        whole index's.
        """
        view = copy(self)
        view._visible = visible = self._of(documents)
        view._counted = {}
        view._passages = self._count([visible])
        return view

    def __len__(self) -> int:
        """Return the number of passages."""
        return int(self._searcher.num_docs) if self._visible is None else self._passages

    def frequency(self, term: str) -> int:
        """Return the number of passages that hold `term`."""
        everywhere = self._everywhere(term)
        if self._visible is None or not everywhere:
            return everywhere
        seen = [self._term(term), self._visible]
        return _remembered(self._counted, term, lambda: self._count(seen))

    def highest(self, terms: Iterable[tuple[str, float]]) -> float:
        """Return the upper bound of the BM25 scores for these (term, weight) pairs, weighted as in `search`."""
        total = 0.0
        for term, weight in self._affordable(terms):
            if found := self.frequency(term):
                total += weight * _idf(found, self._passages)
        return (K1 + 1) * total

    def search(
        self, terms: Iterable[tuple[str, float]], k: int, documents: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return (passage number, BM25 score) of the best `k`, best first; ties by number.

        `terms` are (term, weight) pairs; a weight multiplies the term's BM25 score. `documents` limits the
        search to these document numbers. If the terms occur in more than `POSTINGS_LIMIT` passages in total,
        the most frequent terms are left out.
        """
        import tantivy

        query = tantivy.Query
        parts = []
        for term, weight in self._weighted(self._affordable(terms)):
            part = self._term(term)
            parts.append((tantivy.Occur.Should, part if weight == 1.0 else query.boost_query(part, weight)))
        if not parts or not k:
            return []
        wanted = [query.boolean_query(parts)]
        wanted += [] if self._visible is None else [self._visible]
        wanted += [] if documents is None else [self._of(documents)]
        found = self._searcher.search(_all_of(wanted), limit=k, count=False).hits
        addresses = [address for _, address in found]
        numbers: list[Any] = self._searcher.fast_field_values("passage", addresses)
        pairs = [(int(n), float(score)) for (score, _), n in zip(found, numbers, strict=True)]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    def _everywhere(self, term: str) -> int:
        """Return the number of passages in the whole index that hold `term`: as many postings are read for it."""
        return _remembered(self._postings, term, lambda: int(self._searcher.doc_freq("terms", term)))

    def _weighted(self, terms: list[tuple[str, float]]) -> list[tuple[str, float]]:
        """Return `terms` reweighted so that tantivy's scores become those of the view's own frequencies."""
        if self._visible is None:
            return terms
        everywhere = int(self._searcher.doc_freq("row", _ROW))
        return [
            (term, weight * _idf(found, self._passages) / _idf(self._everywhere(term), everywhere))
            for term, weight in terms
            if (found := self.frequency(term))
        ]

    def _term(self, term: str) -> "tantivy.Query":
        import tantivy

        return tantivy.Query.term_query(self._schema, "terms", term, index_option="freq")

    def _of(self, documents: Sequence[int]) -> "tantivy.Query":
        """Return a query that matches all passages of these documents and adds 0 to the score."""
        import tantivy

        chosen = tantivy.Query.term_set_query(self._schema, "document", list(documents))
        return tantivy.Query.const_score_query(chosen, 0.0)

    def _count(self, parts: "list[tantivy.Query]") -> int:
        return int(self._searcher.search(_all_of(parts), limit=1, count=True).count)  # type: ignore[attr-defined]

    def _affordable(self, terms: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
        """Return `terms` without the most frequent ones that would exceed the limit; the rarest stays."""
        given = list(terms)
        frequencies = [self.frequency(term) and self._everywhere(term) for term, _ in given]
        if sum(frequencies) <= POSTINGS_LIMIT:
            return given
        rarest_first = sorted(range(len(given)), key=lambda n: (frequencies[n], n))
        totals = accumulate(frequencies[n] for n in rarest_first)
        kept = {n for n, total in zip(rarest_first, totals, strict=True) if total <= POSTINGS_LIMIT}
        return [pair for n, pair in enumerate(given) if n in kept or n == rarest_first[0]]


class LexicalWriter:
    """Adds passages to the tantivy index in `folder` (made if missing), or in memory if that is None.

    Nothing is valid before `commit`. Every method raises OSError when the disk fails or is full.
    """

    def __init__(self, folder: Path | None) -> None:
        import tantivy

        fresh = folder is None or not folder.exists()
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        with _disk_errors():
            where = None if folder is None else str(folder)
            self._index = tantivy.Index(_schema(), path=where) if fresh else tantivy.Index.open(str(folder))
            self._writer = self._index.writer(heap_size=HEAP_BYTES, num_threads=1)

    def remove(self, documents: Sequence[int]) -> None:
        """Delete all passages of the documents with these numbers."""
        import tantivy

        if documents:
            chosen = tantivy.Query.term_set_query(self._index.schema, "document", list(documents))
            with _disk_errors():
                self._writer.delete_documents_by_query(chosen)

    def add(self, row: LexicalRow) -> None:
        """Add one passage."""
        import tantivy

        document = tantivy.Document()
        document.add_text("terms", " ".join(row.terms))
        document.add_text("row", _ROW)
        document.add_unsigned("passage", row.passage)
        document.add_unsigned("document", row.document)
        with _disk_errors():
            self._writer.add_document(document)

    def commit(self) -> None:
        """Write everything and wait for merges; the writer cannot be used afterwards."""
        with _disk_errors():
            self._writer.commit()
            self._writer.wait_merging_threads()

    def opened(self) -> LexicalIndex:
        """Return the committed index, opened."""
        self._index.reload()
        return LexicalIndex(self._index.searcher())


def row_of(passage: int, document: int, words: str) -> LexicalRow:
    """Return the row of a passage with the indexed text `words`: the passage is its last line, headings precede."""
    *above, own = words.split("\n")
    found = [term for line in above for term in _terms_above(line)]
    return LexicalRow(passage, document, found + terms(own))


@lru_cache(LINES_KEPT)
def _terms_above(line: str) -> list[str]:
    """Return the terms of a title or heading, cached because many passages share it; no term spans two lines."""
    return terms(line)


def _idf(found: int, passages: int) -> float:
    """Return BM25's inverse document frequency of a term in `found` of `passages`."""
    return log(1 + (passages - found + 0.5) / (found + 0.5))


def _all_of(parts: "list[tantivy.Query]") -> "tantivy.Query":
    import tantivy

    must = tantivy.Occur.Must
    return parts[0] if len(parts) == 1 else tantivy.Query.boolean_query([(must, part) for part in parts])


def _remembered(table: dict[str, int], term: str, count: Callable[[], int]) -> int:
    """Return the cached count of `term` from `table`, counting it on the first call."""
    found = table.get(term)
    if found is None:
        if len(table) >= TERMS_KEPT:
            table.clear()
        found = table[term] = count()
    return found


def _searcher(folder: Path) -> "tantivy.Searcher":
    import tantivy

    return tantivy.Index.open(str(folder)).searcher()


@contextmanager
def _disk_errors() -> Iterator[None]:
    """Turn the ValueError that tantivy raises on any trouble with a disk into OSError."""
    try:
        yield
    except ValueError as error:
        raise OSError(str(error)) from error


def _schema() -> "tantivy.Schema":
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("terms", stored=False, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("row", stored=False, tokenizer_name="whitespace", index_option="basic")
    builder.add_unsigned_field("passage", stored=False, indexed=False, fast=True)
    builder.add_unsigned_field("document", stored=False, indexed=True, fast=False)
    return builder.build()
