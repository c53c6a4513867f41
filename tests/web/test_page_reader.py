"""The source reader in a real browser: sections, citations, search, copies, links, print, long documents."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from assistant.answering.answer import Citation
from assistant.answering.service import Service
from assistant.base import permalinks
from assistant.base.settings import Settings
from assistant.index.records import DocumentView
from assistant.web.reader import places
from support.browsers import NARROW, QUESTION, ask, open_marker, open_page, running_page
from support.paths import ROOT
from support.pdfs import LONG, SECOND, pdf, wrapped

pytestmark = pytest.mark.browser

DRILLS = "值班人员参加消防演练有什么要求？"
TWO = {
    "演练甲.txt": "关于值班的规定\n第一条　值班人员每月参加消防演练一次。\n第二条　值班人员应当登记。",
    "演练乙.txt": "关于消防的规定\n第一条　值班人员每年参加消防演练两次。",
}
MARKED = "# 休假规定\n\n## 第一章 总则\n\n休假由人事处登记。\n\n### 附件说明\n\n以上由人事处解释。"
CHAPTERS, ARTICLES = 40, 75
HOSTILE = "\n".join(
    [
        "<script>window.hacked='script'</script>保密守则",
        "第一章　<img src=x onerror=\"window.hacked='img'\">总则",
        "第一条　𠮷林省的文件${window.hacked='template'}由专人<b>保管</b>。",
        "第二条　<iframe src=\"javascript:parent.hacked='frame'\"></iframe>另行通知。",
    ]
)


def long_text() -> str:
    lines = ["长文件汇编"]
    for chapter in range(1, CHAPTERS + 1):
        lines.append(f"第{chapter}章　分项{chapter}")
        lines += [
            f"第{(chapter - 1) * ARTICLES + n}条　甲项第{n}款写明仓库编码𠮷{chapter}-{n}。"
            for n in range(1, ARTICLES + 1)
        ]
    return "\n".join([*lines, "附则　两个维护写在ＥＮＤ末尾。"])


def printed(page: list[tuple[float, float, float, str]]) -> list[tuple[float, float, float, str]]:
    return [(left, 760.0 - 28 * row, size, text) for row, (left, _, size, text) in enumerate(page)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reading")
    corpus = folder / "corpus"
    shutil.copytree(ROOT / "corpus", corpus)
    lines = wrapped([LONG.replace("巡视", "督办"), SECOND.replace("巡视", "督办"), LONG.replace("巡视", "督办")])
    (corpus / "公报.pdf").write_bytes(pdf([printed(lines[:2]), printed(lines[2:7]), printed(lines[7:])]))
    more = "\n".join(f"续项{n}。" for n in range(1, 1201))
    texts = (
        TWO
        | {"续.txt": more, "休假.md": MARKED}
        | {"长.txt": long_text(), "守则<b>.txt": HOSTILE, "更新.txt": "开头。\n仓库每周盘点一次。\n末尾。"}
    )
    for name, text in texts.items():
        (corpus / name).write_text(text, encoding="utf-8")
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


def view_of(service: Service, name: str) -> DocumentView:
    return service.document(next(record.id for record in service.documents() if record.path == name))


def open_place(page: Page, address: str, view: DocumentView, words: str = "") -> None:
    """Open a document in the page by its address, at some of its words or at its beginning."""
    start = view.text.index(words)
    rest = f"-{start}-{start + len(words)}" if words else ""
    page.evaluate("document.querySelector('.reader-title').textContent = ''")
    page.goto(f"{address}/#open-{view.record.id}{rest}")
    page.wait_for_function(
        "title => document.querySelector('.reader-title').textContent === title", arg=f"《{view.record.title}》"
    )
    assert quoted(page) == words


def quoted(page: Page) -> str:
    return "\n".join(page.locator("mark.quote").all_text_contents())


def wait_for_quote(page: Page, c: Citation) -> None:
    page.wait_for_selector(f"mark.quote[data-document='{c.document_id}'][data-start='{c.start}']")
    assert quoted(page) == c.quote


def in_view(page: Page, selector: str) -> bool:
    inside = """e => {
      const [inner, outer] = [e, document.querySelector(".reader-body")].map((node) => node.getBoundingClientRect());
      return inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
    }"""
    return bool(page.locator(selector).first.evaluate(inside))


def texts(page: Page) -> list[str]:
    return page.locator(".paragraph .text").all_text_contents()


def is_shown_in_order(page: Page, paragraphs: list[str]) -> None:
    """Look at numbers and texts at once: more may come between two looks."""
    each = "all => all.map(e => [Number(e.dataset.number), e.querySelector('.text').textContent])"
    shown = page.eval_on_selector_all(".paragraph", each)
    first = shown[0][0]
    assert shown == [[n, paragraphs[n - 1]] for n in range(first, first + len(shown))]


def numbers(page: Page) -> list[int]:
    return [int(n) for n in page.eval_on_selector_all(".paragraph", "all => all.map(e => e.dataset.number)")]


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


def clipboard(page: Page, button: str) -> str:
    page.click(button)
    page.wait_for_selector(f"{button}:text('已复制')")
    return str(page.evaluate("navigator.clipboard.readText()"))


# Citations.


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


# Sections and long documents.


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


# Search.


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


# Copies and links.


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


# Pages of a PDF, print, hostile documents, narrow windows.


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
