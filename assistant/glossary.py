"""`corpus/glossary.toml`: words that mean the same to a question (巡视, 巡察, 巡查).

Only questions and scores use it; the documents and what is quoted from them stay as they are.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

from assistant.errors import SettingsError

GLOSSARY_NAME = "glossary.toml"
VARIANT_LIMIT = 12


@dataclass(frozen=True)
class Glossary:
    """Groups of words that mean the same; the first of a group stands for all of it."""

    groups: tuple[tuple[str, ...], ...] = ()

    def canonical(self, text: str) -> str:
        """Return `text` with each word of a group replaced by the group's first word."""
        return self._pattern.sub(lambda m: self._first[m.group()], text) if self.groups else text

    def same(self, word: str) -> tuple[str, ...]:
        """Return the words of the group of `word`, or `word` alone."""
        return self._others.get(word, (word,))

    def variants(self, text: str) -> list[str]:
        """Return `text` and its rewordings, in each of which the words of one group are another word of it."""
        if not self.groups:
            return [text]
        parts = re.split(f"({self._pattern.pattern})", text)
        found = {text: None}
        for group in dict.fromkeys(self._others[part] for part in parts if part in self._others):
            for other in group:
                reworded = "".join(other if part in group else part for part in parts)
                if self.canonical(reworded) == self.canonical(text):
                    found[reworded] = None
        return list(islice(found, VARIANT_LIMIT))

    @cached_property
    def _first(self) -> dict[str, str]:
        return {word: group[0] for group in self.groups for word in group}

    @cached_property
    def _others(self) -> dict[str, tuple[str, ...]]:
        return {word: group for group in self.groups for word in group}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        words = sorted(self._first, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, words)))


def load_glossary(corpus: Path) -> Glossary:
    """Return the glossary of the folder `corpus`; an empty one where the file is missing.

    Raises `SettingsError` naming the file and the entry when it cannot be understood.
    """
    file = corpus / GLOSSARY_NAME
    if not file.is_file():
        return Glossary()
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"词表 {file} 读不懂（{error}）：请改正这一处并存为 UTF-8。") from None
    except OSError as error:
        raise SettingsError(f"词表 {file} 打不开（{error.strerror}）：请检查它的读取权限。") from None
    entries = table.get("term", [])
    if set(table) - {"term"} or not isinstance(entries, list):
        raise SettingsError(
            f'词表 {file} 只能有 [[term]] 条目：请每条写一行 [[term]]，下面一行 words = ["巡视", "巡察"]。'
        )
    groups = tuple(_group(file, number, entry) for number, entry in enumerate(entries, 1))
    _require_one_group_a_word(file, groups)
    return Glossary(groups)


def _group(file: Path, number: int, entry: object) -> tuple[str, ...]:
    words = entry.get("words") if isinstance(entry, dict) else None
    words = words if isinstance(words, list) else []
    strings = [word.strip() for word in words if isinstance(word, str) and word.strip()]
    group = tuple(dict.fromkeys(strings))
    if len(strings) < len(words) or len(group) < 2:
        raise SettingsError(
            f'词表 {file} 第 {number} 条不对：请写成 words = ["巡视", "巡察"]，至少两个词，每个词加引号。'
        )
    return group


def _require_one_group_a_word(file: Path, groups: Sequence[tuple[str, ...]]) -> None:
    seen: dict[str, int] = {}
    for number, group in enumerate(groups, 1):
        for word in group:
            if word in seen:
                raise SettingsError(f"词表 {file} 的“{word}”在第 {seen[word]} 条和第 {number} 条都有：请并成一条。")
            seen[word] = number
