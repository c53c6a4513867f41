"""The plan of a session with its times: 导入, 精读, 讨论, 测验.

What is read closely are the paragraphs that most questions are from, as many as can be read in the time.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.splitting import Paragraph
from assistant.study.pack import Brief, Item, ItemKind, Reading, Step
from assistant.study.texts import Text

CHARACTERS_A_MINUTE = 300
BLOCK_LEAST, BLOCKS_MOST, JOINED_MOST = 200, 30, 3000
LEAST_MINUTES, MOST_MINUTES = 20, 480
_OPENING, _READING, _TALK = 0.1, 0.45, 0.25
_QUIZ_MINUTES = {
    ItemKind.FILL: 1.0,
    ItemKind.SINGLE: 1.0,
    ItemKind.MULTIPLE: 1.5,
    ItemKind.JUDGE: 0.5,
    ItemKind.ORDER: 2.0,
    ItemKind.SHORT: 5.0,
}
_TALKING, _TESTING = "分组讨论 {} 道讨论题，推选代表发言。", "完成 {} 道题，当场对答案、讲原文。"


def followed(steps: Sequence[Step], items: Sequence[Item]) -> tuple[Step, ...]:
    """Return the steps of a plan with the questions that a paper has now, after some were swapped or taken out."""
    talked = tuple(item.id for item in items if item.kind is ItemKind.DISCUSS)
    asked = tuple(item.id for item in items if item.kind is not ItemKind.DISCUSS)
    now = {"讨论": (talked, _TALKING.format(len(talked))), "测验": (asked, _TESTING.format(len(asked)))}
    return tuple(
        replace(step, items=now[step.name][0], what=now[step.name][1]) if step.name in now else step for step in steps
    )


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
        "讨论": _TALKING.format(len(talked)),
        "测验": _TESTING.format(len(asked)),
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
    """Return what is to be read closely, in the order of the documents, neighbours as one."""
    weights = Counter((item.source.document_id, item.source.paragraph) for item in items)
    whole = sum(len(text.text) for text in texts)
    blocks = [block for text in texts for block in _blocks(text, max(BLOCK_LEAST, whole // BLOCKS_MOST))]
    ranked = sorted(range(len(blocks)), key=lambda n: (-blocks[n].weight(weights), n))
    chosen: set[int] = set()
    left = characters
    for number in ranked:
        if blocks[number].characters <= left or not chosen:
            chosen.add(number)
            left -= blocks[number].characters
    return tuple(_joined([blocks[number] for number in sorted(chosen)]))


@dataclass(frozen=True)
class _Block:
    """Paragraphs one behind the other."""

    text: Text
    paragraphs: tuple[Paragraph, ...]

    @property
    def characters(self) -> int:
        return sum(p.end - p.start for p in self.paragraphs)

    def weight(self, weights: Counter[tuple[str, int]]) -> float:
        """Return how many questions are from it, for its length."""
        questions = sum(weights[self.text.record.id, p.number] for p in self.paragraphs)
        return questions / max(self.characters, BLOCK_LEAST)

    def reading(self) -> Reading:
        first, last = self.paragraphs[0], self.paragraphs[-1]
        names = list(dict.fromkeys(self.text.quote(p.start, p.end).section for p in (first, last)))
        section = " 至 ".join(name for name in names if name)
        record = self.text.record
        return Reading(record.id, record.title, section, first.number, last.number, self.characters)


def _blocks(text: Text, least: int) -> list[_Block]:
    """Return the paragraphs that hold a sentence to be used, in blocks of `least` characters or more."""
    used = {sentence.paragraph for sentence in text.sentences}
    blocks: list[_Block] = []
    for paragraph in text.paragraphs:
        if paragraph.number not in used:
            continue
        last = blocks[-1] if blocks else None
        if last and last.characters < least and last.paragraphs[-1].number == paragraph.number - 1:
            blocks[-1] = _Block(text, (*last.paragraphs, paragraph))
        else:
            blocks.append(_Block(text, (paragraph,)))
    return blocks


def _joined(blocks: Sequence[_Block]) -> list[Reading]:
    """Return the readings, neighbouring blocks of one document as one."""
    found: list[_Block] = []
    for block in blocks:
        last = found[-1] if found else None
        touching = last and last.text is block.text and last.paragraphs[-1].number == block.paragraphs[0].number - 1
        if last and touching and last.characters + block.characters <= JOINED_MOST:
            found[-1] = _Block(last.text, (*last.paragraphs, *block.paragraphs))
        else:
            found.append(block)
    return [block.reading() for block in found]
