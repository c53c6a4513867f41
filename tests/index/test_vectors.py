from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.index import vectors
from assistant.index.vectors import Numbers, VectorIndex, VectorWriter
from assistant.models.encoder import Vectors

DIMENSIONS = 24
ROUNDING = 1e-4  # of a cosine: vectors are kept in 16 bits


def unit_vectors(rng: np.random.Generator, count: int, dimensions: int = DIMENSIONS) -> Vectors:
    rows = rng.normal(size=(count, dimensions)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def clustered(rng: np.random.Generator, count: int, dimensions: int = 64) -> Vectors:
    """Rows around 20 centres, with more variance in the first components, as encoders make them."""
    noise = unit_vectors(rng, count, dimensions) * np.linspace(2, 0.5, dimensions, dtype=np.float32)
    rows = unit_vectors(rng, 20, dimensions)[rng.integers(0, 20, count)] + 0.5 * noise
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def made(
    folder: Path, numbers: Numbers, rows: Vectors, old: VectorIndex | None = None, gone: Iterable[int] = ()
) -> VectorIndex:
    """Write an index of `rows`, after those of `old` but `gone`, and read it."""
    folder.mkdir(parents=True)
    writer = VectorWriter(folder, rows.shape[1])
    if old is not None:
        writer.copy(old, np.array(list(gone), dtype=np.int64))
    for some in np.array_split(np.arange(len(rows)), 3):
        writer.add(numbers[some], rows[some])
    writer.commit()
    return VectorIndex.read(folder)


def best(query: Vectors, numbers: Numbers, rows: Vectors, k: int) -> list[int]:
    return [int(n) for n in numbers[np.argsort(-(rows @ query), kind="stable")[:k]]]


def found(index: VectorIndex, query: Vectors, k: int, allowed: Iterable[int] | None = None) -> list[int]:
    some = None if allowed is None else np.array(list(allowed), dtype=np.int64)
    return [number for number, _ in index.search(query, k, some)]


def assert_best(index: VectorIndex, query: Vectors, k: int, numbers: Numbers, rows: Vectors) -> None:
    """The index finds the best `k` of `rows`, with their cosines, as far as 16 bits tell them apart."""
    pairs = index.search(query, k)
    cosines = dict(zip(numbers.tolist(), (rows @ query).tolist(), strict=True))
    expected = sorted(cosines.values(), reverse=True)[:k]
    assert [score for _, score in pairs] == pytest.approx(expected, abs=ROUNDING)
    assert [cosines[number] for number, _ in pairs] == pytest.approx(expected, abs=ROUNDING)
    assert len({number for number, _ in pairs}) == len(pairs)


def recall(index: VectorIndex, queries: Vectors, numbers: Numbers, rows: Vectors, k: int = 10) -> float:
    shares = [len(set(found(index, q, k)) & set(best(q, numbers, rows, k))) / k for q in queries]
    return float(np.mean(shares))


@pytest.fixture
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Quantise from 1,001 rows on and compare few candidates, so that tests need few rows."""
    monkeypatch.setattr(vectors, "EXACT_LIMIT", 1000)
    monkeypatch.setattr(vectors, "CANDIDATES", 200)
    monkeypatch.setattr(vectors, "SCORED_AT_MOST", 500)


@pytest.mark.parametrize("seed", range(4))
def test_search_is_numpys_argsort(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, query = unit_vectors(rng, 300), unit_vectors(rng, 1)[0]
    numbers = np.sort(rng.permutation(10_000)[:300])
    index = made(tmp_path / "v", numbers, rows)
    assert (len(index), index.dimensions, index.exact) == (300, DIMENSIONS, True)
    for k in (1, 10, 300, 1000):
        assert_best(index, query, k, numbers, rows)
    assert index.search(query, 0) == []


@pytest.mark.parametrize("seed", range(3))
def test_search_among_some(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, query, numbers = unit_vectors(rng, 200), unit_vectors(rng, 1)[0], np.arange(200, dtype=np.int64) * 7
    index = made(tmp_path / "v", numbers, rows)
    chosen = rng.permutation(200)[:40]
    assert found(index, query, 10, numbers[chosen]) == best(query, numbers[chosen], rows[chosen], 10)
    assert found(index, query, 100, numbers[chosen]) == best(query, numbers[chosen], rows[chosen], 40)
    assert found(index, query, 10, [numbers[3], 5, -1, 9999]) == [int(numbers[3])]
    assert found(index, query, 10, []) == []


def test_vectors_come_back(tmp_path: Path) -> None:
    rows, numbers = unit_vectors(np.random.default_rng(0), 100), np.arange(100, dtype=np.int64) + 50
    index = made(tmp_path / "v", numbers, rows)
    assert np.abs(index.vectors([60, 149, 50]) - rows[[10, 99, 0]]).max() < ROUNDING
    assert index.vectors([]).shape == (0, DIMENSIONS)
    with pytest.raises(KeyError):
        index.vectors([60, 150])


def test_vectors_that_are_copied_stay_the_same_bit_by_bit(tmp_path: Path) -> None:
    """Of two ways to carry a vector over, as it is stored and through `vectors`, neither drifts."""
    rows, numbers = unit_vectors(np.random.default_rng(0), 100), np.arange(100, dtype=np.int64)
    first = made(tmp_path / "1", numbers, rows)
    again = made(tmp_path / "2", numbers[:0], rows[:0], first)
    through = made(tmp_path / "3", numbers, first.vectors(range(100)))
    for name in (vectors.ROWS_NAME, vectors.NUMBERS_NAME, vectors.INDEX_NAME):
        data = (tmp_path / "1" / name).read_bytes()
        assert (tmp_path / "2" / name).read_bytes() == (tmp_path / "3" / name).read_bytes() == data
    assert len(again) == len(through) == 100


def test_removal_and_addition(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    rows, query, numbers = unit_vectors(rng, 120), unit_vectors(rng, 1)[0], np.arange(120, dtype=np.int64)
    old = made(tmp_path / "old", numbers[:100], rows[:100])
    index = made(tmp_path / "new", numbers[100:], rows[100:], old, [*range(30), 777])
    assert_best(index, query, 90, numbers[30:], rows[30:])
    assert found(index, query, 90, range(30)) == []
    assert len(index) == 90
    assert_best(old, query, 100, numbers[:100], rows[:100])
    assert len(made(tmp_path / "none", numbers[:0], rows[:0], index, range(200))) == 0


def test_numbers_must_ascend(tmp_path: Path) -> None:
    rows = unit_vectors(np.random.default_rng(0), 3)
    for turn, numbers in enumerate(([1, 3, 2], [1, 2, 2])):
        with pytest.raises(ValueError, match="ascend"):
            made(tmp_path / str(turn), np.array(numbers, dtype=np.int64), rows)


def test_ties_are_in_the_order_of_numbers(tmp_path: Path) -> None:
    row = unit_vectors(np.random.default_rng(0), 1)
    index = made(tmp_path / "v", np.array([2, 5, 9], dtype=np.int64), np.repeat(row, 3, axis=0))
    assert found(index, row[0], 3) == found(index, row[0], 3, [9, 5, 2]) == [2, 5, 9]


def test_a_vector_of_zeros(tmp_path: Path) -> None:
    rows = np.vstack([np.zeros((1, DIMENSIONS), dtype=np.float32), unit_vectors(np.random.default_rng(0), 3)])
    index = made(tmp_path / "v", np.arange(4, dtype=np.int64), rows)
    assert dict(index.search(rows[1], 4))[0] == 0.0
    assert index.search(rows[0], 4) == []


def test_empty_index(tmp_path: Path) -> None:
    index = made(tmp_path / "v", np.empty(0, dtype=np.int64), np.empty((0, DIMENSIONS), dtype=np.float32))
    assert (len(index), index.dimensions, index.exact) == (0, DIMENSIONS, True)
    assert found(index, np.ones(DIMENSIONS, dtype=np.float32), 5) == []
    assert found(index, np.ones(DIMENSIONS, dtype=np.float32), 5, [1]) == []


@pytest.mark.parametrize("count", [1000, 3000])
@pytest.mark.usefixtures("few_are_many")
def test_a_folder_with_a_chinese_name(tmp_path: Path, count: int) -> None:
    rng = np.random.default_rng(0)
    rows, query, numbers = clustered(rng, count), clustered(rng, 1)[0], np.arange(count, dtype=np.int64) + 50
    index = made(tmp_path / "向量 索引", numbers, rows)
    assert (len(index), index.dimensions, index.exact) == (count, 64, count == 1000)
    assert index.search(query, 20) == VectorIndex.read(tmp_path / "向量 索引").search(query, 20)
    assert best(query, numbers, rows, 10) == found(index, query, 10)


@pytest.mark.parametrize("data", [b"", b"no index", b"IxM2" + b"\xff" * 40, b"\x93NUMPY\x01\x00\xff\xff{"])
@pytest.mark.parametrize("name", [vectors.ROWS_NAME, vectors.NUMBERS_NAME, vectors.INDEX_NAME])
def test_bytes_that_are_no_index(tmp_path: Path, name: str, data: bytes) -> None:
    made(tmp_path / "v", np.arange(3, dtype=np.int64), unit_vectors(np.random.default_rng(0), 3))
    (tmp_path / "v" / name).write_bytes(data)
    with pytest.raises((RuntimeError, ValueError)):
        VectorIndex.read(tmp_path / "v")


@pytest.mark.parametrize("name", [vectors.ROWS_NAME, vectors.NUMBERS_NAME, vectors.INDEX_NAME])
def test_files_that_do_not_belong_together(tmp_path: Path, name: str) -> None:
    rows = unit_vectors(np.random.default_rng(0), 30)
    for count in (20, 30):
        made(tmp_path / str(count), np.arange(count, dtype=np.int64), rows[:count])
    (tmp_path / "20" / name).replace(tmp_path / "30" / name)
    with pytest.raises(ValueError):
        VectorIndex.read(tmp_path / "30")


@pytest.fixture
def many() -> Iterator[tuple[Numbers, Vectors, Vectors]]:
    """3,000 clustered rows with their numbers, and 50 queries."""
    rows = clustered(np.random.default_rng(0), 3050)
    yield np.arange(3000, dtype=np.int64) * 2, rows[:3000], rows[3000:]


Many = tuple[Numbers, Vectors, Vectors]


@pytest.mark.usefixtures("few_are_many")
def test_many_vectors_are_quantised_and_still_found(tmp_path: Path, many: Many) -> None:
    numbers, rows, queries = many
    index = made(tmp_path / "v", numbers, rows)
    assert (index.exact, len(index)) == (False, 3000)
    assert recall(index, queries, numbers, rows) >= 0.99
    assert recall(index, queries, numbers, rows, 50) >= 0.97
    cosines = rows @ queries[0]
    assert all(score == pytest.approx(cosines[n // 2], abs=ROUNDING) for n, score in index.search(queries[0], 50))
    assert np.abs(index.vectors([0, 5998]) - rows[[0, 2999]]).max() < ROUNDING


@pytest.mark.parametrize("step", [1, 2, 7])
@pytest.mark.usefixtures("few_are_many")
def test_among_some_of_many(tmp_path: Path, many: Many, step: int) -> None:
    """A few allowed passages are all compared; of more, candidates, or all where too few of those are allowed."""
    numbers, rows, queries = many
    index = made(tmp_path / "v", numbers, rows)
    chosen = np.arange(0, 3000, step)
    shares = []
    for query in queries:
        got = found(index, query, 10, numbers[chosen])
        assert set(got) <= set(numbers[chosen].tolist())
        shares.append(len(set(got) & set(best(query, numbers[chosen], rows[chosen], 10))) / 10)
    assert np.mean(shares) >= (0.99 if step < 7 else 1.0)
    far = np.argsort(rows @ queries[0])[:600]
    assert found(index, queries[0], 10, numbers[far]) == best(queries[0], numbers[np.sort(far)], rows[np.sort(far)], 10)


@pytest.mark.usefixtures("few_are_many")
def test_many_vectors_are_updated(tmp_path: Path, many: Many) -> None:
    numbers, rows, queries = many
    old = made(tmp_path / "old", numbers[:1500], rows[:1500])
    index = made(tmp_path / "new", numbers[1500:], rows[1500:], old, numbers[:300])
    fresh = made(tmp_path / "fresh", numbers[300:], rows[300:])
    assert recall(index, queries, numbers[300:], rows[300:]) >= 0.99
    assert all(not set(found(index, query, 100)) & set(numbers[:300].tolist()) for query in queries)
    assert [index.search(query, 20) for query in queries] == [fresh.search(query, 20) for query in queries]
    shrunk = made(tmp_path / "shrunk", numbers[:0], rows[:0], index, numbers[:2500])
    assert shrunk.exact
    assert_best(shrunk, queries[0], 20, numbers[2500:], rows[2500:])


@pytest.mark.usefixtures("few_are_many")
def test_the_same_vectors_give_the_same_files(tmp_path: Path, many: Many) -> None:
    numbers, rows, _ = many
    for turn in "12":
        made(tmp_path / turn, numbers, rows)
    for name in (vectors.ROWS_NAME, vectors.NUMBERS_NAME, vectors.INDEX_NAME):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


@pytest.mark.parametrize(
    ("dimensions", "codes"), [(1, 1), (32, 16), (255, 85), (256, 128), (384, 96), (512, 128), (1023, 341)]
)
def test_codes_share_the_dimensions_out(dimensions: int, codes: int) -> None:
    assert vectors._codes(dimensions) == codes
    assert dimensions % codes == 0


# ---- Neighbours


def test_vectors_in_context_by_hand() -> None:
    rows = np.array([[1, 0], [0, 1], [0, 1], [0, 1], [1, 0], [0, 0]], dtype=np.float32)
    found = vectors.in_context(rows, np.array([7, 7, 7, 7, 8, 9]))
    share = vectors.CONTEXT_WEIGHT
    wanted = np.array([[1, 2 * share], [share, 1 + 2 * share], [share, 1 + 2 * share], [0, 1], [1, 0], [0, 0]])
    lengths = np.maximum(np.linalg.norm(wanted, axis=1, keepdims=True), 1e-9)
    assert np.allclose(found, wanted / lengths, atol=1e-6)
    assert vectors.in_context(rows[:0], np.empty(0, dtype=np.int64)).shape == (0, 2)
    assert np.array_equal(rows[0], [1, 0])


def test_vectors_in_context_are_the_same_some_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = unit_vectors(np.random.default_rng(0), 23)
    documents = np.repeat([1, 2, 3], [9, 1, 13])
    whole = vectors.in_context(rows, documents)
    monkeypatch.setattr(vectors, "_ROWS_AT_ONCE", 4)
    assert np.allclose(vectors.in_context(rows, documents), whole, atol=1e-6)


def test_a_query_of_unknown_words_finds_nothing(tmp_path: Path) -> None:
    index = made(tmp_path / "index", np.arange(5), unit_vectors(np.random.default_rng(0), 5))
    assert index.search(np.zeros(DIMENSIONS, dtype=np.float32), 3) == []


def test_rows_near_a_marked_one() -> None:
    marked = np.array([False, False, False, True, False, False, False])
    assert vectors.near(marked, np.array([1, 1, 1, 1, 1, 2, 2])).tolist() == [
        False,
        True,
        True,
        True,
        True,
        False,
        False,
    ]
    assert vectors.near(np.array([True]), np.array([1])).tolist() == [True]
