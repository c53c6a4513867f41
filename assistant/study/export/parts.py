"""What the exports of a pack say beside its quotes, the same in every format: places, headings, marks, keys."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.language.numerals import chinese
from assistant.study.pack import (
    BLANK,
    CHOICE,
    KIND_NAMES,
    LETTERS,
    DocumentLine,
    DocumentOutline,
    Formulation,
    FormulationKind,
    Item,
    ItemKind,
    Pack,
    Point,
    Quote,
    Reading,
    RemarkKind,
    Step,
)
from assistant.study.stem_recovery import stem_of

SUMMARY, OUTLINE, FORMULATIONS, REMARKS = "内容摘要", "内容提纲", "重要提法", "用语提示"
TRENDS, TRENDS_MOST = "提法的变化", 30  # to be read, the first so many; a table for machines has all
PLAN, NOTES, PAPER, KEY, CARDS = "学习安排", "说明", "测试题", "参考答案与出处", "学习卡片"
SOURCE, OPEN = "原文：", "开放题，言之有据即可。"
EXPLAINED = "文件中的说明"
AS_IT_STANDS = "以下各处原文如此，未作改动。"
VERBATIM = "引文逐字取自所注文件；使用前请核对原文。"
NAME_LINE = f"单位：{BLANK * 3}　姓名：{BLANK * 3}　得分：{BLANK}"
NO_ITEMS = "没有题目：所选内容出不了题，请扩大范围后重新生成。"
KIND_WORDS = {
    FormulationKind.QUOTED: "引号提法",
    FormulationKind.NUMBERED: "数字提法",
    FormulationKind.PARALLEL: "并列提法",
    FormulationKind.PHRASE: "常用词组",
}
REMARK_WORDS = {
    RemarkKind.VARIANT: "写法不一",
    RemarkKind.DOUBLED: "疑有重字",
    RemarkKind.MISSING: "疑有缺字",
    RemarkKind.UNPAIRED: "标点不成对",
}
# What a question brings, for each blank or point of its answer where `EACH` names one, else for the whole.
MARKS = {
    ItemKind.FILL: 2,
    ItemKind.SINGLE: 2,
    ItemKind.MULTIPLE: 3,
    ItemKind.JUDGE: 1,
    ItemKind.ORDER: 3,
    ItemKind.SHORT: 2,
    ItemKind.DISCUSS: 0,
}
EACH = {ItemKind.FILL: "空", ItemKind.SHORT: "个要点"}
WIDE_BLANK = BLANK * 3
STRETCH = 200  # characters; a source of several sentences that is longer goes where its pieces are quoted
_SENTENCE_ENDS = re.compile("[。！？；]|[.!?;] ")
_HALVES = (ItemKind.SINGLE, ItemKind.MULTIPLE, ItemKind.JUDGE, ItemKind.ORDER)


@dataclass(frozen=True)
class Group:
    """The questions of one kind, each with its number in the whole paper; `worth` says what they bring."""

    kind: ItemKind
    title: str
    worth: str
    items: tuple[tuple[int, Item], ...]


def place(quote: Quote, titled: bool = True) -> str:
    """Return where a quote stands: 《X》第二 第4段."""
    title = f"《{quote.document}》" if titled else ""
    return f"{title}{f'{quote.section} ' if quote.section else ''}第{quote.paragraph}段"


def places(quotes: Iterable[Quote], titled: bool = True) -> str:
    """Return where quotes stand, each place once."""
    return "；".join(dict.fromkeys(place(quote, titled) for quote in quotes))


def where(quotes: Sequence[Quote], documents: Sequence[DocumentLine]) -> str:
    """Return the paragraphs that quotes stand in, under their documents and years where there are several."""
    found: dict[str, list[Quote]] = {}
    for quote in quotes:
        found.setdefault(quote.document_id, []).append(quote)
    dates = {line.id: line.date for line in documents}
    numbers = {key: _ranges(sorted({quote.paragraph for quote in held})) for key, held in found.items()}
    if len(documents) == 1:
        return "；".join(f"第{said}段" for said in numbers.values())
    return "；".join(f"{_dated(found[key][0].document, dates.get(key))}第{said}段" for key, said in numbers.items())


def _dated(title: str, date: str | None) -> str:
    return f"《{title}》（{date[:4]}）" if date else f"《{title}》"


def head(pack: Pack, most: int = 10) -> list[str]:
    """Return what is said under the title: who for, how long, of which documents, of which `most` are named."""
    brief = pack.brief
    asked = [f"学习对象：{brief.audience}"] if brief.audience else []
    asked += [f"主题：{brief.topic}"] if brief.topic else []
    titles = "、".join(map(_document, pack.documents[:most]))
    rest = f"等{len(pack.documents)}份文件" if len(pack.documents) > most else ""
    named = [f"学习文件：{titles}{rest}"] if titles else []
    minutes = sum(step.minutes for step in pack.plan) or brief.minutes
    return [*asked, f"学习时间：{minutes}分钟", *named, VERBATIM]


def _document(line: DocumentLine) -> str:
    said = "，".join(part for part in (line.issuer, line.date, line.validity) if part)
    return f"《{line.title}》（{said}）" if said else f"《{line.title}》"


def flat(points: Iterable[Point], depth: int = 0) -> Iterator[tuple[int, Point]]:
    """Yield points and those below them in the order of the source, each with its depth."""
    for point in points:
        yield depth, point
        yield from flat(point.children, depth + 1)


def label(point: Point) -> str:
    """Return the mark to set before a point's words, "" where they begin with it."""
    return "" if not point.label or point.words.startswith(point.label) else f"{point.label}　"


def formulation_row(number: int, found: Formulation, documents: Sequence[DocumentLine]) -> tuple[str, ...]:
    """Return a formulation as the cells of `FORMULATION_COLUMNS`."""
    explained = "有" if found.explained else "无"
    times = str(len(found.places))
    return str(number), found.text, KIND_WORDS[found.kind], times, where(found.places, documents), explained


FORMULATION_COLUMNS = ("序号", "提法", "类别", "次数", "出处", "说明")
PLAN_COLUMNS = ("环节", "时间", "内容")


def explanations(found: Formulation) -> list[Quote]:
    """Return what the documents say of a formulation, each piece once; members that it spells out say nothing new."""
    members = [] if all(member.text in found.text for member in found.members) else found.members
    return list(dict.fromkeys([*([found.explained] if found.explained else []), *members]))


def left_out(outline: DocumentOutline) -> str:
    """Return how many points an outline does not show."""
    return f"另有{outline.left_out}项未列入提纲。"


def span(step: Step) -> str:
    """Return when a step is: 0—10分钟."""
    return f"{step.start}—{step.start + step.minutes}分钟"


def doing(step: Step, numbers: Mapping[str, int]) -> list[str]:
    """Return what is done in a step in lines: what, what is read, which questions."""
    asked = sorted(numbers[name] for name in step.items if name in numbers)
    said = [step.what] if step.what else []
    return [*said, *map(reading, step.readings), *([f"题目：第{_ranges(asked)}题"] if asked else [])]


def plan_rows(pack: Pack) -> list[tuple[str, ...]]:
    """Return the plan as the cells of `PLAN_COLUMNS`."""
    numbers = numbered(pack.items)
    return [(step.name, span(step), "\n".join(doing(step, numbers))) for step in pack.plan]


def _ranges(numbers: Sequence[int]) -> str:
    """Return rising numbers with those that follow each other drawn together: 1—3、7."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(f"{run[0]}—{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def reading(found: Reading) -> str:
    """Return what is to be read: 《X》第二 第4—6段（700字）."""
    last = f"—{found.last}" if found.last > found.first else ""
    section = f"{found.section} " if found.section else ""
    return f"《{found.document}》{section}第{found.first}{last}段（{found.characters}字）"


def groups(items: Sequence[Item]) -> list[Group]:
    """Return a paper's questions by kind, numbered through."""
    made: list[Group] = []
    number = 1
    for kind in ItemKind:
        chosen = tuple(enumerate((item for item in items if item.kind is kind), number))
        if chosen:
            number += len(chosen)
            title = f"{chinese(len(made) + 1)}、{KIND_NAMES[kind]}"
            made.append(Group(kind, title, _worth(kind, [item for _, item in chosen]), chosen))
    return made


def numbered(items: Sequence[Item]) -> dict[str, int]:
    """Return the number that each question has in the paper, by its id."""
    return {item.id: number for group in groups(items) for number, item in group.items}


def marks(item: Item) -> int:
    """Return what a question brings."""
    return MARKS[item.kind] * (len(item.answer) if item.kind in EACH else 1)


def total(items: Iterable[Item]) -> str:
    """Return how many questions there are and what they bring."""
    held = list(items)
    return f"共{len(held)}题，满分{sum(map(marks, held))}分"


def _worth(kind: ItemKind, items: Sequence[Item]) -> str:
    if not MARKS[kind]:
        return f"（共{len(items)}题，不计分）"
    return f"（每{EACH.get(kind, '题')}{MARKS[kind]}分，共{sum(map(marks, items))}分）"


def asked(item: Item) -> str:
    """Return the words of a question, with room for the answer where it is short."""
    return "".join(words for words, _ in asked_runs(item))


def asked_runs(item: Item) -> list[tuple[str, bool]]:
    """Return `asked` in runs, each with whether it is a blank to write in."""
    stem = stem_of(item)
    if item.kind in _HALVES:
        return [(item.stem if stem.gaps else item.stem + CHOICE, False)]
    return [(WIDE_BLANK if is_gap else words, is_gap) for words, is_gap in stem.runs if words]


def options(item: Item) -> list[str]:
    """Return the options with their letters."""
    return [f"{letter}. {option}" for letter, option in zip(LETTERS, item.options, strict=False)]


def answers(item: Item) -> list[str]:
    """Return the answer in lines: one, or one a point where points are marked."""
    if item.kind in (ItemKind.SHORT, ItemKind.DISCUSS) and len(item.answer) > 1:
        return [f"（{number}）{words}" for number, words in enumerate(item.answer, 1)]
    joint = {ItemKind.MULTIPLE: "", ItemKind.ORDER: "→"}.get(item.kind, "；")
    return [joint.join(item.answer)] if item.answer else []


def sources(item: Item) -> tuple[Quote, ...]:
    """Return the quotes that prove an answer, each once; no part of another, no stretch whose pieces are quoted."""
    whole = item.source
    inside = [
        q for q in item.further if q.document_id == whole.document_id and whole.start <= q.start and q.end <= whole.end
    ]
    is_long = len(whole.text) > STRETCH and len(_SENTENCE_ENDS.findall(whole.text)) > 1
    if inside and ("\n" in whole.text or is_long):
        return tuple(dict.fromkeys(item.further))
    return tuple(dict.fromkeys([whole, *(quote for quote in item.further if quote not in inside)]))


def cited(quote: Quote) -> str:
    """Return a quote with its place; no marks around it, for it may hold some."""
    return f"{quote.text}（{place(quote)}）"
