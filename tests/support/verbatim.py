"""Whether packs and the files made from them quote word for word: the files are read back.

    PYTHONPATH=. python tests/verbatim.py [folder of documents]

makes a pack of a folder (the bundled one), prints for each format how many quotes it holds and what is wrong with
them, and exits with 1 where anything is. `missing`: quotes of the pack that do not stand in the file; `invented`:
words that the file gives as a source's and that no document holds; `misplaced`: words that do not stand in the
paragraph that the file names behind them.
"""

import csv
import io
import json
import re
import sqlite3
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import fields, is_dataclass, replace
from html import unescape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote
from xml.etree import ElementTree

from assistant.answering.service import Service
from assistant.base.files.spreadsheets import FORMULA_STARTS
from assistant.base.permalinks import digest
from assistant.index.records import DocumentView
from assistant.study.export.parts import OUTLINE, SOURCE, SUMMARY, flat, sources
from assistant.study.pack import GAP, Pack, Quote, pack_of
from support.paths import ROOT

SVG = "{http://www.w3.org/2000/svg}"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LINK = re.compile(r"#open-(.+?)-(\d+)-(\d+)-([0-9a-f]+_[0-9a-f]+)$")
BETWEEN = re.compile(f"{GAP}|\n")
FOOTNOTE = re.compile(r"^\[\^\d+\]: “(.*)”——《", re.MULTILINE)
CHAPTER = re.compile(r"^## (.+?)\n(.*?)(?=^## |^\[\^\d+\]: |\Z)", re.MULTILINE | re.DOTALL)
POINT = re.compile(r"^ *- (?:\*\*.*?\*\* )?(.+?)(?:\[\^\d+\])+$", re.MULTILINE)


class Cited(NamedTuple):
    """Words that a file gives as a source's, with the document and the paragraph that it names behind them."""

    words: str
    title: str
    paragraph: int


class Checked(NamedTuple):
    """What a file was found to hold, and what is wrong with it."""

    shown: int
    given: int
    cited: int
    wrong: tuple[str, ...]


def checked(service: Service, pack: Pack, name: str, data: bytes) -> Checked:
    """Return how many quotes of a pack a file shows, gives as a source's words and gives a place, and every fault."""
    wrong = [f"missing: {quote.text}" for quote in missing(pack, name, data)]
    wrong += [f"invented: {words}" for words in invented(service, pack, name, data)]
    wrong += [f"misplaced: {one}" for one in misplaced(service, pack, name, data)]
    wrong += [f"stray: {link}" for link in (stray_links(service, data) if name == "svg" else ())]
    quotes = sum(1 for part in shown(pack, name) for _ in quotes_in(part))
    given = len(QUOTED[name](data)) if name in QUOTED else 0
    return Checked(quotes, given, len(cited(pack, name, data)), tuple(wrong))


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
    absent = [[quote for quote in quotes_in(part) if _tight(quote.text) not in words] for part in shown(pack, name)]
    left_out = sum(map(int, re.findall(r"另有(\d+)项", words))) if name == "svg" else 0
    return [] if sum(map(bool, absent)) <= left_out else [quote for found in absent for quote in found]


def invented(service: Service, pack: Pack, name: str, data: bytes) -> list[str]:
    """Return what a file gives as the words of a source that no document of the pack holds; titles are in all."""
    texts = [_tight(service.document(document.id).text + document.title) for document in pack.documents]
    given = [_tight(words) for words in QUOTED[name](data)] if name in QUOTED else []
    return [words for words in given if not any(words in text for text in texts)]


def misplaced(service: Service, pack: Pack, name: str, data: bytes) -> list[Cited]:
    """Return what does not begin, word for word, in the paragraph that a file names behind it."""
    views = {_tight(document.title): service.document(document.id) for document in pack.documents}
    return [one for one in cited(pack, name, data) if not _begins(one, views.get(_tight(one.title)))]


def cited(pack: Pack, name: str, data: bytes) -> list[Cited]:
    """Return what a file gives as a source's words with the place behind them; titles are those of the pack."""
    if name not in CITED:
        return []
    titles = sorted((document.title for document in pack.documents), key=len, reverse=True)
    named = "|".join(r"\s*".join(map(re.escape, _tight(title))) for title in titles)
    where = rf"\s*《\s*({named})\s*》(?:(?!》).)*?第(\d+)段"
    found = re.findall(CITED[name].format(where=where), PLACED[name](data), re.MULTILINE | re.DOTALL)
    return [Cited(words, title, int(paragraph)) for words, title, paragraph in found]


def _begins(one: Cited, view: DocumentView | None) -> bool:
    """Say whether words begin in the paragraph that is named behind them."""
    found = [p for p in view.paragraphs if p.number == one.paragraph] if view else []
    if view is None or not found or not one.words.strip():
        return False
    start, end = found[0].start, found[0].end
    at = _tight(view.text[start : end + 2 * len(one.words) + 200]).find(_tight(one.words))
    return 0 <= at < len(_tight(view.text[start:end]))


def words_in(name: str, data: bytes) -> str:
    """Return the words of a file that somebody reads, as text."""
    if name in READERS:
        return READERS[name](data)
    from support.exported import words_in as words_of_office_file

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


def shown(pack: Pack, name: str) -> tuple[object, ...]:
    """Return the parts of a pack whose quotes a format shows: of a question what proves it, the paper alone none."""
    proofs = tuple(map(sources, pack.items))
    if name == "docx-paper":
        return ()
    if name in ("apkg", "csv"):
        return (pack.cards,)
    if name == "svg":
        points = [point for outline in pack.outlines for _, point in flat(outline.points)]
        return tuple(replace(point, children=()) for point in points)
    if name == "json":
        return (pack,)
    rest = (replace(pack, items=(), cards=()), proofs)
    if name in ("docx", "pdf"):
        return (*rest, tuple(quote for card in pack.cards for quote in card.quotes if quote.text in card.back))
    return rest if name == "pptx" else (*rest, pack.cards)


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


def _quoted_in_markdown(data: bytes) -> list[str]:
    chapters = dict(CHAPTER.findall(_of_markdown(data)))
    points = POINT.findall(chapters.get(SUMMARY, "") + "\n" + chapters.get(OUTLINE, ""))
    return FOOTNOTE.findall(_of_markdown(data)) + [p for said in points for p in BETWEEN.split(said)]


def _quoted_in_sheets(data: bytes) -> list[str]:
    sheets = sheets_of(data)
    proofs = [line for row in sheets["试题"][1:] for line in row[11].split("\n")]
    cells = [row[3] for row in sheets["提纲"][1:]] + [row[1] for row in sheets["卡片"][1:] + sheets["摘要"][1:]]
    pieces = [piece for cell in cells for piece in BETWEEN.split(cell)]
    formulations = [part for row in sheets["提法"][1:] for part in (row[0], row[5], *row[4].split("\n"))]
    remarks = [line for row in sheets["用语提示"][1:] for line in row[2].split("\n")]
    return [line[3:] for line in proofs if line.startswith(SOURCE)] + pieces + formulations + remarks


def _quoted_in_word(data: bytes) -> list[str]:
    """Return what stands before footnotes, and what proves answers."""
    from support.exported import xml_part

    said = [words for p in xml_part(data, "word/document.xml").iter(f"{WORD}p") for words in _noted(p)]
    return [piece for words in said for piece in BETWEEN.split(words)] + _proofs(_of_word(data))


def _noted(paragraph: ElementTree.Element) -> Iterator[str]:
    """Yield the words before each footnote of a paragraph, from the one before it."""
    words = ""
    for run in paragraph.iter(f"{WORD}r"):
        words = _lines(run) or words
        if run.find(f"{WORD}footnoteReference") is not None:
            yield words.rstrip("；")


def _lines(element: ElementTree.Element) -> str:
    return "".join("\n" if one.tag == f"{WORD}br" else one.text or "" for one in element.iter() if _is_said(one))


def _is_said(element: ElementTree.Element) -> bool:
    return element.tag in (f"{WORD}t", f"{WORD}br")


def _of_word(data: bytes) -> str:
    from support.exported import xml_part

    return "\n".join(map(_lines, xml_part(data, "word/document.xml").iter(f"{WORD}p")))


def _of_notes(data: bytes) -> str:
    from pptx import Presentation

    slides = [slide for slide in Presentation(io.BytesIO(data)).slides if slide.has_notes_slide]
    return "\n".join(slide.notes_slide.notes_text_frame.text for slide in slides)


def _proofs(text: str) -> list[str]:
    """Return what is said to be the source, down to the place in brackets behind it."""
    return re.findall(f"{SOURCE}(.+?)（《", text, re.DOTALL)


def _points_of_map(data: bytes) -> list[str]:
    """Return the words of the points of a mind map, their marks left out."""
    root = ElementTree.fromstring(data)
    titles = [title.text or "" for link in root.iter(f"{SVG}a") for title in link.iter(f"{SVG}title")]
    said = [title for title in titles if not re.fullmatch("另有 [0-9]+ 项", title)]
    return [piece for title in said for piece in BETWEEN.split(title.partition(" ")[2] or title)]


def _unguarded(cell: str) -> str:
    """Return a cell of a .csv without the apostrophe that keeps it from being calculated."""
    return cell[1:] if cell[:1] == "'" and cell[1:].lstrip(" \n").startswith(FORMULA_STARTS) else cell


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
PLACED: dict[str, Callable[[bytes], str]] = {
    "md": _of_markdown,
    "docx": _of_word,
    "pdf": lambda data: words_in("pdf", data),
    "pptx": _of_notes,
    "json": lambda data: "\n".join(
        f"“{quote.text}”——《{quote.document}》第{quote.paragraph}段" for quote in quotes_in(pack_of(json.loads(data)))
    ),
}
CITED = {  # words, then {where}
    "md": r"^\[\^\d+\]: “([^\n]*)”——{where}",
    "docx": f"{SOURCE}(.+?)（{{where}}）",
    "pdf": f"{SOURCE}(.+?)（{{where}}）",
    "pptx": r"^([^\n]+)（{where}）$",
    "json": "“(.*?)”——{where}",
}
QUOTED: dict[str, Callable[[bytes], list[str]]] = {
    "md": _quoted_in_markdown,
    "xlsx": _quoted_in_sheets,
    "apkg": lambda data: [piece for note in notes_of(data) for piece in BETWEEN.split(note[1])],
    "docx": _quoted_in_word,
    "pdf": lambda data: _proofs(words_in("pdf", data)),
    "pptx": lambda data: re.findall(r"^(.+)（《.+第\d+段）$", _of_notes(data), re.MULTILINE),
    "svg": _points_of_map,
    "csv": lambda data: [piece for row in rows_of(data)[1:] for piece in BETWEEN.split(_unguarded(row[1]))],
    "json": lambda data: [quote.text for quote in quotes_in(pack_of(json.loads(data)))],
}


def main(corpus: Path) -> int:
    """Print what the files of a pack of `corpus` hold; return 1 where a word is not the source's."""
    from assistant.base.settings import Settings
    from assistant.study.builder import build_pack
    from assistant.study.export import FORMATS, export
    from assistant.study.pack import Brief

    with tempfile.TemporaryDirectory() as index:
        service = Service(Settings(corpus=corpus, index=Path(index)))
        service.ensure()
        pack = build_pack(service, Brief())
        wrong = [f"misquoted: {quote}" for quote in misquoted(service, pack)]
        said = [f"pack: {sum(1 for _ in quotes_in(pack))} quotes, {len(wrong)} wrong"]
        for name in FORMATS if pack.cards else FORMATS.keys() - {"apkg", "csv"}:
            found = checked(service, pack, name, export(pack, name).data)
            said.append(f"{name}: {found.shown} quotes, {found.given} given as such, {found.cited} with their places")
            wrong += [f"{name}: {fault}" for fault in found.wrong]
    sys.stdout.write("\n".join([*said, *(wrong or ["every word is the source's"])]) + "\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "corpus"))
