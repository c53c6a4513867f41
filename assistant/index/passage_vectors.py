"""Encodes passages and writes their vectors in a thread of its own while a build goes on reading."""

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np

from assistant.index.vectors import Numbers, VectorIndex, VectorWriter, in_context, near
from assistant.models.encoder import Encoder, Vectors

PASSAGES_AT_ONCE = 4096


class Waiting(NamedTuple):
    """A passage to encode: its number, its document's, the digest of its text in context, its indexed text."""

    passage: int
    document: int
    digest: bytes
    text: str


class PassageVectors:
    """Writes the vectors of the passages it is given to `folder`, in order; nothing is valid before `commit`.

    `encoded` is the number of texts passed to the encoder.
    """

    def __init__(self, folder: Path, encoder: Encoder, progress: bool) -> None:
        self._encoder, self._progress = encoder, progress
        self._writer = VectorWriter(folder, encoder.dimensions)
        self._known: dict[bytes, Vectors] = {}
        self._waiting: list[Waiting] = []
        self._thread = ThreadPoolExecutor(1, "vectors")
        self._jobs: list[Future[None]] = []
        self.encoded = 0

    def take_over(self, old: VectorIndex, gone: dict[int, bytes]) -> None:
        """Copy the vectors of `old` except those of the passages `gone`, which are kept by digest for reuse."""
        numbers = np.array(list(gone), dtype=np.int64)
        self._known = dict(zip(gone.values(), old.vectors(numbers), strict=True))
        self._writer.copy(old, numbers)

    def add(self, passages: Iterable[Waiting]) -> bool:
        """Add all passages of a document; return whether a batch was handed to the thread.

        Raises whatever failed in an earlier batch.
        """
        self._waiting += passages
        enough = len(self._waiting) >= PASSAGES_AT_ONCE
        if enough:
            self._hand_over()
        return enough

    def finish(self) -> None:
        """Tell the thread to write the rest; nothing can be added afterwards. `commit` waits for it."""
        self._hand_over()
        self._jobs.append(self._thread.submit(self._writer.commit))

    def commit(self) -> None:
        """Wait until everything is written; raises whatever failed."""
        self._wait()

    def close(self) -> None:
        """Wait for the thread to end, without raising its errors."""
        self._thread.shutdown(cancel_futures=True)

    def _hand_over(self) -> None:
        self._wait()
        if self._waiting:
            self._jobs.append(self._thread.submit(self._write, self._waiting))
            self._waiting = []

    def _wait(self) -> None:
        while self._jobs:
            self._jobs.pop(0).result()

    def _write(self, waiting: list[Waiting]) -> None:
        numbers: Numbers = np.array([one.passage for one in waiting], dtype=np.int64)
        self._writer.add(numbers, self._encode(waiting))

    def _encode(self, waiting: list[Waiting]) -> Vectors:
        """Return the context vectors (n, dimensions); those whose digest is known are reused, not made again."""
        documents: Numbers = np.array([one.document for one in waiting], dtype=np.int64)
        known = np.array([one.digest in self._known for one in waiting])
        needed = np.flatnonzero(near(~known, documents)).tolist()
        vectors = np.zeros((len(waiting), self._encoder.dimensions), dtype=np.float32)
        if needed:
            texts = [waiting[n].text for n in needed]
            vectors[needed] = self._encoder.encode_documents(texts, progress=self._progress)
        vectors = in_context(vectors, documents)
        for n in np.flatnonzero(known).tolist():
            vectors[n] = self._known[waiting[n].digest]
        self.encoded += len(needed)
        return vectors
