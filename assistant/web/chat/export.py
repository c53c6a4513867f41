"""Conversation export: the browser sends the questions; they are asked again here, and the answers written to a file.

Nothing else that the browser shows gets into the file, so nobody can put words into a document's mouth.
"""

from time import time
from typing import TYPE_CHECKING

from assistant.answering.conversation.export import Entry, Record, as_docx, as_markdown, file_name
from assistant.answering.conversation.state import Conversation
from assistant.answering.service import Service
from assistant.base.errors import AssistantError, SettingsError
from assistant.web.chat.requests import ExportRequest
from assistant.web.endpoint import Download, parsed, saved
from assistant.web.requests import checked
from assistant.web.routing import Route, Routes, refusal
from assistant.web.security.login_gate import Caller, caller_of, take_again

if TYPE_CHECKING:
    from fastapi import Request, Response

    from assistant.web.desk import Desk

KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown; charset=utf-8",
}


def exported(service: Service, said: ExportRequest) -> tuple[str, bytes]:
    """Return name and bytes of the file that the browser asks for; raises `AssistantError`."""
    conversation, records, entries = Conversation(), service.documents(), []
    for one in said.questions:
        try:
            answer, conversation = service.converse(one.text, conversation, one.scope)
        except AssistantError as error:
            raise SettingsError(f"“{one.text[:20]}”导出不了（{error}）：请删去这个问题再导出。") from None
        entries.append(Entry(one.text, one.scope.words(records), answer))
    record = Record(said.title, int(time()), tuple(entries), bool(service.settings.generator))
    data = as_docx(record) if said.kind == "docx" else as_markdown(record).encode("utf-8")
    return file_name(record, said.kind), data


def add_routes(routes: Routes, desk: "Desk") -> None:
    """Add the route of tools.js: a file, or status 400 with {"error": line}."""
    from starlette.concurrency import run_in_threadpool

    route = Route("POST", "/api/export")  # counted by its questions

    def make(caller: Caller, body: bytes) -> Download:
        said = checked(ExportRequest, parsed(body))
        take_again(desk.logins, caller, len(said.questions))
        name, data = exported(desk.service_for(caller.visitor), said)
        return Download(name, KINDS[said.kind], data)

    async def handle(request: "Request") -> "Response":
        try:
            return saved(await run_in_threadpool(make, caller_of(request.scope), await request.body()))
        except AssistantError as error:
            return refusal(error, route)

    routes.add(route, handle)
