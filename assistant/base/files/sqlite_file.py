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
_DAMAGED = "已损坏：请把它改名留存，或恢复备份；没有这个文件时会另建一份。"
_REASONS = {
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_BUSY: "一直被别的程序占用：请关掉占用它的程序，稍后再试。",
    sqlite3.SQLITE_FULL: "写不下：磁盘已满，请腾出空间。",
    sqlite3.SQLITE_READONLY: "是只读的：请检查写入权限，或用设置 {setting} 换一个位置。",
    sqlite3.SQLITE_CANTOPEN: "打不开：请检查读写权限，或用设置 {setting} 换一个位置。",
}
_OTHER = "读写不了（{error}）：请检查磁盘，或用设置 {setting} 换一个位置。"


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
        """Yield the file within one transaction, rows by name; raises `StoreError` with what is wrong and the mend."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if not self.path.exists():
                self.path.touch(0o600)
            with closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)) as db, db:
                db.row_factory = sqlite3.Row
                db.execute("PRAGMA foreign_keys = ON")
                db.execute("PRAGMA secure_delete = ON")
                db.execute("BEGIN IMMEDIATE")
                self._check(db)
                yield db
        except (sqlite3.Error, OSError) as error:
            raise self.failure(_code(error), error) from error

    def checked_whole(self, db: sqlite3.Connection) -> None:
        """Read the whole file; raises `StoreError` where it is damaged."""
        if db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise self.failure(sqlite3.SQLITE_CORRUPT)

    def failure(self, code: int, error: Exception | None = None) -> StoreError:
        """Return what is wrong with the file, by SQLite's primary result code, and the mend."""
        reason = _REASONS.get(code, _OTHER).format(error=" ".join(str(error).split()), setting=self._setting)
        return StoreError(f"{self._name} {self.path} {reason}")

    def _check(self, db: sqlite3.Connection) -> None:
        """Make the tables in a fresh file; raises `StoreError` for a file that is not ours or of another format."""
        found = tuple(db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
        if found == self._mark:
            return
        application, version = self._mark
        if found[0] == application:
            raise StoreError(
                f"{self._name} {self.path} 是另一版本的程序写的（格式 {found[1]}，本程序用 {version}）："
                "请换回那个版本，或把它改名留存；没有这个文件时会另建一份。"
            )
        if db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() or found != (0, 0):
            mend = f"请用设置 {self._setting} 换一个位置。"
            raise StoreError(f"{self.path} 不是本程序的{self._name}，没有动它：{mend}")
        for statement in self._schema:
            db.execute(statement)


def _code(error: sqlite3.Error | OSError) -> int:
    if isinstance(error, OSError):
        return sqlite3.SQLITE_CANTOPEN
    return getattr(error, "sqlite_errorcode", -1) & 0xFF
