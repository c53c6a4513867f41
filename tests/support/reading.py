"""What the tests of the source reader share: its documents, and how to look at them in a browser."""

import shutil
from pathlib import Path

from playwright.sync_api import Page

from assistant.answering.answer import Citation
from assistant.answering.service import Service
from assistant.index.records import DocumentView
from support.paths import ROOT
from support.pdfs import LONG, SECOND, pdf, wrapped

TWO = {
    "演练甲.txt": "关于值班的规定\n第一条　值班人员每月参加消防演练一次。\n第二条　值班人员应当登记。",
    "演练乙.txt": "关于消防的规定\n第一条　值班人员每年参加消防演练两次。",
}
MARKED = "# 休假规定\n\n## 第一章 总则\n\n休假由人事处登记。\n\n### 附件说明\n\n以上由人事处解释。"
CHAPTERS, ARTICLES = 40, 75
HOSTILE = "\n".join(
    [
        "<script>window.hacked='script'</script>保密守则",
        "第一章　<img src=x onerror=\"window.hacked='img'\">总则",
        "第一条　𠮷林省的文件${window.hacked='template'}由专人<b>保管</b>。",
        "第二条　<iframe src=\"javascript:parent.hacked='frame'\"></iframe>另行通知。",
    ]
)


def long_text() -> str:
    lines = ["长文件汇编"]
    for chapter in range(1, CHAPTERS + 1):
        lines.append(f"第{chapter}章　分项{chapter}")
        lines += [
            f"第{(chapter - 1) * ARTICLES + n}条　甲项第{n}款写明仓库编码𠮷{chapter}-{n}。"
            for n in range(1, ARTICLES + 1)
        ]
    return "\n".join([*lines, "附则　两个维护写在ＥＮＤ末尾。"])


def printed(page: list[tuple[float, float, float, str]]) -> list[tuple[float, float, float, str]]:
    return [(left, 760.0 - 28 * row, size, text) for row, (left, _, size, text) in enumerate(page)]


def write_documents(folder: Path) -> None:
    """Write what is read, into `corpus` below `folder`."""
    corpus = folder / "corpus"
    shutil.copytree(ROOT / "corpus", corpus)
    lines = wrapped([LONG.replace("巡视", "督办"), SECOND.replace("巡视", "督办"), LONG.replace("巡视", "督办")])
    (corpus / "公报.pdf").write_bytes(pdf([printed(lines[:2]), printed(lines[2:7]), printed(lines[7:])]))
    more = "\n".join(f"续项{n}。" for n in range(1, 1201))
    texts = (
        TWO
        | {"续.txt": more, "休假.md": MARKED}
        | {"长.txt": long_text(), "守则<b>.txt": HOSTILE, "更新.txt": "开头。\n仓库每周盘点一次。\n末尾。"}
    )
    for name, text in texts.items():
        (corpus / name).write_text(text, encoding="utf-8")


def view_of(service: Service, name: str) -> DocumentView:
    return service.document(next(record.id for record in service.documents() if record.path == name))


def open_place(page: Page, address: str, view: DocumentView, words: str = "") -> None:
    """Open a document in the page by its address, at some of its words or at its beginning."""
    start = view.text.index(words)
    rest = f"-{start}-{start + len(words)}" if words else ""
    page.evaluate("document.querySelector('.reader-title').textContent = ''")
    page.goto(f"{address}/#open-{view.record.id}{rest}")
    page.wait_for_function(
        "title => document.querySelector('.reader-title').textContent === title", arg=f"《{view.record.title}》"
    )
    assert quoted(page) == words


def quoted(page: Page) -> str:
    return "\n".join(page.locator("mark.quote").all_text_contents())


def wait_for_quote(page: Page, c: Citation) -> None:
    page.wait_for_selector(f"mark.quote[data-document='{c.document_id}'][data-start='{c.start}']")
    assert quoted(page) == c.quote


def in_view(page: Page, selector: str) -> bool:
    inside = """e => {
      const [inner, outer] = [e, document.querySelector(".reader-body")].map((node) => node.getBoundingClientRect());
      return inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
    }"""
    return bool(page.locator(selector).first.evaluate(inside))


def texts(page: Page) -> list[str]:
    return page.locator(".paragraph .text").all_text_contents()


def is_shown_in_order(page: Page, paragraphs: list[str]) -> None:
    """Look at numbers and texts at once: more may come between two looks."""
    each = "all => all.map(e => [Number(e.dataset.number), e.querySelector('.text').textContent])"
    shown = page.eval_on_selector_all(".paragraph", each)
    first = shown[0][0]
    assert shown == [[n, paragraphs[n - 1]] for n in range(first, first + len(shown))]


def clipboard(page: Page, button: str) -> str:
    page.click(button)
    page.wait_for_selector(f"{button}:text('已复制')")
    return str(page.evaluate("navigator.clipboard.readText()"))
