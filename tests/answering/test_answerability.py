"""The learned model of when a sentence answers, and the answers on gold questions that it leads to."""

import json
import math
from dataclasses import asdict
from pathlib import Path

import pytest

from assistant.answering.answer import Status
from assistant.answering.sentences.answerability import FILE, NAMES, Answerability, Signals, load_answerability
from assistant.answering.service import Service
from assistant.base.errors import EncoderError
from assistant.base.settings import Settings
from assistant.evaluation.metrics import evaluate_gold, load_gold
from support.paths import ROOT
from training.laws import load_law_gold, read_laws, write_laws

SHARED = ROOT.parent / "shared"
SIGNALS = Signals(0.9, 1.0, 0.8, 0.0, 0.1, 0.5, 0.6, 0.0, 1.0, 1.5)


def test_the_probability_is_logistic() -> None:
    weights = {name: 0.5 * (n - 3) for n, name in enumerate(NAMES)}
    total = -1 + sum(weights[name] * value for name, value in asdict(SIGNALS).items())
    assert Answerability(-1, weights)(SIGNALS) == pytest.approx(1 / (1 + math.exp(-total)), abs=1e-12)


def test_the_shipped_weights_mean_what_they_should() -> None:
    model = load_answerability()
    assert set(model.weights) == set(NAMES)
    for name in ("coverage", "around", "given", "closeness", "fused", "supplied"):
        assert model.weights[name] > 0
    for name in ("unsaid", "foreign", "behind"):
        assert model.weights[name] < 0


@pytest.mark.parametrize("text", ["", "{}", '{"bias": 1, "weights": {"coverage": 1}}', '{"bias": "x", "weights": 3}'])
def test_a_damaged_file_is_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(EncoderError, match="请重新复制该文件夹"):
        load_answerability(tmp_path)
    with pytest.raises(EncoderError):
        load_answerability(tmp_path / "nowhere")


def test_the_weights_name_what_they_were_learned_from() -> None:
    stored = json.loads((ROOT / "assistant/models/bundled" / FILE).read_text(encoding="utf-8"))
    asked = [json.loads(x) for f in (ROOT / "training/questions").glob("*.jsonl") for x in f.open(encoding="utf-8")]
    gold = [json.loads(line)["question"] for line in (ROOT / "tests/gold/laws.jsonl").open(encoding="utf-8")]
    assert set(stored["learned_from"]) == {row["corpus"] for row in asked} | {"lay"}
    assert not {row["question"] for row in asked} & set(gold)


def test_answers_on_the_speech(tmp_path: Path) -> None:
    if not SHARED.exists():
        pytest.skip("../shared/gold is absent")
    service = Service(Settings(corpus=ROOT / "corpus", index=tmp_path))
    service.ensure()
    found = evaluate_gold(load_gold(SHARED / "gold/speech.jsonl"), service.ask)
    assert found["hit"] >= 0.98 and found["first"] >= 0.92 and found["recall"] >= 0.80 and found["prec"] >= 0.75
    assert found["abstain"] >= 0.95 and found["false0"] <= 0.03


@pytest.mark.slow
def test_answers_on_four_laws(tmp_path: Path) -> None:
    if not SHARED.exists():
        pytest.skip("../shared/data/stard is absent")
    by_law = load_law_gold(ROOT / "tests/gold/laws.jsonl")
    gold = [question for questions in by_law.values() for question in questions]
    texts = write_laws(read_laws(SHARED / "data"), tmp_path / "laws", by_law)
    said = "".join(file.read_text(encoding="utf-8") for file in texts.values())
    assert len(gold) == 60 and sum(not g.must for g in gold) == 20
    assert all(piece in said for g in gold for piece in (*g.must, *g.may))
    service = Service(Settings(corpus=tmp_path / "laws", index=tmp_path / "index"))
    service.ensure()
    found = evaluate_gold(gold, service.ask)
    assert found["hit"] >= 0.97 and found["first"] >= 0.92 and found["recall"] >= 0.80 and found["prec"] >= 0.75
    assert found["abstain"] >= 0.95 and found["false0"] <= 0.08


@pytest.mark.parametrize("threshold", [0.0, 1.0])
def test_the_ends_of_the_threshold(tmp_path: Path, threshold: float) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "通知.txt").write_text("食堂由行政科负责管理。\n", encoding="utf-8")
    service = Service(Settings(corpus=tmp_path / "corpus", index=tmp_path / "index", answer_threshold=threshold))
    service.ensure()
    answered = service.ask("食堂由谁管理").status is Status.ANSWERED
    assert answered == (threshold == 0.0)
    assert service.ask("火星上有水吗").status is not Status.ANSWERED


def test_a_document_that_is_only_a_title(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "值班制度.txt").write_text("值班制度\n", encoding="utf-8")
    service = Service(Settings(corpus=tmp_path / "corpus", index=tmp_path / "index"))
    service.ensure()
    for question in ("周末由谁值班", "值班制度里周末由谁值班", "值班制度主要讲了什么"):
        assert service.ask(question).status in Status
