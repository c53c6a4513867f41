"""Writes the encoder's folder: sentence-transformers' own format, and what the assistant keeps beside it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.models.term_statistics import BACKGROUND_FILE, SEEN_FILE
from training.counts import TermCounts

if TYPE_CHECKING:
    from tokenizers import Tokenizer

CARD = "README.md"


def save_model(vectors: NDArray[np.float32], tokenizer: "Tokenizer", out: Path) -> None:
    """Write `vectors` as float16 and `tokenizer` to `out`; the model card that is there stays."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding

    out.mkdir(parents=True, exist_ok=True)
    card = (out / CARD).read_bytes() if (out / CARD).exists() else None
    weights = torch.from_numpy(vectors.astype(np.float16))
    model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights), Normalize()])
    model.save(str(out), create_model_card=False)
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    if card is not None:
        (out / CARD).write_bytes(card)


def save_background(counts: TermCounts, pieces: NDArray[np.uint32], out: Path) -> None:
    """Write the document frequencies of terms and of pieces to `out`."""
    from safetensors.numpy import save_file

    tensors: dict[str, NDArray[Any]] = {"terms": counts.keys, "frequencies": counts.frequencies, "pieces": pieces}
    save_file(tensors, out / BACKGROUND_FILE, metadata={"documents": str(counts.documents)})
    for path in out.glob("*.safetensors"):  # safetensors writes them for their owner alone
        path.chmod(0o644)


def save_seen(keys: list[str], out: Path) -> None:
    """Write the keys of the questions that training saw to `out`, one a line."""
    (out / SEEN_FILE).write_text("\n".join(keys) + "\n", encoding="utf-8")
