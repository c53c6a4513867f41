"""`study` on the command line."""

import errno
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.service import Service
from assistant.cli import study_commands
from assistant.study import builder
from assistant.study.export import FORMATS
from assistant.study.pack import DEFAULT_COUNTS, KIND_NAMES, Brief, Difficulty, ItemKind, Pack, pack_of
from support.command_line import assert_one_line_error
from support.command_line import run as run_command
from support.handmade_pack import pack_of_speech, speech_service
from support.paths import ROOT

NOTHING = dict.fromkeys(ItemKind, 0)
SECOND = "第一，本月整改。首先要列清单。\n第二，按时上报。\n"

Run = Callable[..., tuple[int, str, str]]
Made = list[tuple[Service, Brief]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `study` over the speech and a second document."""
    monkeypatch.chdir(tmp_path)
    corpus = tmp_path / "文件"
    corpus.mkdir()
    (speech,) = (ROOT / "corpus").glob("*.txt")
    (corpus / "动员讲话.txt").write_bytes(speech.read_bytes())
    (corpus / "整改通知.txt").write_text(SECOND, encoding="utf-8")
    places = ["--corpus", str(corpus), "--index", str(tmp_path / "索引")]
    return lambda *arguments: run_command(capsys, "study", *arguments, *places)


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """What packs are asked for; each is the one made by hand."""
    asked: Made = []
    pack = pack_of_speech(speech_service(tmp_path / "by hand"))

    def build(service: Service, brief: Brief, report: object = None) -> Pack:
        asked.append((service, brief))
        return replace(pack, brief=brief)

    monkeypatch.setattr(builder, "build_pack", build)
    return asked


def ids(made: Made) -> dict[str, str]:
    """Return the ids of the documents by their titles."""
    return {record.title: record.id for record in made[-1][0].documents()}


def test_a_pack_is_printed_with_places(run: Run, made: Made) -> None:
    code, out, err = run()
    assert (code, err) == (0, "")
    assert out.startswith("巡视动员讲话学习材料\n") and "\n参考答案与出处\n" in out
    assert "首先要看党的二十大精神的学习贯彻落实情况  〔第一 第3段〕\n" in out
    assert made[-1][1] == Brief()


def test_what_is_chosen_reaches_the_brief(run: Run, made: Made) -> None:
    chosen = ["--topic", "巡视整改", "--audience", "新任干部", "--minutes", "60", "--difficulty", "hard", "--seed", "9"]
    code, *_ = run("动员讲话", "--title", "第一讲", "--count", "fill=3， single = 2", *chosen)
    assert code == 0
    counts = NOTHING | {ItemKind.FILL: 3, ItemKind.SINGLE: 2}
    said: dict[str, Any] = {"topic": "巡视整改", "audience": "新任干部", "minutes": 60, "seed": 9, "title": "第一讲"}
    assert made[-1][1] == Brief((ids(made)["动员讲话"],), counts=counts, difficulty=Difficulty.HARD, **said)
    assert run()[0] == 0 and made[-1][1].counts == DEFAULT_COUNTS


def test_documents_and_sections_by_name(run: Run, made: Made) -> None:
    run("整改通知.txt", "动员讲话", "整改通知")
    names = ids(made)
    assert made[-1][1].documents == (names["整改通知"], names["动员讲话"])
    run("动员讲话", "--section", "第二")
    assert made[-1][1].sections == ((names["动员讲话"], 5),)
    run("--section", "结语")
    assert (made[-1][1].documents, made[-1][1].sections) == ((names["动员讲话"],), ((names["动员讲话"], 7),))
    run("--section", "第一", "--section", "第二 按时上报")
    assert set(made[-1][1].documents) == set(names.values()) and len(made[-1][1].sections) == 3


def test_json_is_one_line_and_the_whole_pack(run: Run, made: Made) -> None:
    code, out, err = run("--json")
    assert (code, err, out.count("\n")) == (0, "", 1)
    pack = pack_of(json.loads(out))
    assert (pack.title, len(pack.items), pack.brief) == ("巡视动员讲话学习材料", 8, Brief())


def test_version_b_has_the_same_questions(run: Run, made: Made) -> None:
    first, second = (pack_of(json.loads(run("--json", "--version", letter)[1])) for letter in "AB")
    assert second.title == f"{first.title}（B 卷）" and second.items != first.items
    assert {item.id for item in second.items} == {item.id for item in first.items}


def test_files_are_written_and_none_is_overwritten(run: Run, made: Made, tmp_path: Path) -> None:
    code, out, err = run("--export", "md,csv", "--out", "导出/甲")
    assert (code, err) == (0, "")
    name = Path("导出/甲") / "巡视动员讲话学习材料"
    assert out == f"已写入 {name}.md\n已写入 {name} 卡片.csv\n"
    before = (tmp_path / f"{name}.md").read_bytes()
    code, out, err = run("--export", "md", "--out", "导出/甲", "--json")
    assert err == f"已写入 {name}（2）.md\n" and pack_of(json.loads(out))
    assert (tmp_path / f"{name}.md").read_bytes() == before == (tmp_path / f"{name}（2）.md").read_bytes()
    run("--export", "json")
    assert (tmp_path / "巡视动员讲话学习材料.json").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["没有的文件"], "没有叫“没有的文件”的文件"),
        (["--section", "第九"], "没有叫“第九”的章节"),
        (["--section", "第一", "--section", "第九"], "没有叫“第九”的章节"),
        (["整改通知", "动员讲话", "--section", "结语"], "《整改通知》没有叫“结语”的章节"),
        (["--count", "fill"], "--count 写得不对"),
        (["--count", "fill=-1"], "--count 写得不对"),
        (["--count", "fill=201"], "--count 写得不对"),
        (["--count", "essay=1"], "--count 写得不对"),
        (["--count", "fill=0"], "--count 写得不对"),
        (["--count", ""], "--count 写得不对"),
        (["--export", "exe,md"], "--export 没有“exe”这种格式"),
        (["--export", ","], "请从 docx"),
        (["--out", "x"], "--export"),
        (["--count", f"fill={'9' * 5000}"], "--count 写得不对"),
        (["--seed", "甲"], "seed 的值不对：请写整数"),
        (["--minutes", "0"], "minutes 的值不对：请写 10 到 480 的整数"),
        (["--minutes", "一"], "minutes"),
        (["--difficulty", "难"], "easy"),
        (["--version", "C"], "A、B"),
    ],
)
def test_bad_input_is_one_line_with_the_mend(
    run: Run, made: Made, tmp_path: Path, arguments: list[str], said: str
) -> None:
    assert_one_line_error(run(*arguments), said, "请")
    assert made == [] and not (tmp_path / "x").exists()


def test_a_folder_that_cannot_be_written_is_said(run: Run, made: Made, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("", encoding="utf-8")
    assert_one_line_error(run("--export", "md", "--out", "x"), "x 是文件，不是文件夹")
    assert_one_line_error(run("--export", "md", "--out", "x/y"), "x 是文件，不是文件夹")
    assert made == []


def test_what_the_pack_has_nothing_for_does_not_stop_the_rest(
    run: Run, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = builder.build_pack
    monkeypatch.setattr(builder, "build_pack", lambda *given: replace(whole(*given), cards=()))
    code, out, err = run("--export", "apkg,md,csv", "--out", "y")
    assert (code, out) == (2, f"已写入 {Path('y')}/巡视动员讲话学习材料.md\n")
    assert err.startswith("错误：没有导出 apkg、csv：这份学习材料里没有卡片") and err.count("\n") == 1
    assert [file.name for file in Path("y").iterdir()] == ["巡视动员讲话学习材料.md"]


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        study_commands._write(tmp_path / "half", "no bytes")  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []
    said = study_commands._not_written(Path("y"), OSError(errno.ENOSPC, "No space left on device"))
    assert str(said) == "写不了 y，磁盘已满：请换一个可以写入的文件夹。"


def test_the_help_names_every_format_and_kind(run: Run) -> None:
    said = "".join(run("--help")[1].split())
    assert all(name in said for name in FORMATS) and all(f"{kind}{name}" in said for kind, name in KIND_NAMES.items())


def test_an_empty_corpus_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "空").mkdir()
    found = run_command(capsys, "study", "--corpus", str(tmp_path / "空"), "--index", str(tmp_path / "索引"))
    assert_one_line_error(found, "没有可用的文件")


def test_the_pack_of_the_speech_from_end_to_end(run: Run, tmp_path: Path) -> None:
    code, out, err = run("动员讲话", "--json", "--export", "md,xlsx,json", "--out", "导出")
    assert code == 0 and err.count("已写入 ") == 3
    pack = pack_of(json.loads(out))
    assert [(d.title, d.paragraphs) for d in pack.documents] == [("动员讲话", 6)]
    saved = json.loads((tmp_path / "导出" / f"{pack.title}.json").read_text("utf-8"))
    assert pack_of(saved) == pack
