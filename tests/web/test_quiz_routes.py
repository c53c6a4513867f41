"""测验 over HTTP: what trainers and trainees get, what nobody gets before handing in, and what is refused."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from openpyxl import load_workbook

from assistant.study.pack import Pack
from assistant.web.desk import Desk
from assistant.web.quiz import routes
from assistant.web.routing import Routes
from assistant.web.security.request_filter import RequestFilter
from support.corpus import LAW, NOTE, NOTE_FILE, write
from support.pages import opened, settings_in
from support.quiz_clients import As, by_kind, chosen, get, post, problem, published, right_answers, started
from support.quizzes import RULES, RULES_FILE, pack_of_rules


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
