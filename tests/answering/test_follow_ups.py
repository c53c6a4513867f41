import pytest

from assistant.answering.conversation.follow_ups import Action, Pointing, command_of, is_courtesy, pointing_of, reset_of
from assistant.answering.conversation.query_rewriting import (
    completed,
    core,
    is_cut_short,
    label_of,
    opening,
    subject,
    substituted,
)
from assistant.answering.conversation.state import Conversation, understand
from assistant.language.numerals import chinese, numeral


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("那具体咋做？", "具体怎么做"),
        ("那么，请问为啥呀", "为什么"),
        ("那曲市的规定有哪些", "那曲市的规定有哪些"),
        ("那些干部怎么管", "那些干部怎么管"),
        ("这是什么", "这是什么"),
        (" ？？ ", ""),
        ("请假需要什么手续", "请假需要什么手续"),
        ("请展开说说", "展开说说"),
    ],
)
def test_core(text: str, words: str) -> None:
    assert core(text) == words


@pytest.mark.parametrize(
    ("text", "behind"),
    [
        ("换个问题", ""),
        ("我想换一个话题吧。", ""),
        ("重新开始", ""),
        ("换个问题：病假多少天", "病假多少天"),
        ("重新开始巡视的时间是什么", None),
        ("新问题如何解决", None),
        ("病假多少天", None),
    ],
)
def test_resets(text: str, behind: str | None) -> None:
    assert reset_of(text) == behind


@pytest.mark.parametrize(
    ("text", "action"),
    [
        (text, Action.MORE)
        for text in (
            "还有呢",
            "还有吗",
            "还有没有",
            "其他的呢",
            "还有哪些",
            "继续",
            "然后呢",
            "就这些吗",
            "还有哪些处分",
        )
    ]
    + [(text, Action.EXPAND) for text in ("展开说说", "说详细点", "具体一点", "详细说说", "能展开讲讲吗", "前后文呢")]
    + [
        (text, Action.SOURCE)
        for text in ("出处在哪", "哪一段", "原文在哪", "在哪一段", "原文呢", "哪个文件说的", "真的吗")
    ]
    + [
        (text, None)
        for text in ("还有哪些情形不得录用", "其他人员的工资怎么算", "在哪里", "具体怎么做", "为什么", "处分", "")
    ],
)
def test_commands(text: str, action: Action | None) -> None:
    assert command_of(core(text), "公务员的处分有哪些") is action


@pytest.mark.parametrize(
    ("text", "pointing"),
    [
        ("第二点呢", Pointing(2, 0, "点", "", False)),
        ("上面的第3条", Pointing(3, 0, "条", "", False)),
        ("最后一条呢", Pointing(-1, 0, "条", "", False)),
        ("下一项", Pointing(None, 1, "项", "", False)),
        ("展开说说第十二条", Pointing(12, 0, "条", "", False)),
        ("第二点怎么落实", Pointing(2, 0, "点", "怎么落实", False)),
        ("第二条是什么", Pointing(2, 0, "条", "是什么", True)),
        ("第二批主题教育呢", None),
        ("第三方评估", None),
        ("第二条中的工作人员是谁", None),
        ("病假多少天", None),
    ],
)
def test_pointing(text: str, pointing: Pointing | None) -> None:
    assert pointing_of(core(text)) == pointing


def test_courtesies() -> None:
    assert [text for text in ("谢谢！", "好的，明白了", "谢谢你", "你好", "可以兼职吗") if is_courtesy(text)] == [
        "谢谢！",
        "好的，明白了",
        "谢谢你",
        "你好",
    ]


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("巡视整改要求是什么", "巡视整改"),
        ("病假最多多少天", "病假"),
        ("请假应当具备哪些条件", "请假"),
        ("如何整合监督力量？", "整合监督力量"),
        ("什么是考勤", "考勤"),
        ("为什么要突出“改”字？", "突出“改”字"),
        ("本轮巡视对几个单位开展巡视", "本轮巡视"),
        ("政治巡察的根本任务是什么", "政治巡察的根本任务"),
        ("公务员可以兼职吗", "公务员兼职"),
        ("信访事项可以延长吗", "信访事项"),
        ("监察委员会怎么产生", "监察委员会"),
        ("信访人不得有哪些行为", "信访人"),
        ("管理人员的义务有哪些", "管理人员的义务"),
        ("不予受理的理由是什么", "不予受理的理由"),
    ],
)
def test_subject(question: str, about: str) -> None:
    assert subject(question) == about


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("那具体怎么做", "处分具体怎么做"),
        ("为什么", "处分有哪些，为什么"),
        ("目的是什么", "处分的目的是什么"),
        ("它的依据有哪些条款", "处分的依据有哪些条款"),
        ("这个办法什么时候施行", "《处分办法》什么时候施行"),
        ("如果逾期呢", "处分，如果逾期怎么办"),
        ("和上一轮比呢", None),
        ("这个条例什么时候施行", None),
        ("食堂由谁管理", None),
        ("处分", None),
        ("这次会议的背景是什么", None),
        ("病假超过三日的，这种情况怎么办", None),
    ],
)
def test_questions_cut_short(text: str, full: str | None) -> None:
    assert completed(core(text), "处分", "处分有哪些", "处分办法") == full


@pytest.mark.parametrize(
    ("text", "before", "full"),
    [
        ("监察人员呢", "公务员的处分有哪些", "监察人员的处分有哪些"),
        ("责令候查呢", "留置最长多久", "责令候查最长多久"),
        ("权利呢", "公务员的义务有哪些", "公务员的权利有哪些"),
        ("工作人员呢", "外来人员用餐收费多少元", "工作人员用餐收费多少元"),
        ("“回头看”呢", "“后半篇文章”是什么", "“回头看”是什么"),
        ("事假", "病假最多多少天", "事假最多多少天"),
        ("考勤办法呢", "食堂规定什么时候施行", "考勤办法什么时候施行"),
        ("电话呢", "食堂由谁管理", "食堂的电话是什么"),
        ("监察人员呢", "什么情形应当回避", "监察人员什么情形应当回避"),
        ("财政资金呢", "如何整合监督力量", None),
        ("民营企业呢", "国有企业有哪些义务", "民营企业有哪些义务"),
        ("地方的呢", "监察委员会任期多长", None),
        ("辞职后呢", "公务员可以兼职吗", "公务员辞职后可以兼职吗"),
        ("公务员的义务呢", "本轮巡视对几个单位开展巡视", None),
        ("巡视整改", "病假最多多少天", None),
        ("还款没有到账", "病假最多多少天", None),
        ("病假呢", "病假最多多少天", None),
    ],
)
def test_one_thing_for_another(text: str, before: str, full: str | None) -> None:
    assert substituted(text, before, False) == full


@pytest.mark.parametrize("text", ["为什么", "那具体怎么做", "谁负责", "它的目的是什么", "这是什么意思", "什么时候"])
def test_what_cannot_stand_alone(text: str) -> None:
    assert is_cut_short(core(text))


@pytest.mark.parametrize(
    "text", ["主要任务是什么", "这次会议什么时候召开", "其他人员怎么办理", "考勤", "那些干部怎么管"]
)
def test_what_can(text: str) -> None:
    assert not is_cut_short(core(text))


@pytest.mark.parametrize(
    ("quote", "number", "words"),
    [
        ("三、备足抢险物资。沙袋", 3, "备足抢险物资"),
        ("（二）因婚丧需要离岗的；", 2, "因婚丧需要离岗"),
        ("第二，紧扣巡视重点任务，守正创新", 2, "紧扣巡视重点任务"),
        ("第五条　病假一般不得超过三十日。", None, "病假"),
        ("一个问题一个问题解决，", None, "一个问题一个问题解决"),
    ],
)
def test_openings(quote: str, number: int | None, words: str) -> None:
    assert (label_of(quote), opening(quote)) == (number, words)


def test_numerals_there_and_back() -> None:
    assert [chinese(n) for n in (1, 10, 12, 20, 101, 110, 305)] == [
        "一",
        "十",
        "十二",
        "二十",
        "一百零一",
        "一百一十",
        "三百零五",
    ]
    assert all(numeral(chinese(n)) == n for n in range(1, 1000))


def test_interrogatives_without_end_take_no_time() -> None:
    assert understand("哪几" * 100 + "饭它由谁负责", Conversation()).action is Action.FRESH
