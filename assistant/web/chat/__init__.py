"""The chat page: `gradio_layout.py` connects Gradio's components to `asking.py`, which works on a `talk.py`.

`html.py` renders answers. The other routes: suggestions, feedback, kept conversations, document choice, export.
"""
