"""`python -m assistant user …`: accounts and groups on the command line, for whoever looks after the server."""

import sys
from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING, Any

import click

from assistant.accounts.visitor import ROLE_NAMES, Role, Visitor
from assistant.base.errors import SettingsError
from assistant.cli.click_chinese import ChineseCommand, ChineseGroup

if TYPE_CHECKING:
    from assistant.accounts.account_file import Roster
    from assistant.accounts.authentication import Logins

BY = Visitor("（命令行）", Role.MANAGER)
NONE_LEFT = "已经没有用户：网页重新启动后在本机不用登录；要开放给别的电脑，请先添加用户。"
DIFFERENT = "两次输入的密码不一样：请重新运行这个命令。"

_role = click.option("--role", type=click.Choice([str(role) for role in Role]), help="reader、trainer 或 manager。")
_groups = click.option("--group", "groups", multiple=True, metavar="分组", help="只能看这个分组的文件，可重复。")
_given = click.option("--password-stdin", "given", is_flag=True, help="从标准输入读密码（第一行），不提示输入。")
_name = click.argument("name", metavar="用户名")


@click.group("user", cls=ChineseGroup, help="管理用户：add、list、set、password、unlock、remove、group。")
def user() -> None:
    """Accounts of the page."""


@user.command(cls=ChineseCommand, help="添加用户；密码按提示输入两遍。有了第一个用户，网页就要登录才能用。")
@_name
@_role
@_groups
@_given
@click.option("--without-password", is_flag=True, help="不设密码：只能经反向代理登录（见 proxy_user_header）。")
def add(name: str, role: str | None, groups: tuple[str, ...], given: bool, without_password: bool) -> None:
    """Make an account."""
    from assistant.accounts.account_file import User, checked_name, plain_name

    logins = _logins()
    first = not logins.accounts.roster().users
    made = User(checked_name(name), Role(role or Role.READER), tuple(map(plain_name, groups)) or None)
    logins.accounts.roster().with_new(made)  # says what is wrong before a password is asked for
    password = "" if without_password else _password(made.name, given)
    _forget(made.name)
    logins.add(BY, made, password)
    click.echo(f"已添加{_line(logins.accounts.roster(), made.name)}")
    if first:
        click.echo(f"从现在起，网页要登录才能用。用户记在 {logins.accounts.file}")


@user.command("list", cls=ChineseCommand, help="列出用户和分组。")
def list_users() -> None:
    """Print users and groups."""
    logins = _logins()
    roster = logins.accounts.roster()
    if not roster.users:
        click.echo("还没有用户，网页不用登录。添加：python -m assistant user add 用户名 --role manager")
    for name in roster.users:
        wait = logins.locked_for(name)
        click.echo(_line(roster, name) + (f"  已锁定，还有 {ceil(wait / 60)} 分钟" if wait else ""))
    for name, folders in roster.groups.items():
        click.echo(f"分组 {name}：{_folders(folders)}")


@user.command("set", cls=ChineseCommand, help="改角色或分组，马上生效。")
@_name
@_role
@_groups
@click.option("--all-documents", is_flag=True, help="不分组，可以看全部文件。")
def set_user(name: str, role: str | None, groups: tuple[str, ...], all_documents: bool) -> None:
    """Change the role or the groups of a user."""
    from assistant.accounts.account_file import plain_name

    if groups and all_documents or not (groups or all_documents or role):
        raise SettingsError("请用 --role、--group 或 --all-documents 说明要改什么（后两个选一个）。")
    logins = _logins()
    values: dict[str, Any] = {"role": Role(role)} if role else {}
    if groups or all_documents:
        values["groups"] = tuple(map(plain_name, groups)) or None
    logins.change(BY, plain_name(name), **values)
    click.echo(f"已改为{_line(logins.accounts.roster(), plain_name(name))}")


@user.command(cls=ChineseCommand, help="另设密码；这个用户在各处的登录马上失效。")
@_name
@_given
def password(name: str, given: bool) -> None:
    """Give a user another password."""
    from assistant.accounts.account_file import plain_name

    logins = _logins()
    found = logins.accounts.roster().user(plain_name(name))
    logins.set_password(BY, found.name, _password(found.name, given))
    click.echo(f"已改 {found.name} 的密码：原来的登录都已失效。")


@user.command(cls=ChineseCommand, help="解除多次输错密码后的锁定。")
@_name
def unlock(name: str) -> None:
    """Let a user try again."""
    from assistant.accounts.account_file import plain_name

    found = _logins().unlock(BY, plain_name(name))
    click.echo(f"已解锁 {plain_name(name)}。" if found else f"{plain_name(name)} 没有被锁定。")


@user.command(cls=ChineseCommand, help="删除用户，马上生效。")
@_name
def remove(name: str) -> None:
    """Take an account away."""
    from assistant.accounts.account_file import plain_name

    logins = _logins()
    logins.remove(BY, plain_name(name))
    _forget(plain_name(name))
    click.echo(f"已删除 {plain_name(name)}。")
    if not logins.accounts.roster().users:
        click.echo(NONE_LEFT)


@user.command(cls=ChineseCommand, help="建立分组或改它的文件夹：组里的人只能看这些文件夹里的文件。")
@click.argument("name", metavar="分组")
@click.option("--folder", "folders", multiple=True, metavar="文件夹", help="corpus 里的文件夹，可重复。")
@click.option("--remove", "removed", is_flag=True, help="删除这个分组（里面要没有人）。")
def group(name: str, folders: tuple[str, ...], removed: bool) -> None:
    """Make, change or take away a group."""
    from assistant.accounts.account_file import checked_folder, plain_name

    if bool(folders) == removed:
        raise SettingsError("请用 --folder 写明文件夹（可重复），或用 --remove 删除分组（二者选一）。")
    logins = _logins()
    if removed:
        logins.remove_group(BY, plain_name(name))
        click.echo(f"已删除分组 {plain_name(name)}。")
        return
    found = tuple(dict.fromkeys(map(checked_folder, folders)))
    logins.set_group(BY, name, found)
    click.echo(f"分组 {plain_name(name)}：{_folders(found)}")
    _warn_of_missing(found)


def _logins() -> "Logins":
    from assistant.accounts.authentication import Logins
    from assistant.base.settings import load_settings

    return Logins(load_settings())


def _forget(name: str) -> None:
    """Delete what is kept under a name, conversations, study packs and quizzes: it is for nobody who has it later."""
    from assistant.answering.conversation.kept import Conversations
    from assistant.base.settings import load_settings
    from assistant.study.pack_store import Packs
    from assistant.study.quiz.quiz_store import Quizzes

    settings = load_settings()
    Conversations(settings.conversations).delete(name, None)
    Packs(settings.study).forget(name)
    Quizzes(settings.quizzes).forget(name)


def _password(name: str, given: bool) -> str:
    """Return a new password, from the first line of stdin or typed twice without being shown."""
    from assistant.accounts.passwords import SHORTEST, check_password

    if given:
        found = sys.stdin.readline().rstrip("\r\n")
    else:
        hidden: dict[str, Any] = {"hide_input": True, "prompt_suffix": "："}
        found = click.prompt(f"{name} 的新密码（至少 {SHORTEST} 个字符，输入时不显示）", **hidden)
        if click.prompt("再输一遍", **hidden) != found:
            raise SettingsError(DIFFERENT)
    check_password(found, name)
    return found


def _line(roster: "Roster", name: str) -> str:
    user = roster.users[name]
    sees = "全部文件" if user.groups is None else f"分组 {'、'.join(user.groups)}" if user.groups else "没有文件"
    return f"用户 {name}：{ROLE_NAMES[user.role]}（{user.role}），{sees}" + ("" if user.password else "，没有密码")


def _folders(folders: Sequence[str]) -> str:
    return "、".join(folder or "（全部）" for folder in folders) or "（没有文件夹）"


def _warn_of_missing(folders: Sequence[str]) -> None:
    """Say which folders are not there yet: a slip of the pen would hide everything."""
    from assistant.base.settings import load_settings

    corpus = load_settings().corpus
    for folder in folders:
        if not (corpus / folder).is_dir():
            click.echo(f"注意：{corpus / folder} 现在没有这个文件夹，请确认没有写错。", err=True)
