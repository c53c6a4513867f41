"""The index folder: manifest, integrity checks at opening, reading, and the writer's lock.

`manifest.json` names the current generation folder (`data`) and the size and checksum of each of its files;
replacing the manifest is the one step that makes a new index current. `builder.py` writes.
"""

import hashlib
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from copy import copy
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from assistant.base.errors import StoreError
from assistant.documents.document import Problem
from assistant.index.lexical import LexicalIndex, LexicalWriter, row_of
from assistant.index.records import Records
from assistant.index.vectors import VectorIndex
from assistant.models.encoder import Encoder

FORMAT = 4
KIND = "policy-assistant index"
MANIFEST_NAME = "manifest.json"
LOCK_NAME = ".lock"
RECORDS_NAME = "records.sqlite"
LEXICAL_NAME = "lexical"
GENERATION_PREFIX = "g-"
LOCK_SECONDS = 20.0
MEND = "请运行 build 重建（python -m assistant build）。"

# A limited index copies the words of so many passages (0.3 s), so that its scores are those of an index of its own;
# of more, whose average length hardly differs, it takes the scores of all.
COPIED_AT_MOST = 5_000

_FILES_AT_ONCE = 4
_GENERATION = re.compile(f"{GENERATION_PREFIX}[0-9a-f]{{12}}")


class OutdatedError(StoreError):
    """The index has an older format; `build` makes it anew, and `ask` builds by itself."""


class BusyError(StoreError):
    """Another process is writing the index; it will be done soon."""


@dataclass(frozen=True)
class IndexedFile:
    """What was indexed of a file; (id, sha256, entry) together identify it.

    `entry` is a digest of its catalogue entry; `id` is None for a file that could not be read.
    """

    path: str
    size: int
    mtime_ns: int
    sha256: str
    entry: str
    id: str | None
    problem: str | None = None


@dataclass(frozen=True)
class Manifest:
    """The contents of an index. `splitting` is a version that changes when documents would be cut differently."""

    data: str
    encoder: str
    fingerprint: str
    dimensions: int
    splitting: str
    counts: Mapping[str, int]
    checksums: Mapping[str, tuple[int, str]]
    files: tuple[IndexedFile, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Files that could not be read, each with the reason and what to do."""
        return tuple(Problem(f.path, f.problem) for f in self.files if f.problem)


class Index:
    """An opened index; keeps reading its generation while a newer one is built."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.manifest = manifest
        data = folder / manifest.data
        self.records = Records(data / RECORDS_NAME)
        self.vectors = VectorIndex.read(data)
        self.lexical = LexicalIndex(data / LEXICAL_NAME)

    def limited(self, may_read: Callable[[str], bool]) -> "Index":
        """Return a view in which only files whose path `may_read` allows exist; it shares the open files.

        This is the one place that limits everything asked of an index: no part of the view reveals another
        file.
        """
        visible = [record.number for record in self.records.documents() if may_read(record.path)]
        passages = np.array(self.records.passage_numbers(visible), dtype=np.int64)
        view = copy(self)
        view.records = self.records.limited(visible)
        view.vectors = self.vectors.limited(passages)
        few = len(passages) <= COPIED_AT_MOST
        view.lexical = view._words(passages.tolist()) if few else self.lexical.limited(visible)
        counts = {name: view.records.count(name) for name in self.manifest.counts}
        files = tuple(file for file in self.manifest.files if may_read(file.path))
        view.manifest = replace(self.manifest, counts=counts, files=files)
        return view

    def _words(self, passages: list[int]) -> LexicalIndex:
        """Return a lexical index of these passages alone, made in memory, with the scores of an index of its own."""
        writer = LexicalWriter(None)
        for row in zip(passages, self.records.owners(passages), self.records.words(passages), strict=True):
            writer.add(row_of(*row))
        writer.commit()
        return writer.opened()

    def __len__(self) -> int:
        """Return the number of passages."""
        return self.manifest.counts["passage"]

    def close(self) -> None:
        """Close the files."""
        self.records.close()


def open_index(folder: Path, encoder: Encoder) -> Index:
    """Check and open the index in `folder`; raises `StoreError` with what is wrong and what to do."""
    manifest = read_manifest(folder)
    while True:
        try:
            return _open(folder, manifest, encoder)
        except StoreError:
            newer = read_manifest(folder)
            if newer.data == manifest.data:
                raise
            manifest = newer  # a build replaced it in the meantime, and another may have deleted what it named


def _open(folder: Path, manifest: Manifest, encoder: Encoder) -> Index:
    _check_files(folder, manifest)
    if (manifest.fingerprint, manifest.dimensions) != (encoder.fingerprint, encoder.dimensions):
        raise StoreError(f"索引是用另一个编码器（{manifest.encoder}）建的，与现在的 {encoder.name} 不符：{MEND}")
    try:
        index = Index(folder, manifest)
        _check_counts(index)
    except (RuntimeError, ValueError, OSError, sqlite3.Error) as error:
        raise StoreError(f"索引 {folder} 打不开（{_one_line(error)}）：{MEND}") from error
    return index


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of the index in `folder`; raises `StoreError` where there is no usable one."""
    file = folder / MANIFEST_NAME
    try:
        table = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StoreError(f"{folder} 里还没有索引：{MEND}") from None
    except (OSError, ValueError, RecursionError) as error:
        raise StoreError(f"索引清单 {file} 已损坏（{_one_line(error)}）：{MEND}") from None
    if not isinstance(table, dict) or table.get("kind") != KIND:
        raise StoreError(f"{file} 不是本程序的索引清单：请换一个 --index 文件夹，或运行 build 在这里重建。")
    _check_format(folder, table.get("format"))
    if table.get("sha256") != _digest(table):
        raise StoreError(f"索引清单 {file} 已损坏（内容有变）：{MEND}")
    try:
        return _manifest(table)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise StoreError(f"索引清单 {file} 缺少内容：{MEND}") from None


def _check_format(folder: Path, found: object) -> None:
    if found == FORMAT:
        return
    reason = f"（格式 {found}，本程序用 {FORMAT}）：{MEND}"
    if isinstance(found, int) and found > FORMAT:
        raise StoreError(f"索引 {folder} 由更新版本的程序建立{reason}")
    raise OutdatedError(f"索引 {folder} 格式已过时{reason}")


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Make `manifest` the current one, atomically."""
    table = asdict(manifest) | {"kind": KIND, "format": FORMAT}
    table["sha256"] = _digest(table)
    files = table.pop("files")
    head = json.dumps(table, ensure_ascii=False)[:-1]
    lines = ",\n".join(json.dumps(file, ensure_ascii=False) for file in files)
    beside = folder / f"{MANIFEST_NAME}.new"
    with beside.open("w", encoding="utf-8") as out:
        out.write(f'{head},\n"files": [\n{lines}\n]}}\n')
        out.flush()
        os.fsync(out.fileno())
    os.replace(beside, folder / MANIFEST_NAME)


def _digest(table: Mapping[str, object]) -> str:
    """Return the sha256 of a manifest's content, except this digest itself."""
    rest = {key: value for key, value in table.items() if key != "sha256"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def checksums(data: Path) -> dict[str, tuple[int, str]]:
    """Return, by relative path, (size in bytes, sha256) of each file below `data`; writer locks are left out."""
    files = sorted(p for p in data.rglob("*") if p.is_file() and not p.name.endswith(".lock"))
    with ThreadPoolExecutor(_FILES_AT_ONCE) as pool:
        digests = list(pool.map(file_digest, files))
    sizes = [file.stat().st_size for file in files]
    names = [file.relative_to(data).as_posix() for file in files]
    return dict(zip(names, zip(sizes, digests, strict=True), strict=True))


def file_digest(file: Path) -> str:
    """Return the sha256 of a file's bytes, in hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _manifest(table: dict) -> Manifest:
    files = tuple(IndexedFile(**file) for file in table["files"])
    sums = {name: (int(size), str(digest)) for name, (size, digest) in table["checksums"].items()}
    if not str(table["data"]).startswith(GENERATION_PREFIX) or "/" in table["data"] or "\\" in table["data"]:
        raise ValueError(table["data"])
    names = ("data", "encoder", "fingerprint", "dimensions", "splitting", "counts")
    manifest = Manifest(**{name: table[name] for name in names}, checksums=sums, files=files)
    if not all(isinstance(manifest.counts.get(n), int) for n in ("document", "passage")):
        raise ValueError("counts")
    return manifest


def _check_files(folder: Path, manifest: Manifest) -> None:
    """Compare sizes and checksums, the largest files first; 1.2 GB take a second on two cores."""
    expected = sorted(manifest.checksums.items(), key=lambda item: -item[1][0])
    with ThreadPoolExecutor(_FILES_AT_ONCE) as pool:
        checks = [pool.submit(_check_file, folder / manifest.data / name, *known) for name, known in expected]
    for check in checks:
        check.result()


def _check_file(file: Path, size: int, digest: str) -> None:
    try:
        actual = file.stat().st_size
        same = actual == size and file_digest(file) == digest
    except OSError:
        raise StoreError(f"索引文件 {file} 不见了或读不出：{MEND}") from None
    if not same:
        raise StoreError(f"索引文件 {file} 已损坏（应有 {size} 字节，实有 {actual} 字节，或内容有变）：{MEND}")


def _check_counts(index: Index) -> None:
    expected = index.manifest.counts["passage"]
    counts = (index.records.count("passage"), len(index.vectors), len(index.lexical))
    if any(count != expected for count in counts):
        raise StoreError(f"索引各部分的段数不一致（清单 {expected}，文字、向量、词 {counts}）：{MEND}")


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the writer's lock of `folder`; at the end delete all generations but the current and the previous one.

    Raises `BusyError` if another process holds the lock, `StoreError` if the disk fails or is full.
    """
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / LOCK_NAME, timeout=LOCK_SECONDS):
            before = _current(folder)
            try:
                yield
            finally:
                _clean(folder, before)
    except Timeout:
        raise BusyError(f"另一个程序正在更新索引 {folder}：请等它完成后再试。") from None
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise StoreError(f"写不进索引文件夹 {folder}（{reason}）：请检查磁盘空间和写入权限后再 build。") from error


def _current(folder: Path) -> str | None:
    """Return the name of the current generation, None where there is none or it cannot be determined."""
    try:
        return read_manifest(folder).data
    except StoreError:
        return None


def _clean(folder: Path, before: str | None) -> None:
    """Delete generations that are not current, except `before`, which readers may be opening."""
    current = _current(folder)
    if current is None:
        return
    for path in folder.iterdir():
        if _GENERATION.fullmatch(path.name) and path.name not in (current, before):
            shutil.rmtree(path, ignore_errors=True)


def sync(data: Path) -> None:
    """Flush `data` to disk: the manifest must not survive a power cut that its data does not."""
    for path in data.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
