"""A quiz: the questions of a pack as trainees get them, in an order and under names that tell nothing.

A quiz keeps its own copy of the questions. What a trainee gets is a `Question`: stem and options without the
answer, its source or its note. Options stand in an order, and bear ids, that come from a secret of the quiz
(HMAC-SHA256): from neither can one see which is right, nor can one make up an id.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from assistant.base.errors import SettingsError
from assistant.base.text import drop_controls
from assistant.study.pack import LETTERS, RIGHT, WRONG, Item, ItemKind
from assistant.study.quiz.marking import MARKED
from assistant.study.stem_recovery import stem_of

ID_LENGTH = 16
WORD_LIMIT = 200
TEXT_LIMIT = 2_000
TITLE_LIMIT = 60
NAME_LIMIT = 40
TELLING = 2  # shorter words of an answer may stand in a title by chance
BAD_ANSWER = "看不懂这份答卷：请刷新页面后再试。"
NOTHING_TO_ASK = "这份材料里没有能上线的题（讨论题不上线）：请先添加别的题型。"
_LETTERED = (ItemKind.SINGLE, ItemKind.MULTIPLE, ItemKind.ORDER)

Answers = dict[int, tuple[str, ...]]


class Arrangement(StrEnum):
    """In which order questions (within their kind) and options stand."""

    SAME = "same"  # one paper for all, the questions in the trainer's order
    TWO = "two"  # versions A and B by turns
    EACH = "each"  # another one for each trainee


class Shown(StrEnum):
    """When trainees see the right answers."""

    HANDED = "handed"
    CLOSED = "closed"
    NEVER = "never"


@dataclass(frozen=True)
class QuizSettings:
    """How a quiz is taken: `minutes` 0 is no limit, `tries` 0 any number."""

    arrangement: Arrangement = Arrangement.EACH
    minutes: int = 0
    tries: int = 1
    shown: Shown = Shown.HANDED
    is_open: bool = True


@dataclass(frozen=True)
class Quiz:
    """A quiz as kept: `documents` are the ids of what it is made from, `secret` never leaves the server."""

    id: str
    owner: str
    title: str
    at: int
    settings: QuizSettings
    items: tuple[Item, ...]
    documents: tuple[str, ...]
    secret: str


@dataclass(frozen=True)
class Attempt:
    """One paper of one trainee.

    `id` is known to nobody else; `account` is "" where there are none; `number` counts the papers of the quiz.
    `items` are numbers of the quiz's questions: all of them, or in `practice` those that were wrong before.
    Times are UTC in seconds since 1970; `deadline` and `handed` are None for none. `marks` are points by hand.
    """

    id: str
    quiz: str
    account: str
    name: str
    number: int
    practice: bool
    started: int
    deadline: int | None
    handed: int | None
    items: tuple[int, ...]
    answers: Mapping[int, tuple[str, ...]]
    marks: Mapping[int, int]


@dataclass(frozen=True)
class Option:
    """An option as it is shown; `letter` is that of the item (RIGHT or WRONG of a statement)."""

    id: str
    letter: str
    text: str


@dataclass(frozen=True)
class Question:
    """A question as a trainee gets it; `number` is its place among the quiz's items."""

    id: str
    number: int
    item: Item
    options: tuple[Option, ...]


def asked_items(items: Sequence[Item]) -> tuple[Item, ...]:
    """Return those questions that a quiz can ask; raises `SettingsError` for none, and for one that is not whole."""
    found = tuple(item for item in items if item.kind in MARKED)
    if not found:
        raise SettingsError(NOTHING_TO_ASK)
    for number, item in enumerate(items, 1):
        if item.kind in MARKED and not _is_whole(item):
            raise SettingsError(f"第 {number} 题的空格、选项与答案对不上：请先改好或删去这道题，再发布。")
    return found


def title_of(said: str, items: Sequence[Item]) -> str:
    """Return a title on one line; raises `SettingsError` for none, one too long, and one that tells an answer."""
    title = " ".join(drop_controls(said).split())
    if not title or len(title) > TITLE_LIMIT:
        raise SettingsError(f"测验的名称应为 1 到 {TITLE_LIMIT} 个字：请改短一些。")
    words = [word for item in items if item.kind is ItemKind.FILL for word in item.answer]
    told = next((word for word in words if len(word) >= TELLING and word in title), None)
    if told:
        raise SettingsError(f"测验的名称里有一道填空题的答案“{told}”：请换一个名称。")
    return title


def name_of(said: str) -> str:
    """Return the name that a trainee without an account gives; raises `SettingsError`."""
    name = " ".join(drop_controls(said).split())
    if not name or len(name) > NAME_LIMIT:
        raise SettingsError(f"请填写姓名（1 到 {NAME_LIMIT} 个字）。")
    return name


def shows_answers(quiz: Quiz, attempt: Attempt) -> bool:
    """Say whether a trainee may see the right answers of a paper handed in."""
    shown = quiz.settings.shown
    if attempt.handed is None or shown is Shown.NEVER:
        return False
    return shown is Shown.HANDED or not quiz.settings.is_open


def shows_score(quiz: Quiz, attempt: Attempt) -> bool:
    """Say whether a trainee may see the points of a paper handed in.

    Where answers are kept back, points of one paper after another would tell them: one question answered at a time.
    """
    settings = quiz.settings
    return shows_answers(quiz, attempt) or settings.tries == 1 or not settings.is_open


def paper(quiz: Quiz, attempt: Attempt) -> tuple[Question, ...]:
    """Return the questions of an attempt as they are shown: the same ones in the same order each time."""
    variant = _variant(quiz, attempt)
    keeps_order = variant == LETTERS[0]

    def rank(*place: object) -> str:
        return _digest(quiz.secret, variant, *place)

    chosen = [(number, quiz.items[number]) for number in attempt.items]
    found = []
    for kind, group in groupby(sorted(chosen, key=lambda one: _place(quiz, one[1])), key=lambda one: one[1].kind):
        ordered = sorted(group, key=lambda one: "" if keeps_order else rank("item", one[0]))
        for number, item in ordered:
            letters = sorted(_letters(item), key=lambda letter: rank("option", number, letter))
            letters = letters if kind is not ItemKind.JUDGE else [RIGHT, WRONG]
            options = tuple(_option(quiz, attempt, number, letter) for letter in letters)
            found.append(Question(_name(quiz, attempt, number), number, item, options))
    return tuple(found)


def answers_of(said: Mapping[str, Sequence[str]], questions: Sequence[Question]) -> Answers:
    """Return the answers that a browser sends, by the numbers of the questions.

    {question id: [option ids, or the words for the blanks, or one text]}; raises `SettingsError` for forged ids,
    and for too many or too long words.
    """
    known = {question.id: question for question in questions}
    if not said.keys() <= known.keys():
        raise SettingsError(BAD_ANSWER)
    return {known[key].number: _given(value, known[key]) for key, value in said.items()}


def shown_answers(questions: Sequence[Question], answers: Mapping[int, Sequence[str]]) -> dict[str, list[str]]:
    """Return kept answers for the browser; options chosen stand in the order of the page, which tells nothing."""
    found = {}
    for question in questions:
        given = answers.get(question.number, ())
        ids = {option.letter: option.id for option in question.options}
        chosen = given if question.item.kind is ItemKind.ORDER else [letter for letter in ids if letter in given]
        found[question.id] = [ids[one] for one in chosen] if ids else list(given)
    return found


def _is_whole(item: Item) -> bool:
    if item.kind is ItemKind.FILL:
        return stem_of(item).gaps == len(item.answer) > 0
    if item.kind is ItemKind.JUDGE:
        return item.answer in ((RIGHT,), (WRONG,))
    if item.kind in _LETTERED:
        letters, right = set(_letters(item)), set(item.answer)
        fits = {ItemKind.SINGLE: len(right) == 1, ItemKind.ORDER: right == letters}
        is_whole = len(letters) == len(item.options) > 1 and len(right) == len(item.answer) > 0
        return is_whole and right <= letters and fits.get(item.kind, True)
    return bool(item.answer)


def _letters(item: Item) -> Sequence[str]:
    if item.kind is ItemKind.JUDGE:
        return (RIGHT, WRONG)
    return LETTERS[: len(item.options)] if item.kind in _LETTERED else ()


def _option(quiz: Quiz, attempt: Attempt, number: int, letter: str) -> Option:
    item = quiz.items[number]
    text = letter if item.kind is ItemKind.JUDGE else item.options[LETTERS.index(letter)]
    return Option(_name(quiz, attempt, number, letter), letter, text)


def _given(value: Sequence[str], question: Question) -> tuple[str, ...]:
    kind, item = question.item.kind, question.item
    if question.options:
        letters = {option.id: option.letter for option in question.options}
        one_only = kind in (ItemKind.SINGLE, ItemKind.JUDGE)
        if not set(value) <= letters.keys() or len(set(value)) < len(value) or (one_only and len(value) > 1):
            raise SettingsError(BAD_ANSWER)
        found = [letters[one] for one in value]
        return tuple(found if kind is ItemKind.ORDER else sorted(found))
    most, limit = (len(item.answer), WORD_LIMIT) if kind is ItemKind.FILL else (1, TEXT_LIMIT)
    if len(value) > most:
        raise SettingsError(BAD_ANSWER)
    if any(len(one) > limit for one in value):
        raise SettingsError(f"答案最多 {limit} 个字：请改短一些。")
    return tuple(drop_controls(one) for one in value)


def _variant(quiz: Quiz, attempt: Attempt) -> str:
    """Return what decides the order: a version's letter, or the attempt itself."""
    if attempt.practice or quiz.settings.arrangement is Arrangement.EACH:
        return attempt.id
    return LETTERS[(attempt.number - 1) % 2 if quiz.settings.arrangement is Arrangement.TWO else 0]


def _place(quiz: Quiz, item: Item) -> int:
    """Return where questions of this kind begin in a quiz."""
    return next(n for n, one in enumerate(quiz.items) if one.kind is item.kind)


def _name(quiz: Quiz, attempt: Attempt, *place: object) -> str:
    return _digest(quiz.secret, attempt.id, "id", *place)[:ID_LENGTH]


def _digest(secret: str, *words: object) -> str:
    return hmac.new(bytes.fromhex(secret), "\0".join(map(str, words)).encode(), hashlib.sha256).hexdigest()
