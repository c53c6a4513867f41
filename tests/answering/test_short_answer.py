"""The few words that answer by themselves, and where there must be none."""

import pytest

from assistant.answering.composing.short_answer import short_answer
from assistant.language.question import parse_question


def short(question: str, *quotes: str, about: bool = True) -> tuple[int, str] | None:
    return short_answer(parse_question(question), quotes, lambda words: about)


@pytest.mark.parametrize(
    ("question", "quote", "words"),
    [
        ("本轮巡视对几个单位开展", "经批准，本轮巡视将对4个单位开展常规巡视。", "4个单位"),
        ("病假最多多少天", "病假一般不得超过三十日。", "一般不得超过三十日"),
        ("申请要提前几天", "应当提前一个工作日提出申请。", "提前一个工作日"),
        ("多久可以更新", "使用年限超过8年的，可以更新。", "超过8年"),
        ("罚款是多少钱", "处二百元以下罚款。", "二百元以下"),
        ("达标率是多少", "饮用水达标率为98%。", "98%"),
        ("办法什么时候施行", "本办法自2024年3月1日起施行。", "2024年3月1日"),
        ("区水利局局长是谁", "任命张海峰为区水利局局长；", "张海峰"),
    ],
)
def test_the_piece_that_answers(question: str, quote: str, words: str) -> None:
    assert short(question, quote) == (0, words)


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        ("病假最多多少天", ["病假三日以内的由科长批准，超过三日的由局长批准。"]),  # two of them
        ("茶园有多少亩", ["先种了五十亩试验茶园。", "如今茶园已扩展到1860亩。"]),
        ("记录要保存多久", ["保存期限不得少于产品保质期满后六个月。"]),  # the limit stands apart
        ("几天内答复，最多延长几天", ["应当在20个工作日内答复。"]),  # asked twice
        ("合计人口多少", ["按照不少于人口1%的标准组建队伍。"]),  # no measure asked for
        ("病假由谁批准", ["病假由人事科批准。"]),  # another kind
        ("本轮巡视对几个单位开展", ["设立4个小组。"]),  # something else counted
        ("病假最多多少天", []),
    ],
)
def test_no_piece_where_it_is_not_certain(question: str, quotes: list[str]) -> None:
    assert short(question, *quotes) is None


def test_the_clause_must_be_about_the_question() -> None:
    heard = []

    def about(words: str) -> bool:
        heard.append(words)
        return False

    quote = "会议在市里召开，时间紧，病假不超过三日，其他照旧。"
    assert short_answer(parse_question("病假多少天"), [quote], about) is None
    assert heard == ["时间紧，病假不超过三日"]


def test_the_same_piece_twice_is_one() -> None:
    assert short("病假最多多少天", "第二条　病假不得超过三日。", "病假不得超过三日。") == (0, "不得超过三日")
