"""The plan of a session with its times: 导入, 精读, 讨论, 测验.

A session is no longer than its material carries; `plan_notes` says so. What is read closely is spread over the
sections: of each the paragraphs that most questions are from, as far as the time allows.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from assistant.study.pack import Brief, Item, ItemKind, Step
from assistant.study.session.readings import chosen, coverage, parts_of
from assistant.study.source.texts import Text

LEAST_MINUTES, MOST_MINUTES = 20, 480
CHARACTERS_A_MINUTE = 150  # read aloud and explained
SLOWEST = 25  # characters a minute, where every sentence is talked over
READING_MINUTES = 3  # what is read in less is not worth a stop
TALK_MINUTES = 30  # a question for discussion, at most
QUIZ_SLOWEST = 1.5  # times as long as usual, with the answers gone through
_OPENING, _TALK, _QUIZ = 0.1, 0.25, 0.35
_OPENING_MOST = 20
_QUIZ_MINUTES = {
    ItemKind.FILL: 1.0,
    ItemKind.SINGLE: 1.0,
    ItemKind.MULTIPLE: 1.5,
    ItemKind.JUDGE: 0.5,
    ItemKind.ORDER: 2.0,
    ItemKind.SHORT: 5.0,
}


def followed(steps: Sequence[Step], items: Sequence[Item]) -> tuple[Step, ...]:
    """Return the steps of a plan with the questions that a paper has now, after some were swapped or taken out."""
    return tuple(_with_items(step, items) for step in steps)


def plan(texts: Sequence[Text], items: Sequence[Item], brief: Brief) -> tuple[Step, ...]:
    """Return the steps; their minutes add up to those of the brief, or to fewer where the material carries no more."""
    minutes = _shares(_total(brief), _characters(texts), _talked(items), _tested(items))
    parts = [part for text in texts for part in parts_of(text)]
    read = chosen(parts, items, minutes["精读"] * CHARACTERS_A_MINUTE, minutes["精读"] // READING_MINUTES)
    titles = "、".join(f"《{text.record.title}》" for text in texts[:3]) + ("等" if len(texts) > 3 else "")
    what = {"导入": f"说明学习目的和安排，看{titles}的提纲。", "精读": coverage(parts, read)}
    steps, start = [], 0
    for name, length in minutes.items():
        steps.append(Step(name, start, length, what.get(name, ""), read if name == "精读" else ()))
        start += length
    return followed(steps, items)


def plan_notes(steps: Sequence[Step], texts: Sequence[Text], brief: Brief) -> tuple[str, ...]:
    """Return what the trainer should know of a plan that is not as long as was asked for."""
    planned = sum(step.minutes for step in steps)
    if planned == brief.minutes:
        return ()
    if planned < _total(brief):
        what = f"材料共 {_characters(texts)} 字，程序只排出 {planned} 分钟的课程，不到所要的 {brief.minutes} 分钟"
        return (f"{what}：要上满，请多选文件或多出题目。",)
    limits = f"课程最短 {LEAST_MINUTES} 分钟、最长 {MOST_MINUTES} 分钟"
    return (f"{limits}，程序按 {planned} 分钟安排，不是所要的 {brief.minutes} 分钟：请在这个范围里改时长。",)


def _total(brief: Brief) -> int:
    return min(max(brief.minutes, LEAST_MINUTES), MOST_MINUTES)


def _characters(texts: Sequence[Text]) -> int:
    return sum(part.characters for text in texts for part in parts_of(text))


def _talked(items: Sequence[Item]) -> list[Item]:
    return [item for item in items if item.kind is ItemKind.DISCUSS]


def _tested(items: Sequence[Item]) -> list[Item]:
    return [item for item in items if item.kind is not ItemKind.DISCUSS]


def _with_items(step: Step, items: Sequence[Item]) -> Step:
    """Return a step of talking or testing with what is asked in it; another step as it is."""
    if step.name == "讨论":
        now = _talked(items)
        what = f"分组讨论 {len(now)} 道讨论题，推选代表发言。"
    elif step.name == "测验":
        asked = _tested(items)
        now = _fitting(asked, step.minutes)
        later = f"另有 {len(asked) - len(now)} 道课后完成。" if len(now) < len(asked) else ""
        what = f"完成 {len(now)} 道题，当场对答案、讲原文。{later}"
    else:
        return step
    return replace(step, what=what, items=tuple(item.id for item in now))


def _shares(total: int, characters: int, talked: Sequence[Item], asked: Sequence[Item]) -> dict[str, int]:
    """Return the minutes of each step; what has nothing to do takes none, and none takes longer than it can."""
    needed = sum(_QUIZ_MINUTES.get(item.kind, 1.0) for item in asked)
    opening = max(2, min(round(total * _OPENING), _OPENING_MOST))
    talking = min(round(total * _TALK), TALK_MINUTES * len(talked))
    quiz = min(max(round(needed), 3), round(total * _QUIZ)) if asked else 0
    reading = total - opening - talking - quiz
    slowest = max(READING_MINUTES, -(-characters // SLOWEST))
    if reading > slowest:  # what is left over is for talking and answers
        talking = min(talking + reading - slowest, TALK_MINUTES * len(talked))
        quiz = min(total - opening - talking - slowest, max(quiz, round(needed * QUIZ_SLOWEST))) if asked else 0
        reading = slowest
        opening = min(opening, max(2, (reading + talking + quiz) // 4))
    shares = {"导入": opening, "精读": reading, "讨论": talking, "测验": quiz}
    return {name: minutes for name, minutes in shares.items() if minutes}


def _fitting(asked: Sequence[Item], minutes: int) -> list[Item]:
    """Return the questions that can be answered in the time: of each kind an equal share, in their order."""
    needed = sum(_QUIZ_MINUTES.get(item.kind, 1.0) for item in asked)
    if needed <= minutes + 1:
        return list(asked)
    counts = Counter(item.kind for item in asked)
    most = {kind: max(1, int(count * minutes / needed)) for kind, count in counts.items()}
    taken: Counter[ItemKind] = Counter()
    found = []
    for item in asked:
        taken[item.kind] += 1
        if taken[item.kind] <= most[item.kind]:
            found.append(item)
    return found
