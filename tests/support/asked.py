"""What was asked, answered and kept."""

import sqlite3
from pathlib import Path

import pytest

from assistant.answering.answer import Answer, Citation, Status
from assistant.evaluation.feedback import history

NOW = 1_795_000_000


def cited(marker: int, quote: str = "原文", document: str = "d-1") -> Citation:
    return Citation(marker, "讲话", document, None, "第二", 4, 10 * marker, 10 * marker + len(quote), quote, 0.5)


def answer(question: str, status: Status = Status.ANSWERED, *citations: Citation) -> Answer:
    return Answer(question, status, (), citations, (), 1.5)


def at(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    monkeypatch.setattr(history, "time", lambda: seconds)


def stored(file: Path, table: str) -> list[tuple]:
    db = sqlite3.connect(file)
    try:
        return db.execute(f"SELECT * FROM {table}").fetchall()
    finally:
        db.close()
