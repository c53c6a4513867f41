"""Places in documents as links name them: validated on arrival, found again when the document has changed.

A link carries offsets and a digest of the words without blanks. If other words stand at the offsets now, the
same words are searched for. `base/permalinks.py` makes the links and digests.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assistant.base.errors import SettingsError
from assistant.base.permalinks import BASE, MODULUS, number_of

ID_LIMIT = 200
CITED_MOST = 200
# What is cited is a sentence or a few of them: splitting cuts each at 1,000 characters.
QUOTED_CHARACTERS = 5000
# Longer texts are not searched for words that moved: 3 million characters take about a second.
SEARCHED_CHARACTERS = 3_000_000

BAD_REQUEST = "打不开这处出处：请重新点击回答里的编号。"
CHANGED = "这份文件已更新，原来的位置不在了：请重新提问。"
MOVED = "这份文件后来更新过：同样的文字现在在这里。"
GONE = "这份文件后来更新过，原来所指的文字已经找不到：请核对现在的文件，或重新提问。"

_DIGEST = re.compile(r"[0-9a-f]{1,8}_[0-9a-f]{1,16}")


@dataclass(frozen=True)
class Place:
    """A piece of a document: characters [start, end) of its text, empty where both are equal.

    `digest` is that of the words that stood there, "" if the link carries none.
    """

    document: str
    start: int
    end: int
    digest: str = ""


def parse_document(request: object) -> str:
    """Return the document id in a request; raises `SettingsError` for an invalid one."""
    document = request.get("document") if isinstance(request, dict) else None
    if not isinstance(document, str) or not 0 < len(document) <= ID_LIMIT:
        raise SettingsError(BAD_REQUEST)
    return document


def parse_place(request: object) -> Place:
    """Return the place in a request, the document's beginning if it names only a document.

    Raises `SettingsError` for an invalid one.
    """
    document = parse_document(request)
    asked: dict[str, Any] = request if isinstance(request, dict) else {}
    if "start" not in asked and "end" not in asked:
        return Place(document, 0, 0)
    return _span(document, asked)


def parse_cited(request: dict[str, Any]) -> tuple[Place, ...]:
    """Return the places of the document that the same answer also cites; raises `SettingsError`."""
    cited = request.get("cited", [])
    if not isinstance(cited, list) or len(cited) > CITED_MOST:
        raise SettingsError(BAD_REQUEST)
    places = tuple(_span(parse_document(request), one) for one in cited)
    if any(place.digest and place.end - place.start > QUOTED_CHARACTERS for place in places):
        raise SettingsError(BAD_REQUEST)
    return places


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


def _span(document: str, given: object) -> Place:
    start, end, words = (given.get(k) for k in ("start", "end", "digest")) if isinstance(given, dict) else [None] * 3
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        raise SettingsError(BAD_REQUEST)
    if words is not None and not (isinstance(words, str) and _DIGEST.fullmatch(words)):
        raise SettingsError(BAD_REQUEST)
    return Place(document, start, end, words or "")


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
