"""What the reader learns from: documents in places, labelled questions, wrong choices, changed questions, pieces."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from support.paths import SHARED_DATA
from support.reader_parts import CONTEXT, RULES, chance, data_folder, name_of, tokenizer
from training.reader.changes import change, specified
from training.reader.comprehension import Comprehension
from training.reader.documents import Text
from training.reader.encoding import Encoded, Encoder, batch_of, chunks, task_of
from training.reader.examples import Example, Mode, alone, changed, mixed
from training.reader.files import ReaderTrainingError
from training.reader.laws import Laws
from training.reader.lexical import PairSearch, pairs
from training.reader.negatives import Counts, Labelled, kind_of
from training.reader.questions import Label, Part, labels, load, marked, part_of, same, text_of

needs_data = pytest.mark.skipif(not (SHARED_DATA / "questions").is_dir(), reason="../shared/data/questions is absent")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return data_folder(tmp_path / "data")


@pytest.fixture
def encoder() -> Encoder:
    import json

    return Encoder(Tokenizer.from_str(json.dumps(tokenizer())))


def text() -> Text:
    return Text("办法.txt", "考勤办法", RULES)


def test_a_place_holds_title_headings_and_neighbours() -> None:
    place = next(p for p in text().places if "病假" in p.passage)
    assert place.text == (
        "考勤办法\n第二章 请假\n第二条　病假须提前2天申请；急病可以当天补办。\n"
        "第三条　年休假每年10天，由财务处发放补贴。"
    )
    assert [place.sentence(k) for k in range(2)] == ["第二条　病假须提前2天申请；", "急病可以当天补办。"]
    assert [RULES[slice(*span)] for span in place.spans] == ["第二条　病假须提前2天申请；", "急病可以当天补办。"]
    at = RULES.index("2天")
    inside = place.within(0, (at, at + 2))
    assert inside is not None and place.text[slice(*inside)] == "2天"
    assert place.within(1, (at, at + 2)) is None


def test_a_line_before_that_is_no_heading_is_shown() -> None:
    place = next(p for p in text().places if "年休假" in p.passage)
    assert place.text.startswith("考勤办法\n第二章 请假\n急病可以当天补办。\n第三条")


def test_every_sentence_has_one_place() -> None:
    one = text()
    spans = [span for place in one.places for span in place.spans]
    assert spans == [(s.start, s.end) for s in one.structure.sentences]


def test_parts_are_those_of_the_tool() -> None:
    assert part_of("2026年北京市政府工作报告.txt") is Part.TRAIN
    assert {part_of(name_of(part)) for part in Part} == set(Part)


def test_test_questions_are_kept_away(data: Path) -> None:
    with pytest.raises(ReaderTrainingError, match="test 部分只用于最后的评测"):
        load(data, Part.TEST)
    assert {q.document for q in load(data, Part.TEST, final=True)} == {name_of(Part.TEST)}
    assert {q.document for q in load(data, Part.TRAIN)} == {name_of(Part.TRAIN)}


def test_labels_of_sentences(data: Path) -> None:
    question = load(data, Part.TRAIN)[0]
    own = text_of(data, question)
    marks = marked(question, own)
    place = next(p for p in own.places if "病假" in p.passage)
    assert labels(place, marks) == (Label.RIGHT, Label.WRONG)
    assert [own.text[slice(*a)] for a in marks.answer] == ["2天"]
    heading = next(p for p in own.places if p.passage == "第二章　请假")
    assert labels(heading, marks) == (Label.OPEN,)


def test_same_needs_half_of_the_shorter() -> None:
    assert same((0, 10), (5, 30)) and not same((0, 10), (6, 30)) and not same((0, 10), (10, 20))


def test_bm25_of_pairs_as_by_hand() -> None:
    assert pairs("病假2025年") == ["病假", "假2025", "2025年", "2025"]
    search = PairSearch(["病假两天", "年假十天", ""])
    rarity = np.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    norm = 1.2 * (1 - 0.75 + 0.75 * 3 / 2)
    assert search.scores("病假") == pytest.approx([rarity * 2.2 / (1 + norm), 0, 0])
    assert search.best("十天", 2) == [1, 0]


def test_changes_need_the_thing_in_the_text() -> None:
    made = change("2024年病假几天", ["2024年病假2天"], chance())
    assert made is not None and made.old == "2024" and made.new != "2024" and made.new in made.question
    assert change("2024年病假几天", ["病假2天"], chance()) is None
    assert change("满5年的几天", ["满5年的15天"], chance()) is None  # another number of years may fall under it, too
    swapped = change("第三条讲什么", ["第三条　年休假每年10天"], chance())
    assert swapped is not None and swapped.question != "第三条讲什么"
    body = change("财务处发补贴吗", ["由财务处发放补贴"], chance())
    assert body is not None and "财务处" not in body.question


def test_a_province_is_named_once() -> None:
    assert specified("今年目标", "2026年浙江省政府工作报告") == "浙江今年目标"
    assert specified("浙江今年目标", "2026年浙江省政府工作报告") == "浙江今年目标"
    assert specified("今年目标", "考勤办法") == "今年目标"


def test_choices_of_a_labelled_question(data: Path) -> None:
    labelled = Labelled(data, load(data, Part.TRAIN), Counts(changed=1.0), 1)
    example, other = labelled.make(2, 0)
    assert [c.place.passage for c in example.choices if c.right] == [
        "第三条　年休假每年10天，由财务处发放补贴。超过五年的，每年15天。"
    ]
    right = next(c for c in example.choices if c.right)
    assert right.labels == (Label.RIGHT, Label.WRONG)
    assert right.answer and right.place.text[slice(*right.answer)] == "由财务处发放补贴"
    assert "财务处" not in other.question and not any(c.right for c in other.choices)
    assert len({c.place.number for c in example.choices}) == len(example.choices) > 3
    assert labelled.make(2, 0) == [example, other] and len(labelled.make(3, 0)) == 1


def test_kinds_of_documents() -> None:
    names = ("made/甲.txt", "2026年北京市政府工作报告.txt", "消防法.txt", "国务院关于甲的批复.txt")
    assert [kind_of(name) for name in names] == ["made", "report", "statute", "official"]


def test_choices_of_reading_comprehension(data: Path) -> None:
    reading = Comprehension(data, 1)
    assert reading.source().size == 6
    example = reading.make(0, 0)[0]
    right = next(c for c in example.choices if c.right)
    assert [right.place.sentence(k) for k, label in enumerate(right.labels) if label is Label.RIGHT] == ["组长是李明。"]
    assert right.answer and right.place.text[slice(*right.answer)] == "李明"
    assert [c.right for c in example.choices].count(True) == 1


def test_choices_of_statutes(data: Path) -> None:
    laws = Laws(data, 1, data / "stard/heldout.txt")
    assert laws.source().size == 1  # one is held out, one has no article of a single sentence
    (example,) = laws.make(0, 0)
    found = [(c.place.passage, set(c.labels)) for c in example.choices]
    assert found == [
        ("病假提前申请。", {Label.RIGHT}),
        ("年休假十天。补贴另发。", {Label.OPEN}),
        ("考勤由人事处负责。", {Label.WRONG}),
    ]


def test_sources_are_mixed_in_order(data: Path) -> None:
    one = Labelled(data, load(data, Part.TRAIN), Counts(), 1).source()
    other = Laws(data, 1, data / "stard/heldout.txt").source()
    both = mixed([one, other])
    assert (both.name, both.size) == ("questions+stard", 5)
    assert [both.make(n, 0)[0].question for n in (3, 4)] == [one.make(3, 0)[0].question, "病假提前吗"]


def test_a_changed_example_leaves_out_what_names_the_new_thing(data: Path) -> None:
    example = Comprehension(data, 1).make(1, 0)[0]
    made = changed(example, chance())
    assert made is not None and made.question != example.question and not any(c.right for c in made.choices)


def test_a_sentence_alone_is_marked() -> None:
    place = Text("甲.txt", "", CONTEXT).places[0]
    one = alone(place, 1)
    assert one.text == "巡视组由八人组成。«组长是李明。»巡视从2024年5月开始，为期两个月。"
    assert one.sentence(0) == "组长是李明。" and one.spans == (place.spans[1],)


@pytest.mark.parametrize("mode", Mode)
def test_pieces_of_sentences_and_of_the_few_words(data: Path, encoder: Encoder, mode: Mode) -> None:
    example = Labelled(data, load(data, Part.TRAIN), Counts(), 1).make(0, 0)[0]
    task = task_of(example, encoder, mode)
    right = next(t for t in task.targets if t.label is Label.RIGHT)
    row = task.rows[right.row]
    tokens = [encoder.tokenizer.id_to_token(k) for k in row.ids]
    said = "".join(tokens[slice(*right.pieces)]).replace("▁", "")
    assert said == "第二条病假须提前2天申请;"
    assert right.answer is not None and tokens[right.answer[0] : right.answer[1] + 1] == ["2", "天"]
    assert {t.at for t in task.targets} == ({0} if mode is Mode.SENTENCE else {1, 2})
    assert len(task.whole) == (0 if mode is Mode.SENTENCE else len(task.rows))


def test_a_sentence_that_is_cut_off_is_open(data: Path, encoder: Encoder) -> None:
    encoder.tokenizer.enable_truncation(40, strategy="only_second")
    place = Text("甲.txt", "", CONTEXT).places[0]
    example = Comprehension(data, 1).make(0, 0)[0]
    task = task_of(Example("组长是谁", (replace(example.choices[0], place=place),)), encoder, Mode.PASSAGE)
    assert task.targets[-1].pieces == (0, 0) or task.targets[-1].pieces[1] <= 40
    short = encoder.encode("组" * 30, [place])[0]
    assert short.sentences[-1] == (0, 0) and len(short.ids) == 40


def test_batches_average_pieces() -> None:
    rows = [Encoded((0, 5, 2, 2, 6, 7, 2), ((4, 6),), ()), Encoded((0, 5, 2), ((0, 0), (1, 2)), ())]
    batch = batch_of(rows)
    assert batch.ids.tolist() == [[0, 5, 2, 2, 6, 7, 2], [0, 5, 2, 1, 1, 1, 1]]
    assert batch.mask.sum(1).tolist() == [7, 3]
    assert batch.pool[0, 1].tolist() == [0, 0, 0, 0, 0.5, 0.5, 0] and batch.pool[1, 2].tolist() == [0, 1, 0, 0, 0, 0, 0]
    assert batch.pool[:, 0].tolist() == [[1, 0, 0, 0, 0, 0, 0]] * 2
    assert batch.pool[1, 1].tolist() == [1, 0, 0, 0, 0, 0, 0]  # cut off: any finite score, never read
    assert list(chunks(rows, 7)) == [[0], [1]] and list(chunks(rows, 14)) == [[0, 1]]


@needs_data
def test_every_label_of_the_train_part_is_found() -> None:
    questions = load(SHARED_DATA, Part.TRAIN)
    assert len(questions) == 1489
    labelled = Labelled(SHARED_DATA, questions, Counts(), 1)
    for n in range(0, len(questions), 25):
        example = labelled.make(n, 0)[0]
        assert any(c.right for c in example.choices) == bool(questions[n].must)
        words = [c.place.text[slice(*c.answer)] for c in example.choices if c.answer]
        assert set(words) <= {questions[n].answer}
