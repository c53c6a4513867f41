"""A second look at the passages found first: a cross-encoder reads question and passage together.

None is used unless the setting `reranker` names one. `retriever` decides which passages it sees.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.base.errors import EncoderError
from assistant.base.settings import ModelOptions
from assistant.base.text import printable
from assistant.models.encoder import BUNDLED
from assistant.models.loading import RERANKER, Model

CANDIDATES = 50


class Reranker(Protocol):
    """Says how well each text answers a question; asked for the best `candidates` passages of a search."""

    name: str
    candidates: int

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n,), 0 to 1, higher for a text that answers better."""
        ...


class CrossEncoderReranker:
    """A cross-encoder of sentence_transformers with one score, in a folder or by its name on the hub."""

    def __init__(self, name: str, candidates: int = CANDIDATES, options: ModelOptions | None = None) -> None:
        """Load the model; raises EncoderError where it is missing, no reranker, or out of reach."""
        self.name, self.candidates = name, candidates
        self._model = Model(RERANKER, name, options or ModelOptions())
        _check(self._model.loaded, name)

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n,): the logistic function of the model's score of each pair of question and text."""
        from torch.nn import Sigmoid

        asked = printable(question)
        pairs = [(asked, printable(text)) for text in texts]
        return self._model.call(self._model.loaded.predict, pairs, activation_fn=Sigmoid())


def load_reranker(name: str, candidates: int = CANDIDATES, options: ModelOptions | None = None) -> Reranker | None:
    """Return the cross-encoder of that name or in that folder, None for an empty name."""
    if name == BUNDLED:
        raise EncoderError("没有自带的重排模型：请在设置 reranker 中写一个模型文件夹，或删去该设置而不用重排。")
    return CrossEncoderReranker(name, candidates, options) if name else None


def _check(model: Any, name: str) -> None:
    """Raise EncoderError unless the model was trained to give one score.

    sentence_transformers puts a random layer on a model without one, and would rank by chance.
    """
    mend = "请换一个（如 BAAI/bge-reranker-base），或删去设置 reranker 而不用重排。"
    built = getattr(model.config, "architectures", None) or []
    if len(model) == 1 and not any(kind.endswith("ForSequenceClassification") for kind in built):
        raise EncoderError(f"{name} 不是重排模型（没有打分的一层）：{mend}")
    if model.num_labels != 1:
        raise EncoderError(f"{name} 给出 {model.num_labels} 类而不是一个分数，不能用来重排：{mend}")
