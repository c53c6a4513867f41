"""What is said of one thing is no answer about another of its kind."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answering.answer import Status
from assistant.answering.service import Service
from assistant.base.settings import Settings
from assistant.language.entities import Name, described_in, names_in, of_another, others_of

LIKE_NAMES = {"玄黄", "天地", "恒远", "华宇", "付清"}
rare = LIKE_NAMES.__contains__


@pytest.fixture
def asked(tmp_path: Path) -> Callable[..., Service]:
    def open_over(*texts: str) -> Service:
        folder = tmp_path / "corpus"
        folder.mkdir()
        for number, text in enumerate(texts):
            (folder / f"{number}.txt").write_text(text, encoding="utf-8")
        service = Service(Settings(corpus=folder, index=tmp_path / "index"))
        service.ensure()
        return service

    return open_over


@pytest.mark.parametrize(
    ("topic", "names"),
    [
        ("玄黄湿地", [Name("玄黄", "湿地")]),
        ("去天地湿地公园", [Name("天地", "湿地")]),
        ("病假", [Name("病", "假")]),
        ("国家公园", []),
        ("湿地", []),
        ("该公司", []),
    ],
)
def test_names_stand_before_the_nouns_that_bear_them(topic: str, names: list[Name]) -> None:
    found = names_in([topic])
    assert [name for name in found if name.head in ("湿地", "公园", "假", "公司")] == names


@pytest.mark.parametrize(
    ("own", "head", "text", "another"),
    [
        ("玄黄", "湿地", "天地湿地的门票为十元。", True),
        ("天地", "湿地", "天地湿地的门票为十元。", False),
        ("天地", "湿地", "天地国家湿地公园的门票为十元。", False),
        ("市民去天地", "湿地", "天地湿地的门票为十元。", False),
        ("玄黄", "湿地", "进入湿地应当购票。", False),
        ("玄黄", "湿地", "江苏省湿地保护条例", False),
        ("建筑", "公司", "劳务公司应当支付报酬。", False),
        ("恒远", "公司", "劳务公司应当支付报酬。", True),
        ("恒远", "公司", "公司应当支付报酬。", False),
        ("病", "假", "婚假为三天。", True),
        ("婚", "假", "婚丧假为三天。", False),
        ("农村残疾人", "补贴", "高龄补贴按月发放。", True),
        ("农村残疾人", "补贴", "残疾补贴按月发放。", False),
        ("天地", "票价", "玄黄票价十元。", True),
        ("天地", "票价", "成人票价十元。", False),
    ],
)
def test_another_thing_of_the_kind(own: str, head: str, text: str, another: bool) -> None:
    assert of_another(Name(own, head), text, rare) is another


NOTICES = (
    "关于天云书屋的通知\n天云书屋每日开放十小时，由县文旅局负责管理。\n",
    "关于假期的通知\n婚假为十五天，须提前三日书面申请。\n",
    "关于补贴的通知\n高龄补贴标准为每人每月八十元，由县民政局发放。\n",
    "关于处罚的通报\n恒岳公司因未批先建被罚款三十万元。\n",
    "关于招聘的通知\n夜班岗位招录十二个人。\n",
)


@pytest.mark.parametrize(
    ("known", "unknown"),
    [
        ("天云书屋由谁管理？", "墨池书屋由谁管理？"),
        ("婚假有几天？", "丧假有几天？"),
        ("高龄补贴每月多少钱？", "育儿补贴每月多少钱？"),
        ("恒岳公司被罚了多少钱？", "鼎泰公司被罚了多少钱？"),
        ("夜班岗位招几个人？", "门卫岗位招几个人？"),
    ],
)
def test_a_neighbours_figure_is_not_given(asked: Callable[..., Service], known: str, unknown: str) -> None:
    service = asked(*NOTICES)
    assert service.ask(known).status is Status.ANSWERED
    assert service.ask(unknown).status is not Status.ANSWERED


def test_words_before_nouns_tell_things_apart_too() -> None:
    assert described_in(["运钞车辆多久保养"], ["运钞", "车辆", "保养"]) == [Name("运钞", "车辆")]
    assert others_of(Name("运钞", "车辆"), "救护车辆每半年保养一次，各单位的车辆都要登记。") == {"救护"}
