"""What comes out: a folder that sentence-transformers' CrossEncoder loads, and the ONNX file of 8 bits that ships."""

import logging
import shutil
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from training.reader.documents import Place
from training.reader.encoding import MOST_PIECES, Encoder, batch_of
from training.reader.examples import Mode, alone
from training.reader.files import ReaderTrainingError, write_json
from training.reader.network import Reader
from training.reader.scoring import Runner, onnx_runner

CROSS_ENCODER = "cross-encoder"
EXACT = "reader-float32.onnx"
SHIPPED = "reader.onnx"
MOST_BYTES = 35_000_000
OPSET = 17
BLOCK = 32
DOWN = "output/dense/MatMul"
NAMES = {"bos": "<s>", "eos": "</s>", "sep": "</s>", "cls": "<s>", "unk": "<unk>", "pad": "<pad>"}


def write_cross_encoder(reader: Reader, tokenizer: Path, out: Path) -> None:
    """Write the folder for CrossEncoder: it scores a place as a whole or a marked sentence, as was trained."""
    reader.body.save_pretrained(out)
    shutil.copy(tokenizer, out / "tokenizer.json")
    tokens = {f"{name}_token": token for name, token in NAMES.items()}
    inputs = ["input_ids", "attention_mask"]
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": MOST_PIECES}
    write_json(out / "tokenizer_config.json", {**settings, "model_input_names": inputs, **tokens})


def write_onnx(reader: Reader, folder: Path, per_channel: bool = True) -> None:
    """Write the network in float32 and in 8 bits into `folder`; `reader` is float32, on the CPU, in mode eval."""
    folder.mkdir(parents=True, exist_ok=True)
    given = (torch.tensor([[0, 5, 2, 2, 6, 7, 2]] * 2), torch.ones(2, 7, dtype=torch.long), torch.ones(2, 3, 7) / 7)
    rows, pieces = {0: "rows"}, {0: "rows", 1: "pieces"}
    axes = {"ids": pieces, "mask": pieces, "pool": {0: "rows", 1: "scores", 2: "pieces"}}
    axes |= {"scores": rows | {1: "scores"}, "words": pieces}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            reader,
            given,
            folder / EXACT,
            input_names=["ids", "mask", "pool"],
            output_names=["scores", "words"],
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )
    _quantise(folder / EXACT, folder / SHIPPED, per_channel)


def _quantise(exact: Path, shipped: Path, per_channel: bool) -> None:
    """Turn the weights into 8 bits, a scale a column; what they are multiplied with is of 8 bits, too.

    But not behind the middle of a layer (`DOWN`): there some numbers are so large that 8 bits lose the rest.
    Its weights are of 8 bits in blocks of 32, computed in float32. Measured on an 8-layer reader early in training,
    224 sentences or fewer, AVX2: root mean square error .086 instead of .22 logits, about .9 instead of .6 of the
    time of float32. Weights keep to 7 of the 8 bits: without VNNI (AVX2)
    two products of full 8 bits would overflow.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization import matmul_nbits_quantizer as blocks

    names = [node.name for node in onnx.load(exact).graph.node if node.op_type == "MatMul"]
    down = [name for name in names if name.endswith(DOWN) and "attention" not in name]
    kind = QuantType.QInt8
    quantize_dynamic(
        exact, shipped, weight_type=kind, per_channel=per_channel, reduce_range=True, nodes_to_exclude=down
    )
    settings = blocks.DefaultWeightOnlyQuantConfig(block_size=BLOCK, is_symmetric=True, accuracy_level=0, bits=8)
    logging.getLogger(blocks.__name__).setLevel(logging.WARNING)
    rest = blocks.MatMulNBitsQuantizer(onnx.load(shipped), algo_config=settings)
    rest.process()
    rest.model.save_model_to_file(str(shipped))


def check_size(folder: Path) -> dict[str, int]:
    """Return the bytes of the files that ship; raises ReaderTrainingError where they are too many."""
    sizes = {name: (folder / name).stat().st_size for name in (SHIPPED, "tokenizer.json")}
    if sum(sizes.values()) > MOST_BYTES:
        raise ReaderTrainingError(
            f"要发布的模型有 {sum(sizes.values())} 字节，多于 {MOST_BYTES}：请用 --layers 减少层数后重新训练。"
        )
    return sizes


@dataclass(frozen=True)
class Agreement:
    """Of the CrossEncoder folder, the ONNX file of float32 and that of 8 bits: how near their scores are.

    `exact` and `eight` are the largest differences of logits from the CrossEncoder's, `correlation` is that of
    the 8-bit scores with them.
    """

    pairs: int
    exact: float
    eight: float
    correlation: float


def agreement(folder: Path, asked: Sequence[tuple[str, Place]], mode: Mode) -> Agreement:
    """Put real questions and places to all three and compare; in mode SENTENCE to each place's first sentence."""
    from sentence_transformers import CrossEncoder

    encoder = Encoder.load(folder)
    pairs = [(question, alone(place, 0) if mode is Mode.SENTENCE else place) for question, place in asked]
    model = CrossEncoder(str(folder / CROSS_ENCODER), device="cpu")
    texts = [(question, place.text) for question, place in pairs]
    wanted = np.asarray(model.predict(texts, activation_fn=torch.nn.Identity(), show_progress_bar=False))
    exact = _whole(onnx_runner(folder / EXACT), encoder, pairs)
    eight = _whole(onnx_runner(folder / SHIPPED), encoder, pairs)
    correlation = float(np.corrcoef(wanted, eight)[0, 1])
    return Agreement(len(pairs), float(abs(wanted - exact).max()), float(abs(wanted - eight).max()), correlation)


def _whole(runner: Runner, encoder: Encoder, pairs: Sequence[tuple[str, Place]]) -> np.ndarray:
    rows = [encoder.encode(question, [place])[0] for question, place in pairs]
    return np.array([runner(batch_of([row]))[0][0, 0] for row in rows])
