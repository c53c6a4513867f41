import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from assistant.answering import Answer
from assistant.conversation import Conversation
from assistant.service import Service
from assistant.settings import Settings

ROOT = Path(__file__).parent.parent
FOLDER = Path(__file__).parent / "conversations"
SPEECH = "市委巡视动员部署会讲话.txt"


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


TEXTS: dict[str, str] = load("documents")["documents"]
OPEN = load("open")["conversation"]
HELD_OUT = load("held_out")["conversation"]


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


def assert_sound(service: Service, answer: Answer) -> None:
    """What the contract promises of every answer."""
    assert [c.marker for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    for c in answer.citations:
        view = service.document(c.document_id)
        assert view.text[c.start : c.end] == c.quote != ""
        paragraph = view.paragraphs[c.paragraph - 1]
        assert paragraph.start <= c.start < c.end <= paragraph.end
        assert answer.answer.count(f" [{c.marker}]") == 1
    assert bool(answer.citations) == (str(answer.status) != "not_found")
    assert len(answer.citations) <= 8


def mistakes(service: Service, turns: list[dict[str, Any]]) -> list[str]:
    conversation, found = Conversation(), []
    for turn in turns:
        answer, conversation = service.converse(turn["say"], conversation)
        assert_sound(service, answer)
        wrong = wrong_with(turn, answer, conversation)
        if wrong or turn.get("fails"):
            found.append(f"{turn['say']}: {'; '.join(wrong)}")
    return found


@pytest.mark.parametrize("talk", OPEN, ids=lambda talk: talk["name"])
def test_open(talk: dict[str, Any], service_over: Any) -> None:
    assert mistakes(service_over(talk["documents"]), talk["turns"]) == []
