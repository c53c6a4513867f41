"""Whether packs and the files made from them quote word for word: the files are read back."""

import csv
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import fields, is_dataclass, replace
from html import unescape
from urllib.parse import unquote
from xml.etree import ElementTree

from assistant.permalinks import digest
from assistant.service import Service
from assistant.study.export.labels import sources
from assistant.study.export.parts import SOURCE
from assistant.study.pack import GAP, Pack, Quote

SVG = "{http://www.w3.org/2000/svg}"
LINK = re.compile(r"#open-(.+?)-(\d+)-(\d+)-([0-9a-f]+_[0-9a-f]+)$")
BETWEEN = re.compile(f"{GAP}|\n")
PROOF = re.compile(f"{SOURCE}(.+?)（《")
FOOTNOTE = re.compile(r"^\[\^\d+\]: “(.*)”——《", re.MULTILINE)


def quotes_in(piece: object) -> Iterator[Quote]:
    """Yield every quote of a pack or a part of one."""
    if isinstance(piece, Quote):
        yield piece
    elif is_dataclass(piece):
        for field in fields(piece):
            yield from quotes_in(getattr(piece, field.name))
    elif isinstance(piece, tuple):
        for one in piece:
            yield from quotes_in(one)


def misquoted(service: Service, piece: object) -> list[Quote]:
    """Return the quotes that do not stand in their document at their offsets, in their paragraph, under its title."""
    views = {record.id: service.document(record.id) for record in service.documents()}
    wrong = []
    for quote in quotes_in(piece):
        view = views[quote.document_id]
        inside = [p.number for p in view.paragraphs if p.start <= quote.start < p.end]
        known = (view.record.title, inside, view.text[quote.start : quote.end])
        if not quote.text or known != (quote.document, [quote.paragraph], quote.text):
            wrong.append(quote)
    return wrong


def missing(pack: Pack, name: str, data: bytes) -> list[Quote]:
    """Return the quotes of what a format shows that do not stand, word for word, in a file of it.

    A mind map leaves points out where there are very many; it says how many.
    """
    words = _tight(words_in(name, data))
    return [quote for part in _shown(pack, name) for quote in quotes_in(part) if _tight(quote.text) not in words]


def invented(service: Service, pack: Pack, name: str, data: bytes) -> list[str]:
    """Return what a file gives as the words of a source that no document of the pack holds; titles are in all."""
    texts = [_tight(service.document(document.id).text + document.title) for document in pack.documents]
    given = [_tight(words) for words in QUOTED[name](data)]
    return [words for words in given if not any(words in text for text in texts)]


def words_in(name: str, data: bytes) -> str:
    """Return the words of a file that somebody reads, as text."""
    if name in READERS:
        return READERS[name](data)
    from exported import words_in as words_of_office_file

    return words_of_office_file(data, name.removesuffix("-paper"))


def notes_of(data: bytes) -> list[list[str]]:
    """Return the fields of the notes of an Anki package, as text."""
    return [[unescape(one.replace("<br>", "\n")) for one in fields] for fields in raw_notes(data)]


def raw_notes(data: bytes) -> list[list[str]]:
    """Return the fields of the notes of an Anki package, as HTML."""
    return [row[0].split("\x1f") for row in asked(data, "SELECT flds FROM notes ORDER BY id")]


def asked(data: bytes, query: str) -> list[tuple[str, ...]]:
    """Return what the collection in an Anki package answers to a query."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive, closing(sqlite3.connect(":memory:")) as collection:
        names = [name for name in ("collection.anki21", "collection.anki2") if name in archive.namelist()]
        collection.deserialize(archive.read(names[0]))
        return collection.execute(query).fetchall()


def sheets_of(data: bytes) -> dict[str, list[tuple[str, ...]]]:
    """Return the rows of each sheet of a workbook as text."""
    from openpyxl import load_workbook

    sheets = load_workbook(io.BytesIO(data)).worksheets
    return {
        s.title: [tuple("" if v is None else str(v) for v in r) for r in s.iter_rows(values_only=True)] for s in sheets
    }


def rows_of(data: bytes) -> list[list[str]]:
    """Return the rows of a .csv."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def links_of(data: bytes) -> list[tuple[str, int, int, str]]:
    """Return document, start, end and digest of each link of a mind map."""
    root = ElementTree.fromstring(data)
    addresses = [a.get("href") or a.get("{http://www.w3.org/1999/xlink}href") or "" for a in root.iter(f"{SVG}a")]
    found = [LINK.search(address) for address in addresses]
    return [(unquote(one[1]), int(one[2]), int(one[3]), one[4]) for one in found if one]


def stray_links(service: Service, data: bytes) -> list[tuple[str, int, int, str]]:
    """Return the links of a mind map that do not lead to the words that they say."""
    return [one for one in links_of(data) if digest(service.document(one[0]).text[one[1] : one[2]]) != one[3]]


def _shown(pack: Pack, name: str) -> tuple[object, ...]:
    if name in ("apkg", "csv"):
        return (pack.cards,)
    if name == "xlsx":
        return (*map(sources, pack.items), pack.formulations, pack.outlines, pack.remarks, pack.cards)
    if name == "docx-paper":
        return ()
    if name in ("svg", "pptx"):
        return (pack.outlines,)
    if name in ("docx", "pdf"):
        return (replace(pack, cards=()),)
    return (pack,) if name == "json" else (replace(pack, items=()), *map(sources, pack.items))


def _of_markdown(data: bytes) -> str:
    return re.sub(r"\\(.)", r"\1", data.decode("utf-8"))


def _of_sheets(data: bytes) -> str:
    return "\n".join(cell for rows in sheets_of(data).values() for row in rows for cell in row)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


def _quoted_in_sheets(data: bytes) -> list[str]:
    sheets = sheets_of(data)
    proofs = [line for row in sheets["试题"][1:] for line in row[11].split("\n")]
    cells = [row[3] for row in sheets["提纲"][1:]] + [row[1] for row in sheets["卡片"][1:]]
    pieces = [piece for cell in cells for piece in BETWEEN.split(cell)]
    formulations = [part for row in sheets["提法"][1:] for part in (row[0], row[5], *row[4].split("\n"))]
    remarks = [line for row in sheets["用语提示"][1:] for line in row[2].split("\n")]
    return [line[3:] for line in proofs if line.startswith("原文：")] + pieces + formulations + remarks


def _points_of_map(data: bytes) -> list[str]:
    """Return the words of the points of a mind map, their marks left out."""
    root = ElementTree.fromstring(data)
    titles = [title.text or "" for link in root.iter(f"{SVG}a") for title in link.iter(f"{SVG}title")]
    said = [title for title in titles if not re.fullmatch("另有 [0-9]+ 项", title)]
    return [piece for title in said for piece in BETWEEN.split(title.partition(" ")[2] or title)]


def _cells(row: tuple[object, ...]) -> tuple[str, ...]:
    return tuple("" if value is None else str(value) for value in row)


def _tight(text: str) -> str:
    return "".join(text.split())


READERS: dict[str, Callable[[bytes], str]] = {
    "md": _of_markdown,
    "xlsx": _of_sheets,
    "apkg": lambda data: "\n".join("\n".join(note) for note in notes_of(data)),
    "csv": lambda data: "\n".join("\n".join(row) for row in rows_of(data)),
    "json": lambda data: "\n".join(_strings(json.loads(data))),
    "svg": lambda data: "".join(ElementTree.fromstring(data).itertext()),
}
QUOTED: dict[str, Callable[[bytes], list[str]]] = {
    "md": lambda data: FOOTNOTE.findall(_of_markdown(data)),
    "xlsx": _quoted_in_sheets,
    "apkg": lambda data: [piece for note in notes_of(data) for piece in BETWEEN.split(note[1])],
    "docx": lambda data: PROOF.findall(words_in("docx", data)),
    "pdf": lambda data: PROOF.findall(words_in("pdf", data)),
    "svg": _points_of_map,
    "csv": lambda data: [piece for row in rows_of(data)[1:] for piece in BETWEEN.split(row[1])],
}
