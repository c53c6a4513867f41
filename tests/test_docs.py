"""Documentation under test: what is said about commands, settings, files and figures exists."""

import re
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest

from assistant.base.settings import Settings
from assistant.cli.main import commands
from assistant.cli.user_commands import user
from support.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "assistant").rglob("README.md")),
]


def test_readme_names_every_command_and_setting() -> None:
    for command in commands.commands:
        assert f"`{command}" in README
    for command in user.commands:
        assert f"`user {command}" in README
    for setting in fields(Settings):
        assert f"`{setting.name}`" in README


def test_readme_names_every_option() -> None:
    single = [one for c in commands.commands.values() for one in getattr(c, "commands", {"": c}).values()]
    options = {o for c in single for p in c.params for o in p.opts if o.startswith("--")}
    assert sorted(o for o in options if f"{o}" not in README) == []


def test_defaults_in_readme_are_the_defaults() -> None:
    default = Settings()
    for name in ("encoder", "dense_weight", "answer_threshold"):
        assert f"| `{name}` | `{getattr(default, name)}` |" in README
    assert f"`{default.host}`、`{default.port}`" in README
    assert f"| `max_file_mb` | `{default.max_file_mb:g}` |" in README


def test_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    for target in re.findall(r"(?:`|^)make ([a-z]+)", text, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_are_named_exist(page: Path) -> None:
    """A path in backticks is one of the project, of `assistant/` or of the page's own folder."""
    roots = (ROOT, ROOT / "assistant", page.parent)
    for named in re.findall(r"`([a-z_]+(?:/[a-z_]+)*/[a-z_]+\.(?:py|js|jsonl))`", page.read_text(encoding="utf-8")):
        assert any((root / named).exists() for root in roots), named


def test_hostile_requests_have_the_tests_that_are_named() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([0-9]+) \| .+ \| (.+) \|$", text, re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, len(rows) + 1)) and len(rows) >= 30
    for _, tests in rows:
        named = re.findall(r"`(\w+)::(test_\w+)`", tests)
        assert len(named) == tests.count("::") > 0
        for file, test in named:
            (where,) = (ROOT / "tests").rglob(f"test_{file}.py")
            assert f"\ndef {test}(" in where.read_text(encoding="utf-8"), test


def test_the_answer_shown_in_readme_is_the_answer(tmp_path: Path) -> None:
    shown = re.search(r"```\n(\*\*巡视整改要求.*?)```", README, re.DOTALL)
    assert shown
    from assistant.answering.service import Service

    service = Service(Settings(corpus=ROOT / "corpus", index=tmp_path / "index"))
    service.ensure()
    answer = service.ask("巡视整改要求是什么")
    for line in shown.group(1).split("……")[0].strip().splitlines():
        assert line in answer.answer or line == "出处"


def test_no_registry_host_stands_in_a_file() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    hosts = re.compile(r"pypi\.[o]rg|files\.python[h]osted|registry\.npm[j]s|deb\.[d]ebian|index-[u]rl")
    texts = [ROOT / f for f in listed.splitlines() if Path(f).suffix in {".md", ".txt", ".toml", ".py", ".json", ""}]
    assert [f for f in texts if f.is_file() and hosts.search(f.read_text("utf-8", "ignore"))] == []
