"""Kept conversations of an account: list, search, open, rename, delete; the routes of kept.js.

Without accounts the browser keeps its own, and nothing is kept here.
"""

from typing import TYPE_CHECKING, Any

from assistant.accounts.visitor import Visitor
from assistant.answering.conversation.kept import Listed, asked_json
from assistant.web.chat.requests import ConversationRequest, ConversationsRequest, DeleteRequest, RenameRequest
from assistant.web.chat.views import ConversationView
from assistant.web.endpoint import Done, endpoint
from assistant.web.requests import checked
from assistant.web.routing import Route, Routes

if TYPE_CHECKING:
    from assistant.web.desk import Desk

Body = dict[str, Any]


def add_routes(routes: Routes, desk: "Desk") -> None:
    """Add the routes of kept.js."""
    kept = desk.conversations

    def listed(visitor: Visitor, query: Body) -> list[Listed]:
        return kept.listed(visitor.name, checked(ConversationsRequest, query).words)

    def questions(visitor: Visitor, query: Body) -> ConversationView:
        identity = checked(ConversationRequest, query).id
        return ConversationView(identity, asked_json(kept.asked(visitor.name, identity)))

    def rename(visitor: Visitor, body: Body) -> Done:
        said = checked(RenameRequest, body)
        kept.rename(visitor.name, said.id, said.title)
        return Done("已改名")

    def delete(visitor: Visitor, body: Body) -> Done:
        said = checked(DeleteRequest, body)
        kept.delete(visitor.name, None if said.all else said.id)
        return Done("已删除")

    endpoint(routes, Route("GET", "/api/conversations"), listed)
    endpoint(routes, Route("GET", "/api/conversation"), questions)
    endpoint(routes, Route("POST", "/api/conversation/rename"), rename)
    endpoint(routes, Route("POST", "/api/conversation/delete"), delete)
