"""Keys and wrong options on documents of twelve shapes, and the rules that keep them honest."""

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from assistant.language.numerals import in_digits
from assistant.study.formulations.formulations import formulations
from assistant.study.pack import LETTERS, WRONG, Brief, Item, ItemKind
from assistant.study.paper.assembly import choose
from assistant.study.paper.conflicts import may_stand_together, shown
from assistant.study.questions.items import candidates
from assistant.study.questions.kinds.option_form import same_form, stands_out
from assistant.study.questions.material.antonyms import contraries
from assistant.study.questions.material.figures import amounts, asked_for
from assistant.study.questions.material.number_distractors import false_numbers, other_dates, other_numbers, possible
from assistant.study.questions.material.statements import statements
from assistant.study.source.texts import Text
from support.papers import faults
from support.paths import TEST_DATA
from support.study_texts import text_in, text_of

SHAPES = sorted((TEST_DATA / "shapes").glob("*.txt"))
LEAST = 2


@cache
def shape(file: Path) -> Text:
    return text_in(file)


def of(words: str, kind: ItemKind, seed: int = 1) -> list[Item]:
    text = text_of(words)
    return [item for item in candidates([text], formulations([text]), seed) if item.kind is kind]


def asked(words: str) -> list[str]:
    return [words[one.start : one.end] for one in asked_for(words, 0, len(words))]


def turned(words: str) -> Iterator[str]:
    text = text_of(words + "\n")
    for line in statements(text):
        for start, end, other in contraries(line):
            yield text.text[start:end] + "→" + other


def test_there_are_documents_of_twelve_shapes() -> None:
    assert len(SHAPES) == 12


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("file", SHAPES, ids=lambda file: file.stem)
def test_papers_on_documents_of_other_shapes_have_no_fault(file: Path, seed: int) -> None:
    text = shape(file)
    items = choose(candidates([text], formulations([text]), seed), Brief(seed=seed))[0]
    assert len(items) >= LEAST
    assert faults(items, [text]) == []


@pytest.mark.parametrize("file", SHAPES, ids=lambda file: file.stem)
def test_no_question_that_may_be_chosen_has_a_fault_of_its_own(file: Path) -> None:
    text = shape(file)
    found = list(candidates([text], formulations([text]), 7))
    assert len(found) >= LEAST
    assert [fault for item in found for fault in faults([item], [text])] == []


@pytest.mark.parametrize(
    "words",
    [
        "抓工作决不能三天打鱼、两天晒网。",
        "坚决防止“三天打鱼，两天晒网”。",
        "一分部署，九分落实，关键在于担当作为。",
        "全县上下千方百计扩投资、一心一意谋发展。",
        "教育是百年大计，要久久为功。",
        "一年之计在于春，要早谋划早部署。",
        "要一级抓一级，层层抓落实。",
        "印发《基础教育扩优提质三年行动计划》，做好宣传。",
        "检查结果分为优秀、良好、合格、不合格四个等次。",
        "全市共有机构126家，其中甲类48家、乙类53家、丙类25家。",
        "一季度受理诉求1286件，办结1243件，办结率96.7%。",
        "审查结果于6月16日至20日公示5天。",
        "小学一、二年级不布置书面作业。",
    ],
)
def test_numerals_that_count_nothing_or_are_told_are_not_asked(words: str) -> None:
    assert asked(words) == []


def test_figures_are_asked() -> None:
    assert asked("应当自收到申请之日起5个工作日内答复，材料保存三年，押金不超过2000元。") == ["5", "三", "2000"]
    assert asked("可以并处违法所得一倍以上五倍以下的罚款。") == ["一", "五"]
    assert asked("新建小学五所、初中三所。") == ["五", "三"]


@pytest.mark.parametrize(
    ("words", "number", "wrong"),
    [
        ("每月25日前报送进度。", "25", "38"),
        ("实行24小时值守，不得离岗。", "24", "36"),
        ("群众满意率达到95%。", "95", "110"),
        ("可以并处1倍以上5倍以下的罚款。", "1", "6"),
        ("比例由15%提高到20%。", "15", "30"),
        ("共126家，其中民办48家。", "48", "130"),
    ],
)
def test_numbers_that_cannot_be_are_no_options(words: str, number: str, wrong: str) -> None:
    start = words.index(number)
    made = possible(words, (0, len(words)), start, [*other_numbers(number, random.Random(1)), wrong])
    assert wrong not in made
    assert len(made) >= 2


@pytest.mark.parametrize(
    ("before", "number", "behind", "false"),
    [
        ("不超过", "60", "分钟。", ["30", "45"]),
        ("不少于", "60", "名。", ["90"]),
        ("超过", "60", "人的，应当报告。", ["30", "45"]),
        ("未满", "60", "周岁的，可以申请。", ["90"]),
        ("得分低于", "60", "分的评为较差。", []),
        ("在", "60", "日内答复。", ["30", "45"]),
        ("凡", "60", "万元以上支出必须集体研究。", []),
        ("奖励", "60", "元。", ["30", "45", "90"]),
        ("记录保存期限不得少于产品保质期满后", "60", "日。", ["90"]),
        ("消费者可以自收到商品之日起", "60", "日内退货。", []),
    ],
)
def test_a_changed_number_is_false_only_where_the_true_one_breaks_it(
    before: str, number: str, behind: str, false: list[str]
) -> None:
    assert false_numbers(["30", "45", "90"], number, (before, behind)) == false


def test_a_year_that_is_compared_with_is_not_changed() -> None:
    assert other_dates("2023年", random.Random(1), "比", "下降3%") == []
    assert all(int(one[:4]) < 2027 for one in other_dates("2027年", random.Random(1), "到", "，建成"))
    assert other_dates("2027年", random.Random(1), "到", "，建成")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("承租人不得转租房屋，应当按时缴纳租金。", ["不得→可以"]),
        ("工作人员不得瞒报、漏报事故情况，应当如实报告。", []),
        ("没有带动效果的项目不予支持，由主管部门公布。", []),
        ("分为无条件共享、有条件共享和不予共享三类。", []),
        ("开展活动应当遵循自愿、无偿、平等的原则。", []),
        ("不同意的，应当书面说明理由并告知申请人。", ["书面→口头"]),
        ("小学低年级不布置家庭书面作业，由学校负责。", []),
        ("县级以上人民政府应当加强对工作的领导。", []),
        ("留样食品应当冷藏保存48小时以上，专人负责。", ["以上→以下"]),
        ("发生较大以上事故的，取消评优资格。", []),
        ("满意率较上季度提高2.1个百分点，群众认可。", ["提高→下降"]),
        ("指标由15%提高到20%，各单位要落实。", []),
        ("存款人可以自愿选择定期存款的期限。", []),
        ("主管部门可以责令停业整顿，并向社会公布。", ["可以→应当"]),
        ("危机感要强，慢不得的紧迫感要有，行动要快。", []),
        ("除紧急情况外，不得擅自停止供水，公司应当保障。", []),
    ],
)
def test_only_words_whose_opposite_is_false_and_might_be_believed_are_turned(words: str, found: list[str]) -> None:
    assert sorted(set(turned(words))) == found


def test_options_are_of_one_form() -> None:
    assert same_form("压舱石", "助推器")
    assert not same_form("压舱石", "资金从哪里来")
    assert not same_form("签而不落", "七分谋划、三分建设")
    assert not same_form("对口支援", "结对帮扶")
    assert not same_form("逾期不改正的", "责令限期改正")
    assert not same_form("依法登记", "（依法登")
    assert stands_out(["压减环节", "压减材料"], ["谋划项目", "开工建设"])
    assert not stands_out(["压减环节", "优化服务"], ["谋划项目", "开工建设"])


def test_no_member_of_a_series_about_the_same_is_a_wrong_option() -> None:
    words = (
        "一、要强化组织领导，着力加强思想教育、健全工作机制、落实主体责任，把队伍建设好。\n"
        "队伍建设要着力完善考核办法、改进工作作风、严明工作纪律，把队伍建设好。\n"
    )
    for item in of(words, ItemKind.MULTIPLE):
        right = {item.options[LETTERS.index(letter)] for letter in item.answer}
        assert not set(item.options) - right


def test_an_open_list_has_no_question_on_its_members() -> None:
    words = (
        "在堵塞漏洞、源头治理、推动改革等方面取得实效，群众比较满意。\n"
        "要统筹健全制度、完善政策、规范流程，推动各项工作落地见效。\n"
    )
    assert all("堵塞漏洞" not in item.options or "等方面" not in item.stem for item in of(words, ItemKind.MULTIPLE))


def test_bodies_that_hold_others_do_not_take_their_place() -> None:
    words = (
        "网信部门负责统筹协调公共数据安全监管工作。\n公共管理和服务机构负责本单位数据目录编制。\n"
        "有关部门负责本行业数据分类分级。\n公安机关负责查处数据违法犯罪活动。\n"
    )
    false = [item.stem for item in of(words, ItemKind.JUDGE) if item.answer == (WRONG,)]
    assert not any("机构负责统筹" in stem or "有关部门负责统筹" in stem for stem in false)


def test_what_a_formulation_is_urged_of_is_only_counted_otherwise() -> None:
    words = "".join(f"要坚持“{term}”，把要求贯穿工作全过程。\n" for term in ("两个维护", "四个自信", "四个意识"))
    false = [item.stem for item in of(words, ItemKind.JUDGE) if item.answer == (WRONG,)]
    assert false
    assert not any(term in stem for stem in false for term in ("两个维护", "四个自信", "四个意识"))


def test_what_is_said_of_meetings_and_telephones_is_not_judged() -> None:
    words = (
        "会议指出，要严格落实“放管服”改革。\n一年之计在于春，一年之功在于干。\n"
        "联系人：王某某，联系电话：0000-1234567。\n为做好工作，制定本办法。\n"
    )
    assert of(words, ItemKind.JUDGE) == []


@pytest.mark.parametrize(
    "teller", ["全县计划三年内投入建设资金9亿元，改善办学条件。", "全县计划3年内投入建设资金9亿元，改善办学条件。"]
)
def test_a_number_with_its_unit_is_told_in_any_script(teller: str) -> None:
    [item] = [i for i in of("全县每名城区教师支教不少于三年，并纳入考核。\n", ItemKind.FILL) if i.answer == ("三",)]
    [other] = [i for i in of(teller + "\n", ItemKind.FILL) if i.answer[0].startswith("9")][:1]
    assert not may_stand_together(shown(item), shown(other), strict=False)


def test_numbers_in_one_form() -> None:
    assert in_digits("二〇二五年三月，叁万元") == "2025年3月，3万元"
    assert amounts("三年内建成18所，3个月报告") == {"3年", "18所", "3月"}
