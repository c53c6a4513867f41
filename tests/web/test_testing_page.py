"""The page 命中测试 in a real browser."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route

from assistant.evaluation.question_sets import parse_set
from support.browsers import NARROW, NEEDS_AXE, WIDE, findings, running_page, scrolls_sideways
from support.paths import ROOT

pytestmark = pytest.mark.browser

TABLE = """问题,应引原文,文件,应回答
巡视整改要求是什么,完善整改制度机制|反馈问题要一针见血,,
本轮巡视对几个单位开展巡视？,本轮巡视将对4个单位开展常规巡视,,
“四个聚焦”具体是哪四个？,,,否
<img src=x onerror="window.hacked=1">是什么？,,,否
政治巡察根本任务是什么？,文件里没有这句话,,
巡视组组长叫什么名字？,,,不知道
"""
QUESTION = "本轮巡视对几个单位开展巡视？"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("命中测试")
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    (folder / "巡视 问题.csv").write_text(TABLE, encoding="gb18030")
    (folder / "假的.xlsx").write_text(TABLE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with running_page(folder / "corpus", folder / "index") as address:
        yield address


@contextmanager
def open_testing(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """Yield the page, ready, in a fresh profile; fails on an error in a script and a request elsewhere."""
    context = browser.new_context(locale="zh-CN", **({"viewport": WIDE} | options))
    wrong: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda m: wrong.append(m.text) if "Content Security Policy" in m.text else None)
    page.on("request", lambda r: wrong.append(r.url) if urlsplit(r.url).netloc != urlsplit(address).netloc else None)
    try:
        page.goto(f"{address}/testing")
        page.wait_for_selector(".status[data-stage=ready]")
        page.wait_for_selector("#ask-trial input")
        yield page
        assert wrong == []
    finally:
        context.close()


def try_question(page: Page, question: str = QUESTION) -> None:
    page.fill("#question", question)
    page.press("#question", "Enter")
    page.wait_for_selector("#explained:not([aria-busy]) .verdict")


def upload(page: Page, file: Path) -> None:
    page.set_input_files("#file", file)
    page.wait_for_selector("#uploaded .done, #uploaded .failed")


def opened_set(page: Page, folder: Path) -> None:
    upload(page, folder / "巡视 问题.csv")
    page.click("#uploaded a.button")
    page.wait_for_selector("#view form")


def run_once(page: Page) -> None:
    page.click("#view form button.primary")
    page.wait_for_selector("#view .figures")


def test_a_question_is_laid_open_with_the_keyboard(browser: Browser, address: str) -> None:
    with open_testing(browser, address) as page:
        assert page.inner_text(".bar .page[aria-current]") == "命中测试"
        try_question(page)
        assert page.inner_text("#explained .verdict .badge") == "已回答"
        heads = page.locator("#explained table").first.locator("th").all_inner_texts()
        assert heads == ["段落", "按字词", "按意思", "合起来", "读过"]
        first = page.locator("#explained tbody tr").first.locator("td").all_inner_texts()
        assert "本轮巡视将对4个单位开展常规巡视" in first[0] and first[3].startswith("第 1")
        sentences = page.locator("#explained table").nth(1)
        assert sentences.locator("tr.is-quoted td").last.inner_text() == "已引用，见 [1]"
        assert sentences.locator("tbody tr").nth(1).locator("td").last.inner_text() == "没有给出具体数字"
        shown = sentences.locator("tbody tr:visible").count()
        page.locator("#explained .more").last.click()
        assert sentences.locator("tbody tr:visible").count() > shown == 8
        page.fill("#answer_threshold-ask", "1")
        try_question(page)
        assert "低于 1.00，所以不作答" in page.inner_text("#explained .verdict")


def test_hostile_words_stay_words(browser: Browser, address: str) -> None:
    with open_testing(browser, address) as page:
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        try_question(page, '<img src=x onerror="window.hacked=1">是什么？')
        assert page.locator("main :is(img, script, iframe)").count() == 0
        assert page.evaluate("window.hacked") is None


def test_a_set_from_upload_to_the_sheet(browser: Browser, address: str, folder: Path, tmp_path: Path) -> None:
    with open_testing(browser, address) as page:
        upload(page, folder / "巡视 问题.csv")
        assert page.inner_text("#uploaded .done") == "“巡视 问题.csv”已保存：5 个问题可以测试，1 行没有收入。"
        assert page.locator("#uploaded li").all_inner_texts() == [
            "第 7 行　“应回答”写的是“不知道”：请写“是”或“否”，或空着。",
            "第 6 行　文件里找不到“文件里没有这句话”：请从原文照抄，标点也要一样。",
        ]
        page.click("#uploaded a.button")
        page.wait_for_selector("#view form")
        assert page.inner_text("#view .empty") == "还没有测过。"
        run_once(page)
        assert page.locator(".figure-card").first.inner_text().split("\n")[:2] == ["符合期望", "60%"]
        said = page.get_attribute("svg.chart", "aria-label")
        assert said and said.startswith("应引原文排在第几段（各有几处）。按字词：1 ")
        assert page.locator("svg.chart rect").count() == 3 * 7
        assert page.input_value("#which") == "wrong"
        assert page.locator("#view table.cards tbody tr").count() == 2
        page.select_option("#which", "all")
        questions = page.locator("#view table.cards tbody tr td:nth-child(2)").all_inner_texts()
        assert questions[3] == '<img src=x onerror="window.hacked=1">是什么？'
        assert page.locator("main :is(img, script, iframe)").count() == 0
        with page.expect_download() as download:
            page.click("a[href^='/testing/result.xlsx']")
        download.value.save_as(tmp_path / "a.xlsx")
        assert download.value.suggested_filename.startswith("巡视 问题-20")
        assert len(parse_set("a.xlsx", (tmp_path / "a.xlsx").read_bytes()).questions) == 5


def test_two_settings_are_compared_and_runs_kept(browser: Browser, address: str, folder: Path) -> None:
    with open_testing(browser, address) as page:
        opened_set(page, folder)
        here = page.url
        page.check("#two")
        page.fill("#answer_threshold-b", "1")
        page.click("#view form button.primary")
        page.wait_for_selector("text=结果有变化的问题（3）")
        rows = {row[0]: row[1:] for row in (r.split("\t") for r in page.locator("#view tr").all_inner_texts())}
        assert rows["作答的把握"][:2] == ["0.5", "1"] and rows["召回率@1"][2] == "不变"
        assert rows["符合期望"] == ["60%", "40%", "−20 个百分点"]
        page.goto(here)
        page.wait_for_selector("#view figure svg")
        boxes = page.locator("#view td input[type=checkbox]")
        assert (boxes.count(), page.is_disabled("text=比较选中的两次")) == (2, True)
        boxes.first.check()
        boxes.last.check()
        page.click("text=比较选中的两次")
        page.wait_for_selector("text=结果有变化的问题（3）")
        page.go_back()
        page.wait_for_selector("#view figure svg")
        page.click("text=删除这组问题和全部结果")
        page.click("text=再按一次，全部删除")
        page.wait_for_selector("#home:not([hidden])")
        assert "已删除“巡视 问题”" in page.inner_text("#notice")


def test_a_run_is_watched_and_stopped(browser: Browser, address: str, folder: Path) -> None:
    with open_testing(browser, address) as page:
        opened_set(page, folder)
        release = threading.Event()
        job = {"id": "1", "label": "提问", "done": 2, "total": 5, "message": "", "results": []}

        def held(route: Route) -> None:  # the server has finished; the page does not know yet
            over = release.is_set()
            route.fulfill(json=job | {"stage": "stopped" if over else "running", "over": over})

        def stopped(route: Route) -> None:
            release.set()
            held(route)

        page.route("**/api/testing/job*", held)
        page.route("**/api/testing/stop", stopped)
        page.click("#view form button.primary")
        page.wait_for_selector("text=提问：2 / 5")
        assert page.evaluate("document.querySelector('#job-bar').value") == 2
        page.click("#job-stop")
        page.wait_for_selector("text=已停止，没有测完的这一次不保留。")
        assert page.is_hidden("#job")


def test_what_is_no_table_is_refused_in_words(browser: Browser, address: str, folder: Path) -> None:
    with open_testing(browser, address) as page:
        upload(page, folder / "假的.xlsx")
        said = page.inner_text("#uploaded .failed")
        assert said.startswith("“假的.xlsx”没有上传：文件内容不是 .xlsx")
        page.goto(f"{address}/testing#run=nothing")
        page.wait_for_selector("#view .failed")
        assert page.inner_text("#view .failed") == "找不到这次运行：它可能已被删除，请刷新页面。"


def test_without_the_server_the_page_says_so(browser: Browser, address: str) -> None:
    with open_testing(browser, address) as page:
        page.route("**/api/testing/explain", lambda route: route.abort())
        page.fill("#question", QUESTION)
        page.click("#ask-send")
        page.wait_for_selector("#explained .failed")
        assert page.inner_text("#explained .failed") == "连接不上服务：请检查网络后再试一次。"
        assert page.is_enabled("#ask-send")


LOOKS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": WIDE},
    "390 dark": {"viewport": NARROW, "color_scheme": "dark", "has_touch": True},
}


@NEEDS_AXE
@pytest.mark.parametrize("look", LOOKS)
def test_no_view_has_a_serious_finding(browser: Browser, address: str, folder: Path, look: str) -> None:
    with open_testing(browser, address, **LOOKS[look]) as page:
        try_question(page)
        assert findings(page) == [] and not scrolls_sideways(page)
        opened_set(page, folder)
        page.check("#two")
        assert findings(page) == [] and not scrolls_sideways(page)
        page.click("#view form button.primary")
        page.wait_for_selector("text=两次结果比较")
        assert findings(page) == [] and not scrolls_sideways(page)
        page.go_back()
        page.locator("#view td a[href^='#run']").first.click()
        page.wait_for_selector("#view .figures")
        assert findings(page) == [] and not scrolls_sideways(page)
