"""The base model as it comes: the cosine of a question and a sentence, one of the signals beside the reader."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.reader.encoding import PAD

MOST_PIECES = 128
BATCH = 16


class BaseLikeness:
    """Cosines by multilingual-e5-small: mean of the last layer, "query: " and "passage: " in front (its model card)."""

    def __init__(self, folder: Path) -> None:
        """Load the base model; vectors of texts seen are remembered."""
        from tokenizers import Tokenizer
        from transformers import BertModel

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MOST_PIECES)
        self._tokenizer.enable_padding(pad_id=PAD, pad_token="<pad>")
        self._model = BertModel.from_pretrained(folder, add_pooling_layer=False).eval()
        self._known: dict[str, NDArray[np.float64]] = {}

    def __call__(self, question: str, sentences: Sequence[str]) -> NDArray[np.float64]:
        """Return (n,) cosines."""
        asked, texts = f"query: {question}", [f"passage: {one}" for one in sentences]
        missing = sorted({t for t in [asked, *texts] if t not in self._known}, key=len)
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            self._known.update(zip(batch, self._vectors(batch), strict=True))
        return np.array([self._known[t] @ self._known[asked] for t in texts])

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float64]:
        import torch

        made = self._tokenizer.encode_batch(list(texts))
        ids, mask = torch.tensor([e.ids for e in made]), torch.tensor([e.attention_mask for e in made])
        with torch.inference_mode():
            hidden = self._model(input_ids=ids, attention_mask=mask).last_hidden_state
            summed = (hidden * mask[:, :, None]).sum(1).double()
        vectors: NDArray[np.float64] = torch.nn.functional.normalize(summed).numpy()
        return vectors
