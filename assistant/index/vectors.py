"""Passage vectors: FAISS finds candidates, the stored vectors score them.

Three files: the vectors as 16-bit fixed point (`vectors.npy`, memory-mapped, never read whole), their passages'
numbers (`numbers.npy`), and a FAISS index over the same rows. Up to `EXACT_LIMIT` rows FAISS searches
exhaustively; above it, it uses four-bit product quantisation, whose best `CANDIDATES` are rescored with the
vectors. Why: docs/architecture.md.

Files are opened by Python because FAISS itself cannot open every path with Chinese names.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from assistant.models.encoder import Vectors, unit_rows

INDEX_NAME = "vectors.faiss"
ROWS_NAME = "vectors.npy"
NUMBERS_NAME = "numbers.npy"

EXACT_LIMIT = 20_000
CANDIDATES = 1000
CANDIDATES_EACH = 3  # for one result asked for, where that is more than CANDIDATES
SCORED_AT_MOST = 20_000  # of the passages allowed; among more, candidates are found first

CONTEXT_REACH = 2
CONTEXT_WEIGHT = 0.2

_TRAINED_ON = 16_384
_ROWS_AT_ONCE = 16_384
_SEED = 7
_SCALE = 32_767  # components of unit vectors lie in -1..1; rounding moves a cosine by less than 1e-4

Numbers = NDArray[np.int64]
Rows = NDArray[np.int16]


def near(marked: NDArray[np.bool_], documents: Numbers) -> NDArray[np.bool_]:
    """Return which rows are `marked` or at most `CONTEXT_REACH` rows from a marked one of the same document, (n,)."""
    found = marked.copy()
    for left, right, same in _neighbours(documents):
        found[left] |= marked[right] & same
        found[right] |= marked[left] & same
    return found


def in_context(vectors: Vectors, documents: Numbers) -> Vectors:
    """Return context vectors (n, dimensions): each of `vectors` plus a share of its neighbours', of length 1 or 0.

    Rows are in text order, and neighbours are of the same document. What a passage is about is often said just
    before or after it.
    """
    found = np.empty_like(vectors)
    for some in _slices(len(vectors)):
        first = max(0, some.start - CONTEXT_REACH)
        window = slice(first, some.stop + CONTEXT_REACH)
        found[some] = _in_context(vectors[window], documents[window])[some.start - first :][: len(found[some])]
    return found


def _in_context(vectors: Vectors, documents: Numbers) -> Vectors:
    total = vectors.copy()
    for left, right, same in _neighbours(documents):
        share = (CONTEXT_WEIGHT * same.astype(np.float32))[:, None]
        total[left] += share * vectors[right]
        total[right] += share * vectors[left]
    return unit_rows(total)


def _neighbours(documents: Numbers) -> Iterator[tuple[slice, slice, NDArray[np.bool_]]]:
    """Yield, for each distance 1 to `CONTEXT_REACH`, both rows of each pair, and whether one document has both."""
    for apart in range(1, min(CONTEXT_REACH, len(documents) - 1) + 1):
        yield slice(None, -apart), slice(apart, None), documents[:-apart] == documents[apart:]


class VectorIndex:
    """Reads what `VectorWriter` wrote; safe to use from several threads.

    `numbers` (n,), ascending, are the passages of the rows of `rows` (n, dimensions) and of the FAISS `index`;
    `exact`: the search is exhaustive, not over candidates only.
    """

    def __init__(self, rows: Rows, numbers: Numbers, index: Any) -> None:
        import faiss

        self._rows, self._numbers, self._index = rows, numbers, index
        self._visible: NDArray[np.bool_] | None = None
        self.exact = isinstance(faiss.downcast_index(index), faiss.IndexFlatIP)

    @classmethod
    def read(cls, folder: Path) -> "VectorIndex":
        """Return the vectors in `folder`; raises RuntimeError, ValueError or OSError where there are none."""
        import faiss

        try:
            rows = np.load(folder / ROWS_NAME, mmap_mode="r").view(np.ndarray)
            numbers = np.load(folder / NUMBERS_NAME)
        except EOFError as error:
            raise ValueError(str(error)) from error
        index = faiss.deserialize_index(np.fromfile(folder / INDEX_NAME, dtype=np.uint8))
        if rows.dtype != np.int16 or rows.shape != (index.ntotal, index.d) or numbers.shape != (index.ntotal,):
            raise ValueError(f"{rows.dtype} {rows.shape} {numbers.shape} {index.ntotal}")
        return cls(rows, numbers, index)

    def limited(self, numbers: Numbers) -> "VectorIndex":
        """Return a view in which only the rows of these passages exist."""
        view = copy(self)
        view._visible = np.zeros(len(self._numbers), dtype=bool)
        view._visible[self._places(numbers)] = True
        return view

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._numbers) if self._visible is None else int(self._visible.sum())

    @property
    def dimensions(self) -> int:
        """Components of each vector."""
        return int(self._rows.shape[1])

    def vectors(self, numbers: Sequence[int] | Numbers) -> Vectors:
        """Return the vectors (n, dimensions) of these passages, as stored; raises KeyError for an unknown one."""
        places = self._places(np.asarray(numbers, dtype=np.int64))
        if len(places) != len(numbers):
            raise KeyError(f"{len(numbers) - len(places)} of {len(numbers)} passages have no vector")
        return _vectors(self._rows[places])

    def search(self, query: Vectors, k: int, allowed: Numbers | None = None) -> list[tuple[int, float]]:
        """Return (passage number, cosine) of the best `k` for `query` (dimensions,), best first; ties by number.

        `allowed` limits the search to these passages. A zero query, made of unknown words only, finds nothing.
        """
        if k <= 0 or not len(self) or not query.any():
            return []
        if allowed is not None:
            places = self._among(query, k, self._places(np.sort(allowed)))
        elif self._visible is not None:
            places = self._among(query, k, np.flatnonzero(self._visible))
        else:
            places = self._candidates(query, k)
        scores = self._scores(query, places)
        best = np.argsort(-scores, kind="stable")[:k]
        return list(zip(self._numbers[places[best]].tolist(), scores[best].tolist(), strict=True))

    def rows(self, without: Numbers) -> Iterator[tuple[Numbers, Rows]]:
        """Yield (numbers, stored rows) in blocks, of all passages but `without`."""
        stays = np.ones(len(self._numbers), dtype=bool) if self._visible is None else self._visible.copy()
        stays[self._places(without)] = False
        for some in _slices(len(stays)):
            kept = stays[some]
            yield self._numbers[some][kept], self._rows[some][kept]

    def _candidates(self, query: Vectors, k: int) -> NDArray[np.int64]:
        """Return FAISS's nearest rows as ascending row indices: `k` of them if exact, more if not."""
        _use_one_thread()
        wanted = k if self.exact else max(CANDIDATES, CANDIDATES_EACH * k)
        _, places = self._index.search(query.reshape(1, -1), min(wanted, len(self._numbers)))
        return np.sort(places[0][places[0] >= 0])

    def _among(self, query: Vectors, k: int, allowed: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return which of the row indices `allowed` to score: all if few, else the candidates among them if enough."""
        if len(allowed) <= SCORED_AT_MOST:
            return allowed
        share = len(allowed) / len(self._numbers)
        chosen = np.zeros(len(self._numbers), dtype=bool)
        chosen[allowed] = True
        found = self._candidates(query, int(k / share))
        found = found[chosen[found]]
        return found if len(found) >= k else allowed

    def _scores(self, query: Vectors, places: NDArray[np.int64]) -> Vectors:
        """Return the cosines (n,) of these rows; by einsum, because BLAS threads wait for each other under load."""
        scaled = np.float32(1 / _SCALE) * query.astype(np.float32)
        scores = np.empty(len(places), dtype=np.float32)
        for some in _slices(len(places)):
            np.einsum("ij,j->i", self._rows[places[some]].astype(np.float32), scaled, out=scores[some])
        return scores

    def _places(self, numbers: Numbers) -> NDArray[np.int64]:
        """Return the row indices of these passages; unknown ones, and those outside the view, are left out."""
        if not len(self._numbers):
            return np.empty(0, dtype=np.int64)
        places = np.minimum(np.searchsorted(self._numbers, numbers), len(self._numbers) - 1)
        known = self._numbers[places] == numbers
        return places[known if self._visible is None else known & self._visible[places]]


class VectorWriter:
    """Writes vectors to `folder` as they come, in ascending order of numbers; nothing is valid before `commit`."""

    def __init__(self, folder: Path, dimensions: int) -> None:
        self._folder, self._dimensions = folder, dimensions
        self._numbers: list[Numbers] = []
        self._stream: BinaryIO = (folder / ROWS_NAME).open("wb")
        self._write_header(0)

    def add(self, numbers: Numbers, vectors: Vectors) -> None:
        """Add `vectors` (n, dimensions), of length 1 or 0, under passage `numbers` (n,)."""
        self._append(numbers, np.rint(vectors * np.float32(_SCALE)).clip(-_SCALE, _SCALE).astype(np.int16))

    def copy(self, old: VectorIndex, without: Numbers) -> None:
        """Copy the rows of `old` except those of the passages `without`."""
        for numbers, rows in old.rows(without):
            self._append(numbers, rows)

    def commit(self) -> None:
        """Write everything; the writer cannot be used afterwards."""
        import faiss

        numbers = np.concatenate([np.empty(0, dtype=np.int64), *self._numbers])
        if np.any(np.diff(numbers) <= 0):
            raise ValueError("passage numbers must ascend")
        self._stream.seek(0)
        self._write_header(len(numbers))
        self._stream.close()
        np.save(self._folder / NUMBERS_NAME, numbers)
        rows = np.load(self._folder / ROWS_NAME, mmap_mode="r").view(np.ndarray)
        faiss.serialize_index(_index(rows)).tofile(self._folder / INDEX_NAME)

    def _append(self, numbers: Numbers, rows: Rows) -> None:
        self._numbers.append(numbers)
        self._stream.write(np.ascontiguousarray(rows).data)

    def _write_header(self, count: int) -> None:
        """Write NumPy's header; its length is the same for every count (numpy.lib.format leaves room to grow)."""
        shape = (count, self._dimensions)
        header = {"descr": np.lib.format.dtype_to_descr(np.dtype(np.int16)), "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(self._stream, header)


def _index(rows: Rows) -> Any:
    """Return a FAISS index over `rows`: flat for a few, four-bit product quantisation for many."""
    import faiss

    count, dimensions = rows.shape
    index: Any
    if count <= EXACT_LIMIT:
        index = faiss.IndexFlatIP(dimensions)
    else:
        index = faiss.IndexPQFastScan(dimensions, _codes(dimensions), 4, faiss.METRIC_INNER_PRODUCT)
    _use_one_thread()
    if not index.is_trained:
        chosen = np.random.default_rng(_SEED).choice(count, min(count, _TRAINED_ON), replace=False)
        index.train(_vectors(rows[np.sort(chosen)]))
    for some in _slices(count):
        index.add(_vectors(rows[some]))
    return index


def _use_one_thread() -> None:
    """Limit FAISS to one core in this thread: more wait for each other under load, 20 ms for a search of 1 ms."""
    import faiss

    faiss.omp_set_num_threads(1)


def _codes(dimensions: int) -> int:
    """Return the number of four-bit codes a vector: one for two components, for long vectors one for four."""
    wanted = 2 if dimensions <= 256 else 4
    return dimensions // next(n for n in (wanted, 3, 2, 1) if dimensions % n == 0)


def _vectors(rows: Rows) -> Vectors:
    return rows.astype(np.float32) / np.float32(_SCALE)


def _slices(count: int) -> Iterator[slice]:
    return (slice(start, start + _ROWS_AT_ONCE) for start in range(0, count, _ROWS_AT_ONCE))
