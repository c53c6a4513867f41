"""Measure and write the sections of docs/measured.md: all, or those named; each also printed as it comes."""

import argparse
import importlib
import subprocess
import sys
from datetime import date
from pathlib import Path

from benchmarks.machine import ROOT, machine
from benchmarks.sections import SECTIONS, Section, replaced

BY_COMMAND = {section.command: section for section in SECTIONS}


def main() -> None:
    """Write one section in this process, several each in its own, so that none adds to another's memory."""
    given = parse()
    names = given.sections or list(BY_COMMAND)
    if len(names) == 1:
        write(BY_COMMAND[names[0]], given)
        return
    for name in names:
        options = ["--data", str(given.data), "--page", str(given.page), "--reranker", given.reranker]
        subprocess.run([sys.executable, "-m", "benchmarks", name, *options], check=True, cwd=ROOT)


def parse() -> argparse.Namespace:
    """Return the arguments; exits where the data is missing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="|".join(BY_COMMAND), help="all when none is named")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "measured.md", help="written here")
    parser.add_argument("--reranker", default="", help="a cross-encoder on this machine: one more row among rivals")
    given = parser.parse_args()
    if unknown := set(given.sections) - set(BY_COMMAND):
        parser.error(f"no section {', '.join(sorted(unknown))}: there are {', '.join(BY_COMMAND)}")
    if not given.data.is_dir():
        parser.error(f"{given.data} is missing: give the folder with stard/ and cmrc2018-dev/ as --data")
    return given


def write(section: Section, given: argparse.Namespace) -> None:
    """Print the section line by line, and put it in the page when it is whole."""
    options = {"reranker": given.reranker} if given.reranker and section.command == "rivals" else {}
    lines = [f"`python -m benchmarks {section.command}` on {date.today()}: {machine()}.", ""]
    print(f"## {section.title}\n\n" + "\n".join(lines), flush=True)
    for line in importlib.import_module(section.module).report(given.data, **options):
        print(line, flush=True)
        lines.append(line)
    page = given.page.read_text(encoding="utf-8") if given.page.exists() else ""
    body = "\n".join(lines)
    given.page.write_text(replaced(page, section.title, body, [s.title for s in SECTIONS]), encoding="utf-8")


if __name__ == "__main__":
    main()
