"""测验 over HTTP: what trainers and trainees get, what nobody gets before handing in, and what is refused."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from assistant.accounts.visitor import LOCAL, Role, Visitor
from assistant.base.settings import Use
from assistant.study.pack import Pack
from assistant.web.desk import Desk
from assistant.web.quiz import routes
from assistant.web.routing import VISITOR, Routes
from assistant.web.security.request_filter import App, Message, Receive, RequestFilter, Send
from support.corpus import LAW, NOTE, NOTE_FILE, assert_one_line, write
from support.pages import opened, settings_in
from support.quizzes import RULES, RULES_FILE, pack_of_rules

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
POSTS = ("listed", "start", "attempt", "save", "hand", "again", "publish", "change", "remove", "mark")
GETS = ("results", "paper")


class As:
    """Names the visitor by a header, as the gate does by a session."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            name = dict(scope["headers"]).get(b"as", b"").decode()
            scope = {**scope, "state": {VISITOR: VISITORS[name]}}
        await self._app(scope, receive, send)


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


def test_from_publishing_to_the_marks(client: Any, desk: Desk, pack: Pack) -> None:
    identity = published(client, desk, pack)
    (line,) = post(client, "listed", "reader").json()["quizzes"]
    assert (line["title"], line["questions"], line["used"], line["mine"], line["attempts"]) == (
        "考勤知识测验",
        8,
        0,
        False,
        [],
    )
    paper = started(client, identity)
    answers = right_answers(paper)
    assert post(client, "save", "reader", attempt=paper["attempt"], answers=answers).json() == {"left": None}
    again = post(client, "attempt", "reader", attempt=paper["attempt"]).json()
    assert again["questions"] == paper["questions"]
    multiple = by_kind(paper, "multiple")
    in_order = [o["id"] for o in multiple["options"] if o["id"] in answers[multiple["id"]]]
    assert again["answers"] == answers | {multiple["id"]: in_order}  # not in the order of the pack, which may tell
    done = post(client, "hand", "reader", attempt=paper["attempt"], answers=answers).json()
    assert done["over"] and done["later"] == "" and done["mistakes"] == 0
    assert done["score"] == {"points": 10, "most": 13, "waiting": 3, "right": 7, "wrong": 0, "unmarked": 1}
    single = next(q for q in done["questions"] if q["kind"] == "single")
    assert single["source"]["text"] in RULES and single["source"]["document"] == "规定"
    assert [o["text"] for o in single["options"] if o["right"] and o["chosen"]] == ["五年"]
    told = post(client, "mark", "trainer", quiz=identity, number=1, question=7, points=2).json()
    assert (told["score"]["points"], told["score"]["waiting"], "attempt" in told) == (12, 0, False)
    assert post(client, "attempt", "reader", attempt=paper["attempt"]).json()["score"]["points"] == 12
    (line,) = post(client, "listed", "reader").json()["quizzes"]
    assert (line["used"], line["attempts"][0]["score"]["points"]) == (1, 12)


def test_results_charts_and_the_workbook(client: Any, desk: Desk, pack: Pack) -> None:
    identity = published(client, desk, pack)
    first, second = started(client, identity, "reader"), started(client, identity, "other")
    post(client, "hand", "reader", attempt=first["attempt"], answers=right_answers(first))
    single = by_kind(second, "single")
    post(client, "hand", "other", attempt=second["attempt"], answers={single["id"]: chosen(single, "十年")})
    started(client, identity, "colleague")
    found = get(client, "results", "trainer", quiz=identity).json()
    assert found["totals"]["handed"] == 2 and found["totals"]["going"] == 1
    assert [one["name"] for one in found["attempts"]] == ["reader", "other", "colleague"]
    tally = next(one for one in found["tallies"] if one["kind"] == "单项选择题")
    assert (tally["share"], tally["papers"]) == (0.5, 2)
    assert [(c["text"], c["count"]) for c in tally["choices"]] == [("三年", 0), ("五年", 1), ("十年", 1), ("二年", 0)]
    assert not re.search(r"\b[0-9a-f]{32}\b", json.dumps(found))  # nobody gets the id of another's paper
    response = client.get("/quiz/results.xlsx", params={"quiz": identity}, headers={"as": "trainer"})
    assert "attachment" in response.headers["content-disposition"]
    sheet = load_workbook(io.BytesIO(response.content))["成绩"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["reader", "other", "colleague"]
    assert client.get("/quiz/results.xlsx", params={"quiz": identity}, headers={"as": "reader"}).status_code == 403
    post(client, "remove", "trainer", quiz=identity, number=3)
    assert len(get(client, "results", "trainer", quiz=identity).json()["attempts"]) == 2
    post(client, "remove", "trainer", quiz=identity)
    assert problem(get(client, "results", "trainer", quiz=identity), 404).startswith("没有这份测验")


def strings(part: Any) -> Iterator[str]:
    """Yield all that JSON says, keys too."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield key
            yield from strings(value)
    elif isinstance(part, list):
        for one in part:
            yield from strings(one)
    else:
        yield str(part)


def test_nothing_sent_before_handing_in_tells_an_answer(client: Any, desk: Desk, pack: Pack) -> None:
    identity = published(client, desk, pack, tries=0)
    firsts = set()
    for _ in range(12):
        paper = started(client, identity)
        listed = post(client, "listed", "reader").json()
        saved = post(client, "save", "reader", attempt=paper["attempt"], answers={})
        said = "\n".join([*strings(paper), *strings(listed), saved.text])
        for item in pack.items:
            words = item.answer if item.kind in ("fill", "short") else ()
            assert not [word for word in words if word in said], item
            assert item.id not in [one["id"] for one in paper["questions"]]
            assert item.source.text not in said and (not item.note or item.note not in said)
        assert "考勤/" not in said and "document" not in said and "section" not in said
        assert {frozenset(q) for q in paper["questions"]} == {
            frozenset({"id", "kind", "name", "stem", "blanks", "points", "options"})
        }
        for question in paper["questions"]:
            assert {(*sorted(o), len(o["id"])) for o in question["options"]} <= {("id", "text", 16)}
        multiple = by_kind(paper, "multiple")
        firsts.add(tuple(o["text"] for o in multiple["options"]))
        post(client, "hand", "reader", attempt=paper["attempt"], answers={})
    assert len(firsts) > 3  # the order is another one each time


@pytest.mark.parametrize(
    ("shown", "later"), [("closed", "正确答案在测验关闭以后公布。"), ("never", "这份测验不公布答案。")]
)
def test_answers_stay_hidden_as_long_as_the_trainer_says(
    client: Any, desk: Desk, pack: Pack, shown: str, later: str
) -> None:
    identity = published(client, desk, pack, shown=shown)
    paper = started(client, identity)
    done = post(client, "hand", "reader", attempt=paper["attempt"], answers={}).json()
    assert (done["later"], done["questions"], done["mistakes"]) == (later, [], 0)
    assert done["score"] == {"points": 0, "most": 13, "waiting": 0}
    assert "不公布答案" in problem(post(client, "again", "reader", attempt=paper["attempt"]), 400)
    (line,) = post(client, "listed", "reader").json()["quizzes"]
    assert set(line["attempts"][0]["score"]) == {"points", "most", "waiting"}
    post(client, "change", "trainer", quiz=identity, is_open=False, shown=shown)
    seen = post(client, "attempt", "reader", attempt=paper["attempt"]).json()
    assert len(seen["questions"]) == (8 if shown == "closed" else 0)


@pytest.mark.parametrize("shown", ["closed", "never"])
def test_points_do_not_tell_answers_that_are_kept_back(client: Any, desk: Desk, pack: Pack, shown: str) -> None:
    identity = published(client, desk, pack, shown=shown, tries=0)
    for text in ("三年", "五年", "十年"):  # one question answered at a time, again and again
        paper = started(client, identity)
        single = by_kind(paper, "single")
        answers = {single["id"]: chosen(single, text)}
        done = post(client, "hand", "reader", attempt=paper["attempt"], answers=answers).json()
        assert done["score"] is None and "分数在测验关闭以后公布" in done["later"] and done["questions"] == []
        assert post(client, "attempt", "reader", attempt=paper["attempt"]).json()["score"] is None
    (line,) = post(client, "listed", "reader").json()["quizzes"]
    assert [one["score"] for one in line["attempts"]] == [None] * 3
    scores = [one["score"]["points"] for one in get(client, "results", "trainer", quiz=identity).json()["attempts"]]
    assert scores == [0, 1, 0]  # the trainer sees them
    post(client, "change", "trainer", quiz=identity, is_open=False, shown=shown)
    (line,) = post(client, "listed", "reader").json()["quizzes"]
    assert [one["score"]["points"] for one in line["attempts"]] == [0, 1, 0]


def test_what_was_wrong_is_repeated(client: Any, desk: Desk, pack: Pack) -> None:
    identity = published(client, desk, pack)
    paper = started(client, identity)
    answers = right_answers(paper)
    single = by_kind(paper, "single")
    answers[single["id"]] = chosen(single, "十年")
    post(client, "hand", "reader", attempt=paper["attempt"], answers=answers)
    again = post(client, "again", "reader", attempt=paper["attempt"]).json()
    assert [q["stem"] for q in again["questions"]] == [single["stem"]] and again["practice"]
    assert again["questions"][0]["id"] != single["id"]
    chosen_now = {again["questions"][0]["id"]: chosen(again["questions"][0], "五年")}
    done = post(client, "hand", "reader", attempt=again["attempt"], answers=chosen_now).json()
    assert done["score"]["points"] == done["score"]["most"] == 1
    assert "没有可以重做的错题" in problem(post(client, "again", "reader", attempt=again["attempt"]), 400)
    assert len(get(client, "results", "trainer", quiz=identity).json()["attempts"]) == 1


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
