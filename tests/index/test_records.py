import dataclasses
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.documents.document import Document, document_id
from assistant.documents.formats import Heading
from assistant.documents.splitting import Structure, split
from assistant.index.records import DocumentRecord, PassageRecord, Records, RecordWriter, indexed_text
from support.corpus import LAW, SPEECH

FIRST = Document(
    *(
        document_id("讲话.txt"),
        "巡视讲话",
        "2023-10-08",
        "中共某市委",
        "现行有效",
        "讲话.txt",
        SPEECH,
        9,
        "ab",
        "utf-8",
    ),
    warnings=("按 GB18030 读取。", "第 1 行…"),
)
SECOND = Document(
    *(document_id("法/办法.pdf"), "考勤“办法”", None, None, None, "法/办法.pdf", LAW, 9, "cd", None),
    headings=(Heading(0, 3, 1),),
    pages=(0, 20, 60),
)


def hashes(structure: Structure, mark: int = 1) -> list[bytes]:
    return [bytes([mark, n]) * 8 for n, _ in enumerate(structure.passages)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two documents, the second added first."""
    place = tmp_path / "索引 夹" / "records.sqlite"
    place.parent.mkdir()
    writer = RecordWriter(place)
    for mark, document in enumerate((SECOND, FIRST)):
        structure = split(document)
        writer.add(document, structure, hashes(structure, mark))
    writer.commit()
    return place


def test_documents_come_back(file: Path) -> None:
    records = Records(file)
    first = DocumentRecord(
        *(2, FIRST.id, "讲话.txt", "巡视讲话", "2023-10-08", "中共某市委", "现行有效", "utf-8"),
        *((), ("按 GB18030 读取。", "第 1 行…")),
    )
    second = DocumentRecord(1, SECOND.id, "法/办法.pdf", "考勤“办法”", None, None, None, None, (0, 20, 60), ())
    assert records.documents() == (second, first)
    assert (records.document(1), records.document(2)) == (second, first)
    assert (records.text(1), records.text(2)) == (LAW, SPEECH)
    assert records.numbers([FIRST.id, "d0", SECOND.id]) == {FIRST.id: 2, SECOND.id: 1}


@pytest.mark.parametrize(("number", "document"), [(1, SECOND), (2, FIRST)])
def test_pieces_come_back(file: Path, number: int, document: Document) -> None:
    records, structure = Records(file), split(document)
    assert records.sections(number) == structure.sections
    assert tuple(records.paragraphs(number)) == structure.paragraphs
    assert tuple(records.sentences(number)) == structure.sentences
    assert records.sentences(number, 3) == [s for s in structure.sentences if s.paragraph == 3]
    places = [(p.paragraph, p.section, p.first, p.last, p.start, p.end) for p in structure.passages]
    numbers = records.passage_numbers([number])
    assert records.passages(numbers) == [
        PassageRecord(n, number, *place) for n, place in zip(numbers, places, strict=True)
    ]


def test_passages_are_numbered_through_the_index_and_given_in_the_order_wanted(file: Path) -> None:
    records = Records(file)
    own, other = len(split(SECOND).passages), len(split(FIRST).passages)
    assert records.passage_numbers([2]) == list(range(own + 1, own + other + 1))
    assert records.passage_numbers([2, 1]) == list(range(1, own + other + 1))
    assert [p.number for p in records.passages([5, 1, 3, 1])] == [5, 1, 3, 1]
    assert [p.number for p in records.passages([1, 2] * 800)] == [1, 2] * 800
    assert records.passages([]) == []


def test_counts(file: Path) -> None:
    records = Records(file)
    structures = [split(FIRST), split(SECOND)]
    assert records.count("document") == 2
    for table in ("section", "paragraph", "sentence", "passage"):
        assert records.count(table) == sum(len(getattr(s, table + "s")) for s in structures)


def test_what_is_not_there(file: Path) -> None:
    records = Records(file)
    assert records.numbers(["d0"]) == {}
    assert records.sections(9) == ()
    assert records.paragraphs(9) == records.sentences(9) == records.passage_numbers([9]) == []
    assert records.sentences(1, 99) == []
    with pytest.raises(KeyError):
        records.passages([1, 999])
    with pytest.raises(IndexError):
        records.document(9)
    with pytest.raises(IndexError):
        records.text(9)


def test_removal_takes_every_piece(file: Path) -> None:
    writer = RecordWriter(file)
    assert writer.number(SECOND.id) == 1
    structure = split(SECOND)
    assert writer.passages(1) == list(enumerate(hashes(structure, 0), 1))
    writer.remove(1)
    left = split(FIRST)
    assert writer.counts() == {
        "document": 1,
        **{table: len(getattr(left, table + "s")) for table in ("section", "paragraph", "sentence", "passage")},
    }
    number, passages = writer.add(dataclasses.replace(SECOND, title="新"), structure, hashes(structure))
    assert number == 3
    assert passages.start == len(structure.passages) + len(left.passages) + 1
    writer.commit()
    assert [(d.number, d.title) for d in Records(file).documents()] == [(3, "新"), (2, "巡视讲话")]


def test_words_under_which_passages_are_found(file: Path) -> None:
    writer = RecordWriter(file)
    stored = list(writer.stored_passages())
    expected = [
        (document.title, p.context, document.text[p.start : p.end])
        for document in (SECOND, FIRST)
        for p in split(document).passages
    ]
    assert stored == [
        (n, 1 if title == SECOND.title else 2, indexed_text(title, context, text))
        for n, (title, context, text) in enumerate(expected, 1)
    ]
    assert indexed_text("题", "", "文") == "题\n文"
    assert indexed_text("题", "上", "文") == "题\n上\n文"


def test_nothing_counts_before_the_commit(file: Path) -> None:
    before = file.read_bytes()
    writer = RecordWriter(file)
    writer.remove(1)
    assert len(Records(file).documents()) == 2
    del writer
    assert file.read_bytes() == before


def test_eight_threads_read_at_once(file: Path) -> None:
    records = Records(file)

    def read(turn: int) -> tuple[object, ...]:
        number = turn % 2 + 1
        pieces = (records.sections(number), records.paragraphs(number), records.sentences(number))
        return number, records.text(number), *pieces, records.passages(records.passage_numbers([number]))

    expected = {number: read(number - 1) for number in (1, 2)}
    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(read, range(400)):
            assert found == expected[int(str(found[0]))]
