"""The tokenizer: Unigram pieces of at most four characters, learned from a sample of the texts."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from training.sources import Sources

if TYPE_CHECKING:
    from tokenizers import Tokenizer

UNKNOWN = "[UNK]"


def sample(sources: Sources, every: int) -> list[str]:
    """Return each `every`-th article and all passages and questions: lay words must not drown in law."""
    articles = [article.passage for article in [*sources.laws.values(), *sources.regulations]]
    texts = [*sources.law_questions.values()]
    texts += [text for pair in sources.questions for text in (pair.text, pair.passage)]
    texts += [text for pair in sources.paraphrases for text in (pair.text, pair.same)]
    return articles[::every] + list(dict.fromkeys(texts))


def learn(texts: Iterable[str], pieces: int, longest: int) -> "Tokenizer":
    """Return a Unigram tokenizer with `pieces` pieces (Kudo 2018) of at most `longest` characters."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}]+"), "removed")
    trainer = trainers.UnigramTrainer(
        vocab_size=pieces,
        max_piece_length=longest,
        unk_token=UNKNOWN,
        special_tokens=[UNKNOWN],
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return _settled(tokenizer)


def _settled(tokenizer: "Tokenizer") -> "Tokenizer":
    """Return `tokenizer` with rounded, sorted scores: their last digits and order differ from run to run."""
    from tokenizers import Tokenizer

    state = json.loads(tokenizer.to_str())
    known = [(piece, round(score, 3)) for piece, score in state["model"]["vocab"] if piece != UNKNOWN]
    known.sort(key=lambda one: (-one[1], one[0]))
    state["model"].update(vocab=[(UNKNOWN, 0.0), *known], unk_id=0)
    return Tokenizer.from_str(json.dumps(state, ensure_ascii=False))
