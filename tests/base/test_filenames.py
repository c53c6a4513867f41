import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.base.errors import ReadingError
from assistant.base.files.filenames import FOLDERS_DEEP, NAME_BYTES, numbered, safe_folder, safe_name, same_name
from support.corpus import assert_one_line

FORBIDDEN = set('<>:"|?*/\\')


@pytest.mark.parametrize(
    ("proposed", "name"),
    [
        ("考勤办法.docx", "考勤办法.docx"),
        ("C:\\文件\\考勤办法.docx", "考勤办法.docx"),
        ("../../etc/通知.txt", "通知.txt"),
        ("  通知\u3000 （修订）\t.txt ", "通知 （修订）.txt"),
        ("通\u202e知\u200b\x00.txt", "通知.txt"),
        ("关于<b>“加强”?.txt", "关于_b_“加强”_.txt"),
        (".hidden.txt", "hidden.txt"),
        ("~$通知.docx", "$通知.docx"),
        ("通知.txt. .", "通知.txt"),
        ("CON.txt", "_CON.txt"),
        ("lpt1.md", "_lpt1.md"),
        ("e\u0301tat.txt", "état.txt"),
    ],
)
def test_names_are_made_safe(proposed: str, name: str) -> None:
    assert safe_name(proposed) == name


@pytest.mark.parametrize("proposed", ["", "..", "通知.txt/", "\x00", "？！.txt", "///"])
def test_names_without_words_are_refused(proposed: str) -> None:
    with pytest.raises(ReadingError) as refused:
        safe_name(proposed)
    assert_one_line(refused.value)


def test_long_names_keep_their_extension() -> None:
    name = safe_name("很" * 300 + ".docx")
    assert name == "很" * 58 + ".docx"
    assert len(name.encode()) <= NAME_BYTES
    assert numbered(name, 12) == "很" * 55 + "（12）.docx"


@given(st.text(max_size=300))
def test_whatever_is_proposed_one_part_comes_out(proposed: str) -> None:
    try:
        name = safe_name(proposed)
    except ReadingError:
        return
    assert not FORBIDDEN & set(name)
    assert name.isprintable() and 0 < len(name.encode()) <= NAME_BYTES
    assert name.strip(". ") == name
    assert safe_name(name) == name


def test_folders() -> None:
    assert safe_folder("") == safe_folder("/") == safe_folder(" . ") == ""
    assert safe_folder("/制度\\人事//") == "制度/人事"
    assert safe_folder("制度/CON") == "制度/_CON"
    for wrong in ("../外面", "制度/../../外面", "/".join("深" * (FOLDERS_DEEP + 1)), "制度/*"):
        with pytest.raises(ReadingError) as refused:
            safe_folder(wrong)
        assert_one_line(refused.value)


def test_names_that_are_one_somewhere() -> None:
    assert same_name("Notice.TXT", "notice.txt")
    assert same_name("e\u0301tat.txt", "état.txt")
    assert not same_name("通知.txt", "通知.md")
