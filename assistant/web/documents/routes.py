"""The documents page: what there is, what was found in it, and changing it.

Readers see what they may read; managers change it. A document that somebody may not read is answered
exactly like one that does not exist. Every change is followed by indexing in the background.
"""

import re
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from assistant.accounts.audit import Action
from assistant.accounts.visitor import LOCAL, Role, Visitor
from assistant.base.errors import AccessError, LimitError, ReadingError, SettingsError
from assistant.base.files.filenames import safe_folder, safe_name
from assistant.base.settings import Use
from assistant.base.text import drop_controls
from assistant.documents.catalog import VALIDITIES, Catalog, CatalogEntry
from assistant.documents.document import document_id
from assistant.index.builder import Report
from assistant.index.folder import Index
from assistant.index.records import DocumentRecord
from assistant.library.background_build import Indexing
from assistant.library.corpus_changes import UNKNOWN, Addition, Library, OnClash, Outcome
from assistant.library.trash import TRASH_DAYS, Removed, find_removed
from assistant.library.versions import compare
from assistant.web import assets
from assistant.web.documents.table import FolderState, Rows, folder_state
from assistant.web.documents.uploads import Upload, upload_route
from assistant.web.documents.views import (  # fmt: skip
    Cut,
    comparison_view,
    cut_of,
    facts_of,
    paragraphs_of,
    split_view,
    structure_view,
)
from assistant.web.endpoint import BAD_REQUEST, endpoint
from assistant.web.routing import Route, Routes

if TYPE_CHECKING:
    from assistant.index.builder import BuildResult
    from assistant.web.desk import Desk

TEXT_LIMIT = 200
LABELS = {"title": "标题", "issuer": "发文单位"}
KEY_NAMES = {"date 的日期": "日期", "validity 的": "效力", "validity": "效力", "replaced_by": "由哪份文件替代"}
KEYS = re.compile("|".join(KEY_NAMES))
NO_FOLDER = "不能在这个文件夹里添加文件：请选择自己的文件夹。"
CIRCLE = "这样会互相替代：请检查两份文件哪一份是新的。"
COMPARING = "别人正在比较两份文件：请过几秒再试。"
MB = 1_000_000
LOOK_SECONDS = 5.0


@dataclass(frozen=True)
class _Seen:
    """What the folder was like at some time, beside which index after which build."""

    at: float
    beside: tuple[str, int]
    found: FolderState


class Documents:
    """What the routes of the page do, each for a visitor; what the browser sent is checked here."""

    def __init__(self, desk: "Desk") -> None:
        settings = desk.settings
        self._desk = desk
        self.library = Library(settings.corpus, int(settings.max_file_mb * MB), settings.max_documents)
        self.indexing = Indexing(self._refresh)
        self._one_reading = threading.BoundedSemaphore(2)
        self._one_comparison = threading.Lock()
        self._folder_seen: _Seen | None = None

    def table(self, visitor: Visitor, _: dict[str, Any]) -> dict[str, Any]:
        """Return a row for each document and each file that could not be read, and what the page may offer."""
        index, folder = self._index(visitor), self._folder_now()
        rows = Rows(index, folder.catalog, folder.pending).all(visitor)
        folders = {str(PurePosixPath(row["path"]).parent) for row in rows} | set(visitor.folders or ("",))
        return {
            "documents": rows,
            "folders": sorted({"" if folder == "." else folder for folder in folders}),
            "validities": VALIDITIES,
            "max_bytes": self.library.limit,
            "may_change": visitor.role.covers(Role.MANAGER),
            "state": self._state(visitor, index, folder),
        }

    def state(self, visitor: Visitor, _: dict[str, Any]) -> dict[str, Any]:
        """Return how far indexing is and what waits for it."""
        return self._state(visitor, self._index(visitor), self._folder_lately())

    def details(self, visitor: Visitor, asked: dict[str, Any]) -> dict[str, Any]:
        """Return what was found in one document."""
        record, cut = self._cut(visitor, _text(asked, "id"))
        file = {"path": record.path, "pages": len(record.pages), "warnings": record.warnings}
        return facts_of(record) | file | structure_view(cut)

    def split(self, visitor: Visitor, asked: dict[str, Any]) -> dict[str, Any]:
        """Return how a document was cut, from paragraph number `from` on."""
        _, cut = self._cut(visitor, _text(asked, "id"))
        first = _text(asked, "from")
        if not first.isdecimal() or not 1 <= int(first) <= max(1, len(cut.paragraphs)):
            raise SettingsError(BAD_REQUEST)
        return split_view(cut, int(first))

    def compare(self, visitor: Visitor, asked: dict[str, Any]) -> dict[str, Any]:
        """Return what changed from the document `old` to `new`."""
        (old, before), (new, after) = (self._cut(visitor, _text(asked, name)) for name in ("old", "new"))
        texts = [paragraphs_of(cut.text, cut.paragraphs) for cut in (before, after)]
        if not self._one_comparison.acquire(blocking=False):
            raise LimitError(COMPARING)
        try:
            rows = compare(*texts)
        finally:
            self._one_comparison.release()
        return {"old": facts_of(old), "new": facts_of(new)} | comparison_view(rows)

    def preview(self, upload: Upload) -> dict[str, Any]:
        """Return what would be found in a file, and how it would be cut, without adding it."""
        name, folder = _said(upload.said, "name"), self._folder(upload.visitor, upload.said)
        with self._one_reading:
            examined = self.library.examine(upload.file, name, folder)
        cut, document = cut_of(examined), examined.document
        found = {"title": document.title, "path": document.path, "warnings": document.warnings}
        return found | structure_view(cut) | split_view(cut, 1)

    def add(self, upload: Upload) -> dict[str, Any]:
        """Take a file in, and say what was found in it."""
        visitor, said = upload.visitor, upload.said
        clash = said.get("clash", OnClash.ASK)
        if clash not in set(OnClash):
            raise SettingsError(BAD_REQUEST)
        name, folder = _said(said, "name"), self._folder(visitor, said)
        with self._one_reading:
            added = self.library.add(upload.file, name, folder, OnClash(clash), visitor.name, visitor.may_read)
        if added.outcome in (Outcome.ADDED, Outcome.REPLACED):
            self._changed(visitor, Action.DOCUMENT_REPLACED if added.token else Action.DOCUMENT_ADDED, added.path)
        return _addition(added)

    def describe(self, visitor: Visitor, said: dict[str, Any]) -> dict[str, Any]:
        """Write what staff say of a document into the catalogue."""
        path = self._path(visitor, _text(said, "id"))
        values = self._described(visitor, said)

        def change(catalog: Catalog) -> CatalogEntry:
            before = catalog.entry_for(path)
            entry = replace(before, **values)
            if entry.title == PurePosixPath(path).stem and before.title is None:
                entry = replace(entry, title=None)
            if entry.replaced_by is None and before.replaced_by and not visitor.may_read(before.replaced_by):
                entry = replace(entry, replaced_by=before.replaced_by)  # not shown to them, so not theirs to take away
            _refuse_circles(catalog, path, entry.replaced_by)
            return entry

        try:
            self.library.describe(path, change)
        except SettingsError as error:
            raise SettingsError(KEYS.sub(lambda key: KEY_NAMES[key[0]], str(error))) from None
        self._changed(visitor, Action.DOCUMENT_CHANGED, path)
        return {"done": "已保存"}

    def remove(self, visitor: Visitor, said: dict[str, Any]) -> dict[str, Any]:
        """Move a document out of the corpus; `token` puts it back."""
        path = self._path(visitor, _text(said, "id"))
        removed = self.library.remove(path, visitor.name)
        self._changed(visitor, Action.DOCUMENT_REMOVED, path)
        return _removed(removed)

    def removed(self, visitor: Visitor, _: dict[str, Any]) -> dict[str, Any]:
        """Return what can be put back."""
        found = [_removed(about) for about in self.library.removed() if visitor.may_read(about.path)]
        return {"removed": found, "days": TRASH_DAYS}

    def restore(self, visitor: Visitor, said: dict[str, Any]) -> dict[str, Any]:
        """Put a document back."""
        token = _text(said, "token")
        if not visitor.may_read(find_removed(self.library.corpus, token).path):
            find_removed(self.library.corpus, "")  # answered as a token that there is not
        path = self.library.restore(token, visitor.name, visitor.may_read)
        self._changed(visitor, Action.DOCUMENT_RESTORED, path)
        return {"id": document_id(path), "path": path}

    def reindex(self, visitor: Visitor, _: dict[str, Any]) -> dict[str, Any]:
        """Have the index brought up to date with the folder."""
        self._changed(visitor, Action.INDEX_REBUILT)
        return {"done": "已开始"}

    def _refresh(self, report: Report) -> "BuildResult":
        service = self._desk.service()
        result = service.refresh(report)
        service.documents()  # opened here, so that nobody who asks waits for it
        return result

    def _index(self, visitor: Visitor = LOCAL) -> Index:
        return self._desk.service().for_visitor(visitor).index

    def _folder_now(self) -> FolderState:
        """Look at the folder of the corpus."""
        manifest, built = self._index().manifest, self.indexing.state.finished
        found = folder_state(self.library.corpus, manifest)
        self._folder_seen = _Seen(time.monotonic(), (manifest.data, built), found)
        return found

    def _folder_lately(self) -> FolderState:
        """Return what the folder was like a moment ago: many pages ask, and thousands of files take a while."""
        seen, beside = self._folder_seen, (self._index().manifest.data, self.indexing.state.finished)
        if seen is None or seen.beside != beside or seen.at + LOOK_SECONDS < time.monotonic():
            return self._folder_now()
        return seen.found

    def _changed(self, visitor: Visitor, action: Action, subject: str = "") -> None:
        """Note a change and follow it."""
        self._desk.audit.note(visitor, action, subject)
        self.indexing.request()
        self._folder_seen = None

    def _state(self, visitor: Visitor, index: Index, folder: FolderState) -> dict[str, Any]:
        now, manager = self.indexing.state, visitor.role.covers(Role.MANAGER)
        waiting = [path for path in (*folder.pending.changed, *folder.pending.gone) if visitor.may_read(path)]
        return {
            "busy": now.busy,
            "stage": now.stage,
            "done": now.done,
            "total": now.total,
            "error": (now.error or folder.error) if manager else "",
            "waiting": len(waiting) if manager else 0,
            "stamp": index.manifest.data,
        }

    def _path(self, visitor: Visitor, identity: str) -> str:
        """Return the path of the file with this id that the visitor may read; raises `ReadingError`."""
        paths = [*(f.path for f in self._index().manifest.files), *self._folder_now().pending.changed]
        found = next((path for path in paths if document_id(path) == identity), None)
        if found is None or not visitor.may_read(found):
            raise ReadingError(UNKNOWN)
        return found

    def _cut(self, visitor: Visitor, identity: str) -> tuple[DocumentRecord, Cut]:
        """Return an indexed document with its pieces; raises `ReadingError` for one unknown or not theirs to read."""
        records = self._index(visitor).records
        number = records.numbers([identity]).get(identity)
        if number is None:
            raise ReadingError(UNKNOWN)
        passages = records.passages(records.passage_numbers([number]))
        return records.document(number), Cut(
            records.text(number), records.sections(number), records.paragraphs(number), passages
        )

    def _folder(self, visitor: Visitor, said: Mapping[str, str]) -> str:
        folder = safe_folder(said.get("folder", ""))
        name = safe_name(_said(said, "name"))
        if not visitor.may_read(f"{folder}/{name}" if folder else name):
            raise AccessError(NO_FOLDER)
        return folder

    def _described(self, visitor: Visitor, said: Mapping[str, Any]) -> dict[str, str | None]:
        """Return what was said of a document; what the browser did not send stays as it is."""
        successor = _text(said, "replaced_by")
        values = {
            "title": _line(said, "title"),
            "date": _text(said, "date").strip() or None,
            "issuer": _line(said, "issuer"),
            "validity": _text(said, "validity") or None,
            "replaced_by": self._path(visitor, successor) if successor else None,
        }
        return {name: value for name, value in values.items() if name in said}


def _refuse_circles(catalog: Catalog, path: str, successor: str | None) -> None:
    seen = {path}
    while successor:
        if successor in seen:
            raise SettingsError(CIRCLE)
        seen.add(successor)
        successor = catalog.entry_for(successor).replaced_by


def add_routes(routes: Routes, desk: "Desk") -> None:
    """Add the page and what it asks for."""
    documents = Documents(desk)
    assets.add_page(routes, Route("GET", "/documents"), assets.own_page("documents", "文件", "documents"))
    endpoint(routes, Route("GET", "/api/documents/table"), documents.table)
    endpoint(routes, Route("GET", "/api/documents/state"), documents.state)
    endpoint(routes, Route("GET", "/api/documents/details", use=Use.READ), documents.details)
    endpoint(routes, Route("GET", "/api/documents/split", use=Use.READ), documents.split)
    endpoint(routes, Route("GET", "/api/documents/compare", use=Use.READ), documents.compare)
    endpoint(routes, Route("GET", "/api/documents/removed", Role.MANAGER), documents.removed)
    endpoint(routes, Route("POST", "/api/documents/describe", Role.MANAGER), documents.describe)
    endpoint(routes, Route("POST", "/api/documents/remove", Role.MANAGER), documents.remove)
    endpoint(routes, Route("POST", "/api/documents/restore", Role.MANAGER), documents.restore)
    endpoint(routes, Route("POST", "/api/documents/reindex", Role.MANAGER), documents.reindex)
    add = Route("POST", "/api/documents/add", Role.MANAGER, None, Use.UPLOAD)
    preview = Route("POST", "/api/documents/preview", Role.MANAGER, None, Use.UPLOAD)
    upload_route(routes, add, documents.library, documents.add)
    upload_route(routes, preview, documents.library, documents.preview)


def _addition(added: Addition) -> dict[str, Any]:
    structure, document = added.examined.structure, added.examined.document
    return {
        "outcome": added.outcome,
        "id": document_id(added.path),
        "path": added.path,
        "token": added.token,
        "sections": sum(1 for section in structure.sections if section.label),
        "paragraphs": len(structure.paragraphs),
        "warnings": document.warnings,
    }


def _removed(about: Removed) -> dict[str, Any]:
    shown = asdict(about)
    return {name: shown[name] for name in ("token", "path", "who", "at", "replaced")}


def _text(said: Mapping[str, Any], name: str) -> str:
    """Return a text that the browser sent, "" where it sent none; raises `SettingsError` for anything else."""
    found = said.get(name, "")
    if found is None:
        return ""
    if not isinstance(found, str) or len(found) > TEXT_LIMIT:
        raise SettingsError(BAD_REQUEST)
    return found


def _said(said: Mapping[str, str], name: str) -> str:
    found = said.get(name, "")
    if not found:
        raise SettingsError(BAD_REQUEST)
    return found


def _line(said: Mapping[str, Any], name: str) -> str | None:
    """Return a line of text as it goes into the catalogue."""
    found = said.get(name)
    if isinstance(found, str) and len(found) > TEXT_LIMIT:
        raise SettingsError(f"{LABELS[name]}太长（{len(found)} 字）：请缩短到 {TEXT_LIMIT} 字以内。")
    return " ".join(drop_controls(_text(said, name)).split()) or None
