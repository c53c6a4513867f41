"""Store of question sets and their runs: one SQLite file, opened for one transaction at a time.

A set is visible to its uploader and to managers of all folders. A run quotes documents, so it is visible only
to those who may still read every folder that it was made in.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import time
from typing import Any

from assistant.accounts.visitor import Role, Visitor
from assistant.answering.answer import Status
from assistant.base.errors import SettingsError
from assistant.base.files.sqlite_file import SqliteFile
from assistant.evaluation.question_sets import SetQuestion
from assistant.evaluation.runs import Cited, Outcome, RunFacts, Totals, Verdict, totals

FORMAT = 1
APPLICATION = 0x706F6C72  # "polr" in SQLite's header: whose file this is
NAME_LIMIT = 60
SETS_LIMIT = 100
RUNS_LIMIT = 100

NO_SET = "找不到这组问题：它可能已被删除，请刷新页面。"
NO_RUN = "找不到这次运行：它可能已被删除，请刷新页面。"
_SCHEMA = (
    "CREATE TABLE question_set (id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL,"
    " questions TEXT NOT NULL)",
    "CREATE TABLE run (id TEXT PRIMARY KEY, question_set TEXT NOT NULL REFERENCES question_set ON DELETE CASCADE,"
    " at INTEGER NOT NULL, facts TEXT NOT NULL, totals TEXT NOT NULL, outcomes TEXT NOT NULL)",
    "CREATE INDEX run_of ON run (question_set, at)",
)


@dataclass(frozen=True)
class StoredSet:
    """A stored question set; `at` is UTC in seconds since 1970."""

    id: str
    owner: str
    name: str
    at: int
    questions: tuple[SetQuestion, ...]


@dataclass(frozen=True)
class RunLine:
    """A stored run without its questions."""

    id: str
    set_id: str
    at: int
    facts: RunFacts
    totals: Mapping[str, Any]


@dataclass(frozen=True)
class StoredRun:
    """A stored run with the outcome of each question."""

    line: RunLine
    outcomes: tuple[Outcome, ...]

    @property
    def totals(self) -> Totals:
        """The run's figures, computed from its outcomes."""
        return totals(self.outcomes)


class Regression:
    """The question sets and runs in `file`, which is made when the first set is stored."""

    def __init__(self, file: Path) -> None:
        self._file = SqliteFile(file, _SCHEMA, (APPLICATION, FORMAT), "问题集", "question_sets")

    def add(self, visitor: Visitor, name: str, questions: Sequence[SetQuestion]) -> StoredSet:
        """Store a set under `name`; raises `SettingsError` where there are too many."""
        shown = " ".join(name.split())[:NAME_LIMIT] or "未命名"
        made = StoredSet(secrets.token_hex(8), visitor.name, shown, int(time()), tuple(questions))
        with self._file.opened() as db:
            (count,) = db.execute("SELECT count(*) FROM question_set WHERE owner = ?", (made.owner,)).fetchone()
            if count >= SETS_LIMIT:
                raise SettingsError(f"已有 {SETS_LIMIT} 组问题：请先删去不用的。")
            rows = json.dumps([asdict(q) for q in made.questions], ensure_ascii=False)
            values = (made.id, made.owner, made.name, made.at, rows)
            db.execute("INSERT INTO question_set VALUES (?, ?, ?, ?, ?)", values)
        return made

    def sets(self, visitor: Visitor) -> list[StoredSet]:
        """Return the sets that a visitor may see, newest first."""
        if not self._file.exists:
            return []
        with self._file.opened() as db:
            rows = db.execute("SELECT id, owner, name, at, questions FROM question_set ORDER BY at DESC, rowid DESC")
            return [_set(row) for row in rows if _owns(visitor, row[1])]

    def get(self, visitor: Visitor, identity: str) -> StoredSet:
        """Return a set; raises `SettingsError` where the visitor may see none of this id."""
        row = self._row("SELECT id, owner, name, at, questions FROM question_set WHERE id = ?", identity)
        if row is None or not _owns(visitor, row[1]):
            raise SettingsError(NO_SET)
        return _set(row)

    def remove(self, visitor: Visitor, identity: str) -> None:
        """Delete a set with its runs."""
        self.get(visitor, identity)
        with self._file.opened() as db:
            db.execute("DELETE FROM question_set WHERE id = ?", (identity,))

    def add_run(self, visitor: Visitor, set_id: str, facts: RunFacts, outcomes: Sequence[Outcome]) -> str:
        """Store a run and return its id; beyond the most that are kept, the oldest is deleted."""
        self.get(visitor, set_id)
        identity = secrets.token_hex(8)
        said = (json.dumps(value, ensure_ascii=False) for value in (asdict(facts), asdict(totals(outcomes))))
        rows = json.dumps([asdict(o) for o in outcomes], ensure_ascii=False)
        with self._file.opened() as db:
            db.execute("INSERT INTO run VALUES (?, ?, ?, ?, ?, ?)", (identity, set_id, int(time()), *said, rows))
            kept = "SELECT id FROM run WHERE question_set = ? ORDER BY at DESC, rowid DESC LIMIT ?"
            db.execute(f"DELETE FROM run WHERE question_set = ? AND id NOT IN ({kept})", (set_id, set_id, RUNS_LIMIT))
        return identity

    def runs(self, visitor: Visitor, set_id: str) -> list[RunLine]:
        """Return the runs of a set that the visitor may see, oldest first."""
        self.get(visitor, set_id)
        with self._file.opened() as db:
            chosen = "SELECT id, question_set, at, facts, totals FROM run WHERE question_set = ? ORDER BY at, rowid"
            lines = [_line(row) for row in db.execute(chosen, (set_id,))]
        return [line for line in lines if _covers(visitor, line.facts.folders)]

    def run(self, visitor: Visitor, identity: str) -> StoredRun:
        """Return a run; raises `SettingsError` where the visitor may see none of this id."""
        row = self._row(
            "SELECT run.id, question_set, run.at, facts, totals, outcomes, owner"
            " FROM run JOIN question_set ON question_set.id = question_set WHERE run.id = ?",
            identity,
        )
        if row is None or not _owns(visitor, row[6]):
            raise SettingsError(NO_RUN)
        line = _line(row[:5])
        if not _covers(visitor, line.facts.folders):
            raise SettingsError(NO_RUN)
        return StoredRun(line, tuple(_outcome(o) for o in json.loads(row[5])))

    def remove_run(self, visitor: Visitor, identity: str) -> None:
        """Delete a run."""
        self.run(visitor, identity)
        with self._file.opened() as db:
            db.execute("DELETE FROM run WHERE id = ?", (identity,))

    def _row(self, query: str, identity: str) -> tuple[Any, ...] | None:
        """Return the first row of `query` for this id, None if there is none."""
        if not self._file.exists:
            return None
        with self._file.opened() as db:
            found: tuple[Any, ...] | None = db.execute(query, (identity,)).fetchone()
            return found


def _owns(visitor: Visitor, owner: str) -> bool:
    return visitor.name == owner or (visitor.role.covers(Role.MANAGER) and visitor.folders is None)


def _covers(visitor: Visitor, folders: Sequence[str] | None) -> bool:
    """Say whether a visitor may read all that `folders` (None: everything) allow."""
    if visitor.folders is None or folders is None:
        return visitor.folders is None
    return all(visitor.may_read(f"{folder}/" if folder else "") for folder in folders)


def _set(row: Sequence[Any]) -> StoredSet:
    identity, owner, name, at, questions = row
    return StoredSet(identity, owner, name, at, tuple(_question(q) for q in json.loads(questions)))


def _question(table: Mapping[str, Any]) -> SetQuestion:
    return SetQuestion(**{**table, "expected": tuple(table["expected"]), "files": tuple(table["files"])})


def _line(row: Sequence[Any]) -> RunLine:
    identity, set_id, at, said, figures = row
    facts = json.loads(said)
    folders = None if facts["folders"] is None else tuple(facts["folders"])
    return RunLine(identity, set_id, at, RunFacts(**{**facts, "folders": folders}), json.loads(figures))


def _outcome(table: Mapping[str, Any]) -> Outcome:
    return Outcome(
        asked=_question(table["asked"]),
        status=Status(table["status"]),
        verdict=Verdict(table["verdict"]),
        ranks={way: tuple(found) for way, found in table["ranks"].items()},
        quoted=tuple(table["quoted"]),
        absent=tuple(table["absent"]),
        cited=tuple(Cited(**c) for c in table["cited"]),
        likely=table["likely"],
        elapsed_ms=table["elapsed_ms"],
    )
