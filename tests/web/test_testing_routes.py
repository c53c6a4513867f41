"""命中测试 over HTTP: what each role and group gets, and what is refused."""

import base64
import io
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from openpyxl import load_workbook

from assistant.accounts.visitor import LOCAL, Role, Visitor
from assistant.answering.service import Service
from assistant.base.errors import StoreError
from assistant.base.files.spreadsheets import SIZE_LIMIT
from assistant.base.settings import Settings
from assistant.evaluation.question_sets import parse_set, template
from assistant.web.desk import Desk
from assistant.web.routing import VISITOR, Routes
from assistant.web.security.request_filter import App, Message, Receive, RequestFilter, Send
from assistant.web.testing import routes
from support.corpus import LAW, LAW_FILE, NOTE, NOTE_FILE, write
from support.pages import opened, settings_in, wait_for

TABLE = """问题,应引原文,文件,应回答
病假最多多少天？,病假一般不得超过三十日,,
食堂由谁管理？,食堂由行政科负责管理,,
年终奖怎么发放？,,,否
,,,否
"""
VISITORS = {
    "": LOCAL,
    "law": Visitor("law", Role.TRAINER, ("人事",)),
    "note": Visitor("note", Role.TRAINER, ("通知",)),
    "reader": Visitor("reader", Role.READER),
}
ROUTES = [
    ("POST", "explain"), ("POST", "upload"), ("POST", "run"), ("POST", "stop"), ("POST", "remove"),
    ("GET", "sets"), ("GET", "set"), ("GET", "job"), ("GET", "result"), ("GET", "compare"),
]  # fmt: skip


class As:
    """Names the visitor by a header, as the gate does by a session."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            name = dict(scope["headers"]).get(b"as", b"").decode()
            scope = {**scope, "state": {VISITOR: VISITORS[name]}}
        await self._app(scope, receive, send)


def client_of(desk: Desk) -> Any:
    from fastapi import FastAPI
    from starlette.testclient import TestClient

    web = Routes(app := FastAPI())
    routes.add_routes(web, desk)
    app.add_middleware(As)
    app.add_middleware(RequestFilter, routes=web)
    return TestClient(app)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("命中 测试")
    write(folder / "corpus", f"人事/{LAW_FILE}", LAW)
    write(folder / "corpus", NOTE_FILE, NOTE)
    return opened(Desk(settings_in(folder)))


@pytest.fixture
def client(desk: Desk) -> Iterator[Any]:
    with client_of(desk) as client:
        yield client
    desk.settings.question_sets.unlink(missing_ok=True)


def packed(data: bytes) -> str:
    return base64.b64encode(data).decode()


def post(client: Any, route: str, who: str = "", /, **body: object) -> Any:
    return client.post(f"/api/testing/{route}", json=body, headers={"as": who})


def get(client: Any, route: str, who: str = "", /, **query: str) -> Any:
    return client.get(f"/api/testing/{route}", params=query, headers={"as": who})


def uploaded(client: Any, who: str = "", text: str = TABLE) -> dict[str, Any]:
    response = post(client, "upload", who, name="巡视 问题.csv", data=packed(text.encode()))
    assert response.status_code == 200, response.text
    return dict(response.json())


def ran(client: Any, who: str, set_id: str, *settings: dict[str, float]) -> dict[str, Any]:
    job = post(client, "run", who, set=set_id, settings=list(settings) or [{}]).json()["id"]
    wait_for(lambda: get(client, "job", who, job=job).json()["over"])
    return dict(get(client, "job", who, job=job).json())


def test_one_question_is_laid_open(client: Any) -> None:
    found = post(client, "explain", question=" 病假最多多少天？ ").json()
    assert (found["status"], found["verdict"], found["kind"]) == ("answered", "已回答", "一个数")
    assert found["passages"][0]["ranks"] == {"lexical": 1, "dense": 1, "fused": 1}
    assert [way["name"] for way in found["ways"]] == ["按字词", "按意思", "合起来"]
    assert found["sentences"][0]["marker"] == 1 and found["sentences"][0]["reason"] == "已引用，见 [1]"
    silent = post(client, "explain", question="病假最多多少天？", answer_threshold=1, dense_weight=0).json()
    assert (silent["status"], silent["threshold"]) == ("mentioned", 1.0)
    row = silent["passages"][0]
    assert row["scores"]["fused"] == row["scores"]["lexical"]


def test_a_set_is_uploaded_run_compared_taken_away_and_deleted(client: Any) -> None:
    first = uploaded(client)
    assert first["problems"] == [{"line": 5, "message": "没有写问题：请补上问题，或删去这一行。"}]
    assert first["doubts"] == []
    line = first["set"]
    assert (line["name"], line["questions"], line["with_texts"], line["silent"], line["last"]) == (
        "巡视 问题", 3, 2, 1, None,
    )  # fmt: skip
    job = ran(client, "", line["id"], {"dense_weight": 0.4}, {"dense_weight": 0.4, "answer_threshold": 1.0})
    assert (job["stage"], job["done"], job["total"], len(job["results"])) == ("done", 2, 3, 2)
    a, b = job["results"]
    run = get(client, "result", run=a).json()
    assert [o["verdict"] for o in run["outcomes"]] == ["答对", "答对", "正确地没有回答"]
    assert (run["line"]["right"], run["line"]["judged"], run["line"]["other_index"]) == (3, 3, False)
    assert run["line"]["recall"]["fused"][0] == 1.0 and run["line"]["mrr"]["fused"] == 1.0
    compared = get(client, "compare", first=a, second=b).json()
    assert [r["answer_threshold"] for r in compared["runs"]] == [0.5, 1.0]
    changed = [(c["before"]["question"], c["after"]["verdict"]) for c in compared["changed"]]
    assert changed == [("病假最多多少天？", "该答未答"), ("食堂由谁管理？", "该答未答")]
    assert [r["id"] for r in get(client, "set", set=line["id"]).json()["history"]] == [a, b]
    sheet = client.get(f"/testing/result.xlsx?run={a}")
    assert sheet.headers["content-disposition"].startswith(f"attachment; filename*=UTF-8''{quote('巡视 问题')}-20")
    book = load_workbook(io.BytesIO(sheet.content))
    assert book.sheetnames == ["逐题结果", "汇总"] and book["逐题结果"]["F2"].value == "答对"
    assert post(client, "remove", run=a).json() == {}
    assert get(client, "result", run=a).status_code == 400
    assert post(client, "remove", set=line["id"]).json() == {}
    assert get(client, "sets").json()["sets"] == []


def test_the_template_is_a_set(client: Any) -> None:
    response = client.get("/testing/template.xlsx")
    assert response.headers["content-type"] == routes.XLSX
    assert parse_set("模板.xlsx", response.content) == parse_set("模板.xlsx", template())


def test_a_change_of_documents_is_told(client: Any, desk: Desk) -> None:
    line = uploaded(client)["set"]
    run = ran(client, "", line["id"])["results"][0]
    new = write(desk.settings.corpus, "新.txt", "新的文件。")
    try:
        desk.service().refresh()
        assert get(client, "result", run=run).json()["line"]["other_index"] is True
    finally:
        new.unlink()
        desk.service().refresh()
    assert get(client, "result", run=run).json()["line"]["other_index"] is False


def test_a_group_tests_its_folders_alone(client: Any) -> None:
    found = post(client, "explain", "note", question="病假最多多少天？").json()
    assert "病假" not in str(found["passages"]) + str(found["sentences"])
    first = uploaded(client, "note")
    assert [d["line"] for d in first["doubts"]] == [2]
    run = get(client, "result", "note", run=ran(client, "note", first["set"]["id"])["results"][0]).json()
    assert [o["absent"] for o in run["outcomes"]] == [[True], [False], []]
    assert run["line"]["documents"] == 1
    assert {c["path"] for o in run["outcomes"] for c in o["cited"]} == {NOTE_FILE}


def test_nothing_of_another_account_is_reached(client: Any) -> None:
    set_id = uploaded(client, "law")["set"]["id"]
    job = ran(client, "law", set_id)
    run = job["results"][0]
    assert get(client, "sets", "note").json()["sets"] == []
    refused = [
        get(client, "set", "note", set=set_id),
        get(client, "job", "note", job=job["id"]),
        get(client, "result", "note", run=run),
        get(client, "compare", "note", first=run, second=run),
        post(client, "run", "note", set=set_id, settings=[{}]),
        post(client, "stop", "note", job=job["id"]),
        post(client, "remove", "note", set=set_id),
        post(client, "remove", "note", run=run),
        client.get(f"/testing/result.xlsx?run={run}", headers={"as": "note"}),
    ]
    assert [r.status_code for r in refused] == [400] * len(refused)
    assert all("找不到" in r.text and "病假" not in r.text for r in refused)
    assert get(client, "result", "law", run=run).status_code == 200
    assert get(client, "result", "", run=run).status_code == 200


@pytest.mark.parametrize(("method", "name"), ROUTES)
def test_readers_are_refused(client: Any, method: str, name: str) -> None:
    response = post(client, name, "reader") if method == "POST" else get(client, name, "reader")
    assert (response.status_code, response.json()) == (403, {"error": "这一步需要培训员的权限：请联系管理员。"})
    for path in ("template", "result"):
        assert client.get(f"/testing/{path}.xlsx", headers={"as": "reader"}).status_code == 403


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("explain", {}),
        ("explain", {"question": ["病假"]}),
        ("explain", {"question": "长" * 501}),
        ("explain", {"question": "病假", "dense_weight": 1.1}),
        ("explain", {"question": "病假", "dense_weight": "0"}),
        ("explain", {"question": "病假", "answer_threshold": True}),
        ("explain", {"question": "病假", "answer_threshold": None}),
        ("upload", {"name": "a.csv"}),
        ("upload", {"name": "a.csv", "data": "§§"}),
        ("upload", {"name": "a.csv", "data": "\ud800"}),
        ("upload", {"name": 1, "data": ""}),
        ("upload", {"name": "x" * 300 + ".csv", "data": packed(TABLE.encode())}),
        ("upload", {"name": "../../etc/passwd", "data": packed(b"root")}),
        ("upload", {"name": "a.xlsm", "data": packed(template())}),
        ("upload", {"name": "a.csv", "data": packed(template())}),
        ("upload", {"name": "a.xlsx", "data": packed(b"\x00" * 100)}),
        ("upload", {"name": "a.csv", "data": packed(b"x" * (SIZE_LIMIT + 1))}),
        ("run", {}),
        ("run", {"set": "x", "settings": [{}]}),
        ("run", {"set": {"$ne": ""}, "settings": [{}]}),
        ("remove", {"set": "' OR 1=1 --"}),
        ("remove", {}),
        ("stop", {"job": "x" * 1000}),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(client: Any, name: str, body: dict[str, object]) -> None:
    response = client.post(f"/api/testing/{name}", content=json.dumps(body))
    assert response.status_code == 400
    assert re.fullmatch(r"[^\n]+。", response.json()["error"])
    assert get(client, "sets").json()["sets"] == []


def test_bad_settings_of_a_run_are_refused(client: Any) -> None:
    set_id = uploaded(client)["set"]["id"]
    bad: list[object] = [[], [{}, {}, {}], [1], "x", [{"dense_weight": -1}], [{"answer_threshold": 1e999}]]
    for settings in bad:
        response = client.post("/api/testing/run", content=f'{{"set": "{set_id}", "settings": {json.dumps(settings)}}}')
        assert response.status_code == 400, settings
    assert get(client, "sets").json()["job"] is None


def test_too_much_at_once_and_other_pages_are_refused(client: Any) -> None:
    huge = client.post("/api/testing/upload", content=b"x" * 3_000_001)
    assert huge.status_code == 413
    foreign = client.post("/api/testing/explain", json={"question": "病假"}, headers={"origin": "http://evil.example"})
    assert foreign.status_code == 403
    assert client.get("/testing/other.xlsx").status_code == 404


def test_a_job_is_stopped_and_one_runs_at_a_time(client: Any, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    set_id = uploaded(client)["set"]["id"]
    going, begun = threading.Event(), threading.Event()
    real = routes.run_set

    def slow(*given: Any) -> Any:
        begun.set()
        assert going.wait(30)
        return real(*given)

    monkeypatch.setattr(routes, "run_set", slow)
    job = post(client, "run", set=set_id, settings=[{}]).json()
    assert begun.wait(30)
    assert get(client, "sets").json()["job"]["id"] == job["id"]
    again = post(client, "run", set=set_id, settings=[{}])
    assert (again.status_code, "还有一次运行没有结束" in again.json()["error"]) == (400, True)
    post(client, "stop", job=job["id"])
    going.set()
    wait_for(lambda: get(client, "job", job=job["id"]).json()["over"])
    assert get(client, "job", job=job["id"]).json()["stage"] == "stopped"
    assert get(client, "set", set=set_id).json()["history"] == []


def test_without_an_index_the_page_says_so(tmp_path: Path) -> None:
    def failing(_: Settings) -> Service:
        raise StoreError("索引已损坏：请运行 build 重建。")

    waiting = Desk(settings_in(tmp_path), failing)
    with client_of(waiting) as client:
        assert get(client, "sets").json()["sets"] == []
        response = post(client, "explain", question="病假")
        assert (response.status_code, "请" in response.json()["error"]) == (400, True)
        assert client.get("/testing").status_code == 200


def test_the_page_has_no_inline_script_or_style(client: Any) -> None:
    response = client.get("/testing")
    assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son\w+=|javascript:", response.text)
    assert "unsafe" not in response.headers["content-security-policy"]
