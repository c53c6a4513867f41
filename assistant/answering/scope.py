"""Document scope: which documents a question is asked of, by name in the question or by date.

A document is named by its title, by the title without the state's, the Party's or a place's name before it or a
bracket after it, or by its file name. In doubt it does not count as named: then all are asked.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.base.errors import SettingsError
from assistant.base.text import HAN, cut_at, fold
from assistant.index.records import DocumentRecord

_NO_PLACE = (
    "城市|都市|上市|超市|夜市|城镇|乡镇|集镇|城乡|社区|地区|小区|园区|景区|灾区|山区|牧区|库区|辖区|街区|城区|全区"
)
_UNIT = "自治区|特别行政区|自治州|自治县|省|市|县"
_SMALL = "自治州|自治县|市|县|区|州|盟|旗|镇|乡"
_WORD = f"(?!{_NO_PLACE}|关于)[^省市县区镇乡州盟旗关于]"
_BEFORE = re.compile(f"^(?:中华人民共和国|中国共产党|中共|{_WORD}{{1,7}}(?:{_UNIT})(?:{_WORD}{{2,6}}(?:{_SMALL}))*)")
_BEHIND = re.compile(r"(?:[（(〔\[【][^）)〕\]】]*[）)〕\]】])+$|[\s_-]*(?:20|19)[0-9]{2}.*$")
_KINDS = (
    "法|法典|条例|办法|规定|细则|规则|规程|准则|章程|意见|通知|通告|公告|方案|计划|规划|纲要|要点|讲话|报告|纪要|决定|"
    "决议|解释|指南|手册|制度|守则|公约|标准|协议|合同|须知|问答|总结|简报|反馈|实施|批复|函"
)
_NAMES = re.compile(f".*({_KINDS})")
_GENERIC = re.compile(f"(?:关于|实施|管理|工作|行政|暂行|试行|若干|有关|相关|内部|具体|的)*(?:{_KINDS})")
_MARKS = re.compile(r"[\s《》〈〉]")
# What may stand right before a name: else it may be the end of another's, 环境保护法 in 海洋环境保护法.
_LEADING = frozenset(
    "的在按照据反与和及或是国看对从于依由用见查问把新该本里中说出了给请下被受犯合守有以到读习解传行施布定订台发改版"
)
_GOING_ON = {"法": "律规院庭官人学治典定则案", "": "法书化了"}  # 监察法规, 劳动合同法, 决定书, 食堂规定了
_ANOTHER = re.compile("(实施)?(条例|细则|办法|规定|解释)")  # 监察法实施条例
_DATES = {4: "%Y", 7: "%Y-%m", 10: "%Y-%m-%d"}
SHORTEST = 3
CHOSEN_MOST = 500
ID_LIMIT = 40
EVERYTHING_NAME = "全部文件"
BAD_SCOPE = "看不懂所选的范围：请重新选择文件和日期。"
GONE = "所选的文件都不在了：请重新选择范围。"


@dataclass(frozen=True)
class Scope:
    """The documents that somebody chose to ask: by id, () for all, limited to dates (ISO, "" for no limit)."""

    documents: tuple[str, ...] = ()
    since: str = ""
    until: str = ""

    def ids(self, records: Sequence[DocumentRecord]) -> list[str] | None:
        """Return the ids of the `records` in scope, None for all.

        Raises `SettingsError` where nothing is left: a choice whose documents are gone never widens to all.
        """
        if self == EVERYTHING:
            return None
        wanted = frozenset(self.documents)
        chosen = [r for r in records if r.id in wanted] if wanted else list(records)
        if not chosen:
            raise SettingsError(GONE)
        if not (self.since or self.until):
            return [r.id for r in chosen]
        return in_dates(chosen, self.since or None, self.until or None)

    def words(self, records: Sequence[DocumentRecord]) -> str:
        """Return the scope in a few words: 全部文件, 《X》, 3 份文件, 2023 年以来."""
        wanted = frozenset(self.documents)
        titles = [r.title for r in records if r.id in wanted]
        named = f"《{titles[0]}》" if len(titles) == 1 == len(self.documents) else f"{len(self.documents)} 份文件"
        return "，".join(filter(None, [named if self.documents else "", _dates(self.since, self.until)])) or (
            EVERYTHING_NAME
        )

    def as_json(self) -> dict[str, Any]:
        """Return the scope as JSON that `parse_scope` reads; {} for everything."""
        said = {"documents": list(self.documents), "since": self.since, "until": self.until}
        return {name: value for name, value in said.items() if value}


EVERYTHING = Scope()


def parse_scope(said: object) -> Scope:
    """Return the scope in JSON from a browser or a file; raises `SettingsError` for anything malformed."""
    if not isinstance(said, dict):
        raise SettingsError(BAD_SCOPE)
    documents, since, until = said.get("documents", []), said.get("since", ""), said.get("until", "")
    if not isinstance(documents, list) or not all(isinstance(d, str) and 0 < len(d) <= ID_LIMIT for d in documents):
        raise SettingsError(BAD_SCOPE)
    if len(documents) > CHOSEN_MOST:
        raise SettingsError(f"一次最多选 {CHOSEN_MOST} 份文件：请少选一些，或改用日期。")
    for date in (since, until):
        if not isinstance(date, str) or (date and not _is_date(date)):
            raise SettingsError(BAD_SCOPE)
    return Scope(tuple(dict.fromkeys(documents)), since, until)


def _dates(since: str, until: str) -> str:
    if since and until:
        return _spoken(since) if since == until else f"{_spoken(since)}至{_spoken(until)}"
    return f"{_spoken(since)}以来" if since else f"到 {_spoken(until)}为止" if until else ""


def _spoken(date: str) -> str:
    return " ".join(f"{int(part)} {unit}" for part, unit in zip(date.split("-"), ("年", "月", "日"), strict=False))


class Names:
    """The names of an index's documents, case-folded; `in_question` finds the longest in a question."""

    def __init__(self, records: Iterable[DocumentRecord]) -> None:
        self._names: dict[str, list[str]] = {}
        for record in records:
            for name in names_of(record):
                self._names.setdefault(name, []).append(record.id)
        self._longest = max(map(len, self._names), default=0)

    def in_question(self, question: str) -> tuple[list[str], str]:
        """Return the ids of the documents that `question` names, and the question without these names."""
        folded = fold(question)
        written = question if len(question) == len(folded) else folded
        places = [at for at, character in enumerate(folded) if not _MARKS.match(character)]
        plain = "".join(folded[at] for at in places)
        found: list[str] = []
        rest, begun = "", 0
        for start, end, known in cut_at(plain, self._names, self._longest):
            if known and _stands_alone(folded, places[start], places[end - 1] + 1):
                found.extend(self._names[plain[start:end]])
                rest += written[begun : places[start]]
                begun = places[end - 1] + 1
        left = re.sub("《》|〈〉|“”", "", rest + written[begun:])
        return list(dict.fromkeys(found)), left


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Say whether what looks like a name is not part of a longer word or name: 监察法 in 监察法规."""
    before, behind = text[max(start - 1, 0) : start], text[end : end + 1]
    if before in tuple("《〈") or behind in tuple("》〉"):
        return before in tuple("《〈") and behind in tuple("》〉(〔[")
    if _ANOTHER.match(text, end):
        return False
    led = not re.match(f"[{HAN}]", before) or before in _LEADING
    return led and behind not in tuple(_GOING_ON["法" if text[end - 1] == "法" else ""])


def names_of(record: DocumentRecord) -> list[str]:
    """Return the names by which a question may call a document: folded, without 《》 and blanks."""
    stem = record.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    names: dict[str, None] = {}
    for whole in (record.title, stem):
        name = _MARKS.sub("", fold(whole))
        shorter = _BEHIND.sub("", name)
        names |= dict.fromkeys([name, shorter, _BEFORE.sub("", shorter)])
    return [name for name in names if len(name) >= SHORTEST and _NAMES.fullmatch(name) and not _GENERIC.fullmatch(name)]


def named(records: Sequence[DocumentRecord], name: str) -> str:
    """Return the id of the document with this id, path, file name or title; raises `SettingsError` for none or many."""
    found = [r for r in records if name in (r.id, r.path, r.title, Path(r.path).name, Path(r.path).stem)]
    found = found or [r for r in records if name.replace(" ", "") in r.title.replace(" ", "")]
    if len(found) != 1:
        reason = "有好几份" if found else "没有"
        listed = "；".join(f"{r.id} 《{r.title}》" for r in (found or records)[:8])
        raise SettingsError(f"{reason}叫“{name}”的文件：请改用编号，如 {listed}。")
    return found[0].id


def in_dates(records: Sequence[DocumentRecord], since: str | None, until: str | None) -> list[str]:
    """Return the ids of the documents dated from `since` to `until`, both ISO (yyyy, yyyy-mm or yyyy-mm-dd).

    A document whose date is only a year or month counts if any day of it does; one without a date does not.
    Raises `SettingsError` for a malformed date and where no document is left.
    """
    for date in (since, until):
        if date is not None and not _is_date(date):
            raise SettingsError(f"日期 {date} 写得不对：请写成 2023、2023-10 或 2023-10-08。")
    if since and until and since[: len(until)] > until[: len(since)]:
        raise SettingsError(f"开始日期 {since} 在截止日期 {until} 之后：请把两个日期对调。")
    found = [r.id for r in records if r.date and _within(r.date, since, until)]
    if not found:
        raise SettingsError("这段日期里没有文件（没有日期的文件不在其中）：请放宽日期，或在“文件”页补上文件的日期。")
    return found


def _is_date(text: str) -> bool:
    try:
        written = datetime.strptime(text, _DATES[len(text)])
    except (KeyError, ValueError):
        return False
    return written.strftime("%Y-%m-%d").startswith(text)


def _within(date: str, since: str | None, until: str | None) -> bool:
    early = since is not None and date[: len(since)] < since[: len(date)]
    late = until is not None and date[: len(until)] > until[: len(date)]
    return not early and not late
