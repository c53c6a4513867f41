"""axe-core, run in a real browser over the states of the page: no serious finding in any of them."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from support.browsers import (
    NARROW,
    NEEDS_AXE,
    QUESTION,
    ROOT,
    WIDE,
    ask,
    findings,
    open_marker,
    open_page,
    running_page,
)

pytestmark = [pytest.mark.browser, NEEDS_AXE]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("accessibility")
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    with running_page(folder / "corpus", folder / "index") as address:
        yield address


def nothing(page: Page) -> None:
    page.wait_for_selector("#begin .begin-examples[role=group] .example")


def answered(page: Page) -> None:
    ask(page, QUESTION)
    open_marker(page, 1)


def not_found(page: Page) -> None:
    ask(page, "火星上有多少只企鹅？")


def refused(page: Page) -> None:
    page.click("#send")
    page.wait_for_selector("#chat .answer.notice")


def judging(page: Page) -> None:
    ask(page, QUESTION)
    page.click("#chat .feedback .wrong_citation")
    page.wait_for_selector("#chat .feedback .reason")


def reading(page: Page) -> None:
    """Sections, search and the buttons of selected words open at once; several citations marked."""
    answered(page)
    if page.is_hidden(".reader-toc"):
        page.click(".toc-open")
    page.click(".find-open")
    page.fill(".find-words", "整改")
    page.wait_for_selector("mark.hit.is-current")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.paragraph .text'))")
    page.wait_for_selector(".reader-pick", state="visible")


def printing(page: Page) -> None:
    answered(page)
    page.click(".print")
    page.wait_for_selector(".reader-prints", state="visible")


def choosing(page: Page) -> None:
    page.click(".scope-button")
    page.check(".document-box input")


def listing(page: Page) -> None:
    ask(page, QUESTION)
    page.wait_for_selector(".suggestion")
    if page.is_hidden(".conversations"):
        page.click(".list-button")
    page.wait_for_selector(".kept")


def editing(page: Page) -> None:
    ask(page, QUESTION)
    page.click("#chat .edit")
    page.click(".export-button")


LOOKS: dict[str, dict[str, object]] = {
    "wide": {},
    "dark": {"color_scheme": "dark"},
    "390": {"viewport": NARROW, "has_touch": True},
}


STATES = [nothing, answered, not_found, refused, judging, reading, printing, choosing, listing, editing]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("state", STATES)
def test_the_chat_has_no_serious_finding(
    browser: Browser, address: str, state: Callable[[Page], None], look: str
) -> None:
    with open_page(browser, address, **({"viewport": WIDE} | LOOKS[look])) as page:
        state(page)
        assert findings(page) == []


def test_a_picture_without_words_is_found(browser: Browser, address: str) -> None:
    with open_page(browser, address) as page:
        nothing(page)
        page.evaluate("document.body.append(new Image())")
        assert [rule for _, rule, _ in findings(page)] == ["image-alt"]
