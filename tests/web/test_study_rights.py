"""Study packs over HTTP: whose they are, what is refused, what is counted."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.study.pack_store import NO_PACK
from assistant.web.desk import Desk
from assistant.web.routing import Routes
from assistant.web.security.request_filter import RequestFilter
from assistant.web.study import routes
from support.corpus import LAW, LAW_FILE, write
from support.pages import opened, settings_in
from support.paths import ROOT
from support.sample_pack import HALF
from support.study_clients import BRIEF, REWORD, SPEECH, As, change, done, get, ids, kept, post

GETS = ("packs", "pack", "sections", "job", "map", "version")
POSTS = ("build", "again", "stop", "change", "rename", "remove", "restore")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("学习 材料")
    speech = next((ROOT / "corpus").glob("*.txt")).read_text(encoding="utf-8")
    write(folder / "corpus", SPEECH, speech)
    write(folder / "corpus", f"人事/{LAW_FILE}", LAW)
    return opened(Desk(settings_in(folder)))


@pytest.fixture
def client(desk: Desk) -> Iterator[Any]:
    from fastapi import FastAPI
    from starlette.testclient import TestClient

    web = Routes(app := FastAPI())
    routes.add_routes(web, desk)
    app.add_middleware(As)
    app.add_middleware(RequestFilter, routes=web)
    with TestClient(app) as client:
        yield client
    desk.settings.study.unlink(missing_ok=True)


def test_what_may_not_be_read_any_more_is_not_shown(client: Any, desk: Desk) -> None:
    identity = kept(desk, "law")
    (line,) = get(client, "packs", "law").json()["packs"]
    assert (line["id"], line["title"], line["items"], line["lost"]) == (identity, "", 0, 1)
    refused = [
        get(client, "pack", "law", pack=identity),
        get(client, "map", "law", pack=identity),
        get(client, "version", "law", pack=identity),
        post(client, "again", "law", pack=identity, revision=1),
        post(client, "rename", "law", pack=identity, title="新"),
        post(client, "change", "law", pack=identity, revision=1, item="fill-1", do="remove"),
        client.get("/study/export", params={"pack": identity, "format": "json"}, headers={"as": "law"}),
    ]
    assert [r.status_code for r in refused] == [404] * len(refused)
    assert all("巡视" not in r.text and HALF not in r.text and "请" in r.text for r in refused)
    assert post(client, "remove", "law", pack=identity).status_code == 200


def test_a_group_builds_from_its_folders_alone(client: Any, desk: Desk) -> None:
    secret = ids(desk)[SPEECH]
    refused = [
        post(client, "build", "law", **(BRIEF | {"documents": [secret]})),
        get(client, "sections", "law", document=secret),
        get(client, "sections", "law", document="no-such"),
    ]
    assert [r.status_code for r in refused] == [404, 404, 404]
    assert refused[1].json()["error"].replace(secret, "no-such") == refused[2].json()["error"]
    (identity,) = done(client, post(client, "build", "law", **BRIEF).json(), "law")["results"]
    found = get(client, "pack", "law", pack=identity)
    assert [one["id"] for one in found.json()["pack"]["documents"]] == [ids(desk)[f"人事/{LAW_FILE}"]]
    assert "巡视" not in found.text


@pytest.mark.slow
def test_nothing_of_another_account_is_reached(client: Any, desk: Desk) -> None:
    identity = kept(desk, "anne")
    job = post(client, "again", "anne", pack=identity, revision=1).json()
    done(client, job, "anne")
    refused = [
        *(get(client, name, pack=identity) for name in ("pack", "map", "version")),
        *(post(client, name, pack=identity) for name in ("remove", "restore")),
        post(client, "rename", pack=identity, title="我的"),
        post(client, "again", pack=identity, revision=2),
        change(client, identity, 2, "fill-1", "remove"),
        client.get("/study/export", params={"pack": identity, "format": "md"}),
    ]
    assert [(r.status_code, NO_PACK in r.text) for r in refused] == [(404, True)] * len(refused)
    assert get(client, "packs").json()["packs"] == []
    assert (
        get(client, "job", job=job["id"]).status_code == 400 and post(client, "stop", job=job["id"]).status_code == 400
    )
    assert get(client, "pack", "anne", pack=identity).status_code == 200


@pytest.mark.parametrize(("method", "name"), [*(("GET", n) for n in GETS), *(("POST", n) for n in POSTS)])
def test_readers_are_refused(client: Any, method: str, name: str) -> None:
    response = get(client, name, "reader") if method == "GET" else post(client, name, "reader")
    assert (response.status_code, response.json()) == (403, {"error": "这一步需要培训员的权限：请联系管理员。"})
    assert client.get("/study/export", headers={"as": "reader"}).status_code == 403


@pytest.mark.parametrize(
    "more",
    [
        {"documents": "x"}, {"documents": [1]}, {"documents": ["x" * 201]}, {"documents": ["x"] * 501},
        {"documents": [], "topic": ""}, {"documents": ["no-such"]},
        {"topic": 1}, {"topic": "长" * 101}, {"title": "长" * 61}, {"audience": ["甲"]},
        {"minutes": 9}, {"minutes": 601}, {"minutes": 60.5}, {"minutes": True}, {"minutes": None},
        {"counts": []}, {"counts": {"essay": 1}}, {"counts": {"fill": -1}}, {"counts": {"fill": 101}},
        {"counts": {"fill": "2"}}, {"counts": {"fill": 100, "single": 100, "judge": 1}},
        {"difficulty": "impossible"}, {"difficulty": ["easy"]}, {"seed": 0}, {"seed": 10**9}, {"seed": "1"},
        {"sections": {}}, {"sections": [["no-such", 0]]}, {"sections": [[1]]}, {"sections": [["x", True]]},
    ],
)  # fmt: skip
def test_briefs_that_make_no_sense_are_refused(client: Any, more: dict[str, object]) -> None:
    response = post(client, "build", **(BRIEF | more))
    assert response.status_code in (400, 404)
    assert re.fullmatch(r"[^\n]+。", response.json()["error"])
    assert get(client, "packs").json()["job"] is None


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("change", {}),
        ("change", {"revision": "1"}),
        ("change", {"revision": -1}),
        ("change", {"revision": True}),
        ("change", {"revision": 1, "do": "remove"}),
        ("change", {"revision": 1, "item": "fill-1", "do": "drop"}),
        ("change", {"revision": 1, "item": "fill-1", "do": ["remove"]}),
        ("change", {"revision": 1, "item": "nothing", "do": "remove"}),
        ("change", {"revision": 1, "item": "fill-1", "do": "move", "place": 99}),
        ("change", {"revision": 1, "item": "fill-1", "do": "move", "place": "0"}),
        ("change", REWORD | {"wording": "题"}),
        ("change", REWORD | {"wording": {"stem": "题", "options": {}, "answer": []}}),
        ("change", REWORD | {"wording": {"stem": "长" * 2001, "options": [], "answer": []}}),
        ("change", REWORD | {"wording": {"stem": "____", "options": [], "answer": ["长" * 1001]}}),
        ("rename", {"title": ""}),
        ("rename", {"title": "长" * 61}),
        ("again", {"revision": None}),
    ],
)  # fmt: skip
def test_changes_that_make_no_sense_are_refused(client: Any, desk: Desk, name: str, body: dict[str, object]) -> None:
    identity = kept(desk)
    before = desk.packs.get("", identity)
    response = post(client, name, pack=identity, **body)
    assert response.status_code == 400 and re.fullmatch(r"[^\n]+。", response.json()["error"])
    assert desk.packs.get("", identity) == before


@pytest.mark.parametrize("pack", [None, 1, "", "x" * 300, ["x"], {"$ne": ""}, "' OR 1=1 --", "../../study"])
def test_ids_that_are_none_open_nothing(client: Any, desk: Desk, pack: object) -> None:
    kept(desk)
    for name in ("remove", "restore", "rename", "again", "change"):
        response = client.post(f"/api/study/{name}", json={"pack": pack, "revision": 1, "title": "新"})
        assert response.status_code in (400, 404), name
    assert len(get(client, "packs").json()["packs"]) == 1


def test_building_exporting_and_reading_are_counted(desk: Desk) -> None:
    from fastapi import FastAPI

    web = Routes(FastAPI())
    routes.add_routes(web, desk)
    uses = {route.path: str(route.use or "") for route in web}
    use = uses.__getitem__

    assert {use(path) for path in ("/api/study/build", "/api/study/again", "/study/export")} == {"question"}
    assert {use(f"/api/study/{name}") for name in ("pack", "packs", "map", "version", "sections", "change")} == {"read"}
    assert use("/api/study/job") == ""


def test_too_much_at_once_and_other_pages_are_refused(client: Any) -> None:
    assert client.post("/api/study/change", content=b"x" * 64_001).status_code == 413
    foreign = client.post("/api/study/remove", json={"pack": "x"}, headers={"origin": "http://evil.example"})
    assert foreign.status_code == 403
    for path in ("/study/other", "/api/study/other", "/api/study/packs/x"):
        assert client.get(path).status_code == 404


def test_the_page_has_no_inline_script_or_style(client: Any) -> None:
    response = client.get("/study")
    assert "unsafe" not in response.headers["content-security-policy"]
    assert not re.search(r"<script(?![^>]*src=)|<style|style=|onclick", response.text)


def test_what_is_kept_under_a_name_is_deleted_with_the_account(desk: Desk, client: Any, tmp_path: Path) -> None:
    identity = kept(desk, "anne")
    desk.forget("anne")
    assert get(client, "pack", "anne", pack=identity).status_code == 404
