"""The index brought up to date in the background, while everybody goes on asking the old one.

Changes that come close together are indexed together: building costs more by the run than by the
file. What a build says goes to `state`; a failure stays there until the next build works.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.base.errors import AssistantError
from assistant.index.builder import BuildResult, Report
from assistant.index.folder import BusyError

QUIET_SECONDS = 0.4
LONGEST_WAIT_SECONDS = 4.0
RETRY_SECONDS = 5.0
WAITING = "等待收录"
UNEXPECTED = "收录时程序出错：请点“重新收录”再试，仍不行请运行 python -m assistant doctor 查看原因。"

Refresh = Callable[[Report], BuildResult]


@dataclass(frozen=True)
class IndexingState:
    """How far the index is: `wanted` changes were asked for and `finished` of them are in, or failed with `error`.

    `stage`, `done` and `total` are of the build at work.
    """

    wanted: int = 0
    finished: int = 0
    stage: str = ""
    done: int = 0
    total: int = 0
    error: str = ""

    @property
    def busy(self) -> bool:
        """Whether a build is at work or waited for."""
        return self.finished < self.wanted


class Indexing:
    """Calls `refresh` in a thread of its own whenever somebody asked for it, never twice at a time."""

    def __init__(self, refresh: Refresh, quiet: float = QUIET_SECONDS, retry: float = RETRY_SECONDS) -> None:
        self._refresh, self._quiet, self._retry = refresh, quiet, retry
        self._changed = threading.Condition()
        self._state = IndexingState()
        self._working = False

    @property
    def state(self) -> IndexingState:
        """How far the index is."""
        return self._state

    def request(self) -> int:
        """Have the index brought up to date soon; return the number that `finished` then reaches."""
        with self._changed:
            self._state = replace(self._state, wanted=self._state.wanted + 1)
            self._changed.notify_all()
            if not self._working:
                self._working = True
                threading.Thread(target=self._work, name="indexing", daemon=True).start()
            return self._state.wanted

    def wait(self, number: int, seconds: float) -> bool:
        """Wait until `finished` reaches `number`; return whether it did."""
        with self._changed:
            return self._changed.wait_for(lambda: self._state.finished >= number, seconds)

    def _work(self) -> None:
        while True:
            with self._changed:
                if not self._state.busy:
                    self._working = False
                    return
            wanted = self._settled()
            error, again = self._build()
            with self._changed:
                self._state = replace(self._state, stage="", done=0, total=0, error=error)
                if not again:
                    self._state = replace(self._state, finished=wanted)
                self._changed.notify_all()
            if again:
                time.sleep(self._retry)

    def _settled(self) -> int:
        """Wait until no more changes come for a moment; return how many are wanted by then."""
        end = time.monotonic() + LONGEST_WAIT_SECONDS
        with self._changed:
            self._state = replace(self._state, stage=WAITING)
            wanted = self._state.wanted
            while time.monotonic() < end and self._more_than(wanted):
                wanted = self._state.wanted
            return self._state.wanted

    def _more_than(self, wanted: int) -> bool:
        return self._changed.wait_for(lambda: self._state.wanted > wanted, self._quiet)

    def _build(self) -> tuple[str, bool]:
        """Build; return what went wrong or "", and whether to try again without being asked."""
        try:
            self._refresh(self._report)
        except BusyError as error:
            return str(error), True
        except AssistantError as error:
            return str(error), False
        except Exception:  # a thread that dies silently would leave the page waiting for ever
            logging.getLogger(__name__).exception("the index could not be brought up to date")
            return UNEXPECTED, False
        return "", False

    def _report(self, stage: str, done: int, total: int) -> None:
        with self._changed:
            self._state = replace(self._state, stage=stage, done=done, total=total)
