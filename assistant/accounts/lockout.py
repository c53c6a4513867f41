"""Failed log-ins in a row, by account and by address, and how long they lock; kept in the file of the sessions.

A try counts as failed from its start, so that many at once are no way around. Unknown names are counted
as known ones are. Names are kept as digests: people type passwords in the wrong box.
"""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from math import ceil
from sqlite3 import Connection

from assistant.base.errors import LimitError

FREE = {"account": 5, "address": 20}
FIRST_SECONDS, LONGEST_SECONDS = 60, 3600
FORGOTTEN_SECONDS = 86_400
KEPT_MOST = 10_000
SCHEMA = (
    "CREATE TABLE failed (kind TEXT NOT NULL, who TEXT NOT NULL, count INTEGER NOT NULL, at REAL NOT NULL,"
    " PRIMARY KEY (kind, who)) WITHOUT ROWID"
)

Open = Callable[[], AbstractContextManager[Connection]]


class Lockout:
    """Counts tries in the database that `opened` gives, each time as one transaction."""

    def __init__(self, opened: Open, now: Callable[[], float]) -> None:
        self._opened = opened
        self._now = now

    def begin(self, name: str, address: str) -> bool:
        """Count a try of `name` from `address`; raises `LimitError` while either is locked, and then counts nothing.

        Return whether failing it locks one of them.
        """
        now = self._now()
        with self._opened() as base:
            base.execute("DELETE FROM failed WHERE at < ?", (now - FORGOTTEN_SECONDS,))
            wait = max(_wait(base, kind, who, now) for kind, who in _keys(name, address))
            if wait > 0:
                raise LimitError(locked(wait))
            counts = [_count(base, kind, who, now) for kind, who in _keys(name, address)]
            most = "SELECT kind, who FROM failed ORDER BY at DESC LIMIT -1 OFFSET ?"
            base.execute(f"DELETE FROM failed WHERE (kind, who) IN ({most})", (KEPT_MOST,))
        return any(count >= FREE[kind] for (kind, _), count in zip(_keys(name, address), counts, strict=True))

    def succeeded(self, name: str, address: str) -> None:
        """Forget the failures of an account, and of an address this one try."""
        with self._opened() as base:
            (_, account), (kind, place) = _keys(name, address)
            base.execute("DELETE FROM failed WHERE kind = 'account' AND who = ?", (account,))
            base.execute("UPDATE failed SET count = max(0, count - 1) WHERE kind = ? AND who = ?", (kind, place))

    def unlock(self, name: str) -> bool:
        """Forget the failures of an account; return whether there were any."""
        with self._opened() as base:
            found = base.execute("DELETE FROM failed WHERE kind = 'account' AND who = ?", (_digest(name),))
            return found.rowcount > 0

    def waiting(self, name: str) -> float:
        """Return for how many seconds an account is still locked, 0 for one that is not."""
        with self._opened() as base:
            return max(0.0, _wait(base, "account", _digest(name), self._now()))


def locked(seconds: float) -> str:
    """Return what somebody who must wait is told, the same whether there is such an account or not."""
    return f"输错的次数太多，暂时不能登录：请等 {_words(seconds)}再试，或请管理员解锁。"


def _words(seconds: float) -> str:
    whole = ceil(seconds)
    return f"{whole} 秒" if whole < FIRST_SECONDS else f"{ceil(whole / 60)} 分钟"


def _keys(name: str, address: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("account", _digest(name)), ("address", address)


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()


def _wait(base: Connection, kind: str, who: str, now: float) -> float:
    found = base.execute("SELECT count, at FROM failed WHERE kind = ? AND who = ?", (kind, who)).fetchone()
    if found is None or found[0] < FREE[kind]:
        return 0.0
    doubled = min(found[0] - FREE[kind], 16)
    return float(found[1] + min(FIRST_SECONDS * 2**doubled, LONGEST_SECONDS) - now)


def _count(base: Connection, kind: str, who: str, now: float) -> int:
    added = (
        "INSERT INTO failed VALUES (?, ?, 1, ?) ON CONFLICT DO UPDATE SET count = count + 1, at = excluded.at"
        " RETURNING count"
    )
    return int(base.execute(added, (kind, who, now)).fetchone()[0])
