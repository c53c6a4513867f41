"""A real browser: packs that changed, are renamed, exported or hostile, and how every view looks."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from assistant.answering.service import Service
from assistant.base.settings import Settings
from assistant.study.export import FORMATS
from assistant.study.pack import Pack
from assistant.study.pack_store import Packs
from support.browsers import NARROW, NEEDS_AXE, WIDE, ask, findings, open_page, running_page, scrolls_sideways
from support.paths import ROOT
from support.sample_pack import COUNT, hostile, sample
from support.study_pages import ITEMS, open_study, stems

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("学习材料")
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with running_page(folder / "corpus", folder / "index") as address:
        yield address


@pytest.fixture(scope="module")
def pack(folder: Path, address: str) -> Pack:
    return sample(Service(Settings(corpus=folder / "corpus", index=folder / "index")))


@pytest.fixture
def kept(folder: Path, pack: Pack) -> Iterator[str]:
    """The id of the sample pack, kept for whoever uses the page without an account."""
    packs = Packs(folder / "study.sqlite")
    yield packs.add("", pack)
    packs.forget("")


def opened(page: Page, tab: str) -> None:
    page.click(f"#tab-{tab}")
    page.wait_for_selector(f"#panel-{tab} > *")


def test_sources_that_changed_are_marked_and_a_new_pack_is_offered(
    browser: Browser, address: str, kept: str, folder: Path, pack: Pack
) -> None:
    packs = Packs(folder / "study.sqlite")
    item = pack.items[0]
    stale = replace(item, source=replace(item.source, text=COUNT.replace("4", "7")))
    identity = packs.add("", replace(pack, items=(stale, *pack.items[1:])))
    with open_study(browser, address, f"/study?pack={identity}&tab=items") as page:
        assert "1 处文字已不是现在的原文" in page.inner_text(".notice.changed")
        first = page.locator(ITEMS).first
        assert first.locator(".marks .badge").all_inner_texts() == ["出处已变动"]
        assert first.locator(".from s").count() == 1 and first.locator(".from q").count() == 0
        page.click("summary:has-text('导出')")
        page.locator(".menu .choice").first.click()
        page.wait_for_selector(".said.failed")
        assert "出处已变动" in page.inner_text(".said.failed")
        page.goto(f"{address}/study")
        page.wait_for_selector(".packs .badge")
        assert page.locator(".packs tr", has=page.locator(".badge")).inner_text().count("已过时") == 1
        page.goto(f"{address}/study?pack={identity}&tab=items")
        page.click(".notice.changed button")
        page.click("dialog.form button.primary")
        page.wait_for_function(
            "() => !document.querySelector('.notice.changed') && document.querySelector('#view .tabs')"
        )


def test_a_pack_that_cannot_be_opened_says_so(browser: Browser, address: str, folder: Path, pack: Pack) -> None:
    packs = Packs(folder / "study.sqlite")
    identity = packs.add("", replace(pack, title="不能看的", documents=(replace(pack.documents[0], id="gone"),)))
    with open_study(browser, address, f"/study?pack={identity}") as page:
        assert page.inner_text("#view .failed").startswith("这份材料用到的文件有 1 份已经移走")
        page.click("text=返回学习材料")
        page.wait_for_selector("#view table")
        assert "不能看的" not in page.inner_text("#view")
        page.click("button[aria-label='删除这份不能打开的材料']")
        page.wait_for_selector("text=还没有学习材料")
    packs.forget("")


def test_a_pack_is_renamed_deleted_and_had_back(browser: Browser, address: str, kept: str) -> None:
    with open_study(browser, address, f"/study?pack={kept}") as page:
        page.click("button:has-text('改名')")
        page.fill("#new-title", "换了名称")
        page.keyboard.press("Enter")
        page.wait_for_selector("h2:has-text('换了名称')")
        page.goto(f"{address}/study")
        page.click("button[aria-label='删除《换了名称》']")
        page.wait_for_selector("text=还没有学习材料")
        page.click("#notice button:has-text('撤销')")
        page.wait_for_selector("table a:has-text('换了名称')")
        assert page.locator("table td").all_inner_texts()[:2] == ["换了名称", "9"]


def test_a_pack_is_exported(browser: Browser, address: str, kept: str) -> None:
    with open_study(browser, address, f"/study?pack={kept}") as page:
        page.click("summary:has-text('导出')")
        assert page.locator(".menu .choice").count() == len(FORMATS)
        page.route("**/study/export?*", lambda route: route.fulfill(
            body="x", headers={"content-disposition": "attachment; filename*=UTF-8''%E9%A2%98.md"}))  # fmt: skip
        page.check(".versions input")
        with page.expect_download() as download:
            with page.expect_request("**/study/export?*") as request:
                page.locator(".menu .choice").first.click()
        assert "version=B" in request.value.url and f"pack={kept}" in request.value.url
        assert download.value.suggested_filename == "题.md"


def test_hostile_words_stay_words(browser: Browser, address: str, folder: Path, pack: Pack) -> None:
    packs = Packs(folder / "study.sqlite")
    identity = packs.add("", hostile(pack))
    with open_study(browser, address, f"/study?pack={identity}") as page:
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        for tab in ("outline", "formulations", "remarks", "items", "cards", "plan"):
            opened(page, tab)
            assert page.locator("main :is(img, script, iframe)").count() == 0
        opened(page, "items")
        page.locator(f"{ITEMS} .edit").first.click()
        assert "<script>" in page.input_value("form.editing textarea >> nth=0")
        page.goto(f"{address}/study?documents=<img src=x>,no-such&topic=<script>window.hacked=1</script>&new")
        page.wait_for_selector(".rows input")
        assert page.input_value("#topic") == "<script>window.hacked=1</script>"
        assert "有 2 份文件已不在" in page.inner_text(".chosen")
        assert page.evaluate("window.hacked") is None
    packs.forget("")


def test_an_answer_leads_to_a_form_that_is_filled_in(browser: Browser, address: str) -> None:
    with open_page(browser, address) as page:
        ask(page, "巡视整改要求是什么")
        link = page.locator("#chat a.study").last
        link.wait_for()
        assert link.inner_text() == "用这个回答出题"
        page.goto(address + (link.get_attribute("href") or ""))
        page.wait_for_selector(".rows input")
        assert page.input_value("#topic") == "巡视整改"
        assert "《市委巡视动员部署会讲话》" in page.inner_text(".chosen")
        assert page.get_attribute("#new", "open") == ""


def test_the_chat_offers_it_to_trainers_only(browser: Browser, address: str) -> None:
    with open_page(browser, address) as page:
        ask(page, "巡视整改要求是什么")
        assert page.locator("#chat a.study").last.is_visible()
        page.evaluate("document.documentElement.dataset.role = 'reader'")
        assert not page.locator("#chat a.study").last.is_visible()


def test_without_the_server_the_page_says_so(browser: Browser, address: str, kept: str) -> None:
    with open_study(browser, address, f"/study?pack={kept}&tab=items") as page:
        page.route("**/api/study/change", lambda route: route.abort())
        page.locator(ITEMS).first.locator(".danger").click()
        problem = page.locator(ITEMS).first.locator(".problem:not(:empty)")
        assert problem.inner_text() == "连接不上服务：请检查网络后再试一次。"  # beside the question
        assert len(stems(page)) == 3


LOOKS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": WIDE},
    "1920": {"viewport": {"width": 1920, "height": 1080}},
    "390 dark": {"viewport": NARROW, "color_scheme": "dark", "has_touch": True},
}


@NEEDS_AXE
@pytest.mark.parametrize("look", LOOKS)
def test_no_view_has_a_serious_finding(browser: Browser, address: str, kept: str, look: str) -> None:
    with open_study(browser, address, **LOOKS[look]) as page:
        assert findings(page) == [] and not scrolls_sideways(page)
        page.goto(f"{address}/study?new")
        page.wait_for_selector(".rows input")
        page.click("details.parts summary")
        assert findings(page) == [] and not scrolls_sideways(page)
        page.goto(f"{address}/study?pack={kept}")
        page.wait_for_selector(".tab-panel > *")
        for tab in ("outline", "formulations", "remarks", "items", "cards", "plan"):
            opened(page, tab)
            assert findings(page) == [] and not scrolls_sideways(page), tab
        opened(page, "items")
        page.locator(f"{ITEMS} .edit").first.click()
        page.click("summary:has-text('导出')")
        assert findings(page) == [] and not scrolls_sideways(page)


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_is_wider_than_the_window(browser: Browser, address: str, kept: str, look: str) -> None:
    with open_study(browser, address, f"/study?pack={kept}", **LOOKS[look]) as page:
        for tab in ("outline", "formulations", "remarks", "items", "cards", "plan"):
            opened(page, tab)
            assert not scrolls_sideways(page), tab
        page.locator("#panel-plan a").first.click()
        page.wait_for_selector("mark.quote", state="visible")
        assert not scrolls_sideways(page)
