"""What the texts of a pack say, in their own words and in those of the glossary."""

import re
from collections.abc import Iterable

from assistant.language.glossary import Glossary
from assistant.study.source.texts import Text

_DUTY = re.compile("应当|可以|必须|不得|负责|有权|要|须|应|依法|统一")


def letters(words: str) -> str:
    """Return the letters and digits of `words`: how texts are compared."""
    return "".join(c for c in words.lower() if c.isalnum() or c in "%％")


class SourceText:
    """What texts say, in their own words and in those that a glossary puts first."""

    def __init__(self, texts: Iterable[Text], glossary: Glossary) -> None:
        """Keep the letters of each text."""
        self.glossary = glossary
        self._plain = [letters(text.text) for text in texts]
        self._canonical = [glossary.canonical(text) for text in self._plain]

    def says(self, words: str) -> bool:
        """Say whether a text holds these letters, or the same by the glossary."""
        wanted = letters(words)
        if any(wanted in text for text in self._plain):
            return True
        same = self.glossary.canonical(wanted)
        return any(same in text for text in self._canonical)

    def in_one_form(self, words: str) -> str:
        """Return the letters of `words`, those of the glossary as its first words."""
        return self.glossary.canonical(letters(words))

    def times(self, words: str) -> int:
        """Return how often the texts hold these letters."""
        wanted = letters(words)
        return sum(text.count(wanted) for text in self._plain) if wanted else 0

    def fillings(self, before: str, behind: str, most: int) -> set[str]:
        """Return what stands between these words in the texts, up to `most` letters."""
        first, last = letters(before), letters(behind)
        if not first or not last:
            return set()
        found = set()
        for text in self._plain:
            at = text.find(first)
            while at >= 0:
                start = at + len(first)
                end = text.find(last, start + 1, start + most + len(last))
                if end > 0:
                    found.add(text[start:end])
                at = text.find(first, at + 1)
        return found

    def behind(self, words: str) -> list[str]:
        """Return the few letters behind each place where the texts hold `words`."""
        ends = [(text, m.end()) for text in self._plain for m in re.finditer(re.escape(words), text)]
        return [text[end : end + 8] for text, end in ends[:50]]

    def same(self, one: str, other: str) -> bool:
        """Say whether two words are one by the glossary, or one holds the other."""
        first, second = (self.glossary.canonical(letters(words)) for words in (one, other))
        return first in second or second in first


def pairs(words: str) -> set[str]:
    """Return the pairs of neighbouring letters of `words`, duties and the like aside."""
    plain = letters(_DUTY.sub("", words))
    return {plain[n : n + 2] for n in range(len(plain) - 1)}
