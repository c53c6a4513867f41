"""Feedback on answers, kept in the history; its buttons are those of feedback.js."""

from typing import TYPE_CHECKING, Any

from assistant.accounts.visitor import Visitor
from assistant.evaluation.feedback.history import History
from assistant.web.endpoint import endpoint
from assistant.web.routing import Route, Routes

if TYPE_CHECKING:
    from assistant.web.desk import Desk


def give_feedback(history: History, said: dict[str, Any]) -> dict[str, str]:
    """Keep the feedback in a request, and return the confirmation to show; raises `AssistantError`."""
    history.feedback(said.get("answer"), said.get("kind"), said.get("marker"), said.get("comment", ""))
    return {"done": "已记下，谢谢"}


def add_routes(routes: Routes, desk: "Desk") -> None:
    """Add the route of feedback.js."""

    def feedback(_: Visitor, said: dict[str, Any]) -> dict[str, str]:
        return give_feedback(desk.history, said)

    endpoint(routes, Route("POST", "/api/feedback"), feedback)
