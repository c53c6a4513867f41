"""Study packs against what a trainer would have written: points of outlines and formulations of twelve documents.

`trainer/` holds the documents, of twelve kinds, and `expected.json`, both written by somebody who had not seen the
program. Since then the program was mended where it failed here: on other documents expect less.
"""

import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from assistant.answering.service import Service
from assistant.base.settings import Settings
from assistant.study.builder import build_pack
from assistant.study.pack import Brief, Pack, Point
from benchmarks.machine import ROOT

FOLDER = ROOT / "benchmarks" / "trainer"
SAME_BEGINNING = 10
_LETTER = re.compile(r"[^\w]")


def report(data: Path) -> Iterator[str]:
    """Yield the lines of the section: a row a document, and the sums; `data` is not needed."""
    expected = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
    yield "| document | points of the first level | below them | formulations | formulations listed | questions |"
    yield "|---|---|---|---|---|---|"
    sums: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        service = Service(Settings(corpus=FOLDER, index=Path(folder, "index")))
        service.ensure()
        ids = {Path(record.path).name: record.id for record in service.documents()}
        for name, wanted in expected.items():
            counts = compared(build_pack(service, Brief(documents=(ids[name],))), wanted)
            sums.update(counts)
            yield _row(Path(name).stem, counts)
    yield _row("all", sums)


def compared(pack: Pack, wanted: dict) -> Counter[str]:
    """Return how much of an outline and of formulations a pack has: what is `wanted` is quoted from the document."""
    counts: Counter[str] = Counter(listed=len(pack.formulations), questions=len(pack.items))
    points = [point for outline in pack.outlines for point in outline.points]
    for one in wanted["outline"]:
        found = next((point for point in points if _same(one["point"], point)), None)
        below = list(_below(found)) if found else []
        counts.update(first=1, first_found=found is not None, second=len(one["second"]))
        counts["second_found"] += sum(any(_same(words, point) for point in below) for words in one["second"])
    have = {_plain(formulation.text) for formulation in pack.formulations}
    counts.update(formulations=len(wanted["formulations"]))
    counts["formulations_found"] += sum(_plain(words) in have for words in wanted["formulations"])
    return counts


def _row(name: str, counts: Counter[str]) -> str:
    parts = [f"{counts[f'{part}_found']} of {counts[part]}" for part in ("first", "second", "formulations")]
    return f"| {' | '.join([name, *parts, str(counts['listed']), str(counts['questions'])])} |"


def _below(point: Point) -> Iterator[Point]:
    for child in point.children:
        yield child
        yield from _below(child)


def _same(words: str, point: Point) -> bool:
    """Say whether a point is that of a trainer: the same words, or the same longer beginning."""
    wanted, whole, bare = _plain(words), _plain(point.label + point.words), _plain(point.words)
    return (
        wanted in (whole, bare)
        or any(
            len(wanted) >= SAME_BEGINNING and one[:SAME_BEGINNING] == wanted[:SAME_BEGINNING] for one in (whole, bare)
        )
        or (len(bare) >= 4 and wanted.startswith((whole, bare)))
    )


def _plain(words: str) -> str:
    return _LETTER.sub("", words)
