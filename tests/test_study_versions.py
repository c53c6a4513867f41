"""Version B of a paper."""

from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest
from handmade import pack_of_speech, speech_service

from assistant.study.pack import LETTERS, Item, ItemKind, Pack
from assistant.study.versions import version_b


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    folder: Path = tmp_path_factory.mktemp("versions")
    whole = pack_of_speech(speech_service(folder))
    more = tuple(replace(item, id=f"{item.id}{n}") for item in whole.items for n in range(3))
    return replace(whole, items=more)


def right(item: Item) -> tuple[str, ...]:
    """Return the words of the right options, in their order for a question of order."""
    words = [item.options[LETTERS.index(letter)] for letter in item.answer]
    return tuple(words if item.kind is ItemKind.ORDER else sorted(words))


def test_the_same_questions_in_another_order_with_the_same_right_answers(pack: Pack) -> None:
    other = version_b(pack)
    assert other == version_b(pack) and other.title == f"{pack.title}（B 卷）"
    assert replace(other, title=pack.title, items=pack.items) == pack
    by_id = {item.id: item for item in pack.items}
    assert {item.id for item in other.items} == set(by_id) and len(other.items) == len(by_id)
    kinds = [[kind for kind, _ in groupby(items, lambda item: item.kind)] for items in (pack.items, other.items)]
    assert kinds[0] == kinds[1]
    for kind in ItemKind:
        before, after = ([item.id for item in items if item.kind is kind] for items in (pack.items, other.items))
        assert sorted(before) == sorted(after) and before != after
    turned = 0
    for item in other.items:
        old = by_id[item.id]
        assert replace(item, options=old.options, answer=old.answer) == old
        if item.options:
            assert item.options != old.options and sorted(item.options) == sorted(old.options)
            assert right(item) == right(old)
            turned += 1
        else:
            assert item == old
    assert turned == 9


def test_another_seed_is_another_order(pack: Pack) -> None:
    seeds = {tuple(i.id for i in version_b(replace(pack, brief=replace(pack.brief, seed=s))).items) for s in range(5)}
    assert len(seeds) > 1


def test_one_question_of_a_kind_and_one_option_stay(pack: Pack) -> None:
    lone = replace(pack.items[0], options=("甲",), answer=("A",), kind=ItemKind.SINGLE)
    assert version_b(replace(pack, items=(lone,))).items == (lone,)
