"""What the command line records, reports and makes gold of."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.evaluation.feedback import gold
from assistant.evaluation.feedback.history import FileHistory
from support.command_line import assert_one_line_error, run
from support.paths import ROOT


@pytest.fixture()
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A small corpus and an index folder, as options; the working folder holds neither settings nor corpus."""
    monkeypatch.chdir(tmp_path)
    corpus = tmp_path / "文件 夹"
    corpus.mkdir()
    (corpus / "甲 通知.txt").write_text("第一，食堂由行政科负责管理。\n第二，病假不得超过三十日。\n", encoding="utf-8")
    return ["--corpus", str(corpus), "--index", str(tmp_path / "索 引")]


def test_single_questions_are_recorded_and_batches_are_not(
    capsys: pytest.CaptureFixture[str], places: list[str], tmp_path: Path
) -> None:
    batch = tmp_path / "问题.jsonl"
    batch.write_text('{"question": "成批的问题"}\n', encoding="utf-8")
    run(capsys, "ask", "--batch", str(batch), *places)
    assert not Path("history.sqlite").exists()
    run(capsys, "ask", "食堂由谁管理？", *places)
    run(capsys, "ask", "--json", "怎么做红烧肉？", *places)
    found = json.loads(run(capsys, "report", "--json")[1])
    assert (found["questions"], found["sources"]) == (2, {"command": 2})
    assert found["statuses"] == {"answered": 1, "not_found": 1}
    assert [group["question"] for group in found["unanswered"]] == ["怎么做红烧肉？"]
    text = run(capsys, "report", "--most", "1")[1]
    assert "没有回答的问题（1 次，1 组）\n   1 次  怎么做红烧肉？（没有找到 1；最近 " in text


def test_nothing_is_recorded_where_history_days_is_0(
    capsys: pytest.CaptureFixture[str], places: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_HISTORY_DAYS", "0")
    run(capsys, "ask", "食堂由谁管理？", *places)
    assert not Path("history.sqlite").exists()
    assert_one_line_error(run(capsys, "report"), "history_days")
    assert_one_line_error(run(capsys, "gold", "题.jsonl", *places), "history_days")
    assert "正常  提问记录 没有开启" in run(capsys, "doctor", *places)[1]


def test_a_broken_history_loses_no_answer(capsys: pytest.CaptureFixture[str], places: list[str]) -> None:
    Path("history.sqlite").write_bytes(b"x" * 5000)
    run(capsys, "build", *places)
    command = [sys.executable, "-m", "assistant", "ask", "食堂由谁管理？", *places]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=True)
    assert "食堂由行政科负责管理。 [1]" in done.stdout
    assert done.stderr.startswith("注意：提问没有记录下来（提问记录 ") and done.stderr.count("\n") == 1
    code, out, _ = run(capsys, "doctor", *places)
    assert code == 2
    assert re.search("^问题  提问记录 .*history.sqlite 已损坏：请", out, re.MULTILINE)
    assert_one_line_error(run(capsys, "report"), "已损坏")
    assert Path("history.sqlite").read_bytes() == b"x" * 5000


def test_since(capsys: pytest.CaptureFixture[str], places: list[str]) -> None:
    assert run(capsys, "report")[1] == "这段时间没有人提问。\n"
    run(capsys, "ask", "食堂由谁管理？", *places)
    assert json.loads(run(capsys, "report", "--json", "--since", "2026-01-01")[1])["questions"] == 1
    assert json.loads(run(capsys, "report", "--json", "--since", "2999-01-01")[1])["questions"] == 0
    assert json.loads(run(capsys, "report", "--json", "--since", "0001-01-01")[1])["questions"] == 1
    for wrong in (("--since", "去年"), ("--most", "0")):
        assert_one_line_error(run(capsys, "report", *wrong), "请看 python -m assistant report --help。")


def test_feedback_becomes_gold_that_eval_takes(capsys: pytest.CaptureFixture[str], places: list[str]) -> None:
    for question in ("食堂由谁管理？", "怎么做红烧肉？", "病假不得超过多少日？"):
        run(capsys, "ask", question, *places)
    assert run(capsys, "gold", "题.jsonl", *places)[1] == "没有可以写入的问题：还没有人确认过回答。\n"
    history = FileHistory(Path("history.sqlite"), 180)
    for asked in history.asked():
        history.feedback(asked.id, "missing" if "病假" in asked.question else "useful")
    code, out, err = run(capsys, "gold", "题.jsonl", *places)
    assert (code, err) == (0, "")
    assert out == (
        "写入 题.jsonl：2 个问题。测量：python -m assistant eval --gold 题.jsonl\n"
        f"另有 1 个要请人判断，没有写入：\n  病假不得超过多少日？：{gold.MISSING}。\n"
    )
    rows = [json.loads(line) for line in Path("题.jsonl").read_text("utf-8").splitlines()]
    assert sorted(rows, key=str) == [
        {"question": "怎么做红烧肉？", "kind": "none", "must": [], "may": []},
        {"question": "食堂由谁管理？", "kind": "fact", "must": ["第一，食堂由行政科负责管理。"], "may": []},
    ]
    figures = json.loads(run(capsys, "eval", "--gold", "题.jsonl", "--json", *places)[1])
    assert (figures["answerable"], figures["hit"], figures["abstain"]) == (1, 1.0, 1.0)
    assert_one_line_error(run(capsys, "gold", "题.jsonl", *places), "题.jsonl", "换一个文件名")
