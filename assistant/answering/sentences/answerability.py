"""How likely the best sentence answers a question: a logistic model of a few signals.

No single score separates questions that the documents answer from those that they do not: a sentence
may hold every word and lack what is asked, or answer in other words. The weights are learned from
labelled questions over many small collections (`training.answerability`); docs/evaluation.md says how
far they hold on others.
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
    """What is known of the best sentence; shares are of the weight of the question's words, 0 to 1.

    `coverage`: said by the sentence, in part by headings and neighbours; `around`: said by it, its
    neighbours or headings; `given`: said in the clauses that hold the number or date asked for,
    `coverage` where none is asked for; `unsaid`: said in no document; `foreign`: of these, by words that
    name a thing. `closeness`: the sentence's cosine with the question; `fused`: the highest
    score of a passage found; `behind`: how far its score is below that of the best of another paragraph,
    which lacks what is asked; `supplied`: 1 where it plainly gives what is asked; `words`: log of their number.
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
