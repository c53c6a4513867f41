"""Links to pieces of documents that tell whether the same words still stand there.

A link carries the offsets and a digest of the words without their blanks. web/reader/page/reader-link.js makes the same
links; `web/reader/places` reads them.
"""

from urllib.parse import quote

MODULUS = 2**61 - 1
BASE = 1_540_483_477


def digest(text: str) -> str:
    """Return what says which words a text has: how many characters without blanks, and a number made of them."""
    words = "".join(text.split())
    return f"{len(words):x}_{number_of(words):x}"


def permalink(document: str, start: int, end: int, text: str) -> str:
    """Return the address, below the page's own, at which `text` opens, marked, in its document."""
    return f"/#open-{quote(document, safe='')}-{start}-{end}-{digest(text)}"


def page_address(host: str, port: int) -> str:
    """Return where a browser on this computer finds a page that listens there."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}"


def number_of(words: str) -> int:
    """Return a number made of the characters: their codes as digits of a number to the base `BASE`, modulo a prime."""
    value = 0
    for character in words:
        value = (value * BASE + ord(character)) % MODULUS
    return value


def anchor(document: str, start: int, end: int, words: str) -> str:
    """Return the link that opens a piece of a document in the reader, and finds its `words` there if they moved."""
    return f"#cite-{quote(document, safe='')}-{start}-{end}-{digest(words)}"
