"""A study pack as .pptx: quotes whole in the notes, nothing beyond its slide, printed to pictures."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from assistant.base.text import drop_controls
from assistant.study.export.slides.deck import ON, REST, Line, Slide, heading, height_of, limited, paged, pages
from assistant.study.export.slides.look import BODY_HEIGHT, BODY_TOP, HEIGHT
from assistant.study.export.slides.pptx import as_pptx
from assistant.study.pack import DocumentOutline, Pack, Point
from support.exported import (
    Source,
    bare,
    hostile_pack,
    large_pack,
    long_pack,
    made_pdf,
    pages_of,
    quotes_in,
    speech_pack,
    thin_pack,
    words_in,
)


def slides(data: bytes) -> list[tuple[str, str, str]]:
    """Return title, lines and notes of each slide."""
    from pptx import Presentation

    return [
        (
            slide.shapes.title.text,
            slide.placeholders[1].text_frame.text,
            slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else "",
        )
        for slide in Presentation(io.BytesIO(data)).slides
    ]


def test_every_quote_stands_word_for_word() -> None:
    pack = replace(speech_pack(), cards=())
    held = words_in(as_pptx(pack), "pptx")
    quotes = list(quotes_in(pack))
    assert len(quotes) == 47 and [q.text for q in quotes if bare(q.text) not in held] == []


def test_notes_hold_the_quotes_of_their_slide_with_their_places() -> None:
    found = {title: (lines, notes) for title, lines, notes in slides(as_pptx(speech_pack()))}
    lines, notes = found["第一，始终聚焦“两个维护”，把准政治巡视的定位和方向"]
    assert lines.split("\n") == [
        "首先要看党的二十大精神的学习贯彻落实情况，……通过工作谋划看政治站位高不高。",
        "其次，坚持全心全意为人民服务是党的宗旨。",
        "最后，贯彻落实中央和省委、市委重大决策部署，",
    ]
    assert notes.split("\n")[0].startswith("第一，始终聚焦“两个维护”，把准政治巡视的定位和方向，（《市委")
    assert "其次，坚持全心全意为人民服务是党的宗旨。（《市委巡视动员部署会讲话》其次 第3段）" in notes.split("\n")
    assert "导入（0—10分钟）" in found["学习安排"][0] and "两个维护（3次）" in found["重要提法"][0]


def test_answers_stand_in_the_notes_alone() -> None:
    found = slides(as_pptx(speech_pack()))
    titles = [title for title, _, _ in found]
    assert titles[-7:] == [
        "讨论 第7题",
        "填空题 第1题",
        "单项选择题 第2题",
        "多项选择题 第3题",
        "判断题 第4题",
        "排序题 第5题",
        "简答题 第6题",
    ]
    _, lines, notes = found[titles.index("判断题 第4题")]
    assert "4个单位" not in lines and "错" not in lines
    assert notes.split("\n") == [
        "答案：错",
        "原文是“4个单位”。",
        "经市委批准，本轮巡视将对4个单位开展常规巡视，（《市委巡视动员部署会讲话》引言 第2段）",
    ]


def test_fonts_and_format() -> None:
    from pptx import Presentation

    data = as_pptx(speech_pack())
    made = Presentation(io.BytesIO(data))
    assert made.slide_width is not None and made.slide_height is not None
    assert made.slide_width * 9 == made.slide_height * 16 and len(made.slide_layouts) == 2
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert len(set(file.namelist())) == len(file.namelist())
        themes = [file.read(name).decode() for name in file.namelist() if "theme/theme" in name]
    assert len(themes) == 2
    for theme in themes:
        assert theme.count('<a:latin typeface="微软雅黑"/><a:ea typeface="微软雅黑"/>') == 2
    assert '<a:accent1><a:srgbClr val="9B1C1F"/></a:accent1>' in "".join(themes)


def test_lines_go_over_to_further_slides() -> None:
    lines = tuple(Line(f"第{n}条，" + "要抓好落实，" * 20, n % 3, (f"note {n}",)) for n in range(30))
    made = list(paged(Slide("题", lines, ("first",))))
    assert len(made) > 5 and [slide.title for slide in made] == ["题", *["题" + ON] * (len(made) - 1)]
    assert tuple(line for slide in made for line in slide.lines) == lines
    assert [slide.notes for slide in made] == [("first",), *[()] * (len(made) - 1)]
    for slide in made:
        assert sum(height_of(line, slide.scale) for line in slide.lines) <= BODY_HEIGHT
        assert slide.lines[0].level == 0 or len(slide.lines) > 0
    assert all(before.lines[-1].level >= after.lines[0].level for before, after in zip(made, made[1:], strict=False))


def test_lines_that_are_too_many_are_counted_and_in_the_notes() -> None:
    slide = Slide("题", tuple(Line(f"第{n}条，" + "要抓好落实，" * 20, 0, (f"note {n}",)) for n in range(30)))
    cut = limited(slide, 2)
    *kept, rest = cut.lines
    assert pages(slide) > 5 and len(list(paged(cut))) == pages(cut) == 2 and tuple(kept) == slide.lines[: len(kept)]
    assert rest.text == REST.format(30 - len(kept)) and rest.notes == tuple(f"note {n}" for n in range(len(kept), 30))
    assert limited(slide, pages(slide)) is slide


@pytest.mark.slow
def test_a_law_of_hundreds_of_articles_is_few_slides_and_whole_in_the_notes() -> None:
    text = "".join(f"第{n}条 第{n}号事项由第{n}科办理，在{n}日内办结。\n" for n in range(1, 401))
    law = Source("law", "办事规则", text)
    points = tuple(Point(f"第{n}条", (law.quote(f"第{n}号事项由第{n}科办理，在{n}日内办结。"),)) for n in range(1, 401))
    chapters = tuple(Point(f"第{n}章", points[40 * n].quotes, points[40 * n : 40 * n + 40]) for n in range(10))
    for found in (points, chapters, (*points[:3], *chapters, *points[3:9])):
        pack = replace(speech_pack(), outlines=(DocumentOutline("law", "办事规则", None, found),), summary=(), items=())
        data = as_pptx(pack)
        made = slides(data)
        assert len(made) < 75
        notes = "".join(notes for _, _, notes in made)
        assert [p.words for p in points if p.words not in notes] == []
    titles = [title for title, _, _ in made]
    assert "第1条至第3条" in titles and "第4条至第9条" in titles


def test_a_line_too_long_for_a_slide_is_cut_at_punctuation() -> None:
    text = "强化政治监督，" * 100
    made = list(paged(Slide("题", (Line(text, 0, ("whole",)),))))
    assert len(made) > 1 and "".join(line.text for slide in made for line in slide.lines) == text
    assert all(slide.lines[0].text.endswith("，") for slide in made)
    assert [slide.lines[0].notes for slide in made] == [("whole",), *[()] * (len(made) - 1)]


def test_titles_are_shortened_at_punctuation() -> None:
    assert heading("第一，抓好落实，") == "第一，抓好落实"
    short = heading("第一，" + "强化政治监督，" * 20)
    assert short.endswith("监督，……") and len(short) < 60
    assert heading("一" * 200).startswith("一一") and len(heading("一" * 200)) < 60


@pytest.mark.parametrize(
    "pack", [thin_pack(), replace(speech_pack(), items=(), plan=()), replace(speech_pack(), outlines=())]
)
def test_packs_with_little_in_them(pack: Pack) -> None:
    found = slides(as_pptx(pack))
    assert found[0][0] == pack.title and "学习时间：90分钟" in found[0][1]
    assert not any(title and not lines for title, lines, _ in found)


def test_hostile_words_stay_words() -> None:
    pack = hostile_pack()
    (quote, *_) = quotes_in(pack)
    assert words_in(as_pptx(pack), "pptx").count(bare(drop_controls(quote.text).replace("\ud800", "?"))) > 10


@pytest.mark.slow
def test_thousands_of_quotes() -> None:
    held = words_in(as_pptx(large_pack(45)), "pptx")
    assert held.count("通过工作谋划看政治站位高不高。（《市委") == 45 and "简答题第270题" in held


@pytest.mark.office
@pytest.mark.parametrize("pack", [speech_pack(), long_pack()])
def test_it_prints_within_its_slides(pack: Pack, tmp_path: Path) -> None:
    data = as_pptx(pack)
    printed = made_pdf(data, "pptx", tmp_path)
    pages = pages_of(printed)
    assert len(pages) == len(slides(data)) > 5 and all(ink > 0.015 for _, ink in pages)
    lowest = HEIGHT - BODY_TOP - BODY_HEIGHT
    with pypdfium2.PdfDocument(printed) as file:
        for number, page in enumerate(file, 1):
            width, height = page.get_size()
            words, low = page.get_textpage(), ""
            for at in range(words.count_chars()):
                left, bottom, right, _ = words.get_charbox(at)
                assert left >= 0 and right <= width, number
                low += words.get_text_range(at, 1) if bottom < lowest * height / HEIGHT else ""
            assert number == 1 or low.strip() == str(number)
