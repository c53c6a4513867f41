"""The source reader in a real browser: copies, links, pages of a PDF, print, hostile documents, a narrow window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from assistant.answering.service import Service
from assistant.base import permalinks
from assistant.base.settings import Settings
from assistant.web.reader import places
from support.browsers import NARROW, QUESTION, ask, open_marker, open_page, running_page
from support.reading import (
    ARTICLES,
    HOSTILE,
    MARKED,
    clipboard,
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


def select(page: Page, first: str, last: str) -> None:
    """Select from the words `first` to the end of the words `last` in the reader."""
    page.evaluate(
        """([first, last]) => {
          const walker = document.createTreeWalker(document.querySelector(".reader-body"), NodeFilter.SHOW_TEXT);
          const nodes = [];
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            if (node.parentElement.closest(".text")) nodes.push(node);
          }
          const all = nodes.map((node) => node.data).join("");
          const place = (at) => {
            for (const node of nodes) {
              if (at <= node.length) return [node, at];
              at -= node.length;
            }
          };
          const from = all.indexOf(first);
          getSelection().setBaseAndExtent(...place(from), ...place(all.indexOf(last, from) + last.length));
        }""",
        [first, last],
    )
    page.wait_for_selector(".reader-pick", state="visible")


def test_selected_words_are_copied_with_their_source(page: Page, address: str, service: Service) -> None:
    view = view_of(service, "长.txt")
    open_place(page, address, view, "仓库编码𠮷20-5。")
    select(page, "仓库编码𠮷20-5", "仓库编码𠮷20-5")
    number = next(p.number for p in view.paragraphs if "𠮷20-5。" in view.text[p.start : p.end])
    copied = clipboard(page, ".pick-quote")
    assert copied == f"“仓库编码𠮷20-5”——《{view.record.title}》第{number}段"
    select(page, "编码𠮷20-5。", "仓库编码𠮷20-7")
    lines = view.text[view.text.index("编码𠮷20-5。") : view.text.index("𠮷20-7") + len("𠮷20-7")]
    page.wait_for_selector(".pick-quote:text('复制并注明出处')")
    assert clipboard(page, ".pick-quote") == f"“{lines}”——《{view.record.title}》第{number}至{number + 2}段"


def test_the_marks_of_headings_are_not_shown_and_keep_every_place(page: Page, address: str, service: Service) -> None:
    view = view_of(service, "休假.md")
    open_place(page, address, view, "人事处登记")
    assert "\n".join(texts(page)) == "\n".join(line for line in MARKED.split("\n") if line)
    shown = [page.locator(".paragraph .text").nth(n).inner_text() for n in range(5)]
    assert shown == ["休假规定", "第一章 总则", "休假由人事处登记。", "附件说明", "以上由人事处解释。"]
    page.locator(".paragraph .text").nth(1).click(click_count=3)
    assert clipboard(page, ".pick-quote") == f"“第一章 总则”——《{view.record.title}》第2段"
    select(page, "总则", "人事处登记")
    start, end = MARKED.index("总则"), MARKED.index("人事处登记") + len("人事处登记")
    digest = permalinks.digest(view.text[start:end])
    assert clipboard(page, ".pick-link").endswith(f"-{start}-{end}-{digest}")
    page.click(".find-open")
    page.fill(".find-words", "附件")
    page.wait_for_selector("mark.hit.is-current")
    assert page.locator("mark.hit").all_text_contents() == ["附件"]


def test_a_link_opens_the_same_words_in_a_fresh_window(
    page: Page, browser: Browser, address: str, service: Service
) -> None:
    view = view_of(service, "长.txt")
    open_place(page, address, view, "仓库编码𠮷20-5。")
    select(page, "编码𠮷20-5。", "编码𠮷20-7")
    link = clipboard(page, ".pick-link")
    start = view.text.index("编码𠮷20-5。")
    end = view.text.index("𠮷20-7") + len("𠮷20-7")
    said = permalinks.digest(view.text[start:end])
    assert link == f"{address}/#open-{view.record.id}-{start}-{end}-{said}"
    with open_page(browser, link) as fresh:
        fresh.wait_for_selector("mark.quote")
        assert quoted(fresh) == view.text[start:end]
        assert in_view(fresh, "mark.quote") and fresh.is_hidden(".reader-notice")
    page.evaluate("getSelection().removeAllRanges()")
    page.wait_for_selector(".reader-pick", state="hidden")
    words = "仓库编码𠮷20-5。"
    start = view.text.index(words)
    expected = f"{address}/#open-{view.record.id}-{start}-{start + len(words)}-{permalinks.digest(words)}"
    assert clipboard(page, ".reader-tools .link") == expected


def test_a_link_to_a_document_that_changed_says_so(page: Page, folder: Path, address: str, service: Service) -> None:
    view, words = view_of(service, "更新.txt"), "仓库每周盘点一次。"
    start, said = view.text.index(words), permalinks.digest(words)
    link = f"{address}/#open-{view.record.id}-{start}-{start + len(words)}-{said}"
    file = folder / "corpus" / "更新.txt"
    file.write_text("新的一段。\n" + view.text, encoding="utf-8")
    service.refresh()
    page.goto(link)
    page.wait_for_selector(".reader-notice:text('现在在这里')")
    assert quoted(page) == words
    assert page.inner_text(".reader-notice") == places.MOVED
    file.write_text("全新的文字，仓库每月盘点。", encoding="utf-8")
    service.refresh()
    page.reload()
    page.wait_for_selector(".reader-notice:text('已经找不到')")
    assert page.inner_text(".reader-notice") == places.GONE
    assert page.locator("mark.quote").count() == 0 and texts(page) == ["全新的文字，仓库每月盘点。"]
    page.goto(f"{address}/#open-d000000000000-1-2")
    page.wait_for_selector(".reader-message:text('d000000000000')")


def test_a_document_that_changes_while_it_is_read_is_opened_again(
    page: Page, folder: Path, address: str, service: Service
) -> None:
    view = view_of(service, "续.txt")
    words = "续项500。"
    start = view.text.index(words)
    page.goto(f"{address}/#open-{view.record.id}-{start}-{start + len(words)}-{permalinks.digest(words)}")
    page.wait_for_selector(f"mark.quote:text('{words}')")
    before = view.text.split("\n")
    (folder / "corpus" / "续.txt").write_text("\n".join(["新加的一段。", *before]), encoding="utf-8")
    service.refresh()
    page.evaluate("document.querySelector('.reader-body').scrollTop = 1e7")
    page.wait_for_selector(".reader-notice:text('已重新打开')")
    assert quoted(page) == words
    is_shown_in_order(page, ["新加的一段。", *before])


def test_closing_forgets_the_address(page: Page, address: str, service: Service) -> None:
    open_place(page, address, view_of(service, "演练甲.txt"))
    page.focus(".reader-body")
    page.keyboard.press("Escape")
    assert page.url == f"{address}/"


def test_pages_of_a_pdf_are_shown_and_never_copied(page: Page, address: str, service: Service) -> None:
    view = view_of(service, "公报.pdf")
    open_place(page, address, view)
    assert page.locator(".paragraph .page").all_text_contents() == ["第 1 页"]
    inside = page.eval_on_selector_all(".page-in", "all => all.map(e => e.dataset.page)")
    assert [*inside] == ["第 2 页", "第 3 页"]
    assert "\n".join(texts(page)) == view.text
    page.wait_for_function("() => document.querySelector('.reader-position').textContent.includes('第 1/3 页')")
    offset = view.record.pages[1]
    select(page, view.text[offset - 4 : offset], view.text[offset : offset + 4])
    assert clipboard(page, ".pick-quote").startswith(f"“{view.text[offset - 4 : offset + 4]}”")


def test_print_shows_the_document_alone(page: Page, address: str, service: Service) -> None:
    view = view_of(service, "长.txt")
    open_place(page, address, view, "仓库编码𠮷20-5。")
    page.evaluate("() => { window.print = () => { window.printed = (window.printed ?? 0) + 1; }; }")
    page.click(".print")
    page.click(".print-part")
    page.wait_for_function("() => window.printed === 1")
    sheet = page.locator("#print-sheet .paragraph .text").all_text_contents()
    assert len(sheet) == ARTICLES + 1 and sheet[0] == "第20章　分项20"
    page.click(".print")
    page.click(".print-whole")
    page.wait_for_function("() => window.printed === 2")
    sheet = page.locator("#print-sheet .paragraph .text").all_text_contents()
    assert sheet == [view.text[p.start : p.end] for p in view.paragraphs]
    page.emulate_media(media="print")
    assert page.is_visible("#print-sheet h1") and page.is_hidden("#chat") and page.is_hidden(".reader")
    assert page.is_hidden(".bar")
    page.emulate_media(media="screen")
    assert page.is_hidden("#print-sheet")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("#print-sheet").count() == 0


def test_nothing_in_a_document_runs_in_the_reader(page: Page, address: str, service: Service) -> None:
    view = view_of(service, "守则<b>.txt")
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    open_place(page, address, view)
    page.evaluate("() => { window.print = () => { window.printed = true; }; }")
    assert texts(page) == HOSTILE.split("\n")
    page.click(".toc-open")
    assert any("<img" in name for name in page.locator(".reader-toc .go").all_text_contents())
    page.keyboard.press("Escape")
    page.click(".find-open")
    page.fill(".find-words", "<b>保管</b>")
    page.wait_for_selector("mark.hit.is-current")
    page.click(".print")
    page.click(".print-whole")
    page.wait_for_function("() => window.printed")
    assert page.locator("#source :is(script, iframe, img), #print-sheet :is(script, iframe, img)").count() == 0
    assert page.evaluate("window.hacked") is None


FORGED = {
    "#open-": False,
    "#open-%E0%A4%A-1-2": False,
    "#open-x-5-2": True,
    "#open-../../etc/passwd": True,
    "#open-<img src=x onerror=hacked=1>-1-2": True,
}


def test_forged_addresses_open_nothing(browser: Browser, address: str) -> None:
    with open_page(browser, address) as page:
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        for forged, is_asked in FORGED.items():
            page.evaluate("document.querySelector('.reader-title').textContent = ''")
            page.goto(f"{address}/{forged}")
            if is_asked:
                page.wait_for_function("() => document.querySelector('.reader-title').textContent === '原文'")
            assert page.locator(".paragraph").count() == 0
        assert page.evaluate("window.hacked") is None and errors == []


@pytest.fixture
def narrow(browser: Browser, address: str) -> Iterator[Page]:
    with open_page(browser, address, viewport=NARROW, has_touch=True) as page:
        yield page


def test_a_narrow_window_has_its_tools_below_and_its_sections_in_a_drawer(narrow: Page, service: Service) -> None:
    page, found = narrow, service.ask(QUESTION).citations
    ask(page, QUESTION)
    open_marker(page, 1)
    for name in (".toc-open", ".step-previous", ".step-next", ".find-open", ".link", ".print", ".reader-close"):
        box = page.locator(f".reader-tools {name}").bounding_box()
        assert box and box["width"] >= 40 and box["height"] >= 40, name
        assert box["y"] > NARROW["height"] * 0.8 and box["x"] + box["width"] <= NARROW["width"], name
    page.locator(".step-next").tap()
    wait_for_quote(page, found[1])
    assert page.is_hidden(".reader-toc")
    page.locator(".toc-open").tap()
    drawer = page.locator(".reader-toc").bounding_box()
    assert drawer and drawer["width"] < NARROW["width"]
    page.locator(".reader-toc .go", has_text="第三").tap()
    assert page.is_hidden(".reader-toc")
    page.wait_for_selector(".reader-toc .go[aria-current]:text('第三')", state="attached")
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
