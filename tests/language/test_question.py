import pytest

from assistant.language.numerals import numeral
from assistant.language.question import Kind, parse_question, split_weak


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("巡视整改要求是什么", Kind.LIST),
        ("政治巡察的根本任务是什么", Kind.LIST),
        ("本轮巡视对几个单位开展巡视？", Kind.NUMBER),
        ("试用期多久？", Kind.NUMBER),
        ("组长叫什么名字？", Kind.NAME),
        ("市委书记是谁？", Kind.NAME),
        ("主任由谁选举产生？", Kind.WHO),
        ("本法什么时候施行？", Kind.WHEN),
        ("会议在什么背景下召开？", Kind.SITUATION),
        ("我们处于什么时期？", Kind.SITUATION),
        ("会议在哪里召开？", Kind.WHERE),
        ("为什么要突出整改？", Kind.WHY),
        ("如何整合监督力量？", Kind.HOW),
        ("“四个聚焦”具体是哪四个？", Kind.MEMBERS),
        ("中央八项规定的内容有哪些？", Kind.MEMBERS),
        ("四个单位分别是哪些？", Kind.MEMBERS),
        ("什么是“国之大者”？", Kind.DEFINITION),
        ("公务员可以兼职吗？", Kind.YESNO),
        ("“七个有之”在讲话中是怎么说的？", Kind.SAID),
        ("讲话提了哪三点意见？", Kind.OUTLINE),
        ("第二点讲了什么？", Kind.OUTLINE),
        ("第十二条规定了什么？", Kind.OUTLINE),
        ("召开会议的目的", Kind.FACT),
    ],
)
def test_kind(text: str, kind: Kind) -> None:
    assert parse_question(text).kind is kind


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("巡视整改要求是什么", ("巡视整改要求",)),
        ("“回头看”的目的是什么", ("回头看", "目的")),
        ("江苏的做法有哪些经验？", ("江苏", "做法", "经验")),
        ("高考报名条件有哪些", ("高考报名条件",)),
        ("什么是各级监察委员会？", ("各级监察委员会",)),
        ("", ()),
        ("什么？", ()),
    ],
)
def test_topics_hold_no_interrogatives(text: str, topics: tuple[str, ...]) -> None:
    assert parse_question(text).topics == topics


def test_number_questions_name_unit_and_noun() -> None:
    question = parse_question("上一轮巡视移交了多少条问题线索？")
    assert (question.unit, question.counted) == ("条", "问题线索")


def test_slogans_name_their_count() -> None:
    question = parse_question("“四个聚焦”具体是哪四个？")
    assert (question.term, question.count) == ("四个聚焦", 4)


def test_points_and_articles() -> None:
    assert parse_question("第三点意见讲了什么？").ordinal == "三"
    assert parse_question("公务员法第十二条规定了什么").article == "第十二条"
    assert parse_question("讲话提了哪三点意见？").count == 3


@pytest.mark.parametrize(
    ("text", "value"),
    [("三", 3), ("两", 2), ("十", 10), ("十二", 12), ("二十", 20), ("二十三", 23), ("8", 8), ("万", None)],
)
def test_numeral(text: str, value: int | None) -> None:
    assert numeral(text) == value


def test_words_are_cut_around_nouns_that_only_name_a_kind_of_answer() -> None:
    assert split_weak("整改要求") == ["整改", "要求"]
    assert split_weak("巡视") == ["巡视"]
