"""The index folder: records, vectors, words; how it is built and searched."""
