"""Makes the pictures of the docs: each state of the pages, from the running program.

python -m support.pictures [FOLDER]        (docs/images by default)
"""

import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page

from assistant.language.numerals import chinese
from support.browsers import NARROW, QUESTION, WIDE, ask, open_marker, running_browser, running_page
from support.paths import ROOT

NARROW_SHARP = {"viewport": NARROW, "device_scale_factor": 2}
DARK = {"color_scheme": "dark"}
FULL_HD = {"viewport": {"width": 1920, "height": 1080}}
SETTLING_MS = 600
PASSWORD = "pictures-of-the-page"
OLD = """{city}市机关考勤办法
第一条　工作人员上午九时上班，下午五时下班。
第二条　请事假须提前一天书面申请，由科室负责人批准。
第三条　事假每年累计不得超过十天。
"""
NEW = OLD.replace("上午九时", "上午八时三十分").replace("十天", "十五天") + "第四条　病假凭医院证明，由办公室登记。\n"
CATALOG = """
[[document]]
file = "制度/机关考勤办法（2019）.txt"
date = "2019-03-01"
issuer = "某市人民政府办公室"
validity = "已废止"
replaced_by = "制度/机关考勤办法（2024）.txt"

[[document]]
file = "制度/机关考勤办法（2024）.txt"
date = "2024-06-01"
issuer = "某市人民政府办公室"
validity = "现行有效"
"""
QUESTIONS = """问题,应引原文,应回答
巡视整改要求是什么,以巡促改,是
本轮巡视对几个单位开展,4个单位,是
火星上有多少只企鹅,,否
"""
THIN = """关于领取防暑药品的通知
各科室请于7月5日前到办公室领取防暑药品，每人一份。
"""
PAGES, ON_A_PAGE = 200, 1_000
OFFICES = ("办公室", "财务科", "人事科", "信息科", "后勤科", "法规科", "审计科", "档案科", "宣传科", "督查科", "培训科")
MATTERS = ("公文", "印章", "车辆", "差旅", "采购", "会议", "值班", "档案", "网络", "设备", "食堂", "门禁", "接待")
STEPS = ("登记造册", "逐级审核", "公开结果", "限期整改", "统一编号", "留存备查", "专人保管", "按时上报", "定期清点")


class Picture(NamedTuple):
    """One picture: its name, the path of its page, what is done there, and how the browser is set."""

    name: str
    path: str
    steps: Callable[[Page], None]
    options: dict[str, Any]


def begin(page: Page) -> None:
    page.wait_for_selector(".example")


def answered(page: Page) -> None:
    begin(page)
    ask(page, QUESTION)
    open_marker(page, 2)


def not_found(page: Page) -> None:
    begin(page)
    ask(page, "火星上有多少只企鹅？")


def mentioned(page: Page) -> None:
    begin(page)
    ask(page, "“四个聚焦”是什么？")


def replaced(page: Page) -> None:
    begin(page)
    ask(page, "事假每年最多几天？")
    open_marker(page, 1)


def searched(page: Page) -> None:
    answered(page)
    page.click(".find-open")
    page.fill(".find-words", "整改")
    page.wait_for_selector("mark.hit.is-current")


def scoped(page: Page) -> None:
    begin(page)
    ask(page, QUESTION)
    page.click(".scope-button")
    page.wait_for_selector(".scope-rows label")


def offline(page: Page) -> None:
    answered(page)
    page.context.set_offline(True)
    page.fill("#question textarea", "巡视期限是多久")
    page.press("#question textarea", "Enter")
    page.wait_for_selector("[data-testid=toast-text]")


def documents(page: Page) -> None:
    page.wait_for_selector("#rows tr")


def details(page: Page) -> None:
    documents(page)
    page.locator("#rows tr button.open").first.click()
    page.wait_for_selector("dialog.sheet .found")


def compared(page: Page) -> None:
    documents(page)
    page.locator("#rows tr", has_text="2019").locator("button.open").click()
    page.get_by_text("与另一个版本比较").click()
    page.get_by_role("button", name="比较").click()
    page.wait_for_selector("dialog.full .is-changed")


def laid_open(page: Page) -> None:
    page.wait_for_selector(".status[data-stage=ready]")
    page.fill("#question", QUESTION)
    page.press("#question", "Enter")
    page.wait_for_selector("#explained:not([aria-busy]) .verdict")


def tested(page: Page) -> None:
    page.wait_for_selector("#ask-trial input")
    page.set_input_files("#file", {"name": "问题.csv", "mimeType": "text/csv", "buffer": QUESTIONS.encode()})
    page.click("#uploaded a.button")
    page.click("#view form button.primary")
    page.wait_for_selector("#view .figures")


def study_form(page: Page) -> None:
    page.wait_for_selector("form.build .rows input")
    page.check(".rows label:has-text('市委巡视动员部署会讲话') input")
    page.wait_for_selector("details.parts:not([hidden])")
    page.click("details.parts summary")


def studied(page: Page) -> None:
    """A pack of the speech at its questions, one of them with its source open."""
    study_form(page)
    page.click("form.build button.primary")
    page.wait_for_selector("#view .tabs")
    page.click("#tab-items")
    page.wait_for_selector(".item")


def study_cited(page: Page) -> None:
    studied(page)
    page.locator(".item a.cite").first.click()
    page.wait_for_selector("mark.quote")


def study_outline(page: Page) -> None:
    studied(page)
    page.click("#tab-outline")


def study_formulations(page: Page) -> None:
    studied(page)
    page.click("#tab-formulations")


def published(page: Page) -> None:
    """A quiz of these questions, as its trainer sees it before anybody has taken it."""
    studied(page)
    page.click("text=发布测验")
    page.click("dialog.form button.primary")
    page.wait_for_selector("#view .figures")


def begun(page: Page) -> None:
    """A quiz that is being taken."""
    published(page)
    page.goto(page.url.replace("results=", "take="))
    page.fill("#name", "王小明")
    page.press("#name", "Enter")
    page.wait_for_selector("fieldset.question")


def taken(page: Page) -> None:
    """The first questions with one choice are answered."""
    begun(page)
    singles = page.locator("fieldset.question", has=page.locator("input[type=radio]"))
    for at in range(10):
        singles.nth(at).locator("label.option").nth(at % 4).click()
    page.wait_for_selector(".saved:has-text('已保存')")


def taken_narrow(page: Page) -> None:
    """One question on the page at a time."""
    begun(page)
    page.click("nav.numbers button:nth-child(12)")
    page.locator("label.option:visible").nth(1).click()
    page.wait_for_selector(".saved:has-text('已保存')")


def marked(page: Page) -> None:
    """A quiz that was handed in, a mistake with its source open."""
    taken(page)
    page.click(".hand-in")
    page.click("dialog.form button.primary")
    page.wait_for_selector(".is-marked")
    page.locator(".is-marked:visible a.cite").first.click()
    page.wait_for_selector("mark.quote")


def results(page: Page) -> None:
    """What came of a quiz, question by question."""
    marked(page)
    page.goto(page.url.split("?")[0])
    page.locator("a:has-text('成绩')").first.click()
    page.wait_for_selector(".tallies")


def study_thin(page: Page) -> None:
    built(page, "领取防暑药品")


def study_long(page: Page) -> None:
    built(page, "管理制度汇编")


def built(page: Page, title: str) -> None:
    """Build a pack of one document, and look at its questions."""
    page.wait_for_selector("form.build .rows input")
    page.check(f".rows .folder > label:has-text('{title}') input")
    page.click("form.build button.primary")
    page.wait_for_selector("#view .tabs", timeout=120_000)
    page.click("#tab-items")
    page.wait_for_selector(".items > *")


def login(page: Page) -> None:
    page.wait_for_selector("#password")


def refused(page: Page) -> None:
    login(page)
    page.fill("#name", "张三")
    page.fill("#password", "not the password")
    page.press("#password", "Enter")
    page.wait_for_selector("#problem:not([hidden])")


def users(page: Page) -> None:
    login(page)
    page.fill("#name", "王主任")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_selector(".bar .who")
    page.goto(page.url.split("#")[0].rstrip("/") + "/users")
    page.wait_for_selector("table tbody tr")


OPEN = [
    Picture("empty", "/", begin, {}),
    Picture("page", "/", answered, {}),
    Picture("page-390", "/", answered, NARROW_SHARP),
    Picture("page-dark", "/", answered, DARK),
    Picture("page-1920", "/", answered, FULL_HD),
    Picture("search", "/", searched, {}),
    Picture("scope", "/", scoped, {}),
    Picture("not-found", "/", not_found, {}),
    Picture("mentioned", "/", mentioned, {}),
    Picture("replaced", "/", replaced, {}),
    Picture("offline", "/", offline, {}),
    Picture("documents", "/documents", documents, {}),
    Picture("documents-390", "/documents", documents, NARROW_SHARP),
    Picture("details", "/documents", details, {}),
    Picture("compare", "/documents", compared, {}),
    Picture("testing", "/testing", laid_open, {}),
    Picture("testing-run", "/testing", tested, {}),
    Picture("study-new", "/study", study_form, {}),
    Picture("study", "/study?new", study_cited, {}),
    Picture("study-390", "/study?new", studied, NARROW_SHARP),
    Picture("study-dark", "/study?new", study_cited, DARK),
    Picture("study-outline", "/study?new", study_outline, {}),
    Picture("study-formulations", "/study?new", study_formulations, FULL_HD),
    Picture("quiz-390", "/study?new", taken_narrow, NARROW_SHARP),
    Picture("quiz-marked", "/study?new", marked, {}),
    Picture("quiz-results", "/study?new", results, DARK),
]
SIZES = [
    Picture("study-thin", "/study?new", study_thin, {}),
    Picture("study-long", "/study?new", study_long, {}),
]
CLOSED = [
    Picture("login", "/", login, {}),
    Picture("login-refused", "/", refused, DARK),
    Picture("users", "/", users, {}),
]


def take(browser: Browser, address: str, picture: Picture, folder: Path) -> None:
    """Write one picture into `folder`."""
    context = browser.new_context(locale="zh-CN", **({"viewport": WIDE} | picture.options))
    page = context.new_page()
    page.goto(address + picture.path)
    picture.steps(page)
    page.mouse.move(0, 0)
    page.wait_for_timeout(SETTLING_MS)
    page.screenshot(path=folder / f"{picture.name}.png")
    context.close()


def made_corpus(folder: Path) -> Path:
    """Return a corpus of the bundled speech and two versions of a made document."""
    corpus = folder / "corpus"
    shutil.copytree(ROOT / "corpus", corpus)
    (corpus / "制度").mkdir()
    for year, text in (("2019", OLD), ("2024", NEW)):
        (corpus / "制度" / f"机关考勤办法（{year}）.txt").write_text(text.format(city="某"), encoding="utf-8")
    with (corpus / "catalog.toml").open("a", encoding="utf-8") as catalog:
        catalog.write(CATALOG)
    return corpus


def corpus_of_sizes(folder: Path) -> Path:
    """Return a corpus of a document of one sentence and one of 200 pages."""
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "关于领取防暑药品的通知.txt").write_text(THIN, encoding="utf-8")
    (corpus / "机关管理制度汇编.txt").write_text("\n".join(_rules()), encoding="utf-8")
    return corpus


def _rules() -> Iterator[str]:
    """Yield the lines of a long collection of rules, no two alike."""
    rng = random.Random(1)
    yield "机关管理制度汇编"
    written = article = 0
    for chapter in count(1):
        office, matter = rng.choice(OFFICES), rng.choice(MATTERS)
        yield f"第{chinese(chapter)}章　{matter}管理"
        for _ in range(rng.randint(6, 12)):
            article += 1
            days, years, steps = rng.randint(2, 60), rng.randint(2, 30), "、".join(rng.sample(STEPS, 3))
            line = f"第{chinese(article)}条　{office}负责{matter}管理，应当{steps}。"
            line += f"第{article}号{matter}台账自形成之日起{days}个工作日内送{rng.choice(OFFICES)}，保存{years}年。"
            written += len(line)
            yield line
        if written >= PAGES * ON_A_PAGE:
            return


def add_users(folder: Path) -> None:
    """Give the program that runs in `folder` two accounts."""
    for name, role in (("王主任", "manager"), ("李老师", "trainer")):
        command = [sys.executable, "-m", "assistant", "user", "add", name, "--role", role, "--password-stdin"]
        subprocess.run(command, input=f"{PASSWORD}\n", text=True, check=True, env=_environment(folder), cwd=ROOT)


def _environment(folder: Path) -> dict[str, str]:
    import os

    return os.environ | {"ASSISTANT_USERS": str(folder / "users.toml"), "ASSISTANT_AUDIT": str(folder / "audit.jsonl")}


def take_pictures(folder: Path) -> None:
    """Write all pictures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folders = (Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in range(3))
        open_folder, sizes_folder, closed_folder = folders
        browser = stack.enter_context(running_browser())
        address = stack.enter_context(running_page(made_corpus(open_folder), open_folder / "index"))
        for picture in OPEN:
            take(browser, address, picture, folder)
        address = stack.enter_context(running_page(corpus_of_sizes(sizes_folder), sizes_folder / "index"))
        for picture in SIZES:
            take(browser, address, picture, folder)
        add_users(closed_folder)
        address = stack.enter_context(running_page(made_corpus(closed_folder), closed_folder / "index"))
        for picture in CLOSED:
            take(browser, address, picture, folder)


if __name__ == "__main__":
    take_pictures(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images")
