"""The plan of a session with its times: 导入, 精读, 讨论, 测验.

What is read closely are the paragraphs that most questions are from, as many as can be read in the time.
"""

from collections import Counter
from collections.abc import Sequence

from assistant.study.pack import Brief, Item, ItemKind, Reading, Step
from assistant.study.texts import Text

CHARACTERS_A_MINUTE = 300
LEAST_MINUTES, MOST_MINUTES = 20, 480
_OPENING, _READING, _TALK = 0.1, 0.45, 0.25
_QUIZ_MINUTES = {ItemKind.FILL: 1.0, ItemKind.SINGLE: 1.0, ItemKind.MULTIPLE: 1.5, ItemKind.JUDGE: 0.5, ItemKind.ORDER: 2.0, ItemKind.SHORT: 5.0}


def plan(texts: Sequence[Text], items: Sequence[Item], brief: Brief) -> tuple[Step, ...]:
    """Return the steps, whose minutes add up to those of the brief, held between `LEAST_` and `MOST_MINUTES`."""
    talked = tuple(item for item in items if item.kind is ItemKind.DISCUSS)
    asked = tuple(item for item in items if item.kind is not ItemKind.DISCUSS)
    total = min(max(brief.minutes, LEAST_MINUTES), MOST_MINUTES)
    minutes = _shares(total, bool(talked), asked)
    readings = _readings(texts, items, minutes["精读"] * CHARACTERS_A_MINUTE)
    titles = "、".join(f"《{text.record.title}》" for text in texts[:3]) + ("等" if len(texts) > 3 else "")
    what = {
        "导入": f"说明学习目的和安排，通读{titles}的提纲。",
        "精读": "逐段精读，结合提纲和重要提法讲解。" if readings else "通读材料。",
        "讨论": f"分组讨论 {len(talked)} 道讨论题，推选代表发言。",
        "测验": f"完成 {len(asked)} 道题，当场对答案、讲原文。",
    }
    steps, start = [], 0
    for name, length in minutes.items():
        extra = {"精读": (readings, ()), "讨论": ((), _ids(talked)), "测验": ((), _ids(asked))}.get(name, ((), ()))
        steps.append(Step(name, start, length, what[name], *extra))
        start += length
    return tuple(steps)


def _ids(items: Sequence[Item]) -> tuple[str, ...]:
    return tuple(item.id for item in items)


def _shares(total: int, talk: bool, asked: Sequence[Item]) -> dict[str, int]:
    """Return the minutes of each step; what has nothing to do takes none, and reading takes what is left."""
    opening = max(2, min(round(total * _OPENING), 20))
    talking = round(total * _TALK) if talk else 0
    needed = sum(_QUIZ_MINUTES.get(item.kind, 1.0) for item in asked)
    quiz = min(max(round(needed), 3), round(total * (1 - _OPENING - _READING) - talking)) if asked else 0
    reading = total - opening - talking - quiz
    shares = {"导入": opening, "精读": reading, "讨论": talking, "测验": quiz}
    return {name: minutes for name, minutes in shares.items() if minutes}


def _readings(texts: Sequence[Text], items: Sequence[Item], characters: int) -> tuple[Reading, ...]:
    """Return the paragraphs to be read closely, in the order of the documents, neighbours of a section as one."""
    weights: Counter[tuple[str, int]] = Counter((item.source.document_id, item.source.paragraph) for item in items)
    chosen: set[tuple[str, int]] = set()
    left = characters
    pieces = [(text, number, length) for text in texts for number, length in _paragraphs(text)]
    ranked = sorted(range(len(pieces)), key=lambda n: (-weights[pieces[n][0].record.id, pieces[n][1]], n))
    for rank in ranked:
        text, number, length = pieces[rank]
        if length <= left or not chosen:
            chosen.add((text.record.id, number))
            left -= length
    return tuple(reading for text in texts for reading in _ranges(text, chosen))


def _paragraphs(text: Text) -> list[tuple[int, int]]:
    """Return number and length of the paragraphs that hold a sentence to be used."""
    used = {sentence.paragraph for sentence in text.sentences}
    return [(p.number, p.end - p.start) for p in text.paragraphs if p.number in used]


def _ranges(text: Text, chosen: set[tuple[str, int]]) -> list[Reading]:
    found: list[Reading] = []
    for paragraph in text.paragraphs:
        if (text.record.id, paragraph.number) not in chosen:
            continue
        quote = text.quote(paragraph.start, paragraph.end)
        length = paragraph.end - paragraph.start
        last = found[-1] if found else None
        if last and last.last == paragraph.number - 1 and last.section == quote.section:
            first, characters = last.first, last.characters + length
            found[-1] = Reading(text.record.id, quote.document, quote.section, first, paragraph.number, characters)
        else:
            number = paragraph.number
            found.append(Reading(text.record.id, quote.document, quote.section, number, number, length))
    return found
