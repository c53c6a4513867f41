import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request

from assistant.answering.answer import Citation, Status
from assistant.answering.service import Service
from assistant.base.settings import Settings
from support.browsers import NARROW, QUESTION, ask, open_marker, open_page, running_page, scrolls_sideways
from support.chatting import HOSTILE, NOT_FOUND, brightness, one_with
from support.paths import ROOT

pytestmark = pytest.mark.browser
HOSTILE_QUESTION = "数据安全培训每年参加几次？"
MENTIONED = ("“四个聚焦”是什么？", "本轮巡视从哪一天开始？", "巡视组组长叫什么名字？")


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


def marked(page: Page) -> str:
    return "\n".join(page.locator("mark.quote").all_text_contents())


def in_view(page: Page) -> bool:
    return bool(
        page.evaluate(
            """() => {
              const frame = document.querySelector(".reader-body").getBoundingClientRect();
              const mark = document.querySelector("mark.quote").getBoundingClientRect();
              return mark.top >= frame.top && mark.top < frame.bottom - 20 && mark.height > 0;
            }"""
        )
    )


def is_shown_as(page: Page, c: Citation) -> None:
    mark = page.locator("mark.quote").first
    assert marked(page) == c.quote
    assert mark.get_attribute("data-document") == c.document_id
    assert (mark.get_attribute("data-start"), mark.get_attribute("data-end")) == (str(c.start), str(c.end))
    assert page.inner_text(".reader-title") == f"《{c.document}》"
    assert page.inner_text(".paragraph.is-quoted .number") == f"第{c.paragraph}段"
    assert in_view(page)


def test_a_citation_opens_the_source_at_the_quote(
    browser: Browser, address: str, service: Service, tmp_path: Path
) -> None:
    found = service.ask(QUESTION)
    assert found.status is Status.ANSWERED
    with open_page(browser, address) as page:
        requests: list[Request] = []
        errors: list[Any] = []
        page.on("request", lambda request: requests.append(request))
        page.on("pageerror", lambda error: errors.append(error))
        page.reload()
        page.wait_for_selector("#begin .example")
        ask(page, QUESTION)
        shown = page.locator("#chat .answer.answered .words").all_text_contents()
        assert shown == [f"{c.quote}[{c.marker}]" for c in found.citations]
        for c in found.citations:
            open_marker(page, c.marker)
            page.wait_for_selector(f"mark.quote[data-start='{c.start}']")
            is_shown_as(page, c)
        page.screenshot(path=tmp_path / "page.png")
        assert {urlsplit(r.url).netloc for r in requests if not r.url.startswith("data:")} == {urlsplit(address).netloc}
        assert len(requests) > 10
        assert errors == []


def test_the_keyboard_opens_and_closes_the_source(page: Page, service: Service) -> None:
    c = service.ask(QUESTION).citations[0]
    ask(page, QUESTION)
    page.locator("#chat .words a.cite").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("mark.quote")
    is_shown_as(page, c)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "[1]"


def test_sources_under_the_answer_name_and_open_their_places(page: Page, service: Service) -> None:
    c = service.ask(QUESTION).citations[-1]
    ask(page, QUESTION)
    source = page.locator("#chat .sources a.source").last
    assert source.inner_text() == f"[{c.marker}] {c.section} 第{c.paragraph}段"
    source.click()
    page.wait_for_selector("mark.quote")
    is_shown_as(page, c)


def test_examples_can_be_clicked_and_the_conversation_cleared(page: Page) -> None:
    page.locator("#begin .example").first.click()
    page.wait_for_selector("#chat .answer")
    assert page.inner_text("#chat .question") == QUESTION
    ask(page, "政治巡察的根本任务是什么")
    assert page.locator("#chat .question").count() == 2
    page.click("#clear")
    page.wait_for_selector("#begin .example")
    assert page.locator("#chat .answer").count() == 0
    ask(page, QUESTION)
    assert page.locator("#chat .question").count() == 1


def test_a_follow_up_says_what_it_was_understood_as_and_can_be_corrected(page: Page, tmp_path: Path) -> None:
    ask(page, QUESTION)
    assert page.locator("#chat .understood").count() == 0
    ask(page, "那具体怎么做")
    assert page.locator("#chat .question").last.inner_text() == "那具体怎么做"
    assert page.inner_text("#chat .understood") == "理解为：巡视整改具体怎么做改一改"
    page.screenshot(path=tmp_path / "understood.png")
    page.click("#chat .understood button.mend")
    assert page.input_value("#question textarea") == "巡视整改具体怎么做"
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.press("#question textarea", "End")
    page.locator("#question textarea").type("呢")
    page.press("#question textarea", "Enter")
    page.wait_for_function("() => document.querySelectorAll('#chat .answer').length === 3")
    assert page.locator("#chat .question").last.inner_text() == "巡视整改具体怎么做呢"
    page.click("#clear")
    page.wait_for_selector("#begin .example")
    ask(page, "为什么")
    assert "请先说明要问的事" in page.inner_text("#chat .answer.notice")


def test_nothing_in_a_document_or_a_question_runs(browser: Browser, address: str, service: Service) -> None:
    found = service.ask(HOSTILE_QUESTION)
    c = next(c for c in found.citations if "敌意" in c.document)
    with open_page(browser, address) as page:
        elsewhere: list[str] = []
        page.on("request", lambda r: elsewhere.append(r.url) if urlsplit(address).netloc not in r.url else None)
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
        ask(page, HOSTILE_QUESTION)
        shown = page.locator("#chat .words").all_text_contents()
        assert shown == [f"{c.quote}[{c.marker}]" for c in found.citations]
        open_marker(page, c.marker)
        is_shown_as(page, c)
        texts = page.locator(".paragraph .text").all_text_contents()
        assert texts == HOSTILE.split("\n")
        ask(page, HOSTILE)
        assert page.locator("#chat .question").last.inner_text() == HOSTILE
        page.wait_for_timeout(300)
        assert page.locator("#desk :is(script, iframe, img)").count() == 0
        assert page.evaluate("window.hacked") is None
        assert [url for url in elsewhere if not url.startswith("data:")] == []


def test_what_is_not_found_looks_different(page: Page, service: Service) -> None:
    looks = {}
    questions = [QUESTION, one_with(service, Status.MENTIONED, MENTIONED).question]
    for question in [*questions, one_with(service, Status.NOT_FOUND, NOT_FOUND).question]:
        ask(page, question)
        answer = page.locator("#chat .answer").last
        style = "e => getComputedStyle(e).borderLeftColor + getComputedStyle(e).borderLeftStyle"
        looks[answer.locator(".verdict").inner_text()] = answer.evaluate(style)
    assert list(looks) == ["已找到原文", "只有相关原文", "没有找到"]
    assert len(set(looks.values())) == 3
    assert page.locator("#chat .answer.not_found .words a.cite, #chat .answer.not_found .sources").count() == 0


def test_the_nearest_passage_can_be_looked_at(page: Page, service: Service) -> None:
    found = one_with(service, Status.NOT_FOUND, NOT_FOUND)
    ask(page, found.question)
    page.locator("#chat .answer.not_found a.look").first.click()
    page.wait_for_selector("mark.quote")
    assert marked(page) == found.passages[0].text


def test_an_answer_is_copied_as_text_with_its_sources(browser: Browser, address: str, service: Service) -> None:
    found = service.ask(QUESTION)
    with open_page(browser, address, permissions=["clipboard-read", "clipboard-write"]) as page:
        ask(page, QUESTION)
        page.locator("#chat button.copy").click()
        page.wait_for_selector("#chat button.copy:text('已复制')")
        copied = page.evaluate("navigator.clipboard.readText()")
    for c in found.citations:
        assert f"{c.marker}. {c.quote}[{c.marker}]\n" in copied
        assert f"[{c.marker}] 《{c.document}》{c.section} 第{c.paragraph}段" in copied.split("出处：\n")[1].splitlines()
    assert "#cite" not in copied and "http" not in copied


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_window_opens_the_source_over_the_chat(
    browser: Browser, address: str, service: Service, tmp_path: Path, scheme: str
) -> None:
    c = service.ask(QUESTION).citations[1]
    with open_page(browser, address, viewport=NARROW, color_scheme=scheme, has_touch=True) as page:
        assert not scrolls_sideways(page)
        ask(page, QUESTION)
        assert not page.is_visible(".reader")
        open_marker(page, c.marker)
        is_shown_as(page, c)
        assert page.locator(".reader").bounding_box() == {"x": 0, "y": 0, **NARROW}
        assert not scrolls_sideways(page)
        page.screenshot(path=tmp_path / "page-390.png")
        page.click(".reader-close")
        assert not page.is_visible(".reader")
        assert page.is_visible("#question textarea")


@pytest.mark.parametrize("way", ["address", "system"])
def test_dark_mode(browser: Browser, address: str, tmp_path: Path, way: str) -> None:
    options = {"color_scheme": "dark"} if way == "system" else {}
    with open_page(browser, f"{address}/?__theme=dark" if way == "address" else address, **options) as page:
        ask(page, QUESTION)
        open_marker(page, 1)
        for selector in (".reader", "#chat", "#question textarea", "mark.quote"):
            assert brightness(page, selector, "backgroundColor") < 90, selector
        for selector in ("#chat .words", ".paragraph .text", ".bar h1", "mark.quote", "#question textarea"):
            assert brightness(page, selector, "color") > 180, selector
        page.screenshot(path=tmp_path / "page-dark.png")


def explanation(page: Page) -> str:
    return page.inner_text(".explain").replace("\n\n", "\n")


@pytest.fixture
def explained(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page with the first quote of the answer open."""
    with open_page(browser, address, **getattr(request, "param", {})) as page:
        ask(page, QUESTION)
        open_marker(page, 1)
        yield page


def test_words_of_the_glossary_are_explained(explained: Page, service: Service) -> None:
    page, c = explained, service.ask(QUESTION).citations[0]
    (duty,) = [term for term in service.glossary.defined if term.words == ("两个维护",)]
    expected = f"词表解释（不是文件原文）：\n{duty.definition}\n解释出处：编者说明"
    is_shown_as(page, c)
    text = service.document(c.document_id).text
    assert "\n".join(page.locator(".paragraph .text").all_text_contents()) == text.strip("\n")
    word = page.locator(".term", has_text="两个维护").first
    word.hover()
    page.wait_for_selector(".explain", state="visible")
    assert explanation(page) == expected
    assert page.evaluate("e => document.getElementById(e).textContent", word.get_attribute("aria-describedby")) == (
        expected.replace("\n", "")
    )
    page.mouse.move(2, 2)
    page.wait_for_selector(".explain", state="hidden")
    word.click()
    page.mouse.move(2, 2)
    page.wait_for_timeout(400)
    assert page.is_visible(".explain") and word.get_attribute("aria-expanded") == "true"
    word.click()
    assert page.is_hidden(".explain") and word.get_attribute("aria-expanded") == "false"
    copied = page.evaluate("window.getSelection().selectAllChildren(document.querySelector('.reader-body')) ?? ''")
    copied = page.evaluate("window.getSelection().toString()")
    assert c.quote in copied and duty.definition not in copied and "词表解释" not in copied


def test_the_keyboard_explains_words(explained: Page) -> None:
    page = explained
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "term"
    assert "词表解释（不是文件原文）" in explanation(page)
    page.keyboard.press("Escape")
    assert page.is_hidden(".explain") and page.locator("mark.quote").is_visible()
    page.keyboard.press("Enter")
    assert page.is_visible(".explain")
    page.keyboard.press("Tab")
    assert page.locator(".term[aria-expanded=true]").count() == 1
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "[1]"


NARROW_DARK = {"viewport": NARROW, "color_scheme": "dark", "has_touch": True}


@pytest.mark.parametrize("explained", [NARROW_DARK], indirect=True, ids=["390 dark"])
def test_a_tap_explains_a_word_in_a_narrow_dark_window(explained: Page, tmp_path: Path) -> None:
    page = explained
    for word in (page.locator("mark.quote .term, .term").first, page.locator(".term").last):
        word.scroll_into_view_if_needed()
        word.tap()
        page.wait_for_selector(".explain", state="visible")
        box = page.locator(".explain").bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= NARROW["width"]
        assert box["y"] >= 0 and box["y"] + box["height"] <= NARROW["height"]
        assert not scrolls_sideways(page)
    assert brightness(page, ".explain", "backgroundColor") < 90
    assert brightness(page, ".explain p:nth-child(2)", "color") > 180
    page.screenshot(path=tmp_path / "explained-390.png")
    page.locator(".explain").tap()
    assert page.is_visible(".explain")
    page.locator(".reader-title").tap()
    assert page.is_hidden(".explain")


def test_an_empty_question_is_answered_in_words(page: Page) -> None:
    page.click("#send")
    page.wait_for_selector("#chat .answer.notice")
    assert "请先输入问题。" in page.inner_text("#chat .answer.notice")
    ask(page, QUESTION)
    assert page.locator("#chat .answer.notice").count() == 0


def test_a_citation_of_a_document_that_is_gone_says_so(page: Page) -> None:
    ask(page, QUESTION)
    page.evaluate("document.querySelector('#chat .words a.cite').setAttribute('href', '#cite-d000000000000-1-2')")
    page.locator("#chat .words a.cite").first.click()
    page.wait_for_selector(".reader-message")
    assert "d000000000000" in page.inner_text(".reader-message")
    assert page.locator("mark.quote").count() == 0


def test_screen_readers_hear_no_tags(page: Page) -> None:
    ask(page, QUESTION)
    page.wait_for_function("() => !document.querySelector('#chat [aria-label*=\"<div\"]')")
    assert page.get_attribute("#chat [role=log]", "aria-label") == "对话"
    assert page.get_attribute("html", "lang") == "zh-CN"
