"""What passwords must be like, and what is kept of them."""

import threading

import pytest

from assistant.accounts import passwords
from assistant.accounts.passwords import check_password, hash_password, is_hash, matches
from assistant.base.errors import LimitError, SettingsError
from support.corpus import assert_one_line

GOOD = "春天的第一场雨很大"


def test_a_password_matches_what_was_kept_of_it_and_no_other_does() -> None:
    kept = hash_password("correct horse 电池")
    assert kept.startswith("scrypt$32768$8$3$")
    assert "horse" not in kept
    assert matches("correct horse 电池", kept)
    assert not matches("correct horse 电池 ", kept)
    assert not matches("", kept)
    assert hash_password("correct horse 电池") != kept


def test_the_same_password_typed_on_another_keyboard_matches() -> None:
    assert matches("ｃorrect horse！", hash_password("correct horse!"))


def test_nobodys_password_is_tried_as_others_are_and_never_matches(monkeypatch: pytest.MonkeyPatch) -> None:
    passwords._nobodys.cache_clear()
    matches("x", "")
    derived = []
    real = passwords._key

    def counted(password: str, salt: bytes, *work: int) -> bytes:
        derived.append(work)
        return real(password, salt, *work)

    monkeypatch.setattr(passwords, "_key", counted)
    assert not matches("x", "")
    kept = hash_password("y")
    assert not matches("x", kept)
    assert derived[0] == derived[-1] == (passwords.COST, passwords.BLOCK, passwords.PARALLEL)


@pytest.mark.parametrize(
    ("password", "name"),
    [("短密码", ""), ("a" * 201, ""), ("aaaaabbbbbccccc", ""), ("zhangsan12345", "Zhangsan"), ("", "")],
)
def test_passwords_that_are_easily_guessed_are_refused(password: str, name: str) -> None:
    with pytest.raises(SettingsError) as error:
        check_password(password, name)
    assert_one_line(error.value)
    assert not password or password not in str(error.value)


def test_long_passwords_are_fine() -> None:
    check_password(GOOD + "下得", "张三")
    check_password("zhangsan and a lot more of it", "zhangsan")


@pytest.mark.parametrize(
    "kept",
    ["", "x", "scrypt$1$8$1$AA==$AA==", "md5$32768$8$3$AAAA$AAAA", f"scrypt${2**30}$8$3$AAAA$AAAA", "scrypt$a$b$c$d$e"],
)
def test_what_is_not_a_hash_is_known(kept: str) -> None:
    assert not is_hash(kept)
    assert is_hash(hash_password(GOOD))


def test_so_many_at_once_that_they_would_take_all_threads_are_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_queue", threading.BoundedSemaphore(1))
    with passwords._turn():
        with pytest.raises(LimitError) as error:
            hash_password(GOOD)
    assert str(error.value) == passwords.BUSY
    assert hash_password(GOOD)
