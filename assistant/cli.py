"""The command line: `python -m assistant build | ask | show | eval | serve | doctor | report | gold | user | study`.

Errors are one line with the mend and exit status 2; `AssistantError` is caught here, in `ui` and in `doctor`.
"""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant import __version__
from assistant.chinese import ChineseCommand, ChineseGroup, chinese_message
from assistant.command_parts import places, ready_service, service_of, settings_of, write_file
from assistant.errors import AssistantError, ReadingError, SettingsError
from assistant.progress import Bar
from assistant.study_commands import study
from assistant.user_commands import user

if TYPE_CHECKING:
    from assistant.answering import Answer
    from assistant.building import BuildResult
    from assistant.service import DocumentView, Service

NEIGHBOURS = 1
EARLIEST = datetime(1971, 1, 1)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0, or 2 after one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        commands.main(args=arguments, prog_name="python -m assistant", standalone_mode=False)
    except AssistantError as error:
        _fail(str(error))
    except click.ClickException as error:
        _fail(chinese_message(error))
    except (click.Abort, KeyboardInterrupt):
        _fail("已中断：没有改动原有索引，可随时重新运行。")
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    sys.exit(0)


def _fail(message: str) -> None:
    click.echo("错误：" + " ".join(message.split()), err=True)
    sys.exit(2)


@click.group(
    cls=ChineseGroup,
    no_args_is_help=False,
    invoke_without_command=True,
    help="政策问答助手：从讲话和文件中找出原文回答问题，逐条注明出处。",
)
@click.version_option(__version__, "--version", message="%(version)s", help="显示版本号。")
@click.pass_context
def commands(context: click.Context) -> None:
    """Show the help where no command is given."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


commands.add_command(user)
commands.add_command(study)


@commands.command(cls=ChineseCommand, help="建立或更新索引：只重新处理有变化的文件。")
@places
@click.option("--full", is_flag=True, help="全部重建，不沿用旧索引。")
def build(corpus: Path | None, index: Path | None, full: bool) -> None:
    """Build or update the index and say what was done."""
    service = service_of(corpus, index)
    with Bar() as report:
        result = service.refresh(report, full)
    _tell(result)


@commands.command(cls=ChineseCommand, help="提问。索引没有或已过时会先自动更新。")
@places
@click.argument("words", nargs=-1, metavar="问题")
@click.option("--json", "as_json", is_flag=True, help="输出一行 JSON。")
@click.option(
    "--batch", type=click.Path(path_type=Path), metavar="文件", help='逐行读取 {"question": …}，按原顺序逐行输出 JSON。'
)
@click.option("--document", multiple=True, metavar="编号", help="只在这些文件里找，可重复；编号见 doctor。")
@click.option("--since", metavar="日期", help="只在这一天及以后的文件里找，如 2023、2023-10 或 2023-10-08。")
@click.option("--until", metavar="日期", help="只在这一天及以前的文件里找，写法同上。")
def ask(
    words: tuple[str, ...], corpus: Path | None, index: Path | None, as_json: bool, batch: Path | None, **limits: Any
) -> None:
    """Answer one question, or a file of them; `limits` are document, since and until."""
    if bool(words) == bool(batch):
        raise SettingsError("请给出一个问题，或用 --batch 给出问题文件（二者选一）。")
    asked = list(_questions(batch)) if batch else [" ".join(words)]
    from assistant.history import Source, open_history

    service = ready_service(corpus, index)
    documents = _limited(service, **limits)
    with closing(open_history(service.settings)) as history:
        for one in asked:
            answer = service.ask(_checked(one), documents)
            if not batch:
                history.record(answer, Source.COMMAND)
            if as_json or batch:
                click.echo(json.dumps(answer.as_json(), ensure_ascii=False))
            else:
                click.echo("\n".join([_readable(answer), *_explained(service, one)]))


@commands.command(cls=ChineseCommand, help="显示某文件的一段及其前后各一段；不给段号则列出章节。")
@places
@click.argument("document", metavar="文件")
@click.option("--paragraph", type=int, metavar="段号", help="第几段（从 1 起）。")
def show(document: str, corpus: Path | None, index: Path | None, paragraph: int | None) -> None:
    """Print a paragraph with its neighbours, or the outline of a document."""
    from assistant.scope import named

    service = service_of(corpus, index)
    with Bar() as report:
        service.ensure(report)
    view = service.document(named(service.documents(), document))
    lines = _outline(view) if paragraph is None else _paragraph(view, paragraph)
    click.echo("\n".join([f"《{view.record.title}》  {view.record.path}  编号 {view.record.id}", *lines]))


@commands.command("eval", cls=ChineseCommand, help="测量检索（--beir）或回答（--gold）的质量。")
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


@commands.command(cls=ChineseCommand, help="打开网页（默认 http://127.0.0.1:7860）。")
@places
@click.option("--host", metavar="地址", help="监听地址，默认只限本机。")
@click.option("--port", type=int, metavar="端口", help="端口，默认 7860。")
@click.option("--without-accounts", is_flag=True, default=None, help="没有账号也开放给别的电脑：谁都能看全部文件。")
def serve(corpus: Path | None, index: Path | None, **options: Any) -> None:
    """Serve the web page until interrupted."""
    from assistant.ui import serve as serve_page

    serve_page(settings_of(corpus, index, **options))


@commands.command(cls=ChineseCommand, help="检查安装、编码器、文件和索引：哪里不对，怎么办。")
@places
@click.option("--terms", is_flag=True, help="只列出文件里可以写进词表的说法，写成 glossary.toml 的样子。")
def doctor(corpus: Path | None, index: Path | None, terms: bool) -> None:
    """Print what is installed and what is wrong; exit status 2 if something must be mended."""
    from assistant.doctor import examine

    if terms:
        _print_terms(service_of(corpus, index))
        return
    findings = list(examine(settings_of(corpus, index)))
    for finding in findings:
        click.echo(f"{'正常' if finding.fine else '问题'}  {finding.text}")
    if not all(finding.fine for finding in findings):
        sys.exit(2)


def _print_terms(service: "Service") -> None:
    from assistant.glossary_draft import draft
    from assistant.term_candidates import find_proposals

    with Bar() as report:
        service.ensure(report)
    if service.notice:
        click.echo(f"注意：{service.notice}", err=True)
    click.echo(draft(find_proposals(service.index.records, service.glossary.words)), nl=False)


@commands.command(cls=ChineseCommand, help="提问和反馈的情况：没有回答的、引用有误的、问得最多的。")
@places
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), metavar="日期", help="从哪一天起，如 2026-11-01。")
@click.option("--most", type=click.IntRange(1), default=20, metavar="条数", help="每一项最多列几条，默认 20。")
@click.option("--json", "as_json", is_flag=True, help="输出一行 JSON，全部列出。")
def report(corpus: Path | None, index: Path | None, since: datetime | None, most: int, as_json: bool) -> None:
    """Print what was asked and what people said of the answers."""
    from assistant.embedding import BUNDLED, load_encoder
    from assistant.history import open_history
    from assistant.reporting import report_on, text_of

    history = open_history(settings_of(corpus, index))
    start = int(max(since, EARLIEST).timestamp()) if since else 0
    found = report_on(history.asked(start), history.judged(start), load_encoder(BUNDLED))
    click.echo(json.dumps(found.as_json(), ensure_ascii=False) if as_json else text_of(found, most))


@commands.command(cls=ChineseCommand, help="把反馈变成 eval --gold 用的问题文件；拿不准的列出来请人判断。")
@places
@click.argument("file", type=click.Path(path_type=Path), metavar="文件")
def gold(corpus: Path | None, index: Path | None, file: Path) -> None:
    """Write what feedback confirms as gold questions, and print what a person has to look at."""
    from assistant.gold import doubts_text, gold_lines, gold_questions
    from assistant.history import open_history

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


def _checked(question: str) -> str:
    if not any(character.isalnum() for character in question):
        raise SettingsError("问题是空的：请写出要问的内容。")
    return question


def _questions(file: Path) -> Iterator[str]:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ReadingError(f"问题文件 {file} 读不出（{error}）：请给出 UTF-8 编码的文件。") from None
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                question = json.loads(line)["question"]
                if not isinstance(question, str):
                    raise TypeError
                yield question
            except (ValueError, KeyError, TypeError):
                raise ReadingError(f'问题文件 {file} 第 {number} 行不对：请写成 {{"question": "……"}}。') from None


def _limited(service: "Service", document: Sequence[str], since: str | None, until: str | None) -> Sequence[str] | None:
    """Return the ids of the documents to look in, None for all."""
    from assistant.scope import in_dates

    if since is None and until is None:
        return document or None
    dated = in_dates(service.documents(), since, until)
    found = [identity for identity in dated if not document or identity in document]
    if not found:
        raise SettingsError("--document 给出的文件都不在这段日期里：请放宽日期，或换一份文件。")
    return found


def _explained(service: "Service", question: str) -> list[str]:
    lines = service.glossary.explained(question)
    return ["", *lines] if lines else []


def _outline(view: "DocumentView") -> list[str]:
    named = [section for section in view.sections if section.label]
    return ["  " * section.level + f"{section.label} {section.title}".rstrip() for section in named]


def _paragraph(view: "DocumentView", number: int) -> list[str]:
    if not 1 <= number <= len(view.paragraphs):
        raise SettingsError(f"《{view.record.title}》没有第 {number} 段：请给 1 到 {len(view.paragraphs)} 之间的段号。")
    shown = view.paragraphs[max(0, number - 1 - NEIGHBOURS) : number + NEIGHBOURS]
    return [f"{'▶' if p.number == number else ' '} 第{p.number}段  {view.text[p.start : p.end]}" for p in shown]


def _readable(answer: "Answer") -> str:
    lines = [re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", answer.answer)]
    lines += ["", answer.notice] if answer.notice else []
    if answer.citations:
        lines += ["", "出处"]
        for c in answer.citations:
            section = f" {c.section}" if c.section else ""
            lines.append(f"[{c.marker}] 《{c.document}》{section} 第{c.paragraph}段")
    return "\n".join(lines)


def _tell(result: "BuildResult") -> None:
    for problem in (*result.problems, *result.warnings):
        label = "未收录" if problem in result.problems else "注意"
        click.echo(f"{label} {problem.path}：{problem.reason}", err=True)
    counts, unread = result.counts, {problem.path for problem in result.problems}
    added, changed = (len(set(paths) - unread) for paths in (result.added, result.changed))
    done = f"新增 {added}，更新 {changed}，删除 {len(result.removed)}，未收录 {len(unread)}"
    click.echo(f"索引已就绪：{counts['document']} 份文件，{counts['passage']} 段（{done}；{result.seconds:.1f} 秒）")


def _evaluate_beir(service: "Service", folder: Path, run_file: Path | None, as_json: bool) -> None:
    from assistant.collection import load_beir
    from assistant.evaluation import evaluate_beir, trec_lines

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
    from assistant.evaluation import evaluate_gold, load_gold

    gold = load_gold(file)
    with Bar() as report:
        service.ensure(report)
    figures = evaluate_gold(gold, service.ask)
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False))
    else:
        click.echo("  ".join(f"{name} {value}" for name, value in figures.items()))
