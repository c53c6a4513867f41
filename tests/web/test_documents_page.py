"""The documents page in a real browser."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from support.browsers import NARROW, NEEDS_AXE, WIDE, findings, running_page
from support.paths import ROOT

OLD = "考勤办法\n第一条　病假一般不得超过30日。\n第二条　事假由处长审批。\n第三条　旧的规定。\n"
NEW = "考勤办法\n第一条　病假一般不得超过15日。\n第二条　事假由处长审批。\n第四条　本办法自2024年5月1日起施行。\n"
CATALOG = """
[[document]]
file = "制度/考勤办法（旧）.txt"
title = "考勤办法"
date = "2019-03"
issuer = "办公室"
validity = "已废止"
replaced_by = "制度/考勤办法（新）.txt"

# 新办法由人事处提供
[[document]]
file = "制度/考勤办法（新）.txt"
title = "考勤办法"
date = "2024-05"
validity = "现行有效"
"""
HOSTILE = '敌意<img src=x onerror="hacked=1">.txt'

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    corpus = tmp_path_factory.mktemp("documents") / "corpus"
    shutil.copytree(ROOT / "corpus", corpus)
    (corpus / "制度").mkdir()
    (corpus / "制度" / "考勤办法（旧）.txt").write_text(OLD, encoding="utf-8")
    (corpus / "制度" / "考勤办法（新）.txt").write_text(NEW, encoding="utf-8")
    (corpus / HOSTILE).write_text("<script>hacked=1</script>的通知\n由<b>办公室</b>负责。", encoding="utf-8")
    (corpus / "坏.docx").write_bytes(b"not a document")
    with (corpus / "catalog.toml").open("a", encoding="utf-8") as catalog:
        catalog.write(CATALOG)
    return corpus


@pytest.fixture(scope="module")
def address(corpus: Path) -> Iterator[str]:
    with running_page(corpus, corpus.with_name("index")) as address:
        yield address


@contextmanager
def documents_page(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """Yield the page in a fresh profile; it asks its own server only, and no script of it fails."""
    context = browser.new_context(locale="zh-CN", **({"viewport": WIDE} | options))
    asked, failed = [], []
    try:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: failed.append(error))
        page.goto(f"{address}/documents")
        page.wait_for_selector("#rows tr")
        yield page
        assert {urlsplit(url).netloc for url in asked} == {urlsplit(address).netloc}
        assert failed == []
    finally:
        context.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with documents_page(browser, address) as page:
        yield page


def row(page: Page, path: str) -> Any:
    return page.locator("#rows tr").filter(has=page.get_by_text(path, exact=True))


def open_details(page: Page, path: str) -> Any:
    row(page, path).locator("button.open").click()
    sheet = page.locator("dialog.sheet")
    expect(sheet.locator(".found")).not_to_contain_text("正在读取")
    return sheet


def choose(page: Page, *files: tuple[str, str | bytes]) -> None:
    made = [{"name": n, "mimeType": "", "buffer": c.encode() if isinstance(c, str) else c} for n, c in files]
    page.set_input_files("#files", made)  # type: ignore[arg-type]


def result(page: Page, name: str) -> Any:
    return page.locator("#uploads-list li").filter(has=page.get_by_text(name, exact=True)).locator(".result")


def settled(page: Page) -> None:
    """Wait until the index is up to date and the page shows it."""
    expect(page.locator(".notice.busy")).to_have_count(0, timeout=20_000)
    expect(page.locator("#rows .waits")).to_have_count(0, timeout=20_000)


def sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def test_the_table_shows_finds_and_sorts(page: Page) -> None:
    expect(page.locator("#rows tr")).to_have_count(5)
    expect(page.locator("#count")).to_have_text("可以查询 4 份，1 份不能收录")
    old = row(page, "制度/考勤办法（旧）.txt")
    expect(old.locator(".badge")).to_have_text("已废止")
    expect(old).to_contain_text("已由《考勤办法》替代")
    expect(row(page, "坏.docx")).to_contain_text("不能收录：不是真正的 .docx 文件")
    page.fill("#find", "制度 2024")
    expect(page.locator("#rows .path")).to_have_text(["制度/考勤办法（新）.txt"])
    expect(page.locator("#shown")).to_have_text("找到 1 份")
    page.fill("#find", "")
    page.select_option("#validity", "已废止")
    expect(page.locator("#rows .path")).to_have_text(["制度/考勤办法（旧）.txt"])
    page.select_option("#validity", "全部")
    page.select_option("#condition", "不能收录")
    expect(page.locator("#rows .path")).to_have_text(["坏.docx"])
    page.select_option("#condition", "")
    page.get_by_role("button", name="段数").click()
    page.get_by_role("button", name="段数").click()
    expect(page.locator("#columns th[aria-sort=descending]")).to_contain_text("段数")
    expect(page.locator("#rows .path").first).to_have_text("市委巡视动员部署会讲话.txt")


def test_hostile_names_and_words_are_only_shown(page: Page) -> None:
    sheet = open_details(page, HOSTILE)
    sheet.get_by_text("这份文件是怎样分段的").click()
    expect(sheet.locator(".passage").first).to_have_text("<script>hacked=1</script>的通知")
    assert page.evaluate("window.hacked") is None
    assert page.locator("main img, dialog img").count() == 0


DROP = """async (files) => {
  const transfer = new DataTransfer();
  for (const [name, text] of files) transfer.items.add(new File([text], name, { type: "text/plain" }));
  for (const type of ["dragover", "drop"]) {
    document.querySelector("#drop").dispatchEvent(
      new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }
}"""


def test_dropped_files_are_added_each_with_its_result(page: Page, corpus: Path) -> None:
    page.fill("#folder", "新收/通知")
    files = [["通知一.txt", "关于防汛值班的通知\n第一，值班电话由办公室公布。"], ["假.docx", "不是"], ["空.txt", ""]]
    files.append(["又是考勤.txt", NEW])
    page.evaluate(DROP, files)
    expect(result(page, "新收/通知/通知一.txt")).to_contain_text("已添加：2 个章节，2 段")
    expect(result(page, "新收/通知/假.docx")).to_contain_text("不是真正的 .docx 文件")
    expect(result(page, "新收/通知/空.txt")).to_contain_text("空")
    same = "内容与“制度/考勤办法（新）.txt”完全相同，没有重复添加"
    expect(result(page, "新收/通知/又是考勤.txt")).to_have_text(same)
    expect(page.locator("#uploads-said")).to_have_text("已添加 1 份，1 份已经在了，2 份不能添加，原因见下")
    settled(page)
    expect(row(page, "新收/通知/通知一.txt").locator("td.figure").first).to_have_text("2")
    assert (corpus / "新收" / "通知" / "通知一.txt").exists()
    sheet = open_details(page, "新收/通知/通知一.txt")
    expect(sheet.locator(".lead")).to_contain_text("2 个章节，2 段")


def test_a_file_of_the_same_name_is_asked_about(page: Page, corpus: Path) -> None:
    page.fill("#folder", "同名")
    choose(page, ("值班.txt", "甲由办公室负责。"))
    expect(result(page, "同名/值班.txt")).to_contain_text("已添加")
    page.get_by_role("button", name="收起").click()
    choose(page, ("值班.txt", "乙由人事处负责。"))
    expect(result(page, "同名/值班.txt")).to_contain_text("同名文件“同名/值班.txt”已经在了")
    page.get_by_role("button", name="用这份替换").click()
    expect(result(page, "同名/值班.txt")).to_contain_text("已替换")
    assert (corpus / "同名" / "值班.txt").read_text(encoding="utf-8") == "乙由人事处负责。"
    page.get_by_role("button", name="撤销替换").click()
    expect(page.locator(".notice").filter(has_text="已放回“同名/值班.txt”")).to_be_visible()
    assert (corpus / "同名" / "值班.txt").read_text(encoding="utf-8") == "甲由办公室负责。"


def test_a_file_is_looked_at_before_it_is_added(page: Page, corpus: Path) -> None:
    page.check("#hold")
    choose(page, ("先看.txt", "关于车辆的通知\n第一，车辆由后勤处管理。"), ("不要.txt", "第二份由谁负责。"))
    expect(page.locator("#uploads-said")).to_have_text("2 份等您确认")
    result(page, "先看.txt").get_by_role("button", name="看怎样分段").click()
    sheet = page.locator("dialog.sheet")
    expect(sheet.locator(".passage")).to_have_text(["关于车辆的通知", "第一，车辆由后勤处管理。"])
    assert not (corpus / "先看.txt").exists()
    sheet.get_by_role("button", name="添加这份文件").click()
    expect(result(page, "先看.txt")).to_contain_text("已添加")
    result(page, "不要.txt").get_by_role("button", name="不添加").click()
    expect(result(page, "不要.txt")).to_have_text("没有添加")
    assert (corpus / "先看.txt").exists() and not (corpus / "不要.txt").exists()


def test_what_is_said_of_a_document_is_edited(page: Page, corpus: Path) -> None:
    path = "制度/考勤办法（新）.txt"
    sheet = open_details(page, path)
    sheet.get_by_label("日期").fill("去年")
    sheet.get_by_role("button", name="保存").click()
    expect(sheet.get_by_role("alert")).to_contain_text("日期“去年”不对")
    sheet.get_by_label("日期").fill("2024年5月1日")
    sheet.get_by_label("发文单位").fill("人事处")
    sheet.get_by_label("效力").select_option("已修改")
    sheet.get_by_role("button", name="保存").click()
    expect(page.locator("dialog")).to_have_count(0)
    settled(page)
    expect(row(page, path).locator("td.date")).to_have_text("2024-05-01")
    expect(row(page, path).locator(".badge")).to_have_text("已修改")
    expect(row(page, path)).to_contain_text("人事处")
    written = (corpus / "catalog.toml").read_text(encoding="utf-8")
    assert "# 新办法由人事处提供\n[[document]]" in written and 'issuer = "人事处"' in written


def test_removed_with_the_keyboard_and_put_back(page: Page, corpus: Path) -> None:
    path = "制度/考勤办法（旧）.txt"
    row(page, path).locator("button.open").press("Enter")
    remove = page.get_by_role("button", name="移除这份文件")
    remove.press("Enter")
    undo = page.get_by_role("button", name="撤销", exact=True)
    expect(undo).to_be_focused()
    expect(row(page, path)).to_have_count(0)
    assert not (corpus / path).exists()
    page.keyboard.press("Enter")
    expect(row(page, path)).to_have_count(1)
    assert (corpus / path).read_text(encoding="utf-8") == OLD
    settled(page)
    expect(row(page, path).locator(".badge")).to_have_text("已废止")


def test_the_trash_puts_back_later(page: Page) -> None:
    path = "市委巡视动员部署会讲话.txt"
    open_details(page, path).get_by_role("button", name="移除这份文件").click()
    expect(row(page, path)).to_have_count(0)
    expect(page.locator(".notice").filter(has_text="已移除")).to_have_count(1)
    page.click("#open-trash")
    line = page.locator(".trash li").filter(has_text=path)
    line.get_by_role("button", name="放回").click()
    expect(line).to_contain_text("已放回")
    expect(page.locator(".notice").filter(has_text="已移除")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator("#open-trash")).to_be_focused()
    expect(row(page, path)).to_have_count(1)
    settled(page)


def test_two_versions_are_compared(page: Page) -> None:
    sheet = open_details(page, "制度/考勤办法（旧）.txt")
    sheet.get_by_text("与另一个版本比较").click()
    expect(sheet.locator("details[open] option:checked")).to_contain_text("考勤办法（新）")
    sheet.get_by_role("button", name="比较").click()
    full = page.locator("dialog.full")
    expect(full.locator(".lead")).to_have_text("有改动 1 段，新增 1 段，删去 1 段，没有变化 2 段。")
    changed = full.locator(".is-changed .text")
    expect(changed.locator("del")).to_have_text("30")
    expect(changed.locator("ins")).to_have_text("15")
    expect(full.locator(".is-changed .place")).to_have_text("旧第2段新第2段有改动")
    expect(full.locator(".is-same").first).to_be_hidden()
    full.get_by_label("只看有变化的段落").uncheck()
    expect(full.locator(".is-same").first).to_be_visible()


def test_without_dates_the_year_in_the_title_says_which_is_old(page: Page) -> None:
    files = [
        ("会议费办法（2018）.txt", "会议费办法\n每人每天400元。"),
        ("会议费办法（2024修订）.txt", "会议费办法\n每人每天550元。"),
    ]
    choose(page, *files)
    for name, _ in files:
        expect(result(page, name)).to_contain_text("已添加")
    for name, _ in files:
        expect(row(page, name).locator("td.figure").first).to_have_text("2", timeout=20_000)
    for name, _ in files:
        sheet = open_details(page, name)
        sheet.get_by_text("与另一个版本比较").click()
        other = next(row for row, _ in files if row != name)
        sheet.get_by_label("另一个版本").select_option(label=f"{other[:-4]} - {other}")
        sheet.get_by_role("button", name="比较").click()
        full = page.locator("dialog.full")
        expect(full.locator(".versions span")).to_have_text(
            ["旧：《会议费办法（2018）》", "新：《会议费办法（2024修订）》"]
        )
        expect(full.locator("del")).to_have_text("400")
        full.get_by_role("button", name="对调").press("Enter")
        expect(full.locator("del")).to_have_text("550")
        expect(full.locator(".versions span").first).to_have_text("旧：《会议费办法（2024修订）》")
        expect(full.get_by_role("button", name="对调")).to_be_focused()
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_have_count(0)


def test_changes_in_the_folder_are_told_and_taken_in(page: Page, corpus: Path) -> None:
    (corpus / "手工.txt").write_text("手工放入的文件由档案室保管。", encoding="utf-8")
    page.reload()
    page.get_by_role("button", name="现在收录").click()
    settled(page)
    expect(row(page, "手工.txt").locator("td.figure").first).to_have_text("1")
    expect(page.locator(".notice")).to_have_count(0)


def test_without_the_server_the_page_says_so_and_comes_back(page: Page) -> None:
    page.route("**/api/documents/**", lambda route: route.abort())
    page.click("#reindex")
    expect(page.locator(".notice.failed").first).to_contain_text("连接不上服务")
    expect(page.locator("#rows tr").first).to_be_visible()
    page.unroute("**/api/documents/**")
    expect(page.locator(".notice.failed")).to_have_count(0, timeout=20_000)


def test_a_reader_is_offered_nothing_that_changes(browser: Browser, address: str) -> None:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()

    def as_reader(route: Any) -> None:
        response = route.fetch()
        route.fulfill(response=response, json={**response.json(), "may_change": False})

    page.route("**/api/documents/table", as_reader)
    page.goto(f"{address}/documents")
    page.wait_for_selector("#rows tr")
    for hidden in ("#adding", "#reindex", "#open-trash"):
        expect(page.locator(hidden)).to_be_hidden()
    sheet = open_details(page, "制度/考勤办法（旧）.txt")
    expect(sheet.get_by_role("link", name="打开原文")).to_be_visible()
    expect(sheet.get_by_role("button", name=re.compile("保存|移除"))).to_have_count(0)
    context.close()


def test_a_narrow_window_scrolls_one_way_only(browser: Browser, address: str) -> None:
    with documents_page(browser, address, viewport=NARROW, has_touch=True) as page:
        assert not sideways(page)
        sheet = open_details(page, "制度/考勤办法（旧）.txt")
        box = sheet.bounding_box()
        assert box and (box["x"], box["width"]) == (0, NARROW["width"])
        assert not sideways(page)
        assert sheet.locator(".dialog-body").evaluate("body => body.scrollWidth <= body.clientWidth")


@NEEDS_AXE
@pytest.mark.parametrize("look", [{}, {"color_scheme": "dark"}, {"viewport": NARROW}], ids=["wide", "dark", "390"])
def test_nothing_keeps_anybody_out(browser: Browser, address: str, look: dict[str, Any]) -> None:
    with documents_page(browser, address, **look) as page:
        choose(page, ("假.docx", "不是"), ("考勤.txt", NEW))
        expect(page.locator("#uploads-said")).to_contain_text("不能添加")
        grave = findings(page)
        sheet = open_details(page, "制度/考勤办法（旧）.txt")
        for part in ("这份文件是怎样分段的", "与另一个版本比较"):
            sheet.get_by_text(part).click()
        expect(sheet.locator(".passage").first).to_be_visible()
        grave += findings(page)
        sheet.get_by_role("button", name="比较").click()
        expect(page.locator("dialog.full .is-changed")).to_be_visible()
        grave += findings(page)
        assert grave == []
