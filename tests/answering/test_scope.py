import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.scope import Names, in_dates, names_of
from assistant.base.errors import SettingsError
from assistant.base.text import fold
from assistant.index.records import DocumentRecord
from support.corpus import assert_one_line


def record(title: str, path: str = "x.txt", date: str | None = None) -> DocumentRecord:
    """A document whose id is its title."""
    return DocumentRecord(1, title, path, title, date, None, None, None, (), ())


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("中华人民共和国监察法", ["中华人民共和国监察法", "监察法"]),
        ("中国共产党巡视工作条例", ["中国共产党巡视工作条例", "巡视工作条例"]),
        ("广西壮族自治区消防条例", ["广西壮族自治区消防条例", "消防条例"]),
        ("北京市海淀区养犬管理规定", ["北京市海淀区养犬管理规定", "养犬管理规定"]),
        ("考勤办法（试行）（2023年修订）", ["考勤办法"]),
        ("食堂规定_2023终稿", ["食堂规定"]),
        ("《关于印发〈考勤办法〉的通知》", ["关于印发考勤办法的通知"]),
        ("ＡＩ 使用指南", ["ai使用指南"]),
        # What begins like a place and is none.
        ("城乡规划法", ["城乡规划法"]),
        ("社区矫正法", ["社区矫正法"]),
        ("民族区域自治法", ["民族区域自治法"]),
        ("上市公司管理办法", ["上市公司管理办法"]),
        ("国务院关于地区差价的规定", ["国务院关于地区差价的规定"]),
        # What any document could be called, is too short, or is no document's name.
        ("通知", []),
        ("实施细则", []),
        ("某省管理办法", ["某省管理办法"]),
        ("中华人民共和国刑法", ["中华人民共和国刑法"]),
        ("中国共产党章程", ["中国共产党章程"]),
        ("市容管理", []),
    ],
)
def test_what_a_document_is_called(title: str, names: list[str]) -> None:
    assert names_of(record(title)) == names


def test_a_file_name_is_a_name_too() -> None:
    assert names_of(record("关于考勤的几点意见", "办公室/考勤办法 2023.docx")) == ["关于考勤的几点意见", "考勤办法"]
    assert names_of(record("扫描件", "扫描件.pdf")) == []


LAW, RULES, LABOUR, CONTRACT, NOTE = "中华人民共和国监察法", "监察法实施条例", "劳动合同", "劳动合同法", "某市考勤办法"
NAMES = Names([record(title) for title in (LAW, RULES, LABOUR, CONTRACT, NOTE)])


@pytest.mark.parametrize(
    ("question", "named", "rest"),
    [
        ("监察法第十条是什么", [LAW], "第十条是什么"),
        ("《中华人民共和国监察法》第十条", [LAW], "第十条"),
        ("监察法实施条例第十条", [RULES], "第十条"),
        ("劳动合同法和劳动合同的期限", [CONTRACT, LABOUR], "和的期限"),
        ("违反监察法会怎样", [LAW], "违反会怎样"),
        ("按考勤办法，病假几天", [NOTE], "按，病假几天"),
        ("监察法与监察法", [LAW], "与"),
        ("《监察法》（2018年）第十条", [LAW], "（2018年）第十条"),
        # Parts of words and of longer names, in question marks or not.
        ("监察法规有哪些", [], "监察法规有哪些"),
        ("监察法律关系", [], "监察法律关系"),
        ("行政监察法第十条", [], "行政监察法第十条"),
        ("《监察法百问百答》说了什么", [], "《监察法百问百答》说了什么"),
        ("《新监察法》说了什么", [], "《新监察法》说了什么"),
        ("劳动合同书怎么写", [], "劳动合同书怎么写"),
        ("上海市考勤办法", [], "上海市考勤办法"),
        ("监察是什么", [], "监察是什么"),
        ("", [], ""),
    ],
)
def test_which_documents_a_question_names(question: str, named: list[str], rest: str) -> None:
    assert NAMES.in_question(question) == (named, rest)


def test_names_with_book_marks_inside_are_found_however_they_are_written() -> None:
    names = Names([record("关于印发《考勤办法》的通知")])
    for question in ("《关于印发〈考勤办法〉的通知》何时发的", "关于印发考勤办法的通知何时发的"):
        assert names.in_question(question) == (["关于印发《考勤办法》的通知"], "何时发的")


def test_a_name_of_several_documents_names_them_all() -> None:
    names = Names([record("甲市考勤办法"), record("乙市考勤办法"), record("丙", "考勤办法.txt")])
    assert names.in_question("考勤办法第三条") == (["甲市考勤办法", "乙市考勤办法", "丙"], "第三条")
    assert names.in_question("乙市考勤办法第三条") == (["乙市考勤办法"], "第三条")
    assert Names([]).in_question("考勤办法") == ([], "考勤办法")


@given(st.text(max_size=30) | st.lists(st.sampled_from([*"《》的法规", LAW, RULES, LABOUR]), max_size=6).map("".join))
def test_any_question_keeps_what_is_no_name(question: str) -> None:
    named, rest = NAMES.in_question(question)
    written = question if len(question) == len(fold(question)) else fold(question)
    assert set(rest) <= set(written)
    assert named or re.sub("[《》〈〉“”]", "", rest) == re.sub("[《》〈〉“”]", "", written)


DATED = [record(title, date=title or None) for title in ("2022", "2023", "2023-10", "2023-10-08", "2023-11-01", "")]


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        ("2023", None, ["2023", "2023-10", "2023-10-08", "2023-11-01"]),
        ("2023-10", None, ["2023", "2023-10", "2023-10-08", "2023-11-01"]),
        ("2023-10-09", None, ["2023", "2023-10", "2023-11-01"]),
        (None, "2022", ["2022"]),
        (None, "2023-10", ["2022", "2023", "2023-10", "2023-10-08"]),
        (None, "2023-10-07", ["2022", "2023", "2023-10"]),
        ("2023-10", "2023-10", ["2023", "2023-10", "2023-10-08"]),
        ("2023-10-08", "2023-10-08", ["2023", "2023-10", "2023-10-08"]),
        ("2023", "2023-10", ["2023", "2023-10", "2023-10-08"]),
        (None, None, ["2022", "2023", "2023-10", "2023-10-08", "2023-11-01"]),
    ],
)
def test_documents_of_dates(since: str | None, until: str | None, found: list[str]) -> None:
    assert in_dates(DATED, since, until) == found


@pytest.mark.parametrize(
    "date", ["23", "2023年", "2023-13", "2023-00", "2023-1", "2023-02-30", "２０２３", "", "0000", "2023-10 "]
)
def test_what_is_no_date_is_said(date: str) -> None:
    for since, until in ((date, None), (None, date)):
        with pytest.raises(SettingsError, match="写得不对：请写成 2023、2023-10 或 2023-10-08。") as caught:
            in_dates(DATED, since, until)
        assert_one_line(caught.value)


def test_dates_without_documents_and_dates_in_the_wrong_order_are_said() -> None:
    with pytest.raises(SettingsError, match="这段日期里没有文件") as caught:
        in_dates(DATED, "2024", None)
    assert_one_line(caught.value)
    with pytest.raises(SettingsError, match="开始日期 2023-11 在截止日期 2023-10-31 之后") as caught:
        in_dates(DATED, "2023-11", "2023-10-31")
    assert_one_line(caught.value)
