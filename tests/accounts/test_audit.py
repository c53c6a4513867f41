"""The audit log and the addresses it notes: proxies that are trusted, lines that break nothing, its size."""

import json
from pathlib import Path

import pytest

from assistant.accounts import audit as audit_module
from assistant.accounts.audit import ACTION_NAMES, Action, Audit
from assistant.accounts.authentication import Proxies
from assistant.accounts.visitor import Role, Visitor

HERE = "10.0.0.7"


@pytest.mark.parametrize(
    ("address", "trusted"),
    [
        ("127.0.0.1", True),
        ("10.1.2.3", True),
        ("::ffff:127.0.0.1", True),
        ("10.2.0.1", False),
        ("::1", False),
        ("", False),
        ("testclient", False),
    ],
)
def test_only_listed_proxies_are_trusted(address: str, trusted: bool) -> None:
    assert Proxies("127.0.0.1, 10.1.0.0/16").trusts(address) is trusted
    assert not Proxies("").trusts(address)


def test_lines_of_the_log_hold_nothing_that_breaks_or_hides(tmp_path: Path) -> None:
    log = Audit(tmp_path / "日志" / "audit.jsonl")
    log.note(
        Visitor("张三", Role.MANAGER), Action.DOCUMENT_ADDED, 'a\r\n{"who": 1}\x1b[31m\u202e\u2028b' + "长" * 400, HERE
    )
    log.note("李四", Action.LOG_OUT)
    (line, _) = (tmp_path / "日志" / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    entry = json.loads(line)
    assert entry | {"at": ""} == {
        "at": "",
        "who": "张三",
        "action": "document_added",
        "subject": ('a {"who": 1}[31mb' + "长" * 400)[:300],
        "from": HERE,
    }
    assert [one["who"] for one in log.last(5)] == ["李四", "张三"]
    assert [one["who"] for one in log.last(1)] == ["李四"]
    assert set(ACTION_NAMES) == set(Action)


def test_the_log_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_module, "FILE_BYTES", 100)
    log = Audit(tmp_path / "audit.jsonl")
    for n in range(30):
        log.note(str(n), Action.LOG_IN)
    kept = sorted(p.name for p in tmp_path.iterdir())
    assert kept == ["audit.jsonl", *(f"audit.jsonl.{n}" for n in range(1, 10))]
    assert (
        json.loads((tmp_path / "audit.jsonl.9").read_text("utf-8").splitlines()[0])["who"] == "10"
    )  # two lines a file
    assert log.last(9)[0]["who"] == "29"


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "audit.jsonl").mkdir()
    Audit(tmp_path / "audit.jsonl").note("a", Action.LOG_IN)
    assert "写不了" in caplog.text
