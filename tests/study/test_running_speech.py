"""Outlines of running text: series inside paragraphs, by-lines, commentaries, numbers inside a line."""

import random

import pytest

from assistant.study.export.mindmap import mindmap
from assistant.study.outline.enumerations import mark_of
from assistant.study.outline.outline import outlines
from support.outlines import page, tree
from support.study_texts import points_in, text_of
from support.work import growth

SPEECH = """在年轻干部培训班上的讲话
（2024年3月5日）
市委副书记 陈国栋
同志们：
年轻干部是事业的希望，市委对培训班专门作了研究。
干部成长，一要信念坚定，经常对照检视。理想动摇了，其他都会动摇。二要本领过硬，向群众学习。三要作风务实，多到一线去。
当前，干部队伍总体是好的。有乡镇工作经历的不到四成，必须尽快改变。
关于这期培训，我再提两点要求。一是静下心来学，手机统一保管。二是带着问题学，每人提交一份报告。
希望大家珍惜机会，学有所成。
"""


def test_series_stand_beside_the_other_paragraphs_under_what_leads_them_in() -> None:
    assert tree(SPEECH) == [
        "年轻干部是事业的希望，市委对培训班专门作了研究",
        (
            "干部成长",
            [
                ("一要信念坚定，经常对照检视", ["理想动摇了，其他都会动摇"]),
                "二要本领过硬，向群众学习",
                "三要作风务实，多到一线去",
            ],
        ),
        ("当前，干部队伍总体是好的", ["有乡镇工作经历的不到四成，必须尽快改变"]),
        (
            "关于这期培训，我再提两点要求",
            ["一是|静下心来学，手机统一保管", "二是|带着问题学，每人提交一份报告"],
        ),
    ]


@pytest.mark.parametrize(
    ("words", "members"),
    [
        (
            "稳定生产，一靠政策，补贴到户。标准不变。二靠科技，农技员包村。",
            ["一靠政策，补贴到户", "二靠科技，农技员包村"],
        ),
        ("稳定生产，一抓源头，二促保障，三强管理。", ["一抓源头", "二促保障", "三强管理"]),
        ("稳定生产。一方面，土地要复耕。另一方面，大户要贴息。", ["一方面|土地要复耕", "另一方面|大户要贴息"]),
        ("稳定生产。其一，及时办理；其二，包案化解。", ["其一|及时办理", "其二|包案化解"]),
        (
            "稳定生产，第一个环节是评估，不评不上会。第二个环节是公开，全部张榜。",
            ["第一个环节是评估，不评不上会", "第二个环节是公开，全部张榜"],
        ),
        ("稳定生产分两步：第一步，街道初审；第二步，区局复审。", ["第一步|街道初审", "第二步|区局复审"]),
        ("稳定生产坚持：①就近原则；②公益原则。", ["①|就近原则", "②|公益原则"]),
        ("稳定生产如下：（一）县道由县管；（二）乡道由乡管。", ["（一）|县道由县管", "（二）|乡道由乡管"]),
        ("稳定生产如下：1.带班不得离市。2.值班不得换班。", ["1.|带班不得离市", "2.|值班不得换班"]),
        ("稳定生产如下：1）变更登记；2）延续许可。", ["1）|变更登记", "2）|延续许可"]),
        ("稳定生产如下：一、按需取餐。二、相互监督。", ["一、|按需取餐", "二、|相互监督"]),
        (
            "Rules matter. First, plans are written. Finally, they are read.",
            ["First|plans are written", "Finally|they are read"],
        ),
    ],
)
def test_members_of_a_series_inside_a_paragraph_are_all_points(words: str, members: list[str]) -> None:
    found = tree(f"去年的粮食喜获丰收。\n{words}\n各单位每月通报一次进度。\n")
    assert [one if isinstance(one, str) else one[0] for one in found[1][1]] == members
    assert len(found) == 3


@pytest.mark.parametrize(
    "words", ["一带一路", "一直努力", "一季度", "一些地方", "第一季度，", "2.5万元", "一、二孩", "一一", "一经发现"]
)
def test_words_that_do_not_count_are_no_marks(words: str) -> None:
    assert mark_of(words) is None


def test_what_stands_behind_a_series_within_a_sentence_is_no_part_of_its_last_member() -> None:
    text = "须提交下列材料：（1）身份证；（2）收入证明。材料不全的，窗口一次告知。\n办理不收费用。\n"
    assert tree(text)[0] == ("须提交下列材料", ["（1）|身份证", "（2）|收入证明", "材料不全的，窗口一次告知"])


def test_a_series_over_paragraphs_stands_under_the_one_that_leads_it_in() -> None:
    text = (
        "民营经济是生力军。\n支持企业，一是让利，二是放权。\n我对企业家提两点希望。\n一要坚守主业。\n二要守法经营。\n"
        "金融机构要及时放贷。\n"
    )
    assert tree(text) == [
        "民营经济是生力军",
        ("支持企业", ["一是|让利", "二是|放权"]),
        ("我对企业家提两点希望", ["一要坚守主业", "二要守法经营"]),
        "金融机构要及时放贷",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "——一论大力弘扬实干精神",
        "《江城日报》评论员",
        "县财政局办公室",
        "本报记者 李小兰 通讯员 王建国",
        "2024年5月6日",
        "（2024年3月5日）",
        "送审稿",
        "市长 李国强",
    ],
)
@pytest.mark.parametrize("markdown", [False, True])
def test_who_wrote_it_and_when_is_no_heading(line: str, markdown: bool) -> None:
    title = "# 以实干推动发展" if markdown else "以实干推动发展"
    text = f"{title}\n{line}\n实干要知责。责任要扛在肩上。\n实干要有为。\n实干要久久为功。\n"
    assert tree(text, markdown) == [
        ("实干要知责", ["责任要扛在肩上"]),
        "实干要有为",
        "实干要久久为功",
    ]


def test_a_heading_below_the_names_stays_where_others_follow() -> None:
    text = "用车办法\n县财政局\n用车\n车辆应当登记。\n停放\n车辆应当入库。\n"
    assert tree(text) == [("用车", ["车辆应当登记"]), ("停放", ["车辆应当入库"])]


def test_a_commentary_is_told_by_the_heads_of_its_paragraphs() -> None:
    text = (
        "做好工作，靠的是人。\n行百里者半九十。弘扬实干精神，贵在知责。每个岗位都有责任，领导干部必须扛在肩上。\n"
        "弘扬实干精神，重在有为。干部要沉到一线解决难题。\n弘扬实干精神，成在长久。要一茬接着一茬干。\n"
    )
    heads = ["做好工作，靠的是人", *(f"弘扬实干精神，{one}" for one in ("贵在知责", "重在有为", "成在长久"))]
    assert [one if isinstance(one, str) else one[0] for one in tree(text)] == heads
    assert page(text) == heads


def test_who_is_responsible_is_no_point() -> None:
    text = (
        "一、任务\n（一）建强组织。成立党委。\n责任单位：市委社会工作部\n（二）优化服务。建设驿站。（牵头单位：总工会）\n"
        "二、保障\n落实经费。\n（责任单位：市财政局，完成时限：9月底）\n"
    )
    assert tree(text) == [
        ("一、|任务", [("（一）|建强组织", ["成立党委"]), ("（二）|优化服务", ["建设驿站"])]),
        ("二、|保障", ["落实经费"]),
    ]


def test_items_inside_an_article_are_points() -> None:
    law = "第一条　为规范用车，制定本规定。\n"
    law += "第二条　用车应当符合要求：（一）填写派车单；（二）节假日封存。违反的，收回使用权。\n"
    assert tree(law) == [
        "第一条|为规范用车，制定本规定",
        ("第二条|用车应当符合要求", ["（一）|填写派车单", "（二）|节假日封存", "违反的，收回使用权"]),
    ]


def test_the_map_counts_what_hangs_from_its_last_column() -> None:
    text = "一、甲部分\n（一）乙部分\n1.丙部分\n（1）丁部分的事项。\n（2）戊部分的事项。\n2.己部分\n"
    found = outlines([text_of(text)])
    drawn = mindmap(found, lambda quote: "#")
    assert len(list(points_in(found))) == 6
    assert "丁部分" not in drawn and "另有 2 项" in drawn


SUBJECTS = ("道路养护", "校园安全", "人才培养", "河道清淤", "信访化解", "税费征收", "档案整理", "食品检测", "养老照护")
DUTIES = ("按月通报进度", "年底前完成验收", "须经领导签字", "不得超过预算的百分之五", "应当及时公开结果")
MARKS = (
    ("一是", "二是", "三是"),
    ("一要", "二要", "三要"),
    ("一靠", "二靠", "三靠"),
    ("首先，", "其次，", "最后，"),
    ("其一，", "其二，", "其三，"),
    ("①", "②", "③"),
    ("（一）", "（二）", "（三）"),
    ("1.", "2.", "3."),
    ("第一个方面是", "第二个方面是", "第三个方面是"),
    ("第一，", "第二，", "第三，"),
)


def _composed(seed: int) -> tuple[str, list[str]]:
    """Return a document of random paragraphs with and without series, and what it says."""
    chance, told = random.Random(seed), list[str]()

    def fact() -> str:
        told.append(f"{chance.choice(SUBJECTS)}第{len(told) + 1}号事项{chance.choice(DUTIES)}")
        return told[-1]

    lines = ["关于有关工作的讲话", chance.choice(("——再论实干", "某某日报评论员", "（送审稿）", "市长 李国强"))]
    lines += [f"{fact()}。", f"{fact()}。"]
    for _ in range(chance.randint(3, 6)):
        marks, end = chance.choice(MARKS), chance.choice("；。")
        lead = chance.choice(("抓好这项工作如下：", "这项工作要抓住三点：", "我对大家提三点要求。"))
        lines.append(lead + end.join(mark + fact() for mark in marks) + "。")
        lines += [f"{fact()}。" for _ in range(chance.randint(0, 1))]
    return "\n".join([*lines, f"{fact()}。"]) + "\n", told


def test_nothing_of_random_compositions_is_lost_doubled_or_out_of_order() -> None:
    for seed in range(300):
        words, told = _composed(seed)
        text = text_of(words)
        points = list(points_in(outlines([text])))
        said = [next((fact for fact in told if fact in point.words), None) for point in points]
        assert [fact for fact in said if fact] == told, words
        assert all(sum(fact in point.words for fact in told) <= 1 for point in points), words
        assert all(q.text == words[q.start : q.end] for point in points for q in point.quotes)
        assert all(text.paragraph_at(q.start).number == q.paragraph for point in points for q in point.quotes)
        assert not any(point.words in ("再论实干", "某某日报评论员", "市长 李国强") for point in points)


@pytest.mark.slow
def test_a_paragraph_of_many_series_takes_no_time() -> None:
    one = "抓好工作，一是提速，二是减负。信访化解，其一，及时办；其二，包案办。①甲乙丙；②丁戊己。"
    (outline,) = outlines([text_of(one * 4000)])
    assert outline.points
    assert growth(lambda size: outlines([text_of(one * size)]), 200) < 2.5
