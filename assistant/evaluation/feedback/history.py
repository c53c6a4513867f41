"""Question history: what was asked, what was answered, and what people said of the answers.

It is one SQLite file outside the index (which may be deleted), and says nothing of who asked. A thread of its
own writes, one short transaction a question: no answer waits for the file, and a failing file costs a warning,
never an answer. The file is opened for each transaction, so it may be moved or deleted while the program runs,
and several programs may write at once.
"""

import logging
import re
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from time import time
from typing import Protocol, TypeVar

from assistant.answering.answer import Answer, Citation
from assistant.base.dates import day_of
from assistant.base.errors import SettingsError, StoreError
from assistant.base.files.sqlite_file import SqliteFile
from assistant.base.settings import Settings
from assistant.base.text import drop_controls, printable

FORMAT = 1
APPLICATION = 0x706F6C71  # "polq" in SQLite's header: whose file this is
COMMENT_LIMIT = 200
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
)
_CITED = ("marker", "document", "document_id", "date", "section", "paragraph", "start", "end", "quote", "score")
_ID = re.compile("[0-9a-f]{32}")

T = TypeVar("T")


class Source(StrEnum):
    """Where a question came from."""

    PAGE = "page"
    COMMAND = "command"


class Kind(StrEnum):
    """The kind of feedback on an answer."""

    USEFUL = "useful"
    WRONG_CITATION = "wrong_citation"
    MISSING = "missing"


@dataclass(frozen=True)
class Asked:
    """A question and its answer's outcome; `at` is UTC in seconds since 1970."""

    id: str
    at: int
    question: str
    status: str
    elapsed_ms: float
    source: str


@dataclass(frozen=True)
class Remark:
    """One piece of feedback on an answer; only a wrong citation has a `marker`."""

    kind: Kind
    marker: int | None
    at: int
    comment: str


@dataclass(frozen=True)
class Judged:
    """A question with the citations of its answer and the feedback on it."""

    asked: Asked
    citations: tuple[Citation, ...]
    remarks: tuple[Remark, ...]


class History(Protocol):
    """Interface of a history: keeps questions and feedback, or nothing."""

    def record(self, answer: Answer, source: Source) -> str:
        """Keep a question and its answer; return the id by which feedback names it, "" where nothing is kept."""
        ...

    def feedback(self, identity: object, kind: object, marker: object = None, comment: object = "") -> None:
        """Keep feedback on an answer; raises `SettingsError` if it is invalid, `StoreError` if it cannot be kept."""
        ...

    def asked(self, since: int = 0) -> list[Asked]:
        """Return the questions asked from `since` (UTC, seconds since 1970) on, oldest first."""
        ...

    def judged(self, since: int = 0) -> list[Judged]:
        """Return those of `asked` with feedback."""
        ...

    def state(self) -> str:
        """Return one line on what is kept; raises `StoreError` where the file is unusable."""
        ...

    def close(self) -> None:
        """Write what is still queued; `record` must not be called afterwards."""
        ...


def open_history(settings: Settings) -> History:
    """Return the history that the settings ask for; its file is made only when something is recorded."""
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
        self._file = SqliteFile(file, _SCHEMA, (APPLICATION, FORMAT), "提问记录", "history")
        self._days = days
        self._worker = ThreadPoolExecutor(1, "history")
        self._room = threading.BoundedSemaphore(WAITING_MOST)
        self._warned = ""

    def record(self, answer: Answer, source: Source) -> str:
        """Keep a question and its answer in the background; return an id that cannot be guessed."""
        identity = secrets.token_hex(16)
        asked = Asked(
            id=identity,
            at=int(time()),
            question=_clean(answer.question),
            status=str(answer.status),
            elapsed_ms=answer.elapsed_ms,
            source=str(source),
        )
        if self._room.acquire(blocking=False):
            self._worker.submit(self._attempt, partial(self._insert, asked, answer.citations))
        else:
            self._warn(f"{self._file.path} 太慢，来不及写")
        return identity

    def feedback(self, identity: object, kind: object, marker: object = None, comment: object = "") -> None:
        """Keep feedback on the answer recorded as `identity`; repeating it replaces the comment.

        A wrong citation needs a `marker` of that answer; other kinds take none. Raises `SettingsError` for
        invalid feedback, `StoreError` where it cannot be kept.
        """
        remark = _remark(kind, marker, comment)
        if not isinstance(identity, str) or not _ID.fullmatch(identity):
            raise SettingsError(UNKNOWN)
        self._wait(partial(self._say, identity, remark))

    def asked(self, since: int = 0) -> list[Asked]:
        """Return the questions asked from `since` (UTC, seconds since 1970) on, oldest first; deletes expired ones."""
        return self._wait(partial(self._asked, since))

    def judged(self, since: int = 0) -> list[Judged]:
        """Return the questions with feedback asked from `since` (UTC, seconds since 1970) on, oldest first."""
        return self._wait(partial(self._judged, since))

    def state(self) -> str:
        """Return how many questions are kept and since when; raises `StoreError` where none could be added."""
        return self._wait(self._state)

    def close(self) -> None:
        """Write what is still queued; `record` must not be called afterwards."""
        self._worker.shutdown()

    def _attempt(self, job: Callable[[], None]) -> None:
        """Run `job`; a failure is logged once, for the answer was given long before."""
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
        """Run `job` after everything recorded before it, and return its result."""
        try:
            return self._worker.submit(job).result(PATIENCE_SECONDS)
        except TimeoutError:
            raise self._file.failure(sqlite3.SQLITE_BUSY) from None

    def _insert(self, asked: Asked, citations: tuple[Citation, ...]) -> None:
        with self._opened() as db:
            db.execute(f"INSERT INTO asked VALUES ({_marks(6)})", astuple(asked))
            rows = [(asked.id, *(getattr(citation, name) for name in _CITED)) for citation in citations]
            db.executemany(f"INSERT INTO citation VALUES ({_marks(11)})", rows)

    def _say(self, identity: str, remark: Remark) -> None:
        if not self._file.exists:
            raise SettingsError(UNKNOWN)
        with self._opened() as db:
            if not _has(db, "asked WHERE id = ?", identity):
                raise SettingsError(UNKNOWN)
            marker = remark.marker or 0
            if marker and not _has(db, "citation WHERE answer = ? AND marker = ?", identity, marker):
                raise SettingsError(BAD_MARKER)
            row = (identity, str(remark.kind), marker, remark.at, remark.comment)
            db.execute(f"INSERT OR REPLACE INTO remark VALUES ({_marks(5)})", row)

    def _asked(self, since: int) -> list[Asked]:
        if not self._file.exists:
            return []
        with self._opened() as db:
            return [Asked(**row) for row in db.execute("SELECT * FROM asked WHERE at >= ? ORDER BY at, id", (since,))]

    def _judged(self, since: int) -> list[Judged]:
        if not self._file.exists:
            return []
        with self._opened() as db:
            asked = db.execute(
                "SELECT * FROM asked WHERE at >= ? AND id IN (SELECT answer FROM remark) ORDER BY at, id", (since,)
            ).fetchall()
            return [Judged(Asked(**row), _citations(db, row["id"]), _remarks(db, row["id"])) for row in asked]

    def _state(self) -> str:
        kept = f"保留 {self._days} 天"
        if not self._file.exists:
            return f"提问记录 还没有（{kept}，将写入 {self._file.path}）"
        with self._opened() as db:
            self._file.checked_whole(db)
            count, first = db.execute("SELECT count(*), min(at) FROM asked").fetchone()
        since = f"，自 {day_of(first)} 起" if count else ""
        path = self._file.path
        return f"提问记录 {path}：{count} 个问题{since}，{path.stat().st_size / 1e6:.1f} MB（{kept}）"

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """Yield the open file inside one transaction, expired rows deleted; raises `StoreError`."""
        with self._file.opened() as db:
            db.execute("DELETE FROM asked WHERE at < ?", (int(time()) - self._days * DAY_SECONDS,))
            yield db


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
    """Return `text` without what SQLite or a terminal cannot take."""
    return printable(drop_controls(text))


def _citations(db: sqlite3.Connection, answer: str) -> tuple[Citation, ...]:
    rows = db.execute(f"SELECT {', '.join(_CITED)} FROM citation WHERE answer = ? ORDER BY marker", (answer,))
    return tuple(Citation(**row) for row in rows)


def _remarks(db: sqlite3.Connection, answer: str) -> tuple[Remark, ...]:
    rows = db.execute(
        "SELECT kind, marker, at, comment FROM remark WHERE answer = ? ORDER BY at, kind, marker", (answer,)
    )
    return tuple(Remark(Kind(kind), marker or None, at, comment) for kind, marker, at, comment in rows)


def _has(db: sqlite3.Connection, rows: str, *values: object) -> bool:
    return db.execute(f"SELECT 1 FROM {rows} LIMIT 1", values).fetchone() is not None


def _marks(count: int) -> str:
    return ", ".join("?" * count)
