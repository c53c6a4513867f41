"""A training run in its working folder: made, taken up again, and read back from its checkpoint."""

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch

from training.reader import loop
from training.reader.comprehension import Comprehension
from training.reader.documents import Place
from training.reader.encoding import MOST_PIECES, Encoder
from training.reader.examples import Mode, mixed
from training.reader.files import ReaderTrainingError, read_json, write_json
from training.reader.laws import Laws
from training.reader.loop import Options, Stage, Trainer
from training.reader.negatives import Counts, Labelled
from training.reader.network import HEAD, Reader, freeze, from_base
from training.reader.precision import MasterAdamW, device_of, fitting
from training.reader.questions import Part, load, text_of

RUN = "run.json"
BASE = "base"
KEPT = ("layers", "frozen", "laws", "mode", "seed", "questions", "dtype")


@dataclass(frozen=True)
class Recipe:
    """Everything that a run is made of, beside the data and `loop.Options`.

    `layers` of the base stay, the lowest `frozen` and the pieces' vectors are not trained (0: all are).
    `laws` puts STARD's questions into stage two. `reading` is the share of the time for stage one, the rates
    are the highest of each stage.
    """

    layers: int = 12
    frozen: int = 0
    laws: bool = False
    device: str = "auto"
    dtype: str = "auto"
    reading: float = 0.4
    reading_epochs: float = 2.0
    questions_epochs: float = 8.0
    reading_rate: float = 2e-4
    questions_rate: float = 1.5e-4


def train(data: Path, options: Options, recipe: Recipe) -> list[dict[str, Any]]:
    """Train, or go on training, in `options.work`; return the log.

    Raises ReaderTrainingError where the folder holds a run of another recipe, or no base model.
    """
    torch.manual_seed(options.seed)
    reader = from_base(options.work / BASE, recipe.layers)
    freeze(reader, recipe.frozen)
    device = device_of(recipe.device)
    dtype = fitting(device, _kept(options.work).get("dtype", recipe.dtype))
    stages = stages_of(data, recipe, options.seed)
    _note(options, recipe, dtype, stages)
    encoder = Encoder.load(options.work / BASE)
    reader.to(device, dtype)
    options = replace(options, pieces=options.pieces or pieces_for(device, dtype))
    return Trainer(reader, encoder, stages, options).train()


def pieces_for(device: torch.device, dtype: torch.dtype) -> int:
    """Return how many pieces a pass takes: what fills a GPU, or stays in a CPU's cache (1,024: a third faster)."""
    return 65_536 if device.type == "cuda" else 4096 if dtype == torch.bfloat16 else 1024


def stages_of(data: Path, recipe: Recipe, seed: int) -> list[Stage]:
    """Return stage one on data/reading and stage two on the train part of data/questions."""
    reading = Comprehension(data, seed).source()
    labelled = Labelled(data, load(data, Part.TRAIN), Counts(), seed).source()
    if recipe.laws:
        labelled = mixed([labelled, Laws(data, seed).source()])
    return [
        Stage(reading, recipe.reading, recipe.reading_epochs, recipe.reading_rate),
        Stage(labelled, 1 - recipe.reading, recipe.questions_epochs, recipe.questions_rate),
    ]


def _kept(work: Path) -> dict[str, Any]:
    kept: dict[str, Any] = read_json(work / RUN) if (work / RUN).is_file() else {}
    return kept


def _note(options: Options, recipe: Recipe, dtype: torch.dtype, stages: Sequence[Stage]) -> None:
    sources = {stage.source.name: stage.source.size for stage in stages}
    run = {**asdict(recipe), **asdict(options), "work": str(options.work), "mode": str(options.mode)}
    run |= {"dtype": str(dtype).removeprefix("torch."), "sources": sources, "most": MOST_PIECES}
    kept = _kept(options.work)
    if (options.work / loop.CHECKPOINT).is_file() and any(kept.get(name) != run[name] for name in KEPT):
        raise ReaderTrainingError(
            f"{options.work} 里有一次设置不同的训练：请用原来的设置继续，或换一个 --work，或删去 {loop.CHECKPOINT}。"
        )
    write_json(options.work / RUN, run)


def trained(work: Path) -> tuple[Reader, Encoder, Mode]:
    """Return the reader as its last checkpoint has it, in float32 on the CPU, its encoder and its mode.

    Raises ReaderTrainingError where there is none.
    """
    kept = work / loop.CHECKPOINT
    if not kept.is_file() or not (work / RUN).is_file():
        raise ReaderTrainingError(
            f"{work} 里没有训练好的模型：请先运行 python -m training.reader train --work {work}。"
        )
    run = read_json(work / RUN)
    reader = from_base(work / BASE, run["layers"])
    freeze(reader, run["frozen"])
    MasterAdamW(reader, fast=HEAD).restore(torch.load(kept, map_location="cpu", weights_only=True)["optimiser"])
    return reader.eval(), Encoder.load(work / BASE), Mode(run["mode"])


def real_pairs(data: Path, count: int, seed: int = 1) -> list[tuple[str, Place]]:
    """Return questions of the part `tune`, each with the passage of its document that BM25 finds first."""
    asked = random.Random(seed).sample(load(data, Part.TUNE), count)
    texts = [text_of(data, question) for question in asked]
    return [(q.text, t.places[t.search.best(q.text, 1)[0]]) for q, t in zip(asked, texts, strict=True)]
