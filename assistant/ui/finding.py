"""Words looked for inside one document as people look for them: blanks, width and case do not count.

Nothing is found across two paragraphs.
"""

import unicodedata
from collections.abc import Iterable, Iterator


def simplified(text: str) -> str:
    """Return `text` in the form in which it is compared here: compatibility forms apart, no case, no blanks."""
    return "".join(unicodedata.normalize("NFKD", text).casefold().split())


def find_words(text: str, words: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each place of `text` that says `words`, without overlap.

    A character is found whole, with the accents that follow it: one half of a ligature, too, finds it.
    """
    wanted = simplified(words)
    if not wanted or wanted not in simplified(text):
        return
    forms = [simplified(character) for character in text]
    sources = [at for at, form in enumerate(forms) for _ in form]
    whole, begin = "".join(forms), 0
    while (at := whole.find(wanted, begin)) >= 0:
        end = sources[at + len(wanted) - 1] + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        yield sources[at], end
        begin = at + len(wanted)
        while begin < len(sources) and sources[begin] < end:
            begin += 1


def in_utf16(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield `spans` of `text`, which are in order and apart, as browsers count offsets."""
    counted = at = 0
    for start, end in spans:
        begin = at + _units(text[counted:start])
        counted, at = end, begin + _units(text[start:end])
        yield begin, at


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
