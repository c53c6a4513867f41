"""A real browser: what can be done with a conversation."""

import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from assistant.answering.service import Service
from assistant.base.settings import Settings
from support.browsers import NARROW, QUESTION, ask, open_page, running_page
from support.corpus import write
from support.language_model import Script, serving
from support.pages import wait_for
from support.paths import ROOT

pytestmark = pytest.mark.browser

RULES = "第一条　病假一般不得超过三十日。\n第二条　病假期间工资按照百分之八十发放。\n第三条　食堂由行政科负责管理。\n"
SICK, WAGES, PAID = "病假最多多少日？", "病假期间工资怎么发放？", "病假期间工资按照80%发放[1]。"
KEY = "policy-conversations-1"
SHOWN = "[...document.querySelectorAll('#chat .question')].map((node) => node.textContent)"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("chat")
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    write(folder / "corpus", "制度/考勤办法.txt", RULES)
    return folder / "corpus"


@pytest.fixture(scope="module")
def address(corpus: Path) -> Iterator[str]:
    with running_page(corpus, corpus.with_name("index")) as address:
        yield address


@pytest.fixture(scope="module")
def service(corpus: Path, address: str) -> Service:
    return Service(Settings(corpus=corpus, index=corpus.with_name("index")))


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with open_page(browser, address) as page:
        yield page


def wait_asked(page: Page, *questions: str) -> None:
    """Wait until the chat shows just these questions, all answered."""
    page.wait_for_function(
        f"(wanted) => JSON.stringify({SHOWN}) === JSON.stringify(wanted) && !document.querySelector('#talk.busy')"
        " && document.querySelectorAll('#chat .answer:not(.growing)').length === wanted.length",
        arg=list(questions),
    )


def kept(page: Page) -> list[dict]:
    return json.loads(page.evaluate(f"localStorage.getItem('{KEY}') ?? '[]'"))


def wait_kept(page: Page, *titles: str) -> None:
    page.wait_for_function(
        f"(wanted) => JSON.stringify(JSON.parse(localStorage.getItem('{KEY}') ?? '[]').map((c) => c.title))"
        " === JSON.stringify(wanted)",
        arg=list(titles),
    )


def test_what_is_suggested_is_answered(page: Page) -> None:
    ask(page, SICK)
    suggestion = page.locator(".suggestion").first
    text = suggestion.inner_text()
    page.fill("#question textarea", "半句话")
    suggestion.click()
    wait_asked(page, SICK, text)
    assert page.locator("#chat .answer").last.locator(".verdict").inner_text() == "已找到原文"
    assert page.input_value("#question textarea") == "半句话"


def test_a_question_is_changed_and_asked_again(page: Page) -> None:
    for text in (SICK, WAGES, QUESTION):
        ask(page, text)
    page.locator("#chat .edit").nth(1).click()
    assert page.input_value("#question textarea") == WAGES
    assert page.inner_text(".editing-said") == "正在改第 2 个问题：发送后替换它和后面的 1 个问题。"
    page.click(".editing-cancel")
    assert page.locator(".editing").count() == 0 and page.input_value("#question textarea") == ""
    page.locator("#chat .edit").nth(1).click()
    page.fill("#question textarea", "食堂由谁负责管理？")
    page.press("#question textarea", "Enter")
    wait_asked(page, SICK, "食堂由谁负责管理？")
    assert page.locator(".editing").count() == 0
    ask(page, WAGES)
    wait_asked(page, SICK, "食堂由谁负责管理？", WAGES)
    page.wait_for_function(f"JSON.parse(localStorage.getItem('{KEY}'))[0].questions.length === 3")
    wait_kept(page, SICK)
    assert [q["text"] for q in kept(page)[0]["questions"]] == [SICK, "食堂由谁负责管理？", WAGES]
    page.wait_for_selector(".suggestion", state="visible")


def test_a_question_that_the_service_did_not_take_stands_in_the_box_again(
    corpus: Path, tmp_path: Path, browser: Browser
) -> None:
    with ExitStack() as stack:
        with running_page(corpus, tmp_path / "index") as address:
            page = stack.enter_context(open_page(browser, address))
            ask(page, SICK)
            wait_kept(page, SICK)
        page.fill("#question textarea", WAGES)
        page.press("#question textarea", "Enter")
        page.wait_for_selector(".status[data-stage=error]", timeout=5000)
        assert page.inner_text(".status .line").startswith("连接不上服务")
        stack.enter_context(running_page(corpus, tmp_path / "index", urlsplit(address).port or 0))
        page.wait_for_selector("#chat .reopened")
        wait_asked(page, SICK)
        page.wait_for_function("(text) => document.querySelector('#question textarea').value === text", arg=WAGES)
        page.press("#question textarea", "Enter")
        wait_asked(page, SICK, WAGES)
        assert page.input_value("#question textarea") == ""


def test_a_question_that_gradio_drops_is_sent_again(page: Page) -> None:
    page.evaluate("""() => document.querySelector("#question textarea").addEventListener("keydown", (event) => {
      event.stopImmediatePropagation();
      event.preventDefault();
      window.dropped = (window.dropped ?? 0) + 1;
    }, { capture: true, once: true })""")
    page.fill("#question textarea", SICK)
    page.press("#question textarea", "Enter")
    wait_asked(page, SICK)
    assert page.evaluate("window.dropped") == 1
    assert page.input_value("#question textarea") == ""
    assert page.locator("#chat .question").count() == 1


def test_only_the_last_answer_is_looked_for_again(page: Page) -> None:
    ask(page, SICK)
    ask(page, WAGES)
    assert [page.locator("#chat .again").nth(n).is_visible() for n in (0, 1)] == [False, True]
    first = page.locator("#chat .feedback").last.get_attribute("id")
    page.locator("#chat .again").last.click()
    page.wait_for_function("(old) => [...document.querySelectorAll('#chat .feedback')].pop()?.id !== old", arg=first)
    wait_asked(page, SICK, WAGES)


def test_how_strong_the_evidence_is_stands_beside_the_verdict(page: Page) -> None:
    ask(page, SICK)
    assert page.inner_text("#chat .strength").startswith("依据")
    assert "每 100 个回答" in (page.get_attribute("#chat .strength", "title") or "")


def test_a_conversation_survives_reloading(page: Page) -> None:
    ask(page, SICK)
    ask(page, "出处在哪")
    wait_kept(page, SICK)
    page.reload()
    page.wait_for_selector("#chat .reopened")
    wait_asked(page, SICK, "出处在哪")
    assert page.inner_text("#chat .reopened") == "以下回答已按现有文件重新查找。"
    page.wait_for_selector("#chat .understood .full")
    ask(page, "食堂由谁负责管理？")
    page.wait_for_function(f"JSON.parse(localStorage.getItem('{KEY}'))[0].questions.length === 3")
    assert len(kept(page)) == 1
    page.click("#clear")
    page.wait_for_selector("#begin .example", state="visible")
    page.reload()
    page.wait_for_selector("#begin .example", state="visible")
    assert page.locator("#chat .question").count() == 0


def test_conversations_are_listed_found_renamed_and_deleted(page: Page) -> None:
    for text in (SICK, QUESTION):
        ask(page, text)
        page.click("#clear")
        page.wait_for_selector("#begin .example", state="visible")
    wait_kept(page, QUESTION, SICK)
    page.click(".list-button")
    page.wait_for_function("document.querySelectorAll('.kept').length === 2")
    page.fill(".seek", "病假")
    page.wait_for_function("document.querySelectorAll('.kept').length === 1")
    page.locator(".kept").hover()
    page.click(".kept .name")
    page.fill(".rename", "请假的事")
    page.keyboard.press("Enter")
    wait_kept(page, QUESTION, "请假的事")
    page.fill(".seek", "")
    page.click(".kept .open >> text=请假的事")
    wait_asked(page, SICK)
    page.locator(".kept", has_text="请假的事").hover()
    drop = page.locator(".kept", has_text="请假的事").locator(".drop")
    drop.click()
    assert drop.inner_text() == "确定删除" and len(kept(page)) == 2
    drop.click()
    wait_kept(page, QUESTION)
    page.click(".drop-all")
    page.click(".drop-all")
    wait_kept(page)
    assert "还没有对话" in page.inner_text(".conversations .none")


HOSTILE = '<img src=x onerror="window.hacked=1">'


@pytest.mark.parametrize(
    "stored",
    ["{", "[1,null,{}]", json.dumps([{"id": "x", "title": "t", "at": 1, "questions": [{"text": "问"}]}]),
     json.dumps([{"id": "1" * 32, "title": HOSTILE, "at": 1, "questions": [{"text": HOSTILE}, {"role": "user"}]}])],
)  # fmt: skip
def test_what_was_stored_is_not_trusted(page: Page, stored: str) -> None:
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, stored])
    page.click(".list-button")
    page.wait_for_selector(".conversations .kept, .conversations .none")
    if HOSTILE in stored.replace('\\"', '"'):
        page.click(".kept .open")
        wait_asked(page, HOSTILE)
    else:
        assert page.locator(".kept").count() == 0
    assert page.locator("#desk :is(img, script, iframe)").count() == 0 and page.evaluate("window.hacked") is None
    ask(page, SICK)


def test_only_the_chosen_documents_are_asked(page: Page, service: Service) -> None:
    page.click(".scope-button")
    page.fill(".scope-seek", "巡视")
    page.wait_for_function("document.querySelectorAll('.document-box').length === 1")
    page.check(".document-box input")
    page.click(".scope-close")
    assert page.inner_text(".scope-words") == "《市委巡视动员部署会讲话》"
    ask(page, SICK)
    assert page.inner_text("#chat .asked-of") == "范围：《市委巡视动员部署会讲话》"
    assert "其他文件没有查" in page.inner_text("#chat .quiet") and page.locator("#chat .answer.answered").count() == 0
    page.click(".scope-button")
    page.fill(".date.since", "2023-13x")
    assert "日期请写成" in page.inner_text(".scope-said")
    page.fill(".date.since", "二〇二三年")
    page.click(".scope-close")
    assert page.is_visible(".scope-panel") and "日期请写成" in page.inner_text(".scope-said")
    assert page.evaluate("document.activeElement.matches('.date.since')")
    assert "没有日期的文件就不在其中" in page.inner_text(".scope-panel")
    page.click(".scope-clear")
    page.keyboard.press("Escape")
    page.locator("#chat .again").click()
    page.wait_for_selector("#chat .answer.answered")
    assert page.locator("#chat .asked-of").count() == 0


@pytest.mark.parametrize("kind", ["md", "docx"])
def test_a_conversation_is_exported(page: Page, service: Service, tmp_path: Path, kind: str) -> None:
    ask(page, SICK)
    ask(page, QUESTION)
    page.click(".export-button")
    with page.expect_download() as download:
        page.click(f".choice[data-kind={kind}]")
    assert download.value.suggested_filename.startswith(
        "病假最多多少日"
    ) and download.value.suggested_filename.endswith(kind)
    download.value.save_as(tmp_path / "x")
    if kind == "docx":
        with zipfile.ZipFile(tmp_path / "x") as file:
            text = file.read("word/footnotes.xml").decode()
    else:
        text = (tmp_path / "x").read_text(encoding="utf-8")
    for c in (c for question in (SICK, QUESTION) for c in service.ask(question).citations):
        assert f"“{c.quote}”——《{c.document}》" in text


def test_the_keyboard_leads_everywhere(page: Page) -> None:
    ask(page, QUESTION)
    page.wait_for_selector(".suggestion")
    page.wait_for_selector("#stop", state="hidden")  # while an answer is written Escape stops it
    page.locator("#chat .words a.cite").first.focus()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    assert page.input_value("#question textarea") == ""
    page.keyboard.press("ArrowUp")
    assert page.input_value("#question textarea") == QUESTION
    page.keyboard.type("/")
    page.keyboard.press("Shift+Enter")
    assert page.input_value("#question textarea") == f"{QUESTION}/\n"
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.keyboard.press("Escape")  # Gradio takes the focus back while it draws the new line
    page.wait_for_function("document.activeElement.tagName !== 'TEXTAREA'")
    assert page.locator("#chat .question").count() == 1


def test_an_answer_is_read_out_once(page: Page) -> None:
    page.evaluate(
        """() => { window.said = []; new MutationObserver(() => {
          const text = document.querySelector("#announcer")?.textContent;
          if (text && text !== window.said[window.said.length - 1]) window.said.push(text);
        }).observe(document.body, { childList: true, subtree: true, characterData: true }); }"""
    )
    ask(page, SICK)
    page.wait_for_selector(".suggestion")
    page.wait_for_function("window.said.length > 0")
    (said,) = page.evaluate("window.said")
    assert said.startswith("已找到原文") and "病假一般不得超过三十日" in said
    assert page.get_attribute("#chat [role=log]", "aria-live") == "off"


def test_the_list_is_a_drawer_in_a_narrow_window(browser: Browser, address: str) -> None:
    with open_page(browser, address, viewport=NARROW, has_touch=True) as page:
        ask(page, SICK)
        wait_kept(page, SICK)
        assert not page.is_visible(".conversations")
        page.click(".list-button")
        box = page.locator(".conversations").bounding_box()
        assert box and box["x"] == 0 and box["width"] < NARROW["width"]
        page.keyboard.press("Escape")
        assert not page.is_visible(".conversations")
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def test_stopping_shows_what_was_found(
    corpus: Path, tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = Event()
    script = Script([PAID, *"病" * 10_000], pause=0.01, held=stopped)
    with serving(script) as url:
        for name, value in {"": "模型甲", "_URL": url, "_KEY": "k"}.items():
            monkeypatch.setenv(f"ASSISTANT_GENERATOR{name}", value)
        with running_page(corpus, tmp_path / "index") as address, open_page(browser, address) as page:
            page.fill("#question textarea", WAGES)
            page.press("#question textarea", "Enter")
            page.wait_for_selector("#chat .growing")
            page.wait_for_selector("#send", state="hidden")
            page.click("#stop")
            wait_asked(page, WAGES)
            stopped.set()
            wait_for(lambda: script.closed == 1)
            assert "百分之八十" in page.inner_text("#chat .answer") and "80%" not in page.inner_text("#chat .answer")
            page.wait_for_selector("#send")
            page.wait_for_selector("#stop", state="hidden")
            assert page.inner_text("#chat .again") == "重新生成"
            script.pieces = [PAID]
            page.click("#chat .again")
            page.wait_for_selector("#chat .answer >> text=80%")
            wait_asked(page, WAGES)
            assert "80%" in page.inner_text("#chat .answer")
