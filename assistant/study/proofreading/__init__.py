"""Slips and variants in the wording of documents."""
