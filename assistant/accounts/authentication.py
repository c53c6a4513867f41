"""Logging in: accounts, sessions, failed tries, limits and the audit log together, free of HTTP.

Accounts are in use as soon as the users file names somebody or a proxy does; and once in use they stay
so until the program ends, whatever becomes of the file.
"""

import hashlib
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

from assistant.accounts.account_file import Accounts, Roster, User, checked_name, plain_name
from assistant.accounts.audit import Action, Audit
from assistant.accounts.lockout import Lockout
from assistant.accounts.passwords import check_password, hash_password, matches
from assistant.accounts.rate_limits import RateLimits
from assistant.accounts.sessions import Session, Sessions
from assistant.accounts.visitor import ROLE_NAMES, Role, Visitor
from assistant.base.errors import AccessError, LimitError, SettingsError
from assistant.base.settings import Settings, Use, addresses

WRONG = "用户名或密码不对：请再试一次。"
SAME = "新密码和原来的一样：请换一个。"
WRONG_OLD = "原来的密码不对：请再输一次。"
NOT_ALL = "只有能看全部文件的管理员可以管理用户：请联系这样的管理员。"
LAST_MANAGER = "这是最后一个能看全部文件的管理员：请先再设一个，否则没有人能管理用户。"
UNKNOWN = "（没有的账号）"  # people type passwords in the wrong box: what they typed is not kept


class Logins:
    """Who may come in. Addresses are those that requests come from, as text."""

    def __init__(self, settings: Settings, audit: Audit | None = None) -> None:
        self.accounts = Accounts(settings.users)
        self.audit = audit or Audit(settings.audit)
        self.sessions = Sessions(settings.sessions, 60 * settings.session_idle_minutes, 60 * settings.session_minutes)
        self.limits = RateLimits(settings.rates)
        self._tries = Lockout(self.sessions.opened, self.sessions.now)
        self._proxied = bool(settings.proxy_user_header)
        self._in_use = False

    @property
    def in_use(self) -> bool:
        """Whether people must log in; raises `SettingsError` for a damaged users file."""
        if not self._in_use:
            self._in_use = self._proxied or bool(self.accounts.roster().users)
        return self._in_use

    def log_in(self, name: str, password: str, address: str) -> str:
        """Return the token of a new session; raises `AccessError`, or `LimitError` for too many tries."""
        self.limits.take(address, Use.LOGIN)
        name = plain_name(name)
        user = self.accounts.roster().users.get(name)
        shown = name if user else UNKNOWN
        try:
            locks = self._tries.begin(name, address)
        except LimitError:
            self.audit.note(shown, Action.REFUSED, "已锁定", address)
            raise
        if not matches(password, user.password if user else "") or user is None:
            self.audit.note(shown, Action.LOCKED if locks else Action.REFUSED, "", address)
            raise AccessError(WRONG)
        self._tries.succeeded(name, address)
        self.audit.note(name, Action.LOG_IN, "", address)
        return self.sessions.begin(name, _stamp(user))

    def visitor(self, token: str) -> Visitor | None:
        """Return who has the session of `token`, None where there is none or the account is no longer the same."""
        session = self.sessions.find(token) if token else None
        return self._visitor(session) if session else None

    def still(self, token: str, visitor: Visitor) -> bool:
        """Say whether `visitor` is still who has the session of `token`, without keeping it alive."""
        session = self.sessions.look(token)
        return session is not None and self._visitor(session) == visitor

    def proxied(self, name: str) -> Visitor | None:
        """Return whom a trusted proxy names, None for somebody who has no account."""
        return self.accounts.roster().visitor(plain_name(name))

    def log_out(self, token: str, address: str) -> None:
        """End a session."""
        session = self.sessions.look(token)
        if session:
            self.sessions.end(token)
            self.audit.note(session.name, Action.LOG_OUT, "", address)

    def change_password(self, visitor: Visitor, old: str, new: str, address: str) -> str:
        """Give a visitor another password; all their sessions end; return the token of a new one."""
        self.limits.take(address, Use.LOGIN)
        user = self.accounts.roster().user(visitor.name)
        self._tries.begin(user.name, address)
        if not matches(old, user.password):
            self.audit.note(visitor, Action.REFUSED, "改密码", address)
            raise AccessError(WRONG_OLD)
        self._tries.succeeded(user.name, address)
        check_password(new, user.name)
        if old == new:
            raise SettingsError(SAME)
        changed = self.set_password(visitor, user.name, new)
        return self.sessions.begin(user.name, _stamp(changed))

    def set_password(self, by: Visitor, name: str, password: str) -> User:
        """Give a user another password, in the name of `by`; all the user's sessions end."""
        check_password(password, name)
        kept = hash_password(password)
        with self.accounts.changing() as held:
            user = replace(held[0].user(name), password=kept)
            held[0] = held[0].with_user(user)
        self._tries.unlock(name)
        self.audit.note(by, Action.PASSWORD_CHANGED, name)
        return user

    def require_free(self, name: str) -> None:
        """Raise `SettingsError` for a name that is taken or cannot be one."""
        self.accounts.roster().with_new(User(checked_name(name)))

    def add(self, by: Visitor, user: User, password: str) -> None:
        """Make an account; an empty `password` makes one for a proxy's users only."""
        user = replace(user, name=checked_name(user.name))
        if password:
            check_password(password, user.name)
            user = replace(user, password=hash_password(password))
        with self.accounts.changing() as held:
            held[0] = held[0].with_new(user)
        self.audit.note(by, Action.USER_ADDED, _described(user))

    def change(self, by: Visitor, name: str, **values: Any) -> None:
        """Set `role` or `groups` (None: all documents) of a user; works at once."""
        with self.accounts.changing() as held:
            user = replace(held[0].user(name), **values)
            held[0] = _managed(held[0], held[0].with_user(user))
        self.audit.note(by, Action.USER_CHANGED, _described(user))

    def remove(self, by: Visitor, name: str) -> None:
        """Take an account away; its sessions end at once."""
        with self.accounts.changing() as held:
            held[0] = _managed(held[0], held[0].without_user(name))
        self.audit.note(by, Action.USER_REMOVED, name)

    def unlock(self, by: Visitor, name: str) -> bool:
        """Forget the failed tries of a user; return whether there were any."""
        self.accounts.roster().user(name)
        found = self._tries.unlock(name)
        self.audit.note(by, Action.USER_UNLOCKED, name)
        return found

    def locked_for(self, name: str) -> float:
        """Return for how many seconds a user cannot log in."""
        return self._tries.waiting(name)

    def set_group(self, by: Visitor, name: str, folders: tuple[str, ...]) -> None:
        """Make a group that opens `folders`, or change which it opens."""
        name = checked_name(name, "分组名")
        with self.accounts.changing() as held:
            held[0] = held[0].with_group(name, folders)
        self.audit.note(by, Action.GROUP_CHANGED, f"{name}：{'、'.join(folders) or '（没有文件夹）'}")

    def remove_group(self, by: Visitor, name: str) -> None:
        """Take away a group that nobody is in."""
        with self.accounts.changing() as held:
            held[0] = held[0].without_group(name)
        self.audit.note(by, Action.GROUP_REMOVED, name)

    def _visitor(self, session: Session) -> Visitor | None:
        roster = self.accounts.roster()
        user = roster.users.get(session.name)
        if user is None or _stamp(user) != session.stamp:
            return None
        return roster.visitor(user.name)


def require_user_manager(visitor: Visitor) -> None:
    """Raise `AccessError` for somebody who could give themselves more than they have by managing users."""
    visitor.require(Role.MANAGER)
    if visitor.folders is not None:
        raise AccessError(NOT_ALL)


class Proxies:
    """The proxies whose word counts: addresses and networks, separated by commas."""

    def __init__(self, listed: str) -> None:
        self._networks = addresses(listed)

    def trusts(self, address: str) -> bool:
        """Say whether a request that comes from `address` comes from such a proxy."""
        try:
            found = ip_address(address)
        except ValueError:
            return False
        found = getattr(found, "ipv4_mapped", None) or found
        return any(found in network for network in self._networks)


def _stamp(user: User) -> str:
    return hashlib.sha256(user.password.encode()).hexdigest()


def _described(user: User) -> str:
    groups = "全部文件" if user.groups is None else "、".join(user.groups) or "没有分组"
    return f"{user.name}（{ROLE_NAMES[user.role]}；{groups}）"


def _managed(before: Roster, after: Roster) -> Roster:
    """Return `after`; raises `SettingsError` where it has lost the last who can manage users."""
    if after.users and _managers(before) and not _managers(after):
        raise SettingsError(LAST_MANAGER)
    return after


def _managers(roster: Roster) -> list[str]:
    return [u.name for u in roster.users.values() if u.role is Role.MANAGER and u.groups is None]
