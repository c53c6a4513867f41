"""What the pages of log-in and users send, checked. What a name, a password or a folder may be, `accounts` says."""

from assistant.accounts.visitor import Role
from assistant.web.requests import RequestModel


class LoginRequest(RequestModel):
    """Asks to be let in."""

    name: str
    password: str


class OwnPasswordRequest(RequestModel):
    """Asks for another password of one's own."""

    old: str
    new: str


class NameRequest(RequestModel):
    """Names a user or a group."""

    name: str


class PasswordRequest(NameRequest):
    """Gives a user another password."""

    password: str


class UserRequest(NameRequest):
    """Says what a user may do and see; no `groups` at all (null) see all documents."""

    role: Role
    groups: tuple[str, ...] | None


class NewUserRequest(UserRequest):
    """Asks for an account."""

    password: str


class GroupRequest(NameRequest):
    """Says which folders a group sees."""

    folders: tuple[str, ...]
