"""Study packs as they are kept: each under its owner, in one SQLite file.

A pack is saved at the revision that it was read at: of two windows the second is told instead of undoing what the
first did. A pack that is deleted can be had back for `KEPT_DAYS` days.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import time
from typing import Any

from assistant.base.errors import ChangedError, MissingError, SettingsError
from assistant.base.files.sqlite_file import SqliteFile
from assistant.base.text import drop_controls
from assistant.study.pack import Item, Pack, pack_of
from assistant.study.staleness import documents_of

FORMAT = 1
APPLICATION = 0x706F6C73  # "pols" in SQLite's header: whose file this is
PACKS_MOST = 100
KEPT_DAYS = 30
TITLE_LIMIT = 60
DAY_SECONDS = 86_400
NO_PACK = "没有这份学习材料，可能已经删除：请刷新页面。"
CHANGED = "这份材料在别的窗口里改过了，这一步没有保存：请刷新页面后再改。"
TOO_MANY = f"已有 {PACKS_MOST} 份学习材料：请先删去不用的。"

_SCHEMA = (
    "CREATE TABLE pack (owner TEXT NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL, made INTEGER NOT NULL,"
    " changed INTEGER NOT NULL, revision INTEGER NOT NULL, items INTEGER NOT NULL, documents TEXT NOT NULL,"
    " content TEXT NOT NULL, removed TEXT NOT NULL, deleted INTEGER, PRIMARY KEY (owner, id))",
)
_OWN = "owner = ? AND id = ? AND deleted IS NULL"


@dataclass(frozen=True)
class PackLine:
    """A pack as it stands in a list; times are UTC in seconds since 1970, `documents` are ids."""

    id: str
    title: str
    made: int
    changed: int
    items: int
    documents: tuple[str, ...]


@dataclass(frozen=True)
class Kept:
    """A pack as kept; `removed` are questions taken out of it that can be put back, the last one last."""

    id: str
    made: int
    changed: int
    revision: int
    pack: Pack
    removed: tuple[Item, ...] = ()


class Packs:
    """The packs in the SQLite `file`, made with the first one; safe to use from threads.

    Every call names the owner ("" where there are no accounts) and sees that owner's packs alone.
    """

    def __init__(self, file: Path) -> None:
        self._file = SqliteFile(file, _SCHEMA, (APPLICATION, FORMAT), "学习材料", "study")

    def add(self, owner: str, pack: Pack) -> str:
        """Keep a new pack and return its id; raises `SettingsError` where there are too many."""
        identity, now = secrets.token_hex(8), int(time())
        with self._file.opened() as db:
            db.execute("DELETE FROM pack WHERE deleted < ?", (now - KEPT_DAYS * DAY_SECONDS,))
            count = db.execute("SELECT count(*) FROM pack WHERE owner = ? AND deleted IS NULL", (owner,)).fetchone()[0]
            if count >= PACKS_MOST:
                raise SettingsError(TOO_MANY)
            values = (owner, identity, pack.title, now, now, 1, *_columns(pack, ()))
            db.execute("INSERT INTO pack VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)", values)
        return identity

    def listed(self, owner: str) -> list[PackLine]:
        """Return the packs of an owner, the one changed last first."""
        if not self._file.exists:
            return []
        with self._file.opened() as db:
            rows = db.execute(
                "SELECT id, title, made, changed, items, documents FROM pack"
                " WHERE owner = ? AND deleted IS NULL ORDER BY changed DESC, rowid DESC",
                (owner,),
            )
            return [_line(row) for row in rows]

    def get(self, owner: str, identity: str) -> Kept:
        """Return a pack; raises `MissingError` where the owner has none of this id."""
        row = None
        if self._file.exists:
            with self._file.opened() as db:
                columns = "made, changed, revision, content, removed"
                row = db.execute(f"SELECT {columns} FROM pack WHERE {_OWN}", (owner, identity)).fetchone()
        if row is None:
            raise MissingError(NO_PACK)
        made, changed, revision, content, removed = row
        return Kept(identity, made, changed, revision, pack_of(json.loads(content)), _items_of(removed))

    def save(self, owner: str, kept: Kept) -> Kept:
        """Keep a pack in the place of its revision and return it with the new one.

        Raises `ChangedError` where it was saved meanwhile, `MissingError` where it is not there.
        """
        now = int(time())
        with self._file.opened() as db:
            found = db.execute(f"SELECT revision FROM pack WHERE {_OWN}", (owner, kept.id)).fetchone()
            if found is None:
                raise MissingError(NO_PACK)
            if found[0] != kept.revision:
                raise ChangedError(CHANGED)
            values = (kept.pack.title, now, kept.revision + 1, *_columns(kept.pack, kept.removed), owner, kept.id)
            sets = "title = ?, changed = ?, revision = ?, items = ?, documents = ?, content = ?, removed = ?"
            db.execute(f"UPDATE pack SET {sets} WHERE {_OWN}", values)
        return replace(kept, changed=now, revision=kept.revision + 1)

    def rename(self, owner: str, identity: str, title: str) -> Kept:
        """Name a pack and return it; raises `MissingError` and, for no title, `SettingsError`."""
        kept = self.get(owner, identity)
        return self.save(owner, replace(kept, pack=replace(kept.pack, title=parse_title(title))))

    def delete(self, owner: str, identity: str) -> None:
        """Take a pack away; `restore` brings it back. Raises `MissingError` where the owner has none of this id."""
        self._mark(owner, identity, int(time()), "deleted IS NULL")

    def restore(self, owner: str, identity: str) -> None:
        """Bring back a pack that was taken away; raises `MissingError` where there is none."""
        self._mark(owner, identity, None, "deleted IS NOT NULL")

    def forget(self, owner: str) -> None:
        """Delete all packs of an account, those taken away too, when it is removed or its name given to another."""
        if self._file.exists:
            with self._file.opened() as db:
                db.execute("DELETE FROM pack WHERE owner = ?", (owner,))

    def _mark(self, owner: str, identity: str, deleted: int | None, where: str) -> None:
        count = 0
        if self._file.exists:
            with self._file.opened() as db:
                query = f"UPDATE pack SET deleted = ? WHERE owner = ? AND id = ? AND {where}"
                count = db.execute(query, (deleted, owner, identity)).rowcount
        if not count:
            raise MissingError(NO_PACK)


def parse_title(said: object) -> str:
    """Return a title on one line; raises `SettingsError` for none and for one too long."""
    title = " ".join(drop_controls(said).split()) if isinstance(said, str) else ""
    if not title or len(title) > TITLE_LIMIT:
        raise SettingsError(f"材料的名称应为 1 到 {TITLE_LIMIT} 个字：请改短一些。")
    return title


def _columns(pack: Pack, removed: Sequence[Item]) -> tuple[Any, ...]:
    """Return what is written of a pack: how many questions, which documents, all of it, what was taken out."""
    taken = replace(pack, items=tuple(removed), **_EMPTY).as_json()
    content = (json.dumps(value, ensure_ascii=False) for value in (documents_of(pack), pack.as_json(), taken))
    return len(pack.items), *content


_EMPTY: dict[str, Any] = dict.fromkeys(("outlines", "summary", "formulations", "remarks", "cards", "plan"), ())


def _line(row: Sequence[Any]) -> PackLine:
    identity, title, made, changed, items, documents = row
    return PackLine(identity, title, made, changed, items, tuple(json.loads(documents)))


def _items_of(text: str) -> tuple[Item, ...]:
    return pack_of(json.loads(text)).items
