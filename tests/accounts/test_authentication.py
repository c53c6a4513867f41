"""Logging in: sessions and how they end, failed tries and how they lock, limits, the audit log."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.accounts import passwords
from assistant.accounts.account_file import User
from assistant.accounts.authentication import LAST_MANAGER, UNKNOWN, WRONG, WRONG_OLD, Logins, require_user_manager
from assistant.accounts.rate_limits import RateLimits
from assistant.accounts.sessions import EACH_MOST, Sessions
from assistant.accounts.visitor import LOCAL, Role, Visitor
from assistant.base.errors import AccessError, LimitError, SettingsError, StoreError
from assistant.base.settings import Settings, Use
from support.corpus import assert_one_line

PASSWORD = "春天的第一场雨下得很大"
OTHER = "秋天的最后一片叶子黄了"
HERE = "10.0.0.7"
IDLE, LONGEST = 120 * 60, 720 * 60


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COST", 2**14)
    monkeypatch.setattr(passwords, "PARALLEL", 1)


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    users, sessions, audit = (tmp_path / name for name in ("users", "sessions", "audit"))
    return Settings(logins_per_minute=10_000, users=users, sessions=sessions, audit=audit)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def opened(settings: Settings, clock: Callable[[], float]) -> Logins:
    made = Logins(settings)
    made.sessions.now = made._tries._now = clock
    return made


@pytest.fixture
def logins(settings: Settings, clock: Clock) -> Logins:
    made = opened(settings, clock)
    made.add(LOCAL, User("张三", Role.MANAGER), PASSWORD)
    made.set_group(LOCAL, "人事科", ("人事",))
    made.add(LOCAL, User("李四", groups=("人事科",)), OTHER)
    return made


def fail(logins: Logins, times: int, name: str = "张三", address: str = HERE) -> list[str]:
    said = []
    for _ in range(times):
        with pytest.raises((AccessError, LimitError)) as error:
            logins.log_in(name, "不是这个密码不是这个", address)
        said.append(str(error.value))
    return said


def noted(settings: Settings) -> list[tuple[str, str, str]]:
    lines = map(json.loads, settings.audit.read_text(encoding="utf-8").splitlines())
    return [(line["who"], line["action"], line["subject"]) for line in lines]


def test_accounts_are_in_use_as_soon_as_there_is_one_and_stay_so(settings: Settings) -> None:
    logins = Logins(settings)
    assert not logins.in_use
    logins.add(LOCAL, User("张三"), PASSWORD)
    assert logins.in_use
    settings.users.unlink()
    assert logins.in_use
    assert not Logins(settings).in_use
    assert Logins(replace(settings, proxy_user_header="X-User", proxy_addresses="127.0.0.1")).in_use


def test_logging_in_gives_a_session_of_the_visitor(logins: Logins, settings: Settings) -> None:
    token = logins.log_in(" 张三", PASSWORD, HERE)
    assert len(token) == 43
    assert logins.visitor(token) == Visitor("张三", Role.MANAGER)
    assert logins.visitor(logins.log_in("李四", OTHER, HERE)) == Visitor("李四", Role.READER, ("人事",))
    for wrong in ("", token[:-1], token + "x", "x"):
        assert logins.visitor(wrong) is None
    assert token.encode() not in settings.sessions.read_bytes()
    assert PASSWORD not in settings.audit.read_text(encoding="utf-8") + settings.users.read_text(encoding="utf-8")
    assert settings.sessions.stat().st_mode & 0o777 == settings.audit.stat().st_mode & 0o777 == 0o600


def test_unknown_names_and_wrong_passwords_are_told_the_same(logins: Logins, settings: Settings) -> None:
    assert fail(logins, 1, "张三") == fail(logins, 1, "没有的人") == fail(logins, 1, "我的密码1234") == [WRONG]
    assert noted(settings)[-3:] == [("张三", "refused", ""), (UNKNOWN, "refused", ""), (UNKNOWN, "refused", "")]
    assert "我的密码1234" not in settings.audit.read_text(encoding="utf-8")
    assert_one_line(WRONG)


@pytest.mark.parametrize("name", ["张三", "没有的人"])
def test_after_five_wrong_passwords_the_right_one_is_refused_too(logins: Logins, clock: Clock, name: str) -> None:
    said = fail(logins, 30, name)
    assert said[:5] == [WRONG] * 5
    assert set(said[5:]) == {"输错的次数太多，暂时不能登录：请等 1 分钟再试，或请管理员解锁。"}
    with pytest.raises(LimitError):
        logins.log_in(name, PASSWORD, "10.0.0.8")
    assert logins.locked_for(name) == 60
    clock.seconds += 60
    assert fail(logins, 1, name) == [WRONG]
    assert logins.locked_for(name) == 120


def test_the_wait_grows_to_an_hour_and_success_forgets(logins: Logins, clock: Clock) -> None:
    waits = []
    for turn in range(12):
        fail(logins, 1 if turn else 5, address=f"10.0.1.{turn}")
        waits.append(logins.locked_for("张三"))
        clock.seconds += waits[-1]
    assert waits == [60, 120, 240, 480, 960, 1920, *[3600] * 6]
    logins.log_in("张三", PASSWORD, HERE)
    fail(logins, 4)
    assert logins.locked_for("张三") == 0


def test_an_address_that_tries_many_names_is_locked(logins: Logins) -> None:
    for n in range(20):
        fail(logins, 1, f"name{n}")
    with pytest.raises(LimitError):
        logins.log_in("张三", PASSWORD, HERE)
    assert logins.log_in("张三", PASSWORD, "10.0.0.9")


def test_own_successes_do_not_free_an_address(logins: Logins) -> None:
    for n in range(19):
        fail(logins, 1, f"name{n}")
        logins.log_in("李四", OTHER, HERE)
    fail(logins, 1, "name")
    with pytest.raises(LimitError):
        logins.log_in("李四", OTHER, HERE)


def test_a_lock_survives_a_restart_and_unlocking_reaches_the_running_program(
    logins: Logins, settings: Settings, clock: Clock
) -> None:
    fail(logins, 5)
    other = opened(settings, clock)
    with pytest.raises(LimitError):
        other.log_in("张三", PASSWORD, HERE)
    assert other.unlock(LOCAL, "张三")
    assert not other.unlock(LOCAL, "张三")
    assert logins.log_in("张三", PASSWORD, HERE)


def test_sessions_end_when_idle_and_in_the_end(logins: Logins, clock: Clock) -> None:
    token = logins.log_in("张三", PASSWORD, HERE)
    clock.seconds += IDLE - 1
    assert logins.visitor(token)
    clock.seconds += IDLE - 1
    assert logins.visitor(token)
    clock.seconds += IDLE
    assert logins.visitor(token) is None
    token = logins.log_in("张三", PASSWORD, HERE)
    for _ in range(LONGEST // 600 - 1):
        clock.seconds += 600
        assert logins.visitor(token)
    clock.seconds += 600
    assert logins.visitor(token) is None


def test_looking_does_not_keep_a_session_alive(logins: Logins, clock: Clock) -> None:
    token = logins.log_in("张三", PASSWORD, HERE)
    visitor = Visitor("张三", Role.MANAGER)
    clock.seconds += IDLE - 1
    assert logins.still(token, visitor)
    clock.seconds += 1
    assert not logins.still(token, visitor)


def test_sessions_survive_a_restart(logins: Logins, settings: Settings, clock: Clock) -> None:
    token, ended = logins.log_in("张三", PASSWORD, HERE), logins.log_in("张三", PASSWORD, HERE)
    clock.seconds += IDLE - 1
    logins.visitor(token)
    logins.log_out(ended, HERE)
    clock.seconds += IDLE - 1
    again = opened(settings, clock)
    assert again.visitor(token) == Visitor("张三", Role.MANAGER)
    assert again.visitor(ended) is None


def test_what_changes_an_account_reaches_its_sessions_at_once(logins: Logins) -> None:
    token = logins.log_in("李四", OTHER, HERE)
    logins.change(LOCAL, "李四", role=Role.TRAINER)
    assert logins.visitor(token) == Visitor("李四", Role.TRAINER, ("人事",))
    logins.set_group(LOCAL, "人事科", ("人事", "通知"))
    assert logins.visitor(token) == Visitor("李四", Role.TRAINER, ("人事", "通知"))
    logins.remove(LOCAL, "李四")
    assert logins.visitor(token) is None
    logins.add(LOCAL, User("李四"), OTHER)
    assert logins.visitor(token) is None


def test_another_password_ends_all_sessions(logins: Logins) -> None:
    first, second = (logins.log_in("李四", OTHER, HERE) for _ in range(2))
    visitor = logins.visitor(first)
    assert visitor
    fresh = logins.change_password(visitor, OTHER, PASSWORD, HERE)
    assert [logins.visitor(token) for token in (first, second, fresh)] == [None, None, visitor]
    logins.set_password(LOCAL, "李四", OTHER)
    assert logins.visitor(fresh) is None
    assert logins.log_in("李四", OTHER, HERE)


def test_the_old_password_is_needed_and_guessing_it_locks(logins: Logins) -> None:
    visitor = Visitor("李四", Role.READER, ("人事",))
    for _ in range(5):
        with pytest.raises(AccessError, match=WRONG_OLD):
            logins.change_password(visitor, "不知道不知道不知道", PASSWORD, HERE)
    with pytest.raises(LimitError):
        logins.change_password(visitor, OTHER, PASSWORD, HERE)
    logins.unlock(LOCAL, "李四")
    with pytest.raises(SettingsError):
        logins.change_password(visitor, OTHER, "短", HERE)
    with pytest.raises(SettingsError):
        logins.change_password(visitor, OTHER, OTHER, HERE)


def test_somebody_with_very_many_sessions_loses_the_oldest(logins: Logins, clock: Clock) -> None:
    tokens = []
    for _ in range(EACH_MOST + 2):
        tokens.append(logins.sessions.begin("李四", "s"))
        clock.seconds += 1
    assert [logins.sessions.look(token) is not None for token in tokens] == [False] * 2 + [True] * EACH_MOST


def test_an_account_without_a_password_cannot_log_in_with_one(logins: Logins) -> None:
    logins.add(LOCAL, User("王五"), "")
    assert fail(logins, 1, "王五") == [WRONG]
    with pytest.raises(AccessError):
        logins.log_in("王五", "", HERE)
    assert logins.proxied("王五") == Visitor("王五", Role.READER)
    assert logins.proxied("没有") is None


def test_a_damaged_users_file_lets_nobody_in(logins: Logins, settings: Settings) -> None:
    token = logins.log_in("张三", PASSWORD, HERE)
    assert logins.in_use
    settings.users.write_text("[users", encoding="utf-8")
    for call in (lambda: logins.visitor(token), lambda: logins.log_in("张三", PASSWORD, HERE)):
        with pytest.raises(SettingsError) as error:
            call()
        assert_one_line(error.value)
    assert logins.in_use


def test_the_last_who_can_manage_users_stays(logins: Logins) -> None:
    for change in (
        lambda: logins.remove(LOCAL, "张三"),
        lambda: logins.change(LOCAL, "张三", role=Role.READER),
        lambda: logins.change(LOCAL, "张三", groups=("人事科",)),
    ):
        with pytest.raises(SettingsError, match=LAST_MANAGER):
            change()
    logins.remove(LOCAL, "李四")
    logins.remove(LOCAL, "张三")
    assert not logins.accounts.roster().users


def test_only_managers_who_see_everything_may_manage_users() -> None:
    require_user_manager(LOCAL)
    for visitor in (Visitor("a", Role.TRAINER), Visitor("a", Role.MANAGER, ("",)), Visitor("a", Role.MANAGER, ())):
        with pytest.raises(AccessError) as error:
            require_user_manager(visitor)
        assert_one_line(error.value)


@pytest.mark.parametrize("content", [b"no database", b""])
def test_a_damaged_file_of_sessions_is_said_in_one_line(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "sessions.sqlite"
    file.write_bytes(content)
    if content:
        with pytest.raises(StoreError) as error:
            Sessions(file, 60, 60).look("x")
        assert_one_line(error.value)
        assert file.read_bytes() == content
    else:
        assert Sessions(file, 60, 60).look("x") is None


def test_a_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "other.sqlite"
    with sqlite3.connect(file) as base:
        base.execute("CREATE TABLE x (y)")
    before = file.read_bytes()
    with pytest.raises(StoreError, match="不是本程序的登录记录"):
        Sessions(file, 60, 60).begin("a", "s")
    assert file.read_bytes() == before


def test_a_bucket_empties_and_fills() -> None:
    clock = Clock()
    limits = RateLimits({Use.QUESTION: 3, Use.UPLOAD: 1, Use.LOGIN: 1}, clock)
    for _ in range(3):
        limits.take("a", Use.QUESTION)
    with pytest.raises(LimitError) as error:
        limits.take("a", Use.QUESTION)
    assert str(error.value) == "提问太频繁（每分钟最多 3 次）：请等 20 秒再试。"
    limits.take("b", Use.QUESTION)
    limits.take("a", Use.UPLOAD)
    clock.seconds += 20
    limits.take("a", Use.QUESTION)
    with pytest.raises(LimitError):
        limits.take("a", Use.QUESTION)


def test_many_at_once_are_counted_and_never_cost_more_than_a_bucket_holds() -> None:
    clock = Clock()
    limits = RateLimits({Use.QUESTION: 3}, clock)
    limits.take("a", Use.QUESTION, 2)
    with pytest.raises(LimitError, match="请等 20 秒再试"):
        limits.take("a", Use.QUESTION, 2)
    limits.take("a", Use.QUESTION)
    limits.take("b", Use.QUESTION, 50)
    with pytest.raises(LimitError, match="请等 60 秒再试"):
        limits.take("b", Use.QUESTION, 50)
    clock.seconds += 60
    limits.take("b", Use.QUESTION, 50)


def test_log_ins_from_one_address_are_counted(settings: Settings) -> None:
    logins = Logins(replace(settings, logins_per_minute=2))
    fail(logins, 2, "x")
    with pytest.raises(LimitError, match="登录太频繁"):
        logins.log_in("y", "z", HERE)
