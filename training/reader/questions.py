"""The labelled questions of data/questions, by part, and what they say of a place's sentences."""

import hashlib
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from pathlib import Path

from training.reader.documents import Place, Span, Text, read
from training.reader.files import ReaderTrainingError, read_jsonl

SAME_SHARE = 0.5


class Part(StrEnum):
    """The parts into which documents fall by a hash of their names; the same as tools/questions_eval.py."""

    TRAIN = "train"
    TUNE = "tune"
    TEST = "test"


class Label(IntEnum):
    """What a sentence is to a question; OPEN ones count neither way."""

    OPEN = -1
    WRONG = 0
    RIGHT = 1


@dataclass(frozen=True)
class Question:
    """A labelled question; see data/README.md for what the fields mean."""

    document: str
    text: str
    kind: str
    must: tuple[str, ...]
    may: tuple[str, ...]
    near: tuple[str, ...]
    answer: str | None


@dataclass(frozen=True)
class Marked:
    """A question's labels as places in its document: (start, end) in the document's text."""

    must: tuple[Span, ...]
    may: tuple[Span, ...]
    near: tuple[Span, ...]
    answer: tuple[Span, ...]


def part_of(document: str) -> Part:
    """Return the part of the document with this name: four of six train, one tunes, one tests."""
    number = int(hashlib.sha256(document.encode()).hexdigest(), 16) % 6
    return (Part.TRAIN, Part.TRAIN, Part.TRAIN, Part.TRAIN, Part.TUNE, Part.TEST)[number]


def load(data: Path, part: Part, *, final: bool = False) -> list[Question]:
    """Return the questions of one part, in the order of the files.

    The part TEST is given out only to a final evaluation, which says so by `final`.
    """
    if part is Part.TEST and not final:
        raise ReaderTrainingError("test 部分只用于最后的评测：请改用 train 或 tune。")
    rows = [row for file in sorted((data / "questions").glob("*.jsonl")) for row in read_jsonl(file)]
    found = [_question(row) for row in rows if part_of(row["document"]) is part]
    if not found:
        raise ReaderTrainingError(f"{data / 'questions'} 里没有问题：请用 --data 指出 shared/data 所在的文件夹。")
    return found


def _question(row: dict[str, object]) -> Question:
    def words(name: str) -> tuple[str, ...]:
        listed = row[name]
        return tuple(map(str, listed)) if isinstance(listed, list) else ()

    answer = str(row["answer"]) if row["answer"] else None
    return Question(
        str(row["document"]), str(row["question"]), str(row["kind"]), words("must"), words("may"), words("near"), answer
    )


def text_of(data: Path, question: Question) -> Text:
    """Return the document that a question is asked of."""
    return read(data / "policy", question.document)


def marked(question: Question, text: Text) -> Marked:
    """Return where the labels of `question` stand in its document."""

    def spans(listed: tuple[str, ...]) -> tuple[Span, ...]:
        return tuple(span for words in listed for span in text.find(words))

    must = spans(question.must)
    answers = text.find(question.answer) if question.answer else []
    inside = tuple(a for a in answers if any(m[0] <= a[0] and a[1] <= m[1] for m in must))
    return Marked(must, spans(question.may), spans(question.near), inside)


def labels(place: Place, marks: Marked) -> tuple[Label, ...]:
    """Return a label for each sentence of `place`, a place of the question's own document."""
    found = []
    for span in place.spans:
        right, open_ = any(same(span, m) for m in marks.must), any(same(span, m) for m in marks.may)
        found.append(Label.RIGHT if right else Label.OPEN if open_ else Label.WRONG)
    return tuple(found)


def same(one: Span, other: Span) -> bool:
    """Say whether two spans share at least half of the shorter one."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared > 0 and shared >= SAME_SHARE * min(one[1] - one[0], other[1] - other[0])
