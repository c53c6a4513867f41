"""The glossary `corpus/glossary.toml`: synonyms for questions, and definitions of terms.

Only questions, scoring and the explanations beside a text use it; documents and quotes stay as they are. A
definition is the staff's word, not a document's: nothing may cite it.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from assistant.base.errors import SettingsError
from assistant.base.text import drop_controls

GLOSSARY_NAME = "glossary.toml"
VARIANT_LIMIT = 12
PASSES = 4
KEYS = ("words", "definition", "source")
EXPLAINED_MOST = 3
NO_QUOTE = "词表解释（不是文件原文）："
WORD_LIMIT, DEFINITION_LIMIT, SOURCE_LIMIT = 60, 500, 100


@dataclass(frozen=True)
class Term:
    """Synonyms, their definition, and where that is written (both may be empty)."""

    words: tuple[str, ...]
    definition: str = ""
    source: str = ""


@dataclass(frozen=True)
class Mention:
    """An occurrence of a defined word in a text, [start, end)."""

    start: int
    end: int
    term: Term


@dataclass(frozen=True)
class Glossary:
    """Groups of synonyms, each with its first word as canonical form, and the words with a definition.

    Where words overlap in a text, the one that begins first counts, of these the longest: 纪委 is not found
    inside 中央纪委 where both are listed. Latin words and numbers are matched whole.
    """

    groups: tuple[tuple[str, ...], ...] = ()
    defined: tuple[Term, ...] = ()

    def canonical(self, text: str) -> str:
        """Return `text` with each synonym replaced by the first word of its group.

        A replacement can form a listed word with its neighbours (人民 + 老百姓), so this is repeated until
        nothing changes. A text for which that never ends is returned unchanged: the function is idempotent.
        """
        reached = text
        for _ in range(PASSES if self._first else 0):
            before, reached = reached, self._replaced.sub(lambda m: self._first[m.group()], reached)
            if reached == before:
                return reached
        return text

    def same(self, word: str) -> tuple[str, ...]:
        """Return the synonyms of `word` with itself, or (`word`,) if it has none."""
        return self._others.get(word, (word,))

    def variants(self, text: str) -> list[str]:
        """Return `text` and its variants, in each of which one group's words are replaced by another word of it."""
        if not self.groups:
            return [text]
        parts = re.split(f"({self._replaced.pattern})", text)
        found = {text: None}
        for group in dict.fromkeys(self._others[part] for part in parts if part in self._others):
            for other in group:
                reworded = "".join(other if part in group else part for part in parts)
                if self.canonical(reworded) == self.canonical(text):
                    found[reworded] = None
        return list(islice(found, VARIANT_LIMIT))

    def mentions(self, text: str) -> Iterator[Mention]:
        """Yield the defined words in `text`, in order and without overlap."""
        for match in self._listed.finditer(text) if self.defined else ():
            term = self._terms.get(match.group())
            if term is not None:
                yield Mention(match.start(), match.end(), term)

    def definitions_in(self, text: str) -> list[Term]:
        """Return the terms defined in the glossary that `text` mentions, each once, in order of appearance."""
        return list(dict.fromkeys(mention.term for mention in self.mentions(text)))

    def explained(self, text: str, before: Iterable[str] = ()) -> list[str]:
        """Return one line each for the first few defined words in `text` that no text of `before` mentions."""
        known = {term for other in before for term in self.definitions_in(other)}
        named: dict[Term, str] = {}
        for mention in self.mentions(text):
            named.setdefault(mention.term, text[mention.start : mention.end])
        return [_explanation(word, term) for term, word in named.items() if term not in known][:EXPLAINED_MOST]

    @property
    def words(self) -> frozenset[str]:
        """All words listed."""
        return frozenset([*self._others, *self._terms])

    @cached_property
    def _terms(self) -> dict[str, Term]:
        return {word: term for term in self.defined for word in term.words}

    @cached_property
    def _first(self) -> dict[str, str]:
        """The replacement of each word: itself if it has no synonyms but contains a word that has."""
        kept = {word: word for word in self._terms if any(other in word for other in self._others)}
        return kept | {word: group[0] for word, group in self._others.items()}

    @cached_property
    def _others(self) -> dict[str, tuple[str, ...]]:
        return {word: group for group in self.groups for word in group}

    @cached_property
    def _replaced(self) -> re.Pattern[str]:
        return _any_of(self._first)

    @cached_property
    def _listed(self) -> re.Pattern[str]:
        return _any_of(self.words)


def _explanation(word: str, term: Term) -> str:
    source = f"（{term.source}）" if term.source else ""
    return f"{NO_QUOTE}{word}：{term.definition}{source}"


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of all words, longer ones first."""
    return re.compile("|".join(map(_whole, sorted(words, key=len, reverse=True))))


def _whole(word: str) -> str:
    """Return a pattern of `word` that does not match inside a longer Latin word or number."""
    before = r"(?<![0-9A-Za-z])" if re.match("[0-9A-Za-z]", word) else ""
    after = r"(?![0-9A-Za-z])" if re.search("[0-9A-Za-z]$", word) else ""
    return before + re.escape(word) + after


def load_glossary(corpus: Path) -> Glossary:
    """Return the glossary of the folder `corpus`; an empty one where the file is missing.

    Raises `SettingsError` naming the file and the entry for one that is malformed.
    """
    file = corpus / GLOSSARY_NAME
    if not file.is_file():
        return Glossary()
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"词表 {GLOSSARY_NAME} 读不懂（{error}）：请改正这一处并存为 UTF-8。") from None
    except OSError as error:
        raise SettingsError(f"词表 {GLOSSARY_NAME} 打不开（{error.strerror}）：请检查它的读取权限。") from None
    entries = table.get("term", [])
    if set(table) - {"term"} or not isinstance(entries, list):
        raise SettingsError(
            f'词表 {GLOSSARY_NAME} 只能有 [[term]] 条目：请每条写一行 [[term]]，下面一行 words = ["巡视", "巡察"]。'
        )
    terms = [_Entry(number, entry).term() for number, entry in enumerate(entries, 1)]
    _require_one_entry_a_word(terms)
    groups = tuple(term.words for term in terms if len(term.words) > 1)
    return Glossary(groups, tuple(term for term in terms if term.definition))


@dataclass(frozen=True)
class _Entry:
    """One `[[term]]` as it stands in the file, so that an error can name it."""

    number: int
    table: Any

    def term(self) -> Term:
        """Return the entry as a term; raises `SettingsError` for a malformed one."""
        self._require_known_keys()
        definition = self._line("definition", DEFINITION_LIMIT)
        source = self._line("source", SOURCE_LIMIT)
        if source and not definition:
            raise self._wrong("有 source 没有 definition", "请写上 definition，或删去 source")
        return Term(self._words(1 if definition else 2), definition, source)

    def _require_known_keys(self) -> None:
        for key in self.table if isinstance(self.table, dict) else ():
            if key not in KEYS:
                near = get_close_matches(key.lower(), KEYS, n=1, cutoff=0.5)
                mend = f"是不是想写 {near[0]}？请改正" if near else f"请只用 {'、'.join(KEYS)}"
                raise self._wrong(f"不认识“{drop_controls(key)[:WORD_LIMIT]}”", mend)

    def _words(self, least: int) -> tuple[str, ...]:
        words = self.table.get("words") if isinstance(self.table, dict) else None
        words = words if isinstance(words, list) else []
        strings = [word.strip() for word in words if isinstance(word, str) and word.strip()]
        unique = tuple(dict.fromkeys(strings))
        if len(strings) < len(words) or len(unique) < least:
            mend = '请写成 words = ["巡视", "巡察"]，至少两个词（写了 definition 的，一个也可以），每个词加引号'
            raise self._wrong("", mend)
        for word in unique:
            self._require_plain("words", word, WORD_LIMIT)
            if not any(map(str.isalnum, word)):
                raise self._wrong(f"的“{word}”里没有字", "请改成词语")
        return unique

    def _line(self, key: str, limit: int) -> str:
        value = self.table.get(key) if isinstance(self.table, dict) else None
        if value is None:
            return ""
        if not isinstance(value, str) or not any(map(str.isalnum, value)):
            raise self._wrong(f"的 {key} 应为文字", f'请写成 {key} = "……"，或删去这一行')
        self._require_plain(key, value.strip(), limit)
        return value.strip()

    def _require_plain(self, key: str, value: str, limit: int) -> None:
        if drop_controls(value) != value or re.search(r"[\n\t]", value):
            raise self._wrong(f"的 {key} 里有换行或看不见的控制字符", "请删去，写在一行里")
        if len(value) > limit:
            raise self._wrong(f"的 {key} 太长（{len(value)} 字）", f"请缩短到 {limit} 字以内")

    def _wrong(self, what: str, mend: str) -> SettingsError:
        return SettingsError(f"词表 {GLOSSARY_NAME} 第 {self.number} 条{what or '不对'}：{mend}。")


def _require_one_entry_a_word(terms: Sequence[Term]) -> None:
    seen: dict[str, int] = {}
    for number, term in enumerate(terms, 1):
        for word in term.words:
            if word in seen:
                both = f"在第 {seen[word]} 条和第 {number} 条都有"
                raise SettingsError(f"词表 {GLOSSARY_NAME} 的“{word}”{both}：请并成一条。")
            seen[word] = number
