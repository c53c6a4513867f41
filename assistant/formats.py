"""What the readers of all formats share: the result, true kinds, Markdown's headings, joining lines.

Works on bytes and text in memory. Word documents are for `word`, PDF for `pdf`, the encodings of
text files for `encodings`; `reading` decides which of them a file goes to.
"""

import io
import re
import zipfile
from dataclasses import dataclass

from assistant.text import HAN

WIDE = re.compile(f"[{HAN}\u3000-\u303f\uff00-\uff60‘’“”…—·]")
_MARKS = (
    (b"%PDF-", ".pdf"),
    (b"{\\rtf", ".rtf"),
    (b"\x89PNG", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"Rar!", ".rar"),
    (b"7z\xbc\xaf", ".7z"),
)


@dataclass(frozen=True)
class Heading:
    """A line that is a heading: its offsets in the document's text and its level (1 is highest)."""

    start: int
    end: int
    level: int


@dataclass(frozen=True)
class Extract:
    """What a file holds: text, and where headings and pages are in it (`pages`: start offsets)."""

    text: str
    headings: tuple[Heading, ...] = ()
    pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


def true_kind(data: bytes) -> str | None:
    """Return what the first bytes say: .docx, .doc, .pdf, .rtf, .zip, .png, .jpg, "encrypted"; else None."""
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "encrypted" if "EncryptedPackage".encode("utf-16-le") in data else ".doc"
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_zip(data)
    start = data[:1024].lstrip()
    return next((kind for mark, kind in _MARKS if start.startswith(mark)), None)


def _kind_of_zip(data: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        return None
    for folder, kind in (("word/", ".docx"), ("xl/", ".xlsx"), ("ppt/", ".pptx")):
        if any(name.startswith(folder) for name in names):
            return kind
    return ".zip"


_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]|$)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")


def markdown_headings(text: str) -> tuple[Heading, ...]:
    """Return the `#` headings of `text` outside fenced code; offsets are of the line without blanks around it."""
    headings = []
    fence = ""
    start = 0
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            closes = mark and mark.group(1).startswith(fence) and not mark.group(2).strip()
            fence = "" if closes else fence
        elif mark and not (mark.group(1)[0] == "`" and "`" in mark.group(2)):
            fence = mark.group(1)
        elif (atx := _ATX.match(line)) and line.strip(" \t#"):
            begin = start + atx.start(1)
            headings.append(Heading(begin, begin + len(line.strip()), len(atx.group(1))))
        start += len(line) + 1
    return tuple(headings)


def blank_between(before: str, after: str) -> str:
    """Return what joins two lines that belong together: a blank, but nothing beside a Chinese character."""
    if not before or not after or WIDE.match(before[-1]) or WIDE.match(after[0]):
        return ""
    return " "
