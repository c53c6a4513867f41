"""A hostile document, questions that find nothing, and how dark what is shown is."""

from playwright.sync_api import Page

from assistant.answering.answer import Answer, Status
from assistant.answering.service import Service

HOSTILE = "\n".join(
    [
        "关于<script>window.hacked='script'</script>数据安全培训的通知",
        "第一，全体人员每年参加数据安全培训两次<img src=x onerror=\"window.hacked='img'\">，"
        "费用按`标准`从$预算$列支，见[链接](http://evil.example/a)和![图](http://evil.example/b.png)。",
        "第二，数据安全培训由${window.hacked='template'}{{constructor}}办公室组织，每次培训考核[1]一次。",
        "第三，<iframe src=\"javascript:parent.hacked='frame'\"></iframe>𠮷林省的数据安全培训"
        '<a href="javascript:hacked=1">另行</a>安排。',
    ]
)
NOT_FOUND = ("火星上有多少只企鹅？", "量子计算机的价格是多少？", "足球比赛的规则是什么？")


def one_with(service: Service, status: Status, questions: tuple[str, ...]) -> Answer:
    return next(found for found in map(service.ask, questions) if found.status is status)


def brightness(page: Page, selector: str, what: str) -> float:
    color = page.eval_on_selector(selector, f"e => getComputedStyle(e).{what}")
    channels = [float(part) for part in color[color.index("(") + 1 : -1].split(",")[:3]]
    return sum(channels) / 3
