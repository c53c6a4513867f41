import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from assistant.base.errors import ReadingError
from assistant.base.files import spreadsheets
from assistant.base.files.spreadsheets import Row, read_rows, write_workbook
from support.corpus import assert_one_line

ROWS = [Row(1, ("问题", "应回答")), Row(3, ("病假最多多少天？", "是")), Row(4, ("年终奖怎么发放？",))]
TEXT = "问题,应回答\n,\n病假最多多少天？,是\n年终奖怎么发放？,\n"


def workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(data: bytes, **changed: bytes) -> bytes:
    """Return an .xlsx with parts added or replaced; "__" in a name stands for "/", "_" before the suffix for "."."""
    stream = io.BytesIO()
    parts = {name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"): d for name, d in changed.items()}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.pop(name, old.read(name)))
        for name, added in parts.items():
            new.writestr(name, added)
    return stream.getvalue()


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv(codec: str, delimiter: str, end: str) -> None:
    assert read_rows("问题.CSV", TEXT.replace(",", delimiter).replace("\n", end).encode(codec)) == ROWS


def test_a_cell_of_several_lines_is_one_cell() -> None:
    assert read_rows("a.csv", '问题,原文\n甲,"一\n二，""三"""\n乙,\n'.encode()) == [
        Row(1, ("问题", "原文")),
        Row(2, ("甲", '一\n二，"三"')),
        Row(3, ("乙",)),
    ]


def test_xlsx() -> None:
    data = workbook([["问题", "应回答"], [], ["病假最多多少天？", True], ["年终奖怎么发放？", None]])
    assert read_rows("问题.xlsx", data) == ROWS


def test_numbers_and_dates_are_text() -> None:
    import datetime

    cells = [3, 3.0, 3.5, datetime.date(2024, 5, 1), False, " x "]
    assert read_rows("a.xlsx", workbook([cells])) == [Row(1, ("3", "3", "3.5", "2024-05-01", "否", "x"))]


def test_what_a_file_says_of_its_size_is_not_believed() -> None:
    data = workbook([["问题"], ["甲"]])
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    for said in (b'ref="A1:XFD1048576"', b'ref="A1"'):
        lying = sheet.replace(b'ref="A1:A2"', said)
        assert lying != sheet
        assert read_rows("a.xlsx", repacked(data, xl__worksheets__sheet1_xml=lying)) == [
            Row(1, ("问题",)),
            Row(2, ("甲",)),
        ]


XLSX = workbook([["问题"], ["甲"]])
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><sst>&a;</sst>'


def of_lzma(damaged: bool) -> bytes:
    """Return a workbook packed in a way of which no spreadsheet knows."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(XLSX)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    data = bytearray(stream.getvalue())
    at = data.index(b"[Content_Types].xml") + len("[Content_Types].xml")
    data[at + 12 : at + 40] = b"\xff" * 28 if damaged else data[at + 12 : at + 40]
    return bytes(data)


def named_otherwise(part: bytes) -> bytes:
    """Return a workbook whose first sheet is called s1.foo."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(XLSX)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            named = old.read(name).replace(b"worksheets/sheet1.xml", b"worksheets/s1.foo")
            is_sheet = name == "xl/worksheets/sheet1.xml"
            new.writestr("xl/worksheets/s1.foo" if is_sheet else name, part if is_sheet else named)
    return stream.getvalue()


SHEET = (
    '<?xml version="1.0" encoding="{}"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    '<c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row></sheetData></worksheet>'
)
GOOD_SHEET = SHEET.format("UTF-8").replace('<!DOCTYPE x [<!ENTITY a "aaaa">]>', "").replace("&a;", "问题").encode()


def test_a_sheet_may_have_another_name() -> None:
    assert read_rows("a.xlsx", named_otherwise(GOOD_SHEET)) == [Row(1, ("问题",))]


@pytest.mark.parametrize("codec", ["UTF-8", "UTF-16"])
def test_entities_are_refused_in_a_part_of_any_name(codec: str) -> None:
    with pytest.raises(ReadingError) as refused:
        read_rows("a.xlsx", named_otherwise(SHEET.format(codec).encode(codec)))
    assert str(refused.value) == f"表格文件已损坏：{spreadsheets.SAVE_AGAIN}"


@pytest.mark.parametrize("damaged", [False, True])
def test_parts_packed_in_an_unusual_way_are_refused(damaged: bool) -> None:
    with pytest.raises(ReadingError) as refused:
        read_rows("a.xlsx", of_lzma(damaged))
    assert str(refused.value) == f"表格文件已损坏：{spreadsheets.SAVE_AGAIN}"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xlsx", b"a,b", "不是 .xlsx"),
        ("a.xlsx", b"PK\x03\x04 broken", "不是 .xlsx"),
        ("a.xlsx", XLSX[: len(XLSX) // 2], "不是 .xlsx"),
        ("a.csv", XLSX, "不是 .csv"),
        ("a.csv", b"%PDF-1.4", "不是 .csv"),
        ("a.csv", b"\x89PNG\r\n\x1a\n", "不是 .csv"),
        ("a.csv", b"\xff\xfe\x00\x01", "编码"),
        ("a.csv", b"\x81\x20\xff\xff\xff", "编码"),
        ("a.csv", '问题\n"甲'.encode() + b"x" * 200_000, "第 2 行读不出"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls"),
        ("a.xlsm", XLSX, "宏"),
        ("a.xlsx", repacked(XLSX, xl__vbaProject_bin=b"x"), "宏"),
        ("a.xlsx", repacked(XLSX, xl__workbook_xml=b"<workbook"), "已损坏"),
        ("a.xlsx", repacked(XLSX, xl__sharedStrings_xml=ENTITY), "已损坏"),
        ("a.xlsx", repacked(XLSX, xl__styles_xml=ENTITY.decode().encode("utf-16")), "已损坏"),
        ("a.xlsx", repacked(XLSX, xl__bomb_xml=b" " * (spreadsheets.UNPACKED_LIMIT + 1)), "大得不正常"),
        ("a.xlsx", repacked(XLSX, **{f"xl__p{n}_xml": b"" for n in range(spreadsheets.PARTS_LIMIT)}), "大得不正常"),
        ("a.csv", b"x" * (spreadsheets.SIZE_LIMIT + 1), "超过 2 MB"),
        ("a.csv", ("甲\n" * (spreadsheets.ROWS_LIMIT + 1)).encode(), f"超过 {spreadsheets.ROWS_LIMIT} 行"),
        ("a.csv", ("甲" * (spreadsheets.CELL_LIMIT + 1)).encode(), "第 1 行有一格"),
        ("a.docx", b"x", "不是表格"),
        ("a", b"x", "不是表格"),
    ],
)
def test_what_is_no_table_is_refused_in_one_line(name: str, data: bytes, said: str) -> None:
    with pytest.raises(ReadingError, match=said.replace(".", r"\.")) as caught:
        read_rows(name, data)
    assert_one_line(caught.value)


def test_too_many_rows_of_a_workbook_are_refused() -> None:
    with pytest.raises(ReadingError, match="2000 行"):
        read_rows("a.xlsx", workbook([["甲"]] * (spreadsheets.ROWS_LIMIT + 1)))
    assert len(read_rows("a.xlsx", workbook([["甲"]] * spreadsheets.ROWS_LIMIT))) == spreadsheets.ROWS_LIMIT


def test_columns_beyond_the_limit_are_left_out() -> None:
    (row,) = read_rows("a.xlsx", workbook([list(range(1, 100))]))
    assert row.cells == tuple(str(n) for n in range(1, spreadsheets.COLUMNS_LIMIT + 1))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", "plain"])
def test_nothing_in_a_workbook_is_calculated(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(write_workbook({"表": [["甲", "乙"], [text, 3.5]]}))
    cell = load_workbook(file)["表"]["A2"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix is (text != "plain")
    with zipfile.ZipFile(file) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    assert load_workbook(file)["表"]["B2"].value == 3.5


def test_what_is_written_can_be_read() -> None:
    rows: list[list[object]] = [["问题", "原文"], ["甲\x00\ud800", "一\n二"], [None, "三"]]
    assert read_rows("a.xlsx", write_workbook({"表": rows, "二": [["x"]]})) == [
        Row(1, ("问题", "原文")),
        Row(2, ("甲?", "一\n二")),
        Row(3, ("", "三")),
    ]
