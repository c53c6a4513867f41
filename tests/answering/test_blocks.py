"""Blocks of an answer as text, each kind of them."""

import json
from pathlib import Path

import pytest

from assistant.answering.answer import Answer, Status
from assistant.answering.blocks import Block, BlockKind, Span, block, lines, markdown, plain
from assistant.answering.composing.compose import compose
from assistant.answering.service import Service
from assistant.base.settings import Settings
from assistant.language.question import parse_question
from support.contract import assert_told
from support.paths import ROOT

HEADING = block(BlockKind.HEADING, "病假[1]", documents="《甲》《乙》")
SHORT = [
    block(BlockKind.SHORT_ANSWER, "三十日", 1, documents="《甲》", validity="已废止"),
    block(BlockKind.SHORT_ANSWER, "十五日", 2, documents="《乙》"),
]
PLACE = block(BlockKind.PLACE, "1.　总*则*")
STATEMENT = block(BlockKind.STATEMENT, "病假\n三十日。", 1, number=1)
TWO = Block(BlockKind.STATEMENT, (Span("三十日", (1,)), Span("，十五日。", (2, 3))), number=2)
NEAREST = [block(BlockKind.NEAREST, "《甲》第1段：甲"), block(BlockKind.NEAREST, "《乙》第2段：乙")]
MESSAGE = block(BlockKind.MESSAGE, "没有找到。")
NOTE = block(BlockKind.NOTE, "（还有 3 项。）")


def test_an_answer_as_markdown_and_as_plain_text() -> None:
    blocks = [HEADING, SHORT[0], PLACE, STATEMENT, TWO, NOTE]
    said = [
        r"**病假\[1\]**（《甲》《乙》）",
        "**三十日** [1]（已废止）",
        r"1.　总\*则\*",
        "1. 病假 三十日。 [1]",
        "2. 三十日 [1]，十五日。 [2][3]",
        "（还有 3 项。）",
    ]
    assert markdown(blocks).split("\n\n") == said
    assert plain(blocks).split("\n\n") == [line.replace("\\", "") for line in said]


def test_short_answers_that_differ_are_one_line_and_so_are_the_nearest_passages() -> None:
    assert markdown(SHORT) == "各文件所说不同：《甲》**三十日** [1]；《乙》**十五日** [2]"
    assert [line.markers for line in lines([HEADING, *SHORT])] == [(), (1, 2)]
    assert markdown([MESSAGE, *NEAREST]) == "没有找到。\n\n- 《甲》第1段：甲\n- 《乙》第2段：乙"
    assert markdown([]) == ""


def test_blocks_in_json_have_what_is_known_of_them() -> None:
    assert HEADING.as_json() == {"kind": "heading", "text": "病假[1]", "markers": [], "documents": "《甲》《乙》"}
    assert [one.as_json() for one in SHORT] == [
        {"kind": "short_answer", "text": "三十日", "markers": [1], "documents": "《甲》", "validity": "已废止"},
        {"kind": "short_answer", "text": "十五日", "markers": [2], "documents": "《乙》"},
    ]
    assert STATEMENT.as_json() == {"kind": "statement", "text": "病假 三十日。", "markers": [1], "number": 1}
    assert TWO.as_json() == {
        **{"kind": "statement", "text": "三十日，十五日。", "markers": [1, 2, 3], "number": 2},
        "spans": [{"text": "三十日", "markers": [1]}, {"text": "，十五日。", "markers": [2, 3]}],
    }
    assert MESSAGE.as_json() == {"kind": "message", "text": "没有找到。", "markers": []}
    assert_told(Answer("问", Status.NOT_FOUND, (MESSAGE, *NEAREST, NOTE), (), (), 0.0))


def test_nothing_near_is_said_in_a_message() -> None:
    (said,) = compose(parse_question("火星上有什么"), "not_found", [], [])
    assert said == block(BlockKind.MESSAGE, "没有找到：现有文件中没有与这个问题有关的内容。")


@pytest.mark.skipif(not (ROOT / "../shared/gold").is_dir(), reason="the shared questions are not there")
def test_every_answer_from_the_speech_is_told_by_its_blocks(tmp_path: Path) -> None:
    service = Service(Settings(corpus=ROOT / "corpus", index=tmp_path / "index"))
    service.ensure()
    rows = (ROOT / "../shared/gold/speech.jsonl").read_text(encoding="utf-8").splitlines()
    answers = [service.ask(json.loads(row)["question"]) for row in rows]
    for answer in answers:
        assert_told(answer)
    assert {answer.status for answer in answers} == set(Status)
    assert {one.kind for answer in answers for one in answer.blocks} == set(BlockKind) - {BlockKind.NOTE}
