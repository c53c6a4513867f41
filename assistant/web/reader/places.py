"""A piece of a document as a link names it, found again when the document has changed.

A link carries offsets and a digest of the words without blanks. If other words stand at the offsets now, the
same words are searched for. `base/permalinks.py` makes the links and digests.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.base.errors import SettingsError
from assistant.base.permalinks import BASE, MODULUS, number_of

CITED_MOST = 200
# What is cited is a sentence or a few of them: splitting cuts each at 1,000 characters.
QUOTED_CHARACTERS = 5000
# Longer texts are not searched for words that moved: 3 million characters take about a second.
SEARCHED_CHARACTERS = 3_000_000

BAD_REQUEST = "打不开这处出处：请重新点击回答里的编号。"
CHANGED = "这份文件已更新，原来的位置不在了：请重新提问。"
MOVED = "这份文件后来更新过：同样的文字现在在这里。"
GONE = "这份文件后来更新过，原来所指的文字已经找不到：请核对现在的文件，或重新提问。"

DIGEST = "[0-9a-f]{1,8}_[0-9a-f]{1,16}"


@dataclass(frozen=True)
class Place:
    """A piece of a document: characters [start, end) of its text, empty where both are equal.

    `digest` is that of the words that stood there, "" if the link carries none.
    """

    document: str
    start: int
    end: int
    digest: str = ""


def stands(text: str, place: Place) -> bool:
    """Say whether `place` lies inside `text` and, if it has a digest, still has the same words."""
    if place.end > len(text) or not place.digest:
        return place.end <= len(text)
    words = "".join(text[place.start : place.end].split())
    length, number = (int(part, 16) for part in place.digest.split("_"))
    return len(words) == length and number_of(words) == number


def resolve(text: str, place: Place) -> tuple[Place, str]:
    """Return where the words of `place` are in `text` now, and a remark for the reader or "".

    If the words are gone, the place is empty and near where they were. Raises `SettingsError` for a place
    outside `text` without a digest.
    """
    if stands(text, place):
        return place, ""
    if not place.digest:
        raise SettingsError(CHANGED)
    found = min(_same_words(text, place.digest), key=lambda span: abs(span[0] - place.start), default=None)
    if found:
        return Place(place.document, *found, place.digest), MOVED
    near = min(place.start, len(text))
    return Place(place.document, near, near), GONE


def _same_words(text: str, wanted: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each piece of `text` with the digest `wanted`, by a rolling hash (Karp and Rabin)."""
    length, number = (int(part, 16) for part in wanted.split("_"))
    if not 0 < length <= len(text) <= SEARCHED_CHARACTERS:
        return
    offsets = [at for at, character in enumerate(text) if not character.isspace()]
    codes, leading, value = [ord(text[at]) for at in offsets], pow(BASE, length, MODULUS), 0
    for n, code in enumerate(codes):
        value = (value * BASE + code - (codes[n - length] * leading if n >= length else 0)) % MODULUS
        if value == number and n >= length - 1:
            yield offsets[n - length + 1], offsets[n] + 1
