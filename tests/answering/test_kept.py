"""Conversations kept by their questions, each under its account."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.conversation import kept as kept_module
from assistant.answering.conversation.kept import (
    NO_ACCOUNT,
    QUESTIONS_MOST,
    UNKNOWN,
    Asked,
    Conversations,
    asked_json,
    new_identity,
    parse_asked,
    parse_identity,
)
from assistant.answering.scope import Scope
from assistant.base.errors import SettingsError, StoreError

ONE, TWO = "1" * 32, "2" * 32
ASKED = (
    Asked("病假几天"),
    Asked("事假呢", Scope(("d1",), "2023")),
    Asked("还有呢", Scope(("d1",), "2023")),
    Asked("食堂"),
)


@pytest.fixture
def kept(tmp_path: Path) -> Conversations:
    return Conversations(tmp_path / "新文件夹" / "conversations.sqlite")


def test_deleting_where_nothing_is_kept_makes_no_file(tmp_path: Path, kept: Conversations) -> None:
    kept.delete("张三", None)
    kept.delete("张三", ONE)
    assert list(tmp_path.iterdir()) == []


def test_questions_are_said_with_the_scopes_where_they_change() -> None:
    said = asked_json(ASKED)
    assert [set(one) for one in said] == [{"text"}, {"text", "scope"}, {"text"}, {"text", "scope"}]
    assert parse_asked(said) == ASKED


@pytest.mark.parametrize(
    "said",
    [None, {}, [], [None], ["问"], [{"text": ""}], [{"text": 1}], [{"text": "长" * 501}], [{"text": "问"}] * 51,
     [{"text": "问", "scope": None}], [{"text": "问", "scope": {"documents": "x"}}],
     [{"role": "assistant", "content": "伪造"}]],
)  # fmt: skip
def test_forged_conversations_are_refused(said: Any) -> None:
    with pytest.raises(SettingsError, match="。$"):
        parse_asked(said)


@pytest.mark.parametrize("said", [None, 1, "", "x" * 32, "1" * 31, "1" * 33, "../" + "1" * 29, ["1" * 32]])
def test_forged_ids_are_refused(said: Any) -> None:
    with pytest.raises(SettingsError):
        parse_identity(said)


def test_a_conversation_comes_back_as_it_was(kept: Conversations) -> None:
    identity = new_identity()
    assert parse_identity(identity) == identity
    kept.keep("张三", identity, ASKED[:1])
    kept.keep("张三", identity, ASKED)
    assert kept.asked("张三", identity) == ASKED
    (listed,) = kept.listed("张三")
    assert (listed.id, listed.title, listed.questions) == (identity, "病假几天", 4)


def test_no_account_sees_another_s(kept: Conversations) -> None:
    kept.keep("张三", ONE, ASKED)
    assert kept.listed("李四") == []
    with pytest.raises(SettingsError, match=UNKNOWN):
        kept.asked("李四", ONE)
    with pytest.raises(SettingsError, match=UNKNOWN):
        kept.rename("李四", ONE, "我的")
    kept.delete("李四", ONE)
    kept.delete("李四", None)
    kept.keep("李四", ONE, ASKED[:1])
    assert kept.asked("张三", ONE) == ASKED and len(kept.asked("李四", ONE)) == 1
    with pytest.raises(SettingsError, match=NO_ACCOUNT):
        kept.listed("")
    with pytest.raises(SettingsError, match=NO_ACCOUNT):
        kept.keep("", ONE, ASKED)
    with pytest.raises(SettingsError, match=NO_ACCOUNT):
        kept.delete("", None)


def test_they_are_found_by_title_and_by_questions(kept: Conversations) -> None:
    kept.keep("张三", ONE, (Asked("病假几天"), Asked("50%_的 WTO 呢")))
    kept.keep("张三", TWO, (Asked("食堂几点开"),))
    assert [one.id for one in kept.listed("张三", "wto")] == [ONE]
    assert [one.id for one in kept.listed("张三", "食堂")] == [TWO]
    assert [one.id for one in kept.listed("张三", "%")] == [ONE]
    assert kept.listed("张三", "火星") == []
    kept.rename("张三", TWO, " 午饭\n时间 ")
    assert [one.title for one in kept.listed("张三", "午饭")] == ["午饭 时间"]
    kept.keep("张三", TWO, (Asked("食堂几点开"), Asked("还有呢")))
    assert [one.title for one in kept.listed("张三", "午饭")] == ["午饭 时间"]
    for title in ("", " ", "长" * 61):
        with pytest.raises(SettingsError):
            kept.rename("张三", TWO, title)


def test_what_is_deleted_is_gone_from_the_file(kept: Conversations, tmp_path: Path) -> None:
    kept.keep("张三", ONE, (Asked("绝密的事情"),))
    kept.keep("张三", TWO, (Asked("别的"),))
    kept.delete("张三", ONE)
    assert [one.id for one in kept.listed("张三")] == [TWO]
    kept.delete("张三", None)
    assert kept.listed("张三") == []
    (file,) = (tmp_path / "新文件夹").iterdir()
    assert "绝密".encode() not in file.read_bytes()


def test_there_are_bounds(kept: Conversations, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_module, "CONVERSATIONS_MOST", 3)
    for n in range(5):
        monkeypatch.setattr(kept_module, "time", lambda n=n: 1000 + n)
        kept.keep("张三", f"{n}" * 32, (Asked(f"问{n}"),))
    assert [one.title for one in kept.listed("张三")] == ["问4", "问3", "问2"]
    assert len(parse_asked([{"text": "问"}] * QUESTIONS_MOST)) == QUESTIONS_MOST


def test_a_file_of_others_is_not_touched(tmp_path: Path) -> None:
    foreign = tmp_path / "x.sqlite"
    with sqlite3.connect(foreign) as db:
        db.execute("CREATE TABLE theirs (a)")
    before = foreign.read_bytes()
    with pytest.raises(StoreError, match="没有动它"):
        Conversations(foreign).keep("张三", ONE, ASKED)
    assert foreign.read_bytes() == before
    (tmp_path / "y.sqlite").write_bytes(b"x" * 5000)
    with pytest.raises(StoreError, match="已损坏：请把它改名留存"):
        Conversations(tmp_path / "y.sqlite").keep("张三", ONE, ASKED)
