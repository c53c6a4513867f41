"""`build`, `ask` and `show`."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.answering.blocks import plain
from assistant.base.errors import ReadingError, SettingsError
from assistant.cli.click_chinese import ChineseCommand
from assistant.cli.parts import Bar, places, ready_service, service_of

if TYPE_CHECKING:
    from assistant.answering.answer import Answer
    from assistant.answering.service import Service
    from assistant.index.builder import BuildResult
    from assistant.index.records import DocumentView

NEIGHBOURS = 1


@click.command(cls=ChineseCommand, help="建立或更新索引：只重新处理有变化的文件。")
@places
@click.option("--full", is_flag=True, help="全部重建，不沿用旧索引。")
def build(corpus: Path | None, index: Path | None, full: bool) -> None:
    """Build or update the index and say what was done."""
    service = service_of(corpus, index)
    with Bar() as report:
        result = service.refresh(report, full)
    _tell(result)


@click.command(cls=ChineseCommand, help="提问。索引没有或已过时会先自动更新。")
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
    from assistant.evaluation.feedback.history import Source, open_history

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


@click.command(cls=ChineseCommand, help="显示某文件的一段及其前后各一段；不给段号则列出章节。")
@places
@click.argument("document", metavar="文件")
@click.option("--paragraph", type=int, metavar="段号", help="第几段（从 1 起）。")
def show(document: str, corpus: Path | None, index: Path | None, paragraph: int | None) -> None:
    """Print a paragraph with its neighbours, or the outline of a document."""
    from assistant.answering.scope import named

    service = service_of(corpus, index)
    with Bar() as report:
        service.ensure(report)
    view = service.document(named(service.documents(), document))
    lines = _outline(view) if paragraph is None else _paragraph(view, paragraph)
    click.echo("\n".join([f"《{view.record.title}》  {view.record.path}  编号 {view.record.id}", *lines]))


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
    from assistant.answering.scope import in_dates

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
    lines = [plain(answer.blocks)]
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
