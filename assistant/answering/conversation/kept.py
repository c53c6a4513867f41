"""Kept conversations: their questions, and nothing else.

Answers are never kept: on reopening, the questions are asked again of today's documents for whoever opens the
conversation, so it cannot show a quote that no longer stands or that they may not read. With accounts,
conversations are kept here, each under its account; without, in the browser (web/chat/page/kept.js).
"""

import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import Any

from assistant.answering.scope import EVERYTHING, Scope, parse_scope
from assistant.base.errors import SettingsError
from assistant.base.files.sqlite_file import SqliteFile
from assistant.base.text import drop_controls, printable
from assistant.language.question import QUESTION_LIMIT

QUESTIONS_MOST = 50
CONVERSATIONS_MOST = 200
TITLE_LIMIT = 60
NAMELESS = "对话"
FORMAT = 1
APPLICATION = 0x706F6C74  # "polt" in SQLite's header: whose file this is
BAD_CONVERSATION = "看不懂这段对话：请重新打开，或另起一段对话。"
UNKNOWN = "没有这段对话，可能已经删除：请刷新对话列表。"
NO_ACCOUNT = "没有登录，对话只保存在浏览器里：请先登录。"

_ID = re.compile("[0-9a-f]{32}")
_SCHEMA = (
    "CREATE TABLE conversation (account TEXT NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL, at INTEGER NOT NULL,"
    " PRIMARY KEY (account, id)) WITHOUT ROWID",
    "CREATE TABLE asked (account TEXT NOT NULL, id TEXT NOT NULL, place INTEGER NOT NULL, text TEXT NOT NULL,"
    " scope TEXT NOT NULL, PRIMARY KEY (account, id, place),"
    " FOREIGN KEY (account, id) REFERENCES conversation ON DELETE CASCADE) WITHOUT ROWID",
)


@dataclass(frozen=True)
class Asked:
    """A question as it was typed, and the documents it was asked of."""

    text: str
    scope: Scope = EVERYTHING


@dataclass(frozen=True)
class Listed:
    """A conversation as listed; `at` is UTC in seconds since 1970."""

    id: str
    title: str
    at: int
    questions: int


def new_identity() -> str:
    """Return a new conversation's id."""
    return secrets.token_hex(16)


def parse_identity(said: object) -> str:
    """Return the conversation id sent by a browser; raises `SettingsError` for anything malformed."""
    if not isinstance(said, str) or not _ID.fullmatch(said):
        raise SettingsError(BAD_CONVERSATION)
    return said


def parse_asked(said: object) -> tuple[Asked, ...]:
    """Return the questions of a kept conversation sent by a browser; raises `SettingsError` for anything malformed.

    Each is {"text": …} and, where its scope differs from that of the question before it, {"scope": …}.
    """
    if not isinstance(said, list) or not 0 < len(said) <= QUESTIONS_MOST:
        raise SettingsError(BAD_CONVERSATION)
    found: list[Asked] = []
    scope = EVERYTHING
    for one in said:
        text = one.get("text") if isinstance(one, dict) else None
        if not isinstance(text, str) or not text.strip() or len(text.strip()) > QUESTION_LIMIT:
            raise SettingsError(BAD_CONVERSATION)
        scope = parse_scope(one["scope"]) if "scope" in one else scope
        found.append(Asked(text.strip(), scope))
    return tuple(found)


def asked_json(asked: Sequence[Asked]) -> list[dict[str, Any]]:
    """Return questions as JSON that `parse_asked` reads."""
    before = [EVERYTHING, *(one.scope for one in asked)]
    return [
        {"text": one.text} | ({} if one.scope == last else {"scope": one.scope.as_json()})
        for one, last in zip(asked, before, strict=False)
    ]


def title_of(asked: Sequence[Asked]) -> str:
    """Return a conversation's title until somebody names it: its first question."""
    return " ".join(_clean(asked[0].text).split())[:TITLE_LIMIT] or NAMELESS


def parse_title(said: object) -> str:
    """Return a title on one line; raises `SettingsError` for an empty one and for one too long."""
    title = " ".join(_clean(said).split()) if isinstance(said, str) else ""
    if not title or len(title) > TITLE_LIMIT:
        raise SettingsError(f"对话的名称应为 1 到 {TITLE_LIMIT} 个字：请改短一些。")
    return title


class Conversations:
    """The conversations of accounts in the SQLite `file`; safe to use from several threads.

    The file is made when the first one is kept. Every method takes an account and sees that account's alone.
    """

    def __init__(self, file: Path) -> None:
        self._file = SqliteFile(file, _SCHEMA, (APPLICATION, FORMAT), "对话记录", "conversations")

    def keep(self, account: str, identity: str, asked: Sequence[Asked]) -> None:
        """Keep a conversation as it stands now; the oldest beyond `CONVERSATIONS_MOST` are deleted."""
        _require_account(account)
        rows = [(account, identity, n, _clean(a.text), _scope_text(a.scope)) for n, a in enumerate(asked)]
        with self._file.opened() as db:
            title = db.execute("SELECT title FROM conversation WHERE account = ? AND id = ?", (account, identity))
            kept = title.fetchone()
            row = (account, identity, kept[0] if kept else title_of(asked), int(time()))
            db.execute("DELETE FROM conversation WHERE account = ? AND id = ?", (account, identity))
            db.execute("INSERT INTO conversation VALUES (?, ?, ?, ?)", row)
            db.executemany("INSERT INTO asked VALUES (?, ?, ?, ?, ?)", rows)
            db.execute(
                "DELETE FROM conversation WHERE account = ?1 AND id NOT IN"
                " (SELECT id FROM conversation WHERE account = ?1 ORDER BY at DESC, id LIMIT ?2)",
                (account, CONVERSATIONS_MOST),
            )

    def listed(self, account: str, words: str = "") -> list[Listed]:
        """Return an account's conversations, newest first: all, or those with `words` in their title or a question."""
        _require_account(account)
        if not self._file.exists:
            return []
        with self._file.opened() as db:
            found = db.execute(
                "SELECT id, title, at,"
                " (SELECT count(*) FROM asked a WHERE a.account = c.account AND a.id = c.id) AS questions"
                " FROM conversation c WHERE account = ?1 AND (?2 = '' OR instr(lower(title), ?2) OR EXISTS"
                " (SELECT 1 FROM asked a WHERE a.account = ?1 AND a.id = c.id AND instr(lower(text), ?2)))"
                " ORDER BY at DESC, id",
                (account, words.strip().lower()),
            )
            return [Listed(**row) for row in found]

    def asked(self, account: str, identity: str) -> tuple[Asked, ...]:
        """Return the questions of a conversation; raises `SettingsError` where the account has none of this id."""
        _require_account(account)
        if self._file.exists:
            with self._file.opened() as db:
                query = "SELECT text, scope FROM asked WHERE account = ? AND id = ? ORDER BY place"
                found = db.execute(query, (account, identity)).fetchall()
            if found:
                return tuple(Asked(text, _scope_of(scope)) for text, scope in found)
        raise SettingsError(UNKNOWN)

    def rename(self, account: str, identity: str, title: str) -> None:
        """Name a conversation; raises `SettingsError` where the account has none of this id."""
        _require_account(account)
        with self._file.opened() as db:
            query = "UPDATE conversation SET title = ? WHERE account = ? AND id = ?"
            if not db.execute(query, (parse_title(title), account, identity)).rowcount:
                raise SettingsError(UNKNOWN)

    def delete(self, account: str, identity: str | None) -> None:
        """Delete a conversation, or with None all of the account's; no deleted text stays readable in the file.

        Call it with None when an account is removed, before its name can be given to somebody else.
        """
        _require_account(account)
        if not self._file.exists:
            return
        with self._file.opened() as db:
            if identity is None:
                db.execute("DELETE FROM conversation WHERE account = ?", (account,))
            else:
                db.execute("DELETE FROM conversation WHERE account = ? AND id = ?", (account, identity))


def _require_account(account: str) -> None:
    if not account:
        raise SettingsError(NO_ACCOUNT)


def _clean(text: str) -> str:
    return printable(drop_controls(text))


def _scope_text(scope: Scope) -> str:
    return json.dumps(scope.as_json(), ensure_ascii=False)


def _scope_of(text: str) -> Scope:
    return parse_scope(json.loads(text))
