"""What comes out of the reader's training: scores, figures, files, the model card; with tiny random models."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from support.reader_parts import base_model, wheels
from training.reader import calibration, evaluation, runs
from training.reader.__main__ import main
from training.reader.documents import Text
from training.reader.encoding import Encoder
from training.reader.examples import Mode
from training.reader.files import read_json
from training.reader.network import from_base
from training.reader.questions import Part, load
from training.reader.scoring import Scorer, torch_runner


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return base_model(tmp_path, monkeypatch)


@pytest.mark.parametrize("mode", Mode)
def test_scores_and_words_of_places(work: Path, mode: Mode) -> None:
    scorer = Scorer(torch_runner(from_base(work / "base").eval()), Encoder.load(work / "base"), mode, 400)
    places = Text("甲.txt", "考勤", "病假须提前2天申请。急病可以当天补办。\n年休假每年10天。").places
    scored = scorer.score("病假提前几天说", places)
    assert [len(one.sentences) for one in scored] == [2, 1]
    for place, one in zip(places, scored, strict=True):
        for k, words in enumerate(one.words):
            assert words is not None and 0 < words.probability <= 1
            assert place.sentences[k][0] <= words.span[0] < words.span[1] <= place.sentences[k][1]
    if mode is Mode.SENTENCE:
        assert scored[0].whole == max(scored[0].sentences)


def test_calibration_as_by_hand() -> None:
    scores = np.repeat([-1.0, 1.0], 100)
    true = np.concatenate([np.arange(100) < 20, np.arange(100) < 80])
    curve = calibration.fit(scores, true)
    assert curve.probability([-1.0, 1.0]) == pytest.approx([0.2, 0.8], abs=1e-3)
    bins = calibration.reliability(curve.probability(scores), true, 2)
    assert [b.count for b in bins] == [100, 100] and calibration.calibration_error(bins) < 1e-3
    off = [calibration.Bin(3, 0.9, 0.5), calibration.Bin(1, 0.1, 0.1)]
    assert calibration.calibration_error(off) == pytest.approx(0.3)
    assert len(calibration.left_out(scores, true, [str(k % 4) for k in range(200)])) == 200


def test_figures_as_by_hand(work: Path) -> None:
    questions = load(work.parent / "data", Part.TUNE)

    def outcome(n: int, score: list[float], right: list[bool]) -> evaluation.Outcome:
        zero, marks = np.zeros(len(score)), np.array(right, dtype=bool)
        asked = questions[n]
        return evaluation.Outcome(asked, bool(asked.must), np.array(score), zero, zero, marks, None)

    made = [outcome(0, [3, 1], [True, False]), outcome(1, [1, 2], [True, False]), outcome(3, [2.5, 0], [False, False])]
    found = evaluation.figures(made, evaluation.WAYS["reader"])
    assert found == {
        "answerable": 2,
        "others": 1,
        "found": 1.0,
        "first": 0.5,
        "among 3": 1.0,
        "auc": 0.5,
        "dared": 0.5,
        "threshold": 2.5,
    }
    assert evaluation.curve(made, evaluation.WAYS["reader"])[0] == {"refused": 0.5, "threshold": 2.5, "dared": 0.5}


def test_corpora_hold_one_report_each(work: Path) -> None:
    asked = load(work.parent / "data", Part.TRAIN)[0]
    names = [f"2026年{name}政府工作报告.txt" for name in ("甲省", "乙省", "丙市")] + [f"{k}.txt" for k in range(9)]
    dealt = evaluation.corpora((replace(asked, document=name) for name in names), 8)
    assert sorted(len(group) for group in dealt) == [4, 4, 4]
    assert all(sum("工作报告" in name for name in group) == 1 for group in dealt)


def test_errors_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--data", str(tmp_path), "--work", str(tmp_path / "work")]
    for step, said in (("train", "请先运行"), ("export", "请先运行"), ("base", "读不到训练数据")):
        if step == "base":
            wheels(tmp_path / "work/wheels")
        assert main([step, *given]) == 1
        error = capsys.readouterr().err
        assert error.startswith("错误：") and (said in error or "校验和不对" in error) and error.count("\n") == 1


@pytest.mark.parametrize("mode", Mode)
def test_from_base_to_card(work: Path, mode: Mode, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--data", str(work.parent / "data"), "--work", str(work), "--layers", "2", "--device", "cpu"]
    assert main(["train", *given, "--mode", mode, "--steps", "2", "--questions", "2"]) == 0
    assert main(["train", *given, "--mode", mode, "--questions", "3"]) == 1  # another recipe
    assert "设置不同的训练" in capsys.readouterr().err
    assert main(["evaluate", *given]) == 0
    found = read_json(work / "out/figures-tune.json")
    assert found["questions"] == 4 and found["ways"]["reader"]["found"] == 1.0 and found["kinds"].keys() == {"official"}
    reader, _, kept = runs.trained(work)
    assert kept is mode and len(reader.body.bert.encoder.layer) == 2


def test_shipped_files_agree(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("onnx", reason="the extra `training` (onnx, onnx-ir, onnxruntime) is not installed")
    pytest.importorskip("onnx_ir", reason="the extra `training` (onnx, onnx-ir, onnxruntime) is not installed")
    pytest.importorskip("onnxruntime", reason="the extra `training` (onnx, onnx-ir, onnxruntime) is not installed")
    monkeypatch.setattr("training.reader.__main__.PAIRS", 4)
    given = ["--data", str(work.parent / "data"), "--work", str(work), "--layers", "2", "--device", "cpu"]
    assert main(["train", *given, "--steps", "2"]) == 0
    assert main(["export", *given]) == 0
    made = read_json(work / "out/export.json")
    assert made["agreement"]["exact"] < 1e-4 and made["agreement"]["eight"] < 0.2
    assert set(made["sizes"]) == {"reader.onnx", "tokenizer.json"}
    assert main(["evaluate", *given, "--onnx", "--no-cosine"]) == 0
    (work / "base/base.json").write_text(json.dumps({"pieces": 99}), encoding="utf-8")
    assert main(["card", *given]) == 0
    card = (work / "out/CARD.md").read_text(encoding="utf-8")
    assert "CC BY-SA 4.0" in card and "Part `tune`, 4 questions" in card and "99 pieces, 2 layers" in card


def test_test_part_is_read_by_the_final_evaluation_alone(work: Path) -> None:
    scorer = Scorer(torch_runner(from_base(work / "base", 1).eval()), Encoder.load(work / "base"), Mode.PASSAGE)
    found = evaluation.evaluate(work.parent / "data", Part.TEST, scorer)
    assert found["questions"] == 4 and found["calibration"]["reader"]["bins"]
