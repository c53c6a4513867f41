import pytest

from assistant.language.section_marks import Mark, SectionStack, closing_mark, inline_mark, line_mark, opening_clause


@pytest.mark.parametrize(
    ("line", "label", "title", "kind"),
    [
        ("第一，提高站位，把准方向。", "第一", "提高站位", "第一"),
        ("第二、严守纪律。", "第二", "严守纪律", "第一"),
        ("第三：讲话", "第三", "讲话", "第一"),
        ("第１，半角", "第１", "半角", "第一"),
        ("一、总体要求", "一、", "总体要求", "一、"),
        ("十二、附则", "十二、", "附则", "一、"),
        ("（一）因病需要治疗的；", "（一）", "因病需要治疗的", "（一）"),
        ("(三)其他", "(三)", "其他", "（一）"),
        ("（1）甲", "（1）", "甲", "（1）"),
        ("1.甲", "1.", "甲", "1."),
        ("2、乙", "2、", "乙", "1."),
        ("３．丙", "３．", "丙", "1."),
        ("4)丁", "4)", "丁", "1."),
        ("①戊", "①", "戊", "①"),
        ("第一章　总则", "第一章", "总则", "章"),
        ("第二节 管理", "第二节", "管理", "节"),
        ("第一编 总则", "第一编", "总则", "编"),
        ("第十二条　工作人员请假，应当经批准。", "第十二条", "工作人员请假", "条"),
        ("第十二条之一 甲", "第十二条之一", "甲", "条"),
        ("第二章", "第二章", "", "章"),
        ("第三条　具备下列条件之一，可以请假：", "第三条", "具备下列条件之一，可以请假：", "条"),
    ],
)
def test_line_mark(line: str, label: str, title: str, kind: str) -> None:
    assert line_mark(line) == Mark(label, title, kind)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "正文",
        "3.5元一份",
        "1.2万人参加",
        "2024年",
        "第一条的规定",
        "第一次会议",
        "一",
        "首先，学习",
        "# 标题",
        "第三章、第四章",
    ],
)
def test_no_line_mark(line: str) -> None:
    assert line_mark(line) is None


@pytest.mark.parametrize(
    ("line", "level", "mark"),
    [
        ("# 关于食堂的通知", 1, Mark("关于食堂的通知", "", "heading1")),
        ("## 一、总体要求", 2, Mark("一、", "总体要求", "heading2")),
        ("第一章　总则", 1, Mark("第一章", "总则", "heading1")),
        ("长" * 100, 3, Mark("长" * 80, "", "heading3")),
    ],
)
def test_headings(line: str, level: int, mark: Mark) -> None:
    assert line_mark(line, level) == mark


def test_closing_mark_needs_numbered_points_before_it() -> None:
    assert closing_mark("同志们，让我们共同努力！", ("第一",)) == Mark("结语", "", "closing")
    assert closing_mark("各位代表，谢谢。", ("一、", "（一）")) == Mark("结语", "", "closing")
    assert closing_mark("同志们，让我们共同努力！", ()) is None
    assert closing_mark("同志们，让我们共同努力！", ("opening",)) is None
    assert closing_mark("同志们的工作很好。", ("第一",)) is None


@pytest.mark.parametrize(
    ("sentence", "seen", "expected"),
    [
        ("首先要学习文件，掌握方法。", set(), ("首先", "要学习文件", "首先")),
        ("其次，要深入群众。", {"首先"}, ("其次", "要深入群众", "首先")),
        ("最后，要落实。", {"首先", "其次"}, ("最后", "要落实", "首先")),
        ("一是加强领导；", set(), ("一是", "加强领导", "一是")),
        ("二是压实责任；", {"一是"}, ("二是", "压实责任", "一是")),
        ("第二，严守纪律。", {"第一"}, ("第二", "严守纪律", "一是")),
        ("最后，要落实。", set(), None),
        ("其次，要落实。", {"第二"}, None),
        ("二是压实责任；", set(), None),
        ("首先", set(), None),
        ("他首先要学习。", set(), None),
    ],
)
def test_inline_mark(sentence: str, seen: set[str], expected: tuple[str, str, str] | None) -> None:
    found = inline_mark(sentence, seen)
    assert found == (Mark(*expected, inline=True) if expected else None)


def test_opening_clause() -> None:
    assert opening_clause("提高站位，把准方向。") == "提高站位"
    assert opening_clause("没有停顿") == "没有停顿"
    assert opening_clause("应当具备下列条件，方可请假：") == "应当具备下列条件，方可请假："
    assert opening_clause("长" * 100) == "长" * 80
    assert opening_clause("") == ""


def depths(*kinds: str) -> list[int]:
    stack = SectionStack()
    return [stack.enter(Mark("", "", kind)) for kind in kinds]


def test_kinds_of_one_family_keep_their_order() -> None:
    assert depths("章", "条", "（一）", "条", "章", "节", "条") == [0, 1, 2, 1, 0, 1, 2]
    assert depths("一、", "（一）", "1.", "（一）", "一、") == [0, 1, 2, 1, 0]


def test_other_kinds_nest_in_the_order_in_which_they_appear() -> None:
    assert depths("第一", "一、", "一、", "第一") == [0, 1, 1, 0]
    assert depths("一、", "第一", "第一", "一、") == [0, 1, 1, 0]


def test_headings_end_everything_but_higher_headings() -> None:
    assert depths("heading1", "heading2", "一、", "heading2", "heading3", "heading1") == [0, 1, 2, 1, 2, 0]


def test_opening_and_closing_hold_nothing() -> None:
    assert depths("opening", "第一", "closing", "第一") == [0, 0, 0, 0]


def test_points_inside_a_line_end_with_it() -> None:
    stack = SectionStack()
    stack.enter(Mark("第一", "", "第一"))
    assert stack.enter(Mark("首先", "", "首先", inline=True)) == 1
    assert stack.enter(Mark("其次", "", "首先", inline=True)) == 1
    assert stack.kinds == ("第一", "首先")
    assert stack.leave_inline() == 1
    assert stack.kinds == ("第一",)
    assert stack.leave_inline() == 1


@pytest.mark.parametrize("line", ["第{}，甲。", "第{}条　甲。", "{}、甲。", "（{}）甲。"])
def test_an_endless_numeral_is_no_mark(line: str) -> None:
    """It would be the label of a section, and go with each passage below it."""
    found = line_mark(line.format("一" * 20))
    assert found is not None and "一" * 20 in found.label
    assert line_mark(line.format("一" * 21)) is None
