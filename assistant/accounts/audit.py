"""The audit log: who logged in, who was refused, who changed what; one JSON object a line, only ever added to.

A full file is put aside as <name>.1 and so on; the oldest is dropped. Nothing here fails for those who
work: a log that cannot be written is said in the program's own log.
"""

import json
import logging
import os
import threading
from collections import deque
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from assistant.accounts.visitor import Visitor
from assistant.base.text import drop_controls

FILE_BYTES = 10_000_000
FILES_KEPT = 9
SUBJECT_LIMIT = 300
HERE = "（本机）"


class Action(StrEnum):
    """What is noted."""

    LOG_IN = "log_in"
    LOG_OUT = "log_out"
    REFUSED = "refused"
    LOCKED = "locked"
    PASSWORD_CHANGED = "password_changed"
    USER_ADDED = "user_added"
    USER_CHANGED = "user_changed"
    USER_REMOVED = "user_removed"
    USER_UNLOCKED = "user_unlocked"
    GROUP_CHANGED = "group_changed"
    GROUP_REMOVED = "group_removed"
    DOCUMENT_ADDED = "document_added"
    DOCUMENT_CHANGED = "document_changed"
    DOCUMENT_REPLACED = "document_replaced"
    DOCUMENT_REMOVED = "document_removed"
    DOCUMENT_RESTORED = "document_restored"
    INDEX_REBUILT = "index_rebuilt"


ACTION_NAMES = {
    Action.LOG_IN: "登录",
    Action.LOG_OUT: "退出",
    Action.REFUSED: "登录失败",
    Action.LOCKED: "多次失败，已锁定",
    Action.PASSWORD_CHANGED: "改密码",
    Action.USER_ADDED: "添加用户",
    Action.USER_CHANGED: "修改用户",
    Action.USER_REMOVED: "删除用户",
    Action.USER_UNLOCKED: "解锁用户",
    Action.GROUP_CHANGED: "修改分组",
    Action.GROUP_REMOVED: "删除分组",
    Action.DOCUMENT_ADDED: "添加文件",
    Action.DOCUMENT_CHANGED: "修改文件的信息",
    Action.DOCUMENT_REPLACED: "更换文件",
    Action.DOCUMENT_REMOVED: "移除文件",
    Action.DOCUMENT_RESTORED: "恢复文件",
    Action.INDEX_REBUILT: "重新收录",
}


class Audit:
    """The log in `file`; safe to use from several threads."""

    def __init__(self, file: Path) -> None:
        self._file = file.absolute()
        self._lock = threading.Lock()

    def note(self, visitor: Visitor | str, action: Action, subject: str = "", address: str = "") -> None:
        """Add a line: that `visitor` (or the name of one) did `action` to `subject`, from `address`."""
        name = (visitor.name or HERE) if isinstance(visitor, Visitor) else visitor
        at = datetime.now().astimezone().isoformat(timespec="seconds")
        line = {"at": at, "who": _one_line(name), "action": action, "subject": _one_line(subject), "from": address}
        try:
            with self._lock:
                self._make_room()
                with open(self._file, "a", encoding="utf-8", opener=_private) as out:
                    out.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as error:
            logging.getLogger(__name__).warning("操作记录 %s 写不了（%s）：请检查权限和磁盘空间。", self._file, error)

    def last(self, count: int) -> list[dict[str, str]]:
        """Return the newest `count` lines of the current file, newest first."""
        try:
            with self._file.open(encoding="utf-8", errors="replace") as lines:
                newest = deque(lines, count)
        except FileNotFoundError:
            return []
        return [entry for line in reversed(newest) if (entry := _parsed(line))]

    def _make_room(self) -> None:
        if not self._file.exists() or self._file.stat().st_size < FILE_BYTES:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            return
        for number in range(FILES_KEPT - 1, 0, -1):
            older = self._aside(number)
            if older.exists():
                os.replace(older, self._aside(number + 1))
        os.replace(self._file, self._aside(1))

    def _aside(self, number: int) -> Path:
        return self._file.with_name(f"{self._file.name}.{number}")


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _one_line(text: str) -> str:
    """Return `text` without anything that breaks a line or hides in it."""
    return " ".join(drop_controls(text).split())[:SUBJECT_LIMIT]


def _parsed(line: str) -> dict[str, str]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return {key: str(value) for key, value in found.items()} if isinstance(found, dict) else {}
