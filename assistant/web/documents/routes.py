"""The documents page: list documents, show what was extracted from them, and change them.

Readers see what they may read; managers change it. A document that the visitor may not read gives the same
error as one that does not exist. Every change starts indexing in the background.
"""

import re
import threading
import time
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from assistant.accounts.audit import Action
from assistant.accounts.visitor import LOCAL, Role, Visitor
from assistant.base.errors import AccessError, LimitError, ReadingError, SettingsError
from assistant.base.files.filenames import safe_folder, safe_name
from assistant.base.settings import Use
from assistant.documents.catalog import Catalog, CatalogEntry
from assistant.documents.document import document_id
from assistant.index.builder import Report
from assistant.index.folder import Index
from assistant.index.records import DocumentRecord
from assistant.library.background_build import Indexing
from assistant.library.corpus_changes import UNKNOWN, Library, Outcome
from assistant.library.trash import find_removed
from assistant.library.versions import compare
from assistant.web import assets
from assistant.web.documents import views
from assistant.web.documents.requests import (
    AddRequest,
    CompareRequest,
    DescribeRequest,
    DocumentRequest,
    FileRequest,
    RestoreRequest,
    SplitRequest,
)
from assistant.web.documents.table import FolderState, Rows, folder_state
from assistant.web.documents.uploads import Upload, upload_route
from assistant.web.documents.views import Cut, paragraphs_of
from assistant.web.endpoint import Done, endpoint
from assistant.web.requests import BAD_REQUEST, checked
from assistant.web.routing import Route, Routes

if TYPE_CHECKING:
    from assistant.index.builder import BuildResult
    from assistant.web.desk import Desk

KEY_NAMES = {"date 的日期": "日期", "validity 的": "效力", "validity": "效力", "replaced_by": "由哪份文件替代"}
KEYS = re.compile("|".join(KEY_NAMES))
NO_FOLDER = "不能在这个文件夹里添加文件：请选择自己的文件夹。"
CIRCLE = "这样会互相替代：请检查两份文件哪一份是新的。"
COMPARING = "别人正在比较两份文件：请过几秒再试。"
MB = 1_000_000
LOOK_SECONDS = 5.0

Body = dict[str, Any]


@dataclass(frozen=True)
class _Seen:
    """A cached state of the corpus folder, with the index and build that it was compared with."""

    at: float
    beside: tuple[str, int]
    found: FolderState


class Documents:
    """Handlers of the page's routes, each for a visitor; requests are validated here."""

    def __init__(self, desk: "Desk") -> None:
        settings = desk.settings
        self._desk = desk
        self.library = Library(settings.corpus, int(settings.max_file_mb * MB), settings.max_documents)
        self.indexing = Indexing(self._refresh)
        self._one_reading = threading.BoundedSemaphore(2)
        self._one_comparison = threading.Lock()
        self._folder_seen: _Seen | None = None

    def table(self, visitor: Visitor, _: Body) -> views.Table:
        """Return a row for each document and each unreadable file, and the page's options."""
        index, folder = self._index(visitor), self._folder_now()
        rows = Rows(index, folder.catalog, folder.pending).all(visitor)
        folders = {str(PurePosixPath(row.path).parent) for row in rows} | set(visitor.folders or ("",))
        return views.Table(
            documents=rows,
            folders=sorted({"" if folder == "." else folder for folder in folders}),
            max_bytes=self.library.limit,
            may_change=visitor.role.covers(Role.MANAGER),
            state=self._state(visitor, index, folder),
        )

    def state(self, visitor: Visitor, _: Body) -> views.StateView:
        """Return the progress of indexing and how many files wait for it."""
        return self._state(visitor, self._index(visitor), self._folder_lately())

    def details(self, visitor: Visitor, query: Body) -> views.Details:
        """Return what was extracted from one document."""
        return views.details(*self._cut(visitor, checked(DocumentRequest, query).id))

    def split(self, visitor: Visitor, query: Body) -> views.Split:
        """Return how a document was split, from paragraph number `from` on."""
        asked = checked(SplitRequest, query)
        _, cut = self._cut(visitor, asked.id)
        first = int(asked.start)
        if not 1 <= first <= max(1, len(cut.paragraphs)):
            raise SettingsError(BAD_REQUEST)
        return views.split(cut, first)

    def compare(self, visitor: Visitor, query: Body) -> views.Comparison:
        """Return what changed from the document `old` to `new`."""
        asked = checked(CompareRequest, query)
        (old, before), (new, after) = (self._cut(visitor, one) for one in (asked.old, asked.new))
        texts = [paragraphs_of(cut.text, cut.paragraphs) for cut in (before, after)]
        if not self._one_comparison.acquire(blocking=False):
            raise LimitError(COMPARING)
        try:
            rows = compare(*texts)
        finally:
            self._one_comparison.release()
        return views.comparison(old, new, rows)

    def preview(self, upload: Upload) -> views.Preview:
        """Return what would be extracted from a file and how it would be split, without adding it."""
        said = checked(FileRequest, upload.said)
        folder = _folder(upload.visitor, said)
        with self._one_reading:
            return views.preview(self.library.examine(upload.file, said.name, folder))

    def add(self, upload: Upload) -> views.Added:
        """Add a file, and return what was extracted from it."""
        visitor, said = upload.visitor, checked(AddRequest, upload.said)
        folder = _folder(visitor, said)
        with self._one_reading:
            added = self.library.add(upload.file, said.name, folder, said.clash, visitor.name, visitor.may_read)
        if added.outcome in (Outcome.ADDED, Outcome.REPLACED):
            self._changed(visitor, Action.DOCUMENT_REPLACED if added.token else Action.DOCUMENT_ADDED, added.path)
        return views.added(added)

    def describe(self, visitor: Visitor, body: Body) -> Done:
        """Write the staff's entry for a document into the catalogue."""
        said = checked(DescribeRequest, body)
        path, values = self._path(visitor, said.id), said.values
        if said.replaced_by:
            values["replaced_by"] = self._path(visitor, said.replaced_by)

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
        return Done("已保存")

    def remove(self, visitor: Visitor, body: Body) -> views.RemovedRow:
        """Move a document out of the corpus; the `token` returned restores it."""
        path = self._path(visitor, checked(DocumentRequest, body).id)
        removed = self.library.remove(path, visitor.name)
        self._changed(visitor, Action.DOCUMENT_REMOVED, path)
        return views.removed_row(removed)

    def removed(self, visitor: Visitor, _: Body) -> views.RemovedList:
        """Return the removed documents that can be restored."""
        found = [about for about in self.library.removed() if visitor.may_read(about.path)]
        return views.RemovedList([views.removed_row(about) for about in found])

    def restore(self, visitor: Visitor, body: Body) -> views.Restored:
        """Restore a removed document."""
        token = checked(RestoreRequest, body).token
        if not visitor.may_read(find_removed(self.library.corpus, token).path):
            find_removed(self.library.corpus, "")  # answered as a token that there is not
        path = self.library.restore(token, visitor.name, visitor.may_read)
        self._changed(visitor, Action.DOCUMENT_RESTORED, path)
        return views.Restored(document_id(path), path)

    def reindex(self, visitor: Visitor, _: Body) -> Done:
        """Start bringing the index up to date with the corpus folder."""
        self._changed(visitor, Action.INDEX_REBUILT)
        return Done("已开始")

    def _refresh(self, report: Report) -> "BuildResult":
        service = self._desk.service()
        result = service.refresh(report)
        service.documents()  # opened here, so that nobody who asks waits for it
        return result

    def _index(self, visitor: Visitor = LOCAL) -> Index:
        return self._desk.service().for_visitor(visitor).index

    def _folder_now(self) -> FolderState:
        """Return the current state of the corpus folder."""
        manifest, built = self._index().manifest, self.indexing.state.finished
        found = folder_state(self.library.corpus, manifest)
        self._folder_seen = _Seen(time.monotonic(), (manifest.data, built), found)
        return found

    def _folder_lately(self) -> FolderState:
        """Return a recent state of the folder: many pages ask, and scanning thousands of files takes a while."""
        seen, beside = self._folder_seen, (self._index().manifest.data, self.indexing.state.finished)
        if seen is None or seen.beside != beside or seen.at + LOOK_SECONDS < time.monotonic():
            return self._folder_now()
        return seen.found

    def _changed(self, visitor: Visitor, action: Action, subject: str = "") -> None:
        """Record a change in the audit log and start indexing."""
        self._desk.audit.note(visitor, action, subject)
        self.indexing.request()
        self._folder_seen = None

    def _state(self, visitor: Visitor, index: Index, folder: FolderState) -> views.StateView:
        now, manager = self.indexing.state, visitor.role.covers(Role.MANAGER)
        waiting = [path for path in (*folder.pending.changed, *folder.pending.gone) if visitor.may_read(path)]
        return views.StateView(
            busy=now.busy,
            stage=now.stage,
            done=now.done,
            total=now.total,
            error=(now.error or folder.error) if manager else "",
            waiting=len(waiting) if manager else 0,
            stamp=index.manifest.data,
        )

    def _path(self, visitor: Visitor, identity: str) -> str:
        """Return the path of the file with this id that the visitor may read; raises `ReadingError`."""
        paths = [*(f.path for f in self._index().manifest.files), *self._folder_now().pending.changed]
        found = next((path for path in paths if document_id(path) == identity), None)
        if found is None or not visitor.may_read(found):
            raise ReadingError(UNKNOWN)
        return found

    def _cut(self, visitor: Visitor, identity: str) -> tuple[DocumentRecord, Cut]:
        """Return an indexed document and its pieces; raises `ReadingError` if unknown or not for the visitor."""
        records = self._index(visitor).records
        number = records.numbers([identity]).get(identity)
        if number is None:
            raise ReadingError(UNKNOWN)
        passages = records.passages(records.passage_numbers([number]))
        return records.document(number), Cut(
            records.text(number), records.sections(number), records.paragraphs(number), passages
        )


def _folder(visitor: Visitor, said: FileRequest) -> str:
    """Return the folder for a file; raises `AccessError` where the visitor may not add to it."""
    folder, name = safe_folder(said.folder), safe_name(said.name)
    if not visitor.may_read(f"{folder}/{name}" if folder else name):
        raise AccessError(NO_FOLDER)
    return folder


def _refuse_circles(catalog: Catalog, path: str, successor: str | None) -> None:
    seen = {path}
    while successor:
        if successor in seen:
            raise SettingsError(CIRCLE)
        seen.add(successor)
        successor = catalog.entry_for(successor).replaced_by


def add_routes(routes: Routes, desk: "Desk") -> None:
    """Add the page and its routes."""
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
