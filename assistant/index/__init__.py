"""The index folder: documents and passages, vectors and terms; building it and searching it.

`builder.py` writes an index from the corpus, `folder.py` opens it, `retriever.py` searches it. Its parts:
`records.py` (SQLite), `vectors.py` and `passage_vectors.py` (FAISS), `lexical.py` (BM25 with tantivy).
"""
