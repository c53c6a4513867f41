"""Questions of study packs: made from the source, understood alone, and faultless by a check of its own."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import islice

import pytest

from assistant.language.glossary import Glossary, load_glossary
from assistant.study.formulations.formulations import formulations
from assistant.study.pack import BLANK, DEFAULT_COUNTS, LETTERS, RIGHT, WRONG, Brief, Item, ItemKind
from assistant.study.paper.assembly import choose
from assistant.study.questions.items import candidates
from assistant.study.source.texts import Text
from support.papers import faults
from support.paths import ROOT, SHARED_DATA
from support.study_texts import MADE, SPEECH, text_in, text_of

LAWS = ("劳动合同法", "消费者权益保护法", "未成年人保护法", "食品安全法")
NO_FRAME = (ItemKind.FILL, ItemKind.SINGLE, ItemKind.JUDGE)
POINTING = re.compile("这[个些种一]|上述|前款|下列条件|他们|此类|该办法")
ENGLISH = """Staff Travel Rules
Every traveller must file a report within 30 days of the end of a journey. The finance office shall pay back
costs within 14 days of receiving the report. Hotel costs may not exceed 120 euros a night in large cities.
Managers must approve journeys longer than 5 days before any booking is made.
"""
TABLE = "项目 | 数量 | 单位\n路灯 | 120 | 盏\n井盖 | 46 | 个\n"
ONE_PARAGRAPH = (
    "全县今年计划新建农村公路86公里，改造危桥12座，完成投资3.4亿元。县交通运输局负责项目实施，"
    "县财政局要在6月底前拨付首批资金。要坚持“四个到位”，做到规划先行、质量优先、群众满意、管护及时。"
)


@cache
def speech() -> Text:
    return text_in(SPEECH)


def paper(texts: Sequence[Text], seed: int, glossary: Glossary | None = None) -> tuple[Item, ...]:
    return choose(candidates(texts, formulations(texts), seed, glossary), Brief(seed=seed))[0]


def of(kind: ItemKind, *texts: Text) -> list[Item]:
    return [item for item in candidates(texts, formulations(texts), 1) if item.kind is kind]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 21))
def test_forty_questions_on_the_speech_without_a_fault(seed: int) -> None:
    items = paper([speech()], seed, load_glossary(ROOT / "corpus"))
    assert faults(items, [speech()]) == []
    assert Counter(item.kind for item in items) == DEFAULT_COUNTS


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_made_documents_without_a_fault(seed: int) -> None:
    texts = [text_in(file) for file in sorted(MADE.glob("*.txt"))]
    items = paper(texts, seed)
    assert faults(items, texts) == []
    assert len(items) >= 36
    assert len({item.source.document_id for item in items}) == len(texts)
    assert all(item.source.document in item.stem or "各份文件" in item.stem for item in items)


@pytest.mark.slow
@pytest.mark.parametrize(
    "file", sorted((ROOT / "training" / "questions").glob("[lm]*/*.txt")), ids=lambda f: f.stem[:8]
)
def test_each_document_alone_without_a_fault(file: object) -> None:
    text = text_in(file)  # type: ignore[arg-type]
    items = paper([text], 1)
    assert faults(items, [text]) == []
    assert len(items) >= 13


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_laws_without_a_fault(seed: int) -> None:
    if not (SHARED_DATA / "stard").is_dir():
        pytest.skip("../shared/data is not here")
    from training.laws import read_laws

    laws = read_laws(SHARED_DATA)
    texts = [text_of("\n".join(words for _, words in laws[name]) + "\n", name) for name in LAWS]
    items = paper(texts, seed)
    assert faults(items, texts) == []
    assert len(items) >= 37


def test_stems_point_at_nothing_outside_them() -> None:
    texts = [speech(), *(text_in(file) for file in sorted(MADE.glob("*.txt")))]
    stems = [item.stem for item in candidates(texts, (), 3) if item.kind in NO_FRAME]
    assert len(stems) > 500
    assert [stem for stem in stems if POINTING.search(stem)] == []


def test_the_same_seed_makes_the_same_questions_and_another_others() -> None:
    first, again, other = (paper([speech()], seed) for seed in (5, 5, 6))
    assert first == again
    assert [item.id for item in first] != [item.id for item in other]
    assert len({item.id for item in first}) == len(first)


def test_a_term_in_quotation_marks_is_left_out() -> None:
    text = text_of("要突出重点，紧扣“四个聚焦”，把政治体检贯穿工作全过程。\n")
    [item] = [item for item in of(ItemKind.FILL, text) if item.answer == ("四个聚焦",)]
    assert item.stem == f"要突出重点，紧扣“{BLANK}”，把政治体检贯穿工作全过程。"
    assert item.tested == (("文件", 9, 13),)
    assert item.source.text == text.text.strip()


def test_a_number_among_other_numbers() -> None:
    text = text_of("经市委批准，本轮巡视将对4个单位开展常规巡视。\n")
    [item] = of(ItemKind.SINGLE, text)
    assert item.stem == "经市委批准，本轮巡视将对（　）个单位开展常规巡视。"
    assert item.options[LETTERS.index(item.answer[0])] == "4"
    assert len(set(item.options)) == 4
    assert list(item.options) == sorted(item.options, key=int)


def test_a_limit_is_made_stricter_never_looser() -> None:
    text = text_of("租赁合同一年一签，累计租期不超过三年。全年新增贷款不少于50亿元。材料须在6月底前报送市委办公室。\n")
    false = [item.stem for item in of(ItemKind.JUDGE, text) if item.answer == (WRONG,)]
    years = [stem for stem in false if "累计租期不超过" in stem]
    loans = [stem for stem in false if "不少于" in stem]
    days = [stem for stem in false if "底前" in stem]
    assert years
    assert all(re.search("不超过[一两]年", stem) for stem in years)
    assert loans
    assert all(int(stem.split("不少于")[1].split("亿")[0]) > 50 for stem in loans)
    assert days
    assert all(int(re.search("([0-9]+)月", stem)[1]) < 6 for stem in days)  # type: ignore[index]


def test_two_things_that_change_places() -> None:
    text = text_of("发现问题是巡视巡察工作的生命线，推动解决问题是巡视巡察工作的落脚点。\n")
    false = {item.stem: item.note for item in of(ItemKind.JUDGE, text) if item.answer == (WRONG,)}
    assert (
        false["发现问题是巡视巡察工作的落脚点，推动解决问题是巡视巡察工作的生命线。"] == f"原文是：{text.text.strip()}"
    )


def test_the_points_of_the_speech_in_their_order_without_their_marks() -> None:
    [item] = [item for item in of(ItemKind.ORDER, speech()) if "部分" not in item.stem]
    shown = [item.options[LETTERS.index(letter)] for letter in item.answer]
    assert [words[:8] for words in shown] == ["始终聚焦“两个维", "紧扣巡视重点任务", "带头发扬自我革命"]
    assert item.answer != ("A", "B", "C")


def test_a_list_of_an_article() -> None:
    words = (
        "第一条　有下列情形之一的，可以解除合同：\n（一）在试用期间不符合条件的；\n"
        "（二）严重违反规章制度的；\n（三）被依法追究责任的。\n"
        "第二条　有下列情形之一的，合同终止：\n（一）合同期满的；\n（二）单位被宣告破产的；\n（三）当事人死亡的。\n"
    )
    items = [
        item
        for item in of(ItemKind.MULTIPLE, text_of(words))
        if item.stem.startswith("有下列情形之一的，可以解除合同：")
    ]
    assert items
    right = {items[0].options[LETTERS.index(letter)] for letter in items[0].answer}
    assert right == {"在试用期间不符合条件的", "严重违反规章制度的", "被依法追究责任的"}
    [short] = [item for item in of(ItemKind.SHORT, text_of(words)) if "解除合同" in item.stem]
    assert short.answer == ("在试用期间不符合条件的", "严重违反规章制度的", "被依法追究责任的")


def test_words_that_mean_the_same_are_no_wrong_option() -> None:
    words = "".join(
        f"要抓好工作，紧扣“四个{word}”，把要求贯穿全过程。\n" for word in ("聚焦", "自信", "意识", "服从", "善于")
    )
    text = text_of(words)
    same = Glossary((("四个聚焦", "四个自信"),))
    for item in candidates([text], (), 1, same):
        if item.kind is ItemKind.SINGLE:
            assert not {"四个聚焦", "四个自信"} <= set(item.options)


@pytest.mark.parametrize(
    ("words", "least"), [(ENGLISH, 3), (TABLE, 0), (ONE_PARAGRAPH, 3), ("", 0), ("通知\n", 0), ("，。；：\n“”\n", 0)]
)
def test_documents_of_other_shapes(words: str, least: int) -> None:
    text = text_of(words)
    items, notes = choose(candidates([text], formulations([text]), 1), Brief())
    assert faults(items, [text]) == []
    assert len(items) >= least
    wanted = sum(DEFAULT_COUNTS.values())
    assert bool(notes) == (len(items) < wanted)


def test_true_and_false_are_about_as_many() -> None:
    judged = [item.answer for item in paper([speech()], 4) if item.kind is ItemKind.JUDGE]
    assert len(judged) >= 8
    assert 4 <= judged.count((RIGHT,)) <= 6


def test_a_long_document_yields_some_hundreds_of_each_kind() -> None:
    words = "".join(
        f"第{n}项工作由第{n}小组负责，投入资金{n * 7 + 3}万元，{n % 12 + 1}月底前完成。"
        f"全年培训{n + 11}人次，覆盖{n * 3 + 2}个村。\n"
        for n in range(3, 1500)
    )
    found = list(islice(candidates([text_of(words)], (), 1), 5000))
    assert 400 <= len(found) <= 2800


def test_a_body_that_may_be_among_another_is_no_wrong_option() -> None:
    bodies = ("用人单位", "劳务派遣单位", "人民法院", "公安机关", "有关机关", "食品经营者", "税务部门", "财政部门")
    tasks = (
        "按时支付报酬",
        "及时报告情况",
        "依法受理申请",
        "维护治安秩序",
        "公布有关信息",
        "记录进货情况",
        "核定税额",
        "拨付补助资金",
    )
    words = "".join(f"{body}应当{task}，并在规定期限内存档备查。\n" for body, task in zip(bodies, tasks, strict=True))
    single = [item for item in of(ItemKind.SINGLE, text_of(words)) if "应当" in item.stem]
    assert any("人民法院" in item.options for item in single)
    for item in single:
        right = item.options[LETTERS.index(item.answer[0])]
        if right in ("用人单位", "劳务派遣单位"):
            assert not {"用人单位", "劳务派遣单位"} <= set(item.options)
        if right in ("公安机关", "有关机关"):
            assert not {"公安机关", "有关机关"} <= set(item.options)
