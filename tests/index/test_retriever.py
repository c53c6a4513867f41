from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.base.errors import SettingsError
from assistant.base.text import terms
from assistant.documents.document import document_id
from assistant.index.folder import Index, open_index
from assistant.index.retriever import VARIANT_WEIGHT, Hit, Retriever, fuse
from assistant.language.glossary import Glossary
from assistant.language.question import parse_question
from support.corpus import LAW_FILE, NOTE_FILE, SPEECH_FILE, FakeEncoder, assert_one_line, build_index, write

GLOSSARY = Glossary((("巡视", "巡察", "巡查"), ("规定", "办法")))
CROWD, INSPECTION, INSPECTING = map(parse_question, ("群众", "巡视", "巡察"))


@pytest.fixture
def retriever(index: Index, encoder: FakeEncoder) -> Retriever:
    return Retriever(index, encoder, GLOSSARY, 0.5)


# ---- Fusing


def test_fuse() -> None:
    rows = fuse({1: 0.5, 2: 0.75}, {1: 0.5, 2: -0.25, 3: 1.0}, 0.25, 0.75)
    assert rows == [(3, 0.8125, 0.25, 1.0), (1, 0.5, 0.5, 0.5), (2, 0.1875, 0.75, 0.0)]


def test_ties_are_in_the_order_of_the_numbers() -> None:
    assert [row[0] for row in fuse({}, {5: 0.5, 3: 0.5, 4: 0.5}, 0.0, 0.5)] == [3, 4, 5]


COSINES = st.dictionaries(st.integers(0, 30), st.floats(-1, 1, width=32))


@given(COSINES, st.floats(0, 1), st.floats(0, 1))
def test_fused_scores_are_shares(cosines: dict[int, float], floor: float, weight: float) -> None:
    shares = {number: floor + (1 - floor) * abs(cosine) for number, cosine in cosines.items() if number % 2}
    rows = fuse(shares, cosines, floor, weight)
    assert sorted(number for number, *_ in rows) == sorted(cosines)
    assert all(0 <= share <= 1 + 1e-9 for row in rows for share in row[1:])
    assert rows == sorted(rows, key=lambda row: (-row[1], row[0]))


# ---- Searching


def texts(hits: Sequence[Hit]) -> list[str]:
    return [hit.text for hit in hits]


def test_every_hit_is_a_passage_with_its_scores(retriever: Retriever) -> None:
    hits = retriever.search(parse_question("病假"), k=100)
    assert len(hits) == len(retriever.index)
    assert len({hit.passage.number for hit in hits}) == len(hits)
    assert "病假一般不得超过三十日" in hits[0].text
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        text = retriever.index.records.text(hit.document.number)
        assert hit.text == text[hit.passage.start : hit.passage.end] != ""
        assert hit.passage.document == hit.document.number
        assert 0 <= hit.lexical <= 1 and 0 <= hit.dense <= 1
        assert hit.score == pytest.approx((hit.lexical + hit.dense) / 2)


def test_the_weight_of_the_dense_side(index: Index, encoder: FakeEncoder) -> None:
    for weight, side in ((0.0, "lexical"), (1.0, "dense")):
        hits = Retriever(index, encoder, GLOSSARY, weight).search(parse_question("行政科"), k=100)
        assert [hit.score for hit in hits] == [getattr(hit, side) for hit in hits]


def test_k_and_the_best_of_each_way(retriever: Retriever) -> None:
    everything = retriever.search(CROWD, k=100)
    assert retriever.search(CROWD, k=3) == everything[:3]
    assert retriever.search(CROWD, k=0) == []
    ranking = retriever.rank(CROWD)
    best = {number for number, _ in [*ranking.lexical[:2], *ranking.dense[:2]]}
    assert {hit.passage.number for hit in retriever.search(CROWD, k=0, each=2)} == best


def test_ranks_of_each_way(retriever: Retriever) -> None:
    ranking = retriever.rank(CROWD)
    index = retriever.index
    weights = [(term, 1.0) for term in terms("群众")]
    assert ranking.lexical == index.lexical.search(weights, 200)
    assert ranking.dense == index.vectors.search(retriever.vector("群众"), 200)
    highest = index.lexical.highest(weights)
    assert ranking.fused == fuse({n: s / highest for n, s in ranking.lexical}, dict(ranking.dense), 0.0, 0.5)
    assert [len(side) for side in (retriever.rank(CROWD, k=2).lexical, retriever.rank(CROWD, k=2).dense)] == [1, 2]


def test_every_candidate_gets_its_cosine_and_at_most_the_last_lexical_share(retriever: Retriever) -> None:
    ranking = retriever.rank(CROWD, k=1)
    (word, score), (meaning, _) = ranking.lexical[0], ranking.dense[0]
    share = score / retriever.index.lexical.highest(retriever.terms(CROWD))
    query = retriever.vector("群众")
    assert {row[0] for row in ranking.fused} == {word, meaning}
    for number, _, lexical, cosine in ranking.fused:
        assert lexical == pytest.approx(share)
        assert cosine == pytest.approx(max(0.0, float(retriever.index.vectors.vectors([number])[0] @ query)), abs=1e-6)


def test_a_word_of_the_glossary_is_searched_in_its_other_forms_too(retriever: Retriever) -> None:
    plain = Retriever(retriever.index, retriever.encoder, Glossary())
    assert plain.rank(INSPECTING).lexical[0][1] < retriever.rank(INSPECTING).lexical[0][1]
    weights = {term: 1.0 for term in terms("巡察")}
    weights |= {term: VARIANT_WEIGHT for term in terms("巡视巡查") if term not in ("视巡", *weights)}
    found = retriever.index.lexical.search(weights.items(), 200)
    assert [number for number, _ in retriever.rank(INSPECTING).lexical] == [number for number, _ in found]
    assert [s for _, s in retriever.rank(INSPECTING).lexical] == pytest.approx([s for _, s in found])


def test_the_vector_of_a_question_is_the_mean_of_its_variants(retriever: Retriever, encoder: FakeEncoder) -> None:
    mean = encoder.encode_queries(["巡察 组", "巡视 组", "巡查 组"]).sum(axis=0)
    assert retriever.vector("巡察 组") == pytest.approx(mean / np.linalg.norm(mean))
    assert not retriever.vector("").any()


def test_only_the_documents_wanted(retriever: Retriever) -> None:
    law, note = document_id(LAW_FILE), document_id(NOTE_FILE)
    assert {hit.document.id for hit in retriever.search(INSPECTION, documents=[law])} == {law}
    assert {hit.document.id for hit in retriever.search(INSPECTION, documents=[law, note, law])} == {law, note}
    assert retriever.search(INSPECTION, documents=[]) == []
    one = retriever.search(parse_question("负责管理"), documents=[note])
    assert one[0].text == "食堂由行政科负责管理。"


def test_an_unknown_document_is_named(retriever: Retriever) -> None:
    with pytest.raises(SettingsError) as caught:
        retriever.search(INSPECTION, documents=[document_id(SPEECH_FILE), "d0000"])
    assert "d0000" in str(caught.value)
    assert_one_line(caught.value)


@pytest.mark.parametrize("question", ["", "？", "\n", "xyz", "㍿" * 50, "a" * 70_000, "巡视 AND (", '"“', "巡\udc80视"])
def test_odd_questions_raise_nothing(retriever: Retriever, question: str) -> None:
    assert all(0 <= hit.score <= 1 for hit in retriever.search(parse_question(question)))


def test_an_empty_corpus_has_no_hits(tmp_path: Path, encoder: FakeEncoder) -> None:
    write(tmp_path / "空", "坏.txt", "")
    build_index(tmp_path / "空", tmp_path / "索引", encoder)
    empty = Retriever(open_index(tmp_path / "索引", encoder), encoder, GLOSSARY)
    assert empty.search(INSPECTION) == []
