"""A small corpus of three documents, a small fake encoder, and indexes of them."""

import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.base.text import terms
from assistant.index.builder import BuildResult, build
from assistant.index.folder import Index, open_index

Answers = dict[str, list[tuple[object, ...]]]
FILE_LIMIT = 50_000_000
QUERIES = ("巡视整改", "病假", "食堂由行政科负责管理", "2024 abc")
SPEECH_FILE = "动员 讲话.txt"
LAW_FILE = "考勤办法.txt"
NOTE_FILE = "通知/食堂 通知.md"
SPEECH = """同志们：
今天我们召开巡视动员会，对本轮巡视作出安排。下面，我讲两点意见。
第一，提高站位。首先要学习文件，掌握方法。其次，要深入群众。最后，要落实整改。
第二，严守纪律。巡视组要做到“四个必须”；不得泄露线索。
同志们，让我们共同努力，圆满完成任务！
"""
LAW = """第一章　总则
第一条　为了规范考勤管理，制定本办法。
第二章　请假
第二条　工作人员请假，应当具备下列条件之一：
（一）因病需要治疗的；
（二）因婚丧需要离岗的。
第三条　病假一般不得超过三十日。
"""
NOTE = """# 关于食堂的通知

食堂每日十一点半开放，午餐每份3.5元。

## 联系人

食堂由行政科负责管理。
"""
CATALOG = f"""[[document]]
file = "{SPEECH_FILE}"
title = "巡视动员讲话"
date = "2023-10-08"
issuer = "中共某市委"
validity = "现行有效"
"""


class FakeEncoder:
    """Bigrams of characters hashed into few dimensions; `encoded` collects the documents' texts it was given."""

    name = "fake"

    def __init__(self, dimensions: int = 32, fingerprint: str = "fa4e") -> None:
        self.dimensions = dimensions
        self.fingerprint = fingerprint
        self.encoded: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([self._vector(text) for text in texts], dtype=np.float32).reshape(-1, self.dimensions)

    def encode_documents(self, texts: Sequence[str], progress: bool = False) -> NDArray[np.float32]:
        self.encoded.extend(texts)
        return self.encode_queries(texts)

    def _vector(self, text: str) -> NDArray[np.float64]:
        vector = np.zeros(self.dimensions)
        for pair in zip(text, text[1:], strict=False):
            digest = zlib.crc32("".join(pair).encode("utf-8", "replace"))
            vector[digest % self.dimensions] += 1 if digest & 0x10000 else -1
        length = np.linalg.norm(vector)
        return vector / length if length else vector


def write(corpus: Path, name: str, text: str) -> Path:
    """Write a file of the corpus, its folder too, and return its path."""
    file = corpus / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def build_index(corpus: Path, folder: Path, encoder: FakeEncoder, full: bool = False) -> BuildResult:
    """Build or update the index in `folder`."""
    return build(corpus, folder, encoder, FILE_LIMIT, full=full)


def assert_one_line(message: object) -> None:
    """An error is one line that ends in the mend."""
    assert "\n" not in str(message)
    assert str(message).endswith(("。", "？"))
    assert "请" in str(message) or "是不是想写" in str(message)


def answers(index: Index, encoder: FakeEncoder) -> Answers:
    """Return what an index knows and finds, free of numbers that only count inside it: equal for equal indexes."""
    records = index.records
    ids = {d.number: d.id for d in records.documents()}
    numbers = records.passage_numbers(list(ids))
    places = {p.number: (ids[p.document], p.paragraph, p.first, p.last, p.start) for p in records.passages(numbers)}
    found: Answers = {"passages": sorted(places.values())}
    for number, identity in ids.items():
        known = (replace(records.document(number), number=0), records.text(number), records.sections(number))
        found[identity] = [known, tuple(records.paragraphs(number)), tuple(records.sentences(number))]
    for query in QUERIES:
        words = index.lexical.search([(term, 1.0) for term in terms(query)], 1000)
        near = index.vectors.search(encoder.encode_queries([query])[0], 1000)
        for way, scores in (("lexical", words), ("dense", near)):
            found[f"{way} {query}"] = sorted((round(s, 5), *places[n]) for n, s in scores)
    return found


def opened(folder: Path, encoder: FakeEncoder) -> Answers:
    """Open the index in `folder` and return its answers."""
    index = open_index(folder, encoder)
    try:
        return answers(index, encoder)
    finally:
        index.close()


def generations(folder: Path) -> set[str]:
    """Return the names of the generations in an index folder."""
    return {path.name for path in folder.glob("g-*")}
