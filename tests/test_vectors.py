from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from assistant import vectors
from assistant.vectors import Numbers, VectorIndex, Vectors

DIMENSIONS = 24


def unit_vectors(rng: np.random.Generator, count: int, dimensions: int = DIMENSIONS) -> Vectors:
    rows = rng.normal(size=(count, dimensions)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def clustered(rng: np.random.Generator, count: int, dimensions: int = 64) -> Vectors:
    rows = unit_vectors(rng, 20, dimensions)[rng.integers(0, 20, count)] + 0.15 * unit_vectors(rng, count, dimensions)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def indexed(numbers: Numbers, rows: Vectors) -> VectorIndex:
    index = VectorIndex.empty(rows.shape[1], len(rows))
    index.add(numbers, rows)
    return index


def best(query: Vectors, numbers: Numbers, rows: Vectors, k: int) -> list[int]:
    return [int(n) for n in numbers[np.argsort(-(rows @ query), kind="stable")[:k]]]


def found(index: VectorIndex, query: Vectors, k: int, allowed: Iterable[int] | None = None) -> list[int]:
    some = None if allowed is None else np.array(list(allowed), dtype=np.int64)
    return [number for number, _ in index.search(query, k, some)]


@pytest.mark.parametrize("seed", range(4))
def test_search_is_numpys_argsort(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, query = unit_vectors(rng, 300), unit_vectors(rng, 1)[0]
    numbers = rng.permutation(10_000)[:300].astype(np.int64)
    index = indexed(numbers, rows)
    assert (len(index), index.dimensions, index.exact) == (300, DIMENSIONS, True)
    for k in (1, 10, 300, 1000):
        assert found(index, query, k) == best(query, numbers, rows, k)
    scores = [score for _, score in index.search(query, 10)]
    assert scores == pytest.approx(np.sort(rows @ query)[::-1][:10], abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_search_among_some(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, query, numbers = unit_vectors(rng, 200), unit_vectors(rng, 1)[0], np.arange(200, dtype=np.int64) * 7
    index = indexed(numbers, rows)
    chosen = np.sort(rng.permutation(200)[:40])
    assert found(index, query, 10, numbers[chosen]) == best(query, numbers[chosen], rows[chosen], 10)
    assert found(index, query, 100, numbers[chosen]) == best(query, numbers[chosen], rows[chosen], 40)
    assert found(index, query, 10, [numbers[3], 5]) == [int(numbers[3])]
    assert found(index, query, 10, []) == []


def test_removal_and_addition() -> None:
    rng = np.random.default_rng(0)
    rows, query, numbers = unit_vectors(rng, 100), unit_vectors(rng, 1)[0], np.arange(100, dtype=np.int64)
    index = indexed(numbers, rows)
    index.remove(numbers[:30])
    index.remove(np.array([], dtype=np.int64))
    assert found(index, query, 100) == best(query, numbers[30:], rows[30:], 100)
    index.add(numbers[:10], rows[:10])
    kept = np.r_[30:100, 0:10]
    assert found(index, query, 100) == best(query, numbers[kept], rows[kept], 100)
    assert np.array_equal(index.vectors([5, 99, 30]), rows[[5, 99, 30]])
    assert index.vectors([]).shape == (0, DIMENSIONS)


def test_ties_are_in_the_order_of_numbers() -> None:
    row = unit_vectors(np.random.default_rng(0), 1)
    index = indexed(np.array([9, 2, 5], dtype=np.int64), np.repeat(row, 3, axis=0))
    assert found(index, row[0], 3) == [2, 5, 9]


def test_empty_index(tmp_path: Path) -> None:
    index = VectorIndex.empty(DIMENSIONS)
    index.write(tmp_path / "vectors.faiss")
    read = VectorIndex.read(tmp_path / "vectors.faiss")
    assert (len(read), read.dimensions) == (0, DIMENSIONS)
    assert found(read, np.ones(DIMENSIONS, dtype=np.float32), 5) == []


@pytest.mark.parametrize("limit", [1000, 50])
def test_a_file_with_a_chinese_path_gives_the_index_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(vectors, "EXACT_LIMIT", limit)
    rng = np.random.default_rng(0)
    rows, query, numbers = unit_vectors(rng, 100), unit_vectors(rng, 1)[0], np.arange(100, dtype=np.int64) + 50
    index = indexed(numbers, rows)
    file = tmp_path / "向量 索引" / "向量 文件.faiss"
    file.parent.mkdir()
    index.write(file)
    read = VectorIndex.read(file)
    assert (len(read), read.dimensions, read.exact) == (100, DIMENSIONS, limit == 1000)
    assert read.search(query, 20) == index.search(query, 20)
    assert np.array_equal(read.vectors(range(50, 150)), index.vectors(range(50, 150)))
    read.remove(numbers[:50])
    read.add(np.array([7], dtype=np.int64), query.reshape(1, -1))
    assert found(read, query, 1) == [7] and len(read) == 51


@pytest.mark.parametrize("data", [b"", b"no index", b"IxM2" + b"\xff" * 40])
def test_bytes_that_are_no_index(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "vectors.faiss").write_bytes(data)
    with pytest.raises(RuntimeError):
        VectorIndex.read(tmp_path / "vectors.faiss")


def recall(index: VectorIndex, queries: Vectors, numbers: Numbers, rows: Vectors) -> float:
    shares = [len(set(found(index, q, 10)) & set(best(q, numbers, rows, 10))) / 10 for q in queries]
    return float(np.mean(shares))


def test_above_the_limit_vectors_are_quantised_and_still_found(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    rows, numbers = clustered(rng, 3000), np.arange(3000, dtype=np.int64)
    queries = clustered(rng, 50)
    exact = indexed(numbers, rows)
    assert exact.compacted() is exact
    monkeypatch.setattr(vectors, "EXACT_LIMIT", 1000)
    smaller = exact.compacted()
    assert (smaller.exact, len(smaller)) == (False, 3000)
    assert smaller.compacted() is smaller
    assert recall(exact, queries, numbers, rows) == 1.0
    assert recall(smaller, queries, numbers, rows) >= 0.95
    assert np.abs(smaller.vectors([0, 2999]) - rows[[0, 2999]]).max() < 0.02
    chosen = np.arange(0, 3000, 7, dtype=np.int64)
    some = smaller.search(queries[0], 10, chosen)
    assert {number % 7 for number, _ in some} == {0}


def test_a_quantised_index_is_updated_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "EXACT_LIMIT", 500)
    rng = np.random.default_rng(1)
    rows, numbers = clustered(rng, 1500), np.arange(1500, dtype=np.int64)
    index = VectorIndex.empty(64)
    index.add(numbers[:1000], rows[:1000])
    index = index.compacted()
    index.remove(numbers[:300])
    index.add(numbers[1000:], rows[1000:])
    assert recall(index, clustered(rng, 30), numbers[300:], rows[300:]) >= 0.95
