import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.library import versions
from assistant.library.versions import Change, Kind, Piece, Row, compare, pieces_of
from support.work import growth

OLD = [
    "总则",
    "第一条 工作人员请病假不得超过30日。",
    "第二条 食堂开放到十一点半，午餐3.5元。",
    "第三条 旧规定。",
    "附则段落完全相同。",
]
NEW = [
    "总则",
    "附则段落完全相同。",
    "第一条 工作人员请病假一般不得超过15日。",
    "第二条　食堂开放到十一点半，午餐3.5元。",
    "另行通知的事项由办公室解释。",
]


def both(text: str) -> tuple[Piece, ...]:
    return (Piece(Kind.BOTH, text),)


def test_what_became_of_each_paragraph() -> None:
    changed = (
        Piece(Kind.BOTH, "第一条 工作人员请病假"),
        Piece(Kind.NEW, "一般"),
        Piece(Kind.BOTH, "不得超过"),
        Piece(Kind.OLD, "30"),
        Piece(Kind.NEW, "15"),
        Piece(Kind.BOTH, "日。"),
    )
    assert compare(OLD, NEW) == (
        Row(Change.SAME, 1, 1, both("总则")),
        Row(Change.MOVED, 5, 2, both("附则段落完全相同。")),
        Row(Change.CHANGED, 2, 3, changed),
        Row(Change.SAME, 3, 4, both(NEW[3])),
        Row(Change.REMOVED, 4, None, (Piece(Kind.OLD, "第三条 旧规定。"),)),
        Row(Change.ADDED, None, 5, (Piece(Kind.NEW, NEW[4]),)),
    )


def test_what_both_share_by_chance_is_no_island() -> None:
    assert pieces_of("由人事处负责办理手续。", "报主要领导负过问之责。") == (
        Piece(Kind.OLD, "由人事处负责办理手续"),
        Piece(Kind.NEW, "报主要领导负过问之责"),
        Piece(Kind.BOTH, "。"),
    )


def test_empty_versions() -> None:
    assert compare([], []) == ()
    assert [row.change for row in compare([], ["新"])] == [Change.ADDED]
    assert [row.change for row in compare(["旧"], [])] == [Change.REMOVED]


PARAGRAPHS = st.lists(st.text("甲乙丙丁戊己，。12 ", min_size=1, max_size=12).filter(str.strip), max_size=8)


@given(PARAGRAPHS, PARAGRAPHS)
def test_both_versions_can_be_made_again(old: list[str], new: list[str]) -> None:
    rows = compare(old, new)
    assert sorted(row.old for row in rows if row.old) == list(range(1, len(old) + 1))
    assert [row.new for row in rows if row.new] == list(range(1, len(new) + 1))
    for row in rows:
        texts = {k: "".join(p.text for p in row.pieces if p.kind in (Kind.BOTH, k)) for k in (Kind.OLD, Kind.NEW)}
        if row.new:
            assert texts[Kind.NEW] == new[row.new - 1]
        if row.old:
            assert texts[Kind.OLD].split() == old[row.old - 1].split() or row.change in (Change.SAME, Change.MOVED)
            assert "".join(texts[Kind.OLD].split()) == "".join(old[row.old - 1].split())


def test_texts_that_repeat_themselves_take_no_longer() -> None:
    [row] = compare(["一二三四五" * 4000], ["一二三四六" * 4000])
    assert {piece.kind for piece in row.pieces} == {Kind.OLD, Kind.NEW}
    rows = compare(["1"] * 20_000, ["1"] * 19_000 + ["二"] * 1000)
    assert sum(row.new is not None for row in rows) == 20_000
    assert growth(lambda size: compare(["一二三四五" * size], ["一二三四六" * size]), 1000) < 2.5
    assert growth(lambda size: compare(["1"] * size, ["1"] * (size - 100) + ["二"] * 100), 5000) < 2.5


def test_of_very_different_texts_the_rest_is_shown_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = ["甲乙丙丁戊己", "子丑寅卯辰巳"], ["甲乙丙丁戊庚", "子丑寅卯辰午"]
    assert [row.change for row in compare(old, new)] == [Change.CHANGED, Change.CHANGED]
    monkeypatch.setattr(versions, "PIECES_MOST", 5)
    whole = (Piece(Kind.OLD, old[1]), Piece(Kind.NEW, new[1]))
    rows = compare(old, new)
    assert rows[0].pieces[0] == Piece(Kind.BOTH, "甲乙丙丁戊") and rows[1].pieces == whole
    monkeypatch.setattr(versions, "LIKENESS_MOST", 5)
    assert sorted(row.change for row in compare(old, new)) == [Change.ADDED] * 2 + [Change.REMOVED] * 2
