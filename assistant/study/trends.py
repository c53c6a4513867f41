"""How formulations come and go over dated documents: how often each is said, by document or by year."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from assistant.study.pack import DocumentLine, Formulation, Pack

UNDATED = "无日期"
MOST_DOCUMENTS = 12  # more of them are counted by year


@dataclass(frozen=True)
class Column:
    """A document or, with no `title`, a year; `date` is `UNDATED` where there is none."""

    title: str
    date: str

    @property
    def name(self) -> str:
        """The head of the column."""
        return f"{self.title}（{self.date}）" if self.title else self.date


@dataclass(frozen=True)
class Trend:
    """A formulation and how often it is said in each column."""

    text: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Trends:
    """The columns by date, undated ones last, and the formulations in the pack's order."""

    columns: tuple[Column, ...] = ()
    rows: tuple[Trend, ...] = ()


def trends(pack: Pack, most_documents: int = MOST_DOCUMENTS) -> Trends:
    """Return the counts by document, or by year where there are more than `most_documents`.

    Empty for a pack without formulations, or with fewer than two dated columns to compare.
    """
    documents = sorted(pack.documents, key=lambda one: (one.date is None, one.date or ""))
    by_year = len(documents) > most_documents
    key: Callable[[DocumentLine], str] = _year if by_year else (lambda one: one.id)
    columns = {key(one): Column("", _year(one)) if by_year else _column(one) for one in documents}
    if not pack.formulations or sum(column.date != UNDATED for column in columns.values()) < 2:
        return Trends()
    column_of = {one.id: key(one) for one in documents}
    rows = (Trend(one.text, _counts(one, column_of, list(columns))) for one in pack.formulations)
    return Trends(tuple(columns.values()), tuple(rows))


def trend_table(found: Trends) -> list[list[str | int]]:
    """Return the counts as rows for an export, the first the header; the last column is the sum."""
    table: list[list[str | int]] = [["提法", *(column.name for column in found.columns), "合计"]]
    for row in found.rows:
        table.append([row.text, *row.counts, sum(row.counts)])
    return table


def in_words(found: Trends, row: Trend) -> str:
    """Return a row as a sentence: 回头看：通知（2023）1次，意见（2025）2次."""
    said = [f"{column.name}{count}次" for column, count in zip(found.columns, row.counts, strict=True) if count]
    return f"{row.text}：{'，'.join(said)}"


def _column(document: DocumentLine) -> Column:
    return Column(document.title, document.date or UNDATED)


def _year(document: DocumentLine) -> str:
    return document.date[:4] if document.date else UNDATED


def _counts(formulation: Formulation, column_of: dict[str, str], columns: list[str]) -> tuple[int, ...]:
    found = Counter(column_of[place.document_id] for place in formulation.places)
    return tuple(found[column] for column in columns)
