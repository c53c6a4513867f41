"""Answer sentence selection: which sentences of the retrieved passages answer the question.

`candidates.py` splits passages into sentences, `question_terms.py` weights the question's words,
`answer_type.py` checks for the kind of answer asked for, `scoring.py` ranks, `answerability.py` gives the
probability of an answer; `structure.py` answers what points at a document's points, articles or sections.
"""
