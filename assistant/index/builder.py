"""Builds and updates the index folder from the corpus folder.

A new generation is written beside the current one, first copied from it where only some files changed; only
passages whose text changed are encoded again. If the build is killed at any point, the old manifest still names
a complete generation. One writer at a time, by a lock that ends with its process.
"""

import hashlib
import os
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from itertools import repeat
from pathlib import Path
from time import perf_counter

from assistant.base.errors import ReadingError, StoreError
from assistant.documents import splitting
from assistant.documents.catalog import Catalog, CatalogEntry, load_catalog
from assistant.documents.document import Document, Problem, SourceFile, list_files, read_file
from assistant.index import folder as index_folder
from assistant.index.folder import IndexedFile, Manifest
from assistant.index.lexical import LexicalWriter, row_of
from assistant.index.passage_vectors import PassageVectors, Waiting
from assistant.index.records import RecordWriter, indexed_text
from assistant.index.vectors import CONTEXT_REACH, CONTEXT_WEIGHT, VectorIndex
from assistant.models.encoder import Encoder

# Deleted passages stay in tantivy's counts until its segments merge; below this many passages the
# lexical part is written anew instead, so that an updated index scores exactly as a fresh one.
LEXICAL_REWRITE_LIMIT = 20_000
TWIN = "（同名文件）"
SPLITTING = f"3-{splitting.PASSAGE_CHARACTERS}-{CONTEXT_REACH}-{CONTEXT_WEIGHT}"


Report = Callable[[str, int, int], None]


@dataclass(frozen=True)
class BuildResult:
    """What a build did: paths added, changed and removed, and files that could not be read."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    encoded: int
    counts: dict[str, int]
    seconds: float

    @property
    def wrote(self) -> bool:
        """Whether a new generation was written."""
        return bool(self.added or self.changed or self.removed)


def build(
    corpus: Path, folder: Path, encoder: Encoder, limit: int, report: Report | None = None, full: bool = False
) -> BuildResult:
    """Bring the index in `folder` up to date with `corpus`; with `full`, from nothing.

    `limit` is the size in bytes above which a file is not read; `report(stage, done, total)` is
    called as the work goes on. Raises `StoreError` when another process is writing, `ReadingError`
    when the corpus folder is missing; a file that cannot be read is in the result's `problems`.
    """
    started = perf_counter()
    files, catalog = corpus_files(corpus), load_catalog(corpus)
    with index_folder.writing(folder):
        old = None if full else usable_manifest(folder, encoder)
        plan = _plan(files, catalog, old, limit)
        doubts = _doubts(files, catalog)
        if old is not None and not plan.changes:
            if tuple(plan.kept) != old.files:  # only times differ: noted, so that `ask` need not look again
                old = replace(old, files=tuple(plan.kept))
                index_folder.write_manifest(folder, old)
            return _result(plan, old, doubts, 0, started)
        job = _Build(folder, encoder, limit, report or _silent)
        manifest, warnings = job.run(plan, old)
    return _result(plan, manifest, [*warnings, *doubts], job.encoded, started)


def build_from(documents: Iterable[Document], folder: Path, encoder: Encoder, report: Report | None = None) -> Manifest:
    """Build the index in `folder` from `documents` that are not files, such as those of a test collection."""
    with index_folder.writing(folder):
        return _Build(folder, encoder, 0, report or _silent).run_on(documents)


def is_stale(corpus: Path, folder: Path, encoder: Encoder) -> bool:
    """Say whether the index is missing or differs from what `build` would make of `corpus`.

    Files are compared by size and modification time, as make does; an index of an older format is stale. Raises
    `StoreError` for one that is damaged, foreign or of a newer format.
    """
    if not (folder / index_folder.MANIFEST_NAME).exists():
        return True
    try:
        manifest = index_folder.read_manifest(folder)
    except index_folder.OutdatedError:
        return True
    if not _fits(manifest, encoder):
        return True
    return bool(_plan(corpus_files(corpus), load_catalog(corpus), manifest).changes)


@dataclass(frozen=True)
class Pending:
    """Paths of files that `build` would read, and of those it would drop."""

    changed: tuple[str, ...]
    gone: tuple[str, ...]


def pending_files(corpus: Path, manifest: Manifest) -> Pending:
    """Return the files that came, changed or went since `manifest`, by size and modification time.

    Raises `ReadingError` and `SettingsError` as `build` does.
    """
    plan = _plan(corpus_files(corpus), load_catalog(corpus), manifest)
    return Pending(tuple(file.path for file, _ in plan.work), tuple(file.path for file in plan.gone))


def usable_manifest(folder: Path, encoder: Encoder) -> Manifest | None:
    """Return the manifest if its generation is complete and can be updated with `encoder`, else None."""
    try:
        manifest = index_folder.read_manifest(folder)
        if not _fits(manifest, encoder):
            return None
        index_folder.open_index(folder, encoder).close()
    except StoreError:
        return None
    return manifest


def _fits(manifest: Manifest, encoder: Encoder) -> bool:
    made_with = (manifest.fingerprint, manifest.dimensions, manifest.splitting)
    return made_with == (encoder.fingerprint, encoder.dimensions, SPLITTING)


@dataclass
class _Plan:
    """Which files to read, which to keep as indexed, and which are gone."""

    old: dict[str, IndexedFile]
    work: list[tuple[SourceFile, CatalogEntry]] = field(default_factory=list)
    kept: list[IndexedFile] = field(default_factory=list)
    gone: list[IndexedFile] = field(default_factory=list)

    @property
    def changes(self) -> int:
        """How many files differ from what is indexed."""
        return len(self.work) + len(self.gone)


def corpus_files(corpus: Path) -> list[SourceFile]:
    """Return the files of `corpus`; of names equal after Unicode normalisation, all but one are renamed."""
    files: dict[str, SourceFile] = {}
    for file in sorted(list_files(corpus), key=lambda f: (f.path, os.fsencode(f.location))):
        path = file.path
        while path in files:
            path += TWIN
        files[path] = replace(file, path=path)
    return list(files.values())


def _plan(files: Sequence[SourceFile], catalog: Catalog, old: Manifest | None, limit: int | None = None) -> _Plan:
    """Compare `files` with what is indexed: without `limit` by size and time, with it by what `build` would read."""
    plan = _Plan(old={f.path: f for f in old.files} if old else {})
    for file in files:
        entry, known = catalog.entry_for(file.path), plan.old.get(file.path)
        if known and _same(file, entry, known, limit):
            plan.kept.append(replace(known, mtime_ns=file.mtime_ns))
        else:
            plan.work.append((file, entry))
    present = {file.path for file in files}
    plan.gone = [f for path, f in plan.old.items() if path not in present]
    return plan


def _doubts(files: Sequence[SourceFile], catalog: Catalog) -> list[Problem]:
    """Return problems of the catalogue: successors that do not exist."""
    missing = catalog.without_successor({file.path for file in files})
    mend = "：请改正 catalog.toml 里的 replaced_by，或删去它。"
    return [Problem(path, f"代替它的 {later} 不在文件夹里{mend}") for path, later in missing.items()]


def _same(file: SourceFile, entry: CatalogEntry, known: IndexedFile, limit: int | None) -> bool:
    if file.size != known.size or entry_digest(entry) != known.entry:
        return False
    if limit is None and file.mtime_ns == known.mtime_ns:
        return True
    if known.id is None:  # a mend need not touch the file: permissions, the limit, a newer program
        return limit is not None and _problem(file, entry, limit) == known.problem
    try:
        return index_folder.file_digest(file.location) == known.sha256
    except OSError:
        return False


def _problem(file: SourceFile, entry: CatalogEntry, limit: int) -> str | None:
    try:
        _document(file, entry, limit)
    except ReadingError as error:
        return str(error)
    return None


def _document(file: SourceFile, entry: CatalogEntry, limit: int) -> Document:
    if file.path.endswith(TWIN):
        raise ReadingError("与另一个文件的名称看起来完全相同，请给其中一个改名。")
    return read_file(file, entry, limit)


def entry_digest(entry: CatalogEntry) -> str:
    """Return a digest of a catalogue entry; a change of title or date counts as a change of the document."""
    return hashlib.sha256(repr(sorted(asdict(entry).items())).encode()).hexdigest()[:16]


class _Build:
    """Writes one new generation."""

    def __init__(self, folder: Path, encoder: Encoder, limit: int, report: Report) -> None:
        self._folder, self._encoder, self._limit, self._report = folder, encoder, limit, report
        self._data = folder / f"{index_folder.GENERATION_PREFIX}{uuid.uuid4().hex[:12]}"

    @property
    def encoded(self) -> int:
        """The number of texts passed to the encoder."""
        return self._vectors.encoded

    def run(self, plan: _Plan, old: Manifest | None) -> tuple[Manifest, list[Problem]]:
        """Write the generation and make it current; return its manifest and the files' warnings."""
        rewrite = old is None or old.counts["passage"] < LEXICAL_REWRITE_LIMIT
        with self._opened(old, rewrite):
            return self._run(plan, old, rewrite)

    def run_on(self, documents: Iterable[Document]) -> Manifest:
        """Write a generation of `documents` alone and make it current; return its manifest."""
        with self._opened(None, True):
            for count, document in enumerate(documents):
                self._add(document)
                if count % 1000 == 0:
                    self._report("读取文件", count, 0)
            return self._finish(())

    def _run(self, plan: _Plan, old: Manifest | None, rewrite: bool) -> tuple[Manifest, list[Problem]]:
        if old is not None:
            kept = {f.path for f in plan.kept}
            self._take_over(old, [f.id for f in plan.old.values() if f.id and f.path not in kept], rewrite)
        done, warnings = self._read(plan)
        files = tuple(sorted([*plan.kept, *done], key=lambda f: f.path))
        return self._finish(files), warnings

    @contextmanager
    def _opened(self, old: Manifest | None, rewrite: bool) -> Iterator[None]:
        self._data.mkdir(parents=True)
        if old is not None:
            self._copy(old, rewrite)
        self._records = RecordWriter(self._data / index_folder.RECORDS_NAME)
        self._lexical = LexicalWriter(self._data / index_folder.LEXICAL_NAME)
        self._vectors = PassageVectors(self._data, self._encoder, self._report is not _silent)
        with closing(self._vectors):
            yield

    def _copy(self, old: Manifest, rewrite: bool) -> None:
        source = self._folder / old.data
        shutil.copyfile(source / index_folder.RECORDS_NAME, self._data / index_folder.RECORDS_NAME)
        if not rewrite:
            shutil.copytree(source / index_folder.LEXICAL_NAME, self._data / index_folder.LEXICAL_NAME)

    def _take_over(self, old: Manifest, identities: Sequence[str], rewrite: bool) -> None:
        """Copy `old` without these documents; their passages' vectors are kept for texts that did not change."""
        documents = [self._records.number(identity) for identity in identities]
        gone = {number: digest for one in documents for number, digest in self._records.passages(one)}
        for document in documents:
            self._records.remove(document)
        self._vectors.take_over(VectorIndex.read(self._folder / old.data), gone)
        if rewrite:
            self._index_words(self._records.stored_passages())
        else:
            self._lexical.remove(documents)

    def _read(self, plan: _Plan) -> tuple[list[IndexedFile], list[Problem]]:
        done, warnings = [], []
        for count, (file, entry) in enumerate(plan.work):
            self._report("读取文件", count, len(plan.work))
            try:
                document = _document(file, entry, self._limit)
            except ReadingError as error:
                digest = entry_digest(entry)
                done.append(IndexedFile(file.path, file.size, file.mtime_ns, "", digest, None, str(error)))
                continue
            self._add(document)
            warnings += [Problem(file.path, warning) for warning in document.warnings]
            done.append(
                IndexedFile(file.path, document.size, file.mtime_ns, document.sha256, entry_digest(entry), document.id)
            )
        self._report("读取文件", len(plan.work), len(plan.work))
        return done, warnings

    def _add(self, document: Document) -> None:
        structure = splitting.split(document)
        texts = [indexed_text(document.title, p.context, document.text[p.start : p.end]) for p in structure.passages]
        hashes = _digests_in_context(texts)
        number, passages = self._records.add(document, structure, hashes)
        self._index_words((passage, number, text) for passage, text in zip(passages, texts, strict=True))
        if self._vectors.add(map(Waiting, passages, repeat(number), hashes, texts)):
            self._report("计算向量", self.encoded, self.encoded)

    def _index_words(self, rows: Iterable[tuple[int, int, str]]) -> None:
        for row in rows:
            self._lexical.add(row_of(*row))

    def _finish(self, files: tuple[IndexedFile, ...]) -> Manifest:
        self._report("写入索引", 0, 1)
        self._vectors.finish()
        counts = self._records.counts()
        self._records.commit()
        self._lexical.commit()
        self._vectors.commit()
        index_folder.sync(self._data)
        made_with = (self._encoder.name, self._encoder.fingerprint, self._encoder.dimensions, SPLITTING)
        manifest = Manifest(self._data.name, *made_with, counts, index_folder.checksums(self._data), files)
        index_folder.write_manifest(self._folder, manifest)
        self._report("写入索引", 1, 1)
        return manifest


def _digests_in_context(texts: Sequence[str]) -> list[bytes]:
    """Return for each passage of a document a digest of all texts that its vector is made from."""
    own = [hashlib.sha256(text.encode()).digest() for text in texts]
    spans = [own[max(0, n - CONTEXT_REACH) : n + CONTEXT_REACH + 1] for n in range(len(own))]
    places = [min(n, CONTEXT_REACH) for n in range(len(own))]
    return [hashlib.sha256(bytes([at]) + b"".join(s)).digest()[:16] for at, s in zip(places, spans, strict=True)]


def _result(plan: _Plan, manifest: Manifest, warnings: list[Problem], encoded: int, started: float) -> BuildResult:
    paths = [file.path for file, _ in plan.work]
    return BuildResult(
        added=tuple(path for path in paths if path not in plan.old),
        changed=tuple(path for path in paths if path in plan.old),
        removed=tuple(file.path for file in plan.gone),
        unchanged=len(plan.kept),
        problems=manifest.problems,
        warnings=tuple(warnings),
        encoded=encoded,
        counts=dict(manifest.counts),
        seconds=perf_counter() - started,
    )


def _silent(stage: str, done: int, total: int) -> None:
    """Report nothing."""
