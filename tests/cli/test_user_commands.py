"""`user …` on the command line."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assistant.accounts import passwords
from assistant.accounts.account_file import User
from assistant.accounts.authentication import Logins
from assistant.accounts.visitor import Role
from assistant.answering.conversation.kept import Asked, Conversations
from assistant.base.errors import AssistantError, LimitError
from assistant.base.settings import load_settings
from assistant.cli.main import commands
from assistant.cli.user_commands import DIFFERENT, NONE_LEFT
from assistant.study.quiz.quiz import QuizSettings
from assistant.study.quiz.quiz_store import Quizzes
from support.corpus import assert_one_line

PASSWORD = "春天的第一场雨下得很大"

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(passwords, "COST", 2**14)
    (tmp_path / "corpus" / "人事").mkdir(parents=True)

    def call(*arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(commands, ["user", *arguments], input=typed)

    return call


def refused(result: Result) -> str:
    assert isinstance(result.exception, AssistantError), result.output
    assert_one_line(result.exception)
    return str(result.exception)


def logins() -> Logins:
    return Logins(load_settings())


def test_a_user_is_added_with_a_password_that_is_not_shown(run: Run, tmp_path: Path) -> None:
    result = run("add", "张三", "--role", "manager", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    assert "已添加用户 张三：管理员（manager），全部文件" in result.output
    assert f"网页要登录才能用。用户记在 {tmp_path / 'users.toml'}" in result.output
    assert logins().log_in("张三", PASSWORD, "10.0.0.1")
    again = run("add", "李四", "--password-stdin", typed=f"{PASSWORD}\r\nmore")
    assert again.output == "已添加用户 李四：读者（reader），全部文件\n"
    assert logins().log_in("李四", PASSWORD, "10.0.0.1")
    noted = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text("utf-8").splitlines()]
    assert [(n["who"], n["action"]) for n in noted[:1]] == [("（命令行）", "user_added")]


def test_what_is_wrong_is_said_and_nothing_is_written(run: Run, tmp_path: Path) -> None:
    assert refused(run("add", "张三", typed=f"{PASSWORD}\n{PASSWORD}x\n")) == DIFFERENT
    assert "密码要有 10 到 200 个字符" in refused(run("add", "张三", "--password-stdin", typed="短\n"))
    assert "没有名为 人事科 的分组" in refused(run("add", "张三", "--group", "人事科"))
    assert "用户名要是" in refused(run("add", "张 三"))
    for command in (["set", "张三", "--role", "reader"], ["remove", "张三"], ["unlock", "张三"], ["password", "张三"]):
        assert "没有名为 张三 的用户" in refused(run(*command))
    assert not (tmp_path / "users.toml").exists()


def test_a_wrong_role_is_said_in_chinese() -> None:
    command = [sys.executable, "-m", "assistant", "user", "add", "a", "--role", "boss"]
    found = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert found.returncode == 2
    assert found.stderr.startswith("错误：role 的值不对：请写 reader、trainer、manager 之一。")
    assert found.stderr.count("\n") == 1


def test_groups_and_roles(run: Run) -> None:
    made = run("group", "人事科", "--folder", "人事/", "--folder", "没有的")
    assert made.stdout == "分组 人事科：人事、没有的\n"
    assert made.stderr == "注意：corpus/没有的 现在没有这个文件夹，请确认没有写错。\n"
    run("add", "张三", "--group", "人事科", "--password-stdin", typed=PASSWORD)
    assert run("set", "张三", "--role", "trainer").output == "已改为用户 张三：培训员（trainer），分组 人事科\n"
    assert logins().accounts.roster().users["张三"].role is Role.TRAINER
    assert "还有人（张三）" in refused(run("group", "人事科", "--remove"))
    assert run("set", "张三", "--all-documents").output == "已改为用户 张三：培训员（trainer），全部文件\n"
    assert run("group", "人事科", "--remove").output == "已删除分组 人事科。\n"
    for wrong in (["set", "张三"], ["set", "张三", "--all-documents", "--group", "x"], ["group", "x"]):
        refused(run(*wrong))
    assert "里面的文件夹" in refused(run("group", "x", "--folder", "../y"))


def test_listing_locking_and_removing(run: Run) -> None:
    assert "还没有用户" in run("list").output
    run("group", "人事科", "--folder", "人事")
    run("add", "张三", "--without-password")
    assert run("list").output == "用户 张三：读者（reader），全部文件，没有密码\n分组 人事科：人事\n"
    assert "原来的登录都已失效" in run("password", "张三", typed=f"{PASSWORD}\n{PASSWORD}\n").output
    for _ in range(5):
        with pytest.raises(AssistantError):
            logins().log_in("张三", "x", "10.0.0.1")
    with pytest.raises(LimitError):
        logins().log_in("张三", PASSWORD, "10.0.0.1")
    assert "已锁定，还有 1 分钟" in run("list").output
    assert run("unlock", "张三").output == "已解锁 张三。\n"
    assert run("unlock", "张三").output == "张三 没有被锁定。\n"
    assert logins().log_in("张三", PASSWORD, "10.0.0.1")
    assert run("remove", "张三").output == f"已删除 张三。\n{NONE_LEFT}\n"
    assert logins().accounts.roster().users == {}


def test_what_is_kept_under_a_name_goes_with_the_account(run: Run, tmp_path: Path) -> None:
    run("add", "张三", "--without-password")
    run("remove", "张三")
    kept = Conversations(tmp_path / "conversations.sqlite")
    assert not (tmp_path / "conversations.sqlite").exists()
    for name in ("张三", "李四"):
        run("add", name, "--without-password")
        kept.keep(name, "1" * 32, (Asked("病假几天"),))
    assert "已经有名为 张三 的用户" in refused(run("add", "张三", "--without-password"))
    assert len(kept.listed("张三")) == 1
    run("remove", "张三")
    assert kept.listed("张三") == [] and len(kept.listed("李四")) == 1
    quizzes = Quizzes(tmp_path / "quizzes.sqlite")
    quizzes.publish("张三", "测验", (), (), QuizSettings())
    kept.keep("张三", "2" * 32, (Asked("事假几天"),))  # by an answer that was under way
    run("add", "张三", "--without-password")
    assert kept.listed("张三") == [] and len(kept.listed("李四")) == 1
    assert quizzes.listed() == []


def test_the_file_may_be_elsewhere(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_USERS", str(tmp_path / "别处" / "人.toml"))
    run("add", "张三", "--without-password")
    assert logins().accounts.roster().users == {"张三": User("张三")}
    assert (tmp_path / "别处" / "人.toml").exists()
