"""Answerers over the newest index: one over all documents, and one for each limit to folders that is asked for.

A limited answerer is the same answerer over a limited index, so nothing that answers knows of limits.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from assistant.access import within
from assistant.answering import Answerer
from assistant.glossary import GLOSSARY_NAME, Glossary, load_glossary
from assistant.settings import Settings
from assistant.store import MANIFEST_NAME, Index

LIMITED_KEPT = 16

Limits = frozenset[tuple[str, ...]]  # a document is seen where each of these lists of folders allows it
Over = Callable[[Index, Glossary], Answerer]
UNLIMITED: Limits = frozenset()


@dataclass
class _Opened:
    """What was opened of one state of the disk, `stamp`; limited answerers in the order of their making."""

    stamp: object
    whole: Answerer
    limited: dict[Limits, Answerer] = field(default_factory=dict)
    limiting: threading.Lock = field(default_factory=threading.Lock)


class Answerers:
    """Opens answerers when index or glossary changed on disk; safe to use from several threads.

    `open_index` opens the index that counts, `over` makes an answerer over one. Of limited answerers the
    `LIMITED_KEPT` made last are kept: another takes 0.1 to 0.4 s to make.
    """

    def __init__(self, settings: Settings, open_index: Callable[[], Index], over: Over) -> None:
        self._corpus, self._index = settings.corpus, settings.index
        self._open_index, self._over = open_index, over
        self._opening = threading.Lock()
        self._opened: _Opened | None = None

    def of(self, limits: Limits = UNLIMITED) -> Answerer:
        """Return the answerer that sees what `limits` allow."""
        opened = self._newest()
        return _limited(opened, limits, self._over) if limits else opened.whole

    def _newest(self) -> _Opened:
        """Return what is opened of the disk as it stands; while one thread opens it, others have what was before."""
        stamp = (_stamp(self._index / MANIFEST_NAME), _stamp(self._corpus / GLOSSARY_NAME))
        opened = self._opened
        if opened is not None and (opened.stamp == stamp or self._opening.locked()):
            return opened
        with self._opening:
            if self._opened is None or self._opened.stamp != stamp:
                self._opened = _Opened(stamp, self._over(self._open_index(), load_glossary(self._corpus)))
            return self._opened


def _limited(opened: _Opened, limits: Limits, over: Over) -> Answerer:
    found = opened.limited.get(limits)
    if found is not None:
        return found
    with opened.limiting:
        if limits not in opened.limited:
            whole = opened.whole.retriever
            index = whole.index.limited(lambda path: all(within(path, folders) for folders in limits))
            made = over(index, whole.glossary)
            kept = list(opened.limited.items())[1 - LIMITED_KEPT :]
            opened.limited = dict([*kept, (limits, made)])
        return opened.limited[limits]


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
