"""A run of a question set as an Excel workbook: one row a question, the totals, and the settings used."""

from collections.abc import Sequence

from assistant.base.dates import when
from assistant.base.files.spreadsheets import write_workbook
from assistant.evaluation.runs import BANDS, KS, STATUSES, VERDICTS, WAY_NAMES, Outcome, RunFacts, Totals, totals

NOWHERE = "没找到"
_ANSWERABLE = {True: "是", False: "否", None: ""}


def run_workbook(name: str, at: int, facts: RunFacts, outcomes: Sequence[Outcome]) -> bytes:
    """Return the .xlsx of a run, made at `at` (UTC in seconds since 1970), of the set `name`."""
    totals_rows: list[Sequence[object]] = [
        *_totals(totals(outcomes)),
        ["问题集", name],
        ["时间", when(at)],
        *settings_rows(facts),
    ]
    return write_workbook({"逐题结果": _rows(outcomes), "汇总": totals_rows})


def band_names() -> list[str]:
    """Return the names of the rank bands; the last is for texts not found."""
    names = [f"第 {low} 段" if low == high else f"第 {low}–{high} 段" for low, high in BANDS]
    return [*names, NOWHERE]


def settings_rows(facts: RunFacts) -> list[list[object]]:
    """Return the settings of a run as rows of (name, value)."""
    folders = "全部" if facts.folders is None else "、".join(folder or "最上层" for folder in facts.folders)
    return [
        ["按意思找的份量（dense_weight）", facts.dense_weight],
        ["作答的把握（answer_threshold）", facts.answer_threshold],
        ["编码器", facts.encoder],
        ["重排模型", facts.reranker or "无"],
        ["文件", facts.documents],
        ["段落", facts.passages],
        ["索引内容编号", facts.index],
        ["文件夹", folders],
        ["用时（秒）", round(facts.seconds, 1)],
    ]


def _rows(outcomes: Sequence[Outcome]) -> list[list[object]]:
    ways = list(outcomes[0].ranks) if outcomes else []
    before, behind = "行 问题 应引原文 文件 应回答 结果 回答".split(), "引到 引文 出处 可能性 毫秒".split()
    head: list[object] = [*before, *(f"{WAY_NAMES[way]}排第几" for way in ways), *behind]
    return [head, *(_row(o, ways) for o in outcomes)]


def _row(o: Outcome, ways: Sequence[str]) -> list[object]:
    return [
        o.asked.line,
        o.asked.question,
        "\n".join(o.asked.expected),
        "\n".join(o.asked.files),
        _ANSWERABLE[o.asked.answerable],
        VERDICTS[o.verdict],
        STATUSES[o.status],
        *(_ranks(o.ranks[way]) for way in ways),
        f"{sum(o.quoted)}/{len(o.quoted)}" if o.quoted else "",
        "\n".join(f"[{n}] {c.quote}" for n, c in enumerate(o.cited, 1)),
        "\n".join(f"[{n}] 《{c.title}》第{c.paragraph}段" for n, c in enumerate(o.cited, 1)),
        "" if o.likely is None else round(o.likely, 3),
        round(o.elapsed_ms, 1),
    ]


def _ranks(found: Sequence[int | None]) -> object:
    if len(found) == 1 and found[0] is not None:
        return found[0]
    return "、".join(NOWHERE if rank is None else str(rank) for rank in found)


def _totals(figures: Totals) -> list[list[object]]:
    ways = list(figures.recall)
    rows: list[list[object]] = [["项目", *(WAY_NAMES[way] for way in ways)]]
    rows += [[f"召回率@{k}", *(round(figures.recall[way][k], 4) for way in ways)] for k in KS]
    rows.append(["MRR", *(round(figures.mrr[way], 4) for way in ways)])
    rows += [[f"应引原文在{band}", *(figures.bands[way][n] for way in ways)] for n, band in enumerate(band_names())]
    return [*rows, *_counts(figures)]


def _counts(figures: Totals) -> list[list[object]]:
    counts: list[list[object]] = [["问题数", figures.questions], ["应引原文数", figures.texts]]
    counts.append(["其中文件里找不到的", figures.absent])
    counts += [[name, figures.statuses[status]] for status, name in STATUSES.items()]
    return counts + [[name, figures.verdicts[verdict]] for verdict, name in VERDICTS.items()]
