"""How good a reader is: over corpora of several documents, the first passages that BM25 finds."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.reader.calibration import calibration_error, fit, left_out, reliability
from training.reader.documents import Place, Text, read
from training.reader.lexical import PairSearch
from training.reader.negatives import kind_of
from training.reader.questions import Label, Marked, Part, Question, labels, load, marked
from training.reader.scoring import Scored, Scorer

PASSAGES = 12
CORPUS = 8
REFUSED = 0.9
REFUSALS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)
COSINE, WORDS = 20.0, 2.0

Floats = NDArray[np.float64]
Likeness = Callable[[str, Sequence[str]], Floats]
"""Gives (n,), how near each sentence is to the question, -1 to 1."""


@dataclass(frozen=True)
class Outcome:
    """One question: (n,) for its n candidate sentences `score`, `bm25`, `cosine` (0 where not asked) and `right`.

    `words` says whether the few words named in the first sentence are the labelled ones: None without a label.
    """

    question: Question
    answerable: bool
    score: Floats
    bm25: Floats
    cosine: Floats
    right: NDArray[np.bool_]
    words: bool | None


@dataclass(frozen=True)
class Way:
    """A way to rank and to dare: the weights of the reader's score, of the cosine and of BM25 (0 to 1)."""

    reader: float
    cosine: float
    bm25: float

    def of(self, outcome: Outcome) -> Floats:
        """Return (n,) mixed scores."""
        return self.reader * outcome.score + self.cosine * outcome.cosine + self.bm25 * _spread(outcome.bm25)


WAYS = {
    "reader": Way(1, 0, 0),
    "bm25": Way(0, 0, 1),
    "cosine": Way(0, 1, 0),
    "reader+bm25": Way(1, 0, WORDS),
    "reader+cosine+bm25": Way(1, COSINE, WORDS),
}


def evaluate(
    data: Path,
    part: Part,
    scorer: Scorer,
    likeness: Likeness | None = None,
    sample: int | None = None,
    size: int = CORPUS,
) -> dict[str, Any]:
    """Return every figure on one part; `sample` questions, drawn once for all, or all of them.

    Searched is among `size` documents. The part TEST is read here and nowhere else.
    """
    questions = load(data, part, final=part is Part.TEST)
    chosen = set(random.Random(1).sample(range(len(questions)), min(sample or len(questions), len(questions))))
    asked = [q for k, q in enumerate(questions) if k in chosen]
    found = [one for group in corpora(questions, size) for one in _of_corpus(data, group, asked, scorer, likeness)]
    return report(found, likeness is not None)


def corpora(questions: Iterable[Question], size: int) -> list[list[str]]:
    """Deal the documents into corpora of `size` as tools/questions_eval.py does, never two reports of 2026 in one."""
    names = sorted({q.document for q in questions}, key=lambda name: sha256(name.encode()).hexdigest())
    reports = [n for n in names if "工作报告" in n and "2026" in n]
    others = [n for n in names if n not in reports]
    count = max(len(reports), -(-len(names) // size), 1)
    return [group for group in ([*reports[k::count], *others[k::count]] for k in range(count)) if group]


def _of_corpus(
    data: Path, group: Sequence[str], questions: Sequence[Question], scorer: Scorer, likeness: Likeness | None
) -> list[Outcome]:
    texts = {name: read(data / "policy", name) for name in group}
    places = [place for text in texts.values() for place in text.places]
    search = PairSearch([place.text for place in places])
    found = []
    for question in (q for q in questions if q.document in texts):
        first = [places[k] for k in search.best(question.text, PASSAGES)]
        scored = scorer.score(question.text, first)
        found.append(_outcome(question, texts[question.document], first, scored, likeness))
    return found


def _outcome(
    question: Question, text: Text, places: Sequence[Place], scored: Sequence[Scored], likeness: Likeness | None
) -> Outcome:
    marks = marked(question, text)
    sentences = [place.sentence(k) for place in places for k in range(len(place.sentences))]
    right = [label is Label.RIGHT for place in places for label in _labels(place, marks, question)]
    score = np.array([s for one in scored for s in one.sentences], dtype=np.float64)
    cosine = likeness(question.text, sentences) if likeness else np.zeros(len(sentences))
    bm25 = PairSearch(sentences).scores(question.text).astype(np.float64)
    words = _words_right(question, places, scored)
    return Outcome(question, bool(question.must), score, bm25, cosine, np.array(right, dtype=bool), words)


def _labels(place: Place, marks: Marked, question: Question) -> tuple[Label, ...]:
    own = place.document == question.document
    return labels(place, marks) if own else (Label.WRONG,) * len(place.sentences)


def _words_right(question: Question, places: Sequence[Place], scored: Sequence[Scored]) -> bool | None:
    """Say whether the few words of the best sentence hold the labelled ones, or are held by them."""
    if question.answer is None:
        return None
    best = max(((s, k, j) for k, one in enumerate(scored) for j, s in enumerate(one.sentences)), default=None)
    words = scored[best[1]].words[best[2]] if best else None
    said = places[best[1]].text[slice(*words.span)].strip("，。；：、 ") if best and words else ""
    return bool(said) and (said in question.answer or question.answer in said)


def report(outcomes: Sequence[Outcome], with_cosine: bool) -> dict[str, Any]:
    """Return the figures of every way, those of each kind of document, and what calibration gives."""
    ways = {name: way for name, way in WAYS.items() if with_cosine or not way.cosine}
    best = list(ways)[-1]
    kinds = sorted({kind_of(o.question.document) for o in outcomes})
    by_kind = {k: figures([o for o in outcomes if kind_of(o.question.document) == k], ways[best]) for k in kinds}
    labelled = [o.words for o in outcomes if o.words is not None]
    return {
        "questions": len(outcomes),
        "candidates": round(float(np.mean([len(o.score) for o in outcomes])), 1),
        "ways": {name: figures(outcomes, way) for name, way in ways.items()},
        "kinds": by_kind,
        "words": round(sum(labelled) / max(1, len(labelled)), 3),
        "curve": curve(outcomes, ways[best]),
        "calibration": {name: confidence(outcomes, way) for name, way in ways.items()},
    }


def figures(outcomes: Sequence[Outcome], way: Way) -> dict[str, float | int]:
    """Return the figures of one way of ranking; shares are of the answerable questions.

    `dared`: answered, and the first sentence right, at the threshold that refuses 90 % of the others.
    """
    ranks = [o.right[np.argsort(-way.of(o), kind="stable")] for o in outcomes if o.answerable]
    good, other = _best(outcomes, way, True), _best(outcomes, way, False)
    at = _at(outcomes, way, REFUSED)
    return {
        "answerable": len(good),
        "others": len(other),
        "found": _mean(r.any() for r in ranks),
        "first": _mean(r[:1].any() for r in ranks),
        "among 3": _mean(r[:3].any() for r in ranks),
        "auc": round(auc(good, other), 3),
        "dared": at["dared"],
        "threshold": at["threshold"],
    }


def curve(outcomes: Sequence[Outcome], way: Way) -> list[dict[str, float]]:
    """Return for several shares of the others refused: the threshold, and the share answered and right."""
    return [_at(outcomes, way, refused) for refused in REFUSALS]


def _at(outcomes: Sequence[Outcome], way: Way, refused: float) -> dict[str, float]:
    good, other = _best(outcomes, way, True), _best(outcomes, way, False)
    threshold = float(np.quantile(other, refused)) if len(other) else -np.inf
    first = [bool(o.right[way.of(o).argmax()]) if len(o.right) else False for o in outcomes if o.answerable]
    return {
        "refused": refused,
        "threshold": round(threshold, 3),
        "dared": _mean(f and g > threshold for f, g in zip(first, good, strict=True)),
    }


def _best(outcomes: Sequence[Outcome], way: Way, answerable: bool) -> Floats:
    return np.array([float(way.of(o).max(initial=-99.0)) for o in outcomes if o.answerable is answerable])


def confidence(outcomes: Sequence[Outcome], way: Way) -> dict[str, Any]:
    """Return the curve of "the first sentence is right" by its score, its error on documents left out, and the bins."""
    best = [way.of(o) for o in outcomes]
    scores = np.array([float(one.max(initial=-99.0)) for one in best])
    true = np.array([bool(len(s)) and bool(o.right[s.argmax()]) for s, o in zip(best, outcomes, strict=True)])
    bins = reliability(left_out(scores, true, [o.question.document for o in outcomes]), true)
    curve = fit(scores, true)
    return {**asdict(curve), "error": round(calibration_error(bins), 4), "bins": [asdict(b) for b in bins]}


def auc(good: Floats, other: Floats) -> float:
    """Return the share of pairs in which the answerable question has the higher score, ties half."""
    if not len(good) or not len(other):
        return float("nan")
    above = (good[:, None] > other).mean() + 0.5 * (good[:, None] == other).mean()
    return float(above)


def _spread(scores: Floats) -> Floats:
    width = float(np.ptp(scores)) if len(scores) else 0.0
    return (scores - scores.min()) / width if width else np.zeros_like(scores)


def _mean(values: Iterable[Any]) -> float:
    listed = [float(v) for v in values]
    return round(sum(listed) / len(listed), 3) if listed else 0.0
