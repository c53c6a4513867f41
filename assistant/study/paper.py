"""A paper: the count, mix and difficulty asked for, no fact twice, no question giving another away."""

from collections.abc import Iterable

from assistant.study.pack import Brief, Item


def choose(found: Iterable[Item], brief: Brief) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    """Return the questions of a paper and notes on what there was too little of."""
    return (), ()


def swap(items: Iterable[Item], item: Item, found: Iterable[Item]) -> Item | None:
    """Return another question of the kind of `item` that fits among `items` in its place, None where there is none."""
    return None
