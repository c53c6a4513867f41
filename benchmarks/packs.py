"""Study packs: what one costs, and its files, of a speech, of laws, and of a document of two hundred pages.

The document is made of articles of STARD's laws, a law a chapter, until it has 200,000 characters.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from itertools import accumulate, takewhile
from pathlib import Path
from time import perf_counter

from assistant.answering.service import Service
from assistant.base.settings import Settings
from assistant.study.builder import build_pack
from assistant.study.export import FORMATS, export
from assistant.study.pack import Brief, Pack
from benchmarks.machine import ROOT, cost
from training.laws import Laws, read_laws, write_laws

WANTED = ("监察法", "公务员法", "行政处罚法", "政府信息公开条例")
CHARACTERS = 200_000


def report(data: Path) -> Iterator[str]:
    """Yield the lines of the section, a table and the seconds of each format."""
    laws = read_laws(data)
    yield "| documents | characters | pack | questions | all files | `study --json`, from start to end | peak memory |"
    yield "|---|---|---|---|---|---|---|"
    formats = []
    with tempfile.TemporaryDirectory() as folder:
        for name, corpus in _corpora(Path(folder), laws).items():
            line, spent = _measured(name, corpus, Path(folder, f"{corpus.name}-index"))
            yield line
            formats.append(f"{name}: " + ", ".join(f"{kind} {seconds:.2f}" for kind, seconds in spent.items()) + ".")
    yield from ("", "Seconds of each format:", "", *(f"- {line}" for line in formats))


def _corpora(folder: Path, laws: Laws) -> dict[str, Path]:
    """Return a folder of documents by what it holds."""
    speech, long = folder / "speech", folder / "long"
    shutil.copytree(ROOT / "corpus", speech)
    write_laws(laws, folder / "laws", WANTED)
    long.mkdir()
    (long / "汇编.md").write_text(long_document(laws), encoding="utf-8")
    return {"the speech": speech, "four laws": folder / "laws", "200 pages": long}


def long_document(laws: Laws) -> str:
    """Return laws as chapters of one Markdown text, as many as `CHARACTERS` hold."""
    chapters = [f"# {law}\n" + "\n".join(text for _, text in articles) + "\n" for law, articles in laws.items()]
    lengths = accumulate(map(len, chapters))
    whole = sum(1 for _ in takewhile(lambda length: length <= CHARACTERS, lengths))
    return "".join(chapters[: whole + 1])[:CHARACTERS]


def _measured(name: str, corpus: Path, index: Path) -> tuple[str, dict[str, float]]:
    """Return a row of the table, and the seconds that each format takes."""
    service = Service(Settings(corpus=corpus, index=index))
    service.ensure()
    _ = service.index
    begun = perf_counter()
    pack = build_pack(service, Brief())
    seconds = perf_counter() - begun
    characters = sum(document.characters for document in pack.documents)
    spent = {kind: _since(kind, pack) for kind in FORMATS}
    whole = cost(["assistant", "study", "--json", "--corpus", str(corpus), "--index", str(index)])
    if len(json.loads(whole.output)["items"]) != len(pack.items):
        raise ValueError(f"{name}: the command and the function made different packs")
    cells = [name, f"{characters:,}", f"{seconds:.2f} s", str(len(pack.items)), f"{sum(spent.values()):.1f} s"]
    return f"| {' | '.join(cells)} | {whole.seconds:.1f} s | {whole.megabytes:.0f} MB |", spent


def _since(kind: str, pack: Pack) -> float:
    begun = perf_counter()
    export(pack, kind)
    return perf_counter() - begun
