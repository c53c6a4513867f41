"""The page 测验 in a real browser: taken, saved, handed in, repeated; and the trainer's side."""

import io
import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, Route

from assistant.answering.service import Service
from assistant.study.pack import ItemKind
from assistant.study.pack_store import Packs
from support.browsers import NARROW, NEEDS_AXE, WIDE, findings, running_page, scrolls_sideways
from support.corpus import write
from support.pages import settings_in
from support.quizzes import RULES, RULES_FILE, pack_of_rules

pytestmark = pytest.mark.browser

SETTINGS = {"arrangement": "each", "minutes": 0, "tries": 0, "shown": "handed", "is_open": True}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("测验 页")
    write(folder / "corpus", RULES_FILE, RULES)
    return folder


@pytest.fixture(scope="module")
def pack(folder: Path) -> str:
    settings = settings_in(folder)
    service = Service(settings)
    service.ensure()
    return Packs(settings.study).add("", pack_of_rules(service))


@pytest.fixture(scope="module")
def address(folder: Path, pack: str) -> Iterator[str]:
    with running_page(folder / "corpus", folder / "index") as address:
        yield address


def publish(address: str, pack: str, title: str, **settings: object) -> str:
    body = json.dumps({"pack": pack, "title": title, "settings": SETTINGS | settings}).encode()
    asked = urllib.request.Request(f"{address}/api/quiz/publish", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return str(json.loads(answer.read())["quiz"])


@contextmanager
def open_quiz(browser: Browser, address: str, where: str = "", **options: Any) -> Iterator[Page]:
    """Yield the page in a fresh profile; fails on an error in a script and a request elsewhere."""
    context = browser.new_context(locale="zh-CN", **({"viewport": WIDE} | options))
    wrong: list[str] = []
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda m: wrong.append(m.text) if "Content Security Policy" in m.text else None)
    page.on("request", lambda r: wrong.append(r.url) if urlsplit(r.url).netloc != urlsplit(address).netloc else None)
    try:
        page.goto(f"{address}/quiz{where}")
        page.wait_for_selector("#view .head")
        yield page
        assert wrong == []
    finally:
        context.close()


def begin(page: Page, name: str = "张三") -> None:
    page.fill("#name", name)
    page.press("#name", "Enter")
    page.wait_for_selector(".question")


def hand_in(page: Page) -> None:
    page.click(".hand-in")
    page.click("dialog button.primary")
    page.wait_for_selector(".score")


def choose(page: Page, text: str) -> None:
    page.locator(".option", has_text=text).locator("visible=true").first.click()


def fill(page: Page, *words: str) -> None:
    """Fill the two blanks about the form."""
    blanks = page.locator(".question", has_text="提前填写").locator("input.blank")
    for at, word in enumerate(words):
        blanks.nth(at).fill(word)


def saved(page: Page) -> None:
    page.wait_for_selector(".saved:has-text('已保存')")


def test_a_quiz_is_taken_with_the_keyboard_and_every_mistake_leads_to_its_source(
    browser: Browser, address: str, pack: str
) -> None:
    quiz = publish(address, pack, "键盘测验")
    with open_quiz(browser, address, f"?take={quiz}") as page:
        begin(page)
        assert page.inner_text(".done-count") == "已答 0 / 8 题"
        single = page.locator("fieldset", has_text="保存期限为")
        assert single.locator("legend").inner_text().endswith("保存期限为____。")
        single.locator("input").first.focus()
        right = single.locator("label", has_text="五年").locator("input")
        for _ in range(4):
            page.keyboard.press("ArrowDown")
            if right.is_checked():
                break
        assert right.is_checked()
        page.locator("button.option", has_text="填表").focus()
        page.keyboard.press("Enter")
        for text in ("核准", "存档"):
            page.locator("button.option", has_text=text).press("Space")
        pressed = page.locator("button.option[aria-pressed=true]").all_inner_texts()
        assert sorted(" ".join(one.split()) for one in pressed) == ["1 填表", "2 核准", "3 存档"]
        fill(page, " 申请表 ", "不是这个")
        saved(page)
        page.click(".hand-in")
        asked = page.inner_text("dialog")
        assert "还有 5 题没有答完" in asked
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog", state="detached")
        hand_in(page)
        assert page.inner_text(".score") == "4 / 13 分"
        assert page.evaluate("document.activeElement.tagName") == "H2"
        page.wait_for_function("document.querySelector('#announcer')?.textContent === '已交卷，4 / 13 分'")
        partly = page.locator(".is-marked", has_text="提前填写")
        assert partly.is_visible() and "正确答案：申请表；负责人" in partly.inner_text()
        assert page.locator(".is-marked", has_text="保存期限为____").is_hidden()  # it was right
        partly.locator("a.cite").press("Enter")
        page.wait_for_selector("mark.quote")
        assert page.inner_text("mark.quote") == "第一条　职工请假应当提前填写申请表，由部门负责人核准。"
        page.keyboard.press("Escape")
        page.wait_for_selector("#source:not(.is-open)", state="attached")
        page.click("text=重做错题")
        page.wait_for_selector("fieldset.question")
        assert page.locator(".question", has_text="保存期限为").count() == 0
        assert page.locator("fieldset.question").count() == 5


def test_no_byte_that_the_browser_gets_before_handing_in_tells_an_answer(
    browser: Browser, address: str, pack: str, folder: Path
) -> None:
    quiz = publish(address, pack, "保密测验")
    items = Packs(settings_in(folder).study).get("", pack).pack.items
    bodies: dict[str, bytes] = {}

    def noted(route: Route) -> None:
        response = route.fetch()
        bodies[urlsplit(route.request.url).path] = response.body()
        route.fulfill(response=response)

    with open_quiz(browser, address) as page:
        page.route("**/*", noted)
        page.reload()
        page.wait_for_selector(".quizzes")
        page.goto(f"{address}/quiz?take={quiz}")
        page.wait_for_selector("#name")
        begin(page)
        choose(page, "当面")
        saved(page)
        page.reload()
        page.wait_for_selector(".question")
        saved_now = {f"/api/quiz/{name}" for name in ("listed", "start", "attempt", "save")}
        assert {"/quiz", "/page/quiz.js", "/api/status", *saved_now} <= bodies.keys()
        said = b"\n".join(bodies.values()).decode()
        assert "提前填写____" in said and len(said) > 20_000
        for item in items:
            words = item.answer if item.kind in (ItemKind.FILL, ItemKind.SHORT) else ()
            assert [
                word for word in (*words, item.source.text, item.note, item.id) if len(word) > 1 and word in said
            ] == []
        paper = json.loads(bodies["/api/quiz/attempt"])
        for question in paper["questions"]:
            assert {tuple(option) for option in question["options"]} <= {("id", "text")}
            ids = [option["id"] for option in question["options"]]
            assert len({len(one) for one in ids}) <= 1 and len(set(ids)) == len(ids)
        single = page.locator("fieldset", has_text="保存期限为").locator("label")
        looks = single.evaluate_all("all => all.map((n) => n.outerHTML.replace(/value=\"\\w+\"|>[^<]+</g, ''))")
        assert len(set(looks)) == 1  # nothing on the page either tells one option from another
        stored = page.evaluate("JSON.stringify(localStorage)")
        assert not [word for word in ("申请表", "负责人", "三十日") if word in stored]


def test_a_reload_and_a_server_that_is_away_lose_nothing(browser: Browser, address: str, pack: str) -> None:
    quiz = publish(address, pack, "不丢的测验")
    with open_quiz(browser, address, f"?take={quiz}") as page:
        begin(page)
        fill(page, "甲词")
        saved(page)
        first = page.locator(".question", has_text="提前填写").locator("input.blank").first
        page.route("**/api/quiz/save", lambda route: route.abort())
        fill(page, "乙词", "丙词")
        page.wait_for_selector(".saved.failed")
        assert "答案还在这台电脑上" in page.inner_text(".saved")
        page.reload()
        page.wait_for_selector(".question")
        assert first.input_value() == "乙词"
        page.unroute("**/api/quiz/save")
        page.reload()
        saved(page)
        assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes('draft'))") == []
        page.goto(f"{address}/quiz")
        page.wait_for_selector(".quizzes")
        page.locator(".quiz", has_text="不丢的测验").locator("text=继续答题").click()
        page.wait_for_selector(".question")
        assert first.input_value() == "乙词"


def test_when_the_time_is_over_the_paper_is_handed_in(browser: Browser, address: str, pack: str) -> None:
    quiz = publish(address, pack, "限时测验", minutes=1)
    with open_quiz(browser, address, f"?take={quiz}") as page:

        def hurried(route: Route) -> None:
            response = route.fetch()
            route.fulfill(response=response, json=response.json() | {"left": 1})

        page.route("**/api/quiz/start", hurried)
        begin(page)
        assert page.inner_text(".clock").startswith("还剩 0:0")
        fill(page, "申请表")
        page.wait_for_selector(".score")
        assert page.inner_text(".score") == "1 / 13 分"


def test_points_that_would_tell_answers_wait_for_the_end(browser: Browser, address: str, pack: str) -> None:
    quiz = publish(address, pack, "以后公布的测验", shown="closed")
    with open_quiz(browser, address, f"?take={quiz}") as page:
        begin(page)
        fill(page, "申请表")
        hand_in(page)
        assert page.inner_text(".score") == "已交卷" and page.locator(".is-marked").count() == 0
        assert "分数在测验关闭以后公布" in page.inner_text(".notice") and "undefined" not in page.inner_text("main")
        page.click("text=返回测验列表")
        page.wait_for_selector(".quizzes")
        assert "分数还没有公布" in page.locator(".quiz", has_text="以后公布的测验").inner_text()


def test_a_closed_quiz_collects_and_says_so(browser: Browser, address: str, pack: str) -> None:
    quiz = publish(address, pack, "要关的测验")
    with (
        open_quiz(browser, address, f"?take={quiz}") as page,
        open_quiz(browser, address, f"?results={quiz}") as trainer,
    ):
        begin(page)
        fill(page, "申请表")
        saved(page)
        trainer.click("text=关闭测验")
        trainer.click("dialog button.primary")
        trainer.wait_for_selector("text=重新开放")
        page.click(".hand-in")
        page.click("dialog button.primary")
        page.wait_for_selector("#notice .failed")
        assert "测验已经关闭，已按最后保存的答案收卷" in page.inner_text("#notice")
        assert page.inner_text(".score") == "1 / 13 分"
        page.goto(f"{address}/quiz?take={quiz}")
        begin_again = page.locator("#view form")
        begin_again.wait_for()
        page.fill("#name", "李四")
        page.press("#name", "Enter")
        page.wait_for_selector("form .failed:not(:empty)")
        assert page.inner_text("form .failed").startswith("测验已经关闭")


def test_the_trainer_publishes_marks_and_takes_the_results_away(
    browser: Browser, address: str, pack: str, tmp_path: Path
) -> None:
    with open_quiz(browser, address) as page:
        page.evaluate(
            """async (pack) => {
              const { publishButton } = await import("/page/quiz-publish.js");
              document.querySelector("#view").append(publishButton(pack, "申请表"));
            }""",
            pack,
        )
        page.click("text=发布测验 >> nth=-1")
        page.click("dialog button.primary")
        page.wait_for_selector("dialog .problem:not([hidden])")
        assert "名称里有一道填空题的答案" in page.inner_text("dialog .problem")
        page.fill("#quiz-title", "<img src=x onerror=alert(1)> 测验")
        page.click("dialog button.primary")
        page.wait_for_selector(".figures")
        page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
        page.click("text=复制答题链接")
        page.wait_for_selector("text=已复制")
        assert page.evaluate("window.copied").startswith(f"{address}/quiz?take=")
        page.click("text=返回测验列表")
        page.wait_for_selector(".quizzes")
        row = page.locator(".quiz", has_text="<img src=x onerror=alert(1)> 测验")
        row.locator("text=开始答题").click()
        begin(page, "=1+1")
        page.fill("textarea", "=先填表")
        choose(page, "电话")
        saved(page)
        hand_in(page)
        page.goto(f"{address}/quiz")
        row.locator("a:has-text('成绩')").click()
        page.wait_for_selector(".tallies")
        assert page.locator(".figure-card strong").all_inner_texts() == ["1", "0", "0%"]
        multiple = page.locator(".tallies li", has_text="销假有哪些要求").first
        multiple.locator("summary").click()
        assert "电话" in multiple.inner_text() and "1 人" in multiple.inner_text()
        page.click("a:has-text('批阅')")
        page.select_option(".mark-form select", "2")
        page.wait_for_selector("text=已评分")
        assert page.inner_text(".score") == "2 / 13 分"
        page.click("text=返回成绩")
        with page.expect_download() as download:
            page.click("text=导出成绩")
        download.value.save_as(tmp_path / "a.xlsx")
        rows = list(load_workbook(io.BytesIO((tmp_path / "a.xlsx").read_bytes()))["成绩"].iter_rows(values_only=True))
        assert (rows[1][0], rows[1][5], rows[1][7]) == ("=1+1", 2, 0)
        assert page.locator("main img").count() == 0
        page.locator(".head .danger").click()
        page.click("dialog button.danger")
        page.wait_for_selector("#notice:has-text('已删除')")


LOOKS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": WIDE},
    "390 dark": {"viewport": NARROW, "color_scheme": "dark", "has_touch": True},
}


@NEEDS_AXE
@pytest.mark.parametrize("look", LOOKS)
def test_no_view_has_a_serious_finding(browser: Browser, address: str, pack: str, look: str) -> None:
    quiz = publish(address, pack, f"检查 {look}")
    with open_quiz(browser, address, **LOOKS[look]) as page:

        def check() -> None:
            assert findings(page) == [] and not scrolls_sideways(page)

        check()
        page.goto(f"{address}/quiz?take={quiz}")
        page.wait_for_selector("#name")
        check()
        begin(page)
        check()
        if look != "wide":
            assert page.locator("fieldset.question:visible").count() == 1
            page.click("text=下一题")
            page.click("text=全部题目")
        assert page.locator("fieldset.question:visible").count() == 8
        check()
        page.click(".hand-in")
        check()
        page.click("dialog button.primary")
        page.wait_for_selector(".score")
        check()
        page.goto(f"{address}/quiz?results={quiz}")
        page.wait_for_selector(".tallies")
        page.locator(".tallies summary").first.click()
        check()
        page.click("a:has-text('看答卷')")
        page.wait_for_selector(".is-marked")
        check()
