"""Quizzes over HTTP: who asks, what they send, what comes back."""

from typing import Any

from assistant.accounts.visitor import LOCAL, Role, Visitor
from assistant.study.pack import Pack
from assistant.web.desk import Desk
from assistant.web.routing import VISITOR
from assistant.web.security.request_filter import App, Message, Receive, Send
from support.corpus import assert_one_line

VISITORS = {
    "": LOCAL,
    "trainer": Visitor("trainer", Role.TRAINER),
    "colleague": Visitor("colleague", Role.TRAINER),
    "reader": Visitor("reader", Role.READER, ("考勤",)),
    "other": Visitor("other", Role.READER, ("考勤",)),
    "outside": Visitor("outside", Role.READER, ("通知",)),
    "manager": Visitor("manager", Role.MANAGER),
    "lesser": Visitor("lesser", Role.MANAGER, ("考勤",)),
}
SETTINGS = {"arrangement": "each", "minutes": 0, "tries": 1, "shown": "handed", "is_open": True}


class As:
    """Names the visitor by a header, as the gate does by a session."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            name = dict(scope["headers"]).get(b"as", b"").decode()
            scope = {**scope, "state": {VISITOR: VISITORS[name]}}
        await self._app(scope, receive, send)


def post(client: Any, route: str, who: str = "", /, **body: object) -> Any:
    return client.post(f"/api/quiz/{route}", json=body, headers={"as": who})


def get(client: Any, route: str, who: str = "", /, **query: object) -> Any:
    return client.get(f"/api/quiz/{route}", params=query, headers={"as": who})


def published(client: Any, desk: Desk, pack: Pack, who: str = "trainer", **settings: object) -> str:
    kept = desk.packs.add(who, pack)
    response = post(client, "publish", who, pack=kept, title="考勤知识测验", settings=SETTINGS | settings)
    assert response.status_code == 200, response.text
    assert response.json()["questions"] == 8
    return str(response.json()["quiz"])


def started(client: Any, identity: str, who: str = "reader", **more: object) -> dict[str, Any]:
    response = post(client, "start", who, quiz=identity, **more)
    assert response.status_code == 200, response.text
    return dict(response.json())


def by_kind(paper: dict[str, Any], kind: str, word: str = "") -> dict[str, Any]:
    return next(q for q in paper["questions"] if q["kind"] == kind and word in q["stem"])


def chosen(question: dict[str, Any], *texts: str) -> list[str]:
    return [next(o["id"] for o in question["options"] if o["text"] == text) for text in texts]


def right_answers(paper: dict[str, Any]) -> dict[str, list[str]]:
    """Return what gets all points that rules give, and a short answer."""
    single, multiple, order = (by_kind(paper, kind) for kind in ("single", "multiple", "order"))
    fill, days, wrong, right = (
        by_kind(paper, *words) for words in (("fill", "职工"), ("fill", "病假"), ("judge", "事假"), ("judge", "保管"))
    )
    return {
        fill["id"]: ["申请表", "“负责人”"],
        days["id"]: ["三十 日"],
        single["id"]: chosen(single, "五年"),
        multiple["id"]: chosen(multiple, "如实说明", "当面", "及时登记"),
        wrong["id"]: chosen(wrong, "错"),
        right["id"]: chosen(right, "对"),
        order["id"]: chosen(order, "填表", "核准", "存档"),
        by_kind(paper, "short")["id"]: ["先填表，再送审"],
    }


def problem(response: Any, status: int) -> str:
    assert response.status_code == status, response.text
    said = response.json().get("error") or response.json()["detail"]
    assert_one_line(said)
    return str(said)
