"""The fonts of a PDF: a Chinese TrueType font of this computer, embedded; else one that every reader brings.

reportlab embeds TrueType outlines only, which Windows' Chinese fonts have and Noto's have not (macOS shows Song
anyway). `STSong-Light` is
named and not embedded: readers show it in the Song typeface that they have, and its words can be copied.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

STANDARD = "STSong-Light"
# Files of Windows and Linux with their number in a collection, the best first: 仿宋, 宋体, then what there is.
BODY_FILES = (("simfang.ttf", 0), ("simsun.ttc", 0), ("wqy-microhei.ttc", 0), ("wqy-zenhei.ttc", 0))
HEADING_FILES = (("simhei.ttf", 0), ("wqy-zenhei.ttc", 0), ("wqy-microhei.ttc", 0))


@dataclass(frozen=True)
class Faces:
    """The names under which reportlab knows the fonts, and the characters that each can show, None for any."""

    body: str
    heading: str
    known: frozenset[int] | None = None

    def cut(self, text: str) -> Iterator[tuple[bool, str]]:
        """Yield pieces of a text, each with whether the fonts can show it; line ends are nothing to show."""
        for known, signs in groupby(
            text, key=lambda sign: self.known is None or sign == "\n" or ord(sign) in self.known
        ):
            yield known, "".join(signs)


def folders() -> list[Path]:
    """Return where the fonts of this computer are."""
    windows = Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"
    linux = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]
    return [windows, *linux, Path.home() / ".fonts", Path.home() / ".local/share/fonts"]


def faces(within: Sequence[Path] | None = None) -> Faces:
    """Return fonts that reportlab can use, registered: embedded ones of the folders, else `STANDARD` for all."""
    return _faces(tuple(folders() if within is None else within))


@cache
def _faces(within: tuple[Path, ...]) -> Faces:
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.pdfmetrics import registerFont

    registerFont(UnicodeCIDFont(STANDARD))
    files = {file.name.lower(): file for folder in within for file in _files(folder)}
    body = _first(files, BODY_FILES)
    if body is None:
        return Faces(STANDARD, STANDARD)
    heading = _first(files, HEADING_FILES) or body
    known = frozenset(body.face.charToGlyph.keys() & heading.face.charToGlyph.keys())
    return Faces(body.fontName, heading.fontName, known)


def _files(folder: Path) -> Iterator[Path]:
    for suffix in ("tt[fc]", "TT[FC]"):
        yield from folder.rglob(f"*.{suffix}")


def _first(files: dict[str, Path], wanted: Sequence[tuple[str, int]]) -> Any:
    """Return the first of the wanted fonts that is there and can be embedded, None where there is none."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    for name, number in wanted:
        if name.lower() in files:
            try:
                font = TTFont(Path(name).stem, files[name.lower()], subfontIndex=number)
            except (TTFError, OSError):  # no TrueType outlines, or not to be read
                continue
            registerFont(font)
            return font
    return None
