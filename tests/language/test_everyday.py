import re
import tomllib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from assistant.base.text import cut_at, fold
from assistant.language.everyday import FILE, Everyday, load_everyday
from support.paths import ROOT


def shipped() -> list[tuple[list[str], list[str]]]:
    """The lines of the shipped list: everyday words, official words."""
    lines = [line.partition("#")[0].strip() for line in FILE.read_text(encoding="utf-8").splitlines()]
    sides = [line.split("|") for line in lines if line]
    assert all(len(side) == 2 for side in sides)
    return [(said.split(), written.split()) for said, written in sides]


def test_the_shipped_list_says_each_word_once_and_never_itself() -> None:
    said = [fold(word) for words, _ in shipped() for word in words]
    assert len(said) > 1000
    assert [word for word in set(said) if said.count(word) > 1] == []
    assert [word for words, official in shipped() for word in words if word in official] == []
    assert [words for words, official in shipped() if not words or not official] == []


def test_the_shipped_list_has_no_official_word_of_one_character_and_none_twice() -> None:
    assert [word for _, official in shipped() for word in official if len(word) < 2] == []
    assert [official for _, official in shipped() if len(set(official)) < len(official)] == []


def test_everyday_words_hold_no_marks() -> None:
    assert [word for words, _ in shipped() for word in words if not re.fullmatch(r"[\w+]+", word)] == []


def test_the_shipped_list_is_what_is_loaded() -> None:
    loaded = load_everyday().official
    assert loaded == {fold(word): tuple(map(fold, official)) for words, official in shipped() for word in words}
    assert "公民" in loaded["老百姓"]


def test_the_list_is_part_of_what_is_installed() -> None:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert FILE == ROOT / "assistant" / "language" / "everyday.txt"
    assert "language/everyday.txt" in table["tool"]["setuptools"]["package-data"]["assistant"]


def test_lines_of_a_list(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("# 注释\n\n工钱 薪水 | 劳动报酬 工资  # 注释\nＰＰＴ|演示文稿\n", encoding="utf-8")
    wages = ("劳动报酬", "工资")
    assert load_everyday(file) == Everyday({"工钱": wages, "薪水": wages, "ppt": ("演示文稿",)})


def test_the_longest_word_counts_and_the_rest_stays() -> None:
    everyday = Everyday({"上级": ("上级机关",), "上级单位": ("上级主管部门",), "单位领导": ("负责人",)})
    assert list(everyday.cut("向上级单位领导和上级报告")) == [
        ("向", ()),
        ("上级单位", ("上级主管部门",)),
        ("领导和", ()),
        ("上级", ("上级机关",)),
        ("报告", ()),
    ]
    assert list(everyday.cut("")) == []
    assert list(Everyday().cut("上级")) == [("上级", ())]


@given(st.text(alphabet="甲乙丙丁", max_size=20), st.sets(st.text(alphabet="甲乙丙", min_size=1, max_size=4)))
def test_cutting_at_words_loses_nothing_and_misses_none(text: str, words: set[str]) -> None:
    pieces = list(cut_at(text, words, max(map(len, words), default=0)))
    assert "".join(text[start:end] for start, end, _ in pieces) == text
    assert [start for start, _, _ in pieces] == [0, *(end for _, end, _ in pieces[:-1])][: len(pieces)]
    for start, end, known in pieces:
        assert (text[start:end] in words) is known or not known
        if known:
            assert not any(text[start:longer] in words for longer in range(end + 1, len(text) + 1))
        else:
            assert not any(word in text[start:end] for word in words)
