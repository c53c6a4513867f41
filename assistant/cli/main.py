"""The command line: `python -m assistant build | ask | show | eval | serve | doctor | report | gold | user | study`.

Errors are one line with the mend and exit status 2; `AssistantError` is caught here, in `ui` and in `doctor`.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant import __version__
from assistant.base.errors import AssistantError
from assistant.cli.ask import ask, build, show
from assistant.cli.click_chinese import ChineseCommand, ChineseGroup, chinese_message
from assistant.cli.measure import evaluate, gold, report
from assistant.cli.parts import Bar, places, service_of, settings_of
from assistant.cli.study_commands import study
from assistant.cli.user_commands import user

if TYPE_CHECKING:
    from assistant.answering.service import Service


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


@commands.command(cls=ChineseCommand, help="打开网页（默认 http://127.0.0.1:7860）。")
@places
@click.option("--host", metavar="地址", help="监听地址，默认只限本机。")
@click.option("--port", type=int, metavar="端口", help="端口，默认 7860。")
@click.option("--without-accounts", is_flag=True, default=None, help="没有账号也开放给别的电脑：谁都能看全部文件。")
def serve(corpus: Path | None, index: Path | None, **options: Any) -> None:
    """Serve the web page until interrupted."""
    from assistant.web import serve as serve_page

    serve_page(settings_of(corpus, index, **options))


@commands.command(cls=ChineseCommand, help="检查安装、编码器、文件和索引：哪里不对，怎么办。")
@places
@click.option("--terms", is_flag=True, help="只列出文件里可以写进词表的说法，写成 glossary.toml 的样子。")
def doctor(corpus: Path | None, index: Path | None, terms: bool) -> None:
    """Print what is installed and what is wrong; exit status 2 if something must be mended."""
    from assistant.cli.doctor import examine

    if terms:
        _print_terms(service_of(corpus, index))
        return
    findings = list(examine(settings_of(corpus, index)))
    for finding in findings:
        click.echo(f"{'正常' if finding.fine else '问题'}  {finding.text}")
    if not all(finding.fine for finding in findings):
        sys.exit(2)


def _print_terms(service: "Service") -> None:
    from assistant.library.glossary_draft import draft
    from assistant.library.term_proposals import find_proposals

    with Bar() as report:
        service.ensure(report)
    if service.notice:
        click.echo(f"注意：{service.notice}", err=True)
    click.echo(draft(find_proposals(service.index.records, service.glossary.words)), nl=False)


for _command in (build, ask, show, evaluate, report, gold, user, study):
    commands.add_command(_command)
