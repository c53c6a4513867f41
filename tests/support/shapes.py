"""Documents of shapes that no speech has, to make packs of: names of files and their text."""

from collections.abc import Iterator
from itertools import product

UNITS = ("办公室", "财务科", "人事科", "督查室", "信息中心", "后勤科", "档案室", "机关党委")
DUTIES = ("汇总台账", "核对票据", "更新名册", "跟踪整改", "检修机房", "巡查楼宇", "移交案卷", "组织学习")
TERMS = ("三日内", "五个工作日内", "每月十日前", "季度末", "年底前", "收到通知当天")
MODES = ("书面报告分管领导", "在内网公示", "抄送纪检组", "录入业务系统", "由两人共同签字", "逐项销号")

PLAIN = (
    "食堂从本月起改用电子餐券。职工凭工号领取，每人每天限用两张。\n"
    "餐券当日有效，过期作废。遗失的可以到后勤科补办，每张收取工本费一元。\n"
    "外单位人员用餐由接待科室提前一天申请，费用从接待科室的经费中支出。\n"
    "后勤科每月公布一次收支，接受职工监督。\n"
)
ONE_PARAGRAPH = (
    "为做好防汛工作，各站点实行二十四小时值班，值班人员不得少于三人，水位超过警戒线半米时立即报告指挥部，"
    "指挥部接报后十分钟内作出处置决定。物资库常备编织袋五万条、抢险照明灯二百盏，由专人保管，每周清点一次。"
    "群众转移坚持先老弱后青壮、先低洼后高处，转移安置点由街道负责管理。汛期结束后，各站点要总结经验、查找不足、完善预案。"
)
ENGLISH = (
    "Travel rules\n\n1. Booking\nStaff shall book journeys at least seven days before they leave. "
    "Tickets are bought through the travel desk only.\n\n2. Expenses\nHotels cost no more than 120 euros a night. "
    "Receipts are handed in within ten working days. The finance office pays within two weeks.\n\n"
    "3. Safety\nNobody drives for more than four hours without a break, and every car carries a first-aid kit.\n"
)
TABLE = (
    "# 岗位津贴标准\n\n下表自一月一日起执行。\n\n| 岗位 | 月津贴（元） | 发放条件 |\n|---|---|---|\n"
    "| 窗口 | 600 | 全月在岗 |\n| 外勤 | 850 | 外出满十五天 |\n| 夜班 | 1,200 | 夜班满八次 |\n\n"
    "津贴随工资一并发放。弄虚作假的，追回津贴并通报批评。\n"
)
MARKDOWN = (
    "# 会议室使用办法\n\n## 一、预约\n\n- **提前一天**在系统里预约；\n- 临时会议可以电话预约，但须在当天补录。\n\n"
    "## 二、使用\n\n1. 会议室内禁止吸烟。\n2. 使用后关闭`投影仪`、空调和照明。\n3. 损坏设备的照价赔偿。\n\n"
    "> 重要会议优先使用第一会议室。\n\n## 三、监督\n\n办公室每季度通报一次使用情况，"
    "详见 [附表](https://example.invalid/a_b)。\n"
)
MARKS = (
    "关于“双随机、一公开”<试行>的说明 & 附件{{1}}\n"
    "一、总体要求：坚持“应查尽查”（含“回头看”），做到‘三个到位’【责任到位、措施到位、整改到位】。\n"
    '二、录入字段 <b>name</b> 与 "amount" 不得为空；A&B 两表的差额|合计\\备注须小于 5%。\n'
    "三、𠮷祥街道、𬱖山社区和㐂乐园小区为首批试点，试点期为六个月。\x07\x0b\n"
    "四、严禁“走过场”、“一刀切”；发现一起、查处一起、通报一起。\u202e\n"
)
LONG_SENTENCES = (
    f"各单位要{'、'.join(f'落实{unit}{duty}的职责' for unit, duty in product(UNITS, DUTIES))}。\n"
    f"督查室{'，'.join(f'对{u}未{d}的{m}' for u, d, m in zip(UNITS, DUTIES, MODES * 2, strict=False))}。\n"
)
FORMULAS = (
    "=SUM(A1:A9) 这类内容不得直接粘贴到报表里。\n+86 开头的号码按国际来电登记。\n-5 度以下停止户外作业。\n"
    '@全体人员：每周五下班前上交周报。\n=HYPERLINK("http://example.invalid","点我") 属于可疑链接，应当立即上报。\n'
    "周报由信息中心统一归档，保存期限为三年。\n"
)
SHORT_LINES = "值班安排\n周一\n张三\n周二\n李四\n周三\n王五\n"
TITLE_ALONE = "关于印发有关材料的通知\n"


def long_text(characters: int = 200_000) -> str:
    """Return rules of two hundred pages: chapters of articles, no two alike."""
    return "".join(_chapters(characters))


def _chapters(characters: int) -> Iterator[str]:
    written = 0
    for number, (term, unit, mode, duty) in enumerate(product(TERMS, UNITS, MODES, DUTIES)):
        head = f"第{number // 20 + 1}章 {unit}的职责\n" if number % 20 == 0 else ""
        other = UNITS[(number + 3) % len(UNITS)]
        piece = (
            f"{head}第{number + 1}条 {unit}{term}{duty}，{mode}；第{number + 1}号事项涉及{other}的，由{other}配合。"
            f"逾期{number % 28 + 2}天的，扣减{unit}当月考核分{number % 9 + 1}分，并说明原因。\n"
        )
        written += len(piece)
        yield piece
        if written > characters:
            return


LONG = "两百页.txt"
DOCUMENTS: dict[str, str] = {
    "食堂餐券.txt": PLAIN,
    "防汛值班.txt": ONE_PARAGRAPH,
    "Travel.txt": ENGLISH,
    "津贴表.md": TABLE,
    "会议室.md": MARKDOWN,
    "双随机说明.txt": MARKS,
    "任务分工.txt": LONG_SENTENCES,
    "报表要求.txt": FORMULAS,
    "值班表.txt": SHORT_LINES,
    "通知.txt": TITLE_ALONE,
}
