"""Requests of the page 测验, validated: ids, the settings of a quiz, the answers of a paper, points."""

from typing import Annotated

from pydantic import Field

from assistant.study.quiz.quiz import BAD_ANSWER, Arrangement, QuizSettings, Shown
from assistant.web.requests import Count, Flag, Id, RequestModel, number_in, refused_with

TOKENS_MOST = 200
MINUTES_MOST = 600
TRIES_MOST = 100
BAD_SETTINGS = "看不懂测验的设置：请刷新页面后再试。"

PaperNumber = Annotated[int, Field(strict=True, ge=1, lt=1 << 31)]


class ListRequest(RequestModel):
    """Asks for the quizzes; `attempts` are the ids of the papers that a browser without an account has stored."""

    attempts: Annotated[tuple[str, ...], Field(max_length=TOKENS_MOST)] = ()


class QuizRequest(RequestModel):
    """Names a quiz."""

    quiz: Id


class StartRequest(QuizRequest):
    """Asks for a paper; `name` is used only for trainees without an account."""

    name: str = ""


class AttemptRequest(RequestModel):
    """Names one's own paper."""

    attempt: Id


class AnswersRequest(AttemptRequest):
    """The answers of a paper: {question id: [option ids, or words]}; `answers_of` in quiz.py checks them."""

    answers: Annotated[dict[str, tuple[str, ...]], refused_with(BAD_ANSWER)]


class SettingsRequest(RequestModel):
    """How a quiz is taken."""

    arrangement: Arrangement
    minutes: Annotated[int, number_in(0, MINUTES_MOST, "限时（分钟）")]
    tries: Annotated[int, number_in(0, TRIES_MOST, "可做几次")]
    shown: Shown
    is_open: Flag

    @property
    def settings(self) -> QuizSettings:
        """The settings, as a quiz keeps them."""
        return QuizSettings(**dict(self))


class PublishRequest(RequestModel):
    """Asks for a quiz made of a pack's questions."""

    pack: Id
    title: str = ""
    settings: Annotated[SettingsRequest, refused_with(BAD_SETTINGS)]


class ChangeRequest(QuizRequest):
    """Opens or closes a quiz, and says when answers are shown."""

    is_open: Annotated[Flag, refused_with(BAD_SETTINGS)]
    shown: Annotated[Shown, refused_with(BAD_SETTINGS)]


class RemoveRequest(QuizRequest):
    """Names a quiz to be deleted, or only its paper `number`; 0, which no paper has, means the whole quiz."""

    number: PaperNumber = 0


class MarkRequest(QuizRequest):
    """Gives points to a question of a paper."""

    number: Count
    question: Count
    points: Count


class PaperRequest(QuizRequest):
    """Names a paper by its number, which is text in a query."""

    number: str = ""
