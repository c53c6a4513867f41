"""The reader itself and what it is taught: a score a sentence, and where the few words begin and end.

It is a BertForSequenceClassification whose pooler and classifier are put not only to the first piece but also
to the mean of each sentence's pieces, and a second linear layer for the few words. Read at the first piece
alone it is a plain cross-encoder, so the same weights give both.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertConfig, BertForSequenceClassification, BertModel

from training.reader.encoding import Target
from training.reader.files import ReaderTrainingError
from training.reader.questions import Label

NOTHING_WEIGHT = 0.5
WHOLE_WEIGHT = 0.3
SPAN_WEIGHT = 0.5
HEAD = ("pooler", "classifier", "words")


class Reader(nn.Module):
    """Scores sentences and their pieces; see `forward`."""

    def __init__(self, config: BertConfig) -> None:
        """Make one of random weights; dropout is off and attention eager whatever `config` says."""
        super().__init__()
        config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
        config.num_labels = 1
        config._attn_implementation = "eager"
        self.body = BertForSequenceClassification(config)
        self.words = nn.Linear(config.hidden_size, 2)
        nn.init.xavier_uniform_(self._pooler.dense.weight)

    @property
    def config(self) -> Any:
        """The configuration of transformers."""
        return self.body.config

    @property
    def _pooler(self) -> Any:
        return self.body.bert.pooler

    def forward(self, ids: Tensor, mask: Tensor, pool: Tensor) -> tuple[Tensor, Tensor]:
        """Return scores (rows, 1 + sentences) and the few words' first and last (rows, pieces, 2), as logits.

        Shapes of what comes in: see `encoding.Batch`. A score above 0 is likelier than that nothing answers.
        """
        hidden = self.body.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        pooled = self._pooler.dense(torch.matmul(pool.to(hidden.dtype), hidden))
        return self.body.classifier(torch.tanh(pooled)).squeeze(-1).float(), self.words(hidden).float()


def from_base(folder: Path, layers: int | None = None) -> Reader:
    """Return a reader on the base model in `folder`; of its layers the lowest `layers` stay.

    Raises ReaderTrainingError where the folder holds no base model.
    """
    if not (folder / "config.json").is_file():
        raise ReaderTrainingError(f"{folder} 里没有基础模型：请先运行 python -m training.reader base。")
    base = BertModel.from_pretrained(folder, add_pooling_layer=False)
    kept = kept_layers(len(base.encoder.layer), layers)
    config = BertConfig(**{**base.config.to_dict(), "num_hidden_layers": len(kept)})
    reader = Reader(config)
    base.encoder.layer = nn.ModuleList(base.encoder.layer[k] for k in kept)
    reader.body.bert.load_state_dict(base.state_dict(), strict=False)
    return reader


def freeze(reader: Reader, layers: int) -> None:
    """Leave the pieces' vectors and the lowest `layers` as they are; with 0 everything learns."""
    bert = reader.body.bert
    for part in [bert.embeddings, *bert.encoder.layer[:layers]] if layers else []:
        part.requires_grad_(False)


def kept_layers(of: int, layers: int | None) -> list[int]:
    """Return which of `of` layers stay where `layers` are asked for: the lowest (Sajjad et al. 2023)."""
    return list(range(of if layers is None else min(of, max(1, layers))))


def listwise(scores: Tensor, labels: Sequence[Label]) -> Tensor:
    """Return the loss of the scores (n,) of all choices of one question; "nothing answers" has the logit 0.

    Every right one is to win a softmax over itself, the wrong ones and nothing; and without the right ones
    nothing is to win over the wrong ones (weighted `NOTHING_WEIGHT` where there are right ones). OPEN ones
    are left out.
    """
    given = torch.tensor([int(label) for label in labels], device=scores.device)
    right, wrong = scores[given == int(Label.RIGHT)], scores[given == int(Label.WRONG)]
    against = torch.logsumexp(torch.cat([scores.new_zeros(1), wrong]), 0)
    if not len(right):
        return against
    return functional.softplus(against - right).mean() + NOTHING_WEIGHT * against


def words_loss(words: Tensor, targets: Sequence[Target]) -> Tensor:
    """Return the mean loss of first and last piece of the few words, a softmax over the sentence's own pieces."""
    losses = []
    for target in targets:
        if target.answer is not None:
            inside = words[target.row, slice(*target.pieces)]
            for which, piece in enumerate(target.answer):
                aim = torch.tensor(piece - target.pieces[0], device=words.device)
                losses.append(functional.cross_entropy(inside[:, which], aim))
    return torch.stack(losses).mean() if losses else words.new_zeros(())


def picked(scores: Tensor, targets: Sequence[Target]) -> Tensor:
    """Return the scores (n,) of the targets."""
    rows, at = zip(*((t.row, t.at) for t in targets), strict=True)
    return scores[list(rows), list(at)]


def loss_of(scores: Tensor, words: Tensor, targets: Sequence[Target], whole: Sequence[Target]) -> Tensor:
    """Return the loss of one question: its sentences, its places as wholes, and the few words."""
    total = listwise(picked(scores, targets), [t.label for t in targets])
    if whole:
        total = total + WHOLE_WEIGHT * listwise(picked(scores, whole), [t.label for t in whole])
    return total + SPAN_WEIGHT * words_loss(words, targets)
