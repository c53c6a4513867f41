"""Learn when an answer can be trusted: the weights in assistant/models/bundled/answerability.json.

    python -m training.answerability --data ../shared/data

Two kinds of questions: those in training/questions, each labelled with the evidence that answers it,
of which 40 of 100 have none though their words occur; and lay questions of STARD over four laws, once
with their law among them and once without. Of the latter only those that the bundled encoder never
saw, and of these three of five: `benchmarks.abstention` measures the others.

A question counts as answered rightly when one of the quotes that would be shown holds evidence.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np

from assistant.answering.answerer import Answerer
from assistant.answering.sentences.answerability import FILE, NAMES
from assistant.answering.service import Service
from assistant.base.settings import Settings
from assistant.evaluation.beir import load_beir
from assistant.language.question import parse_question
from training.heldout import SHIPPED_FOLD, fold_of
from training.laws import read_laws, write_laws

HERE = Path(__file__).parent
QUESTIONS = HERE / "questions"
SPEECH = HERE.parent / "corpus"
NATIONAL = {
    "lawsA": ("行政许可法", "突发事件应对法", "义务教育法", "食品安全法"),
    "lawsB": ("土地管理法", "劳动法", "社会保险法", "未成年人保护法"),
    "development": ("监察法", "公务员法", "信访工作条例", "劳动合同法"),
}
LAWS_TOGETHER = 4
LAY_WEIGHT = 0.3  # of a lay question beside a labelled one: chosen by leaving collections out, docs/evaluation.md
REGULARISATION = 0.1
SEED = 7


@dataclass(frozen=True)
class Example:
    """A question's signals, whether its answer is right, its collection, and how much it counts."""

    row: tuple[float, ...]
    right: bool
    collection: str
    weight: float = 1.0


def main() -> None:
    """Learn from everything, and write the weights and what they were learned from."""
    options = argparse.ArgumentParser(prog="python -m training.answerability", description=__doc__)
    options.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with stard/")
    options.add_argument("--out", type=Path, default=Path("assistant/models/bundled"), help="folder of the encoder")
    chosen = options.parse_args()
    examples = [*labelled(chosen.data), *lay(chosen.data)]
    bias, weights = learn(examples)
    made = {
        "bias": round(bias, 4),
        "weights": {name: round(float(w), 4) for name, w in zip(NAMES, weights, strict=True)},
        "learned_from": {c: sum(e.collection == c for e in examples) for c in sorted({e.collection for e in examples})},
        "left_out_auc": {c: round(auc, 3) for c, auc in left_out(examples).items()},
    }
    (chosen.out / FILE).write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(made, ensure_ascii=False, indent=1))


def learn(examples: list[Example]) -> tuple[float, np.ndarray]:
    """Return bias and weights (signals,) of a logistic regression, for signals as they are, not standardised."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rows, right, weight = _arrays(examples)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=REGULARISATION, max_iter=5000))
    model.fit(rows, right, logisticregression__sample_weight=weight)
    scaler, regression = model[0], model[-1]
    weights = regression.coef_[0] / scaler.scale_
    return float(regression.intercept_[0] - weights @ scaler.mean_), weights


def left_out(examples: list[Example]) -> dict[str, float]:
    """Return the area under the ROC curve on each labelled collection, of a model learned from the others."""
    from sklearn.metrics import roc_auc_score

    found = {}
    for collection in sorted({e.collection for e in examples if e.weight == 1.0}):
        bias, weights = learn([e for e in examples if e.collection != collection])
        rows, right, _ = _arrays([e for e in examples if e.collection == collection])
        found[collection] = float(roc_auc_score(right, rows @ weights + bias))
    return found


def labelled(data: Path) -> Iterator[Example]:
    """Yield the labelled questions for which there is something to weigh."""
    with tempfile.TemporaryDirectory() as folder:
        services = {}
        for file in sorted(QUESTIONS.glob("*.jsonl")):
            for line in file.read_text(encoding="utf-8").splitlines():
                asked = json.loads(line)
                name = asked["corpus"]
                if name not in services:
                    services[name] = _service(_corpus(name, data, Path(folder)), Path(folder, "index", name))
                evidence = [*asked["must"], *asked["may"]]
                yield from _examples(services[name].answerer, asked["question"], evidence, name)


def _examples(answerer: Answerer, question: str, evidence: list[str], collection: str) -> Iterator[Example]:
    weighed = answerer.weigh(parse_question(question))
    if weighed is not None:
        signals, quotes = weighed
        right = any(piece in quote.text for piece in evidence for quote in quotes)
        yield Example(astuple(signals), right, collection)


def lay(data: Path) -> Iterator[Example]:
    """Yield lay questions over four laws with and without the one that answers."""
    laws = read_laws(data)
    law_of = {identity: law for law, articles in laws.items() for identity, _ in articles}
    collection = load_beir(data / "stard")
    wanted = {name: {law_of[a] for a in grades} for name, grades in collection.grades.items()}
    names = [name for name in sorted(collection.questions) if learned_from(name)]
    chance = np.random.default_rng(SEED)
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "laws")
        files = write_laws(laws, corpus, sorted(set().union(*wanted.values())))
        service = _service(corpus, Path(folder, "index"))
        by_path = {record.path: record.id for record in service.documents()}
        ids = {law: by_path[file.name] for law, file in files.items()}
        for name in names:
            others = [law for law in chance.permutation(sorted(ids)) if law not in wanted[name]]
            inside, asked = sorted(wanted[name])[:1], parse_question(collection.questions[name])
            for chosen, right in ([*inside, *others[: LAWS_TOGETHER - 1]], True), (others[:LAWS_TOGETHER], False):
                weighed = service.answerer.weigh(asked, [ids[law] for law in chosen])
                if weighed is not None:
                    yield Example(astuple(weighed[0]), right, "lay", LAY_WEIGHT)


def learned_from(question_id: str) -> bool:
    """Say whether a question of STARD is for learning: unseen by the encoder, and of these three of five."""
    return fold_of(question_id) == SHIPPED_FOLD and fold_of(f"half {question_id}") % 2 == 0


def _corpus(name: str, data: Path, folder: Path) -> Path:
    if name in NATIONAL:
        write_laws(read_laws(data), folder / name, NATIONAL[name])
        return folder / name
    return SPEECH if name == "speech" else QUESTIONS / name


def _service(corpus: Path, index: Path) -> Service:
    service = Service(Settings(corpus=corpus, index=index))
    service.ensure()
    return service


def _arrays(examples: list[Example]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows = np.array([e.row for e in examples])
    return rows, np.array([e.right for e in examples]), np.array([e.weight for e in examples])


if __name__ == "__main__":
    main()
