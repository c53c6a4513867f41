"""True or false: a statement of the source word for word, or with one thing in it changed.

What is changed: a number, a date, a counted formulation or its count, who must do it, two things that change places,
or a word for its opposite (应当 and 可以, 书面 and 口头). The note of the key says what the source has.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.language.numerals import counting, number_of
from assistant.study.pack import RIGHT, WRONG, Difficulty, Item, ItemKind
from assistant.study.questions.kinds.cloze import asked_with, stem_around
from assistant.study.questions.material.answer_spans import ROLE, AnswerSpan, SpanKind
from assistant.study.questions.material.antonyms import contraries
from assistant.study.questions.material.distractors import Gap, is_wrong
from assistant.study.questions.material.figures import counts, figures
from assistant.study.questions.material.material import Material, item_of
from assistant.study.questions.material.number_distractors import (
    false_numbers,
    other_dates,
    other_numbers,
    possible,
)
from assistant.study.questions.material.series import crossed, series_of
from assistant.study.questions.material.statements import Statement, run_around
from assistant.study.questions.material.verbs import GENERAL_VERBS
from assistant.study.stem import Piece, Role

_ALL = re.compile("各|全体|所有|每|任何|一切")  # what holds for all holds for one of them: no lie
# What is urged of one formulation may be urged of another: 坚持“四个自信”, 做到“两个维护”.
_URGED = re.compile(
    f"(?:{'|'.join(sorted(GENERAL_VERBS))}|践行|做到|增强|牢记|坚定|捍卫|拥护|遵守|执行|用好|守住)[“「『]?$"
)
_TASK = re.compile(
    "(?:应当|要|须|可以|必须|有权)?[^，。；]{0,3}(?:负责|牵头|主管|统一|每[年季月半]|审[批核查定]|批准|编制|公布|受理|颁发|核发)"
)
_GOING_ON = re.compile("[”」』][^，。；：、“的和与]{4,}")
_NAMING = re.compile("(?:是|作为|称为|叫作?|列为|划为|定为)[^，。；“”]*[“「『]$")
_SWAPPED = frozenset({SpanKind.QUOTED, SpanKind.NAMED, SpanKind.ACTOR})
_COUNTERS = frozenset("个项条大种")
_COINED = {SpanKind.QUOTED, SpanKind.NAMED}
_EASY = {SpanKind.NUMBER, SpanKind.DATE}
_PAIRED = {SpanKind.QUOTED, SpanKind.HEAD}
_CHECKED = re.compile(
    "不得|严禁|应当|有权|可以|由[^，。；]{2,20}(?:负责|牵头|组织|决定|批准|承担)|"
    "(?<![就还于但可即都或])是(?![否不])[^，。；]{0,24}(?:的|" + ROLE + ")$|所称|是指|包括|分为|"
    "(?:目的|任务|目标|核心|关键|本质|根本|重点|前提|实质|宗旨)就?是(?![否不])|"
    r"\b(?:must|shall|may)\b"
)
_FRAGMENT = re.compile("从|把|在|以|通过|随着|对|向|让|使|着眼|不")
_TERM = re.compile("[“「][^“”「」，。]+[”」]")
_DATED = re.compile("[0-9]{1,2}月|(?:19|20)[0-9]{2}年|[0-9][:：][0-9]")
_NO_MATTER = re.compile(
    "电话|联系人|邮箱|地址|同志|会议(?:指出|听取|认为|由|传达|学习|通报)|(?:出席|参加|列席|主持|召开)(?:了)?[^，。；]{0,8}会|会上|发言|讲话|"
    "制定本|现将|通知如下|纪要如下|附件|解释$|[？?]"
)
_WHETHER = re.compile("是否|能否|可否|有没有|有无|会不会|能不能")
_CONTACT = re.compile("联系人|联系方式|电话|邮箱|传真|网址|咨询地址|[\\w.]+@")
POOL_LOOKED_AT = 60


@dataclass(frozen=True)
class Change:
    """Words asked with their clauses, and what they are changed into."""

    asked: Gap
    other: str
    level: Difficulty

    @property
    def said(self) -> str:
        """The words of the source."""
        return self.asked.before + self.asked.word.text + self.asked.behind

    @property
    def changed(self) -> str:
        """The words with the change."""
        return self.asked.before + self.other + self.asked.behind


def changes(material: Material) -> Iterator[Change]:
    """Yield what can be changed into something false, at a place of its own each."""
    for line in material.shuffled(list(material.statements), "lines"):
        yield from _turned(material, line)
        yield from _crossed(material, line)
    for word in material.shuffled(list(material.words), "words"):
        yield from _changes(material, word)


def judged(material: Material, word: AnswerSpan) -> Iterator[tuple[int, Item]]:
    """Yield the false statement that `word` can be changed into, and the true one beside it."""
    for change in _changes(material, word):
        yield from _both(material, change, 0)


def _changes(material: Material, word: AnswerSpan) -> Iterator[Change]:
    asked = asked_with(word) if word.kind in _SWAPPED | _EASY else None
    other = _other(material, asked) if asked and (word.kind not in _COINED or "counted" in word.shape) else None
    if asked and other:
        yield Change(asked, other, Difficulty.EASY if word.kind in _EASY else Difficulty.MEDIUM)
    if word.kind in _PAIRED:
        yield from _exchanged(material, word)


def plain(material: Material, statement: Statement) -> Iterator[tuple[int, Item]]:
    """Yield what a statement says as it stands there: true, where it says something that might be otherwise."""
    text = statement.text
    for run in dict.fromkeys(_runs(statement)):
        quote = text.quote(*run)
        if _sayable(text.text, run) and not _wondered(statement, run[0]):
            whole = Gap(AnswerSpan(statement, SpanKind.MEMBER, *run), *run)
            stem = stem_around(material, whole, [run], Piece(Role.JUDGED, quote.text))
            tested = ((text.record.id, *run),)
            item = item_of(ItemKind.JUDGE, Difficulty.EASY, stem, (RIGHT,), statement.quote, (), (quote,), tested)
            yield 3 if _worth(text.text, run) else 4, item


def _runs(statement: Statement) -> Iterator[tuple[int, int]]:
    """Yield the clauses of a statement that are judged together: from its beginning, else from a clause within."""
    for clause in (statement.clauses[len(statement.clauses) // 2], statement.clauses[-1]):
        run = run_around(statement, clause.start, clause.end, whole=True)
        inner = run_around(statement, clause.start, clause.end)
        if run:
            yield run
        elif inner and not _FRAGMENT.match(statement.text.text, inner[0]):
            yield inner


def _wondered(statement: Statement, start: int) -> bool:
    """Say whether what begins at `start` goes on from a question (是否…，…): it is not said to be so."""
    return bool(_WHETHER.search(statement.text.text, statement.start, start))


def _sayable(text: str, run: tuple[int, int]) -> bool:
    """Say whether a statement may be judged: it holds something to know or a term, and is not about the meeting."""
    words = text[slice(*run)]
    return not _NO_MATTER.search(words) and (_worth(text, run) or bool(_TERM.search(words)))


def _worth(text: str, run: tuple[int, int]) -> bool:
    """Say whether a statement holds a thing that one must know: a number, a duty or a task, what something is."""
    known = _CHECKED.search(text, *run) or _DATED.search(text, *run)
    return bool(known) or any(counts(text, run, one) for one in figures(text, *run))


def opposed(material: Material, statement: Statement) -> Iterator[tuple[int, Item]]:
    """Yield statements in which one word is changed into its opposite, and the true ones beside them."""
    for change in (*_turned(material, statement), *_crossed(material, statement)):
        yield from _both(material, change, 1)


def _crossed(material: Material, statement: Statement) -> Iterator[Change]:
    """Yield a series of one frame in which two members have changed their ends: 透过业务看本质、透过现象看政治."""
    for series in series_of(statement):
        words = series.texts
        made = next((w for w in crossed(words[:2]) if not material.said.says(w)), None) if series.whole else None
        run = run_around(statement, series.members[0][0], series.members[1][1]) if made else None
        if made and run:
            at = next(n for n, pair in enumerate(zip(made, words[0], strict=True)) if pair[0] != pair[1])
            between = statement.text.text[series.members[0][1] : series.members[1][0]]
            asked = Gap(AnswerSpan(statement, SpanKind.MEMBER, series.members[0][0], series.members[1][1]), *run)
            yield Change(asked, made + between + words[1][:at] + words[0][at:], Difficulty.HARD)


def _turned(material: Material, statement: Statement) -> Iterator[Change]:
    for start, end, other in contraries(statement):
        run = run_around(statement, start, end)
        if run is None:
            continue
        asked = Gap(AnswerSpan(statement, SpanKind.MEMBER, start, end), *run)
        rest = asked.before + asked.behind
        if asked.word.text in rest or other in rest:
            continue
        if not material.said.says(asked.before + other + asked.behind):
            yield Change(asked, other, Difficulty.HARD)
            return


def _other(material: Material, asked: Gap) -> str | None:
    """Return what the words are changed into, so that it is said nowhere; None where nothing will do."""
    word, line = asked.word, asked.word.statement
    rng = random.Random(f"{material.seed}|judge|{line.text.record.id}|{word.start}")
    if word.kind is SpanKind.NUMBER:
        made = possible(line.text.text, (line.start, line.end), word.start, other_numbers(word.text, rng))
        around = line.text.text[line.start : word.start], line.text.text[word.end : line.end]
        others = false_numbers(made, word.text, around)
    elif word.kind is SpanKind.DATE:
        alone = not any(w.kind is SpanKind.DATE for w in material.beside(word))
        others = other_dates(word.text, rng, asked.before, asked.behind) if alone else []
    elif word.kind is SpanKind.ACTOR:
        own = material.own_words(word)
        others = [one for one in material.pools[word.kind, word.shape] if one in own] if _alone(word) else []
    else:
        others = recounted(word.text) if _URGED.search(asked.before) else list(material.pools[word.kind, word.shape])
    rng.shuffle(others)
    return next((other for other in others[:POOL_LOOKED_AT] if is_wrong(material, asked, other)), None)


def recounted(words: str) -> list[str]:
    """Return a counted formulation with one or two more: 两个维护 as 三个维护."""
    value = round(number_of(words[0]))
    return [counting(value + more) + words[1:] for more in (1, 2)] if words[1:2] in _COUNTERS else []


def _alone(word: AnswerSpan) -> bool:
    """Say whether what a body does is its own task, and no duty that others have as well."""
    behind = word.statement.text.text[word.end : word.statement.end]
    return not _ALL.match(word.text) and (word.shape == "by" or bool(_TASK.match(behind)))


def _exchanged(material: Material, word: AnswerSpan) -> Iterator[Change]:
    """Yield the statement in which `word` and the next of its kind change places: 甲是丁，丙是乙."""
    following = (
        w for w in material.beside(word) if w.kind is word.kind and w.shape == word.shape and w.start > word.end
    )
    other = next(following, None)
    run = run_around(word.statement, word.start, other.end) if other else None
    if other is None or run is None:
        return
    text = word.statement.text.text
    between = text[word.end : other.start]
    if word.kind is SpanKind.QUOTED and not all(_bound(run, w) for w in (word, other)):
        return
    if len(between.strip("“”")) < 4 or material.said.same(word.text, other.text) or "和" in between:
        return
    both = Gap(AnswerSpan(word.statement, word.kind, word.start, other.end), *run)
    rest = both.before + between + both.behind
    turned = other.text + between + word.text
    if word.text not in rest and other.text not in rest and not material.said.says(both.before + turned + both.behind):
        yield Change(both, turned, Difficulty.HARD)


def _bound(run: tuple[int, int], word: AnswerSpan) -> bool:
    """Say whether a term is bound to what its clause says: 是发展的“压舱石”, 立足“当下改”解决; not 坚定“四个自信”."""
    text = word.statement.text.text
    return bool(_NAMING.search(text[run[0] : word.start]) or _GOING_ON.match(text, word.end, run[1]))


def _both(material: Material, change: Change, tier: int) -> Iterator[tuple[int, Item]]:
    asked = change.asked
    if _CONTACT.search(change.said):
        return
    word, statement = asked.word, asked.word.statement
    if _wondered(statement, asked.start):
        return
    text = statement.text
    quote = text.quote(word.start, word.end)
    tested = ((text.record.id, word.start, word.end),)
    note = f"原文是：{text.text[asked.start : asked.end]}。"
    for answer, words, told in ((WRONG, change.other, note), (RIGHT, word.text, "")):
        stem = stem_around(material, asked, [(word.start, word.end)], Piece(Role.JUDGED, words))
        kind, level = ItemKind.JUDGE, change.level
        yield tier, item_of(kind, level, stem, (answer,), statement.quote, (), (quote,), tested, told)
