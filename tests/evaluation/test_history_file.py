"""The file of what was asked: two programs at once, damage, a full disk, others that hold it."""

import logging
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answering.answer import Status
from assistant.base.errors import StoreError
from assistant.base.files import sqlite_file
from assistant.evaluation.feedback import history
from assistant.evaluation.feedback.history import FileHistory, Source
from support.asked import answer, cited, stored
from support.corpus import assert_one_line
from support.paths import ROOT


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "记录 夹" / "history.sqlite"


@pytest.fixture
def kept(file: Path) -> Iterator[FileHistory]:
    found = FileHistory(file, 180)
    yield found
    found.close()


WRITER = """
import sys
from pathlib import Path
from assistant.answering.answerer import Answer, Citation, Status
from assistant.evaluation.feedback.history import FileHistory, Source
history = FileHistory(Path(sys.argv[1]), 180)
cited = Citation(1, "题", "d", None, "", 1, 0, 2, "原文", 0.5)
for number in range(100):
    question = f"{sys.argv[2]} {number}"
    history.feedback(history.record(Answer(question, Status.ANSWERED, (), (cited,), (), 1.0), Source.PAGE), "useful")
"""


def test_two_programs_write_at_once(file: Path, kept: FileHistory) -> None:
    command = [sys.executable, "-c", WRITER, str(file)]
    programs = [
        subprocess.Popen([*command, name], cwd=ROOT, stderr=subprocess.PIPE, text=True) for name in ("甲", "乙")
    ]
    assert [(program.communicate(timeout=120)[1], program.returncode) for program in programs] == [("", 0)] * 2
    expected = sorted(f"{name} {number}" for name in "甲乙" for number in range(100))
    assert sorted(judged.asked.question for judged in kept.judged()) == expected


def test_a_program_that_ends_at_once_has_written(file: Path, kept: FileHistory) -> None:
    code = WRITER.replace("history.feedback(history.record", "(history.record").replace(', "useful")', ")")
    subprocess.run([sys.executable, "-c", code, str(file), "甲"], cwd=ROOT, check=True)
    assert len(kept.asked()) == 100


def damage(file: Path) -> None:
    file.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)


def cut_short(file: Path) -> None:
    made = FileHistory(file, 180)
    for number in range(200):
        made.record(answer(f"问{number}", Status.ANSWERED, cited(1)), Source.PAGE)
    made.close()
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def foreign(file: Path) -> None:
    db = sqlite3.connect(file)
    db.execute("CREATE TABLE accounts (name)")
    db.commit()
    db.close()


def newer(file: Path) -> None:
    FileHistory(file, 180).close()
    db = sqlite3.connect(file)
    db.execute(f"PRAGMA application_id = {history.APPLICATION}")
    db.execute("PRAGMA user_version = 2")
    db.execute("CREATE TABLE asked (new)")
    db.commit()
    db.close()


def folder(file: Path) -> None:
    file.mkdir()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (damage, "已损坏"),
        (cut_short, "已损坏"),
        (foreign, "不是本程序的提问记录"),
        (newer, "格式 2，本程序用 1"),
        (folder, "打不开"),
    ],
)
def test_a_file_of_no_use_costs_one_warning_and_is_left_alone(
    file: Path, kept: FileHistory, caplog: pytest.LogCaptureFixture, spoil: object, said: str
) -> None:
    file.parent.mkdir()
    spoil(file)  # type: ignore[operator]
    before = file.read_bytes() if file.is_file() else None
    with pytest.raises(StoreError) as caught:
        kept.state()
    assert said in str(caught.value) and str(file) in str(caught.value)
    assert_one_line(caught.value)
    with caplog.at_level(logging.WARNING):
        ids = [kept.record(answer(f"问{number}"), Source.PAGE) for number in range(3)]
        kept.close()
    assert all(ids)
    assert [record.message for record in caplog.records] == [f"注意：提问没有记录下来（{caught.value}）"]
    assert (file.read_bytes() if file.is_file() else None) == before
    with pytest.raises(StoreError, match=said):
        FileHistory(file, 180).feedback("0" * 32, "useful")


def test_a_file_mended_while_the_program_runs_is_used(file: Path, kept: FileHistory) -> None:
    file.parent.mkdir()
    damage(file)
    kept.record(answer("没记下"), Source.PAGE)
    with pytest.raises(StoreError):
        kept.asked()
    file.rename(file.with_name("坏.sqlite"))
    kept.record(answer("记下了"), Source.PAGE)
    assert [asked.question for asked in kept.asked()] == ["记下了"]


FULL = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
from assistant.answering.answerer import Answer, Status
from assistant.evaluation.feedback.history import FileHistory, Source
history = FileHistory(Path(sys.argv[1]), 180)
for number in range(50):
    assert history.record(Answer(f"{number} " + "问" * 490, Status.NOT_FOUND, (), (), (), 1.0), Source.PAGE)
print("answered")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file sizes are POSIX's")
def test_a_full_disk_costs_one_warning_and_damages_nothing(file: Path, kept: FileHistory) -> None:
    command = [sys.executable, "-c", FULL, str(file)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "answered\n"
    assert run.stderr.startswith("注意：提问没有记录下来（提问记录 ")
    assert run.stderr.count("\n") == 1
    written = [asked.question.split()[0] for asked in kept.asked()]
    assert 0 < len(written) < 50
    assert sorted(written, key=int) == [str(number) for number in range(len(written))]
    assert kept.state().startswith(f"提问记录 {file}：{len(written)} 个问题")


def test_a_file_that_others_hold_delays_no_answer(
    file: Path, kept: FileHistory, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    kept.record(answer("问一"), Source.PAGE)
    kept.asked()
    monkeypatch.setattr(sqlite_file, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr(history, "PATIENCE_SECONDS", 0.01)
    holder = sqlite3.connect(file, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    told = threading.Event()
    threading.Timer(2, told.set).start()
    identities = [kept.record(answer(f"问{number}"), Source.PAGE) for number in range(3)]
    assert not told.is_set() and len(identities) == 3
    with pytest.raises(StoreError, match="占用") as caught:
        kept.asked()
    assert_one_line(caught.value)
    kept.close()
    holder.rollback()
    holder.close()
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert [asked[2] for asked in stored(file, "asked")] == ["问一"]


def test_what_waits_is_bounded(file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(history, "WAITING_MOST", 2)
    slow = FileHistory(file, 180)
    go = threading.Event()
    slow._worker.submit(go.wait, 60)
    for number in range(5):
        slow.record(answer(f"问{number}"), Source.PAGE)
    assert [record.message for record in caplog.records] == [f"注意：提问没有记录下来（{file} 太慢，来不及写）"]
    go.set()
    slow.close()
    assert sorted(row[2] for row in stored(file, "asked")) == ["问0", "问1"]
