"""The training of the bundled encoder, piece by piece; whole runs are `make model`."""

import numpy as np
import pytest
from tokenizers import Tokenizer, models

from assistant.models import term_statistics as counted
from support.paths import ROOT
from training import mining, pairs, vectors
from training.heldout import Neighbours, fold_of, heldout_ids, without_heldout
from training.sources import Article, Paraphrase, Question, Sources, read_jsonl

QUESTIONS = ROOT.parent / "shared/data/stard/queries.jsonl"


def letters_tokenizer(letters: str) -> Tokenizer:
    return Tokenizer(models.Unigram([("[UNK]", 0.0), *((letter, -1.0) for letter in letters)], unk_id=0))


def test_training_saw_no_heldout_question() -> None:
    if not QUESTIONS.exists():
        pytest.skip("../shared/data/stard is absent")
    heldout = set((ROOT / "training/heldout.txt").read_text(encoding="utf-8").split())
    questions = {row["_id"]: row["text"] for row in read_jsonl(QUESTIONS)}
    seen = counted.load_seen_questions()
    assert len(heldout) == 257 and heldout <= set(questions)
    assert not [name for name in heldout if seen.has(questions[name])]
    assert sum(seen.has(text) for text in questions.values()) > 900


def test_near_questions_are_recognised() -> None:
    near = Neighbours(["谁可以成为个体工商户？", "房东不退押金怎么办"])
    assert near.has("谁可以成为 个体工商户")
    assert near.has("请问房东不退押金怎么办呢")
    assert not near.has("押金多久退还")
    assert not near.has("")


def made_up(**given: object) -> Sources:
    empty: dict[str, object] = {
        "laws": {},
        "law_questions": {},
        "gold": {},
        "regulations": [],
        "questions": [],
        "paraphrases": [],
    }
    return Sources(**{**empty, "files": [], **given})  # type: ignore[arg-type]


def test_each_question_is_in_one_fold_and_its_like_in_none_that_is_learned() -> None:
    questions = {f"Q{n}": f"第{n}个问题问的是{chr(0x4E00 + 7 * n)}{chr(0x4E03 + 11 * n)}" for n in range(40)}
    sources = made_up(law_questions=questions, gold={name: [] for name in questions})
    folds = [heldout_ids(sources, fold) for fold in range(5)]
    assert sorted(name for fold in folds for name in fold) == sorted(questions)
    assert all(fold_of(name) == number for number, fold in enumerate(folds) for name in fold)
    asked = questions[folds[3][0]]
    alike = made_up(
        law_questions=questions,
        questions=[Question("lawbench", f"请问{asked}？", "答"), Question("lawbench", "完全不同的一句话", "答")],
        paraphrases=[Paraphrase("另外一句", asked)],
    )
    kept, lost = without_heldout(alike, folds[3])
    assert not set(folds[3]) & set(kept.law_questions)
    assert [one.text for one in kept.questions] == ["完全不同的一句话"] and not kept.paraphrases
    assert lost["stard held out"] == len(folds[3])


def test_pairs_leave_the_sentence_out_of_its_article() -> None:
    tokenizer = letters_tokenizer("甲乙丙丁题。")
    article = Article("题题", "甲甲甲甲甲。乙乙乙乙乙。丙丙丙丙丙。")
    sources = Sources({"L": article}, {"S": "丁丁丁丁丁"}, {"S": ["L"]}, [], [], [], [])
    pool = pairs.Pool(tokenizer)
    sentence, title, law, *_ = pairs.make(sources, pool, repeats=2, seed=0)
    ids, starts = vectors.gather(pool.ids(), sentence.right)
    rests = {tokenizer.decode(list(ids[a:b])).replace(" ", "") for a, b in zip(starts, starts[1:], strict=False)}
    assert len(sentence) == 2 and len(rests) == 2
    assert rests < {"乙乙乙乙乙。丙丙丙丙丙。", "甲甲甲甲甲。丙丙丙丙丙。", "甲甲甲甲甲。乙乙乙乙乙。"}
    whole, _ = vectors.gather(pool.ids(), law.right)
    assert tokenizer.decode(list(whole)).replace(" ", "") == article.title + article.text


def test_lazy_adam_equals_sparse_adam() -> None:
    import torch

    rng = np.random.default_rng(0)
    ours = rng.standard_normal((6, 4)).astype(np.float32)
    theirs = torch.nn.Parameter(torch.from_numpy(ours.copy()))
    optimizer, reference = vectors.LazyAdam(ours), torch.optim.SparseAdam([theirs], lr=0.01)
    for rows in ([0, 2], [2, 5], [1]):
        slope = rng.standard_normal((6, 4)).astype(np.float32)
        optimizer.step(np.array(rows, dtype=np.int32), slope, 0.01)
        places = torch.tensor([rows])
        theirs.grad = torch.sparse_coo_tensor(places, torch.from_numpy(slope[rows]), (6, 4), check_invariants=True)
        reference.step()
    assert np.allclose(ours, theirs.detach().numpy(), atol=1e-6)


def test_thinned_bags_lose_about_the_share() -> None:
    pool = pairs.Pool(letters_tokenizer("甲乙"))
    spans = pool.add(["甲乙" * 500, "甲"])[:, None]
    bags = vectors.bag_matrix(pool.ids(), spans, 3)
    rng = np.random.default_rng(0)
    assert (vectors.thinned(bags, 0.0, rng) != bags).nnz == 0
    left = vectors.thinned(bags, 0.4, rng)[0].sum()
    assert 500 < left < 700 and bags[0].sum() == 1000


LAWS = {
    "L1": Article("甲法", "甲甲甲甲。" * 30 + "\n" + "乙乙乙乙。" * 30),
    "L2": Article("丙法", "丙丙丙丙。"),
    "L3": Article("丁法", "丁丁丁丁。"),
}


@pytest.fixture
def exercises() -> mining.Exercises:
    sources = made_up(
        laws=LAWS,
        law_questions={"Q1": "子子", "Q2": "丑丑"},
        gold={"Q1": ["L1", "L2"], "Q2": ["L3"]},
        questions=[Question("drcd", "寅寅", "丑寅丑寅"), Question("lecoqa-train", "丑丑", "丁子")],
    )
    return mining.exercises(sources, letters_tokenizer("甲乙丙丁子丑寅法。"))


def test_exercises_hold_passages_as_the_index_cuts_them(exercises: mining.Exercises) -> None:
    passages = [text for law in LAWS.values() for text in mining.passages_of(law)]
    assert all(text.startswith(("甲法\n", "丙法\n", "丁法\n")) for text in passages) and len(passages) >= 4
    assert exercises.passages.shape[0] == len(passages) + 2  # and an answer and a paragraph
    assert exercises.questions.shape[0] == 3
    assert sorted(exercises.rows) == [(0, 0), (0, 1), (1, 2), (1, 4), (2, 3)]
    assert exercises.right[0].tolist() == list(range(len(passages) - 1))
    assert exercises.right[1].tolist() == [len(passages) - 1, len(passages) + 1]


def test_mining_takes_the_nearest_right_passage_and_no_right_one_for_wrong(exercises: mining.Exercises) -> None:
    letters = np.eye(exercises.questions.shape[1], dtype=np.float32)
    letters[5] = letters[2] + letters[4]  # 子 is like 乙 and more like 丁
    letters[5, 4] *= 2
    best, wrong = mining.mine(letters, exercises, 2)
    chosen = exercises.passages[best[0, 0]].toarray()[0]
    assert chosen[2] > 0 and best[0, 0] in exercises.choices[0]
    for question, right in enumerate(exercises.right):
        assert not set(wrong[question].tolist()) & set(right.tolist())
    assert exercises.passages[wrong[0][0]].toarray()[0][4] > 0 or exercises.passages[wrong[0][1]].toarray()[0][4] > 0


def test_learning_from_mined_passages_puts_the_right_ones_first(exercises: mining.Exercises) -> None:
    rng = np.random.default_rng(1)
    start = rng.standard_normal((exercises.questions.shape[1], 8)).astype(np.float32)
    rounds = vectors.Recipe(
        mined_rounds=60, mined_every=20, mined_depth=2, mined_negatives=2, mined_batch=5, mined_rate=0.05
    )
    said: list[str] = []
    learned = mining.learn(start, exercises, rounds, said.append)
    assert not np.array_equal(learned, start) and len(said) == 63
    again = mining.learn(start, exercises, rounds, said.append)
    assert np.array_equal(learned, again)
    for question, right in enumerate(exercises.right):
        query = (exercises.questions[question] @ learned)[0]
        rows = exercises.passages @ learned
        scores = rows @ query / np.linalg.norm(rows, axis=1)
        assert int(np.argmax(scores)) in right
