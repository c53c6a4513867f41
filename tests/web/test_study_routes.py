"""学习材料 over HTTP: what each role and group gets, what is done to a pack, and what is refused."""

import json
import re
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from assistant.study.export import Exported
from assistant.study.pack_store import CHANGED
from assistant.study.paper import editing
from assistant.web.desk import Desk
from assistant.web.routing import Routes
from assistant.web.security.request_filter import RequestFilter
from assistant.web.study import routes
from support.corpus import LAW, LAW_FILE, write
from support.pages import opened, settings_in
from support.paths import ROOT
from support.sample_pack import COUNT, hostile, sample
from support.study_clients import BRIEF, SPEECH, As, change, done, get, ids, kept, post

NAME = '巡视"; x\n.md'


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


def test_a_pack_is_built_listed_renamed_deleted_and_had_back(client: Any, desk: Desk) -> None:
    brief = BRIEF | {"documents": [ids(desk)[SPEECH]], "topic": "", "title": "专题", "audience": "新任干部", "seed": 3}
    job = post(client, "build", **brief)
    assert job.status_code == 200, job.text
    (identity,) = done(client, job.json())["results"]
    found = get(client, "pack", pack=identity).json()
    assert (found["title"], found["revision"], found["moved"], found["gone"]) == ("专题", 1, 0, 0)
    assert found["pack"]["brief"]["seed"] == 3 and found["pack"]["brief"]["audience"] == "新任干部"
    assert found["pack"]["documents"][0]["id"] == ids(desk)[SPEECH]
    assert post(client, "rename", pack=identity, title=" 巡视\n专题 ").json()["title"] == "巡视 专题"
    (line,) = get(client, "packs").json()["packs"]
    assert (line["id"], line["title"], line["lost"]) == (identity, "巡视 专题", 0)
    assert post(client, "remove", pack=identity).json() == {}
    assert get(client, "packs").json()["packs"] == [] and get(client, "pack", pack=identity).status_code == 404
    assert post(client, "restore", pack=identity).json() == {}
    assert get(client, "pack", pack=identity).json()["title"] == "巡视 专题"


@pytest.mark.slow
def test_a_batch_anew_takes_the_next_seed_and_the_same_place(client: Any, desk: Desk) -> None:
    identity = kept(desk)
    job = post(client, "again", pack=identity, revision=1, next=True).json()
    assert done(client, job)["results"] == [identity]
    found = get(client, "pack", pack=identity).json()
    assert (found["revision"], found["title"], found["pack"]["brief"]["seed"]) == (2, "巡视整改专题", 2)
    assert done(client, post(client, "again", pack=identity, revision=2).json())["stage"] == "done"
    assert get(client, "pack", pack=identity).json()["pack"]["brief"]["seed"] == 2
    stale = post(client, "again", pack=identity, revision=1)
    assert (stale.status_code, stale.json()["error"]) == (409, CHANGED)


def test_questions_are_changed_one_at_a_time(client: Any, desk: Desk) -> None:
    identity = kept(desk)
    wording = {"stem": "对____开展巡视。", "options": [], "answer": ["5个单位"], "note": ""}
    found = change(client, identity, 1, "fill-1", "reword", wording=wording).json()
    item = found["items"][0]
    assert (found["revision"], item["edited"], item["answer"]) == (2, True, ["5个单位"])
    assert item["strays"].startswith("改后的内容与出处的原文不完全一致") and item["source"]["text"] == COUNT
    found = change(client, identity, 2, "fill-3", "move", place=0).json()
    assert [i["id"] for i in found["items"]][:3] == ["fill-3", "fill-1", "fill-2"]
    found = change(client, identity, 3, "single", "remove").json()
    assert [i["id"] for i in found["removed"]] == ["single"]
    found = change(client, identity, 4, "single", "put_back").json()
    assert found["removed"] == [] and found["revision"] == 5
    assert get(client, "pack", pack=identity).json()["items"] == found["items"]


def test_a_swap_gives_another_question_that_the_first_comes_back_from(client: Any, desk: Desk) -> None:
    brief = BRIEF | {"documents": [ids(desk)[SPEECH]], "topic": "", "counts": {"fill": 3, "single": 2}}
    (identity,) = done(client, post(client, "build", **brief).json())["results"]
    first = get(client, "pack", pack=identity).json()["items"]
    assert [i["kind"] for i in first] == ["fill"] * 3 + ["single"] * 2
    item = first[-1]
    plain = {"stem": "改写成没有括号的题干", "options": item["options"], "answer": item["answer"], "note": ""}
    assert change(client, identity, 1, item["id"], "reword", wording=plain).status_code == 200
    found = change(client, identity, 2, first[0]["id"], "swap").json()
    assert found["items"][0]["id"] != first[0]["id"] and found["items"][0]["kind"] == first[0]["kind"]
    assert [i["id"] for i in found["removed"]] == [first[0]["id"]]
    assert found["items"][-1]["stem"] == plain["stem"] and found["items"][-1]["edited"]
    back = change(client, identity, 3, first[0]["id"], "put_back").json()
    telling = found["items"][0]["source"]["text"] + "____"
    wording = {"stem": telling, "options": [], "answer": first[0]["answer"], "note": ""}
    told = change(client, identity, 4, first[0]["id"], "reword", wording=wording).json()
    clashes = {one["id"]: one["clashes"] for one in told["items"]}
    assert first[0]["id"] in clashes[found["items"][0]["id"]] and clashes[first[0]["id"]]
    assert first[0]["id"] in [i["id"] for i in back["items"]] and back["removed"] == []


def test_where_there_is_no_other_question_a_swap_says_so(
    client: Any, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = kept(desk)
    monkeypatch.setattr(editing, "candidates", lambda *_: iter(()))
    refused = change(client, identity, 1, "fill-1", "swap")
    assert refused.status_code == 400 and re.fullmatch(r"[^\n]+。", refused.json()["error"])
    assert desk.packs.get("", identity).revision == 1


def test_two_windows_do_not_overwrite_each_other(client: Any, desk: Desk) -> None:
    identity = kept(desk)
    assert change(client, identity, 1, "fill-1", "remove").status_code == 200
    second = change(client, identity, 1, "fill-2", "remove")
    assert (second.status_code, second.json()["error"]) == (409, CHANGED)
    assert [i["id"] for i in get(client, "pack", pack=identity).json()["items"]][:2] == ["fill-2", "fill-3"]


def test_no_quote_is_ever_taken_from_the_browser(client: Any, desk: Desk) -> None:
    identity = kept(desk)
    before = desk.packs.get("", identity).pack
    forged = {"text": "编出来的原文", "start": 0, "end": 6, "document_id": ids(desk)[SPEECH]}
    wording = {"stem": "题____", "options": [], "answer": ["答"], "note": "", "source": forged, "further": [forged]}
    more = {"wording": wording, "source": forged, "content": {"items": []}, "quotes": [forged], "edited": False}
    assert change(client, identity, 1, "fill-1", "reword", **more).status_code == 200
    after = desk.packs.get("", identity).pack
    assert after.items[0].source == before.items[0].source and after.items[0].further == before.items[0].further
    assert after.items[0].edited and "编出来的原文" not in json.dumps(after.as_json(), ensure_ascii=False)
    built = post(client, "build", **BRIEF, items=[{"source": forged}], outlines=[forged])
    assert done(client, built.json())["stage"] == "done"  # no later test meets this pack as its own


def outdated(client: Any) -> dict[str, bool]:
    return {one["id"]: one["outdated"] for one in get(client, "packs", state="1").json()["packs"]}


@pytest.mark.slow
def test_documents_that_changed_are_told_and_nothing_stale_is_handed_out(client: Any, desk: Desk) -> None:
    identity = kept(desk)
    file = desk.settings.corpus / SPEECH
    text = file.read_text(encoding="utf-8")
    try:
        file.write_text("新的一行。\n" + text.replace(COUNT, COUNT.replace("4", "5")), encoding="utf-8")
        desk.service().refresh()
        found = get(client, "pack", pack=identity).json()
        assert outdated(client)[identity] is True
        assert "outdated" not in get(client, "packs").json()["packs"][0]
        states = {item["id"]: item["source"].get("state", "here") for item in found["items"]}
        assert states["fill-1"] == "gone" and states["fill-2"] == "moved"
        assert found["gone"] >= 1 and found["moved"] >= 1
        refused = client.get("/study/export", params={"pack": identity, "format": "md"})
        assert refused.status_code == 400 and "出处已变动" in refused.text and "\n" not in refused.text
        assert done(client, post(client, "again", pack=identity, revision=1).json())["stage"] == "done"
        assert outdated(client)[identity] is False
        assert (
            get(client, "pack", pack=identity).json()["gone"],
            get(client, "pack", pack=identity).json()["moved"],
        ) == (0, 0)
    finally:
        file.write_text(text, encoding="utf-8")
        desk.service().refresh()


def test_one_pack_is_built_at_a_time_and_building_is_stopped(
    client: Any, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    going, begun = threading.Event(), threading.Event()
    real = routes.build_pack

    def slow(*given: Any) -> Any:
        begun.set()
        assert going.wait(30)
        return real(*given)

    monkeypatch.setattr(routes, "build_pack", slow)
    kept = get(client, "packs").json()["packs"]
    job = post(client, "build", **BRIEF).json()
    assert begun.wait(30)
    assert get(client, "packs").json()["job"]["id"] == job["id"]
    again = post(client, "build", **BRIEF)
    assert (again.status_code, "还有一次运行没有结束" in again.json()["error"]) == (400, True)
    post(client, "stop", job=job["id"])
    going.set()
    assert done(client, job)["stage"] == "stopped"
    assert get(client, "packs").json()["packs"] == kept


def test_a_pack_is_taken_away_as_a_file(client: Any, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    identity = kept(desk)
    seen: list[tuple[Any, str, str]] = []

    def made(pack: Any, name: str, address: str) -> Exported:
        seen.append((pack, name, address))
        return Exported(b"data", NAME, "text/markdown; charset=utf-8")

    monkeypatch.setattr(routes, "export", made)
    response = client.get("/study/export", params={"pack": identity, "format": "md", "version": "B"})
    assert response.content == b"data"
    assert response.headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote(NAME, safe='')}"
    assert (response.headers["cache-control"], response.headers["x-content-type-options"]) == ("no-store", "nosniff")
    ((pack, name, address),) = seen
    assert (name, address) == ("md", "http://testserver") and "B" in pack.title
    monkeypatch.undo()
    wrong = client.get("/study/export", params={"pack": identity, "format": "../exe"})
    assert wrong.status_code == 400 and wrong.headers["content-type"].startswith("text/plain")


def test_version_b_has_the_same_questions_and_changes_nothing(client: Any, desk: Desk) -> None:
    identity = kept(desk)
    before = desk.packs.get("", identity)
    second = get(client, "version", pack=identity).json()["items"]
    assert sorted(i["id"] for i in second) == sorted(i.id for i in before.pack.items)
    assert desk.packs.get("", identity) == before


def test_the_map_links_to_sources(client: Any, desk: Desk) -> None:
    svg = get(client, "map", pack=kept(desk)).json()["svg"]
    assert svg.startswith("<") and set(re.findall(r'href="(.)', svg)) == {"#"}


def test_sections_come_with_their_depth(client: Any, desk: Desk) -> None:
    found = get(client, "sections", document=ids(desk)[SPEECH]).json()["sections"]
    names = [(one["name"], one["depth"]) for one in found]
    assert ("第一　始终聚焦“两个维护”", 0) in names and [d for n, d in names if n.startswith("首先")] == [1]
    number = found[1]["number"]
    brief = BRIEF | {"topic": "", "documents": [ids(desk)[SPEECH]], "sections": [[ids(desk)[SPEECH], number]]}
    assert done(client, post(client, "build", **brief).json())["stage"] == "done"
    gone = brief | {"sections": [[ids(desk)[SPEECH], 9999]]}
    assert done(client, post(client, "build", **gone).json())["stage"] == "failed"


def test_hostile_words_stay_words_in_what_is_sent(client: Any, desk: Desk) -> None:
    pack = hostile(sample(desk.service(), ids(desk)[SPEECH]))
    response = get(client, "pack", pack=desk.packs.add("", pack))
    assert (
        response.headers["content-type"] == "application/json"
        and response.json()["items"][0]["note"] == pack.items[0].note
    )
