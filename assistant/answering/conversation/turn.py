"""One turn of a conversation: carries out what was understood, in words of the documents alone.

Where only some documents are asked (`within`), nothing is answered, cited or shown from any other.
"""

from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.answer import Answer, Citation, Status
from assistant.answering.answerer import Answerer
from assistant.answering.blocks import BlockKind, block
from assistant.answering.conversation.context import Surroundings
from assistant.answering.conversation.follow_ups import Action
from assistant.answering.conversation.state import Turn, Understood
from assistant.answering.query import Query
from assistant.answering.validity import marked
from assistant.language.question import Kind

NO_MORE = "没有更多了：现有文件里没有别的句子能够回答这个问题，请换个问法，或点开出处看上下文。"
LISTED = "没有更多了：只按原文的结构列出这些，其余内容请点开出处查看，或者问“第二点讲了什么”。"
UNANSWERED = "没有更多了：上一个问题在现有文件里没有找到直接的回答，请换个问法。"
NOTHING_AROUND = "没有更多了：引用的地方已经完整列出，请点开出处看全文。"
NOTHING_CITED = "上一个回答没有引用原文，没有出处：请换个问法再问一次。"
CHANGED = "引用的文件已经改动，出处对不上了：请把问题重新问一遍。"

OUT_OF_SCOPE = "上一个回答的出处不在所选的范围里：请放宽范围，或把问题说完整再问。"

CITED_AGAIN = 2
REASON_CHARACTERS = 120  # a reason stands at most this far from what it is given for


Within = Sequence[str] | None


def take_turn(answerer: Answerer, understood: Understood, within: Within = None) -> Turn:
    """Return the turn: what was `understood`, with its answer.

    `within` are the ids of the documents that are asked, None for all.
    """
    understood = _of_documents(understood, within)
    answer = _carried_out(answerer, understood, within)
    return Turn(understood, replace(answer, question=understood.text, understood=understood.shown))


def _of_documents(understood: Understood, within: Within) -> Understood:
    """Return `understood` with its documents and citations limited to those `within`."""
    if within is None:
        return understood
    documents = tuple(d for d in understood.documents if d in set(within))
    cited = tuple(c for c in understood.cited if c.document_id in set(within))
    pointed = understood.action is Action.POINT and understood.documents and not documents
    if pointed or (understood.cited and not cited):
        return replace(understood, documents=(), cited=(), message=OUT_OF_SCOPE)
    return replace(understood, documents=documents, cited=cited)


def _carried_out(answerer: Answerer, understood: Understood, within: Within) -> Answer:
    if understood.message:
        return _said(understood.message)
    if understood.action in (Action.MORE, Action.EXPAND, Action.SOURCE, Action.POINT):
        standing = [c for c in understood.cited if Surroundings(answerer).document(c)]
        if len(standing) < len(understood.cited):
            return _said(CHANGED)
    if understood.action is Action.EXPAND:
        return _expanded(answerer, understood)
    if understood.action is Action.SOURCE:
        return _sources(understood)
    deeds = {Action.MORE: _more, Action.POINT: _pointed}
    return deeds.get(understood.action, _asked)(answerer, understood, within)


def _said(message: str) -> Answer:
    return Answer("", Status.NOT_FOUND, (block(BlockKind.MESSAGE, message),), (), (), 0.0)


def _asked(answerer: Answerer, understood: Understood, within: Within) -> Answer:
    """Answer from the documents cited before and their successors; from all that are asked if these do not answer."""
    known = _with_successors(answerer, understood.documents, within)
    query = answerer.query(understood.parsed)
    answer = answerer.answer(query, known or within)
    if understood.cited:
        return _reasoned(answerer, query, understood, answer) if answer.status is Status.ANSWERED else answer
    if not known or answer.status is Status.ANSWERED:
        return answer
    wider = answerer.answer(query, within)
    return answer if answer.status is Status.MENTIONED and wider.status is not Status.ANSWERED else wider


def _with_successors(answerer: Answerer, documents: Sequence[str], within: Within) -> list[str]:
    """Return the ids of those `documents` that still exist, and of their successors."""
    records = answerer.retriever.index.records
    numbers = records.numbers(documents)
    later = (d.id for number in numbers.values() for d in answerer.successors.after(records.document(number)))
    return [
        *numbers,
        *(one for one in dict.fromkeys(later) if one not in numbers and (within is None or one in within)),
    ]


def _reasoned(answerer: Answerer, query: Query, understood: Understood, answer: Answer) -> Answer:
    """Return `answer` limited to quotes near the earlier citations: a reason elsewhere is for something else."""
    near = [c for c in answer.citations if any(_is_near(c, cited) for cited in understood.cited)]
    if len(near) == len(answer.citations):
        return answer
    found = Surroundings(answerer).sentences(near or understood.cited[:CITED_AGAIN])
    status = Status.ANSWERED if near else Status.MENTIONED
    return answerer.shown(query, status if found else Status.NOT_FOUND, found)


def _is_near(one: Citation, other: Citation) -> bool:
    apart = max(one.start, other.start) - min(one.end, other.end)
    return one.document_id == other.document_id and one.paragraph == other.paragraph and apart <= REASON_CHARACTERS


def _pointed(answerer: Answerer, understood: Understood, within: Within) -> Answer:
    """Show an item of the last answer with the section it opens, or answer about a point of its document alone."""
    if not understood.cited:
        known = list(answerer.retriever.index.records.numbers(understood.documents))
        return answerer.answer(understood.parsed, known or within)
    found = Surroundings(answerer).opened(understood.cited[0])
    return answerer.shown(understood.parsed, Status.ANSWERED, found, f"（第 {understood.number} 条）")


def _more(answerer: Answerer, understood: Understood, within: Within) -> Answer:
    if not understood.cited:
        return _said(UNANSWERED)
    asked = understood.parsed
    if asked.ordinal or asked.article:
        rest = Surroundings(answerer).rest(understood.cited)
        return answerer.shown(asked, Status.ANSWERED, rest) if rest else _said(NO_MORE)
    if asked.kind is Kind.OUTLINE:
        return _said(LISTED)
    answer = answerer.answer(asked, within, understood.cited)
    return answer if answer.status is Status.ANSWERED else _said(NO_MORE)


def _expanded(answerer: Answerer, understood: Understood) -> Answer:
    if not understood.cited:
        return _said(UNANSWERED)
    found = Surroundings(answerer).around(understood.cited)
    if not found:
        return _said(NOTHING_AROUND)
    return answerer.shown(understood.parsed, understood.status, found, "（前后文）")


def _sources(understood: Understood) -> Answer:
    """Cite again what was cited, each quote under its place."""
    if not understood.cited:
        return _said(NOTHING_CITED)
    blocks = [block(BlockKind.HEADING, "出处")]
    for c in understood.cited:
        title = marked(c.document, c.validity, c.replaced_by)
        place = f"{title}{f'{c.section} ' if c.section else ''}第{c.paragraph}段"
        said = block(BlockKind.STATEMENT, c.quote, c.marker, number=c.marker)
        blocks += [block(BlockKind.PLACE, place), said]
    return Answer("", understood.status, tuple(blocks), understood.cited, (), 0.0)
