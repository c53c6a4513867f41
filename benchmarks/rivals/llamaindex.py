"""LlamaIndex: its vector index over exact FAISS, its BM25 retriever, and its fusion of both by reciprocal ranks.

Its BM25 takes a run of Chinese for one word by default; the one thing to be set is a pattern of its
terms, here single characters, without stemming. Its own class for encoders cannot load a static
one, so sentence-transformers is called from a class of ours, as its guide on embeddings shows.
"""

from pathlib import Path
from typing import Any

from benchmarks.rivals import race

TERMS = r"\w"


def main() -> None:
    """Run LlamaIndex on one collection."""
    parser = race.arguments(__doc__)
    parser.add_argument("--terms", default=TERMS, help="BM25's token_pattern")
    given = parser.parse_args()
    encoder, dimensions = load_encoder(given.model)
    rows = race.read_rows(given.collection)
    race.run(lambda folder: {"hybrid": index(rows, folder, encoder, dimensions, given.terms)}, given)


def index(rows: list[race.Row], folder: Path, encoder: Any, dimensions: int, terms: str) -> race.Ask:
    """Index `rows`, write the index to `folder`, and return its hybrid search."""
    import faiss
    from llama_index.core import StorageContext, VectorStoreIndex
    from llama_index.core.schema import TextNode
    from llama_index.retrievers.bm25 import BM25Retriever
    from llama_index.vector_stores.faiss import FaissVectorStore

    nodes = [TextNode(id_=row.id, text=row.text) for row in rows]
    store = StorageContext.from_defaults(vector_store=FaissVectorStore(faiss_index=faiss.IndexFlatIP(dimensions)))
    vectors = VectorStoreIndex(nodes, storage_context=store, embed_model=encoder, insert_batch_size=len(nodes))
    words = BM25Retriever.from_defaults(
        nodes=nodes, similarity_top_k=race.DOCUMENTS, skip_stemming=True, token_pattern=terms
    )
    store.persist(str(folder))
    words.persist(str(folder / "bm25"))
    return hybrid(vectors.as_retriever(similarity_top_k=race.DOCUMENTS), words)


def hybrid(vectors: Any, words: Any) -> race.Ask:
    """Return the search that fuses both retrievers, asking no language model for further questions."""
    from llama_index.core.llms import MockLLM
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.core.retrievers.fusion_retriever import FUSION_MODES

    both = QueryFusionRetriever(
        [vectors, words],
        llm=MockLLM(),
        mode=FUSION_MODES.RECIPROCAL_RANK,
        num_queries=1,
        similarity_top_k=race.DOCUMENTS,
        use_async=False,
    )
    return lambda question: [(hit.node.node_id, hit.score or 0.0) for hit in both.retrieve(question)]


def load_encoder(folder: Path) -> tuple[Any, int]:
    """Return the encoder in `folder` as LlamaIndex wants it, and its dimensions."""
    from llama_index.core.embeddings import BaseEmbedding
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu")

    class Encoder(BaseEmbedding):  # type: ignore[misc,unused-ignore]  # Any where LlamaIndex is not installed
        def _get_query_embedding(self, query: str) -> list[float]:
            return model.encode_query(query).tolist()

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            return model.encode_document(text).tolist()

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return model.encode_document(texts, batch_size=len(texts)).tolist()

    return Encoder(embed_batch_size=1024), len(model.encode_query("一"))


if __name__ == "__main__":
    main()
