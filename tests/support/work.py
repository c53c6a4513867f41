"""How much work something is, told by what it does: a clock would tell how busy the machine is."""

import sys
from collections.abc import Callable
from pathlib import Path

MEGABYTE = 2**20


def calls(run: Callable[[], object]) -> int:
    """Return how many functions are called while `run` runs, those of Python and those written in C."""
    counted = 0

    def count(_: object, event: str, __: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(before)
    return counted


def growth(run: Callable[[int], object], size: int) -> float:
    """Return how many times the calls twice the size takes: 2 for work that grows as the size, 4 as its square."""
    run(size)  # what is loaded once is loaded
    return calls(lambda: run(2 * size)) / calls(lambda: run(size))


def peak_bytes(run: Callable[[], object]) -> int:
    """Return by how many bytes this process grows at most while `run` runs (Linux)."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts at what is held now
    before = _peak()
    run()
    return _peak() - before


def _peak() -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
