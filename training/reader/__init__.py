"""Training of the reader: a small model that says which sentences answer a question, and with which words.

Read in this order: `base` (where the model begins), `documents` and `questions` (what is read),
`examples` with `negatives`, `changes`, `comprehension` and `laws` (what is learned), `encoding`, `network`,
`precision` and `loop` (how), `export`, `scoring`, `evaluation`, `calibration` and `card` (what comes out).
"""
