"""The assistant as one object: from settings to models, index and answerer, reopened when others build.

The command line and the page both ask through `Service`, which is safe to use from several threads. The page
asks through what `for_visitor` returns.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from assistant.accounts.visitor import Visitor, within
from assistant.answering.answer import Answer, Citation, Status
from assistant.answering.answerer import Answerer
from assistant.answering.conversation.state import Conversation, Turn, Understood, understand
from assistant.answering.conversation.turn import take_turn
from assistant.answering.generation.writer import Writer
from assistant.answering.scope import EVERYTHING, Scope
from assistant.answering.sentences.question_terms import Words
from assistant.base.errors import MissingError, SettingsError, StoreError
from assistant.base.settings import Settings
from assistant.index.builder import BuildResult, Report, build, is_stale
from assistant.index.folder import MANIFEST_NAME, Index, open_index
from assistant.index.records import DocumentRecord, DocumentView
from assistant.index.retriever import Retriever
from assistant.language.everyday import load_everyday
from assistant.language.glossary import GLOSSARY_NAME, Glossary, load_glossary
from assistant.language.question import QUESTION_LIMIT, parse_question
from assistant.models.encoder import Encoder, StaticEncoder, load_encoder
from assistant.models.generator import load_generator
from assistant.models.reranker import Reranker, load_reranker
from assistant.models.term_statistics import MODEL, load_background


class Service:
    """Answers questions over the corpus of `settings`."""

    def __init__(self, settings: Settings) -> None:
        """Load the models that the settings name, so that a wrong one is reported at once."""
        self.settings = settings
        options = settings.model_options
        self.encoder: Encoder = load_encoder(settings.encoder, options)
        self.reranker = load_reranker(settings.reranker, settings.reranker_candidates, options)
        pieces = self.encoder if isinstance(self.encoder, StaticEncoder) else StaticEncoder(MODEL)
        self.words = Words(pieces, load_background(), load_everyday())
        generator = load_generator(settings.generator, settings.generator_options)
        self._writer = Writer(generator, settings.generator_timeout) if generator else None
        # Not methods of this object: in a circle, it and its models would stay long after their last use.
        over = partial(_over, settings, self.encoder, self.words, self.reranker)
        self._answerers = Answerers(settings, partial(open_index, settings.index, self.encoder), over)
        self._limits = UNLIMITED
        self.notice = ""

    def for_visitor(self, visitor: Visitor) -> "Service":
        """Return this assistant limited to the documents that `visitor` may read, as if there were no others.

        Questions, reading, counts and titles are all limited so. The glossary is shared by everybody.
        """
        if visitor.folders is None or "" in visitor.folders:
            return self
        view = copy(self)
        view._limits = self._limits | {tuple(sorted(set(visitor.folders)))}
        return view

    def refresh(self, report: Report | None = None, full: bool = False) -> BuildResult:
        """Bring the index up to date with the corpus."""
        s = self.settings
        return build(s.corpus, s.index, self.encoder, int(s.max_file_mb * 1_000_000), report, full)

    def ensure(self, report: Report | None = None) -> BuildResult | None:
        """Build or update the index if the corpus has changed; raises `StoreError` for a damaged one.

        Where it cannot be updated now (another process is writing, the disk is full) and the index
        that stands can answer, `notice` says so and nothing is raised.
        """
        self.notice = ""
        if not is_stale(self.settings.corpus, self.settings.index, self.encoder):
            return None
        try:
            return self.refresh(report)
        except StoreError as error:
            try:
                self.documents()
            except StoreError:
                raise error from None
            self.notice = f"索引没有更新，先按原有索引回答（{error}）"
            return None

    def ask(self, question: str, documents: Sequence[str] | None = None) -> Answer:
        """Answer `question`, from these document ids alone if given; raises `SettingsError` for one too long."""
        _check_length(question)
        *_, answer = self.worded(self.answerer.answer(parse_question(question), documents))
        return answer

    def worded(self, answer: Answer, unheard: threading.Event | None = None) -> Iterator[Answer]:
        """Yield `answer` as a language model words it, growing by whole checked sentences; the last is complete.

        Without a language model, or where nothing was answered, only `answer` itself is yielded. Setting
        `unheard` (from any thread) stops the model; nothing more is yielded.
        """
        if self._writer is None or not self.is_worded(answer):
            yield answer
        else:
            yield from self._writer.stream(answer, unheard)

    def is_worded(self, answer: Answer) -> bool:
        """Say whether a language model words `answer`: where one is set and something is answered."""
        return self._writer is not None and answer.status is Status.ANSWERED

    def converse(self, text: str, conversation: Conversation, scope: Scope = EVERYTHING) -> tuple[Answer, Conversation]:
        """Interpret `text` after `conversation` and answer it; return the answer and the conversation with this turn.

        Raises as `take_turn` does.
        """
        _check_length(text)
        turn, gone_on = self.take_turn(understand(text, conversation), conversation, scope)
        return turn.answer, gone_on

    def take_turn(
        self, understood: Understood, conversation: Conversation, scope: Scope = EVERYTHING
    ) -> tuple[Turn, Conversation]:
        """Answer what was `understood` after `conversation`; return the turn and the conversation with it added.

        Only documents in `scope` are used; raises `SettingsError` where none is in it, and for a text that is
        too long. If the conversation cites documents that may no longer be read, it is dropped and the text is
        interpreted without it.
        """
        _check_length(understood.text)
        kept = self.remembered(conversation)
        if kept is not conversation:
            understood = understand(understood.text, kept)
        turn = take_turn(self.answerer, understood, scope.ids(self.documents()))
        return turn, kept.with_turn(turn)

    def remembered(self, conversation: Conversation) -> Conversation:
        """Return `conversation`, or an empty one if it cites documents that may no longer be read."""
        if not self._limits:
            return conversation
        documents = conversation.documents
        return conversation if documents <= self.index.records.numbers(documents).keys() else Conversation()

    @property
    def index(self) -> Index:
        """The index, as opened most recently."""
        return self.answerer.retriever.index

    @property
    def glossary(self) -> Glossary:
        """The glossary as it stands on disk; raises `SettingsError` for one that cannot be understood."""
        return self.answerer.retriever.glossary

    def documents(self) -> tuple[DocumentRecord, ...]:
        """Return the documents that can be cited, by path."""
        return self.index.records.documents()

    def document(self, identity: str) -> DocumentView:
        """Return the document with this id; raises `SettingsError` where there is none."""
        records = self.index.records
        number = records.numbers([identity]).get(identity)
        if number is None:
            raise MissingError(f"索引里没有编号为 {identity} 的文件：请用 doctor 查看现有文件的编号。")
        pieces = (records.sections(number), tuple(records.paragraphs(number)), tuple(records.sentences(number)))
        return DocumentView(records.document(number), records.text(number), *pieces)

    def says(self, citation: Citation) -> bool:
        """Say whether the document of a citation is still there and still holds its quote."""
        records = self.index.records
        return any(citation.quote in records.text(n) for n in records.numbers([citation.document_id]).values())

    @property
    def answerer(self) -> Answerer:
        """The answerer over the newest index; opened again when index or glossary changed on disk."""
        return self._answerers.of(self._limits)


def _over(
    settings: Settings, encoder: Encoder, words: Words, reranker: Reranker | None, index: Index, glossary: Glossary
) -> Answerer:
    retriever = Retriever(index, encoder, glossary, settings.dense_weight, reranker)
    return Answerer(retriever, words, settings.answer_threshold)


def _check_length(question: str) -> None:
    if len(question) > QUESTION_LIMIT:
        raise SettingsError(f"问题太长（{len(question)} 字）：请缩短到 {QUESTION_LIMIT} 字以内，或分成几个问题。")


LIMITED_KEPT = 16
Limits = frozenset[tuple[str, ...]]  # a document is seen where each of these lists of folders allows it
Over = Callable[[Index, Glossary], Answerer]
UNLIMITED: Limits = frozenset()


@dataclass
class _Opened:
    """What was opened for one state of the disk, `stamp`; limited answerers in the order in which they were made."""

    stamp: object
    whole: Answerer
    limited: dict[Limits, Answerer] = field(default_factory=dict)
    limiting: threading.Lock = field(default_factory=threading.Lock)


class Answerers:
    """Opens answerers and reopens them when index or glossary change on disk; safe to use from several threads.

    `open_index` opens the current index, `over` makes an answerer over an index. The `LIMITED_KEPT` limited
    answerers made last are cached: making one takes 0.1 to 0.4 s.
    """

    def __init__(self, settings: Settings, open_index: Callable[[], Index], over: Over) -> None:
        self._corpus, self._index = settings.corpus, settings.index
        self._open_index, self._over = open_index, over
        self._opening = threading.Lock()
        self._opened: _Opened | None = None

    def of(self, limits: Limits = UNLIMITED) -> Answerer:
        """Return the answerer over the documents that `limits` allow."""
        opened = self._newest()
        return _limited(opened, limits, self._over) if limits else opened.whole

    def _newest(self) -> _Opened:
        """Return what is opened of the disk's current state; while one thread reopens, others get the previous one."""
        stamp = (_stamp(self._index / MANIFEST_NAME), _stamp(self._corpus / GLOSSARY_NAME))
        opened = self._opened
        if opened is not None and (opened.stamp == stamp or self._opening.locked()):
            return opened
        with self._opening:
            if self._opened is None or self._opened.stamp != stamp:
                self._opened = _Opened(stamp, self._over(self._open_index(), load_glossary(self._corpus)))
            return self._opened


def _limited(opened: _Opened, limits: Limits, over: Over) -> Answerer:
    found = opened.limited.get(limits)
    if found is not None:
        return found
    with opened.limiting:
        if limits not in opened.limited:
            whole = opened.whole.retriever
            index = whole.index.limited(lambda path: all(within(path, folders) for folders in limits))
            made = over(index, whole.glossary)
            kept = list(opened.limited.items())[1 - LIMITED_KEPT :]
            opened.limited = dict([*kept, (limits, made)])
        return opened.limited[limits]


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
