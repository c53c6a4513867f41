"""Lists of a document whose items bear marks: a clause that leads them in, then （一）…；（二）… and so on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from assistant.study.questions.material.statements import balanced, follows, marked_runs
from assistant.study.source.texts import Text

ITEMS_LEAST, ITEM_LONGEST, LEAD_LONGEST, LEAD_SHORTEST = 3, 60, 110, 6
_ITEM_END = re.compile("[。\n]")
_CATCH_ALL = re.compile("其他|其它|另有规定|第[一二三四五六七八九十百]+条|前款|上述|前项")
_POINTING = re.compile("前款|前条|前项|上述|其中|该|这")
_LABEL = re.compile(
    "第[一二三四五六七八九十百千零〇]+条(?:之[一二三四五六七八九十]+)?\\s*|[（(][一二三四五六七八九十]+[）)]\\s*|[一二三四五六七八九十]+、"
)


@dataclass(frozen=True)
class Listing:
    """A list: the words that lead it in (from `start`, ending in a colon) and where its items stand, without marks."""

    text: Text
    start: int
    end: int
    lead_end: int
    items: tuple[tuple[int, int], ...]

    @property
    def lead(self) -> str:
        """The words before the items."""
        return self.text.text[self.start : self.lead_end]

    @cached_property
    def words(self) -> list[str]:
        """The words of each item."""
        return [self.text.text[a:b] for a, b in self.items]

    @property
    def cases(self) -> bool:
        """Whether the items are cases (…的) and not things."""
        return sum(words.endswith("的") for words in self.words) * 2 > len(self.words)

    @property
    def plain(self) -> list[str]:
        """The items that say by themselves what they mean."""
        return [words for words in self.words if not _CATCH_ALL.search(words)]


def listings(text: Text) -> Iterator[Listing]:
    """Yield the lists of the sentences that may be used whose lead and items are short and understood alone."""
    used = {sentence.start for sentence in text.sentences}
    for marks in marked_runs(text.text):
        lead_end = marks[0].start()
        start = text.text.rfind("\n", 0, lead_end - 1) + 1
        start = max(start, *(text.text.rfind(stop, start, lead_end - 1) + 1 for stop in "。；"))
        if start not in used:
            continue
        label = _LABEL.match(text.text, start, lead_end)
        start = label.end() if label else start
        spans = list(_items(text.text, marks))
        kept = tuple((a, b) for a, b in spans if not _CATCH_ALL.search(text.text[a:b]))
        found = Listing(text, start, spans[-1][1], lead_end, kept)
        short = all(3 <= len(words) <= ITEM_LONGEST and balanced(words) and "。" not in words for words in found.words)
        led = (
            LEAD_SHORTEST <= lead_end - start <= LEAD_LONGEST
            and not _POINTING.search(found.lead)
            and not follows(text.text, start)
        )
        if short and led and len(kept) >= ITEMS_LEAST and len(set(found.words)) == len(kept):
            yield found


def _items(text: str, marks: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        if following:
            end = following.start()
        else:
            stop = _ITEM_END.search(text, mark.end())
            end = stop.start() if stop else len(text)
        while end > mark.end() and (text[end - 1].isspace() or text[end - 1] in "；;。，,"):
            end -= 1
        yield mark.end(), end
