"""click's help and error messages in Chinese."""

from collections.abc import Iterable

import click

_SECTIONS = {"Options": "选项", "Commands": "命令", "Arguments": "参数"}


class _Formatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 …"), "用法：")

    def write_heading(self, heading: str) -> None:
        super().write_heading(_SECTIONS.get(heading, heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        said = [(name, "显示这份说明。" if name == "--help" else words) for name, words in rows]
        super().write_dl(said, col_max, col_spacing)


class _Context(click.Context):
    formatter_class = _Formatter


class ChineseCommand(click.Command):
    """A command whose help is in Chinese."""

    context_class = _Context


class ChineseGroup(click.Group):
    """A group whose help is in Chinese."""

    context_class = _Context


def chinese_message(error: click.ClickException) -> str:
    """Return one line in Chinese for an error of the command line itself, with the mend."""
    command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "python -m assistant"
    mend = f"请看 {command} --help。"
    if isinstance(error, click.NoSuchOption):
        near = f"是不是想写 {error.possibilities[0]}？" if error.possibilities else ""
        return f"没有 {error.option_name} 这个选项：{near}{mend}"
    if isinstance(error, click.MissingParameter):
        name = error.param.human_readable_name if error.param else ""
        return f"缺少 {name}：{mend}"
    if isinstance(error, click.BadParameter):
        name = error.param.human_readable_name if error.param else ""
        return f"{name} 的值不对：{_wanted(error.param)}{mend}"
    if "No such command" in error.message:
        return f"没有这个命令：{mend}"
    return f"命令写得不对，有多余或缺少的部分：{mend}"


def _wanted(parameter: click.Parameter | None) -> str:
    kind = parameter.type if parameter else None
    if isinstance(kind, click.Choice):
        return f"请写 {'、'.join(map(str, kind.choices))} 之一。"
    if isinstance(kind, click.IntRange):
        return f"请写 {kind.min} 到 {kind.max} 的整数。" if kind.max is not None else f"请写不小于 {kind.min} 的整数。"
    return "请写整数。" if kind and kind.name == "integer" else ""
