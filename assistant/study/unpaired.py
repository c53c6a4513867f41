"""Quotation marks and brackets that do not pair."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.study.texts import Text

REACH = 10  # a quotation may go on over so many paragraphs
_CLOSED_BY = {
    "“": "”",
    "《": "》",
    "〈": "〉",
    "（": "）",
    "「": "」",
    "『": "』",
    "【": "】",
    "〔": "〕",
    "[": "]",
    "{": "}",
}
_OPENED_BY = {closing: opening for opening, closing in _CLOSED_BY.items()}
_SAME = {"(": "（", ")": "）", "［": "[", "］": "]", "｛": "{", "｝": "}"}
_OTHER = _CLOSED_BY | _OPENED_BY | {"(": ")", ")": "(", "［": "］", "］": "［", "｛": "｝", "｝": "｛"}
_MARK = re.compile(f"[{re.escape(''.join([*_CLOSED_BY, *_OPENED_BY, *_SAME]))}]")
_ITEM = re.compile(r"(?:^|[\s，。；;：:、])[0-9０-９a-zA-Z一二三四五六七八九十]{1,3}$")
_FACE = re.compile("[:;][-']?$")


@dataclass(frozen=True)
class Unpaired:
    """A mark at `at` without the other one of its pair."""

    at: int
    mark: str

    @property
    def other(self) -> str:
        """The mark that is missing."""
        return _OTHER[self.mark]


@dataclass(frozen=True)
class _Opened:
    at: int
    paragraph: int


def unpaired(text: Text) -> Iterator[Unpaired]:
    """Yield the marks of a text that do not pair, in its order; those of list items (1）, a)) are none."""
    opened: dict[str, list[_Opened]] = {mark: [] for mark in _CLOSED_BY}
    lonely: list[int] = []
    for paragraph in text.paragraphs:
        for match in _MARK.finditer(text.text, paragraph.start, paragraph.end):
            mark, here = _SAME.get(match.group(), match.group()), _Opened(match.start(), paragraph.number)
            if mark in _CLOSED_BY:
                opened[mark].append(here)
            elif not _closes(text, opened[_OPENED_BY[mark]], here, paragraph.start):
                lonely.append(here.at)
    lonely += [one.at for mark, left in opened.items() for one in _left(text, mark, left)]
    yield from (Unpaired(at, text.text[at]) for at in sorted(lonely))


def _closes(text: Text, opened: list[_Opened], here: _Opened, start: int) -> bool:
    """Take the last mark opened that is not too far away; say whether there is one, or none is needed."""
    item = _ITEM.search(text.text[max(start, here.at - 5) : here.at])
    if item and not (opened and opened[-1].paragraph == here.paragraph):
        return True
    if opened and here.paragraph - opened[-1].paragraph <= REACH:
        opened.pop()
        return True
    return bool(_FACE.search(text.text[max(start, here.at - 2) : here.at]))


def _left(text: Text, mark: str, left: list[_Opened]) -> Iterator[_Opened]:
    """Yield the marks left open, but for those with which each paragraph of one quotation begins."""
    starts = {paragraph.number: paragraph.start for paragraph in text.paragraphs}
    for one in left:
        following = starts.get(one.paragraph + 1, -1)
        if not (mark in "“「『" and text.text[following : following + 1] == mark):
            yield one
