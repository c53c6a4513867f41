"""A pack as files to hand out: which formats there are, and one of them made."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import NamedTuple

from assistant.base.errors import ReadingError, SettingsError
from assistant.base.files.filenames import safe_name
from assistant.base.permalinks import permalink
from assistant.study.pack import Pack, Quote

TITLE_CHARACTERS = 50
NAMELESS = "学习材料"
NO_CARDS = "这份学习材料里没有卡片，导不出卡片文件：请多选几份文件或换一个主题，重新生成。"
NO_OUTLINE = "这份学习材料里没有提纲，画不出思维导图：请多选几份文件或换一个主题，重新生成。"


@dataclass(frozen=True)
class Format:
    """A kind of file: what it is, what is added to the pack's title, its ending and type, and who makes it."""

    what: str
    mark: str
    ending: str
    media_type: str
    make: Callable[[Pack, str], bytes]


class Exported(NamedTuple):
    """A file to hand out."""

    data: bytes
    name: str
    media_type: str


def export(pack: Pack, name: str, address: str = "") -> Exported:
    """Return `pack` in the format `name` of `FORMATS`.

    `address`: where the page is, for links into it (http://…, "" for links that only the page itself can open).
    Raises `SettingsError` for a format that is none and where the pack has nothing for it.
    """
    found = FORMATS.get(name)
    if found is None:
        raise SettingsError(f"没有“{name}”这种导出格式：请从 {'、'.join(FORMATS)} 里选。")
    return Exported(found.make(pack, address), file_name(pack, found), found.media_type)


def file_name(pack: Pack, found: Format) -> str:
    """Return a name for the file that every system takes."""
    behind = f"{' ' if found.mark else ''}{found.mark}.{found.ending}"
    try:
        return safe_name(re.sub(r"[/\\]", "_", pack.title)[:TITLE_CHARACTERS]) + behind
    except ReadingError:
        return NAMELESS + behind


def _lazily(module: str, function: str, **options: object) -> Callable[[Pack, str], bytes]:
    """Return what makes a file with `function` of a module below, imported when it is needed."""

    def make(pack: Pack, address: str) -> bytes:
        made = getattr(import_module(f"assistant.study.export.{module}"), function)(pack, **options)
        return made.encode("utf-8", "replace") if isinstance(made, str) else made

    return make


def _cards(module: str, function: str) -> Callable[[Pack, str], bytes]:
    """Return what makes a file of cards, of a pack that has some."""
    make_any = _lazily(module, function)

    def make(pack: Pack, address: str) -> bytes:
        if not pack.cards:
            raise SettingsError(NO_CARDS)
        return make_any(pack, address)

    return make


def _json(pack: Pack, address: str) -> bytes:
    import json

    return (json.dumps(pack.as_json(), ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _mindmap(pack: Pack, address: str) -> bytes:
    from assistant.study.export.mindmap import mindmap

    if not pack.outlines:
        raise SettingsError(NO_OUTLINE)

    def link(quote: Quote) -> str:
        return address + permalink(quote.document_id, quote.start, quote.end, quote.text)

    return mindmap(pack.outlines, link).encode("utf-8", "replace")


_OFFICE = "application/vnd.openxmlformats-officedocument"
_WORD = f"{_OFFICE}.wordprocessingml.document"
FORMATS = {
    "docx": Format("Word 文件（含答案）", "", "docx", _WORD, _lazily("word", "as_docx")),
    "docx-paper": Format("Word 试卷（不含答案）", "试卷", "docx", _WORD, _lazily("word", "as_docx", with_key=False)),
    "pptx": Format("幻灯片", "", "pptx", f"{_OFFICE}.presentationml.presentation", _lazily("slides.pptx", "as_pptx")),
    "pdf": Format("PDF 文件", "", "pdf", "application/pdf", _lazily("pdf.document", "as_pdf")),
    "md": Format("Markdown 文本", "", "md", "text/markdown; charset=utf-8", _lazily("blocks", "as_markdown")),
    "xlsx": Format("题库表格", "题库", "xlsx", f"{_OFFICE}.spreadsheetml.sheet", _lazily("bank", "as_workbook")),
    "apkg": Format("Anki 卡片", "卡片", "apkg", "application/octet-stream", _cards("flashcards", "as_apkg")),
    "csv": Format("卡片表格", "卡片", "csv", "text/csv; charset=utf-8", _cards("flashcards", "as_csv")),
    "json": Format("数据（JSON）", "", "json", "application/json", _json),
    "svg": Format("思维导图", "思维导图", "svg", "image/svg+xml", _mindmap),
}
