"""Retrieval measures on BEIR collections, and answer measures on gold questions.

Questions that the bundled encoder was trained on are left out and counted: figures on them would be worthless.
Measures are computed by ir-measures.
"""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from assistant.answering.answer import Answer, Status
from assistant.base.errors import ReadingError
from assistant.evaluation.beir import Collection
from assistant.index.builder import Report, build_from
from assistant.index.folder import open_index
from assistant.index.retriever import Retriever, Scores
from assistant.language.glossary import Glossary
from assistant.language.question import parse_question
from assistant.models.encoder import BUNDLED, Encoder
from assistant.models.reranker import Reranker
from assistant.models.term_statistics import load_seen_questions

PASSAGES = 300
DOCUMENTS = 100
MEASURES = {"R@1": "R@1", "R@5": "R@5", "R@10": "R@10", "R@100": "R@100", "MRR@10": "RR@10", "nDCG@10": "nDCG@10"}
WAYS = ("lexical", "dense", "fused")
RERANKED = "reranked"

Run = dict[str, dict[str, float]]


@dataclass(frozen=True)
class BeirResult:
    """Measures by way of searching, the runs they were computed from, and the time that took.

    `seen` counts the questions left out because the encoder was trained on them; `search_ms` is per question.
    """

    queries: int
    seen: int
    measures: Mapping[str, Mapping[str, float]]
    runs: Mapping[str, Run]
    documents: int
    build_seconds: float
    search_ms: float

    @property
    def best(self) -> Run:
        """The run of the search that answers use: reranked if there is a reranker, else fused."""
        return self.runs.get(RERANKED, self.runs["fused"])

    def as_json(self) -> dict[str, object]:
        """Return the object that `eval` prints; figures are rounded to four places."""
        rounded = {way: {k: round(v, 4) for k, v in m.items()} for way, m in self.measures.items()}
        return {"queries": self.queries, **rounded}


def evaluate_beir(
    collection: Collection,
    encoder: Encoder,
    dense_weight: float,
    report: Report | None = None,
    reranker: Reranker | None = None,
) -> BeirResult:
    """Index the collection as `build` would, search with the questions not used in training, and measure.

    With a reranker there is a fourth way of searching, `RERANKED`.
    """
    if not collection.questions:
        raise ReadingError(f"{collection.folder} 的 qrels.tsv 没有指到任何一个问题：请检查问题编号是否一致。")
    seen = _seen(collection.questions.values(), encoder)
    asked = {q: text for q, text in collection.questions.items() if text not in seen}
    if not asked:
        raise ReadingError(f"{collection.folder} 的问题编码器训练时全见过，测了也不可信：请换一组问题。")
    with tempfile.TemporaryDirectory() as folder:
        started = perf_counter()
        build_from(collection.documents(), Path(folder), encoder, report)
        built = perf_counter() - started
        index = open_index(Path(folder), encoder)
        retriever = Retriever(index, encoder, Glossary(), dense_weight, reranker)
        runs, milliseconds = _ask(retriever, asked, report)
        documents = index.manifest.counts["document"]
        index.close()
    grades = {q: dict(collection.grades[q]) for q in asked}
    measures = {way: measure(run, grades) for way, run in runs.items()}
    return BeirResult(len(asked), len(seen), measures, runs, documents, built, milliseconds)


def measure(run: Run, grades: Mapping[str, Mapping[str, int]]) -> dict[str, float]:
    """Return the mean of each of `MEASURES` over the questions in `grades`."""
    import ir_measures

    wanted = {name: ir_measures.parse_measure(text) for name, text in MEASURES.items()}
    values = ir_measures.calc_aggregate(list(wanted.values()), grades, run)
    return {name: float(values[measure]) for name, measure in wanted.items()}


def trec_lines(run: Run, name: str) -> Iterator[str]:
    """Yield the lines of a TREC run, best first."""
    for question, scores in run.items():
        for rank, (document, score) in enumerate(sorted(scores.items(), key=lambda p: (-p[1], p[0])), 1):
            yield f"{question} Q0 {document} {rank} {score:.9g} {name}"


def _ask(retriever: Retriever, asked: Mapping[str, str], report: Report | None) -> tuple[dict[str, Run], float]:
    runs: dict[str, Run] = {way: {} for way in (WAYS if retriever.reranker is None else (*WAYS, RERANKED))}
    spent = 0.0
    for count, (question, text) in enumerate(asked.items()):
        if report:
            report("提问", count, len(asked))
        started = perf_counter()
        ranking = retriever.rank(parse_question(text), k=PASSAGES)
        ordered = retriever.reranked(text, ranking.fused)
        spent += perf_counter() - started
        found = {**vars(ranking), RERANKED: ordered}
        for way, run in runs.items():
            run[question] = _by_document(retriever, [row[:2] for row in found[way]])
    return runs, 1000 * spent / len(asked)


def _by_document(retriever: Retriever, scores: Scores) -> dict[str, float]:
    """Return the scores of the best `DOCUMENTS` documents, each that of its best passage."""
    records = retriever.index.records
    documents: dict[str, float] = {}
    for owner, (_, score) in zip(records.owners([n for n, _ in scores]), scores, strict=True):
        documents.setdefault(records.document(owner).id, score)
    return dict(list(documents.items())[:DOCUMENTS])


def _seen(questions: Iterable[str], encoder: Encoder) -> set[str]:
    if encoder.name != BUNDLED:
        return set()
    known = load_seen_questions()
    return {question for question in questions if known.has(question)}


@dataclass(frozen=True)
class GoldQuestion:
    """A question with the evidence that its answer must and may cite.

    Questions of `kind` none and unexplained have no answer in the documents.
    """

    question: str
    kind: str
    must: tuple[str, ...]
    may: tuple[str, ...]


def load_gold(file: Path) -> list[GoldQuestion]:
    """Return the questions of a gold file (JSON Lines); raises ReadingError."""
    try:
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
        return [GoldQuestion(str(r["question"]), str(r["kind"]), _strings(r["must"]), _strings(r["may"])) for r in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReadingError(f"问题文件 {file} 读不出（{error}）：请每行写 question、kind、must、may。") from None


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError("must and may are lists")
    return tuple(map(str, value))


def evaluate_gold(gold: Iterable[GoldQuestion], ask: Callable[[str], Answer]) -> dict[str, float]:
    """Return the measures of trustworthiness, shares 0 to 1; docs/evaluation.md defines them."""
    pairs = [(g, ask(g.question)) for g in gold]
    asked = [(g, a) for g, a in pairs if g.must]
    silent = [(g, a) for g, a in pairs if not g.must]
    quotes = [(g, c.quote) for g, a in asked for c in a.citations]
    best = [(g, max(a.citations, key=lambda c: c.score).quote) for g, a in asked if a.citations]
    return {
        "answerable": len(asked),
        "hit": _share([any(holds(c.quote, g.must) for c in a.citations) for g, a in asked]),
        "first": _share([holds(q, g.must) for g, q in best] + [False] * (len(asked) - len(best))),
        "recall": _share([sum(any(m in c.quote for c in a.citations) for m in g.must) / len(g.must) for g, a in asked]),
        "prec": _share([holds(quote, (*g.must, *g.may)) for g, quote in quotes]),
        "cites": round(len(quotes) / max(1, len(asked)), 2),
        "unanswerable": len(silent),
        "abstain": _share([_abstained(g, a) for g, a in silent]),
        "false0": _share([a.status is not Status.ANSWERED for _, a in asked]),
    }


def holds(quote: str, evidence: Sequence[str]) -> bool:
    """Say whether a quote contains one of the pieces of evidence."""
    return any(piece in quote for piece in evidence)


def _abstained(gold: GoldQuestion, answer: Answer) -> bool:
    if gold.kind == "unexplained":
        return answer.status is Status.MENTIONED
    return answer.status is not Status.ANSWERED


def _share(values: Sequence[float]) -> float:
    return round(sum(values) / max(1, len(values)), 3)
