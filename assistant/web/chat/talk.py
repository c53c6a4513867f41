"""Server-side state of a chat.

The browser never sends answers, only questions, a scope, and which question is meant (`requests.py`). Our
scripts are told the state as one JSON text.
"""

import json
from dataclasses import dataclass, replace
from typing import Any

from assistant.answering.answer import Answer
from assistant.answering.conversation.kept import QUESTIONS_MOST, Asked, asked_json
from assistant.answering.conversation.state import Conversation, Understood
from assistant.base.errors import SettingsError

NO_SUCH_QUESTION = "没有这个问题，对话可能已经变了：请刷新页面后再试。"

Message = dict[str, str]
Messages = list[Message]


@dataclass(frozen=True)
class Exchange:
    """A question and its answer, both as HTML; `answer` is "" until it is complete.

    `after` is the conversation including this exchange; `found` the answer as an object; `understood` what the
    question was taken to mean, None while it waits to be asked again.
    """

    asked: Asked
    question: str
    answer: str = ""
    after: Conversation = Conversation()
    found: Answer | None = None
    understood: Understood | None = None


@dataclass(frozen=True)
class Talk:
    """A chat: its exchanges, the id under which it is kept, and the message above a reopened one.

    `serial` is incremented by each question, so that our scripts can tell what concerns the newest answer.
    """

    exchanges: tuple[Exchange, ...] = ()
    identity: str = ""
    opening: str = ""
    serial: int = 0

    @property
    def messages(self) -> Messages:
        """The messages that the chat shows."""
        shown = [_said("assistant", self.opening)] if self.opening else []
        for exchange in self.exchanges:
            shown.append(_said("user", exchange.question))
            shown.extend([_said("assistant", exchange.answer)] if exchange.answer else [])
        return shown

    @property
    def conversation(self) -> Conversation:
        """The conversation so far."""
        return self.exchanges[-1].after if self.exchanges else Conversation()

    @property
    def asked(self) -> tuple[Asked, ...]:
        """The questions so far."""
        return tuple(exchange.asked for exchange in self.exchanges)

    @property
    def waiting(self) -> list[int]:
        """The indices of the exchanges without an answer."""
        return [at for at, exchange in enumerate(self.exchanges) if not exchange.answer]

    def before(self, at: int | None) -> "Talk":
        """Return the talk before question `at`, all of it for None; raises `SettingsError` for an unknown question."""
        if at is None:
            return self
        if not 0 <= at < len(self.exchanges):
            raise SettingsError(NO_SUCH_QUESTION)
        return replace(self, exchanges=self.exchanges[:at])

    def with_exchange(self, exchange: Exchange) -> "Talk":
        """Return the talk with `exchange` appended; only the last `QUESTIONS_MOST` are kept."""
        kept = (*self.exchanges, exchange)[-QUESTIONS_MOST:]
        return replace(self, exchanges=kept, serial=self.serial + 1)

    def with_answer(self, at: int, **known: Any) -> "Talk":
        """Return the talk with the fields in `known` set on the exchange at index `at`."""
        changed = replace(self.exchanges[at], **known)
        return replace(self, exchanges=(*self.exchanges[:at], changed, *self.exchanges[at + 1 :]))

    def told(self, busy: bool) -> str:
        """Return the JSON for our scripts: the conversation's id, its questions, and whether one is being answered."""
        said = {"id": self.identity, "serial": self.serial, "busy": busy, "questions": asked_json(self.asked)}
        return json.dumps(said, ensure_ascii=False)


def _said(role: str, html: str) -> Message:
    return {"role": role, "content": html}
