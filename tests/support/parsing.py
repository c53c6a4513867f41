"""Which texts are taken apart as questions, counted."""

import sys

import pytest

from assistant.language import question


def count_parses(patch: pytest.MonkeyPatch) -> list[str]:
    """Return a list to which each text is added that any module takes apart, as long as `patch` lasts."""
    texts: list[str] = []
    parse = question.parse_question

    def counting(text: str) -> question.Question:
        texts.append(text)
        return parse(text)

    for name, module in list(sys.modules.items()):
        if name.startswith("assistant.") and hasattr(module, "parse_question"):
            patch.setattr(module, "parse_question", counting)
    return texts
