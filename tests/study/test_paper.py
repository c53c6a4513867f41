"""Papers: counts and difficulty, notes, swapping a question, versions; and that the check of papers finds faults."""

from collections import Counter
from dataclasses import replace
from functools import cache

import pytest

from assistant.base.errors import SettingsError
from assistant.study.formulations.formulations import formulations
from assistant.study.pack import DEFAULT_COUNTS, LETTERS, Brief, Difficulty, Item, ItemKind
from assistant.study.paper.assembly import choose, swap, version
from assistant.study.paper.conflicts import may_stand_together, shown
from assistant.study.questions.items import candidates
from support.papers import faults
from support.study_texts import SPEECH, text_in, text_of


@cache
def found() -> tuple[Item, ...]:
    text = text_in(SPEECH)
    return tuple(candidates([text], formulations([text]), 1))


@cache
def items() -> tuple[Item, ...]:
    return choose(found(), Brief())[0]


def right(item: Item) -> list[str]:
    return [item.options[LETTERS.index(letter)] for letter in item.answer]


def test_counts_by_kind_in_the_order_of_a_paper() -> None:
    counts = {ItemKind.JUDGE: 4, ItemKind.FILL: 3, ItemKind.SINGLE: 2}
    chosen, notes = choose(found(), Brief(counts=counts))
    assert Counter(item.kind for item in chosen) == counts
    assert [item.kind for item in chosen] == [ItemKind.FILL] * 3 + [ItemKind.SINGLE] * 2 + [ItemKind.JUDGE] * 4
    assert notes == ()


def test_what_the_material_is_too_thin_for_is_said() -> None:
    text = text_of("要紧扣“四个聚焦”，把政治体检贯穿工作全过程。\n")
    counts = {ItemKind.FILL: 10, ItemKind.ORDER: 1}
    chosen, notes = choose(candidates([text], (), 1), Brief(counts=counts))
    assert len(chosen) == 1
    assert notes == (
        "要的题程序没有出够：填空题要 10 道，出了 1 道；排序题要 1 道，没有出成。请少要几道，或者多选文件、放宽主题。",
    )


@pytest.mark.parametrize("level", [Difficulty.EASY, Difficulty.HARD])
def test_difficulty(level: Difficulty) -> None:
    counts = {ItemKind.FILL: 5}
    chosen, _ = choose(found(), Brief(counts=counts, difficulty=level))
    assert [item.difficulty for item in chosen] == [level] * 5


def test_any_two_questions_may_stand_together() -> None:
    shows = [shown(item) for item in items()]
    pairs = [(a, b) for n, a in enumerate(shows) for b in shows[n + 1 :]]
    assert len(pairs) == len(items()) * (len(items()) - 1) // 2
    assert all(may_stand_together(a, b, strict=False) for a, b in pairs)


def test_a_question_is_swapped_for_all_that_fit_in_turn() -> None:
    small = choose(found(), Brief(counts={ItemKind.FILL: 4, ItemKind.SINGLE: 3}))[0]
    item = small[0]
    seen, now = [item], item
    rest = list(small[1:])
    for _ in range(4):
        now = swap([*rest, now], now, found())
        assert now.kind is item.kind is ItemKind.FILL
        assert all(may_stand_together(shown(now), shown(one), strict=False) for one in rest)
        seen.append(now)
    assert len({one.id for one in seen}) == 5


def test_nothing_to_swap_for() -> None:
    with pytest.raises(SettingsError, match="材料里没有另一道合适的填空题了：请删去这道题，或换一个题型。"):
        swap(items(), items()[0], [items()[0]])


def test_version_b_has_the_same_questions_and_right_options_in_another_order() -> None:
    other = version(items(), 7, "B")
    assert version(items(), 7, "A") == items()
    assert version(items(), 7, "B") == other != version(items(), 8, "B")
    assert {item.id for item in other} == {item.id for item in items()}
    assert [item.kind for item in other] == [item.kind for item in items()]
    assert [item.id for item in other] != [item.id for item in items()]
    before = {item.id: item for item in items()}
    for item in other:
        assert item.stem == before[item.id].stem
        assert sorted(item.options) == sorted(before[item.id].options)
        if item.kind is ItemKind.ORDER:
            assert right(item) == right(before[item.id])
        elif item.options:
            assert sorted(right(item)) == sorted(right(before[item.id]))
            assert list(item.answer) == sorted(item.answer)
            assert item.options != before[item.id].options


def test_the_speech_carries_a_whole_paper_spread_over_its_parts() -> None:
    assert Counter(item.kind for item in items()) == DEFAULT_COUNTS
    assert len({item.source.section for item in items()}) >= 4


@pytest.mark.parametrize(
    ("spoilt", "fault"),
    [
        (lambda item: replace(item, answer=("错词",)), "wrong key"),
        (lambda item: replace(item, source=replace(item.source, text="别的")), "not verbatim"),
        (lambda item: replace(item, stem=item.stem + item.answer[0]), "answer in its own stem"),
    ],
)
def test_the_check_finds_what_is_wrong(spoilt: object, fault: str) -> None:
    text = text_in(SPEECH)
    item = next(item for item in items() if item.kind is ItemKind.FILL)
    assert faults([item], [text]) == []
    assert any(one.startswith(fault) for one in faults([spoilt(item)], [text]))  # type: ignore[operator]


def test_the_check_finds_leaks_and_facts_asked_twice() -> None:
    text = text_in(SPEECH)
    item = next(item for item in items() if item.kind is ItemKind.FILL)
    again = replace(item, id="again", stem=item.stem + "？")
    assert any(one.startswith("the same fact") for one in faults([item, again], [text]))
    teller = replace(next(i for i in items() if i.kind is ItemKind.DISCUSS), stem=f"谈谈{item.answer[0]}。")
    assert f"leak of {item.answer[0]}" in " ".join(faults([item, teller], [text]))
