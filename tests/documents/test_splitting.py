import re
from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.base.text import CLOSING, OPENING
from assistant.documents import splitting
from assistant.documents.catalog import NO_ENTRY
from assistant.documents.document import Document, list_files, read_file
from assistant.documents.formats import Heading, markdown_headings
from assistant.documents.splitting import PASSAGE_CHARACTERS, SENTENCE_LIMIT, Structure, sentence_spans, split
from support.drawing import drawn
from support.paths import ROOT

CORPUS = ROOT / "corpus"
SPEECH = "市委巡视动员部署会讲话.txt"
MARKED = "甲乙丙ab19　 \t\n，、：:。；！？.;!?…“”‘’（）()《》〈〉「」『』【】〔〕[]{}\"'"
TOKENS = [
    *MARKED,
    *["\n", "\n\n", "\n　　", "……", "。”", "；”", "3.5元", "1.2万", "第一，", "第二，", "首先，", "其次，", "最后，"],
    *["一、", "二、", "（一）", "1.", "（1）", "①", "第一章 ", "第一条　", "第二条　", "# ", "\n## ", "一是", "二是"],
    *["同志们，", "各位代表！", "a?b=1", "U.S. ", "整改" * 9],
]
TEXTS = st.one_of(st.lists(st.sampled_from(TOKENS), max_size=60).map("".join), st.text(), st.text(alphabet=MARKED))


def document(text: str, headings: tuple[Heading, ...] | None = None) -> Document:
    found = markdown_headings(text) if headings is None else headings
    return Document("d1", "标题", None, None, None, "甲.md", text, len(text), "", "utf-8", found)


def sentences(text: str) -> list[str]:
    return [text[s.start : s.end] for s in split(document(text)).sentences]


def outline(text: str) -> list[tuple[str, str, str]]:
    """Return label, title and path of each section, indented labels for the inner ones."""
    return [("  " * (s.level - 1) + s.label, s.title, s.path) for s in split(document(text)).sections]


# ---- Every piece is where it says, and nothing is lost


@given(TEXTS, st.booleans())
@example("", True)
@example("\n　\n", True)
@example("甲\n# 乙\n丙", False)
@drawn(400)
def test_pieces_of_any_text(text: str, short: bool) -> None:
    sentence, quote, passage = (20, 8, 15) if short else (SENTENCE_LIMIT, splitting.QUOTE_LIMIT, PASSAGE_CHARACTERS)
    with mock.patch.multiple(splitting, SENTENCE_LIMIT=sentence, QUOTE_LIMIT=quote, PASSAGE_CHARACTERS=passage):
        pieces = split(document(text))
    assert_paragraphs(text, pieces)
    assert_sentences(text, pieces)
    assert_sections(text, pieces)
    assert_passages(text, pieces, passage)


def assert_paragraphs(text: str, pieces: Structure) -> None:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    assert [text[p.start : p.end] for p in pieces.paragraphs] == lines
    assert [p.number for p in pieces.paragraphs] == list(range(1, len(lines) + 1))
    firsts = [s.section for s in pieces.sentences if s.number == 0]
    assert [p.section for p in pieces.paragraphs] == firsts


def assert_sentences(text: str, pieces: Structure) -> None:
    """Sentences tile their paragraph but for blanks, so that each non-blank character is in exactly one."""
    covered = 0
    for paragraph in pieces.paragraphs:
        own = [s for s in pieces.sentences if s.paragraph == paragraph.number]
        assert [s.number for s in own] == list(range(len(own)))
        assert (own[0].start, own[-1].end) == (paragraph.start, paragraph.end)
        assert all(not text[a.end : b.start].strip() and a.end <= b.start for a, b in zip(own, own[1:], strict=False))
        covered += len(own)
    assert covered == len(pieces.sentences)
    assert all(text[s.start : s.end].strip() == text[s.start : s.end] != "" for s in pieces.sentences)


def assert_sections(text: str, pieces: Structure) -> None:
    made = pieces.sections
    assert [s.number for s in made] == list(range(len(made)))
    assert [s.start for s in made] == sorted(s.start for s in made)
    assert bool(made) == bool(text.strip())
    for section in made:
        assert text[section.start : section.end].strip() == text[section.start : section.end] != ""
        outer = None if section.parent is None else made[section.parent]
        assert section.level == (outer.level + 1 if outer else 1)
        assert outer is None or (outer.number < section.number and outer.start <= section.start)
        assert outer is None or section.end <= outer.end
    for a in made:
        assert all(b.start >= a.end for b in made[a.number + 1 :] if b.parent == a.parent)
    for s in pieces.sentences:
        around = [x for x in made if x.start <= s.start and s.end <= x.end]
        assert max(around, key=lambda x: x.level).number == s.section


def assert_passages(text: str, pieces: Structure, most: int) -> None:
    """Passages hold all sentences in order, and none crosses a paragraph or a section."""
    held = [(p.paragraph, n, p.section) for p in pieces.passages for n in range(p.first, p.last + 1)]
    assert held == [(s.paragraph, s.number, s.section) for s in pieces.sentences]
    places = {(s.paragraph, s.number): s for s in pieces.sentences}
    for p in pieces.passages:
        first, last = places[p.paragraph, p.first], places[p.paragraph, p.last]
        assert (p.start, p.end) == (first.start, last.end)
        assert p.end - p.start <= most or p.first == p.last


MARKS = ["“”", "‘’", "（）", "《》", "「」", "【】", "()", "〔〕"]
ATOMS = st.sampled_from([*"甲乙，、。；！？ .;?", "……", "3.5", "第一，", "。。", "ok"])
BALANCED = st.recursive(
    st.lists(ATOMS, max_size=6).map("".join),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(MARKS), inner).map(lambda pair: pair[0][0] + pair[1] + pair[0][1]),
        st.lists(inner, max_size=3).map("".join),
    ),
    max_leaves=12,
)


@given(BALANCED.filter(lambda text: 0 < len(text) < splitting.QUOTE_LIMIT))
@drawn(400)
def test_quotation_marks_and_brackets_stay_with_their_sentence(text: str) -> None:
    for a, b in sentence_spans(text, 0, len(text)):
        assert all(text[a:b].count(pair[0]) == text[a:b].count(pair[1]) for pair in MARKS)
        assert text[a] not in "”’）》」】)〕"


# ---- Sentences, one case each


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲。乙！丙？丁", ["甲。", "乙！", "丙？", "丁"]),
        ("立行立改；长期坚持。", ["立行立改；", "长期坚持。"]),
        ("做到“立行立改；长期坚持”两条。再看。", ["做到“立行立改；长期坚持”两条。", "再看。"]),
        ("指出：“加强整改。用好利器。”着眼长远。", ["指出：“加强整改。用好利器。”", "着眼长远。"]),
        ("坚持“甲”“乙。”下一句。", ["坚持“甲”“乙。”", "下一句。"]),
        ("他说“‘好。’”再来。", ["他说“‘好。’”", "再来。"]),
        ("（见附件。）下文。", ["（见附件。）", "下文。"]),
        ("他说“甲（乙。）丙”丁。戊", ["他说“甲（乙。）丙”丁。", "戊"]),
        ("（甲；乙）丙。丁。", ["（甲；乙）丙。", "丁。"]),
        ("他说“好。”。再来。", ["他说“好。”。", "再来。"]),
        ("以巡促“改。”；以巡促建。", ["以巡促“改。”；", "以巡促建。"]),
        ("甲。）”乙。", ["甲。）”", "乙。"]),
        ("他说“甲。乙", ["他说“甲。", "乙"]),
        ("真的？！是的……。好", ["真的？！", "是的……。", "好"]),
        ("等等……后来。", ["等等……后来。"]),
        ("后来……", ["后来……"]),
        ("每份3.5元，共1.2万份。", ["每份3.5元，共1.2万份。"]),
        ("Version 3.5 is out. It is good.", ["Version 3.5 is out.", "It is good."]),
        ("见 U.S. Code 第3.1节。", ["见 U.S. Code 第3.1节。"]),
        ("见https://a.cn/?a=1;b=2。好;对", ["见https://a.cn/?a=1;b=2。", "好;", "对"]),
        ('他说"好。"然后走。', ['他说"好。"', "然后走。"]),
        ("　　甲。　 乙。\n\n \n丙", ["甲。", "乙。", "丙"]),
        ("。", ["。"]),
        ("", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_very_long_quotation_is_split() -> None:
    inner = "甲乙丙丁。" * 80
    assert sentences(f"“{inner}”") == ["“甲乙丙丁。"] + ["甲乙丙丁。"] * 78 + ["甲乙丙丁。”"]


def test_a_very_long_sentence_is_cut_at_a_clause() -> None:
    clause = "整" * 299 + "，"
    assert [len(s) for s in sentences(clause * 7)] == [900, 900, 300]
    assert [len(s) for s in sentences("整" * (SENTENCE_LIMIT * 2 + 1))] == [SENTENCE_LIMIT, SENTENCE_LIMIT, 1]


@pytest.mark.parametrize(
    ("words", "count"),
    [("“甲”乙。", 10_000), ("“甲；", 10_000), ("（", 10), ("（》", 20), ("“", 10), ("。”", 20), ("…甲", 20)],
)
def test_a_text_pasted_as_one_line_is_split_in_time(words: str, count: int) -> None:
    """Each of these took time with the square of its length."""
    assert len(sentences(words * 10_000)) == count


def pairs_simply(text: str) -> list[tuple[int, int]]:
    """Find the pairs by looking through all that is open at each mark."""
    closing = dict(zip(OPENING + '"', CLOSING + '"', strict=True))
    stack: list[int] = []
    pairs = []
    for at, mark in enumerate(text):
        near = [k for k, begin in enumerate(stack) if at + 1 - begin <= splitting.QUOTE_LIMIT]
        opened = max((k for k in near if closing[text[stack[k]]] == mark), default=None)
        if opened is not None:
            pairs.append((stack[opened], at + 1))
            del stack[opened:]
        elif mark in closing:
            stack.append(at)
    return sorted(pairs)


def ends_simply(text: str) -> list[int]:
    """Find the ends by looking through all pairs at each."""
    pairs, found = pairs_simply(text), []
    for match in re.finditer("[。；]+|…+$", text):
        start, stop = match.span()
        around = sorted(pair for pair in pairs if pair[0] < start and pair[1] >= stop)
        while around and stop == around[-1][1] - 1 and "；" not in match.group():
            stop = around.pop()[1]
        if not around and stop < len(text):
            rest = text[stop:]
            found.append(stop + len(rest) - len(rest.lstrip(CLOSING + "。！？!?；;…")))
    return found


@given(st.text(alphabet='甲乙“”（）《》"。；…', max_size=60), st.sampled_from([4, 12, 300]))
@drawn(500)
def test_ends_are_those_that_looking_through_everything_finds(text: str, limit: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(splitting, "QUOTE_LIMIT", limit)
        assert list(splitting._ends(text, 0, len(text))) == ends_simply(text)


# ---- Sections


def test_points_of_a_speech() -> None:
    first = "第一，提高站位。首先要学习，掌握。其次，要深入。最后，要落实。"
    text = f"同志们：\n今天开会。\n{first}\n第二，严守纪律。\n同志们，努力！"
    assert outline(text) == [
        ("引言", "", "引言"),
        ("第一", "提高站位", "第一"),
        ("  首先", "要学习", "第一"),
        ("  其次", "要深入", "第一"),
        ("  最后", "要落实", "第一"),
        ("第二", "严守纪律", "第二"),
        ("结语", "", "结语"),
    ]


def test_articles_of_a_law() -> None:
    second = "第二条　有下列情形之一的：\n（一）患病；\n（二）婚丧。"
    text = f"第一章　总则\n第一条　为了规范，制定本法。\n第二章　请假\n{second}\n第三条　附则。"
    assert outline(text) == [
        ("第一章", "总则", "第一章"),
        ("  第一条", "为了规范", "第一章 · 第一条"),
        ("第二章", "请假", "第二章"),
        ("  第二条", "有下列情形之一的：", "第二章 · 第二条"),
        ("    （一）", "患病", "第二章 · 第二条 · （一）"),
        ("    （二）", "婚丧", "第二章 · 第二条 · （二）"),
        ("  第三条", "附则", "第二章 · 第三条"),
    ]


def test_numbers_of_an_official_document() -> None:
    text = "为做好工作，通知如下。\n一、总体要求\n（一）指导思想。坚持。\n1. 学习。\n2. 宣传。\n（二）原则。\n二、任务"
    labels = [label for label, _, _ in outline(text)]
    assert labels == ["引言", "一、", "  （一）", "    1.", "    2.", "  （二）", "二、"]


def test_headings_of_markdown() -> None:
    text = "前言\n# 通知\n\n甲。\n## 一、要求\n乙。\n```\n# 不是\n```\n## 联系人\n# 附件"
    assert outline(text) == [
        ("引言", "", "引言"),
        ("通知", "", "通知"),
        ("  一、", "要求", "通知 · 一、"),
        ("  联系人", "", "通知 · 联系人"),
        ("附件", "", "附件"),
    ]


def test_a_short_line_does_not_take_the_heading_of_the_next() -> None:
    assert [label for label, _, _ in outline("甲\n# 乙\n丙")] == ["引言", "乙"]


def test_counted_points_in_a_line() -> None:
    text = "要抓好三件事：一是学习；二是宣传；三是落实。\n其他。"
    assert [label for label, _, _ in outline(text)] == [""]
    text = "要抓好三件事。一是学习；二是宣传；三是落实。\n其他。"
    points = [("  一是", "学习", "引言"), ("  二是", "宣传", "引言"), ("  三是", "落实", "引言")]
    assert outline(text) == [("引言", "", "引言"), *points]
    assert split(document(text)).paragraphs[1].section == 0


def test_points_that_go_on_in_the_line_that_opens_with_the_first() -> None:
    found = split(document("第一，甲。首先，乙。其次，丙。第二，丁。\n戊。"))
    assert [(s.label, s.parent, s.path) for s in found.sections] == [
        ("第一", None, "第一"),
        ("首先", 0, "第一"),
        ("其次", 0, "第一"),
        ("第二", None, "第二"),
    ]
    assert found.paragraphs[1].section == 3
    assert outline("首先，甲。其次，乙。\n丙。") == [("首先", "甲", ""), ("其次", "乙", "")]


def test_points_inside_a_point_of_the_same_name() -> None:
    found = split(document("第二，甲。第一，乙；第二，丙。\n第三，丁。"))
    assert [(s.label, s.parent) for s in found.sections] == [("第二", None), ("第一", 0), ("第二", 0), ("第三", None)]


@pytest.mark.parametrize("text", ["甲。最后，要落实。", "最后，要落实。", "其次，要落实。\n二是宣传。"])
def test_last_alone_is_no_section(text: str) -> None:
    assert outline(text) == [("", "", "")]


def test_a_closing_address_needs_points_before_it() -> None:
    assert outline("今天开会。\n同志们，努力！") == [("", "", "")]


def test_the_bundled_speech() -> None:
    file = next(f for f in list_files(CORPUS) if f.path == SPEECH)
    found = read_file(file, NO_ENTRY)
    pieces = split(found)
    assert [(s.label, s.level, s.parent) for s in pieces.sections] == [
        ("引言", 1, None),
        ("第一", 1, None),
        ("首先", 2, 1),
        ("其次", 2, 1),
        ("最后", 2, 1),
        ("第二", 1, None),
        ("第三", 1, None),
        ("结语", 1, None),
    ]
    assert [s.title for s in pieces.sections if s.label in ("第一", "第二", "第三")] == [
        "始终聚焦“两个维护”",
        "紧扣巡视重点任务",
        "带头发扬自我革命精神",
    ]
    assert len(pieces.paragraphs) == 6
    assert [sum(s.paragraph == n for s in pieces.sentences) for n in range(1, 7)] == [1, 6, 9, 11, 14, 2]
    assert "".join(found.text[s.start : s.end] for s in pieces.sentences) == found.text.replace("\n", "").strip()
    assert_passages(found.text, pieces, PASSAGE_CHARACTERS)


# ---- Passages


def test_passages_gather_neighbours_up_to_a_limit() -> None:
    sentence = "整" * 79 + "。"
    made = split(document(f"{sentence * 5}\n{sentence}")).passages
    assert [(p.paragraph, p.first, p.last) for p in made] == [(1, 0, 1), (1, 2, 3), (1, 4, 4), (2, 0, 0)]


def test_context_is_what_stands_above() -> None:
    text = "第一章　总则\n第一条　有下列情形的：\n（一）患病；\n第二条　附则。其他。"
    assert [p.context for p in split(document(text)).passages] == [
        "",
        "第一章 总则",
        "第一章 总则\n第一条 有下列情形的：",
        "第一章 总则",
    ]
