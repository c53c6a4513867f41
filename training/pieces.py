"""The tokenizer: Unigram pieces of at most four characters, learned from a sample of the texts."""

import json
import math
from collections import Counter
from typing import TYPE_CHECKING

from training.sources import Sources

if TYPE_CHECKING:
    from tokenizers import Tokenizer

UNKNOWN = "[UNK]"
SHRINKING = 0.5
ROUNDS = 4
LEAST = 0.5


def sample(sources: Sources, every: int) -> list[str]:
    """Return each `every`-th article and all passages and questions: lay words must not drown in law."""
    articles = [article.passage for article in [*sources.laws.values(), *sources.regulations]]
    texts = [*sources.law_questions.values()]
    texts += [text for pair in sources.questions for text in (pair.text, pair.passage)]
    texts += [text for pair in sources.paraphrases for text in (pair.text, pair.same)]
    return articles[::every] + list(dict.fromkeys(texts))


def learn(texts: list[str], pieces: int, longest: int) -> "Tokenizer":
    """Return a Unigram tokenizer with `pieces` pieces (Kudo 2018) of at most `longest` characters."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}]+"), "removed")
    trainer = trainers.UnigramTrainer(
        vocab_size=pieces,
        max_piece_length=longest,
        shrinking_factor=SHRINKING,
        unk_token=UNKNOWN,
        special_tokens=[UNKNOWN],
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return _settled(tokenizer, texts, longest)


def _settled(tokenizer: "Tokenizer", texts: list[str], longest: int) -> "Tokenizer":
    """Return `tokenizer` with scores from whole counts: the trainer's sums depend on the order of its threads.

    They start from how often each piece occurs at all, then from how often it is chosen (hard EM).
    """
    known = sorted(set(tokenizer.get_vocab()) - {UNKNOWN})
    counts = _occurrences(tokenizer, texts, longest)
    for _ in range(ROUNDS):
        tokenizer = _rescored(tokenizer, known, counts)
        counts = Counter()
        for first in range(0, len(texts), 8192):
            for encoding in tokenizer.encode_batch(texts[first : first + 8192], add_special_tokens=False):
                counts.update(encoding.tokens)
    return _rescored(tokenizer, known, counts)


def _occurrences(tokenizer: "Tokenizer", texts: list[str], longest: int) -> Counter[str]:
    """Return how often each run of up to `longest` characters occurs in what `tokenizer` splits into pieces."""
    found: Counter[str] = Counter()
    for text in texts:
        for run, _ in tokenizer.pre_tokenizer.pre_tokenize_str(tokenizer.normalizer.normalize_str(text)):
            for size in range(1, longest + 1):
                found.update(run[i : i + size] for i in range(len(run) - size + 1))
    return found


def _rescored(tokenizer: "Tokenizer", known: list[str], counts: Counter[str]) -> "Tokenizer":
    """Return `tokenizer` with the pieces `known`, the commonest first, scored by the logarithm of their share."""
    from tokenizers import Tokenizer

    total = sum(counts[piece] + LEAST for piece in known)
    scored = [(piece, round(math.log((counts[piece] + LEAST) / total), 4)) for piece in known]
    scored.sort(key=lambda one: (-one[1], one[0]))
    state = json.loads(tokenizer.to_str())
    state["model"].update(vocab=[(UNKNOWN, 0.0), *scored], unk_id=0)
    return Tokenizer.from_str(json.dumps(state, ensure_ascii=False))
