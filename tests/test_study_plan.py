"""The plan of a session and its flashcards."""

from functools import cache

import pytest
from study_texts import SPEECH, text_in, text_of

from assistant.study.cards import cards
from assistant.study.formulations import formulations
from assistant.study.items import candidates
from assistant.study.pack import Brief, Item, ItemKind
from assistant.study.paper import choose
from assistant.study.plan import CHARACTERS_A_MINUTE, plan
from assistant.study.texts import Text


@cache
def speech() -> Text:
    return text_in(SPEECH)


@cache
def items() -> tuple[Item, ...]:
    return choose(candidates([speech()], (), 1), Brief())[0]


@pytest.mark.parametrize("minutes", range(20, 481, 20))
def test_the_minutes_add_up(minutes: int) -> None:
    steps = plan([speech()], items(), Brief(minutes=minutes))
    assert [step.name for step in steps] == ["导入", "精读", "讨论", "测验"]
    assert sum(step.minutes for step in steps) == minutes
    assert all(step.minutes >= 1 for step in steps)
    ends = [0, *(step.start + step.minutes for step in steps)]
    assert [step.start for step in steps] == ends[:-1]


def test_each_question_has_its_step() -> None:
    steps = {step.name: step.items for step in plan([speech()], items(), Brief())}
    assert steps["讨论"] == tuple(item.id for item in items() if item.kind is ItemKind.DISCUSS)
    assert steps["测验"] == tuple(item.id for item in items() if item.kind is not ItemKind.DISCUSS)


def test_what_is_read_fits_the_time_and_is_asked_about() -> None:
    steps = plan([speech()], items(), Brief(minutes=20))
    reading = steps[1]
    read = [number for one in reading.readings for number in range(one.first, one.last + 1)]
    assert read == sorted(set(read))
    lengths = {p.number: p.end - p.start for p in speech().paragraphs}
    assert sum(one.characters for one in reading.readings) == sum(lengths[number] for number in read)
    assert sum(one.characters for one in reading.readings) <= reading.minutes * CHARACTERS_A_MINUTE
    assert any(item.source.paragraph in read for item in items())
    long = plan([speech()], items(), Brief(minutes=240))[1]
    assert sum(one.characters for one in long.readings) == sum(lengths.values())


@pytest.mark.parametrize("words", ["", "通知\n", "A | B\n1 | 2\n"])
def test_documents_that_carry_no_question(words: str) -> None:
    steps = plan([text_of(words)], (), Brief(minutes=45))
    assert [step.name for step in steps] == ["导入", "精读"]
    assert sum(step.minutes for step in steps) == 45


def test_cards_are_made_of_quotes() -> None:
    found = formulations([speech()])
    made = cards(found, items(), [speech()])
    assert len(made) >= 20
    assert len({card.front for card in made}) == len(made)
    for card in made:
        assert card.quotes
        assert all(speech().text[quote.start : quote.end] == quote.text for quote in card.quotes)
        assert all(piece in speech().text for piece in card.back.replace("\n", "；").split("；") if card.quotes)
