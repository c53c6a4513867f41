"""Pairs of texts that mean the same, as spans into one long array of piece ids.

A pair's side is up to three spans (title, what stands before, what stands after): leaving a
sentence out of its article then needs no text and no second tokenising.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from training.sources import Article, Sources

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Spans = NDArray[np.int64]
_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？\n]*")
LEGAL = ("lecoqa-train", "lawbench")


class Pool:
    """Piece ids of many texts, one after the other."""

    def __init__(self, tokenizer: "Tokenizer") -> None:
        self._tokenizer = tokenizer
        self._parts: list[NDArray[np.int32]] = []
        self._size = 0

    def add(self, texts: Sequence[str]) -> Spans:
        """Append `texts` and return where each lies, (n, 2): start and end."""
        start, counts = self._size, []
        for first in range(0, len(texts), 8192):
            batch = self._tokenizer.encode_batch_fast(list(texts[first : first + 8192]), add_special_tokens=False)
            for encoding in batch:
                ids = np.array(encoding.ids, dtype=np.int32)
                self._parts.append(ids)
                counts.append(len(ids))
        lengths = np.array(counts, dtype=np.int64)
        ends = start + np.cumsum(lengths)
        self._size = start + int(lengths.sum())
        return np.stack([ends - lengths, ends], axis=1)

    def owners(self) -> NDArray[np.int64]:
        """Return for each id which text it belongs to, in the order of adding, (size,)."""
        return np.repeat(np.arange(len(self._parts)), [len(part) for part in self._parts])

    def ids(self) -> NDArray[np.int32]:
        """Return all ids, (size,)."""
        return np.concatenate(self._parts)


@dataclass(frozen=True)
class Pairs:
    """Pairs of one kind. Sides are (n, k, 2) spans; equal keys mean the same text, hence no negative."""

    name: str
    left: Spans
    right: Spans
    left_key: NDArray[np.int64]
    right_key: NDArray[np.int64]
    repeats: int = 1

    def __len__(self) -> int:
        return len(self.left)


@dataclass(frozen=True)
class _Articles:
    """Spans of articles: `title` and `body` (n, 2); `sentences` (m, 2) with `owner` (m,)."""

    title: Spans
    body: Spans
    sentences: Spans
    owner: NDArray[np.int64]


def make(sources: Sources, pool: Pool, repeats: int, seed: int) -> list[Pairs]:
    """Return all kinds of pairs; those with questions are to be passed over `repeats` times as often."""
    articles = _add_articles(pool, [*sources.laws.values(), *sources.regulations])
    return [
        _sentence_pairs(articles, np.random.default_rng(seed)),
        _title_pairs(articles),
        *_question_pairs(sources, pool, articles, repeats),
        _paraphrase_pairs(sources, pool, repeats),
    ]


def _add_articles(pool: Pool, articles: list[Article]) -> _Articles:
    sentences = [_sentences(article.text) for article in articles]
    counts = np.array([len(one) for one in sentences])
    title = pool.add([article.title for article in articles])
    spans = pool.add([sentence for one in sentences for sentence in one])
    last = np.cumsum(counts)
    body = np.stack([spans[last - counts, 0], spans[last - 1, 1]], axis=1)
    return _Articles(title, body, spans, np.repeat(np.arange(len(articles)), counts))


def _sentences(text: str) -> list[str]:
    return _SENTENCE.findall(text) or [text]


def _sentence_pairs(articles: _Articles, rng: np.random.Generator, most: int = 2) -> Pairs:
    """(sentence, rest of its article), at most `most` of an article, of those with five pieces on both sides."""
    spans, owner = articles.sentences, articles.owner
    body = articles.body[owner]
    length = spans[:, 1] - spans[:, 0]
    fit = np.flatnonzero((length >= 5) & (body[:, 1] - body[:, 0] - length >= 5))
    fit = rng.permutation(fit)
    fit = fit[np.argsort(owner[fit], kind="stable")]
    first = np.searchsorted(owner[fit], owner[fit])
    fit = fit[np.arange(len(fit)) - first < most]
    rest = np.stack([np.stack([body[fit, 0], spans[fit, 0]], 1), np.stack([spans[fit, 1], body[fit, 1]], 1)], 1)
    return Pairs("sentence of an article, rest of it", spans[fit][:, None], rest, -1 - fit, owner[fit])


def _title_pairs(articles: _Articles) -> Pairs:
    fit = np.flatnonzero(articles.body[:, 1] - articles.body[:, 0] >= 5)
    sides = articles.title[fit][:, None], articles.body[fit][:, None]
    return Pairs("title and chapter, article", *sides, -1 - fit, fit)


def _question_pairs(sources: Sources, pool: Pool, articles: _Articles, repeats: int) -> list[Pairs]:
    """Law questions with articles of STARD and answers; questions on encyclopaedia paragraphs."""
    row = {name: number for number, name in enumerate(sources.laws)}
    gold = [(text, row[law]) for name, text in sources.law_questions.items() for law in sources.gold[name]]
    laws = np.array([number for _, number in gold])
    stard = np.stack([articles.title[laws], articles.body[laws]], axis=1)
    legal = [(pair.text, pair.passage) for pair in sources.questions if pair.source in LEGAL]
    others = [(pair.text, pair.passage) for pair in sources.questions if pair.source not in LEGAL]
    answers = pool.add([passage for _, passage in legal])
    passages = np.concatenate([stard, np.stack([answers, np.stack([answers[:, 1]] * 2, 1)], axis=1)])
    texts = [text for text, _ in gold] + [text for text, _ in legal]
    keys = np.concatenate([laws, len(row) + _keys([passage for _, passage in legal])])
    law = Pairs("law question, article or answer", pool.add(texts)[:, None], passages, _keys(texts), keys, repeats)
    return [law, _plain_pairs("question, encyclopaedia paragraph", others, pool, repeats)]


def _paraphrase_pairs(sources: Sources, pool: Pool, repeats: int) -> Pairs:
    return _plain_pairs("sentence, paraphrase", [(p.text, p.same) for p in sources.paraphrases], pool, repeats)


def _plain_pairs(name: str, texts: list[tuple[str, str]], pool: Pool, repeats: int) -> Pairs:
    left, right = [a for a, _ in texts], [b for _, b in texts]
    return Pairs(name, pool.add(left)[:, None], pool.add(right)[:, None], _keys(left), _keys(right), repeats)


def _keys(texts: list[str]) -> NDArray[np.int64]:
    numbers = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    return np.array([numbers[text] for text in texts], dtype=np.int64)
