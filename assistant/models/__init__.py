"""Models: the bundled encoder, others by setting, the reranker, language models."""
