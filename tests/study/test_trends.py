"""How formulations come and go: rows for exports and the chart."""

from xml.etree import ElementTree

from assistant.study.formulations.formulations import formulations
from assistant.study.formulations.trends import trend_chart, trend_table, trends
from assistant.study.pack import Brief, Pack
from support.studying import text_of


def pack(*texts: tuple[str, str | None, str]) -> Pack:
    read = [text_of(words, title, date) for title, date, words in texts]
    lines = tuple(text.line for text in read)
    return Pack("材料", Brief(), lines, formulations=formulations(read))


def test_columns_are_documents_by_date_undated_last() -> None:
    found = pack(
        ("无日期的", None, "开展“回头看”。"),
        ("新的", "2025-01-02", "“回头看”再“回头看”。"),
        ("旧的", "2023", "打通“中梗阻”。"),
    )
    assert trend_table(found) == [
        ["提法", "旧的（2023）", "新的（2025-01-02）", "无日期的（无日期）", "合计"],
        ["回头看", 0, 2, 1, 3],
        ["中梗阻", 1, 0, 0, 1],
    ]


def test_many_documents_are_counted_by_year() -> None:
    found = pack(*[(f"文件{at}", f"{2020 + at % 3}-01-01" if at else None, "“回头看”。") for at in range(14)])
    assert trends(found).columns == ("2020", "2021", "2022", "无日期")
    assert trends(found).rows == (("回头看", (4, 5, 4, 1)),)


def test_documents_of_one_name_and_date_keep_their_columns() -> None:
    found = pack(("通知", "2024", "“回头看”。"), ("通知 ", "2024", "“中梗阻”。"))
    assert [sum(counts) for _, counts in trends(found).rows] == [1, 1]
    assert len(trends(found).columns) == 2


def test_the_chart_is_xml_with_words_for_whoever_does_not_see_it() -> None:
    found = pack(("<甲>&乙", "2024", "“回头看”和“a<b&c”。"))
    svg = ElementTree.fromstring(trend_chart(found).encode("utf-8"))
    space = "{http://www.w3.org/2000/svg}"
    assert svg.get("role") == "img"
    assert svg.findtext(f"{space}title") == "重要提法的变化"
    assert "回头看：<甲>&乙（2024）1次" in (svg.findtext(f"{space}desc") or "")
    shown = [one.text for one in svg.iter(f"{space}text")]
    assert {"回头看", "a<b&c", "<甲>&乙", "2024", "1"} <= set(shown)
    assert len(list(svg.iter(f"{space}rect"))) == 2


def test_a_pack_without_formulations_says_so() -> None:
    svg = trend_chart(pack(("甲", None, "一句话。")))
    assert "没有找到重要提法" in svg
    ElementTree.fromstring(svg.encode("utf-8"))
