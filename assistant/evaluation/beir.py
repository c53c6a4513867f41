"""BEIR test collections: documents, questions and relevance grades."""

import json
import lzma
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.base.errors import ReadingError
from assistant.base.text import printable
from assistant.documents.document import Document


@dataclass(frozen=True)
class Collection:
    """A test collection: its folder, its questions by id, and the relevance grades of documents by question."""

    folder: Path
    questions: Mapping[str, str]
    grades: Mapping[str, Mapping[str, int]]

    def documents(self) -> Iterator[Document]:
        """Yield the documents, each with its BEIR id; raises ReadingError for a row without text or a duplicate id."""
        seen: set[str] = set()
        for row in _texts(self.folder, "corpus.jsonl"):
            if row["_id"] in seen:
                raise ReadingError(f"{self.folder} 里有两份编号都是 {row['_id']} 的文件：请给每份不同的 _id。")
            seen.add(row["_id"])
            title, text = row.get("title", ""), row["text"]
            yield Document(row["_id"], title, None, None, None, row["_id"], text, len(text), "", "utf-8")


def load_beir(folder: Path) -> Collection:
    """Return the collection in `folder` (corpus.jsonl[.xz], queries.jsonl[.xz], qrels.tsv); raises ReadingError."""
    questions = {row["_id"]: row["text"] for row in _texts(folder, "queries.jsonl")}
    grades: dict[str, dict[str, int]] = {}
    file = next((f for f in (folder / "qrels.tsv", folder / "qrels" / "test.tsv") if f.is_file()), None)
    if file is None:
        raise ReadingError(
            f"{folder} 里没有 qrels.tsv：请给出 BEIR 格式的文件夹（corpus.jsonl、queries.jsonl、qrels.tsv）。"
        )
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines()[1:]:
        try:
            question, document, grade = line.split("\t")
            grades.setdefault(question, {})[document] = int(grade)
        except ValueError:
            raise ReadingError(f"{file} 有一行不是“问题编号<TAB>文件编号<TAB>分数”：{line[:60]!r}，请改正。") from None
    return Collection(folder, {q: t for q, t in questions.items() if q in grades}, grades)


def _texts(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of `name` as texts; raises ReadingError for one that lacks _id or text."""
    for number, row in enumerate(_lines(folder, name), 1):
        if not isinstance(row, dict) or row.get("_id") is None or row.get("text") is None:
            raise ReadingError(f'{folder} 的 {name} 第 {number} 行没有 _id 和 text：请写成 {{"_id": …, "text": …}}。')
        yield {key: printable(str(value)) for key, value in row.items() if value is not None}


def _lines(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of `name` or `name`.xz in `folder`; raises ReadingError."""
    plain, packed = folder / name, folder / f"{name}.xz"
    try:
        with plain.open("rb") if plain.exists() else lzma.open(packed) as stream:
            for line in stream:
                if line.strip():
                    yield json.loads(line)
    except FileNotFoundError:
        raise ReadingError(f"{folder} 里没有 {name} 或 {name}.xz：请给出 BEIR 格式的文件夹。") from None
    except (OSError, lzma.LZMAError, ValueError) as error:
        raise ReadingError(f"{folder} 里的 {name} 读不出（{error}）：请检查文件是否完整。") from None
