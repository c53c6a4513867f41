"""Who is logged in: tokens that only the browser knows, kept as digests, in memory and in one SQLite file.

A session ends when it was not used, or lasted, for too long; when it is ended; or when what it was made
with (`stamp`, a digest of the account's password) is no longer so. The file only lets sessions survive
a restart: one that is damaged may be deleted, and everybody logs in again. One server uses it at a time.
"""

import hashlib
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from time import time

from assistant.accounts.lockout import SCHEMA as TRIES_SCHEMA
from assistant.base.errors import StoreError

APPLICATION = 0x706F6C73  # "pols" in SQLite's header: whose file this is
FORMAT = 1
BUSY_SECONDS = 5.0
TOKEN_BYTES = 32
TOUCH_SECONDS = 60.0
EACH_MOST = 20

_SCHEMA = (
    "CREATE TABLE session (digest TEXT PRIMARY KEY, name TEXT NOT NULL, stamp TEXT NOT NULL,"
    " made REAL NOT NULL, seen REAL NOT NULL) WITHOUT ROWID",
    TRIES_SCHEMA,
    f"PRAGMA application_id = {APPLICATION}",
    f"PRAGMA user_version = {FORMAT}",
)


@dataclass(frozen=True)
class Session:
    """Somebody logged in; `made` and `seen` are seconds since 1970."""

    digest: str
    name: str
    stamp: str
    made: float
    seen: float


class Sessions:
    """The sessions kept in `file`; they end after `idle` seconds without use and `longest` in all."""

    def __init__(self, file: Path, idle: float, longest: float, now: Callable[[], float] = time) -> None:
        self._file = file.absolute()
        self._idle, self._longest = idle, longest
        self.now = now
        self._lock = threading.RLock()
        self._sessions: dict[str, Session] | None = None
        self._saved: dict[str, float] = {}

    def begin(self, name: str, stamp: str) -> str:
        """Return the token of a new session; of somebody with very many the oldest ends."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        now = self.now()
        made = Session(_digest(token), name, stamp, now, now)
        with self._lock:
            own = sorted((s for s in self._all().values() if s.name == name), key=lambda s: s.seen)
            surplus = own[: max(0, len(own) - EACH_MOST + 1)]
            self._end([*surplus, *(s for s in self._all().values() if not self._lasts(s))])
            self._save(made)
            self._all()[made.digest] = made
        return token

    def find(self, token: str) -> Session | None:
        """Return the session of `token`, None where there is none any more; using it keeps it alive."""
        with self._lock:
            session = self.look(token)
            return self._touched(session) if session else None

    def end(self, token: str) -> None:
        """End the session of `token`."""
        with self._lock:
            session = self._all().get(_digest(token))
            self._end([session] if session else [])

    def look(self, token: str) -> Session | None:
        """Return the session of `token` without counting this as a use of it, None where there is none any more."""
        with self._lock:
            session = self._all().get(_digest(token))
            return session if session and self._lasts(session) else None

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one transaction; raises `StoreError`."""
        try:
            fresh = not self._file.exists()
            if fresh:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                self._file.touch(0o600)
            with closing(sqlite3.connect(self._file, timeout=BUSY_SECONDS, isolation_level=None)) as base:
                base.execute("BEGIN IMMEDIATE")
                _prepare(base, self._file)
                yield base
                base.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"登录记录 {self._file} 用不了（{error}）：请检查写入权限；文件已损坏就删去它，大家重新登录即可。"
            ) from None

    def _all(self) -> dict[str, Session]:
        if self._sessions is None:
            with self.opened() as base:
                rows = base.execute("SELECT digest, name, stamp, made, seen FROM session").fetchall()
            found = [Session(digest=d, name=name, stamp=s, made=made, seen=seen) for d, name, s, made, seen in rows]
            self._sessions = {session.digest: session for session in found}
            self._saved = {session.digest: session.seen for session in found}
        return self._sessions

    def _lasts(self, session: Session) -> bool:
        now = self.now()
        return now - session.seen < self._idle and now - session.made < self._longest

    def _touched(self, session: Session) -> Session:
        """Note that a session is used now; seldom in the file, which need not be writable for this."""
        used = replace(session, seen=self.now())
        self._all()[session.digest] = used
        if used.seen - self._saved[session.digest] >= TOUCH_SECONDS:
            with suppress(StoreError):
                self._save(used)
        return used

    def _save(self, session: Session) -> None:
        with self.opened() as base:
            base.execute("INSERT OR REPLACE INTO session VALUES (?, ?, ?, ?, ?)", astuple(session))
        self._saved[session.digest] = session.seen

    def _end(self, sessions: list[Session]) -> None:
        if sessions:
            with self.opened() as base:
                base.executemany("DELETE FROM session WHERE digest = ?", [(s.digest,) for s in sessions])
            for session in sessions:
                self._all().pop(session.digest, None)
                self._saved.pop(session.digest, None)


def _prepare(base: sqlite3.Connection, file: Path) -> None:
    found = (base.execute("PRAGMA application_id").fetchone()[0], base.execute("PRAGMA user_version").fetchone()[0])
    if found == (0, 0) and not base.execute("SELECT 1 FROM sqlite_master").fetchone():
        for statement in _SCHEMA:
            base.execute(statement)
    elif found != (APPLICATION, FORMAT):
        raise StoreError(f"{file} 不是本程序的登录记录：请用设置 sessions 换一个文件名。")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
