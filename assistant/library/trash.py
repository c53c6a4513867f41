"""Files taken out of the corpus, kept for a while so that they can be put back.

They lie in `.trash` inside the corpus folder: on the same disk, so that moving is one step, and hidden, so
that nothing reads them. Whoever calls holds the lock of the corpus.
"""

import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.base.errors import ReadingError

TRASH_NAME = ".trash"
TRASH_DAYS = 30

_ABOUT = "about.json"
_CONTENT = "content"
_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Removed:
    """A file taken out: where it was, what the catalogue said of it, who took it out, when (seconds since 1970).

    `replaced` where another file has taken its place.
    """

    token: str
    path: str
    lines: str
    who: str
    at: float
    replaced: bool = False


@contextmanager
def moving(corpus: Path, location: Path, about: Removed) -> Iterator[None]:
    """Move the file at `location` out of the corpus; back again where what follows fails."""
    content = _begun(corpus, about)
    try:
        os.replace(location, content)
        yield
    except BaseException:
        if os.path.lexists(content):
            os.replace(content, location)
        drop(corpus, about)
        raise


@contextmanager
def replacing(corpus: Path, location: Path, about: Removed) -> Iterator[None]:
    """Keep what lies at `location` and leave it there to be replaced; forget it where what follows fails."""
    content = _begun(corpus, about)
    try:
        _copy(location, content)
        yield
    except BaseException:
        drop(corpus, about)
        raise


def _begun(corpus: Path, about: Removed) -> Path:
    """Return where the content belongs, beside what is known of it; drop what has been kept long enough."""
    _drop_old(corpus)
    folder = corpus / TRASH_NAME / about.token
    folder.mkdir(parents=True)
    (folder / _ABOUT).write_text(json.dumps(asdict(about), ensure_ascii=False), encoding="utf-8")
    return folder / _CONTENT


def new_token() -> str:
    """Return a name under which something removed is kept; nobody can guess it."""
    return uuid.uuid4().hex


def removed_files(corpus: Path) -> list[Removed]:
    """Return what can be put back, latest first."""
    found = [_about(folder) for folder in _folders(corpus)]
    return sorted((about for about in found if about), key=lambda about: -about.at)


def find_removed(corpus: Path, token: str) -> Removed:
    """Return what is kept under `token`; raises `ReadingError` where there is nothing."""
    found = _about(corpus / TRASH_NAME / token) if _TOKEN.fullmatch(token) else None
    if found is None:
        raise ReadingError("这份文件已不在回收站里：请刷新页面查看现有的文件。")
    return found


def content_of(corpus: Path, about: Removed) -> Path:
    """Return where the content of a removed file lies."""
    return corpus / TRASH_NAME / about.token / _CONTENT


def copy_out(corpus: Path, about: Removed, target: Path) -> None:
    """Copy a removed file to `target`, where nothing lies."""
    _copy(content_of(corpus, about), target)


def drop(corpus: Path, about: Removed) -> None:
    """Keep a removed file no longer."""
    shutil.rmtree(corpus / TRASH_NAME / about.token, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    """Give `source` a second name, or where the disk has no such thing, a copy; of a link, the link."""
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(source, target, follow_symlinks=False)


def _folders(corpus: Path) -> list[Path]:
    try:
        return [path for path in (corpus / TRASH_NAME).iterdir() if _TOKEN.fullmatch(path.name)]
    except OSError:
        return []


def _about(folder: Path) -> Removed | None:
    """Return what is kept in `folder`, None where it is not whole."""
    try:
        table = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        about = Removed(**table)
    except (OSError, ValueError, TypeError):
        return None
    return about if about.token == folder.name and os.path.lexists(folder / _CONTENT) else None


def _drop_old(corpus: Path) -> None:
    limit = time.time() - TRASH_DAYS * 86_400
    for folder in _folders(corpus):
        about = _about(folder)
        if about is not None and about.at < limit:
            shutil.rmtree(folder, ignore_errors=True)
