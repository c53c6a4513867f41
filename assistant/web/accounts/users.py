"""The page of users, for managers of all folders: accounts, groups and the audit log."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from assistant.accounts.account_file import User, checked_folder, plain_name
from assistant.accounts.audit import ACTION_NAMES
from assistant.accounts.authentication import Logins, require_user_manager
from assistant.accounts.visitor import Role, Visitor
from assistant.base.errors import SettingsError
from assistant.web.accounts.requests import (
    GroupRequest,
    NameRequest,
    NewUserRequest,
    PasswordRequest,
    UserRequest,
)
from assistant.web.accounts.views import GroupRow, UserList, UserRow
from assistant.web.assets import add_page, own_page
from assistant.web.endpoint import endpoint
from assistant.web.requests import checked
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


def _then_all(users: "Users", step: Step) -> Callable[[Visitor, Given], UserList]:
    """Return a handler that takes a step and answers with how things are then."""

    def handle(visitor: Visitor, given: Given) -> UserList:
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

    def all(self, visitor: Visitor) -> UserList:
        """Return users and groups."""
        self.check(visitor)
        roster = self._logins.accounts.roster()
        users = [
            UserRow(
                name=user.name,
                role=user.role,
                groups=user.groups,
                password=bool(user.password),
                locked=round(self._logins.locked_for(user.name)),
                oneself=user.name == visitor.name,
            )
            for user in roster.users.values()
        ]
        return UserList(users, [GroupRow(name, folders) for name, folders in roster.groups.items()])

    def notes(self, visitor: Visitor) -> list[dict[str, str]]:
        """Return the newest entries of the audit log, with their actions in words."""
        self.check(visitor)
        entries = self._logins.audit.last(NOTES_SHOWN)
        words = {str(action): name for action, name in ACTION_NAMES.items()}
        return [entry | {"action": words.get(entry.get("action", ""), "")} for entry in entries]

    def add(self, visitor: Visitor, given: Given) -> None:
        """Make an account."""
        said = checked(NewUserRequest, given)
        if not said.password:
            raise SettingsError("请给新用户写一个密码，他登录后可以自己改。")
        self._logins.require_free(said.name)
        self._forget(plain_name(said.name))
        self._logins.add(visitor, User(said.name, said.role, said.groups), said.password)

    def set(self, visitor: Visitor, given: Given) -> None:
        """Set role and groups of a user."""
        said = checked(UserRequest, given)
        if said.name == visitor.name and (said.role is not Role.MANAGER or said.groups is not None):
            raise SettingsError(ONESELF)
        self._logins.change(visitor, said.name, role=said.role, groups=said.groups)

    def password(self, visitor: Visitor, given: Given) -> None:
        """Give somebody else another password."""
        said = checked(PasswordRequest, given)
        if said.name == visitor.name:
            raise SettingsError("自己的密码请在“我的账号”里改。")
        self._logins.set_password(visitor, said.name, said.password)

    def unlock(self, visitor: Visitor, given: Given) -> None:
        """Let a user try again."""
        self._logins.unlock(visitor, checked(NameRequest, given).name)

    def remove(self, visitor: Visitor, given: Given) -> None:
        """Take an account away."""
        name = checked(NameRequest, given).name
        if name == visitor.name:
            raise SettingsError(ONESELF)
        self._logins.remove(visitor, name)
        self._forget(name)

    def set_group(self, visitor: Visitor, given: Given) -> None:
        """Make a group or set its folders."""
        said = checked(GroupRequest, given)
        folders = tuple(dict.fromkeys(map(checked_folder, said.folders)))
        if not folders:
            raise SettingsError("请至少写一个文件夹，一行一个。")
        self._logins.set_group(visitor, plain_name(said.name), folders)

    def remove_group(self, visitor: Visitor, given: Given) -> None:
        """Take a group away."""
        self._logins.remove_group(visitor, checked(NameRequest, given).name)
