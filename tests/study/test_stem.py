"""The structure of stems: it makes the stem, stands in the source, and is recovered for packs from before it."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.study.export.parts import asked
from assistant.study.pack import Brief, Item, ItemKind, Pack, pack_of
from assistant.study.paper.assembly import choose
from assistant.study.paper.conflicts import shown
from assistant.study.paper.editing import Sheet, Wording, clashes, strays
from assistant.study.paper.variety import traits
from assistant.study.questions.items import candidates
from assistant.study.questions.verification import Verifier
from assistant.study.source.texts import Text
from assistant.study.stem import Role, StemForm
from assistant.study.stem_recovery import stem_of
from support.study_texts import MADE, SPEECH, text_in, text_of

LAW = (
    "第一条　为了规范请假，制定本办法。\n第二条　工作人员请假，应当具备下列条件之一：（一）本人患病；（二）家属患病；"
    "（三）参加考试。\n第三条　请假应当提前3日书面申请，由科室负责人批准。\n"
)


def items_of(texts: Sequence[Text]) -> list[Item]:
    return list(candidates(texts, (), 1))


@pytest.fixture(scope="module")
def speech() -> list[Item]:
    return items_of([text_in(SPEECH)])


@pytest.fixture(scope="module")
def several() -> tuple[list[Text], list[Item]]:
    texts = [*map(text_in, sorted(MADE.glob("*.txt"))[:2]), text_of(LAW, "请假办法")]
    return texts, items_of(texts)


def old(item: Item) -> Item:
    """Return an item as packs had it before stems kept their structure."""
    return replace(item, structure=None)


def test_a_structure_makes_the_stem_and_stands_in_the_source(several: tuple[list[Text], list[Item]]) -> None:
    texts, items = several
    words = {text.record.id: text.text for text in texts}
    seen = set()
    for item in items:
        stem = item.structure
        assert stem is not None and stem.text == item.stem and stem_of(item) is stem
        for piece in stem.pieces:
            if piece.start is not None:
                assert piece.role is Role.SOURCE
                assert words[item.source.document_id].startswith(piece.text, piece.start)
        seen.add((item.kind, stem.form))
    assert {kind for kind, _ in seen} == set(ItemKind) and {form for _, form in seen} == set(StemForm)


@pytest.mark.parametrize("name", ["speech", "several"])
def test_a_structure_is_recovered_from_the_words(name: str, request: pytest.FixtureRequest) -> None:
    made = request.getfixturevalue(name)
    for item in made if name == "speech" else made[1]:
        before, after = stem_of(item), stem_of(old(item))
        assert after.text == item.stem and (after.form, after.gaps) == (before.form, before.gaps)
        assert (after.words, after.around) == (before.words, before.around)
        if before.form is not StemForm.TASK:
            assert (after.section, after.judged, after.span) == (before.section, before.judged, before.span)


def test_readers_see_in_old_items_what_they_see_in_new_ones(several: tuple[list[Text], list[Item]]) -> None:
    texts, items = several
    verifier = Verifier(texts)
    for item in items:
        assert verifier.proves(old(item))
        assert shown(old(item)) == shown(item) and traits(old(item)) == traits(item)
        assert asked(old(item)) == asked(item)
        assert strays(replace(old(item), edited=True)) == strays(replace(item, edited=True))


def test_an_old_pack_opens_and_works(speech: list[Item]) -> None:
    chosen, _ = choose(speech, Brief())
    data = Pack("讲话", Brief(), (), items=chosen).as_json()
    for item in data["items"]:
        assert item.pop("structure")["pieces"]
    pack = pack_of(json.loads(json.dumps(data)))
    assert pack.items == tuple(map(old, chosen)) and len(chosen) > 30
    assert clashes(pack.items) == clashes(chosen) == {}


def test_a_stem_worded_anew_has_no_structure(speech: list[Item]) -> None:
    item = next(item for item in speech if item.kind is ItemKind.FILL)
    sheet = Sheet((item,))
    noted = sheet.reworded(item.id, Wording(item.stem, item.options, item.answer, "见原文。")).items[0]
    assert noted.edited and noted.structure == item.structure
    worded = sheet.reworded(item.id, Wording(f"请填空：{item.stem}", item.options, item.answer, "")).items[0]
    assert worded.edited and worded.structure is None
    assert stem_of(worded).text == worded.stem and stem_of(worded).gaps == len(item.answer)


def test_a_structure_of_other_words_is_not_used(speech: list[Item]) -> None:
    item = next(item for item in speech if item.kind is ItemKind.SINGLE)
    other = replace(item, stem="谁负责（　）？")
    assert stem_of(other).around == ("谁负责", "？")
