import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.base.errors import EncoderError, SettingsError, StoreError
from assistant.base.settings import ModelOptions
from assistant.index.builder import build, is_stale
from assistant.index.folder import open_index
from assistant.models import term_statistics as counted
from assistant.models.encoder import SentenceTransformerEncoder, StaticEncoder, load_encoder
from assistant.models.term_statistics import Background, question_key
from support.corpus import FILE_LIMIT, assert_one_line
from support.paths import ROOT

TEXTS = [
    "巡视整改要求是什么",
    "用人单位未及时足额支付劳动报酬的，劳动者可以解除劳动合同。",
    "第十三条　ＧＤＰ增长５.２％，㈱ABC",
    "Artificial intelligence, 2023!",
    "一" * 3000 + "，" + "漠不关心、急难愁盼" * 400,
    "\u3000\n\t",
    "",
    "😀 𠀀𠀁",
]


@pytest.fixture(scope="module")
def bundled() -> StaticEncoder:
    encoder = load_encoder()
    assert isinstance(encoder, StaticEncoder)
    return encoder


@pytest.fixture
def tiny_static(tmp_path: Path) -> Callable[..., Path]:
    """Returns a maker of a StaticEmbedding folder of four pieces in two dimensions."""

    def make(name: str, first: float = 1.0, prompts: dict[str, str] | None = None) -> Path:
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
        from tokenizers import Tokenizer, models
        from torch import nn

        vocabulary = [("[UNK]", 0.0), ("整", -1.0), ("改", -1.0), ("问", -1.0)]
        tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=0))
        weights = np.array([[0, 0], [first, 0], [0, 1], [1, 1]], dtype=np.float32)
        modules: list[nn.Module] = [StaticEmbedding(tokenizer, embedding_weights=weights), Normalize()]
        SentenceTransformer(modules=modules, prompts=prompts).save(str(tmp_path / name), create_model_card=False)
        return tmp_path / name

    return make


@pytest.fixture(scope="module")
def tiny_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a folder, with a Chinese name, of a random BERT of 16 dimensions that has a query prompt."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    torch.manual_seed(0)
    raw = tmp_path_factory.mktemp("原始")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"巡视整改要求问："]
    (raw / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    BertTokenizer.from_pretrained(str(raw)).save_pretrained(raw)
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32
    )
    BertModel(config).save_pretrained(raw)
    folder = tmp_path_factory.mktemp("模型") / "小模型"
    model = SentenceTransformer(modules=[Transformer(str(raw)), Pooling(16)], prompts={"query": "问：", "document": ""})
    model.save(str(folder), create_model_card=False)
    return folder


def copied(folder: Path, to: Path, prompts: dict[str, str] | None = None) -> Path:
    """Copies a model's folder and puts in other prompts, if given."""
    shutil.copytree(folder, to)
    if prompts is not None:
        config = to / "config_sentence_transformers.json"
        table = {**json.loads(config.read_text(encoding="utf-8")), "prompts": prompts}
        config.write_text(json.dumps(table), encoding="utf-8")
    return to


def _reference(texts: list[str]) -> NDArray[np.float32]:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(counted.MODEL), device="cpu")
    return np.asarray(model.float().encode(texts), dtype=np.float32)


@pytest.mark.slow
def test_bundled_encoder_equals_sentence_transformers(bundled: StaticEncoder) -> None:
    expected = _reference(TEXTS)
    assert np.abs(bundled.encode_documents(TEXTS) - expected).max() < 1e-3
    assert np.abs(bundled.encode_queries(TEXTS) - expected).max() < 1e-3


def test_many_texts_at_once_give_the_same_as_one_by_one(bundled: StaticEncoder) -> None:
    many = [text[:50] for text in TEXTS] * 200
    one_by_one = np.concatenate([bundled.encode_documents([text]) for text in many[: len(TEXTS)]])
    assert np.allclose(bundled.encode_documents(many), np.tile(one_by_one, (200, 1)), atol=1e-5)


def test_rows_have_length_one_or_zero_and_are_never_nan(bundled: StaticEncoder) -> None:
    rows = bundled.encode_queries([*TEXTS, "\ud800"])
    assert rows.dtype == np.float32 and rows.shape == (len(TEXTS) + 1, bundled.dimensions)
    assert np.allclose(np.linalg.norm(rows, axis=1)[:5], 1, atol=1e-5)
    assert not rows[[5, 6, 8]].any()
    assert bundled.encode_queries([]).shape == (0, bundled.dimensions)


def test_pieces_lie_where_they_say(bundled: StaticEncoder) -> None:
    text = "Ａ党员、漠不关心㈱2023"
    pieces = bundled.pieces(text)
    covered = "".join(text[piece.start : piece.end] for piece in pieces)
    assert covered == "Ａ党员漠不关心㈱2023"
    assert all(before.end <= after.start for before, after in zip(pieces, pieces[1:], strict=False))


def test_piece_vectors_add_up_to_the_text(bundled: StaticEncoder) -> None:
    ids = [piece.id for piece in bundled.pieces(TEXTS[0])]
    total = bundled.vectors(ids).sum(axis=0)
    assert np.allclose(total / np.linalg.norm(total), bundled.encode_queries([TEXTS[0]])[0], atol=1e-5)


def test_common_pieces_have_a_small_idf(bundled: StaticEncoder) -> None:
    common, rare = (bundled.pieces(text)[0].id for text in ("的", "鳄鱼"))
    low, high = bundled.piece_idf([common, rare])
    assert 0 < low < 2 < 5 < high


def test_static_encoder_of_a_hand_made_model(tiny_static: Callable[..., Path]) -> None:
    encoder = StaticEncoder(tiny_static("甲", prompts={"query": "问", "document": ""}))
    assert encoder.encode_documents(["整改", "整", "外"]).tolist() == pytest.approx(
        np.array([[0.5**0.5, 0.5**0.5], [1, 0], [0, 0]]), abs=1e-6
    )
    assert encoder.encode_queries(["整"])[0].tolist() == pytest.approx([2 / 5**0.5, 1 / 5**0.5], abs=1e-6)


def test_fingerprint_follows_weights_and_prompts(tiny_static: Callable[..., Path]) -> None:
    same, again = (StaticEncoder(tiny_static(name)).fingerprint for name in "甲乙")
    weights = StaticEncoder(tiny_static("丙", first=2.0)).fingerprint
    prompts = StaticEncoder(tiny_static("丁", prompts={"query": "问"})).fingerprint
    assert same == again
    assert len({same, weights, prompts}) == 3


def test_damaged_folder_is_one_line_with_the_mend(tiny_static: Callable[..., Path]) -> None:
    folder = tiny_static("甲")
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:40])
    with pytest.raises(EncoderError, match="请重新复制该文件夹") as raised:
        StaticEncoder(folder)
    assert "\n" not in str(raised.value)


def test_any_sentence_transformers_model_with_its_query_prompt(tiny_bert: Path) -> None:
    from sentence_transformers import SentenceTransformer

    encoder = load_encoder(str(tiny_bert))
    reference = SentenceTransformer(str(tiny_bert), device="cpu")
    prompted = reference.encode(["问：整改要求"], prompt="", normalize_embeddings=True)
    plain = reference.encode(["整改要求"], prompt="", normalize_embeddings=True)
    assert encoder.dimensions == 16
    assert np.allclose(encoder.encode_queries(["整改要求"]), prompted, atol=1e-5)
    assert np.allclose(encoder.encode_documents(["整改要求"], progress=True), plain, atol=1e-5)
    assert not np.allclose(prompted, plain, atol=1e-3)
    assert encoder.encode_queries([]).shape == (0, 16)


def test_prompts_of_the_settings_replace_the_models_own(tiny_bert: Path) -> None:
    own = SentenceTransformerEncoder(tiny_bert)
    set_ = SentenceTransformerEncoder(tiny_bert, ModelOptions(query_prompt="求", document_prompt="问："))
    assert np.allclose(set_.encode_queries(["整改"]), own.encode_documents(["求整改"]), atol=1e-5)
    assert np.allclose(set_.encode_documents(["整改"]), own.encode_queries(["整改"]), atol=1e-5)


def test_a_prompt_for_passages_is_one_for_documents(tiny_bert: Path, tmp_path: Path) -> None:
    folder = copied(tiny_bert, tmp_path / "副本", {"query": "", "passage": "问："})
    document = SentenceTransformerEncoder(folder).encode_documents(["整改"])
    assert np.allclose(document, SentenceTransformerEncoder(tiny_bert).encode_queries(["整改"]), atol=1e-5)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_numbers_still_give_rows_of_length_one(tiny_bert: Path, dtype: str) -> None:
    whole, half = (
        SentenceTransformerEncoder(tiny_bert),
        SentenceTransformerEncoder(tiny_bert, ModelOptions(dtype=dtype)),
    )
    found = half.encode_documents(["整改要求", "巡视"])
    assert found.dtype == np.float32
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
    assert np.allclose(found, whole.encode_documents(["整改要求", "巡视"]), atol=0.05)


def test_many_texts_keep_their_order(tiny_bert: Path) -> None:
    texts = [letter * count for count in range(1, 5) for letter in "巡视整改要求"]
    few, many = (SentenceTransformerEncoder(tiny_bert, ModelOptions(batch=n)) for n in (2, 64))
    assert np.allclose(few.encode_documents(texts), many.encode_documents(texts), atol=1e-5)


def test_fingerprint_of_a_foreign_model_follows_its_files(tiny_bert: Path, tmp_path: Path) -> None:
    before = SentenceTransformerEncoder(tiny_bert).fingerprint
    folder = copied(tiny_bert, tmp_path / "副本", {"query": "问：", "document": ""})
    assert SentenceTransformerEncoder(copied(tiny_bert, tmp_path / "同")).fingerprint == before
    (folder / "tokenizer_config.json").write_text("{}", encoding="utf-8")
    assert SentenceTransformerEncoder(folder).fingerprint != before


def test_an_index_is_stale_for_other_prompts_and_numbers_alone(
    tiny_bert: Path, corpus: Path, index_folder: Path
) -> None:
    def stale(**options: object) -> bool:
        encoder = SentenceTransformerEncoder(tiny_bert, ModelOptions(**options))  # type: ignore[arg-type]
        return is_stale(corpus, index_folder, encoder)

    build(corpus, index_folder, SentenceTransformerEncoder(tiny_bert), FILE_LIMIT)
    assert not stale()
    assert not stale(batch=1, device="cpu")
    assert not stale(query_prompt="问：", dtype="float32")
    assert stale(query_prompt="求")
    assert stale(document_prompt="求")
    assert stale(dtype="bfloat16")
    other = SentenceTransformerEncoder(tiny_bert, ModelOptions(document_prompt="求"))
    with pytest.raises(StoreError, match="另一个编码器"):
        open_index(index_folder, other)
    assert build(corpus, index_folder, other, FILE_LIMIT).encoded > 0
    assert not stale(document_prompt="求")


def test_the_bundled_encoder_takes_no_options(bundled: StaticEncoder) -> None:
    options = ModelOptions("求", "求", "float16", 1, "cuda:9")
    assert load_encoder("bundled", options).fingerprint == bundled.fingerprint


@pytest.mark.parametrize("device", ["cuda:99", "meta", "显卡", ""])
def test_a_device_that_is_not_there_is_one_line_with_the_mend(tiny_bert: Path, device: str) -> None:
    with pytest.raises(SettingsError, match="请改为 auto 或 cpu") as raised:
        load_encoder(str(tiny_bert), ModelOptions(device=device))
    assert f"设置 device 的值 {device} 在本机用不了" in str(raised.value)
    assert_one_line(raised.value)


def test_threads_share_an_encoder(tiny_bert: Path) -> None:
    encoder = SentenceTransformerEncoder(tiny_bert)
    texts = [["整改"], ["巡视要求" * 30], ["问", "求" * 40]] * 5
    alone = [encoder.encode_queries(some) for some in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(encoder.encode_queries, texts))
    assert all(np.allclose(a, b, atol=1e-6) for a, b in zip(alone, together, strict=True))


def test_a_model_that_fails_is_one_line_with_the_mend(tiny_bert: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = SentenceTransformerEncoder(tiny_bert)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("CUDA out of\nmemory")

    for broken, reason in ((fail, "CUDA out of memory"), (lambda *_, **__: [[float("nan")] * 16], "算出的结果无效")):
        monkeypatch.setattr(encoder._model.loaded, "encode_query", broken)
        with pytest.raises(EncoderError, match="encoder_batch 改小") as raised:
            encoder.encode_queries(["整改"])
        assert reason in str(raised.value)
        assert_one_line(raised.value)


@pytest.mark.parametrize("terminal", [True, False])
def test_encoding_shows_a_bar_on_a_terminal_alone(
    tiny_bert: Path, monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    encoders = [load_encoder(), SentenceTransformerEncoder(tiny_bert, ModelOptions(batch=1))]
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: terminal)
    monkeypatch.setattr(sys, "stderr", screen)
    for encoder in encoders:
        encoder.encode_documents(["整改"] * 20)
        assert screen.getvalue() == ""
    for encoder in encoders:
        encoder.encode_documents(["整改"] * 20, progress=True)
        assert ("编码" in screen.getvalue()) is terminal
        screen.seek(0)
        screen.truncate()


def test_missing_folder_is_one_line_with_the_mend() -> None:
    with pytest.raises(EncoderError, match="找不到编码模型文件夹 ./没有/这个：请检查设置 encoder"):
        load_encoder("./没有/这个")


def test_folder_that_is_no_model_is_one_line_with_the_mend(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(EncoderError, match="请重新复制该文件夹") as raised:
        load_encoder(str(tmp_path))
    assert "\n" not in str(raised.value)


def test_name_out_of_reach_is_said_quickly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import huggingface_hub
    from huggingface_hub import constants, snapshot_download

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    looked = []

    def look(*names: str, **ways: Any) -> str:
        looked.append(ways)
        return snapshot_download(*names, **ways)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", look)
    with pytest.raises(EncoderError) as raised:
        load_encoder("BAAI/bge-small-zh-v1.5")
    assert str(raised.value) == (
        "本机没有编码模型 BAAI/bge-small-zh-v1.5，也下载不到：请把模型文件夹放到 models/bge-small-zh-v1.5，"
        '再在 assistant.toml 写 encoder = "models/bge-small-zh-v1.5"。'
    )
    assert looked == [{"local_files_only": True}]  # nothing is fetched, again and again, from where nothing answers


def test_import_and_use_need_neither_torch_nor_sentence_transformers() -> None:
    code = (
        "import sys; from assistant.models import term_statistics as b, encoder as e; "
        "e.load_encoder().encode_queries(['整改']); b.load_background(); "
        "print([m for m in ('torch', 'sentence_transformers', 'transformers', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.stdout.strip() == "[]", done.stderr


def test_background_idf_of_known_and_unknown_terms() -> None:
    keys = counted.term_keys(["整改", "的"])
    order = np.argsort(keys)
    background = Background(100, keys[order], np.array([3, 97], dtype=np.uint32)[order])
    expected = np.log([1 + 97.5 / 3.5, 1 + 3.5 / 97.5, 1 + 100.5 / 0.5])
    assert background.idf(["整改", "的", "没有"]).tolist() == pytest.approx(expected, rel=1e-6)
    assert background.idf([]).shape == (0,)
    empty = Background(100, keys[:0], np.zeros(0, dtype=np.uint32))
    assert empty.idf(["整改"]).tolist() == pytest.approx([np.log(1 + 100.5 / 0.5)], rel=1e-6)


def test_bundled_background_knows_common_terms() -> None:
    background = counted.load_background()
    common, rare = background.idf(["的", "鳄鱼"])
    assert background.documents > 100_000
    assert common < 0.5 and rare > 7


def test_missing_background_is_one_line_with_the_mend(tmp_path: Path) -> None:
    for load in (counted.load_background, counted.load_seen_questions):
        with pytest.raises(EncoderError, match="自带模型请重新安装程序"):
            load(tmp_path)


def test_question_key_ignores_punctuation_and_width() -> None:
    assert question_key("谁可以成为 个体工商户？") == question_key("谁可以成为个体工商户?")
    assert question_key("ＡＢ１") == question_key("ab1") != question_key("ab2")


def test_model_folder_is_small() -> None:
    assert sum(path.stat().st_size for path in counted.MODEL.rglob("*") if path.is_file()) <= 20_000_000
