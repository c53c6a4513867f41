"""Characters and lexical terms of Chinese text; knows nothing of files or documents.

`terms` is the one definition of what a lexical term is: the BM25 index, the background
document frequencies of the bundled encoder and the answerer all use it.
"""

import re
import unicodedata
from collections.abc import Container, Iterator

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_RUNS = re.compile(f"([{HAN}]+)|([^\\W{HAN}_]+)")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufffe\uffff]")

CLAUSE_ENDS = re.compile("[，。；;：:！!？?]")
OPENING = "“‘（《〈「『【〔[({"
CLOSING = "”’）》〉」』】〕])}"


def fold(text: str) -> str:
    """Return `text` in NFKC and lower case, the form in which texts are compared."""
    return unicodedata.normalize("NFKC", text).lower()


def drop_controls(text: str) -> str:
    """Return `text` with LF line ends and without control and invisible characters (tabs stay)."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def terms(text: str) -> list[str]:
    """Return the lexical terms of `text`, repeats included, in order of appearance.

    A run of Han characters gives each character and each pair of neighbours; any other run
    of letters or digits is one term. Measured against jieba's words in docs/evaluation.md.
    """
    found: list[str] = []
    for han, other in _RUNS.findall(fold(text)):
        if other:
            found.append(other)
            continue
        found.extend(han)
        found.extend([first + second for first, second in zip(han, han[1:], strict=False)])
    return found


def cut_at(text: str, words: Container[str], longest: int) -> Iterator[tuple[int, int, bool]]:
    """Yield the pieces (start, end, known) of `text`: the longest of `words` from the left, and what is between."""
    begun = at = 0
    while at < len(text):
        lengths = range(min(longest, len(text) - at), 0, -1)
        length = next((n for n in lengths if text[at : at + n] in words), 0)
        if length:
            if begun < at:
                yield begun, at, False
            yield at, at + length, True
            begun = at + length
        at += length or 1
    if begun < len(text):
        yield begun, len(text), False


def printable(text: str) -> str:
    """Return `text` with lone surrogates, which no tokenizer takes, as question marks: same length."""
    return text.encode("utf-8", "replace").decode("utf-8")
