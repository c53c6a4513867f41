"""The users file: what it says, how it is changed, and what becomes of a damaged one."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.accounts.account_file import Accounts, Roster, User, checked_folder, checked_name, read_roster
from assistant.accounts.passwords import hash_password
from assistant.accounts.visitor import Role, Visitor
from assistant.base.errors import SettingsError
from support.corpus import assert_one_line

KEPT = hash_password("春天的第一场雨下得很大")


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return Accounts(tmp_path / "数据" / "users.toml")


def put(accounts: Accounts, *users: User, **groups: tuple[str, ...]) -> None:
    with accounts.changing() as held:
        for name, folders in groups.items():
            held[0] = held[0].with_group(name, folders)
        for user in users:
            held[0] = held[0].with_new(user)


def test_what_is_written_is_read_again(accounts: Accounts) -> None:
    users = [
        User("张三", Role.MANAGER, None, KEPT),
        User("li.si@office", Role.READER, ("人事",)),
        User("王五", groups=()),
    ]
    put(accounts, *users, 人事=("人事", '通知/"内部"'), 全部=("",))
    roster = read_roster(accounts.file)
    assert roster == accounts.roster()
    assert roster.users == {user.name: user for user in users}
    assert roster.groups == {"人事": ("人事", '通知/"内部"'), "全部": ("",)}
    assert stat.S_IMODE(accounts.file.stat().st_mode) == 0o600
    assert {p.name for p in accounts.file.parent.iterdir()} <= {"users.toml", "users.toml.lock"}


def test_groups_open_their_folders_and_no_groups_open_everything(accounts: Accounts) -> None:
    put(accounts, User("a", groups=("x", "y")), User("b"), User("c", groups=()), x=("人事",), y=("通知/食堂", "人事"))
    roster = accounts.roster()
    assert roster.visitor("a") == Visitor("a", Role.READER, ("人事", "通知/食堂"))
    assert roster.visitor("b") == Visitor("b", Role.READER, None)
    assert roster.visitor("c") == Visitor("c", Role.READER, ())
    assert not Visitor("c", Role.READER, ()).may_read("x.txt")
    assert roster.visitor("d") is None


def test_a_change_by_hand_counts_at_once(accounts: Accounts) -> None:
    put(accounts, User("a"))
    assert accounts.roster().users["a"].role is Role.READER
    accounts.file.write_text('[users.a]\nrole = "manager"\n', encoding="utf-8")
    assert accounts.roster().users["a"].role is Role.MANAGER
    accounts.file.unlink()
    assert accounts.roster() == Roster()


@pytest.mark.parametrize(
    "text",
    [
        "[users",
        "[user.a]\nrole = 'reader'\n",
        "[users.a]\n",
        "[users.a]\nrole = 'boss'\n",
        "[users.a]\nrole = 'reader'\nrights = 1\n",
        "[users.a]\nrole = 'reader'\ngroups = ['没有']\n",
        "[users.a]\nrole = 'reader'\ngroups = '人事'\n",
        "[users.a]\nrole = 'reader'\npassword = 'plain'\n",
        "[users.a]\nrole = 'reader'\n[users.A]\nrole = 'reader'\n",
        "[users.'a b']\nrole = 'reader'\n",
        "users = 1\n",
        "users = [1]\n",
        "groups = {x = ['../y']}\n",
        "[users]\na = 'x'\n",
    ],
)
def test_a_damaged_file_is_said_in_one_line_and_never_overwritten(accounts: Accounts, text: str) -> None:
    accounts.file.parent.mkdir()
    accounts.file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        accounts.roster()
    assert_one_line(error.value)
    assert str(accounts.file) in str(error.value)
    with pytest.raises(SettingsError), accounts.changing():
        raise AssertionError
    assert accounts.file.read_text(encoding="utf-8") == text


def test_a_change_that_fails_changes_nothing(accounts: Accounts) -> None:
    put(accounts, User("a"))
    before = accounts.file.read_bytes()
    with pytest.raises(SettingsError):
        put(accounts, User("b"), User("A"))
    assert accounts.file.read_bytes() == before


def test_many_changes_at_once_are_all_kept(accounts: Accounts) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: put(accounts, User(f"u{n}")), range(24)))
    assert sorted(accounts.roster().users) == sorted(f"u{n}" for n in range(24))


def test_groups_that_people_are_in_stay(accounts: Accounts) -> None:
    put(accounts, User("a", groups=("x",)), x=("人事",))
    with pytest.raises(SettingsError, match="还有人（a）"):
        accounts.roster().without_group("x")
    assert accounts.roster().without_user("a").without_group("x") == Roster()
    for wrong in (
        lambda r: r.without_user("b"),
        lambda r: r.without_group("z"),
        lambda r: r.with_user(User("b", groups=("z",))),
    ):
        with pytest.raises(SettingsError) as error:
            wrong(accounts.roster())
        assert_one_line(error.value)


@pytest.mark.parametrize(
    ("name", "kept"), [(" 张三 ", "张三"), ("Ｚhang.San", "Zhang.San"), ("买买提·艾力", "买买提·艾力")]
)
def test_names_are_kept_in_one_form(name: str, kept: str) -> None:
    assert checked_name(name) == kept


@pytest.mark.parametrize("name", ["", " ", "a b", "a\nb", "<b>", "长" * 41, ".a", None, 3, ["a"], "a\u200bb", "a/b"])
def test_names_that_cannot_be_are_refused(name: object) -> None:
    with pytest.raises(SettingsError) as error:
        checked_name(name)
    assert_one_line(error.value)


@pytest.mark.parametrize(
    ("folder", "kept"),
    [("人事", "人事"), ("/人事/", "人事"), ("通知\\食堂", "通知/食堂"), ("./a//b", "a/b"), ("/", "")],
)
def test_folders_are_kept_in_one_form(folder: str, kept: str) -> None:
    assert checked_folder(folder) == kept


@pytest.mark.parametrize("folder", ["..", "a/../b", "C:/x", "a\nb", None, 1])
def test_folders_outside_the_corpus_are_refused(folder: object) -> None:
    with pytest.raises(SettingsError):
        checked_folder(folder)


@given(st.text(min_size=1, max_size=30))
def test_every_folder_that_is_accepted_is_read_as_written(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    try:
        folder = checked_folder(text)
    except SettingsError:
        return
    accounts = Accounts(tmp_path_factory.mktemp("roster") / "users.toml")
    put(accounts, User("a", groups=("g",)), g=(folder,))
    assert accounts.roster().groups["g"] == (folder,)
