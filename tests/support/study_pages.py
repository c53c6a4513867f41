"""The page of study packs in a browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from support.browsers import WIDE

ITEMS = ".kind:has(h3:has-text('填空题')) .item"


@contextmanager
def open_study(
    browser: Browser, address: str, path: str = "/study", watched: bool = True, **options: Any
) -> Iterator[Page]:
    """Yield the page, ready, in a fresh profile; fails on an error in a script and a request elsewhere.

    `watched`: it fails, too, where the policy had to refuse something.
    """
    context = browser.new_context(locale="zh-CN", **({"viewport": WIDE} | options))
    wrong: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda m: wrong.append(m.text) if "Content Security Policy" in m.text and watched else None)
    page.on("request", lambda r: wrong.append(r.url) if _foreign(r.url, address) else None)
    try:
        page.goto(address + path)
        page.wait_for_selector(".status[data-stage=ready]")
        page.wait_for_selector("form.build .rows input, .tab-panel > *, #view .failed", state="attached")
        yield page
        assert wrong == []
    finally:
        context.close()


def stems(page: Page) -> list[str]:
    return page.locator(f"{ITEMS} .stem").all_inner_texts()


def _foreign(url: str, address: str) -> bool:
    return not url.startswith("blob:") and urlsplit(url).netloc != urlsplit(address).netloc
