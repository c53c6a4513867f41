from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.base.errors import SettingsError
from assistant.documents.catalog import NO_ENTRY, CatalogEntry, load_catalog, parse_catalog
from assistant.library.catalog_edit import change_catalog, with_entry, with_lines, without_entry
from support.corpus import assert_one_line

CATALOG = """# 文件目录
# 每份文件一段

[[document]]
file = "a.txt"   # 办公室给的
title = "甲" # 旧名
validity = "废止"

# 另一批

# 说乙
[[document]]
file = "b.txt"
title = "乙"

# 完
"""


def test_only_what_changes_changes() -> None:
    entry = CatalogEntry("甲（修订）", date="2024-01", validity="已废止")
    expected = CATALOG.replace('"甲"', '"甲（修订）"').replace('"废止"\n', '"废止"\ndate = "2024-01"\n')
    assert with_entry(CATALOG, "a.txt", entry) == expected


def test_questions_to_begin_with_stay(tmp_path: Path) -> None:
    examples = 'examples = [\n  "病假多少天？", # 常问\n]\n\n'
    file = tmp_path / "catalog.toml"
    file.write_text(examples + CATALOG, encoding="utf-8")
    for path in ("a.txt", "b.txt"):
        change_catalog(tmp_path, lambda text, path=path: without_entry(text, path)[0])  # type: ignore[misc]
    change_catalog(tmp_path, lambda text: with_entry(text, "c.txt", CatalogEntry("丙")))
    assert file.read_text("utf-8").startswith(examples + "# 文件目录\n")
    assert load_catalog(tmp_path).examples == ("病假多少天？",) and load_catalog(tmp_path).paths == ("c.txt",)
    with pytest.raises(SettingsError, match="写法特殊"):
        change_catalog(tmp_path, lambda text: text.replace("病假", "事假"))


def test_values_taken_away_go_with_their_lines() -> None:
    expected = CATALOG.replace('title = "甲" # 旧名\n', "")
    assert with_entry(CATALOG, "a.txt", CatalogEntry(validity="已废止")) == expected


def test_a_new_entry_stands_behind_all_else() -> None:
    found = with_entry(CATALOG, '新 "文件".txt', CatalogEntry("新", None, "办公室", "已废止", "b.txt"))
    assert found == (
        CATALOG
        + '\n[[document]]\nfile = "新 \\"文件\\".txt"\ntitle = "新"\nissuer = "办公室"\n'
        + 'validity = "已废止"\nreplaced_by = "b.txt"\n'
    )
    assert with_entry("", "a.txt", CatalogEntry("甲")) == '[[document]]\nfile = "a.txt"\ntitle = "甲"\n'


def test_nothing_to_change_changes_nothing() -> None:
    assert with_entry(CATALOG, "b.txt", CatalogEntry("乙")) == CATALOG
    assert with_entry(CATALOG, "c.txt", NO_ENTRY) == CATALOG


def test_an_entry_goes_with_its_own_comment_and_comes_back() -> None:
    left, lines = without_entry(CATALOG, "b.txt")
    assert lines == '# 说乙\n[[document]]\nfile = "b.txt"\ntitle = "乙"\n'
    assert "# 另一批" in left and "# 完" in left and "乙" not in left
    assert parse_catalog(with_lines(left, lines, "b.txt")) == parse_catalog(CATALOG)
    assert parse_catalog(with_lines(left, lines, "d.txt")).entries["d.txt"] == CatalogEntry("乙")


def test_the_first_entry_leaves_the_head_of_the_file() -> None:
    left, lines = without_entry(CATALOG, "a.txt")
    assert left.startswith("# 文件目录\n# 每份文件一段\n")
    assert "# 说乙\n[[document]]" in left
    assert lines.startswith("[[document]]\n")


def test_what_has_no_entry_is_no_loss() -> None:
    assert without_entry(CATALOG, "c.txt") == (CATALOG, "")
    assert with_lines(CATALOG, "", "c.txt") == CATALOG


@pytest.mark.parametrize("entry", [CatalogEntry(date="2024-13"), CatalogEntry(validity="也许")])
@pytest.mark.parametrize("path", ["a.txt", "c.txt"])
def test_wrong_values_are_refused_without_a_line_number(path: str, entry: CatalogEntry) -> None:
    with pytest.raises(SettingsError) as refused:
        with_entry(CATALOG, path, entry)
    assert_one_line(refused.value)
    assert "第" not in str(refused.value)


def test_unusual_layouts_are_left_alone() -> None:
    for text in ('document = [{file = "a.txt"}]\n', '[[document]]\nfile = "a.txt"\ntitle = """\n[[document]]\n"""\n'):
        with pytest.raises(SettingsError) as refused:
            with_entry(text, "a.txt", CatalogEntry("新"))
        assert_one_line(refused.value)


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)


@given(NAMES, st.sampled_from(["a.txt", "b.txt", "c.txt"]))
def test_any_title_is_read_as_written_and_others_stay(title: str, path: str) -> None:
    expected = " ".join(title.split()) or None
    found = parse_catalog(with_entry(CATALOG, path, CatalogEntry(expected))).entries
    others = {name: entry for name, entry in parse_catalog(CATALOG).entries.items() if name != path}
    assert found.get(path, NO_ENTRY) == CatalogEntry(expected)
    assert {name: entry for name, entry in found.items() if name != path} == others


def test_files_keep_their_line_ends_and_become_utf_8(tmp_path: Path) -> None:
    file = tmp_path / "catalog.toml"
    file.write_bytes(CATALOG.replace("\n", "\r\n").encode("gb18030"))
    change_catalog(tmp_path, lambda text: with_entry(text, "b.txt", CatalogEntry("丙")))
    assert file.read_bytes() == CATALOG.replace('"乙"', '"丙"').replace("\n", "\r\n").encode("utf-8")
    assert load_catalog(tmp_path).entry_for("b.txt").title == "丙"
    assert [path.name for path in tmp_path.iterdir()] == ["catalog.toml"]


def test_a_failed_change_leaves_the_file(tmp_path: Path) -> None:
    file = tmp_path / "catalog.toml"
    file.write_text(CATALOG, encoding="utf-8")
    with pytest.raises(SettingsError):
        change_catalog(tmp_path, lambda text: with_entry(text, "b.txt", CatalogEntry(date="昨天")))
    assert file.read_text(encoding="utf-8") == CATALOG


def test_a_change_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "catalog.toml").write_text(CATALOG, encoding="utf-8")
    with pytest.raises(UnicodeEncodeError):
        change_catalog(tmp_path, lambda text: text + "# \ud800\n")
    assert [path.name for path in tmp_path.iterdir()] == ["catalog.toml"]


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    outside = tmp_path / "outside.toml"
    outside.write_text(CATALOG, encoding="utf-8")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "catalog.toml").symlink_to(outside)
    with pytest.raises(SettingsError) as refused:
        change_catalog(corpus, lambda text: text + "\n")
    assert_one_line(refused.value)
    assert outside.read_text(encoding="utf-8") == CATALOG
