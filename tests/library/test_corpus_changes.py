import os
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.base.errors import AssistantError, ReadingError, SettingsError, StoreError
from assistant.documents.catalog import Catalog, CatalogEntry, load_catalog
from assistant.documents.document import list_files
from assistant.library import trash
from assistant.library.corpus_changes import Addition, Library, OnClash, Outcome
from support.corpus import LAW, LAW_FILE, NOTE_FILE, SPEECH, SPEECH_FILE, assert_one_line, write

TEXT = "第一条　差旅费由财务处审核。\n第二条　本办法自发布之日起施行。\n"
LIMIT = 1_000_000


@pytest.fixture
def library(corpus: Path) -> Library:
    return Library(corpus, LIMIT, 100)


def add(library: Library, content: str | bytes, name: str = "差旅.txt", folder: str = "", **options: Any) -> Addition:
    with library.incoming() as file:
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return library.add(file, name, folder, options.pop("clash", OnClash.ASK), **options)


def paths(library: Library) -> list[str]:
    return [file.path for file in list_files(library.corpus)]


def refused(library: Library, content: str | bytes, name: str, folder: str = "") -> str:
    before = sorted(os.listdir(library.corpus))
    with pytest.raises(ReadingError) as caught:
        add(library, content, name, folder)
    assert_one_line(caught.value)
    assert set(os.listdir(library.corpus)) - set(before) <= {".incoming", ".library.lock"}
    assert list((library.corpus / ".incoming").iterdir()) == []
    return str(caught.value)


def test_a_file_is_taken_in(library: Library) -> None:
    added = add(library, TEXT, "C:\\下载\\差旅费 办法.txt", "制度/财务")
    assert (added.outcome, added.path) == (Outcome.ADDED, "制度/财务/差旅费 办法.txt")
    assert (library.corpus / added.path).read_text(encoding="utf-8") == TEXT
    assert len(added.examined.structure.paragraphs) == 2
    assert added.path in paths(library) and len(paths(library)) == 4
    assert list((library.corpus / ".incoming").iterdir()) == []


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "空.txt", "空"),
        (b" \n ", "空白.txt", "空白"),
        (b"%PDF-1.7 ...", "其实是.txt", ".pdf"),
        (TEXT, "其实是.pdf", ""),
        (TEXT, "其实是.docx", ".docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "密.docx", "密码"),
        (b"MZ\x90\x00", "程序.exe", ".exe"),
        (TEXT, "catalog.toml", ".toml"),
        (TEXT, "无扩展名", "扩展名"),
        ("长" * LIMIT, "长.txt", "上限"),
        (TEXT, "....", "名称"),
    ],
)
def test_what_cannot_be_answered_from_never_gets_there(
    library: Library, content: str | bytes, name: str, reason: str
) -> None:
    assert reason in refused(library, content, name)


@pytest.mark.parametrize("folder", ["../外面", "制度/../..", "__MACOSX", "深/" * 7])
def test_folders_that_are_none(library: Library, folder: str) -> None:
    refused(library, TEXT, "差旅.txt", folder)


def test_links_lead_nowhere(library: Library, tmp_path: Path) -> None:
    outside = tmp_path / "外面"
    outside.mkdir()
    (library.corpus / "链接").symlink_to(outside)
    refused(library, TEXT, "差旅.txt", "链接")
    assert list(outside.iterdir()) == []


def test_a_link_of_the_same_name_is_not_written_through(library: Library, tmp_path: Path) -> None:
    outside = write(tmp_path, "外面.txt", "外面的内容")
    (library.corpus / "差旅.txt").symlink_to(outside)
    assert add(library, TEXT).outcome is Outcome.CLASH
    add(library, TEXT, clash=OnClash.REPLACE)
    assert outside.read_text(encoding="utf-8") == "外面的内容"
    assert not (library.corpus / "差旅.txt").is_symlink()


def test_content_that_is_there_already_is_said(library: Library) -> None:
    again = add(library, LAW, "换个名字.txt", "别处", clash=OnClash.KEEP_BOTH)
    assert (again.outcome, again.path) == (Outcome.SAME, LAW_FILE)
    assert len(paths(library)) == 3


def test_content_that_somebody_may_not_read_is_not_told(library: Library) -> None:
    added = add(library, LAW, "自己的.txt", "自己", may_read=lambda path: path.startswith("自己/"))
    assert (added.outcome, added.path) == (Outcome.ADDED, "自己/自己的.txt")


def test_a_name_that_is_there_already_is_asked_about(library: Library) -> None:
    assert add(library, TEXT, LAW_FILE.upper()).outcome is Outcome.CLASH
    assert (library.corpus / LAW_FILE).read_text(encoding="utf-8") == LAW
    kept = add(library, TEXT, LAW_FILE, clash=OnClash.KEEP_BOTH)
    assert (kept.outcome, kept.path) == (Outcome.ADDED, "考勤办法（2）.txt")
    more = add(library, TEXT + "第三条　另有规定的除外。", LAW_FILE, clash=OnClash.KEEP_BOTH)
    assert more.path == "考勤办法（3）.txt"


def test_a_replaced_file_can_be_put_back_and_again(library: Library) -> None:
    replaced = add(library, TEXT, SPEECH_FILE, clash=OnClash.REPLACE)
    assert (replaced.outcome, replaced.path) == (Outcome.REPLACED, SPEECH_FILE)
    assert load_catalog(library.corpus).entry_for(SPEECH_FILE).title == "巡视动员讲话"
    assert library.restore(replaced.token) == SPEECH_FILE
    assert (library.corpus / SPEECH_FILE).read_text(encoding="utf-8") == SPEECH
    [back] = library.removed()
    assert library.restore(back.token) == SPEECH_FILE
    assert (library.corpus / SPEECH_FILE).read_text(encoding="utf-8") == TEXT


def test_a_removed_file_goes_with_its_entry_and_comes_back_with_it(library: Library) -> None:
    before = load_catalog(library.corpus)
    removed = library.remove(SPEECH_FILE, "王主任")
    assert SPEECH_FILE not in paths(library)
    assert load_catalog(library.corpus).paths == ()
    assert [(r.path, r.who, r.replaced) for r in library.removed()] == [(SPEECH_FILE, "王主任", False)]
    assert library.restore(removed.token) == SPEECH_FILE
    assert (library.corpus / SPEECH_FILE).read_text(encoding="utf-8") == SPEECH
    assert load_catalog(library.corpus) == before
    assert library.removed() == []


def test_a_removed_file_comes_back_beside_another_of_its_name(library: Library) -> None:
    removed = library.remove(NOTE_FILE)
    add(library, TEXT.encode(), "食堂 通知.md", "通知")
    assert library.restore(removed.token) == "通知/食堂 通知（2）.md"


def test_its_folder_comes_back_too(library: Library) -> None:
    removed = library.remove(NOTE_FILE)
    (library.corpus / "通知").rmdir()
    assert library.restore(removed.token) == NOTE_FILE


@pytest.mark.parametrize("path", ["没有.txt", "../corpus", "", "catalog.toml", ".trash"])
def test_what_is_not_there_cannot_be_removed(library: Library, path: str) -> None:
    with pytest.raises(ReadingError) as caught:
        library.remove(path)
    assert_one_line(caught.value)


@pytest.mark.parametrize("token", ["", "..", "0" * 32, "../../x"])
def test_what_was_not_removed_cannot_be_put_back(library: Library, token: str) -> None:
    with pytest.raises(ReadingError) as caught:
        library.restore(token)
    assert_one_line(caught.value)


def test_a_broken_catalogue_stops_changes_before_anything_moves(library: Library) -> None:
    removed = library.remove(LAW_FILE)
    write(library.corpus, "catalog.toml", "[[document]]\nfile = 讲话.txt\n")
    for change in (
        lambda: library.remove(SPEECH_FILE),
        lambda: library.restore(removed.token),
        lambda: library.describe(SPEECH_FILE, lambda _: CatalogEntry("新")),
        lambda: add(library, TEXT),
    ):
        with pytest.raises(SettingsError) as caught:
            change()
        assert_one_line(caught.value)
    assert sorted(paths(library)) == sorted([SPEECH_FILE, NOTE_FILE])


def test_old_files_leave_the_trash(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.remove(LAW_FILE)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 31 * 86_400)
    library.remove(NOTE_FILE)
    assert [about.path for about in library.removed()] == [NOTE_FILE]


def test_trash_that_somebody_touched_is_passed_over(library: Library) -> None:
    removed = library.remove(LAW_FILE)
    folder = library.corpus / trash.TRASH_NAME / removed.token
    (folder / "about.json").write_text('{"token": "x"}', encoding="utf-8")
    assert library.removed() == []


def test_describing_writes_the_catalogue(library: Library) -> None:
    said = CatalogEntry("考勤办法（试行）", "2020", validity="已废止", replaced_by=SPEECH_FILE)
    library.describe(LAW_FILE, lambda _: said)
    assert load_catalog(library.corpus).entry_for(LAW_FILE) == said
    with pytest.raises(ReadingError):
        library.describe("没有.txt", lambda _: CatalogEntry("无"))


def test_a_description_changes_what_the_catalogue_says_at_that_moment(library: Library) -> None:
    started, gone_on = threading.Event(), threading.Event()

    def slow(catalog: Catalog) -> CatalogEntry:
        started.set()
        assert gone_on.wait(10)
        return replace(catalog.entry_for(LAW_FILE), title="甲")

    first = threading.Thread(target=library.describe, args=(LAW_FILE, slow))
    first.start()
    assert started.wait(10)
    second = threading.Thread(
        target=library.describe, args=(LAW_FILE, lambda catalog: replace(catalog.entry_for(LAW_FILE), issuer="乙"))
    )
    second.start()
    gone_on.set()
    first.join()
    second.join()
    assert load_catalog(library.corpus).entry_for(LAW_FILE) == CatalogEntry("甲", issuer="乙")


def everything(library: Library) -> dict[str, bytes]:
    """Return all that lies in the corpus and its trash, but for the lock."""
    files = (path for path in library.corpus.rglob("*") if path.is_file() and path.name != ".library.lock")
    return {path.relative_to(library.corpus).as_posix(): path.read_bytes() for path in files}


def test_a_catalogue_that_cannot_be_changed_moves_nothing(library: Library, tmp_path: Path) -> None:
    removed = library.remove(SPEECH_FILE)
    catalog = library.corpus / "catalog.toml"
    catalog.replace(tmp_path / "elsewhere.toml")
    write(tmp_path, "elsewhere.toml", f'[[document]]\nfile = "{LAW_FILE}"\ntitle = "办法"\n')
    catalog.symlink_to(tmp_path / "elsewhere.toml")
    before = everything(library)
    for change in (lambda: library.remove(LAW_FILE), lambda: library.restore(removed.token)):
        with pytest.raises(SettingsError) as caught:
            change()
        assert_one_line(caught.value)
        assert everything(library) == before
    catalog.unlink()
    assert library.restore(removed.token) == SPEECH_FILE
    assert load_catalog(library.corpus).entry_for(SPEECH_FILE).title == "巡视动员讲话"


def test_a_catalogue_that_cannot_be_written_loses_nothing(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, where another program has catalog.toml open."""
    removed = library.remove(SPEECH_FILE)
    write(library.corpus, "catalog.toml", f'[[document]]\nfile = "{LAW_FILE}"\ntitle = "办法"\n')
    before, real = everything(library), os.replace

    def in_use(source: Path, target: Path) -> None:
        if Path(target).name == "catalog.toml":
            raise PermissionError(13, "in use")
        real(source, target)

    monkeypatch.setattr(os, "replace", in_use)
    for change in (lambda: library.remove(LAW_FILE), lambda: library.restore(removed.token)):
        with pytest.raises(StoreError) as caught:
            change()
        assert_one_line(caught.value)
        assert {name: content for name, content in everything(library).items() if ".new" not in name} == before
    monkeypatch.undo()
    assert library.restore(removed.token) == SPEECH_FILE
    assert library.removed() == []


@pytest.mark.parametrize("linking", [True, False])
def test_a_file_that_is_replaced_is_there_all_the_time(
    library: Library, monkeypatch: pytest.MonkeyPatch, linking: bool
) -> None:
    real, seen = os.replace, []

    def watched(source: Path, target: Path) -> None:
        seen.append((library.corpus / LAW_FILE).read_text(encoding="utf-8"))
        real(source, target)

    def no_links(*_: Any, **__: Any) -> None:
        raise OSError(95, "not supported")

    if not linking:
        monkeypatch.setattr(os, "link", no_links)
    monkeypatch.setattr(os, "replace", watched)
    token = add(library, TEXT, LAW_FILE, clash=OnClash.REPLACE).token
    assert library.restore(token) == LAW_FILE
    assert seen == [LAW, TEXT]
    assert (library.corpus / LAW_FILE).read_text(encoding="utf-8") == LAW
    [kept] = library.removed()
    assert trash.content_of(library.corpus, kept).read_text(encoding="utf-8") == TEXT


def test_a_replacement_that_fails_leaves_all_as_it_was(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything(library)

    def failing(*_: Any) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(StoreError):
        add(library, TEXT, LAW_FILE, clash=OnClash.REPLACE)
    assert everything(library) == before
    assert library.removed() == []


def test_no_more_files_than_allowed(corpus: Path) -> None:
    library = Library(corpus, LIMIT, 3)
    with pytest.raises(ReadingError) as caught:
        add(library, TEXT)
    assert_one_line(caught.value)
    assert add(library, TEXT, LAW_FILE, clash=OnClash.REPLACE).outcome is Outcome.REPLACED


def test_many_at_once_lose_nothing(library: Library) -> None:
    outcomes: list[Outcome] = []

    def some(number: int) -> None:
        for n in range(5):
            outcomes.append(
                add(library, f"第{number}号第{n}项由办公室办理。", "同名.txt", clash=OnClash.KEEP_BOTH).outcome
            )

    threads = [threading.Thread(target=some, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [Outcome.ADDED] * 20
    contents = {file.location.read_text(encoding="utf-8") for file in list_files(library.corpus)}
    assert len(paths(library)) == 23 and len(contents) == 23


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    blocked = write(tmp_path, "文件", "不是文件夹")
    library = Library(blocked, LIMIT, 10)
    with pytest.raises(AssistantError) as caught, library.incoming():
        pass
    assert isinstance(caught.value, StoreError)
    assert_one_line(caught.value)


def test_what_was_left_half_received_goes(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    left = write(library.corpus, ".incoming/left", "半")
    add(library, TEXT)
    assert left.exists()
    os.utime(left, (1, 1))
    add(library, TEXT + "三")
    assert not left.exists()


def test_the_exact_name_is_meant_before_one_like_it(library: Library) -> None:
    for name in ("RULES.txt", "Rules.txt", "rules.txt"):
        write(library.corpus, name, TEXT + name)
    added = add(library, LAW + "新", "Rules.txt", clash=OnClash.REPLACE)
    assert (added.outcome, added.path) == (Outcome.REPLACED, "Rules.txt")
    assert (library.corpus / "RULES.txt").read_text(encoding="utf-8") == TEXT + "RULES.txt"
    assert (library.corpus / "rules.txt").read_text(encoding="utf-8") == TEXT + "rules.txt"
