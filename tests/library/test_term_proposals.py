"""Words that documents themselves shorten, define or coin, and the draft of a glossary made of them."""

import json
import lzma
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.index.folder import open_index
from assistant.language.glossary import SOURCE_LIMIT, Glossary, Term, load_glossary
from assistant.library.glossary_draft import HEADER, NOTHING, draft
from assistant.library.term_proposals import (
    Definition,
    Proposals,
    Quoted,
    ShortName,
    Source,
    definitions,
    find_proposals,
    quoted_words,
    short_names,
)
from support.corpus import FakeEncoder, build_index, write
from support.paths import ROOT

STARD = ROOT / ".." / "shared" / "data" / "stard" / "corpus.jsonl.xz"
PLACE = Source("办法", 1)

Propose = Callable[..., Proposals]


@pytest.fixture
def propose(tmp_path: Path, encoder: FakeEncoder) -> Iterator[Propose]:
    """Index texts by file name and return what is proposed of them."""
    opened = []

    def find(texts: dict[str, str], *listed: str) -> Proposals:
        for name, text in texts.items():
            write(tmp_path / "语料", name, text)
        build_index(tmp_path / "语料", tmp_path / "索引", encoder)
        opened.append(open_index(tmp_path / "索引", encoder))
        return find_proposals(opened[-1].records, frozenset(listed))

    yield find
    for index in opened:
        index.close()


@pytest.mark.parametrize(
    ("text", "full", "short"),
    [
        ("根据《中华人民共和国公务员法》（以下简称《公务员法》），", "中华人民共和国公务员法", "公务员法"),
        ("根据《中华人民共和国监察法》(以下简称监察法)制定。", "中华人民共和国监察法", "监察法"),
        ("由中国证券监督管理委员会（以下称“证监会”）负责。", "中国证券监督管理委员会", "证监会"),
        ("中国共产党中央纪律检查委员会（简称：中央纪委）", "中国共产党中央纪律检查委员会", "中央纪委"),
        ("“国家反诈中心”应用，“全国防灾减灾救灾委员会”（下称“国家防减救灾委”）", "", ""),
        ("投保机动车第三者责任强制保险（以下简称交强险）。", "", ""),
        ("为了规范私募投资基金（以下简称私募基金）活动，", "私募投资基金", "私募基金"),
        ("交强险（即机动车交通事故责任强制保险）", "机动车交通事故责任强制保险", "交强险"),
        ("《中国共产党巡视工作条例》（2024年修订，以下简称《巡视条例》）", "中国共产党巡视工作条例", "巡视条例"),
        ("市委巡视工作领导小组办公室（以下简称市委巡视办）", "市委巡视工作领导小组办公室", "市委巡视办"),
        ("成立市委巡视工作领导小组（以下简称领导小组）", "", ""),
        ("《关于加强工作的意见》（市发〔2023〕5号，以下简称《意见》）", "", ""),
        ("香港特别行政区居民，简称香港居民，包括", "香港特别行政区居民", "香港居民"),
        ("本法所称节约能源（以下简称节能），是指", "节约能源", "节能"),
        ("中国人民解放军总装备部（以下简称总装备部）", "中国人民解放军总装备部", "总装备部"),
        # what is only called so here, or whose beginning is unsure
        ("根据《国务院关于职工工作时间的规定》（以下简称《规定》），", "", ""),
        ("《著作权法实施条例》（以下简称《实施条例》）", "", ""),
        ("加强军民合用机场（以下简称机场）管理，", "", ""),
        ("由国家邮政机构（以下简称邮政机构）投递，", "", ""),
        ("中华人民共和国境外（以下简称境外）", "", ""),
        ("汽车和汽车挂车（以下统称汽车产品）", "", ""),
        ("负责出版管理的行政部门（以下简称出版行政部门）", "", ""),
        ("供应加碘食盐（以下简称碘盐）", "", ""),
        ("次债务人（即债务人的债务人）", "", ""),
        ("名称（包括简称、字号等）", "", ""),
    ],
)
def test_short_names(text: str, full: str, short: str) -> None:
    assert [pair[1:] for pair in short_names(text)] == ([(full, short)] if full else [])


@pytest.mark.parametrize(
    ("text", "word", "meaning"),
    [
        ("本办法所称巡察，是指市、县党委的政治监督。其他", "巡察", "市、县党委的政治监督。"),
        ("第三条　本法所称节约能源（以下简称节能），是指加强用能管理。", "节约能源", "加强用能管理。"),
        ("（一）锅炉，是指利用燃料加热的设备；\n", "锅炉", "利用燃料加热的设备。"),
        ("本例所称“批捕”，是指批准逮捕。", "批捕", "批准逮捕。"),
        ("为此。老年人是指六十周岁以上的公民。", "老年人", "六十周岁以上的公民。"),
        ("所谓“后半篇文章”，就是巡视整改和成果运用。", "后半篇文章", "巡视整改和成果运用。"),
        (
            "“四个意识”是指政治意识、大局意识、核心意识、看齐意识。",
            "四个意识",
            "政治意识、大局意识、核心意识、看齐意识。",
        ),
        ("所谓担当，就是要敢于负责。", "", ""),
        ("巡视就是政治体检。", "", ""),
        ("前款所称道地中药材，是指优选出来的中药材。", "道地中药材", "优选出来的中药材。"),
        ("前款所称使用，是指生产经营等活动。", "", ""),
        ("本条例所称证券登记机构，是指《证券法》第一百五十五条规定的机构。", "", ""),
        ("本法所称重大事项，是指下列事项：\n（一）甲事项", "", ""),
        ("刑法第二百九十四条规定的“纵容”，是指机关工作人员不履行职责。", "", ""),
        ("他是指导员里面最好的一个。", "", ""),
        ("工作重点是指导各地做好准备。", "", ""),
        ("这是指党委的政治监督。", "", ""),
        ("有危险行为的人群，是指有下述行为的人群。", "", ""),
    ],
)
def test_definitions(text: str, word: str, meaning: str) -> None:
    assert [found[1:] for found in definitions(text)] == ([(word, meaning)] if word else [])


def test_two_definitions_in_one_sentence() -> None:
    text = "所称中小企业，是指中型企业和小型企业；所称大型企业，是指中小企业以外的企业。"
    assert [found[1:] for found in definitions(text)] == [("中小企业", "中型企业和小型企业。")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("增强“四个意识”，做到“两个维护”。", ["四个意识", "两个维护"]),
        ("应当认定为“情节严重”。刑法规定的“明知”，标明“绝密”字样", []),
        ("“应当提交的材料”，“某年某月”，“使生产受损”", []),
        ("“他说：不行。”“一”", []),
    ],
)
def test_quoted_words(text: str, words: list[str]) -> None:
    assert [word for _, word in quoted_words(text)] == words


@given(st.text("，。（）()“”《》是指以下简称本法所称甲乙的一\n", max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    for at, full, short in short_names(text):
        assert full in text[at:] and short in text[at:]
    for at, word, meaning in definitions(text):
        assert text[at:].startswith(word) and meaning[:-1] in text
    for at, word in quoted_words(text):
        assert text[at - 1 : at + len(word) + 1] == f"“{word}”"


def test_proposals_of_a_corpus(propose: Propose) -> None:
    texts = {
        "公务员规定.txt": "根据《中华人民共和国公务员法》（以下简称《公务员法》），制定本规定。\n"
        "本规定所称公务员，是指依法履行公职的人员。",
        "通知.txt": "突发公共卫生事件（以下简称突发事件）\n关于“回头看”的安排\n"
        "做到“两个维护”，做到“两个维护”。\n他说“支付”。",
        "另一通知.txt": "应对各类突发事件。坚决做到“两个维护”。\n支付、支付和“支付”和支付。\n"
        "本规定所称公务员，是指公职人员和文员。",
    }
    found = propose(texts)
    rule = "公务员规定"
    assert found.names == (ShortName("中华人民共和国公务员法", "公务员法", Source(rule, 1)),)
    also = (Source("另一通知", 3),)
    titles = [("公务员", "依法履行公职的人员。", Source(rule, 2), also)]
    assert [(d.word, d.text, d.source, d.also) for d in found.definitions] == titles
    assert found.quoted == (
        Quoted("两个维护", 3, 2, Source("另一通知", 1)),
        Quoted("回头看", 1, 1, Source("通知", 2)),
    )
    rest = propose(texts, "公务员法", "公务员", "两个维护")
    assert rest == Proposals(quoted=found.quoted[1:])


def test_a_short_name_of_two_things_is_not_proposed(propose: Propose) -> None:
    texts = {
        "甲.txt": "税务总局信息中心（以下简称税信中心）",
        "乙.txt": "税务研究信用中心（以下简称税信中心）",
    }
    assert propose(texts) == Proposals()


def load_draft(folder: Path, proposals: Proposals) -> Glossary:
    (folder / "glossary.toml").write_text(draft(proposals), encoding="utf-8")
    return load_glossary(folder)


def test_the_draft(tmp_path: Path) -> None:
    proposals = Proposals(
        (ShortName("节约能源", "节能", PLACE), ShortName("中华人民共和国", "中国", PLACE)),
        (Definition("节能", "加强管理。", PLACE), Definition("锅炉", '"设备"\\n。', PLACE, (Source("规定", 9),))),
        (Quoted("回头看", 3, 2, PLACE),),
    )
    assert draft(proposals) == (
        f"{HEADER}\n\n"
        '# 节能：《办法》第1段\n[[term]]\nwords = ["节能", "节约能源"]\n'
        'definition = "加强管理。"\nsource = "《办法》第1段"\n\n'
        '# 中国：《办法》第1段\n[[term]]\nwords = ["中国", "中华人民共和国"]\n\n'
        '# 另有不同的定义：《规定》第9段\n[[term]]\nwords = ["锅炉"]\n'
        'definition = "\\"设备\\"\\\\n。"\nsource = "《办法》第1段"\n\n'
        '# “回头看”：2 份文件 3 次，如《办法》第1段\n# [[term]]\n# words = ["回头看"]\n# definition = "请填写"\n'
    )
    glossary = load_draft(tmp_path, proposals)
    assert glossary.groups == (("节能", "节约能源"), ("中国", "中华人民共和国"))
    assert glossary.defined[1] == Term(("锅炉",), '"设备"\\n。', "《办法》第1段")
    assert draft(Proposals()) == f"{NOTHING}\n"


def test_names_that_share_words_are_one_entry(tmp_path: Path) -> None:
    pairs = [("中央纪律检查委员会", "中央纪委"), ("国家监委会", "国监"), ("中国证监委员会", "证监会")]
    more = [("中央纪律检查委员会", "中纪委"), ("证监会", "中国证监委员会")]
    names = tuple(ShortName(full, short, PLACE) for full, short in pairs + more)
    assert set(load_draft(tmp_path, Proposals(names)).groups) == {
        ("中央纪委", "中纪委", "中央纪律检查委员会"),
        ("国监", "国家监委会"),
        ("证监会", "中国证监委员会"),
    }


def test_a_hostile_title_stays_a_comment(tmp_path: Path) -> None:
    title = "甲\n[[term]]\rwords = 3\x00\u2028" + "长" * 200
    proposals = Proposals(
        (ShortName("节约能源", "节能", Source(title, 7)),), (Definition("节能", "省。", Source(title, 7)),)
    )
    (term,) = load_draft(tmp_path, proposals).defined
    assert len(term.source) <= SOURCE_LIMIT and term.source.endswith("》第7段")


def test_the_speech_gives_a_draft_that_loads(propose: Propose, tmp_path: Path) -> None:
    (speech,) = (ROOT / "corpus").glob("*.txt")
    proposals = propose({speech.name: speech.read_text(encoding="utf-8")})
    assert [(q.word, q.count) for q in proposals.quoted[:2]] == [("两个维护", 3), ("后半篇文章", 3)]
    assert load_draft(tmp_path, proposals) == Glossary()


@pytest.mark.slow
@pytest.mark.skipif(not STARD.exists(), reason="needs ../shared/data/stard")
def test_laws_give_a_draft_that_loads(propose: Propose, tmp_path: Path) -> None:
    laws: dict[str, list[str]] = {}
    with lzma.open(STARD, "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            name = re.sub("第[一二三四五六七八九十百千零]+条.*", "", article["title"])
            laws.setdefault(name, []).append(article["text"])
    chosen = [name for name in laws if name.endswith("条例")][:60]
    texts = {f"{name}.txt": "\n".join(laws[name]) for name in chosen}
    proposals = propose(texts)
    assert len(proposals.names) >= 5 and len(proposals.definitions) >= 50
    said = [(n.source, n.full, n.short) for n in proposals.names]
    for source, *parts in said + [(d.source, d.word, d.text[:-1]) for d in proposals.definitions]:
        paragraph = [p for p in texts[f"{source.title}.txt"].split("\n") if p.strip()][source.paragraph - 1]
        assert all(part in paragraph for part in parts)
    glossary = load_draft(tmp_path, proposals)
    assert glossary.words >= {word for n in proposals.names for word in (n.full, n.short)}
    assert glossary.words >= {d.word for d in proposals.definitions}
