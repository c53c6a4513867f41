"""A conversation as a file: Markdown with its citations as footnotes, or Word (`as_docx`).

The questions are asked afresh for the export: every quote stands word for word in a document that whoever
exports may read. A language model's wording on the page is not included.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from time import localtime, strftime
from typing import TYPE_CHECKING

from assistant.answering.answer import Answer, Citation, Status
from assistant.answering.blocks import Block, BlockKind, Span, line_text, lines
from assistant.answering.validity import caveat, marked
from assistant.base.files.docx_writing import BODY, HEADING, TITLE, Footnotes, clean, look, prepare, saved, say
from assistant.base.markdown import escape

if TYPE_CHECKING:
    from docx.document import Document

VERBATIM = "引文逐字取自所注文件，答案由程序从原文摘出排列，不是任何人的意见；使用前请核对原文。"
NOT_WORDED = "页面上由语言模型写成的短句没有导出，这里是相应的原文。"
VERDICTS = {Status.ANSWERED: "已找到原文", Status.MENTIONED: "只有相关原文", Status.NOT_FOUND: "没有找到"}
BOLD = (BlockKind.PLACE, BlockKind.NOTE)
HEADING_MOST = 60  # characters: a place in more words is no heading in Word


@dataclass(frozen=True)
class Entry:
    """A question, what was asked in words, and the answer."""

    question: str
    scope: str
    answer: Answer


@dataclass(frozen=True)
class Record:
    """A conversation to export at UTC `at`, seconds since 1970; `worded`: a language model is configured."""

    title: str
    at: int
    entries: tuple[Entry, ...]
    worded: bool = False

    @property
    def head(self) -> list[str]:
        """What is said before the questions: when, of which documents, and what the quotes are."""
        scopes = "；".join(dict.fromkeys(entry.scope for entry in self.entries))
        day = strftime("%Y-%m-%d %H:%M", localtime(self.at))
        return [f"导出时间：{day}", f"查找范围：{scopes}", VERBATIM, *([NOT_WORDED] if self.worded else [])]


def place(citation: Citation) -> str:
    """Return a citation's place: 《X》（已废止，见《Y》）第二 第4段（2023-10-08）."""
    date = f"（{citation.date}）" if citation.date else ""
    title = marked(citation.document, citation.validity, citation.replaced_by)
    return f"{title}{f'{citation.section} ' if citation.section else ''}第{citation.paragraph}段{date}"


def verdict(answer: Answer) -> str:
    """Return the answer's status in words, with a caveat where no document quoted is in force."""
    return VERDICTS[answer.status] + caveat(citation.validity for citation in answer.citations)


def footnote(citation: Citation) -> str:
    """Return the footnote of a citation: its quote, word for word, and its place."""
    return f"“{citation.quote.strip()}”——{place(citation)}"


def as_markdown(record: Record) -> str:
    """Return the conversation as Markdown with footnotes ([^1])."""
    text = [f"# {escape(record.title)}", "", *(f"> {escape(line)}  " for line in record.head)]
    notes: list[str] = []
    for number, entry in enumerate(record.entries, 1):
        text += ["", f"## {number}. {_one_line(entry.question)}", "", *_asked_of(entry)]
        numbers: dict[int, int] = {}
        for citation in entry.answer.citations:
            notes.append(f"[^{len(notes) + 1}]: {_one_line(footnote(citation))}")
            numbers[citation.marker] = len(notes)
        for line in lines(entry.answer.blocks):
            text += [_markdown_line(line, numbers), ""]
    return "\n".join([*text, *notes]).rstrip() + "\n"


def file_name(record: Record, kind: str) -> str:
    """Return a file name that is valid on every system."""
    title = re.sub(r'[\\/:*?"<>|\s.]+', " ", record.title).strip()[:40] or "对话"
    return f"{title} {strftime('%Y-%m-%d', localtime(record.at))}.{kind}"


def _asked_of(entry: Entry) -> Iterator[str]:
    """Yield what the question was understood as, the documents asked, and the answer's status."""
    for line in asides(entry):
        yield f"*{_one_line(line)}*  "
    yield ""


def asides(entry: Entry) -> list[str]:
    """Return the lines between a question and its answer."""
    understood = [f"理解为：{entry.answer.understood}"] if entry.answer.understood else []
    return [*understood, f"范围：{entry.scope}；{verdict(entry.answer)}"]


def _markdown_line(line: Block, numbers: dict[int, int]) -> str:
    def say(span: Span) -> str:
        words = f"**{escape(span.text)}**" if span.strong or line.kind in BOLD else escape(span.text)
        return words + "".join(f"[^{numbers[marker]}]" for marker in span.markers)

    return line_text(line, say)


def _one_line(text: str) -> str:
    return escape(" ".join(text.splitlines()))


BODY_POINTS, NOTE_POINTS, TITLE_POINTS = 14, 10.5, 20


def as_docx(record: Record) -> bytes:
    """Return the conversation as the bytes of a .docx."""
    from docx import Document

    document = Document()
    prepare(document, record.title)
    _set_styles(document)
    notes = Footnotes()
    document.add_paragraph(clean(record.title), style="Title")
    for said in record.head:
        say(document.add_paragraph(style="Subtitle"), said)
    for number, entry in enumerate(record.entries, 1):
        question = " ".join(clean(entry.question).split("\n"))
        document.add_paragraph(f"{number}. {question}", style="Heading 1")
        for aside in asides(entry):
            say(document.add_paragraph(style="Caption"), aside)
        quotes = {c.marker: footnote(c) for c in entry.answer.citations}
        for line in lines(entry.answer.blocks):
            _add_line(document, line, quotes, notes)
    notes.attach(document)
    return saved(document)


def _add_line(document: "Document", line: Block, quotes: dict[int, str], notes: Footnotes) -> None:
    is_heading = line.kind in BOLD and len(line.text) <= HEADING_MOST
    paragraph = document.add_paragraph(style="Heading 2" if is_heading else "Normal")
    if line.number is not None:
        paragraph.add_run(f"{line.number}. ")
    for span in line.spans:
        say(paragraph, span.text).bold = span.strong or None
        for marker in span.markers:
            notes.refer(paragraph, quotes[marker])


def _set_styles(document: "Document") -> None:
    from docx.shared import Pt

    look(document.styles["Normal"], BODY, BODY_POINTS, line=1.5)
    document.styles["Normal"].paragraph_format.space_after = Pt(4)
    look(document.styles["Title"], TITLE, TITLE_POINTS)
    look(document.styles["Subtitle"], BODY, NOTE_POINTS)
    look(document.styles["Caption"], BODY, NOTE_POINTS)
    look(document.styles["Heading 1"], HEADING, 15)
    look(document.styles["Heading 2"], HEADING, 12)
