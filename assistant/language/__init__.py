"""Knowledge of the Chinese language, independent of any document.

`question.py` parses questions, `tokens.py` text for comparing wordings, `numerals.py` numbers,
`section_marks.py` section numbering, `entities.py` and `surnames.py` names, `everyday.py` everyday words with
their official ones; `glossary.py` reads a corpus's own `glossary.toml`.
"""
