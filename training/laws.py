"""STARD's national laws: articles by law, and laws as files, one article a paragraph."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from assistant.evaluation.beir import load_beir
from assistant.evaluation.metrics import GoldQuestion

NAME_CHARACTERS = 70  # of a file: some laws' names are longer than a file's may be
_ARTICLE = re.compile(r"(.+?)(第[一二三四五六七八九十百千零〇]+条.*)")

Laws = Mapping[str, list[tuple[str, str]]]


def read_laws(data: Path) -> dict[str, list[tuple[str, str]]]:
    """Return the articles of each law, as (id, label and text), in the order of the collection."""
    laws: dict[str, list[tuple[str, str]]] = {}
    for article in load_beir(data / "stard").documents():
        found = _ARTICLE.fullmatch(article.title)
        law, label = found.groups() if found else (article.title, "")
        laws.setdefault(law, []).append((article.id, f"{label}　{article.text}".strip("　")))
    return laws


def write_laws(laws: Laws, corpus: Path, wanted: Iterable[str] | None = None) -> dict[str, Path]:
    """Write each law, or those `wanted`, to a file of its name in the new folder `corpus`; return the files by law."""
    corpus.mkdir(parents=True)
    files: dict[str, Path] = {}
    for law in laws if wanted is None else wanted:
        name = law[:NAME_CHARACTERS]
        file = corpus / f"{name}.txt"
        if file in files.values():
            file = corpus / f"{name} {len(files)}.txt"
        file.write_text("\n".join(text for _, text in laws[law]) + "\n", encoding="utf-8")
        files[law] = file
    return files


def load_law_gold(file: Path) -> dict[str, list[GoldQuestion]]:
    """Return by law the questions of a file whose evidence names law, article and a piece of its text."""
    gold: dict[str, list[GoldQuestion]] = {}
    for row in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        must, may = (tuple(evidence["piece"] for evidence in row[key]) for key in ("must", "may"))
        gold.setdefault(row["law"], []).append(GoldQuestion(row["question"], row["kind"], must, may))
    return gold
