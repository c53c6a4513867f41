"""Remarks on wording: what stands out is found, what is right is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.study.pack import Remark, RemarkKind
from assistant.study.proofreading.remarks import remarks
from support.drawing import drawn
from support.paths import SHARED_DATA
from support.studying import MADE, SPEECH, text_in, text_of
from training.laws import read_laws


def of_kind(words: str, kind: RemarkKind) -> list[Remark]:
    return [one for one in remarks([text_of(words)]) if one.kind is kind]


def quoted(words: str, kind: RemarkKind) -> list[list[str]]:
    return [[place.text for place in one.places] for one in of_kind(words, kind)]


def test_the_speech() -> None:
    found = remarks([text_in(SPEECH)])
    assert [one.kind for one in found] == [RemarkKind.DOUBLED, RemarkKind.VARIANT, RemarkKind.MISSING]
    doubled, variant, missing = found
    assert "要要提高" in doubled.places[0].text
    assert variant.note == "同样的话里写法不一：“巡视”（55处）、“巡察”（31处）、“巡查”（1处）（原文如此）"
    assert {"督促被巡视党组织", "督促被巡察党组织", "督促被巡查党组"} <= {place.text for place in variant.places}
    assert (missing.places[0].text, missing.note) == (
        "被巡查党组",
        "别处写作“被巡视党组织”（5处），此处没有“织”字（原文如此）",
    )


def test_variants_are_found_by_what_stands_around_them() -> None:
    words = "用户登录系统后修改密码，用户登陆系统后核对信息。未登录系统的补办，未登陆系统的通报。"
    assert quoted(words, RemarkKind.VARIANT) == [["用户登录系统后", "用户登陆系统后", "未登录系统的", "未登陆系统的"]]


def test_two_things_beside_each_other_are_no_variants() -> None:
    words = "证券的代销和包销应当公告，证券的代销和包销应当登记，证券的代销和包销应当备案。"
    assert of_kind(words, RemarkKind.VARIANT) == []


def test_variant_spellings_of_the_national_list() -> None:
    (found,) = of_kind("核对账户余额，变更账户信息，注销帐户。", RemarkKind.VARIANT)
    assert found.note == "同样的话里写法不一：“账户”（2处）、“帐户”（1处）（原文如此）"
    assert of_kind("搭建帐篷，核对账户。身分不明。", RemarkKind.VARIANT) == []


def test_a_character_that_everywhere_else_stands_between() -> None:
    others = "推动全面从严治党向纵深发展。坚持全面从严治党向基层延伸。推进全面从严治党向一线覆盖。"
    (found,) = of_kind(others + "深化全面从治党向末端发力。", RemarkKind.MISSING)
    assert (found.places[0].text, found.note) == (
        "全面从治党向",
        "别处写作“全面从严治党向”（3处），此处没有“严”字（原文如此）",
    )
    whole = "财政部门的规定应当公布，财政部门的规定应当执行，财政部门的规定应当备案。"
    assert of_kind(whole + "按照财政部的规定执行。", RemarkKind.MISSING) == []


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("推进高质量发展，实现高质量发展，迈向高质量发发展。", "高质量发发展"),
        ("各部门要要加强管理。", "要要加强"),
        ("要推动推动工作落实。", "推动推动"),
        ("这一点很重要，，请注意。", "，，"),
        ("以的的名义办理。", "的的"),
        ("高质量发展是任务，推动高质量发展，抓好高质量量发展。", "高质量量发展"),
    ],
)
def test_doubled(words: str, place: str) -> None:
    ((found,),) = quoted(words, RemarkKind.DOUBLED)
    assert place in found


@pytest.mark.parametrize(
    "words",
    [
        "天天抓、一件一件抓，一个问题一个问题解决，的的确确有效。",
        "主要要求如下，目的的确立很重要，可以以合理价格出售，认为为时已晚。",
        "实实在在做事，研究研究再说，大大方方。法律、法规规定的，本法规定的，依照本法规定的其他情形。",
        "想想办法，研究研究，常常看看，件件有着落。",
        "人民民主专政，发展展览业，有限公司公司章程，地下水水资源税。",
        "好……就这样。——完。",
    ],
)
def test_what_chinese_doubles_is_left_alone(words: str) -> None:
    assert of_kind(words * 3, RemarkKind.DOUBLED) == []


@pytest.mark.parametrize(
    ("words", "place", "mark"),
    [
        ("附件（见表一。\n第二段。", "附件（见表一", "“（”没有与之成对的“）”（原文如此）"),
        ("坚持“安全第一的方针。", "坚持“安全第", "““”没有与之成对的“””（原文如此）"),
        ("按照办法》执行。", "按照办法》执行", "“》”没有与之成对的“《”（原文如此）"),
    ],
)
def test_unpaired(words: str, place: str, mark: str) -> None:
    (found,) = of_kind(words, RemarkKind.UNPAIRED)
    assert place in found.places[0].text
    assert found.note == mark


@pytest.mark.parametrize(
    "words",
    [
        "1）检查；2）整改；a) one; (b) two.",
        "他说：“第一段。\n“第二段。\n“第三段。”",
        "（一）总则(含附则）。\n修改为：“第一条　为了规范管理。\n第二条　本办法适用于本市。”",
        "It's the staff's duty, they didn't know. :)",
    ],
)
def test_pairs_items_and_long_quotations_are_left_alone(words: str) -> None:
    assert of_kind(words, RemarkKind.UNPAIRED) == []


def test_made_documents_have_none() -> None:
    assert [remarks([text_in(file)]) for file in MADE] == [()] * len(MADE)
    assert len(MADE) == 6


@pytest.mark.skipif(not (SHARED_DATA / "stard").is_dir(), reason="needs ../shared/data")
def test_four_laws_have_none() -> None:
    laws = read_laws(SHARED_DATA)
    names = sorted(laws, key=lambda name: -len(laws[name]))[20:24]
    texts = [text_of("\n".join(words for _, words in laws[name]), name) for name in names]
    assert sum(len(text.text) for text in texts) > 50_000
    assert remarks(texts) == ()


@drawn(60)
@given(st.text(alphabet="各巡视察查组要的了“”（）《》，。、登录登陆系统用户 \n1)", max_size=120))
def test_every_place_is_verbatim(words: str) -> None:
    for remark in remarks([text_of(words)]):
        assert remark.places and remark.note.endswith("（原文如此）")
        for place in remark.places:
            assert words[place.start : place.end] == place.text
