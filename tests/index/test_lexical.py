import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from assistant.base.text import terms
from assistant.index import lexical
from assistant.index.lexical import LexicalIndex, LexicalRow, LexicalWriter

K1, B = 1.2, 0.75
WORDS = "巡视整改落实监督问题群众工作责任"


def stored_length(length: int) -> int:
    """Return `length` as tantivy keeps it in one byte: exact up to 40, then three bits of mantissa (Lucene's way)."""
    if length < 40:
        return length
    rest = length - 24
    shift = rest.bit_length() - 4
    return 24 + (rest >> shift << shift)


def naive(
    rows: Sequence[LexicalRow], query: Iterable[tuple[str, float]], documents: Sequence[int] | None = None
) -> list[tuple[int, float]]:
    """BM25 as Robertson wrote it, with idf ln(1 + (N - n + .5) / (n + .5)), in a loop."""
    average = sum(len(row.terms) for row in rows) / len(rows)
    scores: defaultdict[int, float] = defaultdict(float)
    for term, weight in query:
        count = sum(term in row.terms for row in rows)
        idf = math.log(1 + (len(rows) - count + 0.5) / (count + 0.5))
        for row in rows:
            tf = row.terms.count(term)
            if tf and (documents is None or row.document in documents):
                norm = K1 * (1 - B + B * stored_length(len(row.terms)) / average)
                scores[row.passage] += weight * idf * tf * (K1 + 1) / (tf + norm)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def collection(seed: int, longest: int) -> list[LexicalRow]:
    rng = np.random.default_rng(seed)
    texts = ["".join(rng.choice(list(WORDS), rng.integers(1, longest))) for _ in range(rng.integers(2, 80))]
    return [LexicalRow(3 * n + 1, n // 4, terms(text)) for n, text in enumerate(texts)]


def question(seed: int) -> list[tuple[str, float]]:
    rng = np.random.default_rng(seed + 1000)
    chosen = dict.fromkeys(terms("".join(rng.choice(list(WORDS), 4))))
    return [(term, float(rng.choice([1.0, 0.5, 2.5]))) for term in chosen]


def indexed(folder: Path, rows: Iterable[LexicalRow]) -> LexicalIndex:
    writer = LexicalWriter(folder)
    for row in rows:
        writer.add(row)
    writer.commit()
    return LexicalIndex(folder)


def assert_same(found: Sequence[tuple[int, float]], expected: Sequence[tuple[int, float]]) -> None:
    assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-3)
    exact = dict(expected)
    assert [exact[number] for number, _ in found] == pytest.approx([score for _, score in found], abs=1e-3)


@pytest.mark.parametrize("longest", [20, 400])
@pytest.mark.parametrize("seed", range(6))
def test_scores_are_those_of_a_naive_loop(tmp_path: Path, seed: int, longest: int) -> None:
    rows, query = collection(seed, longest), question(seed)
    index = indexed(tmp_path / "词 索引", rows)
    expected = naive(rows, query)
    assert len(index) == len(rows)
    assert_same(index.search(query, 1000), expected)
    assert_same(index.search(query, 3), [pair for pair in expected if pair[1] >= expected[:3][-1][1]][:3])


@pytest.mark.parametrize("seed", range(3))
def test_only_the_documents_wanted(tmp_path: Path, seed: int) -> None:
    rows, query = collection(seed, 20), question(seed)
    index = indexed(tmp_path / "lexical", rows)
    for documents in ([0], [1, 0, 5], [99], []):
        assert_same(index.search(query, 1000, documents), naive(rows, query, documents))


def test_a_hand_made_score(tmp_path: Path) -> None:
    index = indexed(tmp_path / "lexical", [LexicalRow(7, 1, ["整改"]), LexicalRow(9, 1, ["巡视", "巡视"])])
    # average length 1.5; "巡视": idf ln(1 + 1.5 / 1.5), tf 2, norm 1.2 * (.25 + .75 * 2 / 1.5) = 1.5
    assert index.search([("巡视", 1.0)], 5) == [(9, pytest.approx(math.log(2) * 2 * 2.2 / 3.5))]
    assert index.search([("巡视", 0.5)], 5) == [(9, pytest.approx(math.log(2) * 2.2 / 3.5))]


@pytest.mark.parametrize("seed", range(6))
def test_terms_that_are_too_frequent_together_do_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    rows, query = collection(seed, 20), [(term, 1.0) for term in dict.fromkeys(terms(WORDS))]
    index = indexed(tmp_path / "lexical", rows)
    counts = {term: sum(term in row.terms for row in rows) for term, _ in query}
    for limit in (0, 10, 40, 1_000_000):
        monkeypatch.setattr(lexical, "POSTINGS_LIMIT", limit)
        kept: list[str] = []
        for term in sorted(counts, key=lambda term: counts[term]):
            if not kept or sum(counts[t] for t in [*kept, term]) <= limit:
                kept.append(term)
        assert_same(index.search(query, 1000), naive(rows, [(term, 1.0) for term, _ in query if term in kept]))


@pytest.mark.parametrize("seed", range(6))
def test_no_score_is_above_the_highest(tmp_path: Path, seed: int) -> None:
    rows, query = collection(seed, 400), question(seed)
    rows.append(LexicalRow(9999, 99, [term for term, _ in query] * 300))
    index = indexed(tmp_path / "lexical", rows)
    idf = {t: math.log(1 + (len(rows) - n + 0.5) / (n + 0.5)) for t, _ in query if (n := index.frequency(t))}
    highest = index.highest([*query, ("无", 1.0)])
    assert highest == pytest.approx((K1 + 1) * sum(weight * idf[term] for term, weight in query))
    assert max(score for _, score in index.search(query, 1000)) <= highest


def test_ties_are_in_the_order_of_numbers(tmp_path: Path) -> None:
    index = indexed(tmp_path / "lexical", [LexicalRow(n, 1, ["整改"]) for n in (5, 3, 9, 1)])
    assert [number for number, _ in index.search([("整改", 1.0)], 10)] == [1, 3, 5, 9]


def test_nothing_to_find(tmp_path: Path) -> None:
    empty = indexed(tmp_path / "empty", [])
    assert (len(empty), empty.search([("整改", 1.0)], 5)) == (0, [])
    index = indexed(tmp_path / "one", [LexicalRow(1, 1, ["整改"]), LexicalRow(2, 1, [])])
    assert len(index) == 2
    assert index.search([], 5) == index.search([("巡视", 1.0)], 5) == index.search([("整改", 1.0)], 0) == []


def test_frequency(tmp_path: Path) -> None:
    rows = [LexicalRow(n, 1, terms(text)) for n, text in enumerate(["整改整改", "巡视整改", "监督"])]
    index = indexed(tmp_path / "lexical", rows)
    assert [index.frequency(term) for term in ("整改", "视整", "监", "无")] == [2, 1, 1, 0]


def test_removal(tmp_path: Path) -> None:
    rows, query = collection(1, 20), question(1)
    folder = tmp_path / "lexical"
    before = LexicalIndex(folder) if indexed(folder, rows) else None
    writer = LexicalWriter(folder)
    writer.remove([])
    writer.remove([0, 2])
    writer.add(LexicalRow(1000, 0, ["巡视"]))
    writer.commit()
    kept = {row.passage for row in rows if row.document not in (0, 2)} | {1000}
    after = LexicalIndex(folder)
    assert len(after) == len(kept)
    found = {number for number, _ in after.search([*query, ("巡视", 1.0)], 1000)}
    assert found <= kept and 1000 in found
    assert before is not None and len(before) == len(rows)
    assert_same(before.search(query, 1000), naive(rows, query))


def test_all_of_many_documents_can_be_removed(tmp_path: Path) -> None:
    folder = tmp_path / "lexical"
    indexed(folder, [LexicalRow(n, n, ["整改"]) for n in range(300)])
    writer = LexicalWriter(folder)
    writer.remove(range(300))
    writer.commit()
    assert LexicalIndex(folder).search([("整改", 1.0)], 10) == []


def test_a_word_too_long_for_the_engine_is_left_out(tmp_path: Path) -> None:
    index = indexed(tmp_path / "lexical", [LexicalRow(1, 1, ["a" * 100_000, "整改"])])
    assert index.search([("整改", 1.0)], 5)[0][0] == 1
    assert index.search([("a" * 100_000, 1.0)], 5) == []


def test_the_highest_score_is_nearly_reached_by_a_word_said_over_and_over(tmp_path: Path) -> None:
    rows = [LexicalRow(1, 1, ["甲"] * 500), *(LexicalRow(n, n, ["乙"] * 500) for n in range(2, 6))]
    index = indexed(tmp_path / "lexical", rows)
    assert index.search([("甲", 1.0)], 1)[0][1] == pytest.approx(index.highest([("甲", 1.0)]), rel=0.01)
    assert index.highest([("丙", 1.0)]) == 0.0


def test_the_highest_score_counts_deleted_passages_as_the_scores_do(tmp_path: Path) -> None:
    folder = tmp_path / "lexical"
    indexed(folder, [LexicalRow(n, n % 4, ["整改", "落实"][: 1 + n % 2]) for n in range(100)])
    writer = LexicalWriter(folder)
    writer.remove([0, 1])
    writer.commit()
    index = LexicalIndex(folder)
    question = [("整改", 1.0), ("落实", 1.0)]
    assert len(index) == 50
    assert 0 < index.search(question, 1)[0][1] <= index.highest(question)


def test_nothing_counts_before_the_commit(tmp_path: Path) -> None:
    folder = tmp_path / "lexical"
    writer = LexicalWriter(folder)
    writer.add(LexicalRow(1, 1, ["整改"]))
    assert len(LexicalIndex(folder)) == 0
    writer.commit()
    assert len(LexicalIndex(folder)) == 1


def test_a_folder_that_cannot_be_locked_is_read_from_a_copy(tmp_path: Path) -> None:
    """As on a read-only disk or in another account's folder; tests may run as root, whom nothing stops."""
    folder = tmp_path / "lexical"
    indexed(folder, [LexicalRow(1, 1, ["整改"])])
    lock = folder / ".tantivy-meta.lock"
    while not lock.is_dir():  # what watches the index just closed may write the file once more
        lock.unlink(missing_ok=True)
        with suppress(FileExistsError):
            lock.mkdir()
    assert [number for number, _ in LexicalIndex(folder).search([("整改", 1.0)], 5)] == [1]


def test_a_folder_that_is_no_index(tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        LexicalIndex(tmp_path)


def test_trouble_with_the_disk_is_an_oserror(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="disk full"), lexical._disk_errors():
        raise ValueError("disk full")
