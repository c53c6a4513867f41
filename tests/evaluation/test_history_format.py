"""A history.sqlite that an earlier version wrote stays readable."""

import sqlite3
from pathlib import Path

import pytest

from assistant.answering.answer import Answer, Citation, Status
from assistant.evaluation.feedback import history
from assistant.evaluation.feedback.history import Asked, FileHistory, Kind, Source

WRITTEN_BEFORE = """
CREATE TABLE asked (id TEXT PRIMARY KEY, at INTEGER NOT NULL, question TEXT NOT NULL, status TEXT NOT NULL,
 elapsed_ms REAL NOT NULL, source TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX asked_at ON asked (at);
CREATE TABLE citation (answer TEXT NOT NULL REFERENCES asked ON DELETE CASCADE, marker INTEGER NOT NULL,
 document TEXT NOT NULL, document_id TEXT NOT NULL, date TEXT, section TEXT NOT NULL, paragraph INTEGER NOT NULL,
 start INTEGER NOT NULL, end INTEGER NOT NULL, quote TEXT NOT NULL, score REAL NOT NULL,
 PRIMARY KEY (answer, marker)) WITHOUT ROWID;
CREATE TABLE remark (answer TEXT NOT NULL REFERENCES asked ON DELETE CASCADE, kind TEXT NOT NULL,
 marker INTEGER NOT NULL, at INTEGER NOT NULL, comment TEXT NOT NULL,
 PRIMARY KEY (answer, kind, marker)) WITHOUT ROWID;
PRAGMA application_id = 1886350449;
PRAGMA user_version = 1;
INSERT INTO asked VALUES ('11111111111111111111111111111111', 1794999999, '问一', 'answered', 1.5, 'page');
INSERT INTO citation VALUES ('11111111111111111111111111111111', 1, '讲话', 'd-1', NULL, '第二', 4, 10, 13, '甲句。',
 0.5);
INSERT INTO remark VALUES ('11111111111111111111111111111111', 'wrong_citation', 1, 1795000000, '不是这条');
"""


def test_a_file_of_before_is_read_and_written_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "time", lambda: 1795000000)
    file = tmp_path / "history.sqlite"
    db = sqlite3.connect(file)
    db.executescript(WRITTEN_BEFORE)
    db.close()
    kept = FileHistory(file, 180)
    (judged,) = kept.judged()
    assert judged.asked == Asked("1" * 32, 1794999999, "问一", "answered", 1.5, "page")
    assert judged.citations == (Citation(1, "讲话", "d-1", None, "第二", 4, 10, 13, "甲句。", 0.5),)
    assert [(r.kind, r.marker, r.comment) for r in judged.remarks] == [(Kind.WRONG_CITATION, 1, "不是这条")]
    kept.record(Answer("问二", Status.NOT_FOUND, (), (), (), 1.5), Source.PAGE)
    assert [asked.question for asked in kept.asked()] == ["问一", "问二"]
    kept.close()
