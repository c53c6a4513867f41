"""The page docs/measured.md: one section a command, each written anew without touching the others."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

HEAD = """# Measured

Each section is written by the command that it names, all of them by `make bench`.
What the figures mean: [evaluation.md](evaluation.md).
"""


@dataclass(frozen=True)
class Section:
    """A command, its title on the page, and the module whose `report(data)` yields the lines below the title."""

    command: str
    title: str
    module: str


SECTIONS = (
    Section("quality", "Quality", "benchmarks.quality"),
    Section("answers", "Answers", "benchmarks.answers"),
    Section("abstention", "Abstention", "benchmarks.abstention"),
    Section("names", "Things that are not there", "benchmarks.names"),
    Section("strength", "Evidence strength", "benchmarks.strength"),
    Section("folds", "Five folds", "benchmarks.folds"),
    Section("speed", "Cost", "benchmarks.speed"),
    Section("packs", "Study packs", "benchmarks.packs"),
    Section("trainer", "Study packs beside a trainer's lists", "benchmarks.trainer"),
    Section("page", "The page", "benchmarks.page"),
    Section("rivals", "Beside other systems", "benchmarks.rivals.compare"),
    Section("scale", "A million passages", "benchmarks.scale"),
)


def replaced(page: str, title: str, body: str, order: Sequence[str]) -> str:
    """Return `page` with `body` under `## title`; sections stand in `order`, those not named there at the end."""
    head, *pieces = re.split(r"^(?=## )", page or HEAD, flags=re.MULTILINE)
    sections = {piece.splitlines()[0].removeprefix("## ").strip(): piece for piece in pieces}
    sections[title] = f"## {title}\n\n{body.strip()}\n"
    places = {name: place for place, name in enumerate(order)}
    ordered = sorted(sections, key=lambda name: places.get(name, len(places)))
    return "\n".join(text.strip() + "\n" for text in (head, *(sections[name] for name in ordered)))
