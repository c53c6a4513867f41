"""The documents page over HTTP: who asks, what they send, what comes back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from assistant.accounts.visitor import Role, Visitor
from assistant.documents.document import document_id
from assistant.web.desk import Desk
from assistant.web.documents import routes
from assistant.web.routing import VISITOR, Routes
from support.corpus import LAW_FILE
from support.pages import wait_for

TEXT = "差旅费管理办法\n第一条　差旅费由财务处审核。\n第二条　本办法自发布之日起施行。\n"
READER = Visitor("读者甲", Role.READER)
LIMITED_MANAGER = Visitor("管理员丁", Role.MANAGER, ("通知",))
OTHERS = document_id(LAW_FILE)
Connect = Callable[[Visitor], Any]


@contextmanager
def connected(desk: Desk) -> Iterator[Connect]:
    """Yield what makes a client for a visitor; all use one set of routes."""
    from fastapi import FastAPI
    from starlette.testclient import TestClient

    routes.add_routes(Routes(app := FastAPI()), desk)

    def client_of(visitor: Visitor) -> Any:
        async def as_visitor(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, "state": {VISITOR: visitor}}, receive, send)

        return TestClient(as_visitor)

    yield client_of


def table(client: Any) -> dict[str, dict[str, Any]]:
    response = client.get("/api/documents/table")
    assert response.status_code == 200
    return {row["path"]: row for row in response.json()["documents"]}


def upload(client: Any, name: str, content: str | bytes, route: str = "add", **said: str) -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post(f"/api/documents/{route}", params={"name": name, **said}, content=data)


def settle(client: Any) -> dict[str, Any]:
    """Wait until the index is up to date and return the state."""
    wait_for(lambda: not client.get("/api/documents/state").json()["busy"])
    found: dict[str, Any] = client.get("/api/documents/state").json()
    return found


def describe(client: Any, path: str, **values: Any) -> Any:
    return client.post("/api/documents/describe", json={"id": document_id(path), **values})
