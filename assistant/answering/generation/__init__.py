"""Answers reworded by a language model, each sentence checked against the passages that it cites.

`writer.py` streams and cuts the model's text, `citation_check.py` judges one sentence, `paraphrase.py` decides
whether words restate a passage.
"""
