from pathlib import Path

import pytest
from conftest import assert_one_line
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import SettingsError
from assistant.glossary import VARIANT_LIMIT, Glossary, load_glossary

ROOT = Path(__file__).parent.parent
GLOSSARY = Glossary((("巡视", "巡察", "巡查"), ("党的二十大", "二十大"), ("制度", "规章")))


def load(folder: Path, text: str, encoding: str = "utf-8") -> Glossary:
    (folder / "glossary.toml").write_bytes(text.encode(encoding))
    return load_glossary(folder)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("巡察整改和巡查", "巡视整改和巡视"),
        ("二十大与党的二十大", "党的二十大与党的二十大"),
        ("没有词", "没有词"),
        ("规章\n巡视", "制度\n巡视"),
    ],
)
def test_canonical(text: str, expected: str) -> None:
    assert GLOSSARY.canonical(text) == expected
    assert Glossary().canonical(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [""]),
        ("没有词", ["没有词"]),
        ("巡察整改", ["巡察整改", "巡视整改", "巡查整改"]),
        ("二十大精神", ["二十大精神", "党的二十大精神"]),
        ("党的二十大", ["党的二十大", "二十大"]),
        ("巡查制度", ["巡查制度", "巡视制度", "巡察制度", "巡查规章"]),
    ],
)
def test_variants(text: str, expected: list[str]) -> None:
    assert GLOSSARY.variants(text) == expected


@given(
    st.lists(st.sampled_from(["巡视", "巡察", "巡", "视", "党的", "二十大", "制度", "规章", "。", "甲"])).map("".join)
)
def test_variants_mean_the_same(text: str) -> None:
    variants = GLOSSARY.variants(text)
    assert variants[0] == text
    assert len(variants) == len(set(variants)) <= VARIANT_LIMIT
    assert {GLOSSARY.canonical(variant) for variant in variants} == {GLOSSARY.canonical(text)}
    assert GLOSSARY.canonical(GLOSSARY.canonical(text)) == GLOSSARY.canonical(text)


def test_words_are_no_patterns() -> None:
    assert Glossary((("a.b", "c+"),)).canonical("axb c+ a.b cc") == "axb a.b a.b cc"


def test_a_question_of_many_words_has_few_variants() -> None:
    groups = tuple((f"甲{n}", f"乙{n}", f"丙{n}") for n in "一二三四五六七八九")
    variants = Glossary(groups).variants("".join(group[0] for group in groups))
    assert variants[0] == "".join(group[0] for group in groups)
    assert len(variants) == VARIANT_LIMIT


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_file(tmp_path: Path, encoding: str) -> None:
    text = '# 词表\n[[term]]\nwords = ["巡视", " 巡察 ", "巡视"]\r\n[[term]]\nwords = ["制度", "规章"]\n'
    assert load(tmp_path, text, encoding) == Glossary((("巡视", "巡察"), ("制度", "规章")))
    assert load(tmp_path, "# 还没有\n") == Glossary()


def test_a_missing_file_is_an_empty_glossary(tmp_path: Path) -> None:
    assert load_glossary(tmp_path) == Glossary()
    assert load_glossary(tmp_path / "没有") == Glossary()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[term]]\nwords = ["巡视"', "读不懂"),
        ("[[term]]\nwords = [“巡视”]", "读不懂"),
        ('words = ["巡视", "巡察"]', "[[term]]"),
        ('[[terms]]\nwords = ["巡视", "巡察"]', "[[term]]"),
        ('[term]\nwords = ["巡视", "巡察"]', "[[term]]"),
        ('term = "巡视"', "[[term]]"),
        ('term = ["巡视"]', "第 1 条"),
        ('[[term]]\nwords = ["巡视", "巡察"]\n[[term]]\nword = ["制度"]', "第 2 条"),
        ('[[term]]\nwords = ["巡视"]', "第 1 条"),
        ('[[term]]\nwords = ["巡视", "巡视 "]', "第 1 条"),
        ('[[term]]\nwords = ["巡视", " "]', "第 1 条"),
        ('[[term]]\nwords = ["巡视", 3]', "第 1 条"),
        ('[[term]]\nwords = "巡视 巡察"', "第 1 条"),
        (
            '[[term]]\nwords = ["巡视", "巡察"]\n[[term]]\nwords = ["巡查", "巡察"]',
            "“巡察”在第 1 条和第 2 条都有：请并成一条。",
        ),
    ],
)
def test_errors_name_the_place_and_the_mend(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, text)
    assert said in str(caught.value)
    assert "glossary.toml" in str(caught.value)
    assert_one_line(caught.value)


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="UTF-8") as caught:
        load(tmp_path, '[[term]]\nwords = ["巡视", "巡察"]', "gb18030")
    assert_one_line(caught.value)


def test_a_file_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "glossary.toml").touch()
    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(SettingsError, match="打不开") as caught:
        load_glossary(tmp_path)
    assert_one_line(caught.value)


def test_the_bundled_glossary() -> None:
    assert load_glossary(ROOT / "corpus").canonical("巡察、巡查、巡视") == "巡视、巡视、巡视"
