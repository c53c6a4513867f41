"""Train the reader: base model, training, export, evaluation, model card.

Steps (all of them without one): base (the base model out of two packages), train (or go on after a break),
export (ONNX of 8 bits and a CrossEncoder), evaluate (on the part tune), card.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from training.reader import base as base_model
from training.reader.files import ReaderTrainingError, read_json, texts_of, write_json

STEPS = ("base", "train", "export", "evaluate", "card")
COUNTED = ("reading/drcd.jsonl.xz", "reading/cmrc2018.jsonl.xz", "training/local-regulations.jsonl.xz")
PAIRS = 40


def main(arguments: list[str] | None = None) -> int:
    """Run the steps that are asked for; returns the exit status."""
    chosen = _options().parse_args(arguments)
    try:
        for step in STEPS if chosen.step == "all" else (chosen.step,):
            STEP[step](chosen)
    except ReaderTrainingError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    return 0


def _options() -> argparse.ArgumentParser:
    o = argparse.ArgumentParser(prog="python -m training.reader", description=__doc__)
    o.add_argument("step", nargs="?", default="all", choices=("all", *STEPS))
    o.add_argument(
        "--data", type=Path, default=Path("../shared/data"), help="folder with questions/, policy/, reading/"
    )
    o.add_argument("--work", type=Path, default=Path("training/work/reader"), help="checkpoints and log, outside git")
    o.add_argument("--out", type=Path, default=None, help="folder of the finished reader (default: WORK/out)")
    o.add_argument("--minutes", type=float, default=60.0, help="time for both stages; the learning rate fits it")
    o.add_argument("--cpu-time", action="store_true", help="count the minutes computed, not those gone by")
    o.add_argument("--steps", type=int, default=None, help="steps a stage instead of a time, for trials")
    o.add_argument("--mode", choices=("passage", "sentence"), default="passage", help="a pass a passage or a sentence")
    o.add_argument("--layers", type=int, default=12, help="how many of the 12 layers stay")
    o.add_argument("--frozen", type=int, default=0, help="how many of the lowest layers do not learn")
    o.add_argument("--laws", action="store_true", help="STARD's questions in stage two as well")
    o.add_argument("--questions", type=int, default=8, help="questions a step")
    o.add_argument("--pieces", type=int, default=0, help="pieces a pass (0: as the machine likes it)")
    o.add_argument("--seed", type=int, default=1)
    o.add_argument("--device", default="auto", help="auto, cpu or cuda")
    o.add_argument("--dtype", default="auto", choices=("auto", "float32", "bfloat16"))
    o.add_argument("--part", default="tune", choices=("tune", "test"), help="what is evaluated; test only at the end")
    o.add_argument("--sample", type=int, default=None, help="evaluate so many questions only")
    o.add_argument("--size", type=int, default=8, help="documents searched together")
    o.add_argument("--no-cosine", action="store_true", help="evaluate without the base model's cosine (faster)")
    o.add_argument("--onnx", action="store_true", help="evaluate the ONNX file of 8 bits")
    o.add_argument("--threads", type=int, default=1, help="threads of the ONNX file")
    return o


def _base(chosen: argparse.Namespace) -> None:
    out = chosen.work / "base"
    if (out / "base.json").is_file():
        return
    made = base_model.make(out, chosen.work / "wheels", texts_of([chosen.data / name for name in COUNTED]))
    write_json(out / "base.json", made)
    print(json.dumps(made))


def _train(chosen: argparse.Namespace) -> None:
    from training.reader import runs
    from training.reader.examples import Mode
    from training.reader.loop import Options

    recipe = runs.Recipe(
        layers=chosen.layers,
        frozen=chosen.frozen,
        laws=chosen.laws,
        device=chosen.device,
        dtype=chosen.dtype,
    )
    options = Options(
        work=chosen.work,
        mode=Mode(chosen.mode),
        minutes=chosen.minutes,
        cpu_time=chosen.cpu_time,
        steps=chosen.steps,
        questions=chosen.questions,
        pieces=chosen.pieces,
        seed=chosen.seed,
    )
    runs.train(chosen.data, options, recipe)


def _export(chosen: argparse.Namespace) -> None:
    import shutil

    from training.reader import export, runs

    reader, _, mode = runs.trained(chosen.work)
    out = _out(chosen)
    tokenizer = chosen.work / "base" / "tokenizer.json"
    export.write_cross_encoder(reader, tokenizer, out / export.CROSS_ENCODER)
    export.write_onnx(reader, out)
    shutil.copy(tokenizer, out / "tokenizer.json")
    agreed = export.agreement(out, runs.real_pairs(chosen.data, PAIRS), mode)
    made = {"mode": str(mode), "sizes": export.check_size(out), "agreement": asdict(agreed)}
    write_json(out / "export.json", made)
    print(json.dumps(made))


def _evaluate(chosen: argparse.Namespace) -> None:
    from training.reader import evaluation, likeness
    from training.reader.questions import Part

    near = None if chosen.no_cosine else likeness.BaseLikeness(chosen.work / "base")
    found = evaluation.evaluate(chosen.data, Part(chosen.part), _scorer(chosen), near, chosen.sample, chosen.size)
    write_json(_out(chosen) / f"figures-{chosen.part}.json", found)
    print(json.dumps(found, ensure_ascii=False))


def _scorer(chosen: argparse.Namespace) -> Any:
    from training.reader import export, runs, scoring

    reader, encoder, mode = runs.trained(chosen.work)
    if chosen.onnx:
        return scoring.Scorer(scoring.onnx_runner(_out(chosen) / export.SHIPPED, chosen.threads), encoder, mode)
    from training.reader.precision import device_of

    return scoring.Scorer(scoring.torch_runner(reader.to(device_of(chosen.device))), encoder, mode)


def _card(chosen: argparse.Namespace) -> None:
    from training.reader import card

    out = _out(chosen)
    figures = {part: read_json(f) for part in ("tune", "test") if (f := out / f"figures-{part}.json").is_file()}
    run, base = read_json(chosen.work / "run.json"), read_json(chosen.work / "base" / "base.json")
    sizes = read_json(out / "export.json")["sizes"]
    card.write(out / "CARD.md", card.card(run, base, figures, sizes))


def _out(chosen: argparse.Namespace) -> Path:
    out: Path = chosen.out or chosen.work / "out"
    out.mkdir(parents=True, exist_ok=True)
    return out


STEP = {"base": _base, "train": _train, "export": _export, "evaluate": _evaluate, "card": _card}

if __name__ == "__main__":
    sys.exit(main())
