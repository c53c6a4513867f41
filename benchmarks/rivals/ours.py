"""Our index and search, as `eval --beir` uses them: passages, ranked in each way, named by their documents."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from assistant.base.settings import Settings
from assistant.documents.document import Document
from assistant.evaluation.beir import load_beir
from assistant.evaluation.metrics import PASSAGES
from assistant.index.builder import build_from
from assistant.index.folder import open_index
from assistant.index.records import Records
from assistant.index.retriever import Fused, Retriever
from assistant.language.glossary import Glossary
from assistant.language.question import parse_question
from assistant.models.encoder import BUNDLED, Encoder, StaticEncoder
from assistant.models.reranker import Reranker, load_reranker
from benchmarks.rivals import race

AT_ONCE = 150

Rank = Callable[[str], Iterable[Sequence[float]]]


def main() -> None:
    """Run our search on one collection."""
    parser = race.arguments(__doc__)
    parser.add_argument("--reranker", default="", help="a cross-encoder: its order is then the only way measured")
    given = parser.parse_args()
    encoder, reranker = StaticEncoder(given.model, BUNDLED), load_reranker(given.reranker)
    documents = list(load_beir(given.collection).documents())
    race.run(lambda folder: index(documents, folder, encoder, reranker), given)


def index(
    documents: Iterable[Document], folder: Path, encoder: Encoder, reranker: Reranker | None = None
) -> dict[str, race.Ask]:
    """Index `documents` in `folder` and return the ways of searching there."""
    build_from(documents, folder, encoder)
    opened = open_index(folder, encoder)
    return ways(Retriever(opened, encoder, Glossary(), Settings().dense_weight, reranker))


def ways(retriever: Retriever) -> dict[str, race.Ask]:
    """Return our ways of searching, each doing no more than it needs; documents are found through their passages."""
    opened = retriever.index
    ranks: dict[str, Rank] = {
        "lexical": lambda question: opened.lexical.search(retriever.terms(parse_question(question)), PASSAGES),
        "dense": lambda question: opened.vectors.search(retriever.vector(question), PASSAGES),
        "fused": lambda question: _fused(retriever, question),
    }
    if retriever.reranker:
        ranks = {"reranked": lambda question: retriever.reranked(question, _fused(retriever, question))}
    named = {document.number: document.id for document in opened.records.documents()}
    return {way: partial(_documents, opened.records, named, rank) for way, rank in ranks.items()}


def _fused(retriever: Retriever, question: str) -> Fused:
    return retriever.rank(parse_question(question), k=PASSAGES).fused


def _documents(records: Records, named: Mapping[int, str], rank: Rank, question: str) -> list[tuple[str, float]]:
    """Return (document id, score), best first, a document with the score of its best passage."""
    ranked = [(int(row[0]), row[1]) for row in rank(question)]
    found: dict[int, float] = {}
    for start in range(0, len(ranked), AT_ONCE):
        some = ranked[start : start + AT_ONCE]
        for owner, (_, score) in zip(records.owners([number for number, _ in some]), some, strict=True):
            found.setdefault(owner, score)
        if len(found) >= race.DOCUMENTS:
            break
    return [(named[number], score) for number, score in found.items()][: race.DOCUMENTS]


if __name__ == "__main__":
    main()
