"""Section marks of Chinese documents, and the nesting depth of each.

Marks are 第一章/第十二条, 一、（一）1. (1) ①, 第一，, 首先/其次/最后, 一是/二是 and headings of Markdown and
Word. Depth follows the order in which kinds of marks first appear, because 第一，stands above 一、in one
document and below （二）in the next; kinds of one family keep their fixed order.
"""

import re
from dataclasses import dataclass, replace

TITLE_CHARACTERS = 80
POINT_KINDS = ("首先", "一是")

_NUMERAL = "[一二三四五六七八九十百千零〇两0-9０-９]{1,20}"
_FAMILIES = (("编", "章", "节", "条"), ("一、", "（一）", "1.", "（1）", "①"))
_LINE_MARKS = (
    ("law", re.compile(rf"(第{_NUMERAL}(?:分)?(编|章|节|条)(?:之{_NUMERAL})?)(?=[\s　]|[^，。、的]|$)")),
    ("第一", re.compile(rf"(第{_NUMERAL})[，、,：:．.\s　]")),
    ("一、", re.compile(r"([一二三四五六七八九十百]{1,20}、)")),
    ("（一）", re.compile(r"([（(][一二三四五六七八九十百]{1,20}[）)])")),
    ("（1）", re.compile(r"([（(][0-9０-９]{1,3}[）)])")),
    ("1.", re.compile(r"([0-9０-９]{1,3}(?:[.．](?![0-9０-９])|、|[）)](?=\S)))")),
    ("①", re.compile(r"([\u2460-\u2473])")),
)
_INLINE_ORDER = re.compile(r"(首先|其次|再次|再者|最后)(?=\S)")
_INLINE_COUNT = re.compile(r"([一二三四五六七八九十]{1,20}是|第[一二三四五六七八九十](?=[，、,]))")
_STARTERS = {"首先", "一是", "第一"}
_CLOSING = re.compile(r"(同志们|各位[^，,。！：:]{1,8}|女士们|朋友们)[，,！!：:。]")
_CLAUSE_END = re.compile(r"[，。；：！？,;:!?\n]")


@dataclass(frozen=True)
class Mark:
    """A section mark: its label, the clause after it, its kind, and whether it is inside a line."""

    label: str
    title: str
    kind: str
    inline: bool = False


def line_mark(line: str, heading: int | None = None) -> Mark | None:
    """Return the mark at the start of `line`; `heading` is its level if the file makes it a heading."""
    if heading is not None:
        words = line.lstrip("#").strip()
        inner = line_mark(words)
        if inner:
            return Mark(inner.label, inner.title, f"heading{heading}")
        return Mark(words[:TITLE_CHARACTERS], "", f"heading{heading}")
    for kind, pattern in _LINE_MARKS:
        found = pattern.match(line)
        if found:
            rest = line[found.end() :].lstrip(" \t　，、,：:．.")
            return Mark(found.group(1), opening_clause(rest), found.group(2) if kind == "law" else kind)
    return None


def closing_mark(line: str, kinds: tuple[str, ...]) -> Mark | None:
    """Return the mark for a speech's closing words: a line that addresses the audience after numbered points."""
    numbered = set(kinds) - {"opening", "closing"}
    return Mark("结语", "", "closing") if numbered and _CLOSING.match(line) else None


def inline_mark(sentence: str, seen: set[str]) -> Mark | None:
    """Return the mark at the start of a sentence inside a line; `seen` are the line's marks so far.

    其次 or 二是 counts only after 首先 or 一是: 最后 alone is an adverb, not a point.
    """
    for kind, pattern in zip(POINT_KINDS, (_INLINE_ORDER, _INLINE_COUNT), strict=True):
        found = pattern.match(sentence)
        if found and (found.group(1) in _STARTERS or seen & _STARTERS):
            rest = sentence[found.end() :].lstrip("，、,：: ")
            return Mark(found.group(1), opening_clause(rest), kind, inline=True)
    return None


def opening_clause(words: str) -> str:
    """Return `words` up to their first stop, or all of them where they end in a colon that leads in a list."""
    if words.rstrip().endswith(("：", ":")):
        return words.strip()[-TITLE_CHARACTERS:]
    stop = _CLAUSE_END.search(words)
    return words[: stop.start() if stop else TITLE_CHARACTERS][:TITLE_CHARACTERS].strip()


class SectionStack:
    """The kinds of the sections that are open, outermost first."""

    def __init__(self) -> None:
        self._open: list[tuple[str, bool]] = []

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds that are open now, outermost first."""
        return tuple(kind for kind, _ in self._open)

    def placed(self, mark: Mark) -> Mark:
        """Return a `mark` inside a line, made one of the line's own kind if it continues the mark that opened the line.

        第二 in a line that begins with 第一 is a sibling of that, not a point within it.
        """
        kind = "第一" if mark.label.startswith("第") else mark.kind
        restarts = mark.label in _STARTERS or (mark.kind, True) in self._open
        return mark if restarts or (kind, False) not in self._open else replace(mark, kind=kind, inline=False)

    def enter(self, mark: Mark) -> int:
        """Open `mark` and return how many of the open sections still enclose it.

        A mark inside a line does not end a section that began with a line.
        """
        ended = (k for k, (kind, inline) in enumerate(self._open) if inline >= mark.inline and _ends(mark.kind, kind))
        depth = next(ended, len(self._open))
        self._open[depth:] = [(mark.kind, mark.inline)]
        return depth

    def leave_inline(self) -> int:
        """Close the sections that began inside the line just ended; return how many are still open."""
        depth = next((k for k, (_, inline) in enumerate(self._open) if inline), len(self._open))
        del self._open[depth:]
        return depth


def _ends(new: str, kind: str) -> bool:
    """Say whether a mark of kind `new` ends an open section of `kind`."""
    if new == kind or kind == "opening" or new == "closing" or kind == "closing":
        return True
    if new.startswith("heading"):
        return not kind.startswith("heading") or kind >= new
    return any(new in f and kind in f and f.index(new) < f.index(kind) for f in _FAMILIES)
