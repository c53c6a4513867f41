"""The corpus folder as people change it: files added, replaced, removed, put back, and described.

A file is read and split before it lands in the corpus, so what cannot be answered from never gets
there. It is written beside and moved in, under a lock, in one step. Nothing is indexed here.
"""

import os
import time
import unicodedata
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from assistant.base.errors import ReadingError, StoreError
from assistant.base.files.filenames import numbered, safe_folder, safe_name, same_name
from assistant.documents.catalog import Catalog, CatalogEntry, catalog_text, load_catalog, parse_catalog
from assistant.documents.document import Document, SourceFile, is_skipped, list_files, read_file
from assistant.documents.splitting import Structure, split
from assistant.index.builder import corpus_files
from assistant.index.folder import file_digest
from assistant.library import trash
from assistant.library.catalog_edit import change_catalog, prepared_change, with_entry, with_lines, without_entry
from assistant.library.trash import Removed

INCOMING_NAME = ".incoming"
INCOMING_SECONDS = 86_400
LOCK_NAME = ".library.lock"
LOCK_SECONDS = 20.0
UNKNOWN = "没有找到这份文件，它可能已被移除：请刷新页面。"
UNUSABLE = "这个名称不能使用：请改一个文件名或文件夹。"

MayRead = Callable[[str], bool]


class OnClash(StrEnum):
    """What to do where a file of the same name is already there."""

    ASK = "ask"
    REPLACE = "replace"
    KEEP_BOTH = "keep"


class Outcome(StrEnum):
    """What came of adding a file."""

    ADDED = "added"
    REPLACED = "replaced"
    SAME = "same"
    CLASH = "clash"


@dataclass(frozen=True)
class Examined:
    """A file as it would be indexed."""

    document: Document
    structure: Structure


@dataclass(frozen=True)
class Addition:
    """What came of adding a file: at `path` lies the new one, or the one that was there before.

    `token` puts the file back that was replaced.
    """

    outcome: Outcome
    path: str
    examined: Examined
    token: str = ""


class Library:
    """Changes the folder `corpus`; files over `limit` bytes and more than `most` files are refused.

    Methods raise `AssistantError`s alone: `ReadingError` for a file that cannot be taken in or is not
    there, `SettingsError` for the catalogue, `StoreError` where the folder cannot be written.
    """

    def __init__(self, corpus: Path, limit: int, most: int) -> None:
        self.corpus, self.limit, self.most = corpus, limit, most

    @contextmanager
    def incoming(self) -> Iterator[Path]:
        """Yield where a file that comes in may be written; whatever is left there goes afterwards."""
        with _writing(self.corpus):
            folder = self.corpus / INCOMING_NAME
            folder.mkdir(exist_ok=True)
            _drop_abandoned(folder)
            file = folder / uuid.uuid4().hex
            try:
                yield file
            finally:
                file.unlink(missing_ok=True)

    def examine(self, file: Path, name: str, folder: str = "") -> Examined:
        """Read and split `file` as if it lay in the corpus under `name`."""
        path = _joined(safe_folder(folder), safe_name(name))
        entry = load_catalog(self.corpus).entry_for(path)
        document = read_file(SourceFile(path, file, 0, 0), entry, self.limit)
        return Examined(document, split(document))

    def add(
        self, file: Path, name: str, folder: str, clash: OnClash, who: str = "", may_read: MayRead = lambda path: True
    ) -> Addition:
        """Take `file` into the corpus unless its content, or with `OnClash.ASK` its name, is there already.

        Only content at paths that `may_read` lets through counts as being there. A name that is another's on
        some system is refused where that other one is not let through.
        """
        examined = self.examine(file, name, folder)
        with self._changing():
            place = self._folder(safe_folder(folder), may_read)
            there = _present(place, safe_name(name))
            self._require_own(place / (there or safe_name(name)), may_read)
            files = list_files(self.corpus)
            known = self._of_content(files, examined.document, may_read)
            if known is not None:
                return Addition(Outcome.SAME, known, examined)
            if there is not None and clash is OnClash.ASK:
                return Addition(Outcome.CLASH, self._path(place / there), examined)
            if there is None or clash is OnClash.KEEP_BOTH:
                self._require_room(len(files))
            return self._take_in(file, place, there, clash, examined, who)

    def remove(self, path: str, who: str = "") -> Removed:
        """Move the file at `path`, with its entry of the catalogue, where `restore` finds it."""
        with self._changing():
            source = self._source(path)
            about = self._about(path, who, replaced=False)
            write = prepared_change(self.corpus, lambda text: without_entry(text, path)[0])
            with trash.moving(self.corpus, source.location, about):
                write()
            return about

    def restore(self, token: str, who: str = "", may_read: MayRead = lambda path: True) -> str:
        """Put a removed file back and return its path; one that replaced it makes way, another one stays beside it.

        It goes back only where `may_read` lets through what lies there now.
        """
        with self._changing():
            about = trash.find_removed(self.corpus, token)
            folder, _, name = about.path.rpartition("/")
            place = self._folder(folder, may_read)
            there = _present(place, name)
            self._require_own(place / (there or name), may_read)
            if there is not None:
                name = there if about.replaced else _free(place, name)
            path = self._path(place / name)
            change_catalog(self.corpus, lambda text: with_lines(text, about.lines, path))
            place.mkdir(parents=True, exist_ok=True)
            with self.incoming() as file:
                trash.copy_out(self.corpus, about, file)
                if there is not None and about.replaced:
                    self._replace(file, path, who)
                else:
                    os.replace(file, place / name)
            trash.drop(self.corpus, about)
            return path

    def removed(self) -> list[Removed]:
        """Return what can be put back, latest first."""
        return trash.removed_files(self.corpus)

    def describe(self, path: str, change: Callable[[Catalog], CatalogEntry]) -> None:
        """Write what `change` makes of the catalogue, as it is now, as its entry for the file at `path`."""
        with self._changing():
            self._source(path)
            change_catalog(self.corpus, lambda text: with_entry(text, path, change(parse_catalog(text))))

    def folders(self) -> list[str]:
        """Return the folders that hold files, by path; the corpus itself is ""."""
        return sorted({""} | {file.path.rpartition("/")[0] for file in list_files(self.corpus)})

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Hold the lock of the corpus: one change at a time, of whichever program."""
        from filelock import FileLock, Timeout

        with _writing(self.corpus):
            try:
                with FileLock(self.corpus / LOCK_NAME, timeout=LOCK_SECONDS):
                    yield
            except Timeout:
                raise StoreError("另一个程序正在修改语料文件夹：请等它完成后再试。") from None

    def _take_in(
        self, file: Path, place: Path, there: str | None, clash: OnClash, examined: Examined, who: str
    ) -> Addition:
        place.mkdir(parents=True, exist_ok=True)
        name, token = there or examined.document.path.rpartition("/")[2], ""
        if there is not None and clash is OnClash.KEEP_BOTH:
            name = _free(place, name)
        elif there is not None:
            token = self._replace(file, self._path(place / there), who).token
        if not token:
            os.replace(file, place / name)
        path = self._path(place / name)
        moved = replace(examined, document=replace(examined.document, path=path))
        return Addition(Outcome.REPLACED if token else Outcome.ADDED, path, moved, token)

    def _replace(self, file: Path, path: str, who: str) -> Removed:
        """Put `file` in the place of the one at `path`, which is kept; its entry goes on for its successor."""
        source = self._source(path)
        about = self._about(path, who, replaced=True)
        with trash.replacing(self.corpus, source.location, about):
            os.replace(file, source.location)
        return about

    def _about(self, path: str, who: str, replaced: bool) -> Removed:
        _, lines = without_entry(catalog_text(self.corpus), path)
        return Removed(trash.new_token(), path, lines, who, time.time(), replaced)

    def _source(self, path: str) -> SourceFile:
        found = next((file for file in corpus_files(self.corpus) if file.path == path), None)
        if found is None:
            raise ReadingError(UNKNOWN)
        return found

    def _of_content(self, files: list[SourceFile], document: Document, may_read: MayRead) -> str | None:
        """Return the path of a file with the content of `document`."""
        for file in files:
            if file.size == document.size and may_read(file.path) and file.location.is_file():
                if file_digest(file.location) == document.sha256:
                    return file.path
        return None

    def _folder(self, folder: str, may_read: MayRead) -> Path:
        """Return where `folder` lies or would lie; raises `ReadingError` for one that is not read or leaves.

        Of one that `may_read` does not let through no more is said than that.
        """
        place = self.corpus
        for part in filter(None, folder.split("/")):
            if is_skipped(part):
                raise ReadingError(f"文件夹名称“{part}”不能使用：请改一个名称。")
            place = place / (_present(place, part) or part)
            if place.is_symlink() or (place.exists() and not place.is_dir()):
                self._require_own(place, may_read)
                raise ReadingError(f"“{part}”不是普通的文件夹：请换一个文件夹。")
        return place

    def _require_own(self, location: Path, may_read: MayRead) -> None:
        """Refuse a place that is not open to whoever asks; nothing tells it from a name that cannot be used."""
        if not may_read(self._path(location)):
            raise ReadingError(UNUSABLE)

    def _path(self, location: Path) -> str:
        return unicodedata.normalize("NFC", location.relative_to(self.corpus).as_posix())

    def _require_room(self, count: int) -> None:
        if count >= self.most:
            raise ReadingError(f"已有 {count} 份文件，达到上限：请先移除不用的文件，或调大设置 max_documents。")


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _present(folder: Path, name: str) -> str | None:
    """Return the name in `folder` that some system takes for `name`: `name` itself if it is there."""
    try:
        alike = [other for other in os.listdir(folder) if same_name(other, name)]
    except FileNotFoundError:
        return None
    wanted = unicodedata.normalize("NFC", name)
    return min(alike, key=lambda other: (other != name, unicodedata.normalize("NFC", other) != wanted), default=None)


def _free(folder: Path, name: str) -> str:
    """Return a name like `name` that nothing in `folder` has."""
    number = 2
    while _present(folder, numbered(name, number)) is not None:
        number += 1
    return numbered(name, number)


def _drop_abandoned(folder: Path) -> None:
    """Delete what a program that was killed left half received."""
    limit = time.time() - INCOMING_SECONDS
    for file in folder.iterdir():
        with suppress(FileNotFoundError):  # another thread is done with it
            if file.lstat().st_mtime < limit:
                file.unlink()


@contextmanager
def _writing(corpus: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise StoreError(f"写不进语料文件夹 {corpus}（{reason}）：请检查磁盘空间和写入权限。") from error
