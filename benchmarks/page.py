"""The page in a real browser: start, first paint, until it can be used, an answer, a place opened; and at rest."""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.machine import ROOT

RUNS = 7
REST_SECONDS = 60
QUESTIONS = ("巡视整改要求是什么", "政治巡察的根本任务是什么", "讲话提了哪三点意见？", "本轮巡视从哪一天开始？")
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
SENT = "performance.getEntriesByType('resource').reduce((sum, one) => sum + one.transferSize, 0)"


def report(data: Path) -> Iterator[str]:
    """Yield the lines of the section, a table; `data` is not needed."""
    sys.path.insert(0, str(ROOT / "tests"))
    from support.browsers import running_browser, running_process

    with tempfile.TemporaryDirectory() as folder, running_browser() as browser:
        started = perf_counter()
        with running_process(ROOT / "corpus", Path(folder) / "index") as (process, address):
            ready = perf_counter() - started
            at_rest = _share_of_a_core(process)
            visits = [_visit(browser, address) for _ in range(RUNS)]
    yield "| what | measured |\n|---|---|"
    yield f"| from starting the program to ready, the index of the speech built on the way | {ready:.1f} s |"
    names = {
        "paint": "first contentful paint",
        "usable": "until a question can be typed and sent",
        "answer": f"from Enter to the answer on the screen, {len(QUESTIONS)} questions",
        "place": "from a click on a citation to the marked words",
    }
    for key, name in names.items():
        times = sorted(time for visit in visits for time in visit[key])
        yield f"| {name}, median / slowest of {len(times)} | {statistics.median(times):.0f} / {times[-1]:.0f} ms |"
    yield f"| sent over the network for the first visit | {visits[0]['sent'] / 1000:.0f} kB |"
    yield f"| processor time of the server with no page open, over {REST_SECONDS} s | {at_rest:.2%} of a core |"


def _share_of_a_core(process: int) -> float:
    """Return the share of one core that a process takes at rest (Linux), user and system time together."""
    before = _processor_seconds(process)
    time.sleep(REST_SECONDS)
    return (_processor_seconds(process) - before) / REST_SECONDS


def _processor_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _visit(browser: Any, address: str) -> dict[str, Any]:
    """Return what one visit with a fresh profile took, in milliseconds."""
    from support.browsers import ask, open_marker

    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
    try:
        page = context.new_page()
        begun = perf_counter()
        page.goto(address)
        page.wait_for_selector(".example")
        usable = _since(begun)
        answers, places = [], []
        for question in QUESTIONS:
            begun = perf_counter()
            ask(page, question)
            answers.append(_since(begun))
            begun = perf_counter()
            open_marker(page, 1)
            places.append(_since(begun))
        return {
            "paint": [page.evaluate(PAINT)],
            "usable": [usable],
            "answer": answers,
            "place": places,
            "sent": page.evaluate(SENT),
        }
    finally:
        context.close()


def _since(begun: float) -> float:
    return 1000 * (perf_counter() - begun)
