"""Answerability model: the probability that the best sentence answers, by logistic regression on a few signals.

No single score separates questions that the documents answer from those that they do not: a sentence may hold
every word and lack what is asked, or answer in other words. The weights are learned from labelled questions
over many small collections (`training.answerability`); docs/evaluation.md says how well they hold on others.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

from assistant.models.term_statistics import MODEL, damaged_model

FILE = "answerability.json"


@dataclass(frozen=True)
class Signals:
    """Features of the best sentence; shares, 0 to 1, are of the summed weight of the question's words.

    - `coverage`: share said by the sentence, in part by headings and neighbours; `around`: by any of these.
    - `given`: share said in the clauses that hold the number or date asked for; `coverage` if none is asked
      for.
    - `unsaid`: share that no document says; `foreign`: the part of it in words that name a thing.
    - `closeness`: cosine of sentence and question, -1 to 1; `fused`: the highest retrieval score, 0 to 1.
    - `behind`: how much lower its score is than that of the best sentence in another paragraph, one that was
      rejected because it lacks what is asked.
    - `supplied`: 1 where it plainly gives what is asked; `words`: logarithm of the number of the question's
      words.
    """

    coverage: float
    around: float
    given: float
    unsaid: float
    foreign: float
    closeness: float
    fused: float
    behind: float
    supplied: float
    words: float


NAMES = tuple(f.name for f in fields(Signals))


@dataclass(frozen=True)
class Answerability:
    """The learned model: a weight for each signal, and the bias."""

    bias: float
    weights: Mapping[str, float]

    def __call__(self, signals: Signals) -> float:
        """Return the probability, 0 to 1, that the sentence answers."""
        return float(1 / (1 + np.exp(-self.bias - sum(self.weights[n] * v for n, v in asdict(signals).items()))))


def load_answerability(folder: Path = MODEL) -> Answerability:
    """Return the model kept beside the bundled encoder; raises EncoderError where it is missing or damaged."""
    try:
        stored = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return Answerability(float(stored["bias"]), {name: float(stored["weights"][name]) for name in NAMES})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise damaged_model(folder, error) from error
