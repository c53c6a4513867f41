import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.base.errors import EncoderError, SettingsError
from assistant.base.settings import ModelOptions
from assistant.cli.main import main
from assistant.index.folder import RECORDS_NAME, Index
from assistant.index.records import RecordWriter
from assistant.index.retriever import Fused, Retriever
from assistant.language.glossary import Glossary
from assistant.language.question import parse_question
from assistant.models.reranker import CrossEncoderReranker, load_reranker
from support.corpus import FakeEncoder, assert_one_line

LETTERS = "巡视动员整改纪律病假食堂行政科负责管理学习文件掌握方法第一二三四条章工作人由谁不得超过十日"
QUESTION = "食堂由谁管理"
ASKED = parse_question(QUESTION)
TEXTS = ["食堂由行政科负责管理。", "病假一般不得超过三十日。", "动员", "要学习文件，掌握方法。" * 100]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Returns a maker of random BERT models of 16 dimensions: cross-encoders, or for None labels a plain BERT."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizer

    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(LETTERS)]

    def make(labels: int | None = 1) -> Path:
        torch.manual_seed(0)
        folder = tmp_path_factory.mktemp("模型") / "小 重排"
        folder.mkdir()
        (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
        BertTokenizer.from_pretrained(str(folder)).save_pretrained(folder)
        config = BertConfig(
            vocab_size=len(vocabulary),
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
            initializer_range=0.5,
        )
        config.num_labels = labels or 2
        model = BertModel(config) if labels is None else BertForSequenceClassification(config)
        model.save_pretrained(folder)
        return folder

    return make


@pytest.fixture(scope="module")
def folder(tiny: Callable[..., Path]) -> Path:
    return tiny()


def computed(folder: Path, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
    """Returns the model's scores of these pairs, one by one, by transformers alone."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(str(folder))
    model = AutoModelForSequenceClassification.from_pretrained(str(folder)).eval()
    with torch.inference_mode():
        pairs = [tokenizer(question, t, truncation=True, max_length=512, return_tensors="pt") for t in texts]
        return np.array([torch.sigmoid(model(**pair).logits).item() for pair in pairs], dtype=np.float32)


class FakeReranker:
    """Gives the scores that a test wants, and collects what it was asked."""

    name = "fake"

    def __init__(self, scores: Sequence[float], candidates: int) -> None:
        self.candidates = candidates
        self.scores = scores
        self.asked: list[tuple[str, list[str]]] = []

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked.append((question, list(texts)))
        return np.array(self.scores[: len(texts)], dtype=np.float32)


# ---- Scores


def test_scores_are_the_models_own(folder: Path) -> None:
    scores = CrossEncoderReranker(str(folder)).score(QUESTION, TEXTS)
    assert scores.dtype == np.float32 and scores.shape == (4,)
    assert np.allclose(scores, computed(folder, QUESTION, TEXTS), atol=1e-5)
    assert np.ptp(scores) > 0.05


def test_what_is_odd_raises_nothing(folder: Path) -> None:
    reranker = CrossEncoderReranker(str(folder), options=ModelOptions(batch=2))
    assert reranker.score("", []).shape == (0,)
    assert ((0 <= (odd := reranker.score("\ud800", ["\udc80", "", "😀" * 2000]))) & (odd <= 1)).all()


def test_numbers_of_half_length(folder: Path) -> None:
    half = CrossEncoderReranker(str(folder), options=ModelOptions(dtype="bfloat16")).score(QUESTION, TEXTS)
    assert np.allclose(half, computed(folder, QUESTION, TEXTS), atol=0.05)


def test_threads_share_a_reranker(folder: Path) -> None:
    reranker = CrossEncoderReranker(str(folder))
    alone = [reranker.score(QUESTION, TEXTS[: count % 4 + 1]) for count in range(12)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda count: reranker.score(QUESTION, TEXTS[: count % 4 + 1]), range(12)))
    assert all(np.allclose(a, b, atol=1e-6) for a, b in zip(alone, together, strict=True))


# ---- Order


def test_words_of_a_passage_are_those_it_is_indexed_under(index: Index, index_folder: Path) -> None:
    stored = RecordWriter(index_folder / index.manifest.data / RECORDS_NAME).stored_passages()
    expected = {number: words for number, _, words in stored}
    assert dict(zip(expected, index.records.words(list(expected)), strict=True)) == expected
    assert max(words.count("\n") for words in expected.values()) == 3


def test_the_best_are_ordered_anew_and_the_rest_stays_below(index: Index, encoder: FakeEncoder) -> None:
    fused: Fused = [(4, 0.9, 1.0, 0.8), (2, 0.8, 0.8, 0.8), (3, 0.7, 0.4, 1.0), (1, 0.5, 0.5, 0.5), (5, 0.25, 0.5, 0.0)]
    reranker = FakeReranker([0.25, 0.75, 0.25], 3)
    found = Retriever(index, encoder, Glossary(), 0.5, reranker).reranked("问", fused)
    assert found == [
        (2, 0.75, 0.8, 0.8),
        (4, 0.25, 1.0, 0.8),
        (3, 0.25, 0.4, 1.0),
        (1, 0.125, 0.5, 0.5),
        (5, 0.0625, 0.5, 0.0),
    ]
    assert reranker.asked == [("问", index.records.words([4, 2, 3]))]
    assert Retriever(index, encoder, Glossary()).reranked("问", fused) == fused
    assert Retriever(index, encoder, Glossary(), 0.5, reranker).reranked("问", []) == []


def test_hits_follow_the_models_scores(index: Index, encoder: FakeEncoder, folder: Path) -> None:
    plain = Retriever(index, encoder, Glossary()).search(ASKED, k=100)
    hits = Retriever(index, encoder, Glossary(), 0.5, CrossEncoderReranker(str(folder), 5)).search(ASKED, k=100)
    first = [hit.passage for hit in plain[:5]]
    scores = computed(folder, QUESTION, index.records.words([passage.number for passage in first]))
    order = np.argsort(-scores, kind="stable")
    assert [hit.passage for hit in hits[:5]] == [first[at] for at in order] != first
    assert [hit.score for hit in hits[:5]] == pytest.approx(scores[order], abs=1e-5)
    assert [hit.passage for hit in hits[5:]] == [hit.passage for hit in plain[5:]]
    every = [hit.score for hit in hits]
    assert every == sorted(every, reverse=True) and 0 <= every[-1] and every[0] <= 1


def test_a_passage_from_far_below_comes_first(index: Index, encoder: FakeEncoder) -> None:
    plain = Retriever(index, encoder, Glossary()).search(ASKED, k=100)
    last_best = FakeReranker([at / 100 for at in range(len(plain))], 100)
    best = Retriever(index, encoder, Glossary(), 0.5, last_best).search(ASKED, k=1)
    assert [hit.passage for hit in best] == [plain[-1].passage]


# ---- Mistakes


def test_no_name_no_reranker() -> None:
    assert load_reranker("") is None


def test_a_model_of_several_labels_is_refused(tiny: Callable[..., Path]) -> None:
    with pytest.raises(EncoderError, match="给出 2 类而不是一个分数") as raised:
        load_reranker(str(tiny(2)))
    assert_one_line(raised.value)


def test_a_model_without_a_score_is_refused(tiny: Callable[..., Path]) -> None:
    with pytest.raises(EncoderError, match="不是重排模型") as raised:
        load_reranker(str(tiny(None)))
    assert_one_line(raised.value)


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(EncoderError, match="或删去该设置而不用重排") as raised:
        load_reranker(str(tmp_path))
    assert_one_line(raised.value)


def test_a_name_out_of_reach_says_where_to_put_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(EncoderError) as raised:
        load_reranker("BAAI/bge-reranker-base")
    assert str(raised.value) == (
        "本机没有重排模型 BAAI/bge-reranker-base，也下载不到：请把模型文件夹放到 models/bge-reranker-base，"
        '再在 assistant.toml 写 reranker = "models/bge-reranker-base"。'
    )


def test_a_device_that_is_not_there(folder: Path) -> None:
    with pytest.raises(SettingsError, match="设置 device 的值 cuda:99 在本机用不了") as raised:
        load_reranker(str(folder), options=ModelOptions(device="cuda:99"))
    assert_one_line(raised.value)


# ---- From the command line


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    """A working folder with a small corpus and an assistant.toml that names the cross-encoder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpus").mkdir()
    text = "第一，食堂由行政科负责管理。\n第二，病假不得超过三十日。\n"
    (tmp_path / "corpus/通知.txt").write_text(text, encoding="utf-8")
    set_reranker(tmp_path, str(folder))
    return tmp_path


def set_reranker(place: Path, name: str) -> None:
    settings = f"reranker = {json.dumps(name)}\nreranker_candidates = 2\ndevice = 'cpu'\n"
    (place / "assistant.toml").write_text(settings, encoding="utf-8")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as exit_:
        main(list(arguments))
    out, err = capsys.readouterr()
    return int(exit_.value.code or 0), out, err


def test_the_program_answers_with_a_reranker(
    capsys: pytest.CaptureFixture[str], place: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = run(capsys, "ask", "--json", "食堂由谁管理？")
    answer = json.loads(out)
    assert (code, err, answer["status"]) == (0, "", "answered")
    assert [c["quote"] for c in answer["citations"]] == ["第一，食堂由行政科负责管理。"]
    words = [f"通知\n{passage['text']}" for passage in answer["passages"]]
    scores = computed(folder, "食堂由谁管理？", words)
    assert [passage["score"] for passage in answer["passages"]] == pytest.approx(sorted(scores)[::-1], abs=1e-4)
    assert f"重排模型 {folder}，重排前 2 段" in run(capsys, "doctor")[1]
    monkeypatch.setenv("ASSISTANT_RERANKER_CANDIDATES", "1")
    assert "新增 0，更新 0" in run(capsys, "build")[1]


def test_a_wrong_reranker_is_one_line(capsys: pytest.CaptureFixture[str], place: Path) -> None:
    set_reranker(place, "./没有/重排")
    code, out, err = run(capsys, "ask", "食堂由谁管理？")
    assert (code, out) == (2, "")
    assert err == "错误：找不到重排模型文件夹 ./没有/重排：请检查设置 reranker 中的路径，或删去该设置而不用重排。\n"
    code, out, _ = run(capsys, "doctor")
    assert code == 2
    assert "问题  找不到重排模型文件夹 ./没有/重排" in out and "编码器 bundled" in out


def test_measures_of_the_reranked(capsys: pytest.CaptureFixture[str], place: Path, folder: Path) -> None:
    documents = [
        {"_id": name, "title": "", "text": text}
        for name, text in zip("abc", [*TEXTS[:2], "食堂要学习文件，掌握方法。"], strict=True)
    ]
    (place / "corpus.jsonl").write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
    (place / "queries.jsonl").write_text(json.dumps({"_id": "q", "text": QUESTION}), encoding="utf-8")
    (place / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq\ta\t1\n", encoding="utf-8")
    result = json.loads(run(capsys, "eval", "--beir", ".", "--run", "run.txt", "--json")[1])
    assert list(result) == ["queries", "lexical", "dense", "fused", "reranked"]
    rows = [line.split() for line in (place / "run.txt").read_text("utf-8").splitlines()]
    scores = dict(zip("abc", computed(folder, QUESTION, [d["text"] for d in documents]), strict=True))
    (first, second, _), found = [row[2] for row in rows], [float(row[4]) for row in rows]
    assert scores[first] >= scores[second]
    assert found[:2] == pytest.approx([scores[first], scores[second]], abs=1e-5)
    assert found == sorted(found, reverse=True)
    assert result["reranked"]["MRR@10"] == pytest.approx(1 / (1 + [row[2] for row in rows].index("a")), abs=1e-4)
    assert "reranked" in run(capsys, "eval", "--beir", ".")[1]
