"""Passage vectors in FAISS, keyed by passage number; inner product of unit vectors is the cosine.

Exact up to `EXACT_LIMIT` vectors, one byte a component (scalar quantiser) above it. Files are
written and read through Python because FAISS itself cannot open every path with Chinese names.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

EXACT_LIMIT = 200_000

Vectors = NDArray[np.float32]
Numbers = NDArray[np.int64]


class VectorIndex:
    """A FAISS index whose rows carry passage numbers."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def empty(cls, dimensions: int, expected: int = 0) -> "VectorIndex":
        """Return an index without rows, of the kind that suits `expected` rows."""
        import faiss

        if expected <= EXACT_LIMIT:
            return cls(faiss.IndexIDMap2(faiss.IndexFlatIP(dimensions)))
        kind = faiss.ScalarQuantizer.QT_8bit
        return cls(faiss.IndexIDMap2(faiss.IndexScalarQuantizer(dimensions, kind, faiss.METRIC_INNER_PRODUCT)))

    @classmethod
    def read(cls, file: Path) -> "VectorIndex":
        """Return the index in `file`; raises RuntimeError when the bytes are no FAISS index."""
        import faiss

        return cls(faiss.deserialize_index(np.fromfile(file, dtype=np.uint8)))

    def write(self, file: Path) -> None:
        """Write the index to `file`."""
        import faiss

        faiss.serialize_index(self._index).tofile(file)

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self._index.ntotal)

    @property
    def dimensions(self) -> int:
        """Components of each vector."""
        return int(self._index.d)

    @property
    def exact(self) -> bool:
        """Whether search compares the vectors themselves, not their quantised form."""
        import faiss

        return isinstance(faiss.downcast_index(self._index.index), faiss.IndexFlatIP)

    def add(self, numbers: Numbers, vectors: Vectors) -> None:
        """Add `vectors` (n, dimensions) under passage `numbers` (n,)."""
        if len(numbers):
            if not self._index.is_trained:
                self._index.train(vectors)
            self._index.add_with_ids(vectors, numbers)

    def compacted(self) -> "VectorIndex":
        """Return this index, quantised if it has outgrown `EXACT_LIMIT`."""
        import faiss

        if not self.exact or len(self) <= EXACT_LIMIT:
            return self
        numbers = faiss.vector_to_array(self._index.id_map).astype(np.int64)
        flat = faiss.downcast_index(self._index.index)
        smaller = VectorIndex.empty(self.dimensions, len(self))
        for start in range(0, len(self), EXACT_LIMIT):
            count = min(EXACT_LIMIT, len(self) - start)
            smaller.add(numbers[start : start + count], flat.reconstruct_n(start, count))
        return smaller

    def remove(self, numbers: Numbers) -> None:
        """Take out the rows of these passages."""
        if len(numbers):
            self._index.remove_ids(numbers)

    def vectors(self, numbers: Sequence[int]) -> Vectors:
        """Return the vectors (n, dimensions) of these passages, as stored."""
        rows = [self._index.reconstruct(int(n)) for n in numbers]
        return np.array(rows, dtype=np.float32).reshape(len(rows), self.dimensions)

    def search(self, query: Vectors, k: int, allowed: Numbers | None = None) -> list[tuple[int, float]]:
        """Return (passage number, cosine) of the best `k` for `query` (dimensions,), best first; ties by number.

        `allowed` limits the search to these passages.
        """
        import faiss

        k = min(k, len(self) if allowed is None else len(allowed))
        if k <= 0:
            return []
        parameters = None
        if allowed is not None:
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(allowed))  # type: ignore[call-arg]
        scores, numbers = self._index.search(query.reshape(1, -1), k, params=parameters)
        pairs = [(int(n), float(s)) for n, s in zip(numbers[0], scores[0], strict=True) if n >= 0]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
