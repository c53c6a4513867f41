"""A study pack as .docx: every quote word for word, set as official documents are, printed to pictures."""

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.base.text import drop_controls
from assistant.study.export import parts
from assistant.study.export.word import STUCK, as_docx
from assistant.study.pack import Pack
from support.exported import (
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
    xml_part,
)

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def test_every_quote_stands_word_for_word() -> None:
    pack = speech_pack()
    held = words_in(as_docx(pack), "docx")
    quotes = [q for q in quotes_in(replace(pack, cards=()))]
    assert len(quotes) == 47 and [q.text for q in quotes if bare(q.text) not in held] == []
    for item in pack.items:
        assert bare(parts.cited(item.source)) in held
    assert bare("重要提法") in held and "排序题只有1道：文件中成序列的要点不够。" in held


def test_points_have_their_places_in_footnotes() -> None:
    pack = speech_pack()
    data = as_docx(pack)
    notes = {n.get(f"{W}id"): "".join(n.itertext()).strip() for n in xml_part(data, "word/footnotes.xml")}
    document = xml_part(data, "word/document.xml")
    referred = [r.get(f"{W}id") for r in document.iter(f"{W}footnoteReference")]
    assert set(notes) == {"-1", "0", *referred} and len(set(referred)) == len(referred) == 16
    for paragraph in document.iter(f"{W}p"):
        words = "".join(t.text or "" for t in paragraph.iter(f"{W}t"))
        if words.endswith("其次，坚持全心全意为人民服务是党的宗旨。"):
            assert [notes[r.get(f"{W}id")] for r in paragraph.iter(f"{W}footnoteReference")] == [
                "《市委巡视动员部署会讲话》其次 第3段"
            ]
            break
    else:
        pytest.fail("the point is missing")


def test_it_is_set_as_official_documents_are() -> None:
    data = as_docx(speech_pack())
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        styles, fonts = (file.read(f"word/{name}.xml").decode() for name in ("styles", "fontTable"))
        footers = [file.read(name).decode() for name in file.namelist() if "footer" in name and name.endswith(".xml")]
    title = re.search(r'<w:style [^>]*w:styleId="Title".*?</w:style>', styles, re.S)
    body = re.search(r'<w:style [^>]*w:styleId="BodyText".*?</w:style>', styles, re.S)
    assert title and 'w:eastAsia="方正小标宋简体"' in title[0] and '<w:sz w:val="44"/>' in title[0]
    assert body and 'w:eastAsia="仿宋"' in body[0] and '<w:sz w:val="32"/>' in body[0]
    assert 'w:line="560"' in body[0] and 'w:lineRule="exact"' in body[0] and 'w:firstLineChars="200"' in body[0]
    for name, other in (("仿宋", "仿宋_GB2312"), ("方正小标宋简体", "SimSun"), ("黑体", "SimHei"), ("楷体", "KaiTi")):
        assert re.search(f'<w:font w:name="{name}"><w:altName w:val="[^"]*{other}', fonts)
    assert len(footers) == 2 and all('w:instr="PAGE"' in footer and "— " in footer for footer in footers)


def test_the_key_has_pages_of_its_own() -> None:
    from docx import Document

    document = Document(io.BytesIO(as_docx(speech_pack())))
    sheets = [p.text for p in document.paragraphs if p.style is not None and p.style.name == "另页标题"]
    assert sheets == ["测试题", "参考答案与出处", "学习卡片"]
    assert document.styles["另页标题"].paragraph_format.page_break_before
    words = [p.text for p in document.paragraphs]
    key, cards = words[words.index("参考答案与出处") :], words[words.index("学习卡片") :]
    at = key.index("4. 错")
    assert key[at + 1] == "原文是“4个单位”。"
    assert key[at + 2] == "原文：经市委批准，本轮巡视将对4个单位开展常规巡视，（《市委巡视动员部署会讲话》引言 第2段）"
    assert "5. A→C→B" in key and "3. AC" in key and "1. 四个聚焦" in key
    assert cards == ["学习卡片", "1. 四个聚焦", "紧扣“四个聚焦”"]


def test_what_is_handed_out_holds_no_answer() -> None:
    pack = speech_pack()
    data = as_docx(pack, with_key=False)
    held = words_in(data, "docx")
    assert "一、填空题（每空2分，共2分）" in held and "测试题（共7题，满分15分）" in held and "姓名：" in held
    assert "1.要突出重点，紧扣“”，把政治体检" in held and "B.压缩整改时限" in held
    (blank,) = (r for r in xml_part(data, "word/document.xml").iter(f"{W}r") if r.find(f"{W}rPr/{W}u") is not None)
    assert "".join(blank.itertext()) == STUCK * 24
    for said in ("四个聚焦", "第2段", "原文", "参考答案", "AC", "4个单位", "以巡促改", "巡察干部"):
        assert said not in held, said
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert not any("四个聚焦" in file.read(name).decode("utf-8", "ignore") for name in file.namelist())


@pytest.mark.parametrize("with_key", [True, False])
@pytest.mark.parametrize("pack", [thin_pack(), replace(speech_pack(), items=()), replace(speech_pack(), outlines=())])
def test_packs_with_little_in_them(pack: Pack, with_key: bool) -> None:
    held = words_in(as_docx(pack, with_key), "docx")
    assert bare(pack.title) in held and (pack.items or parts.NO_ITEMS in held)


def test_hostile_words_stay_words() -> None:
    pack = hostile_pack()
    held = words_in(as_docx(pack), "docx")
    (quote, *_) = quotes_in(pack)
    said = bare(drop_controls(quote.text).replace("\ud800", "?"))
    assert said.startswith("<b>粗</b>&amp;") and held.count(said) > 10


@pytest.mark.slow
def test_thousands_of_quotes_and_long_ones() -> None:
    pack = large_pack(60)
    held = words_in(as_docx(pack), "docx")
    assert sum(1 for _ in quotes_in(pack)) > 2000
    assert "420.开放题" in held and held.count("通过工作谋划看政治站位高不高。") == 60
    pack = long_pack()
    held = words_in(as_docx(pack), "docx")
    assert [q.text[:20] for q in quotes_in(pack) if bare(q.text) not in held] == []


@pytest.mark.office
def test_it_prints_on_numbered_pages_of_which_none_is_blank(tmp_path: Path) -> None:
    pages = pages_of(made_pdf(as_docx(speech_pack()), "docx", tmp_path))
    assert len(pages) >= 6
    for number, (words, ink) in enumerate(pages, 1):
        assert re.search(rf"— ?{number} ?—", words) and ink > 0.005, number
    (key,) = (n for n, (words, _) in enumerate(pages) if words.lstrip().startswith("参考答案与出处"))
    assert "原文：" not in "".join(words for words, _ in pages[:key]) and key == len(pages) - 3
