"""Which documents a question is asked of: those that it names, and those of the dates asked for.

A document is named by its title, by the title without the state's, the Party's or a place's name
before it or a bracket behind it, or by its file's name.
"""

import re
from collections.abc import Iterable, Sequence

from assistant.errors import SettingsError
from assistant.records import DocumentRecord
from assistant.text import cut_at, fold

_BEFORE = re.compile(
    "^(中华人民共和国|中国共产党|中共|[^省市县区镇乡州盟旗]{1,8}(特别行政区|自治区|自治州|自治县|省|市|县|区|镇|乡))"
)
_BEHIND = re.compile(r"[（(〔\[【][^）)〕\]】]*[）)〕\]】]$|[\s_-]*(20|19)\d\d.*$")
_KINDS = (
    "法|法典|条例|办法|规定|细则|规则|规程|准则|章程|意见|通知|通告|公告|方案|计划|规划|纲要|要点|讲话|报告|纪要|决定|"
    "决议|解释|指南|手册|制度|守则|公约|标准|协议|合同|须知|问答|总结|简报|反馈|实施|批复|函"
)
_NAMES = re.compile(f".*({_KINDS})")
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
SHORTEST = 3


class Names:
    """The names of an index's documents, folded; `in_question` finds the longest."""

    def __init__(self, records: Iterable[DocumentRecord]) -> None:
        self._names: dict[str, list[str]] = {}
        for record in records:
            for name in dict.fromkeys(names_of(record)):
                self._names.setdefault(name, []).append(record.id)
        self._longest = max(map(len, self._names), default=0)

    def in_question(self, question: str) -> tuple[list[str], str]:
        """Return the ids of the documents that `question` names, and the question without these names."""
        plain = fold(question)
        written = question if len(question) == len(plain) else plain
        found: list[str] = []
        rest = []
        for start, end, known in cut_at(plain, self._names, self._longest):
            if known and not _goes_on(plain, end):
                found.extend(self._names[plain[start:end]])
            else:
                rest.append(written[start:end])
        left = re.sub("《》|“”", "", "".join(rest))
        return list(dict.fromkeys(found)), left


def _goes_on(text: str, end: int) -> bool:
    """Say whether what looks like a name is part of a word: 监察法 in 监察法规."""
    return text[end - 1] == "法" and text[end : end + 1] in tuple("律规院庭官人学治")


def names_of(record: DocumentRecord) -> list[str]:
    """Return what a document may be called in a question, folded."""
    stem = record.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    names = []
    for whole in (record.title, stem):
        name = re.sub(r"[\s《》]", "", fold(whole))
        shorter = _BEHIND.sub("", name)
        names += [name, shorter, _BEFORE.sub("", shorter)]
    return [name for name in names if len(name) >= SHORTEST and _NAMES.fullmatch(name)]


def in_dates(records: Sequence[DocumentRecord], since: str | None, until: str | None) -> list[str]:
    """Return the ids of the documents dated from `since` to `until`, both ISO (yyyy, yyyy-mm or yyyy-mm-dd).

    A date that is not exact counts where any of its days does; a document without one does not.
    Raises `SettingsError` for what is no date and where no document is left.
    """
    for date in (since, until):
        if date is not None and not _DATE.fullmatch(date):
            raise SettingsError(f"日期 {date} 写得不对：请写成 2023、2023-10 或 2023-10-08。")
    found = [r.id for r in records if r.date and _within(r.date, since, until)]
    if not found:
        raise SettingsError("这段日期里没有文件：请放宽日期，或在 corpus/catalog.toml 里补上文件的日期。")
    return found


def _within(date: str, since: str | None, until: str | None) -> bool:
    early = since is not None and date[: len(since)] < since[: len(date)]
    late = until is not None and date[: len(until)] > until[: len(date)]
    return not early and not late
