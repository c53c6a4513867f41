import asyncio
import json
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.answering import Answer, Citation, Status
from assistant.composing import escape
from assistant.conversation import BEGUN, TURNS_KEPT, Conversation, Understood
from assistant.errors import SettingsError, StoreError
from assistant.following import Action
from assistant.service import Service
from assistant.settings import Settings
from assistant.ui import chat, desk, guard, layout, reader, server
from assistant.ui.desk import Desk, Stage
from assistant.ui.layout import Page, Talk

ROOT = Path(__file__).parents[1]
QUESTION = "巡视整改要求是什么"
HOSTILE = "\n".join(
    [
        "关于<script>window.hacked=1</script>数据安全培训的通知",
        '第一，全体人员每年参加<img src=x onerror="window.hacked=1">数据安全培训，费用按`标准`从$预算$列支，见[链接](http://evil.example/)。',
        "第二，𠮷林省的培训由${alert(1)}{{constructor}}办公室组织，**每季度**考核一次，结果[1]记入档案。</div>",
    ]
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("page")
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    (folder / "corpus" / "敌意.txt").write_text(HOSTILE, encoding="utf-8")
    return Settings(corpus=folder / "corpus", index=folder / "index", history=folder / "history.sqlite")


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


def opened(made: Desk) -> Desk:
    made.start()
    wait_for(lambda: made.health().status is Stage.READY)
    return made


def wait_for(done: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def citation(marker: int, quote: str, document: str = "讲话") -> Citation:
    return Citation(marker, document, "d-1", None, "第二", 4, 10 * marker, 10 * marker + len(quote), quote, 0.9)


def answer(status: Status, text: str, *citations: Citation) -> Answer:
    return Answer("问", status, text, citations, (), 1.0)


class Shown(HTMLParser):
    """Collects the elements and the visible text of some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def links(self) -> list[str]:
        return [attributes["href"] or "" for tag, attributes in self.tags if tag == "a"]


def test_importing_the_page_imports_nothing_heavy() -> None:
    code = (
        "import sys, assistant.ui; "
        "print([m for m in ('gradio', 'fastapi', 'uvicorn', 'torch', 'faiss') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


# Questions and answers as HTML.


@pytest.mark.parametrize(
    ("given_question", "text", "problem"),
    [
        ("  巡视是什么 ", "巡视是什么", ""),
        ("", "", "请先输入问题。"),
        (" \n\u3000", "", "请先输入问题。"),
        (None, "", "请先输入问题。"),
        ({"text": "x"}, "", "请先输入问题。"),
        ("长" * 500, "长" * 500, ""),
        ("长" * 501, "长" * 501, "问题太长（501 字）：请缩短到 500 字以内，或分成几个问题。"),
    ],
)
def test_questions_are_checked(given_question: object, text: str, problem: str) -> None:
    assert chat.check_question(given_question) == (text, problem)


def test_an_answer_shows_its_statements_its_links_and_its_places() -> None:
    first, second = citation(1, "甲句。"), citation(2, "乙句。")
    text = "**整改要求**（《讲话》）\n\n第二　紧扣重点\n\n1. 甲句。 [1]\n\n2. 乙句。 [2]"
    shown = Shown(chat.answer_html(answer(Status.ANSWERED, text, first, second)))
    assert shown.text == (
        "已找到原文整改要求（《讲话》）第二　紧扣重点1.甲句。[1]2.乙句。[2]出处《讲话》[1] 第二 第4段[2] 第二 第4段复制"
    )
    assert shown.links() == ["#cite-d-1-10-13", "#cite-d-1-20-23"] * 2
    assert shown.tags[0] == ("div", {"class": "answer answered"})
    assert ("strong", {}) in shown.tags


@pytest.mark.parametrize(
    ("status", "label"),
    [(Status.ANSWERED, "已找到原文"), (Status.MENTIONED, "只是提到"), (Status.NOT_FOUND, "没有找到")],
)
def test_each_status_says_what_it_claims(status: Status, label: str) -> None:
    html = chat.answer_html(answer(status, "没有找到：请换个说法。"))
    assert html.startswith(f'<div class="answer {status}"><div class="verdict">{label}</div>')
    assert Shown(html).links() == []


def test_sources_of_several_documents_stand_apart() -> None:
    text = "**问**\n\n1. 甲 [1]\n\n2. 乙 [2]"
    html = chat.answer_html(answer(Status.ANSWERED, text, citation(1, "甲", "办法"), citation(2, "乙", "通知")))
    assert html.count('<div class="origin">') == 2
    assert "《办法》" in html and "《通知》" in html


def test_markers_that_cite_nothing_and_brackets_of_the_source_are_no_links() -> None:
    quote = "见附件[1]和[2]。"
    html = chat.answer_html(answer(Status.ANSWERED, f"**问**\n\n1. {escape(quote)} [1] [7]", citation(1, quote)))
    assert Shown(html).links() == ["#cite-d-1-10-21"] * 2
    assert f"1.{quote}[1][7]" in Shown(html).text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=80))
@hypothesis_settings(deadline=None)
def test_any_quote_shows_as_written_and_makes_no_element(quote: str) -> None:
    quote = " ".join(quote.split()) or "空"
    plain = Shown(chat.answer_html(answer(Status.ANSWERED, "**问**\n\n1. 文 [1]", citation(1, "文"))))
    html = chat.answer_html(answer(Status.ANSWERED, f"**问**\n\n1. {escape(quote)} [1]", citation(1, quote)))
    assert "\n" not in html  # a line break would hand the rest to Markdown
    assert [tag for tag, _ in Shown(html).tags] == [tag for tag, _ in plain.tags]
    assert Shown(html).text == plain.text.replace("1.文[1]", f"1.{quote}[1]")


@given(st.text(max_size=60))
@hypothesis_settings(deadline=None)
def test_any_question_or_message_makes_no_element(text: str) -> None:
    assert {tag for tag, _ in Shown(chat.question_html(text)).tags} <= {"div", "br"}
    assert {tag for tag, _ in Shown(chat.notice_html(text)).tags} <= {"div", "p", "br"}
    assert "\n" not in chat.question_html(text) + chat.notice_html(text)


@pytest.mark.parametrize(
    ("status", "citations", "buttons"),
    [
        (Status.ANSWERED, (citation(1, "甲"),), "有用引用有误没找到我要的"),
        (Status.MENTIONED, (citation(1, "甲"),), "有用引用有误没找到我要的"),
        (Status.NOT_FOUND, (), "有用没找到我要的"),
    ],
)
def test_what_can_be_said_of_an_answer(status: Status, citations: tuple[Citation, ...], buttons: str) -> None:
    shown = Shown(chat.answer_html(answer(status, "**问**", *citations), "0a" * 16))
    assert shown.text.endswith(f"复制{buttons}")
    (frame,) = [attributes for _, attributes in shown.tags if attributes.get("class") == "feedback"]
    assert frame == {"class": "feedback", "id": "answer-" + "0a" * 16}
    assert Shown(chat.answer_html(answer(status, "**问**", *citations))).text.endswith("复制")


def test_the_page_says_why_a_place_cannot_be_opened(ready: Desk, service: Service) -> None:
    page, known = Page(ready), service.documents()[0].id
    for document in ("d000000000000", "../../etc/passwd", "' OR 1=1 --"):
        assert page.open_source({"document": document, "start": 0, "end": 5}).keys() == {"error"}
    assert page.open_source({"document": known, "start": 0, "end": 10**9}) == {"error": reader.CHANGED}
    assert page.open_source({"document": known, "start": 10**30, "end": 10**31}) == {"error": reader.CHANGED}
    assert page.open_source(["x"]) == {"error": reader.BAD_REQUEST}


# The desk and what happens on the page.


def steps(page: Page, question: object, talk: Talk | None = None) -> list[Any]:
    async def collect() -> list[Any]:
        return [step async for step in page.ask(question, talk)]

    return asyncio.run(collect())


def test_asking_shows_the_question_first_and_keeps_the_conversation(ready: Desk, service: Service) -> None:
    page = Page(ready)
    asked, answered = steps(page, f" {QUESTION} ")
    assert asked[0] == [{"role": "user", "content": f'<div class="question">{QUESTION}</div>'}]
    assert answered[2] == ""
    assert [m["role"] for m in answered[1].messages] == ["user", "assistant"]
    assert Shown(answered[0][1]["content"]).links().count(anchor_of(service.ask(QUESTION).citations[0])) == 2
    again = steps(page, "<b>粗</b>", answered[1])[-1]
    assert [m["role"] for m in again[0]] == ["user", "assistant"] * 2
    assert again[0][2]["content"] == '<div class="question">&lt;b&gt;粗&lt;/b&gt;</div>'
    assert [turn.asked for turn in again[1].conversation.turns] == [QUESTION, "<b>粗</b>"]


def test_what_a_follow_up_is_understood_as_is_shown_with_the_question(ready: Desk) -> None:
    page = Page(ready)
    first = steps(page, QUESTION)[-1]
    assert "understood" not in first[0][0]["content"]
    asked, answered = steps(page, "那具体怎么做", first[1])
    shown = Shown(asked[0][2]["content"])
    assert shown.text == "那具体怎么做理解为：巡视整改具体怎么做改一改"
    assert ("button", {"class": "mend", "title": chat.MEND}) in shown.tags
    assert "已找到原文" in answered[0][3]["content"]
    more = steps(page, "出处在哪", answered[1])[-1]
    assert Shown(more[0][4]["content"]).text == "出处在哪理解为：巡视整改具体怎么做（出处）改一改"
    lost = steps(page, "第九十点呢", more[1])[-1][0][-1]["content"]
    assert lost.startswith('<div class="answer notice">')


def test_a_reset_forgets_and_says_so(ready: Desk) -> None:
    page = Page(ready)
    talk = steps(page, "换个问题", steps(page, QUESTION)[-1][1])[-1][1]
    assert talk.messages[-1]["content"] == chat.notice_html(BEGUN)
    assert talk.conversation == Conversation()
    assert "请先说明要问的事" in steps(page, "为什么", talk)[-1][0][-1]["content"]


@given(st.text(max_size=60))
@hypothesis_settings(deadline=None)
def test_any_understood_question_makes_no_element(text: str) -> None:
    html = chat.question_html("问", Understood(Action.MORE, text))
    assert {tag for tag, _ in Shown(html).tags} <= {"div", "span", "button", "br"}
    assert "\n" not in html


def anchor_of(c: Citation) -> str:
    return chat.anchor(c.document_id, c.start, c.end)


@pytest.mark.parametrize("question", ["", "   ", None, "长" * 501])
def test_a_question_that_cannot_be_asked_is_not_kept(ready: Desk, question: object) -> None:
    before = Talk(({"role": "user", "content": "x"},))
    (only,) = steps(Page(ready), question, before)
    assert "notice" in only[0][-1]["content"]
    assert only[1] == before
    assert only[2] == (question.strip() if isinstance(question, str) else "")


def test_a_conversation_does_not_grow_for_ever(ready: Desk) -> None:
    long = Talk(({"role": "user", "content": "x"},) * 1000)
    for n in range(25):
        long = steps(Page(ready), f"火星上有{n}只企鹅吗", long)[-1][1]
    assert len(long.messages) == layout.MESSAGES_KEPT + 2
    assert len(long.conversation.turns) == TURNS_KEPT


def feedback_id(page: Page, question: str) -> str:
    """Ask and return the id that the answer carries for feedback."""
    return re.findall(
        '<span class="feedback" id="answer-([0-9a-f]{32})">', steps(page, question)[-1][0][-1]["content"]
    )[0]


def test_feedback_is_kept_with_the_answer_it_is_about(ready: Desk, service: Service) -> None:
    page = Page(ready)
    one, two = feedback_id(page, QUESTION), feedback_id(page, QUESTION)
    assert one != two
    said = {"answer": one, "kind": "wrong_citation", "marker": 2, "comment": "<b>不对</b>"}
    assert page.give_feedback(said) == {"done": "已记下，谢谢"}
    (judged,) = [judged for judged in ready.history.judged() if judged.asked.id in (one, two)]
    assert (judged.asked.id, judged.asked.question, judged.asked.source) == (one, QUESTION, "page")
    assert judged.citations == service.ask(QUESTION).citations
    assert [(r.kind, r.marker, r.comment) for r in judged.remarks] == [("wrong_citation", 2, "<b>不对</b>")]


@pytest.mark.parametrize(
    "forged",
    [
        None,
        [],
        "useful",
        {},
        {"answer": "0" * 32, "kind": "useful"},
        {"answer": None, "kind": "useful"},
        {"kind": "useful", "marker": 1},
        {"kind": "wrong_citation"},
        {"kind": "wrong_citation", "marker": 99},
        {"kind": "wrong_citation", "marker": "1"},
        {"kind": "drop"},
        {"kind": "useful", "comment": None},
        {"kind": "missing", "comment": "长" * 201},
    ],
)
def test_forged_feedback_is_refused_in_words(ready: Desk, forged: object) -> None:
    page = Page(ready)
    identity = feedback_id(page, QUESTION)
    reply = page.give_feedback({"answer": identity} | forged if isinstance(forged, dict) else forged)
    assert list(reply) == ["error"] and reply["error"].endswith("。")
    assert identity not in {judged.asked.id for judged in ready.history.judged()}


def test_where_nothing_is_recorded_nothing_can_be_said(settings: Settings, service: Service, tmp_path: Path) -> None:
    silent = replace(settings, history=tmp_path / "history.sqlite", history_days=0)
    page = Page(opened(Desk(silent)))
    assert 'class="feedback"' not in steps(page, QUESTION)[-1][0][-1]["content"]
    assert list(page.give_feedback({"answer": "0" * 32, "kind": "useful"})) == ["error"]
    assert list(tmp_path.iterdir()) == []


def test_a_history_of_no_use_loses_no_answer(settings: Settings, service: Service, tmp_path: Path) -> None:
    (tmp_path / "history.sqlite").write_bytes(b"x" * 5000)
    page = Page(opened(Desk(replace(settings, history=tmp_path / "history.sqlite"))))
    identity = feedback_id(page, QUESTION)
    assert "已损坏" in page.give_feedback({"answer": identity, "kind": "useful"})["error"]


class SlowService:
    """Opens only when told to."""

    def __init__(self, service: Service, go: threading.Event) -> None:
        self._service, self._go = service, go

    def ensure(self, report: Any) -> None:
        report("读取文件", 3, 12)
        assert self._go.wait(60)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._service, name)


def test_a_question_asked_while_loading_waits_for_the_index(settings: Settings, service: Service) -> None:
    go = threading.Event()
    slow = Desk(settings, lambda _: SlowService(service, go))  # type: ignore[arg-type,return-value]
    slow.start()
    wait_for(lambda: slow.health().message == "正在读取文件 3/12 …")
    assert slow.health().status is Stage.LOADING
    with pytest.raises(StoreError, match="正在读取文件 3/12 …文件还没有准备好，请稍等片刻再发送一次。"):
        asyncio.run(slow.converse(QUESTION, Conversation()))
    threading.Timer(0.3, go.set).start()
    asked, answered = steps(Page(slow), QUESTION)
    assert asked[0][1] == {"role": "assistant", "content": chat.WAITING_HTML}
    assert (len(asked[1].messages), len(answered[0])) == (1, 2)
    assert "已找到原文" in answered[0][1]["content"]
    assert asyncio.run(slow.converse(QUESTION, Conversation(), 30))[0].citations == service.ask(QUESTION).citations
    assert slow.health().message == f"可以提问：2 份文件，{len(service.index)} 段"


def test_opening_is_tried_again_until_it_works(
    settings: Settings, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "RETRY_SECONDS", 0.05)
    mended = threading.Event()

    def open_service(_: Settings) -> Service:
        if not mended.is_set():
            raise StoreError("索引已损坏：请运行 build 重建。")
        return service

    failing = Desk(settings, open_service)
    failing.start()
    wait_for(lambda: failing.health().status is Stage.ERROR)
    assert failing.health().message == "索引已损坏：请运行 build 重建。"
    shown = steps(Page(failing), QUESTION)[-1][0][-1]["content"]
    assert shown == chat.notice_html("索引已损坏：请运行 build 重建。")
    mended.set()
    wait_for(lambda: failing.health().status is Stage.READY)


def test_an_unexpected_failure_does_not_load_for_ever(settings: Settings) -> None:
    def open_service(_: Settings) -> Service:
        raise ZeroDivisionError

    broken = Desk(settings, open_service)
    broken.start()
    wait_for(lambda: broken.health().status is Stage.ERROR)
    broken.close()
    assert broken.health().message == desk.UNEXPECTED


def test_an_empty_corpus_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    empty = opened(Desk(Settings(corpus=tmp_path / "corpus", index=tmp_path / "index", history_days=0)))
    assert empty.health().documents == 0
    assert empty.health().message.startswith("还没有可以查询的文件：请把文件放进")
    assert Page(empty).examples() == []
    assert "没有找到" in steps(Page(empty), QUESTION)[-1][0][-1]["content"]


def test_examples_fit_the_documents(ready: Desk, tmp_path: Path) -> None:
    assert Page(ready).examples() == list(layout.SPEECH_EXAMPLES)
    (tmp_path / "corpus").mkdir()
    for n in range(6):
        (tmp_path / "corpus" / f"办法{n}.txt").write_text(f"第一条　为规范第{n}项工作，制定本办法。", encoding="utf-8")
    other = opened(Desk(Settings(corpus=tmp_path / "corpus", index=tmp_path / "index", history_days=0)))
    assert Page(other).examples() == [f"《办法{n}》主要讲了什么？" for n in range(4)]


# Over HTTP.


def test_healthz_ready(client: Any, service: Service) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    expected = {"status": "ready", "documents": 2, "passages": len(service.index)}
    assert response.json() == expected | {"message": f"可以提问：2 份文件，{len(service.index)} 段"}


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
    for file in (ROOT / "assistant" / "page").iterdir():
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
        ("POST", "/login"),
    ],
)
def test_routes_that_the_page_does_not_use_are_closed(client: Any, method: str, path: str) -> None:
    response = client.request(method, path)
    assert response.status_code == 404
    assert response.json() == {"detail": "没有这个页面。"}


def join(client: Any, data: Any, **more: Any) -> Any:
    body = {"data": data, "fn_index": 0, "session_hash": "s1", "trigger_id": None} | more
    return client.post("/gradio_api/queue/join", json=body)


FILE = {"path": "http://127.0.0.1:9/x", "meta": {"_type": "gradio.FileData"}}


@pytest.mark.parametrize("data", [[FILE, None], [[FILE], None], ["问", [{"role": "user"}]], FILE, "问", None])
def test_the_queue_takes_single_values_only(client: Any, data: Any) -> None:
    response = join(client, data)
    assert response.status_code == 422
    assert response.json() == {"detail": "请求不合规定。"}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b"[" * 5000, b'{"data": [[]]}'])
def test_broken_bodies_are_refused(client: Any, body: bytes) -> None:
    for path in ("/gradio_api/queue/join", "/gradio_api/component_server", "/gradio_api/component_server/"):
        assert client.post(path, content=body).status_code == 422


def test_large_bodies_are_refused(client: Any) -> None:
    response = join(client, ["长" * guard.BODY_LIMIT, None])
    assert (response.status_code, response.json()) == (413, {"detail": "请求太大。"})


def components(client: Any, kind: str) -> list[dict[str, Any]]:
    return [c for c in client.get("/config").json()["components"] if c["type"] == kind]


def test_the_reader_function_answers_over_http_and_no_other_does(client: Any, service: Service) -> None:
    (source,) = [c["id"] for c in components(client, "html") if c["props"].get("elem_id") == "reader"]
    c = service.ask(QUESTION).citations[0]

    def call(name: str, data: Any) -> Any:
        body = {"data": data, "component_id": source, "fn_name": name, "session_hash": "s1"}
        return client.post("/gradio_api/component_server/", json=body)

    found = call("open_source", {"document": c.document_id, "start": c.start, "end": c.end}).json()
    runs = [run for paragraph in found["paragraphs"] for run in paragraph["runs"]]
    assert [run["text"] for run in runs if run["quoted"]] == [c.quote]
    assert call("open_source", {"document": "x", "start": 0, "end": 1}).json().keys() == {"error"}
    assert call("open_source", {"document": c.document_id, "start": 0}).json() == {"error": reader.BAD_REQUEST}
    assert call("open_source", {"document": ["x"], "start": 0, "end": 1}).status_code == 422
    assert call("get_config", {}).status_code == 404
    form = {"fn_name": "open_source", "component_id": source, "session_hash": "s", "data": "x"}
    assert client.post("/gradio_api/component_server", data=form, files={"f": b"x"}).status_code == 422


def test_feedback_over_http(client: Any, ready: Desk) -> None:
    (header,) = [c["id"] for c in components(client, "html") if c["props"].get("elem_id") == "header"]
    identity = feedback_id(Page(ready), QUESTION)

    def say(data: Any) -> Any:
        body = {"data": data, "component_id": header, "fn_name": "give_feedback", "session_hash": "s1"}
        return client.post("/gradio_api/component_server", json=body)

    said = {"answer": identity, "kind": "missing", "marker": None, "comment": "想找期限"}
    assert say(said).json() == {"done": "已记下，谢谢"}
    assert say(said | {"answer": "0" * 32}).json().keys() == {"error"}
    assert say(said | {"answer": [identity]}).status_code == 422
    assert say([identity]).status_code == 422
    assert [r.comment for judged in ready.history.judged() if judged.asked.id == identity for r in judged.remarks] == [
        "想找期限"
    ]


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
        body = {"data": [QUESTION, None], "fn_index": event, "session_hash": session, "trigger_id": None}
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


def test_fifty_people_ask_at_once_and_all_are_answered(address: str, client: Any, service: Service) -> None:
    config = client.get("/config").json()
    (question,) = [c["id"] for c in config["components"] if c["type"] == "textbox"]
    event = next(d["id"] for d in config["dependencies"] if question in d["inputs"])
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda n: ask_over_http(address, event, f"person{n}"), range(50)))
    expected = anchor_of(service.ask(QUESTION).citations[-1])
    assert [expected in found and '"success": true' in found for found in answers] == [True] * 50


# Starting.


def test_a_port_in_use_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SettingsError) as error:
            server.serve(Settings(port=port))
    assert str(error.value) == f"端口 {port} 已被占用：请关闭占用它的程序，或换一个端口（--port {port % 65535 + 1}）。"


@pytest.mark.parametrize("host", ["203.0.113.7", "没有这台电脑.invalid"])
def test_a_host_that_is_not_ours_is_said_in_one_line(host: str) -> None:
    with pytest.raises(SettingsError) as error:
        server.listen(host, 0)
    assert "\n" not in str(error.value)
    assert str(error.value).endswith("请把 host 改为 127.0.0.1 或本机的地址。")


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False)],
)
def test_hosts_beyond_this_computer_are_warned_of(host: str, local: bool, capsys: pytest.CaptureFixture[str]) -> None:
    server._announce(host, server._address(host, 7860))
    said = capsys.readouterr().err
    assert server.is_local(host) is local
    assert ("还没有账号管理" in said) is not local
    assert f"{server._address(host, 7860)} " in said


def test_the_environment_keeps_gradio_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import os

    for name in ("GRADIO_ANALYTICS_ENABLED", "HF_HUB_OFFLINE", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    server._set_environment(Settings(encoder="BAAI/bge-small-zh-v1.5"))
    assert "HF_HUB_OFFLINE" not in os.environ
    monkeypatch.setenv("NO_PROXY", "intranet.example")
    server._set_environment(Settings(encoder=str(tmp_path)))
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    assert os.environ["NO_PROXY"] == "intranet.example,127.0.0.1,localhost,::1"
    assert os.environ["no_proxy"] == "127.0.0.1,localhost,::1"
