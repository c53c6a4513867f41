"""Quizzes over HTTP: whose they are, what is refused, what goes with an account."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.accounts.visitor import Role, Visitor
from assistant.base.settings import Use
from assistant.study.pack import Pack
from assistant.web.desk import Desk
from assistant.web.quiz import routes
from assistant.web.routing import Routes
from assistant.web.security.request_filter import RequestFilter
from support.corpus import LAW, NOTE, NOTE_FILE, write
from support.pages import opened, settings_in
from support.quiz_clients import SETTINGS, VISITORS, As, by_kind, get, post, problem, published, started
from support.quizzes import RULES, RULES_FILE, pack_of_rules

POSTS = ("listed", "start", "attempt", "save", "hand", "again", "publish", "change", "remove", "mark")
GETS = ("results", "paper")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("测 验")
    write(folder / "corpus", RULES_FILE, RULES)
    write(folder / "corpus", "考勤/办法.txt", LAW)
    write(folder / "corpus", NOTE_FILE, NOTE)
    return opened(Desk(settings_in(folder)))


@pytest.fixture(scope="module")
def pack(desk: Desk) -> Pack:
    return pack_of_rules(desk.service())


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
    for line in desk.quizzes.listed():
        desk.quizzes.remove(line.id)


def test_another_accounts_paper_and_quiz_are_not_there(client: Any, desk: Desk, pack: Pack) -> None:
    identity = published(client, desk, pack)
    paper = started(client, identity, "reader")
    for who in ("other", "trainer", "manager", "outside", ""):
        for route in ("attempt", "save", "hand", "again"):
            said = problem(post(client, route, who, attempt=paper["attempt"], answers={}), 404)
            assert said.startswith("没有这份答卷")
        tokens = post(client, "listed", who, attempts=[paper["attempt"]]).json()
        assert all(line["attempts"] == [] for line in tokens["quizzes"])
    post(client, "hand", "reader", attempt=paper["attempt"], answers={})
    for who in ("colleague", "lesser"):
        for response in (
            get(client, "results", who, quiz=identity),
            get(client, "paper", who, quiz=identity, number=1),
            post(client, "change", who, quiz=identity, is_open=False, shown="never"),
            post(client, "mark", who, quiz=identity, number=1, question=7, points=1),
            post(client, "remove", who, quiz=identity),
            post(client, "remove", who, quiz=identity, number=1),
        ):
            assert problem(response, 404).startswith("没有这份测验")
    assert get(client, "results", "manager", quiz=identity).status_code == 200
    assert get(client, "results", "trainer", quiz=identity).json()["settings"]["is_open"]


def test_whose_documents_may_not_be_read_is_not_there(client: Any, desk: Desk, pack: Pack) -> None:
    identity = published(client, desk, pack)
    assert post(client, "listed", "outside").json()["quizzes"] == []
    assert problem(post(client, "start", "outside", quiz=identity), 404) == problem(
        post(client, "start", "outside", quiz="nothing"), 404
    )
    paper = started(client, identity, "reader")
    VISITORS["reader"], before = Visitor("reader", Role.READER, ("通知",)), VISITORS["reader"]
    try:
        for route in ("attempt", "save", "hand"):
            problem(post(client, route, "reader", attempt=paper["attempt"], answers={}), 404)
        assert post(client, "listed", "reader").json()["quizzes"] == []
    finally:
        VISITORS["reader"] = before


def test_readers_neither_publish_nor_see_results(client: Any, desk: Desk, pack: Pack) -> None:
    identity = published(client, desk, pack)
    for route in ("publish", "change", "remove", "mark"):
        assert "需要培训员的权限" in problem(post(client, route, "reader", quiz=identity), 403)
    for route in GETS:
        assert "需要培训员的权限" in problem(get(client, route, "reader", quiz=identity, number=1), 403)
    kept = desk.packs.add("trainer", pack)
    stolen = post(client, "publish", "colleague", pack=kept, title="别人的", settings=SETTINGS)
    assert problem(stolen, 404).startswith("没有这份学习材料")


def test_twice_too_late_and_closed_are_refused(client: Any, desk: Desk, pack: Pack, monkeypatch: Any) -> None:
    identity = published(client, desk, pack, minutes=1)
    paper = started(client, identity)
    assert 0 < paper["left"] <= 60
    post(client, "hand", "reader", attempt=paper["attempt"], answers={})
    assert problem(post(client, "hand", "reader", attempt=paper["attempt"], answers={}), 400).startswith(
        "这份答卷已经交过了"
    )
    assert problem(post(client, "start", "reader", quiz=identity), 400).startswith("这份测验每人可做 1 次")
    late = started(client, identity, "other")
    now = desk.quizzes._now()
    monkeypatch.setattr(desk.quizzes, "_now", lambda: now + 120)
    assert problem(post(client, "hand", "other", attempt=late["attempt"], answers={}), 400).startswith("时间已到")
    assert post(client, "attempt", "other", attempt=late["attempt"]).json()["over"]
    monkeypatch.undo()
    open_one = started(client, identity, "colleague")
    post(client, "change", "trainer", quiz=identity, is_open=False, shown="handed")
    assert problem(post(client, "hand", "colleague", attempt=open_one["attempt"], answers={}), 400).startswith(
        "测验已经关闭"
    )
    assert problem(post(client, "start", "manager", quiz=identity), 400).startswith("测验已经关闭")


def test_forged_requests_are_refused_in_one_line(client: Any, desk: Desk, pack: Pack) -> None:
    identity = published(client, desk, pack)
    paper = started(client, identity)
    attempt, question = paper["attempt"], by_kind(paper, "single")
    name = question["id"]
    forged: list[object] = [None, [], {"x": ["y"]}, {name: "A"}, {name: ["A"]}, {name: [[]]}]
    for answers in forged:
        for route in ("save", "hand"):
            problem(post(client, route, "reader", attempt=attempt, answers=answers), 400)
    large = {by_kind(paper, "short")["id"]: ["长" * 2001]}
    assert "答案最多 2000 个字" in problem(post(client, "save", "reader", attempt=attempt, answers=large), 400)
    huge = post(client, "save", "reader", attempt=attempt, answers={question["id"]: ["长" * 300_000]})
    assert problem(huge, 413) == "请求太大：请缩短后再试。"
    for route in POSTS:
        for body in (
            {},
            {"quiz": 3, "attempt": [], "pack": {}, "attempts": "x"},
            {"quiz": "x" * 300, "attempts": ["x"] * 201},
        ):
            response = client.post(f"/api/quiz/{route}", json=body, headers={"as": "trainer"})
            if not (route == "listed" and body == {}):
                problem(response, 400)
    for route in GETS:
        problem(get(client, route, "trainer", quiz=identity, number="-1; DROP TABLE quiz") if route == "paper"
                else get(client, route, "trainer"), 404 if route == "paper" else 400)  # fmt: skip
    for number, what, points in ((True, 7, 1), (1, -1, 1), (1, 7, 99), ("1", 7, 1), (1, 7.5, 1), (1 << 40, 7, 1)):
        problem(post(client, "mark", "trainer", quiz=identity, number=number, question=what, points=points), 400)
    for change in ({"is_open": "no", "shown": "never"}, {"is_open": False, "shown": "x"}, {}):
        problem(post(client, "change", "trainer", quiz=identity, **change), 400)
    kept = desk.packs.add("trainer", pack)
    good: dict[str, object] = {"pack": kept, "title": "好", "settings": SETTINGS}
    bad: list[dict[str, object]] = [{"title": "申请表"}, {"title": ""}, {"settings": {}}]
    bad.append({"settings": SETTINGS | {"minutes": 10**9}})
    for wrong in bad:
        problem(post(client, "publish", "trainer", **(good | wrong)), 400)
    assert post(client, "attempt", "reader", attempt=attempt).json()["over"] is False


def test_without_accounts_a_name_is_asked_and_the_paper_is_whose_who_knows_its_id(
    client: Any, desk: Desk, pack: Pack
) -> None:
    identity = published(client, desk, pack, "", tries=1)
    assert problem(post(client, "start", "", quiz=identity), 400).startswith("请填写姓名")
    paper = started(client, identity, "", name=" 张三 ")
    assert paper["name"] == "张三" and re.fullmatch("[0-9a-f]{32}", paper["attempt"])
    listed = post(client, "listed", "", attempts=[paper["attempt"]]).json()
    assert (listed["named"], [one["id"] for one in listed["quizzes"][0]["attempts"]]) == (False, [paper["attempt"]])
    assert post(client, "listed", "").json()["quizzes"][0]["attempts"] == []
    assert problem(post(client, "start", "", quiz=identity, name="张三"), 400).startswith("这份测验每人可做 1 次")
    started(client, identity, "", name="李四")


def test_a_pack_whose_source_has_changed_is_not_published(client: Any, desk: Desk, pack: Pack) -> None:
    from dataclasses import replace

    first = pack.items[0]
    moved = replace(first, source=replace(first.source, start=first.source.start + 1, end=first.source.end + 1))
    kept = desk.packs.add("trainer", replace(pack, items=(moved, *pack.items[1:])))
    response = post(client, "publish", "trainer", pack=kept, title="测验", settings=SETTINGS)
    assert "有 1 处出处已变动" in problem(response, 400)


def test_what_belongs_to_an_account_goes_with_it(client: Any, desk: Desk, pack: Pack) -> None:
    identity = published(client, desk, pack)
    paper = started(client, identity, "reader")
    desk.forget("reader")
    assert problem(post(client, "attempt", "reader", attempt=paper["attempt"]), 404).startswith("没有这份答卷")
    desk.forget("trainer")
    assert problem(post(client, "start", "reader", quiz=identity), 404).startswith("没有这份测验")


def test_every_route_of_quizzes_is_counted(desk: Desk) -> None:
    from fastapi import FastAPI

    web = Routes(FastAPI())
    routes.add_routes(web, desk)
    uses = {route.path: route.use for route in web}
    paths = [*(f"/api/quiz/{name}" for name in (*POSTS, *GETS)), "/quiz/results.xlsx"]
    assert [uses[path] for path in paths] == [Use.ANSWER] * len(paths)


def test_the_store_lies_where_the_settings_say(client: Any, desk: Desk, pack: Pack) -> None:
    published(client, desk, pack)
    assert Path(desk.settings.quizzes).exists()
