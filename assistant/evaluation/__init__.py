"""Retrieval and answers measured: test collections, question sets, runs."""
