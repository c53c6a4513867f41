import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.answer import Answer, Citation, Status
from assistant.answering.conversation.follow_ups import Action
from assistant.answering.conversation.state import Conversation, Turn, Understood, understand
from assistant.answering.conversation.turn import CHANGED, NO_MORE, NOTHING_AROUND, _reasoned
from assistant.answering.service import Service
from assistant.base.errors import SettingsError
from assistant.base.settings import Settings
from assistant.language.question import parse_question
from support.contract import assert_sound
from support.drawing import drawn
from support.pages import heading, statement
from support.paths import ROOT, SHARED_DATA, TEST_DATA

FOLDER = TEST_DATA / "conversations"
SPEECH = "市委巡视动员部署会讲话.txt"


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


TEXTS: dict[str, str] = load("documents")["documents"]
OPEN = load("open")["conversation"]
HELD_OUT = load("held_out")["conversation"]
SAYINGS = [turn["say"] for talk in [*OPEN, *HELD_OUT] for turn in talk["turns"]]


@pytest.fixture(scope="module")
def service_over(tmp_path_factory: pytest.TempPathFactory) -> Any:
    opened: dict[tuple[str, ...], Service] = {}

    def open_service(names: list[str]) -> Service:
        key = tuple(sorted(names))
        if key not in opened:
            folder = tmp_path_factory.mktemp("talk")
            opened[key] = made_service(folder, names)
        return opened[key]

    return open_service


def made_service(folder: Path, names: list[str]) -> Service:
    corpus = folder / "corpus"
    corpus.mkdir()
    for name in names:
        if name == "speech":
            text = (ROOT / "corpus" / SPEECH).read_text(encoding="utf-8")
            (corpus / SPEECH).write_text(text, encoding="utf-8")
            glossary = (ROOT / "corpus" / "glossary.toml").read_text(encoding="utf-8")
            (corpus / "glossary.toml").write_text(glossary, encoding="utf-8")
        else:
            (corpus / name).write_text(TEXTS[name].lstrip("\n"), encoding="utf-8")
    service = Service(Settings(corpus=corpus, index=folder / "index"))
    service.ensure()
    return service


def bare(question: str) -> str:
    return re.sub(r"[\s的，。？?！“”]", "", question)


def wrong_with(turn: dict[str, Any], answer: Answer, conversation: Conversation) -> list[str]:
    """Return what is not as the turn says it should be."""
    understood = conversation.turns[-1].understood if conversation.turns else None
    action = str(understood.action) if understood else "reset"
    quotes = [c.quote for c in answer.citations]
    found = []
    if action != turn.get("does", "fresh"):
        found.append(f"does {action}")
    if "as" in turn and (understood is None or bare(understood.question) != bare(turn["as"])):
        found.append(f"understood as {understood and understood.question}")
    if str(answer.status) not in turn["status"].split("|"):
        found.append(f"is {answer.status}")
    found += [f"does not cite {words}" for words in turn.get("cites", []) if not any(words in q for q in quotes)]
    found += [f"cites {words}" for words in turn.get("never", []) if any(words in q for q in quotes)]
    return found


def mistakes(service: Service, turns: list[dict[str, Any]]) -> list[str]:
    conversation, found = Conversation(), []
    for turn in turns:
        answer, conversation = service.converse(turn["say"], conversation)
        assert_sound(service, answer)
        wrong = wrong_with(turn, answer, conversation)
        if wrong and not turn.get("doubtful"):
            found.append(f"{turn['say']}: {'; '.join(wrong)}")
    return found


@pytest.mark.parametrize("talk", [*OPEN, *HELD_OUT], ids=lambda talk: talk["name"])
def test_conversations(talk: dict[str, Any], service_over: Any) -> None:
    assert mistakes(service_over(talk["documents"]), talk["turns"]) == []


def test_there_are_enough_conversations() -> None:
    assert len(OPEN) >= 15 and len(HELD_OUT) >= 15
    talks = [*OPEN, *HELD_OUT]
    assert {turn.get("does", "fresh") for talk in talks for turn in talk["turns"]} == {str(a) for a in Action}
    assert sum(bool(turn.get("doubtful")) for talk in talks for turn in talk["turns"]) == 1


def spoken(service: Service, *texts: str) -> tuple[list[Answer], Conversation]:
    answers, conversation = [], Conversation()
    for text in texts:
        answer, conversation = service.converse(text, conversation)
        assert_sound(service, answer)
        answers.append(answer)
    return answers, conversation


def test_a_fresh_question_is_answered_as_if_it_stood_alone(service_over: Any) -> None:
    service = service_over(["考勤办法.txt", "食堂规定.txt"])
    alone = service.ask("食堂由谁管理？")
    answers, _ = spoken(service, "病假最多多少天", "那具体怎么做", "食堂由谁管理？")
    assert answers[-1].citations == alone.citations
    assert (answers[-1].answer, answers[-1].question, answers[-1].understood) == (alone.answer, alone.question, "")


def test_json_names_what_was_understood_only_where_it_differs(service_over: Any) -> None:
    answers, _ = spoken(service_over(["考勤办法.txt"]), "病假最多多少天", "那事假呢")
    assert "understood" not in answers[0].as_json()
    table = answers[1].as_json()
    assert (table["question"], table["understood"]) == ("那事假呢", "事假最多多少天")


def test_the_place_of_each_quote_is_named(service_over: Any) -> None:
    answers, _ = spoken(service_over(["考勤办法.txt"]), "病假最多多少天", "出处在哪")
    assert answers[1].answer == (
        "**出处**\n\n《考勤办法》第二章 · 第五条 第11段\n\n1. 第五条　病假一般不得超过三十日。 [1]"
    )
    assert answers[1].citations == answers[0].citations


def test_more_of_an_article_is_the_rest_of_it(service_over: Any) -> None:
    answers, _ = spoken(service_over(["考勤办法.txt"]), "考勤办法第六条规定了什么", "还有呢", "还有呢")
    assert [c.quote for c in answers[0].citations] == ["第六条　事假一般不得超过十五日。"]
    assert [c.quote for c in answers[1].citations] == ["事假由科室负责人批准。"]
    assert answers[2].answer == NO_MORE


def test_expanding_again_goes_further_and_then_says_that_there_is_no_more(service_over: Any) -> None:
    service = service_over(["食堂规定.txt"])
    answers, _ = spoken(service, "外来人员用餐收费多少元", *["展开说说"] * 6)
    lengths = [sum(len(c.quote) for c in answer.citations) for answer in answers]
    assert lengths[1] > lengths[0]
    assert answers[-1].answer == NOTHING_AROUND
    assert "（前后文）" in answers[1].answer


def test_a_reason_from_elsewhere_is_none(service_over: Any) -> None:
    service = service_over(["speech"])
    first = service.ask("本轮巡视对几个单位开展巡视")
    far = service.ask("发现问题不解决会怎么样")
    assert first.status is far.status is Status.ANSWERED and far.citations[0].paragraph > first.citations[0].paragraph
    understood = Understood(Action.ASK, parse_question("本轮巡视对几个单位开展巡视，为什么"), cited=first.citations)
    query = service.answerer.query(understood.parsed)
    found = _reasoned(service.answerer, query, understood, far)
    assert found.status is Status.MENTIONED
    assert [c.start for c in found.citations] == [c.start for c in first.citations]
    assert _reasoned(service.answerer, query, understood, first) is first


def test_a_worded_answer_is_kept_and_its_items_are_those_shown() -> None:
    cited = [Citation(n, "办法", "d1", None, "第三条", 3, 9 * n, 9 * n + 5, f"引文{n}。", 0.9) for n in (1, 2)]
    found = Answer("病假多少天", Status.ANSWERED, (), tuple(cited), (), 0.0)
    conversation = Conversation().with_turn(Turn(understand("问", Conversation()), found))
    turn = Turn(understand("病假多少天", Conversation()), found)
    worded = (heading("病假多少天"), statement(1, "甲见[2]。"), statement(2, "乙。", 1), statement(3, "丙。", 2))
    hit: Any = "a passage"
    kept = conversation.with_turn(turn).with_answer(replace(found, blocks=worded, passages=(hit,)))
    assert [t.asked for t in kept.turns] == ["问", "病假多少天"]
    assert (kept.turns[0].answer, kept.turns[1].answer) == (found, replace(found, blocks=worded))
    for text, cite in (("第一条呢", 0), ("第二条呢", 0), ("第三条呢", 1)):
        assert understand(text, kept).cited == (cited[cite],)
    assert "没有这一条" in understand("第四条呢", kept).message


def test_a_changed_document_is_not_cited_by_its_old_places(tmp_path: Path) -> None:
    service = made_service(tmp_path, ["考勤办法.txt"])
    _, conversation = service.converse("病假最多多少天", Conversation())
    file = tmp_path / "corpus" / "考勤办法.txt"
    file.write_text("新修订。\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    service.refresh()
    for text in ("出处在哪", "展开说说", "还有呢", "第一条呢"):
        answer, _ = service.converse(text, conversation)
        assert (answer.answer, answer.citations) == (CHANGED, ())
    assert service.converse("那事假呢", conversation)[0].status is Status.ANSWERED


def test_a_document_that_is_gone_is_not_looked_in(tmp_path: Path) -> None:
    service = made_service(tmp_path, ["考勤办法.txt", "食堂规定.txt"])
    _, conversation = service.converse("病假最多多少天", Conversation())
    (tmp_path / "corpus" / "考勤办法.txt").unlink()
    service.refresh()
    assert service.converse("谁批准", conversation)[0].status is not Status.ANSWERED
    assert service.converse("出处在哪", conversation)[0].answer == CHANGED


def test_a_conversation_keeps_its_last_turns_and_a_text_its_limit(service_over: Any) -> None:
    service = service_over(["食堂规定.txt"])
    _, conversation = spoken(service, *[f"食堂第{n}条是什么" for n in range(1, 31)])
    assert [turn.asked for turn in conversation.turns] == [f"食堂第{n}条是什么" for n in range(11, 31)]
    assert all(turn.answer.passages == () for turn in conversation.turns)
    with pytest.raises(SettingsError, match="问题太长（501 字）"):
        service.converse("长" * 501, conversation)


@pytest.mark.parametrize(
    "text", ["", "？", "呢", "那", "什么", "吗", "的" * 400, "\ud800", "（二）", "第", "第呢", "[1]", "换个问题？"]
)
def test_odd_texts_get_an_honest_answer(service_over: Any, text: str) -> None:
    answers, _ = spoken(service_over(["考勤办法.txt"]), "病假最多多少天", text, text)
    assert [answer.status is Status.ANSWERED for answer in answers[1:]] == [False, False]


@given(st.lists(st.text(max_size=30) | st.sampled_from(SAYINGS), max_size=5))
@drawn(150)
def test_any_text_is_understood(texts: list[str]) -> None:
    cited = Citation(1, "办法", "d1", None, "第三条", 3, 0, 5, "第三条　甲乙。", 0.9)
    conversation = Conversation()
    for text in texts:
        understood = understand(text, conversation)
        assert understood.question or understood.message or not text.strip()
        answer = Answer(text, Status.ANSWERED, (), (cited,), (), 0.0)
        conversation = conversation.with_turn(Turn(understood, answer))


STARD = SHARED_DATA / "stard" / "queries.jsonl"


@pytest.mark.skipif(not (ROOT / "../shared/data").is_dir(), reason="the shared data is not there")
def test_questions_of_their_own_are_never_taken_for_follow_ups() -> None:
    lines = STARD.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["text"] for line in lines]
    assert len(questions) > 1000
    taken = []
    for before, question in zip(questions, questions[1:], strict=False):
        answer = Answer(before, Status.NOT_FOUND, (), (), (), 0.0)
        conversation = Conversation((Turn(Understood(Action.FRESH, parse_question(before)), answer),))
        if understand(question, conversation).action is not Action.FRESH:
            taken.append(question)
    assert taken == []
