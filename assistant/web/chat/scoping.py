"""The document list of the scope picker (scoping.js)."""

from typing import TYPE_CHECKING, Any

from assistant.accounts.visitor import Visitor
from assistant.web.chat.views import DocumentChoice, ScopeChoices
from assistant.web.endpoint import endpoint
from assistant.web.routing import Route, Routes

if TYPE_CHECKING:
    from assistant.web.desk import Desk


def add_routes(routes: Routes, desk: "Desk") -> None:
    """Add the route of scoping.js."""

    def documents(visitor: Visitor, _: dict[str, Any]) -> ScopeChoices:
        records = desk.service_for(visitor).documents()
        return ScopeChoices(
            [DocumentChoice(r.id, r.title, r.date or "", r.path.rpartition("/")[0]) for r in records],
        )

    endpoint(routes, Route("GET", "/api/scope"), documents)
