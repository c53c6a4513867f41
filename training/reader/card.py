"""The model card: source, licences, data, figures, limits; written from the log, not by hand."""

from pathlib import Path
from typing import Any

from training.reader.base import TOKENIZER, WEIGHTS

LICENCES = (
    ("base model", "multilingual-e5-small (intfloat), out of the packages {weights} and {tokenizer}", "MIT"),
    ("data/reading", "DRCD in Simplified characters; CMRC 2018; XQuAD zh", "CC BY-SA 3.0; CC BY-SA 4.0"),
    ("data/questions", "questions on official and made documents, made for this project", "Apache-2.0"),
    ("data/stard, where named below", "questions of STARD; articles of statutes", "MIT; no copyright"),
    ("data/policy", "official texts; made documents", "no copyright (著作权法第五条); Apache-2.0"),
)
LIMITS = """\
- Chinese in Simplified characters, official documents; nothing else was measured.
- Of a question at most 100 characters are read, of a place at most {most} pieces.
- It does not count, compare across passages, or know what is not in the passage; 去年 and 今年 are the document's.
- One person labelled each file of questions; a part of the "wrong" sentences may answer as well.
- The base model's weights were of 4 bits before training."""


def card(run: dict[str, Any], base: dict[str, Any], figures: dict[str, Any], sizes: dict[str, int]) -> str:
    """Return the card as Markdown; `figures` are reports of `evaluation.evaluate` by the part they measure."""
    sources = {"weights": _pinned(WEIGHTS), "tokenizer": _pinned(TOKENIZER)}
    lines = ["# The reader", "", "Says which sentences of a passage answer a question, and with which words.", ""]
    lines += [f"{base['pieces']} pieces, {run['layers']} layers, trained as `{run['mode']}`, seed {run['seed']}.", ""]
    lines += ["## Sources and licences", "", "| what | of | licence |", "|---|---|---|"]
    lines += [f"| {what} | {of.format(**sources)} | {licence} |" for what, of, licence in LICENCES]
    lines += [
        "",
        "Weights trained from these may ship with the project (data/README.md), with the attributions above.",
        "",
    ]
    lines += ["## Training", "", *_training(run), "", "## Figures", ""]
    lines += [line for part, report in figures.items() for line in _figures(part, report)]
    lines += ["## Files", "", *(f"- `{name}`: {size:,} bytes" for name, size in sizes.items())]
    return "\n".join([*lines, "", "## Limits", "", LIMITS.format(most=run["most"]), ""])


def write(path: Path, text: str) -> None:
    """Write the card."""
    path.write_text(text, encoding="utf-8")


def _pinned(wheel: Any) -> str:
    return f"`{wheel.package}` {wheel.version} (sha256 {wheel.sha256[:12]}…)"


def _training(run: dict[str, Any]) -> list[str]:
    rows = [f"- {name}: {count}" for name, count in run.get("sources", {}).items()]
    return [*rows, f"- {run['minutes']} minutes, {run['questions']} questions a step, in {run['dtype']}"]


def _figures(part: str, report: dict[str, Any]) -> list[str]:
    names = list(next(iter(report["ways"].values())))
    head = [f"Part `{part}`, {report['questions']} questions, {report['candidates']} candidate sentences each:", ""]
    head += ["| | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    rows = [*report["ways"].items(), *((f"documents: {kind}", row) for kind, row in report["kinds"].items())]
    table = [f"| {name} | " + " | ".join(str(row[n]) for n in names) + " |" for name, row in rows]
    best = list(report["ways"])[-1]
    error = report["calibration"][best]["error"]
    return [
        *head,
        *table,
        "",
        f"The few words right: {report['words']}; expected calibration error ({best}): {error}.",
        "",
    ]
