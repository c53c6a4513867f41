"""Documents that no longer hold: marked wherever they are cited, and behind what replaces them."""

from pathlib import Path

import pytest

from assistant.accounts.visitor import LOCAL, Role, Visitor
from assistant.answering.answer import Answer, Status
from assistant.answering.conversation.state import Conversation
from assistant.answering.conversation.turn import _with_successors
from assistant.answering.service import Service
from assistant.answering.validity import Validity, caveat, listed, marked
from assistant.base.errors import SettingsError
from assistant.base.settings import Settings
from assistant.cli.doctor import examine
from assistant.documents.catalog import load_catalog
from assistant.language.question import parse_question
from assistant.web.reader.places import Place
from support.contract import assert_sound
from support.corpus import write
from support.reader_json import open_place
from support.versions import CATALOG, TEXTS


def opened(folder: Path, texts: dict[str, str], catalog: str) -> Service:
    for path, text in texts.items():
        write(folder / "corpus", path, text)
    write(folder / "corpus", "catalog.toml", catalog.replace("\\\\", "/"))
    service = Service(Settings(corpus=folder / "corpus", index=folder / "index"))
    service.ensure()
    return service


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return opened(tmp_path_factory.mktemp("old"), TEXTS, CATALOG)


def cited(answer: Answer) -> list[tuple[str, str | None, str | None]]:
    return [(c.document, c.validity, c.replaced_by) for c in answer.citations]


def test_the_successor_comes_first_and_gives_the_short_answer(service: Service) -> None:
    answer = service.ask("病假最多多少天")
    assert answer.answer.split("\n\n") == [
        "**病假最多多少天**（《考勤规定》；《考勤办法》，已废止，见《考勤规定》）",
        "**一般不得超过十五日** [1]",
        "《考勤规定》第二条　病假一般不得超过十五日",
        "1. 第二条　病假一般不得超过十五日，由人事科批准。 [1]",
        "《考勤办法》（2025-05，已废止，见《考勤规定》）第二条　病假最多三十日",
        "2. 第二条　病假最多三十日，病假由科长批准。 [2]",
    ]
    assert_sound(service, answer)
    assert cited(answer) == [("考勤规定", None, None), ("考勤办法", "已废止", "考勤规定")]
    assert answer.as_json()["citations"][1] | {"score": 0} == {
        **{"marker": 2, "document": "考勤办法", "document_id": answer.citations[1].document_id, "date": "2025-05"},
        **{"section": "第二条", "paragraph": 2, "start": 20, "end": 40, "score": 0},
        **{"quote": "第二条　病假最多三十日，病假由科长批准。", "validity": "已废止", "replaced_by": "考勤规定"},
    }


def test_what_the_old_one_alone_says_is_answered_and_marked(service: Service) -> None:
    answer = service.ask("迟到三次会怎么样")
    assert "validity" not in service.ask("事假最多多少天").as_json()["citations"][0]
    assert answer.status is Status.ANSWERED
    assert cited(answer) == [("考勤办法", "已废止", "考勤规定")]
    assert answer.answer.startswith("**迟到三次会怎么样**（《考勤办法》，已废止，见《考勤规定》）")
    alone = service.ask("《考勤办法》里病假由谁批准")
    assert {c.document for c in alone.citations} == {"考勤办法"}


def test_the_same_words_are_quoted_from_the_successor(service: Service) -> None:
    assert cited(service.ask("加班由谁登记")) == [("考勤规定", None, None)]


def test_structure_is_that_of_the_successor(service: Service) -> None:
    assert [c.document for c in service.ask("第二条是什么").citations][:1] == ["考勤规定"]
    hits = service.answerer.retriever.search(parse_question("考勤办法考勤管理"))
    assert hits[0].document.title == "考勤办法"
    assert service.answerer.successors.current_first(hit.document for hit in hits)[-1].title == "考勤办法"


def test_one_that_does_not_hold_yet_has_no_say_beside_one_that_does(service: Service) -> None:
    answer = service.ask("食堂每周几检修")
    assert cited(answer) == [("食堂须知", None, None), ("草案", "尚未生效", None)]
    assert "各文件所说不同" not in answer.answer


def test_a_short_answer_from_what_does_not_hold_says_so(tmp_path: Path) -> None:
    texts = {path: text for path, text in TEXTS.items() if not path.startswith("新")}
    service = opened(tmp_path, texts, CATALOG)
    lines = service.ask("病假最多多少天").answer.split("\n\n")
    assert lines[0] == "**病假最多多少天**（《考勤办法》，已废止）"
    assert lines[1] == "**最多三十日** [1]（已废止）"


def test_words_about_a_document_stand_in_one_pair_of_brackets() -> None:
    old, new = ("办法（2018年）", "已废止", "办法（2023年）"), ("规定", None, None)
    assert marked(*old, "2018") == "《办法（2018年）》（2018，已废止，见《办法（2023年）》）"
    assert listed([new, old, new]) == "《规定》；《办法（2018年）》，已废止，见《办法（2023年）》"
    assert listed([new, ("办法", "现行有效", None)]) == "《规定》《办法》"
    assert "））" not in marked(*old) + listed([old])


@pytest.mark.parametrize(
    ("validities", "said"),
    [
        ([], ""),
        ([None], ""),
        (["现行有效"], ""),
        (["已废止", None], ""),
        (["已废止", "已废止"], "（引自已废止的文件，仅供参考）"),
        (["已废止", "已修改"], "（引自已废止、已修改的文件，仅供参考）"),
    ],
)
def test_what_is_said_of_an_answer_without_a_document_in_force(validities: list[str | None], said: str) -> None:
    assert caveat(validities) == said


def test_sources_and_nearest_passages_are_marked(service: Service) -> None:
    _, conversation = service.converse("病假最多多少天", Conversation())
    answer, _ = service.converse("出处在哪", conversation)
    assert answer.answer.split("\n\n")[1:4:2] == [
        "《考勤规定》第二条 第2段",
        "《考勤办法》（已废止，见《考勤规定》）第二条 第2段",
    ]
    nearest = service.ask("考勤机坏了找哪个厂家")
    assert nearest.status is Status.NOT_FOUND
    assert "《考勤办法》（已废止）第1段" in nearest.answer


def test_a_follow_up_to_what_the_old_one_says_asks_the_successor_too(service: Service) -> None:
    first, conversation = service.converse("迟到三次会怎么样", Conversation())
    assert cited(first) == [("考勤办法", "已废止", "考勤规定")]
    answer, _ = service.converse("病假最多多少天", conversation)
    assert answer.citations[0].document == "考勤规定"
    known = [first.citations[0].document_id]
    new = next(r.id for r in service.documents() if r.title == "考勤规定")
    assert _with_successors(service.answerer, [*known, "没有"], None) == [*known, new]
    assert _with_successors(service.answerer, known, known) == known


def test_a_successor_that_may_not_be_read_is_not_named(service: Service) -> None:
    limited = service.for_visitor(Visitor("某人", Role.READER, ("旧",)))
    answer = limited.ask("病假最多多少天")
    assert cited(answer) == [("考勤办法", "已废止", None)]
    assert "考勤规定" not in str(answer.as_json())


def test_the_reader_says_that_a_document_does_not_hold_and_what_does(service: Service) -> None:
    records = {record.title: record for record in service.documents()}

    def shown(title: str, visitor: Visitor = LOCAL) -> list[object]:
        source = open_place(service.for_visitor(visitor), Place(records[title].id, 0, 1))
        return [source[name] for name in ("facts", "lapsed", "successor")]

    new = {"document": records["考勤规定"].id, "title": "考勤规定"}
    assert shown("考勤办法") == [["2025-05"], "已废止", new]
    assert shown("考勤办法", Visitor("某人", Role.READER, ("旧",))) == [["2025-05"], "已废止", None]
    assert shown("草案") == [[], "尚未生效", None]
    assert shown("考勤规定") == [[], "", None]


def test_the_successor_is_asked_even_where_the_old_one_fills_what_is_found(tmp_path: Path) -> None:
    old = "".join(f"第{n}条　巡视整改第{n}项工作由办公室负责，巡视整改期限为{n}日。\n" for n in range(1, 61))
    new = "第一条　巡视整改工作由督查室统一负责，期限为九十日。\n"
    catalog = '[[document]]\nfile = "旧.txt"\nvalidity = "已修改"\nreplaced_by = "新.txt"\n'
    service = opened(tmp_path, {"旧.txt": old, "新.txt": new}, catalog)
    asked = parse_question("巡视整改期限为多少日")
    hits = service.answerer.examine(asked).hits
    assert "新" in {hit.document.title for hit in hits}
    only = [next(r.id for r in service.documents() if r.title == "旧")]
    hits = service.answerer.examine(asked, only).hits
    assert {hit.document.title for hit in hits} == {"旧"}


def test_a_row_of_successors(tmp_path: Path) -> None:
    entry = '[[document]]\nfile = "{}.txt"\nvalidity = "已修改"\nreplaced_by = "{}.txt"\n'
    catalog = entry.format("甲", "乙") + entry.format("乙", "丙") + entry.format("丁", "没有")
    service = opened(tmp_path, {f"{name}.txt": f"第一条　{name}的内容。\n" for name in "甲乙丙丁"}, catalog)
    records = {record.title: record for record in service.documents()}
    successors = Validity(records.values())
    assert [r.title for r in successors.after(records["甲"])] == ["乙", "丙"]
    assert successors.after(records["丙"]) == successors.after(records["丁"]) == ()
    ordered = successors.current_first([records[name] for name in "甲丁丙"])
    assert [record.title for record in ordered] == ["丁", "丙", "甲"]
    assert Validity([records["甲"], records["丙"]]).after(records["甲"]) == ()


def test_a_change_of_the_successor_is_a_change_of_the_document(tmp_path: Path) -> None:
    service = opened(tmp_path, TEXTS, CATALOG)
    write(tmp_path / "corpus", "catalog.toml", CATALOG.replace("新\\\\考勤规定", "新/没有"))
    result = service.refresh()
    assert result.changed == ("旧/考勤办法.txt",)
    assert [(w.path, w.reason) for w in result.warnings] == [
        ("旧/考勤办法.txt", "代替它的 新/没有.txt 不在文件夹里：请改正 catalog.toml 里的 replaced_by，或删去它。")
    ]
    assert cited(service.ask("迟到三次会怎么样")) == [("考勤办法", "已废止", None)]
    troubles = [finding.text for finding in examine(service.settings) if not finding.fine]
    assert "catalog.toml 里代替 旧/考勤办法.txt 的 新/没有.txt 不在文件夹里：请改正 replaced_by，或删去它。" in troubles


@pytest.mark.parametrize(
    ("entries", "line", "what"),
    [
        ([("甲", "已废止", "甲")], 4, "代替它的是它自己，请写上现在有效的那份文件。"),
        (
            [("甲", "已废止", "乙"), ("乙", "已修改", "甲")],
            4,
            "“甲.txt”与代替它的文件互相代替，请写上现在有效的那份文件。",
        ),
        (
            [("丙", "失效", "甲"), ("甲", "废止", "乙"), ("乙", "修订", "./甲")],
            8,
            "“甲.txt”与代替它的文件互相代替，请写上现在有效的那份文件。",
        ),
        ([("甲", "已废止", "../乙")], 4, "“../乙.txt”不在语料文件夹内，请写相对于语料文件夹的路径。"),
    ],
)
def test_successors_that_cannot_be(tmp_path: Path, entries: list[tuple[str, str, str]], line: int, what: str) -> None:
    rows = (f'[[document]]\nfile = "{a}.txt"\nvalidity = "{v}"\nreplaced_by = "{b}.txt"\n' for a, v, b in entries)
    write(tmp_path, "catalog.toml", "".join(rows))
    with pytest.raises(SettingsError) as error:
        load_catalog(tmp_path)
    assert str(error.value) == f"catalog.toml 第 {line} 行：{what}"


@pytest.mark.parametrize("validity", ["", 'validity = "现行有效"\n'])
def test_what_is_replaced_does_not_hold_whatever_else_is_said(tmp_path: Path, validity: str) -> None:
    service = opened(tmp_path, TEXTS, CATALOG.replace('validity = "废止"\n', validity))
    answer = service.ask("病假最多多少天")
    assert cited(answer) == [("考勤规定", None, None), ("考勤办法", "已被替代", "考勤规定")]
    assert (
        "《考勤办法》（2025-05，已被替代，见《考勤规定》）" in answer.answer and "各文件所说不同" not in answer.answer
    )


def test_nothing_is_a_successor_by_title_or_date(tmp_path: Path) -> None:
    texts = {f"{year}/考勤办法.txt": f"第一条　病假最多{year}日。\n" for year in ("十", "二十")}
    service = opened(tmp_path, texts, '[[document]]\nfile = "十/考勤办法.txt"\ndate = "2024"\n')
    answer = service.ask("病假最多多少天")
    assert "各文件所说不同" in answer.answer and len(answer.citations) == 2
    assert [c.replaced_by for c in answer.citations] == [None, None]
