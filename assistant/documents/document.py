"""From the files of the corpus to `Document`: which files there are, their text, what is wrong.

`docx`, `pdf`, `encodings` and `formats` turn the bytes of one kind of file into text; here a file is
found, read once, checked and named. A file that cannot be read becomes a `Problem` with its reason
and mend, and never stops the others. Nothing is cut into sentences here and nothing is stored.
"""

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.base.errors import ReadingError
from assistant.base.files.filenames import true_kind
from assistant.base.text import drop_controls
from assistant.documents.catalog import CATALOG_NAME, CatalogEntry
from assistant.documents.docx import read_docx
from assistant.documents.encodings import decode
from assistant.documents.formats import Extract, Heading, markdown_headings
from assistant.documents.pdf import read_pdf
from assistant.language.glossary import GLOSSARY_NAME

MAX_BYTES = 50_000_000
MAX_CHARACTERS = 20_000_000

_SKIPPED_AT_TOP = {CATALOG_NAME, GLOSSARY_NAME}
_SKIPPED = re.compile(r"\.|~\$|~WR.*\.tmp$|(Thumbs\.db|desktop\.ini|__MACOSX)$", re.IGNORECASE)
_KINDS = (".txt", ".md", ".docx", ".pdf")
_MENDS = (
    (".doc .wps .rtf .odt .docm .dot .dotx .wpt", "请用 Word 或 WPS 另存为 .docx"),
    (".xls .xlsx .et .csv .ods", "请把要查询的内容复制到 Word，另存为 .docx"),
    (".ppt .pptx .pps .ppsx .dps", "请用 PowerPoint 或 WPS 导出为 .pdf"),
    (".ofd .caj .ceb .djvu", "请用它的阅读器导出或打印为 .pdf"),
    (".png .jpg .jpeg .bmp .gif .tif .tiff .webp .heic", "请先做文字识别（OCR），另存为 .docx 或 .txt"),
    (".zip .rar .7z .tar .gz", "请先解压，把里面的文件放进来"),
    (".htm .html .mht .mhtml", "请用浏览器打开，把正文复制到 Word 另存为 .docx"),
    (".mp3 .wav .m4a .mp4 .avi .mov", "请先转写成文字，另存为 .txt 或 .docx"),
)

_LINE_ENDS = re.compile("[\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True)
class Document:
    """One document as text; `text[start:end]` of any offset pair made from it is a quote.

    `id` depends on `path` alone, `sha256` on the file's bytes alone: together they say what is
    indexed. Every non-empty line of `text` is a paragraph. `pages[k - 1]` is the offset at which
    page k of a PDF starts. `size` is in bytes. `replaced_by` is the path of its successor.
    """

    id: str
    title: str
    date: str | None
    issuer: str | None
    validity: str | None
    path: str
    text: str
    size: int
    sha256: str
    encoding: str | None
    headings: tuple[Heading, ...] = ()
    pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    replaced_by: str | None = None


@dataclass(frozen=True)
class Problem:
    """A file that could not be read; `reason` is one line of Chinese that ends in the mend."""

    path: str
    reason: str


@dataclass(frozen=True)
class SourceFile:
    """A file of the corpus: `path` is NFC, POSIX and relative, `location` is where it really is."""

    path: str
    location: Path
    size: int
    mtime_ns: int


def document_id(path: str) -> str:
    """Return the id of the document at `path`, relative to the corpus folder."""
    return "d" + hashlib.sha256(unicodedata.normalize("NFC", path).encode("utf-8")).hexdigest()[:12]


def is_skipped(name: str) -> bool:
    """Say whether a file or folder of this name is left out wherever it lies: hidden, or Office's own."""
    return _SKIPPED.match(name) is not None


def list_files(corpus: Path) -> list[SourceFile]:
    """Return all files of `corpus` and its subfolders, by path; unsupported kinds included.

    Left out: hidden files and folders, lock and temporary files of Office, the catalogue and the
    glossary, devices. Links that leave the corpus and folders that cannot be opened are listed,
    so that reading them says why. Raises ReadingError if the folder itself cannot be opened.
    """
    try:
        os.scandir(corpus).close()
    except OSError as error:
        raise _no_folder(corpus, error) from error
    closed: list[OSError] = []
    files: list[SourceFile] = []
    for folder, folders, names in os.walk(corpus, onerror=closed.append):
        folders[:] = [name for name in folders if not is_skipped(name)]
        names += [name for name in folders if os.path.islink(os.path.join(folder, name))]
        files.extend(_listed(corpus, Path(folder), names))
    files.extend(SourceFile(_relative(corpus, Path(error.filename)), Path(error.filename), 0, 0) for error in closed)
    return sorted(files, key=lambda file: file.path)


def read_file(file: SourceFile, entry: CatalogEntry, limit: int = MAX_BYTES) -> Document:
    """Read one file of at most `limit` bytes.

    Raises ReadingError, and nothing else, for whatever is wrong with the file; its message does
    not name the file.
    """
    if file.location.is_symlink() and _leaves(file.location.parents[file.path.count("/")], file.location):
        raise ReadingError("是指向语料文件夹之外的链接，请把文件本身复制进来。")
    if file.location.is_dir():
        raise ReadingError("文件夹打不开，请检查它的读取权限。")
    suffix = Path(file.path).suffix.lower()
    if suffix not in _KINDS:
        raise _unsupported(file.path)
    data = _bytes(file, limit)
    extract, encoding = _extract(data, suffix)
    _require_letters(extract.text)
    return Document(
        id=document_id(file.path),
        title=entry.title or Path(file.path).stem,
        date=entry.date,
        issuer=entry.issuer,
        validity=entry.validity,
        replaced_by=entry.replaced_by,
        path=file.path,
        text=extract.text,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=encoding,
        headings=extract.headings,
        pages=extract.pages,
        warnings=extract.warnings,
    )


def _no_folder(corpus: Path, error: OSError) -> ReadingError:
    if isinstance(error, FileNotFoundError):
        return ReadingError(f"没有找到语料文件夹 {corpus}，请新建它并放入文件，或用 --corpus 指定。")
    if isinstance(error, NotADirectoryError):
        return ReadingError(f"{corpus} 不是文件夹，请用 --corpus 指定放文件的文件夹。")
    return ReadingError(f"语料文件夹 {corpus} 打不开（{error.strerror}），请检查读取权限。")


def _listed(corpus: Path, folder: Path, names: list[str]) -> Iterator[SourceFile]:
    for name in names:
        if is_skipped(name) or (folder == corpus and name in _SKIPPED_AT_TOP):
            continue
        location = folder / name
        try:
            status = location.lstat()
            if stat.S_ISLNK(status.st_mode) and not _leaves(corpus, location):
                status = location.stat()
        except FileNotFoundError:  # gone since its folder was listed
            continue
        if stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode):
            yield SourceFile(_relative(corpus, location), location, status.st_size, status.st_mtime_ns)


def _relative(corpus: Path, location: Path) -> str:
    path = location.relative_to(corpus).as_posix()
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:  # a name in GBK bytes, as old zip tools leave it on Linux
        path = os.fsencode(path).decode("gb18030", "replace")
    return unicodedata.normalize("NFC", path)


def _leaves(corpus: Path, location: Path) -> bool:
    try:
        return not location.resolve(strict=True).is_relative_to(corpus.resolve())
    except (OSError, RuntimeError):
        return True


def _unsupported(path: str) -> ReadingError:
    suffix = Path(path).suffix.lower()
    kind = f" {suffix} " if suffix else "没有扩展名的"
    return ReadingError(f"不支持{kind}文件，{_mend(suffix)}。")


def _mend(suffix: str) -> str:
    for suffixes, mend in _MENDS:
        if suffix in suffixes.split():
            return mend
    return "请另存为 .txt、.md、.docx 或 .pdf"


def _bytes(file: SourceFile, limit: int) -> bytes:
    try:
        with file.location.open("rb") as source:
            data = source.read(limit + 1)
    except FileNotFoundError as error:
        raise ReadingError("读取时文件已不在，请放回文件后重新建立索引。") from error
    except OSError as error:
        raise ReadingError(f"文件打不开（{error.strerror}），请检查读取权限，并关闭正在使用它的程序。") from error
    if len(data) > limit:
        raise ReadingError(f"文件超过 {_size(limit)}的上限，请拆成几份，或调大设置 max_file_mb 后运行 build --full。")
    if not data:
        raise ReadingError("文件是空的（0 字节），请重新保存或删除它。")
    return data


def _size(size: int) -> str:
    return f"{size / 1_000_000:g} MB " if size >= 1_000_000 else f"{size} 字节"


def _extract(data: bytes, suffix: str) -> tuple[Extract, str | None]:
    kind = true_kind(data)
    if kind not in (None, suffix) or (kind is None and suffix == ".docx"):
        raise _mislabelled(suffix, kind)
    if suffix == ".docx":
        return read_docx(data), None
    if suffix == ".pdf":
        return read_pdf(data), None
    raw, encoding = decode(data)
    text = drop_controls(_LINE_ENDS.sub("\n", raw))
    headings = markdown_headings(text) if suffix == ".md" else ()
    return Extract(text, headings, warnings=_text_warnings(text, encoding)), encoding


def _mislabelled(suffix: str, kind: str | None) -> ReadingError:
    if kind is None:
        return ReadingError(f"不是真正的 {suffix} 文件或文件已损坏，请用原来的程序打开后重新另存为 {suffix}。")
    if kind == "encrypted":
        return ReadingError("文件有密码保护，请用 Word 或 WPS 打开，取消密码后重新保存。")
    if kind in _KINDS:
        return ReadingError(f"扩展名是 {suffix}，其实是 {kind} 文件，请把扩展名改成 {kind}。")
    return ReadingError(f"扩展名是 {suffix}，其实是 {kind} 文件，{_mend(kind)}。")


def _text_warnings(text: str, encoding: str) -> tuple[str, ...]:
    warnings = () if encoding == "utf-8" else (f"按 {encoding.upper()} 读取。",)
    damaged = [number for number, line in enumerate(text.split("\n"), 1) if "\ufffd" in line]
    if not damaged:
        return warnings
    named = "、".join(map(str, damaged[:5])) + (" 等" if len(damaged) > 5 else "")
    return (*warnings, f"第 {named} 行有无法识别的字节，已显示为“\ufffd”，请对照原件改正后另存为 UTF-8。")


def _require_letters(text: str) -> None:
    if not text.strip():
        raise ReadingError("文件里只有空白，没有文字，请重新保存或删除它。")
    if not any(character.isalpha() for character in text):
        raise ReadingError("文件里只有数字或符号，没有文字，请检查是否放错了文件。")
    if len(text) > MAX_CHARACTERS:
        raise ReadingError(f"文字超过 {MAX_CHARACTERS // 10_000} 万字的上限，请拆成几个小文件。")
