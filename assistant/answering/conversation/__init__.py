"""Conversations: follow-up questions understood, answered, kept and exported.

`state.py` says what a text means after the turns before it (`follow_ups.py` and `query_rewriting.py` have the
patterns), `turn.py` answers it, `context.py` finds the text around a citation, `suggestions.py` proposes next
questions, `kept.py` stores questions and `export.py` writes a conversation to a file.
"""
