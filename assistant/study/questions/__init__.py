"""Questions on documents, each with its key and source."""
