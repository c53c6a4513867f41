"""The catalogue beside the corpus: title, date, issuer and validity of each document, and questions to begin with.

`corpus/catalog.toml` is written by staff, often with Notepad, so UTF-8 (with or without BOM)
and GB18030 are accepted. What is wrong in it is said with its line and the mend. Which files
exist is not known here: `paths` lets the caller warn of entries without a file.
"""

import datetime
import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from assistant.base.errors import SettingsError
from assistant.language.question import QUESTION_LIMIT

CATALOG_NAME = "catalog.toml"
EXAMPLES = "examples"
KEYS = ("file", "title", "date", "issuer", "validity", "replaced_by")
VALIDITIES = ("现行有效", "已修改", "已废止", "尚未生效")
SYNONYMS = {
    "现行有效": ("现行", "有效", "生效", "已生效"),
    "已修改": ("修改", "修订", "已修订", "已被修改", "已被修订"),
    "已废止": ("废止", "失效", "已失效", "已被废止"),
    "尚未生效": ("未生效", "待生效", "尚未施行", "未施行"),
}
_CANONICAL = {word: name for name in VALIDITIES for word in (name, *SYNONYMS[name])}
_DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?")
HEADER = re.compile(r"[ \t]*\[\[[ \t]*document[ \t]*\]\]")


@dataclass(frozen=True)
class CatalogEntry:
    """What staff say of one document; `date` is ISO: yyyy-mm-dd, yyyy-mm or yyyy.

    `replaced_by` is the path of the document that holds in its place; whether it exists is not known here.
    """

    title: str | None = None
    date: str | None = None
    issuer: str | None = None
    validity: str | None = None
    replaced_by: str | None = None


NO_ENTRY = CatalogEntry()


@dataclass(frozen=True)
class Catalog:
    """The entries of `catalog.toml` by path, in the order in which they are written.

    `examples`: questions that the first page offers.
    """

    entries: dict[str, CatalogEntry] = field(default_factory=dict)
    examples: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths, relative to the corpus folder, that have an entry."""
        return tuple(self.entries)

    def without_successor(self, present: Collection[str]) -> dict[str, str]:
        """Return what is written for `replaced_by` of documents where no such file is among `present`, by path."""
        written = {path: entry.replaced_by for path, entry in self.entries.items() if path in present}
        return {path: later for path, later in written.items() if later and later not in present}

    def entry_for(self, path: str) -> CatalogEntry:
        """Return the entry of the file at `path` (relative to the corpus), or an empty one."""
        return self.entries.get(_plain(path), NO_ENTRY)


def load_catalog(corpus: Path) -> Catalog:
    """Read `corpus`/catalog.toml; a missing file gives an empty catalogue.

    Raises SettingsError with the line and the mend for broken TOML, unknown keys, values of a
    wrong type, dates that do not exist, two entries for one file, and documents that replace each other.
    """
    return parse_catalog(catalog_text(corpus))


def catalog_text(corpus: Path) -> str:
    """Return what `corpus`/catalog.toml says, "" where there is none; raises `SettingsError`."""
    try:
        return _decode((corpus / CATALOG_NAME).read_bytes())
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise SettingsError(f"{CATALOG_NAME} 打不开（{error.strerror}），请检查文件的读取权限。") from error


def parse_catalog(text: str) -> Catalog:
    """Return the catalogue that `text` is; raises as `load_catalog` does."""
    entries: dict[str, CatalogEntry] = {}
    places: dict[str, int] = {}
    lines = tuple(re.split(r"\r\n|\r|\n", text))
    content = _parse(text.replace("\r\n", "\n").replace("\r", "\n"))
    examples = _examples(content, _Lines(lines, 0, len(lines)))
    for table, at in _tables(content, lines):
        path = _path(table, at)
        if path in entries:
            raise _wrong(at.of("file"), f"“{path}”写了两次", "请只保留一处")
        entries[path] = _entry(table, at)
        places[path] = at.of("replaced_by")
    _check_successors(entries, places)
    return Catalog(entries, examples)


def _check_successors(entries: Mapping[str, CatalogEntry], lines: Mapping[str, int]) -> None:
    for path in entries:
        later, at = {path}, entries[path].replaced_by
        while at is not None and at != path and at not in later:
            later.add(at)
            at = entries.get(at, NO_ENTRY).replaced_by
        if at == path:
            what = "代替它的是它自己" if len(later) == 1 else f"“{path}”与代替它的文件互相代替"
            raise _wrong(lines[path], what, "请写上现在有效的那份文件")


@dataclass(frozen=True)
class _Lines:
    """Where one `[[document]]` table stands, so that an error can name the line."""

    text: tuple[str, ...]
    start: int
    end: int

    def of(self, key: str) -> int:
        """Return the number (from 1) of the line that sets `key`, or of the table's header."""
        written = re.compile(rf"""[ \t]*["']?{re.escape(key)}["']?[ \t]*[=.]""")
        hits = (n for n in range(self.start, self.end) if written.match(self.text[n]))
        return next(hits, self.start) + 1


def _wrong(line: int, what: str, mend: str) -> SettingsError:
    return SettingsError(f"{CATALOG_NAME} 第 {line} 行：{what}，{mend}。")


def _plain(path: str) -> str:
    path = unicodedata.normalize("NFC", path.strip()).replace("\\", "/")
    return re.sub(r"^(\./+)+", "", re.sub(r"//+", "/", path))


def _decode(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SettingsError(f"{CATALOG_NAME} 的编码无法识别，请用记事本打开，另存时编码选 UTF-8。")


def _examples(content: dict[str, Any], lines: _Lines) -> tuple[str, ...]:
    written = content.get(EXAMPLES, [])
    if not isinstance(written, list) or not all(isinstance(text, str) for text in written):
        raise _wrong(
            lines.of(EXAMPLES), f"{EXAMPLES} 应为一组问题", f'请写成 {EXAMPLES} = ["第一个问题", "第二个问题"]'
        )
    for text in written:
        if not text.strip() or len(text) > QUESTION_LIMIT:
            raise _wrong(lines.of(EXAMPLES), f"有一个问题是空的或超过 {QUESTION_LIMIT} 字", "请删去或缩短")
    return tuple(dict.fromkeys(" ".join(text.split()) for text in written))


def _tables(content: dict[str, Any], lines: tuple[str, ...]) -> Iterator[tuple[dict[str, Any], _Lines]]:
    whole = _Lines(lines, 0, len(lines))
    for key in content:
        if key not in ("document", EXAMPLES):
            raise _wrong(whole.of(key), f"不认识“{key}”", "每份文件请写在一个 [[document]] 下面")
    tables = content.get("document", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise _wrong(whole.of("document"), "document 的写法不对", "请写成 [[document]]（两层方括号），单独占一行")
    starts = [n for n, line in enumerate(lines) if HEADER.match(line)]
    if len(starts) != len(tables):  # an inline array: name the file as a whole
        starts = [0] * len(tables)
    ends = [*starts[1:], len(lines)][: len(tables)]
    for table, start, end in zip(tables, starts, ends, strict=True):
        yield table, _Lines(lines, start, end or len(lines))


def _parse(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        line = int(place.group(1)) if place else text.count("\n") + 1
        raise _wrong(line, "写法不对", _hint(text, line)) from error


def _hint(text: str, line: int) -> str:
    lines = text.split("\n")
    written = lines[line - 1] if line <= len(lines) else ""
    if re.match(r"\s*[^\x00-\x7f＝]+\s*=", written):
        return f"等号左边请只用 {'、'.join(KEYS)}"
    if re.match(r"\s*date\s*=\s*\d", written):
        return '日期请加英文引号，如 date = "2024-05"'
    if re.search("[＂＝［］]|=\\s*[“‘]", written):
        return "引号、等号和方括号请用英文半角"
    if "\\" in written:
        return "文件夹之间请用 / 分隔"
    if re.match(r"\s*\[document\]", written):
        return "请写成 [[document]]（两层方括号）"
    return '请按 名称 = "内容" 的形式书写，引号成对，同一名称只写一次'


def _path(table: dict[str, Any], lines: _Lines) -> str:
    for key in table:
        if key == EXAMPLES:
            raise _wrong(lines.of(key), f"{EXAMPLES} 不属于哪一份文件", "请移到第一个 [[document]] 之前")
        if key not in KEYS:
            nearest = get_close_matches(key.lower(), KEYS, n=1, cutoff=0.5)
            mend = f"是否应为“{nearest[0]}”？请改正" if nearest else f"请只用 {'、'.join(KEYS)}"
            raise _wrong(lines.of(key), f"不认识“{key}”", mend)
    path = _relative(table, "file", lines)
    if not path:
        raise _wrong(lines.of("file"), "没有写 file", '请写上文件的相对路径，如 file = "讲话.txt"')
    return path


def _relative(table: dict[str, Any], key: str, lines: _Lines) -> str:
    path = _plain(_string(table, key, lines) or "")
    if path.startswith("/") or re.match(r"[A-Za-z]:", path) or ".." in path.split("/"):
        raise _wrong(lines.of(key), f"“{path}”不在语料文件夹内", "请写相对于语料文件夹的路径")
    return path


def _string(table: dict[str, Any], key: str, lines: _Lines) -> str | None:
    value = table.get(key)
    if value is not None and not isinstance(value, str):
        raise _wrong(lines.of(key), f"{key} 应为文字", f'请加上英文引号，如 {key} = "…"')
    return " ".join(value.split()) or None if value and key not in ("file", "replaced_by") else value


def _entry(table: dict[str, Any], lines: _Lines) -> CatalogEntry:
    return CatalogEntry(
        title=_string(table, "title", lines),
        date=_date(table, lines),
        issuer=_string(table, "issuer", lines),
        validity=_validity(table, lines),
        replaced_by=_relative(table, "replaced_by", lines) or None,
    )


def _date(table: dict[str, Any], lines: _Lines) -> str | None:
    value = table.get("date")
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None or value == "":
        return None
    iso = _iso(value) if isinstance(value, str) else None
    if iso is None:
        raise _wrong(lines.of("date"), f"date 的日期“{value}”不对", '请写成如 "2024-05-01"、"2024-05" 或 "2024"')
    return iso


def _iso(written: str) -> str | None:
    match = _DATE.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", written)))
    if not match:
        return None
    numbers = [int(part) for part in match.groups() if part]
    try:
        datetime.date(*(numbers + [1, 1])[:3])
    except ValueError:
        return None
    return "-".join([f"{numbers[0]:04d}", *(f"{n:02d}" for n in numbers[1:])])


def _validity(table: dict[str, Any], lines: _Lines) -> str | None:
    written = _string(table, "validity", lines)
    if written is None:
        return None
    if written not in _CANONICAL:
        raise _wrong(lines.of("validity"), f"validity 的“{written}”不认识", f"请写 {'、'.join(VALIDITIES)} 之一")
    return _CANONICAL[written]
