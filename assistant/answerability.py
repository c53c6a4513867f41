"""How likely the best sentence answers a question: a logistic model of a few signals.

No single score separates questions that the documents answer from those that they do not: a sentence
may hold every word and lack what is asked, or answer in other words. The signals say how much of the
question is said and where, how near it comes in meaning, what no document says, whether what is asked
for is supplied, and how far the best stands out. The weights are learned from labelled questions over
many small collections (`training.answerability`); how well they hold elsewhere: docs/evaluation.md.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.background import MODEL, damaged_model

FILE = "answerability.json"


@dataclass(frozen=True)
class Signals:
    """What is known of the best sentence for a question; shares are 0 to 1, of the weight of its words.

    `coverage`: said by the sentence and, in part, by its headings and neighbours; `around`: said by it
    or its neighbours or headings; `missing`: weight of the heaviest word that none of them says, as a
    share of the heaviest weight; `unsaid`: said nowhere; `foreign`: of words that name a thing and that
    no document says. `closeness`: cosine of the sentence; `lexical`, `dense`, `fused`: scores of the best
    passage; `margin`: how far the score is above that of the best sentence of another paragraph.
    `supplied`, `lacking`: whether what is asked for is given or is not. `words`: logarithm of their number.
    """

    coverage: float
    around: float
    missing: float
    unsaid: float
    foreign: float
    closeness: float
    lexical: float
    dense: float
    fused: float
    margin: float
    supplied: float
    lacking: float
    words: float
    phrases: float
    own: float
    before: float
    behind: float
    given: float

    def row(self) -> NDArray[np.float64]:
        """Return the signals in the order of the fields, (13,)."""
        return np.array([getattr(self, f.name) for f in fields(self)], dtype=np.float64)


NAMES = tuple(f.name for f in fields(Signals))


@dataclass(frozen=True)
class Answerability:
    """The learned model: `weights` by signal, and `bias`."""

    bias: float
    weights: Mapping[str, float]

    def __call__(self, signals: Signals) -> float:
        """Return the probability, 0 to 1, that the sentence answers."""
        return float(1 / (1 + np.exp(-(self.bias + signals.row() @ self._vector))))

    @cached_property
    def _vector(self) -> NDArray[np.float64]:
        return np.array([self.weights[name] for name in NAMES])


def load_answerability(folder: Path = MODEL) -> Answerability:
    """Return the model kept beside the bundled encoder; raises EncoderError where it is missing or damaged."""
    try:
        stored = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return Answerability(float(stored["bias"]), {name: float(stored["weights"][name]) for name in NAMES})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise damaged_model(folder, error) from error
