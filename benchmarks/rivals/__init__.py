"""Our search beside txtai and LlamaIndex: same collection, same encoder, same questions, a process each.

A runner imports nothing but `race` and its own system: rivals have an environment of their own.
"""
