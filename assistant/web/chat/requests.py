"""The instruction that our scripts send beside a question, validated; JSON text in a hidden input of the chat."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StrictInt, model_validator

from assistant.answering.conversation.kept import BAD_CONVERSATION, Asked, parse_asked, parse_identity
from assistant.answering.scope import EVERYTHING, Scope, parse_scope
from assistant.base.errors import SettingsError
from assistant.web.endpoint import parsed
from assistant.web.requests import BAD_REQUEST, RequestModel, checked

HOW_LIMIT = 64_000


class How(RequestModel):
    """What to `do`: `scope` says of which documents, `at` with which question; `open` names a kept conversation."""

    do: Literal["ask", "again", "open"] = "ask"
    scope: Annotated[Scope, BeforeValidator(parse_scope)] = EVERYTHING
    at: StrictInt | None = None
    text: Any = ""
    identity: Annotated[str, Field(alias="id"), BeforeValidator(parse_identity)] = ""
    asked: Annotated[tuple[Asked, ...], Field(alias="questions"), BeforeValidator(parse_asked)] = ()

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
