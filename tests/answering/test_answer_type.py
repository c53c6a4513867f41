import pytest

from assistant.answering.sentences.answer_type import Supply, supply
from assistant.language.question import parse_question


@pytest.mark.parametrize(
    ("question", "sentence", "given"),
    [
        ("本轮巡视对几个单位开展巡视？", "本轮巡视将对4个单位开展常规巡视。", Supply.YES),
        ("发现了多少个问题？", "一个问题一个问题解决。", Supply.NO),
        ("移交了多少条问题线索？", "对巡视移交的问题线索要及时处置。", Supply.NO),
        ("发现了多少问题？", "着眼“两个永远在路上”的新部署，发现问题。", Supply.NO),
        ("规定了多少项？", "第十一条　委员会履行职责：", Supply.NO),
        ("试用期是多久？", "新录用的公务员试用期为一年。", Supply.YES),
        ("多少天内答复？", "应当自收到之日起十五日内答复。", Supply.YES),
        ("要提前多少天通知单位？", "劳动者提前三十日以书面形式通知用人单位。", Supply.YES),
        ("举报电话是多少？", "举报电话向社会公布，共3部。", Supply.NO),
        ("举报电话是多少？", "举报电话：025-12388000。", Supply.YES),
        ("报名费是多少？", "报名费每人100元。", Supply.YES),
        ("报名费是多少？", "报名费由3个部门确定。", Supply.NO),
        ("本轮巡视从哪一天开始？", "本轮巡视近期开始。", Supply.NO),
        ("本轮巡视从哪一天开始？", "本轮巡视从10月8日开始。", Supply.YES),
        ("本法什么时候施行？", "本法自2008年1月1日起施行。", Supply.YES),
        ("巡视组组长叫什么名字？", "各巡视组组长要切实负起责任。", Supply.NO),
        ("巡视组组长叫什么名字？", "巡视组组长王明同志作了讲话。", Supply.YES),
        ("“四个聚焦”具体是哪四个？", "要突出重点，紧扣“四个聚焦”，贯穿全过程。", Supply.NO),
        ("“四个聚焦”具体是哪四个？", "“四个聚焦”是：聚焦责任，聚焦腐败，聚焦队伍，聚焦整改。", Supply.YES),
        ("“三个透过”是哪三个？", "透过业务看政治、透过现象看本质、透过问题看责任。", Supply.YES),
        ("什么是“国之大者”？", "各组要聚焦“国之大者”，学深悟透。", Supply.NO),
        ("什么是生命线？", "发现问题是巡视工作的生命线。", Supply.YES),
        ("什么是公职人员？", "公职人员，是指行使公权力的人员。", Supply.YES),
        ("为什么要整改？", "整改工作要抓紧。", Supply.NO),
        ("为什么要整改？", "只有整改，才能堵塞漏洞。", Supply.YES),
        ("如何整改？", "整改工作要抓紧。", Supply.OPEN),
    ],
)
def test_supply(question: str, sentence: str, given: Supply) -> None:
    assert supply(parse_question(question), sentence) is given
