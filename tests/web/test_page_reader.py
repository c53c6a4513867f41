"""The source reader in a real browser: sections, citations, search, copies, links, print, long documents."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from assistant.answering.service import Service
from assistant.base.settings import Settings
from support.browsers import QUESTION, ask, open_marker, open_page, running_page
from support.reading import (
    ARTICLES,
    CHAPTERS,
    in_view,
    is_shown_in_order,
    open_place,
    quoted,
    texts,
    view_of,
    wait_for_quote,
    write_documents,
)

pytestmark = pytest.mark.browser
DRILLS = "值班人员参加消防演练有什么要求？"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reading")
    write_documents(folder)
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with running_page(folder / "corpus", folder / "index") as address:
        yield address


@pytest.fixture(scope="module")
def service(folder: Path, address: str) -> Service:
    return Service(Settings(corpus=folder / "corpus", index=folder / "index"))


@pytest.fixture(scope="module")
def shared(browser: Browser, address: str) -> Iterator[Page]:
    with open_page(browser, address, permissions=["clipboard-read", "clipboard-write"]) as page:
        yield page


@pytest.fixture
def page(shared: Page) -> Page:
    """A page that others have used, with nothing open above the document."""
    shared.evaluate("getSelection().removeAllRanges()")
    shared.focus(".reader-body")
    for _ in range(3):
        shared.keyboard.press("Escape")
    assert shared.is_hidden(".reader-find") and shared.is_hidden(".reader-toc")
    return shared


def numbers(page: Page) -> list[int]:
    return [int(n) for n in page.eval_on_selector_all(".paragraph", "all => all.map(e => e.dataset.number)")]


def test_every_citation_of_the_answer_is_marked_and_the_clicked_one_stands_out(page: Page, service: Service) -> None:
    found = service.ask(QUESTION).citations
    assert len(found) > 2 and len({c.document_id for c in found}) == 1
    ask(page, QUESTION)
    open_marker(page, 2)
    wait_for_quote(page, found[1])
    others = page.locator("mark.cited").all_text_contents()
    assert "".join(others) == "".join(c.quote for c in found if c.marker != 2)
    assert page.inner_text(".step") == f"引文 2/{len(found)}"
    style = "e => ['backgroundColor', 'boxShadow', 'borderBottom'].map((name) => getComputedStyle(e)[name])"
    strong, pale = (page.locator(s).first.evaluate(style) for s in ("mark.quote", "mark.cited"))
    assert strong[0] != pale[0]
    assert "inset" in strong[1] and pale[1] == "none"
    assert strong[2].startswith("0px") and pale[2].startswith("2px dotted")
    page.locator("mark.cited").last.dispatch_event("click")
    wait_for_quote(page, found[-1])
    assert page.locator("#chat .words a.cite.is-open").inner_text() == f"[{found[-1].marker}]"


def test_buttons_and_keys_go_from_citation_to_citation_and_on_into_the_next_document(
    page: Page, service: Service
) -> None:
    found = service.ask(DRILLS).citations
    assert len({c.document_id for c in found}) == 2
    ask(page, DRILLS)
    open_marker(page, 1)
    wait_for_quote(page, found[0])
    assert page.is_disabled(".step-previous")
    for c in found[1:]:
        page.click(".step-next")
        wait_for_quote(page, c)
        assert page.inner_text(".reader-title") == f"《{c.document}》"
        assert page.locator("#chat .words a.cite.is-open").first.inner_text() == f"[{c.marker}]"
    assert page.is_disabled(".step-next")
    page.focus(".reader-body")
    for c in [*found[-2::-1], found[1]]:
        page.keyboard.press("ArrowRight" if c is found[1] else "ArrowLeft")
        wait_for_quote(page, c)
    page.locator("#chat .answer").last.locator(".words a.cite").first.focus()
    page.keyboard.press("ArrowRight")
    wait_for_quote(page, found[1])
    assert page.evaluate("document.activeElement.textContent") == "[2]"
    page.focus("#question textarea")
    page.keyboard.press("ArrowLeft")
    assert quoted(page) == found[1].quote


def test_a_long_document_is_read_to_both_ends_and_its_sections_lead_anywhere(
    page: Page, address: str, service: Service
) -> None:
    view = view_of(service, "长.txt")
    paragraphs = [view.text[p.start : p.end] for p in view.paragraphs]
    open_place(page, address, view, "仓库编码𠮷20-5。")
    assert quoted(page) == "仓库编码𠮷20-5。"
    shown = numbers(page)
    assert 1 < shown[0] and shown[-1] < len(paragraphs)
    page.evaluate("document.querySelector('.reader-body').scrollTop = 1e7")
    page.wait_for_function(
        f"() => Number(document.querySelector('.paragraph:last-child').dataset.number) > {shown[-1]}"
    )
    page.click(".toc-open")
    page.locator(".reader-toc .go", has_text=f"第{CHAPTERS}章").click()
    page.wait_for_selector(f".paragraph[data-number='{len(paragraphs)}']")
    heading = f"第{CHAPTERS}章　分项{CHAPTERS}"
    at = paragraphs.index(heading) + 1
    page.wait_for_selector(f".reader-toc .go[aria-current]:text('{heading}')", state="attached")
    assert in_view(page, f".paragraph[data-number='{at}']")
    page.evaluate("document.querySelector('.reader-body').scrollTop = 1e7")
    page.wait_for_function(f"() => document.querySelector('.paragraph:last-child').dataset.number == {len(paragraphs)}")
    is_shown_in_order(page, paragraphs)
    word = page.locator(".paragraph:last-child .term", has_text="两个维护")
    word.hover()
    page.wait_for_selector(".explain", state="visible")
    (duty,) = [term for term in service.glossary.defined if term.words == ("两个维护",)]
    assert duty.definition in page.inner_text(".explain")


def test_what_is_read_stays_in_place_while_more_is_loaded_above(page: Page, address: str, service: Service) -> None:
    view = view_of(service, "长.txt")
    open_place(page, address, view, "仓库编码𠮷20-5。")
    first = numbers(page)[0]
    page.evaluate("document.querySelector('.reader-body').scrollTop = 900")
    top = page.evaluate(
        """first => {
          const edge = document.querySelector(".reader-body").getBoundingClientRect().top;
          const seen = [...document.querySelectorAll(".paragraph")].find((e) => e.getBoundingClientRect().top > edge);
          return [seen.dataset.number, seen.getBoundingClientRect().top];
        }""",
        first,
    )
    page.wait_for_function(f"() => Number(document.querySelector('.paragraph').dataset.number) < {first}")
    after = page.locator(f".paragraph[data-number='{top[0]}']").evaluate("e => e.getBoundingClientRect().top")
    assert abs(after - top[1]) <= 1
    is_shown_in_order(page, [view.text[p.start : p.end] for p in view.paragraphs])


def test_sections_fold_and_the_one_that_is_read_is_marked(page: Page, address: str, service: Service) -> None:
    open_place(page, address, view_of(service, "演练甲.txt"))
    page.wait_for_selector(".reader.has-source")
    view = view_of(service, "守则<b>.txt")
    open_place(page, address, view, "𠮷林省的文件")
    page.click(".toc-open")
    names = page.locator(".reader-toc .go").all_text_contents()
    assert [name.split("　")[0] for name in names][-3:] == ["第一章", "第一条", "第二条"]
    assert page.locator(".reader-toc .go[aria-current]").text_content() == names[-2]
    fold = page.locator(".reader-toc .fold[aria-expanded]").last
    fold.click()
    assert page.locator(".reader-toc .go:visible").count() == len(names) - 2
    fold.click()
    page.locator(".reader-toc .go").last.click()
    page.wait_for_selector(f".reader-toc .go[aria-current]:text('{names[-1][:3]}')", state="attached")


def test_search_covers_the_whole_document(page: Page, address: str, service: Service) -> None:
    view = view_of(service, "长.txt")
    open_place(page, address, view)
    page.focus(".reader-body")
    page.keyboard.press("Control+f")
    page.locator(".find-words").type("仓 库编码𠮷40")
    page.wait_for_function(f"() => document.querySelector('.find-count').textContent === '1/{ARTICLES}'")
    page.wait_for_selector("mark.hit.is-current")
    assert page.locator("mark.hit.is-current").text_content() == "仓库编码𠮷40"
    assert in_view(page, "mark.hit.is-current")
    page.keyboard.press("Enter")
    page.wait_for_function(f"() => document.querySelector('.find-count').textContent === '2/{ARTICLES}'")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")
    page.wait_for_function(f"() => document.querySelector('.find-count').textContent === '{ARTICLES}/{ARTICLES}'")
    page.fill(".find-words", "ｅｎｄ")
    page.wait_for_function("() => document.querySelector('.find-count').textContent === '1/1'")
    page.wait_for_selector("mark.hit.is-current:text('ＥＮＤ')")
    assert "\n".join(texts(page)) in view.text
    page.fill(".find-words", "没有这样的字")
    page.wait_for_function("() => document.querySelector('.find-count').textContent === '没有找到'")
    assert page.locator("mark.hit").count() == 0
    page.keyboard.press("Escape")
    assert page.is_hidden(".reader-find") and page.is_visible(".reader")
    assert page.evaluate("document.activeElement.className") == "reader-body"


def test_what_is_found_inside_a_quote_leaves_both_whole(page: Page, service: Service) -> None:
    c = service.ask(QUESTION).citations[0]
    ask(page, QUESTION)
    open_marker(page, 1)
    before = texts(page)
    page.click(".find-open")
    page.fill(".find-words", "整改")
    page.wait_for_selector("mark.quote mark.hit")
    count = service.document(c.document_id).text.count("整改")
    assert page.inner_text(".find-count").endswith(f"/{count}")
    assert page.locator("mark.hit").count() == count
    assert (texts(page), quoted(page)) == (before, c.quote)
    page.click(".find-close")
    assert page.locator("mark.hit").count() == 0
    assert (texts(page), quoted(page)) == (before, c.quote)
