"""A pack as a row of blocks, in the order in which it is read; Markdown and the terminal show the same ones.

A block's words are quotes and the program's few labels; what it takes from the sources it names in `quotes`.
The questions come without their sources: these are in the key, behind all questions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from assistant.following import chinese
from assistant.study.export.labels import (
    AS_WRITTEN,
    DIFFICULTY_NAMES,
    FORMULATION_NAMES,
    REMARK_NAMES,
    answer,
    numbers,
    sources,
)
from assistant.study.pack import KIND_NAMES, LETTERS, Formulation, Item, Pack, Point, Quote, Reading, Step
from assistant.superseding import marked

VERBATIM = "引文逐字取自所注文件，题目和提纲由程序从原文摘出编成；使用前请核对原文。"


class Sort(StrEnum):
    """What a block is: the title, a heading, a line, or a point, which may be below another."""

    TITLE = "title"
    HEADING = "heading"
    LINE = "line"
    POINT = "point"


@dataclass(frozen=True)
class Block:
    """A piece of a pack: `mark` stands before its words (a number, a label), `level` counts from 1."""

    sort: Sort
    text: str
    mark: str = ""
    level: int = 1
    quotes: tuple[Quote, ...] = ()


def blocks(pack: Pack) -> Iterator[Block]:
    """Yield a pack from its title to the key; parts that have nothing are left out."""
    yield Block(Sort.TITLE, pack.title)
    yield from _head(pack)
    parts = [
        ("内容摘要", list(_points(pack.summary))),
        ("内容提纲", list(_outlines(pack))),
        ("重要提法", list(_formulations(pack.formulations))),
        ("用语提示", list(_remarks(pack))),
        ("学习安排", list(_plan(pack))),
        ("卡片", list(_cards(pack))),
        ("测试题", list(_questions(pack.items))),
        ("参考答案与出处", list(_key(pack.items))),
    ]
    for title, found in parts:
        if found:
            yield Block(Sort.HEADING, title)
            yield from found


def _head(pack: Pack) -> Iterator[Block]:
    brief = pack.brief
    for name, value in (("主题", brief.topic), ("对象", brief.audience), ("时长", f"{brief.minutes} 分钟")):
        if value:
            yield Block(Sort.LINE, f"{name}：{value}")
    for d in pack.documents:
        said = "，".join(filter(None, [d.issuer, f"{d.paragraphs} 段，{d.characters} 字"]))
        yield Block(Sort.LINE, f"文件：{marked(d.title, d.validity, None, d.date)} {said}")
    for note in (*pack.notes, VERBATIM):
        yield Block(Sort.LINE, note)


def _outlines(pack: Pack) -> Iterator[Block]:
    for outline in pack.outlines:
        yield Block(Sort.HEADING, marked(outline.title, None, None, outline.date), level=2)
        yield from _points(outline.points)


def _points(points: Sequence[Point], level: int = 1) -> Iterator[Block]:
    for point in points:
        words = point.words
        yield Block(Sort.POINT, words, "" if words.startswith(point.label) else point.label, level, point.quotes)
        yield from _points(point.children, level + 1)


def _formulations(found: Sequence[Formulation]) -> Iterator[Block]:
    for number, one in enumerate(found, 1):
        said = f"{one.text}（{FORMULATION_NAMES[one.kind]}，{len(one.places)} 处）"
        yield Block(Sort.POINT, said, f"{number}.", quotes=one.places)
        for member in one.members:
            yield Block(Sort.POINT, member.text, level=2, quotes=(member,))
        if one.explained:
            yield Block(Sort.POINT, one.explained.text, "解释", 2, (one.explained,))


def _remarks(pack: Pack) -> Iterator[Block]:
    for number, one in enumerate(pack.remarks, 1):
        yield Block(
            Sort.POINT, f"{REMARK_NAMES[one.kind]}：{one.note}（{AS_WRITTEN}）", f"{number}.", quotes=one.places
        )


def _plan(pack: Pack) -> Iterator[Block]:
    by_id = numbers(pack.items)
    for step in pack.plan:
        asked = [by_id[one] for one in step.items if one in by_id]
        yield Block(Sort.POINT, f"{step.name}：{step.what}", _times(step))
        for reading in step.readings:
            yield Block(Sort.POINT, _reading(reading), "阅读", 2)
        if asked:
            yield Block(Sort.POINT, "、".join(map(str, asked)), "题号", 2)


def _times(step: Step) -> str:
    return f"第 {step.start}—{step.start + step.minutes} 分钟"


def _reading(reading: Reading) -> str:
    last = f"至{reading.last}" if reading.last != reading.first else ""
    section = f"{reading.section} " if reading.section else ""
    return f"《{reading.document}》{section}第{reading.first}{last}段（{reading.characters} 字）"


def _cards(pack: Pack) -> Iterator[Block]:
    for number, card in enumerate(pack.cards, 1):
        yield Block(Sort.POINT, card.front, f"{number}.")
        yield Block(Sort.POINT, card.back, "背面", 2, card.quotes)


def _questions(items: Sequence[Item]) -> Iterator[Block]:
    by_id = numbers(items)
    for number, (kind, group) in enumerate(groupby(items, lambda item: item.kind), 1):
        asked = list(group)
        yield Block(Sort.HEADING, f"{chinese(number)}、{KIND_NAMES[kind]}（{len(asked)} 题）", level=2)
        for item in asked:
            yield Block(Sort.POINT, item.stem, f"{by_id[item.id]}.")
            for letter, option in zip(LETTERS, item.options, strict=False):
                yield Block(Sort.POINT, option, f"{letter}.", 2)


def _key(items: Sequence[Item]) -> Iterator[Block]:
    for number, item in enumerate(items, 1):
        said = f"{answer(item)}（{DIFFICULTY_NAMES[item.difficulty]}）"
        yield Block(Sort.POINT, said, f"{number}.", quotes=sources(item))
        if item.note:
            yield Block(Sort.POINT, item.note, level=2)
