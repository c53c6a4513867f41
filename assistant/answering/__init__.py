"""A question over an index to an answer with citations, or to none."""
