"""The status route of every page: the state of the assistant, and who is asking."""

from typing import TYPE_CHECKING, Any

from assistant.accounts.visitor import Role, Visitor
from assistant.web.endpoint import endpoint
from assistant.web.routing import Route, Routes

if TYPE_CHECKING:
    from assistant.web.desk import Desk


def add_routes(routes: Routes, desk: "Desk") -> None:
    """Add the status route."""

    def status(visitor: Visitor, _: dict[str, Any]) -> dict[str, Any]:
        health = desk.health(visitor)
        may_manage = visitor.role is Role.MANAGER and visitor.folders is None and bool(visitor.name)
        known = {"name": visitor.name, "role": visitor.role, "users": may_manage}
        return {"stage": health.status, "message": health.message} | known

    endpoint(routes, Route("GET", "/api/status"), status)
