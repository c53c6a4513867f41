"""A second course: each question against the passages that the vectors so far take for its answer.

Passages are cut as the index cuts them. In every step a batch of questions must find a right passage
among the right ones and the mined wrong ones of the whole batch (hard negatives renewed while
learning, Xiong et al. 2021); of a right article the passage counts that is nearest already.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.documents.document import Document
from assistant.documents.splitting import split
from assistant.index.records import indexed_text
from assistant.models.encoder import unit_rows
from training.pairs import Pool
from training.sources import Article, Sources
from training.vectors import LazyAdam, Recipe, bag_matrix, thinned

if TYPE_CHECKING:
    from tokenizers import Tokenizer

QUESTIONS_AT_ONCE = 512
FORBIDDEN = -2.0

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Exercises:
    """Bags of questions and passages, (n, pieces) CSR, and what is right.

    `rows` are (question, choice) pairs; `choices` the passages of one right text; `right` all right passages
    of a question, which are never its negatives.
    """

    questions: Any
    passages: Any
    rows: list[tuple[int, int]]
    choices: list[Numbers]
    right: list[Numbers]


def exercises(sources: Sources, tokenizer: "Tokenizer") -> Exercises:
    """Return every question with STARD's articles, answers, encyclopaedia paragraphs or paraphrases."""
    texts: list[str] = []
    choices: list[Numbers] = []
    known: dict[str, int] = {}

    def choice(key: str, passages: list[str]) -> int:
        if key not in known:
            known[key] = len(choices)
            choices.append(np.arange(len(texts), len(texts) + len(passages)))
            texts.extend(passages)
        return known[key]

    for name, law in sources.laws.items():
        choice(f"law {name}", passages_of(law))
    pairs = [(text, choice(f"law {name}", [])) for q, text in sources.law_questions.items() for name in sources.gold[q]]
    pairs += [(one.text, choice(one.passage, [one.passage])) for one in sources.questions]
    pairs += [(one.text, choice(one.same, [one.same])) for one in sources.paraphrases]
    questions = {text: number for number, text in enumerate(dict.fromkeys(text for text, _ in pairs))}
    rows = [(questions[text], chosen) for text, chosen in pairs]
    right: list[list[Numbers]] = [[] for _ in questions]
    for question, chosen in rows:
        right[question].append(choices[chosen])
    bags = (_bags(list(questions), tokenizer), _bags(texts, tokenizer))
    return Exercises(*bags, rows, choices, [np.concatenate(one) for one in right])


def passages_of(article: Article) -> list[str]:
    """Return the words under which the index finds the passages of an article."""
    document = Document("", article.title, None, None, None, "", article.text, len(article.text), "", "utf-8")
    made = split(document).passages
    return [indexed_text(article.title, one.context, article.text[one.start : one.end]) for one in made]


def learn(
    start: NDArray[np.float32], given: Exercises, recipe: Recipe, say: Callable[[str], None]
) -> NDArray[np.float32]:
    """Return the vectors (pieces, dimensions) after all rounds over the exercises."""
    vectors, rng = start.copy(), np.random.default_rng(recipe.seed)
    optimizer = LazyAdam(vectors)
    steps = len(given.rows) // recipe.mined_batch
    total, step, loss = recipe.mined_rounds * steps, 0, float("nan")
    for number in range(recipe.mined_rounds):
        if number % recipe.mined_every == 0:
            best, wrong = mine(vectors, given, recipe.mined_depth)
            say(f"mined {recipe.mined_depth} wrong passages for each of {len(wrong)} questions")
        order = rng.permutation(len(given.rows))
        for at in range(steps):
            rows = [given.rows[n] for n in order[at * recipe.mined_batch :][: recipe.mined_batch]]
            asked = np.array([question for question, _ in rows])
            found = np.array([best[chosen, question] for question, chosen in rows])
            others = [rng.choice(wrong[question], recipe.mined_negatives, replace=False) for question in asked]
            passages = np.unique(np.concatenate([found, *others]))
            bags = [
                thinned(given.questions[asked], recipe.question_dropout, rng),
                thinned(given.passages[passages], recipe.passage_dropout, rng),
            ]
            right = [given.right[question] for question in asked]
            loss, slopes = _slopes([bag @ vectors for bag in bags], found, passages, right, recipe.scale)
            step += 1
            rate = recipe.mined_rate * min(10 * step / total, (total - step + 1) / (0.9 * total))
            touched = np.unique(np.concatenate([bag.indices for bag in bags]))
            optimizer.step(touched, sum(bag.T @ slope for bag, slope in zip(bags, slopes, strict=True)), rate)
        say(f"round {number + 1} of {recipe.mined_rounds}: loss {loss:.3f}")
    return vectors


def mine(
    vectors: NDArray[np.float32], given: Exercises, depth: int
) -> tuple[dict[tuple[int, int], int], NDArray[np.int32]]:
    """Return the nearest passage of each (choice, question), and the nearest `depth` wrong ones (questions, depth)."""
    passages = unit_rows(given.passages @ vectors)
    chosen: list[list[int]] = [[] for _ in given.right]
    for question, choice in given.rows:
        chosen[question].append(choice)
    best: dict[tuple[int, int], int] = {}
    wrong = np.empty((len(given.right), depth), dtype=np.int32)
    for first, scores in _scores(unit_rows(given.questions @ vectors), passages):
        for at, row in enumerate(scores):
            question = first + at
            for choice in chosen[question]:
                best[choice, question] = given.choices[choice][int(np.argmax(row[given.choices[choice]]))]
            row[given.right[question]] = FORBIDDEN
        wrong[first : first + len(scores)] = np.argpartition(-scores, depth, axis=1)[:, :depth]
    return best, wrong


def _scores(questions: NDArray[np.float32], passages: NDArray[np.float32]) -> Iterator[tuple[int, NDArray[np.float32]]]:
    for first in range(0, len(questions), QUESTIONS_AT_ONCE):
        yield first, questions[first : first + QUESTIONS_AT_ONCE] @ passages.T


def _slopes(
    sums: list[NDArray[np.float32]], found: Numbers, passages: Numbers, right: list[Numbers], scale: float
) -> tuple[float, list[NDArray[np.float32]]]:
    """Return the loss of finding `found` among `passages`, and its slopes in the `sums` of both sides."""
    import torch
    from torch.nn.functional import cross_entropy, normalize

    target = torch.from_numpy(np.searchsorted(passages, found))
    other = np.array([np.isin(passages, one) for one in right])
    other[np.arange(len(found)), target.numpy()] = False
    sides = [torch.from_numpy(side).requires_grad_() for side in sums]
    scores = scale * normalize(sides[0]) @ normalize(sides[1]).T
    loss = cross_entropy(scores.masked_fill(torch.from_numpy(other), float("-inf")), target)
    loss.backward()
    return loss.item(), [side.grad.numpy() for side in sides if side.grad is not None]


def _bags(texts: list[str], tokenizer: "Tokenizer") -> Any:
    pool = Pool(tokenizer)
    spans = pool.add(texts)
    return bag_matrix(pool.ids(), spans[:, None], tokenizer.get_vocab_size())
