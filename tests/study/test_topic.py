"""A topic keeps the sentences that are about it, in their order, and says where there are none."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answering.service import Service
from assistant.base.errors import SettingsError
from assistant.base.settings import Settings
from assistant.study.pack import LETTERS, Brief, ItemKind
from assistant.study.questions.items import candidates
from assistant.study.source.texts import Text, texts_of
from support.corpus import assert_one_line, write
from support.studying import SPEECH

NOTICE = """关于食堂和班车的通知
一、食堂管理
每日十一点半开放。
午餐每份十五元。
二、班车安排
班车每天早上七点发车。
乘车须出示工作证，食堂门口上车。
三、其他
未尽事宜由行政科解释。
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("topic")
    write(folder / "corpus", SPEECH.name, SPEECH.read_text(encoding="utf-8"))
    write(folder / "corpus", "通知.txt", NOTICE)
    made = Service(Settings(corpus=folder / "corpus", index=folder / "index"))
    made.ensure()
    yield made
    made.index.close()


def said(texts: list[Text]) -> list[str]:
    return [text.words(sentence) for text in texts for sentence in text.sentences]


def test_the_speech_on_rectification(service: Service) -> None:
    (text,) = texts_of(service, Brief(topic="巡视整改"))
    words = said([text])
    everything = [sentence for sentence in text.text.replace("。", "。\n").split("\n") if "整改" in sentence]
    assert len(words) == 8
    assert all("整改" in sentence for sentence in words)
    assert len(everything) >= 8
    assert [s.start for s in text.sentences] == sorted(s.start for s in text.sentences)


def test_a_section_whose_heading_says_it_is_kept_whole(service: Service) -> None:
    title, *words = said(texts_of(service, Brief(topic="班车")))
    assert title == "关于食堂和班车的通知"
    assert words == ["二、班车安排", "班车每天早上七点发车。", "乘车须出示工作证，食堂门口上车。"]


def test_a_topic_stays_within_the_documents_and_sections_chosen(service: Service) -> None:
    (notice,) = [record for record in service.documents() if record.title == "通知"]
    view = service.document(notice.id)
    (third,) = [section for section in view.sections if section.title == "其他"]
    with pytest.raises(SettingsError):
        texts_of(service, Brief(documents=(notice.id,), topic="巡视整改"))
    with pytest.raises(SettingsError):
        texts_of(service, Brief(documents=(notice.id,), sections=((notice.id, third.number),), topic="班车"))


def test_nothing_about_the_topic_is_one_line(service: Service) -> None:
    with pytest.raises(SettingsError, match="没有讲“海底隧道施工”的内容") as raised:
        texts_of(service, Brief(topic="海底隧道施工"))
    assert_one_line(raised.value)


@pytest.mark.parametrize("topic", ["", "  "])
def test_without_a_topic_everything_is_kept(service: Service, topic: str) -> None:
    texts = texts_of(service, Brief(topic=topic))
    assert sum(len(text.sentences) for text in texts) == sum(
        len(service.document(record.id).sentences) for record in service.documents()
    )


def test_offsets_are_the_whole_documents(service: Service) -> None:
    (text,) = texts_of(service, Brief(topic="巡视整改"))
    first = text.sentences[0]
    assert text.quote(first.start, first.end).text == text.text[first.start : first.end]
    assert Path(text.record.path).name == SPEECH.name


def test_a_section_is_the_innermost_one_at_an_offset(service: Service) -> None:
    (text,) = texts_of(service, Brief(topic="巡视整改"))
    for offset in range(0, len(text.text), 7):
        inside = [s for s in text.sections if s.start <= offset < s.end]
        assert text.section_at(offset) == max(inside, key=lambda s: (s.level, s.start), default=None)


def test_wrong_options_come_from_the_whole_document_and_questions_from_what_is_chosen(service: Service) -> None:
    (text,) = texts_of(service, Brief(topic="巡视整改"))
    singles = [item for item in candidates([text], (), 1) if item.kind is ItemKind.SINGLE and not item.further]
    chosen = "".join(text.words(sentence) for sentence in text.sentences)
    wrong = {one for item in singles for n, one in enumerate(item.options) if LETTERS[n] not in item.answer}
    assert singles and all(item.source.text in chosen for item in singles)
    assert any(option not in chosen for option in wrong) and all(option in text.text for option in wrong)
