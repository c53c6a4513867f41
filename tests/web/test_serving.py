"""The page over HTTP, and how it starts."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from assistant.answering.service import Service
from assistant.base.errors import StoreError
from assistant.base.settings import Settings
from assistant.web import desk, endpoint, routing, server
from assistant.web.chat.asking import Page
from assistant.web.desk import Desk, Stage
from assistant.web.reader import routes
from assistant.web.security import request_filter
from support.pages import QUESTION, ROOT, anchor_of, feedback_id, hostile_settings, opened, question_event, wait_for


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return hostile_settings(tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def service(settings: Settings) -> Service:
    service = Service(settings)
    service.ensure()
    return service


@pytest.fixture(scope="module")
def ready(settings: Settings, service: Service) -> Desk:
    return opened(Desk(settings))


@pytest.fixture(scope="module")
def client(settings: Settings, ready: Desk) -> Iterator[Any]:
    from starlette.testclient import TestClient

    with TestClient(server.build_app(settings, ready)) as client:
        yield client


def test_importing_the_page_imports_nothing_heavy() -> None:
    code = (
        "import sys, assistant.web.server; "
        "print([m for m in ('gradio', 'fastapi', 'uvicorn', 'torch', 'faiss') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_healthz_ready(client: Any, service: Service) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    expected = {"status": "ready", "documents": 2, "passages": len(service.index)}
    assert response.json() == expected | {"message": "可以提问：2 份文件"}


def test_healthz_loading_and_error(settings: Settings) -> None:
    from starlette.testclient import TestClient

    go = threading.Event()

    def open_service(_: Settings) -> Service:
        assert go.wait(60)
        raise StoreError("索引已损坏：请运行 build 重建。")

    waiting = Desk(settings, open_service)
    with TestClient(server.build_app(settings, waiting)) as client:
        response = client.get("/healthz")
        loading = {"status": "loading", "documents": 0, "passages": 0, "message": desk.OPENING}
        assert (response.status_code, response.json()) == (503, loading)
        assert client.get("/").status_code == 200
        go.set()
        wait_for(lambda: waiting.health().status is Stage.ERROR)
        response = client.get("/healthz")
        assert response.status_code == 503
        assert response.json()["status"] == "error"
        assert response.json()["message"] == "索引已损坏：请运行 build 重建。"
    waiting.close()


@pytest.mark.parametrize("path", ["/", "/healthz", "/theme.css", "/docs"])
def test_every_answer_carries_the_headers(client: Any, path: str) -> None:
    headers = client.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'self'; ")
    assert "http" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["referrer-policy"] == "no-referrer"


def test_the_page_names_no_other_host_and_is_chinese(client: Any) -> None:
    html = client.get("/", headers={"accept-encoding": "gzip, br"}).text
    assert set(re.findall(r"https?://[^/\"'\s<>)\\]+", html)) <= {"http://testserver"}
    assert '<html\n\tlang="zh-CN"' in html
    assert "政策问答助手" in html
    css = client.get("/theme.css").text
    assert re.findall(r"@import|url\((?!['\"]?data:).{20}", css) == []


def test_the_page_files_name_no_other_host() -> None:
    for file in (ROOT / "assistant" / "web").glob("*/page/*"):
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http" not in re.sub(r"on https and on|plain http\.", "", text), file
        assert not re.search(r"innerHTML|insertAdjacentHTML|document\.write|outerHTML|eval\(", text), file
        assert file.suffix != ".html" or not re.search(r"\$\{|\{\{", text), file


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/docs"),
        ("GET", "/redoc"),
        ("GET", "/openapi.json"),
        ("GET", "/gradio_api/openapi.json"),
        ("GET", "/gradio_api/info"),
        ("GET", "/gradio_api/file=http://evil.example/x"),
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/gradio_api/file=app.py"),
        ("GET", "/gradio_api/file/app.py"),
        ("GET", "/file=/etc/passwd"),
        ("GET", "/gradio_api/proxy=http://evil.example/x"),
        ("GET", "/gradio_api/stream/a/1/1/playlist.m3u8"),
        ("GET", "/gradio_api/runs"),
        ("GET", "/monitoring"),
        ("GET", "/gradio_api/deep_link?session_hash=x"),
        ("POST", "/gradio_api/upload"),
        ("POST", "/gradio_api/run/ask"),
        ("POST", "/gradio_api/api/ask"),
        ("POST", "/gradio_api/call/ask"),
        ("POST", "/gradio_api/call/v2/ask"),
        ("POST", "/gradio_api/process_recording"),
        ("POST", "/gradio_api/vibe-edit"),
        ("POST", "/gradio_api/component_server"),
        ("POST", "/gradio_api/component_server/"),
        ("GET", "/api/source"),
        ("PUT", "/api/feedback"),
        ("DELETE", "/"),
        ("POST", "/login"),
    ],
)
def test_routes_that_the_page_does_not_use_are_closed(client: Any, method: str, path: str) -> None:
    response = client.request(method, path)
    assert response.status_code == 404
    assert response.json() == {"detail": request_filter.NO_PAGE}


def join(client: Any, data: Any, **more: Any) -> Any:
    body = {"data": data, "fn_index": 0, "session_hash": "s1", "trigger_id": None} | more
    return client.post("/gradio_api/queue/join", json=body)


FILE = {"path": "http://127.0.0.1:9/x", "meta": {"_type": "gradio.FileData"}}


@pytest.mark.parametrize("data", [[FILE, None], [[FILE], None], ["问", [{"role": "user"}]], FILE, "问", None])
def test_the_queue_takes_single_values_only(client: Any, data: Any) -> None:
    response = join(client, data)
    assert response.status_code == 422
    assert response.json() == {"detail": request_filter.BAD}


@pytest.mark.parametrize("body", [b"{}", b'{"data": [[]]}'])
def test_bodies_without_a_question_are_refused(client: Any, body: bytes) -> None:
    assert client.post("/gradio_api/queue/join", content=body).status_code == 422


@pytest.mark.parametrize("event", [-1, 10**9, None, "0", 0.0, True, [0]])
def test_events_that_the_page_has_not_are_refused(client: Any, event: Any) -> None:
    response = join(client, ["问", None], fn_index=event)
    assert (response.status_code, response.json()) == (422, {"detail": request_filter.BAD})


HALVES = [b'"\\ud800"', b'"\xed\xa0\x80"', b'["\\udfff"]', b'{"\\ud800": 1}']


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("path", ["source", "export", "next", "feedback", "documents/describe"])
def test_half_characters_are_refused(client: Any, path: str, half: bytes) -> None:
    response = client.post(f"/api/{path}", content=b'{"title": %s}' % half)
    assert (response.status_code, response.json()) == (400, {"error": endpoint.BAD_REQUEST})


def test_half_characters_in_the_queue_and_in_queries_are_refused(client: Any) -> None:
    body = {"data": ["问\ud800", None, ""], "fn_index": question_event(client), "session_hash": "half"}
    assert client.post("/gradio_api/queue/join", content=json.dumps(body)).status_code == 422
    for query in ("id=%ED%A0%80", "id=\\ud800", "id=%FF"):
        assert client.get(f"/api/documents/details?{query}").status_code == 400


@pytest.mark.parametrize(
    "line", [request_filter.NO_PAGE, request_filter.FOREIGN_SITE, request_filter.TOO_LARGE, request_filter.BAD]
)
def test_refusals_end_in_a_mend(line: str) -> None:
    assert re.fullmatch("[^：]+：[^：]+。", line)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"[" * 5000, b"1"])
def test_broken_bodies_are_refused(client: Any, body: bytes) -> None:
    assert client.post("/gradio_api/queue/join", content=body).status_code == 422
    for path in ("/api/source", "/api/feedback"):
        response = client.post(path, content=body)
        assert (response.status_code, response.json()) == (400, {"error": endpoint.BAD_REQUEST})


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "http://behind.a.proxy"}, 400),
        ({"origin": "http://testserver"}, 400),
        ({}, 400),
    ],
)
def test_nothing_is_done_for_pages_of_other_hosts(client: Any, headers: dict[str, str], status: int) -> None:
    assert client.post("/api/feedback", json={}, headers=headers).status_code == status


def test_large_bodies_are_refused(client: Any) -> None:
    response = join(client, ["长" * routing.BODY_LIMIT, None])
    assert (response.status_code, response.json()) == (413, {"detail": request_filter.TOO_LARGE})


def test_the_reader_answers_over_http(client: Any, service: Service) -> None:
    c = service.ask(QUESTION).citations[0]

    def source(**asked: Any) -> Any:
        return client.post("/api/source", json=asked)

    found = source(document=c.document_id, start=c.start, end=c.end)
    runs = [run for paragraph in found.json()["paragraphs"] for run in paragraph["runs"]]
    assert [run["text"] for run in runs if run["quoted"]] == [c.quote]
    assert found.headers["cache-control"] == "no-store"
    for forged in ({"document": "x", "end": 1}, {"document": ["x"], "end": 1}, {"document": c.document_id}):
        refused = source(start=0, **forged)
        assert refused.status_code in (400, 404) and list(refused.json()) == ["error"]


def test_more_of_a_document_and_words_in_it_over_http(client: Any, service: Service) -> None:
    c = service.ask(QUESTION).citations[0]
    view = service.document(c.document_id)
    more = client.post("/api/source/paragraphs", json={"document": c.document_id, "first": 2, "count": 2}).json()
    assert [p["number"] for p in more["paragraphs"]] == [2, 3]
    found = client.post("/api/source/search", json={"document": c.document_id, "words": "整 改"}).json()
    assert (found["count"], found["version"]) == (view.text.count("整改"), more["version"])
    for path in ("/api/source/paragraphs", "/api/source/search"):
        for forged in ({}, {"document": "x", "first": 1, "count": 1, "words": "甲"}, {"document": ["x"]}):
            refused = client.post(path, json=forged)
            assert refused.status_code in (400, 404) and list(refused.json()) == ["error"]
    assert client.post("/api/source/other", json={}).status_code == 404
    assert client.get("/api/source/search").status_code == 404


def test_feedback_over_http(client: Any, ready: Desk) -> None:
    identity = feedback_id(Page(ready), QUESTION)

    def say(data: Any) -> Any:
        return client.post("/api/feedback", json=data)

    said = {"answer": identity, "kind": "missing", "marker": None, "comment": "想找期限"}
    assert say(said).json() == {"done": "已记下，谢谢"}
    for forged in (said | {"answer": "0" * 32}, said | {"answer": [identity]}, [identity]):
        assert say(forged).status_code == 400 and list(say(forged).json()) == ["error"]
    assert [r.comment for judged in ready.history.judged() if judged.asked.id == identity for r in judged.remarks] == [
        "想找期限"
    ]


def test_nobody_is_answered_before_it_is_known_who_asks(settings: Settings, ready: Desk) -> None:
    from fastapi import FastAPI
    from starlette.testclient import TestClient

    routes.add_routes(routing.Routes(app := FastAPI()), ready)
    response = TestClient(app).post("/api/source", json={})
    assert (response.status_code, response.json()) == (403, {"error": "请先登录。"})


def test_the_files_of_the_page_are_served_and_no_others(client: Any) -> None:
    response = client.get("/page/lib.js")
    assert response.text == (ROOT / "assistant" / "web" / "shared" / "page" / "lib.js").read_text(encoding="utf-8")
    assert response.headers["content-type"].startswith("text/javascript")
    for path in ("/page/reader.html", "/page/..%2f__init__.py", "/page/%2e%2e/cli.py", "/page/", "/page/lib.js/x"):
        assert client.get(path).status_code == 404, path


def test_each_page_has_the_strictest_policy_that_it_can_bear(client: Any) -> None:
    assert "unsafe" in client.get("/").headers["content-security-policy"]
    for path in ("/page/lib.js", "/api/status", "/healthz", "/nowhere"):
        assert "unsafe" not in client.get(path).headers["content-security-policy"]


def test_the_status_says_how_far_it_is_and_who_asks(client: Any, ready: Desk) -> None:
    expected = {"stage": "ready", "message": ready.health().message, "name": "", "role": "manager", "users": False}
    assert client.get("/api/status").json() == expected


def test_the_chat_is_shown_and_never_read_back(client: Any) -> None:
    config = client.get("/config").json()
    (chatbot,) = [c["id"] for c in config["components"] if c["type"] == "chatbot"]
    assert all(chatbot not in event["inputs"] for event in config["dependencies"])
    assert {event["api_visibility"] for event in config["dependencies"]} == {"private"}
    (props,) = [c["props"] for c in config["components"] if c["type"] == "chatbot"]
    assert props["sanitize_html"] is True
    assert not props["allow_tags"]
    assert props["latex_delimiters"] == []


def ask_over_http(base: str, event: int, session: str) -> str:
    import httpx

    with httpx.Client(base_url=base, timeout=120, trust_env=False) as web:
        body = {"data": [QUESTION, None, ""], "fn_index": event, "session_hash": session, "trigger_id": None}
        web.post("/gradio_api/queue/join", json=body).raise_for_status()
        with web.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
            for line in stream.iter_lines():
                message = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
                if message.get("msg") == "process_completed":
                    return json.dumps(message, ensure_ascii=False)
    return ""


@pytest.fixture(scope="module")
def address(settings: Settings, ready: Desk) -> Iterator[str]:
    import uvicorn

    with server.listen("127.0.0.1", 0) as listener:
        running = uvicorn.Server(uvicorn.Config(server.build_app(settings, ready), log_level="warning"))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        running.should_exit = True
        thread.join(30)


@pytest.mark.slow
def test_fifty_people_ask_at_once_and_all_are_answered(address: str, client: Any, service: Service) -> None:
    event = question_event(client)
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda n: ask_over_http(address, event, f"person{n}"), range(50)))
    expected = anchor_of(service.ask(QUESTION).citations[-1])
    assert [expected in found and '"success": true' in found for found in answers] == [True] * 50
