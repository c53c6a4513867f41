"""Two hundred documents are added while ten people ask: no answer is wrong, none fails, the counts are right."""

import asyncio
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.answering.answer import Answer, Status
from assistant.answering.conversation.state import Conversation, understand
from assistant.documents.document import document_id
from assistant.web import server
from assistant.web.desk import Desk
from support.browsers import running_browser
from support.pages import QUESTION, opened, settings_in, wait_for
from support.paths import ROOT

# Pairs of characters that share none: what is said of one is no answer about another.
CHARACTERS = (
    "玄黄宇宙洪荒日月盈昃辰宿列张寒暑往秋收冬藏闰余岁律吕调阳云腾致雨露结霜金生丽水玉出昆冈剑号巨阙珠称夜光果"
    "珍李柰菜重芥姜海咸河淡鳞潜羽翔龙师火帝鸟官皇始制文字服衣裳推虞陶唐吊民伐罪周发殷汤坐朝问道垂拱平章爱育黎"
    "首臣伏戎羌遐迩体率宾归王鸣凤竹白驹食场化木赖盖身大常恭惟鞠养岂敢毁伤女慕贞洁男效才良改忘罔谈彼短靡恃己长"
    "信覆器欲难量墨悲丝染诗赞羔羊景行维贤克念作圣德建名立形端表正空谷传声虚堂习听祸因恶积善庆尺璧宝寸阴竞资父"
    "事君曰严敬孝当竭力忠尽命临深履薄夙兴温凊似兰斯馨松盛川流息渊澄取映容止思言辞安定笃初诚美慎终宜令荣业基籍"
    "竟学仕摄职政存甘棠益咏乐殊贵贱礼别尊睦夫唱妇随外受傅训入奉母仪诸姑伯叔犹子比儿孔怀兄弟同气连枝交友投分切"
    "磨箴规仁慈隐恻造离节义廉退颠沛匪亏性静情逸心动神疲守真志满逐物意移坚持雅操好爵自邑华夏东西京背邙面洛浮渭"
    "据泾宫殿盘郁楼观飞惊图写禽兽画彩仙灵丙舍旁启甲帐肆筵设席鼓瑟吹笙升阶纳陛"
)
PEOPLE = 10
SPEECH = "市委巡视动员部署会讲话.txt"


@dataclass(frozen=True)
class Notice:
    """What one of the documents says."""

    number: int

    @property
    def name(self) -> str:
        return CHARACTERS[2 * self.number : 2 * self.number + 2]

    @property
    def path(self) -> str:
        return f"{self.name}.txt"

    @property
    def right(self) -> str:
        return f"{self.name}由{self.number + 2}科负责登记"

    @property
    def text(self) -> str:
        return f"关于{self.name}的通知\n{self.right}。\n"

    @property
    def question(self) -> str:
        return f"{self.name}由谁登记？"


NOTICES = [Notice(number) for number in range(200)]


@dataclass
class Asked:
    """What ten people were answered; `wrong` says how an answer was neither of the old nor of the new documents."""

    stop: threading.Event = field(default_factory=threading.Event)
    old: int = 0
    new: int = 0
    known: int = 0
    wrong: list[str] = field(default_factory=list)


def answer_of(desk: Desk, question: str) -> Answer:
    """Ask as the page does."""

    async def last() -> Answer:
        found = [reply.answer async for reply in desk.converse(understand(question, Conversation()), Conversation())]
        return found[-1]

    return asyncio.run(last())


def words(answer: Answer) -> list[object]:
    """Return what an answer says and cites; scores depend on all documents."""
    places = [(c.document_id, c.section, c.paragraph, c.start, c.end, c.quote) for c in answer.citations]
    return [answer.status, answer.answer, places]


def judge(asked: Asked, notice: Notice, answer: Answer) -> None:
    """Count an answer to a question about `notice`."""
    if answer.status is not Status.ANSWERED:
        asked.old += 1
    elif all(c.document_id == document_id(notice.path) for c in answer.citations) and notice.right in answer.answer:
        asked.new += 1
    else:
        asked.wrong.append(answer.answer)


def keep_asking(desk: Desk, asked: Asked, person: int, expected: Answer) -> None:
    turn = person
    while not asked.stop.is_set():
        try:
            known = answer_of(desk, QUESTION)
            if words(known) != words(expected):
                asked.wrong.append(known.answer)
            asked.known += 1
            notice = NOTICES[turn % len(NOTICES)]
            judge(asked, notice, answer_of(desk, notice.question))
        except Exception as error:  # whatever goes wrong is an answer lost
            asked.wrong.append(repr(error))
        turn += 7


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus")
    return opened(Desk(settings_in(tmp_path)))


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    import uvicorn

    with server.listen("127.0.0.1", 0) as listener:
        serving = uvicorn.Server(uvicorn.Config(server.build_app(desk.settings, desk), log_level="warning"))
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [listener]})
        thread.start()
        wait_for(lambda: serving.started)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        serving.should_exit = True
        thread.join(30)


def add_over_http(address: str, folder: Path) -> None:
    """Send the files four at a time, as two people with the page open would."""

    def add(notice: Notice) -> str:
        with httpx.Client(base_url=address, trust_env=False, timeout=60) as web:
            response = web.post("/api/documents/add", params={"name": notice.path}, content=notice.text.encode())
            return str(response.json().get("outcome", response.json()))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(add, NOTICES)) == ["added"] * 200


def add_through_the_page(address: str, folder: Path) -> None:
    """Choose two hundred files on the page at once and wait until it says that they are added."""
    for notice in NOTICES:
        (folder / notice.path).write_text(notice.text, encoding="utf-8")
    with running_browser() as browser:
        page = browser.new_page(locale="zh-CN")
        page.goto(f"{address}/documents")
        page.wait_for_selector("#rows tr")
        assert page.inner_text("#count") == "可以查询 1 份"
        page.set_input_files("#files", [folder / notice.path for notice in NOTICES])
        page.wait_for_selector("#uploads-said:text-is('已添加 200 份')", timeout=60_000)
        page.wait_for_selector("#count:text-is('可以查询 201 份')", timeout=60_000)
        assert page.locator("#uploads-list .result:has-text('已添加：')").count() == 200


def look(address: str, name: str) -> Any:
    with httpx.Client(base_url=address, trust_env=False, timeout=60) as web:
        return web.get(f"/api/documents/{name}").json()


WAYS = [
    pytest.param(add_over_http, id="http"),
    pytest.param(add_through_the_page, id="page", marks=pytest.mark.browser),
]


@pytest.mark.slow
@pytest.mark.parametrize("add", WAYS)
def test_two_hundred_documents_are_added_while_ten_people_ask(
    add: Callable[[str, Path], None], desk: Desk, address: str, tmp_path: Path
) -> None:
    expected, asked = desk.service().ask(QUESTION), Asked()
    assert expected.status is Status.ANSWERED
    assert len(look(address, "table")["documents"]) == desk.health().documents == 1
    sent = tmp_path / "sent"
    sent.mkdir()
    with ThreadPoolExecutor(PEOPLE) as pool:
        people = [pool.submit(keep_asking, desk, asked, n, expected) for n in range(PEOPLE)]
        try:
            wait_for(lambda: asked.old >= PEOPLE)
            add(address, sent)
            wait_for(lambda: not look(address, "state")["busy"])
            before = asked.new
            wait_for(lambda: asked.new >= before + PEOPLE)
        finally:
            asked.stop.set()
    for person in people:
        person.result()
    assert asked.wrong == []
    assert asked.old >= PEOPLE and asked.new >= PEOPLE and asked.known >= 2 * PEOPLE
    rows = look(address, "table")["documents"]
    assert len(rows) == desk.health().documents == 201
    assert {row["path"] for row in rows} >= {notice.path for notice in NOTICES}
    assert [row for row in rows if row["waits"] or row["problem"] or row["warnings"]] == []
    assert {row["paragraphs"] for row in rows if row["path"] != SPEECH} == {2}
    for notice in NOTICES[::10]:
        answer = desk.service().ask(notice.question)
        assert answer.status is Status.ANSWERED and notice.right in answer.answer, notice.question
        assert {c.document_id for c in answer.citations} == {document_id(notice.path)}
