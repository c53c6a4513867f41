"""The documents page over HTTP: who may see and change what, and what is never asked."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from assistant.accounts.visitor import LOCAL, Role, Visitor
from assistant.base.settings import Settings
from assistant.documents.catalog import load_catalog
from assistant.documents.document import document_id
from assistant.index.records import Records
from assistant.library.corpus_changes import UNKNOWN, UNUSABLE
from assistant.web import server
from assistant.web.desk import Desk
from assistant.web.endpoint import BAD_REQUEST
from support.corpus import LAW, LAW_FILE, NOTE_FILE, SPEECH_FILE, assert_one_line, write
from support.document_clients import (
    LIMITED_MANAGER,
    OTHERS,
    READER,
    TEXT,
    Connect,
    connected,
    describe,
    settle,
    table,
    upload,
)
from support.pages import opened, settings_in

TRAINER = Visitor("培训员乙", Role.TRAINER)
LIMITED = Visitor("读者丙", Role.READER, ("通知",))


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


@pytest.mark.slow
def test_two_thousand_documents_are_listed_quickly(tmp_path: Path) -> None:
    for number in range(2000):
        write(tmp_path, f"corpus/第{number:04}号.txt", f"第{number}号通知由办公室印发。")
    with connected(opened(Desk(settings_in(tmp_path)))) as connect:
        with mock.patch.object(Records, "_rows", autospec=True, side_effect=Records._rows) as queries:
            assert len(table(connect(LOCAL))) == 2000
        assert queries.call_count < 20  # not a query for each
