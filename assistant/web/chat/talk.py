"""What is kept of a chat on the server.

The browser never sends what was answered: only questions, a scope, and which question is meant (`requests`).
What our scripts are told goes the other way as one JSON text.
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
    """A question and its answer, both as shown; `answer` is "" until it is whole.

    `after` is the conversation gone on by it, `found` the answer itself, `understood` what the question was
    taken for, None until it is its turn.
    """

    asked: Asked
    question: str
    answer: str = ""
    after: Conversation = Conversation()
    found: Answer | None = None
    understood: Understood | None = None


@dataclass(frozen=True)
class Talk:
    """A chat: its exchanges, the id under which it is kept, and what stands above a reopened one.

    `serial` counts what was asked, so that our scripts can tell what is about the newest answer.
    """

    exchanges: tuple[Exchange, ...] = ()
    identity: str = ""
    opening: str = ""
    serial: int = 0

    @property
    def messages(self) -> Messages:
        """What the chat shows."""
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
        """The places of the exchanges without an answer."""
        return [at for at, exchange in enumerate(self.exchanges) if not exchange.answer]

    def before(self, at: int | None) -> "Talk":
        """Return the talk as it was before question `at`, as it is for None; raises `SettingsError` for no question."""
        if at is None:
            return self
        if not 0 <= at < len(self.exchanges):
            raise SettingsError(NO_SUCH_QUESTION)
        return replace(self, exchanges=self.exchanges[:at])

    def with_exchange(self, exchange: Exchange) -> "Talk":
        """Return the talk gone on by a question, the last `QUESTIONS_MOST` of them kept."""
        kept = (*self.exchanges, exchange)[-QUESTIONS_MOST:]
        return replace(self, exchanges=kept, serial=self.serial + 1)

    def with_answer(self, at: int, **known: Any) -> "Talk":
        """Return the talk with more `known` of the exchange at place `at`."""
        changed = replace(self.exchanges[at], **known)
        return replace(self, exchanges=(*self.exchanges[:at], changed, *self.exchanges[at + 1 :]))

    def told(self, busy: bool) -> str:
        """Return what our scripts are told: which conversation this is, its questions, whether it is being answered."""
        said = {"id": self.identity, "serial": self.serial, "busy": busy, "questions": asked_json(self.asked)}
        return json.dumps(said, ensure_ascii=False)


def _said(role: str, html: str) -> Message:
    return {"role": role, "content": html}
