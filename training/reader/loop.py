"""The training loop: stages, a learning rate fitted to the time at hand, checkpoints, a log."""

import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from training.reader.encoding import Encoded, Encoder, Task, batch_of, chunks, task_of
from training.reader.examples import Mode, Source
from training.reader.files import write_json
from training.reader.network import HEAD, Reader, loss_of
from training.reader.precision import MasterAdamW

WARM_UP = 0.06
LOG_EVERY = 10
CHECKPOINT = "checkpoint.pt"
LOG = "log.json"


@dataclass(frozen=True)
class Stage:
    """A source gone through at most `epochs` times, with `share` of the time and this highest learning rate."""

    source: Source
    share: float
    epochs: float
    rate: float


@dataclass(frozen=True)
class Options:
    """How to train: `minutes` in all, `steps` a stage where given, `questions` a step, `pieces` a pass (0: as fits).

    With `cpu_time` the minutes are those that this process computes, for a machine that others keep busy.
    """

    work: Path
    mode: Mode = Mode.PASSAGE
    minutes: float = 60.0
    steps: int | None = None
    questions: int = 8
    pieces: int = 0
    seed: int = 1
    save_minutes: float = 3.0
    cpu_time: bool = False


@dataclass
class Progress:
    """How far training is; kept in checkpoints. `seconds` are those of the present stage."""

    stage: int = 0
    step: int = 0
    seconds: float = 0.0
    log: list[dict[str, Any]] = field(default_factory=list)


class Trainer:
    """Trains a reader in place."""

    def __init__(self, reader: Reader, encoder: Encoder, stages: Sequence[Stage], options: Options) -> None:
        """Take up the last checkpoint in the working folder, where there is one."""
        self._reader, self._encoder, self._stages, self._options = reader, encoder, stages, options
        self._optimiser, self._progress, self._saved = MasterAdamW(reader, fast=HEAD), Progress(), time.monotonic()
        self._clock = time.process_time if options.cpu_time else time.monotonic
        kept = options.work / CHECKPOINT
        if kept.is_file():
            state = torch.load(kept, map_location="cpu", weights_only=True)
            self._optimiser.restore(state["optimiser"])
            self._progress = Progress(**state["progress"])

    def train(self) -> list[dict[str, Any]]:
        """Run what is left of all stages; return the log, a row every few steps. Reader ends in mode eval."""
        self._reader.train()
        while self._progress.stage < len(self._stages):
            self._run(self._stages[self._progress.stage])
            self._progress.stage, self._progress.step, self._progress.seconds = self._progress.stage + 1, 0, 0.0
            self._save()
        self._reader.eval()
        return self._progress.log

    def _run(self, stage: Stage) -> None:
        progress, window = self._progress, list[dict[str, float]]()
        for step, numbers in _steps(stage.source.size, self._options, progress):
            begun = self._clock()
            done = self._share(stage, step)
            if done >= 1:
                break
            row = self._step(stage, numbers, rate_at(done) * stage.rate)
            progress.step, progress.seconds = step + 1, progress.seconds + self._clock() - begun
            window.append({**row, "seconds": self._clock() - begun})
            if len(window) == LOG_EVERY:
                self._note(stage, window, done)
                window.clear()
            if time.monotonic() - self._saved > 60 * self._options.save_minutes:
                self._save()
        if window:
            self._note(stage, window, 1.0)

    def _share(self, stage: Stage, step: int) -> float:
        """Return how much of the stage is over, 0 to 1: of its time or its epochs, or of its steps alone."""
        if self._options.steps is not None:
            return step / self._options.steps
        seen = step * self._options.questions / (stage.epochs * stage.source.size)
        return max(seen, self._progress.seconds / max(1e-9, 60 * self._options.minutes * stage.share))

    def _step(self, stage: Stage, numbers: Sequence[tuple[int, int]], rate: float) -> dict[str, float]:
        examples = [one for n, epoch in numbers for one in stage.source.make(n, epoch) if one.choices]
        tasks = [task_of(example, self._encoder, self._options.mode) for example in examples]
        total = 0.0
        for together in _together(tasks, self._options.pieces):
            loss = self._loss(together) / len(tasks)
            loss.backward()
            total += loss.item()
        pieces = sum(task.pieces for task in tasks)
        return {"loss": total, "norm": self._optimiser.step(rate), "rate": rate, "pieces": pieces}

    def _loss(self, tasks: Sequence[Task]) -> torch.Tensor:
        """Return the sum of the tasks' losses, all their rows run together."""
        scores, words = run(self._reader, [row for task in tasks for row in task.rows], self._options.pieces)
        total, at = scores.new_zeros(()), 0
        for task in tasks:
            mine = slice(at, at + len(task.rows))
            total = total + loss_of(scores[mine], words[mine], task.targets, task.whole)
            at += len(task.rows)
        return total

    def _note(self, stage: Stage, window: Sequence[dict[str, float]], done: float) -> None:
        mean = {name: round(sum(row[name] for row in window) / len(window), 6) for name in window[0]}
        row = {"stage": stage.source.name, "step": self._progress.step, "done": round(done, 4), **mean}
        self._progress.log.append(row)
        print(json.dumps(row), flush=True)

    def _save(self) -> None:
        work = self._options.work
        work.mkdir(parents=True, exist_ok=True)
        partial = work / (CHECKPOINT + ".part")
        torch.save({"optimiser": self._optimiser.state(), "progress": asdict(self._progress)}, partial)
        partial.replace(work / CHECKPOINT)
        write_json(work / LOG, self._progress.log)
        self._saved = time.monotonic()


def rate_at(done: float) -> float:
    """Return the share of the highest learning rate at `done`, 0 to 1: up in 6 %, then down to 0 in a line."""
    return done / WARM_UP if done < WARM_UP else (1 - done) / (1 - WARM_UP)


def _steps(size: int, options: Options, progress: Progress) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Yield from the present step on (step, [(question, epoch), ...]) for ever, every epoch in its own order."""
    step, epoch, order = progress.step, -1, list[int]()
    while True:
        numbers = []
        for seen in range(step * options.questions, (step + 1) * options.questions):
            if seen // size != epoch:
                epoch = seen // size
                order = list(range(size))
                random.Random(f"{options.seed} {progress.stage} {epoch}").shuffle(order)
            numbers.append((order[seen % size], epoch))
        yield step, numbers
        step += 1


def _together(tasks: Sequence[Task], pieces: int) -> Iterator[list[Task]]:
    """Yield runs of tasks of at most `pieces` pieces in all, at least one task each."""
    group, held = list[Task](), 0
    for task in tasks:
        if group and held + task.pieces > pieces:
            yield group
            group, held = [], 0
        group.append(task)
        held += task.pieces
    if group:
        yield group


def run(reader: Reader, rows: Sequence[Encoded], pieces: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return scores (rows, 1 + sentences) and words (rows, pieces, 2) of all rows, in batches cut by length."""
    device = next(reader.parameters()).device
    parts, order = [], list[int]()
    for numbers in chunks(rows, pieces):
        batch = batch_of([rows[k] for k in numbers])
        tensors = (torch.from_numpy(part).to(device) for part in (batch.ids, batch.mask, batch.pool))
        parts.append(reader(*tensors))
        order += numbers
    back = torch.tensor(order, device=device).argsort()
    return _joined([scores for scores, _ in parts])[back], _joined([words for _, words in parts])[back]


def _joined(parts: list[torch.Tensor]) -> torch.Tensor:
    """Join along the first axis, padded with 0 to the longest second one."""
    most = max(part.shape[1] for part in parts)
    padded = [torch.nn.functional.pad(p, (0,) * (2 * (p.dim() - 2)) + (0, most - p.shape[1])) for p in parts]
    return torch.cat(padded)
