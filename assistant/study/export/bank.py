"""A pack as a workbook: its questions, first, in the columns that exam systems import, and the rest a sheet each.

Systems match columns by their names. What they take for an answer: letters without anything between, 正确 or
错误, and the words of several blanks with "|" between.
"""

from collections.abc import Iterator, Sequence

from assistant.base.files.spreadsheets import write_workbook
from assistant.study.export import parts
from assistant.study.export.labels import DIFFICULTY_NAMES, answer, card_source, places
from assistant.study.export.parts import KIND_WORDS, REMARK_WORDS, flat, place, sources
from assistant.study.pack import KIND_NAMES, LETTERS, RIGHT, Formulation, Item, ItemKind, Pack
from assistant.study.trends import trend_table, trends

TYPES = KIND_NAMES | {ItemKind.SINGLE: "单选题", ItemKind.MULTIPLE: "多选题", ItemKind.DISCUSS: "论述题"}
COLUMNS = ("题型", "题干", *(f"选项{letter}" for letter in LETTERS), "正确答案", "解析", "难度", "知识点", "出处")
BETWEEN_BLANKS = "|"

Rows = Sequence[Sequence[object]]


def as_workbook(pack: Pack) -> bytes:
    """Return an .xlsx, a sheet each: questions, formulations, trends, summary, outline, wording, cards, plan, notes."""
    sheets: dict[str, Rows] = {"试题": [COLUMNS, *map(_question, pack.items)]}
    sheets["提法"] = [_FORMULATION, *map(_formulation, pack.formulations)]
    if (found := trends(pack)).rows:
        sheets[parts.TRENDS] = trend_table(found)
    sheets["摘要"] = [("标记", "原文", "出处"), *([p.label, p.words, places(p.quotes)] for _, p in flat(pack.summary))]
    sheets["提纲"] = [("文件", "层次", "标记", "原文", "出处"), *_outline(pack)]
    sheets[parts.REMARKS] = [("类别", "说明", "原文如此", "出处"), *_remarks(pack)]
    sheets["卡片"] = [("正面", "背面", "出处"), *([c.front, c.back, card_source(c)] for c in pack.cards)]
    sheets["安排"] = [parts.PLAN_COLUMNS, *parts.plan_rows(pack)]
    sheets[parts.NOTES] = [(pack.title,), *([line] for line in (*parts.head(pack), *pack.notes))]
    return write_workbook(sheets)


def _question(item: Item) -> Sequence[object]:
    options = [*item.options[: len(LETTERS)], *[""] * (len(LETTERS) - len(item.options))]
    explained = "\n".join(filter(None, [item.note, *(f"原文：{quote.text}" for quote in sources(item))]))
    topic = item.source.section or item.source.document
    known = [_key(item), explained, DIFFICULTY_NAMES[item.difficulty], topic, places(sources(item))]
    return [TYPES[item.kind], item.stem, *options, *known]


def _key(item: Item) -> str:
    if item.kind is ItemKind.JUDGE:
        return "正确" if item.answer == (RIGHT,) else "错误"
    return BETWEEN_BLANKS.join(item.answer) if item.kind is ItemKind.FILL else answer(item)


_FORMULATION = ("提法", "类别", "处数", "文件数", "列出的各项", "文件里的解释", "解释的出处", "出处")


def _formulation(one: Formulation) -> Sequence[object]:
    files = len({quote.document_id for quote in one.places})
    members = "\n".join(quote.text for quote in one.members)
    explained = (one.explained.text, place(one.explained)) if one.explained else ("", "")
    return [one.text, KIND_WORDS[one.kind], len(one.places), files, members, *explained, places(one.places)]


def _outline(pack: Pack) -> Iterator[Sequence[object]]:
    for outline in pack.outlines:
        for depth, point in flat(outline.points):
            yield [outline.title, depth + 1, point.label, point.words, places(point.quotes)]


def _remarks(pack: Pack) -> Iterator[Sequence[object]]:
    for one in pack.remarks:
        shown = "\n".join(dict.fromkeys(quote.text for quote in one.places))
        yield [REMARK_WORDS[one.kind], one.note, shown, places(one.places)]
