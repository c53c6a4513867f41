"""Quotes to the blocks of an answer, each quote under its place, in the document's order.

Beside the documents' own words there is only the question as a heading, titles and section labels.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from assistant.answering.blocks import Block, BlockKind, block
from assistant.answering.composing.quotes import Quote
from assistant.answering.composing.short_answer import short_answer
from assistant.answering.validity import Validity, in_force, listed, marked, validity_of
from assistant.index.retriever import Hit
from assistant.language.question import Kind, Question

NEAREST_CHARACTERS = 60

MISSING = {
    Kind.NUMBER: "具体数字",
    Kind.NAME: "姓名",
    Kind.WHO: "是谁",
    Kind.WHEN: "具体时间",
    Kind.WHERE: "具体地点",
    Kind.WHY: "原因",
    Kind.MEMBERS: "具体内容",
    Kind.DEFINITION: "具体含义",
    Kind.COMPARE: "它们之间的不同",
}


@dataclass(frozen=True)
class Notes:
    """What an answer says beside its quotes.

    - `short`: by marker, the words of a quote that answer by themselves.
    - `left_out`: how many items of a quoted list did not fit.
    - `unsaid`: words of the question that no document says.
    - `doubt`: the quotes may not answer the question.
    """

    short: Mapping[int, str] = field(default_factory=dict)
    left_out: int = 0
    unsaid: Sequence[str] = ()
    doubt: bool = False


NO_NOTES = Notes()


def short_answers(
    question: Question, quotes: Sequence[Quote], successors: Validity, about: Callable[[str], bool]
) -> dict[int, str]:
    """Return, by marker, the words of each document's quotes that answer by themselves; {} unless each has some.

    Documents that are not in force, or that another quoted one replaces, are ignored where one in force is
    quoted. `about` says whether words are about the question.
    """
    said = {}
    for document in successors.holding(quote.document for quote in quotes):
        markers = [n for n, quote in enumerate(quotes, 1) if quote.document.number == document.number]
        found = short_answer(question, [quotes[n - 1].text for n in markers], about)
        if found is None:
            return {}
        said[markers[found[0]]] = found[1]
    return said


def compose(
    question: Question,
    status: str,
    quotes: Sequence[Quote],
    nearest: Sequence[Hit],
    notes: Notes = NO_NOTES,
) -> tuple[Block, ...]:
    """Return the blocks of an answer; `nearest` passages are named where nothing was found."""
    if status == "not_found":
        return _not_found(nearest)
    if status == "mentioned":
        return block(BlockKind.MESSAGE, _mention(question, quotes, notes)), *_body(quotes)
    titles = listed((q.document.title, validity_of(q.document), q.successor) for q in quotes)
    heading = block(BlockKind.HEADING, question.heading, documents=titles)
    rest = f"（所列事项还有 {notes.left_out} 项没有引出，请点开原文查看。）"
    left_out = [block(BlockKind.NOTE, rest)] if notes.left_out else []
    return heading, *_short(notes.short, quotes), *_body(quotes), *left_out


def _short(short: Mapping[int, str], quotes: Sequence[Quote]) -> Iterator[Block]:
    """Yield the short answers as blocks; of documents that give the same one, only the first is named."""
    first: dict[str, int] = {}
    for marker, words in short.items():
        first.setdefault(words, marker)
    for words, marker in first.items():
        quote = quotes[marker - 1]
        validity = "" if in_force(quote.document) else validity_of(quote.document) or ""
        yield block(BlockKind.SHORT_ANSWER, words, marker, documents=_title(quote), validity=validity)


def _mention(question: Question, quotes: Sequence[Quote], notes: Notes) -> str:
    if notes.unsaid:
        words = "、".join(f"“{word}”" for word in notes.unsaid)
        return f"现有文件没有提到{words}，因此不能确定。下面是相关的原文，请自行判断："
    if notes.doubt:
        return "不能确定现有文件是否回答了这个问题。下面是最相关的原文，请自行判断："
    titles = "".join(dict.fromkeys(map(_title, quotes)))
    terms_ = [t for t in (question.term, *question.quoted) if t and any(t in q.text for q in quotes)]
    named = "、".join(f"“{t}”" for t in dict.fromkeys(terms_)) or "了相关内容"
    return f"{titles}提到{named}，但没有说明{MISSING.get(question.kind, '所问的内容')}。"


def _title(quote: Quote, date: str | None = None) -> str:
    return marked(quote.document.title, validity_of(quote.document), quote.successor, date)


def _body(quotes: Sequence[Quote]) -> Iterator[Block]:
    several = len({q.document.number for q in quotes}) > 1
    number = 0
    for _, group in groupby(quotes, key=lambda q: (q.document.number, q.section)):
        members = list(group)
        name = f"{members[0].label}　{members[0].title}".strip("　") if members[0].label else ""
        place = f"{_title(members[0], members[0].document.date)}{name}" if several else name
        if place:
            yield block(BlockKind.PLACE, place)
        for quote in members:
            number += 1
            words = f"{'……' * quote.cut_before}{quote.text}{'……' * quote.cut_after}"
            yield block(BlockKind.STATEMENT, words, number, number=number)


def _not_found(nearest: Sequence[Hit]) -> tuple[Block, ...]:
    if not nearest:
        return (block(BlockKind.MESSAGE, "没有找到：现有文件中没有与这个问题有关的内容。"),)
    message = "没有找到：现有文件没有回答这个问题。下面只是文字最接近的段落，不是答案："
    return block(BlockKind.MESSAGE, message), *map(_near, nearest)


def _near(hit: Hit) -> Block:
    words = hit.text[:NEAREST_CHARACTERS] + ("……" if len(hit.text) > NEAREST_CHARACTERS else "")
    title = marked(hit.document.title, validity_of(hit.document))
    return block(BlockKind.NEAREST, f"{title}第{hit.passage.paragraph}段：{words}")
