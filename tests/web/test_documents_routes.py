"""The documents page over HTTP: what it shows, what it changes, and who may."""

import asyncio
import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from assistant.accounts.visitor import LOCAL, Role, Visitor
from assistant.base.settings import Settings
from assistant.documents.catalog import CatalogEntry, load_catalog
from assistant.documents.document import document_id
from assistant.index.folder import writing
from assistant.library.background_build import Indexing
from assistant.web.desk import Desk
from assistant.web.documents import routes, uploads
from assistant.web.endpoint import BAD_REQUEST
from assistant.web.routing import VISITOR, Routes
from support.corpus import LAW, LAW_FILE, NOTE_FILE, SPEECH_FILE, assert_one_line, write
from support.document_clients import OTHERS, READER, TEXT, Connect, connected, describe, settle, table, upload
from support.pages import opened, settings_in, wait_for


@pytest.fixture
def settings(corpus: Path, index_folder: Path, tmp_path: Path) -> Settings:
    return settings_in(tmp_path, corpus=corpus, index=index_folder, max_file_mb=0.2)


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return opened(Desk(settings))


@pytest.fixture
def connect(desk: Desk) -> Iterator[Connect]:
    with connected(desk) as connect:
        yield connect


@pytest.fixture
def client(connect: Connect) -> Any:
    return connect(LOCAL)


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
