"""How strong the evidence is, in words."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering.answer import Status
from assistant.answering.confidence import MEANING, Strength, strength
from assistant.answering.service import Service
from assistant.base.settings import Settings
from support.pages import answer, citation
from support.paths import ROOT


@pytest.mark.parametrize(
    ("likely", "said"),
    [
        (0.97, Strength.STRONG),
        (0.9, Strength.STRONG),
        (0.89, Strength.FAIR),
        (0.7, Strength.FAIR),
        (0.5, Strength.WEAK),
    ],
)
def test_each_band_has_its_words(likely: float, said: Strength) -> None:
    given = replace(answer(Status.ANSWERED, "答", citation(1, "甲")), likely=likely)
    assert strength(given) is said
    for status in (Status.MENTIONED, Status.NOT_FOUND):
        assert strength(replace(given, status=status)) is None
    assert strength(replace(given, citations=())) is None


def test_what_was_not_judged_has_no_strength_unless_its_place_was_asked_for() -> None:
    given = answer(Status.ANSWERED, "答", citation(1, "甲"))
    assert strength(given) is None
    assert strength(replace(given, placed=True)) is Strength.PLACED


def test_each_strength_is_explained() -> None:
    assert set(MEANING) == set(Strength)


def test_answers_know_their_strength(tmp_path: Path) -> None:
    service = Service(Settings(corpus=ROOT / "corpus", index=tmp_path / "index"))
    service.ensure()
    found, placed = service.ask("政治巡察的根本任务是什么"), service.ask("第二点讲了什么")
    assert found.likely is not None and found.likely >= service.settings.answer_threshold
    assert strength(found) is Strength.STRONG
    assert (placed.likely, strength(placed)) == (None, Strength.PLACED)
    assert service.ask("火星上有多少只企鹅").likely is None
