"""Request validation with pydantic models: anything invalid gives one Chinese line.

A `RequestModel` ignores unknown fields. Lists become tuples and strings become enums, but a number or a boolean
declared as `Count`, `Flag` or by `number_in` is never read from a string. A validator may raise `SettingsError`
itself: pydantic lets through whatever is not a `ValueError`.
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
    """The JSON object of a POST or the query of a GET; `problem` is the error line for an invalid one."""

    model_config = ConfigDict(frozen=True)
    problem: ClassVar[str] = BAD_REQUEST


def checked(model: type[Model], body: object) -> Model:
    """Return what a browser sent as a `model`; raises `SettingsError` with one line if it is invalid."""
    try:
        return model.model_validate(body)
    except ValidationError:
        raise SettingsError(model.problem) from None


def refused_with(problem: str) -> WrapValidator:
    """Annotate a field: a value that its type rejects gives the error line `problem`."""

    def check(value: Any, accept: ValidatorFunctionWrapHandler) -> Any:
        try:
            return accept(value)
        except ValidationError:
            raise SettingsError(problem) from None

    return WrapValidator(check)


def number_in(low: int, high: int, name: str) -> BeforeValidator:
    """Annotate an int field shown to people as `name`: from `low` to `high`, never a string or a boolean."""
    return BeforeValidator(lambda value: require_number(value, low, high, name))


def require_number(value: object, low: int, high: int, name: str) -> int:
    """Return `value` if it is a number from `low` to `high`, else raise `SettingsError` about the field `name`."""
    if type(value) is not int or not low <= value <= high:
        raise SettingsError(f"“{name}”请填 {low} 到 {high} 之间的整数。")
    return value


def text_within(limit: int, name: str) -> AfterValidator:
    """Annotate a str field shown to people as `name`: no control characters, at most `limit` characters."""

    def clean(value: str) -> str:
        text = drop_controls(value).strip()
        if len(text) > limit:
            raise SettingsError(f"{name}最多 {limit} 个字：请改短一些。")
        return text

    return AfterValidator(clean)
