"""How formulations come and go over the documents by date, as a table and as a chart (SVG)."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from assistant.study.pack import DocumentLine, Formulation, Pack

UNDATED = "无日期"
MOST_DOCUMENTS, MOST_ROWS, LABEL = 12, 30, 16
WIDTH, WORDS, TOP, ROW = 960, 300, 64, 30
NUMBER = 30  # room for a count behind the longest bar
_BAD = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STYLE = """
.trend { color-scheme: light dark; background: #fff; color: #1d2733; }
.trend rect { fill: #1f5fa8; }
@media (prefers-color-scheme: dark) { .trend { background: #15191e; color: #e7ebf0; } .trend rect { fill: #7fb4f0; } }
@media print { .trend { background: #fff; color: #000; } .trend rect { fill: #1f5fa8; } }
"""


@dataclass(frozen=True)
class Trends:
    """How often each formulation is said in each column, a document or a year; undated ones come last.

    `rows`: the formulations in the pack's order, each with as many counts as there are columns.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]


def trends(pack: Pack) -> Trends:
    """Return the counts by document, or by year where there are more documents than one can look at."""
    documents = sorted(pack.documents, key=lambda one: (one.date is None, one.date or ""))
    by_year = len(documents) > MOST_DOCUMENTS
    label: Callable[[DocumentLine], str] = _year if by_year else _named
    columns = tuple(dict.fromkeys(label(one) for one in documents)) if by_year else tuple(map(label, documents))
    number = {one.id: columns.index(label(one)) if by_year else at for at, one in enumerate(documents)}
    return Trends(columns, tuple((one.text, _counts(one, number, len(columns))) for one in pack.formulations))


def trend_table(pack: Pack) -> list[list[str | int]]:
    """Return the counts as rows for an export, the first the header; the last column is the sum."""
    found = trends(pack)
    rows: list[list[str | int]] = [["提法", *found.columns, "合计"]]
    return rows + [[text, *counts, sum(counts)] for text, counts in found.rows]


def trend_chart(pack: Pack) -> str:
    """Return the counts of the first formulations as SVG: bars by document, each with its number.

    Its colours come from its style sheet; where that is not let in, the colour of the page's text is used.
    """
    found = trends(pack)
    rows, highest = found.rows[:MOST_ROWS], max((max(counts, default=0) for _, counts in found.rows), default=0)
    height = TOP + ROW * max(len(rows), 1) + 12
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="trend" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" aria-labelledby="trend-title trend-text" fill="currentColor" font-size="14" '
        "font-family=\"system-ui, 'Microsoft YaHei', 'PingFang SC', 'Noto Sans CJK SC', sans-serif\">",
        '<title id="trend-title">重要提法的变化</title>',
        f'<desc id="trend-text">{_escaped(_described(found, rows))}</desc>',
        f"<style>{_STYLE}</style>",
        *_header(found.columns),
        *(line for at, (text, counts) in enumerate(rows) for line in _row(at, text, counts, highest)),
    ]
    if not rows:
        parts.append(f'<text x="12" y="{TOP + 20}">没有找到重要提法</text>')
    return "\n".join([*parts, "</svg>", ""])


def _year(document: DocumentLine) -> str:
    return document.date[:4] if document.date else UNDATED


def _named(document: DocumentLine) -> str:
    return f"{document.title}（{document.date or UNDATED}）"


def _counts(formulation: Formulation, number: dict[str, int], columns: int) -> tuple[int, ...]:
    found = Counter(number[place.document_id] for place in formulation.places)
    return tuple(found[at] for at in range(columns))


def _described(found: Trends, rows: Sequence[tuple[str, tuple[int, ...]]]) -> str:
    """Return the chart in words."""
    said = [
        text
        + "："
        + "，".join(f"{column}{count}次" for column, count in zip(found.columns, counts, strict=True) if count)
        for text, counts in rows
    ]
    return "；".join(said) + "。" if said else "没有找到重要提法。"


def _wide(columns: int) -> float:
    return (WIDTH - WORDS - 12) / max(columns, 1)


def _header(columns: Sequence[str]) -> list[str]:
    """Return the column heads, title and date below one another, cut to the width."""
    wide = _wide(len(columns))
    fits = max(int(wide // 15), 2)
    lines = []
    for at, column in enumerate(columns):
        title, _, date = column.rpartition("（")
        for line, words in enumerate([_short(title, fits), _short(date.rstrip("）"), fits + 4)]):
            if words:
                x = WORDS + wide * at
                lines.append(f'<text x="{x:.1f}" y="{24 + 20 * line}" font-size="13">{_escaped(words)}</text>')
    return lines


def _row(at: int, text: str, counts: Sequence[int], highest: int) -> list[str]:
    """Return the formulation and a bar with its number for each column in which it is said."""
    y, wide = TOP + ROW * at, _wide(len(counts))
    longest = max(wide - NUMBER, 4)
    lines = [f'<text x="{WORDS - 12}" y="{y + 20}" text-anchor="end">{_escaped(_short(text, LABEL))}</text>']
    for column, count in enumerate(counts):
        x = WORDS + wide * column
        lines.append(
            f'<line x1="{x:.1f}" y1="{y}" x2="{x:.1f}" y2="{y + ROW}" stroke="currentColor" stroke-opacity=".3"/>'
        )
        if count:
            long = longest * count / highest
            lines.append(f'<rect x="{x:.1f}" y="{y + 6}" width="{long:.1f}" height="{ROW - 12}" rx="2"/>')
            lines.append(f'<text x="{x + long + 5:.1f}" y="{y + 20}">{count}</text>')
    return lines


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"


def _escaped(words: str) -> str:
    """Return words as XML may hold them."""
    return escape(_BAD.sub("", words))
