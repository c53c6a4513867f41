"""Chosen sentences to quotes, and quotes to what is read."""
