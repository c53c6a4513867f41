"""Version B of a paper: the same questions in another order within their kinds, with their options in another order.

Both versions are equally hard, and a neighbour's letters are of no use.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from random import Random
from typing import TypeVar

from assistant.study.pack import LETTERS, Item, ItemKind, Pack

BEHIND_TITLE = "（B 卷）"

_Piece = TypeVar("_Piece")


def version_b(pack: Pack) -> Pack:
    """Return the pack with version B of its paper; the same pack gives the same one again."""
    chance = Random(pack.brief.seed)
    groups = [list(group) for _, group in groupby(pack.items, lambda item: item.kind)]
    items = tuple(_turned(item, chance) for group in groups for item in _reordered(group, chance))
    return replace(pack, title=f"{pack.title}{BEHIND_TITLE}", items=items)


def _turned(item: Item, chance: Random) -> Item:
    """Return a question with its options in another order, and the letters of its answer changed with them."""
    if not item.options or not set(item.answer) <= set(LETTERS):
        return item
    order = _reordered(range(len(item.options)), chance)
    letters = [LETTERS[order.index(LETTERS.index(letter))] for letter in item.answer]
    answer = letters if item.kind is ItemKind.ORDER else sorted(letters)
    return replace(item, options=tuple(item.options[at] for at in order), answer=tuple(answer))


def _reordered(pieces: Sequence[_Piece], chance: Random) -> list[_Piece]:
    """Return the pieces in another order; a single one stays alone."""
    found = chance.sample(pieces, len(pieces))
    return found if found != list(pieces) else [*found[1:], *found[:1]]
