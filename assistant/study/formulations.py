"""Key formulations (重要提法) of documents: which, where, how often, and whether the documents explain them."""

from collections.abc import Sequence

from assistant.study.pack import Formulation
from assistant.study.texts import Text


def formulations(texts: Sequence[Text]) -> tuple[Formulation, ...]:
    """Return the formulations of the texts, the most important first."""
    return ()
