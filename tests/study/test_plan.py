"""The plan of a session and its flashcards."""

from functools import cache

import pytest

from assistant.study.formulations.formulations import formulations
from assistant.study.pack import Brief, Item, ItemKind
from assistant.study.paper.assembly import choose
from assistant.study.questions.items import candidates
from assistant.study.session.flashcards import cards
from assistant.study.session.plan import CHARACTERS_A_MINUTE, plan, plan_notes
from assistant.study.source.texts import Text
from support.study_texts import SPEECH, text_in, text_of


@cache
def speech() -> Text:
    return text_in(SPEECH)


@cache
def items() -> tuple[Item, ...]:
    return choose(candidates([speech()], (), 1), Brief())[0]


@pytest.mark.parametrize("minutes", range(20, 241, 20))
def test_the_minutes_add_up(minutes: int) -> None:
    steps = plan([speech()], items(), Brief(minutes=minutes))
    assert [step.name for step in steps] == ["导入", "精读", "讨论", "测验"]
    assert sum(step.minutes for step in steps) == minutes
    assert all(step.minutes >= 1 for step in steps)
    assert plan_notes(steps, [speech()], Brief(minutes=minutes)) == ()
    ends = [0, *(step.start + step.minutes for step in steps)]
    assert [step.start for step in steps] == ends[:-1]


def test_each_question_has_its_step() -> None:
    asked = [item.id for item in items() if item.kind is not ItemKind.DISCUSS]
    steps = {step.name: step for step in plan([speech()], items(), Brief(minutes=240))}
    assert steps["讨论"].items == tuple(item.id for item in items() if item.kind is ItemKind.DISCUSS)
    assert list(steps["测验"].items) == asked


def test_a_quiz_is_no_longer_than_its_time_and_the_rest_is_named() -> None:
    asked = [item.id for item in items() if item.kind is not ItemKind.DISCUSS]
    quiz = next(step for step in plan([speech()], items(), Brief(minutes=45)) if step.name == "测验")
    assert 5 < len(quiz.items) < len(asked)
    assert f"完成 {len(quiz.items)} 道题" in quiz.what
    assert f"另有 {len(asked) - len(quiz.items)} 道课后完成" in quiz.what
    assert [one for one in asked if one in quiz.items] == list(quiz.items)
    assert {item.kind for item in items()} - {ItemKind.DISCUSS} == {i.kind for i in items() if i.id in quiz.items}


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
    brief = Brief(minutes=45)
    steps = plan([text_of(words)], (), brief)
    assert [(step.name, step.minutes) for step in steps] == [("导入", 2), ("精读", 3)]
    (note,) = plan_notes(steps, [text_of(words)], brief)
    assert note.endswith("程序只排出 5 分钟的课程，不到所要的 45 分钟：要上满，请多选文件或多出题目。")


def test_a_time_out_of_bounds_is_said() -> None:
    brief = Brief(minutes=5)
    steps = plan([speech()], items(), brief)
    assert sum(step.minutes for step in steps) == 20
    (note,) = plan_notes(steps, [speech()], brief)
    assert note.startswith("课程最短 20 分钟、最长 480 分钟，程序按 20 分钟安排，不是所要的 5 分钟：请")


def test_a_long_document_is_read_all_over_and_what_is_left_is_said() -> None:
    chapter = "第{n}章　安排{n}\n" + "各部门应当在第{n}季度报告工作，逾期不报的予以通报批评并限期整改到位。\n" * 60
    text = text_of("".join(chapter.format(n=n) for n in range(1, 31)))
    reading = plan([text], (), Brief(minutes=90))[1]
    assert 8 <= len(reading.readings) <= 12
    assert len({one.section for one in reading.readings}) == len(reading.readings)
    assert reading.readings[0].section == "第1章 安排1" and reading.readings[-1].first > 1500
    assert sum(one.characters for one in reading.readings) <= reading.minutes * CHARACTERS_A_MINUTE
    assert f"其余 {30 - len(reading.readings)} 部分没有安排" in reading.what


def test_readings_are_named_by_titles() -> None:
    reading = next(step for step in plan([speech()], items(), Brief(minutes=120)) if step.name == "精读")
    assert [one.section for one in reading.readings] == [
        "引言",
        "第一 始终聚焦“两个维护”",
        "第二 紧扣巡视重点任务",
        "第三 带头发扬自我革命精神",
        "结语",
    ]
    assert [(one.first, one.last) for one in reading.readings] == [(1, 2), (3, 3), (4, 4), (5, 5), (6, 6)]
    assert reading.what == "逐段精读全文，结合提纲和重要提法讲解。"


def test_cards_are_made_of_quotes() -> None:
    found = formulations([speech()])
    made = cards(found, items(), [speech()])
    assert len(made) >= 20
    assert len({card.front for card in made}) == len(made)
    for card in made:
        assert card.quotes
        assert all(speech().text[quote.start : quote.end] == quote.text for quote in card.quotes)
        assert all(piece in speech().text for piece in card.back.replace("\n", "；").split("；") if card.quotes)
