"""The last answers of each visitor, from which questions to ask next are made."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from assistant.accounts.visitor import Visitor
from assistant.answering.answer import Answer
from assistant.answering.conversation.state import Conversation
from assistant.answering.scope import Scope

REMEMBERED = 200


@dataclass(frozen=True)
class Last:
    """The last answer of a chat and what led to it; `recall` needs its `serial` and `visitor`."""

    serial: int
    visitor: str
    answer: Answer
    conversation: Conversation
    asked: tuple[str, ...]
    scope: Scope


class LastAnswers:
    """The last answers of current chats, by the chat's id; the oldest are dropped."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Last] = OrderedDict()
        self._lock = threading.Lock()

    def remember(self, identity: str, last: Last) -> None:
        """Store the last answer of a chat."""
        with self._lock:
            self._known[identity] = last
            self._known.move_to_end(identity)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)

    def recall(self, identity: str, serial: int, visitor: Visitor) -> Last | None:
        """Return the last answer of a chat, None where it is not the visitor's or no longer the last."""
        with self._lock:
            last = self._known.get(identity)
        return last if last and (last.serial, last.visitor) == (serial, visitor.name) else None
