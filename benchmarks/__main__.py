"""Measure quality and speed and print Markdown; `--out FILE` writes it as docs/measured.md is written."""

import argparse
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from benchmarks import quality, speed
from benchmarks.machine import ROOT, machine


def report(data: Path) -> Iterator[str]:
    """Yield the lines of the report."""
    yield "# Measured"
    yield f"\n`make bench` on {date.today()}: {machine()}. Questions that training saw are left out.\n"
    yield "## Retrieval\n"
    yield from quality.retrieval(data)
    yield "\n## Answers on the speech (../shared/gold/speech.jsonl)\n"
    yield from quality.answers(data)
    yield "\n## Cost\n\n| what | measured |\n|---|---|"
    yield from speed.cold()
    yield from speed.warm(data)


def main() -> None:
    """Print the report line by line, and write it when it is whole."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "measured.md")
    given = parser.parse_args()
    if not given.data.is_dir():
        parser.error(f"{given.data} is missing: give the folder with stard/ and cmrc2018-dev/ as --data")
    lines = []
    for line in report(given.data):
        print(line, flush=True)
        lines.append(line)
    given.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
