"""The page 学习材料 in a real browser."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route

from assistant.answering.service import Service
from assistant.base.settings import Settings
from assistant.study.pack import Pack
from assistant.study.pack_store import Packs
from support.browsers import running_page
from support.paths import ROOT
from support.sample_pack import COUNT, HALF, sample
from support.study_pages import ITEMS, open_study, stems

pytestmark = pytest.mark.browser
WORDS = {"formulations": HALF, "remarks": COUNT, "items": COUNT, "cards": COUNT, "plan": "同志们"}
TALL = {"width": 1280, "height": 2000}  # nothing scrolls while something is dragged
MARKED = """words => {
  const marks = [...document.querySelectorAll("mark.quote")];
  const said = marks.map((mark) => mark.textContent).join("");
  return marks.some((mark) => mark.checkVisibility()) && said.startsWith(words);
}"""


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


def test_a_pack_is_built_with_the_keyboard(browser: Browser, address: str, folder: Path) -> None:
    with open_study(browser, address) as page:
        assert page.inner_text(".bar .page[aria-current]") == "学习材料"
        assert "还没有学习材料" in page.inner_text("#view .empty")
        assert page.inner_text(".chosen").startswith("已选 1 份：《市委巡视动员部署会讲话》")
        page.focus("details.parts summary")
        page.keyboard.press("Enter")
        page.locator(".tree input").nth(1).press("Space")
        assert page.inner_text("details.parts summary") == "只用其中 1 部分"
        below = page.locator(".tree .depth-1 input")
        assert [below.nth(n).is_checked() and below.nth(n).is_disabled() for n in range(3)] == [True] * 3
        page.fill("#title", "第一部分")
        page.click("details.tuning summary")
        page.fill("#count-fill", "2")
        assert page.inner_text("fieldset.counts > .quiet") == "共 32 道"
        page.press("#title", "Enter")
        page.wait_for_selector("#view .tabs")
        assert page.inner_text("#view h2") == "第一部分"
    packs = Packs(folder / "study.sqlite")
    (line,) = packs.listed("")
    brief = packs.get("", line.id).pack.brief
    assert (len(brief.sections), brief.seed, brief.counts["fill"]) == (1, 1, 2)  # type: ignore[index]
    packs.forget("")


def test_what_makes_no_sense_is_said_in_the_form(browser: Browser, address: str) -> None:
    with open_study(browser, address) as page:
        page.uncheck(".folder > .choice input")
        page.click("form.build button.primary")
        page.wait_for_selector(".form-said:not(:empty)")
        assert page.inner_text(".form-said") == "请选择至少一份文件，或写一个主题。"
        page.fill("#topic", "巡视")
        assert page.inner_text(".form-said") == ""
        page.click("details.tuning summary")
        page.fill("#count-fill", "-1")
        assert page.inner_text("details.tuning summary") == "试题和难度：29 道，难易搭配"
        page.click("details.tuning summary")
        page.click("form.build button.primary")  # what is wrong is shown, not hidden in what is folded
        assert page.get_attribute("details.tuning", "open") == ""
        page.fill(".seek", "没有这样的标题")
        assert "没有这样的文件。" in page.inner_text(".choose .rows")


def test_building_is_watched_and_stopped(browser: Browser, address: str) -> None:
    with open_study(browser, address) as page:
        release = threading.Event()
        job = {"id": "1", "label": "出题", "done": 4, "total": 6, "message": "", "results": []}

        def held(route: Route) -> None:
            over = release.is_set()
            route.fulfill(json=job | {"stage": "stopped" if over else "running", "over": over})

        def stopped(route: Route) -> None:
            release.set()
            held(route)

        page.route("**/api/study/build", held)
        page.route("**/api/study/job*", held)
        page.route("**/api/study/stop", stopped)
        page.click("form.build button.primary")
        page.wait_for_selector("text=出题（4 / 6）")
        assert page.evaluate("document.querySelector('#job-bar').value") == 4
        page.click("#job-stop")
        page.wait_for_selector("text=已停止，没有生成。")
        assert page.is_hidden("#job") and page.is_enabled("form.build button.primary")


def test_every_part_is_there_and_every_source_opens(browser: Browser, address: str, kept: str) -> None:
    with open_study(browser, address, f"/study?pack={kept}") as page:
        assert page.inner_text("#view h2") == "巡视整改专题"
        assert (
            "要的题程序没有出够：多项选择题要 5 道，出了 1 道。请少要几道，或者多选文件、放宽主题。"
            in page.inner_text(".notice.notes")
        )
        counts = page.locator(".tab").all_inner_texts()
        assert counts == ["提纲", "提法2", "用语1", "试题9", "卡片1", "课程计划"]
        page.focus("#tab-outline")
        for tab in ("formulations", "remarks", "items", "cards", "plan"):
            page.keyboard.press("ArrowRight")
            assert page.get_attribute(f"#tab-{tab}", "aria-selected") == "true"
            page.locator(".tab-panel a[href^='#']").first.click()
            page.wait_for_function(MARKED, arg=WORDS[tab])
            page.keyboard.press("Escape")
            assert page.is_hidden("#source")
            page.focus(f"#tab-{tab}")
        assert page.locator(".stage").count() == 3 and "0:10–1:10" in page.inner_text("ol.plan")
        page.reload()
        page.wait_for_selector("#panel-plan .stage")


def test_the_outline_and_its_map(browser: Browser, address: str, kept: str) -> None:
    with open_study(browser, address, f"/study?pack={kept}", watched=False) as page:
        assert page.locator(".outline h3").all_inner_texts()[:2] == ["一页摘要", "《市委巡视动员部署会讲话》"]
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100" width="300" height="100" onload="hacked=1">'
            "<script>window.hacked=1</script><style>*{display:none}</style><foreignObject><p>坏</p></foreignObject>"
            '<a href="javascript:window.hacked=1"><text x="10" y="20">假</text></a><image href="http://evil.example/x"/>'
            f'<a href="{page.get_attribute(".outline a.cite", "href")}"><text x="10" y="60" fill="#123456"'
            ' style="display:none" onclick="window.hacked=1">点我</text></a></svg>'
        )
        page.route("**/api/study/map*", lambda route: route.fulfill(json={"svg": svg}))
        page.click(".mind button")
        page.wait_for_selector(".map-frame svg")
        assert (
            page.locator(".map-frame :is(script, style, image, foreignObject, [onload], [onclick], [style])").count()
            == 0
        )
        assert (
            page.locator(".map-frame a[href]").count() == 1
            and page.get_attribute(".map-frame a[href] text", "fill") == "#123456"
        )
        page.click(".map-frame text:has-text('点我')")
        page.wait_for_selector("mark.quote", state="visible")
        assert page.evaluate("window.hacked") is None


def test_a_question_is_worded_anew_and_marked(browser: Browser, address: str, kept: str, folder: Path) -> None:
    with open_study(browser, address, f"/study?pack={kept}&tab=items") as page:
        first = page.locator(ITEMS).first
        first.locator(".edit").click()
        assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
        assert page.inner_text("form.editing .from q") == COUNT  # to be read while its question is worded anew
        page.locator("form.editing textarea").nth(1).fill("4个\n5个")
        page.click("form.editing button.primary")
        page.wait_for_selector("form.editing .failed:not(:empty)")
        assert "答案有 2 个" in page.inner_text("form.editing .failed")
        page.locator("form.editing textarea").nth(1).fill("5个")
        page.click("form.editing button.primary")
        page.wait_for_selector(".badge.edited")
        assert first.locator(".badge.edited").inner_text() == "已修改"
        assert "不完全一致" in first.locator(".doubt").first.inner_text()
        page.click("text=发布测验")
        assert "道题标了红字，可能答案不对或互相透露" in page.inner_text("dialog .failed")
        page.click("dialog >> text=取消")
        page.uncheck(".tools input")
        assert first.locator(".doubt").first.is_visible()  # without the answers, too
        page.check(".tools input")
        assert first.locator(".from q").inner_text() == COUNT
        first.locator(".edit").press("Enter")
        page.keyboard.press("Escape")
        assert page.locator("form.editing").count() == 0
    item = Packs(folder / "study.sqlite").get("", kept).pack.items[0]
    assert item.answer == ("5个",) and item.edited and item.source.text == COUNT


def test_questions_are_ordered_by_keyboard_and_by_dragging(browser: Browser, address: str, kept: str) -> None:
    with open_study(browser, address, f"/study?pack={kept}&tab=items", viewport=TALL) as page:
        before = stems(page)
        assert len(before) == 3 and page.locator(f"{ITEMS} .up").first.is_disabled()
        page.locator(f"{ITEMS} .down").first.press("Enter")
        page.wait_for_function("s => document.querySelectorAll('.item .stem')[1].innerText === s", arg=before[0])
        assert stems(page) == [before[1], before[0], before[2]]
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "下移：第 2 题"
        page.keyboard.press("Enter")
        page.wait_for_function("s => document.querySelectorAll('.item .stem')[2].innerText === s", arg=before[0])
        page.locator(f"{ITEMS} .grip").nth(2).drag_to(page.locator(ITEMS).first)
        page.wait_for_function("s => document.querySelectorAll('.item .stem')[0].innerText === s", arg=before[0])
        assert stems(page) == before
        page.reload()
        page.wait_for_selector(".item")
        assert stems(page) == before


def test_a_question_is_taken_out_and_put_back(browser: Browser, address: str, kept: str) -> None:
    with open_study(browser, address, f"/study?pack={kept}&tab=items") as page:
        page.locator(ITEMS).first.locator(".danger").click()
        page.wait_for_selector("#notice button")
        assert len(stems(page)) == 2 and page.inner_text("#tab-items .count") == "8"
        page.keyboard.press("Enter")
        page.wait_for_function("() => document.querySelector('#tab-items .count').textContent === '9'")
        page.locator(ITEMS).first.locator(".danger").click()
        page.wait_for_selector("details.removed")
        page.click("details.removed summary")
        page.click(".put-back")
        page.wait_for_function("() => document.querySelector('#tab-items .count').textContent === '9'")
        assert page.locator("details.removed").count() == 0


def test_a_second_window_is_told_and_overwrites_nothing(
    browser: Browser, address: str, kept: str, folder: Path
) -> None:
    with open_study(browser, address, f"/study?pack={kept}&tab=items") as page:
        packs = Packs(folder / "study.sqlite")
        other = packs.get("", kept)
        packs.save("", replace(other, pack=replace(other.pack, items=other.pack.items[1:])))
        page.locator(ITEMS).first.locator(".danger").click()
        page.wait_for_selector("#notice .failed")
        assert "在别的窗口里改过了" in page.inner_text("#notice .failed")
        page.click("#notice button:has-text('刷新页面')")
        page.wait_for_function("() => document.querySelector('#tab-items .count')?.textContent === '8'")


def test_version_b_is_looked_at_and_not_changed(browser: Browser, address: str, kept: str) -> None:
    with open_study(browser, address, f"/study?pack={kept}&tab=items") as page:
        before = stems(page)
        page.select_option(".version", "B")
        page.wait_for_selector("text=要修改请回到 A 卷")
        assert sorted(stems(page)) == sorted(before) and page.locator(".item-deeds").count() == 0
        page.select_option(".version", "A")
        page.wait_for_selector(".item-deeds")
        assert stems(page) == before
