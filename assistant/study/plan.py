"""The plan of a session with its times: 导入, 精读, 讨论, 测验."""

from collections.abc import Sequence

from assistant.study.pack import Brief, Item, Step
from assistant.study.texts import Text


def plan(texts: Sequence[Text], items: Sequence[Item], brief: Brief) -> tuple[Step, ...]:
    """Return the steps, whose minutes add up to those of the brief."""
    return ()
