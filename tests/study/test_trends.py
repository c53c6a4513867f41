"""How formulations come and go: columns, counts, and where the exports say it."""

import pytest

from assistant.study.export import blocks, export
from assistant.study.formulations.formulations import formulations
from assistant.study.pack import Brief, Pack
from assistant.study.trends import Column, Trend, Trends, trend_table, trends
from support.exported import words_in
from support.studying import text_of
from support.verbatim import sheets_of


def pack(*texts: tuple[str, str | None, str]) -> Pack:
    read = [text_of(words, title, date) for title, date, words in texts]
    lines = tuple(text.line for text in read)
    return Pack("材料", Brief(), lines, formulations=formulations(read))


THREE = (
    ("无日期的", None, "开展“回头看”。"),
    ("新的", "2025-01-02", "“回头看”再“回头看”。"),
    ("旧的", "2023", "打通“中梗阻”。"),
)


def test_columns_are_documents_by_date_undated_last() -> None:
    assert trend_table(trends(pack(*THREE))) == [
        ["提法", "旧的（2023）", "新的（2025-01-02）", "无日期的（无日期）", "合计"],
        ["回头看", 0, 2, 1, 3],
        ["中梗阻", 1, 0, 0, 1],
    ]


def test_many_documents_are_counted_by_year() -> None:
    found = pack(*[(f"文件{at}", f"{2020 + at % 3}-01-01" if at else None, "“回头看”。") for at in range(14)])
    assert trends(found).columns == tuple(Column("", date) for date in ("2020", "2021", "2022", "无日期"))
    assert trends(found).rows == (Trend("回头看", (4, 5, 4, 1)),)
    assert [column.name for column in trends(found).columns] == ["2020", "2021", "2022", "无日期"]


def test_documents_of_one_name_and_date_keep_their_columns() -> None:
    found = trends(pack(("通知", "2024", "“回头看”。"), ("通知 ", "2024", "“中梗阻”。")))
    assert [sum(row.counts) for row in found.rows] == [1, 1]
    assert len(found.columns) == 2


def test_without_two_dates_or_formulations_there_is_nothing_to_compare() -> None:
    assert trends(pack(THREE[1])) == Trends()
    assert trends(pack(THREE[0], THREE[1])) == Trends()
    assert trends(pack(("甲", "2023", "一句话。"), ("乙", "2024", "又一句。"))) == Trends()
    many_of_one_year = [(f"文件{at}", "2024", "“回头看”。") for at in range(14)]
    assert trends(pack(*many_of_one_year)) == Trends()


def test_exports_of_several_dated_documents_say_it_and_of_one_do_not() -> None:
    several, one = pack(*THREE), pack(THREE[1])
    said = "## 提法的变化\n\n- 回头看：新的（2025-01-02）2次，无日期的（无日期）1次\n- 中梗阻：旧的（2023）1次\n"
    assert said in blocks.as_markdown(several)
    assert "提法的变化" not in blocks.as_markdown(one)
    sheets = sheets_of(export(several, "xlsx").data)
    assert sheets["提法的变化"][1] == ("回头看", "0", "2", "1", "3")
    assert "提法的变化" not in sheets_of(export(one, "xlsx").data)


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_on_paper_it_is_a_table_by_year_where_documents_are_many_and_words_where_years_are(kind: str) -> None:
    few = words_in(export(pack(*THREE), kind).data, kind)
    assert "、提法的变化提法旧的（2023）新的（2025-01-02）无日期的（无日期）合计回头看0213" in few
    eight = [(f"文件{at}", f"{2020 + at % 2}-01-01", "“回头看”。") for at in range(8)]
    assert "提法20202021合计回头看448" in words_in(export(pack(*eight), kind).data, kind)
    years = [(f"文件{at}", f"{2010 + at}", "“回头看”。") for at in range(14)]
    assert "回头看：20101次，2011" in words_in(export(pack(*years), kind).data, kind)
    assert "提法的变化" not in words_in(export(pack(THREE[1]), kind).data, kind)
