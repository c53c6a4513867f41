import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.base.text import CLOSING, HAN, OPENING, drop_controls, fold, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("，。 \n", []),
        ("巡视", ["巡", "视", "巡视"]),
        ("巡视整改", ["巡", "视", "整", "改", "巡视", "视整", "整改"]),
        ("整改整改", ["整", "改", "整", "改", "整改", "改整", "整改"]),
        ("“四个”意识", ["四", "个", "四个", "意", "识", "意识"]),
        ("2024年A级", ["2024", "年", "a", "级"]),
        ("ＡＢ１２ Gb/T_3.5", ["ab12", "gb", "t", "3", "5"]),
        ("café", ["café"]),
        ("㈠", ["一"]),
        ("𠀀𠀁", ["𠀀", "𠀁", "𠀀𠀁"]),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@given(st.text())
def test_terms_are_words_of_the_folded_text_without_blanks(text: str) -> None:
    folded = fold(text)
    found = terms(text)
    assert all(term and term in folded and not re.search(r"[\s_]", term) for term in found)
    han = re.compile(f"[{HAN}]")
    assert [term for term in found if han.fullmatch(term)] == han.findall(folded)


@given(st.text(), st.text())
def test_terms_of_two_lines_are_those_of_each(first: str, second: str) -> None:
    assert terms(f"{first}\n{second}") == terms(first) + terms(second)


def test_fold() -> None:
    assert fold("ＧＢ／Ｔ　１９００１—Ａ①") == "gb/t 19001—a1"


def test_drop_controls() -> None:
    assert drop_controls("甲\r\n乙\r丙\n丁\t戊") == "甲\n乙\n丙\n丁\t戊"
    assert drop_controls("\ufeff甲\u200b乙\x00\x07\x85\u202e丙\u2028") == "甲乙丙"
    assert drop_controls("　全角　空格 ") == "　全角　空格 "


@given(st.text())
def test_drop_controls_leaves_nothing_to_drop(text: str) -> None:
    once = drop_controls(text)
    assert drop_controls(once) == once
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\ufeff]", once)


def test_every_opening_mark_has_its_own_closing_mark() -> None:
    assert len(OPENING) == len(CLOSING) == len(set(OPENING + CLOSING)) / 2
