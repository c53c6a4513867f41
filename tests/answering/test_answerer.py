import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.answering.answer import Answer, Status
from assistant.answering.composing.quotes import place_words
from assistant.answering.service import Service
from assistant.base.settings import Settings
from assistant.documents.splitting import Section
from support.contract import assert_sound
from support.paths import ROOT

LAW = """第一章　总则
第一条　为了规范考勤管理，制定本办法。
第二条　本办法所称考勤，是指对工作人员出勤情况的记录。
第二章　请假
第三条　工作人员请假，应当具备下列条件之一：
（一）因病需要治疗的；
（二）因婚丧需要离岗的；
（三）法律规定的其他情形。
第四条　病假一般不得超过三十日。
第五条　本办法自2021年5月1日起施行。
"""


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Service:
    service = Service(Settings(corpus=ROOT / "corpus", index=tmp_path_factory.mktemp("index")))
    service.ensure()
    return service


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """Three documents of other shapes, with the bundled encoder."""
    corpus = tmp_path_factory.mktemp("文件 夹")
    (corpus / "考勤办法.txt").write_text(LAW, encoding="utf-8")
    (corpus / "通知.md").write_text(
        "# 关于食堂的通知\n\n食堂每日中午十一点半开放，[3] <b>请</b>排队。\n食堂由行政科负责管理。\n", encoding="utf-8"
    )
    (corpus / "通知副本.md").write_text("# 关于食堂的通知\n\n食堂由行政科负责管理。\n", encoding="utf-8")
    service = Service(Settings(corpus=corpus, index=tmp_path_factory.mktemp("index")))
    service.ensure()
    return service


def quotes(answer: Answer) -> list[str]:
    return [citation.quote for citation in answer.citations]


def test_the_example_question(speech: Service) -> None:
    answer = speech.ask("巡视整改要求是什么")
    assert_sound(speech, answer)
    assert answer.status is Status.ANSWERED
    assert answer.answer.startswith("**巡视整改要求**（《市委巡视动员部署会讲话》）\n\n引言\n\n1. 完善整改制度机制")
    starts = [c.start for c in answer.citations]
    assert starts == sorted(starts)
    assert {"引言", "第二", "第三"} <= {c.section for c in answer.citations}


def test_both_wordings_get_the_same_quotes(speech: Service) -> None:
    assert quotes(speech.ask("巡察整改要求是什么")) == quotes(speech.ask("巡视整改要求是什么"))


@pytest.mark.parametrize(
    ("question", "status", "evidence"),
    [
        ("本轮巡视对几个单位开展巡视？", Status.ANSWERED, "本轮巡视将对4个单位开展常规巡视"),
        ("“四个聚焦”具体是哪四个？", Status.MENTIONED, "紧扣“四个聚焦”"),
        ("如何办理居民身份证？", Status.NOT_FOUND, None),
        ("本轮巡视从哪一天开始？", Status.MENTIONED, "本轮巡视"),
        ("为什么要突出“改”字？", Status.ANSWERED, "巡视的最终目的是要解决问题"),
    ],
)
def test_speech(speech: Service, question: str, status: Status, evidence: str | None) -> None:
    answer = speech.ask(question)
    assert_sound(speech, answer)
    assert answer.status is status
    assert evidence is None or any(evidence in quote for quote in quotes(answer))


def test_points_of_the_speech(speech: Service) -> None:
    answer = speech.ask("讲话提了哪三点意见？")
    assert [c.section for c in answer.citations] == ["第一", "第二", "第三"]
    third = speech.ask("第三点讲了什么？")
    assert {c.section for c in third.citations} == {"第三"}
    assert third.citations[0].quote.startswith("第三，带头发扬自我革命精神")


@pytest.mark.parametrize(
    ("question", "paragraph"),
    [
        ("讲话的结尾讲了什么", 6),
        ("讲话结尾对各巡察组提了哪些要求", 6),
        ("讲话开头说了什么", 2),
        ("第三段讲了什么", 3),
    ],
)
def test_a_place_in_the_speech(speech: Service, question: str, paragraph: int) -> None:
    answer = speech.ask(question)
    assert_sound(speech, answer)
    assert answer.status is Status.ANSWERED
    assert {c.paragraph for c in answer.citations} == {paragraph}


def test_a_place_that_the_speech_does_not_have(speech: Service) -> None:
    assert speech.ask("第四十段讲了什么").status is Status.NOT_FOUND


def test_a_list_brings_its_items(office: Service) -> None:
    answer = office.ask("请假应当具备哪些条件？")
    assert_sound(office, answer)
    assert quotes(answer) == [
        "第三条　工作人员请假，应当具备下列条件之一：",
        "（一）因病需要治疗的；",
        "（二）因婚丧需要离岗的；",
        "（三）法律规定的其他情形。",
    ]


def test_a_long_list_says_what_it_leaves_out(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    items = "".join(f"（{n}）保管第{n}类物品；\n" for n in "一二三四五六七八九十")
    (corpus / "仓库.txt").write_text(f"第一条　仓库管理员履行下列职责：\n{items}", encoding="utf-8")
    service = Service(Settings(corpus=corpus, index=tmp_path / "index"))
    service.ensure()
    answer = service.ask("仓库管理员有哪些职责？")
    assert_sound(service, answer)
    assert len(answer.citations) == 8
    assert answer.answer.endswith("（所列事项还有 3 项没有引出，请点开原文查看。）")


@pytest.mark.parametrize(
    ("question", "evidence"),
    [
        ("什么是考勤？", "本办法所称考勤，是指对工作人员出勤情况的记录"),
        ("病假最多多少天？", "病假一般不得超过三十日"),
        ("考勤办法什么时候施行？", "本办法自2021年5月1日起施行"),
        ("考勤办法第四条规定了什么？", "病假一般不得超过三十日"),
        ("食堂由谁管理？", "食堂由行政科负责管理"),
    ],
)
def test_office_documents(office: Service, question: str, evidence: str) -> None:
    answer = office.ask(question)
    assert_sound(office, answer)
    assert answer.status is Status.ANSWERED
    assert evidence in max(answer.citations, key=lambda c: c.score).quote


@pytest.mark.parametrize(
    "question", ["食堂的电话是多少？", "行政科科长叫什么名字？", "年终奖怎么发放？", "公积金比例是多少？"]
)
def test_nothing_is_made_up(office: Service, question: str) -> None:
    answer = office.ask(question)
    assert_sound(office, answer)
    assert answer.status is not Status.ANSWERED


def test_the_same_sentence_in_two_documents_is_cited_once(office: Service) -> None:
    assert sum("食堂由行政科负责管理" in quote for quote in quotes(office.ask("食堂由谁管理？"))) == 1


def test_text_of_documents_cannot_pass_for_markdown(office: Service) -> None:
    answer = office.ask("食堂什么时候开放？")
    assert quotes(answer) == ["食堂每日中午十一点半开放，[3] <b>请</b>排队。"]
    assert r"\[3\] \<b\>请\</b\>排队。 [1]" in answer.answer


def test_questions_can_be_kept_to_documents(office: Service) -> None:
    ids = {record.path: record.id for record in office.documents()}
    answer = office.ask("食堂由谁管理？", [ids["考勤办法.txt"]])
    assert answer.status is not Status.ANSWERED
    assert {hit.document.path for hit in answer.passages} <= {"考勤办法.txt"}


@pytest.mark.parametrize(
    "question", ["", "   ", "？", "是什么", "的" * 400, "\ud800", "<script>alert(1)</script>", "[1]"]
)
def test_odd_questions_get_an_honest_answer(office: Service, question: str) -> None:
    answer = office.ask(question)
    assert_sound(office, answer)
    assert answer.status is not Status.ANSWERED


def test_json_contract(speech: Service) -> None:
    table = json.loads(json.dumps(speech.ask("巡视整改要求是什么").as_json(), ensure_ascii=False))
    assert list(table) == ["question", "status", "answer", "blocks", "citations", "passages", "generator", "elapsed_ms"]
    assert set(table["citations"][0]) == {
        "marker", "document", "document_id", "date", "section", "paragraph", "start", "end", "quote", "score",
    }  # fmt: skip
    assert set(table["passages"][0]) == {"document_id", "paragraph", "text", "score", "lexical", "dense"}
    assert (table["status"], table["generator"]) == ("answered", None)


def test_glossary_changes_count_at_the_next_question(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "甲.txt").write_text("薪金每月十日发放。\n办公室负责保密工作。", encoding="utf-8")
    service = Service(Settings(corpus=corpus, index=tmp_path / "index"))
    service.ensure()
    assert service.ask("工钱哪天发放？").status is not Status.ANSWERED
    (corpus / "glossary.toml").write_text('[[term]]\nwords = ["薪金", "工钱"]\n', encoding="utf-8")
    assert quotes(service.ask("工钱什么时候发放？")) == ["薪金每月十日发放。"]


def ask_of(tmp_path: Path, text: str, question: str, name: str = "甲.txt") -> Answer:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / name).write_text(text, encoding="utf-8")
    service = Service(Settings(corpus=corpus, index=tmp_path / "index"))
    service.ensure()
    answer = service.ask(question)
    assert_sound(service, answer)
    return answer


@pytest.mark.parametrize(
    "question", ["“的”是什么", "“，”是什么", '"!"是什么意思', "“的”什么时候", "第二三十点是什么", "是" * 500]
)
def test_questions_of_nothing_are_not_answered(speech: Service, question: str) -> None:
    assert speech.ask(question).status is not Status.ANSWERED


def test_a_list_without_articles_has_its_own_items_only(tmp_path: Path) -> None:
    text = (
        "关于申请的通知\n申请人应当符合下列条件：\n（一）年满十八岁；\n（二）有固定住所。\n"
        "有下列情形之一的，不予受理：\n（一）材料虚假；\n（二）逾期提交。\n"
    )
    answer = ask_of(tmp_path, text, "申请人应当符合哪些条件？")
    assert quotes(answer) == ["申请人应当符合下列条件：", "（一）年满十八岁；", "（二）有固定住所。"]


def test_years_in_headings_are_no_points(tmp_path: Path) -> None:
    text = "# “十三五”规划回顾\n\n第一，粮食增产。\n第二，道路通畅。\n\n# 二三十年发展\n\n第一，继续努力。\n"
    assert quotes(ask_of(tmp_path, text, "第二点讲了什么？", "甲.md"))[0] == "第二，道路通畅。"


def test_points_can_be_asked_with_digits(speech: Service) -> None:
    assert {c.section for c in speech.ask("第2点讲了什么？").citations} == {"第二"}
    assert speech.ask("第四点讲了什么？").status is Status.NOT_FOUND


@pytest.mark.parametrize(
    ("label", "title", "path", "words"),
    [
        ("第一章", "总则", "年休假管理规定 · 第一章", "第一章"),
        ("年休假管理规定", "", "年休假管理规定", ""),
        ("培训经费", "", "五、 · 培训经费", "五 · 培训经费"),
        ("一、", "加强领导", "《年休假管理规定》 · 一、", "一、加强领导"),
        ("一、", "", "一、", "一"),
        ("一、", "各" * 21, "一、", "一"),
        ("一是", "要抓紧", "二、 · （一）", "二 · （一）"),
        ("", "", "", ""),
    ],
)
def test_a_place_names_its_section_and_no_title_twice(label: str, title: str, path: str, words: str) -> None:
    assert place_words(Section(1, label, title, 1, None, path, 0, 9), "年休假管理规定") == words


@pytest.mark.parametrize(
    ("question", "section"), [("管理办法第一百二十条是什么", "第一百二十条"), ("管理办法第120条是什么", "第一百二十条")]
)
def test_an_article_of_a_long_law(tmp_path: Path, question: str, section: str) -> None:
    digits = "零一二三四五六七八九"
    labels = [
        f"第一百{digits[n // 10]}{'十' if n >= 10 else ''}{digits[n % 10] if n % 10 else ''}条" for n in range(1, 60)
    ]
    text = "".join(f"{label}　本条规定第{n}项管理事务。\n" for n, label in enumerate(labels, 101))
    answer = ask_of(tmp_path, text, question, "管理办法.txt")
    assert {c.section for c in answer.citations} == {section}


def test_an_article_that_does_not_exist_is_not_found(tmp_path: Path) -> None:
    text = "第一条　仓库由保管员管理。\n第二条　货物由押运员押运。\n"
    assert ask_of(tmp_path, text, "仓库办法第九千条是什么", "仓库办法.txt").status is Status.NOT_FOUND


SITUATION = """同志们：
今天召开全市安全生产工作会议。
目前，全市正处在项目建设的集中开工期，汛期将至，是各类事故易发多发的敏感时期。
第一，压实责任。各单位主要负责人要亲自抓。
第二，排查隐患。
"""


@pytest.mark.parametrize("question", ["这次会议是在什么背景下召开的？", "讲话的背景是什么？", "现在处于什么时期？"])
def test_the_situation_of_a_speech(tmp_path: Path, question: str) -> None:
    answer = ask_of(tmp_path, SITUATION, question)
    assert answer.status is Status.ANSWERED
    assert quotes(answer)[0].startswith("目前，全市正处在项目建设的集中开工期")


@pytest.mark.parametrize("question", ["新能源汽车发展的背景是什么？", "外贸面临什么形势？"])
def test_the_situation_of_something_else_is_not_answered(tmp_path: Path, question: str) -> None:
    assert ask_of(tmp_path, SITUATION, question).status is not Status.ANSWERED


def test_a_speech_that_says_nothing_of_its_situation(tmp_path: Path) -> None:
    text = "今天召开安全生产工作会议。\n第一，压实责任。\n第二，排查隐患。\n"
    assert ask_of(tmp_path, text, "这次会议是在什么背景下召开的？").status is not Status.ANSWERED


def test_a_heading_is_never_the_answer(tmp_path: Path) -> None:
    text = "# 申请须知\n\n## 受理条件\n\n申请人年满十八岁，材料齐全的，予以受理。\n"
    answer = ask_of(tmp_path, text, "受理条件是什么", "甲.md")
    assert quotes(answer) == ["申请人年满十八岁，材料齐全的，予以受理。"]


@pytest.mark.parametrize(
    "question", ["浙江省是怎么开展巡视的？", "2022年的巡视对几个单位开展？", "四个单位分别是哪些？"]
)
def test_a_place_year_or_name_that_is_not_said_is_not_answered(speech: Service, question: str) -> None:
    assert speech.ask(question).status is not Status.ANSWERED


def test_many_threads_ask_while_the_index_is_rebuilt(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "甲.txt").write_text("食堂由行政科负责管理。", encoding="utf-8")
    service = Service(Settings(corpus=corpus, index=tmp_path / "index"))
    service.ensure()
    with ThreadPoolExecutor(16) as pool:
        asked = [pool.submit(service.ask, "食堂由谁管理？") for _ in range(100)]
        for n in range(3):
            (corpus / "乙.txt").write_text(f"锅炉房第{n}次检修由后勤处负责。", encoding="utf-8")
            service.refresh()
            asked += [pool.submit(service.ask, "食堂由谁管理？") for _ in range(50)]
        assert {tuple(quotes(future.result())) for future in asked} == {("食堂由行政科负责管理。",)}
