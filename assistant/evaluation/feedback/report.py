"""Feedback report: what the history says, for those who look after the documents, as text or JSON.

Questions are grouped by the bundled encoder's cosine of their topics (without interrogatives), if they name the
same numbers; the most frequent wording names the group.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from assistant.answering.answer import Citation, Status
from assistant.base.dates import day_of
from assistant.base.text import fold
from assistant.evaluation.feedback.history import Asked, Judged, Kind, Source
from assistant.language.question import parse_question
from assistant.models.encoder import Encoder

# On 25 made questions in 84 wordings, groups and wordings in a wrong group: .60 33 and 4, .65 36 and 2,
# .70 40 and 2, .75 47 and 2, .80 55 and 0; with the cosine of whole questions .65 gives 52 and 4.
ALIKE = 0.65
OTHER_WORDINGS = 4

STATUSES: dict[str, str] = {
    Status.ANSWERED: "已找到原文",
    Status.MENTIONED: "只有相关原文",
    Status.NOT_FOUND: "没有找到",
}
SOURCES: dict[str, str] = {Source.PAGE: "网页", Source.COMMAND: "命令行"}
KINDS: dict[str, str] = {Kind.USEFUL: "有用", Kind.WRONG_CITATION: "引用有误", Kind.MISSING: "没找到想要的"}

_NUMBERS = re.compile("[0-9]+|[一二两三四五六七八九十百千]+")


@dataclass(frozen=True)
class Group:
    """Questions that ask the same: how often, with which statuses, when last, how worded (most frequent first)."""

    question: str
    count: int
    statuses: dict[str, int]
    last: str
    wordings: tuple[str, ...]


@dataclass(frozen=True)
class Complaint:
    """A complaint about an answer; `citation` is the one complained of."""

    question: str
    status: str
    day: str
    comment: str
    citation: Citation | None


@dataclass(frozen=True)
class HistoryReport:
    """Counts by status, source and kind of feedback, and by day and status; groups and complaints, worst first."""

    questions: int
    first: str
    last: str
    statuses: dict[str, int]
    sources: dict[str, int]
    remarks: dict[str, int]
    unanswered: tuple[Group, ...]
    wrong: tuple[Complaint, ...]
    missing: tuple[Complaint, ...]
    most_asked: tuple[Group, ...]
    days: dict[str, dict[str, int]]

    def as_json(self) -> dict[str, Any]:
        """Return the object that `report --json` prints."""
        return asdict(self)


def report_on(asked: Sequence[Asked], judged: Sequence[Judged], encoder: Encoder) -> HistoryReport:
    """Return the report on the questions `asked`, oldest first, and on those `judged` by somebody."""
    days: dict[str, Counter[str]] = {}
    for one in asked:
        days.setdefault(day_of(one.at), Counter())[one.status] += 1
    complaints = {kind: tuple(_complaints(judged, kind)) for kind in (Kind.WRONG_CITATION, Kind.MISSING)}
    return HistoryReport(
        questions=len(asked),
        first=day_of(asked[0].at) if asked else "",
        last=day_of(asked[-1].at) if asked else "",
        statuses=_counted(one.status for one in asked),
        sources=_counted(one.source for one in asked),
        remarks=_counted(str(remark.kind) for one in judged for remark in one.remarks),
        unanswered=group([one for one in asked if one.status != Status.ANSWERED], encoder),
        wrong=complaints[Kind.WRONG_CITATION],
        missing=complaints[Kind.MISSING],
        most_asked=group(asked, encoder),
        days={day: dict(counts) for day, counts in days.items()},
    )


def group(asked: Iterable[Asked], encoder: Encoder) -> tuple[Group, ...]:
    """Return groups of questions that ask the same, the most frequent first."""
    same: dict[str, list[Asked]] = {}
    for one in asked:
        same.setdefault(wording_key(one.question), []).append(one)
    often = sorted(same.values(), key=lambda members: (-len(members), members[0].question))
    leaders = _leaders([members[0].question for members in often], encoder)
    groups: dict[int, list[list[Asked]]] = {}
    for leader, members in zip(leaders, often, strict=True):
        groups.setdefault(leader, []).append(members)
    return tuple(sorted(map(_group, groups.values()), key=lambda g: -g.count))


def wording_key(question: str) -> str:
    """Return the letters and digits of a question: equal for two ways of typing the same."""
    return re.sub(r"[\W_]", "", fold(question)) or question


def _group(wordings: Sequence[Sequence[Asked]]) -> Group:
    everyone = [one for members in wordings for one in members]
    statuses = _counted(one.status for one in everyone)
    last = day_of(max(one.at for one in everyone))
    return Group(wordings[0][0].question, len(everyone), statuses, last, tuple(m[0].question for m in wordings))


def _leaders(questions: Sequence[str], encoder: Encoder) -> list[int]:
    """Return for each question the index of the earlier one that leads its group, or its own."""
    vectors = encoder.encode_queries([_about(question) for question in questions])
    numbers = [hash(frozenset(_NUMBERS.findall(fold(question))) - {"一"}) for question in questions]
    led = np.empty_like(vectors)
    named = np.empty(len(questions), dtype=np.int64)
    leaders: list[int] = []
    chosen: list[int] = []
    for at, (vector, number) in enumerate(zip(vectors, numbers, strict=True)):
        count = len(leaders)
        cosines = np.where(named[:count] == number, led[:count] @ vector, 0.0)
        best = int(np.argmax(cosines)) if count else 0
        if count and cosines[best] >= ALIKE:
            chosen.append(leaders[best])
            continue
        led[count], named[count] = vector, number
        leaders.append(at)
        chosen.append(at)
    return chosen


def _about(question: str) -> str:
    return fold("".join(parse_question(question).topics) or question)


def _complaints(judged: Iterable[Judged], kind: Kind) -> Iterator[Complaint]:
    for one in judged:
        cited = {citation.marker: citation for citation in one.citations}
        for remark in one.remarks:
            if remark.kind is kind:
                yield Complaint(
                    question=one.asked.question,
                    status=one.asked.status,
                    day=day_of(remark.at),
                    comment=remark.comment,
                    citation=cited[remark.marker] if remark.marker else None,
                )


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(Counter(values).most_common())


def text_of(report: HistoryReport, most: int) -> str:
    """Return the report in plain Chinese, each list cut to `most` lines."""
    if not report.questions:
        return "这段时间没有人提问。"
    unanswered = sum(group.count for group in report.unanswered)
    blocks = [
        _head(report),
        _block(f"没有回答的问题（{unanswered} 次，{len(report.unanswered)} 组）", map(_asked, report.unanswered), most),
        _block(f"引用有误（{len(report.wrong)} 处）", map(_complained, report.wrong), most),
        _block(f"没找到想要的（{len(report.missing)} 次）", map(_complained, report.missing), most),
        _block(f"问得最多的（{len(report.most_asked)} 组）", map(_asked, report.most_asked), most),
        _block("每天", map(_day, reversed(report.days.items())), most),
    ]
    return "\n\n".join(blocks)


def _head(report: HistoryReport) -> str:
    lines = [
        f"{report.first} 至 {report.last}，共 {report.questions} 个问题",
        f"回答：{_named(report.statuses, STATUSES)}",
        f"来源：{_named(report.sources, SOURCES)}",
        f"反馈：{_named(report.remarks, KINDS) or '还没有'}",
    ]
    return "\n".join(lines)


def _block(title: str, items: Iterable[str], most: int) -> str:
    found = list(items)
    rest = [f"  ……还有 {len(found) - most} 条（用 --most 多列一些，或用 --json）"] if len(found) > most else []
    return "\n".join([title, *(found[:most] or ["  没有"]), *rest])


def _asked(group: Group) -> str:
    others = group.wordings[1 : 1 + OTHER_WORDINGS]
    more = " 等" if len(group.wordings) > 1 + OTHER_WORDINGS else ""
    line = f"{group.count:>4} 次  {_line(group.question)}（{_named(group.statuses, STATUSES)}；最近 {group.last}）"
    return "\n".join([line, *([f"         又问作：{' / '.join(map(_line, others))}{more}"] if others else [])])


def _complained(complaint: Complaint) -> str:
    status = STATUSES.get(complaint.status, complaint.status)
    lines = [f"  {complaint.day}  {_line(complaint.question)}（{status}）"]
    c = complaint.citation
    if c:
        lines.append(f"    [{c.marker}] 《{c.document}》{c.section} 第{c.paragraph}段：{_line(c.quote)}")
    if complaint.comment:
        lines.append(f"    说明：{_line(complaint.comment)}")
    return "\n".join(lines)


def _day(item: tuple[str, dict[str, int]]) -> str:
    day, counts = item
    return f"  {day}  {sum(counts.values()):>4} 个（{_named(counts, STATUSES)}）"


def _named(counts: dict[str, int], names: dict[str, str]) -> str:
    return "，".join(f"{names.get(key, key)} {count}" for key, count in counts.items())


def _line(text: str) -> str:
    return " ".join(text.split())
