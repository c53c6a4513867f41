"""Accounts: names with a role, a password and groups, in one TOML file; groups open folders of the corpus.

    [groups]
    "人事科" = ["人事", "通知/人事"]

    [users."张三"]
    role = "reader"
    groups = ["人事科"]          # without this line: all documents
    password = "scrypt$…"

`python -m assistant user` and the page write the file; roles and groups may be edited by hand. Who is
logged in is not known here.
"""

import json
import os
import re
import tempfile
import threading
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assistant.accounts.passwords import is_hash
from assistant.accounts.visitor import ROLE_NAMES, Role, Visitor
from assistant.base.errors import SettingsError

NAME_MOST = 40
LOCK_SECONDS = 10.0
HEAD = "# 用户和分组。请用 python -m assistant user 改；手工改时只改 role、groups 和 [groups]。\n"
MEND = "请改正这一处，或恢复备份"

_NAME = re.compile(r"[\w][\w.@·-]*")


@dataclass(frozen=True)
class User:
    """One account; no `groups` (None) opens all documents, no `password` ("") allows no log-in with one."""

    name: str
    role: Role = Role.READER
    groups: tuple[str, ...] | None = None
    password: str = ""


@dataclass(frozen=True)
class Roster:
    """What the file says: users by name, and the folders of each group."""

    users: Mapping[str, User] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def user(self, name: str) -> User:
        """Return the user called `name`; raises `SettingsError`."""
        if name not in self.users:
            raise SettingsError(f"没有名为 {name} 的用户：请用 python -m assistant user list 查看。")
        return self.users[name]

    def visitor(self, name: str) -> Visitor | None:
        """Return what the user called `name` may do and read, None where there is no such user."""
        user = self.users.get(name)
        if user is None:
            return None
        if user.groups is None:
            return Visitor(name, user.role)
        folders = {folder for group in user.groups for folder in self.groups[group]}
        return Visitor(name, user.role, tuple(sorted(folders)))

    def with_new(self, user: User) -> "Roster":
        """Return the roster with one user more; raises `SettingsError` where the name, or one like it, is taken."""
        same = next((name for name in self.users if name.casefold() == user.name.casefold()), None)
        if same:
            raise SettingsError(f"已经有名为 {same} 的用户：请换一个名字，或用 user set 修改它。")
        return self.with_user(user)

    def with_user(self, user: User) -> "Roster":
        """Return the roster with `user` put in; raises `SettingsError` for a group that there is not."""
        for group in user.groups or ():
            if group not in self.groups:
                raise SettingsError(f"没有名为 {group} 的分组：请先用 python -m assistant user group {group} 建立。")
        return replace(self, users={**self.users, user.name: user})

    def without_user(self, name: str) -> "Roster":
        """Return the roster without the user called `name`; raises `SettingsError`."""
        self.user(name)
        return replace(self, users={n: u for n, u in self.users.items() if n != name})

    def with_group(self, name: str, folders: tuple[str, ...]) -> "Roster":
        """Return the roster with a group that opens `folders`, and no others."""
        return replace(self, groups={**self.groups, name: folders})

    def without_group(self, name: str) -> "Roster":
        """Return the roster without a group; raises `SettingsError` while somebody is in it."""
        members = [user.name for user in self.users.values() if name in (user.groups or ())]
        if name not in self.groups:
            raise SettingsError(f"没有名为 {name} 的分组：请用 python -m assistant user list 查看。")
        if members:
            raise SettingsError(f"分组 {name} 里还有人（{'、'.join(members[:5])}）：请先用 user set 改他们的分组。")
        return replace(self, groups={n: f for n, f in self.groups.items() if n != name})


class Accounts:
    """The users file: read again whenever it has changed, written in one step by one at a time."""

    def __init__(self, file: Path) -> None:
        self.file = file.absolute()
        self._lock = threading.Lock()
        self._read: tuple[object, Roster] | None = None

    def roster(self) -> Roster:
        """Return what the file says now, nothing where there is none; raises `SettingsError` for a damaged one."""
        with self._lock:
            state = self._state()
            if state is None:
                return Roster()
            if self._read is None or self._read[0] != state:
                self._read = state, read_roster(self.file)
            return self._read[1]

    @contextmanager
    def changing(self) -> Iterator[list[Roster]]:
        """Hold the file while it is changed: the one roster in the list is what is written in the end."""
        from filelock import FileLock, Timeout

        try:
            with FileLock(self.file.with_name(f"{self.file.name}.lock"), timeout=LOCK_SECONDS):
                held = [read_roster(self.file) if self.file.exists() else Roster()]
                yield held
                _write(self.file, _text(held[0]))
        except Timeout:
            raise SettingsError(f"另一个程序正在修改 {self.file}：请稍后再试。") from None
        except OSError as error:
            raise SettingsError(f"写不了用户文件 {self.file}（{error.strerror}）：请检查写入权限和磁盘空间。") from None

    def _state(self) -> object:
        try:
            found = self.file.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise SettingsError(f"用户文件 {self.file} 打不开（{error.strerror}）：请检查它的读取权限。") from None
        return found.st_mtime_ns, found.st_size, found.st_ino


def checked_name(name: object, what: str = "用户名") -> str:
    """Return a name as it is kept; raises `SettingsError` for one that cannot be one."""
    found = plain_name(name) if isinstance(name, str) else ""
    if not _NAME.fullmatch(found) or len(found) > NAME_MOST:
        raise SettingsError(f"{what}要是 1 到 {NAME_MOST} 个汉字、字母或数字（可以有 . - _ @）：请换一个。")
    return found


def plain_name(name: str) -> str:
    """Return what somebody typed as a name in the form that names are kept in."""
    return unicodedata.normalize("NFKC", name).strip()


def checked_folder(folder: object) -> str:
    """Return a folder of the corpus as a relative path with "/", "" for all of it; raises `SettingsError`."""
    text = unicodedata.normalize("NFC", folder).replace("\\", "/").strip() if isinstance(folder, str) else ".."
    parts = [part for part in text.split("/") if part not in ("", ".")]
    if ".." in parts or ":" in text or any(not character.isprintable() for character in text):
        raise SettingsError(f"文件夹 {folder} 不对：请写 corpus 里面的文件夹，如 人事 或 通知/人事。")
    return "/".join(parts)


def read_roster(file: Path) -> Roster:
    """Read a users file; raises `SettingsError` naming what is wrong in it."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"用户文件 {file} 读不懂（{error}）：{MEND}。") from None
    except OSError as error:
        raise SettingsError(f"用户文件 {file} 打不开（{error.strerror}）：请检查它的读取权限。") from None
    try:
        return _roster(table)
    except (SettingsError, TypeError, ValueError, AttributeError, KeyError) as error:
        reason = str(error).rstrip("。").replace("：", "，") or type(error).__name__
        raise SettingsError(f"用户文件 {file} 不对（{reason}）：{MEND}。") from None


def _roster(table: dict[str, Any]) -> Roster:
    unknown = set(table) - {"users", "groups"}
    if unknown:
        raise ValueError(f"不认识 {min(unknown)}")
    roster = Roster()
    for name, folders in table.get("groups", {}).items():
        roster = roster.with_group(checked_name(name, "分组名"), tuple(map(checked_folder, _texts(folders, name))))
    for name, entry in table.get("users", {}).items():
        roster = roster.with_new(_user(checked_name(name), entry))
    return roster


def _user(name: str, entry: dict[str, Any]) -> User:
    unknown = set(entry) - {"role", "groups", "password"}
    if unknown:
        raise ValueError(f"{name} 的 {min(unknown)} 不认识")
    if entry.get("role") not in list(Role):
        raise ValueError(f"{name} 的 role 要是 {'、'.join(Role)} 之一")
    password = entry.get("password", "")
    if password and not (isinstance(password, str) and is_hash(password)):
        raise ValueError(f"{name} 的 password 不是本程序写的")
    groups = tuple(map(plain_name, _texts(entry["groups"], name))) if "groups" in entry else None
    return User(name, Role(entry["role"]), groups, password)


def _texts(value: object, name: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError(f'{name} 的写法要是 ["…", "…"]')
    return value


def _text(roster: Roster) -> str:
    lines = [HEAD, "[groups]"]
    lines += [f"{_quoted(name)} = {_quoted(folders)}" for name, folders in roster.groups.items()]
    for user in roster.users.values():
        lines += ["", f"[users.{_quoted(user.name)}]", f"role = {_quoted(user.role)}  # {ROLE_NAMES[user.role]}"]
        lines += [f"groups = {_quoted(user.groups)}"] if user.groups is not None else []
        lines += [f"password = {_quoted(user.password)}"] if user.password else []
    return "\n".join(lines) + "\n"


def _quoted(value: object) -> str:
    """Return a string or a list of strings in TOML; names and folders hold nothing that TOML writes otherwise."""
    return json.dumps(value, ensure_ascii=False)


def _write(file: Path, text: str) -> None:
    """Replace `file` in one step, readable by its owner only."""
    file.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)  # made with mode 0600
    try:
        with os.fdopen(number, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.replace(name, file)
    except OSError:
        os.unlink(name)
        raise
