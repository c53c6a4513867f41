"""BM25 over pre-split terms with tantivy (k1 1.2, b 0.75, its built-in constants).

Terms come from `text.terms`, joined by blanks for tantivy's whitespace tokenizer. A row is one
passage with its number (the key shared with the vectors) and the number of its document.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from math import log
from pathlib import Path
from shutil import copytree, ignore_patterns
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import tantivy

HEAP_BYTES = 64_000_000
TERMS_KEPT = 100_000
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
    """An open tantivy folder; searching is safe from several threads.

    tantivy locks what it reads: a folder that it may not write, such as another account's, is read
    from a copy. Raises ValueError where there is no index, OSError where there is no room to copy it.
    """

    def __init__(self, folder: Path) -> None:
        self._schema = _schema()
        self._frequencies: dict[str, int] = {}
        try:
            self._searcher = _searcher(folder)
        except ValueError:
            self._copy = TemporaryDirectory(prefix="assistant-")
            copytree(folder, self._copy.name, ignore=ignore_patterns("*.lock"), dirs_exist_ok=True)
            self._searcher = _searcher(Path(self._copy.name))

    def __len__(self) -> int:
        """Return the number of passages."""
        return int(self._searcher.num_docs)

    def frequency(self, term: str) -> int:
        """Return the number of passages that hold `term`."""
        found = self._frequencies.get(term)
        if found is None:
            if len(self._frequencies) >= TERMS_KEPT:
                self._frequencies.clear()
            found = self._frequencies[term] = int(self._searcher.doc_freq("terms", term))
        return found

    def highest(self, terms: Iterable[tuple[str, float]]) -> float:
        """Return the BM25 score that no passage can exceed for these (term, weight) pairs, as `search` takes them."""
        total, passages = 0.0, int(self._searcher.doc_freq("row", _ROW))
        for term, weight in self._affordable(terms):
            if found := self.frequency(term):
                total += weight * log(1 + (passages - found + 0.5) / (found + 0.5))
        return (K1 + 1) * total

    def search(
        self, terms: Iterable[tuple[str, float]], k: int, documents: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return (passage number, BM25 score) of the best `k`, best first; ties by number.

        `terms` are (term, weight) pairs; a weight multiplies the term's BM25 score. `documents`
        limits the search to these document numbers. Of terms that are in more than `POSTINGS_LIMIT`
        passages together, the most frequent do not count.
        """
        import tantivy

        query = tantivy.Query
        should, must = tantivy.Occur.Should, tantivy.Occur.Must
        parts = []
        for term, weight in self._affordable(terms):
            part = query.term_query(self._schema, "terms", term, index_option="freq")
            parts.append((should, part if weight == 1.0 else query.boost_query(part, weight)))
        if not parts or not k:
            return []
        wanted = query.boolean_query(parts)
        if documents is not None:
            allowed = query.term_set_query(self._schema, "document", list(documents))
            wanted = query.boolean_query([(must, wanted), (must, query.const_score_query(allowed, 0.0))])
        found = self._searcher.search(wanted, limit=k, count=False).hits
        addresses = [address for _, address in found]
        numbers: list[Any] = self._searcher.fast_field_values("passage", addresses)
        pairs = [(int(n), float(score)) for (score, _), n in zip(found, numbers, strict=True)]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    def _affordable(self, terms: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
        """Return `terms` without the most frequent ones that would exceed the limit; the rarest stays."""
        given = list(terms)
        frequencies = [self.frequency(term) for term, _ in given]
        if sum(frequencies) <= POSTINGS_LIMIT:
            return given
        rarest_first = sorted(range(len(given)), key=lambda n: (frequencies[n], n))
        totals = accumulate(frequencies[n] for n in rarest_first)
        kept = {n for n, total in zip(rarest_first, totals, strict=True) if total <= POSTINGS_LIMIT}
        return [pair for n, pair in enumerate(given) if n in kept or n == rarest_first[0]]


class LexicalWriter:
    """Adds passages to the tantivy folder `folder` (made if missing); nothing counts before `commit`.

    Every method raises OSError when the disk does not take what is written.
    """

    def __init__(self, folder: Path) -> None:
        import tantivy

        fresh = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        with _disk_errors():
            self._index = tantivy.Index(_schema(), path=str(folder)) if fresh else tantivy.Index.open(str(folder))
            self._writer = self._index.writer(heap_size=HEAP_BYTES, num_threads=1)

    def remove(self, documents: Sequence[int]) -> None:
        """Take out all passages of the documents with these numbers."""
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
