"""Groups see their folders alone: for them, other documents are as if they were not there."""

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.accounts.visitor import LOCAL, Role, Visitor
from assistant.answering.answer import Answer, Status
from assistant.answering.conversation.state import Conversation
from assistant.answering.conversation.turn import CHANGED
from assistant.answering.service import LIMITED_KEPT, Service
from assistant.base.errors import SettingsError
from assistant.base.settings import Settings
from assistant.index import folder as index_folder
from assistant.index.folder import COPIED_AT_MOST, Index
from assistant.language.question import parse_question
from support.corpus import FakeEncoder, write
from support.paths import ROOT
from training.laws import read_laws, write_laws

SHARED = ROOT.parent / "shared"

# The words in SECRET stand in one document each: where one turns up in an answer, that document was read.
FILES = {
    "市委讲话.txt": (ROOT / "corpus/市委巡视动员部署会讲话.txt").read_text(encoding="utf-8"),
    "人事/考勤办法.txt": "第一条　为了规范考勤管理，制定本办法。\n第二条　病假一般不得超过三十日。\n"
    "第三条　病假由科长批准。\n第四条　本办法所称“弹性坐班”，是指上班时间可以前后移动一小时。\n",
    "人事/值班方案.txt": "一、工作目标\n全年无事故。\n二、重点任务\n（一）抓好值班。每天两人在岗。\n（二）抓好卫生。\n",
    "人事处内部/晋升办法.txt": "第一条　为了做好晋升工作，制定本办法。\n第二条　晋升由蓝鲸评议组批准。\n"
    "第三条　病假超过四十七日的，不得晋升。\n",
    "纪检/线索管理规定.txt": "第一条　为了保护举报人，制定本规定。\n第二条　线索由青铜专班管理，期限为九十一日。\n"
    "第三条　本规定所称“猎户行动”，是指对逾期线索的集中清理。\n第四条　病假由紫荆监督员批准。\n"
    "第五条　线索管理的要求：\n（一）实行琥珀台账；\n（二）实行翡翠销号。\n",
    "纪检/专案/通报.md": "# 关于沙丘案件的通报\n\n沙丘案件由王望舒负责查办，因为涉案金额达七千三百万元。\n",
}
CATALOG = (
    '[[document]]\nfile = "纪检/线索管理规定.txt"\ntitle = "线索管理规定"\ndate = "2024-03"\nissuer = "玄武委员会"\n'
)
SECRET = {
    "人事处内部": ("晋升办法", "蓝鲸", "四十七日"),
    "纪检": (
        "线索管理规定",
        "青铜",
        "九十一",
        "猎户",
        "紫荆",
        "琥珀",
        "翡翠",
        "2024-03",
        "玄武",
        "沙丘",
        "望舒",
        "七千三",
    ),
}
FOLDERS = [("人事",), ("纪检",), ("纪检/专案",), ("人事", "人事处内部"), ("人事处",), ()]
QUESTIONS = """巡视整改要求是什么
讲话提了几点意见
第二点讲了什么
四个聚焦是什么
病假最多多少天
病假由谁批准
《线索管理规定》第二条是什么
线索管理规定的期限是多久
线索由谁管理
线索管理的要求有哪些
线索管理规定是为了什么制定的
什么是猎户行动
什么是弹性坐班
青铜专班是什么
沙丘案件为什么由王望舒负责
谁负责查办沙丘案件
涉案金额是多少
晋升办法第二条说了什么
晋升由谁批准
蓝鲸评议组和青铜专班有什么区别
第三条是什么
第三条和第四条有什么不同
考勤办法里病假最多多少天
值班方案的重点任务有哪些
结尾讲了什么
第一段说了什么
火星上有水吗
琥珀台账
玄武委员会发了什么文件
2024年3月的规定有哪些""".splitlines()


def reader(*folders: str) -> Visitor:
    return Visitor("某人", Role.READER, folders)


def opened(corpus: Path, index: Path) -> Service:
    service = Service(Settings(corpus=corpus, index=index))
    service.ensure()
    return service


@pytest.fixture(scope="module", params=[COPIED_AT_MOST, 0], ids=["copied", "shared"])
def service(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Service]:
    """The assistant over all files; limited, its words are those of a small index, and as they are of a large one."""
    corpus = tmp_path_factory.mktemp("corpus")
    for path, text in FILES.items():
        write(corpus, path, text)
    write(corpus, "catalog.toml", CATALOG)
    shutil.copy(ROOT / "corpus/glossary.toml", corpus)
    write(corpus, "纪检/坏文件.docx", "不是压缩包")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("assistant.index.folder.COPIED_AT_MOST", request.param)
        yield opened(corpus, tmp_path_factory.mktemp("index"))


def only(service: Service, visitor: Visitor, folder: Path) -> Service:
    """Return a service over a corpus that holds nothing but the files that `visitor` may read."""
    corpus = folder / "corpus"
    corpus.mkdir()
    for file in sorted(p for p in service.settings.corpus.rglob("*") if p.is_file()):
        path = file.relative_to(service.settings.corpus).as_posix()
        if visitor.may_read(path) or path == "glossary.toml":
            write(corpus, path, file.read_text(encoding="utf-8"))
    entries = (service.settings.corpus / "catalog.toml").read_text(encoding="utf-8").split("[[document]]")[1:]
    kept = [entry for entry in entries if visitor.may_read(entry.split('"')[1])]
    write(corpus, "catalog.toml", "".join(f"[[document]]{entry}" for entry in kept))
    return opened(corpus, folder / "index")


def said(answer: Answer) -> dict[str, object]:
    """Return all that an answer says but how long it took and how near passages came."""
    shown = answer.as_json()
    cited = [{**citation, "score": None} for citation in shown["citations"]]
    passages = [(p["document_id"], p["paragraph"], p["text"]) for p in shown["passages"]]
    return {**shown, "citations": cited, "passages": passages, "elapsed_ms": None}


def secrets_of(folders: tuple[str, ...]) -> list[str]:
    """Return the words that a reader of `folders` must never see."""
    seen = "".join(f"{path}{text}" for path, text in FILES.items() if reader(*folders).may_read(path))
    return [word for words in SECRET.values() for word in words if word not in seen]


@pytest.mark.parametrize("folders", FOLDERS, ids=str)
def test_answers_are_those_of_an_index_of_these_documents_alone(
    service: Service, folders: tuple[str, ...], tmp_path: Path
) -> None:
    limited, fresh = service.for_visitor(reader(*folders)), only(service, reader(*folders), tmp_path)
    assert [r.path for r in limited.documents()] == [r.path for r in fresh.documents()]
    got = {question: (said(limited.ask(question)), said(fresh.ask(question))) for question in QUESTIONS}
    if (
        len(limited.index) and index_folder.COPIED_AT_MOST == 0
    ):  # the average length, of all files, moves scores a little
        assert sum(a["status"] == b["status"] for a, b in got.values()) >= len(QUESTIONS) - 2
    else:
        assert {question: a for question, (a, _) in got.items()} == {question: b for question, (_, b) in got.items()}


@pytest.mark.parametrize("folders", [("人事",), ("人事处内部",), ("人事", "人事处")], ids=str)
def test_no_word_of_another_groups_document_is_in_an_answer(service: Service, folders: tuple[str, ...]) -> None:
    limited, hidden = service.for_visitor(reader(*folders)), secrets_of(folders)
    assert len(hidden) >= len(SECRET["纪检"])
    for question in QUESTIONS:
        answer = limited.ask(question)
        shown = json.dumps(answer.as_json() | {"question": ""}, ensure_ascii=False)
        asked = [word for word in hidden if word in question]  # the answer's heading and "没有提到" repeat the question
        assert [word for word in hidden if word in shown and word not in asked] == [], question
        assert not any(word in citation.quote for citation in answer.citations for word in hidden)


def test_each_secret_is_found_by_those_who_may_read_it(service: Service) -> None:
    found = "".join(str(service.ask(question).as_json()["citations"]) for question in QUESTIONS)
    assert [w for words in SECRET.values() for w in words if w not in found] == ["玄武"]  # no answer says an issuer


def test_what_the_documents_say_is_decided_by_those_seen(service: Service) -> None:
    question = "猎户行动的病假最多多少天"
    assert "现有文件没有提到" not in service.ask(question).answer
    assert "现有文件没有提到" in service.for_visitor(reader("人事")).ask(question).answer


def test_another_groups_document_is_as_unknown_as_any(service: Service) -> None:
    limited = service.for_visitor(reader("人事"))
    hidden = next(r for r in service.documents() if r.path.startswith("纪检/线索"))

    def refusals(identity: str) -> list[str]:
        known = limited.documents()[0].id
        tries = (
            lambda: limited.document(identity),
            lambda: limited.ask("线索由谁管理", [identity]),
            lambda: limited.ask("线索由谁管理", [known, identity]),
            lambda: limited.answerer.retriever.search(parse_question("线索"), documents=[identity]),
            lambda: limited.answerer.retriever.rank(parse_question("线索"), [identity]),
        )
        said = []
        for attempt in tries:
            with pytest.raises(SettingsError) as error:
                attempt()
            said.append(str(error.value).replace(identity, "ID"))
        return said

    assert refusals(hidden.id) == refusals("0" * len(hidden.id))
    cited = service.ask("线索由谁管理").citations[0]
    assert service.says(cited) and not limited.says(cited)


def test_counts_and_troubles_are_those_of_the_files_seen(service: Service) -> None:
    limited = service.for_visitor(reader("人事"))
    assert limited.index.manifest.counts["document"] == len(limited.documents()) == 2
    assert len(limited.index) == len(limited.index.vectors) == len(limited.index.lexical) == 9
    assert [f.path for f in limited.index.manifest.files] == ["人事/值班方案.txt", "人事/考勤办法.txt"]
    assert [p.path for p in service.index.manifest.problems] == ["纪检/坏文件.docx"]
    assert limited.index.manifest.problems == ()
    assert service.for_visitor(reader("纪检")).index.manifest.problems == service.index.manifest.problems


def test_no_way_into_another_groups_records(service: Service) -> None:
    records = service.for_visitor(reader("人事")).index.records
    hidden = next(r for r in service.documents() if r.path.startswith("纪检/线索")).number
    for read in (records.document, records.text, records.sections, records.paragraphs, records.sentences):
        service.index.records.text(hidden)  # what is remembered of it for others is no way in
        with pytest.raises(KeyError):
            read(hidden)
    passages = service.index.records.passage_numbers([hidden])
    assert passages and records.passage_numbers([hidden]) == []
    for of in (records.passages, records.owners, records.words):
        with pytest.raises(KeyError):
            of(passages)
    limited = service.for_visitor(reader("人事")).index
    with pytest.raises(KeyError):
        limited.vectors.vectors(passages)
    vector = service.index.vectors.vectors(passages)[0]
    assert limited.vectors.search(vector, 5, np.array(passages)) == []
    assert limited.lexical.search([("青铜", 1.0)], 5) == limited.lexical.search([("青", 1.0)], 5, [hidden]) == []
    assert (limited.lexical.frequency("青铜"), service.index.lexical.frequency("青铜")) == (0, 1)


@pytest.mark.parametrize(
    "text", ["展开说说", "出处在哪", "第二条呢", "第二条怎么做", "还有呢", "为什么", "谁负责", "它的期限"]
)
def test_a_conversation_does_not_bring_back_what_may_not_be_read_any_more(service: Service, text: str) -> None:
    asked = ("线索管理的要求有哪些", "线索管理规定的期限是多久", "第二点讲了什么")
    limited = service.for_visitor(reader("人事"))
    for question in asked:
        _, conversation = service.converse(question, Conversation())
        answer, gone_on = limited.converse(text, conversation)
        shown = json.dumps(answer.as_json(), ensure_ascii=False) + repr(gone_on)
        assert [word for word in secrets_of(("人事",)) if word in shown] == []
        assert answer.answer != CHANGED
        assert said(answer) == said(limited.converse(text, Conversation())[0])
    _, conversation = limited.converse("病假最多多少天", Conversation())
    assert limited.remembered(conversation) is conversation


def test_limited_to_ids_within_ones_folders(service: Service) -> None:
    limited = service.for_visitor(reader("人事", "纪检"))
    ids = {r.path: r.id for r in limited.documents()}
    answer = limited.ask("病假由谁批准", [ids["纪检/线索管理规定.txt"]])
    assert [c.quote for c in answer.citations] == ["第四条　病假由紫荆监督员批准。"]


def test_those_who_may_read_everything_pay_nothing(service: Service) -> None:
    assert service.for_visitor(LOCAL) is service
    assert service.for_visitor(reader("人事", "")) is service


def test_limits_only_narrow(service: Service) -> None:
    limited = service.for_visitor(reader("人事", "纪检"))
    assert limited.for_visitor(LOCAL) is limited
    assert {r.path for r in limited.for_visitor(reader("纪检/专案", "人事处内部")).documents()} == {"纪检/专案/通报.md"}


def test_one_answerer_for_the_same_folders_and_few_in_all(service: Service) -> None:
    first = service.for_visitor(reader("人事", "纪检")).answerer
    assert service.for_visitor(replace(reader("纪检", "人事", "人事"), name="另一人")).answerer is first
    for number in range(LIMITED_KEPT):
        assert service.for_visitor(reader(f"没有{number}")).documents() == ()
    assert service.for_visitor(reader("人事", "纪检")).answerer is not first


def test_a_new_index_is_seen_by_limited_visitors(tmp_path: Path) -> None:
    write(tmp_path / "corpus", "甲/办法.txt", "第一条　病假由科长批准。\n")
    write(tmp_path / "corpus", "乙/办法.txt", "第一条　病假由处长批准。\n")
    service = opened(tmp_path / "corpus", tmp_path / "index")
    limited = service.for_visitor(reader("甲"))
    assert "科长" in limited.ask("病假由谁批准").answer
    write(tmp_path / "corpus", "甲/办法.txt", "第一条　病假由主任批准。\n")
    write(tmp_path / "corpus", "乙/规定.txt", "第一条　事假由处长批准。\n")
    service.refresh()
    answer = limited.ask("病假由谁批准").answer
    assert "主任" in answer and "长批准" not in answer


def test_visitors_of_different_groups_at_once(service: Service) -> None:
    visits = [(reader(*folders), question) for folders in FOLDERS for question in QUESTIONS[::3]]
    alone = [said(service.for_visitor(visitor).ask(question)) for visitor, question in visits]
    fresh = Service(service.settings)
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda visit: said(fresh.for_visitor(visit[0]).ask(visit[1])), visits))
    assert together == alone


def test_an_index_without_a_single_document_seen(index: Index, encoder: FakeEncoder) -> None:
    nothing = index.limited(lambda path: False)
    assert (len(nothing), len(nothing.vectors), len(nothing.lexical)) == (0, 0, 0)
    assert (
        nothing.lexical.search([("请", 1.0)], 5) == nothing.vectors.search(encoder.encode_queries(["请假"])[0], 5) == []
    )


def test_nobody_elses_words_change_how_rare_a_word_is(service: Service, tmp_path: Path) -> None:
    limited, fresh = service.for_visitor(reader("人事")), only(service, reader("人事"), tmp_path)
    terms = [("病假", 1.0), ("批准", 0.5), ("由", 1.0), ("青铜", 1.0)]
    seen, alone = limited.index.lexical, fresh.index.lexical
    assert seen.highest(terms) == alone.highest(terms)
    assert [seen.frequency(term) for term, _ in terms] == [alone.frequency(term) for term, _ in terms] == [2, 1, 1, 0]
    best = [
        [(p.start, p.end) for p in one.records.passages([n for n, _ in one.lexical.search(terms, 9)])]
        for one in (limited.index, fresh.index)
    ]
    assert len(best[0]) == 2 and best[0] == best[1]


@pytest.mark.slow
@pytest.mark.parametrize("copied", [COPIED_AT_MOST, 0])
def test_laws_of_one_group_among_those_of_another(tmp_path: Path, copied: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if not SHARED.exists():
        pytest.skip("needs ../shared")
    monkeypatch.setattr("assistant.index.folder.COPIED_AT_MOST", copied)
    laws = read_laws(SHARED / "data")
    chosen = [law for law in sorted(laws) if 30 <= len(laws[law]) <= 60][:24]
    for group in (0, 1):
        write_laws(laws, tmp_path / f"corpus/{group}", chosen[group::2])
    write(tmp_path / "corpus", "catalog.toml", "")
    (tmp_path / "alone").mkdir()
    service = opened(tmp_path / "corpus", tmp_path / "index")
    limited, fresh = service.for_visitor(reader("1")), only(service, reader("1"), tmp_path / "alone")
    questions = [f"{law}的适用范围是什么" for law in chosen] + [
        article[-12:] for law in chosen for _, article in laws[law][7:9]
    ]
    questions += ["谁负责监督管理", "罚款最高多少", "什么情况下可以撤销", "有哪些法律责任", "由哪个部门批准"]
    got = [(said(limited.ask(question)), said(fresh.ask(question))) for question in questions]
    assert sum(a["answer"] != b["answer"] for a, b in got) <= (0 if copied else 3)
    assert sum(a["status"] != b["status"] for a, b in got) <= (0 if copied else 2)
    assert {str(b["status"]) for _, b in got} == set(Status)
