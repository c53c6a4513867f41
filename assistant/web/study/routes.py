"""The page 学习材料 for trainers: packs built, looked at, changed question by question, taken away.

Everything is asked on behalf of the visitor: from documents that they may read now, among their own packs. The
browser says what is to be done to a question; the pack itself, with what it quotes, stays on the server.
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
from assistant.study.export import FORMATS, export
from assistant.study.export.mindmap import mindmap
from assistant.study.pack import Brief, Pack, Quote
from assistant.study.pack_store import CHANGED, Kept
from assistant.study.paper.editing import Sheet, another, marked, version_b
from assistant.study.session.plan import followed
from assistant.study.staleness import changed, missing, views_of
from assistant.web.assets import add_page, own_page
from assistant.web.endpoint import BAD_REQUEST, Download, download, endpoint
from assistant.web.reader.routes import document_of
from assistant.web.routing import Route, Routes, visitor_of
from assistant.web.security.client_address import address_of
from assistant.web.study import requests as asked
from assistant.web.study import views as shapes

if TYPE_CHECKING:
    from fastapi import Request

    from assistant.web.desk import Desk

STALE = "这份材料有 {} 处出处已变动，导出的引文会与现在的文件不一致：请先点“按现在的文件重新生成”，再导出。"


def add_routes(routes: Routes, desk: "Desk") -> None:
    """Add the page, what its scripts ask for, and the files to take away."""
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
    """What the page asks for; each method gets the visitor and what the browser sent."""

    def __init__(self, desk: "Desk", jobs: Jobs) -> None:
        self._desk, self._kept, self._jobs = desk, desk.packs, jobs

    def packs(self, visitor: Visitor, query: dict[str, Any]) -> dict[str, Any]:
        """Return the visitor's packs, what can be asked for, and the job that is not over.

        With `state`, which takes longer, each pack says whether its documents have changed since.
        """
        service, job = self._service(visitor), self._jobs.latest(visitor.name)
        kept = self._kept.listed(visitor.name)
        lines = [shapes.line(one, missing(service, one.documents)) for one in kept]
        if "state" in query:
            lines = [one | {"outdated": not one["lost"] and self._is_outdated(visitor, one["id"])} for one in lines]
        formats = [{"key": key, "name": found.what} for key, found in FORMATS.items()]
        return {"packs": lines, "form": shapes.form(formats), "job": job and shapes.job(job)}

    def pack(self, visitor: Visitor, body: dict[str, Any]) -> dict[str, Any]:
        """Return a whole pack; raises `MissingError` where its documents cannot all be read any more."""
        return shapes.whole(*self._open(visitor, body))

    def sections(self, visitor: Visitor, body: dict[str, Any]) -> dict[str, Any]:
        """Return the sections of a document, of which some can be chosen."""
        view = document_of(self._service(visitor), asked.identity_of(body, "document"))
        return {"sections": shapes.sections(view)}

    def build(self, visitor: Visitor, body: dict[str, Any]) -> dict[str, Any]:
        """Start building a pack in the background; return the job, whose result is the pack's id."""
        brief = asked.brief_of(body)
        self._require(visitor, brief)

        def work(progress: Progress) -> None:
            progress.result(self._kept.add(visitor.name, build_pack(self._service(visitor), brief, progress)))

        return shapes.job(self._jobs.start(visitor.name, work))

    def again(self, visitor: Visitor, body: dict[str, Any]) -> dict[str, Any]:
        """Start building a pack anew in its place, of the documents as they are now; return the job.

        With `next` it gets other questions: the next seed. Questions that were worded anew are lost.
        """
        kept = self._at_revision(visitor, body)
        seed = kept.pack.brief.seed % asked.SEED_MOST + 1 if body.get("next") is True else kept.pack.brief.seed
        brief = replace(kept.pack.brief, seed=seed, title=kept.pack.title)
        self._require(visitor, brief)

        def work(progress: Progress) -> None:
            built = build_pack(self._service(visitor), brief, progress)
            self._kept.save(visitor.name, replace(kept, pack=built, removed=()))
            progress.result(kept.id)

        return shapes.job(self._jobs.start(visitor.name, work))

    def job(self, visitor: Visitor, body: dict[str, Any]) -> dict[str, Any]:
        """Return how far a job is."""
        return shapes.job(self._jobs.get(visitor.name, asked.identity_of(body, "job")))

    def stop(self, visitor: Visitor, body: dict[str, Any]) -> dict[str, Any]:
        """Tell a job to stop."""
        return shapes.job(self._jobs.stop(visitor.name, asked.identity_of(body, "job")))

    def change(self, visitor: Visitor, body: dict[str, Any]) -> dict[str, Any]:
        """Do one thing to one question; return the questions as they are then."""
        kept, views = self._open(visitor, body, asked.whole_number(body, "revision"))
        sheet = self._changed(visitor, kept.pack, Sheet(kept.pack.items, kept.removed), body)
        pack = replace(kept.pack, items=sheet.items, plan=followed(kept.pack.plan, sheet.items))
        return shapes.questions(self._kept.save(visitor.name, replace(kept, pack=pack, removed=sheet.removed)), views)

    def rename(self, visitor: Visitor, body: dict[str, Any]) -> dict[str, Any]:
        """Name a pack."""
        self._open(visitor, body)
        kept = self._kept.rename(visitor.name, asked.identity_of(body, "pack"), asked.title_of(body))
        return {"title": kept.pack.title, "revision": kept.revision}

    def remove(self, visitor: Visitor, body: dict[str, Any]) -> dict[str, Any]:
        """Take a pack away."""
        self._kept.delete(visitor.name, asked.identity_of(body, "pack"))
        return {}

    def restore(self, visitor: Visitor, body: dict[str, Any]) -> dict[str, Any]:
        """Bring back a pack that was taken away."""
        self._kept.restore(visitor.name, asked.identity_of(body, "pack"))
        return {}

    def map(self, visitor: Visitor, body: dict[str, Any]) -> dict[str, Any]:
        """Return the mind map of a pack as the text of an SVG whose links open the reader."""
        kept, _ = self._open(visitor, body)
        return {"svg": mindmap(kept.pack.outlines, _link) if kept.pack.outlines else ""}

    def version(self, visitor: Visitor, body: dict[str, Any]) -> dict[str, Any]:
        """Return the questions of version B, to be looked at."""
        kept, views = self._open(visitor, body)
        return {"items": shapes.items(version_b(kept.pack).items, views)}

    def export(self, visitor: Visitor, query: dict[str, Any], address: str) -> Download:
        """Return a pack as a file; raises `SettingsError` where its quotes do not stand."""
        kept, views = self._open(visitor, query)
        moved = changed(kept.pack, views)
        if moved:
            raise SettingsError(STALE.format(moved))
        pack = version_b(kept.pack) if query.get("version") == "B" else kept.pack
        made = export(marked(pack), asked.identity_of(query, "format"), address)
        return Download(made.name, made.media_type, made.data)

    def _changed(self, visitor: Visitor, pack: Pack, sheet: Sheet, body: dict[str, Any]) -> Sheet:
        item, deed = asked.identity_of(body, "item"), body.get("do")
        if deed == "reword":
            return sheet.reworded(item, asked.wording_of(body.get("wording")))
        if deed == "remove":
            return sheet.without(item)
        if deed == "put_back":
            return sheet.put_back(item)
        if deed == "move":
            return sheet.moved(item, asked.whole_number(body, "place"))
        if deed == "swap":
            return sheet.swapped(item, another(self._service(visitor), pack, sheet, item))
        raise SettingsError(BAD_REQUEST)

    def _open(
        self, visitor: Visitor, body: dict[str, Any], revision: int | None = None
    ) -> tuple[Kept, dict[str, DocumentView]]:
        """Return a pack of the visitor's, all of whose documents they may read, and these documents.

        With `revision` it must be that one: raises `ChangedError` where it was saved since.
        """
        kept = self._kept.get(visitor.name, asked.identity_of(body, "pack"))
        views = views_of(self._service(visitor), kept.pack)
        if revision not in (None, kept.revision):
            raise ChangedError(CHANGED)
        return kept, views

    def _at_revision(self, visitor: Visitor, body: dict[str, Any]) -> Kept:
        return self._open(visitor, body, asked.whole_number(body, "revision"))[0]

    def _is_outdated(self, visitor: Visitor, identity: str) -> bool:
        pack = self._kept.get(visitor.name, identity).pack
        return changed(pack, views_of(self._service(visitor), pack)) > 0

    def _require(self, visitor: Visitor, brief: Brief) -> None:
        """Raise `MissingError` for a document that is not there, or not for the visitor."""
        service = self._service(visitor)
        for identity in brief.documents:
            if missing(service, (identity,)):
                document_of(service, identity)

    def _service(self, visitor: Visitor) -> Service:
        return self._desk.service().for_visitor(visitor)


def _link(place: Quote) -> str:
    return anchor(place.document_id, place.start, place.end, place.text)
