"""Stems stand alone, papers are varied and keep to what was chosen, and other facts than figures are asked."""

from collections import Counter
from dataclasses import replace

import pytest

from assistant.study.pack import BLANK, Brief, Difficulty, Item, ItemKind
from assistant.study.paper.assembly import choose
from assistant.study.questions.items import candidates
from assistant.study.session.flashcards import cards
from assistant.study.session.plan import followed, plan
from assistant.study.source.texts import Text
from support.papers import faults
from support.study_texts import text_of

NOTICE = """关于做好窗口服务的通知
一、服务要求
办事窗口应当公布监督电话12388，实行首问责任制度。
工作人员应当在15个工作日内向市政务服务局报告办理结果。
群众满意率要达到95%以上。
窗口人员要仪容整洁，不得擅自离岗。
每个窗口每季度开展业务培训不少于2次。
二、办理流程
第一步，受理登记，核对材料。第二步，实地核查，形成意见。第三步，集体研究，作出决定。
三、其他事项
集中办理阶段（5月20日至5月31日）。
由市政务服务局牵头，市财政局配合，9月底前全部完成。
以后每半年通报一次情况，连续2次排名末位的予以约谈。
可以通过网上平台申请，也可以拨打热线电话申请，受理时间为8小时。
"""


def fills(words: str) -> dict[str, str]:
    return {item.stem: item.answer[0] for item in candidates([text_of(words)], (), 1) if item.kind is ItemKind.FILL}


@pytest.mark.parametrize(
    ("stem", "answer"),
    [
        ("办事窗口应当公布监督电话____，实行首问责任制度。", "12388"),
        ("群众满意率要达到____%以上。", "95"),
        ("工作人员应当在15个工作日内向____报告办理结果。", "市政务服务局"),
        ("窗口人员要仪容整洁，不得____。", "擅自离岗"),
        ("每个窗口每____开展业务培训不少于2次。", "季度"),
    ],
)
def test_facts_that_fill_in_questions_ask_for(stem: str, answer: str) -> None:
    assert fills(NOTICE)[stem] == answer


def test_no_stem_goes_on_from_a_sentence_before_or_says_nothing() -> None:
    stems = [item.stem for item in candidates([text_of(NOTICE)], (), 1) if item.kind is not ItemKind.SHORT]
    assert len(stems) >= 18
    assert not any(words in stem for stem in stems for words in ("牵头", "半年", "集中办理阶段", "网上平台"))


def test_counted_steps_are_put_in_order() -> None:
    [order] = [item for item in candidates([text_of(NOTICE)], (), 1) if item.kind is ItemKind.ORDER]
    shown = [order.options["ABC".index(letter)] for letter in order.answer]
    assert shown == ["受理登记，核对材料", "实地核查，形成意见", "集体研究，作出决定"]


def test_what_was_not_chosen_is_in_no_question() -> None:
    text = text_of(NOTICE)
    end = text.text.index("二、办理流程")
    some = replace(text, sentences=tuple(one for one in text.sentences if one.end <= end))
    found = list(candidates([some], (), 1))
    assert found
    assert all(quote.end <= end for item in found for quote in (item.source, *item.further))


def test_one_wording_fills_no_paper() -> None:
    tasks = {
        "河道清淤": "水务",
        "山林防火": "林业",
        "公厕改造": "城管",
        "助学贷款": "教育",
        "冬季供暖": "住建",
        "农机年检": "农业",
    }
    alike = "".join(f"全市今年的{task}由市{name}局牵头组织实施。\n" for task, name in tasks.items())
    others = (
        "全市今年改造老旧小区46个。\n办事大厅实行“一窗受理”服务。\n企业开办时间压缩至3个工作日以内。\n"
        "群众来信应当在15日内办结答复。\n工作人员要在6月底前完成轮训。\n"
    )
    text = text_of(alike + others)
    items = choose(candidates([text], (), 1), Brief(counts={ItemKind.FILL: 6}))[0]
    assert len(items) == 6
    assert sum("牵头" in item.stem for item in items) <= 2
    assert sum("牵头" in card.front for card in cards((), list(candidates([text], (), 1)))) == 2


def test_another_difficulty_is_said() -> None:
    text = text_of("全市今年改造老旧小区46个。\n")
    items, notes = choose(candidates([text], (), 1), Brief(counts={ItemKind.FILL: 1}, difficulty=Difficulty.HARD))
    assert [item.difficulty for item in items] == [Difficulty.MEDIUM]
    assert notes == ("要的难度程序出不了这么多题，这些题是别的难度：填空题 1 道。",)


def test_thin_material_is_shared_among_the_kinds() -> None:
    text = text_of(NOTICE)
    items = choose(candidates([text], (), 1), Brief())[0]
    have = Counter(item.kind for item in items)
    assert faults(items, [text]) == []
    assert all(have[kind] >= 1 for kind in (ItemKind.FILL, ItemKind.SINGLE, ItemKind.JUDGE, ItemKind.ORDER))


def test_a_plan_follows_the_paper() -> None:
    text: Text = text_of(NOTICE)
    items = list(choose(candidates([text], (), 1), Brief())[0])
    steps = plan([text], items, Brief())
    asked: list[Item] = [item for item in items if item.kind is not ItemKind.DISCUSS]
    now = followed(steps, [replace(asked[0], id="new"), *asked[1:-1]])
    [quiz] = [step for step in now if step.name == "测验"]
    assert quiz.items == ("new", *(item.id for item in asked[1:-1]))
    assert f"完成 {len(asked) - 1} 道题" in quiz.what
    assert [step for step in now if step.name == "精读"] == [step for step in steps if step.name == "精读"]


def test_cards_are_of_one_gap_each() -> None:
    made = cards((), list(candidates([text_of(NOTICE)], (), 1)))
    assert len(made) >= 6
    assert all(card.front.count("（　）") == 1 and BLANK not in card.front for card in made if card.back in NOTICE)
