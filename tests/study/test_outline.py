"""The outline of documents and its summary: structure, words and places."""

import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.study.outline.outline import POINTS_MOST, limited, outlines
from assistant.study.outline.shortening import parts, spans, width
from assistant.study.outline.structure import Draft
from assistant.study.outline.summary import PAGE_WIDTH, summary
from assistant.study.pack import GAP, DocumentOutline, Point
from assistant.study.source.texts import Text
from support.drawing import drawn
from support.paths import ROOT, SHARED_DATA
from support.study_texts import MADE, SPEECH, points_in, text_in, text_of
from support.work import growth

NEEDS_LAWS = pytest.mark.skipif(not (SHARED_DATA / "stard").is_dir(), reason="../shared/data/stard is absent")
LAWS = ("兵役法", "慈善法", "最高人民法院关于适用《合同法》若干问题的解释（二）", "中华人民共和国刑法")
LONG = 200_000
_EDGE = re.compile(r"[，。；：、！？,.;:!?\s|#*>+•·-]")
_MARK = re.compile(
    r"(?:首先|其次|再次|再者|最后|[一二三四五六七八九十]+是|第.+[编章节条](?:之.+)?|[）)、\u2460-\u2473])$"
)
ENGLISH = """Guidelines on Remote Work

Staff must agree a schedule with their manager, in writing, before working remotely. They apply to all staff.

Losses must be reported within 24 hours, except on public holidays. Equipment is provided by the office.
"""
TABLE = "序号\t项目\t时限\n1\t道路维修\t2025年6月\n2\t学校扩建\t2025年9月\n"
MARKDOWN = """# 食堂管理办法

## 用餐

职工应当提前一天预约用餐，逾期不予安排。

## 卫生

食堂必须每日消毒，做好记录；违反规定的，通报批评。
"""
NOTICE = """关于申请公寓的通知
一、申请条件
申请人须同时符合以下条件：
（一）年龄在三十五周岁以下；
（二）具有本科以上学历。
有严重失信记录的，不得申请。
二、管理要求
承租人不得转租。逾期不签约的，视为放弃。
附件：1.申请表
2.承诺书
"""


def told(text: Text) -> tuple[Point, ...]:
    (outline,) = outlines([text])
    return outline.points


def labels(points: tuple[Point, ...]) -> list[str]:
    return [point.label for point in points]


def words(points: tuple[Point, ...]) -> list[str]:
    return [point.words for point in points]


def check(text: Text, points: list[Point]) -> int:
    """Check that every quote stands where it says, in order, cut at punctuation; return how many there are."""
    count = 0
    for point in points:
        assert point.quotes and point.words == GAP.join(quote.text for quote in point.quotes)
        for before, quote in zip((None, *point.quotes), point.quotes, strict=False):
            count += 1
            assert quote.text == text.text[quote.start : quote.end] and quote.text.strip() == quote.text != ""
            assert before is None or before.end < quote.start
            paragraph = text.paragraphs[quote.paragraph - 1]
            assert paragraph.start <= quote.start < quote.end <= paragraph.end
            ahead, behind = text.text[paragraph.start : quote.start], text.text[quote.end : paragraph.end]
            begins = any(sentence.start == quote.start for sentence in text.sentences)
            assert begins or _EDGE.match(ahead[-1]) or _MARK.search(ahead), quote
            ends = any(sentence.end == quote.end for sentence in text.sentences)
            assert ends or _EDGE.match(behind[0]), quote
    return count


def test_speech_has_three_points_with_their_places() -> None:
    text = text_in(SPEECH)
    points = told(text)
    assert labels(points) == ["第一", "第二", "第三"]
    for point in points:
        (quote,) = point.quotes
        section = next(one for one in text.sections if one.label == point.label)
        assert quote.section == section.path == point.label
        assert quote.start == section.start + len(point.label) + 1 and quote.text.startswith(section.title)
        assert text.paragraphs[quote.paragraph - 1].start == section.start
    assert points[1].words.startswith("紧扣巡视重点任务，守正创新、精准监督，")


def test_first_point_of_the_speech_holds_its_three_parts() -> None:
    first = told(text_in(SPEECH))[0]
    assert labels(first.children) == ["首先", "其次", "最后"]
    assert first.children[0].words == "要看党的二十大精神的学习贯彻落实情况"
    assert first.children[1].words == "坚持全心全意为人民服务是党的宗旨"
    assert all(child.children for child in first.children)
    assert words(first.children[2].children) == ["不仅要看怎么看的、怎么安排的，还要看怎么推进的"]


def test_measures_of_the_speech_are_few_and_in_order() -> None:
    for point in told(text_in(SPEECH))[1:]:
        assert 3 <= len(point.children) <= 6 and set(labels(point.children)) == {""}
        starts = [child.quotes[0].start for child in point.children]
        assert starts == sorted(starts)


@pytest.mark.parametrize("file", [SPEECH, *sorted(MADE.glob("*.txt"))], ids=lambda file: file.stem)
def test_quotes_of_documents_stand_where_they_say(file: Path) -> None:
    text = text_in(file)
    found = outlines([text])
    assert found[0].left_out == 0
    assert check(text, list(points_in(found))) > 10
    page = summary(found)
    assert check(text, list(page)) > 5
    assert 400 < sum(len(point.words) for point in page) <= 800
    assert [p.quotes[0].start for p in page] == sorted(p.quotes[0].start for p in page)


def test_program_made_sections_are_no_points() -> None:
    text = text_in(MADE / "在全市项目建设攻坚推进大会上的讲话.txt")
    assert {"引言", "结语"} <= {section.label for section in text.sections}
    assert labels(told(text)) == ["第一", "第二", "第三"]


def test_series_within_a_point_keep_together_with_what_they_hold() -> None:
    second = told(text_in(MADE / "在全市项目建设攻坚推进大会上的讲话.txt"))[1]
    series = [child for child in second.children if re.match("[一二三四]要", child.words)]
    assert words(tuple(series)) == ["一要抓开工", "二要抓要素", "三要抓服务", "四要抓招引"]
    assert series[0].children[0].words.startswith("所有新建项目必须在6月底前全部开工，逾期不开工的，由")


def test_what_stands_behind_a_list_is_no_part_of_its_last_item() -> None:
    conditions, rules = told(text_of(NOTICE))
    assert [(child.label, child.words) for child in conditions.children] == [
        ("（一）", "年龄在三十五周岁以下"),
        ("（二）", "具有本科以上学历"),
        ("", "有严重失信记录的，不得申请"),
    ]
    assert not conditions.children[1].children
    assert words(rules.children) == ["承租人不得转租", "逾期不签约的，视为放弃"]


def test_headings_of_markdown_are_points_without_a_mark_and_the_title_is_none() -> None:
    points = told(text_of(MARKDOWN, markdown=True))
    assert [(point.label, point.words) for point in points] == [("", "用餐"), ("", "卫生")]
    assert words(points[0].children) == ["职工应当提前一天预约用餐，逾期不予安排"]


def test_numbered_headings_of_markdown_keep_their_mark() -> None:
    points = told(
        text_of("# 办法\n\n## 一、总则\n\n本市应当公开。\n\n## 二、附则\n\n自发布之日起施行。\n", markdown=True)
    )
    assert [(point.label, point.words) for point in points] == [("一、", "总则"), ("二、", "附则")]


def test_chapters_hold_articles_and_articles_their_items() -> None:
    law = (
        "第一章　总则\n第一条　为了规范考勤，制定本办法。\n第二章　请假\n第二条　有下列情形之一的，可以请假：\n"
        "（一）因病的；\n（二）婚丧的。\n第三条　病假不得超过三十日，但是经批准的除外。超过的，按旷工处理。\n"
    )
    first, second = told(text_of(law))
    assert (first.label, first.words, labels(first.children)) == ("第一章", "总则", ["第一条"])
    assert (second.label, labels(second.children)) == ("第二章", ["第二条", "第三条"])
    assert [(c.label, c.words) for c in second.children[0].children] == [("（一）", "因病的"), ("（二）", "婚丧的")]
    assert second.children[1].words == "病假不得超过三十日，但是经批准的除外"
    assert second.children[1].children == ()


def test_a_single_paragraph_gives_its_sentences() -> None:
    one = "各科室应当每日报送人数，逾期不报的按不用餐处理。食堂要按需采购。谢谢大家！\n"
    assert words(told(text_of(one))) == ["各科室应当每日报送人数，逾期不报的按不用餐处理", "食堂要按需采购"]


def test_english_and_tables_have_outlines() -> None:
    assert words(told(text_of(ENGLISH))) == [
        "Staff must agree a schedule with their manager, in writing, before working remotely",
        "Losses must be reported within 24 hours, except on public holidays",
    ]
    (head,) = told(text_of(TABLE))
    assert [head.words, *words(head.children)] == TABLE.splitlines()
    assert [row.quotes[0].paragraph for row in head.children] == [2, 3]


@pytest.mark.parametrize("thin", ["标题", "谢谢大家！", "2024年3月18日", "。。。", "为什么？", "同志们："])
def test_thin_documents_do_not_crash(thin: str) -> None:
    text = text_of(thin + "\n")
    found = outlines([text])
    check(text, list(points_in(found)))
    assert len(found[0].points) == (thin != "。。。")
    assert len(summary(found)) == len(found[0].points)


def test_only_what_may_be_used_is_quoted() -> None:
    whole = text_in(SPEECH)
    second = next(section for section in whole.sections if section.label == "第二")
    kept = tuple(s for s in whole.sentences if second.start <= s.start < second.end)
    assert labels(told(replace(whole, sentences=kept))) == ["第二"]
    inner = next(section for section in whole.sections if section.label == "其次")
    kept = tuple(s for s in whole.sentences if inner.start <= s.start < inner.end)
    found = told(replace(whole, sentences=kept))
    assert labels(found) == ["其次"]
    starts = {q.start for point in points_in(outlines([replace(whole, sentences=kept)])) for q in point.quotes}
    assert starts and all(inner.start <= start < inner.end for start in starts)
    assert told(replace(whole, sentences=())) == ()


@pytest.mark.slow
@NEEDS_LAWS
@pytest.mark.parametrize("law", LAWS)
def test_laws(law: str) -> None:
    sys.path.insert(0, str(ROOT))
    from training.laws import read_laws

    articles = read_laws(SHARED_DATA)[law]
    text = text_of("\n".join(one for _, one in articles) + "\n", law)
    found = outlines([text])
    points = list(points_in(found))
    assert check(text, points) >= min(len(articles), 250)
    assert len(points) <= POINTS_MOST and (found[0].left_out > 0) == (law == "中华人民共和国刑法")
    assert all("条" in point.label for point in found[0].points)
    assert sum(map(width, (point.words for point in summary(found)))) <= PAGE_WIDTH


def test_a_long_document_keeps_its_chapters_and_says_what_is_left_out() -> None:
    chapter = "第{n}章　工作安排{n}\n" + "第一条　各部门应当在每年第{n}季度报告工作，逾期不报的予以通报。\n" * 12
    text = text_of("".join(chapter.format(n=n) for n in range(1, 101)))
    (outline,) = outlines([text])
    assert [point.label for point in outline.points] == [f"第{n}章" for n in range(1, 101)]
    assert len(list(points_in([outline]))) == POINTS_MOST
    assert outline.left_out == 100 + 1200 - POINTS_MOST


def test_headings_without_a_mark_hold_the_paragraphs_behind_them() -> None:
    text = text_of("食堂办法\n用餐\n职工应当预约。\n外来人员另行安排。\n卫生\n食堂必须每日消毒。\n")
    points = told(text)
    assert [(point.words, words(point.children)) for point in points] == [
        ("用餐", ["职工应当预约", "外来人员另行安排"]),
        ("卫生", ["食堂必须每日消毒"]),
    ]


def test_two_hundred_pages_without_sections_take_no_time_and_are_told_all_over() -> None:
    one = "全市各单位要在第{n}阶段完成整改任务，加强监督检查。办公室负责记录第{n}号事项的进展，按时上报。\n"

    def told_of(count: int) -> tuple[Text, Sequence[DocumentOutline], object]:
        text = text_of("".join(one.format(n=n) for n in range(count)))
        return text, (found := outlines([text])), summary(found)

    text, found, page = told_of(LONG // len(one))
    assert growth(told_of, 200) < 2.5
    starts = [point.quotes[0].start for point in found[0].points]
    assert len(starts) == 60 and found[0].left_out > 3000
    assert max(b - a for a, b in zip([0, *starts], [*starts, len(text.text)], strict=True)) < len(text.text) / 25
    assert page


def test_a_paragraph_without_an_end_takes_no_time() -> None:
    def told_of(count: int) -> object:
        return told(text_of("一项要求" * 3 + "；各部门应当加强监督" * count + "\n"))

    assert told_of(LONG // 10)
    assert growth(told_of, 1000) < 2.5


def test_levels_are_left_out_whole_from_numbered_lists() -> None:
    items = tuple(Draft("（一）", 10 + n, 11 + n, 1.0) for n in range(5))
    assert limited([Draft("一、", 0, 1, 1.0, items)], 4) == (Draft("一、", 0, 1, 1.0),)
    measures = tuple(Draft("", 10 + n, 11 + n, float(n)) for n in range(5))
    assert len(limited([Draft("一、", 0, 1, 1.0, measures)], 4)[0].children) == 3


def test_summary_is_shared_by_documents_in_their_order() -> None:
    texts = [replace(text_in(file), record=replace(text_in(file).record, id=file.stem)) for file in MADE.glob("*.txt")]
    page = summary(outlines(texts))
    told_of = list(dict.fromkeys(point.quotes[0].document_id for point in page))
    assert told_of == [text.record.id for text in texts]
    assert all(not point.children for point in page)
    assert sum(width(point.label + point.words) for point in page) <= PAGE_WIDTH + 100
    assert summary([]) == ()


def test_clauses_between_purpose_and_point_may_be_left_out() -> None:
    purposes = "保障甲方的合法权益不受任何形式的侵害和妨碍，促进各项事业长期健康有序发展，维护社会公共利益和秩序"
    sentence = f"为了规范管理，{purposes}，制定本办法。"
    assert [sentence[a:b] for a, b in spans(sentence)] == ["为了规范管理", "制定本办法"]


def test_conditions_stay_with_what_they_lead_to() -> None:
    rule = "由县级以上人民政府民政部门责令限期改正，给予警告"
    sentence = f"情节严重的，{rule}，对直接负责的主管人员和其他直接责任人员按照国家规定依法给予行政处分，记入档案。"
    assert [sentence[a:b] for a, b in spans(sentence)] == [f"情节严重的，{rule}"]


def test_exceptions_stay() -> None:
    rule = "当事人应当在三十日以内向登记机关提出书面申请并且附上全部证明材料"
    sentence = f"{rule}，由登记机关在三个工作日以内当场予以登记并且同时向社会公布登记的内容，但是材料不全的除外。"
    assert [sentence[a:b] for a, b in spans(sentence)] == [rule, "但是材料不全的除外"]


def test_a_list_is_told_whole_or_not_at_all() -> None:
    things = "身份证；学历学位证书；劳动合同和社会保险缴费证明；婚姻家庭状况承诺书；未成年子女出生医学证明"
    sentence = f"申请人需上传以下材料：{things}。"
    assert [sentence[a:b] for a, b in spans(sentence)] == [sentence[:-1]]
    longer = f"申请人需上传以下材料：{things}；{things}；{things}。"
    assert [longer[a:b] for a, b in spans(longer)] == ["申请人需上传以下材料"]


MARKS = [
    "，",
    "。",
    "；",
    "：",
    "“",
    "”",
    "（",
    "）",
    "\n",
    "\t",
    "|",
    " ",
    "（一）",
    "第一条　",
    "第一，",
    "首先",
    "一是",
]
MARKS += [
    "二是",
    "其次",
    "最后",
    "**",
    "`",
    "[词](/a)",
    "- ",
    "> ",
    "问：",
    "答：",
    "三点意见。",
    "结语\n",
    "2025年3月1日\n",
]
PIECES = ["各部门", "应当", "的", "但是", "为了", "时", "加强监督", "同志们：", "10.5", "a b, c"]
WORDS = st.lists(st.sampled_from(MARKS + PIECES), max_size=60)


@drawn(200)
@given(WORDS)
def test_any_text_is_quoted_word_for_word(pieces: list[str]) -> None:
    text = text_of("".join(pieces) + "\n")
    found = outlines([text])
    starts = [point.quotes[0].start for point in points_in(found)]
    assert starts == sorted(set(starts))
    for point in (*points_in(found), *summary(found)):
        assert point.quotes
        for quote in point.quotes:
            assert quote.text and quote.text == text.text[quote.start : quote.end]
        assert all(a.end <= b.start for a, b in zip(point.quotes, point.quotes[1:], strict=False))


@drawn(200)
@given(WORDS)
def test_parts_tile_a_sentence(pieces: list[str]) -> None:
    sentence = "".join(pieces)
    found = parts(sentence)
    assert all(a < b for a, b in found) and all(x[1] <= y[0] for x, y in zip(found, found[1:], strict=False))
    said = {letter for letter in sentence if letter.isalnum()}
    assert {letter for a, b in found for letter in sentence[a:b] if letter.isalnum()} == said
