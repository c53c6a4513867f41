"""What tests no longer need goes back to the system, or one process of the whole suite would hold six gigabytes.

FastAPI remembers every route that it has looked at, and with it the desk and the models behind it; what is in
circles waits long for Python to look; glibc keeps what was freed.
"""

import ctypes
import gc
import os
import sys
from functools import _lru_cache_wrapper
from pathlib import Path

GROWN = 200 * 2**20


class Memory:
    """Looks how much this process holds and, where that has grown, gives back what nobody needs (Linux only)."""

    def __init__(self) -> None:
        self._after = 0

    def tidy(self) -> None:
        """Collect and give back where `GROWN` bytes more are held than after the last time."""
        if sys.platform == "linux" and _held() > self._after + GROWN:
            _forget_routes()
            gc.collect()
            ctypes.CDLL(None).malloc_trim(0)
            self._after = _held()


def _forget_routes() -> None:
    for module in [module for name, module in sys.modules.items() if name.startswith("fastapi.")]:
        for value in vars(module).values():
            if isinstance(value, _lru_cache_wrapper):
                value.cache_clear()


def _held() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
