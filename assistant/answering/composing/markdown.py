"""Chosen sentences to quotes and Markdown: trimmed at punctuation, merged, in the source's order.

Nothing is added to the sources' words but the question as a heading, titles and section labels.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from assistant.answering.composing.quotes import Quote
from assistant.answering.composing.short_answer import short_answer
from assistant.answering.validity import Validity, in_force, listed, marked, validity_of
from assistant.base.markdown import escape
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

    `short`: by marker, the words of a quote that answer by themselves; `left_out`: how many items of a
    quoted list did not fit; `unsaid`: words of the question that no document says; `doubt`: whether it
    cannot be told that the quotes answer.
    """

    short: Mapping[int, str] = field(default_factory=dict)
    left_out: int = 0
    unsaid: Sequence[str] = ()
    doubt: bool = False


NO_NOTES = Notes()


def short_answers(
    question: Question, quotes: Sequence[Quote], successors: Validity, about: Callable[[str], bool]
) -> dict[int, str]:
    """Return, by marker, the words of each document's quotes that answer by themselves; of all or of none.

    A document that is not in force, or that another one quoted replaces, has no say where one is that holds.
    `about` says whether words are about the question.
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
) -> str:
    """Return the answer as Markdown; `nearest` are named where nothing is found."""
    if status == "not_found":
        return _not_found(nearest)
    heading = escape(question.heading)
    if status == "mentioned":
        return "\n\n".join([escape(_mention(question, quotes, notes)), *_body(quotes)])
    titles = listed((q.document.title, validity_of(q.document), q.successor) for q in quotes)
    rest = [f"（所列事项还有 {notes.left_out} 项没有引出，请点开原文查看。）"] if notes.left_out else []
    return "\n\n".join([f"**{heading}**（{escape(titles)}）", *_short(notes.short, quotes), *_body(quotes), *rest])


def _short(short: Mapping[int, str], quotes: Sequence[Quote]) -> list[str]:
    """Return the short answers, in bold with their markers, and a note where documents differ.

    Documents that give the same are named by the first of them alone.
    """
    first: dict[str, int] = {}
    for marker, words in short.items():
        first.setdefault(words, marker)
    if not first:
        return []
    if len(first) == 1:
        return [f"**{escape(words)}** [{marker}]{_caution(quotes[marker - 1])}" for words, marker in first.items()]
    said = "；".join(f"{escape(_title(quotes[n - 1]))}**{escape(words)}** [{n}]" for words, n in first.items())
    return [f"各文件所说不同：{said}"]


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


def _caution(quote: Quote) -> str:
    """Return a word beside a short answer that is none of a document in force."""
    return "" if in_force(quote.document) else f"（{validity_of(quote.document)}）"


def _body(quotes: Sequence[Quote]) -> list[str]:
    lines = []
    several = len({q.document.number for q in quotes}) > 1
    number = 0
    for _, group in groupby(quotes, key=lambda q: (q.document.number, q.section)):
        members = list(group)
        name = f"{members[0].label}　{members[0].title}".strip("　") if members[0].label else ""
        heading = f"{_title(members[0], members[0].document.date)}{name}" if several else name
        if heading:
            lines.append(escape(heading))
        for quote in members:
            number += 1
            before, after = "……" * quote.cut_before, "……" * quote.cut_after
            lines.append(f"{number}. {before}{escape(quote.text)}{after} [{number}]")
    return lines


def _not_found(nearest: Sequence[Hit]) -> str:
    if not nearest:
        return "没有找到：现有文件中没有与这个问题有关的内容。"
    lines = ["没有找到：现有文件没有回答这个问题。下面只是文字最接近的段落，不是答案："]
    for hit in nearest:
        words = hit.text[:NEAREST_CHARACTERS] + ("……" if len(hit.text) > NEAREST_CHARACTERS else "")
        title = marked(hit.document.title, validity_of(hit.document))
        lines.append(f"- {escape(title)}第{hit.passage.paragraph}段：{escape(words)}")
    return "\n\n".join([lines[0], "\n".join(lines[1:])])
