"""What the tests of quizzes share: a pack of a small document with something of every kind, and its quotes."""

from assistant.answering.service import Service
from assistant.study.pack import BLANK, RIGHT, WRONG, Brief, Difficulty, Item, ItemKind, Pack, Quote
from assistant.study.source.texts import Text, texts_of

RULES_FILE = "考勤/规定.txt"
RULES = """考勤规定
第一条　职工请假应当提前填写申请表，由部门负责人核准。
第二条　病假一般不得超过三十日，事假一般不得超过七日。
第三条　请假材料由行政科归档，保存期限为五年。
第四条　办理请假，首先填写申请表，其次送负责人核准，最后交行政科归档。
第五条　销假应当当面办理、及时登记、如实说明。
"""


def pack_of_rules(service: Service, title: str = "考勤学习材料") -> Pack:
    """Return a pack of the rules; of the choices exactly those named by the answers are right."""
    text = next(one for one in texts_of(service, Brief()) if "考勤规定" in one.text)
    return Pack(title=title, brief=Brief(seed=3), documents=(text.line,), items=items_of(text))


def items_of(text: Text) -> tuple[Item, ...]:
    """Return an item of every kind."""
    apply, leave, file, order, back = (sentence(text, words) for words in ("提前", "病假", "保存期限", "首先", "销假"))
    easy, hard = Difficulty.EASY, Difficulty.HARD
    form = file.text.replace("五年", BLANK)
    filled = apply.text.replace("申请表", BLANK).replace("负责人", BLANK)
    days = leave.text.split("，")[0].replace("三十日", BLANK)
    return (
        Item("a-申请表", ItemKind.FILL, easy, filled, ("申请表", "负责人"), apply),
        Item("b", ItemKind.FILL, easy, days, ("三十日",), leave),
        Item("c", ItemKind.SINGLE, easy, form, ("B",), file, ("三年", "五年", "十年", "二年")),
        Item("d", ItemKind.MULTIPLE, hard, "销假有哪些要求？", ("A", "C", "D"), back, _ways()),
        Item("e", ItemKind.JUDGE, easy, "事假一般不得超过九日。", (WRONG,), leave, note="原文是“七日”"),
        Item("f", ItemKind.JUDGE, easy, "材料由行政科保管。", (RIGHT,), file),
        Item("g", ItemKind.ORDER, hard, "按办理的先后排列。", ("C", "A", "B"), order, ("核准", "存档", "填表")),
        Item("h", ItemKind.SHORT, hard, "请假要走哪几步？", ("首先填写", "其次送", "最后交"), order),
        Item("i", ItemKind.DISCUSS, hard, "怎样方便职工请假？", (apply.text,), apply),
    )


def sentence(text: Text, words: str) -> Quote:
    """Return the sentence that holds `words`."""
    found = next(one for one in text.sentences if words in text.text[one.start : one.end])
    return text.quote(found.start, found.end)


def _ways() -> tuple[str, ...]:
    return ("当面", "电话", "及时登记", "如实说明")
