"""Exported files read back, and packs to export: quotes cut from texts at their offsets."""

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from assistant.study.pack import (
    Brief,
    Card,
    Difficulty,
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
    Remark,
    RemarkKind,
    Step,
)
from support.paths import ROOT

SPEECH = next((ROOT / "corpus").glob("*.txt")).read_text("utf-8")
TITLE = "市委巡视动员部署会讲话"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PAGE_NUMBER = re.compile(r"^\s*— \d+ —\s*$", re.M)


def words_in(data: bytes, kind: str) -> str:
    """Return the words of an exported .docx, .pptx (with its notes) or .pdf, without blanks and line ends.

    Page numbers are left out, for what runs on to the next page is one sentence.
    """
    read = {"docx": _docx_words, "pptx": _pptx_words, "pdf": _pdf_words}[kind]
    return bare(read(data))


def bare(text: str) -> str:
    """Return `text` without blanks and line ends."""
    return "".join(text.split())


def quotes_in(value: Any) -> Iterator[Quote]:
    """Yield every quote of a pack or a part of one."""
    if isinstance(value, Quote):
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from quotes_in(one)
    elif is_dataclass(value):
        for part in fields(value):
            yield from quotes_in(getattr(value, part.name))


def xml_part(data: bytes, name: str) -> ElementTree.Element:
    """Return a part of a .docx or .pptx."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return ElementTree.fromstring(file.read(name))


def _docx_words(data: bytes) -> str:
    from docx import Document

    Document(io.BytesIO(data))  # opens
    parts = [xml_part(data, f"word/{name}.xml") for name in ("document", "footnotes")]
    return "\n".join("".join(t.text or "" for t in p.iter(f"{_W}t")) for part in parts for p in part.iter(f"{_W}p"))


def _pptx_words(data: bytes) -> str:
    from pptx import Presentation

    said = []
    for slide in Presentation(io.BytesIO(data)).slides:
        said += [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        said += [cell.text for s in slide.shapes if s.has_table for row in s.table.rows for cell in row.cells]
        said.append(slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else "")
    return "\n".join(said)


def _pdf_words(data: bytes) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(data) as file:
        return "\n".join(_PAGE_NUMBER.sub("", page.get_textpage().get_text_range()) for page in file)


class Source:
    """A document in a test: quotes are cut from its text."""

    def __init__(self, identity: str, title: str, text: str, date: str | None = None) -> None:
        self.id, self.title, self.text, self.date = identity, title, text, date

    def quote(self, words: str, section: str = "", after: int = 0) -> Quote:
        """Return the place of `words`, which must stand in the text."""
        start = self.text.index(words, after)
        paragraph = sum(bool(line.strip()) for line in self.text[:start].split("\n")[:-1]) + 1
        return Quote(self.id, self.title, section, paragraph, start, start + len(words), words)

    def every(self, words: str) -> tuple[Quote, ...]:
        """Return all places of `words`."""
        starts = [found.start() for found in re.finditer(re.escape(words), self.text)]
        return tuple(self.quote(words, after=start) for start in starts)

    @property
    def line(self) -> DocumentLine:
        count = sum(bool(line.strip()) for line in self.text.split("\n"))
        return DocumentLine(self.id, self.title, self.date, None, None, count, len(self.text))


def large_pack(count: int) -> Pack:
    """Return the pack of the speech with `count` times its questions, outline and formulations."""
    pack = speech_pack()
    items = tuple(replace(item, id=f"{item.id}-{turn}") for turn in range(count) for item in pack.items)
    outlines, formulations = pack.outlines * count, pack.formulations * count
    return replace(pack, items=items, outlines=outlines, formulations=formulations)


def hostile_pack() -> Pack:
    """Return a pack whose words would like to be markup, with control characters and half a surrogate."""
    words = "<b>粗</b>&amp;</a:t></w:t><script>\x00\x0b\u202e\ud800𠮷𬱖]]>{{x}}%s"
    source = Source("evil", "标题<&>\x01", f"{words}。")
    quote = source.quote(words, "第一<")
    item = Item("1", ItemKind.SINGLE, Difficulty.EASY, words, ("A",), quote, (words, "乙"), note=words)
    return Pack(
        title=words,
        brief=Brief(audience=words, topic=words),
        documents=(source.line,),
        outlines=(DocumentOutline("evil", words, None, (Point(words, (quote,)),)),),
        formulations=(Formulation(words, FormulationKind.QUOTED, (quote,), quote, (quote,)),),
        remarks=(Remark(RemarkKind.UNPAIRED, words, (quote,)),),
        items=(item,),
        plan=(Step(words, 0, 10, words),),
        notes=(words,),
    )


def long_pack() -> Pack:
    """Return a pack of points far too long for a line, without punctuation and with, and in English."""
    texts = ("一" * 1500 + "。", SPEECH.split("\n")[4], "Every unit shall carry out rectification in time. " * 40)
    sources = [Source(str(n), f"长文{n}" * 30, text) for n, text in enumerate(texts)]
    points = [Point("第一" if n else "", (s.quote(s.text.strip()),)) for n, s in enumerate(sources)]
    whole = Point("第二", points[1].quotes, tuple(points))
    outlines = tuple(DocumentOutline(s.id, s.title, None, (p, whole)) for s, p in zip(sources, points, strict=True))
    title = "关于" + "进一步" * 60 + "的学习材料"
    return Pack(title, Brief(), tuple(s.line for s in sources), outlines, tuple(points))


def thin_pack() -> Pack:
    """Return a pack with nothing in it but its title."""
    return Pack("空", Brief(), ())


def made_pdf(data: bytes, kind: str, folder: Path) -> bytes:
    """Return a .docx or .pptx as LibreOffice prints it; skips where it is not installed."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    file = folder / f"made.{kind}"
    file.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return file.with_suffix(".pdf").read_bytes()


def pages_of(data: bytes) -> list[tuple[str, float]]:
    """Return of each page of a PDF its words and the share of it that is printed on."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as file:
        pages = [(page.get_textpage().get_text_range(), page.render(scale=0.5).to_numpy()) for page in file]
    return [(words, float((picture.min(axis=2) < 200).mean())) for words, picture in pages]


def speech_pack() -> Pack:
    """Return a pack over the bundled speech and a notice that explains some of it, with parts of every kind."""
    speech = Source("speech", TITLE, SPEECH, "2023-10-08")
    notice = Source("notice", "关于做好巡视工作的通知", NOTICE, "2022-03-01")
    return Pack(
        title="《市委巡视动员部署会讲话》学习材料",
        brief=Brief(audience="巡察干部", minutes=90),
        documents=(speech.line, notice.line),
        outlines=(
            DocumentOutline(speech.id, speech.title, speech.date, _points(speech)),
            DocumentOutline(notice.id, notice.title, notice.date, (_point(notice, "", "各单位要做好整改。"),)),
        ),
        summary=tuple(Point(p.label, p.quotes) for p in _points(speech)),
        formulations=_formulations(speech, notice),
        remarks=_remarks(speech),
        items=_items(speech),
        cards=(Card("四个聚焦", "紧扣“四个聚焦”", (speech.quote("紧扣“四个聚焦”"),)),),
        plan=_plan(speech),
        notes=("排序题只有1道：文件中成序列的要点不够。",),
    )


NOTICE = "“四个聚焦”是指：聚焦基层，聚焦重点。\n各单位要做好整改。"


def _point(source: Source, label: str, *words: str, children: tuple[Point, ...] = ()) -> Point:
    return Point(label, tuple(source.quote(w, label) for w in words), children)


def _points(speech: Source) -> tuple[Point, ...]:
    below = (
        _point(speech, "首先", "首先要看党的二十大精神的学习贯彻落实情况，", "通过工作谋划看政治站位高不高。"),
        _point(speech, "其次", "其次，坚持全心全意为人民服务是党的宗旨。"),
        _point(speech, "最后", "最后，贯彻落实中央和省委、市委重大决策部署，"),
    )
    further = (
        _point(speech, "", "要督促被巡查党组，充分用好巡视成果，强化整改落实和成果运用，"),
        _point(speech, "", "反馈问题要一针见血、明确具体，对巡视移交的问题线索要及时处置。"),
    )
    return (
        _point(speech, "引言", "要突出重点，紧扣“四个聚焦”，把政治体检贯穿工作全过程、各方面。"),
        _point(speech, "第一", "第一，始终聚焦“两个维护”，把准政治巡视的定位和方向，", children=below),
        _point(speech, "第二", "第二，紧扣巡视重点任务，守正创新、精准监督，", children=further),
        _point(speech, "第三", "第三，带头发扬自我革命精神，牢记打铁必须自身硬，", "锻造忠诚干净担当的巡视铁军。"),
    )


def _formulations(speech: Source, notice: Source) -> tuple[Formulation, ...]:
    explained = notice.quote("“四个聚焦”是指：聚焦基层，聚焦重点。")
    parallel = "以巡促改、以巡促建、以巡促治"
    members = tuple(speech.quote(w) for w in parallel.split("、"))
    return (
        Formulation("两个维护", FormulationKind.NUMBERED, speech.every("两个维护")),
        Formulation("四个聚焦", FormulationKind.QUOTED, speech.every("四个聚焦") + notice.every("四个聚焦"), explained),
        Formulation(parallel, FormulationKind.PARALLEL, speech.every(parallel), None, members),
        Formulation("标本兼治", FormulationKind.PHRASE, speech.every("标本兼治")),
    )


def _remarks(speech: Source) -> tuple[Remark, ...]:
    variants = (speech.quote("被巡视党组织"), speech.quote("被巡察党组织"), speech.quote("被巡查党组"))
    return (
        Remark(RemarkKind.DOUBLED, "“要要”疑多一字，原文如此", (speech.quote("各巡视组要要提高政治站位"),)),
        Remark(RemarkKind.VARIANT, "巡视、巡察、巡查三种写法，原文如此", variants),
    )


def _items(speech: Source) -> tuple[Item, ...]:
    whole = "要突出重点，紧扣“四个聚焦”，把政治体检贯穿工作全过程、各方面。"
    fill, source = speech.quote(whole, "引言"), speech.quote("经市委批准，本轮巡视将对4个单位开展常规巡视，", "引言")
    orders = [speech.quote(words) for words in ("首先要看党的", "其次，坚持", "最后，贯彻落实")]
    marks = [speech.quote("强化整改落实和成果运用"), speech.quote("切实发挥巡视标本兼治作用")]
    long = speech.quote("发现问题是巡视巡察工作的生命线，推动解决问题是巡视巡察工作的落脚点。", "第三")
    steps = ("首先", "最后", "其次")
    easy, hard = Difficulty.EASY, Difficulty.HARD
    return (
        Item("f1", ItemKind.FILL, easy, whole.replace("四个聚焦", "____"), ("四个聚焦",), fill),
        Item("s1", ItemKind.SINGLE, easy, "本轮巡视将对几个单位开展常规巡视？", ("B",), source, ("3", "4", "5", "6")),
        Item(
            "m1",
            ItemKind.MULTIPLE,
            hard,
            "下列哪些是讲话对巡视成果的要求？",
            ("A", "C"),
            marks[0],
            (marks[0].text, "压缩整改时限", marks[1].text, "一次整改到位"),
            (marks[1],),
        ),
        Item(
            "j1",
            ItemKind.JUDGE,
            easy,
            "经市委批准，本轮巡视将对5个单位开展常规巡视，",
            ("错",),
            source,
            note="原文是“4个单位”。",
        ),
        Item(
            "o1",
            ItemKind.ORDER,
            hard,
            "把下列要点按讲话中的顺序排列。",
            ("A", "C", "B"),
            orders[0],
            steps,
            tuple(orders[1:]),
        ),
        Item(
            "q1",
            ItemKind.SHORT,
            hard,
            "讲话对用好巡视成果提出了哪些要求？",
            tuple(q.text for q in marks),
            marks[0],
            (),
            (marks[1],),
        ),
        Item("d1", ItemKind.DISCUSS, hard, f"结合本单位实际，谈谈对下面这句话的认识：“{long.text}”", (), long),
    )


def _plan(speech: Source) -> tuple[Step, ...]:
    read = Reading(speech.id, speech.title, "第一", 3, 4, 1415)
    return (
        Step("导入", 0, 10, "介绍文件背景和学习目的"),
        Step("精读", 10, 45, "逐段阅读，对照提纲", (read,)),
        Step("讨论", 55, 15, "讨论第7题", (), ("d1",)),
        Step("测验", 70, 20, "完成测试题", (), ("f1", "s1")),
    )
