"""What the scripts of the chat get as JSON beside the chat itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.answering.scope import CHOSEN_MOST


@dataclass(frozen=True)
class ConversationView:
    """A kept conversation; its questions are as `kept.asked_json` writes them."""

    id: str
    questions: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class DocumentChoice:
    """A document that a question can be limited to."""

    id: str
    title: str
    date: str
    folder: str


@dataclass(frozen=True)
class ScopeChoices:
    """The documents of which some can be chosen, at `most` so many."""

    documents: Sequence[DocumentChoice]
    most: int = CHOSEN_MOST
