import sqlite3
from pathlib import Path

import pytest

from assistant.accounts import sessions
from assistant.accounts.visitor import LOCAL, Role, Visitor
from assistant.answering.answer import Status
from assistant.answering.conversation import kept as kept_module
from assistant.base.errors import SettingsError, StoreError
from assistant.evaluation import run_store
from assistant.evaluation.feedback import history
from assistant.evaluation.question_sets import SetQuestion
from assistant.evaluation.run_store import Regression
from assistant.evaluation.runs import Cited, Outcome, RunFacts, Verdict, totals
from support.corpus import assert_one_line

QUESTIONS = (SetQuestion(2, "甲", ("一", "二"), ("a.txt",), True), SetQuestion(3, "乙", (), (), None))
OUTCOMES = (
    Outcome(
        QUESTIONS[0], Status.ANSWERED, Verdict.PARTLY, {"lexical": (1, None), "fused": (2, 3)}, (True, False),
        (False, False), (Cited("题", "a.txt", 4, "一〇"),), 0.75, 1.5,
    ),
    Outcome(QUESTIONS[1], Status.NOT_FOUND, Verdict.UNJUDGED, {"lexical": (), "fused": ()}, (), (), (), None, 0.5),
)  # fmt: skip
ANNE, BO = (Visitor(name, Role.TRAINER, ("人事", "财务")) for name in ("甲", "乙"))
HEAD, PARTIAL = Visitor("长", Role.MANAGER), Visitor("副", Role.MANAGER, ("人事",))


def facts(folders: tuple[str, ...] | None) -> RunFacts:
    return RunFacts(0.4, 0.5, "bundled", "", "abc", 3, 20, folders, 1.25)


@pytest.fixture
def kept(tmp_path: Path) -> Regression:
    return Regression(tmp_path / "子 文件夹" / "question_sets.sqlite")


def test_sets_and_runs_come_back_as_they_were(kept: Regression) -> None:
    assert kept.sets(LOCAL) == []
    made = kept.add(LOCAL, " 巡视  问题 ", QUESTIONS)
    assert (made.name, made.owner, made.questions) == ("巡视 问题", "", QUESTIONS)
    run = kept.add_run(LOCAL, made.id, facts(None), OUTCOMES)
    second = kept.add_run(LOCAL, made.id, facts(None), OUTCOMES[:1])
    assert kept.sets(LOCAL) == [made] == [kept.get(LOCAL, made.id)]
    found = kept.run(LOCAL, run)
    assert (found.outcomes, found.line.facts, found.line.set_id) == (OUTCOMES, facts(None), made.id)
    assert found.totals == totals(OUTCOMES)
    assert [line.id for line in kept.runs(LOCAL, made.id)] == [run, second]
    assert found.line.totals["verdicts"]["partly"] == 1
    kept.remove_run(LOCAL, run)
    assert [line.id for line in kept.runs(LOCAL, made.id)] == [second]
    kept.remove(LOCAL, made.id)
    assert kept.sets(LOCAL) == []
    with pytest.raises(SettingsError, match=run_store.NO_RUN):
        kept.run(LOCAL, second)


def test_nobody_sees_anothers_set(kept: Regression) -> None:
    made = kept.add(ANNE, "甲的", QUESTIONS)
    run = kept.add_run(ANNE, made.id, facts(ANNE.folders), OUTCOMES)
    for visitor in (BO, PARTIAL, Visitor("", Role.TRAINER)):
        assert kept.sets(visitor) == []
        for deed in (kept.get, kept.runs, kept.remove):
            with pytest.raises(SettingsError, match=run_store.NO_SET):
                deed(visitor, made.id)
        for other in (kept.run, kept.remove_run):
            with pytest.raises(SettingsError, match=run_store.NO_RUN):
                other(visitor, run)
        with pytest.raises(SettingsError, match=run_store.NO_SET):
            kept.add_run(visitor, made.id, facts(None), OUTCOMES)
    assert kept.sets(HEAD) == [made] and kept.run(HEAD, run).outcomes == OUTCOMES


def test_a_run_is_hidden_from_who_may_not_read_its_folders_any_more(kept: Regression) -> None:
    made = kept.add(ANNE, "甲的", QUESTIONS)
    narrow = kept.add_run(ANNE, made.id, facts(("人事",)), OUTCOMES)
    wide = kept.add_run(ANNE, made.id, facts(("人事", "财务/2024")), OUTCOMES)
    everything = kept.add_run(ANNE, made.id, facts(None), OUTCOMES)
    assert [line.id for line in kept.runs(ANNE, made.id)] == [narrow, wide]
    moved = Visitor("甲", Role.TRAINER, ("人事",))
    assert [line.id for line in kept.runs(moved, made.id)] == [narrow]
    for run in (wide, everything):
        with pytest.raises(SettingsError, match=run_store.NO_RUN):
            kept.run(moved, run)
    assert [line.id for line in kept.runs(HEAD, made.id)] == [narrow, wide, everything]


def test_there_is_an_end_to_sets_and_runs(kept: Regression, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_store, "SETS_LIMIT", 2)
    monkeypatch.setattr(run_store, "RUNS_LIMIT", 2)
    first = kept.add(ANNE, "一", QUESTIONS)
    kept.add(ANNE, "二", QUESTIONS)
    with pytest.raises(SettingsError, match="已有 2 组") as caught:
        kept.add(ANNE, "三", QUESTIONS)
    assert_one_line(caught.value)
    assert kept.add(BO, "一", QUESTIONS).owner == "乙"
    runs = [kept.add_run(ANNE, first.id, facts(()), OUTCOMES) for _ in range(3)]
    assert [line.id for line in kept.runs(ANNE, first.id)] == runs[1:]


def test_a_foreign_or_damaged_file_is_not_touched(tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite"
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE theirs (x)")
    db.close()
    for content in (file.read_bytes(), b"no database at all" * 100):
        file.write_bytes(content)
        with pytest.raises(StoreError) as caught:
            Regression(file).add(LOCAL, "一", QUESTIONS)
        assert_one_line(caught.value)
        assert file.read_bytes() == content


def test_each_file_of_ours_is_told_apart(tmp_path: Path) -> None:
    """A file given for another by mistake is refused, not filled with tables of two kinds."""
    makers = (history, sessions, kept_module, run_store)
    assert len({maker.APPLICATION for maker in makers}) == len(makers)
    file = tmp_path / "x.sqlite"
    Regression(file).add(ANNE, "一组", QUESTIONS)
    before = file.read_bytes()
    with pytest.raises(StoreError, match="不是本程序的对话记录"):
        kept_module.Conversations(file).keep("甲", "1" * 32, [kept_module.Asked("问")])
    assert file.read_bytes() == before


def test_what_names_people_is_for_the_server_alone(kept: Regression, tmp_path: Path) -> None:
    kept.add(ANNE, "一组", QUESTIONS)
    kept_module.Conversations(tmp_path / "c.sqlite").keep("甲", "1" * 32, [kept_module.Asked("问")])
    files = (tmp_path / "子 文件夹" / "question_sets.sqlite", tmp_path / "c.sqlite")
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600] * 2
