"""Tables that people send and take away: rows of an .xlsx or .csv file, and workbooks made of rows.

What comes in is taken apart only after its size, its kind and what it unpacks to are checked. What
goes out holds text and numbers alone: a cell that a spreadsheet would calculate is kept as text.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from assistant.base.errors import ReadingError
from assistant.base.files.filenames import true_kind
from assistant.base.text import drop_controls

SIZE_LIMIT = 2_000_000
UNPACKED_LIMIT = 30_000_000
PARTS_LIMIT = 500
ROWS_LIMIT = 2_000
COLUMNS_LIMIT = 50
CELL_LIMIT = 5_000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
WIDEST = 60

SAVE_AGAIN = "请用 Excel 或 WPS 打开，另存为 .xlsx 或 .csv 后再上传。"
_DAMAGED = f"表格文件已损坏：{SAVE_AGAIN}"
_MACROS = "表格里带有宏，不能上传：请另存为不带宏的 .xlsx。"
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, LookupError, ValueError, TypeError, AttributeError, RuntimeError, OSError,
    SyntaxError,  # the family of lxml's errors of XML syntax
)  # fmt: skip
_OTHER_KINDS = {
    ".xls": f"旧格式 .xls 读不了：{SAVE_AGAIN}",
    ".et": f"WPS 的 .et 读不了：{SAVE_AGAIN}",
    ".ods": f".ods 读不了：{SAVE_AGAIN}",
}


@dataclass(frozen=True)
class Row:
    """A row that holds something: its line in the file, from 1, and its cells as text, down to the last not empty."""

    line: int
    cells: tuple[str, ...]


def read_rows(name: str, data: bytes) -> list[Row]:
    """Return the rows of the table `name`, of an .xlsx those of its first sheet; raises `ReadingError`.

    A .csv is UTF-8, with or without a mark, or GB18030.
    """
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    if len(data) > SIZE_LIMIT:
        raise ReadingError(f"表格文件超过 {SIZE_LIMIT // 1_000_000} MB：请分成几个文件上传。")
    kind = true_kind(data)
    if suffix == ".xlsm":
        raise ReadingError(_MACROS)
    if suffix not in (".xlsx", ".csv"):
        raise ReadingError(_OTHER_KINDS.get(suffix, f"{suffix or '没有后缀的'} 文件不是表格：请上传 .xlsx 或 .csv。"))
    if kind == "encrypted":
        raise ReadingError("表格加了密码，打不开：请去掉密码后再上传。")
    if (kind == ".xlsx") != (suffix == ".xlsx") or (suffix == ".csv" and kind is not None):
        raise ReadingError(f"文件内容不是 {suffix}，与它的名称不符：{SAVE_AGAIN}")
    return _rows(_of_workbook(data) if suffix == ".xlsx" else _of_csv(data))


def write_workbook(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """Return an .xlsx of these sheets, each rows of text and numbers, the first row its headings."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        _fill(book.create_sheet(title), rows)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _rows(values: Iterator[tuple[int, Sequence[Any]]]) -> list[Row]:
    found = []
    for line, row in values:
        if line > ROWS_LIMIT:
            raise ReadingError(f"表格超过 {ROWS_LIMIT} 行：请分成几个文件上传。")
        cells = [_text(line, value) for value in row[:COLUMNS_LIMIT]]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            found.append(Row(line, tuple(cells)))
    return found


def _text(line: int, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime | date):
        value = value.strftime("%Y-%m-%d")
    text = drop_controls(str(value).replace("_x000D_", "")).strip()
    if len(text) > CELL_LIMIT:
        raise ReadingError(f"第 {line} 行有一格超过 {CELL_LIMIT} 字：请缩短后再上传。")
    return text


def _of_csv(data: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    text = _decoded(data)
    first = text.partition("\n")[0]
    delimiter = max(",\t;，", key=first.count)
    reader = csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline=""), delimiter=delimiter)
    line = 0
    try:
        for row in reader:
            line += 1
            yield line, row
    except csv.Error:
        raise ReadingError(f"第 {line + 1} 行读不出：请检查引号是否成对，或改存为 .xlsx。") from None


def _decoded(data: bytes) -> str:
    if b"\0" not in data:
        for codec in ("utf-8-sig", "gb18030"):
            try:
                return data.decode(codec)
            except UnicodeDecodeError:
                continue
    raise ReadingError("文字编码认不出来：请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。")


def _of_workbook(data: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    """Yield the rows of the first sheet; values are those calculated last."""
    from openpyxl import load_workbook

    try:
        _check(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        if not book.worksheets:
            raise ReadingError(_DAMAGED)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size is not to be trusted
        rows = sheet.iter_rows(max_row=ROWS_LIMIT + 1, max_col=COLUMNS_LIMIT, values_only=True)
        yield from enumerate(rows, 1)
    except _BROKEN as error:
        raise ReadingError(_DAMAGED) from error


def _check(data: bytes) -> None:
    """Raise `ReadingError` for a workbook that unpacks to too much, holds macros, or declares entities."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > PARTS_LIMIT or sum(part.file_size for part in parts) > UNPACKED_LIMIT:
            raise ReadingError("表格解压后大得不正常：请把问题复制到新的表格里再上传。")
        if any("vbaproject" in part.filename.lower() for part in parts):
            raise ReadingError(_MACROS)
        for part in parts:
            if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ReadingError(_DAMAGED)
            words = archive.read(part)
            plain = words.replace(b"\0", b"")  # what declares entities may be called anything, and be UTF-16
            is_wide = part.filename.lower().endswith((".xml", ".rels")) and plain != words
            if is_wide or b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
                raise ReadingError(_DAMAGED)


def _fill(sheet: Any, rows: Sequence[Sequence[object]]) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    widths: dict[int, int] = {}
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            _put(cell, value)
            cell.font = Font(bold=number == 1)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            longest = max(map(len, str(value).split("\n")))
            widths[column] = min(max(widths.get(column, 8), 2 * longest + 2), WIDEST)
    for column, width in widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"


def _put(cell: Any, value: object) -> None:
    """Write a value so that no spreadsheet calculates it: text is text, whatever it begins with."""
    if value is None or isinstance(value, int | float):
        cell.value = value
        return
    text = drop_controls(str(value)).encode("utf-8", "replace").decode("utf-8")[:32_000]
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(FORMULA_STARTS)
