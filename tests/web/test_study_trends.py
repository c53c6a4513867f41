"""How formulations come and go, in the tab 提法 of a pack: of several dated documents, and of no other."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from assistant.answering.service import Service
from assistant.base.settings import Settings
from assistant.study.builder import build_pack
from assistant.study.pack import Brief
from assistant.study.pack_store import Packs
from support.browsers import running_page

pytestmark = pytest.mark.browser

OLD = "我们要做到“四个聚焦”，打通“中梗阻”。\n打通“中梗阻”，关键在人。\n"
NEW = "各单位要围绕“四个聚焦”抓落实。\n“四个聚焦”要落到基层，“四个聚焦”要落到个人。\n"
CATALOG = """[[document]]
file = "旧的.txt"
date = "2023"

[[document]]
file = "新的.txt"
date = "2025-01-02"
"""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    corpus = tmp_path_factory.mktemp("提法") / "corpus"
    corpus.mkdir()
    for name, text in (("旧的.txt", OLD), ("新的.txt", NEW), ("catalog.toml", CATALOG)):
        (corpus / name).write_text(text, encoding="utf-8")
    return corpus


def test_the_tab_draws_what_each_document_says_and_nothing_for_one(browser: Browser, corpus: Path) -> None:
    index = corpus.with_name("index")
    with running_page(corpus, index) as address:
        service, packs = Service(Settings(corpus=corpus, index=index)), Packs(corpus.with_name("study.sqlite"))
        new = next(record.id for record in service.documents() if record.title == "新的")
        both, alone = (packs.add("", build_pack(service, Brief(documents=one))) for one in ((), (new,)))
        page = browser.new_page()
        page.goto(f"{address}/study?pack={both}&tab=formulations")
        page.wait_for_selector("svg.trend")
        said = page.get_attribute("svg.trend", "aria-label") or ""
        assert "四个聚焦：2023 1，2025-01-02 3" in said and "中梗阻：2023 2，2025-01-02 0" in said
        assert page.locator("svg.trend .dot").count() == 3
        page.click("text=看数字")
        table = page.locator("details.fold table")
        assert table.locator("th").all_inner_texts()[:3] == ["提法", "2023 旧的", "2025-01-02 新的"]
        page.goto(f"{address}/study?pack={alone}&tab=formulations")
        page.wait_for_selector(".formulations tbody tr")
        assert page.locator("svg.trend").count() == 0 and "提法的变化" not in page.inner_text("#view")
        page.close()
