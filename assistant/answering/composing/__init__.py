"""Chosen sentences to quotes (`quotes.py`) and quotes to the blocks of an answer (`compose.py`).

`short_answer.py` finds the few words of a quote that answer by themselves.
"""
