"""Changes of `catalog.toml` that leave all else in it as staff wrote it: order, comments, blank lines.

The text is cut at its `[[document]]` lines; only the piece of the document at hand is rewritten (tomlkit),
and what comes out is read again and compared before it replaces the file, in one step. What stands
in comment lines right above a `[[document]]` goes with it.
"""

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from pathlib import Path

from assistant.base.errors import SettingsError
from assistant.documents.catalog import CATALOG_NAME, HEADER, NO_ENTRY, CatalogEntry, catalog_text, parse_catalog

ENTRY_KEYS = tuple(field.name for field in fields(CatalogEntry))
UNUSUAL = f"{CATALOG_NAME} 的写法特殊，不能在网页上修改：请用记事本改成每份文件一段 [[document]]，或直接在其中修改。"


def change_catalog(corpus: Path, change: Callable[[str], str]) -> None:
    """Replace `corpus`/catalog.toml by what `change` makes of its text; raises `SettingsError`."""
    prepared_change(corpus, change)()


def prepared_change(corpus: Path, change: Callable[[str], str]) -> Callable[[], None]:
    """Return what replaces `corpus`/catalog.toml by what `change` makes of its text; raises `SettingsError` at once.

    Whoever calls holds the lock of the corpus. Line ends stay; the encoding becomes UTF-8.
    """
    if (corpus / CATALOG_NAME).is_symlink():
        raise SettingsError(f"{CATALOG_NAME} 是一个链接，不能在网页上修改：请把文件本身放进语料文件夹。")
    written = catalog_text(corpus)
    text = written.replace("\r\n", "\n").replace("\r", "\n")
    changed = change(text)
    if changed == text:
        return lambda: None
    if parse_catalog(changed).examples != parse_catalog(text).examples:
        raise SettingsError(UNUSUAL)
    return partial(_write, corpus, changed.replace("\n", "\r\n") if "\r\n" in written else changed)


def _write(corpus: Path, text: str) -> None:
    file = corpus / CATALOG_NAME
    beside = corpus / f".{CATALOG_NAME}.new"
    try:
        with beside.open("wb") as out:
            out.write(text.encode("utf-8"))
            out.flush()
            os.fsync(out.fileno())
        if file.exists():
            shutil.copymode(file, beside)
        os.replace(beside, file)
    finally:
        beside.unlink(missing_ok=True)


def with_entry(text: str, path: str, entry: CatalogEntry) -> str:
    """Return the catalogue `text` with `entry` for the file at `path`; raises `SettingsError` for wrong values."""
    expected = dict(parse_catalog(text).entries)
    known = expected.get(path)
    if known == entry or (known is None and entry == NO_ENTRY):
        return text
    if known is None:
        table = _edited(f"[[document]]\nfile = {_quoted(path)}\n", NO_ENTRY, entry)
        return _checked(_appended(text, table), {**expected, path: _only_entry(table)})
    pieces, tail = _pieces(text)
    pieces = [replace(p, table=_edited(p.table, known, entry)) if p.path == path else p for p in pieces]
    expected[path] = next(_only_entry(piece.table) for piece in pieces if piece.path == path)
    return _checked(_joined(pieces, tail), expected)


def without_entry(text: str, path: str) -> tuple[str, str]:
    """Return the catalogue `text` without the entry of `path`, and the lines taken out ("" where it has none)."""
    expected = dict(parse_catalog(text).entries)
    if path not in expected:
        return text, ""
    del expected[path]
    pieces, tail = _pieces(text)
    at = next(n for n, piece in enumerate(pieces) if piece.path == path)
    kept, own = ("", pieces[at].before) if at else (pieces[at].before, "")
    if at:
        kept, own = _own_comment(pieces[at].before)
    left = [*pieces[:at], *pieces[at + 1 :]]
    if at < len(left):
        left[at] = replace(left[at], before=kept + left[at].before)
        return _checked(_joined(left, tail), expected), own + pieces[at].table
    return _checked(_joined(left, kept + tail), expected), own + pieces[at].table


def with_lines(text: str, lines: str, path: str) -> str:
    """Return the catalogue `text` with `lines`, as `without_entry` took them out, as the entry of `path`."""
    catalog = parse_catalog(text)
    if not lines or path in catalog.entries:
        return text
    [(old, entry)] = parse_catalog(lines).entries.items()
    if old != path:
        return with_entry(text, path, entry)
    return _checked(_appended(text, lines), {**catalog.entries, path: entry})


@dataclass(frozen=True)
class _Piece:
    """One `[[document]]` with what stands above it; both are whole lines."""

    before: str
    table: str
    path: str


def _pieces(text: str) -> tuple[list[_Piece], str]:
    """Return the pieces of `text` and what stands behind the last."""
    lines = _lines(text)
    starts = [n for n, line in enumerate(lines) if HEADER.match(line)]
    if len(starts) != len(parse_catalog(text).entries):
        raise SettingsError(UNUSUAL)
    pieces, begun = [], 0
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=False):
        end = stop
        while re.match(r"\s*(#|$)", lines[end - 1]):
            end -= 1
        table = "".join(lines[start:end])
        pieces.append(_Piece("".join(lines[begun:start]), table, _only_path(table)))
        begun = end
    return pieces, "".join(lines[begun:])


def _lines(text: str) -> list[str]:
    """Return the lines of `text`, each with its end, the last one too."""
    return [f"{line}\n" for line in text.removesuffix("\n").split("\n")] if text else []


def _own_comment(before: str) -> tuple[str, str]:
    """Cut the lines above an entry into those that stay and the comment right above it."""
    lines = _lines(before)
    at = len(lines)
    while at and lines[at - 1].lstrip().startswith("#"):
        at -= 1
    kept, own = "".join(lines[:at]), "".join(lines[at:])
    return (kept if kept.strip() else ""), own


def _joined(pieces: list[_Piece], tail: str) -> str:
    return "".join(piece.before + piece.table for piece in pieces) + tail


def _appended(text: str, table: str) -> str:
    text = text if text.endswith("\n") or not text else f"{text}\n"
    blank = "" if not text or text.endswith("\n\n") else "\n"
    return f"{text}{blank}{table}"


def _edited(table: str, known: CatalogEntry, entry: CatalogEntry) -> str:
    import tomlkit

    document = tomlkit.parse(table)
    values: dict = document["document"][0]  # type: ignore[index, assignment]
    before, after = asdict(known), asdict(entry)
    for key in ENTRY_KEYS:
        if before[key] == after[key]:
            continue
        if after[key] is None:
            values.pop(key, None)
        else:
            values[key] = after[key]
    return tomlkit.dumps(document)


def _quoted(text: str) -> str:
    import tomlkit

    return tomlkit.item(text).as_string()


def _checked(text: str, expected: dict[str, CatalogEntry]) -> str:
    """Return `text` if the catalogue reads it as `expected`: a layout not foreseen must not change another entry."""
    if parse_catalog(text).entries != expected:
        raise SettingsError(UNUSUAL)
    return text


def _only_path(table: str) -> str:
    return parse_catalog(table).paths[0]


def _only_entry(table: str) -> CatalogEntry:
    """Return the entry that `table` is; what is wrong with a value is said without a line of the file."""
    try:
        return parse_catalog(table).entries[_only_path(table)]
    except SettingsError as error:
        raise SettingsError(re.sub(r"^\S+ 第 \d+ 行：", "", str(error))) from None
