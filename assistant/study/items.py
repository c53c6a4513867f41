"""All questions that texts can carry, each proved from its source."""

from collections.abc import Iterator, Sequence

from assistant.study.pack import Formulation, Item
from assistant.study.texts import Text


def candidates(texts: Sequence[Text], found: Sequence[Formulation], seed: int) -> Iterator[Item]:
    """Yield the questions that the texts can carry, of every kind, each of which its source proves."""
    yield from ()
