"""Key formulations: which are found, that each place is verbatim, what explains them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.study.formulations.formulations import formulations
from assistant.study.pack import Formulation, FormulationKind
from assistant.study.source.texts import Text
from support.drawing import drawn
from support.studying import MADE, SPEECH, text_in, text_of
from support.work import growth

# Read from the speech before the code was written.
OF_THE_SPEECH = (
    "两个维护 两个确立 四个聚焦 四个意识 四个自信 后半篇文章 以巡促改、以巡促建、以巡促治 七个有之 两个永远在路上 "
    "两面人 拿来主义 回头看 国之大者 敢于亮剑、勤于亮剑 向深拓展、向专发力、向下延伸 标本兼治 一针见血 守正创新 "
    "透过业务看政治、透过现象看本质、透过问题看责任 硬脊梁、铁肩膀、真本事"
).split()


def found(words: str) -> dict[str, Formulation]:
    return {one.text: one for one in formulations([text_of(words)])}


def assert_verbatim(texts: list[Text], all_of: tuple[Formulation, ...]) -> None:
    by_id = {text.record.id: text.text for text in texts}
    for one in all_of:
        assert one.places
        assert {place.text for place in one.places} == {one.text}
        for quote in (*one.places, *one.members, *filter(None, [one.explained])):
            assert by_id[quote.document_id][quote.start : quote.end] == quote.text


def test_the_speech_has_those_of_a_list_made_by_reading_it() -> None:
    texts = [text_in(SPEECH)]
    all_of = formulations(texts)
    assert_verbatim(texts, all_of)
    assert len(OF_THE_SPEECH) == 20
    assert set(OF_THE_SPEECH) - {one.text for one in all_of} == set()
    assert all_of[0].text == "两个维护"
    assert {one.kind for one in all_of} == set(FormulationKind)


def test_all_occurrences_are_places_with_and_without_quotation_marks() -> None:
    one = found("要做好“后半篇文章”。\n抓实后半篇文章，写好「后半篇文章」。")["后半篇文章"]
    assert [place.paragraph for place in one.places] == [1, 2, 2]
    assert one.kind is FormulationKind.QUOTED


@pytest.mark.parametrize("marks", ["“”", "‘’", "「」", "『』", '""'])
def test_words_in_any_quotation_marks(marks: str) -> None:
    assert "最后一公里" in found(f"打通{marks[0]}最后一公里{marks[1]}，方便群众。")


def test_no_titles_no_sentences_no_short_names_no_apps() -> None:
    words = (
        "学习《论党的自我革命》。报告指出：“人民健康是民族昌盛的重要标志，要把保障人民健康放在优先位置。”"
        "按照办法（以下简称“办法规定”）执行，登录“某某通办”小程序办理。把“原规定”修改为“新规定”。"
    )
    texts = found(words)
    assert not {"论党的自我革命", "办法规定", "某某通办", "新规定"} & set(texts)
    assert not any("人民健康" in text for text in texts)


def test_counted_slogans_but_no_plain_counts() -> None:
    words = (
        "要增强四个意识、坚定四个自信、做到两个维护，统筹推进四个全面战略布局，坚持三会一课制度。"
        "对4个单位开展检查，用三个月时间，形成三点意见，走访五个乡镇，完成两个项目，召开三个座谈会，设四个小组。"
    )
    counted = {text for text, one in found(words).items() if one.kind is FormulationKind.NUMBERED}
    assert counted == {"四个意识", "四个自信", "两个维护", "四个全面", "三会一课"}


@pytest.mark.parametrize(
    ("words", "members"),
    [
        ("实现以案促改、以案促建、以案促治。", ["以案促改", "以案促建", "以案促治"]),
        ("一体推进不敢腐、不能腐、不想腐。", ["不敢腐", "不能腐", "不想腐"]),
        ("坚持不敢腐不能腐不想腐一体推进。", ["不敢腐", "不能腐", "不想腐"]),
        ("要讲政治、顾大局、守规矩、重实效。", ["讲政治", "顾大局", "守规矩", "重实效"]),
        ("工作政治性、政策性、专业性强。", ["政治性", "政策性", "专业性"]),
        (
            "以等不起的紧迫感、慢不得的危机感、坐不住的责任感抓项目。",
            ["等不起的紧迫感", "慢不得的危机感", "坐不住的责任感"],
        ),
    ],
)
def test_a_parallel_series_is_one_formulation_with_its_members(words: str, members: list[str]) -> None:
    series = [one for one in formulations([text_of(words)]) if one.kind is FormulationKind.PARALLEL]
    assert [[member.text for member in one.members] for one in series] == [members]


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("他常说，一分耕耘，一分收获。", "一分耕耘，一分收获"),
        ("人心齐，泰山移。", "人心齐，泰山移"),
        ("对拖着办、推着办、绕着办、躲着办的干部要问责。", "拖着办、推着办、绕着办、躲着办"),
        ("坚持德治、法治、自治相结合。", "德治、法治、自治相结合"),
        ("让老人吃得好、睡得香、笑得开心。", "吃得好、睡得香、笑得开心"),
        ("要宣传政策、化解矛盾、服务群众、凝聚人心。", "宣传政策、化解矛盾、服务群众、凝聚人心"),
        ("建设整洁、宁静、友善、安康的新村。", "整洁、宁静、友善、安康"),
        ("坚持统筹兼顾、分类施策的原则。", "统筹兼顾、分类施策"),
        (
            "用脚步丈量民情，用真心温暖民心，用实干赢得大家对村里的信任。",
            "用脚步丈量民情，用真心温暖民心，用实干赢得大家对村里的信任",
        ),
        ("既要抓当下，又要谋长远。", "既要抓当下，又要谋长远"),
        ("一、要坚持谁污染谁治理、谁开发谁保护。", "谁污染谁治理、谁开发谁保护"),
    ],
)
def test_series_are_whole(words: str, whole: str) -> None:
    series = [text for text, one in found(words).items() if one.kind is FormulationKind.PARALLEL]
    assert series == [whole]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("要发扬骆驼精神，落实首问负责制、限时办结制。", {"骆驼精神", "首问负责制", "限时办结制"}),
        ("坚持问题导向，健全工作机制，完善管理制度。", {"问题导向"}),
        ("要锻造忠诚干净担当的队伍。", {"忠诚干净担当"}),
        ("他说：“金杯银杯不如百姓口碑。”", {"金杯银杯不如百姓口碑"}),
    ],
)
def test_names_and_sayings(words: str, names: set[str]) -> None:
    assert set(found(words)) == names


@pytest.mark.parametrize(
    ("words", "half"),
    [
        ("围绕茶叶、毛竹和黑猪发展产业。", "围绕茶叶"),
        ("用行动诠释对党的忠诚。", "诠释对党"),
        ("走特色化、品牌化、规模化之路。", "走特色化"),
        ("他心里的分量有多重，你知道吗。", "量有多重"),
        ("家家户户争当文明户。", "户户争当"),
        ("春季学期将于二月开学。", "学期将于"),
    ],
)
def test_no_halves(words: str, half: str) -> None:
    assert half not in found(words)


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("同志们要围绕发展。要围绕中心、服务大局，推动落实。", "围绕中心、服务大局"),
        ("统筹规划、统一标准，一步一步推进。", "统筹规划、统一标准"),
        ("要依法有序、安全可控地推进。", "依法有序、安全可控"),
        ("讲文明、树新风。", "讲文明、树新风"),
        ("让守信者处处受益、失信者寸步难行。", "让守信者处处受益、失信者寸步难行"),
        ("营造欢乐、祥和、平安的节日氛围。", "欢乐、祥和、平安"),
        ("处理信息坚持合法、必要、适度原则。", "合法、必要、适度"),
        ("不得迟报、漏报、谎报、瞒报。", "迟报、漏报、谎报、瞒报"),
        ("工程应当做到同步设计、同步施工、同步验收。", "同步设计、同步施工、同步验收"),
        ("整改是攻坚战，不是歼灭战；是持久战，不是速决战。", "是攻坚战，不是歼灭战；是持久战，不是速决战"),
        ("道虽迩，不行不至；事虽小，不为不成。", "道虽迩，不行不至；事虽小，不为不成"),
        ("“改不改”、“改什么”、“改得好不好”由群众说了算。", "“改不改”、“改什么”、“改得好不好”"),
    ],
)
def test_pairs_rows_and_couplets_are_one(words: str, whole: str) -> None:
    assert set(found(words)) == {whole}


@pytest.mark.parametrize(
    "words",
    [
        "会议纪要如下。",
        "由此带来不便，敬请谅解。",
        "认清形势，增强紧迫感。",
        "力争撬动社会资本参与建设。",
        "请大家关好阀门，再离开车间。",
        "他去年班列开行时来过。",
        "“11·9”消防宣传日期间开展活动。",
        "出席：韩立新、宋佳音、梁大鹏、吴晓燕。",
        "分为动员部署阶段和整改阶段。",
        "他每天头走一走，看一看。",
    ],
)
def test_words_put_together_once_are_no_formulation(words: str) -> None:
    assert found(words) == {}


def test_latin_terms_have_several_words_and_are_whole_words() -> None:
    words = (
        '"Record" means information. "Vital record" means a record that is needed. The Agency keeps Records.\n'
        "The Chief Records Officer reports. Ask the Chief Records Officer. Staff follow the four-eyes rule.\n"
        'The cycle is "plan, do, check, act". We need fewer forms, fewer meetings and fewer excuses. Recording helps.'
    )
    texts = [text_of(words)]
    all_of = formulations(texts)
    assert_verbatim(texts, all_of)
    assert {one.text for one in all_of} == {
        "Vital record",
        "Chief Records Officer",
        "four-eyes rule",
        "plan, do, check, act",
        "fewer forms, fewer meetings and fewer excuses",
    }


def test_latin_words_do_not_stand_inside_longer_ones() -> None:
    assert len(found('"salami slice" is bad. A salami slicer is no salami slice.')["salami slice"].places) == 2


def test_persons_in_latin_texts_are_no_terms() -> None:
    assert found("Jane Harper leads. Jane Harper can answer. It is the rule.") == {}


def test_what_a_document_turns_against_comes_last() -> None:
    words = "坚决整治“文山会海”。打通“中梗阻”现象，决不能“击鼓传花”。要办好“周三夜话”。"
    assert [one.text for one in formulations([text_of(words)])][0] == "周三夜话"


def test_names_of_spirits_and_systems() -> None:
    words = "弘扬引澜渠精神，锲而不舍落实中央八项规定精神。推行田长制，以钉钉子精神抓落实。"
    assert {"引澜渠精神", "中央八项规定精神", "田长制", "钉钉子精神"} <= set(found(words))


def test_lists_of_plain_words_are_no_series() -> None:
    words = "公安机关、检察机关、审判机关应当配合。各省、自治区、直辖市设立机构。生产、经营、使用单位应当登记。"
    assert found(words) == {}


def test_set_phrases_whole_words_only() -> None:
    words = "反馈要一针见血，整改要举一反三、标本兼治，不能照搬照抄。对吃拿卡要、推诿扯皮的行为露头就打，坚持因地制宜。"
    expected = {"一针见血", "举一反三", "标本兼治", "照搬照抄", "吃拿卡要", "推诿扯皮", "露头就打", "因地制宜"}
    assert set(found(words)) == expected


def test_the_sentence_that_lists_or_characterises_it_explains_it() -> None:
    one = found("要增强“四个意识”。\n“四个意识”是指政治意识、大局意识、核心意识、看齐意识。")["四个意识"]
    assert one.explained is not None and one.explained.paragraph == 2
    assert [member.text for member in one.members] == ["政治意识", "大局意识", "核心意识", "看齐意识"]
    assert found("严防阳奉阴违的“伪忠诚”。")["伪忠诚"].explained is not None
    assert found("要做好“后半篇文章”，压实责任。")["后半篇文章"].explained is None


def test_what_is_in_more_documents_comes_first() -> None:
    texts = [text_of("抓好“回头看”，打通“中梗阻”。", "甲"), text_of("开展“回头看”工作。", "乙")]
    first, second, *_ = formulations(texts)
    assert (first.text, [place.document_id for place in first.places]) == ("回头看", ["甲", "乙"])
    assert second.text == "中梗阻"


def test_only_sentences_that_may_be_used() -> None:
    whole = text_of("抓好“回头看”。做好“后半篇文章”。")
    part = Text(whole.record, whole.text, whole.sections, whole.paragraphs, whole.sentences[1:])
    assert [one.text for one in formulations([part])] == ["后半篇文章"]


@pytest.mark.parametrize("words", ["一句话。", "The committee met. It did not vote.", "甲\t乙\n1\t2\n"])
def test_texts_without_any(words: str) -> None:
    assert formulations([text_of(words)]) == ()


@drawn(60)
@given(st.text(alphabet="以巡促改建治“”、，。两个维护的标本兼治一针见血a1 \n", max_size=120))
@example("“，“")  # quotation marks with nothing in them, the last at the end of the text
def test_every_place_is_verbatim(words: str) -> None:
    texts = [text_of(words)]
    assert_verbatim(texts, formulations(texts))


@pytest.mark.slow
def test_two_hundred_pages_take_seconds() -> None:
    words = "\n".join(file.read_text(encoding="utf-8") for file in [SPEECH, *MADE])
    assert formulations([text_of((words + "\n") * (200_000 // len(words) + 1))])
    assert growth(lambda size: formulations([text_of((words * 9)[:size])]), 20_000) < 2.5
