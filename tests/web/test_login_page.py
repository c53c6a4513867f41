"""Accounts in a real browser: log-in, a session that ends in the middle of work, log-out, users."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from assistant.accounts.authentication import Logins
from assistant.accounts.visitor import LOCAL
from assistant.base.settings import Settings
from support.browsers import NARROW, NEEDS_AXE, QUESTION, WIDE, ask, findings, running_page
from support.pages import settings_in
from support.paths import ROOT
from support.people import PASSWORD, add_people

Scheme = Literal["light", "dark"]

pytestmark = pytest.mark.browser

FORM = "#login"
AGAIN = "dialog.again"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("login")
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    made = settings_in(folder)
    add_people(made)
    return made


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    with running_page(settings.corpus, settings.index) as address:
        yield address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
    yield context
    context.close()


def log_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.fill("#name", name)
    page.fill("#password", password)
    page.press("#password", "Enter")


def chat_of(page: Page, address: str, name: str) -> None:
    page.goto(address)
    page.wait_for_selector(FORM)
    log_in(page, name)
    page.wait_for_selector("#begin .example")
    page.wait_for_selector(".bar .who")


def end_sessions(settings: Settings, name: str) -> None:
    Logins(settings).set_password(LOCAL, name, PASSWORD)


def test_log_in_ask_and_log_out(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    hosts: set[str] = set()
    errors: list[object] = []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("pageerror", lambda error: errors.append(error))
    page.goto(f"{address}/?x=1")
    page.wait_for_selector(FORM)
    assert urlsplit(page.url).path == "/login"
    log_in(page, "读者丙", "不是这个密码不是这个")
    page.wait_for_selector("#problem:not([hidden])")
    assert page.inner_text("#problem") == "用户名或密码不对：请再试一次。"
    assert page.input_value("#name") == "读者丙"
    assert page.input_value("#password") == ""
    assert page.evaluate("document.activeElement.id") == "password"
    log_in(page, "读者丙")
    page.wait_for_selector("#begin .example")
    assert page.url == f"{address}/?x=1"
    assert page.inner_text(".bar .who .page") == "读者丙"
    ask(page, QUESTION)
    assert "以巡促改" in page.inner_text("#chat .answer")
    page.click(".bar .out")
    page.wait_for_selector(FORM)
    page.go_back()
    page.wait_for_selector(FORM)
    assert "以巡促改" not in page.content()
    assert hosts == {urlsplit(address).netloc}
    assert errors == []


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.invalid/x",
        "/.//evil.invalid/x",
        "/a/..//evil.invalid/x",
        "/\\\\evil.invalid",
        "http://[",
        "javascript:1",
    ],
)
def test_a_log_in_leads_to_this_host_only(context: BrowserContext, address: str, wanted: str) -> None:
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/login?next={quote(wanted, safe='')}")
    page.wait_for_selector(FORM)
    with page.expect_navigation():
        log_in(page, "读者丙")
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(address).netloc}
    assert urlsplit(page.url).netloc == urlsplit(address).netloc
    assert urlsplit(page.url).path != "/login"


def test_a_session_that_ends_in_the_middle_of_work_loses_nothing(
    context: BrowserContext, address: str, settings: Settings
) -> None:
    page = context.new_page()
    chat_of(page, address, "培训员乙")
    ask(page, QUESTION)
    before = page.locator("#chat .answer").count()
    page.fill("#question textarea", "第二点呢")
    end_sessions(settings, "培训员乙")
    page.press("#question textarea", "Enter")
    page.wait_for_selector(f"{AGAIN}[open]")
    assert page.inner_text(f"{AGAIN} h2") == "登录已过期"
    assert page.input_value(f"{AGAIN} [name=name]") == "培训员乙"
    assert page.input_value("#question textarea") == "第二点呢"
    page.keyboard.press("Escape")
    assert page.locator(f"{AGAIN}[open]").count() == 1
    page.fill(f"{AGAIN} [name=password]", "不是这个密码不是这个")
    page.press(f"{AGAIN} [name=password]", "Enter")
    page.wait_for_selector(f"{AGAIN} .problem:not([hidden])")
    page.fill(f"{AGAIN} [name=password]", PASSWORD)
    page.press(f"{AGAIN} [name=password]", "Enter")
    page.wait_for_selector(AGAIN, state="detached")
    page.wait_for_function("n => document.querySelectorAll('#chat .answer:not(.notice)').length > n", arg=before)
    assert "理解为" in page.inner_text("#chat .understood")


def test_somebody_else_who_logs_in_sees_nothing_of_who_was_here(
    context: BrowserContext, address: str, settings: Settings
) -> None:
    page = context.new_page()
    chat_of(page, address, "培训员乙")
    ask(page, QUESTION)
    end_sessions(settings, "培训员乙")
    page.press("#question textarea", "x")
    page.press("#question textarea", "Enter")
    page.wait_for_selector(f"{AGAIN}[open]")
    page.fill(f"{AGAIN} [name=name]", "读者丙")
    page.fill(f"{AGAIN} [name=password]", PASSWORD)
    with page.expect_navigation():
        page.press(f"{AGAIN} [name=password]", "Enter")
    page.wait_for_selector("#begin .example")
    page.wait_for_selector(".bar .who")
    assert page.inner_text(".bar .who .page") == "读者丙"
    assert page.locator("#chat .question").count() == 0


def test_ones_own_password_is_changed(context: BrowserContext, address: str, settings: Settings) -> None:
    page = context.new_page()
    page.goto(f"{address}/account")
    log_in(page, "读者丁")
    page.wait_for_selector("#folders:text('人事')")
    page.fill("#old", PASSWORD)
    page.fill("#new", "夏天的风吹过山谷里的湖")
    page.fill("#again", "夏天的风吹过山谷里的河")
    page.click("#password-form button")
    page.wait_for_selector("#problem:not([hidden])")
    page.fill("#again", "夏天的风吹过山谷里的湖")
    page.click("#password-form button")
    page.wait_for_selector("#done:not([hidden])")
    assert Logins(settings).log_in("读者丁", "夏天的风吹过山谷里的湖", "127.0.0.1")


def test_a_manager_adds_and_removes_a_user(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.goto(f"{address}/users")
    log_in(page, "管理员甲")
    page.wait_for_selector("#user-rows tr:has-text('读者丁')")
    page.click("#add-user")
    page.fill("dialog input[type=password]", PASSWORD)
    page.fill("dialog input:not([type])", "<b>新人")
    page.get_by_role("checkbox", name="人事科").check()
    page.get_by_role("button", name="添加", exact=True).click()
    page.wait_for_selector("dialog .problem:not([hidden])")
    page.fill("dialog input:not([type])", "新人")
    page.get_by_role("button", name="添加", exact=True).click()
    row = "#user-rows tr:has-text('新人')"
    page.wait_for_selector(row)
    page.wait_for_selector("dialog", state="detached")
    assert page.locator(f"{row} td").all_inner_texts()[:4] == ["新人", "读者", "分组：人事科", "正常"]
    assert page.locator("#note-rows tr").first.locator("td").all_inner_texts()[1:4] == [
        *("管理员甲", "添加用户"),
        "新人（读者；人事科）",
    ]
    page.get_by_role("button", name="删除 新人").click()
    page.get_by_role("button", name="删除", exact=True).click()
    page.wait_for_selector(row, state="detached")


def test_a_reader_is_told_that_users_are_not_his_to_manage(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(f"{address}/users")
    log_in(page, "读者丙")
    page.wait_for_selector("#problem:text('权限')")
    assert page.locator("#users :is(button, table, h2)").locator("visible=true").count() == 0
    page.get_by_role("link", name="返回问答").click()
    page.wait_for_url(f"{address}/")


def test_a_narrow_window_shows_what_can_be_done_with_a_user(browser: Browser, address: str) -> None:
    context = browser.new_context(locale="zh-CN", viewport={"width": NARROW["width"], "height": NARROW["height"]})
    page = context.new_page()
    page.goto(f"{address}/users")
    log_in(page, "管理员甲")
    box = page.get_by_role("button", name="修改 读者丁").bounding_box()
    assert box and 0 <= box["x"] and box["x"] + box["width"] <= NARROW["width"]
    frame = page.locator("#users .wide").first
    assert frame.evaluate("node => node.scrollWidth <= node.clientWidth")
    items = page.locator(".bar .page, .bar .out").evaluate_all("all => all.map(e => e.getClientRects()[0].height < 40)")
    assert items and all(items)
    assert page.locator(".bar .page[aria-current]").evaluate(
        "e => e.getBoundingClientRect().right <= e.parentElement.getBoundingClientRect().right + 1"
    )
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_pages_fit_and_need_no_scrolling_sideways(
    browser: Browser, address: str, scheme: Scheme, size: dict[str, int], tmp_path: Path
) -> None:
    context = browser.new_context(locale="zh-CN", viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    pictures = Path(os.environ.get("ASSISTANT_PICTURES") or tmp_path)
    page.goto(f"{address}/users")
    for name, wanted in (
        ("login", FORM),
        ("users", "#user-rows tr:has-text('读者丁')"),
        ("account", "#folders:text('全部')"),
    ):
        if name == "users":
            log_in(page, "管理员甲")
        if name == "account":
            page.goto(f"{address}/account")
        page.wait_for_selector(wanted)
        page.screenshot(path=pictures / f"{name}-{size['width']}-{scheme}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
    context.close()


@NEEDS_AXE
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_finding(browser: Browser, address: str, settings: Settings, scheme: Scheme) -> None:
    context = browser.new_context(locale="zh-CN", color_scheme=scheme)
    page = context.new_page()
    found = []
    page.goto(f"{address}/users")
    log_in(page, "管理员甲", "不是这个密码不是这个")
    page.wait_for_selector("#problem:not([hidden])")
    found += findings(page)
    log_in(page, "管理员甲")
    page.wait_for_selector("#note-rows tr td:nth-child(2)")
    page.wait_for_selector(".bar .who")
    found += findings(page)
    page.click("#add-user")
    found += findings(page)
    page.goto(f"{address}/account")
    page.wait_for_selector("#folders:text('全部')")
    found += findings(page)
    end_sessions(settings, "管理员甲")
    page.fill("#old", "x")
    page.fill("#new", "夏天的风吹过山谷里的湖")
    page.fill("#again", "夏天的风吹过山谷里的湖")
    page.click("#password-form button")
    page.wait_for_selector(f"{AGAIN}[open]")
    found += findings(page)
    context.close()
    assert found == []
