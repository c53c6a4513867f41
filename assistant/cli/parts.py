"""What commands share: the options for folders, the assistant over them, files written."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.base.errors import SettingsError
from assistant.base.settings import Settings, load_settings, with_values

if TYPE_CHECKING:
    from assistant.answering.service import Service
    from assistant.index.builder import Report


def places(command: Any) -> Any:
    """Add the options that every command takes."""
    for name, words in (("index", "索引文件夹"), ("corpus", "文件所在的文件夹")):
        command = click.option(f"--{name}", type=click.Path(path_type=Path), metavar="文件夹", help=words)(command)
    return command


def settings_of(corpus: Path | None, index: Path | None, **more: object) -> Settings:
    """Return the settings, with what the command line says in front."""
    return with_values(load_settings(), {"corpus": corpus, "index": index, **more})


def service_of(corpus: Path | None, index: Path | None) -> "Service":
    """Return the assistant over these folders, its index as it stands."""
    from assistant.answering.service import Service

    return Service(settings_of(corpus, index))


def ready_service(corpus: Path | None, index: Path | None) -> "Service":
    """Return the assistant over these folders, its index up to date; what is wrong with files is said on stderr."""
    service = service_of(corpus, index)
    with Bar() as report:
        result = service.ensure(report)
    if service.notice:
        click.echo(f"注意：{service.notice}", err=True)
    for problem in result.problems if result else ():
        click.echo(f"未收录 {problem.path}：{problem.reason}", err=True)
    return service


def write_file(file: Path, text: str) -> None:
    """Write a file; raises `SettingsError` where that cannot be done."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"写不了 {file}（{error.strerror}）：请换一个可以写入的位置。") from None


class Bar:
    """A progress bar on a terminal, silent elsewhere, as a `Report`."""

    def __enter__(self) -> "Report":
        self._bar: Any = None
        self._stage = ""
        return self._report

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def _report(self, stage: str, done: int, total: int) -> None:
        if not sys.stderr.isatty():
            return
        if stage != self._stage or self._bar is None:
            from tqdm import tqdm

            self.__exit__()
            self._bar = tqdm(desc=stage, leave=False, unit="份" if stage == "读取文件" else "")
            self._stage = stage
        self._bar.total = total or None
        self._bar.n = done
        self._bar.refresh()
