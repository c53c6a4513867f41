"""Study packs kept under their owners, and what is done to their questions."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering.service import Service
from assistant.base.errors import ChangedError, MissingError, SettingsError, StoreError
from assistant.base.settings import Settings
from assistant.study import pack_store
from assistant.study.pack import ItemKind, Pack
from assistant.study.pack_store import Packs, parse_title
from assistant.study.paper.editing import Sheet, Wording, marked, strays
from assistant.study.staleness import State, changed, documents_of, quotes_of, state_of, views_of
from support.corpus import assert_one_line
from support.paths import ROOT
from support.sample_pack import COUNT, SHARP, sample


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    service = Service(Settings(corpus=ROOT / "corpus", index=tmp_path_factory.mktemp("packs") / "index"))
    service.ensure()
    return service


@pytest.fixture(scope="module")
def pack(service: Service) -> Pack:
    return sample(service)


@pytest.fixture
def kept(tmp_path: Path) -> Packs:
    return Packs(tmp_path / "新文件夹" / "study.sqlite")


def test_the_sample_has_every_kind_and_stands(pack: Pack, service: Service) -> None:
    assert {item.kind for item in pack.items} == set(ItemKind)
    assert changed(pack, views_of(service, pack)) == 0 and len(list(quotes_of(pack))) > 15


def test_a_pack_comes_back_as_it_was(kept: Packs, pack: Pack) -> None:
    identity = kept.add("张三", pack)
    assert (kept.get("张三", identity).pack, kept.get("张三", identity).revision) == (pack, 1)
    (line,) = kept.listed("张三")
    assert (line.title, line.items, line.documents) == (pack.title, len(pack.items), documents_of(pack))


def test_nothing_of_another_owner_is_there(kept: Packs, pack: Pack) -> None:
    identity = kept.add("张三", pack)
    mine = kept.get("张三", identity)
    assert kept.listed("李四") == [] and kept.listed("") == []
    attempts: list[Callable[[], object]] = [
        lambda: kept.get("李四", identity),
        lambda: kept.save("李四", mine),
        lambda: kept.rename("李四", identity, "我的"),
        lambda: kept.delete("李四", identity),
        lambda: kept.restore("李四", identity),
    ]
    for attempt in attempts:
        with pytest.raises(MissingError, match=pack_store.NO_PACK):
            attempt()
    kept.forget("李四")
    assert kept.get("张三", identity) == mine


def test_of_two_windows_the_second_is_told(kept: Packs, pack: Pack) -> None:
    identity = kept.add("", pack)
    first = second = kept.get("", identity)
    saved = kept.save("", replace(first, pack=replace(pack, items=pack.items[1:])))
    assert saved.revision == 2
    with pytest.raises(ChangedError) as caught:
        kept.save("", replace(second, pack=pack))
    assert_one_line(caught.value)
    assert kept.get("", identity) == saved


def test_a_deleted_pack_can_be_had_back(kept: Packs, pack: Pack) -> None:
    identity = kept.add("", pack)
    before = kept.get("", identity)
    kept.delete("", identity)
    assert kept.listed("") == []
    with pytest.raises(MissingError):
        kept.get("", identity)
    with pytest.raises(MissingError):
        kept.delete("", identity)
    kept.restore("", identity)
    assert kept.get("", identity) == before


def test_what_was_deleted_long_ago_is_gone(kept: Packs, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_800_000_000.0
    monkeypatch.setattr(pack_store, "time", lambda: now)
    old, recent = kept.add("", pack), kept.add("", pack)
    kept.delete("", old)
    now += pack_store.KEPT_DAYS * pack_store.DAY_SECONDS + 1
    kept.delete("", recent)
    kept.add("李四", pack)
    with pytest.raises(MissingError):
        kept.restore("", old)
    kept.restore("", recent)


def test_an_account_that_is_forgotten_leaves_no_word(kept: Packs, pack: Pack, tmp_path: Path) -> None:
    kept.forget("张三")
    assert list(tmp_path.iterdir()) == []
    other = kept.add("李四", replace(pack, title="别的"))
    kept.add("张三", replace(pack, title="绝密的培训"))
    kept.delete("张三", kept.add("张三", replace(pack, title="绝密的培训之二")))
    kept.forget("张三")
    (file,) = (tmp_path / "新文件夹").iterdir()
    assert "绝密".encode() not in file.read_bytes() and file.stat().st_mode & 0o077 == 0
    assert [line.id for line in kept.listed("李四")] == [other]


def test_there_are_bounds(kept: Packs, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack_store, "PACKS_MOST", 2)
    kept.add("", pack)
    kept.add("", pack)
    with pytest.raises(SettingsError, match="请先删去") as caught:
        kept.add("", pack)
    assert_one_line(caught.value)
    kept.add("李四", pack)


@pytest.mark.parametrize("title", ["", " \n", "长" * 61, None, 1, ["题"]])
def test_titles_that_are_none_are_refused(title: object) -> None:
    with pytest.raises(SettingsError, match="。$"):
        parse_title(title)
    assert parse_title(" 巡视\n整改\u202e ") == "巡视 整改"


def test_a_foreign_file_is_not_touched(tmp_path: Path, pack: Pack) -> None:
    file = tmp_path / "study.sqlite"
    file.write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError) as caught:
        Packs(file).add("", pack)
    assert_one_line(caught.value)
    assert file.read_bytes() == b"no database at all" * 100


def ids(sheet: Sheet) -> list[str]:
    return [item.id for item in sheet.items]


def test_questions_move_among_their_kind(pack: Pack) -> None:
    sheet = Sheet(pack.items)
    assert ids(sheet.moved("fill-3", 0))[:4] == ["fill-3", "fill-1", "fill-2", "single"]
    assert ids(sheet.moved("fill-1", 2))[:4] == ["fill-2", "fill-3", "fill-1", "single"]
    assert sheet.moved("single", 0) == sheet
    mixed = Sheet((pack.items[0], pack.items[3], pack.items[1]))
    assert ids(mixed.moved("fill-2", 0)) == ["fill-2", "single", "fill-1"]
    for place in (-1, 3):
        with pytest.raises(SettingsError):
            sheet.moved("fill-1", place)


def test_a_question_is_taken_out_and_put_back(pack: Pack) -> None:
    sheet = Sheet(pack.items).without("fill-1")
    assert ids(sheet)[0] == "fill-2" and [i.id for i in sheet.removed] == ["fill-1"]
    back = sheet.put_back("fill-1")
    assert ids(back)[:3] == ["fill-2", "fill-3", "fill-1"] and back.removed == ()
    for change in (sheet.without, sheet.put_back):
        with pytest.raises(SettingsError):
            change("nothing")
    twice = Sheet(pack.items, pack.items[:1])
    with pytest.raises(SettingsError, match="已经在材料里"):
        twice.put_back("fill-1")
    alone = Sheet((), (pack.items[0],)).put_back("fill-1")
    assert ids(alone) == ["fill-1"]


def test_a_swapped_question_can_be_had_back(pack: Pack) -> None:
    other = replace(pack.items[0], id="fill-9")
    sheet = Sheet(pack.items).swapped("fill-1", other)
    assert ids(sheet)[0] == "fill-9" and [i.id for i in sheet.removed] == ["fill-1"]
    again = sheet.swapped("fill-9", pack.items[0])
    assert ids(again)[0] == "fill-1" and [i.id for i in again.removed] == ["fill-9"]


def test_a_question_in_other_words_is_marked(pack: Pack) -> None:
    sheet = Sheet(pack.items)
    item = pack.items[0]
    same = Wording(item.stem, item.options, item.answer, item.note)
    assert sheet.reworded("fill-1", same) == sheet
    noted = sheet.reworded("fill-1", replace(same, note="记住这个数。")).find("fill-1")
    assert noted.edited and not strays(noted) and noted.source == item.source
    wrong = sheet.reworded("fill-1", replace(same, answer=("5个",))).find("fill-1")
    assert wrong.edited and strays(wrong) and wrong.source == item.source
    noted_pack = marked(replace(pack, items=(noted, pack.items[1])))
    assert [i.note for i in noted_pack.items] == ["记住这个数。本题经人工修改，以原文为准。", ""]


def test_what_no_longer_follows_from_the_source_is_told(pack: Pack) -> None:
    def edited(identity: str, **words: object) -> bool:
        return strays(replace(Sheet(pack.items).find(identity), edited=True, **words))  # type: ignore[arg-type]

    assert not any(edited(item.id) for item in pack.items)
    assert edited("single", options=("3个单位", "5个单位", "6个单位"))
    assert not edited("single", options=("2个单位", "4个单位", "6个单位"))
    assert edited("multiple", answer=("A", "B"))
    assert edited("judge", stem=COUNT.replace("4", "5")) and edited("judge", answer=("错",))
    assert not edited("judge", stem=COUNT.replace("4", "5"), answer=("错",))
    assert edited("order", options=("夯实整改责任", "没有的话"))
    assert edited("short", answer=("编出来的",)) and not edited("short", answer=(SHARP,))
    assert not edited("discuss", stem="随便谈谈。")


@pytest.mark.parametrize(
    ("identity", "words"),
    [
        ("fill-1", {"stem": ""}),
        ("fill-1", {"stem": "没有空"}),
        ("fill-1", {"answer": ()}),
        ("fill-1", {"answer": ("4个", "5个")}),
        ("fill-1", {"answer": ("",)}),
        ("single", {"options": ("甲", "乙")}),
        ("single", {"options": ("甲", "甲", "乙")}),
        ("single", {"options": ("甲", "", "乙")}),
        ("single", {"answer": ("A", "B")}),
        ("single", {"answer": ("D",)}),
        ("single", {"answer": ()}),
        ("multiple", {"answer": ("A",)}),
        ("multiple", {"answer": ("A", "A")}),
        ("judge", {"answer": ("也许",)}),
        ("order", {"answer": ("A",)}),
        ("order", {"answer": ("A", "A")}),
    ],
)
def test_words_that_make_no_question_are_refused(pack: Pack, identity: str, words: dict[str, object]) -> None:
    sheet = Sheet(pack.items)
    item = sheet.find(identity)
    wording = Wording(item.stem, item.options, item.answer, item.note)
    with pytest.raises(SettingsError) as caught:
        sheet.reworded(identity, replace(wording, **words))  # type: ignore[arg-type]
    assert_one_line(caught.value)


def test_how_quotes_stand() -> None:
    assert state_of("甲乙丙", 1, 2, "乙") is State.HERE
    assert state_of("新甲乙丙", 1, 2, "乙") is State.MOVED
    assert state_of("甲丙", 1, 2, "乙") is State.GONE


def test_a_pack_of_documents_that_are_gone_is_not_opened(pack: Pack, service: Service) -> None:
    lost = replace(pack, documents=(*pack.documents, replace(pack.documents[0], id="elsewhere")))
    with pytest.raises(MissingError, match="有 1 份") as caught:
        views_of(service, lost)
    assert_one_line(caught.value)
