"""`eval`, `report` and `gold`."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.base.errors import SettingsError
from assistant.cli.click_chinese import ChineseCommand
from assistant.cli.parts import Bar, places, service_of, settings_of, write_file

if TYPE_CHECKING:
    from assistant.answering.service import Service

EARLIEST = datetime(1971, 1, 1)


@click.command("eval", cls=ChineseCommand, help="测量检索（--beir）或回答（--gold）的质量。")
@places
@click.option(
    "--beir",
    type=click.Path(path_type=Path),
    metavar="文件夹",
    help="BEIR 格式：corpus.jsonl[.xz]、queries.jsonl、qrels.tsv。",
)
@click.option(
    "--gold",
    type=click.Path(path_type=Path),
    metavar="文件",
    help="每行 question、kind、must、may 的问题文件，在 --corpus 上测。",
)
@click.option(
    "--run",
    "run_file",
    type=click.Path(path_type=Path),
    metavar="文件",
    help="另存检索结果：融合的，设了重排模型则是重排的（TREC 格式）。",
)
@click.option("--json", "as_json", is_flag=True, help="输出一行 JSON。")
def evaluate(
    corpus: Path | None, index: Path | None, beir: Path | None, gold: Path | None, run_file: Path | None, as_json: bool
) -> None:
    """Measure retrieval on a BEIR collection, or answers on gold questions."""
    if (beir is None) == (gold is None):
        raise SettingsError("请用 --beir 给出测试集文件夹，或用 --gold 给出问题文件（二者选一）。")
    service = service_of(corpus, index)
    if beir is not None:
        _evaluate_beir(service, beir, run_file, as_json)
    else:
        _evaluate_gold(service, gold or Path(), as_json)


@click.command(cls=ChineseCommand, help="提问和反馈的情况：没有回答的、引用有误的、问得最多的。")
@places
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), metavar="日期", help="从哪一天起，如 2026-11-01。")
@click.option("--most", type=click.IntRange(1), default=20, metavar="条数", help="每一项最多列几条，默认 20。")
@click.option("--json", "as_json", is_flag=True, help="输出一行 JSON，全部列出。")
def report(corpus: Path | None, index: Path | None, since: datetime | None, most: int, as_json: bool) -> None:
    """Print what was asked and what people said of the answers."""
    from assistant.evaluation.feedback.history import open_history
    from assistant.evaluation.feedback.report import report_on, text_of
    from assistant.models.encoder import BUNDLED, load_encoder

    history = open_history(settings_of(corpus, index))
    start = int(max(since, EARLIEST).timestamp()) if since else 0
    found = report_on(history.asked(start), history.judged(start), load_encoder(BUNDLED))
    click.echo(json.dumps(found.as_json(), ensure_ascii=False) if as_json else text_of(found, most))


@click.command(cls=ChineseCommand, help="把反馈变成 eval --gold 用的问题文件；拿不准的列出来请人判断。")
@places
@click.argument("file", type=click.Path(path_type=Path), metavar="文件")
def gold(corpus: Path | None, index: Path | None, file: Path) -> None:
    """Write what feedback confirms as gold questions, and print what a person has to look at."""
    from assistant.evaluation.feedback.gold import doubts_text, gold_lines, gold_questions
    from assistant.evaluation.feedback.history import open_history

    if file.exists():
        raise SettingsError(f"{file} 已经有了，没有改动它：请换一个文件名。")
    service = service_of(corpus, index)
    judged = open_history(service.settings).judged()
    with Bar() as report:
        service.ensure(report)
    questions, doubts = gold_questions(judged, service.says)
    if questions:
        write_file(file, gold_lines(questions))
        click.echo(f"写入 {file}：{len(questions)} 个问题。测量：python -m assistant eval --gold {file}")
    else:
        click.echo("没有可以写入的问题：还没有人确认过回答。")
    if doubts:
        click.echo(f"另有 {len(doubts)} 个要请人判断，没有写入：\n{doubts_text(doubts)}")


def _evaluate_beir(service: "Service", folder: Path, run_file: Path | None, as_json: bool) -> None:
    from assistant.evaluation.beir import load_beir
    from assistant.evaluation.metrics import evaluate_beir, trec_lines

    collection = load_beir(folder)
    if run_file:
        write_file(run_file, "")  # before the work, not after it
    with Bar() as report:
        weight = service.settings.dense_weight
        result = evaluate_beir(collection, service.encoder, weight, report, service.reranker)
    if run_file:
        write_file(run_file, "\n".join(trec_lines(result.best, "policy-assistant")) + "\n")
    if as_json:
        click.echo(json.dumps(result.as_json(), ensure_ascii=False))
        return
    click.echo(f"{result.queries} 个问题（另有 {result.seen} 个编码器训练时见过，已剔除），{result.documents} 份文件")
    click.echo(f"建索引 {result.build_seconds:.1f} 秒，每次检索 {result.search_ms:.1f} 毫秒")
    names = list(result.measures["fused"])
    click.echo("        " + "".join(f"{name:>9}" for name in names))
    for way, figures in result.measures.items():
        click.echo(f"{way:<8}" + "".join(f"{figures[name]:>9.3f}" for name in names))


def _evaluate_gold(service: "Service", file: Path, as_json: bool) -> None:
    from assistant.evaluation.metrics import evaluate_gold, load_gold

    gold = load_gold(file)
    with Bar() as report:
        service.ensure(report)
    figures = evaluate_gold(gold, service.ask)
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False))
    else:
        click.echo("  ".join(f"{name} {value}" for name, value in figures.items()))
