"""Whether the source proves a question: what is wrong in any way is not proved."""

from dataclasses import replace

import pytest

from assistant.language.glossary import Glossary
from assistant.study.pack import LETTERS, RIGHT, WRONG, Item, ItemKind
from assistant.study.questions.items import candidates
from assistant.study.questions.verification import proves
from support.study_texts import text_of

WORDS = (
    "第一，提高站位。首先要深入学习上级文件和讲话精神。其次，坚持群众路线是做好工作的根本遵循。"
    "最后，落实责任、抓好整改、务求实效。\n"
    "第二，严守纪律。要紧扣“四个聚焦”，把监督贯穿工作全过程。要切实增强“四个意识”，坚定“四个自信”。"
    "各组要落实“两个责任”，做到令行禁止。全体人员要牢记“三个务必”，不负群众期望。\n"
    "第三，务求实效。本轮检查将对4个单位开展常规检查，为期三个月。"
    "在堵塞漏洞、源头治理、推动改革、促进发展等方面取得实效。\n"
    "要更新工作理念、创新工作方法、增强斗争本领，坚持问题导向。"
    "要着力规范决策、完善政策、健全制度、理顺体制，提高治理水平。\n"
)
TEXT = text_of(WORDS)


def one(kind: ItemKind, answer: tuple[str, ...] | None = None) -> Item:
    return next(i for i in candidates([TEXT], (), 1) if i.kind is kind and answer in (None, i.answer))


@pytest.mark.parametrize("kind", [kind for kind in ItemKind if kind is not ItemKind.DISCUSS])
def test_what_is_made_is_proved(kind: ItemKind) -> None:
    assert proves(one(kind), [TEXT])


@pytest.mark.parametrize("kind", list(ItemKind))
def test_a_quote_that_is_not_there(kind: ItemKind) -> None:
    found = [item for item in candidates([TEXT], (), 1) if item.kind is kind]
    for item in found[:3]:
        moved = replace(item.source, start=item.source.start + 1, end=item.source.end + 1)
        assert not proves(replace(item, source=moved), [TEXT])
        assert not proves(replace(item, source=replace(item.source, document_id="andere")), [TEXT])


def test_another_answer_of_a_blank() -> None:
    item = one(ItemKind.FILL)
    assert not proves(replace(item, answer=("别的词",)), [TEXT])
    identity, start, end = item.tested[0]
    assert not proves(replace(item, tested=((identity, start + 1, end + 1), *item.tested[1:])), [TEXT])


def test_an_answer_that_its_stem_tells() -> None:
    text = text_of("要紧扣“四个聚焦”开展监督，以四个聚焦检验工作成效。\n")
    item = next((i for i in candidates([text], (), 1) if "四个聚焦" in i.answer), None)
    assert item is None
    told = replace(one(ItemKind.FILL), stem="要紧扣“____”开展监督，以四个聚焦检验工作成效。", answer=("四个聚焦",))
    told = replace(told, source=text.quote(0, len(text.text) - 1), tested=((text.record.id, 4, 8),))
    assert not proves(told, [text])


def test_a_blank_that_other_words_fit_elsewhere() -> None:
    text = text_of("各级各部门要切实增强“四个意识”并落到实处。各单位也要切实增强“四个本领”并落到实处。\n")
    assert [i for i in candidates([text], (), 1) if i.kind is ItemKind.FILL and "四个意识" in i.answer] == []


def test_another_letter() -> None:
    item = one(ItemKind.SINGLE)
    others = [letter for letter in LETTERS[:4] if letter != item.answer[0]]
    assert not any(proves(replace(item, answer=(letter,)), [TEXT]) for letter in others)


def test_a_wrong_option_that_is_said_elsewhere() -> None:
    item = next(i for i in candidates([TEXT], (), 1) if i.kind is ItemKind.SINGLE and "个单位" in i.stem)
    wrong = next(option for option in item.options if option != "4")
    said = text_of(item.stem.replace("（　）", wrong) + "\n", "另一份")
    assert proves(item, [TEXT])
    assert not proves(item, [TEXT, said])


def test_a_wrong_option_that_means_the_same() -> None:
    item = next(i for i in candidates([TEXT], (), 1) if i.kind is ItemKind.SINGLE and "完善政策" in i.options)
    right = item.options[LETTERS.index(item.answer[0])]
    wrong = next(option for option in item.options if option != right)
    assert not proves(item, [TEXT], Glossary(((right, wrong),)))


def test_a_right_option_left_out_of_the_key() -> None:
    item = next(i for i in candidates([TEXT], (), 1) if i.kind is ItemKind.MULTIPLE)
    assert not proves(replace(item, answer=item.answer[:-1]), [TEXT])
    assert not proves(replace(item, answer=tuple(LETTERS[: len(item.options)])), [TEXT])


def test_a_changed_statement_that_is_said_after_all() -> None:
    item = one(ItemKind.JUDGE, (WRONG,))
    assert proves(item, [TEXT])
    assert not proves(item, [TEXT, text_of(item.stem + "\n", "另一份")])
    assert not proves(replace(item, answer=(RIGHT,)), [TEXT])
    assert not proves(replace(item, stem="没有这样的话。"), [TEXT])


def test_a_true_statement_called_wrong() -> None:
    assert not proves(replace(one(ItemKind.JUDGE, (RIGHT,)), answer=(WRONG,)), [TEXT])


def test_another_order() -> None:
    item = one(ItemKind.ORDER)
    assert not proves(replace(item, answer=item.answer[::-1]), [TEXT])


def test_marks_that_are_not_quotes() -> None:
    item = one(ItemKind.SHORT)
    assert not proves(replace(item, answer=("自己的话", *item.answer[1:])), [TEXT])
