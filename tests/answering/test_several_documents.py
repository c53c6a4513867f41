"""Several documents at once: newest first, where they differ, which are asked, and their structure."""

import pytest

from assistant.answering.answer import Answer, Status
from assistant.answering.service import Service
from assistant.base.settings import Settings
from support.contract import assert_sound

TEXTS = {
    "旧办法": "第一条　为了规范考勤管理，制定本办法。\n第二条　病假一般不得超过三十日。\n第三条　病假由科长批准。",
    "新办法": "第一条　为了严肃工作纪律，制定本办法。\n第二条　病假一般不得超过十五日。\n第三条　病假由人事科批准。",
    "秋季工作方案": "一、工作目标\n全年无事故。\n二、重点任务\n（一）抓好值班。每天两人在岗。\n（二）抓好卫生。",
    "食堂须知": "第一条　午餐费每人每餐十五元。\n第二条　食堂每周五检修。",
}
CATALOG = '[[document]]\nfile = "旧办法.txt"\ndate = "2021-05"\n[[document]]\nfile = "新办法.txt"\ndate = "2024"\n'


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    corpus = tmp_path_factory.mktemp("corpus")
    for name, text in TEXTS.items():
        (corpus / f"{name}.txt").write_text(f"{text}\n", encoding="utf-8")
    (corpus / "catalog.toml").write_text(CATALOG, encoding="utf-8")
    service = Service(Settings(corpus=corpus, index=tmp_path_factory.mktemp("index")))
    service.ensure()
    return service


def quotes(answer: Answer) -> list[str]:
    return [citation.quote for citation in answer.citations]


def test_documents_that_differ_newest_first(service: Service) -> None:
    answer = service.ask("病假最多多少天")
    assert answer.status is Status.ANSWERED
    assert answer.answer.split("\n\n") == [
        "**病假最多多少天**（《新办法》《旧办法》）",
        "各文件所说不同：《新办法》**一般不得超过十五日** [1]；《旧办法》**一般不得超过三十日** [2]",
        "《新办法》（2024）第二条　病假一般不得超过十五日",
        "1. 第二条　病假一般不得超过十五日。 [1]",
        "《旧办法》（2021-05）第二条　病假一般不得超过三十日",
        "2. 第二条　病假一般不得超过三十日。 [2]",
    ]
    assert [c.date for c in answer.citations] == ["2024", "2021-05"]
    assert_sound(service, answer)


def test_a_document_named_is_the_only_one_asked(service: Service) -> None:
    assert quotes(service.ask("旧办法里病假最多多少天")) == ["第二条　病假一般不得超过三十日。"]
    assert quotes(service.ask("《新办法》中，病假由谁批准？")) == ["第三条　病假由人事科批准。"]
    assert {c.document for c in service.ask("旧办法和新办法的第二条是什么").citations} == {"旧办法", "新办法"}


def test_an_article_that_several_documents_have(service: Service) -> None:
    assert [c.document for c in service.ask("第三条是什么").citations] == ["新办法", "旧办法"]
    assert quotes(service.ask("食堂须知第二条说了什么")) == ["第二条　食堂每周五检修。"]
    assert service.ask("食堂须知第三条说了什么").status is Status.NOT_FOUND


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("为什么制定新办法", "第一条　为了严肃工作纪律"),
        ("新办法的目的是什么", "第一条　为了严肃工作纪律"),
        ("出台旧办法的目的是什么？", "第一条　为了规范考勤管理"),
    ],
)
def test_what_a_document_was_made_for(service: Service, question: str, start: str) -> None:
    answer = service.ask(question)
    assert answer.status is Status.ANSWERED
    assert len(answer.citations) == 1 and answer.citations[0].quote.startswith(start)


def test_a_section_asked_by_its_heading(service: Service) -> None:
    assert quotes(service.ask("重点任务有哪些")) == ["（一）抓好值班。", "（二）抓好卫生。"]
    assert quotes(service.ask("秋季工作方案的重点任务是什么？")) == ["（一）抓好值班。", "（二）抓好卫生。"]


@pytest.mark.parametrize(
    "question", ["病假工资发多少", "旧办法的联系电话是多少", "食堂的厨师长叫什么名字", "午餐为什么是十五元"]
)
def test_what_no_document_says(service: Service, question: str) -> None:
    assert service.ask(question).status is not Status.ANSWERED
