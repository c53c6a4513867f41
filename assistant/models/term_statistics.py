"""What the bundled encoder's folder holds beside its vectors: background counts, questions seen in training.

One small corpus says too little about which words are rare, so document frequencies of a large
background of laws and encyclopaedia paragraphs ship with the encoder; `training.counts` makes them.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.base.errors import EncoderError
from assistant.base.text import fold

MODEL = Path(__file__).parent / "bundled"
BACKGROUND_FILE = "background.safetensors"
SEEN_FILE = "seen_questions.txt"


@dataclass(frozen=True, eq=False)
class Background:
    """In how many of `documents` texts a term occurs, counted when the bundled encoder was made.

    `keys` are the `term_keys` of the terms, sorted, (n,); `frequencies` their counts, (n,).
    """

    documents: int
    keys: NDArray[np.uint64]
    frequencies: NDArray[np.uint32]

    def idf(self, terms: Sequence[str]) -> NDArray[np.float32]:
        """Return ln(1 + (N - df + .5) / (df + .5)) of each term, (n,); an unknown term has df 0."""
        wanted = term_keys(terms)
        places = np.minimum(np.searchsorted(self.keys, wanted), max(len(self.keys) - 1, 0))
        if not len(self.keys):
            return inverse_frequency(np.zeros(len(wanted)), self.documents)
        known = self.keys[places] == wanted
        return inverse_frequency(np.where(known, self.frequencies[places], 0), self.documents)


def load_background(folder: Path = MODEL) -> Background:
    """Return the background frequencies kept beside an encoder; raises EncoderError where they are missing."""
    stored = read_background(folder)
    return Background(stored.documents, stored.tensors["terms"], stored.tensors["frequencies"])


def term_keys(terms: Sequence[str]) -> NDArray[np.uint64]:
    """Return 64 bits of BLAKE2b for each term, (n,): a table of them needs no strings."""
    digests = (hashlib.blake2b(term.encode("utf-8", "replace"), digest_size=8).digest() for term in terms)
    return np.fromiter((int.from_bytes(one, "little") for one in digests), np.uint64, len(terms))


def inverse_frequency(frequencies: NDArray[Any], documents: int) -> NDArray[np.float32]:
    """Return BM25's inverse document frequency, never negative (as Lucene has it)."""
    df = np.asarray(frequencies, dtype=np.float64)
    return np.log1p((documents - df + 0.5) / (df + 0.5)).astype(np.float32)


@dataclass(frozen=True)
class SeenQuestions:
    """The questions that the bundled encoder was trained on, as keys: measure without them."""

    keys: frozenset[str]

    def has(self, question: str) -> bool:
        """Return whether training saw `question`, punctuation and width of characters aside."""
        return question_key(question) in self.keys


def load_seen_questions(folder: Path = MODEL) -> SeenQuestions:
    """Return the list kept beside an encoder; raises EncoderError where it is missing."""
    try:
        return SeenQuestions(frozenset((folder / SEEN_FILE).read_text(encoding="utf-8").split()))
    except (OSError, UnicodeDecodeError) as error:
        raise damaged_model(folder, error) from error


def question_letters(text: str) -> str:
    """Return the letters and digits of `text`, folded: what is compared when questions are."""
    return "".join(letter for letter in fold(text) if letter.isalnum())


def question_key(text: str) -> str:
    """Return the first 7 hex digits of SHA-256 of the letters of `text`."""
    return hashlib.sha256(question_letters(text).encode("utf-8", "replace")).hexdigest()[:7]


@dataclass(frozen=True)
class Stored:
    """The tensors of the background file by name, and the number of documents counted."""

    documents: int
    tensors: dict[str, NDArray[Any]]


def read_background(folder: Path) -> Stored:
    """Return what the background file of `folder` holds; raises EncoderError where it is missing or damaged."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(folder / BACKGROUND_FILE, framework="numpy") as opened:
            tensors = {name: opened.get_tensor(name) for name in ("terms", "frequencies", "pieces")}
            return Stored(int(opened.metadata()["documents"]), tensors)
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise damaged_model(folder, error) from error


def damaged_model(folder: Path, error: Exception) -> EncoderError:
    """Return the error for a model folder that lacks files or is none."""
    reason = " ".join(str(error).split())[:120] or type(error).__name__
    mend = "请重新复制该文件夹，自带模型请重新安装程序"
    return EncoderError(f"编码模型 {folder} 缺文件、已损坏或不是编码模型（{reason}）：{mend}")
