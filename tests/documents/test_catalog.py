import dataclasses
from pathlib import Path

import pytest

from assistant.base.errors import SettingsError
from assistant.documents.catalog import Catalog, CatalogEntry, load_catalog


def catalog(folder: Path, text: str, encoding: str = "utf-8") -> Catalog:
    (folder / "catalog.toml").write_bytes(text.encode(encoding))
    return load_catalog(folder)


def complaint(folder: Path, text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        catalog(folder, text)
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith("。")
    return message


FULL = """
# 文件目录
[[document]]
file = "讲话/市委巡视 动员.txt"
title = "在市委巡视动员部署会上的讲话"
date = 2023-10-08
issuer = "中共某市委"
validity = "现行有效"

[[document]]
file = "办法.docx"
date = "2019年3月"
validity = "废止"
"""
SPEECH = CatalogEntry("在市委巡视动员部署会上的讲话", "2023-10-08", "中共某市委", "现行有效")


def test_missing_file_is_an_empty_catalogue(tmp_path: Path) -> None:
    assert load_catalog(tmp_path) == Catalog()
    assert Catalog().paths == ()
    assert Catalog().entry_for("讲话.txt") == CatalogEntry(None, None, None, None)


@pytest.mark.parametrize("text", ["", "\n", "# 还没有写\n"])
def test_a_file_without_entries_is_an_empty_catalogue(tmp_path: Path, text: str) -> None:
    assert catalog(tmp_path, text) == Catalog()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_entries(tmp_path: Path, encoding: str, ends: str) -> None:
    found = catalog(tmp_path, FULL.replace("\n", ends), encoding)
    assert found.paths == ("讲话/市委巡视 动员.txt", "办法.docx")
    assert found.entry_for("讲话/市委巡视 动员.txt") == SPEECH
    assert found.entry_for("办法.docx") == CatalogEntry(None, "2019-03", None, "已废止")
    assert found.entry_for("别的.txt") == CatalogEntry()


def test_paths_are_compared_in_one_form(tmp_path: Path) -> None:
    found = catalog(tmp_path, "[[document]]\nfile = './子\\\\cafe\u0301.txt'\ntitle = '甲'\n")
    assert found.paths == ("子/caf\u00e9.txt",)
    assert found.entry_for("子/cafe\u0301.txt").title == "甲"


def test_entries_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        SPEECH.title = "别的"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2024-05-01", "2024-05-01"),
        ('"2024-05-01"', "2024-05-01"),
        ('"2024-5-1"', "2024-05-01"),
        ('"2024/5/1"', "2024-05-01"),
        ('"2024.5"', "2024-05"),
        ('"2024-05"', "2024-05"),
        ('"2024年5月1日"', "2024-05-01"),
        ('"2024年5月"', "2024-05"),
        ('"2024年"', "2024"),
        ('"２０２４年５月"', "2024-05"),
        ("2024", "2024"),
        ("2024-05-01T08:00:00", "2024-05-01"),
        ('""', None),
    ],
)
def test_dates(tmp_path: Path, written: str, iso: str | None) -> None:
    assert catalog(tmp_path, f"[[document]]\nfile = 'a.txt'\ndate = {written}\n").entry_for("a.txt").date == iso


@pytest.mark.parametrize(
    "written", ['"2024-13"', '"2023-02-29"', '"去年"', "true", "20240501", "2024.5", '"24-5-1"', "0"]
)
def test_bad_dates(tmp_path: Path, written: str) -> None:
    message = complaint(tmp_path, f"[[document]]\nfile = 'a.txt'\ntitle = '甲'\ndate = {written}\n")
    assert message.startswith("catalog.toml 第 4 行：date 的日期“")
    assert message.endswith('请写成如 "2024-05-01"、"2024-05" 或 "2024"。')


@pytest.mark.parametrize(
    ("written", "validity"),
    [("现行有效", "现行有效"), ("现行", "现行有效"), ("修订", "已修改"), ("失效", "已废止"), ("尚未生效", "尚未生效")],
)
def test_validity(tmp_path: Path, written: str, validity: str) -> None:
    found = catalog(tmp_path, f"[[document]]\nfile = 'a.txt'\nvalidity = '{written}'\n")
    assert found.entry_for("a.txt").validity == validity


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[[document]]\nfile = 'a.txt'\ntitel = '甲'\n",
            "catalog.toml 第 3 行：不认识“titel”，是否应为“title”？请改正。",
        ),
        (
            "[[document]]\nfile = 'a.txt'\n密级 = '无'\n",
            "catalog.toml 第 3 行：写法不对，等号左边请只用 file、title、date、issuer、validity、replaced_by。",
        ),
        (
            "[[document]]\nfile = 'a.txt'\nxyz = '无'\n",
            "catalog.toml 第 3 行：不认识“xyz”，请只用 file、title、date、issuer、validity、replaced_by。",
        ),
        (
            "[[document]]\nfile = 'a.txt'\n\n[[document]]\nfile = 'b.txt'\nissuer = 3\n",
            'catalog.toml 第 6 行：issuer 应为文字，请加上英文引号，如 issuer = "…"。',
        ),
        (
            "[[document]]\nfile = 'a.txt'\nvalidity = '好'\n",
            "catalog.toml 第 3 行：validity 的“好”不认识，请写 现行有效、已修改、已废止、尚未生效 之一。",
        ),
        (
            "\n[[document]]\ntitle = '甲'\n",
            'catalog.toml 第 2 行：没有写 file，请写上文件的相对路径，如 file = "讲话.txt"。',
        ),
        (
            "[[document]]\nfile = '../a.txt'\n",
            "catalog.toml 第 2 行：“../a.txt”不在语料文件夹内，请写相对于语料文件夹的路径。",
        ),
        (
            "[[document]]\nfile = 'a.txt'\n[[document]]\nfile = './a.txt'\n",
            "catalog.toml 第 4 行：“a.txt”写了两次，请只保留一处。",
        ),
        (
            "[[document]]\nfile = 'a.txt'\nexamples = ['甲']\n",
            "catalog.toml 第 3 行：examples 不属于哪一份文件，请移到第一个 [[document]] 之前。",
        ),
        (
            "# 问题\nexamples = '甲'\n",
            'catalog.toml 第 2 行：examples 应为一组问题，请写成 examples = ["第一个问题", "第二个问题"]。',
        ),
        (
            "examples = [3]\n",
            'catalog.toml 第 1 行：examples 应为一组问题，请写成 examples = ["第一个问题", "第二个问题"]。',
        ),
        (
            "examples = ['甲', ' ']\n",
            "catalog.toml 第 1 行：有一个问题是空的或超过 500 字，请删去或缩短。",
        ),
        (
            "title = '甲'\n",
            "catalog.toml 第 1 行：不认识“title”，每份文件请写在一个 [[document]] 下面。",
        ),
        (
            "[document]\nfile = 'a.txt'\n",
            "catalog.toml 第 1 行：document 的写法不对，请写成 [[document]]（两层方括号），单独占一行。",
        ),
        (
            "[[document]]\nfile = “a.txt”\n",
            "catalog.toml 第 2 行：写法不对，引号、等号和方括号请用英文半角。",
        ),
        (
            '[[document]]\nfile = "子\\文件.txt"\n',
            "catalog.toml 第 2 行：写法不对，文件夹之间请用 / 分隔。",
        ),
        (
            "[[document]]\ndate = 2024-05\n",
            'catalog.toml 第 2 行：写法不对，日期请加英文引号，如 date = "2024-05"。',
        ),
        (
            "[[document]]\nfile = 'a.txt'\nfile = 'b.txt'\n",
            'catalog.toml 第 3 行：写法不对，请按 名称 = "内容" 的形式书写，引号成对，同一名称只写一次。',
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_the_mend(tmp_path: Path, text: str, message: str) -> None:
    assert complaint(tmp_path, text) == message


def test_questions_to_begin_with(tmp_path: Path) -> None:
    found = catalog(tmp_path, 'examples = [\n  "病假多少天？",\n  " 谁来\t批准？ ",\n  "病假多少天？",\n]\n' + FULL)
    assert found.examples == ("病假多少天？", "谁来 批准？")
    assert found.paths == ("讲话/市委巡视 动员.txt", "办法.docx")
    assert catalog(tmp_path, FULL).examples == ()


def test_unknown_encoding(tmp_path: Path) -> None:
    (tmp_path / "catalog.toml").write_bytes(FULL.encode("utf-16"))
    with pytest.raises(SettingsError, match="编码无法识别，请用记事本打开，另存时编码选 UTF-8。$"):
        load_catalog(tmp_path)


def test_unreadable_file(tmp_path: Path) -> None:
    (tmp_path / "catalog.toml").mkdir()
    with pytest.raises(SettingsError, match="^catalog.toml 打不开.*请检查文件的读取权限。$"):
        load_catalog(tmp_path)


@pytest.mark.parametrize("text", ["", "# 还没有\n", "document = []\n"])
def test_a_catalogue_without_entries(tmp_path: Path, text: str) -> None:
    (tmp_path / "catalog.toml").write_text(text, encoding="utf-8")
    assert load_catalog(tmp_path).paths == ()


def test_what_replaces_a_document(tmp_path: Path) -> None:
    written = '[[document]]\nfile = "旧.txt"\nvalidity = "已废止"\nreplaced_by = "./制度\\\\新.txt"\n'
    (tmp_path / "catalog.toml").write_text(written, encoding="utf-8")
    assert load_catalog(tmp_path).entry_for("旧.txt").replaced_by == "制度/新.txt"
