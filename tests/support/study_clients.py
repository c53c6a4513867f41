"""Study packs over HTTP: who asks, what they send, what comes back."""

from typing import Any

from assistant.accounts.visitor import LOCAL, Role, Visitor
from assistant.web.desk import Desk
from assistant.web.routing import VISITOR
from assistant.web.security.client_address import ARRIVAL
from assistant.web.security.login_gate import HERE
from assistant.web.security.request_filter import App, Message, Receive, Send
from support.pages import wait_for
from support.sample_pack import sample

SPEECH = "讲话/动员.txt"
VISITORS = {
    "": LOCAL,
    "anne": Visitor("anne", Role.TRAINER),
    "law": Visitor("law", Role.TRAINER, ("人事",)),
    "reader": Visitor("reader", Role.READER),
}
REWORD: dict[str, object] = {"revision": 1, "item": "fill-1", "do": "reword"}
BRIEF: dict[str, Any] = {"documents": [], "topic": "病假", "minutes": 60, "counts": {"fill": 2}, "difficulty": "mixed"}


class As:
    """Names the visitor by a header, as the gate does by a session."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            name = dict(scope["headers"]).get(b"as", b"").decode()
            scope = {**scope, "state": {VISITOR: VISITORS[name], ARRIVAL: HERE.arrival}}
        await self._app(scope, receive, send)


def ids(desk: Desk) -> dict[str, str]:
    return {record.path: record.id for record in desk.service().documents()}


def kept(desk: Desk, who: str = "") -> str:
    """Keep the sample for somebody and return its id."""
    return desk.packs.add(VISITORS[who].name, sample(desk.service(), ids(desk)[SPEECH]))


def get(client: Any, route: str, who: str = "", /, **query: str) -> Any:
    return client.get(f"/api/study/{route}", params=query, headers={"as": who})


def post(client: Any, route: str, who: str = "", /, **body: object) -> Any:
    return client.post(f"/api/study/{route}", json=body, headers={"as": who})


def done(client: Any, job: dict[str, Any], who: str = "") -> dict[str, Any]:
    wait_for(lambda: get(client, "job", who, job=job["id"]).json()["over"])
    return dict(get(client, "job", who, job=job["id"]).json())


def change(client: Any, pack: str, revision: int, item: str, do: str, **more: object) -> Any:
    return post(client, "change", pack=pack, revision=revision, item=item, do=do, **more)
