from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.base.errors import SettingsError
from assistant.language.glossary import (
    DEFINITION_LIMIT,
    SOURCE_LIMIT,
    VARIANT_LIMIT,
    WORD_LIMIT,
    Glossary,
    Mention,
    Term,
    load_glossary,
)
from support.corpus import assert_one_line
from support.paths import ROOT

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


@given(
    st.lists(st.text("甲乙丙aB1", min_size=1, max_size=4), min_size=2, max_size=10, unique=True),
    st.lists(st.integers(1, 4)),
    st.text("甲乙丙aB1。", max_size=30),
)
def test_any_glossary_comes_to_rest_and_keeps_its_own_words(words: list[str], sizes: list[int], text: str) -> None:
    groups, alone = grouped(words, sizes)
    glossary = Glossary(groups, tuple(Term((word,), "解释") for word in alone))
    canonical = glossary.canonical(text)
    assert glossary.canonical(canonical) == canonical
    assert all(glossary.canonical(word) == group[0] for group in groups for word in group)
    assert all(glossary.canonical(word) == word for word in alone)
    assert glossary.canonical("。".join(words)) == "。".join(map(glossary.canonical, words))
    assert glossary.variants(text)[0] == text
    mentions = list(glossary.mentions(text))
    assert all(text[m.start : m.end] in m.term.words for m in mentions)
    assert all(a.end <= b.start for a, b in zip(mentions, mentions[1:], strict=False))
    assert glossary.definitions_in(text) == list(dict.fromkeys(m.term for m in mentions))


def grouped(words: list[str], sizes: list[int]) -> tuple[tuple[tuple[str, ...], ...], list[str]]:
    """Return words in groups of these sizes, and those that are left alone."""
    groups, alone = [], []
    for size in [*sizes, *[1] * len(words)]:
        part, words = words[:size], words[size:]
        if len(part) > 1:
            groups.append(tuple(part))
        else:
            alone += part
    return tuple(groups), alone


OVERLAPPING = Glossary(
    (
        ("纪委", "纪律检查委员会"),
        ("中央纪委", "中央纪律检查委员会"),
        ("群众", "人民群众", "老百姓"),
        ("AI", "人工智能"),
        ("巡视", "巡查"),
    ),
    (
        Term(("纪委", "纪律检查委员会"), "机关"),
        Term(("巡查员",), "职务"),
        Term(("一国两制",), "方针"),
        Term(("AI",), "技术"),
    ),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("市纪律检查委员会和中央纪律检查委员会", "市纪委和中央纪委"),
        ("经纪委托", "经纪委托"),
        ("人民老百姓", "群众"),
        ("人工智能与OpenAI、AI2、AI", "AI与OpenAI、AI2、AI"),
        ("巡查员巡查", "巡查员巡视"),
    ],
)
def test_overlapping_words(text: str, expected: str) -> None:
    assert OVERLAPPING.canonical(text) == expected


def test_a_glossary_that_never_rests_changes_nothing() -> None:
    endless = Glossary((("丙甲", "甲"), ("乙乙甲", "丙甲乙")))
    assert endless.canonical("甲甲甲乙") == "甲甲甲乙"
    assert endless.canonical("甲") == "丙甲"


def test_definitions_are_found_by_the_longest_word() -> None:
    text = "巡查员找中央纪委，纪委找MAIN和AI，纪律检查委员会"
    technology, office, post = OVERLAPPING.defined[3], OVERLAPPING.defined[0], OVERLAPPING.defined[1]
    assert OVERLAPPING.definitions_in(text) == [post, office, technology]
    assert list(OVERLAPPING.mentions("中央纪委和纪委")) == [Mention(5, 7, office)]
    assert Glossary().definitions_in(text) == []
    assert Glossary((("巡视", "巡察"),)).definitions_in("巡视") == []


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


def test_definitions_of_a_file(tmp_path: Path) -> None:
    text = (
        '[[term]]\nwords = ["巡视"]\ndefinition = " 监督。 "\nsource = "条例"\n'
        '[[term]]\nwords = ["纪委", "纪律检查委员会"]\ndefinition = "机关"\n[[term]]\nwords = ["甲", "乙"]\n'
    )
    office = Term(("纪委", "纪律检查委员会"), "机关")
    glossary = load(tmp_path, text)
    assert glossary == Glossary((office.words, ("甲", "乙")), (Term(("巡视",), "监督。", "条例"), office))
    assert glossary.words == {"巡视", "纪委", "纪律检查委员会", "甲", "乙"}


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
        ('[[term]]\nwords = ["巡视", "巡察"]\ndefinitoin = "监督"', "“definitoin”：是不是想写 definition？"),
        ('[[term]]\nword = ["巡视", "巡察"]', "“word”：是不是想写 words？"),
        ('[[term]]\nwords = ["巡视", "巡察"]\n"解释" = "监督"', "“解释”：请只用 words、definition、source"),
        ('[[term]]\nwords = ["巡视"]\ndefinition = ""', "definition 应为文字"),
        ('[[term]]\nwords = ["巡视"]\ndefinition = 3', "definition 应为文字"),
        ('[[term]]\nwords = ["巡视"]\ndefinition = "……"', "definition 应为文字"),
        ('[[term]]\nwords = ["巡视"]\ndefinition = """监\n督"""', "definition 里有换行"),
        ('[[term]]\nwords = ["巡视"]\ndefinition = "监\\u200b督"', "definition 里有换行或看不见的控制字符"),
        ('[[term]]\nwords = ["巡\\u0000视", "巡察"]', "words 里有换行或看不见的控制字符"),
        ('[[term]]\nwords = ["，", "巡察"]', "“，”里没有字"),
        (f'[[term]]\nwords = ["巡视"]\ndefinition = "{"长" * (DEFINITION_LIMIT + 1)}"', "太长（501 字）"),
        (f'[[term]]\nwords = ["{"长" * (WORD_LIMIT + 1)}", "短"]', "words 太长（61 字）"),
        (f'[[term]]\nwords = ["巡"]\ndefinition = "甲"\nsource = "{"长" * (SOURCE_LIMIT + 1)}"', "source 太长"),
        ('[[term]]\nwords = ["巡视", "巡察"]\nsource = "条例"', "有 source 没有 definition"),
        ('[[term]]\ndefinition = "监督"', "第 1 条"),
        (
            '[[term]]\nwords = ["巡视"]\ndefinition = "甲"\n[[term]]\nwords = ["巡视", "巡察"]',
            "“巡视”在第 1 条和第 2 条都有：请并成一条。",
        ),
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
    assert str(tmp_path) not in str(caught.value)
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
    with pytest.raises(SettingsError, match="词表 glossary.toml 打不开") as caught:
        load_glossary(tmp_path)
    assert_one_line(caught.value)


def test_what_a_question_names_is_explained_once_in_its_own_words() -> None:
    terms = [Term((word,), f"{word}的意思。") for word in ("甲事", "乙事", "丙事")]
    glossary = Glossary(defined=(*terms, Term(("纪委", "纪律检查委员会"), "机关。", "编者说明")))
    assert glossary.explained("纪律检查委员会和纪委的丙事") == [
        "词表解释（不是文件原文）：纪律检查委员会：机关。（编者说明）",
        "词表解释（不是文件原文）：丙事：丙事的意思。",
    ]
    assert [line[-9:] for line in glossary.explained("甲事、乙事、丙事、纪委")] == [
        f"{t}事：{t}事的意思。" for t in "甲乙丙"
    ]
    assert glossary.explained("纪委的丙事", ["什么是丙事", "纪律检查委员会"]) == []
    assert glossary.explained("丁事") == Glossary().explained("纪委") == []


def test_the_bundled_glossary() -> None:
    glossary = load_glossary(ROOT / "corpus")
    assert glossary.canonical("巡察、巡查、巡视") == "巡视、巡视、巡视"
    assert glossary.canonical("中共中央纪律检查委员会和市纪律检查委员会") == "中央纪委和市纪委"
    assert glossary.canonical("全国人民代表大会常务委员会") == "全国人大常委会"
    assert [term.words[0] for term in glossary.definitions_in("“两个维护”和巡察")] == ["两个维护", "巡视"]
    assert all(term.source for term in glossary.defined)
