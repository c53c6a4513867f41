"""Quizzes as data: what trainees get of them, papers kept, time, tries, what is forgotten."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.service import Service
from assistant.base.errors import MissingError, SettingsError, StoreError
from assistant.study.pack import LETTERS, Item, ItemKind
from assistant.study.quiz import quiz_store
from assistant.study.quiz.quiz import (
    Arrangement,
    Attempt,
    Quiz,
    QuizSettings,
    Shown,
    answers_of,
    asked_items,
    name_of,
    paper,
    shown_answers,
    shows_answers,
    title_of,
)
from assistant.study.quiz.quiz_store import GRACE_SECONDS, Quizzes, Taker
from support.corpus import assert_one_line, write
from support.pages import settings_in
from support.quizzes import RULES, RULES_FILE, pack_of_rules

ME, OTHER = Taker("甲", "甲"), Taker("乙", "乙")


@dataclass
class Clock:
    """A time that tests set."""

    now: float = 1_000_000

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def items(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Item, ...]]:
    folder = tmp_path_factory.mktemp("测验")
    write(folder / "corpus", RULES_FILE, RULES)
    service = Service(settings_in(folder))
    service.ensure()
    yield asked_items(pack_of_rules(service).items)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Quizzes:
    return Quizzes(tmp_path / "测验 库" / "quizzes.sqlite", clock)


def published(store: Quizzes, items: tuple[Item, ...], **settings: object) -> Quiz:
    return store.publish("培训员", "测验", items, ("d",), QuizSettings(**settings))  # type: ignore[arg-type]


def refused(problem: str, call: object, *given: object) -> None:
    with pytest.raises(SettingsError) as error:
        call(*given)  # type: ignore[operator]
    assert str(error.value).startswith(problem)
    assert_one_line(error.value)


def test_discussion_is_left_out_and_what_is_not_whole_is_refused(items: tuple[Item, ...]) -> None:
    assert [item.kind for item in items].count(ItemKind.DISCUSS) == 0 and len(items) == 8
    refused("这份材料里没有能上线的题", asked_items, ())
    refused("这份材料里没有能上线的题", asked_items, [replace(items[0], kind=ItemKind.DISCUSS)])
    changes: list[tuple[int, dict[str, Any]]] = [
        (0, {"answer": ("申请表",)}), (2, {"answer": ("A", "B")}), (2, {"answer": ("H",)}), (2, {"options": ("甲",)}),
        (3, {"answer": ()}), (3, {"answer": ("A", "A")}), (4, {"answer": ("大概",)}), (6, {"answer": ("A", "B")}),
        (7, {"answer": ()}),
    ]  # fmt: skip
    for at, change in changes:
        broken = [*items[:at], replace(items[at], **change), *items[at + 1 :]]
        refused(f"第 {at + 1} 题的空格、选项与答案对不上", asked_items, broken)


def test_a_title_that_tells_an_answer_is_refused(items: tuple[Item, ...]) -> None:
    assert title_of("  考勤\n测验 ", items) == "考勤 测验"
    refused("测验的名称里有一道填空题的答案“申请表”", title_of, "申请表怎么填", items)
    for said in ("", " ", "长" * 61):
        refused("测验的名称应为", title_of, said, items)
    assert name_of(" 张\u200b三 ") == "张三"
    for said in ("", "长" * 41):
        refused("请填写姓名", name_of, said)


def test_ids_and_order_come_from_the_secret_and_tell_nothing(store: Quizzes, items: tuple[Item, ...]) -> None:
    quiz = published(store, items)
    one, other = (store.start(quiz, Taker(f"u{n}", "x")) for n in range(2))
    assert paper(quiz, one) == paper(store.get(quiz.id), one)
    ids = [question.id for question in paper(quiz, one)] + [o.id for q in paper(quiz, one) for o in q.options]
    assert len(set(ids)) == len(ids) and {len(i) for i in ids} == {16}
    assert not set(ids) & {question.id for question in paper(quiz, other)}
    places = [0] * 4
    for number in range(400):  # the right option of the single choice stands everywhere about as often
        attempt = replace(one, id=f"{number:032x}")
        question = next(q for q in paper(quiz, attempt) if q.item.kind is ItemKind.SINGLE)
        places[[o.letter for o in question.options].index("B")] += 1
    assert all(60 < count < 140 for count in places)
    stolen = replace(quiz, secret="00" * 32)
    assert not set(ids) & {question.id for question in paper(stolen, one)}


def orders(quiz: Quiz, attempt: Attempt) -> list[tuple[int, str]]:
    return [(q.number, "".join(o.letter for o in q.options)) for q in paper(quiz, attempt)]


def test_one_paper_for_all_two_versions_or_one_each(store: Quizzes, items: tuple[Item, ...]) -> None:
    same, two, each = (published(store, items, arrangement=one) for one in Arrangement)
    papers = {
        quiz.id: [orders(quiz, store.start(quiz, Taker(f"u{n}", "x"))) for n in range(4)] for quiz in (same, two, each)
    }
    assert [number for number, _ in papers[same.id][0]] == list(range(8))
    assert len({str(one) for one in papers[same.id]}) == 1
    first, second, third, fourth = papers[two.id]
    assert first == third != second == fourth
    assert [number for number, _ in first] == list(range(8))
    assert len({str(one) for one in papers[each.id]}) == 4
    for found in papers.values():  # questions of a kind stay together
        assert all([items[number].kind for number, _ in one] == [item.kind for item in items] for one in found)
    shown = [letters for _, letters in papers[same.id][0] if set(letters) <= set(LETTERS) and letters]
    assert any(letters != "".join(sorted(letters)) for letters in shown)


def test_answers_come_in_and_out_again(store: Quizzes, items: tuple[Item, ...]) -> None:
    quiz = published(store, items)
    attempt = store.start(quiz, ME)
    questions = paper(quiz, attempt)
    said: dict[str, list[str]] = {}
    for question in questions:
        kind = question.item.kind
        ids = [option.id for option in question.options]
        said[question.id] = {ItemKind.FILL: ["词"], ItemKind.SHORT: ["话"], ItemKind.ORDER: ids[::-1]}.get(
            kind, ids[:1]
        )
    store.save(attempt, answers_of(said, questions))
    kept = store.attempt(attempt.id, "甲")
    assert shown_answers(questions, kept.answers) == said
    for question in questions:
        letters = {o.id: o.letter for o in question.options}
        assert kept.answers[question.number] == tuple(letters.get(one, one) for one in said[question.id])


def test_forged_answers_are_refused(store: Quizzes, items: tuple[Item, ...]) -> None:
    quiz = published(store, items)
    mine, theirs = store.start(quiz, ME), store.start(quiz, OTHER)
    questions = paper(quiz, mine)
    named = {question.item.kind: question for question in questions}
    single, fill, short = (named[kind] for kind in (ItemKind.SINGLE, ItemKind.FILL, ItemKind.SHORT))
    option = single.options[0].id
    forged: list[object] = [
        {"0": ["x"]}, {single.id: "A"}, {single.id: ["B"]}, {single.id: [option, single.options[1].id]},
        {single.id: [option, option]}, {fill.id: [option, option, option]},
        {short.id: ["a", "b"]}, {paper(quiz, theirs)[0].id: ["x"]},
        {single.id: [named[ItemKind.MULTIPLE].options[0].id]},
    ]  # fmt: skip
    for said in forged:
        refused("看不懂这份答卷", answers_of, said, questions)
    refused("答案最多 200 个字", answers_of, {fill.id: ["长" * 201]}, questions)
    refused("答案最多 2000 个字", answers_of, {short.id: ["长" * 2001]}, questions)


def test_handed_in_once_and_for_all(store: Quizzes, items: tuple[Item, ...]) -> None:
    quiz = published(store, items)
    attempt = store.start(quiz, ME)
    assert store.start(quiz, ME) == attempt  # the same paper, as long as it is written
    store.hand_in(attempt, {4: ("错",)})
    refused("这份答卷已经交过了", store.hand_in, attempt, {4: ("对",)})
    refused("这份答卷已经交过了", store.save, attempt, {4: ("对",)})
    assert store.attempt(attempt.id, "甲").answers == {4: ("错",)}
    refused("这份测验每人可做 1 次", store.start, quiz, ME)


def test_when_the_time_is_over_what_was_saved_counts(store: Quizzes, items: tuple[Item, ...], clock: Clock) -> None:
    quiz = published(store, items, minutes=10)
    attempt = store.start(quiz, ME)
    store.save(attempt, {4: ("错",)})
    clock.now += 600 + GRACE_SECONDS
    store.save(attempt, {4: ("对",)})  # on its way as the time ended
    clock.now += 1
    refused("时间已到", store.save, attempt, {4: ("错",)})
    refused("时间已到", store.hand_in, attempt, {4: ("错",)})
    found = store.attempt(attempt.id, "甲")
    assert (found.handed, found.answers) == (attempt.deadline, {4: ("对",)})
    assert [one.handed for one in store.attempts(quiz.id)] == [attempt.deadline]
    late = store.start(quiz, OTHER)
    clock.now += 600 + GRACE_SECONDS
    store.hand_in(late, {})
    assert store.attempt(late.id, "乙").handed == late.deadline


def test_closing_collects_the_papers(store: Quizzes, items: tuple[Item, ...], clock: Clock) -> None:
    quiz = published(store, items)
    attempt = store.start(quiz, ME)
    store.save(attempt, {4: ("错",)})
    quiz = store.change(quiz, False, Shown.CLOSED)
    assert store.get(quiz.id).settings == quiz.settings == QuizSettings(is_open=False, shown=Shown.CLOSED)
    refused("测验已经关闭，已按最后保存的答案收卷", store.hand_in, attempt, {4: ("对",)})
    refused("测验已经关闭，不能再答", store.start, quiz, OTHER)
    assert store.attempt(attempt.id, "甲").answers == {4: ("错",)}
    store.change(quiz, True, Shown.CLOSED)
    store.start(quiz, OTHER)


def test_papers_are_their_accounts_alone(store: Quizzes, items: tuple[Item, ...]) -> None:
    quiz = published(store, items)
    mine, nobodys = store.start(quiz, ME), store.start(quiz, Taker("", "甲"))
    for identity, account in ((mine.id, "乙"), (mine.id, ""), (nobodys.id, "甲"), ("0" * 32, "甲"), ("", "")):
        with pytest.raises(MissingError):
            store.attempt(identity, account)
    assert [one.id for one in store.own("甲", [nobodys.id])] == [mine.id]
    assert [one.id for one in store.own("", [mine.id, nobodys.id, "x"])] == [nobodys.id]
    assert store.own("") == []
    assert len({mine.id, nobodys.id}) == 2 and {len(one) for one in (mine.id, nobodys.id)} == {32}


def test_practice_uses_no_try_and_does_not_count(store: Quizzes, items: tuple[Item, ...]) -> None:
    quiz = published(store, items, tries=2, minutes=5)
    attempt = store.start(quiz, ME)
    store.hand_in(attempt, {})
    again = store.again(quiz, attempt, (1, 4))
    assert (again.items, again.practice, again.deadline) == ((1, 4), True, None)
    assert [question.number for question in paper(quiz, again)] == [1, 4]
    assert [one.id for one in store.attempts(quiz.id)] == [attempt.id]
    store.hand_in(store.start(quiz, ME), {})
    refused("这份测验每人可做 2 次", store.start, quiz, ME)


def test_answers_are_shown_when_the_trainer_says(store: Quizzes, items: tuple[Item, ...]) -> None:
    for shown, open_now, expected in (
        (Shown.HANDED, True, True), (Shown.CLOSED, True, False), (Shown.CLOSED, False, True),
        (Shown.NEVER, False, False),
    ):  # fmt: skip
        quiz = published(store, items, shown=shown)
        attempt = store.start(quiz, ME)
        assert not shows_answers(quiz, attempt)
        store.hand_in(attempt, {})
        quiz = store.change(quiz, open_now, shown)
        assert shows_answers(quiz, store.attempt(attempt.id, "甲")) is expected


def test_short_answers_are_marked_by_hand(store: Quizzes, items: tuple[Item, ...]) -> None:
    quiz = published(store, items)
    attempt = store.start(quiz, ME)
    refused("这道题不能这样评分", store.mark, quiz, 1, 7, 2)  # not handed in yet
    store.hand_in(attempt, {7: ("先填表",)})
    store.mark(quiz, 1, 7, 2)
    assert store.attempt(attempt.id, "甲").marks == {7: 2}
    for question, points in ((7, 4), (0, 1), (99, 1)):
        refused("这道题不能这样评分", store.mark, quiz, 1, question, points)
    with pytest.raises(MissingError):
        store.mark(quiz, 2, 7, 1)


def test_two_windows_that_mark_one_paper_lose_nothing(
    store: Quizzes, items: tuple[Item, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    quiz = published(store, (*items, items[7]))
    attempt = store.start(quiz, ME)
    store.hand_in(attempt, {7: ("先填表",), 8: ("再送审",)})
    seen = store.attempts(quiz.id)
    monkeypatch.setattr(store, "attempts", lambda _: seen)  # both have looked before either marks
    store.mark(quiz, 1, 7, 2)
    store.mark(quiz, 1, 8, 1)
    store.mark(quiz, 1, 7, 3)
    assert store.attempt(attempt.id, "甲").marks == {7: 3, 8: 1}


def test_too_many_are_refused(store: Quizzes, items: tuple[Item, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiz_store, "QUIZZES_MOST", 1)
    monkeypatch.setattr(quiz_store, "OWN_MOST", 2)
    monkeypatch.setattr(quiz_store, "ATTEMPTS_MOST", 3)
    quiz = published(store, items, tries=0)
    refused("已有 200 份测验", store.publish, "培训员", "又一份", items, ("d",), QuizSettings())
    for _ in range(2):
        store.hand_in(store.start(quiz, ME), {})
    refused("这份测验的答卷太多了", store.start, quiz, ME)
    store.start(quiz, OTHER)
    refused("这份测验的答卷太多了", store.start, quiz, Taker("丙", "丙"))


def test_what_is_removed_is_gone_from_the_file(store: Quizzes, items: tuple[Item, ...], tmp_path: Path) -> None:
    file = tmp_path / "测验 库" / "quizzes.sqlite"
    quiz = published(store, items)
    store.hand_in(store.start(quiz, ME), {7: ("很特别的回答",)})
    store.hand_in(store.start(quiz, OTHER), {7: ("别人的回答",)})
    assert "很特别的回答".encode() in file.read_bytes()
    store.forget("甲")
    assert "很特别的回答".encode() not in file.read_bytes() and store.own("甲") == []
    store.remove_attempt(quiz.id, 2)
    assert store.attempts(quiz.id) == [] and "别人的回答".encode() not in file.read_bytes()
    attempt = store.start(quiz, OTHER)
    assert attempt.number == 1
    store.forget("培训员")
    assert store.listed() == [] and "当面".encode() not in file.read_bytes()
    with pytest.raises(MissingError):
        store.attempt(attempt.id, "乙")
    assert file.stat().st_mode & 0o777 == 0o600


def test_kept_over_a_restart_and_nothing_foreign_is_touched(
    store: Quizzes, items: tuple[Item, ...], tmp_path: Path
) -> None:
    quiz = published(store, items)
    again = Quizzes(tmp_path / "测验 库" / "quizzes.sqlite")
    assert again.get(quiz.id) == quiz and again.listed()[0].questions == 8
    assert json.dumps(again.listed()[0].title, ensure_ascii=False) == '"测验"'
    foreign = tmp_path / "x.sqlite"
    foreign.write_bytes(b"not a database at all" * 100)
    before = foreign.read_bytes()
    with pytest.raises(StoreError) as error:
        Quizzes(foreign).listed()
    assert_one_line(error.value)
    assert foreign.read_bytes() == before
    assert Quizzes(tmp_path / "none.sqlite").listed() == [] and not (tmp_path / "none.sqlite").exists()
