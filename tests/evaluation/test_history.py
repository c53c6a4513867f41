import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.answering.answer import Status
from assistant.base import dates
from assistant.base.errors import SettingsError
from assistant.base.settings import Settings
from assistant.evaluation.feedback import history
from assistant.evaluation.feedback.history import Asked, FileHistory, Kind, NoHistory, Source, open_history
from support.asked import NOW, answer, at, cited, stored
from support.corpus import assert_one_line

NASTY = "'; DROP TABLE asked; --\" 𠮷😀 <b>“引号”</b> \x1b[31m红\ud800"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "记录 夹" / "history.sqlite"


@pytest.fixture
def kept(file: Path) -> Iterator[FileHistory]:
    found = FileHistory(file, 180)
    yield found
    found.close()


def test_a_question_is_kept_with_its_citations_and_what_was_said(
    kept: FileHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, NOW + 0.9)
    citations = (cited(1, "甲句。"), cited(2, "乙句。"))
    one = kept.record(answer("问一", Status.ANSWERED, *citations), Source.PAGE)
    two = kept.record(answer("问二", Status.NOT_FOUND), Source.COMMAND)
    assert kept.asked() == sorted(
        [Asked(one, NOW, "问一", "answered", 1.5, "page"), Asked(two, NOW, "问二", "not_found", 1.5, "command")],
        key=lambda asked: asked.id,
    )
    assert kept.judged() == []
    kept.feedback(one, "wrong_citation", 2, "  不是这条 ")
    (judged,) = kept.judged()
    assert (judged.asked.question, judged.citations) == ("问一", citations)
    assert [(r.kind, r.marker, r.at, r.comment) for r in judged.remarks] == [(Kind.WRONG_CITATION, 2, NOW, "不是这条")]


def test_nothing_says_who_asked(kept: FileHistory, file: Path) -> None:
    kept.record(answer("问", Status.ANSWERED, cited(1)), Source.PAGE)
    kept.asked()
    db = sqlite3.connect(file)
    tables = {t: [row[1] for row in db.execute(f"PRAGMA table_info({t})")] for t in ("asked", "citation", "remark")}
    db.close()
    assert tables == {
        "asked": ["id", "at", "question", "status", "elapsed_ms", "source"],
        "citation": ["answer", *history._CITED],
        "remark": ["answer", "kind", "marker", "at", "comment"],
    }


def test_ids_cannot_be_guessed(kept: FileHistory) -> None:
    ids = {kept.record(answer("问"), Source.PAGE) for _ in range(50)}
    assert len(ids) == 50
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in ids)


def test_any_question_is_kept_as_asked(kept: FileHistory) -> None:
    one = kept.record(answer(NASTY), Source.PAGE)
    kept.feedback(one, "missing", comment=NASTY)
    expected = "'; DROP TABLE asked; --\" 𠮷😀 <b>“引号”</b> [31m红?"
    assert [asked.question for asked in kept.asked()] == [expected]
    assert [remark.comment for judged in kept.judged() for remark in judged.remarks] == [expected]


def test_saying_it_again_replaces_the_comment_and_other_remarks_stay(kept: FileHistory, file: Path) -> None:
    one = kept.record(answer("问", Status.ANSWERED, cited(1), cited(2)), Source.PAGE)
    for number in range(30):
        kept.feedback(one, "wrong_citation", 1, f"第{number}次")
    kept.feedback(one, "wrong_citation", 2)
    kept.feedback(one, "useful")
    (judged,) = kept.judged()
    said = {(r.kind, r.marker, r.comment) for r in judged.remarks}
    wrong = {(Kind.WRONG_CITATION, 1, "第29次"), (Kind.WRONG_CITATION, 2, "")}
    assert said == wrong | {(Kind.USEFUL, None, "")}
    assert len(stored(file, "remark")) == 3


@pytest.mark.parametrize(
    ("kind", "marker", "comment", "said"),
    [
        ("good", None, "", history.BAD_KIND),
        (None, None, "", history.BAD_KIND),
        (["useful"], None, "", history.BAD_KIND),
        ("USEFUL", None, "", history.BAD_KIND),
        ("useful", 1, "", history.BAD_MARKER),
        ("missing", 1, "", history.BAD_MARKER),
        ("wrong_citation", None, "", history.BAD_MARKER),
        ("wrong_citation", 0, "", history.BAD_MARKER),
        ("wrong_citation", -1, "", history.BAD_MARKER),
        ("wrong_citation", 3, "", history.BAD_MARKER),
        ("wrong_citation", 10**30, "", history.BAD_MARKER),
        ("wrong_citation", True, "", history.BAD_MARKER),
        ("wrong_citation", 1.0, "", history.BAD_MARKER),
        ("wrong_citation", "1", "", history.BAD_MARKER),
        ("wrong_citation", {"marker": 1}, "", history.BAD_MARKER),
        ("useful", None, None, history.BAD_KIND),
        ("useful", None, ["x"], history.BAD_KIND),
        ("missing", None, "长" * 201, "说明太长（201 字）：请缩短到 200 字以内。"),
    ],
)
def test_forged_feedback_is_refused(
    kept: FileHistory, kind: object, marker: object, comment: object, said: str
) -> None:
    one = kept.record(answer("问", Status.ANSWERED, cited(1), cited(2)), Source.PAGE)
    with pytest.raises(SettingsError) as caught:
        kept.feedback(one, kind, marker, comment)
    assert str(caught.value) == said
    assert_one_line(caught.value)
    assert (len(kept.asked()), kept.judged()) == (1, [])


@pytest.mark.parametrize("identity", ["", "0" * 32, "' OR 1=1 --", "\ud800", None, 7, ["x"], {"$ne": ""}])
def test_feedback_on_no_answer_is_refused(kept: FileHistory, identity: object) -> None:
    kept.record(answer("问", Status.ANSWERED, cited(1)), Source.PAGE)
    with pytest.raises(SettingsError) as caught:
        kept.feedback(identity, "useful")
    assert str(caught.value) == history.UNKNOWN
    assert (len(kept.asked()), kept.judged()) == (1, [])


def test_a_comment_may_have_two_hundred_characters(kept: FileHistory) -> None:
    one = kept.record(answer("问"), Source.PAGE)
    kept.feedback(one, "missing", comment="𠮷" * 200)
    assert [r.comment for judged in kept.judged() for r in judged.remarks] == ["𠮷" * 200]


def test_what_is_too_old_is_deleted_with_all_that_hangs_on_it(
    file: Path, kept: FileHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, NOW - 180 * 86_400 - 1)
    old = kept.record(answer("很旧的问题", Status.ANSWERED, cited(1, "很旧的引文")), Source.PAGE)
    kept.feedback(old, "useful", comment="很旧的说明")
    at(monkeypatch, NOW - 180 * 86_400)
    kept.record(answer("刚好留下"), Source.PAGE)
    assert [asked.question for asked in kept.asked()] == ["很旧的问题", "刚好留下"]
    at(monkeypatch, NOW)
    kept.record(answer("今天"), Source.PAGE)
    assert [asked.question for asked in kept.asked()] == ["刚好留下", "今天"]
    assert kept.judged() == []
    assert [len(stored(file, table)) for table in ("asked", "citation", "remark")] == [2, 0, 0]
    content = file.read_bytes()
    assert "今天".encode() in content
    assert "很旧的".encode() not in content


def test_since(kept: FileHistory, monkeypatch: pytest.MonkeyPatch) -> None:
    for day, question in enumerate(("前天", "昨天", "今天")):
        at(monkeypatch, NOW + day * 86_400)
        kept.feedback(kept.record(answer(question), Source.PAGE), "useful")
    assert [asked.question for asked in kept.asked(NOW + 86_400)] == ["昨天", "今天"]
    assert [judged.asked.question for judged in kept.judged(NOW + 86_401)] == ["今天"]


def test_switched_off_nothing_is_made(file: Path) -> None:
    off = open_history(Settings(history=file, history_days=0))
    assert isinstance(off, NoHistory)
    assert off.record(answer("问"), Source.PAGE) == ""
    for refused in (lambda: off.feedback("0" * 32, "useful"), off.asked, off.judged):
        with pytest.raises(SettingsError) as caught:
            refused()
        assert_one_line(caught.value)
    assert off.state() == "提问记录 没有开启（history_days 是 0）"
    assert not file.parent.exists()
    file.parent.mkdir()
    file.write_bytes(b"")
    assert off.state().endswith(f"；以前的还在 {file}，不要了就删去它")


def test_no_file_before_something_is_recorded(file: Path) -> None:
    opened = open_history(Settings(history=file))
    assert (opened.asked(), opened.judged()) == ([], [])
    with pytest.raises(SettingsError):
        opened.feedback("0" * 32, "useful")
    assert opened.state() == f"提问记录 还没有（保留 180 天，将写入 {file}）"
    assert not file.parent.exists()


def test_the_state_says_how_many_since_when(kept: FileHistory, file: Path) -> None:
    kept.record(answer("问"), Source.PAGE)
    day = dates.day_of(kept.asked()[0].at)
    assert kept.state() == f"提问记录 {file}：1 个问题，自 {day} 起，0.0 MB（保留 180 天）"


def test_many_threads_lose_nothing(kept: FileHistory) -> None:
    def one(number: int) -> None:
        kept.feedback(kept.record(answer(f"问{number}", Status.ANSWERED, cited(1)), Source.PAGE), "useful")

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(one, range(200)))
    assert {judged.asked.question for judged in kept.judged()} == {f"问{n}" for n in range(200)}
