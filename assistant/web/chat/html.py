"""Questions and answers as HTML for the chat; every text from outside is escaped.

The chat parses Markdown, then sanitises HTML. What is written here is one line that starts with `<div`, which
Markdown leaves unchanged; sanitising keeps only the attributes class, href, title and id.
"""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from urllib.parse import quote, urlencode

from assistant.answering.answer import Answer, Citation, Status
from assistant.answering.blocks import DIFFERING, Block, BlockKind, lines, plain
from assistant.answering.confidence import MEANING, strength
from assistant.answering.conversation.export import verdict
from assistant.answering.conversation.follow_ups import Action
from assistant.answering.conversation.state import Understood
from assistant.answering.validity import OUT_OF_FORCE, caveat, remark
from assistant.base.permalinks import anchor
from assistant.evaluation.feedback.history import Kind
from assistant.index.retriever import Hit
from assistant.language.question import split_weak, weak
from assistant.study.pack import TOPIC_LIMIT

WAITING_HTML = '<div class="waiting">文件还在准备，准备好后马上回答 ……</div>'
WRITING_HTML = '<div class="waiting">已找到原文，语言模型正在写成短句，逐句核对后显示 ……</div>'
GROWING = '<p class="quiet">还在写 ……</p>'
WORDED = "（由语言模型写成短句，每句都与所注的原文核对过；请以原文为准。）"
DEEDS = {Action.MORE: "还没有引出的", Action.EXPAND: "前后文", Action.SOURCE: "出处"}
MEND = "放进输入框，改好后再发送"
EDIT = '<div class="mending"><button class="edit" title="改这个问题，发送后替换它和后面的对话">编辑</button></div>'

_LOOKS = {BlockKind.HEADING: "lead", BlockKind.MESSAGE: "lead", BlockKind.PLACE: "place", BlockKind.NOTE: "place"}

Marks = dict[int, Citation]


def question_html(question: str, understood: Understood | None = None, scope: str = "") -> str:
    """Return a question for the chat, below it the rewritten question where it differs, and the scope in words."""
    asked = f'<div class="asked-of">范围：{escape(scope)}</div>' if scope else ""
    said = f'<div class="question">{_lines(question)}</div>'
    return said + (_understood(understood) if understood else "") + asked + EDIT


def reopened_html() -> str:
    """Return the message above a reopened conversation."""
    return '<div class="reopened">以下回答已按现有文件重新查找。</div>'


def notice_html(message: str) -> str:
    """Return a message of the program for the chat."""
    return f'<div class="answer notice"><div class="verdict">提示</div><p class="lead">{_lines(message)}</p></div>'


def message_html(answer: Answer, topics: Sequence[str] = ()) -> str:
    """Return the reply to a text that is no question: earlier citations, or a message about the conversation."""
    if answer.citations or answer.passages:
        return answer_html(answer, topics=topics)
    return notice_html(plain(answer.blocks))


def answer_html(
    answer: Answer,
    record: str = "",
    explained: Sequence[str] = (),
    is_worded: bool = False,
    topics: Sequence[str] = (),
) -> str:
    """Return an answer for the chat: its status, statements, sources, and glossary explanations.

    `topics` are those of the full question. With the id of its history `record`, feedback buttons are shown.
    `is_worded`: a language model could word it.
    """
    quiet = "".join(f'<p class="quiet">{escape(line)}</p>' for line in explained)
    again = f'<button class="again">{"重新生成" if is_worded else "重新查找"}</button>'
    deeds = f'<button class="copy">复制</button>{again}{_study(answer, topics)}{_feedback(answer, record)}'
    actions = f'<div class="actions">{deeds}</div>'
    return f'<div class="answer {_looks(answer)}">{_content(answer)}{quiet}{actions}</div>'


def growing_html(answer: Answer) -> str:
    """Return an answer that a language model is still wording, or a line saying that it will begin."""
    if answer.generator is None:
        return WRITING_HTML
    return f'<div class="answer {_looks(answer)} growing">{_content(answer)}{GROWING}</div>'


def place(citation: Citation) -> str:
    """Return a citation's place in its document, in words."""
    return f"{citation.section} 第{citation.paragraph}段".strip()


def _understood(understood: Understood) -> str:
    """Return the rewritten question with a button that puts it into the input box (chat.js)."""
    if not understood.shown:
        return ""
    numbered = f"第 {understood.number} 条" if understood.action is Action.POINT and understood.cited else ""
    deed = DEEDS.get(understood.action, numbered)
    full = f'<span class="full">{_lines(understood.shown)}</span>{f"（{deed}）" if deed else ""}'
    return f'<div class="understood">理解为：{full}<button class="mend" title="{MEND}">改一改</button></div>'


def _looks(answer: Answer) -> str:
    """Return the CSS classes of an answer: its status, and whether no document quoted is in force."""
    return f"{answer.status} outdated" if caveat(c.validity for c in answer.citations) else str(answer.status)


def _content(answer: Answer) -> str:
    """Return the answer's status, statements, a note on its wording, and its sources."""
    marks = {citation.marker: citation for citation in answer.citations}
    body = "".join(_body(answer, marks))
    notes = "".join(_note(note) for note in (WORDED if answer.generator else "", answer.notice))
    claim = f'<div class="verdict">{escape(verdict(answer))}</div>{_strength(answer)}'
    return f"{claim}{body}{notes}{_sources(answer.citations)}"


def _strength(answer: Answer) -> str:
    """Return the strength of the evidence, with an explanation in its title attribute."""
    found = strength(answer)
    return (
        f'<span class="strength {found.name.lower()}" title="{escape(MEANING[found])}">{found}</span>' if found else ""
    )


def _note(note: str) -> str:
    """Return a line of the program below an answer."""
    return f'<p class="note">{escape(note)}</p>' if note else ""


def _body(answer: Answer, marks: Marks) -> Iterator[str]:
    """Yield the blocks of an answer."""
    near = iter(answer.passages)
    for kind, group in groupby(answer.blocks, key=lambda block: block.kind):
        if kind is BlockKind.SHORT_ANSWER:
            yield f'<p class="short">{_short(list(group), marks)}</p>'
        else:
            yield from (_line(line, marks, near) for line in lines(group))


def _line(line: Block, marks: Marks, near: Iterator[Hit]) -> str:
    words = _inline(line, marks)
    if line.kind is BlockKind.STATEMENT:
        return f'<p class="point"><span class="count">{line.number}.</span><span class="words">{words}</span></p>'
    if line.kind is BlockKind.NEAREST:
        return f'<p class="nearest">{words}{_look(next(near, None))}</p>'
    return f'<p class="{_LOOKS[line.kind]}">{words}</p>'


def _short(blocks: Sequence[Block], marks: Marks) -> str:
    """Return a short answer; where documents differ, one line for each."""
    if len(blocks) > 1:
        between = '；</span><span class="each">'
        each = between.join(f"{escape(one.documents)}{_inline(one, marks)}" for one in blocks)
        return f'{DIFFERING}<span class="each">{each}</span>'
    (one,) = blocks
    badges = "".join(_said_behind(marks[marker]) for marker in one.markers if marker in marks)
    said = escape(f"（{one.validity}）") if one.validity and not badges else ""
    return _inline(one, marks) + said


def _look(hit: Hit | None) -> str:
    """Return the link to a nearest passage, "" for None; an answer lists these in their order."""
    if hit is None:
        return ""
    link = anchor(hit.document.id, hit.passage.start, hit.passage.end, hit.text)
    return f'<a class="cite look" href="{link}">查看</a>'


def _inline(block: Block, marks: Marks) -> str:
    """Return the words of a block, each span followed by links to its citations."""
    said = ""
    for span in block.spans:
        said += f"<strong>{escape(span.text)}</strong>" if span.strong else escape(span.text)
        said += "".join(_cited(marker, marks) for marker in span.markers)
    return said


def _cited(marker: int, marks: Marks) -> str:
    """Return the link to a marker's citation, followed by a badge if its document is not in force."""
    words = f"[{marker}]"
    return _link(marks[marker], words, "cite") + _said_behind(marks[marker]) if marker in marks else words


def _said_behind(citation: Citation) -> str:
    """Return the badge of a citation whose document is not in force, "" for any other."""
    words = citation.validity if citation.validity in OUT_OF_FORCE else ""
    return _badge(words, remark(citation.validity, citation.replaced_by)) if words else ""


def _badge(words: str, title: str) -> str:
    return f'<span class="lapsed" title="{escape(title)}">{escape(words)}</span>'


def _study(answer: Answer, topics: Sequence[str]) -> str:
    """Return the link to make a study pack of the documents cited, about the question; shown to trainers only."""
    documents = list(dict.fromkeys(citation.document_id for citation in answer.citations))
    if not documents:
        return ""
    named = ("".join(part for part in split_weak(one) if not weak(part)) for one in topics)
    topic = " ".join(one for one in named if one)[:TOPIC_LIMIT]
    query = escape(urlencode({"new": "", "documents": ",".join(documents), "topic": topic}, quote_via=quote))
    return f'<a class="study" href="/study?{query}">用这个回答出题</a>'


def _feedback(answer: Answer, record: str) -> str:
    """Return the feedback buttons; feedback.js takes the answer's id from their frame.

    有用 is missing where nothing was found, 引用有误 where nothing is cited.
    """
    if not record:
        return ""
    kinds = [(Kind.USEFUL, "有用"), (Kind.WRONG_CITATION, "引用有误"), (Kind.MISSING, "没找到我要的")]
    meant = {Kind.USEFUL: answer.status is not Status.NOT_FOUND, Kind.WRONG_CITATION: bool(answer.citations)}
    shown = [(kind, name) for kind, name in kinds if meant.get(kind, True)]
    buttons = "".join(f'<button class="say {kind}">{name}</button>' for kind, name in shown)
    return f'<span class="feedback" id="answer-{escape(record)}">{buttons}</span>'


def _sources(citations: tuple[Citation, ...]) -> str:
    """Return the list of places under an answer, one line a document."""
    rows = []
    for (title, *_), group in groupby(citations, key=lambda c: (c.document, c.validity, c.replaced_by)):
        members = list(group)
        date = f'<span class="date">{escape(members[0].date)}</span>' if members[0].date else ""
        links = "".join(_link(c, f"[{c.marker}] {place(c)}", "cite source") for c in members)
        note = remark(members[0].validity, members[0].replaced_by)
        badge = _badge(note, "这份文件不是现行有效的") if note else ""
        rows.append(f'<div class="origin"><span class="title">《{escape(title)}》</span>{badge}{date}{links}</div>')
    return f'<div class="sources"><span class="caption">出处</span>{"".join(rows)}</div>' if rows else ""


def _link(citation: Citation, words: str, kind: str) -> str:
    title = escape(f"打开原文：《{citation.document}》{place(citation)}")
    link = anchor(citation.document_id, citation.start, citation.end, citation.quote)
    return f'<a class="{kind}" href="{link}" title="{title}">{escape(words)}</a>'


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in text.splitlines())
