"""The desk: opens the assistant in the background, reports its progress, and answers.

Opening is retried while it fails, so that the page comes up by itself once the cause is fixed.
"""

import asyncio
import logging
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.accounts.authentication import Logins
from assistant.accounts.visitor import LOCAL, Visitor
from assistant.answering.answer import Answer
from assistant.answering.conversation.kept import Conversations
from assistant.answering.conversation.state import Conversation, Understood
from assistant.answering.scope import EVERYTHING, Scope
from assistant.answering.service import Service
from assistant.base.errors import AssistantError, StoreError
from assistant.base.settings import Settings
from assistant.evaluation.feedback.history import open_history
from assistant.study.pack_store import Packs
from assistant.study.quiz.quiz_store import Quizzes
from assistant.web.last_answers import LastAnswers
from assistant.web.streaming import streamed

RETRY_SECONDS = 10.0
POLL_SECONDS = 0.1
STAGES = {"读取文件": "正在读取文件", "计算向量": "正在收录", "写入索引": "正在保存"}
OPENING = "正在打开索引 …"
UNEXPECTED = "程序出错，打不开索引：请运行 python -m assistant doctor 查看原因。"


class Stage(StrEnum):
    """The state of opening the assistant."""

    LOADING = "loading"
    READY = "ready"
    ERROR = "error"


@dataclass(frozen=True)
class Health:
    """The content of `/healthz` and of the status line under the page's name."""

    status: Stage
    documents: int
    passages: int
    message: str


@dataclass(frozen=True)
class Reply:
    """A reply to a text: `answer` as worded so far, complete if `whole`.

    `conversation` includes this turn; `explained` are glossary lines about the question; `is_worded`: a
    language model words the answer.
    """

    understood: Understood
    answer: Answer
    conversation: Conversation
    explained: tuple[str, ...] = ()
    whole: bool = True
    is_worded: bool = False


class Desk:
    """Holds the one `Service` of the page; `open_service` is called in the background."""

    def __init__(self, settings: Settings, open_service: Callable[[Settings], Service] = Service) -> None:
        self.settings = settings
        self.history = open_history(settings)
        self.logins = Logins(settings)
        self.audit = self.logins.audit
        self.conversations = Conversations(settings.conversations)
        self.packs = Packs(settings.study)
        self.quizzes = Quizzes(settings.quizzes)
        self.last_answers = LastAnswers()
        self._open_service = open_service
        self._service: Service | None = None
        self._stage, self._message = Stage.LOADING, OPENING
        self._closed = threading.Event()

    def start(self) -> None:
        """Open the service in a thread of its own, retrying until it succeeds."""
        threading.Thread(target=self._open_until_done, name="open-index", daemon=True).start()

    def close(self) -> None:
        """Stop trying to open."""
        self._closed.set()

    def forget(self, account: str) -> None:
        """Delete what is stored for an account: conversations, study packs, quizzes and their papers."""
        self.conversations.delete(account, None)
        self.packs.forget(account)
        self.quizzes.forget(account)

    def health(self, visitor: Visitor = LOCAL) -> Health:
        """Return the state of the desk, with one Chinese line for people; counts are of what `visitor` may read."""
        if self._service is None:
            return Health(self._stage, 0, 0, self._message)
        try:
            return _ready(self._service.for_visitor(visitor))
        except AssistantError as error:
            return Health(Stage.ERROR, 0, 0, str(error))

    @property
    def is_opening(self) -> bool:
        """Whether the service is still being opened."""
        return self._service is None and self._stage is Stage.LOADING

    def service(self) -> Service:
        """Return the service; raises `StoreError` with the progress of opening while there is none."""
        if self._service is None:
            mend = "" if self._stage is Stage.ERROR else "文件还没有准备好，请稍等片刻再发送一次。"
            raise StoreError(f"{self._message}{mend}")
        return self._service

    def service_for(self, visitor: Visitor) -> Service:
        """Return the service limited to what `visitor` may read; raises `StoreError` as `service` does."""
        return self.service().for_visitor(visitor)

    def scope_words(self, scope: Scope, visitor: Visitor) -> str:
        """Return the scope in a few words; a document's title is named only to visitors who may read it."""
        try:
            return scope.words(self.service_for(visitor).documents())
        except AssistantError:
            return scope.words(())

    async def opened(self, patience: float) -> None:
        """Wait up to `patience` seconds for a desk that is still opening."""
        while patience > 0 and self.is_opening:
            await asyncio.sleep(POLL_SECONDS)
            patience -= POLL_SECONDS

    def reply(self, understood: Understood, conversation: Conversation, scope: Scope, visitor: Visitor) -> Reply:
        """Return the extractive answer to what was `understood` after `conversation`; raises `AssistantError`."""
        return _reply(self.service_for(visitor), understood, conversation, scope)

    async def converse(
        self,
        understood: Understood,
        conversation: Conversation,
        patience: float = 0.0,
        scope: Scope = EVERYTHING,
        visitor: Visitor = LOCAL,
    ) -> AsyncGenerator[Reply, None]:
        """Yield the answer to what was `understood` after `conversation`; the last one yielded is whole.

        Only documents in `scope` are used. If a language model words the answer, the extractive answer comes
        first, then the worded one as it grows, repeated while nothing new is written. Waits up to `patience`
        seconds for a desk that is still opening.
        """
        await self.opened(patience)
        service = self.service_for(visitor)
        reply = await asyncio.to_thread(_reply, service, understood, conversation, scope)
        yield reply
        if reply.whole:
            return
        found = reply.answer
        async with aclosing(streamed(lambda left: service.worded(found, left))) as answers:
            async for answer in answers:
                reply = replace(reply, answer=answer) if answer else reply
                if answer is None or answer.generator:  # else the model failed: the end follows at once
                    yield reply
        yield replace(reply, conversation=reply.conversation.with_answer(reply.answer), whole=True)

    def _open_until_done(self) -> None:
        while not self._open():
            if self._closed.wait(RETRY_SECONDS):
                return

    def _open(self) -> bool:
        """Open the service; return whether that worked."""
        try:
            service = self._open_service(self.settings)
            service.ensure(self._report)
            service.documents()
        except AssistantError as error:
            self._stage, self._message = Stage.ERROR, str(error)
            return False
        except Exception:  # a thread that dies silently would leave the page loading for ever
            logging.getLogger(__name__).exception("the index could not be opened")
            self._stage, self._message = Stage.ERROR, UNEXPECTED
            return False
        self._service, self._stage = service, Stage.READY
        return True

    def _report(self, stage: str, done: int, total: int) -> None:
        count = f" {done}/{total}" if total > 1 and stage == "读取文件" else ""
        self._stage, self._message = Stage.LOADING, f"{STAGES.get(stage, stage)}{count} …"


def _reply(service: Service, understood: Understood, conversation: Conversation, scope: Scope) -> Reply:
    """Return the extractive answer; only questions are then worded by a language model and explained."""
    turn, gone_on = service.take_turn(understood, conversation, scope)
    understood, answer = turn.understood, turn.answer
    if not understood.is_question:
        return Reply(understood, answer, gone_on)
    before = [turn.question for turn in conversation.turns]
    explained = tuple(service.glossary.explained(understood.question, before))
    is_worded = service.is_worded(answer)
    return Reply(understood, answer, gone_on, explained, not is_worded, is_worded)


def _ready(service: Service) -> Health:
    manifest = service.index.manifest
    documents, passages = manifest.counts["document"], manifest.counts["passage"]
    if not documents:
        return Health(Stage.READY, 0, 0, f"还没有可以查询的文件：请把文件放进 {service.settings.corpus}，再重新启动。")
    unread = f"（另有 {len(manifest.problems)} 份读不出，可运行 doctor 查看）" if manifest.problems else ""
    return Health(Stage.READY, documents, passages, f"可以提问：{documents} 份文件{unread}")
