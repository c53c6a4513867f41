"""The table of the documents page: files indexed, files that could not be read, and files not indexed yet."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from assistant.accounts.visitor import Visitor
from assistant.base.errors import AssistantError
from assistant.documents.catalog import Catalog, CatalogEntry, load_catalog
from assistant.documents.document import document_id
from assistant.index.builder import Pending, pending_files
from assistant.index.folder import Index, Manifest
from assistant.index.records import DocumentRecord
from assistant.web.documents.views import DocumentRow


@dataclass(frozen=True)
class FolderState:
    """The corpus folder compared with the index; `catalog` is None if it could not be read, for the reason `error`."""

    catalog: Catalog | None
    pending: Pending
    error: str = ""


def folder_state(corpus: Path, manifest: Manifest) -> FolderState:
    """Return the state of the folder; an error in it or its catalogue hides nothing of the index."""
    try:
        return FolderState(load_catalog(corpus), pending_files(corpus, manifest))
    except AssistantError as error:
        return FolderState(None, Pending((), ()), str(error))


class Rows:
    """The rows of the table."""

    def __init__(self, index: Index, catalog: Catalog | None, pending: Pending) -> None:
        self._records = {record.path: record for record in index.records.documents()}
        self._paragraphs, self._sections = (index.records.sizes(table) for table in ("paragraph", "section"))
        self._files = {file.path: file for file in index.manifest.files}
        self._catalog, self._pending = catalog, pending

    def all(self, visitor: Visitor) -> list[DocumentRow]:
        """Return the rows that `visitor` may see, by path."""
        gone, changed = set(self._pending.gone), set(self._pending.changed)
        paths = sorted((self._files.keys() | changed) - gone)
        return [self._row(path, path in changed, visitor) for path in paths if visitor.may_read(path)]

    def _row(self, path: str, waits: bool, visitor: Visitor) -> DocumentRow:
        record, file = self._records.get(path), self._files.get(path)
        said, name, number = self._entry(path, record), PurePosixPath(path), record.number if record else -1
        successor = said.replaced_by if said.replaced_by and visitor.may_read(said.replaced_by) else None
        return DocumentRow(
            id=document_id(path),
            path=path,
            kind=name.suffix.lower().lstrip("."),
            size=file.size if file else 0,
            title=said.title or name.stem,
            date=said.date,
            issuer=said.issuer,
            validity=said.validity,
            replaced_by=document_id(successor) if successor else None,
            paragraphs=self._paragraphs.get(number, 0),
            sections=self._sections.get(number, 0),
            warnings=len(record.warnings) if record else 0,
            warning=next(iter(record.warnings), "") if record else "",
            problem=(file.problem if file else None) or "",
            waits=waits,
        )

    def _entry(self, path: str, record: DocumentRecord | None) -> CatalogEntry:
        """Return a file's catalogue entry, or the one it was indexed with where the catalogue cannot be read."""
        if self._catalog is not None or record is None:
            return (self._catalog or Catalog()).entry_for(path)
        return CatalogEntry(record.title, record.date, record.issuer, record.validity)
