"""Flashcards from formulations and questions."""

from collections.abc import Sequence

from assistant.study.pack import Card, Formulation, Item


def cards(found: Sequence[Formulation], items: Sequence[Item]) -> tuple[Card, ...]:
    """Return the cards, one a formulation or fact."""
    return ()
