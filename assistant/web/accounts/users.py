"""The page of users, for managers of all folders: accounts, groups and the audit log."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from assistant.accounts.account_file import User, checked_folder, plain_name
from assistant.accounts.audit import ACTION_NAMES
from assistant.accounts.authentication import Logins, require_user_manager
from assistant.accounts.visitor import ROLE_NAMES, Role, Visitor
from assistant.base.errors import SettingsError
from assistant.web.accounts.login import texts
from assistant.web.assets import add_page, own_page
from assistant.web.endpoint import BAD_REQUEST, endpoint
from assistant.web.routing import Route, Routes

if TYPE_CHECKING:
    from assistant.web.desk import Desk

Given = dict[str, Any]
Step = Callable[[Visitor, Given], None]

NOTES_SHOWN = 200
NO_ACCOUNTS = "现在还没有账号：请先在服务器上运行 python -m assistant user add 用户名 --role manager。"
ONESELF = "不能删除正在使用的账号，也不能降低它的权限：请让另一位管理员来做。"


def add_routes(routes: Routes, desk: "Desk") -> None:
    """Add the page and its routes."""
    logins = desk.logins
    users = Users(logins, desk.forget)
    add_page(routes, Route("GET", "/users"), own_page("users", "用户", "login", "users"))
    endpoint(routes, Route("GET", "/api/users", Role.MANAGER), lambda visitor, _: users.all(visitor))
    endpoint(routes, Route("GET", "/api/audit", Role.MANAGER), lambda visitor, _: users.notes(visitor))
    for path, step in (
        ("/api/users/add", users.add),
        ("/api/users/set", users.set),
        ("/api/users/password", users.password),
        ("/api/users/unlock", users.unlock),
        ("/api/users/remove", users.remove),
        ("/api/groups/set", users.set_group),
        ("/api/groups/remove", users.remove_group),
    ):
        endpoint(routes, Route("POST", path, Role.MANAGER), _then_all(users, step))


def _then_all(users: "Users", step: Step) -> Callable[[Visitor, Given], dict[str, Any]]:
    """Return a handler that makes one change and responds with all users and groups afterwards."""

    def handle(visitor: Visitor, given: Given) -> dict[str, Any]:
        users.check(visitor)
        step(visitor, given)
        return users.all(visitor)

    return handle


class Users:
    """A manager's actions on accounts; requests are validated here."""

    def __init__(self, logins: Logins, forget: Callable[[str], None]) -> None:
        """`forget` deletes what is kept under the name of an account."""
        self._logins = logins
        self._forget = forget

    def check(self, visitor: Visitor) -> None:
        """Raise `AccessError` for visitors who may not manage users, `SettingsError` where there are no accounts."""
        require_user_manager(visitor)
        if not self._logins.in_use:
            raise SettingsError(NO_ACCOUNTS)

    def all(self, visitor: Visitor) -> dict[str, Any]:
        """Return users and groups."""
        self.check(visitor)
        roster = self._logins.accounts.roster()
        users = [
            {
                "name": user.name,
                "role": user.role,
                "groups": user.groups,
                "password": bool(user.password),
                "locked": round(self._logins.locked_for(user.name)),
                "oneself": user.name == visitor.name,
            }
            for user in roster.users.values()
        ]
        groups = [{"name": name, "folders": folders} for name, folders in roster.groups.items()]
        return {"users": users, "groups": groups, "roles": ROLE_NAMES}

    def notes(self, visitor: Visitor) -> list[dict[str, str]]:
        """Return the newest entries of the audit log, with their actions in words."""
        self.check(visitor)
        entries = self._logins.audit.last(NOTES_SHOWN)
        words = {str(action): name for action, name in ACTION_NAMES.items()}
        return [entry | {"action": words.get(entry.get("action", ""), "")} for entry in entries]

    def add(self, visitor: Visitor, given: Given) -> None:
        """Make an account."""
        name, password = texts(given, "name", "password")
        if not password:
            raise SettingsError("请给新用户写一个密码，他登录后可以自己改。")
        self._logins.require_free(name)
        self._forget(plain_name(name))
        self._logins.add(visitor, User(name, _role(given), _groups(given)), password)

    def set(self, visitor: Visitor, given: Given) -> None:
        """Set role and groups of a user."""
        (name,) = texts(given, "name")
        role, groups = _role(given), _groups(given)
        if name == visitor.name and (role is not Role.MANAGER or groups is not None):
            raise SettingsError(ONESELF)
        self._logins.change(visitor, name, role=role, groups=groups)

    def password(self, visitor: Visitor, given: Given) -> None:
        """Set another user's password."""
        name, password = texts(given, "name", "password")
        if name == visitor.name:
            raise SettingsError("自己的密码请在“我的账号”里改。")
        self._logins.set_password(visitor, name, password)

    def unlock(self, visitor: Visitor, given: Given) -> None:
        """End the lockout of a user."""
        self._logins.unlock(visitor, *texts(given, "name"))

    def remove(self, visitor: Visitor, given: Given) -> None:
        """Delete an account."""
        (name,) = texts(given, "name")
        if name == visitor.name:
            raise SettingsError(ONESELF)
        self._logins.remove(visitor, name)
        self._forget(name)

    def set_group(self, visitor: Visitor, given: Given) -> None:
        """Make a group or set its folders."""
        (name,) = texts(given, "name")
        folders = tuple(dict.fromkeys(map(checked_folder, _list(given, "folders"))))
        if not folders:
            raise SettingsError("请至少写一个文件夹，一行一个。")
        self._logins.set_group(visitor, plain_name(name), folders)

    def remove_group(self, visitor: Visitor, given: Given) -> None:
        """Delete a group."""
        self._logins.remove_group(visitor, *texts(given, "name"))


def _role(given: Given) -> Role:
    if given.get("role") not in list(Role):
        raise SettingsError(BAD_REQUEST)
    return Role(given["role"])


def _groups(given: Given) -> tuple[str, ...] | None:
    """Return the groups in a request; None (null in JSON) stands for all documents."""
    return None if given.get("groups", ()) is None else tuple(_list(given, "groups"))


def _list(given: Given, name: str) -> list[str]:
    found = given.get(name)
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise SettingsError(BAD_REQUEST)
    return found
