"""How far long work is: a bar on a terminal, nothing elsewhere."""

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.building import Report


class Bar:
    """A progress bar on a terminal, silent elsewhere, as a `Report`."""

    def __enter__(self) -> "Report":
        self._bar: Any = None
        self._stage = ""
        return self._report

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def _report(self, stage: str, done: int, total: int) -> None:
        if not sys.stderr.isatty():
            return
        if stage != self._stage or self._bar is None:
            from tqdm import tqdm

            self.__exit__()
            self._bar = tqdm(desc=stage, leave=False, unit="份" if stage == "读取文件" else "")
            self._stage = stage
        self._bar.total = total or None
        self._bar.n = done
        self._bar.refresh()
