"""First vectors of the pieces: which pieces keep the same company, before any pair is seen.

Counts of neighbours become positive pointwise mutual information, and that matrix is reduced to
a few hundred dimensions (Levy & Goldberg 2014; Levy, Goldberg & Dagan 2015).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

WINDOW = 5
SMOOTHING = 0.75
LEAST_COUNT = 1.0
ROUNDS = 4
SPARE = 32


def learn(
    ids: NDArray[np.int32], owners: NDArray[np.int64], pieces: int, dimensions: int, seed: int
) -> NDArray[np.float32]:
    """Return vectors of length 1, or 0 for a piece without company, (pieces, dimensions).

    `ids` are the pieces of all documents in order and `owners`, as long, the document of each.
    """
    information = positive_information(neighbours(ids, owners, pieces))
    found = reduce(information, dimensions, np.random.default_rng(seed))
    length = np.linalg.norm(found, axis=1, keepdims=True)
    return np.divide(found, length, out=np.zeros_like(found), where=length > 1e-6)


def neighbours(ids: NDArray[np.int32], owners: NDArray[np.int64], pieces: int) -> Any:
    """Return how often two pieces stand within `WINDOW` of each other, k apart counting 1/k: symmetric CSR."""
    from scipy.sparse import coo_matrix, csr_matrix

    counts = csr_matrix((pieces, pieces), dtype=np.float32)
    for apart in range(1, WINDOW + 1):
        inside = owners[:-apart] == owners[apart:]
        left, right = ids[:-apart][inside], ids[apart:][inside]
        weight = np.full(len(left), 1 / apart, dtype=np.float32)
        counts += coo_matrix((weight, (left, right)), shape=(pieces, pieces)).tocsr()
    return counts + counts.T


def positive_information(counts: Any) -> Any:
    """Return max(0, ln(p(a, b) / p(a) p'(b))) where the count is at least `LEAST_COUNT`: CSR.

    p' is p to the power of `SMOOTHING`, normalised: rare companions are worth less.
    """
    from scipy.sparse import csr_matrix

    cells = counts.tocoo()
    total = np.bincount(cells.row, cells.data, counts.shape[0])
    smooth = total**SMOOTHING
    expected = total[cells.row] * (smooth / smooth.sum())[cells.col]
    information = np.log(np.maximum(cells.data, 1e-9) / np.maximum(expected, 1e-9))
    kept = (information > 0) & (cells.data >= LEAST_COUNT)
    cells = information[kept].astype(np.float32), (cells.row[kept], cells.col[kept])
    return csr_matrix(cells, shape=counts.shape)


def reduce(matrix: Any, dimensions: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return the leading eigenvectors of an all but symmetric `matrix`, each times the root of its eigenvalue.

    By subspace iteration (Halko, Martinsson & Tropp 2011), (rows, dimensions).
    """
    basis = rng.standard_normal((matrix.shape[0], dimensions + SPARE), dtype=np.float32)
    for _ in range(ROUNDS):
        basis, _ = np.linalg.qr(matrix @ basis)
    small = basis.T @ (matrix @ basis)
    values, directions = np.linalg.eigh((small + small.T) / 2)
    best = np.argsort(-np.abs(values), kind="stable")[:dimensions]
    found: NDArray[np.float32] = (basis @ directions[:, best]) * np.sqrt(np.abs(values[best]))
    return found
