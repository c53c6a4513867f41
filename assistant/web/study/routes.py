"""The page 学习材料 for trainers: packs built, shown, edited question by question, and exported.

Everything is done on behalf of the visitor: with documents that they may read now, and their own packs. The
browser only names an action on a question; the pack itself, with its quotes, stays on the server.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.accounts.visitor import Role, Visitor
from assistant.answering.service import Service
from assistant.base.errors import ChangedError, SettingsError
from assistant.base.jobs import Jobs, Progress
from assistant.base.permalinks import anchor
from assistant.base.settings import Use
from assistant.index.records import DocumentView
from assistant.study.builder import build_pack
from assistant.study.export import export
from assistant.study.export.mindmap import mindmap
from assistant.study.pack import Brief, Pack, Quote
from assistant.study.pack_store import CHANGED, Kept
from assistant.study.paper.editing import Sheet, another, marked, version_b
from assistant.study.session.plan import followed
from assistant.study.staleness import changed, missing, views_of
from assistant.web.assets import add_page, own_page
from assistant.web.endpoint import Download, download, endpoint
from assistant.web.job_view import JobView, job_view
from assistant.web.reader.routes import document_of
from assistant.web.requests import BAD_REQUEST, checked
from assistant.web.routing import Route, Routes, visitor_of
from assistant.web.security.client_address import address_of
from assistant.web.study import views
from assistant.web.study.requests import (
    SEED_MOST,
    AgainRequest,
    BriefRequest,
    ChangeRequest,
    DocumentRequest,
    ExportRequest,
    JobRequest,
    PackRequest,
    PacksRequest,
    RenameRequest,
    WordingRequest,
)

if TYPE_CHECKING:
    from fastapi import Request

    from assistant.web.desk import Desk

Body = dict[str, Any]

STALE = "这份材料有 {} 处出处已变动，导出的引文会与现在的文件不一致：请先点“按现在的文件重新生成”，再导出。"


def add_routes(routes: Routes, desk: "Desk") -> None:
    """Add the page, its JSON routes, and the files to download."""
    study = Study(desk, Jobs())
    add_page(routes, Route("GET", "/study"), own_page("study", "学习材料", "reader", "study"))
    endpoint(routes, Route("GET", "/api/study/packs", Role.TRAINER, use=Use.READ), study.packs)
    endpoint(routes, Route("GET", "/api/study/pack", Role.TRAINER, use=Use.READ), study.pack)
    endpoint(routes, Route("GET", "/api/study/sections", Role.TRAINER, use=Use.READ), study.sections)
    endpoint(routes, Route("GET", "/api/study/job", Role.TRAINER), study.job)
    endpoint(routes, Route("GET", "/api/study/map", Role.TRAINER, use=Use.READ), study.map)
    endpoint(routes, Route("GET", "/api/study/version", Role.TRAINER, use=Use.READ), study.version)
    endpoint(routes, Route("POST", "/api/study/build", Role.TRAINER, use=Use.QUESTION), study.build)
    endpoint(routes, Route("POST", "/api/study/again", Role.TRAINER, use=Use.QUESTION), study.again)
    endpoint(routes, Route("POST", "/api/study/stop", Role.TRAINER), study.stop)
    endpoint(routes, Route("POST", "/api/study/change", Role.TRAINER, use=Use.READ), study.change)
    endpoint(routes, Route("POST", "/api/study/rename", Role.TRAINER), study.rename)
    endpoint(routes, Route("POST", "/api/study/remove", Role.TRAINER), study.remove)
    endpoint(routes, Route("POST", "/api/study/restore", Role.TRAINER), study.restore)

    def file(request: "Request") -> Download:
        query, address = dict(request.query_params), address_of(request.scope)
        return study.export(visitor_of(request.scope), query, address)

    download(routes, Route("GET", "/study/export", Role.TRAINER, use=Use.QUESTION), file)


class Study:
    """Handlers of the page's routes; each gets the visitor and the request's JSON."""

    def __init__(self, desk: "Desk", jobs: Jobs) -> None:
        self._desk, self._kept, self._jobs = desk, desk.packs, jobs

    def packs(self, visitor: Visitor, query: Body) -> views.PackList:
        """Return the visitor's packs, the options of a new one, and their unfinished job.

        With `state`, which takes longer, each pack says whether its documents have changed since.
        """
        service, job = self._service(visitor), self._jobs.latest(visitor.name)
        rows = [views.pack_row(one, missing(service, one.documents)) for one in self._kept.listed(visitor.name)]
        if checked(PacksRequest, query).state is not None:
            rows = [self._dated(visitor, row) for row in rows]
        return views.PackList(rows, views.form(), job_view(job) if job else None)

    def pack(self, visitor: Visitor, query: Body) -> views.PackView:
        """Return a whole pack; raises `MissingError` if any of its documents may not be read any more."""
        return views.whole(*self._open(visitor, checked(PackRequest, query).pack))

    def sections(self, visitor: Visitor, query: Body) -> views.SectionList:
        """Return the sections of a document, for choosing some."""
        return views.sections(document_of(self._service(visitor), checked(DocumentRequest, query).document))

    def build(self, visitor: Visitor, body: Body) -> JobView:
        """Start building a pack in the background; return the job, whose result is the pack's id."""
        brief = checked(BriefRequest, body).brief
        self._require(visitor, brief)

        def work(progress: Progress) -> None:
            built = build_pack(self._service(visitor), brief, progress)
            progress("", 0, 0)  # raises where it was stopped: what is stopped is not kept
            progress.result(self._kept.add(visitor.name, built))

        return job_view(self._jobs.start(visitor.name, work))

    def again(self, visitor: Visitor, body: Body) -> JobView:
        """Start building a pack anew in its place, of the documents as they are now; return the job.

        With `next` it gets other questions: the next random seed. Rewordings of questions are lost.
        """
        said = checked(AgainRequest, body)
        kept, _ = self._open(visitor, said.pack, said.revision)
        seed = kept.pack.brief.seed % SEED_MOST + 1 if said.next else kept.pack.brief.seed
        brief = replace(kept.pack.brief, seed=seed, title=kept.pack.title)
        self._require(visitor, brief)

        def work(progress: Progress) -> None:
            built = build_pack(self._service(visitor), brief, progress)
            self._kept.save(visitor.name, replace(kept, pack=built, removed=()))
            progress.result(kept.id)

        return job_view(self._jobs.start(visitor.name, work))

    def job(self, visitor: Visitor, query: Body) -> JobView:
        """Return how far a job is."""
        return job_view(self._jobs.get(visitor.name, checked(JobRequest, query).job))

    def stop(self, visitor: Visitor, body: Body) -> JobView:
        """Tell a job to stop."""
        return job_view(self._jobs.stop(visitor.name, checked(JobRequest, body).job))

    def change(self, visitor: Visitor, body: Body) -> views.Questions:
        """Apply one change to one question; return all questions afterwards."""
        said = checked(ChangeRequest, body)
        kept, documents = self._open(visitor, said.pack, said.revision)
        sheet = self._changed(visitor, kept.pack, Sheet(kept.pack.items, kept.removed), said)
        pack = replace(kept.pack, items=sheet.items, plan=followed(kept.pack.plan, sheet.items))
        saved = self._kept.save(visitor.name, replace(kept, pack=pack, removed=sheet.removed))
        return views.questions(saved, documents)

    def rename(self, visitor: Visitor, body: Body) -> views.Title:
        """Give a pack a new title."""
        said = checked(RenameRequest, body)
        self._open(visitor, said.pack)
        kept = self._kept.rename(visitor.name, said.pack, said.title)
        return views.Title(kept.pack.title, kept.revision)

    def remove(self, visitor: Visitor, body: Body) -> Body:
        """Delete a pack; `restore` undoes it."""
        self._kept.delete(visitor.name, checked(PackRequest, body).pack)
        return {}

    def restore(self, visitor: Visitor, body: Body) -> Body:
        """Restore a deleted pack."""
        self._kept.restore(visitor.name, checked(PackRequest, body).pack)
        return {}

    def map(self, visitor: Visitor, query: Body) -> views.Drawing:
        """Return the mind map of a pack as the text of an SVG whose links open the reader."""
        kept, _ = self._open(visitor, checked(PackRequest, query).pack)
        return views.Drawing(mindmap(kept.pack.outlines, _link) if kept.pack.outlines else "")

    def version(self, visitor: Visitor, query: Body) -> views.ItemList:
        """Return the questions of version B for viewing."""
        kept, documents = self._open(visitor, checked(PackRequest, query).pack)
        return views.ItemList(views.items(version_b(kept.pack).items, documents))

    def export(self, visitor: Visitor, query: Body, address: str) -> Download:
        """Return a pack as a file; raises `SettingsError` if a quote no longer stands at its place."""
        said = checked(ExportRequest, query)
        kept, documents = self._open(visitor, said.pack)
        moved = changed(kept.pack, documents)
        if moved:
            raise SettingsError(STALE.format(moved))
        pack = version_b(kept.pack) if said.version == "B" else kept.pack
        made = export(marked(pack), said.format, address)
        return Download(made.name, made.media_type, made.data)

    def _changed(self, visitor: Visitor, pack: Pack, sheet: Sheet, said: ChangeRequest) -> Sheet:
        match said:
            case ChangeRequest(do="reword", wording=WordingRequest() as typed):
                return sheet.reworded(said.item, typed.wording)
            case ChangeRequest(do="remove"):
                return sheet.without(said.item)
            case ChangeRequest(do="put_back"):
                return sheet.put_back(said.item)
            case ChangeRequest(do="move", place=int() as place):
                return sheet.moved(said.item, place)
            case ChangeRequest(do="swap"):
                return sheet.swapped(said.item, another(self._service(visitor), pack, sheet, said.item))
        raise SettingsError(BAD_REQUEST)

    def _open(
        self, visitor: Visitor, identity: str, revision: int | None = None
    ) -> tuple[Kept, dict[str, DocumentView]]:
        """Return a pack of the visitor's and its documents, all of which they may read.

        If `revision` is given, raises `ChangedError` if the pack was saved since.
        """
        kept = self._kept.get(visitor.name, identity)
        documents = views_of(self._service(visitor), kept.pack)
        if revision not in (None, kept.revision):
            raise ChangedError(CHANGED)
        return kept, documents

    def _dated(self, visitor: Visitor, row: views.PackRow) -> views.DatedPackRow:
        return views.DatedPackRow(**vars(row), outdated=not row.lost and self._is_outdated(visitor, row.id))

    def _is_outdated(self, visitor: Visitor, identity: str) -> bool:
        pack = self._kept.get(visitor.name, identity).pack
        return changed(pack, views_of(self._service(visitor), pack)) > 0

    def _require(self, visitor: Visitor, brief: Brief) -> None:
        """Raise `MissingError` for a document that does not exist or that the visitor may not read."""
        service = self._service(visitor)
        for identity in brief.documents:
            if missing(service, (identity,)):
                document_of(service, identity)

    def _service(self, visitor: Visitor) -> Service:
        return self._desk.service().for_visitor(visitor)


def _link(place: Quote) -> str:
    return anchor(place.document_id, place.start, place.end, place.text)
