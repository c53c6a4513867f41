"""Evaluation of retrieval and answers: test collections, gold questions, question sets and their runs.

`metrics.py` computes the measures, `beir.py` reads BEIR collections, `explanation.py` explains one answer.
`question_sets.py`, `runs.py`, `run_store.py` and `run_workbook.py` are the question sets of the page 命中测试;
`feedback/` is the history of questions and what people said of their answers.
"""
