"""Outlines of documents of many shapes, and what of a sentence stands by itself."""

import pytest

from assistant.study.outline.outline import outlines
from assistant.study.outline.shortening import spans
from assistant.study.outline.summary import summary
from support.outlines import page, tree
from support.paths import ROOT
from support.study_texts import points_in, text_of


def test_points_announced_and_counted_in_one_paragraph_are_the_outline() -> None:
    speech = (
        "同志们：\n这次会议很重要。我讲三点意见。\n第一点，关于认识。干部要从全局看问题。第二点，"
        "关于产业。要发展特色产业，带动农民增收。"
    )
    speech += "第三点，关于作风。干部要沉到一线，少开会、多办事。\n散会后，请大家抓好落实。\n"
    assert tree(speech) == [
        ("第一点|关于认识", ["干部要从全局看问题"]),
        ("第二点|关于产业", ["要发展特色产业，带动农民增收"]),
        ("第三点|关于作风", ["干部要沉到一线，少开会、多办事"]),
    ]
    alone = (
        "下面我讲三点意见。第一，要提高认识，克服麻痹思想。第二，要突出重点，抓好巡查。第三，要落"
        "实责任。我就讲这些，谢谢大家。\n"
    )
    assert tree(alone) == ["第一|要提高认识，克服麻痹思想", "第二|要突出重点，抓好巡查", "第三|要落实责任"]


def test_series_inside_sentences_stand_under_what_leads_them_in() -> None:
    text = (
        "去年的工作有成效。\n抓好今年的工作，一是要提速，压缩审批时间。二是要减负，清理收费；三是要护航，保护产权。\n"
    )
    text += "关键在干部。首先，领导要带头。其次，窗口要改进作风。最后，监督部门要敢于亮剑。\n"
    assert tree(text) == [
        "去年的工作有成效",
        (
            "抓好今年的工作",
            ["一是|要提速，压缩审批时间", "二是|要减负，清理收费", "三是|要护航，保护产权"],
        ),
        ("关键在干部", ["首先|领导要带头", "其次|窗口要改进作风", "最后|监督部门要敢于亮剑"]),
    ]


def test_paragraphs_that_go_on_counting_are_points_too() -> None:
    text = (
        "今天提几点要求。\n首先要抓好春耕。农技人员要下田。\n"
        "其次要抓好项目。厂房要按期封顶。\n第三要抓好信访。各村每天排查。\n"
        "最后强调纪律。中午不准饮酒。\n"
    )
    assert tree(text) == [
        ("首先|要抓好春耕", ["农技人员要下田"]),
        ("其次|要抓好项目", ["厂房要按期封顶"]),
        ("第三|要抓好信访", ["各村每天排查"]),
        ("最后|强调纪律", ["中午不准饮酒"]),
    ]


def test_minutes_keep_what_the_meeting_asks_for() -> None:
    minutes = "第三次会议纪要\n6月3日，市长主持召开会议，研究安全生产工作。现将议定事项纪要如下：\n"
    minutes += "会议听取了市应急局的汇报。会议指出，形势总体平稳。会议强调，各部门要克服麻痹思想。"
    minutes += (
        "会议要求，市应急局要牵头开展整治；市公安局要严查超员。会议议定，成立工作专班。\n"
        "会议审议通过《城市更新条例》。\n会议还研究了其他事项。\n"
        "出席：周文\n"
    )
    assert tree(minutes) == [
        (
            "会议听取了市应急局的汇报",
            [
                "会议指出，形势总体平稳",
                "会议强调，各部门要克服麻痹思想",
                "会议要求，市应急局要牵头开展整治；市公安局要严查超员",
                "会议议定，成立工作专班",
            ],
        ),
        "会议审议通过《城市更新条例》",
    ]
    assert page(minutes)[0] == "6月3日，市长主持召开会议，研究安全生产工作"


def test_questions_hold_their_answers() -> None:
    text = (
        "医保问答\n问：怎样备案？\n答：可以。通过平台或者窗口办理，当天生效。\n"
        "问：忘记带卡怎么办？\n答：可以使用电子凭证。没有凭证的，应当先行垫付。\n"
    )
    assert tree(text) == [
        ("怎样备案", ["可以。通过平台或者窗口办理，当天生效"]),
        ("忘记带卡怎么办", ["可以使用电子凭证", "没有凭证的，应当先行垫付"]),
    ]


def test_markdown_keeps_lists_quotations_and_tables_without_their_marks() -> None:
    text = (
        "# 指引\n\n## 一、原则\n\n- **坚持引领**：把领导贯穿全过程。\n"
        "- 坚持`依法`办事。\n- 坚持支撑：实现共享。\n\n> 工作不力的，由区纪委约谈。\n"
        "\n"
    )
    text += (
        "## 二、任务\n\n1. 网格划分。每格**至少**一人。\n2. 考核评价。每半年一次。\n"
        "\n| 任务 | 时限 |\n| --- | --- |\n| 网格 | 3月底 |\n"
        "| 系统 | 6月底 |\n"
    )
    assert tree(text, markdown=True) == [
        (
            "一、|原则",
            [
                ("坚持引领", ["把领导贯穿全过程"]),
                "坚持……依法……办事",
                "坚持支撑：实现共享",
                "工作不力的，由区纪委约谈",
            ],
        ),
        (
            "二、|任务",
            [
                ("1.|网格划分", ["每格……至少……一人"]),
                ("2.|考核评价", ["每半年一次"]),
                ("任务 | 时限", ["网格 | 3月底", "系统 | 6月底"]),
            ],
        ),
    ]


def test_rows_stand_under_the_head_of_their_table() -> None:
    text = (
        "一、考核等次\n经评定，确定优秀单位1个。结果如下：\n"
        "单位\t得分\n城东\t96.5\n河口\t88.2\n二、结果运用\n对优秀单位奖励10万元。\n"
    )
    assert tree(text) == [
        ("一、|考核等次", ["经评定，确定优秀单位1个", ("单位\t得分", ["城东\t96.5", "河口\t88.2"])]),
        ("二、|结果运用", ["对优秀单位奖励10万元"]),
    ]


def test_unnumbered_headings_around_numbered_ones_are_points() -> None:
    text = "Vehicle policy\n\nIntroduction\n\nThis policy applies to all staff. They must follow it.\n\n1. Drivers\n\n"
    text += (
        "Drivers must hold a licence.\n\n2. Fines\n\nFines are paid by the driver.\n"
        "\nConclusion\n\nThe office will review this policy.\n"
    )
    assert tree(text) == [
        ("Introduction", ["This policy applies to all staff"]),
        ("1.|Drivers", ["Drivers must hold a licence"]),
        ("2.|Fines", ["Fines are paid by the driver"]),
        ("Conclusion", ["The office will review this policy"]),
    ]


NOTICE = """关于值班的通知
各单位：
根据规定，放假时间为5月1日至5日。现将有关事项通知如下：
一、严格值班。各单位要安排专人值班。
二、加强防范。放假前要检查用电。
三、严守纪律。严禁公车私用。
请各单位于4月25日前报送值班表。
市机关事务局
2025年4月20日
"""


def test_what_stands_around_the_points_is_in_the_summary_alone() -> None:
    assert [branch[0] for branch in tree(NOTICE)] == ["一、|严格值班", "二、|加强防范", "三、|严守纪律"]
    assert page(NOTICE) == [
        "根据规定，放假时间为5月1日至5日",
        "严格值班",
        "各单位要安排专人值班",
        "加强防范",
        "放假前要检查用电",
        "严守纪律",
        "严禁公车私用",
        "请各单位于4月25日前报送值班表",
    ]


def test_summary_of_the_speech_tells_its_opening_and_its_end() -> None:
    speech = next((ROOT / "corpus").glob("*.txt")).read_text(encoding="utf-8")
    text = text_of(speech)
    told = summary(outlines([text]), [text])
    sections = [point.quotes[0].section for point in told]
    assert sections[0] == "引言" and sections[-1] == "结语"
    assert {"第一", "第二", "第三"} < set(sections)
    assert all(q.text == speech[q.start : q.end] for point in told for q in point.quotes)


def test_paragraphs_of_articles_and_what_leads_lists_in_with_a_consequence() -> None:
    law = (
        "第一章　总则\n第一条　本市停车管理，适用本办法。\n专用停车场不适用本办法。\n"
        "第二章　责任\n第二条　有下列情形之一的，给予警告：\n"
        "（一）不公示的；\n（二）多收费的。\n"
    )
    assert tree(law) == [
        ("第一章|总则", [("第一条|本市停车管理，适用本办法", ["专用停车场不适用本办法"])]),
        ("第二章|责任", [("第二条|有下列情形之一的，给予警告", ["（一）|不公示的", "（二）|多收费的"])]),
    ]
    rules = (
        "一、追究\n（一）责任追究制\n有下列情形之一的，给予通报批评：\n"
        "1.不受理的；\n2.超时限的。\n（二）其他\n按规定执行。\n"
    )
    assert tree(rules)[0][1][0] == (
        "（一）|责任追究制",
        ["有下列情形之一的，给予通报批评", "1.|不受理的", "2.|超时限的"],
    )


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("但是，工作中还有短板。", "工作中还有短板"),
        ("同志们，教育事关千家万户。", "教育事关千家万户"),
        ("In 2024 they received 1.2 million visits. However, two branches lack access.", None),
    ],
)
def test_words_that_only_link_are_left_out(sentence: str, kept: str | None) -> None:
    found = [sentence[a:b] for a, b in spans(sentence)]
    assert found == [kept or sentence.rstrip(".")]


FILLER = "各有关部门和单位要进一步加强对重点领域重点企业重点时段的监督检查工作"


@pytest.mark.parametrize(
    ("head", "tail"),
    [
        ("结合本市实际", "制定具体实施细则"),
        ("为了方便群众办事", "设立综合窗口"),
        ("力争到2025年底", "实现全覆盖"),
        ("依据各自的职权", "作出处理"),
        ("会同市财政局、市审计局等部门", "开展专项检查"),
        ("在确保安全的前提下", "恢复生产"),
        ("以书面或者其他能够确认收悉的方式", "通知当事人"),
        ("以高质量发展为目标", "优化营商环境"),
        ("从符合条件的企业中", "择优选定承储企业"),
    ],
)
def test_what_leads_up_to_the_next_clause_is_no_end(head: str, tail: str) -> None:
    sentence = f"{FILLER}，{head}，{tail}并且在规定的时间内向上级报告进展情况和存在的问题。"
    found = [sentence[a:b] for a, b in spans(sentence)]
    assert not found[-1].endswith(head)
    assert found in ([FILLER], [sentence[:-1]])


def test_a_subject_alone_is_no_statement() -> None:
    subject = "省、自治区、直辖市人民政府负责管理地震工作的机构"
    sentence = (
        f"{subject}，在震情跟踪会商中，根据临震异常形成的预报意见，在紧急情况下，可以直接发布四十八小时之内的临震警报。"
    )
    assert [sentence[a:b] for a, b in spans(sentence)] == [sentence[:-1]]


def test_many_series_and_lists_take_no_time() -> None:
    one = "一是要加强监督。二是要严格管理。三是要落实责任。\n首先要开会。\n- 甲项。\n- 乙项。\n甲\t乙\n丙\t丁\n"
    found = outlines([text_of("一、工作\n" + one * 4000)])
    assert len(list(points_in(found))) > 1 and found[0].left_out > 10000
