"""A real browser: answers that a language model writes, short answers, explanations, the conversation on paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from assistant.answering.generation.writer import UNSOUND
from assistant.evaluation.feedback.history import FileHistory
from support.browsers import NARROW, ask, open_marker, open_page, running_page
from support.corpus import write
from support.language_model import Script, serving
from support.pages import wait_for

pytestmark = pytest.mark.browser

OLD = "第一条　病假一般不得超过三十日。\n第二条　病假期间工资按照百分之八十发放。\n"
NEW = "第一条　病假一般不得超过四十五日，由人事处批准。\n"
GLOSSARY = '[[term]]\nwords = ["病假"]\ndefinition = "因病休息的假。"\nsource = "编者说明"\n'
EXPLAINED = "词表解释（不是文件原文）：病假：因病休息的假。（编者说明）"
WAGES = "病假期间工资怎么发放？"
SAID = ["病假期间工资按照", "80%发放[1]。", *"病假可以休一百天[1]。"]
WHOLE = "#chat .answer:not(.growing)"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("answers") / "corpus"
    for name, text in {"考勤办法.txt": OLD, "新考勤办法.txt": NEW, "glossary.toml": GLOSSARY}.items():
        write(folder, name, text)
    return folder


@pytest.fixture(scope="module")
def address(corpus: Path) -> Iterator[str]:
    with running_page(corpus, corpus.with_name("index")) as address:
        yield address


@pytest.fixture
def script() -> Script:
    """What the language model of `written` says and does."""
    return Script(SAID, pause=0.1)


@pytest.fixture
def written(
    corpus: Path, tmp_path: Path, browser: Browser, script: Script, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Page]:
    """A page whose answers a language model writes."""
    with serving(script) as url:
        for name, value in {"": "模型甲", "_URL": url, "_KEY": "k"}.items():
            monkeypatch.setenv(f"ASSISTANT_GENERATOR{name}", value)
        with running_page(corpus, tmp_path / "index") as address, open_page(browser, address) as page:
            yield page


def type_question(page: Page, question: str) -> None:
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    page.wait_for_selector("#chat .waiting")


def wait_closed(script: Script, count: int) -> None:
    wait_for(lambda: script.closed >= count)


def test_an_answer_is_shown_while_it_is_written(written: Page, tmp_path: Path) -> None:
    page = written
    type_question(page, WAGES)
    page.locator("#question textarea").type("下一个问题")
    page.wait_for_selector("#chat .growing")
    assert page.locator("#chat .growing .words").all_inner_texts() == ["病假期间工资按照80%发放。[1]"]
    assert page.locator("#chat .growing button").count() == 0
    assert page.get_attribute("#chat [role=log]", "aria-busy") == "true"
    page.screenshot(path=tmp_path / "growing.png")
    page.wait_for_selector(WHOLE)
    page.wait_for_function("() => document.querySelector('#chat [role=log]').getAttribute('aria-busy') === 'false'")
    assert page.locator("#chat .answer").count() == page.locator("#chat .feedback").count() == 1
    assert "未能与原文核对一致，已换成原文" in page.locator("#chat .note").last.inner_text()
    assert page.input_value("#question textarea") == "下一个问题"
    open_marker(page, 1)
    assert page.inner_text("mark.quote") == "第二条　病假期间工资按照百分之八十发放。"
    page.click("#chat .feedback .useful")
    page.wait_for_selector("#chat .feedback .said")
    (judged,) = FileHistory(tmp_path / "history.sqlite", 180).judged()
    assert (judged.asked.question, [r.kind for r in judged.remarks]) == (WAGES, ["useful"])


def test_a_new_talk_and_leaving_end_the_call(written: Page, script: Script, tmp_path: Path) -> None:
    page = written
    script.pieces = [*SAID[:2], *"病" * 400]
    type_question(page, WAGES)
    page.wait_for_selector("#chat .growing")
    page.click("#clear")
    page.wait_for_selector("#begin .example")
    wait_closed(script, 1)
    page.wait_for_timeout(500)
    assert page.locator("#chat .question, #chat .answer").count() == 0
    type_question(page, WAGES)
    page.wait_for_selector("#chat .growing")
    page.goto("about:blank")
    wait_closed(script, 2)
    assert FileHistory(tmp_path / "history.sqlite", 180).asked() == []


def test_nothing_that_does_not_hold_is_ever_shown(written: Page, script: Script) -> None:
    page = written
    script.pieces = ["病假可以休一百天[1]。", "你可以随便休。"]
    page.evaluate(
        """() => { window.shown = ""; new MutationObserver(() => {
          window.shown += document.querySelector("#chat").innerText;
        }).observe(document.body, { childList: true, subtree: true, characterData: true }); }"""
    )
    type_question(page, WAGES)
    page.wait_for_selector(WHOLE)
    page.wait_for_selector("#chat .feedback")
    assert page.inner_text("#chat .note") == UNSOUND
    shown = page.evaluate("window.shown")
    assert "百分之八十" in shown and "一百天" not in shown and "随便" not in shown


def size(page: Page, selector: str) -> float:
    return float(page.eval_on_selector(selector, "e => parseFloat(getComputedStyle(e).fontSize)"))


def test_a_short_answer_stands_out(browser: Browser, address: str, tmp_path: Path) -> None:
    with open_page(browser, address, viewport=NARROW, color_scheme="dark", has_touch=True) as page:
        ask(page, "病假最多多少日？")
        lines = page.locator("#chat .short .each").all_inner_texts()
        assert [line[:7] for line in lines] == ["《考勤办法》一", "《新考勤办法》"]
        assert "三十日" in lines[0] and "四十五日" in lines[1]
        assert size(page, "#chat .short strong") > size(page, "#chat .words")
        boxes = [page.locator("#chat .short .each").nth(n).bounding_box() for n in (0, 1)]
        assert boxes[0] and boxes[1] and boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"]
        page.locator("#chat .short a.cite").last.click()
        page.wait_for_selector("mark.quote")
        assert page.inner_text("mark.quote") == NEW.strip()
        page.click(".reader-close")
        page.screenshot(path=tmp_path / "short-390-dark.png")


def test_words_are_explained_once_below_the_answer(browser: Browser, address: str) -> None:
    with open_page(browser, address, permissions=["clipboard-read", "clipboard-write"]) as page:
        ask(page, WAGES)
        assert page.locator("#chat .quiet").all_inner_texts() == [EXPLAINED]
        sources, quiet = (page.locator(name).bounding_box() for name in ("#chat .sources", "#chat .quiet"))
        assert sources and quiet and sources["y"] + sources["height"] <= quiet["y"]
        page.click("#chat button.copy")
        page.wait_for_selector("#chat button.copy:text('已复制')")
        assert "词表解释" not in page.evaluate("navigator.clipboard.readText()")
        ask(page, "出处在哪")
        ask(page, "病假由谁批准？")
        assert page.locator("#chat .quiet").count() == 1


def test_sources_of_several_documents_stand_below_each_other(browser: Browser, address: str) -> None:
    with open_page(browser, address) as page:
        ask(page, "病假最多多少日？")
        # both at one moment: the answer may still be scrolling into view
        corners = "all => all.map(one => one.getBoundingClientRect()).map(({ x, top, bottom }) => [x, top, bottom])"
        (left, _, bottom), (next_left, top, _), *_ = page.locator("#chat .origin").evaluate_all(corners)
        assert left == next_left and bottom <= top + 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_whole_conversation_is_printed_in_black(browser: Browser, address: str, scheme: str) -> None:
    with open_page(browser, address, color_scheme=scheme) as page:
        for _ in range(6):
            ask(page, WAGES)
        page.emulate_media(media="print")
        for selector in ("#ask", "#source", "#chat .actions", ".bar .status"):
            assert not page.locator(selector).first.is_visible(), selector
        sheet = page.evaluate("document.documentElement.scrollHeight")
        last = page.locator("#chat .answer").last.bounding_box()
        assert last and 800 < last["y"] + last["height"] <= sheet
        assert page.eval_on_selector("#chat .words", "e => getComputedStyle(e).color") == "rgb(0, 0, 0)"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
