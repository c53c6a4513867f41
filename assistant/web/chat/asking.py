"""The actions of the chat page, without Gradio: ask, ask again, stop, reopen.

Reopening a conversation asks its questions again: the answers are from today's documents, for the visitor who
opens it.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from assistant.accounts.visitor import Visitor
from assistant.answering.answer import Answer, Status
from assistant.answering.conversation.kept import Asked, new_identity
from assistant.answering.conversation.state import Conversation, Understood, understand
from assistant.answering.scope import EVERYTHING, Scope
from assistant.base.errors import AssistantError
from assistant.base.settings import Use
from assistant.evaluation.feedback.history import Source
from assistant.language.question import check_question
from assistant.web.chat import html as chat_html
from assistant.web.chat.requests import How, parse_how
from assistant.web.chat.talk import Exchange, Message, Messages, Talk
from assistant.web.desk import Desk, Reply
from assistant.web.last_answers import Last
from assistant.web.security.login_gate import HERE, Caller, take, take_again

PATIENCE_SECONDS = 15.0
SHOWN_AT_ONCE = 8  # questions asked again before the chat is drawn anew
ELSEWHERE = "只在所选的范围里查找过，其他文件没有查：要查全部文件，请改范围后点“重新查找”。"
STOPPED = "已停止：这个问题没有重新查找，可以点“重新查找”。"


class Step(NamedTuple):
    """One update of the page: messages, the talk to keep, the input box (None: unchanged), the JSON for our scripts."""

    messages: Messages
    talk: Talk
    box: str | None
    told: str


Steps = AsyncGenerator[Step, None]


class Page:
    """The actions of the chat page."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def ask(self, question: object, talk: Talk | None, how: object = "", caller: Caller = HERE) -> Steps:
        """Yield the steps for a typed question: asked, then answered, as the answer is worded."""
        text, problem = check_question(question)
        try:
            said = parse_how(how)
            before = (talk or Talk()).before(said.at)
            if not problem:
                self._count(caller)
        except AssistantError as error:
            yield _refused(talk or Talk(), str(error), text)
            return
        if problem:
            yield _refused(talk or Talk(), problem, text)
            return
        async with aclosing(self._asked(Asked(text, said.scope), before, caller.visitor, "")) as steps:
            async for step in steps:
                yield step

    async def act(self, how: object, talk: Talk | None, caller: Caller = HERE) -> Steps:
        """Yield the steps for a request of our scripts: a suggested question, one asked again, a kept conversation."""
        talk = talk or Talk()
        try:
            said = parse_how(how)
            if said.do == "open":
                take_again(self.desk.logins, caller, len(said.asked))
            else:
                self._count(caller)
            visitor = caller.visitor
            steps = self._opened(said, visitor) if said.do == "open" else self._again(said, talk, visitor)
            async with aclosing(steps):
                async for step in steps:
                    yield step
        except AssistantError as error:
            yield _refused(talk, str(error), None)

    async def stop(self, talk: Talk | None, caller: Caller = HERE) -> Step:
        """Return the talk without waiting further.

        An answer being worded falls back to the extractive one; questions still to be asked again are dropped.
        """
        talk, visitor = talk or Talk(), caller.visitor
        waiting = talk.waiting
        for at in waiting if len(waiting) > 1 else []:
            talk = talk.with_answer(at, answer=chat_html.notice_html(STOPPED))
        if len(waiting) == 1:
            talk = await asyncio.to_thread(self._found, talk, waiting[0], visitor)
            await self._keep(talk, visitor)
        return self._answered(talk, visitor) if waiting else Step(talk.messages, talk, None, talk.told(False))

    def _count(self, caller: Caller) -> None:
        """Count a question; raises `LimitError` where the rate limit is exceeded."""
        take(self.desk.logins, caller, Use.QUESTION)

    async def _asked(self, asked: Asked, before: Talk, visitor: Visitor, box: str | None) -> Steps:
        """Yield the steps of a question that passed the checks."""
        conversation = before.conversation
        understood = understand(asked.text, conversation)
        talk = replace(before, identity=before.identity or new_identity()).with_exchange(
            Exchange(asked, self._question_html(asked, understood, visitor), after=conversation, understood=understood)
        )
        at = len(talk.exchanges) - 1
        waiting = [_said(chat_html.WAITING_HTML)] if self.desk.is_opening else []
        yield Step([*talk.messages, *waiting], talk, box, talk.told(True))
        try:
            replies = self.desk.converse(understood, conversation, PATIENCE_SECONDS, asked.scope, visitor)
            async with aclosing(replies):
                async for reply in replies:
                    if not reply.whole:
                        shown = [*talk.messages, _said(chat_html.growing_html(reply.answer))]
                        yield Step(shown, talk, None, talk.told(True))
                        continue
                    known = {"after": reply.conversation, "found": reply.answer}
                    talk = talk.with_answer(at, answer=self._said_in_the_end(reply, asked.scope), **known)
        except AssistantError as error:
            talk = talk.with_answer(at, answer=chat_html.notice_html(str(error)))
        await self._keep(talk, visitor)
        yield self._answered(talk, visitor)

    def _answered(self, talk: Talk, visitor: Visitor) -> Step:
        """Return the step with the complete last answer, and remember it for suggestions."""
        last = talk.exchanges[-1]
        if last.found:
            texts = tuple(one.text for one in talk.asked)
            known = Last(talk.serial, visitor.name, last.found, talk.conversation, texts, last.asked.scope)
            self.desk.last_answers.remember(talk.identity, known)
        return Step(talk.messages, talk, None, talk.told(False))

    async def _again(self, said: How, talk: Talk, visitor: Visitor) -> Steps:
        """Yield the steps of a question from our scripts, or of question `at` once more; the input box is kept."""
        before = talk.before(said.at)
        text = talk.exchanges[said.at].asked.text if said.do == "again" and said.at is not None else said.text
        text, problem = check_question(text)
        if problem:
            yield _refused(talk, problem, None)
            return
        async with aclosing(self._asked(Asked(text, said.scope), before, visitor, None)) as steps:
            async for step in steps:
                yield step

    async def _opened(self, said: How, visitor: Visitor) -> Steps:
        """Yield the steps of asking all questions of a kept conversation again."""
        talk = Talk(identity=said.identity, opening=chat_html.reopened_html())
        for asked in said.asked:
            talk = talk.with_exchange(Exchange(asked, self._question_html(asked, None, visitor)))
        await self.desk.opened(PATIENCE_SECONDS)
        for at in range(len(talk.exchanges)):
            if at % SHOWN_AT_ONCE == 0:
                yield Step(talk.messages, talk, None, talk.told(True))
            talk = await asyncio.to_thread(self._found, talk, at, visitor)
        yield self._answered(talk, visitor)

    def _found(self, talk: Talk, at: int, visitor: Visitor) -> Talk:
        """Give the question at index `at` its extractive answer; it is not recorded in the history again."""
        exchange = talk.exchanges[at]
        before = talk.exchanges[at - 1].after if at else Conversation()
        understood = exchange.understood or understand(exchange.asked.text, before)
        try:
            reply = self.desk.reply(understood, before, exchange.asked.scope, visitor)
        except AssistantError as error:
            return talk.with_answer(at, answer=chat_html.notice_html(str(error)), after=before)
        known = {"after": reply.conversation, "found": reply.answer}
        question = self._question_html(exchange.asked, understood, visitor)
        return talk.with_answer(at, question=question, answer=_reply_html(reply, exchange.asked.scope), **known)

    def _question_html(self, asked: Asked, understood: Understood | None, visitor: Visitor) -> str:
        scope = "" if asked.scope == EVERYTHING else self.desk.scope_words(asked.scope, visitor)
        return chat_html.question_html(asked.text, understood, scope)

    async def _keep(self, talk: Talk, visitor: Visitor) -> None:
        """Keep the questions under the visitor's account; if that fails the answer is still shown."""
        if not visitor.name:
            return
        keep = partial(self.desk.conversations.keep, visitor.name, talk.identity, talk.asked)
        try:
            await asyncio.to_thread(keep)
        except AssistantError as error:
            logging.getLogger(__name__).warning("注意：对话没有保存下来（%s）", error)

    def _said_in_the_end(self, reply: Reply, scope: Scope) -> str:
        """Return the HTML of a complete reply, and record question and answer in the history."""
        is_question = reply.understood.is_question
        record = self.desk.history.record(asked_alone(reply.answer), Source.PAGE) if is_question else ""
        return _reply_html(reply, scope, record)


def asked_alone(answer: Answer) -> Answer:
    """Return an answer whose question is the full one, which can be understood without the conversation."""
    return replace(answer, question=answer.understood or answer.question)


def _reply_html(reply: Reply, scope: Scope, record: str = "") -> str:
    """Return the HTML of a reply; if a scope found nothing, it says that other documents may have it."""
    limited = scope != EVERYTHING and reply.answer.status is not Status.ANSWERED
    notes = [*reply.explained, *([ELSEWHERE] if limited else [])]
    topics = reply.understood.parsed.topics
    if not reply.understood.is_question:
        return chat_html.message_html(reply.answer, topics)
    return chat_html.answer_html(reply.answer, record, notes, reply.is_worded, topics)


def _refused(talk: Talk, problem: str, box: str | None) -> Step:
    """Return the step for a question that was not asked: the unchanged talk, and a line that says why."""
    return Step([*talk.messages, _said(chat_html.notice_html(problem))], talk, box, talk.told(False))


def _said(html: str) -> Message:
    return {"role": "assistant", "content": html}
