"""What a trainer is told of questions worded anew, swapped and put back: wrong keys, answers given away."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import pytest

from assistant.answering.service import Service
from assistant.base.errors import SettingsError
from assistant.base.settings import Settings
from assistant.study.builder import build_pack
from assistant.study.pack import BLANK, CHOICE, LETTERS, RIGHT, WRONG, Brief, Item, ItemKind, Pack
from assistant.study.paper.editing import Sheet, another, clashes, strays
from support.corpus import LAW, LAW_FILE, write
from support.paths import ROOT
from support.studying import MADE

ENGLISH = """Leave rules
Article 1 Staff shall apply for leave in writing 3 days in advance, and the head of the section shall approve it.
Article 2 Sick leave shall not exceed 30 days; personal leave shall not exceed 7 days.
"""
COUNTS = dict.fromkeys(ItemKind, 8)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    folder = tmp_path_factory.mktemp("editing")
    for file in (*(ROOT / "corpus").glob("*.txt"), *MADE):
        write(folder / "corpus", file.name, file.read_text(encoding="utf-8"))
    write(folder / "corpus", LAW_FILE, LAW)
    write(folder / "corpus", "leave.txt", ENGLISH)
    service = Service(Settings(corpus=folder / "corpus", index=folder / "index"))
    service.ensure()
    return service


@pytest.fixture(scope="module")
def packs(service: Service) -> list[Pack]:
    documents = [record.id for record in service.documents()]
    return [build_pack(service, Brief(documents=(one,), counts=COUNTS)) for one in documents]


def of_kind(packs: Sequence[Pack], kind: ItemKind) -> list[Item]:
    found = [item for pack in packs for item in pack.items if item.kind is kind]
    assert found, kind
    return found


def wrong(item: Item, **words: object) -> bool:
    return strays(replace(item, edited=True, **words))  # type: ignore[arg-type]


def test_no_question_of_the_program_is_doubted(packs: list[Pack]) -> None:
    items = [item for pack in packs for item in pack.items]
    assert len(items) > 100
    assert [item for item in items if wrong(item)] == []
    assert [clashes(pack.items) for pack in packs] == [{}] * len(packs)


def test_every_other_key_is_doubted(packs: list[Pack]) -> None:
    for item in of_kind(packs, ItemKind.SINGLE):
        letters = LETTERS[: len(item.options)]
        assert [letter for letter in letters if not wrong(item, answer=(letter,))] == list(item.answer)
    for item in of_kind(packs, ItemKind.MULTIPLE):
        assert wrong(item, answer=item.answer[:-1]) and wrong(item, answer=tuple(LETTERS[: len(item.options)]))
    for item in of_kind(packs, ItemKind.ORDER):
        assert wrong(item, answer=item.answer[::-1])
    for item in of_kind(packs, ItemKind.JUDGE):
        assert wrong(item, answer=(WRONG if item.answer == (RIGHT,) else RIGHT,))
    for item in of_kind(packs, ItemKind.FILL):
        assert wrong(item, answer=("另外的话", *item.answer[1:]))


def test_a_stem_that_says_something_else_is_doubted(packs: list[Pack]) -> None:
    for item in (*of_kind(packs, ItemKind.FILL), *of_kind(packs, ItemKind.SINGLE)):
        gap = BLANK if item.kind is ItemKind.FILL else CHOICE
        if gap in item.stem and not item.further:  # no words of such a stem are the source's
            assert wrong(item, stem=item.stem.replace(gap, f"不得{gap}", 1))


def test_what_gives_another_answer_away_is_told(packs: list[Pack]) -> None:
    pack = next(pack for pack in packs if sum(item.kind is ItemKind.FILL for item in pack.items) > 1)
    first, second = [item for item in pack.items if item.kind is ItemKind.FILL][:2]
    telling = replace(second, stem=f"{second.stem}（{first.source.text}）", edited=True)
    items = [telling if item is second else item for item in pack.items]
    told = clashes(items)
    assert second.id in told[first.id] and first.id in told[second.id]
    again = replace(first, id="again", kind=ItemKind.JUDGE, stem=first.source.text, answer=(RIGHT,))
    assert "again" in clashes([*pack.items, replace(again, edited=True, further=(first.source,))])[first.id]


def test_a_swap_keeps_clear_of_a_question_that_was_worded_anew(service: Service, packs: list[Pack]) -> None:
    pack = max(packs, key=lambda pack: len(pack.items))
    sheet = Sheet(pack.items)
    single = next(item for item in pack.items if item.kind is ItemKind.SINGLE)
    edited = replace(single, note="看清楚再选。", edited=True)
    sheet = replace(sheet, items=tuple(edited if item is single else item for item in sheet.items))
    swapped = 0
    for item in pack.items:
        with suppress(SettingsError):  # there is no other one
            sheet = sheet.swapped(item.id, another(service, pack, sheet, item.id))
            swapped += 1
        assert single.id not in clashes(sheet.items)
    assert swapped > 5


def test_a_swap_takes_from_the_documents_of_the_pack_alone(service: Service) -> None:
    """A topic asked of all documents must not bring in one that was added since, for others to read."""
    pack = build_pack(service, Brief(topic="整改", counts={ItemKind.FILL: 1}))
    few = replace(pack, documents=pack.documents[:1])
    assert len(pack.documents) > 1
    (item,) = pack.items
    sheet, seen = Sheet(pack.items), set()
    for _ in range(12):
        other = another(service, few, sheet, sheet.items[0].id)
        seen |= {quote.document_id for quote in (other.source, *other.further)}
        sheet = sheet.swapped(sheet.items[0].id, other)
    assert seen == {pack.documents[0].id} and item.kind is ItemKind.FILL
