"""A SQLite file of ours: made when first written to, known by its header, opened for one transaction at a time.

Several programs may write. A file that is not ours or of another format is never touched; what is deleted is
not left readable in it.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from assistant.base.errors import StoreError

BUSY_SECONDS = 5.0


class SqliteFile:
    """The file at `path` with the tables of `schema`.

    `mark`, an application id (four letters of ASCII) and a format, stands in its header. `name` says in
    Chinese what it holds, `setting` which setting says where it lies.
    """

    def __init__(self, path: Path, schema: Sequence[str], mark: tuple[int, int], name: str, setting: str) -> None:
        self.path = path.absolute()
        self._mark = mark
        self._schema = (*schema, f"PRAGMA application_id = {mark[0]}", f"PRAGMA user_version = {mark[1]}")
        self._name, self._setting = name, setting

    @property
    def exists(self) -> bool:
        """Whether anything was ever kept."""
        return self.path.exists()

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """Yield the file within one transaction; raises `StoreError` with what is wrong and the mend."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if not self.path.exists():
                self.path.touch(0o600)
            with closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)) as db, db:
                db.execute("PRAGMA foreign_keys = ON")
                db.execute("PRAGMA secure_delete = ON")
                db.execute("BEGIN IMMEDIATE")
                self._check(db)
                yield db
        except (sqlite3.Error, OSError) as error:
            mend = f"请检查磁盘和权限，或用设置 {self._setting} 换一个位置。"
            reason = " ".join(str(error).split())
            raise StoreError(f"{self._name} {self.path} 读写不了（{reason}）：{mend}") from error

    def _check(self, db: sqlite3.Connection) -> None:
        """Make the tables in a fresh file; raises `StoreError` for a file that is not ours or of another format."""
        found = tuple(db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
        if found == self._mark:
            return
        if db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() or found != (0, 0):
            mend = f"请用设置 {self._setting} 换一个位置。"
            raise StoreError(f"{self.path} 不是本程序这一版的{self._name}，没有动它：{mend}")
        for statement in self._schema:
            db.execute(statement)
