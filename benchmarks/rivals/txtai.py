"""txtai's hybrid search: FAISS and BM25 as it sets them up by itself, or BM25 on other terms (`--ngrams`)."""

from pathlib import Path
from typing import Any

from benchmarks.rivals import race


def main() -> None:
    """Run txtai on one collection."""
    parser = race.arguments(__doc__)
    parser.add_argument("--ngrams", action="store_true", help="characters and pairs of them as BM25's terms")
    given = parser.parse_args()

    from txtai import Embeddings

    embeddings = Embeddings(
        {"path": str(given.model), "method": "sentence-transformers", "content": False, **keywords(given.ngrams)}
    )
    rows = [(row.id, row.text, None) for row in race.read_rows(given.collection)]
    embeddings.batchtransform(["一"])

    def build(folder: Path) -> dict[str, race.Ask]:
        embeddings.index(rows)
        embeddings.save(str(folder))
        return {"hybrid": lambda question: embeddings.search(question, race.DOCUMENTS)}

    race.run(build, given)


def keywords(ngrams: bool) -> dict[str, Any]:
    """Return txtai's options for its keyword index."""
    if not ngrams:
        return {"hybrid": True}
    tokenizer = {"ngrams": {"nmin": 1, "nmax": 2}}
    return {"scoring": {"method": "bm25", "terms": True, "normalize": True, "tokenizer": tokenizer}, "hybrid": True}


if __name__ == "__main__":
    main()
