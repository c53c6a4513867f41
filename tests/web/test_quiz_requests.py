"""What the page 测验 sends: what is taken, and the line for what makes no sense."""

from typing import Any

import pytest

from assistant.base.errors import SettingsError
from assistant.study.quiz.quiz import BAD_ANSWER, Arrangement, QuizSettings, Shown
from assistant.web.quiz.requests import BAD_SETTINGS, AnswersRequest, PublishRequest, RemoveRequest
from assistant.web.requests import BAD_REQUEST, checked
from support.corpus import assert_one_line

SETTINGS = {"arrangement": "each", "minutes": 30, "tries": 1, "shown": "handed", "is_open": True}
MINUTES = "“限时（分钟）”请填 0 到 600 之间的整数。"
TRIES = "“可做几次”请填 0 到 100 之间的整数。"


def refused(model: Any, body: object) -> str:
    with pytest.raises(SettingsError) as error:
        checked(model, body)
    assert_one_line(error.value)
    return str(error.value)


def test_settings_are_taken() -> None:
    said = checked(PublishRequest, {"pack": "p", "title": "测验", "settings": SETTINGS})
    assert said.settings.settings == QuizSettings(Arrangement.EACH, 30, 1, Shown.HANDED, True)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"arrangement": "x"}, BAD_SETTINGS), ({"shown": None}, BAD_SETTINGS), ({"is_open": 1}, BAD_SETTINGS),
        ({"minutes": -1}, MINUTES), ({"minutes": 601}, MINUTES), ({"minutes": True}, MINUTES),
        ({"minutes": 1.5}, MINUTES), ({"tries": "1"}, TRIES), ({"tries": 101}, TRIES),
    ],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(change: dict[str, object], line: str) -> None:
    assert refused(PublishRequest, {"pack": "p", "settings": SETTINGS | change}) == line


@pytest.mark.parametrize("settings", [None, [], "x", {}])
def test_what_is_no_settings_is_refused(settings: object) -> None:
    assert refused(PublishRequest, {"pack": "p", "settings": settings}) == BAD_SETTINGS


@pytest.mark.parametrize("answers", [None, [], "x", {"q": "A"}, {"q": [1]}, {"q": None}, {"q": {}}, {"q": [["x"]]}])
def test_what_is_no_answers_is_refused(answers: object) -> None:
    assert refused(AnswersRequest, {"attempt": "a", "answers": answers}) == BAD_ANSWER


@pytest.mark.parametrize("number", [None, 0, -1, "1", True, 1.0])
def test_a_number_that_no_paper_has_does_not_stand_for_the_whole_quiz(number: object) -> None:
    assert refused(RemoveRequest, {"quiz": "q", "number": number}) == BAD_REQUEST
