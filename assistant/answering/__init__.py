"""From a question and an index to an answer with citations, or to none.

`service.py` is the entry for the command line and the page, `answerer.py` the extractive answer itself:
`scope.py` chooses the documents, `sentences/` ranks sentences, `composing/` makes quotes and blocks of them.
`conversation/` turns follow-ups into whole questions; `generation/` has a language model reword an answer.
"""
