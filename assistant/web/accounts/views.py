"""What the pages of log-in and users get as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.accounts.visitor import ROLE_NAMES, Role


@dataclass(frozen=True)
class AccountView:
    """What a visitor may know of themselves; `password` says whether they have one to change."""

    name: str
    role: str
    folders: Sequence[str] | None
    password: bool


@dataclass(frozen=True)
class UserRow:
    """A user; `password` says whether they have one, `locked` for how many seconds they cannot log in."""

    name: str
    role: Role
    groups: Sequence[str] | None
    password: bool
    locked: int
    oneself: bool


@dataclass(frozen=True)
class GroupRow:
    """A group and the folders that it sees."""

    name: str
    folders: Sequence[str]


@dataclass(frozen=True)
class UserList:
    """Users and groups, and what roles are called."""

    users: Sequence[UserRow]
    groups: Sequence[GroupRow]
    roles: Mapping[Role, str] = field(default_factory=lambda: ROLE_NAMES)
