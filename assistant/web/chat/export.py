"""Conversation export: the browser sends the questions; they are asked again here, and the answers written to a file.

Nothing else that the browser shows gets into the file, so nobody can put words into a document's mouth.
"""

from time import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from assistant.answering.conversation.export import Entry, Record, as_docx, as_markdown, file_name
from assistant.answering.conversation.kept import parse_asked, parse_title
from assistant.answering.conversation.state import Conversation
from assistant.answering.service import Service
from assistant.base.errors import AssistantError, SettingsError
from assistant.web.endpoint import BAD_REQUEST, parsed
from assistant.web.routing import UNSTORED, Route, Routes, refusal
from assistant.web.security.login_gate import Caller, caller_of, take_again

if TYPE_CHECKING:
    from fastapi import Request

    from assistant.web.desk import Desk

KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown; charset=utf-8",
}


def exported(service: Service, said: dict[str, Any]) -> tuple[str, str, bytes]:
    """Return (name, media type, bytes) of the file that the browser asks for; raises `AssistantError`."""
    kind = said.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise SettingsError(BAD_REQUEST)
    asked, conversation = parse_asked(said.get("questions")), Conversation()
    title, records, entries = parse_title(said.get("title")), service.documents(), []
    for one in asked:
        try:
            answer, conversation = service.converse(one.text, conversation, one.scope)
        except AssistantError as error:
            raise SettingsError(f"“{one.text[:20]}”导出不了（{error}）：请删去这个问题再导出。") from None
        entries.append(Entry(one.text, one.scope.words(records), answer))
    record = Record(title, int(time()), tuple(entries), bool(service.settings.generator))
    return file_name(record, kind), kind, as_docx(record) if kind == "docx" else as_markdown(record).encode("utf-8")


def add_routes(routes: Routes, desk: "Desk") -> None:
    """Add the route of tools.js, which answers with a file, or with status 400 and {"error": line}."""
    from fastapi.responses import Response
    from starlette.concurrency import run_in_threadpool

    route = Route("POST", "/api/export")  # counted by its questions

    def make(caller: Caller, body: bytes) -> tuple[str, str, bytes]:
        said = parsed(body)
        take_again(desk.logins, caller, len(parse_asked(said.get("questions"))))
        return exported(desk.service_for(caller.visitor), said)

    async def handle(request: "Request") -> Response:
        try:
            name, kind, content = await run_in_threadpool(make, caller_of(request.scope), await request.body())
        except AssistantError as error:
            return refusal(error, route)
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"} | UNSTORED
        return Response(content, media_type=KINDS[kind], headers=headers)

    routes.add(route, handle)
