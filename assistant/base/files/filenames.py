"""Names that come from outside as names of files and folders that every system can hold.

A name is made safe, not refused, wherever something readable is left of it. Nothing is looked up on disk.
"""

import io
import re
import unicodedata
import zipfile

from assistant.base.errors import ReadingError

NAME_BYTES = 180
FOLDERS_DEEP = 6

_INVISIBLE = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)


def safe_name(proposed: str) -> str:
    """Return the file name in `proposed`, without any path before it; raises `ReadingError` where none is left."""
    return _safe(re.split(r"[/\\]", proposed)[-1])


def safe_folder(proposed: str) -> str:
    """Return a folder below the corpus as a POSIX path, "" for the corpus itself; raises `ReadingError`."""
    parts = [part for part in re.split(r"[/\\]", proposed) if part.strip() not in ("", ".")]
    if any(part.strip() == ".." for part in parts):
        raise ReadingError("文件夹名称里不能有“..”：请写语料文件夹下面的名称，如“制度/人事”。")
    if len(parts) > FOLDERS_DEEP:
        raise ReadingError(f"文件夹最多套 {FOLDERS_DEEP} 层：请少套几层。")
    return "/".join(map(_safe, parts))


def numbered(name: str, number: int) -> str:
    """Return `name` with a number before its extension, as for a second file of that name."""
    stem, suffix = _parted(name)
    mark = f"（{number}）"
    return _shortened(stem, NAME_BYTES - _size(mark + suffix)) + mark + suffix


def same_name(one: str, other: str) -> bool:
    """Say whether two names are one on some system: case and Unicode's forms do not count."""
    return _folded(one) == _folded(other)


def _safe(proposed: str) -> str:
    text = unicodedata.normalize("NFC", proposed)
    shown = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in _INVISIBLE)
    name = _FORBIDDEN.sub("_", " ".join(shown.split())).lstrip(". ~").rstrip(". ")
    stem, suffix = _parted(name)
    if not any(character.isalnum() for character in stem):
        raise ReadingError("名称里没有文字或数字：请改一个名称再添加。")
    if _RESERVED.fullmatch(stem.split(".")[0].strip()):
        stem = f"_{stem}"
    return _shortened(stem, NAME_BYTES - _size(suffix)) + suffix


def _parted(name: str) -> tuple[str, str]:
    """Return stem and extension, the latter "" where what follows the last point is none."""
    stem, point, suffix = name.rpartition(".")
    return (stem.rstrip(), f".{suffix}") if point and stem and re.fullmatch(r"\w{1,10}", suffix) else (name, "")


def _shortened(stem: str, size: int) -> str:
    return stem.encode("utf-8")[: max(size, 3)].decode("utf-8", "ignore").rstrip(". ") or "_"


def _size(text: str) -> int:
    return len(text.encode("utf-8"))


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


_MARKS = (
    (b"%PDF-", ".pdf"),
    (b"{\\rtf", ".rtf"),
    (b"\x89PNG", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"Rar!", ".rar"),
    (b"7z\xbc\xaf", ".7z"),
)


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
