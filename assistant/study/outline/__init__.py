"""Outline, key points and summary of documents."""
