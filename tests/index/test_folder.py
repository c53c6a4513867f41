import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.base.errors import StoreError
from assistant.index import folder as index_module
from assistant.index.builder import is_stale
from assistant.index.folder import MANIFEST_NAME, open_index, read_manifest, write_manifest
from support.corpus import (
    LAW,
    LAW_FILE,
    NOTE_FILE,
    SPEECH_FILE,
    FakeEncoder,
    answers,
    assert_one_line,
    build_index,
    generations,
    opened,
    write,
)
from support.index_folders import complaint

DAMAGES: dict[str, Callable[[Path], object]] = {
    "truncated": lambda file: os.truncate(file, file.stat().st_size // 2),
    "emptied": lambda file: os.truncate(file, 0),
    "flipped": lambda file: flip(file, file.stat().st_size // 2),
    "longer": lambda file: file.write_bytes(file.read_bytes() + b"\0"),
    "deleted": lambda file: file.unlink(),
    "a folder": lambda file: make_folder(file),
}


def flip(file: Path, at: int) -> None:
    """Change one bit of one byte."""
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    file.write_bytes(data)


def make_folder(file: Path) -> None:
    """Put a folder where the file was."""
    file.unlink()
    file.mkdir()


@pytest.fixture
def standing(corpus: Path, index_folder: Path, encoder: FakeEncoder) -> Path:
    """The folder of an index that stands, closed."""
    build_index(corpus, index_folder, encoder)
    return index_folder


# ---- Damage


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_to_any_file_is_said(corpus: Path, standing: Path, encoder: FakeEncoder, damage: str) -> None:
    manifest = read_manifest(standing)
    assert {"records.sqlite", "vectors.faiss", "vectors.npy", "numbers.npy", "lexical/meta.json"} < set(
        manifest.checksums
    )
    for name in manifest.checksums:
        copy = standing.with_name("副本 文件夹")
        shutil.copytree(standing, copy)
        file = copy / manifest.data / name
        DAMAGES[damage](file)
        assert str(file) in complaint(copy, encoder)
        assert not is_stale(corpus, copy, encoder)
        shutil.rmtree(copy)


@pytest.mark.parametrize("name", ["records.sqlite", "vectors.faiss", "vectors.npy", "numbers.npy", "lexical/meta.json"])
@pytest.mark.parametrize("damage", ["truncated", "flipped", "deleted"])
def test_build_mends_damage(corpus: Path, standing: Path, encoder: FakeEncoder, damage: str, name: str) -> None:
    whole = opened(standing, encoder)
    DAMAGES[damage](standing / read_manifest(standing).data / name)
    assert len(build_index(corpus, standing, encoder).added) == 3
    assert opened(standing, encoder) == whole
    assert len(generations(standing)) <= 2


def test_a_missing_generation(corpus: Path, standing: Path, encoder: FakeEncoder) -> None:
    (standing / read_manifest(standing).data).rename(standing / "weg")
    assert "不见了" in complaint(standing, encoder)
    assert build_index(corpus, standing, encoder).wrote


def test_no_index_at_all(tmp_path: Path, encoder: FakeEncoder) -> None:
    assert "还没有索引" in complaint(tmp_path / "没有", encoder)
    assert "还没有索引" in complaint(tmp_path, encoder)


def test_any_flipped_bit_of_the_manifest_is_seen(corpus: Path, standing: Path, encoder: FakeEncoder) -> None:
    file = standing / MANIFEST_NAME
    whole = file.read_bytes()
    manifest = read_manifest(standing)
    unnoticed = 0
    for at in range(len(whole)):
        flip(file, at)
        try:
            assert read_manifest(standing) == manifest
            unnoticed += 1
        except StoreError as error:
            assert_one_line(error)
        file.write_bytes(whole)
    assert unnoticed <= whole.count(b"\n") + whole.count(b" ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "已损坏"),
        ("{", "已损坏"),
        ("不是 JSON", "已损坏"),
        ("[" * 100_000, "已损坏"),
        ("[]", "不是本程序的"),
        ("null", "不是本程序的"),
        ('{"kind": "someone else\'s"}', "不是本程序的"),
        ('{"kind": "policy-assistant index", "format": 99}', "由更新版本的程序建立（格式 99"),
        (f'{{"kind": "policy-assistant index", "format": {index_module.FORMAT}}}', "已损坏"),
    ],
)
def test_a_manifest_that_is_none(corpus: Path, standing: Path, encoder: FakeEncoder, text: str, said: str) -> None:
    whole = opened(standing, encoder)
    write(standing, MANIFEST_NAME, text)
    assert said in complaint(standing, encoder)
    with pytest.raises(StoreError):
        is_stale(corpus, standing, encoder)
    build_index(corpus, standing, encoder)
    assert opened(standing, encoder) == whole
    assert len(generations(standing)) == 1


@pytest.mark.parametrize("number", ["1", '"2"', "null"])
def test_an_index_of_an_older_format_is_stale(corpus: Path, standing: Path, encoder: FakeEncoder, number: str) -> None:
    whole = opened(standing, encoder)
    write(standing, MANIFEST_NAME, f'{{"kind": "policy-assistant index", "format": {number}}}')
    assert "格式已过时" in complaint(standing, encoder)
    assert is_stale(corpus, standing, encoder)
    assert len(build_index(corpus, standing, encoder).added) == 3
    assert opened(standing, encoder) == whole
    assert len(generations(standing)) == 1


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_manifest_that_is_cut_off(corpus: Path, standing: Path, encoder: FakeEncoder, share: float) -> None:
    file = standing / MANIFEST_NAME
    os.truncate(file, int(file.stat().st_size * share))
    assert "已损坏" in complaint(standing, encoder)
    build_index(corpus, standing, encoder)
    assert len(open_index(standing, encoder)) > 10


def test_a_manifest_in_another_encoding(standing: Path, encoder: FakeEncoder) -> None:
    (standing / MANIFEST_NAME).write_bytes("{}".encode("utf-16"))
    assert "已损坏" in complaint(standing, encoder)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"counts": {"document": 3, "passage": 1}}, "段数不一致（清单 1，"),
        ({"counts": {"document": 3}}, "缺少内容"),
        ({"data": "g-000000000000"}, "不见了"),
        ({"data": "../g-0"}, "缺少内容"),
        ({"dimensions": 64}, "另一个编码器（fake）"),
        ({"fingerprint": "beef"}, "另一个编码器（fake）"),
    ],
)
def test_a_manifest_that_says_something_else(
    corpus: Path, standing: Path, encoder: FakeEncoder, changes: dict, said: str
) -> None:
    whole = opened(standing, encoder)
    write_manifest(standing, replace(read_manifest(standing), **changes))
    assert said in complaint(standing, encoder)
    build_index(corpus, standing, encoder)
    assert opened(standing, encoder) == whole


@pytest.mark.parametrize("name", ["records.sqlite", "vectors.faiss", "vectors.npy", "numbers.npy", "lexical/meta.json"])
def test_a_file_that_is_what_the_manifest_says_and_still_no_index(
    corpus: Path, standing: Path, encoder: FakeEncoder, name: str
) -> None:
    manifest = read_manifest(standing)
    write(standing / manifest.data, name, "不是索引")
    write_manifest(standing, replace(manifest, checksums=index_module.checksums(standing / manifest.data)))
    assert "打不开" in complaint(standing, encoder)
    build_index(corpus, standing, encoder)
    assert len(open_index(standing, encoder)) == manifest.counts["passage"]


def test_the_manifest_comes_back(standing: Path) -> None:
    manifest = read_manifest(standing)
    before = (standing / MANIFEST_NAME).read_bytes()
    write_manifest(standing, manifest)
    assert (standing / MANIFEST_NAME).read_bytes() == before
    assert read_manifest(standing) == manifest
    lines = before.decode().splitlines()
    assert [f.path for f in manifest.files] == sorted([SPEECH_FILE, LAW_FILE, NOTE_FILE])
    assert all(file.path in line for file, line in zip(manifest.files, lines[2:], strict=False))


# ---- Readers


class AskingEncoder(FakeEncoder):
    """Calls `ask` whenever it encodes documents: in the middle of a build."""

    ask: Callable[[], None] = staticmethod(lambda: None)

    def encode_documents(self, texts: Sequence[str], progress: bool = False) -> NDArray[np.float32]:
        self.ask()
        return super().encode_documents(texts, progress)


def test_a_reader_keeps_answering_while_and_after_others_build(corpus: Path, index_folder: Path) -> None:
    encoder = AskingEncoder()
    build_index(corpus, index_folder, encoder)
    old = open_index(index_folder, encoder)
    before = answers(old, encoder)
    asked = []
    encoder.ask = lambda: asked.append(answers(old, FakeEncoder()) == before)
    for turn in range(2):
        write(corpus, LAW_FILE, LAW + f"第四条　第{turn}次修改。")
        build_index(corpus, index_folder, encoder)
        assert answers(old, encoder) == before
    assert asked == [True, True]
    assert not (index_folder / old.manifest.data).exists()
    assert opened(index_folder, encoder) != before


def test_a_reader_whose_generation_is_deleted_while_it_opens_it_takes_the_next(
    corpus: Path, standing: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = index_module._check_files

    def check_late(folder: Path, manifest: index_module.Manifest) -> None:
        monkeypatch.setattr(index_module, "_check_files", check)
        for turn in (1, 2):
            write(corpus, LAW_FILE, LAW + f"第四条　第{turn}次修改。")
            build_index(corpus, standing, encoder)
        check(folder, manifest)

    first = read_manifest(standing).data
    monkeypatch.setattr(index_module, "_check_files", check_late)
    index = open_index(standing, encoder)
    assert not (standing / first).exists()
    assert index.manifest == read_manifest(standing)
    assert any("第2次修改" in index.records.text(d.number) for d in index.records.documents())


def test_readers_that_open_while_others_build(corpus: Path, standing: Path, encoder: FakeEncoder) -> None:
    """Each sees one build or another, whole: the words that it finds are those of its own text."""
    done = False

    def read() -> int:
        count = 0
        while not done:
            index = open_index(standing, encoder)
            law = next(d.number for d in index.records.documents() if d.path == LAW_FILE)
            turns = index.records.text(law).count("修改")
            assert index.lexical.frequency("修改") == (turns > 0)
            assert len(index.vectors) == len(index.lexical) == len(index)
            index.close()
            count += 1
        return count

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read) for _ in range(3)]
        try:
            for turn in range(10):
                write(corpus, LAW_FILE, LAW + "修改" * (turn % 3))
                build_index(corpus, standing, encoder)
        finally:
            done = True
    assert all(reader.result() > 0 for reader in readers)
