"""A study pack as PDF: every quote can be copied word for word, with or without a font to embed."""

import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from assistant.study.export import parts
from assistant.study.export.pdf import document, fonts
from assistant.study.export.pdf.document import as_pdf
from assistant.study.export.pdf.typesetting import NO_END, NO_START, Run, Sign, broken
from assistant.study.pack import Pack
from support.exported import (
    bare,
    hostile_pack,
    large_pack,
    long_pack,
    pages_of,
    quotes_in,
    speech_pack,
    thin_pack,
    words_in,
)

VERA = "Vera.ttf"  # comes with reportlab; it has no Chinese


@pytest.fixture(params=["standard", "embedded"])
def used(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Without a font on the computer, and with one that lacks most characters."""
    if request.param == "embedded":
        import reportlab

        shutil.copy(Path(reportlab.__file__).parent / "fonts" / VERA, tmp_path / "simsun.ttc")
    monkeypatch.setattr(document, "faces", lambda: fonts.faces([tmp_path]))
    yield request.param


def font_files(data: bytes) -> int:
    return data.count(b"/FontFile2")


def test_every_quote_can_be_copied_word_for_word(used: str) -> None:
    pack = speech_pack()
    data = as_pdf(pack)
    held = words_in(data, "pdf")
    quotes = list(quotes_in(replace(pack, cards=())))
    assert len(quotes) == 47 and [q.text for q in quotes if bare(q.text) not in held] == []
    assert (font_files(data) > 0) == (used == "embedded")
    for item in pack.items:
        assert bare(parts.cited(item.source)) in held


def test_pages_are_numbered_and_none_is_blank() -> None:
    pages = pages_of(as_pdf(speech_pack()))
    assert len(pages) >= 6
    for number, (words, ink) in enumerate(pages, 1):
        assert f"— {number} —" in words and ink > 0.003, number
    (key,) = (n for n, (words, _) in enumerate(pages) if words.lstrip().startswith("参考答案与出处"))
    assert "原文：" not in "".join(words for words, _ in pages[:key])


def test_headings_are_bookmarks() -> None:
    with pypdfium2.PdfDocument(as_pdf(speech_pack())) as file:
        found = [(mark.level, mark.get_title(), mark.get_dest().get_index()) for mark in file.get_toc()]
        words = [bare(page.get_textpage().get_text_range()) for page in file]
    titles = [(level, title) for level, title, _ in found]
    assert titles[:6] == [
        (0, "一、学习安排"),
        (0, "二、说明"),
        (0, "三、内容摘要"),
        (0, "四、内容提纲"),
        (1, "《市委巡视动员部署会讲话》"),
        (1, "《关于做好巡视工作的通知》"),
    ]
    assert (0, "测试题") in titles and (1, "一、填空题（每空2分，共2分）") in titles and (0, "参考答案与出处") in titles
    assert all(bare(title) in words[page] for _, title, page in found)


def test_questions_and_key_are_linked() -> None:
    data = as_pdf(speech_pack())
    plain = as_pdf(speech_pack(), with_key=False)
    assert links(data) == 14 and links(plain) == 0


def links(data: bytes) -> int:
    import pypdfium2.raw as raw

    with pypdfium2.PdfDocument(data) as file:
        return sum(
            bool(raw.FPDFLink_GetDest(file.raw, raw.FPDFAnnot_GetLink(raw.FPDFPage_GetAnnot(page.raw, number))))
            for page in file
            for number in range(raw.FPDFPage_GetAnnotCount(page.raw))
        )


def test_what_is_handed_out_holds_no_answer() -> None:
    held = words_in(as_pdf(speech_pack(), with_key=False), "pdf")
    assert "一、填空题（每空2分，共2分）" in held and "测试题（共7题，满分15分）" in held and "姓名：" in held
    assert "B.压缩整改时限" in held
    for said in ("四个聚焦", "第2段", "原文", "参考答案", "AC", "4个单位", "以巡促改", "巡察干部"):
        assert said not in held, said


@pytest.mark.parametrize("with_key", [True, False])
@pytest.mark.parametrize("pack", [thin_pack(), replace(speech_pack(), items=()), replace(speech_pack(), outlines=())])
def test_packs_with_little_in_them(pack: Pack, with_key: bool) -> None:
    held = words_in(as_pdf(pack, with_key), "pdf")
    assert bare(pack.title) in held and (pack.items or parts.NO_ITEMS in held)


def test_hostile_words_stay_words(used: str) -> None:
    held = words_in(as_pdf(hostile_pack()), "pdf")
    assert held.count("<b>粗</b>&amp;</a:t></w:t><script>?𠮷𬱖]]>{{x}}%s") > 10


@pytest.mark.slow
def test_thousands_of_quotes_and_long_ones(used: str) -> None:
    held = words_in(as_pdf(large_pack(60)), "pdf")
    assert "420.开放题" in held and held.count("通过工作谋划看政治站位高不高。") == 60
    pack = long_pack()
    held = words_in(as_pdf(pack), "pdf")
    assert [q.text[:20] for q in quotes_in(pack) if bare(q.text) not in held] == []


def test_a_row_higher_than_a_page_goes_on_and_no_other_is_cut() -> None:
    pack = speech_pack()
    far = [replace(pack.formulations[0].places[0], paragraph=2 * n) for n in range(1, 900)]
    tall = replace(pack.formulations[0], places=tuple(far))
    texts = [
        "、".join(f"第{n}项{word}" for word in ("抓早抓小", "防微杜渐", "标本兼治", "久久为功")) for n in range(60)
    ]
    rows = [replace(pack.formulations[3], text=text, places=pack.formulations[3].places) for text in texts]
    held = words_in(as_pdf(replace(pack, formulations=(*rows, tall))), "pdf")
    assert [text for text in texts if text not in held] == []
    assert "、".join(str(q.paragraph) for q in far[:3]) in held and "1798段" in held


def test_lines_begin_and_end_as_they_may() -> None:
    run = Run("", "any", 10)
    text = "要紧扣“四个聚焦”（见第2024号文件），把握inspection重点……抓实。" * 20
    lines = ["".join(s.text for s in line) for line in broken([Sign(c, run, 10.0) for c in text], 133, 20)]
    assert "".join(lines) == text and len(lines) > 50 and len(lines[0]) <= 11
    assert all(len(line) <= 13 and line[0] not in NO_START and line[-1] not in NO_END for line in lines)
    assert all("inspection"[1:] not in line or "inspection" in line for line in lines)
    assert [len(line) for line in broken([Sign("a", run, 10.0)] * 30, 100, 0)] == [10, 10, 10]
    assert list(broken([], 100, 0)) == [[]]


def test_a_font_that_cannot_be_embedded_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "simsun.ttc").write_bytes(b"no font")
    found = fonts.faces([tmp_path])
    assert (found.body, found.heading, found.known) == (fonts.STANDARD, fonts.STANDARD, None)
    assert list(found.cut("甲乙")) == [(True, "甲乙")]


def test_the_file_says_what_it_is() -> None:
    with pypdfium2.PdfDocument(io.BytesIO(as_pdf(speech_pack()))) as file:
        assert file.get_metadata_value("Title") == "《市委巡视动员部署会讲话》学习材料"
        assert file.get_metadata_value("Author") == "政策问答助手"
