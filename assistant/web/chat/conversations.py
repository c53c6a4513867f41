"""Kept conversations of an account: list, search, open, rename, delete; the routes of kept.js.

Without accounts the browser keeps its own, and nothing is kept here.
"""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from assistant.accounts.visitor import Visitor
from assistant.answering.conversation.kept import asked_json, parse_identity
from assistant.web.endpoint import endpoint
from assistant.web.routing import Route, Routes

if TYPE_CHECKING:
    from assistant.web.desk import Desk

WORDS_LIMIT = 100


def add_routes(routes: Routes, desk: "Desk") -> None:
    """Add the routes of kept.js."""
    kept = desk.conversations

    def listed(visitor: Visitor, asked: dict[str, Any]) -> list[dict[str, Any]]:
        words = str(asked.get("words", ""))[:WORDS_LIMIT]
        return [asdict(one) for one in kept.listed(visitor.name, words)]

    def questions(visitor: Visitor, asked: dict[str, Any]) -> dict[str, Any]:
        identity = parse_identity(asked.get("id"))
        return {"id": identity, "questions": asked_json(kept.asked(visitor.name, identity))}

    def rename(visitor: Visitor, said: dict[str, Any]) -> dict[str, str]:
        title = said.get("title")
        kept.rename(visitor.name, parse_identity(said.get("id")), title if isinstance(title, str) else "")
        return {"done": "已改名"}

    def delete(visitor: Visitor, said: dict[str, Any]) -> dict[str, str]:
        everything = said.get("all") is True
        kept.delete(visitor.name, None if everything else parse_identity(said.get("id")))
        return {"done": "已删除"}

    endpoint(routes, Route("GET", "/api/conversations"), listed)
    endpoint(routes, Route("GET", "/api/conversation"), questions)
    endpoint(routes, Route("POST", "/api/conversation/rename"), rename)
    endpoint(routes, Route("POST", "/api/conversation/delete"), delete)
