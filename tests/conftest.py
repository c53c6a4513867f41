"""What most tests share: a small fake encoder and a corpus of three documents in a temporary folder."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.index.folder import Index, open_index
from support.corpus import (
    CATALOG,
    LAW,
    LAW_FILE,
    NOTE,
    NOTE_FILE,
    SPEECH,
    SPEECH_FILE,
    FakeEncoder,
    build_index,
    write,
)
from support.drawing import load_profile
from support.memory import Memory
from support.paths import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser


load_profile()
MEMORY = Memory()
CACHES = {"__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".coverage"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the browser tests out where that is asked for."""
    if os.environ.get("ASSISTANT_SKIP_BROWSER") == "1":
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="ASSISTANT_SKIP_BROWSER=1"))


def pytest_runtest_logfinish() -> None:
    """Give back what a test has left."""
    MEMORY.tidy()


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """A headless Chromium, gone after the module: Playwright's loop would stop `asyncio.run` in the others."""
    from support.browsers import running_browser

    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="session", autouse=True)
def clean_root() -> Iterator[None]:
    """What tests write goes into folders of their own: the project's folder is afterwards as it was."""
    before = set(os.listdir(ROOT))
    yield
    left = set(os.listdir(ROOT)) - before - CACHES
    assert left == set(), f"tests left files in the project's folder: {sorted(left)}"


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Three small documents, of which the speech has an entry in the catalogue."""
    folder = tmp_path / "语料 文件夹"
    write(folder, SPEECH_FILE, SPEECH)
    write(folder, LAW_FILE, LAW)
    write(folder, NOTE_FILE, NOTE)
    write(folder, "catalog.toml", CATALOG)
    return folder


@pytest.fixture
def index_folder(tmp_path: Path) -> Path:
    """Where an index can be built; it does not exist yet."""
    return tmp_path / "索引 文件夹"


@pytest.fixture
def index(corpus: Path, index_folder: Path, encoder: FakeEncoder) -> Iterator[Index]:
    """The corpus, indexed and opened."""
    build_index(corpus, index_folder, encoder)
    opened = open_index(index_folder, encoder)
    yield opened
    opened.close()
