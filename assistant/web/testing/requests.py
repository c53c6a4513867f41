"""What the page 命中测试 sends, checked: a question, a table, settings to try, ids."""

import base64
from typing import Annotated

from pydantic import BeforeValidator, Field

from assistant.base.errors import SettingsError
from assistant.web.requests import RequestModel

SETTINGS_MOST = 2
NAME_LIMIT = 200

Id = Annotated[str, Field(min_length=1, max_length=40)]


def _share(name: str) -> BeforeValidator:
    """Annotate a number from 0 to 1 that people fill in under `name`."""

    def check(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise SettingsError(f"“{name}”请填 0 到 1 之间的数。")
        return float(value)

    return BeforeValidator(check)


def _bytes(value: object) -> bytes:
    """Return the bytes that a text in base64 stands for; raises `ValueError`."""
    return base64.b64decode(value if isinstance(value, str) else "?", validate=True)


class TrialRequest(RequestModel):
    """The settings to try; those in force where none are named."""

    dense_weight: Annotated[float | None, _share("按意思找的份量")] = None
    answer_threshold: Annotated[float | None, _share("作答的把握")] = None


class ExplainRequest(TrialRequest):
    """Asks for a question to be laid open; what is no text is no question."""

    question: Annotated[str, BeforeValidator(lambda value: value if isinstance(value, str) else "")] = ""


class UploadRequest(RequestModel):
    """A table of questions: the name of its file and its bytes in base64."""

    name: Annotated[str, Field(min_length=1, max_length=NAME_LIMIT)]
    data: Annotated[bytes, BeforeValidator(_bytes)]


class SetRequest(RequestModel):
    """Names a set of questions."""

    set: Id


class RunRequest(SetRequest):
    """Asks for a set to be run with one or two settings."""

    settings: Annotated[tuple[TrialRequest, ...], Field(min_length=1, max_length=SETTINGS_MOST)]


class ResultRequest(RequestModel):
    """Names a run."""

    run: Id


class CompareRequest(RequestModel):
    """Names two runs of a set."""

    first: Id
    second: Id


class JobRequest(RequestModel):
    """Names a job."""

    job: Id
