"""Whether an index is behind its corpus: told by names, sizes and times, without reading a file."""

import os
from pathlib import Path

import pytest

from assistant.base.errors import ReadingError, SettingsError, StoreError
from assistant.index import builder
from assistant.index import folder as folder_module
from assistant.index.builder import is_stale
from support.corpus import CATALOG, LAW, LAW_FILE, FakeEncoder, build_index, write

# ---- Is it stale?


def test_is_stale(corpus: Path, index_folder: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    def stale_then_mended() -> bool:
        stale = is_stale(corpus, index_folder, encoder)
        build_index(corpus, index_folder, encoder)
        return stale and not is_stale(corpus, index_folder, encoder)

    assert stale_then_mended()
    write(corpus, LAW_FILE, LAW + "第四条　附则。")
    assert stale_then_mended()
    write(corpus, LAW_FILE, LAW + "第四条　附录。")
    os.utime(corpus / LAW_FILE, (1, 1))
    assert stale_then_mended()
    write(corpus, "新.txt", "新文件。")
    assert stale_then_mended()
    (corpus / "新.txt").unlink()
    assert stale_then_mended()
    write(corpus, "空.txt", "")
    assert stale_then_mended()
    (corpus / "catalog.toml").unlink()
    assert stale_then_mended()
    monkeypatch.setattr(builder, "SPLITTING", "3-100")
    assert stale_then_mended()


def test_not_stale(corpus: Path, index_folder: Path, encoder: FakeEncoder) -> None:
    build_index(corpus, index_folder, encoder)
    os.utime(corpus / LAW_FILE, (1, 1))
    write(corpus, "glossary.toml", '[[term]]\nwords = ["巡视", "巡察"]\n')
    write(corpus, ".隐藏.txt", "隐藏")
    write(corpus, "catalog.toml", CATALOG + "# 注释\n")
    assert not is_stale(corpus, index_folder, encoder)


def test_a_change_that_keeps_size_and_time_is_seen_by_build_alone(
    corpus: Path, index_folder: Path, encoder: FakeEncoder
) -> None:
    build_index(corpus, index_folder, encoder)
    time = (corpus / LAW_FILE).stat().st_mtime_ns
    write(corpus, LAW_FILE, LAW.replace("三十日", "四十日"))
    os.utime(corpus / LAW_FILE, ns=(time, time))
    assert not is_stale(corpus, index_folder, encoder)
    assert build_index(corpus, index_folder, encoder).changed == (LAW_FILE,)


def test_staleness_of_what_cannot_be_told(corpus: Path, index_folder: Path, encoder: FakeEncoder) -> None:
    build_index(corpus, index_folder, encoder)
    write(corpus, "catalog.toml", "[[document]]\nfile = 3")
    with pytest.raises(SettingsError):
        is_stale(corpus, index_folder, encoder)
    with pytest.raises(ReadingError):
        is_stale(corpus / "没有", index_folder, encoder)
    (index_folder / folder_module.MANIFEST_NAME).write_text("{", encoding="utf-8")
    with pytest.raises(StoreError):
        is_stale(corpus, index_folder, encoder)
