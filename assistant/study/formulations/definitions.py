"""The sentence in which a document says what a formulation means or lists what it is made of."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.base.text import HAN
from assistant.documents.splitting import Sentence
from assistant.study.formulations.phrases import is_set
from assistant.study.formulations.slogans import count_of
from assistant.study.source.word_boundaries import BoundedText, Rarity

_SAYS = re.compile(
    '[”’」』"]?(?:[一-龥]{0,4}[，,]?(?:即|是指|指的是|系指|就是(?!要|说)|包括|包含|主要是|分别是|具体是|——)|[，,]指(?![导示定引出])|[（(]即)'
)
_IS = re.compile(f'[”’」』"]?[，,]?是(?![否不])[{HAN}、]{{2,30}}的[{HAN}]{{2,8}}[，。；,;]')
_FIRST, _SECOND = re.compile("一是|一要|（一）|首先"), re.compile("二是|二要|（二）|其次")
_MODIFIER = re.compile(f'([{HAN}]{{4}})的[“‘「『"]?$')
_PART = re.compile("[^、，]+")
_ORDINAL = re.compile("[一二三四五六七八九十]是")
_LEADS_IN = re.compile("是指|指的是|包括|包含|就是|分别是|主要是|即|是|为")
_LISTED = re.compile(f"[{HAN}]{{2,12}}(?:[、，][{HAN}]{{2,12}})+")


@dataclass(frozen=True)
class Explained:
    """Where something is explained: a sentence, and the parts it lists, if it does."""

    cut: BoundedText
    sentence: Sentence
    members: tuple[tuple[int, int], ...] = ()


def explanation(words: str, places: Sequence[tuple[BoundedText, int, Sentence]], rarity: Rarity) -> Explained | None:
    """Return the best explanation among the sentences that say `words`, None where none does."""
    for test in (_lists, _says, _characterises):
        for cut, at, sentence in places:
            found = test(words, cut, at, sentence, rarity)
            if found is not None:
                return Explained(cut, sentence, found)
    return None


Spans = tuple[tuple[int, int], ...]


def _lists(words: str, cut: BoundedText, at: int, sentence: Sentence, rarity: Rarity) -> Spans | None:
    """Return the members beside a counted slogan, as many as it counts, each with its word: 政治意识、大局意识…."""
    number = count_of(words)
    if number < 2:
        return None
    for match in _LISTED.finditer(cut.read, sentence.start, sentence.end):
        members = tuple(_members(cut, match.span(), number, words[-min(len(words) - 1, 2) :]))
        if members:
            return members
    return None


def _members(cut: BoundedText, span: tuple[int, int], number: int, head: str) -> Iterator[tuple[int, int]]:
    """Yield the parts that hold `head` where there are so many; the first without what leads them in."""
    parts = [found.span() for found in _PART.finditer(cut.read, *span)]
    having = [part for part in parts if head in cut.read[slice(*part)]]
    lengths = {end - start for start, end in having[1:] if not _ORDINAL.match(cut.read, start)}
    if len(having) == number:
        start, end = having[0]
        found = [m for m in _LEADS_IN.finditer(cut.read, start, end) if m.start() > start or m[0] != "为"]
        led = found[-1].end() if found else start
        yield max(led, end - lengths.pop()) if len(lengths) == 1 else led, end
        yield from ((at + 2 * bool(_ORDINAL.match(cut.read, at)), stop) for at, stop in having[1:])


def _says(words: str, cut: BoundedText, at: int, sentence: Sentence, rarity: Rarity) -> Spans | None:
    """Return () where the sentence goes on to say what it is."""
    end = at + len(words)
    rest = cut.read[end : sentence.end]
    if _SAYS.match(rest) or (_FIRST.search(rest) and _SECOND.search(rest) and count_of(words) > 1) or _IS.match(rest):
        return ()
    return None


def _characterises(words: str, cut: BoundedText, at: int, sentence: Sentence, rarity: Rarity) -> Spans | None:
    """Return () where a set phrase right before says what kind of thing it is: 阳奉阴违的“伪忠诚”."""
    found = _MODIFIER.search(cut.read, max(sentence.start, at - 7), at)
    return () if found and is_set(found[1], rarity) and found.start() in cut.edges else None
