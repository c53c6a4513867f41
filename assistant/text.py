"""Characters and lexical terms of Chinese text; knows nothing of files or documents.

`terms` is the one definition of what a lexical term is: the BM25 index, the background
document frequencies of the bundled encoder and the answerer all use it.
"""

import re
import unicodedata

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_RUNS = re.compile(f"([{HAN}]+)|([^\\W{HAN}_]+)")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufffe\uffff]")

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
