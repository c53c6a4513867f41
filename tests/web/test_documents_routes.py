"""The documents page over HTTP: what it shows, what it changes, and who may."""

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from assistant.accounts.visitor import LOCAL, Role, Visitor
from assistant.base.settings import Settings
from assistant.documents.catalog import CatalogEntry, load_catalog
from assistant.documents.document import document_id
from assistant.index.folder import writing
from assistant.index.records import Records
from assistant.library.background_build import Indexing
from assistant.library.corpus_changes import UNKNOWN, UNUSABLE
from assistant.web import server
from assistant.web.desk import Desk
from assistant.web.documents import routes, uploads
from assistant.web.endpoint import BAD_REQUEST
from assistant.web.routing import VISITOR, Routes
from support.corpus import LAW, LAW_FILE, NOTE_FILE, SPEECH_FILE, assert_one_line, write
from support.pages import opened, settings_in, wait_for

TEXT = "差旅费管理办法\n第一条　差旅费由财务处审核。\n第二条　本办法自发布之日起施行。\n"
READER = Visitor("读者甲", Role.READER)
TRAINER = Visitor("培训员乙", Role.TRAINER)
LIMITED = Visitor("读者丙", Role.READER, ("通知",))
LIMITED_MANAGER = Visitor("管理员丁", Role.MANAGER, ("通知",))
OTHERS = document_id(LAW_FILE)


@pytest.fixture
def settings(corpus: Path, index_folder: Path, tmp_path: Path) -> Settings:
    return settings_in(tmp_path, corpus=corpus, index=index_folder, max_file_mb=0.2)


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return opened(Desk(settings))


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


@pytest.fixture
def connect(desk: Desk) -> Iterator[Connect]:
    with connected(desk) as connect:
        yield connect


@pytest.fixture
def client(connect: Connect) -> Any:
    return connect(LOCAL)


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


def test_the_table(client: Any) -> None:
    rows = table(client)
    assert list(rows) == sorted([SPEECH_FILE, LAW_FILE, NOTE_FILE])
    assert rows[SPEECH_FILE] == {
        "id": document_id(SPEECH_FILE),
        "path": SPEECH_FILE,
        "kind": "txt",
        "size": (rows[SPEECH_FILE]["size"]),
        "title": "巡视动员讲话",
        "date": "2023-10-08",
        "issuer": "中共某市委",
        "validity": "现行有效",
        "replaced_by": None,
        "paragraphs": 5,
        "sections": rows[SPEECH_FILE]["sections"],
        "warnings": 0,
        "warning": "",
        "problem": "",
        "waits": False,
    }
    found = client.get("/api/documents/table").json()
    assert found["folders"] == ["", "通知"]
    assert found["may_change"] is True
    assert found["max_bytes"] == 200_000


def test_a_file_is_added_found_and_answered_from(client: Any, desk: Desk) -> None:
    response = upload(client, "差旅费 管理办法.txt", TEXT, folder="制度")
    path = "制度/差旅费 管理办法.txt"
    assert response.status_code == 200
    assert response.json() == {
        "outcome": "added",
        "id": document_id(path),
        "path": path,
        "token": "",
        "sections": 3,
        "paragraphs": 3,
        "warnings": [],
    }
    state = settle(client)
    assert (state["error"], state["waiting"]) == ("", 0)
    assert table(client)[path]["paragraphs"] == 3 and not table(client)[path]["waits"]
    assert desk.service().ask("差旅费由谁审核？").citations[0].document_id == document_id(path)
    assert desk.health().documents == 4


def test_details_and_how_it_was_cut(client: Any) -> None:
    details = client.get("/api/documents/details", params={"id": OTHERS}).json()
    assert details["counts"]["paragraphs"] == 7
    assert {"name": "第一章　总则", "level": 1, "paragraph": 1} in details["sections"]
    assert details["sections"][-1]["paragraph"] == 7
    split = client.get("/api/documents/split", params={"id": OTHERS, "from": "2"}).json()
    assert split["total"] == 7
    assert [p["number"] for p in split["paragraphs"]] == [2, 3, 4, 5, 6, 7]
    assert "".join(split["paragraphs"][0]["passages"]) == "第一条　为了规范考勤管理，制定本办法。"


def test_a_preview_adds_nothing(client: Any, settings: Settings) -> None:
    found = upload(client, "差旅.txt", TEXT, "preview").json()
    assert (found["title"], found["path"], found["total"]) == ("差旅", "差旅.txt", 3)
    assert [p["passages"] for p in found["paragraphs"]] == [[line] for line in TEXT.splitlines()]
    assert not (settings.corpus / "差旅.txt").exists()
    assert client.get("/api/documents/state").json()["waiting"] == 0


@pytest.mark.parametrize("route", ["add", "preview"])
@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("空.txt", b"", 400),
        ("假.docx", b"abc", 400),
        ("程序.exe", b"MZ\x90", 400),
        ("其实是.txt", b"%PDF-1.7", 400),
        ("大.txt", b"a" * 200_001, 413),
        ("catalog.toml", b"[[document]]", 400),
        ("", TEXT.encode(), 400),
        ("..", TEXT.encode(), 400),
    ],
)
def test_what_cannot_be_added_says_why(client: Any, route: str, name: str, content: bytes, status: int) -> None:
    response = upload(client, name, content, route)
    assert response.status_code == status
    assert_one_line(response.json()["error"])
    assert len(table(client)) == 3


def test_a_body_without_a_length_is_counted_as_it_comes(client: Any, settings: Settings) -> None:
    sent = []

    def endless() -> Iterator[bytes]:
        for _ in range(50):
            sent.append(10_000)
            yield b"a" * 10_000

    response = client.post("/api/documents/add", params={"name": "大.txt"}, content=endless())
    assert response.status_code == 413
    assert list((settings.corpus / ".incoming").iterdir()) == []


@pytest.mark.parametrize("first", [[], [{"type": "http.request", "body": b"a" * 10, "more_body": True}]])
def test_a_body_that_stops_coming_is_given_up(
    desk: Desk, settings: Settings, monkeypatch: pytest.MonkeyPatch, first: list[dict[str, Any]]
) -> None:
    from fastapi import FastAPI

    monkeypatch.setattr(uploads, "SILENT_SECONDS", 0.05)
    app, sent = FastAPI(), []
    routes.add_routes(Routes(app), desk)
    coming = iter(first)

    async def receive() -> dict[str, Any]:
        part = next(coming, None)
        return part or await asyncio.Event().wait()  # type: ignore[return-value]  # never comes

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/api/documents/add", "raw_path": b"/api/documents/add",
        "query_string": b"name=a.txt", "headers": [], "state": {VISITOR: LOCAL},
    }  # fmt: skip
    asyncio.run(asyncio.wait_for(app(scope, receive, send), 60))
    assert sent[0]["status"] == 400
    assert json.loads(sent[1]["body"]) == {"error": uploads.STALLED}
    assert list((settings.corpus / ".incoming").iterdir()) == []


def test_while_two_are_compared_others_are_sent_away(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"old": OTHERS, "new": document_id(NOTE_FILE)}
    inside: list[Any] = []

    def comparing(old: list[str], new: list[str]) -> tuple[()]:
        inside.append(client.get("/api/documents/compare", params=asked))
        return ()

    monkeypatch.setattr(routes, "compare", comparing)
    assert client.get("/api/documents/compare", params=asked).status_code == 200
    assert [(a.status_code, a.json()) for a in inside] == [(429, {"error": routes.COMPARING})]
    monkeypatch.undo()
    assert client.get("/api/documents/compare", params=asked).status_code == 200


def test_the_same_and_the_like_named(client: Any, settings: Settings) -> None:
    same = upload(client, "又一份.txt", LAW).json()
    assert (same["outcome"], same["path"]) == ("same", LAW_FILE)
    clash = upload(client, LAW_FILE, TEXT).json()
    assert (clash["outcome"], clash["path"]) == ("clash", LAW_FILE)
    assert (settings.corpus / LAW_FILE).read_text(encoding="utf-8") == LAW
    unknown = upload(client, LAW_FILE, TEXT, clash="别的")
    assert (unknown.status_code, unknown.json()) == (400, {"error": BAD_REQUEST})
    kept = upload(client, LAW_FILE, TEXT, clash="keep").json()
    assert kept["path"] == "考勤办法（2）.txt"
    replaced = upload(client, LAW_FILE, TEXT + "第三条　附则。", clash="replace").json()
    assert replaced["outcome"] == "replaced"
    settle(client)
    assert table(client)[LAW_FILE]["paragraphs"] == 4
    client.post("/api/documents/restore", json={"token": replaced["token"]})
    settle(client)
    assert table(client)[LAW_FILE]["paragraphs"] == 7


def test_removed_is_gone_from_answers_and_comes_back(client: Any, desk: Desk) -> None:
    answer = desk.service().ask("病假一般不得超过多少日？")
    assert answer.citations[0].document_id == OTHERS
    said = client.post("/api/documents/remove", json={"id": OTHERS}).json()
    assert LAW_FILE not in table(client)
    settle(client)
    assert all(c.document_id != OTHERS for c in desk.service().ask("病假一般不得超过多少日？").citations)
    [about] = client.get("/api/documents/removed").json()["removed"]
    assert (about["path"], about["token"]) == (LAW_FILE, said["token"])
    assert client.post("/api/documents/restore", json={"token": said["token"]}).json()["path"] == LAW_FILE
    settle(client)
    assert desk.service().ask("病假一般不得超过多少日？").citations == answer.citations
    noted = [(n["who"], n["action"], n["subject"]) for n in desk.audit.last(2)]
    assert noted == [("（本机）", action, LAW_FILE) for action in ("document_restored", "document_removed")]


def describe(client: Any, path: str, **values: Any) -> Any:
    return client.post("/api/documents/describe", json={"id": document_id(path), **values})


def test_what_staff_say_of_a_document(client: Any, settings: Settings, desk: Desk) -> None:
    values = {"title": " 考勤\u200b办法（试行） ", "date": "2020年3月", "issuer": "", "validity": "已废止"}
    response = describe(client, LAW_FILE, **values, replaced_by=document_id(SPEECH_FILE))
    assert response.status_code == 200
    settle(client)
    row = table(client)[LAW_FILE]
    facts = (row["title"], row["date"], row["issuer"], row["validity"])
    assert facts == ("考勤办法（试行）", "2020-03", None, "已废止")
    assert row["replaced_by"] == document_id(SPEECH_FILE)
    assert desk.service().document(OTHERS).record.title == "考勤办法（试行）"
    assert load_catalog(settings.corpus).entry_for(SPEECH_FILE).title == "巡视动员讲话"


def test_a_title_that_is_the_file_name_is_not_written_down(client: Any, settings: Settings) -> None:
    assert describe(client, LAW_FILE, title="考勤办法", validity="").status_code == 200
    assert load_catalog(settings.corpus).paths == (SPEECH_FILE,)


def test_what_is_not_sent_stays_as_somebody_else_left_it(client: Any, settings: Settings) -> None:
    assert describe(client, LAW_FILE, title="甲").status_code == 200
    assert describe(client, LAW_FILE, issuer="乙", date="2020").status_code == 200
    assert describe(client, LAW_FILE, date="").status_code == 200
    assert load_catalog(settings.corpus).entry_for(LAW_FILE) == CatalogEntry("甲", issuer="乙")


@pytest.mark.parametrize(
    "values",
    [
        {"date": "昨天"},
        {"date": "2024-13"},
        {"validity": "大概"},
        {"title": "长" * 201},
        {"title": ["甲"]},
        {"replaced_by": "d000000000000"},
        {"replaced_by": OTHERS},
    ],
)
def test_wrong_values_are_not_written(client: Any, settings: Settings, values: dict[str, Any]) -> None:
    response = describe(client, LAW_FILE, **values)
    assert response.status_code == 400
    assert_one_line(response.json()["error"])
    assert not re.search("[a-z]", response.json()["error"])
    assert load_catalog(settings.corpus).paths == (SPEECH_FILE,)


def test_documents_do_not_replace_each_other(client: Any) -> None:
    assert describe(client, LAW_FILE, validity="已废止", replaced_by=document_id(NOTE_FILE)).status_code == 200
    response = describe(client, NOTE_FILE, validity="已废止", replaced_by=OTHERS)
    assert (response.status_code, response.json()) == (400, {"error": routes.CIRCLE})


def test_two_versions_compared(client: Any) -> None:
    text = LAW.replace("三十日", "十五日").replace("第二章　请假\n", "")
    path = upload(client, "考勤办法（新）.txt", text).json()["path"]
    settle(client)
    found = client.get("/api/documents/compare", params={"old": OTHERS, "new": document_id(path)}).json()
    assert found["counts"] == {"same": 5, "changed": 1, "removed": 1, "added": 0, "moved": 0}
    assert (found["old"]["title"], found["new"]["title"]) == ("考勤办法", "考勤办法（新）")
    assert (found["whole"], found["left_out"]) == (True, 0)
    assert found["rows"][-1] == {
        "change": "changed",
        "old": 7,
        "new": 6,
        "pieces": [
            ["both", "第三条　病假一般不得超过"],
            ["old", "三"],
            ["both", "十"],
            ["new", "五"],
            ["both", "日。"],
        ],
    }


def test_changes_made_in_the_folder_are_noticed(client: Any, settings: Settings) -> None:
    assert client.get("/api/documents/state").json()["waiting"] == 0
    write(settings.corpus, "手工放入.txt", TEXT)
    (settings.corpus / LAW_FILE).unlink()
    rows = table(client)
    assert rows["手工放入.txt"]["waits"] and LAW_FILE not in rows
    assert client.get("/api/documents/state").json()["waiting"] == 2
    assert client.post("/api/documents/reindex", json={}).status_code == 200
    assert settle(client)["waiting"] == 0
    assert table(client)["手工放入.txt"]["paragraphs"] == 3


def test_files_that_cannot_be_read_are_listed_and_can_be_removed(client: Any, settings: Settings) -> None:
    write(settings.corpus, "坏.docx", "不是 Word")
    client.post("/api/documents/reindex", json={})
    settle(client)
    row = table(client)["坏.docx"]
    assert_one_line(row["problem"])
    assert client.post("/api/documents/remove", json={"id": row["id"]}).status_code == 200
    settle(client)
    assert "坏.docx" not in table(client)


def test_a_broken_catalogue_is_said_to_managers_and_hides_nothing(connect: Connect, settings: Settings) -> None:
    write(settings.corpus, "catalog.toml", "[[document]]\nfile = 讲话\n")
    found = connect(LOCAL).get("/api/documents/table").json()
    assert "第 2 行" in found["state"]["error"]
    assert {row["title"] for row in found["documents"]} == {"巡视动员讲话", "考勤办法", "食堂 通知"}
    assert connect(READER).get("/api/documents/table").json()["state"]["error"] == ""


def test_another_program_that_writes_is_waited_for(
    desk: Desk, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.index.folder.LOCK_SECONDS", 0.1)
    monkeypatch.setattr(routes, "Indexing", partial(Indexing, retry=0.1))
    with connected(desk) as connect:
        client = connect(LOCAL)
        with writing(settings.index):
            upload(client, "差旅.txt", TEXT)
            wait_for(lambda: "另一个程序" in client.get("/api/documents/state").json()["error"])
            assert client.get("/api/documents/state").json()["busy"]
            assert table(client)["差旅.txt"]["waits"]
    assert settle(client)["error"] == ""
    assert table(client)["差旅.txt"]["paragraphs"] == 3


def test_changes_are_noted_with_who_made_them(connect: Connect, desk: Desk) -> None:
    client = connect(Visitor("王主任", Role.MANAGER))
    upload(client, "差旅.txt", TEXT)
    upload(client, "差旅.txt", TEXT + "第三条　附则。", clash="replace")
    describe(client, "差旅.txt", title="差旅费办法")
    token = client.post("/api/documents/remove", json={"id": document_id("差旅.txt")}).json()["token"]
    client.post("/api/documents/restore", json={"token": token})
    client.post("/api/documents/reindex", json={})
    upload(client, "空.txt", "")
    noted = [(line["who"], line["action"], line["subject"]) for line in reversed(desk.audit.last(100))]
    done = ["added", "replaced", "changed", "removed", "restored"]
    expected = [("王主任", f"document_{what}", "差旅.txt") for what in done]
    assert noted == [*expected, ("王主任", "index_rebuilt", "")]


def test_an_empty_folder(tmp_path: Path) -> None:
    folder = tmp_path / "空"
    folder.mkdir()
    settings = settings_in(tmp_path, corpus=folder)
    with connected(opened(Desk(settings))) as connect:
        client = connect(LOCAL)
        assert table(client) == {}
        upload(client, "第一份.txt", TEXT)
        settle(client)
        assert list(table(client)) == ["第一份.txt"]


def test_before_the_index_is_open_the_page_says_so(settings: Settings) -> None:
    with connected(Desk(settings)) as connect:
        response = connect(LOCAL).get("/api/documents/table")
    assert response.status_code == 400
    assert "稍等" in response.json()["error"]


GETS = ("table", "state", "details", "split", "compare")
CHANGES = ("describe", "remove", "restore", "reindex")


@pytest.mark.parametrize("visitor", [READER, TRAINER], ids=lambda visitor: visitor.role)
def test_only_managers_change(connect: Connect, visitor: Visitor, settings: Settings) -> None:
    client = connect(visitor)
    before = sorted(str(path) for path in settings.corpus.rglob("*"))
    for route in CHANGES:
        response = client.post(f"/api/documents/{route}", json={"id": OTHERS, "token": "0" * 32})
        assert response.status_code == 403, route
        assert_one_line(response.json()["error"])
    for route in ("add", "preview"):
        assert upload(client, "差旅.txt", TEXT, route).status_code == 403
    assert client.get("/api/documents/removed").status_code == 403
    assert client.get("/api/documents/table").json()["may_change"] is False
    assert client.get("/api/documents/details", params={"id": OTHERS}).status_code == 200
    assert sorted(str(path) for path in settings.corpus.rglob("*")) == before


def test_a_visitor_sees_the_own_folders_alone(connect: Connect, settings: Settings) -> None:
    client = connect(LIMITED)
    assert list(table(client)) == [NOTE_FILE]
    assert client.get("/api/documents/table").json()["folders"] == ["通知"]
    write(settings.corpus, "别处.txt", TEXT)
    assert client.get("/api/documents/state").json()["waiting"] == 0
    assert list(table(client)) == [NOTE_FILE]
    own = {"id": document_id(NOTE_FILE), "from": "1"}
    assert client.get("/api/documents/split", params=own).json()["total"] == 4


@pytest.mark.parametrize("visitor", [LIMITED, LIMITED_MANAGER], ids=lambda visitor: visitor.role)
def test_anothers_document_is_answered_like_one_that_is_not(connect: Connect, visitor: Visitor) -> None:
    client, own = connect(visitor), document_id(NOTE_FILE)
    for asked in (OTHERS, document_id("没有.txt"), "", "../../etc/passwd", "d" * 200):
        answers = [
            client.get("/api/documents/details", params={"id": asked}),
            client.get("/api/documents/split", params={"id": asked, "from": "1"}),
            client.get("/api/documents/compare", params={"old": own, "new": asked}),
            client.get("/api/documents/compare", params={"old": asked, "new": own}),
        ]
        if visitor.role is Role.MANAGER:
            answers += [
                client.post("/api/documents/remove", json={"id": asked}),
                client.post("/api/documents/describe", json={"id": asked, "title": "新"}),
            ]
            if asked:
                answers.append(client.post("/api/documents/describe", json={"id": own, "replaced_by": asked}))
        assert [(a.status_code, a.json()) for a in answers] == [(400, {"error": UNKNOWN})] * len(answers)


def test_a_manager_of_one_folder_changes_nothing_elsewhere(connect: Connect, settings: Settings) -> None:
    everywhere, limited = connect(LOCAL), connect(LIMITED_MANAGER)
    assert upload(limited, "差旅.txt", TEXT).status_code == 403
    assert upload(limited, "差旅.txt", TEXT, folder="通知/../制度").status_code == 400
    assert upload(limited, "差旅.txt", TEXT, folder="通知2").status_code == 403
    assert upload(limited, "自己的.txt", LAW, folder="通知").json()["outcome"] == "added"
    token = everywhere.post("/api/documents/remove", json={"id": OTHERS}).json()["token"]
    assert limited.get("/api/documents/removed").json()["removed"] == []
    nothing = limited.post("/api/documents/restore", json={"token": "0" * 32})
    theirs = limited.post("/api/documents/restore", json={"token": token})
    assert (theirs.status_code, theirs.json()) == (nothing.status_code, nothing.json())
    assert not (settings.corpus / LAW_FILE).exists()


@pytest.mark.parametrize("clash", ["ask", "replace", "keep"])
def test_a_folder_like_the_own_one_is_anothers(connect: Connect, settings: Settings, clash: str) -> None:
    write(settings.corpus, "hr/secret.txt", TEXT)
    manager = connect(Visitor("管理员戊", Role.MANAGER, ("HR",)))
    other = TEXT.replace("财务处", "办公室")
    there = upload(manager, "secret.txt", other, folder="HR", clash=clash)
    missing = upload(manager, "else.txt", other, folder="HR", clash=clash)
    assert (there.status_code, there.json()) == (400, {"error": UNUSABLE})
    assert (missing.status_code, missing.json()) == (there.status_code, there.json())
    write(settings.corpus, "HR/own.txt", LAW)
    added = upload(manager, "secret.txt", other, folder="HR", clash=clash)
    assert (added.json()["outcome"], added.json()["path"]) == ("added", "HR/secret.txt")
    assert (settings.corpus / "hr/secret.txt").read_text(encoding="utf-8") == TEXT
    assert sorted(path.name for path in (settings.corpus / "hr").iterdir()) == ["secret.txt"]


def test_a_file_goes_not_back_where_it_is_anothers_now(connect: Connect, settings: Settings) -> None:
    write(settings.corpus, "HR/own.txt", TEXT)
    manager = connect(Visitor("管理员戊", Role.MANAGER, ("HR",)))
    other = TEXT.replace("财务处", "办公室")
    added = upload(manager, "own.txt", other, folder="HR", clash="replace").json()
    assert added["outcome"] == "replaced"
    (settings.corpus / "HR").rename(settings.corpus / "hr")
    answer = manager.post("/api/documents/restore", json={"token": added["token"]})
    assert (answer.status_code, answer.json()) == (400, {"error": UNUSABLE})
    assert (settings.corpus / "hr/own.txt").read_text(encoding="utf-8") == other


def test_what_replaces_a_document_elsewhere_is_not_told_and_not_lost(connect: Connect, settings: Settings) -> None:
    assert describe(connect(LOCAL), NOTE_FILE, validity="已废止", replaced_by=OTHERS).status_code == 200
    limited = connect(LIMITED_MANAGER)
    assert table(limited)[NOTE_FILE]["replaced_by"] is None
    assert describe(limited, NOTE_FILE, title="新名", validity="已废止").status_code == 200
    assert load_catalog(settings.corpus).entry_for(NOTE_FILE).replaced_by == LAW_FILE


@pytest.mark.parametrize(
    ("route", "asked"),
    [
        ("split", {"id": OTHERS, "from": "0"}),
        ("split", {"id": OTHERS, "from": "-1"}),
        ("split", {"id": OTHERS, "from": "8"}),
        ("split", {"id": OTHERS, "from": "１x"}),
        ("split", {"id": OTHERS}),
        ("details", {"id": "d" * 201}),
    ],
)
def test_what_the_page_never_asks(client: Any, route: str, asked: dict[str, str]) -> None:
    response = client.get(f"/api/documents/{route}", params=asked)
    assert (response.status_code, response.json()) == (400, {"error": BAD_REQUEST})


@pytest.mark.parametrize("body", [{"id": 1}, {"id": ["x"]}, {"id": {"a": 1}}, {"token": 7}])
def test_values_of_other_kinds(client: Any, body: dict[str, Any]) -> None:
    for route in ("remove", "restore", "describe"):
        response = client.post(f"/api/documents/{route}", json=body)
        assert response.status_code == 400
        assert_one_line(response.json()["error"])


def test_the_page_behind_the_guard(settings: Settings, desk: Desk) -> None:
    from starlette.testclient import TestClient

    with TestClient(server.build_app(settings, desk)) as client:
        page = client.get("/documents")
        assert page.status_code == 200
        assert "script-src 'self';" in page.headers["content-security-policy"]
        assert "<script>" not in page.text and "style=" not in page.text and "onclick" not in page.text
        assert table(client).keys() == {SPEECH_FILE, LAW_FILE, NOTE_FILE}
        for route in ("add", "preview", "remove", "reindex"):
            foreign = client.post(f"/api/documents/{route}", headers={"Sec-Fetch-Site": "cross-site"}, content=b"{}")
            assert foreign.status_code == 403
            assert client.get(f"/api/documents/{route}").status_code == 404
        assert upload(client, "差旅.txt", "长" * 60_000).status_code == 200  # longer than what other routes take
        settle(client)
        assert "差旅.txt" in table(client)


def test_two_thousand_documents_are_listed_quickly(tmp_path: Path) -> None:
    for number in range(2000):
        write(tmp_path, f"corpus/第{number:04}号.txt", f"第{number}号通知由办公室印发。")
    with connected(opened(Desk(settings_in(tmp_path)))) as connect:
        with mock.patch.object(Records, "_rows", autospec=True, side_effect=Records._rows) as queries:
            assert len(table(connect(LOCAL))) == 2000
        assert queries.call_count < 20  # not a query for each
