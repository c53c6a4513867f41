"""A study pack made by hand of the bundled speech: something of every kind, each quote with its place."""

from pathlib import Path

from assistant.answering.service import Service
from assistant.base.settings import Settings
from assistant.study.pack import (
    BLANK,
    RIGHT,
    WRONG,
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
from support.paths import ROOT


def speech_service(folder: Path) -> Service:
    """Return the assistant over the bundled speech, its index in `folder`."""
    service = Service(Settings(corpus=ROOT / "corpus", index=folder / "index"))
    service.ensure()
    return service


def pack_of_speech(service: Service, title: str = "巡视动员讲话学习材料") -> Pack:
    """Return the pack."""
    (text,) = texts_of(service, Brief())
    return Pack(
        title=title,
        brief=Brief(topic="巡视整改", audience="新任巡视干部", seed=7),
        documents=(text.line,),
        outlines=(DocumentOutline(text.record.id, text.record.title, text.record.date, _points(text)),),
        summary=(Point("", (found(text, "下面，针对做好本轮巡察工作，我再强调三点意见。"),)),),
        formulations=_formulations(text),
        remarks=(Remark(RemarkKind.DOUBLED, "“要要”连用", (found(text, "各巡视组要要提高政治站位"),)),),
        items=_items(text),
        cards=_cards(text),
        plan=_plan(text),
        notes=("排序题只出得了 1 道：原文里没有更多成组的要点。",),
    )


def found(text: Text, words: str, which: int = 0) -> Quote:
    """Return the place of `words` in a document, the first or a later one."""
    start = -1
    for _ in range(which + 1):
        start = text.text.index(words, start + 1)
    return text.quote(start, start + len(words))


def _points(text: Text) -> tuple[Point, ...]:
    below = tuple(
        Point(label, (found(text, words),))
        for label, words in (
            ("首先", "首先要看党的二十大精神的学习贯彻落实情况"),
            ("其次", "其次，坚持全心全意为人民服务是党的宗旨。"),
            ("最后", "最后，贯彻落实中央和省委、市委重大决策部署"),
        )
    )
    first = (found(text, "第一，始终聚焦“两个维护”，"), found(text, "忠诚践行“两个维护”。"))
    others = [
        ("第二", "第二，紧扣巡视重点任务，守正创新、精准监督"),
        ("第三", "着力加强政治建设、强化责任担当、严明纪律要求"),
    ]
    return (Point("第一", first, below), *(Point(label, (found(text, words),)) for label, words in others))


def _formulations(text: Text) -> tuple[Formulation, ...]:
    twice = tuple(found(text, "两个维护", n) for n in range(2))
    parallel = found(text, "以巡促改、以巡促建、以巡促治")
    members = tuple(found(text, words) for words in ("以巡促改", "以巡促建", "以巡促治"))
    half = (
        "要督促被巡查党组，充分用好巡视成果，强化整改落实和成果运用，切实发挥巡视标本兼治作用，促进各项工作高质量发展。"
    )
    return (
        Formulation("两个维护", FormulationKind.NUMBERED, twice),
        Formulation("后半篇文章", FormulationKind.QUOTED, (found(text, "后半篇文章"),), explained=found(text, half)),
        Formulation(parallel.text, FormulationKind.PARALLEL, (parallel,), members=members),
        Formulation("标本兼治", FormulationKind.PHRASE, (found(text, "标本兼治"),)),
    )


def _items(text: Text) -> tuple[Item, ...]:
    easy, hard = Difficulty.EASY, Difficulty.HARD
    aim = found(text, "完善整改制度机制，夯实整改责任，加强成果运用，实现以巡促改、以巡促建、以巡促治。")
    known = found(text, "巡视发现问题的目的是解决问题，发现问题不解决，比不巡视的效果还坏。")
    units = "经市委批准，本轮巡视将对4个单位开展常规巡视"
    parts = tuple(found(text, words) for words in ("以巡促改", "以巡促建", "以巡促治"))
    points = tuple(p.quotes[0] for p in _points(text))
    other = (points[1], points[0], points[2])
    blanks = aim.text.replace("夯实", BLANK).replace("加强", BLANK)
    return (
        Item("a", ItemKind.FILL, easy, blanks, ("夯实", "加强"), aim),
        Item("b", ItemKind.SINGLE, easy, f"{units.replace('4', BLANK)}。", ("B",), found(text, units), ("3", "4", "5")),
        Item("c", ItemKind.MULTIPLE, hard, "要实现什么？", ("A", "B", "C"), aim, (*_words(parts), "以巡促学"), parts),
        Item("d", ItemKind.JUDGE, easy, known.text, (RIGHT,), known),
        Item("e", ItemKind.JUDGE, easy, "……比不巡视的效果还好。", (WRONG,), known, note="原文是“还坏”"),
        Item("f", ItemKind.ORDER, hard, "按讲话的顺序排列。", ("B", "A", "C"), points[0], _words(other), other),
        Item("g", ItemKind.SHORT, hard, "“第一”讲了哪几层？", _words(points), points[0], (), points[1:]),
        Item("h", ItemKind.DISCUSS, hard, "=怎样用好巡视成果？", (aim.text,), aim),
    )


def _words(quotes: tuple[Quote, ...]) -> tuple[str, ...]:
    return tuple(quote.text for quote in quotes)


def _cards(text: Text) -> tuple[Card, ...]:
    parallel = found(text, "以巡促改、以巡促建、以巡促治")
    known = found(text, "反馈问题要一针见血、明确具体，对巡视移交的问题线索要及时处置。")
    return (
        Card("=“以巡促改”后面是什么？", parallel.text, (parallel,)),
        Card("反馈问题有什么要求？<b>", known.text, (known,)),
        Card("-问题线索怎么办？", known.text, (known,)),
    )


def _plan(text: Text) -> tuple[Step, ...]:
    reading = Reading(text.record.id, text.record.title, "第一", 3, 4, 900)
    return (
        Step("导入", 0, 10, "说明目的"),
        Step("精读", 10, 50, "分段阅读", (reading,)),
        Step("讨论", 60, 20, "分组讨论", items=("h",)),
        Step("测验", 80, 10, "做题", items=("a", "b")),
    )
