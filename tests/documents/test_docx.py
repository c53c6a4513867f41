"""Word documents as python-docx writes them, with what only Word itself would write added as XML."""

import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls

from assistant.documents import docx_numbering
from assistant.documents.docx import read_docx
from assistant.documents.formats import Heading
from support.docx_files import Word, numbering


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_docx_paragraphs_tables_and_headings_in_order() -> None:
    word = Word()
    word.document.add_heading("总  则", 1)
    word.add("　　第一段，全角空格保留。")
    word.add("  ")
    table = word.document.add_table(3, 2)
    for cell, text in zip(table._cells, ["姓名", "职务", "张三", "组长\n兼联络员", "", ""], strict=True):
        cell.text = text
    word.document.add_heading("关于开展巡视\n工作的通知", 2)
    word.add("末段\t完\n换行")
    document = read_docx(word.data())
    assert document.text == (
        "总  则\n　　第一段，全角空格保留。\n姓名 | 职务\n张三 | 组长 兼联络员\n关于开展巡视工作的通知\n末段\t完\n换行"
    )
    assert [(document.text[h.start : h.end], h.level) for h in document.headings] == [
        ("总  则", 1),
        ("关于开展巡视工作的通知", 2),
    ]
    assert (document.pages, document.warnings) == ((), ())


def test_docx_headings_by_chinese_style_name_and_outline_level() -> None:
    word = Word()
    styles = word.document.styles
    styles.add_style("标题 2", WD_STYLE_TYPE.PARAGRAPH)
    derived = styles.add_style("公文小标题", WD_STYLE_TYPE.PARAGRAPH)
    derived.base_style = styles["Heading 3"]
    word.add("甲", "标题 2")
    word.add("乙", "公文小标题")
    word.add("丙", properties='<w:outlineLvl w:val="0"/>')
    word.add("丁", "Heading 1", properties='<w:outlineLvl w:val="9"/>')
    assert read_docx(word.data()).headings == (Heading(0, 1, 2), Heading(2, 3, 3), Heading(4, 5, 1))


def test_docx_row_of_one_cell_is_a_frame() -> None:
    word = Word()
    cell = word.document.add_table(1, 1).cell(0, 0)
    cell.text = "第一段"
    cell.add_paragraph("第二段")
    assert word.lines() == ["第一段", "第二段"]


def test_docx_tables_inside_tables_and_merged_cells() -> None:
    word = Word()
    table = word.document.add_table(2, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "合并"
    inner = table.cell(1, 0).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "内一", "内二"
    table.cell(1, 2).text = "丙"
    assert word.lines() == ["合并 | ", "内一 | 内二 |  | 丙"]


def test_docx_tracked_changes() -> None:
    word = Word()
    word.add(
        xml=run("原文")
        + f'<w:ins w:id="1">{run("加入")}</w:ins>'
        + '<w:del w:id="2"><w:r><w:delText>删去</w:delText></w:r></w:del>'
        + f'<w:moveFrom w:id="3">{run("移走")}</w:moveFrom><w:moveTo w:id="4">{run("移来")}</w:moveTo>'
    )
    word.add("连", properties='<w:rPr><w:del w:id="5"/></w:rPr>')
    word.add("接")
    word.add(xml=f'<w:del w:id="6">{run("整段删去")}</w:del>', properties='<w:rPr><w:del w:id="7"/></w:rPr>')
    table = word.document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(1, 0).text = "删去的行", "留下的行"
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:del"))
    word.add("末尾", properties='<w:rPr><w:del w:id="8"/></w:rPr>')
    assert word.lines() == ["原文加入移来", "连接", "留下的行 | ", "末尾"]


def test_docx_fields_links_hidden_text_and_pinyin() -> None:
    word = Word()
    word.add(
        xml=f'<w:hyperlink w:anchor="a">{run("链接")}</w:hyperlink>'
        + "<w:r><w:instrText>PAGE</w:instrText></w:r>"
        + f'<w:fldSimple w:instr="DATE">{run("域值")}</w:fldSimple>'
        + run("隐藏", "<w:vanish/>")
        + run("显示", '<w:vanish w:val="0"/>')
        + f"<w:r><w:ruby><w:rt>{run('pin')}</w:rt><w:rubyBase>{run('拼')}</w:rubyBase></w:ruby></w:r>"
        + f"<w:sdt><w:sdtPr/><w:sdtContent>{run('控件')}</w:sdtContent></w:sdt>"
        + f"<w:smartTag>{run('标签')}</w:smartTag>"
    )
    body = word.document.element.body
    inner = f"<w:sdtContent><w:p>{run('整块控件')}</w:p></w:sdtContent>"
    body.insert(0, parse_xml(f"<w:sdt {nsdecls('w')}>{inner}</w:sdt>"))
    assert word.lines() == ["整块控件", "链接域值显示拼控件标签"]


def test_docx_what_is_left_out_is_said() -> None:
    word = Word()
    word.add("正文", xml='<w:r><w:footnoteReference w:id="1"/></w:r>')
    word.add(xml=f"<w:r><w:pict><w:txbxContent><w:p>{run('框内')}</w:p></w:txbxContent></w:pict></w:r>")
    word.document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
    word.add("第一章\t1", "toc 1")
    extract = read_docx(word.data())
    assert extract.text == "正文"
    assert extract.warnings == (
        "文本框里的文字没有收入，需要的话请把它移到正文里。",
        "脚注和尾注没有收入，需要的话请把它们移到正文里。",
        "自动目录没有收入，标题以正文为准。",
    )


def test_docx_automatic_numbers() -> None:
    word = Word()
    word.number(
        [
            ("chineseCountingThousand", "第%1章"),
            ("chineseCounting", "%2、"),
            ("chineseCounting", "（%3）"),
            ("decimal", "%4."),
            ("decimal", "%1.%4.%5"),
        ]
    )
    levels = {"总则": 0, "目的": 1, "范围": 1, "甲": 2, "乙": 2, "子": 3, "丑": 3, "细": 4, "附则": 0, "施行": 1}
    for text, level in levels.items():
        word.numbered(text, level)
    word.numbered("", 1)
    word.numbered("跳过空段", 1)
    assert word.lines() == [
        "第一章 总则", "一、目的", "二、范围", "（一）甲", "（二）乙", "1. 子", "2. 丑", "一.2.1 细",
        "第二章 附则", "一、施行", "三、跳过空段",
    ]  # fmt: skip


def test_docx_numbers_continue_and_restart() -> None:
    word = Word()
    word.number([("chineseCounting", "第%1条")])
    word.use(91, 90)
    word.use(92, 90, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>')
    for number in (90, 91, 92, 92, 0):
        word.numbered("内容", number=number)
    assert word.lines() == ["第一条 内容", "第二条 内容", "第五条 内容", "第六条 内容", "内容"]


def test_docx_numbers_of_a_style_and_bullets() -> None:
    word = Word()
    word.number([("decimal", "%1."), ("upperLetter", "%2)")])
    style = word.document.styles["Heading 1"]
    style.element.get_or_add_pPr().append(parse_xml(numbering(90, 0).replace("<w:numPr", f"<w:numPr {nsdecls('w')}")))
    word.document.add_heading("总则", 1)
    word.add("点", "List Bullet")
    word.numbered("小", 1)
    word.document.add_heading("附则", 1)
    extract = read_docx(word.data())
    assert extract.text == "1. 总则\n点\nA) 小\n2. 附则"
    assert [extract.text[h.start : h.end] for h in extract.headings] == ["1. 总则", "2. 附则"]


def test_docx_unknown_number_format_is_decimal_and_said() -> None:
    word = Word()
    word.number([("hebrew1", "%1.")])
    word.numbered("内容")
    extract = read_docx(word.data())
    assert extract.text == "1. 内容"
    assert extract.warnings == ("自动编号格式 hebrew1 已写成阿拉伯数字，请对照原件核对。",)


@pytest.mark.parametrize(
    ("kind", "count", "written"),
    [
        ("chineseCounting", 10, "十"), ("chineseCounting", 11, "十一"), ("chineseCounting", 20, "二十"),
        ("chineseCounting", 101, "一百零一"), ("chineseCounting", 110, "一百一十"),
        ("chineseCounting", 1010, "一千零一十"), ("ideographDigital", 10, "一〇"),
        ("decimalFullWidth", 12, "１２"), ("decimalEnclosedCircle", 20, "⑳"),
        ("decimalEnclosedCircle", 21, "21"), ("upperRoman", 1994, "MCMXCIV"), ("lowerLetter", 28, "bb"),
        ("ideographTraditional", 1, "甲"), ("decimalZero", 3, "03"),
    ],
)  # fmt: skip
def test_number_formats(kind: str, count: int, written: str) -> None:
    assert docx_numbering._FORMATS[kind](count) == written
