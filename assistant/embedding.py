"""Texts to vectors: the bundled static encoder, any sentence-transformers model, background counts.

The bundled encoder is read with numpy, tokenizers and safetensors alone, in milliseconds; torch and
sentence_transformers are imported only for other models. How the bundled one is made: `training/`.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.background import MODEL, damaged_model, inverse_frequency, read_background
from assistant.errors import EncoderError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BUNDLED = "bundled"

_TEXTS_AT_ONCE = 1024
_PIECES_AT_ONCE = 1024
_REACH_SECONDS = 4.0
_HUB_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)?")
_MODEL_FILES = {".json", ".txt", ".model", ".safetensors", ".bin"}


class Encoder(Protocol):
    """Texts to L2-normalised vectors. `fingerprint` is hex and changes when any vector might."""

    name: str
    dimensions: int

    @property
    def fingerprint(self) -> str:
        """Hex digest of weights, tokenizer and prompts."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dimensions), each row of length 1, or 0 where nothing in the text is known."""
        ...

    def encode_documents(self, texts: Sequence[str], progress: bool = False) -> NDArray[np.float32]:
        """Return (n, dimensions) as `encode_queries` does; `progress` shows a bar on stderr."""
        ...


class Piece(NamedTuple):
    """A piece of the tokenizer and the characters [start, end) of the given text that it stands for."""

    id: int
    start: int
    end: int


class StaticEncoder:
    """A folder of sentence-transformers with StaticEmbedding and Normalize: sum of piece vectors, length 1."""

    def __init__(self, folder: Path, name: str | None = None) -> None:
        """Read tokenizer and weights; raises EncoderError for a folder that is none of this kind."""
        self.name = name or folder.name
        self._folder = folder
        try:
            self._home = folder / _static_home(folder)
            self._prompts = _read_prompts(folder)
            self._weights = _read_tensor(self._home / "model.safetensors", "embedding.weight")
            self._tokenizer = _read_tokenizer(self._home / "tokenizer.json")
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise damaged_model(folder, error) from error
        self.dimensions = int(self._weights.shape[1])

    @cached_property
    def fingerprint(self) -> str:
        """Hex digest of weights, tokenizer and prompts."""
        files = [self._home / "model.safetensors", self._home / "tokenizer.json"]
        return _digest(files, json.dumps(self._prompts, sort_keys=True))

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dimensions); a text without any known piece gives zeros."""
        return self._encode(texts, self._prompts.get("query", ""), False)

    def encode_documents(self, texts: Sequence[str], progress: bool = False) -> NDArray[np.float32]:
        """Return (n, dimensions); a text without any known piece gives zeros."""
        return self._encode(texts, self._prompts.get("document", ""), progress)

    def pieces(self, text: str) -> list[Piece]:
        """Return the pieces of `text` in order, with their places in it."""
        encoding = self._tokenizer.encode(_printable(text), add_special_tokens=False)
        return [Piece(number, *place) for number, place in zip(encoding.ids, encoding.offsets, strict=True)]

    def vectors(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """Return the vectors of the pieces with these ids as trained, not normalised, (n, dimensions)."""
        return self._weights[np.asarray(ids, dtype=np.int64)].astype(np.float32)

    def piece_idf(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """Return the inverse document frequencies of the pieces with these ids, (n,), as `Background.idf`."""
        documents, frequencies = self._piece_frequencies
        return inverse_frequency(frequencies[np.asarray(ids, dtype=np.int64)], documents)

    @cached_property
    def _piece_frequencies(self) -> tuple[int, NDArray[np.uint32]]:
        stored = read_background(self._folder)
        return stored.documents, stored.tensors["pieces"]

    def _encode(self, texts: Sequence[str], prompt: str, progress: bool) -> NDArray[np.float32]:
        found = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        weights = self._weights if len(texts) < _TEXTS_AT_ONCE else self._weights.astype(np.float32)
        for first in _steps(len(texts), progress):
            batch = [prompt + _printable(text) for text in texts[first : first + _TEXTS_AT_ONCE]]
            encodings = self._tokenizer.encode_batch_fast(batch, add_special_tokens=False)
            ids = [np.array(encoding.ids, dtype=np.int64) for encoding in encodings]
            _add_up(weights, ids, found[first : first + _TEXTS_AT_ONCE])
        length = np.linalg.norm(found, axis=1, keepdims=True)
        return np.divide(found, length, out=found, where=length > 0)


class SentenceTransformerEncoder:
    """Any other sentence-transformers model, in a folder or by its name on the Hugging Face hub."""

    def __init__(self, name_or_folder: str | Path, batch: int = 32) -> None:
        """Load the model; raises EncoderError where it is missing, no model, or out of reach."""
        self.name = str(name_or_folder)
        self._batch = batch
        self._folder = _model_folder(self.name)
        self._model = _load_model(self._folder, self.name)
        self.dimensions = int(self._model.get_embedding_dimension())

    @cached_property
    def fingerprint(self) -> str:
        """Hex digest of weights, tokenizer and prompts: of all files of the model."""
        files = [path for path in self._folder.rglob("*") if path.suffix in _MODEL_FILES and path.is_file()]
        kept = [path for path in files if not {"onnx", "openvino", ".git"} & set(path.relative_to(self._folder).parts)]
        return _digest(sorted(kept), json.dumps(self._model.prompts, sort_keys=True))

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dimensions), with the model's query prompt before each text."""
        return self._as_array(self._model.encode_query(_all_printable(texts), **self._options(False)))

    def encode_documents(self, texts: Sequence[str], progress: bool = False) -> NDArray[np.float32]:
        """Return (n, dimensions), with the model's document prompt, if any, before each text."""
        return self._as_array(self._model.encode_document(_all_printable(texts), **self._options(progress)))

    def _options(self, progress: bool) -> dict[str, Any]:
        return {"batch_size": self._batch, "normalize_embeddings": True, "show_progress_bar": progress}

    def _as_array(self, encoded: Any) -> NDArray[np.float32]:
        return np.asarray(encoded, dtype=np.float32).reshape(-1, self.dimensions)


def load_encoder(name: str | None = None) -> Encoder:
    """Return the bundled encoder for None or "bundled", else the sentence-transformers model of that name."""
    if name in (None, "", BUNDLED):
        return StaticEncoder(MODEL, BUNDLED)
    return SentenceTransformerEncoder(str(name))


def _static_home(folder: Path) -> str:
    """Return the sub-folder of the StaticEmbedding module; ValueError where the modules are others."""
    modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    if [module["type"].rsplit(".", 1)[-1] for module in modules] != ["StaticEmbedding", "Normalize"]:
        raise ValueError("modules.json: StaticEmbedding + Normalize")
    return str(modules[0]["path"])


def _read_prompts(folder: Path) -> dict[str, str]:
    config = json.loads((folder / "config_sentence_transformers.json").read_text(encoding="utf-8"))
    return dict(config.get("prompts") or {})


def _read_tensor(path: Path, name: str) -> NDArray[Any]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as opened:
            return opened.get_tensor(name)
    except SafetensorError as error:
        raise ValueError(str(error)) from error


def _read_tokenizer(path: Path) -> "Tokenizer":
    from tokenizers import Tokenizer

    text = path.read_text(encoding="utf-8")
    try:
        return Tokenizer.from_str(text)
    except Exception as error:  # tokenizers raises bare Exception
        raise ValueError(str(error)) from error


def _add_up(weights: NDArray[Any], ids: list[NDArray[np.int64]], sums: NDArray[np.float32]) -> None:
    """Add the rows `ids[k]` of `weights` to `sums[k]`; without BLAS, whose threads fight with the tokenizer's."""
    owners = np.repeat(np.arange(len(ids)), [len(one) for one in ids])
    flat = np.concatenate(ids)
    for first in range(0, len(flat), _PIECES_AT_ONCE):
        owner = owners[first : first + _PIECES_AT_ONCE]
        rows = weights[flat[first : first + _PIECES_AT_ONCE]].astype(np.float32, copy=False)
        starts = np.flatnonzero(np.diff(owner, prepend=-1))
        sums[owner[starts]] += np.add.reduceat(rows, starts, axis=0)


def _steps(texts: int, progress: bool) -> Iterator[int]:
    starts = range(0, texts, _TEXTS_AT_ONCE)
    if not progress:
        return iter(starts)
    from tqdm import tqdm

    return iter(tqdm(starts, desc="编码", unit_scale=_TEXTS_AT_ONCE, unit="段", leave=False))


def _printable(text: str) -> str:
    """Return `text` with lone surrogates, which no tokenizer takes, as question marks: same length."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _all_printable(texts: Sequence[str]) -> list[str]:
    return [_printable(text) for text in texts]


def _digest(files: Sequence[Path], extra: str) -> str:
    """Return a hex digest of the contents of `files`, in this order, and of `extra`."""
    total = hashlib.sha256(extra.encode())
    for path in files:
        with path.open("rb") as opened:
            total.update(hashlib.file_digest(opened, "sha256").digest())
    return total.hexdigest()[:32]


def _model_folder(name: str) -> Path:
    """Return the folder with the model of this name, fetched first where it must be and can be."""
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    if not _HUB_NAME.fullmatch(name):
        raise EncoderError(f"找不到编码模型文件夹 {name}：请检查设置 encoder 中的路径，或删去该设置以使用自带模型")
    return _cached(name) or _fetched(name)


def _cached(name: str) -> Path | None:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError):
        return None


def _fetched(name: str) -> Path:
    from huggingface_hub import constants, snapshot_download

    if constants.HF_HUB_OFFLINE or not _reachable(constants.ENDPOINT):
        raise _out_of_reach(name)
    try:
        return Path(snapshot_download(name, ignore_patterns=["onnx/*", "openvino/*"]))
    except Exception as error:  # the hub's errors, those of its HTTP library and of the disk have no common root
        raise _out_of_reach(name) from error


def _reachable(address: str) -> bool:
    """Return whether anything answers at `address` within some seconds, name look-up included."""
    from threading import Thread
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    answered: list[bool] = []

    def knock() -> None:
        try:
            urlopen(Request(address, method="HEAD"), timeout=_REACH_SECONDS).close()
            answered.append(True)
        except HTTPError:
            answered.append(True)
        except (OSError, ValueError):
            pass

    waiting = Thread(target=knock, daemon=True)
    waiting.start()
    waiting.join(_REACH_SECONDS)
    return bool(answered)


def _load_model(folder: Path, name: str) -> Any:
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    try:
        return SentenceTransformer(str(folder), local_files_only=True)
    except Exception as error:  # whatever a foreign folder makes torch, transformers or json raise
        raise damaged_model(Path(name), error) from error


def _out_of_reach(name: str) -> EncoderError:
    mend = "请把模型文件夹放到本机并在设置 encoder 中写它的路径"
    return EncoderError(f"本机没有编码模型 {name}，也连不上下载站点：{mend}")
