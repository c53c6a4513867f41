"""Texts to vectors: the bundled static encoder, or any sentence-transformers model.

The bundled encoder is read with numpy, tokenizers and safetensors alone, in milliseconds; torch and
sentence_transformers are imported only for other models. How the bundled one is made: `training/`.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.base.settings import ModelOptions
from assistant.base.text import printable
from assistant.models.loading import ENCODER, Model
from assistant.models.term_statistics import MODEL, damaged_model, inverse_frequency, read_background

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BUNDLED = "bundled"

_TEXTS_AT_ONCE = 1024
_BATCHES_AT_ONCE = 8
_PIECES_AT_ONCE = 1024
_DOCUMENT_PROMPTS = ("document", "passage", "corpus")
_MODEL_FILES = {".json", ".txt", ".model", ".safetensors", ".bin"}


class Encoder(Protocol):
    """Texts to L2-normalised vectors. `fingerprint` is hex and changes when any vector might."""

    name: str
    dimensions: int

    @property
    def fingerprint(self) -> str:
        """Hex digest of weights, tokenizer, prompts and whatever else the vectors hang on."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dimensions), each row of length 1, or 0 where nothing in the text is known."""
        ...

    def encode_documents(self, texts: Sequence[str], progress: bool = False) -> NDArray[np.float32]:
        """Return (n, dimensions) as `encode_queries` does; `progress` shows a bar on a terminal."""
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
        encoding = self._tokenizer.encode(printable(text), add_special_tokens=False)
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
        for first in _steps(len(texts), _TEXTS_AT_ONCE, progress):
            batch = [prompt + printable(text) for text in texts[first : first + _TEXTS_AT_ONCE]]
            encodings = self._tokenizer.encode_batch_fast(batch, add_special_tokens=False)
            ids = [np.array(encoding.ids, dtype=np.int64) for encoding in encodings]
            _add_up(weights, ids, found[first : first + _TEXTS_AT_ONCE])
        return unit_rows(found)


class SentenceTransformerEncoder:
    """Any other sentence-transformers model, in a folder or by its name on the Hugging Face hub."""

    def __init__(self, name_or_folder: str | Path, options: ModelOptions | None = None) -> None:
        """Load the model; raises EncoderError where it is missing, no model, or out of reach."""
        options = options or ModelOptions()
        self.name = str(name_or_folder)
        self._model = Model(ENCODER, self.name, options)
        self._step = _BATCHES_AT_ONCE * options.batch
        prompts = self._model.loaded.prompts
        own = next((prompts[name] for name in _DOCUMENT_PROMPTS if prompts.get(name)), "")
        self._query_prompt = options.query_prompt or prompts.get("query", "")
        self._document_prompt = options.document_prompt or own
        self.dimensions = int(self._model.loaded.get_embedding_dimension())

    @cached_property
    def fingerprint(self) -> str:
        """Hex digest of all files of the model, of the prompts and of the type of its numbers."""
        folder = self._model.folder
        files = [path for path in folder.rglob("*") if path.suffix in _MODEL_FILES and path.is_file()]
        kept = [path for path in files if not {"onnx", "openvino", ".git"} & set(path.relative_to(folder).parts)]
        run_with = [self._query_prompt, self._document_prompt, str(self._model.loaded.dtype)]
        return _digest(sorted(kept), json.dumps(run_with))

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dimensions), with the query prompt before each text."""
        return self._encode(self._model.loaded.encode_query, texts, self._query_prompt)

    def encode_documents(self, texts: Sequence[str], progress: bool = False) -> NDArray[np.float32]:
        """Return (n, dimensions), with the document prompt, if any, before each text."""
        found = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for first in _steps(len(texts), self._step, progress):
            some = slice(first, first + self._step)
            found[some] = self._encode(self._model.loaded.encode_document, texts[some], self._document_prompt)
        return found

    def _encode(self, method: Callable[..., Any], texts: Sequence[str], prompt: str) -> NDArray[np.float32]:
        found = self._model.call(method, [printable(text) for text in texts], prompt=prompt)
        return unit_rows(found.reshape(-1, self.dimensions))


def load_encoder(name: str | None = None, options: ModelOptions | None = None) -> Encoder:
    """Return the bundled encoder for None or "bundled", else the sentence-transformers model of that name.

    `options` are for the latter: prompts of another model would only harm the bundled one.
    """
    if name in (None, "", BUNDLED):
        return StaticEncoder(MODEL, BUNDLED)
    return SentenceTransformerEncoder(str(name), options)


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


def _steps(texts: int, step: int, progress: bool) -> Iterator[int]:
    """Yield 0, step, 2 step … below `texts`, with a bar where `progress` is wanted and stderr is a terminal."""
    if not progress:
        yield from range(0, texts, step)
        return
    from tqdm import tqdm

    with tqdm(total=texts, desc="编码", unit="段", leave=False, disable=None) as bar:
        for first in range(0, texts, step):
            yield first
            bar.update(min(step, texts - first))


def _digest(files: Sequence[Path], extra: str) -> str:
    """Return a hex digest of the contents of `files`, in this order, and of `extra`."""
    total = hashlib.sha256(extra.encode())
    for path in files:
        with path.open("rb") as opened:
            total.update(hashlib.file_digest(opened, "sha256").digest())
    return total.hexdigest()[:32]


Vectors = NDArray[np.float32]


def unit_rows(rows: Vectors) -> Vectors:
    """Bring each row (n, dimensions) that is not 0 to length 1, in place, and return `rows`."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, length, out=rows, where=length > 0)
