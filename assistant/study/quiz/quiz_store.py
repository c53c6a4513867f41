"""Quizzes and the papers of their trainees, in one SQLite file.

A paper belongs to an account, or, where there are none, to whoever knows its id (128 random bits). It is saved
while it is written. Once its time is over, or its quiz closed, it counts as handed in with what was saved last.
"""

import json
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from sqlite3 import Connection, Row
from time import time
from typing import Any

from assistant.base.errors import MissingError, SettingsError
from assistant.base.files.sqlite_file import SqliteFile
from assistant.study.pack import Brief, Item, Pack, pack_of
from assistant.study.quiz.marking import BY_HAND, worth
from assistant.study.quiz.quiz import Answers, Arrangement, Attempt, Quiz, QuizSettings, Shown

FORMAT = 1
APPLICATION = 0x706F6C71  # "polq" in SQLite's header: whose file this is
QUIZZES_MOST = 200
ATTEMPTS_MOST = 2_000
OWN_MOST = 100
GRACE_SECONDS = 20  # what is handed in as the time ends needs a moment to arrive

NO_QUIZ = "没有这份测验，可能已经删除：请刷新页面。"
NO_ATTEMPT = "没有这份答卷，可能已经删除：请刷新页面。"
CLOSED = "测验已经关闭，不能再答：请刷新页面，或联系培训员。"
COLLECTED = "测验已经关闭，已按最后保存的答案收卷：请刷新页面看结果。"
TIME_OVER = "时间已到，已按最后保存的答案交卷：请刷新页面看结果。"
HANDED = "这份答卷已经交过了，不能再改：请刷新页面看结果。"
NO_TRIES = "这份测验每人可做 {} 次，已经做完了：请看结果，或联系培训员。"
TOO_MANY = f"已有 {QUIZZES_MOST} 份测验：请先删去不用的。"
FULL = "这份测验的答卷太多了：请联系培训员清理后再做。"
BAD_MARK = "这道题不能这样评分：请刷新页面后再试。"

_SCHEMA = (
    "CREATE TABLE quiz (id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, at INTEGER NOT NULL,"
    " settings TEXT NOT NULL, documents TEXT NOT NULL, questions INTEGER NOT NULL, items TEXT NOT NULL,"
    " secret TEXT NOT NULL)",
    "CREATE TABLE attempt (id TEXT PRIMARY KEY, quiz TEXT NOT NULL REFERENCES quiz ON DELETE CASCADE,"
    " account TEXT NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL, practice INTEGER NOT NULL,"
    " started INTEGER NOT NULL, deadline INTEGER, handed INTEGER, items TEXT NOT NULL, answers TEXT NOT NULL,"
    " marks TEXT NOT NULL, UNIQUE (quiz, number))",
    "CREATE INDEX attempt_of ON attempt (account, quiz)",
)
_QUIZ = "id, owner, title, at, settings, items, documents, secret"
_ATTEMPT = "id, quiz, account, name, number, practice, started, deadline, handed, items, answers, marks"
_NAMED = ", ".join(f":{name}" for name in _ATTEMPT.split(", "))


@dataclass(frozen=True)
class QuizLine:
    """A quiz as it stands in a list."""

    id: str
    owner: str
    title: str
    at: int
    settings: QuizSettings
    documents: tuple[str, ...]
    questions: int


@dataclass(frozen=True)
class Taker:
    """Who takes a quiz: an account, "" where there are none, and a name."""

    account: str
    name: str


class Quizzes:
    """The quizzes in the SQLite `file`, made with the first one; safe to use from threads. `now` is for tests."""

    def __init__(self, file: Path, now: Callable[[], float] = time) -> None:
        self._file = SqliteFile(file, _SCHEMA, (APPLICATION, FORMAT), "测验", "quizzes")
        self._now = now

    def publish(
        self, owner: str, title: str, items: Sequence[Item], documents: Sequence[str], settings: QuizSettings
    ) -> Quiz:
        """Keep a new quiz with its own copy of the questions; raises `SettingsError` where there are too many."""
        identity, secret = secrets.token_hex(8), secrets.token_hex(32)
        made = Quiz(identity, owner, title, self._time(), settings, tuple(items), tuple(documents), secret)
        with self._file.opened() as db:
            if db.execute("SELECT count(*) FROM quiz WHERE owner = ?", (owner,)).fetchone()[0] >= QUIZZES_MOST:
                raise SettingsError(TOO_MANY)
            content = (_text(asdict(settings)), _text(made.documents), len(made.items), _items_text(made.items))
            values = (identity, owner, title, made.at, *content, secret)
            db.execute("INSERT INTO quiz VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
        return made

    def listed(self) -> list[QuizLine]:
        """Return all quizzes, newest first."""
        columns = "id, owner, title, at, settings, documents, questions"
        return [
            QuizLine(identity, owner, title, at, _settings(settings), tuple(json.loads(documents)), questions)
            for identity, owner, title, at, settings, documents, questions in self._rows(
                f"SELECT {columns} FROM quiz ORDER BY at DESC, rowid DESC"
            )
        ]

    def get(self, identity: str) -> Quiz:
        """Return a quiz; raises `MissingError`."""
        rows = self._rows(f"SELECT {_QUIZ} FROM quiz WHERE id = ?", identity)
        if not rows:
            raise MissingError(NO_QUIZ)
        _, owner, title, at, settings, items, documents, secret = rows[0]
        kept = (_settings(settings), _items(items), tuple(json.loads(documents)))
        return Quiz(identity, owner, title, at, *kept, secret)

    def change(self, quiz: Quiz, is_open: bool, shown: Shown) -> Quiz:
        """Open or close a quiz, and say when answers are shown; closing collects the papers being written."""
        settings = replace(quiz.settings, is_open=is_open, shown=shown)
        with self._file.opened() as db:
            db.execute("UPDATE quiz SET settings = ? WHERE id = ?", (_text(asdict(settings)), quiz.id))
            if not is_open:
                over = "UPDATE attempt SET handed = min(?, coalesce(deadline, ?)) WHERE quiz = ? AND handed IS NULL"
                db.execute(f"{over} AND NOT practice", (self._time(), self._time(), quiz.id))
        return replace(quiz, settings=settings)

    def remove(self, identity: str) -> None:
        """Delete a quiz with all its papers."""
        self._change("DELETE FROM quiz WHERE id = ?", identity)

    def start(self, quiz: Quiz, taker: Taker) -> Attempt:
        """Return a new paper of a quiz; an account gets the one that it has not handed in yet.

        Raises `SettingsError` for a closed quiz and where there are no tries left.
        """
        with self._file.opened() as db:
            settings = _settings_now(db, quiz)
            mine = self._of(db, quiz.id, taker)
            going = next((one for one in mine if one.handed is None and not one.practice), None)
            if going and taker.account:
                return going
            if not settings.is_open:
                raise SettingsError(CLOSED)
            if settings.tries and sum(not one.practice for one in mine) >= settings.tries:
                raise SettingsError(NO_TRIES.format(settings.tries))
            deadline = self._time() + 60 * settings.minutes if settings.minutes else None
            return self._add(db, quiz, taker, range(len(quiz.items)), deadline)

    def again(self, quiz: Quiz, before: Attempt, items: Sequence[int]) -> Attempt:
        """Return a new paper of some questions only, for practice: no limit of time, no try used up."""
        taker = Taker(before.account, before.name)
        with self._file.opened() as db:
            return self._add(db, quiz, taker, items, None, practice=True)

    def attempt(self, identity: str, account: str) -> Attempt:
        """Return a paper of an account ("" where there are none); raises `MissingError`."""
        rows = self._rows(f"SELECT {_ATTEMPT} FROM attempt WHERE id = ? AND account = ?", identity, account)
        if not rows:
            raise MissingError(NO_ATTEMPT)
        return self._attempt(rows[0])

    def own(self, account: str, identities: Sequence[str] = ()) -> list[Attempt]:
        """Return the papers of an account, oldest first; where there are none, those whose ids are known."""
        if account:
            rows = self._rows(f"SELECT {_ATTEMPT} FROM attempt WHERE account = ? ORDER BY started, rowid", account)
        else:
            marks = ",".join("?" * len(identities))
            query = f"SELECT {_ATTEMPT} FROM attempt WHERE account = '' AND id IN ({marks}) ORDER BY started, rowid"
            rows = self._rows(query, *identities)
        return [self._attempt(row) for row in rows]

    def attempts(self, quiz: str) -> list[Attempt]:
        """Return the papers of a quiz that count, oldest first: not those for practice."""
        query = f"SELECT {_ATTEMPT} FROM attempt WHERE quiz = ? AND NOT practice ORDER BY number"
        return [self._attempt(row) for row in self._rows(query, quiz)]

    def save(self, attempt: Attempt, answers: Answers) -> None:
        """Keep the answers so far; raises `SettingsError` where the paper can no longer be changed."""
        self._write(attempt, answers, hands_in=False)

    def hand_in(self, attempt: Attempt, answers: Answers) -> None:
        """Keep the answers for good; raises `SettingsError` likewise."""
        self._write(attempt, answers, hands_in=True)

    def mark(self, quiz: Quiz, number: int, question: int, points: int) -> None:
        """Give points to the short answer of a paper; raises `SettingsError` for anything else."""
        found = next((one for one in self.attempts(quiz.id) if one.number == number), None)
        if found is None:
            raise MissingError(NO_ATTEMPT)
        fits = question in found.items and quiz.items[question].kind is BY_HAND and found.handed is not None
        if not fits or points > worth(quiz.items[question]):
            raise SettingsError(BAD_MARK)
        query = "UPDATE attempt SET marks = json_set(marks, ?, ?) WHERE id = ?"  # beside what another window marks
        self._change(query, f'$."{question}"', points, found.id)

    def remove_attempt(self, quiz: str, number: int) -> None:
        """Delete a paper of a quiz."""
        self._change("DELETE FROM attempt WHERE quiz = ? AND number = ?", quiz, number)

    def forget(self, account: str) -> None:
        """Delete the quizzes and the papers of an account, when it is removed or its name given to another."""
        self._change("DELETE FROM quiz WHERE owner = ?", account)
        self._change("DELETE FROM attempt WHERE account = ?", account)

    def _write(self, attempt: Attempt, answers: Answers, hands_in: bool) -> None:
        now = self._time()
        handed = now if hands_in else None
        if handed is not None and attempt.deadline is not None:
            handed = min(handed, attempt.deadline)
        with self._file.opened() as db:
            rows = db.execute(f"SELECT {_ATTEMPT} FROM attempt WHERE id = ?", (attempt.id,)).fetchall()
            if not rows:
                raise MissingError(NO_ATTEMPT)
            if self._attempt(rows[0]).handed is not None:
                raise SettingsError(self._why(db, attempt))
            kept = _text(answers)
            db.execute("UPDATE attempt SET answers = ?, handed = ? WHERE id = ?", (kept, handed, attempt.id))

    def _why(self, db: Connection, attempt: Attempt) -> str:
        """Return in words why a paper can no longer be changed."""
        written = db.execute("SELECT handed FROM attempt WHERE id = ?", (attempt.id,)).fetchone()[0]
        if written is None:
            return TIME_OVER
        settings = _settings(db.execute("SELECT settings FROM quiz WHERE id = ?", (attempt.quiz,)).fetchone()[0])
        return HANDED if settings.is_open or attempt.practice else COLLECTED

    def _add(
        self,
        db: Connection,
        quiz: Quiz,
        taker: Taker,
        items: Iterable[int],
        deadline: int | None,
        practice: bool = False,
    ) -> Attempt:
        count, last = db.execute("SELECT count(*), max(number) FROM attempt WHERE quiz = ?", (quiz.id,)).fetchone()
        if count >= ATTEMPTS_MOST or len(self._of(db, quiz.id, taker)) >= OWN_MOST:
            raise SettingsError(FULL)
        identity, number, now = secrets.token_hex(16), (last or 0) + 1, self._time()
        values = {"id": identity, "quiz": quiz.id, "account": taker.account, "name": taker.name, "number": number}
        values |= {"practice": practice, "started": now, "deadline": deadline, "handed": None}
        values |= {"items": _text(tuple(items)), "answers": "{}", "marks": "{}"}
        db.execute(f"INSERT INTO attempt ({_ATTEMPT}) VALUES ({_NAMED})", values)
        return self._attempt(values)

    def _of(self, db: Connection, quiz: str, taker: Taker) -> list[Attempt]:
        """Return all papers of one trainee, by account or, where there are none, by name."""
        query = f"SELECT {_ATTEMPT} FROM attempt WHERE quiz = ? AND account = ? AND name = ? ORDER BY number"
        return [self._attempt(row) for row in db.execute(query, (quiz, taker.account, taker.name))]

    def _attempt(self, row: Row | dict[str, Any]) -> Attempt:
        """Return a paper; one whose time is over counts as handed in."""
        handed, deadline = row["handed"], row["deadline"]
        if handed is None and deadline is not None and self._time() > deadline + GRACE_SECONDS:
            handed = deadline
        return Attempt(
            id=row["id"],
            quiz=row["quiz"],
            account=row["account"],
            name=row["name"],
            number=row["number"],
            practice=bool(row["practice"]),
            started=row["started"],
            deadline=deadline,
            handed=handed,
            items=tuple(json.loads(row["items"])),
            answers={int(number): tuple(given) for number, given in json.loads(row["answers"]).items()},
            marks={int(number): points for number, points in json.loads(row["marks"]).items()},
        )

    def _rows(self, query: str, *values: object) -> list[Row]:
        if not self._file.exists:
            return []
        with self._file.opened() as db:
            return db.execute(query, values).fetchall()

    def _change(self, query: str, *values: object) -> None:
        if self._file.exists:
            with self._file.opened() as db:
                db.execute(query, values)

    def _time(self) -> int:
        return int(self._now())


def _settings_now(db: Connection, quiz: Quiz) -> QuizSettings:
    """Return the settings as they are in this transaction; raises `MissingError` where the quiz was deleted."""
    row = db.execute("SELECT settings FROM quiz WHERE id = ?", (quiz.id,)).fetchone()
    if row is None:
        raise MissingError(NO_QUIZ)
    return _settings(row[0])


def _settings(text: str) -> QuizSettings:
    table = json.loads(text)
    return QuizSettings(**(table | {"arrangement": Arrangement(table["arrangement"]), "shown": Shown(table["shown"])}))


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _items_text(items: Sequence[Item]) -> str:
    return _text(Pack("", Brief(), (), items=tuple(items)).as_json())


def _items(text: str) -> tuple[Item, ...]:
    return pack_of(json.loads(text)).items
