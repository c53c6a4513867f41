import hashlib
import os
import shutil
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from assistant.base.errors import ReadingError, StoreError
from assistant.documents.catalog import NO_ENTRY
from assistant.documents.document import Document, document_id, list_files, read_file
from assistant.documents.splitting import split
from assistant.index import builder, passage_vectors, vectors
from assistant.index import folder as folder_module
from assistant.index.builder import SPLITTING, build, build_from, is_stale
from assistant.index.folder import Index, open_index
from support.corpus import (
    CATALOG,
    FILE_LIMIT,
    LAW,
    LAW_FILE,
    NOTE,
    NOTE_FILE,
    SPEECH,
    SPEECH_FILE,
    Answers,
    FakeEncoder,
    assert_one_line,
    build_index,
    generations,
    opened,
    write,
)

FILES = (SPEECH_FILE, LAW_FILE, NOTE_FILE)


def fresh(corpus: Path, tmp_path: Path, encoder: FakeEncoder) -> Answers:
    """Return the answers of an index of `corpus` built from nothing."""
    folder = tmp_path / "新建"
    shutil.rmtree(folder, ignore_errors=True)
    build_index(corpus, folder, encoder)
    return opened(folder, encoder)


# ---- From nothing


def test_the_first_build(corpus: Path, index_folder: Path, encoder: FakeEncoder) -> None:
    stages: list[tuple[str, int, int]] = []
    assert is_stale(corpus, index_folder, encoder)
    result = build(corpus, index_folder, encoder, FILE_LIMIT, lambda *stage: stages.append(stage))
    assert result.added == tuple(sorted(FILES))
    assert (result.changed, result.removed, result.unchanged) == ((), (), 0)
    assert (result.problems, result.warnings) == ((), ())
    assert result.encoded == result.counts["passage"] == len(encoder.encoded) > 10
    assert result.wrote
    assert stages[0] == ("读取文件", 0, 3) and stages[-1] == ("写入索引", 1, 1)
    assert not is_stale(corpus, index_folder, encoder)


def test_what_is_indexed_is_what_was_read(corpus: Path, index: Index) -> None:
    for file in list_files(corpus):
        document = read_file(file, NO_ENTRY)
        number = index.records.numbers([document.id])[document.id]
        assert index.records.text(number) == document.text
        assert index.records.sections(number) == split(document).sections
    titles = {d.path: (d.title, d.date, d.issuer, d.validity) for d in index.records.documents()}
    assert titles[SPEECH_FILE] == ("巡视动员讲话", "2023-10-08", "中共某市委", "现行有效")
    assert titles[NOTE_FILE] == ("食堂 通知", None, None, None)
    counts = {table: index.records.count(table) for table in index.manifest.counts}
    assert counts == index.manifest.counts
    assert len(index) == counts["passage"] == len(index.vectors) == len(index.lexical)


def test_an_empty_corpus(tmp_path: Path, encoder: FakeEncoder) -> None:
    corpus = tmp_path / "空"
    corpus.mkdir()
    assert build_index(corpus, tmp_path / "索引", encoder).counts["document"] == 0
    assert len(open_index(tmp_path / "索引", encoder)) == 0
    assert not is_stale(corpus, tmp_path / "索引", encoder)


def test_a_missing_corpus_leaves_no_index(tmp_path: Path, encoder: FakeEncoder) -> None:
    with pytest.raises(ReadingError) as caught:
        build_index(tmp_path / "没有", tmp_path / "索引", encoder)
    assert_one_line(caught.value)
    assert not (tmp_path / "索引").exists()


def test_documents_that_are_no_files(tmp_path: Path, encoder: FakeEncoder) -> None:
    made = (Document(f"d{n}", f"第{n}号", None, None, None, f"{n}", LAW, 9, "", None) for n in range(5))
    manifest = build_from(made, tmp_path / "索引", encoder)
    assert (manifest.counts["document"], manifest.files) == (5, ())
    assert len(open_index(tmp_path / "索引", encoder).records.documents()) == 5


# ---- Updates


def test_nothing_changed_nothing_written(corpus: Path, index_folder: Path, encoder: FakeEncoder) -> None:
    write(corpus, "空.txt", "")
    build_index(corpus, index_folder, encoder)
    before = {path: path.read_bytes() for path in index_folder.rglob("*") if path.is_file()}
    encoder.encoded.clear()
    os.utime(corpus / LAW_FILE, (1, 1))
    result = build_index(corpus, index_folder, encoder)
    assert (result.wrote, result.unchanged, result.encoded, encoder.encoded) == (False, 4, 0, [])
    assert [problem.path for problem in result.problems] == ["空.txt"]
    after = {path: path.read_bytes() for path in index_folder.rglob("*") if path.is_file()}
    assert {path for path in before if after[path] != before[path]} == {index_folder / "manifest.json"}
    assert not is_stale(corpus, index_folder, encoder)  # the new time is noted, so `ask` need not look again
    build_index(corpus, index_folder, encoder)
    assert {path: path.read_bytes() for path in index_folder.rglob("*") if path.is_file()} == after


def test_only_passages_whose_words_changed_are_encoded(
    corpus: Path, index_folder: Path, encoder: FakeEncoder, tmp_path: Path
) -> None:
    build_index(corpus, index_folder, encoder)
    encoder.encoded.clear()
    write(corpus, LAW_FILE, "考勤办法\n" + LAW.replace("三十日", "四十日"))
    result = build_index(corpus, index_folder, encoder)
    assert (result.changed, result.unchanged) == ((LAW_FILE,), 2)
    assert result.encoded == len(encoder.encoded)
    assert "考勤办法\n第二章 请假\n第三条　病假一般不得超过四十日。" in encoder.encoded
    assert opened(index_folder, encoder) == fresh(corpus, tmp_path, encoder)


def test_a_changed_passage_renews_the_vectors_of_its_neighbours_alone(
    corpus: Path, index_folder: Path, encoder: FakeEncoder, tmp_path: Path
) -> None:
    lines = [f"第{number}条　{letter * 8}。" for number, letter in enumerate("甲乙丙丁戊己庚辛壬癸子丑寅卯", 1)]
    write(corpus, LAW_FILE, "\n".join(lines))
    build_index(corpus, index_folder, encoder)
    encoder.encoded.clear()
    write(corpus, LAW_FILE, "\n".join([*lines[:7], "第8条　改改改改改改改改。", *lines[8:]]))
    assert build_index(corpus, index_folder, encoder).encoded == 1 + 4 * vectors.CONTEXT_REACH
    letters = [text[-2] for text in encoder.encoded]
    assert letters == list("丁戊己庚改壬癸子丑")
    assert opened(index_folder, encoder) == fresh(corpus, tmp_path, encoder)


def test_a_file_that_is_renamed_keeps_its_vectors_if_it_keeps_its_title(
    corpus: Path, index_folder: Path, encoder: FakeEncoder, tmp_path: Path
) -> None:
    build_index(corpus, index_folder, encoder)
    encoder.encoded.clear()
    (corpus / SPEECH_FILE).rename(corpus / "改名.txt")
    write(corpus, "catalog.toml", CATALOG.replace(SPEECH_FILE, "改名.txt"))
    result = build_index(corpus, index_folder, encoder)
    assert (result.added, result.removed, result.encoded) == (("改名.txt",), (SPEECH_FILE,), 0)
    assert document_id(SPEECH_FILE) not in opened(index_folder, encoder)
    assert opened(index_folder, encoder) == fresh(corpus, tmp_path, encoder)


def test_a_new_title_is_a_new_document(corpus: Path, index_folder: Path, encoder: FakeEncoder, tmp_path: Path) -> None:
    build_index(corpus, index_folder, encoder)
    write(corpus, "catalog.toml", CATALOG.replace("巡视动员讲话", "新题目").replace("现行有效", "已废止"))
    assert is_stale(corpus, index_folder, encoder)
    assert build_index(corpus, index_folder, encoder).changed == (SPEECH_FILE,)
    record = next(d for d in open_index(index_folder, encoder).records.documents() if d.path == SPEECH_FILE)
    assert (record.title, record.validity) == ("新题目", "已废止")
    assert opened(index_folder, encoder) == fresh(corpus, tmp_path, encoder)


@pytest.mark.parametrize("seed", range(3))
def test_an_updated_index_is_as_a_fresh_one(
    corpus: Path, index_folder: Path, encoder: FakeEncoder, tmp_path: Path, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    for step in range(8):
        change_something(corpus, rng, step)
        result = build_index(corpus, index_folder, encoder)
        assert opened(index_folder, encoder) == fresh(corpus, tmp_path, encoder)
        assert result.counts["document"] == len(list_files(corpus)) - len(result.problems)
    assert len(generations(index_folder)) <= 2


def change_something(corpus: Path, rng: np.random.Generator, step: int) -> None:
    """Add, change, spoil, remove or rename a file, or give one another title; sometimes several at once."""
    for _ in range(rng.integers(1, 4)):
        files = [file.location for file in list_files(corpus)]
        one = files[rng.integers(len(files))]
        match rng.integers(6):
            case 0:
                write(corpus, f"新 {step}/{rng.integers(99)}.txt", (LAW, SPEECH, NOTE)[rng.integers(3)])
            case 1:
                lines = one.read_text("utf-8").splitlines()
                rng.shuffle(lines)
                one.write_text("\n".join([*lines, f"第{step}次修改。"]), "utf-8")
            case 2:
                one.write_text("", "utf-8")
            case 3 if len(files) > 2:
                one.unlink()
            case 4:
                one.rename(one.with_name(f"改名 {step}{one.suffix}"))
            case _:
                path = one.relative_to(corpus).as_posix()
                write(corpus, "catalog.toml", f'[[document]]\nfile = "{path}"\ntitle = "题目{rng.integers(3)}"\n')


def test_above_a_limit_the_words_are_updated_in_place(
    corpus: Path, index_folder: Path, encoder: FakeEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builder, "LEXICAL_REWRITE_LIMIT", 0)
    build_index(corpus, index_folder, encoder)
    write(corpus, LAW_FILE, LAW.replace("三十日", "四十日"))
    (corpus / NOTE_FILE).unlink()
    build_index(corpus, index_folder, encoder)
    updated, new = opened(index_folder, encoder), fresh(corpus, tmp_path, encoder)
    assert updated.keys() == new.keys()
    for key, rows in new.items():
        if key.startswith("lexical"):  # tantivy still counts what was deleted: scores differ a little
            assert sorted(row[1:] for row in updated[key]) == sorted(row[1:] for row in rows)
        else:
            assert updated[key] == rows


def test_passages_are_encoded_a_few_at_a_time(
    corpus: Path, index_folder: Path, encoder: FakeEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = fresh(corpus, tmp_path, encoder)
    monkeypatch.setattr(passage_vectors, "PASSAGES_AT_ONCE", 2)
    result = build_index(corpus, index_folder, encoder)
    assert result.encoded == result.counts["passage"]
    assert opened(index_folder, encoder) == whole


def test_vectors_are_quantised_once_there_are_many(
    corpus: Path, index_folder: Path, encoder: FakeEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "EXACT_LIMIT", 100)
    rng = np.random.default_rng(0)
    write(corpus, "条目.txt", "\n".join("".join(rng.choice(list(LAW), 60)) for _ in range(150)))
    build_index(corpus, index_folder, encoder)
    write(corpus, LAW_FILE, LAW.replace("三十日", "四十日"))
    assert build_index(corpus, index_folder, encoder).encoded == 5
    index = open_index(index_folder, encoder)
    assert not index.vectors.exact
    query = encoder.encode_queries(["考勤办法\n第二章 请假\n第三条　病假一般不得超过四十日。"])[0]
    [(number, cosine)] = index.vectors.search(query, 1)
    assert cosine == pytest.approx(float(index.vectors.vectors([number])[0] @ query), abs=1e-4)
    [passage] = index.records.passages([number])
    assert index.records.document(passage.document).path == LAW_FILE
    assert opened(index_folder, encoder) == fresh(corpus, tmp_path, encoder)


def test_another_encoder_means_everything_anew(corpus: Path, index_folder: Path, encoder: FakeEncoder) -> None:
    first = build_index(corpus, index_folder, encoder)
    for other in (FakeEncoder(fingerprint="beef"), FakeEncoder(dimensions=16)):
        with pytest.raises(StoreError) as caught:
            open_index(index_folder, other)
        assert_one_line(caught.value)
        assert is_stale(corpus, index_folder, other)
        result = build_index(corpus, index_folder, other)
        assert (result.added, result.encoded) == (first.added, first.encoded)
        assert not is_stale(corpus, index_folder, other)
        assert open_index(index_folder, other).vectors.dimensions == other.dimensions


def test_full_reads_and_encodes_everything_again(corpus: Path, index_folder: Path, encoder: FakeEncoder) -> None:
    first = build_index(corpus, index_folder, encoder)
    before = opened(index_folder, encoder)
    again = build_index(corpus, index_folder, encoder, full=True)
    assert (again.added, again.encoded) == (first.added, first.encoded)
    assert opened(index_folder, encoder) == before


def test_pieces_come_out_as_when_the_version_was_given() -> None:
    """If they change on purpose, raise the number in `builder.SPLITTING` and put the new digest here."""
    pieces = [split(Document("d1", "题", None, None, None, "甲", text, 9, "", None)) for text in (SPEECH, LAW, NOTE)]
    digest = hashlib.sha256(repr(pieces).encode()).hexdigest()[:16]
    assert (SPLITTING, digest) == ("3-200-2-0.2", "2673ea31ae8a8e05")


# ---- Files that cannot be read


def test_a_file_that_cannot_be_read_is_a_problem_and_the_others_are_indexed(
    corpus: Path, index_folder: Path, encoder: FakeEncoder
) -> None:
    write(corpus, "坏 文件.txt", "")
    (corpus / "假.docx").write_bytes(b"PK\x03\x04 broken")
    (corpus / "国标.txt").write_bytes("关于开展巡视工作的通知，请遵照执行。".encode("gb18030"))
    result = build_index(corpus, index_folder, encoder)
    assert [problem.path for problem in result.problems] == ["假.docx", "坏 文件.txt"]
    for problem in result.problems:
        assert_one_line(problem.reason)
    assert [(w.path, w.reason) for w in result.warnings] == [("国标.txt", "按 GB18030 读取。")]
    assert result.counts["document"] == 4
    assert open_index(index_folder, encoder).manifest.problems == result.problems
    write(corpus, "坏 文件.txt", "好了。")
    result = build_index(corpus, index_folder, encoder)
    assert (result.changed, [p.path for p in result.problems]) == (("坏 文件.txt",), ["假.docx"])
    assert result.counts["document"] == 5
    write(corpus, LAW_FILE, "")
    assert build_index(corpus, index_folder, encoder).counts["document"] == 4


def test_a_mend_that_leaves_the_file_as_it_is_counts_too(
    corpus: Path, index_folder: Path, encoder: FakeEncoder
) -> None:
    """Such as a higher limit or the permission to read: neither changes size or time of the file."""
    low = build(corpus, index_folder, encoder, len(NOTE.encode()))
    assert {problem.path for problem in low.problems} == {SPEECH_FILE, LAW_FILE}
    assert not build(corpus, index_folder, encoder, len(NOTE.encode())).wrote
    high = build_index(corpus, index_folder, encoder)
    assert (set(high.changed), high.problems) == ({SPEECH_FILE, LAW_FILE}, ())


def test_two_names_that_look_the_same(corpus: Path, index_folder: Path, encoder: FakeEncoder) -> None:
    for form in ("NFC", "NFD"):
        write(corpus, unicodedata.normalize(form, "café 说明.txt"), f"{form} 的说明。")
    if len(list_files(corpus)) < 5:
        pytest.skip("this file system takes both names for one")
    for turn in range(2):
        result = build_index(corpus, index_folder, encoder)
        assert result.wrote is (turn == 0)
        assert result.counts["document"] == 4
        assert [problem.path for problem in result.problems] == ["café 说明.txt（同名文件）"]
        assert result.problems[0].reason == "与另一个文件的名称看起来完全相同，请给其中一个改名。"
        assert not is_stale(corpus, index_folder, encoder)
    (corpus / unicodedata.normalize("NFD", "café 说明.txt")).rename(corpus / "另一份.txt")
    result = build_index(corpus, index_folder, encoder)
    assert (result.counts["document"], result.problems) == (5, ())


# ---- Generations


def test_only_generations_are_cleaned_away(corpus: Path, index_folder: Path, encoder: FakeEncoder) -> None:
    write(index_folder, "g-资料/笔记.txt", "我的")
    write(index_folder, "g-0123456789ab/vectors.faiss", "left by a build that was killed")
    build_index(corpus, index_folder, encoder)
    assert (index_folder / "g-资料/笔记.txt").read_text("utf-8") == "我的"
    assert len(generations(index_folder)) == 2


def test_the_generation_before_stays_for_readers_that_are_opening_it(
    corpus: Path, index_folder: Path, encoder: FakeEncoder
) -> None:
    names = []
    for turn in range(3):
        write(corpus, LAW_FILE, LAW + f"第四条　第{turn}次修改。")
        build_index(corpus, index_folder, encoder)
        names.append(folder_module.read_manifest(index_folder).data)
        assert generations(index_folder) == set(names[-2:])
