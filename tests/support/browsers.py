"""A page on a free port and a real browser on it."""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from assistant.base.settings import PREFIX
from support.pages import paths_in
from support.paths import ROOT

QUESTION = "巡视整改要求是什么"
WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 390, "height": 844}
START_SECONDS = 90
AXE = next(iter(sorted(ROOT.glob(".venv/axe-core-*/package/axe.min.js"))), None)
GRAVE = ("serious", "critical")
FINDINGS = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations.map((v) => [v.impact, v.id, v.nodes.map((n) => n.target.join(" ") + " " + n.failureSummary)]);
}"""
NEEDS_AXE = pytest.mark.skipif(AXE is None, reason="no axe-core: `make test` fetches it")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
NO_BROWSER = (
    "no Chromium found: install it (apt-get install chromium fonts-noto-cjk), "
    "or set ASSISTANT_SKIP_BROWSER=1 to leave the browser tests out"
)


def find_chromium() -> str:
    """Return the path of Chromium; raises `RuntimeError` saying how to get it."""
    for name in ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    raise RuntimeError(NO_BROWSER)


@contextmanager
def running_page(corpus: Path, index: Path, port: int = 0) -> Iterator[str]:
    """Serve the page over `corpus` as a user would, on a free port for 0, and yield its address once it is ready."""
    with running_process(corpus, index, port) as (_, address):
        yield address


@contextmanager
def running_process(corpus: Path, index: Path, port: int = 0) -> Iterator[tuple[int, str]]:
    """Serve the page as `running_page` does, and yield the number of its process too."""
    command = [sys.executable, "-m", "assistant", "serve", "--corpus", str(corpus), "--index", str(index)]
    command += ["--port", str(port)]
    log = index.with_name(f"{index.name}.log")
    with log.open("w", encoding="utf-8") as output:
        own = {f"{PREFIX}{name.upper()}": str(path) for name, path in paths_in(index.parent).items()}
        environment = os.environ | {"PYTHONIOENCODING": "utf-8", "ASSISTANT_HOST": "127.0.0.1"} | own
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        yield process.pid, _address(process, log)
    finally:
        process.terminate()
        process.wait(30)


def _address(process: subprocess.Popen, log: Path) -> str:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text(encoding="utf-8"))
        if found and _is_ready(found[0]):
            return found[0]
        time.sleep(0.2)
    raise RuntimeError(f"the page did not come up:\n{log.read_text(encoding='utf-8')}")


def _is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=30) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Yield a headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def open_page(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """Yield a page of a fresh profile at `address`, ready to be asked."""
    context = browser.new_context(locale="zh-CN", **({"viewport": WIDE} | options))
    try:
        page = context.new_page()
        page.goto(address)
        page.wait_for_selector(".status[data-stage=ready]")
        page.wait_for_selector("#begin .example")
        yield page
    finally:
        context.close()


def findings(page: Page) -> list[tuple[str, str, list[str]]]:
    """Return what axe-core finds that is serious: (impact, rule, places)."""
    assert AXE is not None
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return [tuple(found) for found in page.evaluate(FINDINGS) if found[0] in GRAVE]


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


ANSWERED = """n => {
  const questions = document.querySelectorAll("#chat .question");
  const shown = [...document.querySelectorAll("#chat .answer")].pop();
  const last = questions[questions.length - 1];
  return questions.length > n && shown && last.compareDocumentPosition(shown) & Node.DOCUMENT_POSITION_FOLLOWING;
}"""


def ask(page: Page, question: str) -> None:
    """Type `question`, send it, and wait for its answer to stand in the chat."""
    questions = page.locator("#chat .question").count()
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    page.wait_for_function(ANSWERED, arg=questions)


def open_marker(page: Page, marker: int) -> None:
    """Click marker [n] of the last answer and wait for the quote in the reader."""
    page.locator("#chat .answer").last.locator(".words a.cite", has_text=f"[{marker}]").click()
    page.wait_for_selector("mark.quote", state="visible")
