"""A small pack made by hand of the bundled speech, with every kind of question; its quotes stand where they say."""

from dataclasses import replace

from assistant.answering.service import Service
from assistant.study.pack import (
    CHOICE,
    Brief,
    Card,
    Difficulty,
    DocumentOutline,
    Formulation,
    FormulationKind,
    Item,
    ItemKind,
    Pack,
    Point,
    Quote,
    Reading,
    Remark,
    RemarkKind,
    Step,
)
from assistant.study.source.texts import Text, texts_of

SLOGAN = "以巡促改、以巡促建、以巡促治"
LIST = "完善整改制度机制，夯实整改责任，加强成果运用，实现以巡促改、以巡促建、以巡促治"
COUNT = "本轮巡视将对4个单位开展常规巡视"
SHARP = "反馈问题要一针见血、明确具体"
HALF = "后半篇文章"
MIXED = ("以巡促改", "以巡促学", "以巡促治")


def sample(service: Service, document: str | None = None) -> Pack:
    """Return the pack, of the document with this id or the only one."""
    brief = Brief(documents=(document,) if document else (), title="巡视整改专题", audience="新任干部")
    (text,) = texts_of(service, brief)
    points = (Point("第一", (_quote(text, LIST),), (Point("首先", (_quote(text, SHARP),)),)),)
    items = _items(text)
    return Pack(
        title=brief.title,
        brief=brief,
        documents=(text.line,),
        outlines=(DocumentOutline(text.record.id, text.record.title, text.record.date, points),),
        summary=points,
        formulations=(
            Formulation(HALF, FormulationKind.QUOTED, (_quote(text, HALF),)),
            Formulation(SLOGAN, FormulationKind.PARALLEL, (_quote(text, SLOGAN),), _quote(text, LIST)),
        ),
        remarks=(Remark(RemarkKind.VARIANT, "“巡视”和“巡察”都有。", (_quote(text, COUNT),)),),
        items=items,
        cards=(Card("对几个单位开展巡视？", "4个单位", (_quote(text, COUNT),)),),
        plan=(
            Step("导入", 0, 10, "说明学习目的。"),
            Step("精读", 10, 60, "逐段精读。", (Reading(text.record.id, text.record.title, "引言", 1, 2, 450),)),
            Step("测验", 70, 20, "做题。", (), tuple(item.id for item in items)),
        ),
        notes=("要的题程序没有出够：多项选择题要 5 道，出了 1 道。请少要几道，或者多选文件、放宽主题。",),
    )


def _items(text: Text) -> tuple[Item, ...]:
    count, members, sharp = (_quote(text, words) for words in (COUNT, LIST, SHARP))
    easy = Difficulty.EASY
    second_first = ("夯实整改责任", "完善整改制度机制")
    placed = tuple(_quote(text, words) for words in second_first)
    tested = tuple((text.record.id, q.start, q.end) for q in (_quote(text, MIXED[0]), _quote(text, MIXED[2])))
    return (
        Item("fill-1", ItemKind.FILL, easy, COUNT.replace("4个", "____") + "。", ("4个",), count),
        Item("fill-2", ItemKind.FILL, easy, SHARP.replace("一针见血", "____"), ("一针见血",), sharp),
        Item("fill-3", ItemKind.FILL, easy, "夯实____责任，加强成果____", ("整改", "运用"), members),
        Item(
            "single",
            ItemKind.SINGLE,
            easy,
            COUNT.replace("4个单位", CHOICE),
            ("B",),
            count,
            ("3个单位", "4个单位", "6个单位"),
        ),
        Item("multiple", ItemKind.MULTIPLE, easy, "实现什么？", ("A", "C"), members, MIXED, (), tested),
        Item("judge", ItemKind.JUDGE, easy, COUNT, ("对",), count, further=(count,), note="原文如此。"),
        Item("order", ItemKind.ORDER, easy, "按原文排序", ("B", "A"), members, second_first, placed),
        Item("short", ItemKind.SHORT, easy, "整改要怎样？", ("夯实整改责任", "加强成果运用"), members, (), (sharp,)),
        Item("discuss", ItemKind.DISCUSS, easy, "结合实际谈谈整改。", (), members),
    )


def _quote(text: Text, words: str) -> Quote:
    start = text.text.index(words)
    return text.quote(start, start + len(words))


def hostile(pack: Pack) -> Pack:
    """Return a pack whose words would like to run."""
    script = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
    items = tuple(replace(i, stem=i.stem + script, note=script) for i in pack.items)
    cards = tuple(replace(c, front=script) for c in pack.cards)
    notes = (*pack.notes, script)
    return replace(pack, title=f"敌意{script}"[:60], items=items, cards=cards, notes=notes)
