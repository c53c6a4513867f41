"""What the tests of the page share: a corpus with a hostile document, a desk over it, HTML taken apart."""

import asyncio
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import fields
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from assistant.answering.answer import Answer, Citation, Status
from assistant.answering.blocks import Block, BlockKind, block
from assistant.base import permalinks
from assistant.base.settings import Settings
from assistant.web.chat.asking import Page
from assistant.web.chat.talk import Talk
from assistant.web.desk import Desk, Stage
from support.paths import ROOT

QUESTION = "巡视整改要求是什么"
HOSTILE = "\n".join(
    [
        "关于<script>window.hacked=1</script>数据安全培训的通知",
        '第一，全体人员每年参加<img src=x onerror="window.hacked=1">数据安全培训，费用按`标准`从$预算$列支，见[链接](http://evil.example/)。',
        "第二，𠮷林省的培训由${alert(1)}{{constructor}}办公室组织，**每季度**考核一次，结果[1]记入档案。</div>",
    ]
)


def paths_in(folder: Path) -> dict[str, Path]:
    """Return, for each setting that is a path, its default name below `folder`."""
    return {f.name: folder / f.default for f in fields(Settings) if isinstance(f.default, Path)}


def settings_in(folder: Path, **more: Any) -> Settings:
    """Settings that read and write below `folder` alone, and are `more` besides."""
    paths: dict[str, Any] = paths_in(folder)
    return Settings(**(paths | more))


def hostile_settings(folder: Path) -> Settings:
    """Settings over the corpus of the project and a document that would like to run."""
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    (folder / "corpus" / "敌意.txt").write_text(HOSTILE, encoding="utf-8")
    return settings_in(folder)


def opened(made: Desk) -> Desk:
    made.start()
    wait_for(lambda: made.health().status is Stage.READY)
    return made


def wait_for(done: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def citation(marker: int, quote: str, document: str = "讲话") -> Citation:
    return Citation(marker, document, "d-1", None, "第二", 4, 10 * marker, 10 * marker + len(quote), quote, 0.9)


def heading(text: str = "问", documents: str = "") -> Block:
    return block(BlockKind.HEADING, text, documents=documents)


def statement(number: int, text: str, *markers: int) -> Block:
    """Return a statement that cites what has its own number, if nothing else."""
    return block(BlockKind.STATEMENT, text, *(markers or (number,)), number=number)


def answer(status: Status, said: str | list[Block], *citations: Citation) -> Answer:
    """Return an answer of blocks, or of one message."""
    blocks = [block(BlockKind.MESSAGE, said)] if isinstance(said, str) else said
    return Answer("问", status, tuple(blocks), citations, (), 1.0)


class Shown(HTMLParser):
    """Collects the elements and the visible text of some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def links(self) -> list[str]:
        """Return where links lead, but for the one to study material."""
        found = [attributes["href"] or "" for tag, attributes in self.tags if tag == "a"]
        return [link for link in found if not link.startswith("/study?")]


def steps(page: Page, question: object, talk: Talk | None = None) -> list[Any]:
    async def collect() -> list[Any]:
        return [step async for step in page.ask(question, talk)]

    return asyncio.run(collect())


def anchor_of(c: Citation) -> str:
    return permalinks.anchor(c.document_id, c.start, c.end, c.quote)


def feedback_id(page: Page, question: str) -> str:
    """Ask and return the id that the answer carries for feedback."""
    return re.findall(
        '<span class="feedback" id="answer-([0-9a-f]{32})">', steps(page, question)[-1][0][-1]["content"]
    )[0]


def question_event(client: Any) -> int:
    """Return the number of the event in which the question box is sent."""
    config = client.get("/config").json()
    (box,) = [c["id"] for c in config["components"] if c["props"].get("elem_id") == "question"]
    return next(d["id"] for d in config["dependencies"] if box in d["inputs"])
