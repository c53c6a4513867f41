"""A real browser: what readers say of an answer, and that it is kept."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from assistant.answering.answer import Status
from assistant.answering.service import Service
from assistant.base.settings import Settings
from assistant.evaluation.feedback.history import FileHistory
from support.browsers import NARROW, QUESTION, ask, open_page, running_page, scrolls_sideways
from support.chatting import HOSTILE, NOT_FOUND, brightness, one_with
from support.paths import ROOT

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    (folder / "corpus" / "敌意<b>文件.txt").write_text(HOSTILE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with running_page(folder / "corpus", folder / "index") as address:
        yield address


@pytest.fixture(scope="module")
def service(folder: Path, address: str) -> Service:
    return Service(Settings(corpus=folder / "corpus", index=folder / "index"))


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with open_page(browser, address) as page:
        yield page


def remarks(folder: Path, question: str) -> list[tuple[str, int | None, str]]:
    """Return what was said of the answers to `question`, which a test asks alone."""
    judged = FileHistory(folder / "history.sqlite", 180).judged()
    return [(r.kind, r.marker, r.comment) for j in judged if j.asked.question == question for r in j.remarks]


def test_a_useful_answer_takes_one_click(page: Page, folder: Path) -> None:
    question = "政治巡察根本任务是什么？"
    ask(page, question)
    assert page.locator("#chat .feedback .say").all_inner_texts() == ["有用", "引用有误", "没找到我要的"]
    page.click("#chat .feedback .useful")
    page.wait_for_selector("#chat .feedback .said")
    assert page.inner_text("#chat .feedback") == "已记下，谢谢"
    assert page.get_attribute("#chat .feedback .said", "role") == "status"
    assert remarks(folder, question) == [("useful", None, "")]
    ask(page, QUESTION)
    assert page.locator("#chat .feedback .say").count() == 3


def test_a_wrong_citation_is_chosen_and_explained_with_the_keyboard(page: Page, folder: Path, service: Service) -> None:
    question = "巡视整改有哪些要求？"
    citations = service.ask(question).citations
    assert len(citations) > 2
    ask(page, question)
    page.focus("#chat .feedback .wrong_citation")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "哪一条引文有误"
    places = [f"[{c.marker}] {c.section} 第{c.paragraph}段" for c in citations]
    assert page.locator("#chat .which option").all_inner_texts() == places
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("<b>不是</b>这条")
    page.keyboard.press("Enter")
    page.wait_for_selector("#chat .feedback .said")
    assert page.evaluate("document.activeElement.textContent") == "已记下，谢谢"
    assert remarks(folder, question) == [("wrong_citation", 2, "<b>不是</b>这条")]


def test_a_single_citation_needs_no_choosing(page: Page, folder: Path, service: Service) -> None:
    question = "本轮巡视对几个单位开展巡视？"
    assert len(service.ask(question).citations) == 1
    ask(page, question)
    page.click("#chat .feedback .wrong_citation")
    assert not page.is_visible("#chat .which")
    page.keyboard.press("Enter")
    page.wait_for_selector("#chat .feedback .said")
    assert remarks(folder, question) == [("wrong_citation", 1, "")]


def test_escape_closes_the_reason_and_the_button_opens_and_closes_it(page: Page, folder: Path) -> None:
    ask(page, QUESTION)
    missing = page.locator("#chat .feedback .missing")
    missing.click()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "想找什么？（可不填）"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "没找到我要的"
    assert (page.locator(".reason").count(), missing.get_attribute("aria-expanded")) == (0, "false")
    missing.click()
    page.click("#chat .feedback .wrong_citation")
    assert (page.locator(".reason").count(), page.locator(".which").count()) == (1, 1)
    page.click("#chat .feedback .wrong_citation")
    assert page.locator(".reason").count() == 0
    assert remarks(folder, QUESTION) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_missing_is_said_in_a_narrow_window(
    browser: Browser, address: str, folder: Path, service: Service, scheme: str
) -> None:
    question = f"{one_with(service, Status.NOT_FOUND, NOT_FOUND).question}{scheme}"
    with open_page(browser, address, viewport=NARROW, color_scheme=scheme, has_touch=True) as page:
        ask(page, question)
        assert page.locator("#chat .feedback .say").all_inner_texts() == ["没找到我要的"]
        page.click("#chat .feedback .missing")
        comment, tell = (page.locator(f"#chat .feedback {name}").bounding_box() for name in (".comment", ".tell"))
        assert comment and tell and comment["width"] > 150
        assert 0 <= comment["x"] and tell["x"] + tell["width"] <= NARROW["width"]
        assert not scrolls_sideways(page)
        assert (brightness(page, ".comment", "backgroundColor") < 90) is (scheme == "dark")
        page.fill("#chat .feedback .comment", "想找期限")
        page.click("#chat .feedback .tell")
        page.wait_for_selector("#chat .feedback .said")
        assert remarks(folder, question) == [("missing", None, "想找期限")]


def test_feedback_on_an_answer_that_is_not_kept_says_so(page: Page) -> None:
    ask(page, QUESTION)
    page.evaluate("document.querySelector('#chat .feedback').id = 'answer-' + '0'.repeat(32)")
    page.click("#chat .feedback .useful")
    page.wait_for_selector("#chat .feedback .failed")
    assert page.inner_text("#chat .feedback .failed") == "这个回答不在记录里：请重新提问，再对新的回答反馈。"
    assert page.locator("#chat .feedback .say").count() == 3


def test_where_nothing_is_recorded_there_are_no_buttons(
    browser: Browser, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_HISTORY_DAYS", "0")
    with running_page(folder / "corpus", tmp_path / "index") as address, open_page(browser, address) as page:
        ask(page, QUESTION)
        assert page.locator("#chat .copy").count() == 1
        assert page.locator("#chat .feedback").count() == 0
    assert not (tmp_path / "history.sqlite").exists()
