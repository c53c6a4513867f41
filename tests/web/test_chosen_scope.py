"""A scope that people choose: what it is, how it is said, and that a conversation never leaves it."""

import pytest

from assistant.answering.conversation.state import Conversation
from assistant.answering.conversation.turn import OUT_OF_SCOPE
from assistant.answering.scope import CHOSEN_MOST, EVERYTHING, GONE, Scope, parse_scope
from assistant.answering.service import Service
from assistant.base.errors import SettingsError
from assistant.base.settings import Settings
from support.corpus import write

CATALOG = (
    '[[document]]\nfile = "考勤办法.txt"\ndate = "2022-03-01"\n[[document]]\nfile = "新考勤办法.txt"\ndate = "2024"\n'
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    folder = tmp_path_factory.mktemp("scope")
    write(folder / "corpus", "考勤办法.txt", "第一条　病假一般不得超过三十日。\n第二条　事假由科长批准。\n")
    write(folder / "corpus", "新考勤办法.txt", "第一条　病假一般不得超过四十五日。\n第二条　年休假由处长批准。\n")
    write(folder / "corpus", "catalog.toml", CATALOG)
    service = Service(Settings(corpus=folder / "corpus", index=folder / "index"))
    service.ensure()
    return service


@pytest.fixture
def ids(service: Service) -> dict[str, str]:
    return {record.title: record.id for record in service.documents()}


def test_what_is_asked(service: Service, ids: dict[str, str]) -> None:
    records = service.documents()
    old = ids["考勤办法"]
    assert EVERYTHING.ids(records) is None
    assert Scope((old,)).ids(records) == [old]
    assert Scope(since="2023").ids(records) == [ids["新考勤办法"]]
    assert Scope((old, "gone")).ids(records) == [old]
    with pytest.raises(SettingsError, match=GONE):
        Scope(("gone",)).ids(records)
    with pytest.raises(SettingsError, match="没有文件"):
        Scope((old,), since="2023").ids(records)


def test_it_is_said_in_words(service: Service, ids: dict[str, str]) -> None:
    records = service.documents()
    said = {
        Scope(): "全部文件",
        Scope((ids["考勤办法"],)): "《考勤办法》",
        Scope(tuple(ids.values())): "2 份文件",
        Scope(since="2023"): "2023 年以来",
        Scope(until="2023-05"): "到 2023 年 5 月为止",
        Scope(tuple(ids.values()), "2022-01", "2022-12"): "2 份文件，2022 年 1 月至2022 年 12 月",
    }
    assert {scope: scope.words(records) for scope in said} == said
    assert all(parse_scope(scope.as_json()) == scope for scope in said)


@pytest.mark.parametrize(
    "said",
    [None, [], "x", {"documents": "d"}, {"documents": [1]}, {"documents": [""]}, {"documents": ["d" * 41]},
     {"documents": [f"d{n}" for n in range(CHOSEN_MOST + 1)]}, {"since": 2023}, {"since": "去"}, {"until": "2023-13"}],
)  # fmt: skip
def test_a_scope_that_is_none_is_refused(said: object) -> None:
    with pytest.raises(SettingsError, match="。$"):
        parse_scope(said)


def cited(service: Service, text: str, conversation: Conversation, scope: Scope) -> tuple[set[str], Conversation]:
    answer, gone_on = service.converse(text, conversation, scope)
    return {c.document_id for c in answer.citations} | {h.document.id for h in answer.passages}, gone_on


def test_no_turn_of_a_conversation_leaves_the_scope(service: Service, ids: dict[str, str]) -> None:
    old, new = ids["考勤办法"], ids["新考勤办法"]
    talk = Conversation()
    for text in (
        "病假最多多少日？",
        "那年休假由谁批准？",
        "还有呢",
        "展开说说",
        "出处在哪",
        "《新考勤办法》第二条是什么",
    ):
        found, talk = cited(service, text, talk, Scope((old,)))
        assert found <= {old}, text
    found, _ = cited(service, "病假最多多少日？", Conversation(), Scope((new,)))
    assert found == {new}


@pytest.mark.parametrize("text", ["出处在哪", "展开说说", "还有呢", "第三条呢"])
def test_what_was_cited_outside_is_not_shown_again(service: Service, ids: dict[str, str], text: str) -> None:
    old, new = ids["考勤办法"], ids["新考勤办法"]
    _, talk = cited(service, "《考勤办法》第一条是什么", Conversation(), Scope((old,)))
    answer, _ = service.converse(text, talk, Scope((new,)))
    assert (answer.citations, answer.answer) == ((), OUT_OF_SCOPE)
