"""Who asks and what they may read: a role, and the folders of the corpus that are open to them.

Where there are no accounts everybody is `LOCAL`. Who somebody is, is found out elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from assistant.base.errors import AccessError


class Role(StrEnum):
    """What somebody may do; each role may do what those before it may."""

    READER = "reader"
    TRAINER = "trainer"
    MANAGER = "manager"

    def covers(self, needed: "Role") -> bool:
        """Say whether this role may do what `needed` may."""
        return list(Role).index(self) >= list(Role).index(needed)


ROLE_NAMES = {Role.READER: "读者", Role.TRAINER: "培训员", Role.MANAGER: "管理员"}


@dataclass(frozen=True)
class Visitor:
    """Somebody who asks; `folders` are paths below the corpus ("" is its top with all below), None is everything."""

    name: str
    role: Role
    folders: tuple[str, ...] | None = None

    def may_read(self, path: str) -> bool:
        """Say whether the file at `path`, relative to the corpus, may be read."""
        return self.folders is None or within(path, self.folders)

    def require(self, role: Role) -> None:
        """Raise `AccessError` where `role` is needed and this visitor's is less."""
        if not self.role.covers(role):
            raise AccessError(f"这一步需要{ROLE_NAMES[role]}的权限：请联系管理员。")


def within(path: str, folders: Iterable[str]) -> bool:
    """Say whether the file at `path` is in one of `folders` or below it; both are relative to the corpus."""
    return any(not folder or path.startswith(f"{folder}/") for folder in folders)


LOCAL = Visitor("", Role.MANAGER)
