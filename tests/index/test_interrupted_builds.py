"""Builds that are killed, have no room, or come at once: the old index or the new one, never half of one."""

import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.base.errors import StoreError
from assistant.index import folder as index_module
from assistant.index.builder import is_stale
from assistant.index.folder import MANIFEST_NAME, open_index
from support.corpus import (
    LAW,
    LAW_FILE,
    NOTE_FILE,
    SPEECH_FILE,
    Answers,
    FakeEncoder,
    assert_one_line,
    build_index,
    generations,
    opened,
    write,
)
from support.index_folders import complaint
from support.paths import ROOT


@pytest.fixture
def standing(corpus: Path, index_folder: Path, encoder: FakeEncoder) -> Path:
    """The folder of an index that stands, closed."""
    build_index(corpus, index_folder, encoder)
    return index_folder


# ---- Kills

BUILD = """
import os, shutil, signal, sys
from pathlib import Path
sys.path[:0] = ["tests"]
from support.corpus import FakeEncoder, build_index
from assistant.index import builder, lexical, records, vectors
from assistant.index import folder as store

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

def kill(owner, name, after):
    real = getattr(owner, name)
    def wrapped(*args, **kwargs):
        after and real(*args, **kwargs)
        die()
    setattr(owner, name, wrapped)

def delete_one(folder, **kwargs):
    next(p for p in Path(folder).iterdir() if p.is_file()).unlink()
    die()

corpus, folder, point = sys.argv[1:]
points = {
    "copying": lambda: kill(shutil, "copyfile", True),
    "copied": lambda: kill(builder._Build, "_copy", True),
    "first document": lambda: kill(records.RecordWriter, "add", True),
    "removing": lambda: kill(builder._Build, "_take_over", True),
    "encoding": lambda: kill(FakeEncoder, "encode_documents", False),
    "records": lambda: kill(records.RecordWriter, "commit", True),
    "words": lambda: kill(lexical.LexicalWriter, "commit", True),
    "vectors": lambda: kill(vectors.VectorWriter, "commit", True),
    "checksums": lambda: kill(store, "checksums", True),
    "before replacing": lambda: kill(os, "replace", False),
    "replaced": lambda: kill(os, "replace", True),
    "cleaning": lambda: setattr(shutil, "rmtree", delete_one),
    "any": lambda: print("start", flush=True),
}
points[point]()
build_index(Path(corpus), Path(folder), FakeEncoder())
"""
POINTS = ["copying", "copied", "first document", "removing", "encoding", "records", "words", "vectors", "checksums"]


def start_build(corpus: Path, folder: Path, point: str) -> subprocess.Popen:
    command = [sys.executable, "-c", BUILD, str(corpus), str(folder), point]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)


@pytest.fixture
def changed(corpus: Path, standing: Path, encoder: FakeEncoder, tmp_path: Path) -> tuple[Answers, Answers]:
    """Change the corpus under a standing index, which has a generation before it; return old and new answers."""
    write(corpus, NOTE_FILE, "食堂 修改前")
    build_index(corpus, standing, encoder)
    old = opened(standing, encoder)
    write(corpus, LAW_FILE, LAW + "第四条　新的一条。")
    write(corpus, "新 文件.txt", LAW)
    (corpus / SPEECH_FILE).unlink()
    build_index(corpus, tmp_path / "新", encoder)
    return old, opened(tmp_path / "新", encoder)


@pytest.mark.parametrize("point", [*POINTS, "before replacing", "replaced", "cleaning"])
def test_a_killed_update_leaves_the_old_index_or_the_new(
    corpus: Path, standing: Path, encoder: FakeEncoder, changed: tuple[Answers, Answers], point: str
) -> None:
    with start_build(corpus, standing, point) as child:
        assert child.wait(60) == -signal.SIGKILL
    counts = point in ("replaced", "cleaning")
    assert opened(standing, encoder) == changed[counts]
    assert is_stale(corpus, standing, encoder) is not counts
    assert build_index(corpus, standing, encoder).wrote is not counts
    assert opened(standing, encoder) == changed[1]
    assert len(generations(standing)) == (1 if counts else 2)
    assert {p.name for p in standing.iterdir()} - generations(standing) <= {MANIFEST_NAME, ".lock"}


@pytest.mark.parametrize("point", ["first document", "vectors", "before replacing"])
def test_a_killed_first_build_leaves_no_index(
    corpus: Path, index_folder: Path, encoder: FakeEncoder, point: str
) -> None:
    with start_build(corpus, index_folder, point) as child:
        assert child.wait(60) == -signal.SIGKILL
    assert "还没有索引" in complaint(index_folder, encoder)
    assert is_stale(corpus, index_folder, encoder)
    build_index(corpus, index_folder, encoder)
    assert len(open_index(index_folder, encoder)) > 10
    assert len(generations(index_folder)) == 1


def test_kills_at_any_time(
    corpus: Path, standing: Path, encoder: FakeEncoder, changed: tuple[Answers, Answers]
) -> None:
    for milliseconds in (5, 20, 40, 70, 110):
        with start_build(corpus, standing, "any") as child:
            assert child.stdout is not None and child.stdout.readline() == b"start\n"
            time.sleep(milliseconds / 1000)
            child.kill()
        assert opened(standing, encoder) in changed
    build_index(corpus, standing, encoder)
    assert opened(standing, encoder) == changed[1]
    assert len(generations(standing)) <= 2


# ---- The disk and other writers


@contextmanager
def largest_file(limit: int) -> Iterator[None]:
    """Let no file grow beyond `limit` bytes: as good as a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("limit", [0, 100, 1000, 10_000, 30_000])
def test_a_full_disk_leaves_the_old_index(corpus: Path, index_folder: Path, encoder: FakeEncoder, limit: int) -> None:
    build_index(corpus, index_folder, encoder)
    before, standing = opened(index_folder, encoder), generations(index_folder)
    write(corpus, "新.txt", "".join(chr(n) for n in range(0x4E00, 0x7000)))
    with largest_file(limit), pytest.raises(StoreError) as caught:
        build_index(corpus, index_folder, encoder)
    assert_one_line(caught.value)
    assert "磁盘空间" in str(caught.value)
    assert opened(index_folder, encoder) == before
    assert generations(index_folder) == standing
    assert build_index(corpus, index_folder, encoder).added == ("新.txt",)


def test_an_index_folder_that_is_a_file(corpus: Path, tmp_path: Path, encoder: FakeEncoder) -> None:
    write(tmp_path, "索引", "")
    with pytest.raises(StoreError) as caught:
        build_index(corpus, tmp_path / "索引", encoder)
    assert_one_line(caught.value)


HOLD = """
import sys
from pathlib import Path
from assistant.index.folder import writing
with writing(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_writer_is_told_to_wait(
    corpus: Path, index_folder: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(corpus, index_folder, encoder)
    write(corpus, "新.txt", "新文件。")
    command = [sys.executable, "-c", HOLD, str(index_folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as holder:  # type: ignore[call-overload]
        assert holder.stdout.readline() == b"held\n"
        monkeypatch.setattr(index_module, "LOCK_SECONDS", 0.1)
        with pytest.raises(StoreError) as caught:
            build_index(corpus, index_folder, encoder)
        assert str(caught.value) == f"另一个程序正在更新索引 {index_folder}：请等它完成后再试。"
        assert len(open_index(index_folder, encoder).records.documents()) == 3
        holder.kill()
    assert build_index(corpus, index_folder, encoder).added == ("新.txt",)


def test_builders_that_start_at_once_take_turns(corpus: Path, index_folder: Path, encoder: FakeEncoder) -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: build_index(corpus, index_folder, encoder), range(4)))
    assert sorted(result.wrote for result in results) == [False, False, False, True]
    assert len(open_index(index_folder, encoder).records.documents()) == 3
