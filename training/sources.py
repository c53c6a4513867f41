"""The licence-clean texts that the encoder may learn from, read into memory.

Only `stard/` and `training/` of the data folder are opened here; nothing is left out and nothing
is paired here: see `heldout` for what must stay unseen and `pairs` for what is learned from.
"""

import hashlib
import json
import lzma
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

LAW_TEXT = "official text, no copyright (著作权法第五条)"
LICENCES = {
    "stard/corpus.jsonl.xz": LAW_TEXT,
    "stard/queries.jsonl": "MIT (STARD, arXiv 2406.15313)",
    "stard/qrels.tsv": "MIT (STARD, arXiv 2406.15313)",
    "training/local-regulations.jsonl.xz": LAW_TEXT,
    "training/lecoqa-train.jsonl.xz": "MIT (LeCoQA)",
    "training/lawbench.jsonl.xz": "Apache-2.0 (LawBench)",
    "training/cmrc2018-trial.jsonl.xz": "CC BY-SA 4.0 (CMRC 2018)",
    "training/drcd.jsonl.xz": "CC BY-SA 3.0 (DRCD)",
    "training/text2vec-triples.jsonl.xz": "Apache-2.0 (text2vec)",
}


@dataclass(frozen=True)
class Article:
    """One article of a law or a regulation; `title` names both, and the chapter where there is one."""

    title: str
    text: str

    @property
    def passage(self) -> str:
        """Title and text as one passage, as they are measured."""
        return f"{self.title} {self.text}"


@dataclass(frozen=True)
class Question:
    """A question and a passage that answers it; `source` names the file it came from."""

    source: str
    text: str
    passage: str


@dataclass(frozen=True)
class Paraphrase:
    """A sentence and another with the same meaning."""

    text: str
    same: str


@dataclass(frozen=True)
class FileRecord:
    """What the log says of a file."""

    path: str
    bytes: int
    sha256: str
    records: int
    licence: str


@dataclass(frozen=True)
class Sources:
    """Everything read. `laws` and `law_questions` are keyed by id; `gold` maps question id to law ids."""

    laws: dict[str, Article]
    law_questions: dict[str, str]
    gold: dict[str, list[str]]
    regulations: list[Article]
    questions: list[Question]
    paraphrases: list[Paraphrase]
    files: list[FileRecord]


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a .jsonl or .jsonl.xz file."""
    opened = lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8")
    with opened as lines:
        return [json.loads(line) for line in lines if line.strip()]


def read_gold(path: Path) -> dict[str, list[str]]:
    """Return the ids of the right passages of each question from a BEIR qrels table."""
    gold: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        question, passage, score = line.split("\t")
        if float(score) > 0:
            gold.setdefault(question, []).append(passage)
    return gold


def load(data: Path) -> Sources:
    """Read every source below `data`; Traditional characters of DRCD become simplified ones."""
    laws = {row["_id"]: Article(row["title"], row["text"]) for row in read_jsonl(data / "stard/corpus.jsonl.xz")}
    return Sources(
        laws=laws,
        law_questions={row["_id"]: row["text"] for row in read_jsonl(data / "stard/queries.jsonl")},
        gold=read_gold(data / "stard/qrels.tsv"),
        regulations=[_article(row) for row in read_jsonl(data / "training/local-regulations.jsonl.xz")],
        questions=_questions(data),
        paraphrases=_paraphrases(read_jsonl(data / "training/text2vec-triples.jsonl.xz")),
        files=[_record(data, name) for name in LICENCES],
    )


def _article(row: dict[str, Any]) -> Article:
    return Article(" ".join(row["title"].split()), row["text"])


def _questions(data: Path) -> list[Question]:
    found = []
    for source in ("lecoqa-train", "lawbench", "cmrc2018-trial", "drcd"):
        rows = read_jsonl(data / f"training/{source}.jsonl.xz")
        convert = _simplify if source == "drcd" else str
        texts = {text: convert(text) for row in rows for text in (row["query"], row["passage"])}
        found += [Question(source, texts[row["query"]], texts[row["passage"]]) for row in rows]
    return found


def _simplify(text: str) -> str:
    converted: str = _converter().convert(text)
    return converted


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def _paraphrases(rows: list[dict[str, Any]]) -> list[Paraphrase]:
    return [Paraphrase(row["a"], row["b"]) for row in rows if row["kind"] == "para_pos"]


def _record(data: Path, name: str) -> FileRecord:
    raw = (data / name).read_bytes()
    text = lzma.decompress(raw) if name.endswith(".xz") else raw
    records = len(text.splitlines()) - name.endswith(".tsv")
    return FileRecord(name, len(raw), hashlib.sha256(raw).hexdigest(), records, LICENCES[name])
