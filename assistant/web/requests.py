"""What a browser sends, checked by pydantic models: whatever is none of them gives one Chinese line.

A `RequestModel` ignores fields that it does not know. Lists become tuples and strings become enums, but a number
or a yes/no is never read out of a string where it is declared as `Count`, `Flag` or by `number_in`. A validator
may raise `SettingsError` itself: pydantic lets through whatever is no `ValueError`.
"""

from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from assistant.base.errors import SettingsError
from assistant.base.text import drop_controls

BAD_REQUEST = "看不懂这个请求：请刷新页面后再试。"
ID_LIMIT = 200

Id = Annotated[str, Field(min_length=1, max_length=ID_LIMIT)]
Count = Annotated[int, Field(strict=True, ge=0, lt=1 << 31)]
Flag = StrictBool

Model = TypeVar("Model", bound="RequestModel")


class RequestModel(BaseModel):
    """The JSON object of a POST or the query of a GET; `problem` is the line for one that cannot be understood."""

    model_config = ConfigDict(frozen=True)
    problem: ClassVar[str] = BAD_REQUEST


def checked(model: type[Model], body: object) -> Model:
    """Return what a browser sends as a `model`; raises `SettingsError` with one line for anything that is none."""
    try:
        return model.model_validate(body)
    except ValidationError:
        raise SettingsError(model.problem) from None


def refused_with(problem: str) -> WrapValidator:
    """Annotate a field: whatever its type refuses is answered with the line `problem`."""

    def check(value: Any, accept: ValidatorFunctionWrapHandler) -> Any:
        try:
            return accept(value)
        except ValidationError:
            raise SettingsError(problem) from None

    return WrapValidator(check)


def number_in(low: int, high: int, name: str) -> BeforeValidator:
    """Annotate an int that people fill in under `name`: from `low` to `high`, never a string or a yes/no."""
    return BeforeValidator(lambda value: require_number(value, low, high, name))


def require_number(value: object, low: int, high: int, name: str) -> int:
    """Return `value` as the number that people fill in under `name`; raises `SettingsError` for anything else."""
    if type(value) is not int or not low <= value <= high:
        raise SettingsError(f"“{name}”请填 {low} 到 {high} 之间的整数。")
    return value


def text_within(limit: int, name: str) -> AfterValidator:
    """Annotate a str that people write under `name`: without control characters, of at most `limit` characters."""

    def clean(value: str) -> str:
        text = drop_controls(value).strip()
        if len(text) > limit:
            raise SettingsError(f"{name}最多 {limit} 个字：请改短一些。")
        return text

    return AfterValidator(clean)
