"""What the scripts of the chat send, checked.

What they say beside a question (`How`) comes as JSON text through a hidden box of the chat.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StrictInt, model_validator

from assistant.answering.conversation.kept import BAD_CONVERSATION, Asked, parse_asked, parse_identity, parse_title
from assistant.answering.scope import EVERYTHING, Scope, parse_scope
from assistant.base.errors import SettingsError
from assistant.evaluation.feedback.history import BAD_KIND, BAD_MARKER, UNKNOWN, Kind
from assistant.web.endpoint import parsed
from assistant.web.requests import BAD_REQUEST, Flag, RequestModel, checked, refused_with

HOW_LIMIT = 64_000
WORDS_LIMIT = 100

Identity = Annotated[str, BeforeValidator(parse_identity)]
Title = Annotated[str, BeforeValidator(parse_title)]
Questions = Annotated[tuple[Asked, ...], BeforeValidator(parse_asked)]


class How(RequestModel):
    """What to `do`: `scope` says of which documents, `at` with which question; `open` names a kept conversation."""

    do: Literal["ask", "again", "open"] = "ask"
    scope: Annotated[Scope, BeforeValidator(parse_scope)] = EVERYTHING
    at: StrictInt | None = None
    text: Any = ""
    identity: Annotated[Identity, Field(alias="id")] = ""
    asked: Annotated[Questions, Field(alias="questions")] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> "How":
        if self.do == "again" and self.at is None:
            raise ValueError("which question is asked again?")
        if self.do == "open" and not (self.identity and self.asked):
            raise SettingsError(BAD_CONVERSATION)
        return self


def parse_how(said: object) -> How:
    """Return the instruction sent by a browser; raises `SettingsError` for anything that our scripts never send."""
    if not said:
        return How()
    if not isinstance(said, str) or len(said) > HOW_LIMIT:
        raise SettingsError(BAD_REQUEST)
    return checked(How, parsed(said.encode("utf-8", "surrogatepass")))


class FeedbackRequest(RequestModel):
    """Says what somebody thinks of an answer; `marker` is of a wrong citation."""

    problem: ClassVar[str] = BAD_KIND
    kind: Kind
    answer: Annotated[str, refused_with(UNKNOWN)] = ""
    marker: Annotated[StrictInt | None, refused_with(BAD_MARKER)] = None
    comment: str = ""


class ConversationsRequest(RequestModel):
    """Asks for the kept conversations, those with some `words` alone."""

    words: Annotated[str, AfterValidator(lambda words: words[:WORDS_LIMIT])] = ""


class ConversationRequest(RequestModel):
    """Names a kept conversation."""

    problem: ClassVar[str] = BAD_CONVERSATION
    id: Identity


class RenameRequest(ConversationRequest):
    """Names a kept conversation anew."""

    title: Title


class DeleteRequest(RequestModel):
    """Names a kept conversation to be deleted, or says that all are meant."""

    problem: ClassVar[str] = BAD_CONVERSATION
    id: Identity | None = None
    all: Flag = False

    @model_validator(mode="after")
    def _is_clear(self) -> "DeleteRequest":
        if not (self.id or self.all):
            raise ValueError("which conversation is deleted?")
        return self


class NextRequest(RequestModel):
    """Asks what could be asked after the newest answer of a chat, which `serial` names."""

    id: str
    serial: StrictInt


class ExportRequest(RequestModel):
    """Asks for a conversation as a file."""

    questions: Questions
    kind: Literal["docx", "md"]
    title: Title
