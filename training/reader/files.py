"""Small matters of files: JSON in and out, and the one error of this package."""

import json
import lzma
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class ReaderTrainingError(Exception):
    """Training cannot go on; the message is one line of Chinese that ends in the mend."""


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a .jsonl or .jsonl.xz file; raises ReaderTrainingError where it is missing."""
    try:
        opened = lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8")
        with opened as lines:
            return [json.loads(line) for line in lines if line.strip()]
    except OSError as error:
        raise ReaderTrainingError(f"读不到训练数据 {path}：请用 --data 指出 shared/data 所在的文件夹。") from error


def texts_of(paths: list[Path], size: int = 4000) -> Iterator[list[str]]:
    """Yield the values of the objects in JSON lines files, an object a text, in batches of `size`."""
    for path in paths:
        rows = [" ".join(map(str, row.values())) for row in read_jsonl(path)]
        for start in range(0, len(rows), size):
            yield rows[start : start + size]


def read_json(path: Path) -> Any:
    """Return the value of a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def write_json(path: Path, value: Any, indent: int | None = 2) -> None:
    """Write `value` as JSON, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    partial.write_text(json.dumps(value, ensure_ascii=False, indent=indent) + "\n", encoding="utf-8")
    os.replace(partial, path)
