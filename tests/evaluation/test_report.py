import json
import time
from collections.abc import Sequence

import pytest

from assistant.answering.answer import Citation
from assistant.evaluation.feedback.history import Asked, Judged, Kind, Remark
from assistant.evaluation.feedback.report import group, report_on, text_of, wording_key
from assistant.models.encoder import BUNDLED, Encoder, load_encoder

DAY = 86_400
NOON = int(time.mktime((2026, 11, 20, 12, 0, 0, 0, 0, -1)))

PARAPHRASES = [
    ["政治巡察的根本任务是什么", "政治巡察的根本任务", "请问政治巡察根本任务是什么"],
    ["“四个聚焦”是什么？", "四个聚焦指什么", "什么是“四个聚焦”"],
    ["“两个维护”是什么？", "两个维护指什么"],
    ["产假多少天", "产假有几天？"],
    ["病假最多多少天", "病假不得超过几天"],
    ["食堂几点开门"],
    ["食堂由谁管理"],
]
DIFFERENT = [
    "2023年的经费是多少",
    "2024年的经费是多少",
    "第一点意见是什么",
    "第二点意见是什么",
    "第十条说了什么",
    "第十二条说了什么",
]
CITED = Citation(2, "讲话", "d1", None, "第二", 4, 10, 14, "有误的\n引文", 0.5)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(BUNDLED)


def asked(question: str, status: str = "not_found", day: int = 0, source: str = "page") -> Asked:
    return Asked(f"{question}{day}", NOON + day * DAY, question, status, 1.0, source)


def judged(question: str, status: str, *remarks: Remark) -> Judged:
    return Judged(asked(question, status), (CITED,) if status != "not_found" else (), remarks)


def wordings(questions: Sequence[str], encoder: Encoder) -> set[frozenset[str]]:
    return {frozenset(found.wordings) for found in group([asked(q) for q in questions], encoder)}


def test_questions_that_ask_the_same_stand_together_and_others_apart(encoder: Encoder) -> None:
    expected = {frozenset(questions) for questions in PARAPHRASES}
    assert wordings([q for questions in PARAPHRASES for q in questions], encoder) == expected


def test_other_numbers_are_other_questions(encoder: Encoder) -> None:
    assert wordings(DIFFERENT, encoder) == {frozenset([question]) for question in DIFFERENT}


def test_typing_a_question_otherwise_is_no_other_wording(encoder: Encoder) -> None:
    typed = ["产假多少天？", "产假 多少天", "“产假”多少天?？", "产假多少天？"]
    (found,) = group([asked(question) for question in typed], encoder)
    assert (found.question, found.count, found.wordings) == ("产假多少天？", 4, ("产假多少天？",))
    assert wording_key("？！") == "？！"


def test_the_most_frequent_group_comes_first_and_its_most_frequent_wording_names_it(encoder: Encoder) -> None:
    questions = ["食堂几点开门", "产假多少天", "产假有几天？", "产假有几天？"]
    found = group(
        [asked(q, "mentioned" if q == "产假多少天" else "not_found", n) for n, q in enumerate(questions)], encoder
    )
    assert [(g.question, g.count, g.statuses, g.last) for g in found] == [
        ("产假有几天？", 3, {"not_found": 2, "mentioned": 1}, "2026-11-23"),
        ("食堂几点开门", 1, {"not_found": 1}, "2026-11-20"),
    ]
    assert found[0].wordings == ("产假有几天？", "产假多少天")


@pytest.mark.parametrize("question", ["", "？", "🙂", "'; DROP TABLE x; --", "a" * 500])
def test_any_question_can_be_grouped(question: str, encoder: Encoder) -> None:
    assert [g.count for g in group([asked(question), asked(question)], encoder)] == [2]


def example(encoder: Encoder) -> tuple[list[Asked], list[Judged]]:
    questions = [
        asked("巡视整改要求是什么", "answered"),
        asked("产假多少天", "not_found", 0, "command"),
        asked("产假有几天？", "not_found", 1),
        asked("“四个聚焦”是什么？", "mentioned", 1),
    ]
    remarks = [
        judged("巡视整改要求是什么", "answered", Remark(Kind.WRONG_CITATION, 2, NOON, "这条\n不对")),
        judged("产假多少天", "not_found", Remark(Kind.MISSING, None, NOON, ""), Remark(Kind.USEFUL, None, NOON, "")),
    ]
    return questions, remarks


def test_the_report(encoder: Encoder) -> None:
    found = report_on(*example(encoder), encoder)
    assert found.statuses == {"not_found": 2, "answered": 1, "mentioned": 1}
    assert found.sources == {"page": 3, "command": 1}
    assert found.remarks == {"wrong_citation": 1, "missing": 1, "useful": 1}
    assert found.days == {"2026-11-20": {"answered": 1, "not_found": 1}, "2026-11-21": {"not_found": 1, "mentioned": 1}}
    assert [(g.question, g.count) for g in found.unanswered] == [("产假多少天", 2), ("“四个聚焦”是什么？", 1)]
    assert [(g.question, g.count) for g in found.most_asked][0] == ("产假多少天", 2)
    assert [(c.question, c.citation, c.comment) for c in found.wrong] == [("巡视整改要求是什么", CITED, "这条\n不对")]
    assert [(c.question, c.citation) for c in found.missing] == [("产假多少天", None)]
    assert json.loads(json.dumps(found.as_json()))["wrong"][0]["citation"]["quote"] == "有误的\n引文"


def test_the_report_in_words(encoder: Encoder) -> None:
    assert text_of(report_on(*example(encoder), encoder), 20) == (
        "2026-11-20 至 2026-11-21，共 4 个问题\n"
        "回答：没有找到 2，已找到原文 1，只有相关原文 1\n"
        "来源：网页 3，命令行 1\n"
        "反馈：引用有误 1，没找到想要的 1，有用 1\n"
        "\n"
        "没有回答的问题（3 次，2 组）\n"
        "   2 次  产假多少天（没有找到 2；最近 2026-11-21）\n"
        "         又问作：产假有几天？\n"
        "   1 次  “四个聚焦”是什么？（只有相关原文 1；最近 2026-11-21）\n"
        "\n"
        "引用有误（1 处）\n"
        "  2026-11-20  巡视整改要求是什么（已找到原文）\n"
        "    [2] 《讲话》第二 第4段：有误的 引文\n"
        "    说明：这条 不对\n"
        "\n"
        "没找到想要的（1 次）\n"
        "  2026-11-20  产假多少天（没有找到）\n"
        "\n"
        "问得最多的（3 组）\n"
        "   2 次  产假多少天（没有找到 2；最近 2026-11-21）\n"
        "         又问作：产假有几天？\n"
        "   1 次  “四个聚焦”是什么？（只有相关原文 1；最近 2026-11-21）\n"
        "   1 次  巡视整改要求是什么（已找到原文 1；最近 2026-11-20）\n"
        "\n"
        "每天\n"
        "  2026-11-21     2 个（没有找到 1，只有相关原文 1）\n"
        "  2026-11-20     2 个（已找到原文 1，没有找到 1）"
    )


def test_long_lists_are_cut_and_say_so(encoder: Encoder) -> None:
    text = text_of(report_on(*example(encoder), encoder), 1)
    assert "问得最多的（3 组）\n   2 次  产假多少天" in text
    assert "  ……还有 2 条（用 --most 多列一些，或用 --json）" in text
    assert "“四个聚焦”" not in text


def test_without_questions_the_report_says_so(encoder: Encoder) -> None:
    assert text_of(report_on([], [], encoder), 20) == "这段时间没有人提问。"
    assert report_on([], [], encoder).as_json()["questions"] == 0
