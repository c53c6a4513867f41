"""The mind map: valid XML, every point a link with its words, nothing over anything else."""

from itertools import combinations
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser

from assistant.study.export.mindmap import COLUMNS, SHOWN_MOST, mindmap, wrapped
from assistant.study.outline.outline import outlines
from assistant.study.pack import DocumentOutline, Point, Quote
from support.study_texts import MADE, SPEECH, points_in, text_in, text_of

SVG = "{http://www.w3.org/2000/svg}"
WIDE = 1280
OVERLAPS = """() => {
  const out = [];
  for (const box of document.querySelectorAll("rect")) {
    const outer = box.getBoundingClientRect(), text = box.parentNode.querySelector("text").getBoundingClientRect();
    const inside = text.left >= outer.left && text.right <= outer.right && text.top >= outer.top - 1 &&
      text.bottom <= outer.bottom + 1;
    if (!inside) out.push(box.parentNode.querySelector("title").textContent);
  }
  return out;
}"""


def link(quote: Quote) -> str:
    return f"/#doc={quote.document_id}&from={quote.start}"


def parsed(found: tuple[DocumentOutline, ...]) -> ElementTree.Element:
    return ElementTree.fromstring(mindmap(found, link))


def boxes(root: ElementTree.Element) -> list[tuple[int, int, int, int]]:
    names = ("x", "y", "width", "height")
    return [(r[0], r[1], r[0] + r[2], r[1] + r[3]) for r in ([int(e.get(n, "")) for n in names] for e in _rects(root))]


def _rects(root: ElementTree.Element) -> list[ElementTree.Element]:
    return list(root.iter(f"{SVG}rect"))


@pytest.mark.parametrize("file", [SPEECH, *sorted(MADE.glob("*.txt"))], ids=lambda file: file.stem)
def test_points_are_links_with_their_words(file: Path) -> None:
    found = outlines([text_in(file)])
    root = parsed(found)
    links = [(a.get("href"), a.findtext(f"{SVG}title", "")) for a in root.iter(f"{SVG}a")]
    expected = [(link(p.quotes[0]), f"{p.label}　{p.words}".strip("　").replace("　", " ")) for p in points_in(found)]
    own = [(href, title) for href, title in links if title != found[0].title and not title.startswith("另有 ")]
    assert len(own) > 10 and set(own) <= set(expected)
    three = [
        p
        for point in found[0].points
        for p in (point, *point.children, *(c for d in point.children for c in d.children))
    ]
    assert len(own) == len(three)


@pytest.mark.parametrize("file", [SPEECH, *sorted(MADE.glob("*.txt"))], ids=lambda file: file.stem)
def test_no_box_covers_another_or_leaves_the_picture(file: Path) -> None:
    root = parsed(outlines([text_in(file), text_in(SPEECH)]))
    found = boxes(root)
    assert len(found) > 30
    height = int(root.get("height", ""))
    assert root.get("viewBox") == f"0 0 {WIDE} {height}"
    assert all(0 <= x < right <= WIDE and 0 <= y < bottom <= height for x, y, right, bottom in found)
    for one, other in combinations(found, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart, (one, other)
    lines = [(int(t.get("x", "")), int(t.get("y", ""))) for t in root.iter(f"{SVG}tspan")]
    assert all(any(a < x < c and b < y < d for a, b, c, d in found) for x, y in lines)


def test_lines_hold_all_the_words_and_begin_with_no_closing_mark() -> None:
    for point in points_in(outlines([text_in(SPEECH)])):
        lines = list(wrapped(point.words, 20))
        assert "".join(lines) == point.words
        assert not any(line[0] in "，。、；：”）》" for line in lines) and not any(
            line[-1] in "“（《" for line in lines
        )
        assert all(len(line) <= 21 for line in lines)


def test_words_of_latin_letters_are_not_parted_but_where_they_must() -> None:
    assert list(wrapped("Staff must agree a schedule", 12)) == ["Staff must agree", "a schedule"]
    assert "".join(wrapped("x" * 200, 20)) == "x" * 200 and max(map(len, wrapped("x" * 200, 20))) <= 32
    assert list(wrapped("", 20)) == []


def test_marks_of_xml_are_escaped() -> None:
    quote = Quote("d", "标题", "", 1, 0, 5, 'a<b&"')
    outline = DocumentOutline("d", "<题> & \x0c“名”", None, (Point("1.", (quote,)),))
    svg = mindmap([outline], lambda _: "/?a=1&b=\"<'")
    root = ElementTree.fromstring(svg)
    titles = [title.text for title in root.iter(f"{SVG}title")]
    assert titles == ['1. a<b&"', "<题> & “名”"]
    assert {a.get("href") for a in root.iter(f"{SVG}a")} == {"/?a=1&b=\"<'"}


def test_deep_and_wide_trees_are_limited_and_say_so() -> None:
    chapter = "第{n}章　安排{n}\n" + "第一条　各部门应当报告工作。\n（一）一项；\n（二）二项。\n" * 10
    found = outlines([text_of("".join(chapter.format(n=n) for n in range(1, 20)))])
    titles = [title.text or "" for title in parsed(found).iter(f"{SVG}title")]
    chapters = [title for title in titles if title.startswith("第") and "章" in title]
    articles = [title for title in titles if title.startswith("第一条")]
    assert len(chapters) == 19 and len(articles) == 19 * 3
    hidden = [int(title.split()[1]) for title in titles if title.startswith("另有 ")]
    assert len(hidden) == 20 and len(chapters) + len(articles) + sum(hidden) == 19 + 190 + 380
    flat = outlines([text_of("".join(f"第{n}条　各部门应当报告第{n}号工作。\n" for n in range(1, 500)))])
    titles = [title.text or "" for title in parsed(flat).iter(f"{SVG}title")]
    assert len(titles) == SHOWN_MOST + 3 and "另有 199 项未列入提纲" in titles and "另有 210 项" in titles


def test_outlines_of_nothing_are_drawn() -> None:
    assert not _rects(parsed(()))
    root = parsed((DocumentOutline("d", "空文件", None, ()),))
    assert len(_rects(root)) == 1 and not list(root.iter(f"{SVG}a"))


def test_columns_fit_the_picture() -> None:
    edges = [(left, left + wide) for left, wide in COLUMNS]
    assert all(a[1] + 30 <= b[0] for a, b in zip(edges, edges[1:], strict=False)) and edges[-1][1] < WIDE


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stay_in_their_boxes_in_a_browser(
    browser: Browser, tmp_path: Path, scheme: Literal["light", "dark"]
) -> None:
    english = text_of("Staff must agree a schedule with their manager, IN WRITING, before working remotely.\n" * 2)
    file = tmp_path / "map.svg"
    made = [text_in(file) for file in sorted(MADE.glob("*.txt"))]
    file.write_text(mindmap(outlines([text_in(SPEECH), english, *made]), link), encoding="utf-8")
    context = browser.new_context(color_scheme=scheme, viewport={"width": WIDE, "height": 800})
    try:
        page = context.new_page()
        page.goto(file.as_uri())
        assert page.locator("a").count() > 100
        assert page.evaluate(OVERLAPS) == []
        dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert dark == {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 25, 30)"}[scheme]
    finally:
        context.close()
