"""`python -m assistant study …`: a study pack on the command line, printed, as JSON, or as files."""

import errno
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.base.errors import SettingsError
from assistant.base.files.filenames import numbered
from assistant.base.text import printable
from assistant.cli.click_chinese import ChineseCommand
from assistant.cli.parts import Bar, places, ready_service
from assistant.study.pack import DEFAULT_COUNTS, KIND_NAMES, Brief, Difficulty, ItemKind

if TYPE_CHECKING:
    from assistant.answering.service import Service
    from assistant.documents.splitting import Section
    from assistant.study.export import Exported
    from assistant.study.pack import Pack

COUNT_MOST = 200
VERSIONS = ("A", "B")
MINUTES = (10, 480)
FILES_MOST = 1000
_KINDS = "、".join(f"{kind} {name}" for kind, name in KIND_NAMES.items())
_DEFAULT = ",".join(f"{kind}={count}" for kind, count in DEFAULT_COUNTS.items())
COUNTS = f"题型和题数，如 fill=10,single=10；没写的题型不出。题型：{_KINDS}。默认 {_DEFAULT}。"
DIFFICULTY = "难度：easy 易、medium 中、hard 难、mixed 混合，默认 mixed。"
EXPORT = (
    "导出哪些格式，用逗号隔开：docx 含答案的 Word、docx-paper 试卷、pptx 幻灯片、pdf、md、"
    "xlsx 题库、apkg 与 csv 卡片、svg 思维导图、json。"
)
BAD_COUNT = (
    "--count 写得不对：请写成 fill=10,single=10 这样，"
    f"题型是 {'、'.join(ItemKind)}，每种 0 到 {COUNT_MOST} 题，至少 1 题。"
)
NO_FORMAT = "只有 --out 不知道导出什么：请同时用 --export 写明格式，如 --export docx,pptx,pdf。"

SEE_SECTIONS = "请用 python -m assistant show 文件 查看章节的名称。"


@click.command("study", cls=ChineseCommand, help="生成学习材料：提纲、提法、试题、卡片、课程安排。")
@places
@click.argument("files", nargs=-1, metavar="[文件]...")
@click.option("--topic", default="", metavar="主题", help="只用与主题有关的内容，如 巡视整改。")
@click.option("--section", "sections", multiple=True, metavar="章节", help="只用这一章节，如 第二，可重复；见 show。")
@click.option("--audience", default="", metavar="对象", help="给谁讲，写在材料开头。")
@click.option("--minutes", type=click.IntRange(*MINUTES), default=90, metavar="分钟", help="课程时长，默认 90。")
@click.option("--count", metavar="题数", help=COUNTS)
@click.option("--difficulty", type=click.Choice([str(d) for d in Difficulty]), default="mixed", help=DIFFICULTY)
@click.option("--seed", type=int, default=1, metavar="整数", help="同一个数出同一份卷，换一个数换一份，默认 1。")
@click.option("--title", default="", metavar="标题", help="材料的标题。")
@click.option(
    "--version",
    "letter",
    type=click.Choice(VERSIONS),
    default=VERSIONS[0],
    help="B 卷题目与 A 卷相同，顺序不同。",
)
@click.option("--export", "formats", metavar="格式", help=EXPORT)
@click.option("--out", type=click.Path(path_type=Path), metavar="文件夹", help="导出到哪里，默认当前文件夹。")
@click.option("--json", "as_json", is_flag=True, help="输出一行 JSON。")
def study(
    corpus: Path | None, index: Path | None, files: tuple[str, ...], as_json: bool, letter: str, **chosen: Any
) -> None:
    """Build a pack of the documents `files`; `chosen` are what the brief and the exports are made from."""
    formats, counts = _formats(chosen.pop("formats"), chosen["out"]), _counts(chosen.pop("count"))
    folder = chosen.pop("out") or Path()
    if formats:
        _check(folder)
    service = ready_service(corpus, index)
    brief = _brief(service, files, counts=counts, **chosen)
    pack = _built(service, brief, letter)
    made, refused = _exported(service, pack, formats)
    for one in made:
        click.echo(f"已写入 {_written(folder, one)}", err=as_json)
    if as_json:
        click.echo(json.dumps(pack.as_json(), ensure_ascii=False))
    elif not formats:
        from assistant.study.export.blocks import as_text

        click.echo(as_text(pack))
    if refused:
        raise SettingsError("".join(f"没有导出 {'、'.join(names)}：{why}" for why, names in refused.items()))


def _formats(said: str | None, out: Path | None) -> list[str]:
    """Return the names of the formats asked for, each once; raises `SettingsError` for others."""
    from assistant.study.export import FORMATS

    names = list(dict.fromkeys(filter(None, (part.strip() for part in (said or "").replace("，", ",").split(",")))))
    unknown = [name for name in names if name not in FORMATS]
    if unknown or (said is not None and not names):
        raise SettingsError(f"--export 没有“{'、'.join(unknown)}”这种格式：请从 {'、'.join(FORMATS)} 里选。")
    if out is not None and not names:
        raise SettingsError(NO_FORMAT)
    return names


def _counts(said: str | None) -> dict[ItemKind, int]:
    """Return how many questions of each kind: those of the text fill=10,single=10, of other kinds none."""
    if said is None:
        return dict(DEFAULT_COUNTS)
    counts = dict.fromkeys(ItemKind, 0)
    for part in filter(None, said.replace("，", ",").split(",")):
        name, _, number = (piece.strip() for piece in part.partition("="))
        if name not in KIND_NAMES or not (number.isascii() and number.isdigit() and len(number) < 9):
            raise SettingsError(BAD_COUNT)
        counts[ItemKind(name)] = int(number)
    if not sum(counts.values()) or max(counts.values()) > COUNT_MOST:
        raise SettingsError(BAD_COUNT)
    return counts


def _brief(service: "Service", files: Sequence[str], sections: Sequence[str], difficulty: str, **said: Any) -> Brief:
    from assistant.answering.scope import named

    documents = tuple(dict.fromkeys(named(service.documents(), file) for file in files))
    found = _sections(service, documents, sections)
    said |= {name: printable(words).strip() for name, words in said.items() if isinstance(words, str)}
    chosen = documents or tuple(dict.fromkeys(identity for identity, _ in found))
    return Brief(documents=chosen, sections=found, difficulty=Difficulty(difficulty), **said)


def _sections(service: "Service", documents: Sequence[str], names: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Return the sections of these names, of all documents where none is given; raises `SettingsError` for none.

    Every document that is named must have one of them.
    """
    if not names:
        return ()
    views = [service.document(d) for d in documents or [record.id for record in service.documents()]]
    found = {(v.record.id, s.number): name for v in views for name in names for s in v.sections if name in _names(s)}
    for name in names:
        if name not in found.values():
            raise SettingsError(f"没有叫“{name}”的章节：{SEE_SECTIONS}")
    for view in views if documents else ():
        if view.record.id not in {identity for identity, _ in found}:
            raise SettingsError(f"《{view.record.title}》没有叫“{'、'.join(names)}”的章节：{SEE_SECTIONS}")
    return tuple(found)


def _names(section: "Section") -> set[str]:
    """Return what a section may be called: its mark (第二), its title, both, or the marks around it and its own."""
    names = {section.label, section.title, f"{section.label} {section.title}".strip()}
    return names | {section.path} if section.path.endswith(section.label) else names


def _built(service: "Service", brief: Brief, letter: str) -> "Pack":
    from assistant.study.builder import build_pack
    from assistant.study.paper.assembly import version

    with Bar() as report:
        pack = build_pack(service, brief, report)
    items = version(pack.items, brief.seed, letter)
    return pack if letter == VERSIONS[0] else replace(pack, title=f"{pack.title}（{letter} 卷）", items=items)


def _exported(
    service: "Service", pack: "Pack", formats: Sequence[str]
) -> tuple[list["Exported"], dict[str, list[str]]]:
    """Return the files, all before one is written, and the formats for which the pack has nothing, by the reason."""
    from assistant.base.permalinks import page_address
    from assistant.study.export import export

    address = page_address(service.settings.host, service.settings.port)
    made: list[Exported] = []
    refused: dict[str, list[str]] = {}
    for name in formats:
        try:
            made.append(export(pack, name, address))
        except SettingsError as error:
            refused.setdefault(str(error), []).append(name)
    return made, refused


def _check(folder: Path) -> None:
    """Raise `SettingsError` for a folder that cannot be written to, before anything is made for it."""
    there = next(place for place in (folder, *folder.absolute().parents) if os.path.lexists(place))
    if not there.is_dir():
        raise SettingsError(f"{there} 是文件，不是文件夹：请换一个文件夹。")
    if not os.access(there, os.W_OK | os.X_OK):
        raise _not_written(folder, PermissionError())


def _written(folder: Path, one: "Exported") -> Path:
    """Write a file under its name, or with a number where that is taken; return where it is."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, FILES_MOST):
            file = folder / (one.name if number == 1 else numbered(one.name, number))
            try:
                _write(file, one.data)
                return file
            except FileExistsError:
                continue
    except OSError as error:
        raise _not_written(folder, error) from None
    raise SettingsError(f"{folder} 里叫“{one.name}”的文件太多了：请换一个文件夹。")


def _write(file: Path, data: bytes) -> None:
    """Write a new file, whole or not at all."""
    with file.open("xb") as stream:
        try:
            stream.write(data)
            stream.flush()
        except BaseException:
            file.unlink()
            raise


def _not_written(folder: Path, error: OSError) -> SettingsError:
    why = (
        "磁盘已满"
        if error.errno == errno.ENOSPC
        else "没有权限"
        if isinstance(error, PermissionError)
        else "系统不让写"
    )
    return SettingsError(f"写不了 {folder}，{why}：请换一个可以写入的文件夹。")
