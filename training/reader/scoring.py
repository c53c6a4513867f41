"""A trained reader put to work, by torch or as ONNX: scores of sentences and the few words that answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.reader.documents import Place, Span
from training.reader.encoding import Batch, Encoded, Encoder, batch_of, chunks
from training.reader.examples import Mode, alone
from training.reader.network import Reader

Floats = NDArray[np.float32]
Runner = Callable[[Batch], tuple[Floats, Floats]]
"""Gives scores (rows, 1 + sentences) and words (rows, pieces, 2), all logits."""

PIECES = 4096
LONGEST_WORDS = 40


@dataclass(frozen=True)
class Words:
    """The few words that answer, as (start, end) in the place's text, and their probability in the sentence."""

    span: Span
    probability: float


@dataclass(frozen=True)
class Scored:
    """What the reader says of a place: a logit for the whole, and one a sentence with its few words."""

    whole: float
    sentences: tuple[float, ...]
    words: tuple[Words | None, ...]


def torch_runner(reader: Reader) -> Runner:
    """Return a runner on a network in memory."""
    import torch

    device = next(reader.parameters()).device

    def run(batch: Batch) -> tuple[Floats, Floats]:
        with torch.inference_mode():
            parts = (torch.from_numpy(part).to(device) for part in (batch.ids, batch.mask, batch.pool))
            scores, words = reader(*parts)
        return scores.cpu().numpy(), words.cpu().numpy()

    return run


def onnx_runner(file: Path, threads: int = 1) -> Runner:
    """Return a runner on an ONNX file."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])

    def run(batch: Batch) -> tuple[Floats, Floats]:
        scores, words = session.run(None, {"ids": batch.ids, "mask": batch.mask, "pool": batch.pool})
        return scores, words

    return run


@dataclass(frozen=True)
class Scorer:
    """Scores places; `mode` as the reader was trained, `pieces` in one pass with padding."""

    runner: Runner
    encoder: Encoder
    mode: Mode
    pieces: int = PIECES

    def score(self, question: str, places: Sequence[Place]) -> list[Scored]:
        """Return what the reader says of each place, in their order."""
        if self.mode is Mode.PASSAGE:
            return self._passages(question, places)
        return [self._sentences(question, place) for place in places]

    def _passages(self, question: str, places: Sequence[Place]) -> list[Scored]:
        rows = self.encoder.encode(question, places)
        found: dict[int, Scored] = {}
        for numbers in chunks(rows, self.pieces):
            scores, words = self.runner(batch_of([rows[k] for k in numbers]))
            for at, k in enumerate(numbers):
                found[k] = _scored(rows[k], scores[at], words[at])
        return [found[k] for k in range(len(places))]

    def _sentences(self, question: str, place: Place) -> Scored:
        """Score a sentence a pass; the whole is as good as its best sentence."""
        single = [alone(place, k) for k in range(len(place.sentences))]
        made = self._passages(question, single)
        words = tuple(
            _moved(one.words[0], place.sentences[k][0] - single[k].sentences[0][0]) for k, one in enumerate(made)
        )
        scores = tuple(one.whole for one in made)
        return Scored(max(scores), scores, words)


def _moved(words: Words | None, by: int) -> Words | None:
    return Words((words.span[0] + by, words.span[1] + by), words.probability) if words else None


def _scored(row: Encoded, scores: Floats, words: Floats) -> Scored:
    sentences = tuple(float(scores[k + 1]) for k in range(len(row.sentences)))
    return Scored(float(scores[0]), sentences, tuple(_words(row, pieces, words) for pieces in row.sentences))


def _words(row: Encoded, pieces: Span, words: Floats) -> Words | None:
    """Return the likeliest first and last piece in a sentence, at most `LONGEST_WORDS` pieces apart."""
    first, last = pieces
    if first == last:
        return None
    begin, end = (_softmax(words[first:last, which]) for which in (0, 1))
    both = np.triu(np.outer(begin, end)) - np.triu(np.outer(begin, end), LONGEST_WORDS)
    a, b = divmod(int(both.argmax()), last - first)
    return Words((row.offsets[first + a][0], row.offsets[first + b][1]), float(both[a, b]))


def _softmax(logits: Floats) -> Floats:
    raised = np.exp(logits - logits.max())
    share: Floats = raised / raised.sum()
    return share
