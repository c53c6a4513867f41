"""Conversation state, and what a text means in it: a fresh question or a follow-up.

Nothing here looks into the index. A text with words of its own is fresh, and so is one in doubt: the old topic
is never put into it. `turn.py` carries out what was understood.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering.answer import Answer, Citation, Status
from assistant.answering.conversation.follow_ups import Action, Pointing, command_of, is_courtesy, pointing_of, reset_of
from assistant.answering.conversation.query_rewriting import (
    completed,
    core,
    is_cut_short,
    label_of,
    opening,
    refers,
    subject,
    substituted,
)
from assistant.language.numerals import chinese, numeral
from assistant.language.question import Kind, Question, parse_question

TURNS_KEPT = 20
NO_QUESTION = Question("", Kind.FACT, (), "")
SHOWN_CHARACTERS = 20
WELCOME = "可以接着问，也可以说“换个问题”：请直接提问。"
BEGUN = "好的，从头开始，前面的对话不再参照：请直接提问。"
_ASIDE = {Action.EXPAND, Action.SOURCE, Action.LOST}
_ARTICLES = "条章节"
_POINTS = ("点", "部分", "方面")


@dataclass(frozen=True)
class Understood:
    """What the `text` that was typed was taken to mean: an action, and the full question, parsed once.

    - `documents`: ids to look in first.
    - `cited`: the citations that EXPAND, SOURCE and POINT act on, that MORE excludes and near which ASK looks
      for a reason; `status`: the status of their answer.
    - `number`: the number pointed at.
    - `about`: the topic of a follow-up question, and of the follow-up after it.
    - `message`: said instead of an answer.
    """

    action: Action
    parsed: Question = NO_QUESTION
    documents: tuple[str, ...] = ()
    cited: tuple[Citation, ...] = ()
    status: Status = Status.NOT_FOUND
    number: int | None = None
    about: str = ""
    message: str = ""
    text: str = ""

    @property
    def question(self) -> str:
        """The full question, "" where there is none to answer."""
        return self.parsed.text

    @property
    def is_question(self) -> bool:
        """Whether this asks the documents, not something about the conversation."""
        return self.action in (Action.FRESH, Action.ASK, Action.RESET) and not self.message

    @property
    def shown(self) -> str:
        """The full question where it differs from what was typed, else ""."""
        return "" if self.action in (Action.FRESH, Action.RESET, Action.LOST) else self.question


@dataclass(frozen=True)
class Turn:
    """A question as it was understood, and its answer."""

    understood: Understood
    answer: Answer

    @property
    def asked(self) -> str:
        """What was typed."""
        return self.understood.text

    @property
    def parsed(self) -> Question:
        """The full question that the turn is about, parsed."""
        return self.understood.parsed

    @property
    def question(self) -> str:
        """The full question that the turn is about."""
        return self.understood.question

    @property
    def item(self) -> tuple[Citation, ...]:
        """The one item of an earlier answer that the turn pointed at, or ()."""
        return self.understood.cited if self.understood.action is Action.POINT else ()

    @property
    def documents(self) -> tuple[str, ...]:
        """The ids of the documents that its answer cites."""
        return tuple(dict.fromkeys(c.document_id for c in self.answer.citations))

    @property
    def title(self) -> str:
        """The title of the document that its answer cites, "" where it cites several or none."""
        return self.answer.citations[0].document if len(self.documents) == 1 else ""


@dataclass(frozen=True)
class Conversation:
    """The turns since the last reset, at most the last `TURNS_KEPT`."""

    turns: tuple[Turn, ...] = ()

    def with_turn(self, turn: Turn) -> "Conversation":
        """Return the conversation with `turn` added, its answer without passages; a reset drops the earlier turns."""
        before = () if turn.understood.action is Action.RESET else self.turns
        kept = () if turn.understood.message == BEGUN else (replace(turn, answer=replace(turn.answer, passages=())),)
        return Conversation((*before, *kept)[-TURNS_KEPT:])

    def with_answer(self, answer: Answer) -> "Conversation":
        """Return the conversation with the final wording, `answer`, in place of its last turn's answer."""
        *before, last = self.turns
        return Conversation((*before, replace(last, answer=replace(answer, passages=()))))

    def about(self, question: str) -> Iterator[Turn]:
        """Yield the last turns, newest first, for as long as they are about `question`."""
        for turn in reversed(self.turns):
            if turn.question != question and turn.understood.action is not Action.LOST:
                return
            if turn.question == question:
                yield turn

    @property
    def documents(self) -> frozenset[str]:
        """The ids of all documents that its turns cite or refer back to."""
        cited = (c.document_id for t in self.turns for c in (*t.answer.citations, *t.understood.cited))
        return frozenset((*cited, *(one for t in self.turns for one in t.understood.documents)))

    @property
    def topic(self) -> Turn | None:
        """The turn that a follow-up refers to: the last that asked or pointed at something; None if there is none."""
        asking = (t for t in reversed(self.turns) if t.understood.action not in _ASIDE | {Action.MORE})
        return next((t for t in asking if core(t.question)), None)


def understand(text: str, conversation: Conversation) -> Understood:
    """Return what `text` means after `conversation`."""
    return replace(_meaning(text, conversation), text=text)


def _meaning(text: str, conversation: Conversation) -> Understood:
    behind = reset_of(text)
    if behind is not None:
        fresh = _meaning(behind, Conversation())
        return Understood(Action.RESET, message=BEGUN) if not core(behind) else replace(fresh, action=Action.RESET)
    words, topic = core(text), conversation.topic
    if is_courtesy(text):
        return _lost(WELCOME)
    if topic is None:
        return _beginning(text, words)
    if not words or words == core(topic.question):
        return _fresh(text)
    command = command_of(words, topic.question)
    if command:
        return _going_on(command, topic, conversation)
    pointing = pointing_of(words)
    found = _pointed(pointing, topic, conversation) if pointing else _cut_short(text, words, topic)
    return found or _fresh(words if text.strip().startswith("那") else text)


def _beginning(text: str, words: str) -> Understood:
    """Return what a text means with no turn before it."""
    pointing = pointing_of(words)
    if command_of(words, "") or (pointing and not pointing.whole) or is_cut_short(words):
        shown = words if len(words) <= SHOWN_CHARACTERS else f"{words[:SHOWN_CHARACTERS]}……"
        return _lost(f"还不知道“{shown}”问的是哪件事：请先说明要问的事，再接着问。")
    return _fresh(text)


def _fresh(question: str) -> Understood:
    return Understood(Action.FRESH, parse_question(question))


def _lost(message: str) -> Understood:
    return Understood(Action.LOST, message=message)


def _going_on(command: Action, topic: Turn, conversation: Conversation) -> Understood:
    about = list(conversation.about(topic.question))
    citing = [turn.answer for turn in about if turn.answer.citations]
    if not citing:
        return Understood(command, topic.parsed)
    if command is not Action.MORE:
        return Understood(command, topic.parsed, topic.documents, citing[0].citations, citing[0].status)
    cited = tuple(c for answer in reversed(citing) for c in answer.citations)
    is_answered = any(answer.status is Status.ANSWERED for answer in citing)
    return Understood(command, topic.parsed, topic.documents, cited if is_answered else ())


def _cut_short(text: str, words: str, topic: Turn) -> Understood | None:
    """Return an elliptical question completed from `topic`, None for a question that stands alone."""
    question, asked = core(topic.question), topic.parsed
    several = _outlines(asked, topic) and asked.ordinal is None
    if several and is_cut_short(words) and not refers(words):
        count = len(_labelled(topic.answer.citations)) or len(topic.answer.citations)
        return _lost(f"上一个回答列了 {count} 点：请说明问的是第几点，比如“第二点怎么做”。")
    about = _about(asked, topic)
    full = completed(words, about, about if _is_numbered(asked, topic) else question, topic.title)
    if full and words.startswith(("他", "她")) and words.endswith("呢"):
        full = substituted(full + "呢", question, True) or full
    if full:
        return _asks(full, topic, about)
    if asked.kind is Kind.OUTLINE:
        return None
    other = substituted(words, question, text.strip().startswith("那"))
    return Understood(Action.ASK, parse_question(other)) if other and other != question else None


def _about(asked: Question, topic: Turn) -> str:
    """Return the topic of a turn in words: a numbered item's opening clause, a question's subject."""
    if topic.understood.about:
        return topic.understood.about
    if _is_numbered(asked, topic):
        return opening((topic.item or topic.answer.citations)[0].quote)
    return f"《{topic.title}》" if _outlines(asked, topic) and topic.title else subject(topic.question)


def _is_numbered(asked: Question, topic: Turn) -> bool:
    """Say whether the turn is about one numbered thing: an item, a point, an article."""
    return bool(topic.item or (topic.answer.citations and (asked.ordinal or asked.article)))


def _outlines(asked: Question, topic: Turn) -> bool:
    """Say whether the turn answered from a document's structure: its points, or one of them."""
    return asked.kind is Kind.OUTLINE and asked.article is None and topic.answer.status is Status.ANSWERED


def _pointed(pointing: Pointing, topic: Turn, conversation: Conversation) -> Understood | None:
    asked = topic.parsed
    has_articles = any(f" {c.section}".rsplit(" ", 1)[-1].startswith("第") for c in topic.answer.citations)
    if pointing.unit in _ARTICLES and (asked.article or (pointing.whole and has_articles)) and topic.title:
        return _article(pointing, asked, topic)
    if _outlines(asked, topic) and topic.title and not topic.item:
        return _outlined(pointing, asked, topic, conversation)
    return _item(pointing, topic, conversation)


def _article(pointing: Pointing, asked: Question, topic: Turn) -> Understood | None:
    """Return the question for an article of the document that was cited."""
    before = numeral(asked.article[1:-1]) if asked.article else None
    number = pointing.number if not pointing.step else (before or 0) + pointing.step
    if not number or number < 0 or (pointing.rest and not pointing.whole):
        return None
    tail = core(topic.question).split(asked.article, 1)[-1] if asked.article else "是什么"
    question = f"《{topic.title}》第{chinese(number)}{pointing.unit}{pointing.rest or tail or '是什么'}"
    return Understood(Action.POINT, parse_question(question), topic.documents, number=number)


def _outlined(pointing: Pointing, asked: Question, topic: Turn, conversation: Conversation) -> Understood:
    """Return the question for a point of the document whose points were listed or of which one was asked for."""
    listed = _listing(topic, conversation)
    before = numeral(asked.ordinal) if asked.ordinal else topic.understood.number
    number = _numbered(pointing, before, listed)
    if number is None or (listed and number not in listed):
        return _lost(f"上一个回答里没有这一点（列了 {len(listed)} 点）：请说明问的是第几点。")
    if pointing.rest and not pointing.whole and (number in listed or number == before):
        quote = listed[number] if number in listed else topic.answer.citations[0]
        return _asked_of(quote, pointing.rest, topic)
    question = f"《{topic.title}》第{chinese(number)}点讲了什么"
    return Understood(Action.POINT, parse_question(question), topic.documents, number=number)


def _listing(topic: Turn, conversation: Conversation) -> dict[int, Citation]:
    """Return the points, by number, from the last turn that listed those of the document of `topic`; {} if none did."""
    for turn in reversed(conversation.turns):
        if _outlines(turn.parsed, turn) and turn.parsed.ordinal is None and turn.documents == topic.documents:
            return _labelled(turn.answer.citations)
    return {}


def _item(pointing: Pointing, topic: Turn, conversation: Conversation) -> Understood | None:
    """Return the item of the last answer that is pointed at: by its own number, or by position if none is numbered."""
    about = [t for t in conversation.about(topic.question) if t.understood.action not in _ASIDE]
    lists = [t.answer for t in about if t.understood.action is not Action.POINT and t.answer.citations]
    labelled = _labelled([c for answer in reversed(lists) for c in answer.citations])
    listed = labelled or (_numbers(lists[0]) if lists else {})
    if pointing.whole and not labelled and pointing.unit.endswith(_POINTS):
        return None
    number = _numbered(pointing, next((t.understood.number for t in about if t.understood.number), None), listed)
    if number not in listed:
        return _lost("上一个回答里没有这一条：请说明问的是哪件事，或者第几条。")
    if pointing.rest and not pointing.whole:
        return _asked_of(listed[number], pointing.rest, topic)
    return Understood(Action.POINT, topic.parsed, topic.documents, (listed[number],), number=number)


def _numbered(pointing: Pointing, before: int | None, listed: dict[int, Citation]) -> int | None:
    """Return the number pointed at, None where it cannot be determined."""
    if pointing.step:
        return before + pointing.step if before else None
    return max(listed, default=None) if pointing.number == -1 else pointing.number


def _numbers(answer: Answer) -> dict[int, Citation]:
    """Return the first citation of each numbered statement of an answer; reworded ones may cite a quote twice."""
    cited = {c.marker: c for c in answer.citations}
    return {one.number: cited[one.markers[0]] for one in answer.blocks if one.number is not None}


def _labelled(citations: Sequence[Citation]) -> dict[int, Citation]:
    """Return the citations that begin with numbers (二、, （二）, 第二，) by these numbers, if they are of one list."""
    labelled = [(n, c) for c in citations if (n := label_of(c.quote)) is not None]
    return dict(labelled) if [n for n, _ in labelled] == list(range(1, len(labelled) + 1)) else {}


def _asked_of(citation: Citation, rest: str, topic: Turn) -> Understood:
    about = opening(citation.quote)
    return _asks(completed(rest, about, about) or about + rest, topic, about)


def _asks(question: str, topic: Turn, about: str) -> Understood:
    """Return a question about the turn's topic; a reason is looked for near what the turn cited."""
    asked = parse_question(question)
    why = asked.kind is Kind.WHY
    if why and not topic.answer.citations:
        return _lost("上一个问题没有找到原文，说不出原因：请换个问法，先问清楚这件事。")
    return Understood(Action.ASK, asked, topic.documents, topic.answer.citations if why else (), about=about)
