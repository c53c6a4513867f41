import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from assistant.base.settings import Settings
from assistant.cli.doctor import examine
from assistant.cli.main import commands
from assistant.language.glossary import load_glossary
from assistant.library.glossary_draft import NOTHING
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


def test_build_then_nothing_to_do(capsys: pytest.CaptureFixture[str], places: list[str]) -> None:
    code, out, _ = run(capsys, "build", *places)
    assert code == 0
    assert out.startswith("索引已就绪：1 份文件，2 段（新增 1，更新 0，删除 0，未收录 0；")
    assert "（新增 0，更新 0，删除 0，未收录 0；" in run(capsys, "build", *places)[1]


def test_ask_builds_what_is_missing_and_prints_one_json_line(
    capsys: pytest.CaptureFixture[str], places: list[str]
) -> None:
    code, out, err = run(capsys, "ask", "--json", "食堂由谁管理？", *places)
    assert (code, err) == (0, "")
    assert out.count("\n") == 1
    answer = json.loads(out)
    assert answer["status"] == "answered"
    assert [c["quote"] for c in answer["citations"]] == ["第一，食堂由行政科负责管理。"]
    assert answer["citations"][0] | {"score": 0, "document_id": ""} == {
        "marker": 1,
        "document": "甲 通知",
        "document_id": "",
        "date": None,
        "section": "第一",
        "paragraph": 1,
        "start": 0,
        "end": 14,
        "quote": "第一，食堂由行政科负责管理。",
        "score": 0,
    }


def test_ask_sees_a_changed_file(capsys: pytest.CaptureFixture[str], places: list[str]) -> None:
    run(capsys, "ask", "食堂由谁管理？", *places)
    Path(places[1], "乙.txt").write_text("锅炉房由后勤处管理。", encoding="utf-8")
    assert "锅炉房由后勤处管理。 [1]" in run(capsys, "ask", "锅炉房由谁管理？", *places)[1]


def test_readable_answer_names_its_places(capsys: pytest.CaptureFixture[str], places: list[str]) -> None:
    out = run(capsys, "ask", "病假不得超过多少日？", *places)[1]
    assert out.endswith("出处\n[1] 《甲 通知》 第二 第2段\n")


def test_batch_keeps_the_order(capsys: pytest.CaptureFixture[str], places: list[str], tmp_path: Path) -> None:
    questions = ["病假最多多少日？", "怎么做红烧肉？", "食堂由谁管理？"]
    file = tmp_path / "问题.jsonl"
    file.write_text("\n".join(json.dumps({"question": q}) for q in questions) + "\n\n", encoding="utf-8")
    lines = run(capsys, "ask", "--json", "--batch", str(file), *places)[1].splitlines()
    assert [json.loads(line)["question"] for line in lines] == questions
    assert [json.loads(line)["status"] for line in lines] == ["answered", "not_found", "answered"]


@pytest.fixture()
def dated(places: list[str]) -> list[str]:
    """The same with two more documents, of 2022 and of October 2023."""
    corpus = Path(places[1])
    for year, office in (("2022", "后勤处"), ("2023-10", "机关事务管理局设备科")):
        (corpus / f"{year}年办法.txt").write_text(f"锅炉房由{office}管理。", encoding="utf-8")
    entries = [f'[[document]]\nfile = "{year}年办法.txt"\ndate = "{year}"\n' for year in ("2022", "2023-10")]
    (corpus / "catalog.toml").write_text("".join(entries), encoding="utf-8")
    return places


def test_documents_of_a_time(capsys: pytest.CaptureFixture[str], dated: list[str]) -> None:
    def cited(*options: str) -> list[str]:
        out = run(capsys, "ask", "--json", "锅炉房由谁管理？", *options, *dated)[1]
        return [c["document"] for c in json.loads(out)["citations"]]

    assert sorted(cited()) == ["2022年办法", "2023-10年办法"]
    assert cited("--since", "2023") == cited("--since", "2023-10-31") == ["2023-10年办法"]
    assert cited("--until", "2023-09") == ["2022年办法"]
    assert sorted(cited("--since", "2022-05", "--until", "2023-10")) == ["2022年办法", "2023-10年办法"]


def test_a_time_and_documents_together(capsys: pytest.CaptureFixture[str], dated: list[str]) -> None:
    run(capsys, "build", *dated)
    found = re.findall(
        "编号 (d[0-9a-f]+)", "".join(run(capsys, "show", f"{y}年办法", *dated)[1] for y in (2022, "2023-10"))
    )
    asked = ["ask", "--json", "锅炉房由谁管理？", "--since", "2023", *dated]
    answer = json.loads(run(capsys, *asked, "--document", found[0], "--document", found[1])[1])
    assert [c["document_id"] for c in answer["citations"]] == [found[1]]
    assert_one_line_error(run(capsys, *asked, "--document", found[0]), "都不在这段日期里", "请放宽日期")
    assert_one_line_error(run(capsys, *asked[:3], "--since", "2024", *dated), "这段日期里没有文件", "请放宽日期")
    assert_one_line_error(run(capsys, *asked[:3], "--until", "去年", *dated), "日期 去年 写得不对", "请写成")


def test_words_of_the_glossary_are_explained_below(capsys: pytest.CaptureFixture[str], places: list[str]) -> None:
    glossary = '[[term]]\nwords = ["病假"]\ndefinition = "因病休息的假。"\nsource = "编者说明"\n'
    Path(places[1], "glossary.toml").write_text(glossary, encoding="utf-8")
    question = "病假不得超过多少日？"
    out = run(capsys, "ask", question, *places)[1]
    assert out.endswith("第2段\n\n词表解释（不是文件原文）：病假：因病休息的假。（编者说明）\n")
    assert "词表解释" not in run(capsys, "ask", "--json", question, *places)[1]
    assert "词表解释" not in run(capsys, "ask", "食堂由谁管理？", *places)[1]


def test_unreadable_files_are_listed_and_the_others_answer(
    capsys: pytest.CaptureFixture[str], places: list[str]
) -> None:
    Path(places[1], "空.txt").write_bytes(b"")
    Path(places[1], "旧.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100)
    code, out, err = run(capsys, "build", *places)
    assert code == 0
    assert "1 份文件，2 段（新增 1，更新 0，删除 0，未收录 2；" in out
    lines = err.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("未收录 旧.doc：") and lines[1].startswith("未收录 空.txt：")


@pytest.mark.parametrize("name", ["第1段", "甲 通知", "甲 通知.txt"])
def test_show(capsys: pytest.CaptureFixture[str], places: list[str], name: str) -> None:
    if name == "第1段":
        assert_one_line_error(run(capsys, "show", name, *places), "没有叫", "甲 通知")
        return
    out = run(capsys, "show", name, "--paragraph", "2", *places)[1].splitlines()
    assert out[0].startswith("《甲 通知》  甲 通知.txt  编号 d")
    assert out[1:] == ["  第1段  第一，食堂由行政科负责管理。", "▶ 第2段  第二，病假不得超过三十日。"]
    assert_one_line_error(run(capsys, "show", name, "--paragraph", "3", *places), "1 到 2")
    assert run(capsys, "show", name, *places)[1].splitlines()[1:] == [
        "  第一 食堂由行政科负责管理",
        "  第二 病假不得超过三十日",
    ]


def test_doctor(capsys: pytest.CaptureFixture[str], places: list[str]) -> None:
    code, out, _ = run(capsys, "doctor", *places)
    assert code == 2
    assert "问题  索引" in out and "请运行 python -m assistant build" in out
    run(capsys, "build", *places)
    code, out, _ = run(capsys, "doctor", *places)
    assert code == 0
    assert "编码器 bundled，256 维" in out and "《甲 通知》" in out
    Path(places[1], "catalog.toml").write_text('[[document]]\nfile = "不在.txt"\n', encoding="utf-8")
    code, out, _ = run(capsys, "doctor", *places)
    assert code == 2
    assert "问题  catalog.toml 里的 不在.txt" in out


def test_doctor_says_whether_there_are_accounts(tmp_path: Path) -> None:
    def said(**more: Any) -> list[tuple[bool, str]]:
        settings = Settings(corpus=tmp_path, index=tmp_path / "index", users=tmp_path / "用户.toml", **more)
        return [(f.fine, f.text) for f in examine(settings) if "账号" in f.text or "用户文件" in f.text]

    alone = "没有账号：只限本机，网页不用登录（添加：python -m assistant user add）"
    open_to_all = "没有账号：设置 without_accounts 让别的电脑也不用登录，能连上的人都能改动全部文件"
    assert said() == [(True, alone)]
    assert said(without_accounts=True) == [(True, open_to_all)]
    ((fine, text),) = said(proxy_user_header="X-User", proxy_addresses="127.0.0.1")
    assert not fine and text.startswith(f"账号 由反向代理登录，但 {tmp_path / '用户.toml'} 里没有用户：")
    (tmp_path / "用户.toml").write_text('[users."张三"]\nrole = "reader"\n', encoding="utf-8")
    assert said() == [(True, f"账号 1 个用户（{tmp_path / '用户.toml'}），网页要登录才能用")]
    (tmp_path / "用户.toml").write_text("[users", encoding="utf-8")
    ((fine, text),) = said()
    assert not fine and text.startswith(f"用户文件 {tmp_path / '用户.toml'} 读不懂")


def test_doctor_proposes_words_for_the_glossary(
    capsys: pytest.CaptureFixture[str], places: list[str], tmp_path: Path
) -> None:
    corpus = Path(places[1])
    text = "根据《中华人民共和国公务员法》（以下简称《公务员法》）。\n本规定所称公务员，是指依法履行公职的人员。"
    (corpus / "规定.txt").write_text(text, encoding="utf-8")
    run(capsys, "build", *places)
    out = run(capsys, "doctor", *places)[1]
    assert "可以写进词表的说法：简称 1 个，定义 1 个；全部请看 python -m assistant doctor --terms" in out
    assert "简称  中华人民共和国公务员法＝公务员法 《规定》第1段" in out
    code, out, err = run(capsys, "doctor", "--terms", *places)
    assert (code, err) == (0, "")
    (corpus / "glossary.toml").write_text(out, encoding="utf-8")
    glossary = load_glossary(corpus)
    assert glossary.groups == (("公务员法", "中华人民共和国公务员法"),)
    assert [term.source for term in glossary.defined] == ["《规定》第2段"]
    assert "可以写进词表的说法" not in run(capsys, "doctor", *places)[1]
    assert run(capsys, "doctor", "--terms", *places)[1] == f"{NOTHING}\n"


def test_doctor_says_that_prompts_are_not_for_the_bundled_encoder(
    capsys: pytest.CaptureFixture[str], places: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(capsys, "build", *places)
    out = run(capsys, "doctor", *places)[1]
    assert "不起作用" not in out and "重排模型 没有设置（可选）" in out
    monkeypatch.setenv("ASSISTANT_ENCODER_QUERY_PROMPT", "问：")
    code, out, _ = run(capsys, "doctor", *places)
    assert code == 0
    assert "encoder_query_prompt、encoder_document_prompt 只用于自选的编码器，现在不起作用" in out


def test_damaged_index_is_one_line_and_build_mends_it(capsys: pytest.CaptureFixture[str], places: list[str]) -> None:
    run(capsys, "build", *places)
    file = next(Path(places[3]).glob("g-*/vectors.faiss"))
    file.write_bytes(file.read_bytes()[:-7])
    assert_one_line_error(run(capsys, "ask", "食堂由谁管理？", *places), "已损坏", "build")
    assert run(capsys, "build", *places)[0] == 0
    assert run(capsys, "ask", "食堂由谁管理？", *places)[0] == 0


def test_a_standing_index_answers_while_another_program_writes(
    capsys: pytest.CaptureFixture[str], places: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(capsys, "build", *places)
    Path(places[1], "乙.txt").write_text("锅炉房由后勤处管理。", encoding="utf-8")
    monkeypatch.setattr("assistant.index.folder.LOCK_SECONDS", 0.1)
    with FileLock(Path(places[3], ".lock")):
        code, out, err = run(capsys, "ask", "食堂由谁管理？", *places)
    assert code == 0
    assert "食堂由行政科负责管理" in out
    assert err.startswith("注意：索引没有更新，先按原有索引回答") and err.count("\n") == 1
    assert "锅炉房由后勤处管理" in run(capsys, "ask", "锅炉房由谁管理？", *places)[1]


def test_mistakes_are_one_line_with_the_mend(
    capsys: pytest.CaptureFixture[str], places: list[str], tmp_path: Path
) -> None:
    bad = tmp_path / "坏.jsonl"
    bad.write_text('{"question": "甲"}\n{"frage": 1}\n', encoding="utf-8")
    cases = [
        (("ask", *places), "二者选一"),
        (("ask", "甲", "--batch", str(bad), *places), "二者选一"),
        (("ask", "--batch", str(bad), *places), "第 2 行"),
        (("ask", "--batch", str(tmp_path / "无.jsonl"), *places), "UTF-8"),
        (("ask", "  ", *places), "问题是空的"),
        (("ask", "甲", "--document", "无", *places), "doctor"),
        (("ask", "甲", "--corpus", str(tmp_path / "没有"), "--index", places[3]), "没有"),
        (("eval", *places), "二者选一"),
        (("eval", "--beir", str(tmp_path), *places), "queries.jsonl"),
        (("serv",), "--help"),
        (("ask", "甲", "--jsno"), "--json"),
        (("show",), "--help"),
        (("ask", "？", *places), "问题是空的"),
        (("ask", "是" * 501, *places), "500 字"),
        (("show", "甲", "--paragraph", "x", *places), "整数"),
        (("serve", "--port", "x"), "--help"),
    ]
    for arguments, words in cases:
        assert_one_line_error(run(capsys, *arguments), words)


def test_settings_file_and_environment(
    capsys: pytest.CaptureFixture[str], places: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "assistant.toml").write_text(f"corpus = {json.dumps(places[1])}\n", encoding="utf-8")
    monkeypatch.setenv("ASSISTANT_INDEX", places[3])
    assert run(capsys, "build")[1].startswith("索引已就绪：1 份文件")
    (tmp_path / "assistant.toml").write_text("corpsu = 1\n", encoding="utf-8")
    assert_one_line_error(run(capsys, "build"), "corpus")


def test_eval_gold_and_beir(capsys: pytest.CaptureFixture[str], places: list[str], tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    rows = [
        {"question": "食堂由谁管理？", "kind": "fact", "must": ["食堂由行政科"], "may": []},
        {"question": "怎么做红烧肉？", "kind": "none", "must": [], "may": []},
    ]
    gold.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    figures = json.loads(run(capsys, "eval", "--gold", str(gold), "--json", *places)[1])
    assert (figures["hit"], figures["first"], figures["abstain"], figures["false0"]) == (1.0, 1.0, 1.0, 0.0)

    beir = tmp_path / "beir"
    beir.mkdir()
    documents = [
        {"_id": "a", "title": "食堂", "text": "行政科负责管理。"},
        {"_id": "b", "title": "", "text": "锅炉房。"},
    ]
    (beir / "corpus.jsonl").write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
    (beir / "queries.jsonl").write_text(json.dumps({"_id": "q", "text": "食堂谁管理"}), encoding="utf-8")
    (beir / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq\ta\t1\n", encoding="utf-8")
    result = json.loads(run(capsys, "eval", "--beir", str(beir), "--run", "run.txt", "--json", *places)[1])
    assert result["queries"] == 1
    assert set(result) == {"queries", "lexical", "dense", "fused"}
    assert result["fused"] == {"R@1": 1.0, "R@5": 1.0, "R@10": 1.0, "R@100": 1.0, "MRR@10": 1.0, "nDCG@10": 1.0}
    assert Path("run.txt").read_text("utf-8").splitlines()[0].startswith("q Q0 a 1 ")


def test_words_with_blanks_are_one_question(capsys: pytest.CaptureFixture[str], places: list[str]) -> None:
    assert "食堂由行政科负责管理" in run(capsys, "ask", "食堂", "由谁管理？", *places)[1]


def test_without_a_command_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys)
    assert (code, err) == (0, "")
    assert out.startswith("用法：")


def test_a_touched_file_is_looked_at_once(capsys: pytest.CaptureFixture[str], places: list[str]) -> None:
    Path(places[1], "空.txt").write_bytes(b"")
    run(capsys, "build", *places)
    for name in ("空.txt", "甲 通知.txt"):
        os.utime(Path(places[1], name), ns=(1, 1))
    assert "问题  索引" in run(capsys, "doctor", *places)[1]
    assert "新增 0，更新 0，删除 0，未收录 1" in run(capsys, "build", *places)[1]
    assert "问题  索引" not in run(capsys, "doctor", *places)[1]


def test_help_is_in_chinese() -> None:
    for name in ("", *commands.commands):
        arguments = [name, "--help"] if name else ["--help"]
        run_ = subprocess.run(
            [sys.executable, "-m", "assistant", *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=ROOT,
            check=True,
        )
        assert run_.stdout.startswith("用法：")
        for english in ("Usage", "Options", "Commands", "Show", "help and exit"):
            assert english not in run_.stdout
