"""Feedback on answers, kept in the history; its buttons are those of feedback.js."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from assistant.accounts.visitor import Visitor
from assistant.evaluation.feedback.history import History
from assistant.web.chat.requests import FeedbackRequest
from assistant.web.endpoint import Done, endpoint
from assistant.web.requests import checked
from assistant.web.routing import Route, Routes

if TYPE_CHECKING:
    from assistant.web.desk import Desk


def give_feedback(history: History, said: Mapping[str, Any]) -> Done:
    """Keep what the browser says of an answer, and return what to tell whoever said it; raises `AssistantError`."""
    remark = checked(FeedbackRequest, said)
    history.feedback(remark.answer, remark.kind, remark.marker, remark.comment)
    return Done("已记下，谢谢")


def add_routes(routes: Routes, desk: "Desk") -> None:
    """Add the route of feedback.js."""

    def feedback(_: Visitor, said: dict[str, Any]) -> Done:
        return give_feedback(desk.history, said)

    endpoint(routes, Route("POST", "/api/feedback"), feedback)
