"""What a browser sends, checked: what goes through, and the one Chinese line for what does not."""

from enum import StrEnum
from typing import Annotated, ClassVar

import pytest

from assistant.base.errors import SettingsError
from assistant.web.requests import (
    BAD_REQUEST,
    Count,
    Flag,
    Id,
    RequestModel,
    checked,
    number_in,
    refused_with,
    text_within,
)

NUMBER = "“时长”请填 1 到 9 之间的整数。"
PART = "看不懂这一部分：请重写。"
TITLE = "名称最多 3 个字：请改短一些。"


class Kind(StrEnum):
    ONE = "one"


class Part(RequestModel):
    names: tuple[str, ...]


class Whole(RequestModel):
    id: Id
    count: Count = 0
    flag: Flag = False
    kind: Kind = Kind.ONE
    minutes: Annotated[int, number_in(1, 9, "时长")] = 1
    title: Annotated[str, text_within(3, "名称")] = ""
    part: Annotated[Part | None, refused_with(PART)] = None


class Own(RequestModel):
    problem: ClassVar[str] = "打不开：请重试。"
    id: Id


def test_what_is_sent_becomes_values_and_what_is_unknown_is_ignored() -> None:
    sent = {"id": "x", "count": 2, "kind": "one", "title": " 甲\x00乙 ", "part": {"names": ["a"]}, "forged": 1}
    expected = Whole(id="x", count=2, flag=False, kind=Kind.ONE, minutes=1, title="甲乙", part=Part(names=("a",)))
    assert checked(Whole, sent) == expected


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": ""}, {"id": "x" * 201}, {"id": 1}, {"id": None}, {"id": "\ud800"}, {"count": -1}, {"count": 1 << 31},
        {"count": True}, {"count": "1"}, {"count": 1.0}, {"flag": 1}, {"flag": "yes"}, {"kind": "two"}, {"kind": []},
        {"title": 1},
    ],
)  # fmt: skip
def test_what_is_none_is_one_line(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError) as refused:
        checked(Whole, {"id": "x"} | wrong)
    assert str(refused.value) == BAD_REQUEST


@pytest.mark.parametrize("body", [None, [], "x", {}, 1])
def test_a_model_may_have_a_line_of_its_own(body: object) -> None:
    with pytest.raises(SettingsError) as refused:
        checked(Own, body)
    assert str(refused.value) == Own.problem


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ({"minutes": 0}, NUMBER), ({"minutes": 10}, NUMBER), ({"minutes": True}, NUMBER), ({"minutes": "5"}, NUMBER),
        ({"minutes": 5.0}, NUMBER), ({"minutes": None}, NUMBER), ({"title": "一二三四"}, TITLE),
        ({"part": {}}, PART), ({"part": []}, PART), ({"part": {"names": "x"}}, PART), ({"part": {"names": [1]}}, PART),
    ],
)  # fmt: skip
def test_a_field_may_have_a_line_of_its_own(wrong: dict[str, object], line: str) -> None:
    with pytest.raises(SettingsError) as refused:
        checked(Whole, {"id": "x"} | wrong)
    assert str(refused.value) == line
