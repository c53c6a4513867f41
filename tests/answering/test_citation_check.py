import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.generation.citation_check import Source, Verdict, check
from assistant.language.numerals import figure
from assistant.language.tokens import Kind, letters, tokens
from support.paths import TEST_DATA

HERE = TEST_DATA
PASSAGES: dict[str, str] = json.loads((HERE / "passages.json").read_text(encoding="utf-8"))
CLAUSES = [c for text in PASSAGES.values() for c in text.replace("。", "，").split("，") if c]


def told(name: str) -> list[dict[str, Any]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


LIES, HONEST = told("lies.jsonl"), told("honest.jsonl")


def verdict(row: dict[str, Any]) -> Verdict:
    return check(row["says"], {n: Source(PASSAGES[name]) for n, name in enumerate(row["of"], 1)})


@pytest.mark.parametrize("lie", LIES, ids=[f"{n} {lie['kind']}" for n, lie in enumerate(LIES, 1)])
def test_no_lie_passes(lie: dict[str, Any]) -> None:
    assert not verdict(lie).sound


def test_the_lies_are_many_and_of_many_kinds() -> None:
    assert len(LIES) >= 140
    assert len({lie["kind"] for lie in LIES}) == len(LIES) == len({lie["says"] for lie in LIES})


def test_most_honest_sentences_pass() -> None:
    passed = sum(verdict(row).sound for row in HONEST)
    assert len(HONEST) >= 50
    assert passed >= 0.8 * len(HONEST)


def test_every_sentence_of_a_passage_passes_word_for_word() -> None:
    for name, text in PASSAGES.items():
        if name != "注入":
            assert check(f"{text}[1]", {1: Source(text)}).sound, name


WEIGHTY = "不得|应当|必须|可以|不|未|无|除|最|以上|以下|底前|日内|一般|或者|仅|部分|每|分别|已|计划|预计|超过|方可"


def mutated(pattern: str, change: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Yields (sentence, passage): every sentence of the passages with one match of `pattern` changed."""
    for passage in PASSAGES.values():
        for sentence in filter(None, passage.split("。")):
            for found in re.finditer(pattern, sentence):
                yield sentence[: found.start()] + change(found.group()) + sentence[found.end() :], passage


@pytest.mark.parametrize(
    ("pattern", "change"),
    [
        (WEIGHTY, lambda _: ""),
        ("[0-9]+|[一二三四五六七八九十]+", lambda _: "七十七"),
        ("(?!万亿)[\u4e00-\u9fff]{2}", lambda word: word[::-1]),
        ("[\u4e00-\u9fff](?=[\u4e00-\u9fff])", lambda word: f"{word}不"),
        ("(?<=[\u4e00-\u9fff])(个|元|日|年|月|亩|家|万|亿)", lambda _: "倍"),
        ("[\u4e00-\u9fff]{2}(局|科|组|委|公司|机关|单位|同志|书记)", lambda _: "王小明"),
    ],
)
def test_no_word_of_weight_may_change(pattern: str, change: Callable[[str], str]) -> None:
    changed = [pair for pair in mutated(pattern, change) if pair[0] not in pair[1]]
    assert len(changed) >= 10
    assert [words for words, passage in changed if check(f"{words}[1]。", {1: Source(passage)}).sound] == []


def test_where_a_sentence_begins() -> None:
    source = {1: Source(PASSAGES["分工"])}
    assert check("采购科负责编制计划[1]。", source) == Verdict(True, (1,))
    assert check("纪检组负责监督验收[1]。", source) == Verdict(True, (1,), inside=True)


# ---- Markers, characters, places


def test_what_is_cited() -> None:
    sources = {1: Source(PASSAGES["食堂"]), 2: Source(PASSAGES["整改"])}
    assert check("食堂由行政科负责管理[1]。", sources) == Verdict(True, (1,))
    assert check("食堂由行政科负责管理[1]，整改不得走过场[2]。", sources) == Verdict(True, (1, 2))
    assert check("食堂免费[1][9]。", sources).markers == (1,)
    assert check("食堂免费。", sources) == Verdict(False, (), "no marker")
    assert check("食堂由行政科负责管理[1][2]。", sources).reason == "not what the passage says"


def test_two_passages_that_say_the_same_are_both_cited() -> None:
    sources = {1: Source(PASSAGES["食堂"]), 2: Source("机关食堂。食堂由行政科负责管理。")}
    assert check("食堂由行政科负责管理[1][2]。", sources) == Verdict(True, (1, 2))


def test_the_place_of_the_passage_may_be_named() -> None:
    sources = {1: Source("病假一般不得超过三十日。", "考勤办法", "第二章 · 第四条")}
    for before in ("《考勤办法》规定，", "根据《考勤办法》第四条规定，", "《考勤办法》第四条"):
        assert check(f"{before}病假一般不得超过三十日[1]。", sources).sound, before
    for before in ("《请假办法》规定，", "《考勤办法》第五条规定，", "《考勤法》第四条", "考勤办法规定，"):
        assert not check(f"{before}病假一般不得超过三十日[1]。", sources).sound, before


def test_a_character_of_the_passage_is_not_odd() -> None:
    assert check("面积㎡数为①[1]。", {1: Source("面积㎡数为①。")}).sound


# ---- Tokens


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4", "4"), ("四", "4"), ("十五", "15"), ("二十", "20"), ("一百零五", "105"), ("三千二百", "3200"),
        ("3,200", "3200"), ("1.5万", "15000"), ("一万五千", "15000"), ("3.2万亿", "3200000000000"),
        ("二〇二三", "2023"), ("百分之十五", "15%"), ("15%", "15%"), ("百分之五点一", "5.1%"), ("三分之二", "2/3"),
        ("十二亿三千万", "1230000000"), ("零", "0"), ("两百", "200"),
    ],
)  # fmt: skip
def test_figures(text: str, value: str) -> None:
    assert figure(text) == value
    assert [(t.key, t.kind) for t in tokens(text)] == [(value, Kind.FIGURE)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("4个单位", "四个单位"),
        ("３０日", "三十天"),
        ("应当报告", "必须报告"),
        ("严禁外传", "不得外传"),
        ("甲、乙", "甲和乙"),
    ],
)
def test_the_same_in_other_words(one: str, other: str) -> None:
    assert [t.key for t in tokens(one)] == [t.key for t in tokens(other)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("应当报告", "可以报告"),
        ("不得外传", "不外传"),
        ("5%", "5个百分点"),
        ("重要", "重必须"),
        ("及时", "和时"),
        ("天空", "日空"),
    ],
)
def test_not_the_same(one: str, other: str) -> None:
    assert [t.key for t in tokens(one)] != [t.key for t in tokens(other)]


def test_letters() -> None:
    assert letters("“四个 必须”，Ａ１") == "四个必须a1"


# ---- Whatever is written


@pytest.mark.parametrize(
    ("passage", "said"),
    [
        ("啊、" * 190, "啊、" * 75),
        ("吧" + "的" * 390 + "呀", "吧呀"),
        ("吧" * 9000, "吧" * 150),
        ("关于啊的" * 90, "啊" * 150),
    ],
)
def test_what_repeats_without_end_ends(passage: str, said: str) -> None:
    assert not check(f"{said}呢[1]。", {1: Source(f"呢{passage}")}).sound


@given(st.text(max_size=60), st.sampled_from(sorted(PASSAGES)))
def test_whatever_is_written_is_checked(text: str, name: str) -> None:
    found = check(f"{text}[1]。", {1: Source(PASSAGES[name])})
    assert set(found.markers) <= {1}
    if found.sound:
        assert any(c in PASSAGES[name] for c in text)


@given(st.lists(st.sampled_from(CLAUSES), min_size=2, max_size=4, unique=True), st.sampled_from(sorted(PASSAGES)))
def test_clauses_of_another_passage_never_pass(clauses: list[str], name: str) -> None:
    passage = PASSAGES[name]
    if any(letters(clause) not in letters(passage) for clause in clauses):
        assert not check(f"{'，'.join(clauses)}[1]。", {1: Source(passage)}).sound


def test_numbers_without_end_are_refused() -> None:
    passage = "本办法共投入资金三亿元。"
    assert not check("本办法共投入资金一" + "亿" * 60 + "元[1]。", {1: Source(passage, "办法", "")}).sound


def test_repeats_without_end_are_refused() -> None:
    passage = f"甲乙{'是' * 170}。丙丁{'是' * 170}。"
    assert not check("甲乙，丙丁，" * 15 + "[1]。", {1: Source(passage, "办法", "")}).sound
