"""The document list of the scope picker (scoping.js)."""

from typing import TYPE_CHECKING, Any

from assistant.accounts.visitor import Visitor
from assistant.answering.scope import CHOSEN_MOST
from assistant.web.endpoint import endpoint
from assistant.web.routing import Route, Routes

if TYPE_CHECKING:
    from assistant.web.desk import Desk


def add_routes(routes: Routes, desk: "Desk") -> None:
    """Add the route of scoping.js."""

    def documents(visitor: Visitor, _: dict[str, Any]) -> dict[str, Any]:
        records = desk.service_for(visitor).documents()
        rows = [
            {"id": r.id, "title": r.title, "date": r.date or "", "folder": r.path.rpartition("/")[0]} for r in records
        ]
        return {"documents": rows, "most": CHOSEN_MOST}

    endpoint(routes, Route("GET", "/api/scope"), documents)
