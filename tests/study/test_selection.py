"""Choosing and what can be chosen: repairs, true and false evened, right letters spread, statements to pick among."""

import random
from collections import Counter
from dataclasses import replace

import pytest

from assistant.study.pack import LETTERS, RIGHT, STATED, WRONG, Brief, Item, ItemKind
from assistant.study.paper.assembly import choose
from assistant.study.paper.local_search import Conflicts, repaired
from assistant.study.paper.selection import evened
from assistant.study.questions.items import candidates
from assistant.study.questions.material.antonyms import contraries
from assistant.study.questions.material.figures import asked_for
from assistant.study.questions.material.number_distractors import other_dates, other_numbers, possible
from assistant.study.questions.material.series import crossed
from assistant.study.questions.material.statements import statements
from support.papers import faults
from support.study_texts import SPEECH, text_in, text_of


def turned(words: str) -> list[str]:
    text = text_of(words + "\n")
    return [f"{text.text[a:b]}→{other}" for line in statements(text) for a, b, other in contraries(line)]


def judge(answer: str, number: int) -> Item:
    [item, *_] = [one for one in candidates([text_in(SPEECH)], (), 1) if one.kind is ItemKind.JUDGE]
    return replace(item, id=f"{answer}{number}", answer=(answer,))


def test_repairs_fill_what_a_greedy_choice_leaves_open() -> None:
    against = {0: {2, 3}, 1: {3}, 2: {0}, 3: {0, 1}, 4: set()}
    rivals = Conflicts(
        ["a", "a", "b", "b", "a"],
        ["", "", "", "", ""],
        {"a": 2, "b": 2},
        {"a": 2, "b": 2},
        lambda n: sum(1 << k for k in against[n] | {n}),
    )
    [*_, best] = repaired(rivals, [0, 4], 50, random.Random(1))
    assert len(best) == 3
    assert all(not against[one] & set(best) for one in best)


@pytest.mark.parametrize(("right", "wrong", "kept"), [(10, 0, 2), (8, 2, 5), (6, 4, 10), (1, 9, 3), (2, 1, 3)])
def test_neither_true_nor_false_statements_are_nearly_all(right: int, wrong: int, kept: int) -> None:
    several = [judge(RIGHT, n) for n in range(right)] + [judge(WRONG, n) for n in range(wrong)]
    assert len(evened(several)) == kept


def test_statements_to_pick_among_are_the_sources_or_said_nowhere() -> None:
    text = text_in(SPEECH)
    found = [item for item in candidates([text], (), 2) if item.stem.startswith(STATED)]
    assert len(found) >= 3
    for item in found:
        stands = {letter: option in text.text for letter, option in zip(LETTERS, item.options, strict=False)}
        assert tuple(letter for letter, said in stands.items() if said) == item.answer
        assert faults([item], [text]) == []


def test_members_of_one_frame_are_crossed() -> None:
    assert crossed(["透过业务看政治", "透过现象看本质"]) == ["透过业务看本质", "透过现象看政治"]
    assert crossed(["以巡促改", "以巡促建"]) == []
    assert crossed(["学习是否全面", "理解是否准确"]) == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("上级机关对下级机关既要严格管理，也要真心关爱。", "上级机关对下级→下级机关对上级"),
        ("作风建设不只是纠治问题，而是重塑政治生态。", "不只是纠治问题，而是→只是纠治问题，而不是"),
        ("全面开展第二批主题教育工作。", "二→三"),
        ("近年来以普查带动治理、以治理深化普查。", "以普查带动治理、以治理深化普查→以普查深化治理、以治理带动普查"),
    ],
)
def test_more_that_can_be_turned_round(words: str, expected: str) -> None:
    assert expected in turned(words)


def test_a_way_that_the_figures_tell_is_not_turned() -> None:
    assert turned("达标率同比由87.6%稳步上升，达94.3%。") == []


@pytest.mark.parametrize(
    "words", ["春争日，夏争时，一年大事不宜迟。", "下一年度的补贴标准另行公布。", "补贴按三年度计划执行。"]
)
def test_sayings_and_years_of_a_row_are_no_figures(words: str) -> None:
    assert asked_for(words, 0, len(words)) == []


def test_days_that_no_calendar_has_are_no_options() -> None:
    rng = random.Random(3)
    made = {date for _ in range(40) for day in ("1月30日", "5月31日", "8月30日") for date in other_dates(day, rng)}
    assert len(made) > 10
    assert not made & {"2月30日", "6月31日", "4月31日", "11月31日", "9月31日"}


@pytest.mark.parametrize(
    ("words", "number", "most"),
    [("育秧率由61.5%提高到70%。", "70", 100), ("满意率要达到95%以上。", "95", 99.9), ("5月11日17时前报到。", "17", 23)],
)
def test_levels_and_hours_stay_what_can_be(words: str, number: str, most: float) -> None:
    made = [*other_numbers(number, random.Random(1)), "130", "31", "100"]
    found = possible(words, (0, len(words)), words.index(number), made)
    assert found
    assert all(float(one) <= most for one in found)


def test_supposed_cases_and_contacts_are_not_asked_as_facts() -> None:
    words = (
        "例如张阿姨家有5亩稻田，提前7天育秧以后增收600元。\n假如李大爷住院花费2万元，备案以后可以报销1.2万元。\n"
        "联系人为周老师，电话为6123456，受理时间为每天8小时。\n每个窗口每季度开展业务培训不少于2次。\n"
    )
    found = list(candidates([text_of(words)], (), 1))
    assert found
    assert not any("阿姨" in item.stem or "大爷" in item.stem for item in found)
    assert not any("联系人" in item.stem for item in found if item.kind is ItemKind.JUDGE)


def test_right_letters_are_spread_over_all() -> None:
    items, _ = choose(candidates([text_in(SPEECH)], (), 1), Brief())
    letters = Counter(item.answer[0] for item in items if item.kind is ItemKind.SINGLE)
    assert set(letters) == set("ABCD")
    assert max(letters.values()) <= 4
