"""What tests no longer need goes back to the system: what is in circles waits long for Python to look, and glibc
keeps what was freed, so that one process of the whole suite would come to hold six gigabytes of nothing."""

import ctypes
import gc
import os
import sys
from pathlib import Path

GROWN = 200 * 2**20


class Memory:
    """Looks how much this process holds and, where that has grown, gives back what nobody needs (Linux only)."""

    def __init__(self) -> None:
        self._after = 0

    def tidy(self) -> None:
        """Collect and give back where `GROWN` bytes more are held than after the last time."""
        if sys.platform == "linux" and _held() > self._after + GROWN:
            gc.collect()
            ctypes.CDLL(None).malloc_trim(0)
            self._after = _held()


def _held() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
