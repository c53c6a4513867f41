import pytest

from assistant.base.errors import ReadingError
from assistant.evaluation import question_sets
from assistant.evaluation.question_sets import ParsedSet, RowProblem, SetQuestion, doubts, parse_set, template
from support.corpus import assert_one_line


def parsed(text: str) -> ParsedSet:
    return parse_set("问题.csv", text.encode())


def test_a_whole_set() -> None:
    found = parsed("问题,应引原文,文件,应回答\n甲,一|二,a.txt,\n乙,,,否\n丙,,b.md｜《丁》,是\n戊,,,\n")
    assert found == ParsedSet(
        (
            SetQuestion(2, "甲", ("一", "二"), ("a.txt",), True),
            SetQuestion(3, "乙", (), (), False),
            SetQuestion(4, "丙", (), ("b.md", "《丁》"), True),
            SetQuestion(5, "戊", (), (), None),
        ),
        (),
    )


@pytest.mark.parametrize(
    "head",
    [
        "提问,依据,来源,可回答",
        "题目,原文,文件名,能否回答,应答",
        " 问题（必填）：,应引 原文*,文档,是否应回答",
        "Question,expected,FILE,answerable",
    ],
)
def test_headings_are_known_by_several_names(head: str) -> None:
    if "能否回答" in head:
        head = head.replace("能否回答,", "")
    assert parsed(f"{head}\n甲,一,a.txt,是\n").questions == (SetQuestion(2, "甲", ("一",), ("a.txt",), True),)


def test_headings_may_stand_below_a_title_and_in_any_order() -> None:
    found = parsed("巡视测试题,,\n应回答,备注,问题\n不应,随便,甲\n")
    assert found.questions == (SetQuestion(3, "甲", (), (), False),)


def test_texts_may_stand_on_lines_and_repeat() -> None:
    assert parsed('问题,原文\n甲,"一\n\n二\n一"\n').questions[0].expected == ("一", "二")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",一,,", "没有写问题"),
        ("甲,,,也许", "也许"),
        ("甲,一,,否", "又写不应回答"),
        ("首,,,", "与第 2 行的问题相同"),
        (f"{'长' * 501},,,", "501 字"),
        (f"甲,{'长' * 301},,", "太长"),
        (f"甲,{'|'.join(map(str, range(11)))},,", "超过 10 个"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_with_the_mend(row: str, said: str) -> None:
    found = parsed(f"问题,应引原文,文件,应回答\n首,,,\n{row}\n尾,,,\n")
    assert [q.question for q in found.questions] == ["首", "尾"]
    (problem,) = found.problems
    assert problem.line == 3 and said in problem.message
    assert_one_line(problem.message)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("甲\n乙\n", "找不到“问题”这一列"),
        ("", "找不到“问题”这一列"),
        ("问题,提问\n甲,乙\n", "有两列"),
        ("问题,应回答\n", "没有可用的问题"),
        ("问题,应回答\n甲,也许\n", "第 2 行“应回答”写的是“也许”"),
        ("问题\n" + "".join(f"问{n}\n" for n in range(question_sets.QUESTIONS_LIMIT + 1)), "1000 个"),
    ],
)
def test_a_table_without_usable_questions_is_refused(text: str, said: str) -> None:
    with pytest.raises(ReadingError, match=said) as caught:
        parsed(text)
    assert_one_line(caught.value)


def test_the_template_can_be_read() -> None:
    assert parse_set("模板.xlsx", template()) == ParsedSet(
        (
            SetQuestion(2, "病假最多多少天？", ("病假一般不得超过三十日",), ("考勤办法.docx",), True),
            SetQuestion(3, "请假应当具备哪些条件？", ("因病需要治疗的", "因婚丧需要离岗的"), (), True),
            SetQuestion(4, "年终奖怎么发放？", (), (), False),
        ),
        (),
    )


def test_what_cannot_come_true_is_named() -> None:
    questions = [SetQuestion(2, "甲", ("一", "二"), ("有", "没")), SetQuestion(3, "乙", ("一", "二"), ("有",))]
    found = doubts(questions, lambda line, text: text == "一", lambda file: file == "有")
    assert found == [
        RowProblem(2, "现有文件里没有“没”：请核对文件名或标题。"),
        RowProblem(3, "文件里找不到“二”：请从原文照抄，标点也要一样。"),
    ]
