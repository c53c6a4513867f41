"""The history: what was asked, what was answered, and what people said of the answers.

One SQLite file outside the index, which may be thrown away. Nothing says who asked. A thread of its
own writes, one short transaction a question: no answer waits for the file, and a file that fails costs
a warning, never an answer. The file is opened for each transaction, so it may be moved or deleted
while the program runs, and several programs may write at once.
"""

import logging
import re
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from time import time
from typing import Protocol, TypeVar

from assistant.answering.answer import Answer, Citation
from assistant.base.dates import day_of
from assistant.base.errors import SettingsError, StoreError
from assistant.base.settings import Settings
from assistant.base.text import drop_controls, printable

FORMAT = 1
APPLICATION = 0x706F6C71  # "polq" in SQLite's header: whose file this is
COMMENT_LIMIT = 200
BUSY_SECONDS = 5.0
PATIENCE_SECONDS = 10.0
WAITING_MOST = 1000
DAY_SECONDS = 86_400

UNKNOWN = "这个回答不在记录里：请重新提问，再对新的回答反馈。"
BAD_KIND = "看不懂这条反馈：请用回答下面的按钮。"
BAD_MARKER = "这个回答没有这条引文：请重新选择引文的编号。"
NOT_KEPT = "现在不记录提问（设置 history_days 是 0）：请改为要保留的天数，再重新提问。"

_SCHEMA = (
    "CREATE TABLE asked (id TEXT PRIMARY KEY, at INTEGER NOT NULL, question TEXT NOT NULL, status TEXT NOT NULL,"
    " elapsed_ms REAL NOT NULL, source TEXT NOT NULL) WITHOUT ROWID",
    "CREATE INDEX asked_at ON asked (at)",
    "CREATE TABLE citation (answer TEXT NOT NULL REFERENCES asked ON DELETE CASCADE, marker INTEGER NOT NULL,"
    " document TEXT NOT NULL, document_id TEXT NOT NULL, date TEXT, section TEXT NOT NULL, paragraph INTEGER NOT NULL,"
    " start INTEGER NOT NULL, end INTEGER NOT NULL, quote TEXT NOT NULL, score REAL NOT NULL,"
    " PRIMARY KEY (answer, marker)) WITHOUT ROWID",
    # Marker 0 stands for none. The key keeps one remark of a kind: clicking again does not fill the disk.
    "CREATE TABLE remark (answer TEXT NOT NULL REFERENCES asked ON DELETE CASCADE, kind TEXT NOT NULL,"
    " marker INTEGER NOT NULL, at INTEGER NOT NULL, comment TEXT NOT NULL,"
    " PRIMARY KEY (answer, kind, marker)) WITHOUT ROWID",
    f"PRAGMA application_id = {APPLICATION}",
    f"PRAGMA user_version = {FORMAT}",
)
_CITED = ("marker", "document", "document_id", "date", "section", "paragraph", "start", "end", "quote", "score")
_REASONS = {
    sqlite3.SQLITE_NOTADB: "已损坏：请把它改名留存，或恢复备份；没有这个文件时会另建一份。",
    sqlite3.SQLITE_CORRUPT: "已损坏：请把它改名留存，或恢复备份；没有这个文件时会另建一份。",
    sqlite3.SQLITE_BUSY: "一直被别的程序占用：请关掉占用它的程序，稍后再试。",
    sqlite3.SQLITE_FULL: "写不下：磁盘已满，请腾出空间。",
    sqlite3.SQLITE_READONLY: "是只读的：请检查写入权限，或用设置 history 换一个位置。",
    sqlite3.SQLITE_CANTOPEN: "打不开：请检查读写权限，或用设置 history 换一个位置。",
}

_ID = re.compile("[0-9a-f]{32}")

T = TypeVar("T")


class Source(StrEnum):
    """Where a question came from."""

    PAGE = "page"
    COMMAND = "command"


class Kind(StrEnum):
    """What people say of an answer."""

    USEFUL = "useful"
    WRONG_CITATION = "wrong_citation"
    MISSING = "missing"


@dataclass(frozen=True)
class Asked:
    """A question and what came of it; `at` is UTC in seconds since 1970."""

    id: str
    at: int
    question: str
    status: str
    elapsed_ms: float
    source: str


@dataclass(frozen=True)
class Remark:
    """What someone said of an answer; only a wrong citation has a `marker`."""

    kind: Kind
    marker: int | None
    at: int
    comment: str


@dataclass(frozen=True)
class Judged:
    """A question with the citations of its answer and what was said of it."""

    asked: Asked
    citations: tuple[Citation, ...]
    remarks: tuple[Remark, ...]


class History(Protocol):
    """Keeps questions and what is said of their answers, or nothing."""

    def record(self, answer: Answer, source: Source) -> str:
        """Keep a question and its answer; return the id by which feedback names it, "" where nothing is kept."""
        ...

    def feedback(self, identity: object, kind: object, marker: object = None, comment: object = "") -> None:
        """Keep what someone says of an answer; raises `SettingsError` for what cannot be meant, else `StoreError`."""
        ...

    def asked(self, since: int = 0) -> list[Asked]:
        """Return the questions asked from `since` on, oldest first."""
        ...

    def judged(self, since: int = 0) -> list[Judged]:
        """Return those of `asked` on whose answers someone said something."""
        ...

    def state(self) -> str:
        """Return one line on what is kept; raises `StoreError` where the file is of no use."""
        ...

    def close(self) -> None:
        """Write what still waits; `record` must not be called again."""
        ...


def open_history(settings: Settings) -> History:
    """Return the history that the settings ask for; no file is made before something is recorded."""
    days = settings.history_days
    return FileHistory(settings.history, days) if days else NoHistory(settings.history)


class NoHistory:
    """Keeps nothing."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def record(self, answer: Answer, source: Source) -> str:
        """Keep nothing."""
        return ""

    def feedback(self, identity: object, kind: object, marker: object = None, comment: object = "") -> None:
        """Refuse: there is no answer to speak of."""
        raise SettingsError(NOT_KEPT)

    def asked(self, since: int = 0) -> list[Asked]:
        """Refuse: an empty list would look as if nobody had asked."""
        raise SettingsError(NOT_KEPT)

    def judged(self, since: int = 0) -> list[Judged]:
        """Refuse, as `asked`."""
        raise SettingsError(NOT_KEPT)

    def state(self) -> str:
        """Say that nothing is kept, and what an earlier setting left."""
        left = f"；以前的还在 {self._file}，不要了就删去它" if self._file.exists() else ""
        return f"提问记录 没有开启（history_days 是 0）{left}"

    def close(self) -> None:
        """Do nothing: nothing waits."""


class FileHistory:
    """Keeps the questions of the last `days` days in the SQLite `file`; safe to use from several threads."""

    def __init__(self, file: Path, days: int) -> None:
        self._file = file.absolute()
        self._days = days
        self._worker = ThreadPoolExecutor(1, "history")
        self._room = threading.BoundedSemaphore(WAITING_MOST)
        self._warned = ""

    def record(self, answer: Answer, source: Source) -> str:
        """Keep a question and its answer in the background; return an id that cannot be guessed."""
        identity = secrets.token_hex(16)
        asked = (identity, int(time()), _clean(answer.question), str(answer.status), answer.elapsed_ms, str(source))
        if self._room.acquire(blocking=False):
            self._worker.submit(self._attempt, partial(self._insert, Asked(*asked), answer.citations))
        else:
            self._warn(f"{self._file} 太慢，来不及写")
        return identity

    def feedback(self, identity: object, kind: object, marker: object = None, comment: object = "") -> None:
        """Keep what someone says of the answer recorded as `identity`; saying it again replaces the comment.

        A wrong citation needs a `marker` of that answer, nothing else has one. Raises `SettingsError` for
        what cannot be meant, `StoreError` where it cannot be kept.
        """
        remark = _remark(kind, marker, comment)
        if not isinstance(identity, str) or not _ID.fullmatch(identity):
            raise SettingsError(UNKNOWN)
        self._wait(partial(self._say, identity, remark))

    def asked(self, since: int = 0) -> list[Asked]:
        """Return the questions asked from `since` (UTC, seconds) on, oldest first; deletes what is too old."""
        return self._wait(partial(self._asked, since))

    def judged(self, since: int = 0) -> list[Judged]:
        """Return the questions asked from `since` on of whose answers someone said something, oldest first."""
        return self._wait(partial(self._judged, since))

    def state(self) -> str:
        """Return how many questions are kept since when; raises `StoreError` where none could be added."""
        return self._wait(self._state)

    def close(self) -> None:
        """Write what still waits; `record` must not be called again."""
        self._worker.shutdown()

    def _attempt(self, job: Callable[[], None]) -> None:
        """Do `job`; a failure is told once, for the answer has long been given."""
        try:
            job()
        except StoreError as error:
            self._warn(str(error))
        except Exception:  # nobody looks at what this thread returns
            logging.getLogger(__name__).exception("a question was not recorded")
        finally:
            self._room.release()

    def _warn(self, message: str) -> None:
        if message != self._warned:
            self._warned = message
            logging.getLogger(__name__).warning("注意：提问没有记录下来（%s）", message)

    def _wait(self, job: Callable[[], T]) -> T:
        """Do `job` after all that was recorded before it."""
        try:
            return self._worker.submit(job).result(PATIENCE_SECONDS)
        except TimeoutError:
            raise StoreError(f"提问记录 {self._file} {_REASONS[sqlite3.SQLITE_BUSY]}") from None

    def _insert(self, asked: Asked, citations: tuple[Citation, ...]) -> None:
        with self._writing() as db:
            db.execute(f"INSERT INTO asked VALUES ({_marks(6)})", astuple(asked))
            rows = [(asked.id, *(getattr(citation, name) for name in _CITED)) for citation in citations]
            db.executemany(f"INSERT INTO citation VALUES ({_marks(11)})", rows)

    def _say(self, identity: str, remark: Remark) -> None:
        if not self._file.exists():
            raise SettingsError(UNKNOWN)
        with self._writing() as db:
            if not _has(db, "asked WHERE id = ?", identity):
                raise SettingsError(UNKNOWN)
            marker = remark.marker or 0
            if marker and not _has(db, "citation WHERE answer = ? AND marker = ?", identity, marker):
                raise SettingsError(BAD_MARKER)
            row = (identity, str(remark.kind), marker, remark.at, remark.comment)
            db.execute(f"INSERT OR REPLACE INTO remark VALUES ({_marks(5)})", row)

    def _asked(self, since: int) -> list[Asked]:
        if not self._file.exists():
            return []
        with self._writing() as db:
            return [Asked(*row) for row in db.execute("SELECT * FROM asked WHERE at >= ? ORDER BY at, id", (since,))]

    def _judged(self, since: int) -> list[Judged]:
        if not self._file.exists():
            return []
        with self._writing() as db:
            asked = db.execute(
                "SELECT * FROM asked WHERE at >= ? AND id IN (SELECT answer FROM remark) ORDER BY at, id", (since,)
            ).fetchall()
            return [Judged(Asked(*row), _citations(db, row[0]), _remarks(db, row[0])) for row in asked]

    def _state(self) -> str:
        kept = f"保留 {self._days} 天"
        if not self._file.exists():
            return f"提问记录 还没有（{kept}，将写入 {self._file}）"
        with self._writing() as db:
            if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise StoreError(f"提问记录 {self._file} {_REASONS[sqlite3.SQLITE_CORRUPT]}")
            count, first = db.execute("SELECT count(*), min(at) FROM asked").fetchone()
        since = f"，自 {day_of(first)} 起" if count else ""
        return f"提问记录 {self._file}：{count} 个问题{since}，{self._file.stat().st_size / 1e6:.1f} MB（{kept}）"

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Yield the file within one transaction from which everything too old is gone; raises `StoreError`."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._file, timeout=BUSY_SECONDS, isolation_level=None)) as db, db:
                db.execute("PRAGMA foreign_keys = ON")
                db.execute("PRAGMA secure_delete = ON")  # what is deleted is not left readable in the file
                db.execute("BEGIN IMMEDIATE")
                self._check(db)
                db.execute("DELETE FROM asked WHERE at < ?", (int(time()) - self._days * DAY_SECONDS,))
                yield db
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"提问记录 {self._file} {_reason(error)}") from error

    def _check(self, db: sqlite3.Connection) -> None:
        """Make the tables in a fresh file; raises `StoreError` for a file that is not ours or of another format."""
        application, found = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
        if (application, found) == (APPLICATION, FORMAT):
            return
        if application == APPLICATION:
            raise StoreError(
                f"提问记录 {self._file} 是另一版本的程序写的（格式 {found}，本程序用 {FORMAT}）："
                "请换回那个版本，或把它改名留存；没有这个文件时会另建一份。"
            )
        if _has(db, "sqlite_master"):
            raise StoreError(f"{self._file} 是别的程序的数据库，没有动它：请用设置 history 换一个位置。")
        for statement in _SCHEMA:
            db.execute(statement)


def _remark(kind: object, marker: object, comment: object) -> Remark:
    if not isinstance(kind, str) or kind not in list(Kind):
        raise SettingsError(BAD_KIND)
    if (kind == Kind.WRONG_CITATION) != (marker is not None):
        raise SettingsError(BAD_MARKER)
    if marker is not None and (type(marker) is not int or not 0 < marker < 1000):
        raise SettingsError(BAD_MARKER)
    if not isinstance(comment, str):
        raise SettingsError(BAD_KIND)
    words = _clean(comment).strip()
    if len(words) > COMMENT_LIMIT:
        raise SettingsError(f"说明太长（{len(words)} 字）：请缩短到 {COMMENT_LIMIT} 字以内。")
    return Remark(Kind(kind), marker, int(time()), words)


def _clean(text: str) -> str:
    """Return `text` as SQLite and a terminal can take it."""
    return printable(drop_controls(text))


def _citations(db: sqlite3.Connection, answer: str) -> tuple[Citation, ...]:
    rows = db.execute("SELECT * FROM citation WHERE answer = ? ORDER BY marker", (answer,))
    return tuple(Citation(**dict(zip(_CITED, row[1:], strict=True))) for row in rows)


def _remarks(db: sqlite3.Connection, answer: str) -> tuple[Remark, ...]:
    rows = db.execute(
        "SELECT kind, marker, at, comment FROM remark WHERE answer = ? ORDER BY at, kind, marker", (answer,)
    )
    return tuple(Remark(Kind(kind), marker or None, at, comment) for kind, marker, at, comment in rows)


def _has(db: sqlite3.Connection, rows: str, *values: object) -> bool:
    return db.execute(f"SELECT 1 FROM {rows} LIMIT 1", values).fetchone() is not None


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _reason(error: sqlite3.Error | OSError) -> str:
    """Return what is wrong with the file and the mend."""
    code = sqlite3.SQLITE_CANTOPEN if isinstance(error, OSError) else getattr(error, "sqlite_errorcode", -1) & 0xFF
    return _REASONS.get(code, f"读写不了（{error}）：请检查磁盘，或用设置 history 换一个位置。")
