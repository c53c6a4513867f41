"""A real browser: documents that do not hold are marked where they are cited, read and copied."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from support.browsers import ask, open_marker, open_page, running_browser, running_page
from support.corpus import write
from support.versions import CATALOG, TEXTS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(os.environ.get("ASSISTANT_SKIP_BROWSER") == "1", reason="ASSISTANT_SKIP_BROWSER=1"),
]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("old")
    for path, text in TEXTS.items():
        write(folder / "corpus", path, text)
    write(folder / "corpus", "catalog.toml", CATALOG.replace("\\\\", "/"))
    with (
        running_page(folder / "corpus", folder / "index") as address,
        running_browser() as browser,
        open_page(browser, address) as page,
    ):
        yield page


def picture(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at it."""
    if folder := os.environ.get("ASSISTANT_PICTURES"):
        page.screenshot(path=Path(folder, f"{name}.png"))


def test_an_old_document_is_marked_and_leads_to_its_successor(page: Page) -> None:
    ask(page, "迟到三次会怎么样")
    answer = page.locator("#chat .answer").last
    assert answer.locator(".verdict").inner_text() == "已找到原文（引自已废止的文件，仅供参考）"
    assert answer.locator(".point .lapsed").inner_text() == "已废止"
    assert answer.locator(".origin .lapsed").inner_text() == "已废止，见《考勤规定》"
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    answer.locator("button.copy").click()
    page.wait_for_function("window.copied")
    copied = page.evaluate("window.copied").splitlines()
    assert copied[-1].startswith("[1] 《考勤办法》（已废止，见《考勤规定》）第三条")
    assert any(line.endswith("[1]（已废止）") for line in copied)
    open_marker(page, 1)
    page.wait_for_selector(".reader-lapsed .badge:has-text('已废止')")
    picture(page, "lapsed")
    page.locator(".reader-lapsed .successor").click()
    page.wait_for_function("document.querySelector('.reader-title').textContent === '《考勤规定》'")
    assert page.locator(".reader-lapsed").is_hidden()
