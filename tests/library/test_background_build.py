import threading
from collections.abc import Callable

from assistant.base.errors import ReadingError
from assistant.index.builder import BuildResult, Report
from assistant.index.folder import BusyError
from assistant.library.background_build import Indexing, IndexingState
from support.corpus import assert_one_line

DONE = BuildResult((), (), (), 0, (), (), 0, {}, 0.0)
SECONDS = 20.0


class Builds:
    """Counts builds; the next ones fail with what `failures` holds, and wait while `going` is not set."""

    def __init__(self, *failures: Exception) -> None:
        self.count = 0
        self.failures = list(failures)
        self.going = threading.Event()
        self.going.set()
        self.begun = threading.Semaphore(0)

    def __call__(self, report: Report) -> BuildResult:
        self.count += 1
        report("读取文件", 1, 2)
        self.begun.release()
        assert self.going.wait(SECONDS)
        if self.failures:
            raise self.failures.pop(0)
        return DONE


def run(builds: Callable[[Report], BuildResult]) -> Indexing:
    return Indexing(builds, quiet=0.05, retry=0.05)


def test_many_changes_take_few_builds() -> None:
    builds = Builds()
    indexing = run(builds)
    assert indexing.state == IndexingState() and not indexing.state.busy
    numbers = [indexing.request() for _ in range(200)]
    assert numbers == list(range(1, 201))
    assert indexing.wait(200, SECONDS)
    assert indexing.state == IndexingState(200, 200) and not indexing.state.busy
    assert builds.count == 1


def test_a_change_during_a_build_is_built_after_it() -> None:
    builds = Builds()
    builds.going.clear()
    indexing = run(builds)
    indexing.request()
    assert builds.begun.acquire(timeout=SECONDS)
    assert indexing.state == IndexingState(1, 0, "读取文件", 1, 2)
    indexing.request()
    builds.going.set()
    assert indexing.wait(2, SECONDS)
    assert builds.count == 2


def test_it_starts_again_once_idle() -> None:
    builds = Builds()
    indexing = run(builds)
    for number in (1, 2, 3):
        assert indexing.request() == number
        assert indexing.wait(number, SECONDS)
    assert builds.count == 3


def test_a_failure_stays_until_the_next_build_works() -> None:
    indexing = run(Builds(ReadingError("没有找到文件夹，请新建它。")))
    assert indexing.wait(indexing.request(), SECONDS)
    assert indexing.state.error == "没有找到文件夹，请新建它。"
    assert indexing.wait(indexing.request(), SECONDS)
    assert indexing.state.error == ""


def test_what_nobody_foresaw_is_said_in_one_line() -> None:
    indexing = run(Builds(ZeroDivisionError("x")))
    assert indexing.wait(indexing.request(), SECONDS)
    assert_one_line(indexing.state.error)
    assert "x" not in indexing.state.error


def test_another_writer_is_waited_for() -> None:
    builds = Builds(BusyError("另一个程序正在更新索引：请等它完成后再试。"))
    indexing = run(builds)
    assert indexing.wait(indexing.request(), SECONDS)
    assert builds.count == 2
    assert indexing.state == IndexingState(1, 1)
