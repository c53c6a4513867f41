"""Questions and answers as HTML."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.answer import Citation, Status
from assistant.answering.blocks import BlockKind, block
from assistant.answering.conversation.follow_ups import Action
from assistant.answering.conversation.state import Understood
from assistant.base.permalinks import digest
from assistant.language import question
from assistant.language.question import parse_question
from assistant.web.chat import html as chat_html
from support.pages import Shown, answer, citation, heading, statement


@pytest.mark.parametrize(
    ("given_question", "text", "problem"),
    [
        ("  巡视是什么 ", "巡视是什么", ""),
        ("", "", "请先输入问题。"),
        (" \n\u3000", "", "请先输入问题。"),
        (None, "", "请先输入问题。"),
        ({"text": "x"}, "", "请先输入问题。"),
        ("长" * 500, "长" * 500, ""),
        ("长" * 501, "长" * 501, "问题太长（501 字）：请缩短到 500 字以内，或分成几个问题。"),
    ],
)
def test_questions_are_checked(given_question: object, text: str, problem: str) -> None:
    assert question.check_question(given_question) == (text, problem)


def cite(start: int, words: str) -> str:
    return f"#cite-d-1-{start}-{start + len(words)}-{digest(words)}"


def test_an_answer_shows_its_statements_its_links_and_its_places() -> None:
    first, second = citation(1, "甲句。"), citation(2, "乙句。")
    place = block(BlockKind.PLACE, "第二　紧扣重点")
    blocks = [heading("整改要求", "《讲话》"), place, statement(1, "甲句。"), statement(2, "乙句。")]
    shown = Shown(chat_html.answer_html(answer(Status.ANSWERED, blocks, first, second)))
    assert shown.text == (
        "已找到原文整改要求（《讲话》）第二　紧扣重点1.甲句。[1]2.乙句。[2]"
        "出处《讲话》[1] 第二 第4段[2] 第二 第4段复制重新查找用这个回答出题"
    )
    assert shown.links() == [cite(10, "甲句。"), cite(20, "乙句。")] * 2
    assert shown.tags[0] == ("div", {"class": "answer answered"})
    assert ("strong", {}) in shown.tags


@pytest.mark.parametrize(
    ("status", "label"),
    [(Status.ANSWERED, "已找到原文"), (Status.MENTIONED, "只有相关原文"), (Status.NOT_FOUND, "没有找到")],
)
def test_each_status_says_what_it_claims(status: Status, label: str) -> None:
    html = chat_html.answer_html(answer(status, "没有找到：请换个说法。"))
    assert html.startswith(f'<div class="answer {status}"><div class="verdict">{label}</div>')
    assert Shown(html).links() == []


def test_a_short_answer_stands_out_and_keeps_its_links() -> None:
    short, place = block(BlockKind.SHORT_ANSWER, "4个单位", 1, documents="《讲话》"), block(BlockKind.PLACE, "引言")
    blocks = [heading("几个单位", "《讲话》"), short, place, statement(1, "对4个单位巡视。")]
    html = chat_html.answer_html(answer(Status.ANSWERED, blocks, citation(1, "对4个单位巡视。")))
    link = f'<a class="cite" href="{cite(10, "对4个单位巡视。")}" title="打开原文：《讲话》第二 第4段">[1]</a>'
    assert f'<p class="short"><strong>4个单位</strong>{link}</p><p class="place">引言</p>' in html


def test_what_documents_say_differently_stands_in_lines_of_their_own() -> None:
    short = [
        block(BlockKind.SHORT_ANSWER, "三十日", 1, documents="《甲[1]；》"),
        block(BlockKind.SHORT_ANSWER, "十五日", 2, documents="《乙》"),
    ]
    blocks = [heading("病假", "《甲》《乙》"), *short, statement(1, "三十日"), statement(2, "十五日")]
    html = chat_html.answer_html(answer(Status.ANSWERED, blocks, citation(1, "三十日"), citation(2, "十五日")))
    line = html.split('<p class="short">')[1].split("</p>")[0]
    assert [Shown(part).text for part in line.split('<span class="each">')] == [
        "各文件所说不同：",
        "《甲[1]；》三十日[1]；",
        "《乙》十五日[2]",
    ]
    assert line.count('<a class="cite"') == line.count("<strong>") == 2


OLD = replace(citation(1, "最多三十日。", "办法（2018年）"), validity="已废止", replaced_by="办法<2>")


def test_a_quote_of_a_document_not_in_force_is_marked_in_words_and_so_is_its_source() -> None:
    named = "《讲话》；《办法（2018年）》，已废止，见《办法<2>》"
    blocks = [heading(documents=named), statement(1, "最多三十日。"), statement(2, "乙。")]
    html = chat_html.answer_html(answer(Status.ANSWERED, blocks, OLD, citation(2, "乙。")))
    shown = Shown(html)
    assert "1.最多三十日。[1]已废止2.乙。[2]出处" in shown.text
    assert "《办法（2018年）》已废止，见《办法<2>》[1] 第二 第4段《讲话》[2] 第二 第4段" in shown.text
    assert shown.text.startswith("已找到原文问") and shown.tags[0] == ("div", {"class": "answer answered"})
    assert [a["title"] for tag, a in shown.tags if a.get("class") == "lapsed"] == [
        "已废止，见《办法<2>》",
        "这份文件不是现行有效的",
    ]


def test_an_answer_from_no_document_in_force_says_so_at_once() -> None:
    short = block(BlockKind.SHORT_ANSWER, "三十日", 1, documents="《办法（2018年）》", validity="已废止")
    blocks = [heading(documents="《办法（2018年）》，已废止"), short, statement(1, "最多三十日。")]
    shown = Shown(chat_html.answer_html(answer(Status.ANSWERED, blocks, OLD)))
    assert shown.text.startswith("已找到原文（引自已废止的文件，仅供参考）问")
    assert shown.tags[0] == ("div", {"class": "answer answered outdated"})
    assert "三十日[1]已废止1." in shown.text  # once, not as words and as a badge
    other = Shown(chat_html.answer_html(answer(Status.ANSWERED, blocks, citation(1, "最多三十日。"))))
    assert "三十日[1]（已废止）1." in other.text and "lapsed" not in str(other.tags)


@pytest.mark.parametrize("words", ["各文件所说不同：**甲**；《乙》", "1.　总则", "- 附件", "甲 [1]"])
def test_places_of_a_document_are_never_taken_for_anything_else(words: str) -> None:
    blocks = [heading(documents="《讲话》"), block(BlockKind.PLACE, words), statement(1, "甲。")]
    html = chat_html.answer_html(answer(Status.ANSWERED, blocks, citation(1, "甲。")))
    assert f'<p class="place">{words}</p><p class="point">' in html and 'class="short"' not in html


def test_notices_and_explanations_are_quiet_lines_outside_the_citations() -> None:
    worded = replace(
        answer(Status.ANSWERED, [heading(), statement(1, "甲。")], citation(1, "甲。")),
        generator="模型",
        notice="（有<1>句）",
    )
    html = chat_html.answer_html(worded, "", ("词表解释（不是文件原文）：甲：<b>乙</b>",))
    notes, explained = (
        f'<p class="note">{chat_html.WORDED}</p><p class="note">（有&lt;1&gt;句）</p><div class="sources">',
        ('</div><p class="quiet">词表解释（不是文件原文）：甲：&lt;b&gt;乙&lt;/b&gt;</p><div class="actions">'),
    )
    assert notes in html and explained in html
    fallen_back = chat_html.answer_html(replace(worded, generator=None))
    assert chat_html.WORDED not in fallen_back and "（有&lt;1&gt;句）" in fallen_back


def test_a_growing_answer_has_no_buttons_yet() -> None:
    found = answer(Status.ANSWERED, [heading(), statement(1, "甲。")], citation(1, "甲。"))
    assert chat_html.growing_html(found) == chat_html.WRITING_HTML
    growing = Shown(chat_html.growing_html(replace(found, generator="模型")))
    assert growing.tags[0] == ("div", {"class": "answer answered growing"})
    assert growing.text.endswith("[1] 第二 第4段还在写 ……")
    assert growing.links() == [cite(10, "甲。")] * 2
    assert "button" not in [tag for tag, _ in growing.tags]


def test_sources_of_several_documents_stand_apart() -> None:
    blocks = [heading(), statement(1, "甲"), statement(2, "乙")]
    html = chat_html.answer_html(answer(Status.ANSWERED, blocks, citation(1, "甲", "办法"), citation(2, "乙", "通知")))
    assert html.count('<div class="origin">') == 2
    assert "《办法》" in html and "《通知》" in html


def test_markers_that_cite_nothing_and_brackets_of_the_source_are_no_links() -> None:
    quote = "见附件[1]和[2]。"
    html = chat_html.answer_html(answer(Status.ANSWERED, [heading(), statement(1, quote, 1, 7)], citation(1, quote)))
    assert Shown(html).links() == [cite(10, quote)] * 2
    assert f"1.{quote}[1][7]" in Shown(html).text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=80))
def test_any_quote_shows_as_written_and_makes_no_element(quote: str) -> None:
    quote = " ".join(quote.split()) or "空"
    plain = Shown(chat_html.answer_html(answer(Status.ANSWERED, [heading(), statement(1, "文")], citation(1, "文"))))
    html = chat_html.answer_html(answer(Status.ANSWERED, [heading(), statement(1, quote)], citation(1, quote)))
    assert "\n" not in html  # a line break would hand the rest to Markdown
    assert [tag for tag, _ in Shown(html).tags] == [tag for tag, _ in plain.tags]
    assert Shown(html).text == plain.text.replace("1.文[1]", f"1.{quote}[1]")


@given(st.text(max_size=60))
def test_any_question_or_message_makes_no_element(text: str) -> None:
    assert {tag for tag, _ in Shown(chat_html.question_html(text, None, text)).tags} <= {"div", "br", "button"}
    assert {tag for tag, _ in Shown(chat_html.notice_html(text)).tags} <= {"div", "p", "br"}
    assert "\n" not in chat_html.question_html(text) + chat_html.notice_html(text)


@pytest.mark.parametrize(
    ("status", "citations", "buttons"),
    [
        (Status.ANSWERED, (citation(1, "甲"),), "有用引用有误没找到我要的"),
        (Status.MENTIONED, (citation(1, "甲"),), "有用引用有误没找到我要的"),
        (Status.NOT_FOUND, (), "没找到我要的"),
    ],
)
def test_what_can_be_said_of_an_answer(status: Status, citations: tuple[Citation, ...], buttons: str) -> None:
    shown = Shown(chat_html.answer_html(answer(status, [heading()], *citations), "0a" * 16))
    study = "用这个回答出题" if citations else ""
    assert shown.text.endswith(f"复制重新查找{study}{buttons}")
    (frame,) = [attributes for _, attributes in shown.tags if attributes.get("class") == "feedback"]
    assert frame == {"class": "feedback", "id": "answer-" + "0a" * 16}
    assert Shown(chat_html.answer_html(answer(status, [heading()], *citations))).text.endswith(f"复制重新查找{study}")


@given(st.text(max_size=60))
def test_any_understood_question_makes_no_element(text: str) -> None:
    html = chat_html.question_html("问", Understood(Action.MORE, parse_question(text)))
    assert {tag for tag, _ in Shown(html).tags} <= {"div", "span", "button", "br"}
    assert "\n" not in html


def test_an_answer_leads_to_study_material_of_what_it_cites() -> None:
    second = replace(citation(2, "乙"), document_id="d/&2")
    found = answer(Status.ANSWERED, [heading()], citation(1, "甲"), second, citation(3, "丙"))
    html = chat_html.answer_html(found, topics=parse_question("巡视整改有哪些要求？").topics)
    (href,) = [a["href"] or "" for tag, a in Shown(html).tags if tag == "a" and a.get("class") == "study"]
    assert parse_qs(urlsplit(href).query) == {"documents": ["d-1,d/&2"], "topic": ["巡视整改"]}
    assert "study" not in chat_html.answer_html(answer(Status.NOT_FOUND, "没有找到：请换个说法。"))
